/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "api/problem.h"
#include "api/view.h"
#include "api/writer.h"
#include "control/command.h"

/** enum route_source - what an answer is made from, so how long it holds */
enum route_source {
	ROUTE_FROM_NOW,	    /* made anew for each request */
	ROUTE_FROM_STATE,   /* until the next state snapshot */
	ROUTE_FROM_TASKS,   /* until the next tasks snapshot */
	ROUTE_FROM_LIBRARY, /* until the next snapshot of presets and scenes */
	ROUTE_FROM_TABLE,   /* for ever */
};

/** ROUTE_ITEM_MAX - bytes of an id in a path, the closing zero included */
#define ROUTE_ITEM_MAX 64

/**
 * struct route_get - what an answer is asked for
 * @item: index of what {} stands for in the path
 * @limit: the query parameter
 */
struct route_get {
	const struct view *view;
	size_t item;
	size_t limit;
};

/**
 * struct route - one line of the API
 * @path: {zone}, {animation}, {preset} and {scene} stand for an id or name in
 *	any case
 * @get: GET and HEAD: write the answer
 * @source: what @get reads
 * @limit_max: the query parameter "limit" may be 1 to this; 0: there is none
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
	unsigned int limit_max, limit_default;

	enum command_type command;
	bool new_item;
	bool each;
	size_t body_max;
	const char *member;
	bool (*parse)(const struct view *view, const json_t *value, const char *field,
		      struct command *command, struct problem *problem);
};

/** route_table - all routes, closed by one without a path */
extern const struct route route_table[];
