/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "config/schema.h"

/** config_inputs_fields - the keys of an input, of a struct input_config */
extern const struct schema_field config_inputs_fields[];

/** config_inputs_read(), config_inputs_write() - the array "inputs" of a struct config */
int config_inputs_read(struct schema *schema, json_t *value, void *target);
int config_inputs_write(const void *target, json_t **ret_value);

/** config_bindings_fields - the keys of a binding, for those who list them */
extern const struct schema_field config_bindings_fields[];

/** config_bindings_read(), config_bindings_write() - "bindings" of a struct config with zones and inputs */
int config_bindings_read(struct schema *schema, json_t *value, void *target);
int config_bindings_write(const void *target, json_t **ret_value);
