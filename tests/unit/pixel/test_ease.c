// SPDX-License-Identifier: GPL-2.0-or-later
/* pixel/ease.h and wave.h: expected values are the curves' formulas worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pixel/ease.h"
#include "pixel/wave.h"

static void every_curve_begins_and_ends_exactly(void **state)
{
	(void)state;
	for (int curve = 0; curve < EASE_CURVES; curve++) {
		assert_int_equal(ease((enum ease_curve)curve, 0), 0);
		assert_int_equal(ease((enum ease_curve)curve, 65535), 65535);
	}
}

static void no_curve_ever_goes_back(void **state)
{
	(void)state;
	for (int curve = 0; curve < EASE_CURVES; curve++) {
		uint16_t before = 0;

		for (uint32_t time = 0; time < 65536; time++) {
			uint16_t now = ease((enum ease_curve)curve, (uint16_t)time);

			assert_true(now >= before);
			before = now;
		}
	}
}

static void assert_near(int value, int want)
{
	assert_true(value >= want - 2 && value <= want + 2);
}

static void a_quarter_of_the_time_is_where_the_formula_says(void **state)
{
	(void)state;
	/* t = 16384 / 65535 = 0.25: t, t², 1 - 0.75², 2t², t³, 1 - 0.75³, 4t³ of 65535 */
	assert_near(ease(EASE_LINEAR, 16384), 16384);
	assert_near(ease(EASE_QUAD_IN, 16384), 4096);
	assert_near(ease(EASE_QUAD_OUT, 16384), 28672);
	assert_near(ease(EASE_QUAD_IN_OUT, 16384), 8192);
	assert_near(ease(EASE_CUBIC_IN, 16384), 1024);
	assert_near(ease(EASE_CUBIC_OUT, 16384), 37888);
	assert_near(ease(EASE_CUBIC_IN_OUT, 16384), 4096);
}

static void in_and_out_are_each_other_turned_round(void **state)
{
	(void)state;
	for (uint32_t time = 0; time < 65536; time += 13) {
		uint16_t t = (uint16_t)time, rest = (uint16_t)(65535 - time);

		assert_int_equal(ease(EASE_QUAD_OUT, t), 65535 - ease(EASE_QUAD_IN, rest));
		assert_int_equal(ease(EASE_CUBIC_OUT, t), 65535 - ease(EASE_CUBIC_IN, rest));
		assert_near(ease(EASE_QUAD_IN_OUT, t), 65535 - ease(EASE_QUAD_IN_OUT, rest));
		assert_near(ease(EASE_CUBIC_IN_OUT, t), 65535 - ease(EASE_CUBIC_IN_OUT, rest));
	}
}

static void what_is_no_curve_is_linear(void **state)
{
	(void)state;
	assert_int_equal(ease(EASE_CURVES, 12345), 12345);
	assert_int_equal(ease((enum ease_curve)99, 12345), 12345);
}

static void a_smooth_step_follows_its_formula(void **state)
{
	(void)state;
	assert_int_equal(wave_smooth_step(0), 0);
	assert_int_equal(wave_smooth_step(65535), 65535);
	/* 3 / 16 - 2 / 64 = 0.15625 and 27 / 16 - 54 / 64 = 0.84375, of 65535 */
	assert_near(wave_smooth_step(16384), 10240);
	assert_near(wave_smooth_step(32768), 32768);
	assert_near(wave_smooth_step(49151), 55295);
	for (uint32_t t = 1; t < 65536; t++)
		assert_true(wave_smooth_step((uint16_t)t) >= wave_smooth_step((uint16_t)(t - 1)));
}

static void a_smooth_wave_swings_once_a_turn_and_is_symmetrical(void **state)
{
	(void)state;
	assert_int_equal(wave_smooth(0), 0);
	assert_int_equal(wave_smooth(32768), 65535);
	assert_near(wave_smooth(16384), 32768);
	for (uint32_t phase = 1; phase < 65536; phase++)
		assert_int_equal(wave_smooth((uint16_t)phase),
				 wave_smooth((uint16_t)(65536 - phase)));
	/* steepest in the middle of a slope: 1.5 × 65535 / 32768 = 3 a step */
	for (uint32_t phase = 1; phase < 65536; phase++)
		assert_in_range(wave_smooth((uint16_t)phase) - wave_smooth((uint16_t)(phase - 1)) +
					4,
				0, 8);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_curve_begins_and_ends_exactly),
		cmocka_unit_test(no_curve_ever_goes_back),
		cmocka_unit_test(a_quarter_of_the_time_is_where_the_formula_says),
		cmocka_unit_test(in_and_out_are_each_other_turned_round),
		cmocka_unit_test(what_is_no_curve_is_linear),
		cmocka_unit_test(a_smooth_step_follows_its_formula),
		cmocka_unit_test(a_smooth_wave_swings_once_a_turn_and_is_symmetrical),
	};

	return cmocka_run_group_tests_name("ease", tests, NULL, NULL);
}
