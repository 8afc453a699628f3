/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "api/route.h"

/* The control panel and the flow of frames. See struct route. */

void station_write_panel(const struct state_snapshot *state, const char *key,
			 struct writer *writer);
void station_write_frames(const struct state_snapshot *state, const char *key,
			  struct writer *writer);
void station_get_panel(const struct route_get *get, struct writer *writer);
void station_get_frames(const struct route_get *get, struct writer *writer);

bool station_parse_steps(const struct view *view, const json_t *value, const char *field,
			 struct command *command, struct problem *problem);
bool station_parse_fps(const struct view *view, const json_t *value, const char *field,
		       struct command *command, struct problem *problem);
