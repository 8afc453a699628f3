// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pixel/blend.h and gamma.h. Expected values come from the definition, light is
 * (v / 255)^2 for a mix and, where tables say it, (v / 255)^2.2, checked by its fifth power: y = x^2.2 is y^5 = x^11, which needs
 * no library of mathematics.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pixel/blend.h"
#include "pixel/gamma.h"

static long double power(long double x, int n)
{
	long double y = 1;

	while (n--)
		y *= x;
	return y;
}

/* light / max <= (v / 255)^2.2 */
static int not_above(long double light, long double v)
{
	return power(light / GAMMA_LINEAR_MAX, 5) <= power(v / 255, 11);
}

static void light_of_a_component_is_its_power_of_two_point_two_rounded(void **state)
{
	(void)state;
	for (int v = 1; v < 255; v++) {
		assert_true(not_above(gamma_linear[v] - 0.5L, v));
		assert_false(not_above(gamma_linear[v] + 0.5L, v));
	}
	assert_int_equal(gamma_linear[0], 0);
	assert_int_equal(gamma_linear[255], GAMMA_LINEAR_MAX);
}

static void dark_light_gives_the_nearest_component(void **state)
{
	(void)state;
	for (uint32_t light = 0; light < GAMMA_DARK_END; light++) {
		int v = gamma_component(light);

		if (v > 0)
			assert_false(not_above(light, v - 0.5L));
		assert_true(not_above(light, v + 0.5L));
	}
}

static void bright_light_gives_a_component_at_most_one_step_of_the_table_away(void **state)
{
	(void)state;
	/* a step is 128, its middle is looked up: half of it is 64 */
	for (uint32_t light = GAMMA_DARK_END; light <= GAMMA_LINEAR_MAX; light += 7) {
		int v = gamma_component(light);

		assert_false(not_above(light + 64, v - 0.5L));
		if (v < 255)
			assert_true(not_above((long double)light - 64, v + 0.5L));
	}
	assert_int_equal(gamma_component(GAMMA_LINEAR_MAX), 255);
}

static void every_component_survives_the_way_to_light_and_back(void **state)
{
	(void)state;
	for (unsigned int v = 0; v < 256; v++)
		assert_int_equal(gamma_component(gamma_linear[v]), v);
}

static struct pixel some(unsigned int i)
{
	return (struct pixel){ (uint8_t)(i * 7), (uint8_t)(255 - i), (uint8_t)(i * i), (uint8_t)i };
}

static void both_ends_are_exactly_the_two_colours(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 256; i++) {
		struct pixel from = some(i), to = some(i * 91 + 5);
		struct pixel start = blend(from, to, 0), end = blend(from, to, 65535);

		assert_memory_equal(&start, &from, sizeof(from));
		assert_memory_equal(&end, &to, sizeof(to));
	}
}

static void a_colour_mixed_with_itself_stays_but_for_a_1_that_may_go_out(void **state)
{
	(void)state;
	for (unsigned int v = 0; v < 256; v++)
		for (uint32_t amount = 0; amount < 65536; amount += 331) {
			struct pixel color = { .r = (uint8_t)v, .w = (uint8_t)(255 - v) };
			struct pixel mixed = blend(color, color, (uint16_t)amount);

			assert_true(mixed.r == v || (v == 1 && mixed.r == 0));
			assert_true(mixed.w == 255 - v || (v == 254 && mixed.w == 0));
			assert_int_equal(mixed.g, 0);
		}
}

static void half_black_and_half_white_is_half_the_light(void **state)
{
	/* light is the square: 255 × √0.5 = 180.3 */
	struct pixel mixed = blend(PIXEL_BLACK, (struct pixel){ 255, 255, 255, 255 }, 32768);

	(void)state;
	assert_int_equal(mixed.r, 180);
	assert_int_equal(mixed.g, 180);
	assert_int_equal(mixed.b, 180);
	assert_int_equal(mixed.w, 180);
}

/* The largest difference to @gamma, over all pairs and a hundred amounts. */
static double worst_error(double gamma)
{
	double light[256], worst = 0;

	for (int v = 0; v < 256; v++)
		light[v] = pow(v / 255.0, gamma);
	for (uint32_t amount = 0; amount < 65536; amount += 655) {
		for (unsigned int a = 0; a < 256; a++) {
			struct pixel from[256], to[256], out[256];

			for (unsigned int b = 0; b < 256; b++) {
				from[b] = (struct pixel){ .r = (uint8_t)a };
				to[b] = (struct pixel){ .r = (uint8_t)b };
			}
			blend_all(out, from, to, 256, (uint16_t)amount);
			for (unsigned int b = 0; b < 256; b++) {
				double share = amount / 65535.0;
				double exact = 255 * pow(light[a] * (1 - share) + light[b] * share,
							 1 / gamma);

				worst = fmax(worst, fabs(out[b].r - exact));
			}
		}
	}
	return worst;
}

static void a_mix_is_within_one_and_a_half_of_light_as_the_square(void **state)
{
	(void)state;
	/* two products lose less than 1 of 65025 each: √2 may become √0, √3 √1 and so on; further
	 * up that is less than the half that rounding is */
	assert_true(worst_error(2.0) <= 1.5);
}

static void a_mix_is_within_10_of_a_gamma_of_2_2(void **state)
{
	(void)state;
	/* 255 × (x^(1 / 2.2) - x^(1 / 2)) is largest at x = (1 / 1.1)^22 = 0.12: 8.8; and rounding */
	assert_true(worst_error(2.2) <= 10.0);
}

static void mixing_goes_up_steadily(void **state)
{
	uint8_t before = 10;

	(void)state;
	for (uint32_t amount = 0; amount < 65536; amount++) {
		struct pixel mixed = blend((struct pixel){ 10, 0, 0, 0 },
					   (struct pixel){ 240, 0, 0, 0 }, (uint16_t)amount);

		assert_true(mixed.r >= before);
		before = mixed.r;
	}
	assert_int_equal(before, 240);
}

static void many_pixels_mix_as_each_one_does_also_in_place(void **state)
{
	struct pixel from[9], to[9], out[9], kept[9];

	(void)state;
	for (unsigned int i = 0; i < 9; i++) {
		from[i] = some(i * 29);
		to[i] = some(i * 57 + 3);
		out[i] = kept[i] = some(i);
	}
	blend_all(out + 1, from + 1, to + 1, 7, 20000);
	for (unsigned int i = 0; i < 9; i++) {
		struct pixel want = i >= 1 && i <= 7 ? blend(from[i], to[i], 20000) : kept[i];

		assert_memory_equal(&out[i], &want, sizeof(want));
	}
	memcpy(kept, from, sizeof(from));
	blend_all(from, from, to, 9, 20000);
	blend_all(to, kept, to, 9, 20000);
	assert_memory_equal(from, to, sizeof(to));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(light_of_a_component_is_its_power_of_two_point_two_rounded),
		cmocka_unit_test(dark_light_gives_the_nearest_component),
		cmocka_unit_test(bright_light_gives_a_component_at_most_one_step_of_the_table_away),
		cmocka_unit_test(every_component_survives_the_way_to_light_and_back),
		cmocka_unit_test(both_ends_are_exactly_the_two_colours),
		cmocka_unit_test(a_colour_mixed_with_itself_stays_but_for_a_1_that_may_go_out),
		cmocka_unit_test(half_black_and_half_white_is_half_the_light),
		cmocka_unit_test(a_mix_is_within_one_and_a_half_of_light_as_the_square),
		cmocka_unit_test(a_mix_is_within_10_of_a_gamma_of_2_2),
		cmocka_unit_test(mixing_goes_up_steadily),
		cmocka_unit_test(many_pixels_mix_as_each_one_does_also_in_place),
	};

	return cmocka_run_group_tests_name("blend", tests, NULL, NULL);
}
