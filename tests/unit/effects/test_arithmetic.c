// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pixel/quick.h, pixel/fixed.h, pixel/noise.h and the shapes of kit.h, each
 * against the plain arithmetic that its comment promises.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/effects/kit.h"

static void quick_scale_rounds_every_value_at_every_level(void **state)
{
	(void)state;
	for (uint32_t v = 0; v < 256; v++) {
		for (uint32_t level = 0; level <= QUICK_ONE; level++) {
			struct pixel in = { (uint8_t)v, (uint8_t)(255 - v), (uint8_t)(v ^ 85),
					    (uint8_t)(v / 2) };
			struct pixel out = quick_scale(in, level);

			assert_int_equal(out.r, (in.r * level + 128) / 256);
			assert_int_equal(out.g, (in.g * level + 128) / 256);
			assert_int_equal(out.b, (in.b * level + 128) / 256);
			assert_int_equal(out.w, (in.w * level + 128) / 256);
		}
	}
}

static void quick_lerp_mixes_each_component_by_itself(void **state)
{
	static const struct pixel a = { 0, 255, 10, 200 }, b = { 255, 0, 250, 100 };

	(void)state;
	for (uint32_t share = 0; share <= QUICK_ONE; share++) {
		struct pixel out = quick_lerp(a, b, share);

		assert_int_equal(out.r, (255 * share + 128) / 256);
		assert_int_equal(out.g, (255 * (256 - share) + 128) / 256);
		assert_int_equal(out.b, (10 * (256 - share) + 250 * share + 128) / 256);
		assert_int_equal(out.w, (200 * (256 - share) + 100 * share + 128) / 256);
	}
}

static void quick_add_stops_at_255(void **state)
{
	(void)state;
	for (uint32_t x = 0; x < 256; x++) {
		for (uint32_t y = 0; y < 256; y++) {
			struct pixel a = { (uint8_t)x, 0, (uint8_t)y, 255 };
			struct pixel b = { (uint8_t)y, (uint8_t)x, 1, (uint8_t)x };
			struct pixel out = quick_add(a, b);

			assert_int_equal(out.r, x + y > 255 ? 255 : x + y);
			assert_int_equal(out.g, x);
			assert_int_equal(out.b, y + 1 > 255 ? 255 : y + 1);
			assert_int_equal(out.w, 255);
		}
	}
}

static void quick_lighten_takes_the_larger(void **state)
{
	struct pixel out =
		quick_lighten((struct pixel){ 1, 200, 3, 255 }, (struct pixel){ 2, 100, 3, 0 });

	(void)state;
	assert_int_equal(out.r, 2);
	assert_int_equal(out.g, 200);
	assert_int_equal(out.b, 3);
	assert_int_equal(out.w, 255);
}

/* two halves of a pixel give the light of a whole one: (l / 256)^2.2, here by l² × l^0.2 */
static void what_moves_over_two_pixels_keeps_its_light(void **state)
{
	(void)state;
	assert_int_equal(quick_glow(0), 0);
	assert_int_equal(quick_glow(65535), QUICK_ONE);
	for (uint32_t part = 4096; part <= 32768; part += 256) {
		uint32_t a = quick_glow(part), b = quick_glow(65535 - part);
		/* the components that the levels make of 255, and their light */
		uint64_t light = gamma_linear[a * 255 / 256] + gamma_linear[b * 255 / 256];

		/* a step of a component is 1 % of light when it is bright */
		assert_in_range(light, GAMMA_LINEAR_MAX * 97ULL / 100,
				GAMMA_LINEAR_MAX * 102ULL / 100);
	}
}

/* cos by its series: for up to π / 2, and the rest by symmetry */
static double cosine(double x)
{
	double term = 1, sum = 1;

	for (int i = 1; i < 20; i++) {
		term *= -x * x / ((2 * i - 1) * (2 * i));
		sum += term;
	}
	return sum;
}

static void the_wave_is_a_raised_cosine(void **state)
{
	const double pi = 3.14159265358979323846;

	(void)state;
	for (uint32_t i = 0; i <= 1024; i++) {
		double turn = i / 1024.0, half = turn > 0.5 ? 1 - turn : turn;
		double c = half > 0.25 ? -cosine(pi - 2 * pi * half) : cosine(2 * pi * half);
		double want = 65535 * (1 - c) / 2;

		assert_true(fixed_cosine[i] > want - 0.51 && fixed_cosine[i] < want + 0.51);
	}
	assert_int_equal(fixed_wave(0), 0);
	assert_int_equal(fixed_wave(32768), 65535);
	assert_int_equal(fixed_shade(32768), 65535);
	assert_int_equal(fixed_smooth(0), 0);
	assert_int_equal(fixed_smooth(65535), 65535);
	assert_int_equal(fixed_smooth(32768), fixed_cosine[256]);
	/* the steepest place of a wave: half of π turns of 65535 in a turn of 65536 */
	for (uint32_t phase = 0; phase < 65536; phase++) {
		int step =
			(int)fixed_wave((uint16_t)(phase + 1)) - (int)fixed_wave((uint16_t)phase);

		assert_in_range(abs(step), 0, 5);
		assert_in_range(
			abs((int)fixed_shade((uint16_t)phase) - (int)fixed_wave((uint16_t)phase)),
			0, 256);
	}
}

static void the_root_is_the_largest_that_fits(void **state)
{
	static const uint64_t samples[] = {
		0, 1, 2, 3, 4, 99, 100, 4294967295, 4294967296, 999999999999, 1ULL << 62, UINT64_MAX
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		uint64_t n = samples[i], r = fixed_root(n);

		assert_true(r * r <= n);
		assert_true(r == 4294967295 || (r + 1) * (r + 1) > n);
	}
}

static void noise_has_no_steps_and_fills_its_range(void **state)
{
	uint32_t lowest = 65535, highest = 0;
	struct noise_run run;
	uint32_t before = 0;

	(void)state;
	noise_start(&run, 77, 0, 512, 12345, 54321);
	for (int i = 0; i < 100000; i++) {
		uint32_t now = noise_next(&run);

		/* 128 steps a cell; a smooth step is at most π / 2 times as steep: 65535 × 1.6 / 128 */
		if (i)
			assert_in_range(abs((int)now - (int)before), 0, 820);
		before = now;
		lowest = now < lowest ? now : lowest;
		highest = now > highest ? now : highest;
		assert_in_range(now, 0, 65535);
	}
	assert_true(lowest < 8000 && highest > 57000);
}

static void noise_is_the_same_along_a_walk_and_at_a_place(void **state)
{
	struct noise_run run;

	(void)state;
	noise_start(&run, 5, 0xffff0000, 3000, 70000, 90000);
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(noise_next(&run),
				 noise_at(5, 0xffff0000 + i * 3000, 70000, 90000));
	/* by steps longer than a cell as well */
	noise_start(&run, 5, 0, 150000, 70000, 0);
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(noise_next(&run), noise_at(5, i * 150000, 70000, 0));
}

static void noise_meets_itself_after_65536_cells_in_every_direction(void **state)
{
	(void)state;
	for (uint32_t i = 1; i < 100; i++) {
		uint32_t end = -(i * 7), start = i * 7;

		/* 14 × i of 65536 apart: 14 × i × 1.6 of value, as above */
		assert_in_range(abs((int)noise_at(1, end, 0, 0) - (int)noise_at(1, start, 0, 0)), 0,
				14 * 100 * 2);
		assert_in_range(abs((int)noise_at(1, 9, end, 0) - (int)noise_at(1, 9, start, 0)), 0,
				14 * 100 * 2);
		assert_in_range(abs((int)noise_at(1, 9, 5, end) - (int)noise_at(1, 9, 5, start)), 0,
				14 * 100 * 2);
	}
}

static void contrast_keeps_the_middle_and_the_range(void **state)
{
	(void)state;
	assert_int_equal(noise_contrast(32768, 512), 32768);
	/* 0x2000 above the middle, doubled */
	assert_int_equal(noise_contrast(0xa000, 512), 0xc000);
	assert_int_equal(noise_contrast(0, 512), 0);
	assert_int_equal(noise_contrast(65535, 512), 65535);
}

static uint64_t light_of(const struct pixel *out, uint32_t n)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += gamma_linear[out[i].r];
	return sum;
}

static void a_disc_keeps_its_light_while_it_moves(void **state)
{
	static const struct pixel red = { 255, 0, 0, 0 };
	uint64_t lowest = ~0ULL, highest = 0;
	struct pixel out[20];

	(void)state;
	for (uint32_t x = 8 * FIXED_ONE; x < 9 * FIXED_ONE; x += 1000) {
		struct kit_canvas canvas = { out, 20, 1 };
		uint64_t light;

		memset(out, 0, sizeof(out));
		kit_disc(&canvas, x, FIXED_ONE / 2, 5 * FIXED_ONE / 2, red, QUICK_ONE);
		light = light_of(out, 20);
		lowest = light < lowest ? light : lowest;
		highest = light > highest ? light : highest;
	}
	assert_true(lowest * 100 > highest * 95);
}

static void a_disc_outside_lights_nothing(void **state)
{
	struct pixel out[4] = { 0 };
	struct kit_canvas canvas = { out, 4, 1 }, none = { out, 0, 0 };

	(void)state;
	kit_disc(&canvas, -10 * (int64_t)FIXED_ONE, FIXED_ONE / 2, 2 * FIXED_ONE,
		 (struct pixel){ 255, 255, 255, 255 }, QUICK_ONE);
	kit_disc(&canvas, 10 * FIXED_ONE, FIXED_ONE / 2, 2 * FIXED_ONE,
		 (struct pixel){ 255, 255, 255, 255 }, QUICK_ONE);
	kit_disc(&none, 0, 0, 2 * FIXED_ONE, (struct pixel){ 255, 255, 255, 255 }, QUICK_ONE);
	for (int i = 0; i < 4; i++)
		assert_int_equal(quick_word(out[i]), 0);
}

static void trails_follow_their_path(void **state)
{
	static const struct pixel red = { 255, 0, 0, 0 };
	struct kit_trail trail = { .length = 4 * FIXED_ONE, .front = red, .back = red };
	struct pixel out[10];

	(void)state;
	/* round: the head has covered pixel 1, the tail comes from the other end */
	trail.path = KIT_PATH_RING;
	trail.head = 2 * FIXED_ONE;
	memset(out, 0, sizeof(out));
	kit_trail(out, 10, &trail);
	assert_true(out[1].r > out[0].r && out[0].r > out[9].r && out[9].r > out[8].r);
	assert_true(out[8].r > 0 && out[7].r == 0 && out[2].r == 0);
	assert_int_equal(out[1].r, 255);

	/* folded: the path goes … 8 9 9 8 …, so the head on its way back is at 8 and covers its tail */
	trail.path = KIT_PATH_FOLD;
	trail.head = 12 * FIXED_ONE;
	memset(out, 0, sizeof(out));
	kit_trail(out, 10, &trail);
	assert_int_equal(out[8].r, 255);
	assert_true(out[9].r > 0 && out[7].r == 0);

	/* across: nothing comes from the other end */
	trail.path = KIT_PATH_CROSS;
	trail.head = 2 * FIXED_ONE;
	memset(out, 0, sizeof(out));
	kit_trail(out, 10, &trail);
	assert_true(out[1].r == 255 && out[0].r > 0 && out[9].r == 0);
	trail.head = 12 * FIXED_ONE;
	memset(out, 0, sizeof(out));
	kit_trail(out, 10, &trail);
	assert_true(out[9].r > 0 && out[8].r > 0 && out[7].r == 0);
}

static void dither_is_right_on_average(void **state)
{
	static const struct pixel grey = { 100, 100, 100, 0 };
	uint32_t sum = 0;

	(void)state;
	/* 100 × 1966 / 65536 is 3.0; a quarter less is 2.25 */
	for (uint32_t own = 0; own < 65536; own += 64)
		sum += kit_dither(grey, 1475, own).r;
	/* 100 × 1475 / 65536 = 2.2507, times 1024 draws */
	assert_in_range(sum, 2300, 2310);
}

static void several_things_divide_a_long_strip_evenly(void **state)
{
	(void)state;
	assert_int_equal(kit_distance(60, 10), 60 * FIXED_ONE);
	/* 250 / 100: two, 125 apart */
	assert_int_equal(kit_distance(250, 10), 125 * FIXED_ONE);
	/* three lengths of 50 apart: 400 / 150 is two */
	assert_int_equal(kit_distance(400, 50), 200 * FIXED_ONE);
	assert_int_equal(kit_distance(0, 10), FIXED_ONE);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(quick_scale_rounds_every_value_at_every_level),
		cmocka_unit_test(quick_lerp_mixes_each_component_by_itself),
		cmocka_unit_test(quick_add_stops_at_255),
		cmocka_unit_test(quick_lighten_takes_the_larger),
		cmocka_unit_test(what_moves_over_two_pixels_keeps_its_light),
		cmocka_unit_test(the_wave_is_a_raised_cosine),
		cmocka_unit_test(the_root_is_the_largest_that_fits),
		cmocka_unit_test(noise_has_no_steps_and_fills_its_range),
		cmocka_unit_test(noise_is_the_same_along_a_walk_and_at_a_place),
		cmocka_unit_test(noise_meets_itself_after_65536_cells_in_every_direction),
		cmocka_unit_test(contrast_keeps_the_middle_and_the_range),
		cmocka_unit_test(a_disc_keeps_its_light_while_it_moves),
		cmocka_unit_test(a_disc_outside_lights_nothing),
		cmocka_unit_test(trails_follow_their_path),
		cmocka_unit_test(dither_is_right_on_average),
		cmocka_unit_test(several_things_divide_a_long_strip_evenly),
	};

	return cmocka_run_group_tests_name("arithmetic of effects", tests, NULL, NULL);
}
