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
	ROUTE_FROM_NOW,	  /* made anew for each request */
	ROUTE_FROM_STATE, /* until the next state snapshot */
	ROUTE_FROM_TASKS, /* until the next tasks snapshot */
	ROUTE_FROM_TABLE, /* for ever */
};

/** ROUTE_ITEM_MAX - bytes of an id in a path, the closing zero included */
#define ROUTE_ITEM_MAX 64

/**
 * struct route_get - what an answer is asked for
 * @item: index of the zone or animation in the path
 * @limit: the query parameter
 */
struct route_get {
	const struct view *view;
	size_t item;
	size_t limit;
};

/**
 * struct route - one line of the API
 * @path: {zone} and {animation} stand for an id in any case
 * @get: GET and HEAD: write the answer
 * @source: what @get reads
 * @limit_max: the query parameter "limit" may be 1 to this; 0: there is none
 * @command: PUT and POST: what is sent to the light loop
 * @member: the one member that the body has; NULL: no body is wanted
 * @parse: the member's value into the command
 */
struct route {
	const char *method;
	const char *path;

	void (*get)(const struct route_get *get, struct writer *writer);
	enum route_source source;
	unsigned int limit_max, limit_default;

	enum command_type command;
	const char *member;
	bool (*parse)(const struct view *view, const json_t *value, const char *field,
		      struct command *command, struct problem *problem);
};

/** route_table - all routes, closed by one without a path */
extern const struct route route_table[];
