// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/call.h"
#include "api/live_private.h"
#include "api/router.h"
#include "api/validate.h"
#include "base/cleanup.h"
#include "base/str.h"

enum type {
	TYPE_SUBSCRIBE,
	TYPE_SNAPSHOT,
	TYPE_REQUEST,
	TYPE_PREVIEW,
};

static const char *const type_names[] = {
	[TYPE_SUBSCRIBE] = "subscribe",
	[TYPE_SNAPSHOT] = "snapshot",
	[TYPE_REQUEST] = "request",
	[TYPE_PREVIEW] = "preview",
	NULL,
};

/* ---- answers ---- */

static void begin_answer(struct writer *writer, const char *id, unsigned int status)
{
	writer_object(writer, NULL);
	writer_string(writer, "type", "answer");
	writer_json(writer, "id", id);
	writer_int(writer, "status", status);
}

static void end_answer(struct live_client *client, struct writer *writer)
{
	writer_object_end(writer);
	feed_put(&client->feed, "answer", message_from(writer));
}

static void answer(struct live_client *client, const char *id, const char *path,
		   const struct problem *problem)
{
	_cleanup_free_ char *text = NULL;
	struct writer writer = { 0 };
	size_t length;

	if (problem->status) {
		problem_write(problem, path, &writer);
		text = writer_steal(&writer, &length);
	}
	begin_answer(&writer, id, problem->status ? problem->status : MHD_HTTP_NO_CONTENT);
	if (text)
		writer_json(&writer, "problem", text);
	end_answer(client, &writer);
}

static void answer_get(struct live_client *client, const char *id, const struct route *route,
		       size_t item)
{
	struct query query;
	unsigned int status = MHD_HTTP_OK;
	struct route_get get = { client->live->config.view, item, &query, &status };
	_cleanup_free_ char *text = NULL;
	struct writer writer = { 0 };
	size_t length;

	query_begin(&query, route->limit_default);
	route->get(&get, &writer);
	text = writer_steal(&writer, &length);
	begin_answer(&writer, id, text ? status : MHD_HTTP_INTERNAL_SERVER_ERROR);
	if (text)
		writer_json(&writer, "body", text);
	end_answer(client, &writer);
}

static void on_done(struct commands_waiter *waiter, const struct problem *problem)
{
	struct live_call *call =
		(struct live_call *)((char *)waiter - offsetof(struct live_call, waiter));

	answer(call->client, call->id, call->path, problem);
}

/* ---- requests ---- */

static struct live_call *find_free(struct live_client *client)
{
	size_t i;

	for (i = 0; i < API_LIVE_CALLS_MAX; i++)
		if (!client->call[i].waiter.ticket)
			return &client->call[i];
	return NULL;
}

static bool send_command(struct live_client *client, const char *id, const char *path,
			 struct command *command, struct problem *problem)
{
	struct live_call *call = find_free(client);

	if (!call) {
		problem->retry_after_s = 1;
		return problem_set(problem, MHD_HTTP_SERVICE_UNAVAILABLE,
				   "%u requests of this client wait already", API_LIVE_CALLS_MAX);
	}
	call->waiter.done = on_done;
	call->client = client;
	str_copy(call->id, sizeof(call->id), id);
	str_copy(call->path, sizeof(call->path), path);
	return commands_send(client->live->config.commands, &call->waiter, command, problem);
}

static bool find_route(const char *method, const char *path, struct router_match *match,
		       struct problem *problem)
{
	switch (router_find(route_table, method, path, match, problem->allow)) {
	case ROUTER_FOUND:
		if (route_is_plain(match->route))
			return true;
		return problem_set(problem, MHD_HTTP_NOT_FOUND,
				   "this path is not for the live channel");
	case ROUTER_NO_METHOD:
		problem_set(problem, MHD_HTTP_METHOD_NOT_ALLOWED,
			    "this path does not take %s, but %s", method, problem->allow);
		return problem_add_text(problem, "body", "/method", method, "%s", problem->allow);
	default:
		return problem_set(problem, MHD_HTTP_NOT_FOUND, "there is nothing at this path");
	}
}

/* True if it was sent or answered. */
static bool do_request(struct live_client *client, const char *id, const char *method,
		       const char *path, const json_t *body, struct problem *problem)
{
	const struct view *view = client->live->config.view;
	struct command command = { 0 };
	struct router_match match;
	const struct route *route;
	size_t item = 0;

	if (!find_route(method, path, &match, problem))
		return false;
	route = match.route;
	if (!call_find_item(route, match.item, view, &item, problem))
		return false;
	if (route->get) {
		answer_get(client, id, route, item);
		return true;
	}
	if (!client->may_control)
		return problem_set(problem, MHD_HTTP_FORBIDDEN,
				   "the token of this client may read only");
	if (route->apply) {
		struct problem fine = { 0 };

		if (!route->apply(view, body, problem))
			return false;
		answer(client, id, path, &fine);
		return true;
	}
	command.type = route->command;
	command.zone = (uint16_t)item;
	command.each = route->each;
	if (call_read(route, match.item, body, view, &command, problem) &&
	    send_command(client, id, path, &command, problem))
		return true;
	call_drop(&command);
	return false;
}

static bool take_request(struct live_client *client, const char *id, const json_t *message,
			 struct problem *problem)
{
	static const char *const known[] = { "type", "id", "method", "path", "body", NULL };
	const json_t *method = json_object_get(message, "method");
	const json_t *path = json_object_get(message, "path");

	if (!validate_object(message, "", known, problem))
		return false;
	if (!json_is_string(method))
		return problem_add(problem, "body", "/method", method,
				   "a method of HTTP, such as \"PUT\"");
	if (!json_is_string(path))
		return problem_add(problem, "body", "/path", path,
				   "a path, such as \"/api/v1/zones\"");
	return do_request(client, id, json_string_value(method), json_string_value(path),
			  json_object_get(message, "body"), problem);
}

/* ---- topics and pictures ---- */

static bool take_subscribe(struct live_client *client, const char *id, const json_t *message,
			   struct problem *problem)
{
	static const char *const known[] = { "type", "id", "topics", NULL };
	const json_t *topics = json_object_get(message, "topics");
	char pointer[PROBLEM_FIELD_MAX];
	unsigned int wanted = 0;
	size_t index, i;

	if (!validate_object(message, "", known, problem))
		return false;
	if (!json_is_array(topics))
		return problem_add(problem, "body", "/topics", topics, "an array of topics");
	for (i = 0; i < json_array_size(topics); i++) {
		snprintf(pointer, sizeof(pointer), "/topics/%zu", i);
		if (!validate_name(json_array_get(topics, i), pointer, feed_topic_name, NULL,
				   &index, problem))
			return false;
		wanted |= 1U << index;
	}
	feed_set_topics(client->live->config.feed, &client->feed, wanted);
	feed_snapshot(client->live->config.feed, &client->feed, id);
	return true;
}

static bool take_snapshot(struct live_client *client, const char *id, const json_t *message,
			  struct problem *problem)
{
	static const char *const known[] = { "type", "id", NULL };

	if (!validate_object(message, "", known, problem))
		return false;
	feed_snapshot(client->live->config.feed, &client->feed, id);
	return true;
}

static const char *output_name(size_t index, const void *data)
{
	const struct state_snapshot *state = data;

	return index < state->output_count ? state->output[index].name : NULL;
}

static const char *zone_name(size_t index, const void *data)
{
	const struct state_snapshot *state = data;

	return index < state->zone_count ? state->zone[index].config.id : NULL;
}

/* Names of zones or outputs; each counts once. */
static bool add_sights(const struct state_snapshot *state, const json_t *names, const char *field,
		       enum picture_kind kind, struct live_sight *sight, size_t *count,
		       struct problem *problem)
{
	char pointer[PROBLEM_FIELD_MAX];
	size_t first = *count, index, i, k;

	if (!names)
		return true;
	if (!json_is_array(names))
		return problem_add(problem, "body", field, names, "an array of names");
	for (i = 0; i < json_array_size(names); i++) {
		snprintf(pointer, sizeof(pointer), "%s/%zu", field, i);
		if (!validate_name(json_array_get(names, i), pointer,
				   kind == PICTURE_ZONE ? zone_name : output_name, state, &index,
				   problem))
			return false;
		for (k = first; k < *count; k++)
			if (sight[k].source.index == index)
				break;
		if (k == *count)
			sight[(*count)++].source = (struct picture_source){ kind, (uint16_t)index };
	}
	return true;
}

static bool take_preview(struct live_client *client, const char *id, const json_t *message,
			 struct problem *problem)
{
	static const char *const known[] = { "type", "id", "fps", "zones", "outputs", NULL };
	const struct state_snapshot *state = client->live->config.view->state;
	_cleanup_free_ struct live_sight *sight = NULL;
	struct problem fine = { 0 };
	size_t count = 0;
	int64_t fps;

	if (!validate_object(message, "", known, problem) ||
	    !validate_int(json_object_get(message, "fps"), "/fps", 0, PREVIEW_FPS_MAX, &fps,
			  problem))
		return false;
	sight = calloc(LIVE_SOURCES_MAX, sizeof(*sight));
	if (!sight)
		return problem_set(problem, MHD_HTTP_INTERNAL_SERVER_ERROR, "no memory");
	if (!add_sights(state, json_object_get(message, "zones"), "/zones", PICTURE_ZONE, sight,
			&count, problem) ||
	    !add_sights(state, json_object_get(message, "outputs"), "/outputs", PICTURE_OUTPUT,
			sight, &count, problem))
		return false;
	answer(client, id, "", &fine);
	live_preview_set(client, count ? (unsigned int)fps : 0, steal_ptr(sight), count);
	return true;
}

/* ---- all messages ---- */

/* The id as JSON for the answer: any integer. */
static bool read_id(const json_t *message, char ret_id[LIVE_ID_MAX], struct problem *problem)
{
	const json_t *id = json_object_get(message, "id");

	strcpy(ret_id, "null");
	if (!id || json_is_null(id))
		return true;
	if (!json_is_integer(id))
		return problem_add(problem, "body", "/id", id, "an integer");
	snprintf(ret_id, LIVE_ID_MAX, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
	return true;
}

static bool take(struct live_client *client, const json_t *message, const char *id,
		 struct problem *problem)
{
	size_t type;

	if (!validate_name(json_object_get(message, "type"), "/type", validate_table_name,
			   type_names, &type, problem))
		return false;
	switch ((enum type)type) {
	case TYPE_SUBSCRIBE:
		return take_subscribe(client, id, message, problem);
	case TYPE_SNAPSHOT:
		return take_snapshot(client, id, message, problem);
	case TYPE_PREVIEW:
		return take_preview(client, id, message, problem);
	default:
		return take_request(client, id, message, problem);
	}
}

void live_ask_take(struct live_client *client, const char *text, size_t length)
{
	struct problem problem = { 0 };
	char id[LIVE_ID_MAX] = "null";
	const char *path = "";
	json_t *message;
	bool fine = false;

	message = validate_parse(text, length, &problem);
	if (message && !json_is_object(message))
		problem_add(&problem, "body", "", message, "an object");
	else if (message && !feed_update(client->live->config.feed))
		problem_set(&problem, MHD_HTTP_SERVICE_UNAVAILABLE, "the daemon starts");
	else if (message && read_id(message, id, &problem))
		fine = take(client, message, id, &problem);
	if (!fine) {
		if (json_is_string(json_object_get(message, "path")))
			path = json_string_value(json_object_get(message, "path"));
		answer(client, id, path, &problem);
	}
	json_decref(message);
}

void live_ask_forget(struct live_client *client)
{
	size_t i;

	for (i = 0; i < API_LIVE_CALLS_MAX; i++)
		commands_forget(client->live->config.commands, &client->call[i].waiter);
}
