// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/adjust.h"

/* What goes over an end goes on at the other. */
static int32_t wrapped(int64_t value, int32_t min, int32_t max)
{
	int64_t span = (int64_t)max - min + 1;

	value = (value - min) % span;
	return (int32_t)(min + (value < 0 ? value + span : value));
}

static int32_t held(int64_t value, int32_t min, int32_t max)
{
	if (value < min)
		return min;
	return value > max ? max : (int32_t)value;
}

struct command adjust_brightness(const struct zone_state *state, int32_t steps)
{
	struct command command = { .type = COMMAND_ZONE_SET_BRIGHTNESS };
	int64_t value = (int64_t)state->brightness + steps * ADJUST_BRIGHTNESS_STEP;

	command.brightness = (uint8_t)held(value, 0, ZONE_BRIGHTNESS_MAX);
	return command;
}

struct command adjust_hue(const struct zone_state *state, int32_t steps)
{
	struct command command = { .type = COMMAND_ZONE_SET_COLOR };
	int64_t hue = state->color.mode == ZONE_COLOR_HUE ? state->color.hue : 0;

	command.color.mode = ZONE_COLOR_HUE;
	command.color.hue = (uint16_t)wrapped(hue + steps * ADJUST_HUE_STEP, 0, COLOR_HUE_MAX - 1);
	return command;
}

struct command adjust_preset(const struct zone_state *state, int32_t steps)
{
	struct command command = { .type = COMMAND_ZONE_SET_COLOR };
	int64_t preset = state->color.mode == ZONE_COLOR_PRESET ? state->color.preset : 0;
	size_t presets;

	color_presets(&presets);
	command.color.mode = ZONE_COLOR_PRESET;
	/* the last of the built-in ones is "off", which no knob turns to */
	command.color.preset = (uint16_t)wrapped(preset + steps, 0, (int32_t)presets - 2);
	return command;
}

static struct command parameter_command(const struct zone_state *state, unsigned int parameter,
					int32_t value)
{
	struct command command = { .type = COMMAND_ZONE_SET_PARAMS };

	command.params.animation = state->animation;
	command.params.mask = (uint16_t)(1U << parameter);
	command.params.params[parameter] = value;
	return command;
}

struct command adjust_parameter(const struct zone_state *state, unsigned int parameter,
				int32_t steps)
{
	const struct effect_param *param = &effect_at(state->animation)->params[parameter];
	int64_t value = state->params[parameter] + (int64_t)steps * param->step;
	int32_t max = effect_param_max(param);
	/* of a whole turn both ends are the same */
	int32_t last = max - param->min == COLOR_HUE_MAX ? max - 1 : max;

	return parameter_command(state, parameter,
				 param->wrap ? wrapped(value, param->min, last)
					     : held(value, param->min, max));
}

struct command adjust_set_parameter(const struct zone_state *state, unsigned int parameter,
				    int32_t value)
{
	const struct effect_param *param = &effect_at(state->animation)->params[parameter];

	return parameter_command(state, parameter,
				 held(value, param->min, effect_param_max(param)));
}
