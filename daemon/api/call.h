/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "api/problem.h"
#include "api/route.h"
#include "api/view.h"

/* What is asked of a route, however it came: as a request of HTTP or in a message of the live channel. */

/**
 * call_find_item() - index of what is named in the path, 0 if nothing is or it may be new
 * @name: what stood in the path, decoded
 *
 * Return: false with the problem set if there is no such thing.
 */
bool call_find_item(const struct route *route, const char *name, const struct view *view,
		    size_t *ret_item, struct problem *problem);

/**
 * call_read() - the body into a command whose type and zone are set
 * @name: what stood in the path, decoded; "": nothing
 * @body: borrowed; NULL: there is none
 *
 * Return: false with the problem set if there is anything wrong with it.
 */
bool call_read(const struct route *route, const char *name, const json_t *body,
	       const struct view *view, struct command *command, struct problem *problem);

/** call_drop() - free what a command holds that will not be sent */
void call_drop(struct command *command);
