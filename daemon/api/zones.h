/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "api/route.h"

/* Zones: how they are (GET) and what is asked of them (PUT). See struct route. */

/** zones_find() - index of a zone by id in any case, or -ENOENT with the problem set */
int zones_find(const struct view *view, const char *id, struct problem *problem);

/** zones_name() - the ids, as a nearest_name_fn; @data is a struct state_snapshot */
const char *zones_name(size_t index, const void *data);

/** zones_write_state() - the members that tell how a zone is */
void zones_write_state(const struct zone_state *state, const struct presets *presets,
		       struct writer *writer);

/** zones_write_zone() - a whole zone, as an object */
void zones_write_zone(const struct view *view, size_t index, struct writer *writer);

void zones_get_all(const struct route_get *get, struct writer *writer);
/** zones_get_groups() - those that have members */
void zones_get_groups(const struct route_get *get, struct writer *writer);
void zones_get(const struct route_get *get, struct writer *writer);

bool zones_parse_is_on(const struct view *view, const json_t *value, const char *field,
		       struct command *command, struct problem *problem);
bool zones_parse_brightness(const struct view *view, const json_t *value, const char *field,
			    struct command *command, struct problem *problem);
bool zones_parse_color(const struct view *view, const json_t *value, const char *field,
		       struct command *command, struct problem *problem);
bool zones_parse_mode(const struct view *view, const json_t *value, const char *field,
		      struct command *command, struct problem *problem);
bool zones_parse_animation(const struct view *view, const json_t *value, const char *field,
			   struct command *command, struct problem *problem);

/** zones_parse_patch() - a whole body with any of the members that a zone is set by (RFC 7396) */
bool zones_parse_patch(const struct view *view, const json_t *value, const char *field,
		       struct command *command, struct problem *problem);

/** zones_parse_params() - parameters of the animation that the zone plays or would play */
bool zones_parse_params(const struct view *view, const json_t *value, const char *field,
			struct command *command, struct problem *problem);
