// SPDX-License-Identifier: GPL-2.0-or-later
/* frames/compose.h: bytes of the frames are written out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "frames/compose.h"

/* channel 0: 4 pixels of 3 bytes, channel 1: 3 pixels of 4 bytes; 24 bytes */
static struct output_geometry two_strips(void)
{
	struct output_geometry geometry = {
		.channels = 2,
		.channel = { { .pixels = 4, .components = 3 }, { .pixels = 3, .components = 4 } },
	};

	assert_int_equal(output_layout(&geometry), 0);
	assert_int_equal(geometry.frame_bytes, 24);
	return geometry;
}

static const struct pixel colors[3] = { { 1, 2, 3, 4 }, { 11, 12, 13, 14 }, { 21, 22, 23, 24 } };

#define GUARD 0xee

static void assert_composed(const struct frames_zone_config *zone, const uint8_t want[24])
{
	struct output_geometry geometry = two_strips();
	uint32_t source[3];
	uint8_t frame[26];

	memset(frame, GUARD, sizeof(frame));
	for (uint32_t i = 0; i < compose_pixels(zone); i++)
		source[i] = compose_source(zone, i);
	compose_zone(frame + 1, &geometry, 0, zone, compose_plain(zone) ? NULL : source, colors);
	assert_memory_equal(frame + 1, want, 24);
	assert_int_equal(frame[0], GUARD);
	assert_int_equal(frame[25], GUARD);
}

#define G GUARD

static void a_zone_writes_its_own_pixels_only(void **state)
{
	static const uint8_t want[24] = { G, G, G, 1, 2, 3, 11, 12, 13, G, G, G,
					  G, G, G, G, G, G, G,	G,  G,	G, G, G };

	(void)state;
	assert_composed(&(struct frames_zone_config){ .part_count = 1,
						      .part = { { .first = 1, .count = 2 } } },
			want);
}

static void a_reversed_zone_begins_at_its_last_pixel(void **state)
{
	static const uint8_t want[24] = { G, G, G, 21, 22, 23, 11, 12, 13, 1, 2, 3,
					  G, G, G, G,  G,  G,  G,  G,  G,  G, G, G };

	(void)state;
	assert_composed(&(struct frames_zone_config){ .part_count = 1,
						      .part = { { .first = 1, .count = 3 } },
						      .reversed = true },
			want);
}

static void a_channel_with_four_components_has_white_last(void **state)
{
	static const uint8_t want[24] = { G, G, G, G, G,  G,  G,  G,  G,  G,  G,  G,
					  1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24 };

	(void)state;
	assert_composed(&(struct frames_zone_config){ .part_count = 1,
						      .part = { { .channel = 1, .count = 3 } } },
			want);
}

static void a_reversed_zone_keeps_the_order_within_each_pixel(void **state)
{
	static const uint8_t want[24] = { G,  G,  G,  G,  G, G, G, G, G, G, G, G,
					  11, 12, 13, 14, 1, 2, 3, 4, G, G, G, G };

	(void)state;
	assert_composed(&(struct frames_zone_config){ .part_count = 1,
						      .part = { { .channel = 1, .count = 2 } },
						      .reversed = true },
			want);
}

static void an_empty_zone_writes_nothing(void **state)
{
	static const uint8_t want[24] = { G, G, G, G, G, G, G, G, G, G, G, G,
					  G, G, G, G, G, G, G, G, G, G, G, G };

	(void)state;
	assert_composed(&(struct frames_zone_config){ .part_count = 1, .part = { { .first = 4 } } },
			want);
	assert_composed(&(struct frames_zone_config){ .part_count = 1,
						      .part = { { .first = 4 } },
						      .reversed = true },
			want);
}

static void a_zone_fits_if_all_of_its_pixels_are_there(void **state)
{
	static const struct {
		uint32_t channel, first, count;
		bool fits;
	} zones[] = {
		{ 0, 0, 4, true },	     { 0, 0, 5, false },
		{ 0, 3, 1, true },	     { 0, 4, 0, true },
		{ 0, 4, 1, false },	     { 0, 5, 0, false },
		{ 1, 0, 3, true },	     { 1, 1, 3, false },
		{ 2, 0, 0, false },	     { 0, UINT32_MAX, 2, false },
		{ 0, 2, UINT32_MAX, false }, { UINT32_MAX, 0, 1, false },
	};
	struct output_geometry geometry = two_strips();

	(void)state;
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		struct frames_part part = {
			.channel = zones[i].channel,
			.first = zones[i].first,
			.count = zones[i].count,
		};

		assert_int_equal(compose_fits(&part, &geometry), zones[i].fits);
	}
}

static void parts_follow_each_other_with_gaps_on_several_channels(void **state)
{
	/* pixel 3 of channel 0, pixel 0 of channel 0, pixel 1 of channel 1 */
	static const uint8_t want[24] = { 11, 12, 13, G, G,  G,	 G,  G,	 G, 1, 2, 3,
					  G,  G,  G,  G, 21, 22, 23, 24, G, G, G, G };
	static const uint8_t backwards[24] = { 11, 12, 13, G, G, G, G, G, G, 21, 22, 23,
					       G,  G,  G,  G, 1, 2, 3, 4, G, G,	 G,  G };
	struct frames_zone_config zone = {
		.part_count = 3,
		.part = { { .first = 3, .count = 1 },
			  { .first = 0, .count = 1 },
			  { .channel = 1, .first = 1, .count = 1 } },
	};

	(void)state;
	assert_composed(&zone, want);
	zone.reversed = true;
	assert_composed(&zone, backwards);
}

static void a_reversed_part_is_turned_within_itself(void **state)
{
	static const uint8_t want[24] = { 11, 12, 13, 1, 2, 3, G, G, G, 21, 22, 23,
					  G,  G,  G,  G, G, G, G, G, G, G,  G,	G };
	struct frames_zone_config zone = {
		.part_count = 2,
		.part = { { .first = 0, .count = 2, .reversed = true },
			  { .first = 3, .count = 1 } },
	};

	(void)state;
	assert_composed(&zone, want);
}

static void parts_on_other_outputs_are_left_out(void **state)
{
	static const uint8_t want[24] = { G, G, G, 11, 12, 13, G, G, G, G, G, G,
					  G, G, G, G,  G,  G,  G, G, G, G, G, G };
	struct frames_zone_config zone = {
		.part_count = 3,
		.part = { { .output = 1, .first = 0, .count = 1 },
			  { .output = 0, .first = 1, .count = 1 },
			  { .output = 2, .first = 2, .count = 1 } },
	};

	(void)state;
	assert_composed(&zone, want);
}

/*
 * A matrix of 3 columns and 2 rows. The wanted lists are what stands at each
 * place along the wire, where the upright picture is numbered row by row.
 */
static void assert_wired(bool reversed, bool serpentine, uint8_t rotation, const uint32_t want[6])
{
	struct frames_zone_config zone = {
		.part_count = 1,
		.part = { { .count = 6 } },
		.width = 3,
		.height = 2,
		.reversed = reversed,
		.serpentine = serpentine,
		.rotation = rotation,
	};

	for (uint32_t i = 0; i < 6; i++)
		assert_int_equal(compose_source(&zone, i), want[i]);
}

static void a_matrix_is_wired_row_by_row(void **state)
{
	(void)state;
	assert_wired(false, false, 0, (const uint32_t[]){ 0, 1, 2, 3, 4, 5 });
	assert_wired(true, false, 0, (const uint32_t[]){ 5, 4, 3, 2, 1, 0 });
}

static void a_serpentine_turns_back_in_every_other_row(void **state)
{
	(void)state;
	/* the wire goes 0 1 2 and back below: 5 4 3 */
	assert_wired(false, true, 0, (const uint32_t[]){ 0, 1, 2, 5, 4, 3 });
	assert_wired(true, true, 0, (const uint32_t[]){ 3, 4, 5, 2, 1, 0 });
}

static void a_picture_stays_upright_on_a_matrix_that_hangs_turned(void **state)
{
	(void)state;
	/*
	 * A quarter clockwise, what one sees is 2 wide and 3 high, and the wire's first
	 * row goes down its right side:	0 1
	 *					2 3
	 *					4 5
	 */
	assert_wired(false, false, 1, (const uint32_t[]){ 1, 3, 5, 0, 2, 4 });
	/* upside down */
	assert_wired(false, false, 2, (const uint32_t[]){ 5, 4, 3, 2, 1, 0 });
	/* three quarters: the first row goes up the left side */
	assert_wired(false, false, 3, (const uint32_t[]){ 4, 2, 0, 5, 3, 1 });
	/* and with the second row turned back */
	assert_wired(false, true, 1, (const uint32_t[]){ 1, 3, 5, 4, 2, 0 });
}

static void any_number_of_pixels_is_each_of_them_and_no_other(void **state)
{
	struct output_geometry geometry = { .channels = 1,
					    .channel = { { .pixels = 80, .components = 3 } } };
	struct pixel pixels[80];
	uint8_t frame[242];

	(void)state;
	assert_int_equal(output_layout(&geometry), 0);
	for (uint32_t i = 0; i < 80; i++)
		pixels[i] = (struct pixel){ (uint8_t)i, (uint8_t)(i + 80), (uint8_t)(i + 160), 99 };
	for (uint32_t n = 1; n <= 80; n++) {
		struct frames_zone_config zone = { .part_count = 1, .part = { { .count = n } } };

		memset(frame, GUARD, sizeof(frame));
		compose_zone(frame + 1, &geometry, 0, &zone, NULL, pixels);
		for (uint32_t i = 0; i < n; i++) {
			assert_int_equal(frame[1 + 3 * i], i);
			assert_int_equal(frame[2 + 3 * i], i + 80);
			assert_int_equal(frame[3 + 3 * i], i + 160);
		}
		assert_int_equal(frame[0], GUARD);
		for (uint32_t i = 1 + 3 * n; i < sizeof(frame); i++)
			assert_int_equal(frame[i], GUARD);
	}
}

static void white_gets_its_share_where_the_channel_says_so(void **state)
{
	/* sqrt(200^2 - 100^2) = 173; the last one has white of its own */
	static const struct pixel given[3] = { { 9, 9, 9, 0 },
					       { 200, 100, 100, 0 },
					       { 3, 4, 5, 6 } };
	static const uint8_t want[24] = { G, G, G, G, G,   G, G, G,   G, G, G, G,
					  0, 0, 0, 9, 173, 0, 0, 100, 3, 4, 5, 6 };
	struct frames_zone_config zone = { .part_count = 1,
					   .part = { { .channel = 1, .count = 3 } } };
	struct output_geometry geometry = two_strips();
	uint8_t frame[24];

	(void)state;
	memset(frame, GUARD, sizeof(frame));
	white_init(&geometry.channel[1].white, WHITE_NEUTRAL);
	compose_zone(frame, &geometry, 0, &zone, NULL, given);
	assert_memory_equal(frame, want, sizeof(want));
}

static void channels_without_white_leds_never_have_a_share_for_them(void **state)
{
	struct output_colors whites[OUTPUT_MAX_CHANNELS] = { { .white = WHITE_NEUTRAL },
							     { .white = 2700 } };
	struct output_geometry geometry = two_strips();

	(void)state;
	output_set_whites(&geometry, whites);
	assert_false(geometry.channel[0].white.on);
	assert_true(geometry.channel[1].white.on);
	assert_true(geometry.channel[1].white.light[2] < 0.5F);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zone_writes_its_own_pixels_only),
		cmocka_unit_test(a_reversed_zone_begins_at_its_last_pixel),
		cmocka_unit_test(a_channel_with_four_components_has_white_last),
		cmocka_unit_test(a_reversed_zone_keeps_the_order_within_each_pixel),
		cmocka_unit_test(an_empty_zone_writes_nothing),
		cmocka_unit_test(parts_follow_each_other_with_gaps_on_several_channels),
		cmocka_unit_test(a_reversed_part_is_turned_within_itself),
		cmocka_unit_test(parts_on_other_outputs_are_left_out),
		cmocka_unit_test(a_matrix_is_wired_row_by_row),
		cmocka_unit_test(a_serpentine_turns_back_in_every_other_row),
		cmocka_unit_test(a_picture_stays_upright_on_a_matrix_that_hangs_turned),
		cmocka_unit_test(any_number_of_pixels_is_each_of_them_and_no_other),
		cmocka_unit_test(white_gets_its_share_where_the_channel_says_so),
		cmocka_unit_test(channels_without_white_leds_never_have_a_share_for_them),
		cmocka_unit_test(a_zone_fits_if_all_of_its_pixels_are_there),
	};

	return cmocka_run_group_tests_name("compose", tests, NULL, NULL);
}
