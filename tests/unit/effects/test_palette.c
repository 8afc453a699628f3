// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pixel/palette.h. The middle between two colours is worked out here in floating
 * point from the definition of OKLab (Björn Ottosson, "A perceptual color space
 * for image processing", 2020: matrices M1 and M2 and the inverses), with light
 * as pixel/gamma.h has it: the value to the power of 2.2.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/effects/kit.h"
#include "pixel/palette.h"

/* the root of @degree of @x by Newton's rule, so that no mathematics library is needed */
static double root(double x, int degree)
{
	double r = 1;

	if (x <= 0)
		return 0;
	for (int i = 0; i < 200; i++) {
		double power = 1;

		for (int j = 1; j < degree; j++)
			power *= r;
		r += (x / power - r) / degree;
	}
	return r;
}

/* v^2.2 is v² × the fifth root of v; its inverse is the fifth power of the eleventh root */
static double light_of(uint8_t v)
{
	double x = v / 255.0;

	return x * x * root(x, 5);
}

static double value_of(double light)
{
	double r = root(light, 11);

	return 255 * r * r * r * r * r;
}

struct lab {
	double l, a, b;
};

static struct lab lab_of(struct pixel color)
{
	double r = light_of(color.r), g = light_of(color.g), b = light_of(color.b);
	double l = root(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b, 3);
	double m = root(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b, 3);
	double s = root(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b, 3);

	return (struct lab){
		0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
		1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
		0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
	};
}

static void check_near(double want, uint8_t got)
{
	want = want < 0 ? 0 : want > 255 ? 255 : want;
	/* 1.5: rounding, and steps of 8 bits at the dark end */
	if (got > want + 1.5 || got < want - 1.5)
		fail_msg("%u is not %f", got, want);
}

static void check_middle(struct pixel from, struct pixel to, struct pixel got)
{
	struct lab x = lab_of(from), y = lab_of(to);
	double l = (x.l + y.l) / 2, a = (x.a + y.a) / 2, b = (x.b + y.b) / 2;
	double long_root = l + 0.3963377774 * a + 0.2158037573 * b;
	double middle_root = l - 0.1055613458 * a - 0.0638541728 * b;
	double short_root = l - 0.0894841775 * a - 1.2914855480 * b;
	double lo = long_root * long_root * long_root;
	double me = middle_root * middle_root * middle_root;
	double sh = short_root * short_root * short_root;

	check_near(value_of(4.0767416621 * lo - 3.3077115913 * me + 0.2309699292 * sh), got.r);
	check_near(value_of(-1.2684380046 * lo + 2.6097574011 * me - 0.3413193965 * sh), got.g);
	check_near(value_of(-0.0041960863 * lo - 0.7034186147 * me + 1.7076147010 * sh), got.b);
}

static struct palette two(bool ring, struct pixel from, struct pixel to)
{
	return (struct palette){ .ring = ring,
				 .count = 2,
				 .stops = { { 0, from }, { ring ? 128 : 255, to } } };
}

static void the_middle_of_two_colours_is_their_middle_in_oklab(void **state)
{
	static const struct pixel colors[] = {
		{ 255, 0, 0, 0 }, { 0, 255, 0, 0 },    { 0, 0, 255, 0 },  { 255, 255, 255, 0 },
		{ 0, 0, 0, 0 },	  { 200, 100, 50, 0 }, { 20, 40, 90, 0 }, { 255, 240, 10, 0 },
	};
	const size_t n = sizeof(colors) / sizeof(colors[0]);
	static struct palette_table table;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++) {
			struct palette palette = two(true, colors[i], colors[j]);

			/* the second lies at half a turn, so a quarter is between */
			palette_layout(&table, &palette, PALETTE_RING);
			check_middle(colors[i], colors[j], palette_color(&table, 16384));
			check_middle(colors[i], colors[j], palette_color(&table, 49152));
		}
	}
}

static void colours_at_their_places_come_out_exactly(void **state)
{
	static struct palette_table table;
	const struct palette *palette;

	(void)state;
	for (size_t p = 0; (palette = palette_at(p)); p++) {
		palette_layout(&table, palette, PALETTE_RING);
		for (int i = 0; palette->ring && i < palette->count; i++) {
			struct pixel got =
				palette_color(&table, (uint16_t)(palette->stops[i].place * 256));

			assert_memory_equal(&got, &palette->stops[i].color, sizeof(got));
		}
		palette_layout(&table, palette, PALETTE_LINE);
		assert_memory_equal(&table.colors[0], &palette->stops[0].color,
				    sizeof(struct pixel));
		if (!palette->ring)
			assert_memory_equal(&table.colors[PALETTE_STEPS - 1],
					    &palette->stops[palette->count - 1].color,
					    sizeof(struct pixel));
	}
}

static void a_ring_has_no_seam(void **state)
{
	static struct palette_table table;
	const struct palette *palette;

	(void)state;
	for (size_t p = 0; (palette = palette_at(p)); p++) {
		palette_layout(&table, palette, PALETTE_RING);
		for (uint32_t i = 0; i < PALETTE_STEPS; i++) {
			struct pixel a = table.colors[i];
			struct pixel b = table.colors[(i + 1) % PALETTE_STEPS];

			/* from 0 to 255 over the fewest steps, 1/12 of the table, is 3 a step; the
			 * dark end of a gamma curve is up to eight times as steep */
			assert_in_range(abs(a.r - b.r), 0, 24);
			assert_in_range(abs(a.g - b.g), 0, 24);
			assert_in_range(abs(a.b - b.b), 0, 24);
		}
	}
}

static void one_with_two_ends_runs_there_and_back_in_a_ring(void **state)
{
	static struct palette_table table;
	struct palette palette =
		two(false, (struct pixel){ 255, 0, 0, 0 }, (struct pixel){ 0, 0, 255, 9 });
	struct pixel middle;

	(void)state;
	palette_layout(&table, &palette, PALETTE_RING);
	middle = palette_color(&table, 32768);
	assert_memory_equal(&table.colors[0], &palette.stops[0].color, sizeof(middle));
	assert_memory_equal(&middle, &palette.stops[1].color, sizeof(middle));
	for (uint32_t i = 4; i < PALETTE_STEPS / 2; i += 4)
		assert_memory_equal(&table.colors[i], &table.colors[PALETTE_STEPS - i],
				    sizeof(middle));
}

static void there_are_24_with_names_of_their_own(void **state)
{
	const struct palette *palette;
	size_t count = 0;

	(void)state;
	for (; (palette = palette_at(count)); count++) {
		assert_int_equal(palette_check(palette), 0);
		assert_int_equal(palette_find(palette->name), count);
		assert_int_equal(strspn(palette->name, "abcdefghijklmnopqrstuvwxyz_"),
				 strlen(palette->name));
		assert_true(strlen(palette->label) > 0);
	}
	assert_int_equal(count, PALETTE_COUNT);
	assert_int_equal(count, 24);
	assert_int_equal(palette_find("Spectrum"), 0);
	assert_int_equal(palette_find("no such"), -ENOENT);
	/* the names that defaults go by are those of the list */
	assert_int_equal(palette_find("spectrum"), KIT_SPECTRUM);
	assert_int_equal(palette_find("aurora"), KIT_AURORA);
	assert_int_equal(palette_find("candlelight"), KIT_CANDLELIGHT);
}

static void custom_palettes_are_checked(void **state)
{
	struct palette palette = two(false, PIXEL_BLACK, PIXEL_BLACK);

	(void)state;
	assert_int_equal(palette_check(&palette), 0);
	palette.stops[1].place = 0;
	assert_int_equal(palette_check(&palette), -EINVAL);
	palette.count = 1;
	assert_int_equal(palette_check(&palette), 0);
	palette.count = 0;
	assert_int_equal(palette_check(&palette), -EINVAL);
	palette.count = PALETTE_MAX_STOPS + 1;
	assert_int_equal(palette_check(&palette), -EINVAL);
}

static void custom_palettes_may_begin_and_end_anywhere(void **state)
{
	static struct palette_table table;
	struct palette palette = {
		.ring = true,
		.count = 2,
		.stops = { { 100, { 10, 20, 30, 0 } }, { 200, { 200, 100, 50, 0 } } },
	};

	(void)state;
	for (int ring = 0; ring < 2; ring++) {
		for (int count = 1; count <= 2; count++) {
			palette.ring = ring;
			palette.count = (uint8_t)count;
			palette_layout(&table, &palette, PALETTE_RING);
			palette_layout(&table, &palette, PALETTE_LINE);
			if (count == 1 || !ring)
				assert_memory_equal(&table.colors[0], &palette.stops[0].color, 4);
			if (count == 1)
				assert_memory_equal(&table.colors[777], &palette.stops[0].color, 4);
		}
	}
	/* 156 places from the second round to the first; 22 more than the last half of them: 278 */
	palette_layout(&table, &palette, PALETTE_RING);
	check_middle(palette.stops[0].color, palette.stops[1].color,
		     palette_color(&table, (278 - 256) * 256));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_middle_of_two_colours_is_their_middle_in_oklab),
		cmocka_unit_test(colours_at_their_places_come_out_exactly),
		cmocka_unit_test(a_ring_has_no_seam),
		cmocka_unit_test(one_with_two_ends_runs_there_and_back_in_a_ring),
		cmocka_unit_test(there_are_24_with_names_of_their_own),
		cmocka_unit_test(custom_palettes_are_checked),
		cmocka_unit_test(custom_palettes_may_begin_and_end_anywhere),
	};

	return cmocka_run_group_tests_name("palette", tests, NULL, NULL);
}
