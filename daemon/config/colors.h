/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "config/schema.h"

/*
 * The colour that a zone starts with: a mode and the one member that goes with
 * it, as the API has them. The target is a struct zone_state.
 */

/** colors_fields - mode and members, for those who list all keys */
extern const struct schema_field colors_fields[];

/** colors_read(), colors_write() - of a SCHEMA_OTHER field */
int colors_read(struct schema *schema, json_t *value, void *target);
int colors_write(const void *target, json_t **ret_value);
