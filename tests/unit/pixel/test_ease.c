// SPDX-License-Identifier: GPL-2.0-or-later
/* pixel/ease.h and wave.h: expected values are the curves' formulas worked out by hand. */
#include <math.h>
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

/* Those that swing are BACK, ELASTIC and BOUNCE, the last ones. */
static void no_curve_that_does_not_swing_ever_goes_back(void **state)
{
	(void)state;
	for (int curve = 0; curve < EASE_BACK_IN; curve++) {
		int32_t before = 0;

		for (uint32_t time = 0; time < 65536; time++) {
			int32_t now = ease((enum ease_curve)curve, (uint16_t)time);

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

		for (int in = EASE_QUAD_IN; in < EASE_CURVES; in += 3) {
			enum ease_curve out = (enum ease_curve)(in + 1);
			enum ease_curve in_out = (enum ease_curve)(in + 2);

			assert_int_equal(ease(out, t), 65535 - ease((enum ease_curve)in, rest));
			assert_near(ease(in_out, t), 65535 - ease(in_out, rest));
		}
	}
}

/* Penner's formulas, for t from 0 to 1 */
static double wanted(enum ease_curve in, double t)
{
	switch (in) {
	case EASE_QUAD_IN:
		return t * t;
	case EASE_CUBIC_IN:
		return t * t * t;
	case EASE_QUART_IN:
		return t * t * t * t;
	case EASE_QUINT_IN:
		return t * t * t * t * t;
	case EASE_SINE_IN:
		return 1 - cos(t * M_PI / 2);
	case EASE_EXPO_IN:
		return pow(2, 10 * t - 10);
	case EASE_CIRC_IN:
		return 1 - sqrt(1 - t * t);
	case EASE_BACK_IN:
		return 2.70158 * t * t * t - 1.70158 * t * t;
	case EASE_ELASTIC_IN:
		return -pow(2, 10 * t - 10) * sin((10 * t - 10.75) * 2 * M_PI / 3);
	default:
		break;
	}
	assert_int_equal(in, EASE_BOUNCE_IN);
	t = 1 - t;
	if (t < 1 / 2.75)
		return 1 - 7.5625 * t * t;
	if (t < 2 / 2.75)
		return 1 - 7.5625 * (t - 1.5 / 2.75) * (t - 1.5 / 2.75) - 0.75;
	if (t < 2.5 / 2.75)
		return 1 - 7.5625 * (t - 2.25 / 2.75) * (t - 2.25 / 2.75) - 0.9375;
	return 1 - 7.5625 * (t - 2.625 / 2.75) * (t - 2.625 / 2.75) - 0.984375;
}

static void every_family_follows_its_formula(void **state)
{
	(void)state;
	for (int in = EASE_QUAD_IN; in < EASE_CURVES; in += 3) {
		for (uint32_t time = 1; time < 65535; time += 7) {
			double want = 65535 * wanted((enum ease_curve)in, time / 65535.0);
			int32_t found = ease((enum ease_curve)in, (uint16_t)time);

			/* places are rounded some five times; the sine's angle to 1/65536 of a turn,
			 * which is 65535 × 2π / 65536 = 6 */
			if (fabs(found - want) > 12)
				fail_msg("%s(%u) is %d, wanted %.1f",
					 ease_name((enum ease_curve)in), time, found, want);
		}
	}
}

static void back_takes_a_run_up_of_a_tenth(void **state)
{
	(void)state;
	/* t²(2.70158 t - 1.70158) is lowest at t = 2 × 1.70158 / (3 × 2.70158) = 0.42: -0.1 */
	assert_in_range(ease(EASE_BACK_IN, 27525) + 6556, 0, 20);
}

static void every_curve_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < EASE_CURVES; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(ease_name((enum ease_curve)i),
						ease_name((enum ease_curve)k));
	assert_string_equal(ease_name(EASE_BOUNCE_IN_OUT), "bounce_in_out");
	assert_string_equal(ease_name(EASE_CIRC_OUT), "circ_out");
	assert_null(ease_name(EASE_CURVES));
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
		cmocka_unit_test(no_curve_that_does_not_swing_ever_goes_back),
		cmocka_unit_test(a_quarter_of_the_time_is_where_the_formula_says),
		cmocka_unit_test(in_and_out_are_each_other_turned_round),
		cmocka_unit_test(every_family_follows_its_formula),
		cmocka_unit_test(back_takes_a_run_up_of_a_tenth),
		cmocka_unit_test(every_curve_has_a_name_of_its_own),
		cmocka_unit_test(what_is_no_curve_is_linear),
		cmocka_unit_test(a_smooth_step_follows_its_formula),
		cmocka_unit_test(a_smooth_wave_swings_once_a_turn_and_is_symmetrical),
	};

	return cmocka_run_group_tests_name("ease", tests, NULL, NULL);
}
