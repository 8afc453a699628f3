/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "api/route.h"

/* Inputs, the actions that they can be bound to, and the bindings. */

void inputs_get_all(const struct route_get *get, struct writer *writer);
void inputs_get_actions(const struct route_get *get, struct writer *writer);
void inputs_get_bindings(const struct route_get *get, struct writer *writer);

/** inputs_parse_bindings() - an array as in the configuration; names that are not known are refused */
bool inputs_parse_bindings(const struct view *view, const json_t *value, const char *field,
			   struct command *command, struct problem *problem);

/** inputs_write_bindings() - the members "own" and "bindings" */
void inputs_write_bindings(const struct view *view, struct writer *writer);

/** inputs_write() - the array "inputs" of the desk; @figures: with counts */
void inputs_write(const struct view *view, bool figures, struct writer *writer);
