/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "api/problem.h"
#include "api/query.h"
#include "api/view.h"
#include "api/writer.h"
#include "control/command.h"

/** enum route_source - what an answer is made from, so how long it holds */
enum route_source {
	ROUTE_FROM_NOW,	    /* made anew for each request */
	ROUTE_FROM_STATE,   /* until the next state snapshot */
	ROUTE_FROM_TASKS,   /* until the next tasks snapshot */
	ROUTE_FROM_LIBRARY, /* until the next snapshot of presets and scenes */
	ROUTE_FROM_DESK,    /* until the next snapshot of inputs and bindings */
	ROUTE_FROM_CONFIG,  /* until the configuration is read again */
	ROUTE_FROM_TABLE,   /* for ever */
};

/** enum route_way - whether an answer is made at once, or goes on for as long as the client stays */
enum route_way {
	ROUTE_PLAIN,
	ROUTE_LIVE,   /* WebSocket */
	ROUTE_STREAM, /* server-sent events */
};

/** ROUTE_ITEM_MAX - bytes of an id in a path, the closing zero included */
#define ROUTE_ITEM_MAX 64

/**
 * struct route_get - what an answer is asked for
 * @item: index of what {} stands for in the path
 * @query: what stood behind the question mark
 * @ret_status: of HTTP, 200 unless it is changed
 */
struct route_get {
	const struct view *view;
	size_t item;
	const struct query *query;
	unsigned int *ret_status;
};

/**
 * struct route - one line of the API
 * @path: {zone}, {animation}, {preset} and {scene} stand for an id or name in
 *	any case
 * @get: GET and HEAD: write the answer
 * @source: what @get reads
 * @query: parameters that it takes, of enum query_parameter
 * @limit_max: of the parameter "limit"
 * @type: of the answer to a GET; NULL: JSON
 * @open: no token is needed
 * @raw: the body is bytes, not JSON
 * @apply: not GET: what is done at once, and not by the light loop
 * @way: how a GET is answered
 * @command: not GET: what is sent to the light loop
 * @each: as of struct command
 * @new_item: the name in the path may be new
 * @body_max: bytes of the body, 0: API_BODY_MAX
 * @member: the one member that the body has
 * @parse: the member's value into the command; without @member the whole body,
 *	NULL if there is none; with neither of them no body is wanted
 */
struct route {
	const char *method;
	const char *path;

	void (*get)(const struct route_get *get, struct writer *writer);
	enum route_source source;
	unsigned int query;
	unsigned int limit_max, limit_default;
	enum route_way way;
	const char *type;
	bool raw, open;
	bool (*apply)(const struct view *view, const json_t *body, struct problem *problem);

	enum command_type command;
	bool get_by_command; /* it changes nothing, and 200 with a status is answered */
	bool new_item;
	bool each;
	size_t body_max;
	const char *member;
	bool (*parse)(const struct view *view, const json_t *value, const char *field,
		      struct command *command, struct problem *problem);
};

/** route_reads() - it changes nothing: GET and HEAD */
static inline bool route_reads(const struct route *route)
{
	return route->get || route->get_by_command || route->way != ROUTE_PLAIN;
}

/** route_is_plain() - it may be asked by a message of the live channel too */
static inline bool route_is_plain(const struct route *route)
{
	return route->way == ROUTE_PLAIN && !route->type && !route->raw && !route->get_by_command;
}

/** route_table - all routes, closed by one without a path */
extern const struct route route_table[];
