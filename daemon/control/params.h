/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "engine/effect.h"

/*
 * Values of effects' parameters in JSON: a switch is true or false, a palette
 * is its name, what else there is a whole number. Not for the light loop.
 */

/** PARAMS_ALLOWED_MAX - bytes of params_allowed()'s text, the closing zero included */
#define PARAMS_ALLOWED_MAX 96

/** params_read() - the value of a parameter; 0, or -EINVAL (type, range, unknown palette) */
int params_read(const struct effect_param *param, const json_t *value, int32_t *ret_value);

/** params_json() - a new reference; NULL: no memory */
json_t *params_json(const struct effect_param *param, int32_t value);

/** params_allowed() - what params_read() takes, in words; @text is room for them */
const char *params_allowed(const struct effect_param *param, char text[PARAMS_ALLOWED_MAX]);
