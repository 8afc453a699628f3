// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/inputs.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/validate.h"
#include "api/zones.h"
#include "base/cleanup.h"
#include "control/desk.h"

void inputs_write(const struct view *view, bool figures, struct writer *writer)
{
	const struct desk_figures *counts = view->desk_figures;
	const struct desk_snapshot *desk = view->desk;
	uint32_t i;

	writer_array(writer, "inputs");
	for (i = 0; desk && i < desk->input_count; i++) {
		const struct input_status *input = &desk->input[i];

		writer_object(writer, NULL);
		writer_string(writer, "name", input->name);
		writer_string(writer, "type", input->type);
		writer_bool(writer, "present", input->present);
		if (input->error)
			writer_string(writer, "error", strerrorname_np(-input->error));
		else
			writer_null(writer, "error");
		writer_string(writer, "detail", input->detail);
		if (figures && counts) {
			writer_int(writer, "events",
				   (int64_t)metrics_get(&counts->input[i].events));
			writer_int(writer, "right", (int64_t)metrics_get(&counts->input[i].right));
			writer_int(writer, "left", (int64_t)metrics_get(&counts->input[i].left));
		}
		writer_object_end(writer);
	}
	writer_array_end(writer);
}

void inputs_get_all(const struct route_get *get, struct writer *writer)
{
	writer_object(writer, NULL);
	writer_int(writer, "count", get->view->desk ? get->view->desk->input_count : 0);
	inputs_write(get->view, true, writer);
	writer_object_end(writer);
}

void inputs_get_actions(const struct route_get *get, struct writer *writer)
{
	const struct action *action;
	const char *key;
	size_t i;

	(void)get;
	writer_object(writer, NULL);
	writer_array(writer, "actions");
	for (i = 0; (action = action_at(i)); i++) {
		writer_object(writer, NULL);
		writer_string(writer, "name", action->name);
		writer_string(writer, "description", action->about);
		key = action_value_key(action->value);
		if (key)
			writer_string(writer, "value", key);
		else
			writer_null(writer, "value");
		writer_bool(writer, "zone", action->zone);
		writer_bool(writer, "parameter", action->parameter);
		writer_object_end(writer);
	}
	writer_array_end(writer);
	writer_object_end(writer);
}

void inputs_write_bindings(const struct view *view, struct writer *writer)
{
	const struct desk_snapshot *desk = view->desk;
	json_t *json = bindings_write(desk ? &desk->bindings : bindings_default());
	_cleanup_free_ char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

	json_decref(json);
	if (!text) {
		writer->failed = true;
		return;
	}
	writer_bool(writer, "own", desk && desk->own);
	writer_json(writer, "bindings", text);
}

void inputs_get_bindings(const struct route_get *get, struct writer *writer)
{
	writer_object(writer, NULL);
	inputs_write_bindings(get->view, writer);
	writer_object_end(writer);
}

/* Those that there are, then those that the default bindings name. */
static const char *input_name_at(size_t index, const void *data)
{
	const struct desk_snapshot *desk = data;

	if (desk && index < desk->input_count)
		return desk->input[index].name;
	return bindings_default_input(index - (desk ? desk->input_count : 0), NULL);
}

static const char *input_kind_at(size_t index, const void *data)
{
	const struct desk_snapshot *desk = data;
	const char *type;

	if (desk && index < desk->input_count)
		return desk->input[index].kind;
	bindings_default_input(index - (desk ? desk->input_count : 0), &type);
	return type;
}

bool inputs_parse_bindings(const struct view *view, const json_t *value, const char *field,
			   struct command *command, struct problem *problem)
{
	const struct bindings_known known = { .input_at = input_name_at,
					      .kind_at = input_kind_at,
					      .zone_at = zones_name,
					      .inputs = view->desk,
					      .zones = view->state };
	char entry[PROBLEM_FIELD_MAX], pointer[PROBLEM_FIELD_MAX], index[16];
	struct bindings_error error;

	command->bindings = calloc(1, sizeof(*command->bindings));
	if (!command->bindings)
		return problem_set(problem, MHD_HTTP_SERVICE_UNAVAILABLE, "no memory");
	if (bindings_read(value, &known, command->bindings, &error) >= 0)
		return true;
	free(steal_ptr(command->bindings));
	snprintf(pointer, sizeof(pointer), "%s", field);
	if (error.index >= 0) {
		snprintf(index, sizeof(index), "%d", error.index);
		validate_pointer(entry, field, index);
		if (error.key[0])
			validate_pointer(pointer, entry, error.key);
		else
			snprintf(pointer, sizeof(pointer), "%s", entry);
	}
	return problem_add(problem, "body", pointer, error.value, "%s", error.allowed);
}
