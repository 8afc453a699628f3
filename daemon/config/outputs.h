/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "config/schema.h"

/* The topic "outputs" of the configuration. The target is the whole struct config. */

/** outputs_fields - keys of one output */
extern const struct schema_field outputs_fields[];

/** outputs_read(), outputs_write() - of a SCHEMA_OTHER field */
int outputs_read(struct schema *schema, json_t *value, void *target);
int outputs_write(const void *target, json_t **ret_value);
