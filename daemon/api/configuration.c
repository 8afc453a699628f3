// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/configuration.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <string.h>

#include "api/problem.h"

#define RETRY_AFTER_S 1
/* the member of bodies and answers that has it */
#define MEMBER "/config"

/* "outputs, zones" as an array */
static void write_list(const char *list, struct writer *writer)
{
	char topic[CONFIG_DOCUMENT_WAITING_MAX];

	writer_array(writer, "waiting");
	while (*list) {
		size_t length = strcspn(list, ",");

		snprintf(topic, sizeof(topic), "%.*s", (int)length, list);
		writer_string(writer, NULL, topic);
		list += length;
		list += strspn(list, ", ");
	}
	writer_array_end(writer);
}

void configuration_get(const struct route_get *get, struct writer *writer)
{
	const struct config_document *document = get->view->config;

	writer_object(writer, NULL);
	writer_json(writer, "config", document ? document->config : "{}");
	writer_json(writer, "own", document ? document->own : "[]");
	write_list(document ? document->waiting : "", writer);
	if (document && document->ignored[0])
		writer_string(writer, "ignored", document->ignored);
	else
		writer_null(writer, "ignored");
	writer_object_end(writer);
}

static bool make(enum config_change_kind kind, char *text, struct command *command,
		 struct problem *problem)
{
	command->config = config_change_create(kind, text);
	return command->config || problem_set(problem, MHD_HTTP_SERVICE_UNAVAILABLE, "no memory");
}

static bool parse(enum config_change_kind kind, const json_t *value, const char *field,
		  struct command *command, struct problem *problem)
{
	char *text;

	if (!json_is_object(value))
		return problem_add(problem, "body", field, value, "an object of topics");
	/* as text, which any thread may free at once */
	text = json_dumps(value, JSON_COMPACT);
	if (!text)
		return problem_set(problem, MHD_HTTP_SERVICE_UNAVAILABLE, "no memory");
	return make(kind, text, command, problem);
}

bool configuration_parse_check(const struct view *view, const json_t *value, const char *field,
			       struct command *command, struct problem *problem)
{
	(void)view;
	return parse(CONFIG_CHANGE_CHECK, value, field, command, problem);
}

bool configuration_parse_replace(const struct view *view, const json_t *value, const char *field,
				 struct command *command, struct problem *problem)
{
	(void)view;
	return parse(CONFIG_CHANGE_REPLACE, value, field, command, problem);
}

bool configuration_parse_merge(const struct view *view, const json_t *value, const char *field,
			       struct command *command, struct problem *problem)
{
	(void)view;
	return parse(CONFIG_CHANGE_MERGE, value, field, command, problem);
}

bool configuration_clear(struct command *command, struct problem *problem)
{
	return make(CONFIG_CHANGE_CLEAR, NULL, command, problem);
}

static void add_error(const struct config_change *change, struct problem *problem)
{
	char field[sizeof(MEMBER) + CONFIG_CHANGE_FIELD_MAX];
	json_t *value;

	snprintf(field, sizeof(field), MEMBER "%s", change->field);
	value = change->value[0] ? json_loads(change->value, JSON_DECODE_ANY, NULL) : NULL;
	problem_add(problem, "body", field, value, "%s", change->allowed);
	json_decref(value);
}

void configuration_explain(const struct config_change *change, int result, struct problem *problem)
{
	switch (result) {
	case -EPERM:
		problem_set(problem, MHD_HTTP_FORBIDDEN,
			    "this is told by the configuration's files alone, not over HTTP");
		add_error(change, problem);
		break;
	case -EINVAL:
		problem_set(problem, MHD_HTTP_UNPROCESSABLE_CONTENT,
			    "the configuration would be wrong, so nothing was changed");
		add_error(change, problem);
		break;
	case -ESTALE:
		problem_set(problem, MHD_HTTP_PRECONDITION_FAILED,
			    "it was changed since it was read: read it again");
		break;
	case -EBUSY:
		problem->retry_after_s = RETRY_AFTER_S;
		problem_set(problem, MHD_HTTP_SERVICE_UNAVAILABLE,
			    "the configuration is being read at this moment");
		break;
	case -ENOTSUP:
		problem_set(
			problem, MHD_HTTP_CONFLICT,
			"no state is kept here, so changes of the configuration cannot be kept");
		break;
	case -EBADMSG:
		problem_set(problem, MHD_HTTP_CONFLICT, "the configuration's files are wrong: %s",
			    change->detail);
		break;
	case -ENOSPC:
	case -EDQUOT:
		problem_set(problem, MHD_HTTP_INSUFFICIENT_STORAGE,
			    "there is no room to keep it, so nothing was changed");
		break;
	default:
		problem_set(problem, MHD_HTTP_INTERNAL_SERVER_ERROR,
			    "it cannot be kept, so nothing was changed: %s",
			    change->detail[0] ? change->detail : strerrordesc_np(-result));
		break;
	}
}
