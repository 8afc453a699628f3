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
	uint8_t frame[26];

	memset(frame, GUARD, sizeof(frame));
	compose_zone(frame + 1, &geometry, zone, colors);
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
	assert_composed(&(struct frames_zone_config){ .first = 1, .count = 2 }, want);
}

static void a_reversed_zone_begins_at_its_last_pixel(void **state)
{
	static const uint8_t want[24] = { G, G, G, 21, 22, 23, 11, 12, 13, 1, 2, 3,
					  G, G, G, G,  G,  G,  G,  G,  G,  G, G, G };

	(void)state;
	assert_composed(&(struct frames_zone_config){ .first = 1, .count = 3, .reversed = true },
			want);
}

static void a_channel_with_four_components_has_white_last(void **state)
{
	static const uint8_t want[24] = { G, G, G, G, G,  G,  G,  G,  G,  G,  G,  G,
					  1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24 };

	(void)state;
	assert_composed(&(struct frames_zone_config){ .channel = 1, .count = 3 }, want);
}

static void a_reversed_zone_keeps_the_order_within_each_pixel(void **state)
{
	static const uint8_t want[24] = { G,  G,  G,  G,  G, G, G, G, G, G, G, G,
					  11, 12, 13, 14, 1, 2, 3, 4, G, G, G, G };

	(void)state;
	assert_composed(&(struct frames_zone_config){ .channel = 1, .count = 2, .reversed = true },
			want);
}

static void an_empty_zone_writes_nothing(void **state)
{
	static const uint8_t want[24] = { G, G, G, G, G, G, G, G, G, G, G, G,
					  G, G, G, G, G, G, G, G, G, G, G, G };

	(void)state;
	assert_composed(&(struct frames_zone_config){ .first = 4 }, want);
	assert_composed(&(struct frames_zone_config){ .first = 4, .reversed = true }, want);
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
		struct frames_zone_config zone = {
			.channel = zones[i].channel,
			.first = zones[i].first,
			.count = zones[i].count,
		};

		assert_int_equal(compose_fits(&zone, &geometry), zones[i].fits);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zone_writes_its_own_pixels_only),
		cmocka_unit_test(a_reversed_zone_begins_at_its_last_pixel),
		cmocka_unit_test(a_channel_with_four_components_has_white_last),
		cmocka_unit_test(a_reversed_zone_keeps_the_order_within_each_pixel),
		cmocka_unit_test(an_empty_zone_writes_nothing),
		cmocka_unit_test(a_zone_fits_if_all_of_its_pixels_are_there),
	};

	return cmocka_run_group_tests_name("compose", tests, NULL, NULL);
}
