/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "config/schema.h"

/** zones_read() - a struct schema_field's reader: the array "zones" into a struct config with outputs */
int zones_read(struct schema *schema, json_t *value, void *target);
