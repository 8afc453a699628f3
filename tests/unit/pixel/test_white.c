// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pixel/white.h: light is the square of a component, so expected values are
 * worked out with squares and roots. pixel/lut.h: powers are worked out by pow().
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pixel/kelvin.h"
#include "pixel/lut.h"
#include "pixel/white.h"

#define MANY 4096

static void expect(unsigned int kelvin, struct pixel from, struct pixel to)
{
	struct white white;

	white_init(&white, kelvin);
	assert_true(white.on);
	white_extract(&from, 1, &white);
	assert_memory_equal(&from, &to, sizeof(to));
}

static void grey_is_all_whites_and_white_is_full(void **state)
{
	(void)state;
	for (unsigned int v = 0; v < 256; v++) {
		struct pixel grey = { (uint8_t)v, (uint8_t)v, (uint8_t)v, 0 };

		expect(WHITE_NEUTRAL, grey, (struct pixel){ 0, 0, 0, (uint8_t)v });
	}
}

static void what_white_gives_is_taken_from_the_others_as_light(void **state)
{
	(void)state;
	/* sqrt(200^2 - 100^2) = 173.2; sqrt(255^2 - 1) = 254.998 */
	expect(WHITE_NEUTRAL, (struct pixel){ 200, 100, 100, 0 }, (struct pixel){ 173, 0, 0, 100 });
	expect(WHITE_NEUTRAL, (struct pixel){ 1, 255, 200, 0 }, (struct pixel){ 0, 255, 200, 1 });
	/* nothing to give */
	expect(WHITE_NEUTRAL, (struct pixel){ 255, 255, 0, 0 }, (struct pixel){ 255, 255, 0, 0 });
}

static void a_pixel_with_white_of_its_own_is_left_alone(void **state)
{
	(void)state;
	expect(WHITE_NEUTRAL, (struct pixel){ 9, 8, 7, 1 }, (struct pixel){ 9, 8, 7, 1 });
	expect(2700, (struct pixel){ 255, 255, 255, 255 }, (struct pixel){ 255, 255, 255, 255 });
}

static void the_colour_of_warm_white_is_all_whites(void **state)
{
	struct white white;
	double light[3];
	struct pixel warm;

	(void)state;
	kelvin_light(2700, light);
	warm = (struct pixel){ (uint8_t)lround(255 * sqrt(light[0])),
			       (uint8_t)lround(255 * sqrt(light[1])),
			       (uint8_t)lround(255 * sqrt(light[2])), 0 };
	white_init(&white, 2700);
	white_extract(&warm, 1, &white);
	assert_true(warm.w >= 253);
	/* rounding of 0.5 of 135 leaves 135 of 18225 of light, of which the root is 11.6 */
	assert_true(warm.r <= 23 && warm.g <= 23 && warm.b <= 23);
}

static double light(uint8_t v)
{
	return (double)v * v;
}

/* Rounding each component by 0.5 moves its light by up to itself, and white's likewise. */
static void assert_same_light(struct pixel from, struct pixel to, const double *white)
{
	uint8_t was[3] = { from.r, from.g, from.b }, is[3] = { to.r, to.g, to.b };

	for (int i = 0; i < 3; i++)
		assert_true(fabs(light(is[i]) + light(to.w) * white[i] - light(was[i])) <=
			    is[i] + to.w * white[i] + 1);
}

static void no_light_is_lost_or_made(void **state)
{
	static const unsigned int kelvins[] = { WHITE_NEUTRAL, 1000, 2700, 4000, 6500, 15000 };
	static struct pixel from[MANY], to[MANY];
	struct white white;
	uint32_t random = 1;

	(void)state;
	for (size_t k = 0; k < sizeof(kelvins) / sizeof(kelvins[0]); k++) {
		double lights[3] = { 1, 1, 1 };

		if (kelvins[k] != WHITE_NEUTRAL)
			kelvin_light(kelvins[k], lights);
		for (size_t i = 0; i < MANY; i++) {
			random = random * 1664525 + 1013904223;
			from[i] = (struct pixel){ (uint8_t)(random >> 8), (uint8_t)(random >> 16),
						  (uint8_t)(random >> 24), 0 };
		}
		memcpy(to, from, sizeof(to));
		white_init(&white, kelvins[k]);
		white_extract(to, MANY, &white);
		for (size_t i = 0; i < MANY; i++)
			assert_same_light(from[i], to[i], lights);
	}
}

static void any_number_of_pixels_is_each_of_them_and_no_other(void **state)
{
	const struct pixel guard = { 50, 60, 70, 0 };
	struct pixel pixels[12], one;
	struct white white;

	(void)state;
	white_init(&white, 4000);
	for (size_t n = 0; n < 11; n++) {
		for (size_t i = 0; i < 12; i++)
			pixels[i] = i < n ? (struct pixel){ (uint8_t)(i * 20), 90, 200, 0 } : guard;
		white_extract(pixels, n, &white);
		for (size_t i = 0; i < n; i++) {
			one = (struct pixel){ (uint8_t)(i * 20), 90, 200, 0 };
			white_extract(&one, 1, &white);
			assert_memory_equal(&pixels[i], &one, sizeof(one));
		}
		for (size_t i = n; i < 12; i++)
			assert_memory_equal(&pixels[i], &guard, sizeof(guard));
	}
}

static void none_is_off(void **state)
{
	struct white white;

	(void)state;
	white_init(&white, WHITE_NONE);
	assert_false(white.on);
}

static void a_table_is_the_power_of_each_value(void **state)
{
	uint8_t table[256];

	(void)state;
	for (unsigned int gamma = LUT_GAMMA_MIN; gamma <= LUT_GAMMA_MAX; gamma += 20) {
		lut_fill(table, gamma, 255);
		assert_int_equal(table[0], 0);
		assert_int_equal(table[255], 255);
		for (int v = 1; v < 256; v++) {
			double wanted = fmax(1, 255 * pow(v / 255.0, gamma / 100.0));

			assert_true(fabs(table[v] - wanted) <= 0.5);
			assert_true(table[v] >= table[v - 1]);
		}
	}
	/* half the value at gamma 2.2: 255 x 0.502^2.2 = 55.98 */
	lut_fill(table, 220, 255);
	assert_int_equal(table[128], 56);
}

static void a_table_of_gamma_1_is_the_identity(void **state)
{
	uint8_t table[256];

	(void)state;
	lut_fill(table, 100, 255);
	for (int v = 0; v < 256; v++)
		assert_int_equal(table[v], v);
}

static void balance_is_the_light_of_the_full_component_and_0_is_none(void **state)
{
	uint8_t table[256];

	(void)state;
	lut_fill(table, 220, 180);
	assert_int_equal(table[255], 180);
	/* 180 x (128 / 255)^2.2 = 39.5 */
	assert_in_range(table[128], 39, 40);
	assert_int_equal(table[1], 1);
	lut_fill(table, 220, 0);
	for (int v = 0; v < 256; v++)
		assert_int_equal(table[v], 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(grey_is_all_whites_and_white_is_full),
		cmocka_unit_test(what_white_gives_is_taken_from_the_others_as_light),
		cmocka_unit_test(a_pixel_with_white_of_its_own_is_left_alone),
		cmocka_unit_test(the_colour_of_warm_white_is_all_whites),
		cmocka_unit_test(no_light_is_lost_or_made),
		cmocka_unit_test(any_number_of_pixels_is_each_of_them_and_no_other),
		cmocka_unit_test(none_is_off),
		cmocka_unit_test(a_table_is_the_power_of_each_value),
		cmocka_unit_test(a_table_of_gamma_1_is_the_identity),
		cmocka_unit_test(balance_is_the_light_of_the_full_component_and_0_is_none),
	};

	return cmocka_run_group_tests_name("white", tests, NULL, NULL);
}
