/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "config/schema.h"

/* The topic "http" of the configuration: struct api_config. */

extern const struct schema_field http_fields[];

int http_read(struct schema *schema, json_t *value, void *target);
int http_write(const void *target, json_t **ret_value);
