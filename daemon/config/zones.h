/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "config/schema.h"

/** zones_read() - a struct schema_field's reader: the array "zones" into a struct config with outputs */
int zones_read(struct schema *schema, json_t *value, void *target);

/** zones_write() - a struct schema_field's writer: the same from a struct config */
int zones_write(const void *target, json_t **ret_value);

/** zones_fields - the keys of a zone, of a struct config_zone */
extern const struct schema_field zones_fields[];
