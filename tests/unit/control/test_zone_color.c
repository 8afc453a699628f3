// SPDX-License-Identifier: GPL-2.0-or-later
/* control/zone_color.h: expected colours follow from the definitions of hue, HSV and hex. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "control/zone_color.h"

static const struct presets none;

static struct zone_color complete(struct zone_color color)
{
	assert_int_equal(zone_color_complete(&color, &none), 0);
	return color;
}

static void expect(struct zone_color given, uint8_t r, uint8_t g, uint8_t b)
{
	struct zone_color color = complete(given);

	assert_int_equal(color.rgb.r, r);
	assert_int_equal(color.rgb.g, g);
	assert_int_equal(color.rgb.b, b);
	assert_int_equal(color.rgb.w, 0);
}

#define HSV(h, s, v) ((struct zone_color){ .mode = ZONE_COLOR_HSV, .hsv = { h, s, v } })
#define KELVIN(t) ((struct zone_color){ .mode = ZONE_COLOR_KELVIN, .kelvin = (t) })

static void every_mode_has_a_name_and_a_member(void **state)
{
	(void)state;
	for (size_t i = 0; i < ZONE_COLOR_MODES; i++) {
		assert_non_null(zone_color_modes[i]);
		assert_non_null(zone_color_members[i]);
	}
	assert_null(zone_color_modes[ZONE_COLOR_MODES]);
	assert_null(zone_color_members[ZONE_COLOR_MODES]);
}

static void hsv_in_degrees_and_percent_is_rounded_to_the_nearest(void **state)
{
	(void)state;
	expect(HSV(0, 100, 100), 255, 0, 0);
	expect(HSV(360, 100, 100), 255, 0, 0);
	/* 30 degrees: green half way up, 127.5 */
	expect(HSV(30, 100, 100), 255, 128, 0);
	/* 255 x 0.5 = 127.5; the least is 127.5 x (1 - 0.5) = 63.75 */
	expect(HSV(120, 50, 50), 64, 128, 64);
	/* 255 x 0.8 = 204; least 204 x 0.75 = 153; red falls: 204 x (1 - 0.25 x 30/60) = 178.5 */
	expect(HSV(90, 25, 80), 179, 204, 153);
	expect(HSV(217, 0, 100), 255, 255, 255);
	expect(HSV(217, 100, 0), 0, 0, 0);
}

static void hsv_of_full_saturation_and_value_is_the_hue(void **state)
{
	(void)state;
	for (uint16_t hue = 0; hue <= COLOR_HUE_MAX; hue++) {
		struct pixel rgb = color_from_hue(hue);

		expect(HSV(hue, 100, 100), rgb.r, rgb.g, rgb.b);
	}
}

static void kelvin_is_told_by_a_number_and_shows_as_white_that_glows(void **state)
{
	struct zone_color warm = complete(KELVIN(2700)), cold = complete(KELVIN(6500));

	(void)state;
	assert_int_equal(warm.kelvin, 2700);
	assert_int_equal(warm.rgb.r, 255);
	assert_true(warm.rgb.g < 200 && warm.rgb.b < warm.rgb.g);
	/* 6500 K is nearly the white of sRGB */
	assert_true(cold.rgb.r > 245 && cold.rgb.g > 245 && cold.rgb.b > 245);
}

static void a_mode_keeps_its_member_and_nothing_of_the_others(void **state)
{
	struct zone_color color = { .mode = ZONE_COLOR_HEX,
				    .hue = 7,
				    .preset = 3,
				    .kelvin = 3000,
				    .hsv = { 1, 2, 3 },
				    .rgb = { 1, 2, 3, 9 } };

	(void)state;
	color = complete(color);
	assert_int_equal(color.hue | color.preset | color.kelvin | color.hsv.hue, 0);
	assert_int_equal(color.hsv.saturation | color.hsv.value, 0);
	assert_int_equal(color.rgb.b, 3);
}

static void what_is_out_of_range_is_refused_and_left_alone(void **state)
{
	struct zone_color wrong[] = {
		HSV(361, 0, 0),
		HSV(0, 101, 0),
		HSV(0, 0, 101),
		KELVIN(999),
		KELVIN(15001),
		{ .mode = ZONE_COLOR_HUE, .hue = 361 },
		{ .mode = ZONE_COLOR_PRESET, .preset = 60000 },
		{ .mode = ZONE_COLOR_MODES },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct zone_color color = wrong[i];

		assert_int_equal(zone_color_complete(&color, &none), -EINVAL);
		assert_memory_equal(&color, &wrong[i], sizeof(color));
	}
}

static void colours_are_the_same_in_the_same_words_only(void **state)
{
	struct zone_color hue = complete((struct zone_color){ .mode = ZONE_COLOR_HUE });
	struct zone_color hsv = complete(HSV(0, 100, 100)), other = hsv;

	(void)state;
	assert_memory_equal(&hue.rgb, &hsv.rgb, sizeof(hue.rgb));
	assert_false(zone_color_same(&hue, &hsv));
	assert_true(zone_color_same(&other, &hsv));
	other.hsv.value = 99;
	assert_false(zone_color_same(&other, &hsv));
}

static void hex_is_a_hash_and_six_digits(void **state)
{
	static const char *const wrong[] = { "",	"ff8000",  "#ff800",  "#ff80000", "#gg0000",
					     "#ff 000", "#-f8000", "##f8000", "#0xff80" };
	char text[ZONE_COLOR_HEX_MAX];
	struct pixel rgb;

	(void)state;
	assert_true(zone_color_from_hex("#Ff8000", &rgb));
	assert_int_equal(rgb.r, 0xff);
	assert_int_equal(rgb.g, 0x80);
	assert_int_equal(rgb.b, 0x00);
	zone_color_hex(rgb, text);
	assert_string_equal(text, "#ff8000");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(zone_color_from_hex(wrong[i], &rgb));
	assert_false(zone_color_from_hex(NULL, &rgb));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mode_has_a_name_and_a_member),
		cmocka_unit_test(hsv_in_degrees_and_percent_is_rounded_to_the_nearest),
		cmocka_unit_test(hsv_of_full_saturation_and_value_is_the_hue),
		cmocka_unit_test(kelvin_is_told_by_a_number_and_shows_as_white_that_glows),
		cmocka_unit_test(a_mode_keeps_its_member_and_nothing_of_the_others),
		cmocka_unit_test(what_is_out_of_range_is_refused_and_left_alone),
		cmocka_unit_test(colours_are_the_same_in_the_same_words_only),
		cmocka_unit_test(hex_is_a_hash_and_six_digits),
	};

	return cmocka_run_group_tests_name("zone_color", tests, NULL, NULL);
}
