// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/transitions.h"

#include <errno.h>
#include <microhttpd.h>
#include <strings.h>

#include "api/validate.h"
#include "control/transitions.h"
#include "pixel/ease.h"

int transitions_find(const char *name, struct problem *problem)
{
	char list[PROBLEM_TEXT_MAX];
	int i;

	for (i = 0; transitions_names[i]; i++)
		if (!strcasecmp(transitions_names[i], name))
			return i;
	validate_list(list, validate_table_name, transitions_names);
	problem_set(problem, MHD_HTTP_NOT_FOUND, "there is no transition \"%s\"", name);
	problem_add_text(problem, "path", "cause", name, "%s", list);
	return -ENOENT;
}

static void write_transition(const struct view *view, size_t cause, const char *key,
			     struct writer *writer)
{
	const struct engine_transition *transition = &view->state->transitions.of[cause];

	writer_object(writer, key);
	writer_int(writer, "ms", transition->duration_ms);
	writer_string(writer, "kind", engine_kind_names[transition->kind]);
	writer_string(writer, "easing", ease_names[transition->curve]);
	writer_object_end(writer);
}

void transitions_get(const struct route_get *get, struct writer *writer)
{
	write_transition(get->view, get->item, NULL, writer);
}

void transitions_write(const struct view *view, const char *key, struct writer *writer)
{
	size_t i;

	writer_object(writer, key);
	for (i = 0; i < TRANSITION_CAUSES; i++)
		write_transition(view, i, transitions_names[i], writer);
	writer_object_end(writer);
}

void transitions_get_all(const struct route_get *get, struct writer *writer)
{
	transitions_write(get->view, NULL, writer);
}

bool transitions_parse(const struct view *view, const json_t *value, const char *field,
		       struct command *command, struct problem *problem)
{
	static const char *const known[] = { "ms", "kind", "easing", NULL };
	struct engine_transition *transition = &command->transition.transition;
	const json_t *ms = json_object_get(value, "ms");
	const json_t *kind = json_object_get(value, "kind");
	const json_t *easing = json_object_get(value, "easing");
	int64_t number;
	size_t index;

	(void)view;
	(void)field;
	if (!value || !json_object_size(value))
		return problem_add(problem, "body", "", value,
				   "an object with any of \"ms\", \"kind\" and \"easing\"");
	if (!validate_object(value, "", known, problem))
		return false;
	if (ms) {
		if (!validate_int(ms, "/ms", 0, transitions_max_ms(command->transition.cause),
				  &number, problem))
			return false;
		transition->duration_ms = (uint32_t)number;
		command->transition.mask |= COMMAND_TRANSITION_MS;
	}
	if (kind) {
		if (!validate_name(kind, "/kind", validate_table_name, engine_kind_names, &index,
				   problem))
			return false;
		transition->kind = (enum engine_kind)index;
		command->transition.mask |= COMMAND_TRANSITION_KIND;
	}
	if (easing) {
		if (!validate_name(easing, "/easing", validate_table_name, ease_names, &index,
				   problem))
			return false;
		transition->curve = (enum ease_curve)index;
		command->transition.mask |= COMMAND_TRANSITION_EASING;
	}
	return true;
}
