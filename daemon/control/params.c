// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/params.h"

#include <errno.h>
#include <stdio.h>

#include "pixel/palette.h"

int params_read(const struct effect_param *param, const json_t *value, int32_t *ret_value)
{
	json_int_t number = json_integer_value(value);
	int palette;

	if (param->type == EFFECT_PARAM_BOOL) {
		if (!json_is_boolean(value))
			return -EINVAL;
		*ret_value = json_is_true(value);
		return 0;
	}
	if (param->type == EFFECT_PARAM_PALETTE && json_is_string(value)) {
		palette = palette_find(json_string_value(value));
		if (palette < 0)
			return -EINVAL;
		*ret_value = palette;
		return 0;
	}
	/* a palette by number as well: so it was written before they had names here */
	if (!json_is_integer(value) || number < param->min || number > effect_param_max(param))
		return -EINVAL;
	*ret_value = (int32_t)number;
	return 0;
}

json_t *params_json(const struct effect_param *param, int32_t value)
{
	if (param->type == EFFECT_PARAM_BOOL)
		return json_boolean(value);
	if (param->type == EFFECT_PARAM_PALETTE && palette_at((size_t)value))
		return json_string(palette_at((size_t)value)->name);
	return json_integer(value);
}

const char *params_allowed(const struct effect_param *param, char text[PARAMS_ALLOWED_MAX])
{
	if (param->type == EFFECT_PARAM_BOOL)
		snprintf(text, PARAMS_ALLOWED_MAX, "true or false");
	else if (param->type == EFFECT_PARAM_PALETTE)
		snprintf(text, PARAMS_ALLOWED_MAX, "the name of a palette, such as \"%s\"",
			 palette_at((size_t)param->def)->name);
	else
		snprintf(text, PARAMS_ALLOWED_MAX, "a whole number from %d to %d", param->min,
			 effect_param_max(param));
	return text;
}
