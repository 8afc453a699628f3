/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "api/route.h"

/* Outputs: what they are, what they showed, and a raw frame for one of them. See struct route. */

/** OUTPUTS_TTL_MS - how long a raw frame shows when nothing else is asked for */
#define OUTPUTS_TTL_MS 5000

/** outputs_find() - index of an output by name in any case, or -ENOENT with the problem set */
int outputs_find(const struct view *view, const char *name, struct problem *problem);

/** outputs_name() - the names, as a nearest_name_fn; @data is a struct state_snapshot */
const char *outputs_name(size_t index, const void *data);

void outputs_get_all(const struct route_get *get, struct writer *writer);
void outputs_get(const struct route_get *get, struct writer *writer);

/**
 * outputs_take_frame() - a body of bytes into a command for output command->zone
 * @data: heap; the command's after success
 */
bool outputs_take_frame(const struct view *view, const struct query *query, uint8_t *data,
			size_t bytes, struct command *command, struct problem *problem);
