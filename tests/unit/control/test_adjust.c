// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * control/adjust.h. Steps and ends are the original's: brightness by 5 from 0 to 100, hue by 10 round
 * the circle of 360, twenty presets from red to cool_white, one by one and round.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "control/adjust.h"

static unsigned int brightness(unsigned int from, int32_t steps)
{
	const struct zone_state state = { .brightness = (uint8_t)from };
	struct command command = adjust_brightness(&state, steps);

	assert_int_equal(command.type, COMMAND_ZONE_SET_BRIGHTNESS);
	return command.brightness;
}

static void brightness_stops_at_its_ends(void **state)
{
	(void)state;
	assert_int_equal(brightness(60, 2), 70);
	assert_int_equal(brightness(97, 1), 100);
	assert_int_equal(brightness(60, COMMAND_STEPS_MAX), 100);
	assert_int_equal(brightness(3, -1), 0);
	assert_int_equal(brightness(60, -COMMAND_STEPS_MAX), 0);
}

static unsigned int hue(enum zone_color_mode mode, unsigned int from, int32_t steps)
{
	const struct zone_state state = { .color = { .mode = mode, .hue = (uint16_t)from } };
	struct command command = adjust_hue(&state, steps);

	assert_int_equal(command.type, COMMAND_ZONE_SET_COLOR);
	assert_int_equal(command.color.mode, ZONE_COLOR_HUE);
	return command.color.hue;
}

static void hue_goes_round_and_round(void **state)
{
	(void)state;
	assert_int_equal(hue(ZONE_COLOR_HUE, 120, 3), 150);
	assert_int_equal(hue(ZONE_COLOR_HUE, 350, 1), 0);
	assert_int_equal(hue(ZONE_COLOR_HUE, 360, 1), 10);
	assert_int_equal(hue(ZONE_COLOR_HUE, 0, -1), 350);
	/* 100 steps are 1000 degrees, two turns and 280 */
	assert_int_equal(hue(ZONE_COLOR_HUE, 0, COMMAND_STEPS_MAX), 280);
	/* a colour without a hue begins at red */
	assert_int_equal(hue(ZONE_COLOR_RGB, 120, 1), 10);
}

static unsigned int preset(enum zone_color_mode mode, unsigned int from, int32_t steps)
{
	const struct zone_state state = { .color = { .mode = mode, .preset = (uint16_t)from } };
	struct command command = adjust_preset(&state, steps);

	assert_int_equal(command.color.mode, ZONE_COLOR_PRESET);
	return command.color.preset;
}

static void presets_go_round_without_off(void **state)
{
	(void)state;
	assert_int_equal(preset(ZONE_COLOR_PRESET, 0, 1), 1);
	assert_int_equal(preset(ZONE_COLOR_PRESET, 19, 1), 0);
	assert_int_equal(preset(ZONE_COLOR_PRESET, 0, -1), 19);
	assert_int_equal(preset(ZONE_COLOR_HUE, 7, 1), 1);
}

/* 0 and 360 degrees are the same hue, so that ten steps of 10 lead from 350 to 90. */
static bool is_turn(const struct effect_param *param)
{
	return param->type == EFFECT_PARAM_HUE || (!param->min && param->max == 360);
}

/* Of every effect: within its range from wherever it is, and only this one is changed. */
static void parameters_stay_in_their_range(void **state)
{
	const struct effect_param *param;
	struct zone_state zone = { .brightness = 0 };
	struct command command;
	size_t i, p;

	(void)state;
	for (i = 0; effect_at(i); i++) {
		zone.animation = (uint16_t)i;
		for (p = 0; p < effect_at(i)->param_count; p++) {
			int32_t max = effect_param_max(&effect_at(i)->params[p]);

			param = &effect_at(i)->params[p];
			zone.params[p] = max;
			command = adjust_parameter(&zone, (unsigned int)p, 1);
			assert_int_equal(command.type, COMMAND_ZONE_SET_PARAMS);
			assert_int_equal(command.params.animation, i);
			assert_int_equal(command.params.mask, 1U << p);
			assert_int_equal(command.params.params[p],
					 !param->wrap	  ? max
					 : is_turn(param) ? param->min + param->step
							  : param->min + param->step - 1);
			zone.params[p] = param->min;
			command = adjust_parameter(&zone, (unsigned int)p, -1);
			assert_int_equal(command.params.params[p], !param->wrap ? param->min
								   : is_turn(param)
									   ? max - param->step
									   : max - param->step + 1);
			command = adjust_set_parameter(&zone, (unsigned int)p, INT32_MAX);
			assert_int_equal(command.params.params[p], max);
			command = adjust_set_parameter(&zone, (unsigned int)p, INT32_MIN);
			assert_int_equal(command.params.params[p], param->min);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(brightness_stops_at_its_ends),
		cmocka_unit_test(hue_goes_round_and_round),
		cmocka_unit_test(presets_go_round_without_off),
		cmocka_unit_test(parameters_stay_in_their_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
