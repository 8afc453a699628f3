// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pixel/color.h: the corners of the hue circle are from the definition of HSV,
 * scaling from v × level / 255 worked out with integers here, presets from the
 * original station's list.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pixel/color.h"

static void assert_color(struct pixel color, int r, int g, int b)
{
	assert_int_equal(color.r, r);
	assert_int_equal(color.g, g);
	assert_int_equal(color.b, b);
	assert_int_equal(color.w, 0);
}

static void hues_of_the_six_corners_are_the_pure_and_mixed_colours(void **state)
{
	(void)state;
	assert_color(color_from_hue(0), 255, 0, 0);
	assert_color(color_from_hue(60), 255, 255, 0);
	assert_color(color_from_hue(120), 0, 255, 0);
	assert_color(color_from_hue(180), 0, 255, 255);
	assert_color(color_from_hue(240), 0, 0, 255);
	assert_color(color_from_hue(300), 255, 0, 255);
}

static void hues_between_the_corners_are_rounded_to_the_nearest(void **state)
{
	(void)state;
	/* 255 × 30 / 60 = 127.5; 255 × 1 / 60 = 4.25; 255 × 59 / 60 = 250.75 */
	assert_color(color_from_hue(30), 255, 128, 0);
	assert_color(color_from_hue(1), 255, 4, 0);
	assert_color(color_from_hue(359), 255, 0, 4);
	assert_color(color_from_hue(61), 251, 255, 0);
	assert_color(color_from_hue(239), 0, 4, 255);
}

static void hues_are_taken_modulo_360(void **state)
{
	(void)state;
	for (uint32_t hue = 0; hue <= COLOR_HUE_MAX; hue++) {
		struct pixel one = color_from_hue(hue), other = color_from_hue(hue + 720);

		assert_memory_equal(&one, &other, sizeof(one));
	}
	assert_color(color_from_hue(360), 255, 0, 0);
}

static void hsv_without_saturation_is_grey_and_without_value_black(void **state)
{
	(void)state;
	for (uint32_t hue = 0; hue < 65536; hue += 97) {
		assert_color(color_from_hsv((uint16_t)hue, 0, 77), 77, 77, 77);
		assert_color(color_from_hsv((uint16_t)hue, 255, 0), 0, 0, 0);
	}
}

static void hsv_has_its_value_as_the_largest_and_its_rest_as_the_smallest_component(void **state)
{
	(void)state;
	for (uint32_t hue = 0; hue < 65536; hue += 251)
		for (uint32_t saturation = 0; saturation < 256; saturation += 5)
			for (uint32_t value = 0; value < 256; value += 3) {
				struct pixel c = color_from_hsv((uint16_t)hue, (uint8_t)saturation,
								(uint8_t)value);
				int high = c.r > c.g ? c.r : c.g, low = c.r < c.g ? c.r : c.g;
				/* smallest: value × (255 - saturation) / 255, rounded */
				int rest = (int)((value * (255 - saturation) * 2 + 255) / 510);

				high = c.b > high ? c.b : high;
				low = c.b < low ? c.b : low;
				assert_int_equal(high, value);
				assert_int_equal(low, rest);
			}
}

static void hsv_never_jumps_from_one_hue_to_the_next(void **state)
{
	struct pixel before = color_from_hsv(65535, 255, 255);

	(void)state;
	/* 65536 / 6 hues for 255 steps: a component changes by at most 1 */
	for (uint32_t hue = 0; hue < 65536; hue++) {
		struct pixel now = color_from_hsv((uint16_t)hue, 255, 255);

		assert_in_range(now.r - before.r + 1, 0, 2);
		assert_in_range(now.g - before.g + 1, 0, 2);
		assert_in_range(now.b - before.b + 1, 0, 2);
		before = now;
	}
}

static void scaling_is_rounded_exactly_for_every_value_and_level(void **state)
{
	(void)state;
	for (unsigned int v = 0; v < 256; v++)
		for (unsigned int level = 0; level < 256; level++) {
			struct pixel c = { (uint8_t)v, (uint8_t)(255 - v), 0, (uint8_t)v };

			c = color_scale(c, (uint8_t)level);
			/* x rounded is (2x + 1) / 2 rounded down */
			assert_int_equal(c.r, (v * level * 2 + 255) / 510);
			assert_int_equal(c.g, ((255 - v) * level * 2 + 255) / 510);
			assert_int_equal(c.b, 0);
			assert_int_equal(c.w, c.r);
		}
}

static void scaling_many_pixels_is_scaling_each_and_no_other(void **state)
{
	static const uint8_t levels[] = { 0, 1, 128, 254, 255 };
	struct pixel pixels[7];

	(void)state;
	for (size_t l = 0; l < sizeof(levels); l++) {
		for (uint8_t i = 0; i < 7; i++)
			pixels[i] = (struct pixel){ (uint8_t)(i * 36), 200, 3, i };
		color_scale_all(pixels + 1, 5, levels[l]);
		for (uint8_t i = 0; i < 7; i++) {
			struct pixel c = { (uint8_t)(i * 36), 200, 3, i };

			if (i >= 1 && i <= 5)
				c = color_scale(c, levels[l]);
			assert_memory_equal(&pixels[i], &c, sizeof(c));
		}
	}
	color_scale_all(NULL, 0, 7);
}

static void presets_are_the_twenty_in_the_order_of_the_original_and_off(void **state)
{
	static const char *const names[] = {
		"red",	   "orange",   "amber", "yellow",     "lime",	"green",      "mint",
		"cyan",	   "sky_blue", "ocean", "blue",	      "indigo", "violet",     "purple",
		"magenta", "hot_pink", "pink",	"warm_white", "white",	"cool_white", "off",
	};
	const struct color_preset *presets;
	size_t count;

	(void)state;
	presets = color_presets(&count);
	assert_int_equal(count, 21);
	assert_ptr_equal(color_presets(NULL), presets);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(presets[i].name, names[i]);
		assert_int_equal(color_preset_find(names[i]), i);
	}
	assert_color(presets[17].color, 255, 200, 150);
	assert_color(presets[18].color, 255, 255, 255);
	assert_color(presets[19].color, 200, 220, 255);
	assert_color(presets[20].color, 0, 0, 0);
}

static void presets_are_all_different(void **state)
{
	const struct color_preset *presets;
	size_t count;

	(void)state;
	presets = color_presets(&count);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(&presets[i].color, &presets[j].color,
						sizeof(struct pixel));
}

static void presets_are_found_in_any_case_and_unknown_ones_are_not(void **state)
{
	(void)state;
	assert_int_equal(color_preset_find("Warm_WHITE"), 17);
	assert_int_equal(color_preset_find("warm"), -ENOENT);
	assert_int_equal(color_preset_find(""), -ENOENT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hues_of_the_six_corners_are_the_pure_and_mixed_colours),
		cmocka_unit_test(hues_between_the_corners_are_rounded_to_the_nearest),
		cmocka_unit_test(hues_are_taken_modulo_360),
		cmocka_unit_test(hsv_without_saturation_is_grey_and_without_value_black),
		cmocka_unit_test(
			hsv_has_its_value_as_the_largest_and_its_rest_as_the_smallest_component),
		cmocka_unit_test(hsv_never_jumps_from_one_hue_to_the_next),
		cmocka_unit_test(scaling_is_rounded_exactly_for_every_value_and_level),
		cmocka_unit_test(scaling_many_pixels_is_scaling_each_and_no_other),
		cmocka_unit_test(presets_are_the_twenty_in_the_order_of_the_original_and_off),
		cmocka_unit_test(presets_are_all_different),
		cmocka_unit_test(presets_are_found_in_any_case_and_unknown_ones_are_not),
	};

	return cmocka_run_group_tests_name("color", tests, NULL, NULL);
}
