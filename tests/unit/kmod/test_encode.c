// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of kmod/encode.c. Expected words are drawn symbol by symbol, expected
 * levels counted (vectors.h); sums are written out or added up the long way.
 */

#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "encode.h"
#include "vectors.h"

#define GUARD 0xdeadbeefU

static const struct diuna_symbols pattern_long = { .zero = 0x8, .one = 0xe };
static const struct diuna_symbols pattern_half = { .zero = 0x8, .one = 0xc };

/* xorshift64: the same numbers in every run */
static u64 random_state;

static u64 random_u64(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static u32 random_below(u32 limit)
{
	return (random_u64() >> 32) * limit >> 32;
}

static void random_bytes(void *buffer, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((u8 *)buffer)[i] = random_u64() >> 56;
}

static void order_of(const char *name, struct diuna_order *ret)
{
	assert_int_equal(diuna_order_parse(name, ret), 0);
}

static void every_order_of_rgb_and_rgbw_is_read_in_any_case(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < VEC_ORDERS; n++) {
		char name[5];
		u8 src[4];
		unsigned int components = vec_order(n, name, src);

		for (unsigned int upper = 0; upper < 1U << components; upper++) {
			struct diuna_order o;
			char mixed[5] = { 0 };

			for (unsigned int i = 0; i < components; i++)
				mixed[i] = upper & (1U << i) ? name[i] : tolower(name[i]);
			order_of(mixed, &o);
			assert_int_equal(o.components, components);
			assert_memory_equal(o.src, src, components);
			assert_string_equal(o.name, name);
		}
	}
}

static void the_orders_people_know_are_what_they_say(void **state)
{
	struct diuna_order o;

	(void)state;
	order_of("GRB", &o);
	assert_int_equal(o.components, 3);
	assert_memory_equal(o.src, ((u8[]){ 1, 0, 2 }), 3);
	order_of("brg", &o);
	assert_memory_equal(o.src, ((u8[]){ 2, 0, 1 }), 3);
	order_of("GRBW", &o);
	assert_int_equal(o.components, 4);
	assert_memory_equal(o.src, ((u8[]){ 1, 0, 2, 3 }), 4);
	order_of("WBGR", &o);
	assert_memory_equal(o.src, ((u8[]){ 3, 2, 1, 0 }), 4);
}

static void assert_order_refused(const char *name)
{
	struct diuna_order before, after;

	memset(&before, 0xa5, sizeof(before));
	memset(&after, 0xa5, sizeof(after));
	assert_int_equal(diuna_order_parse(name, &after), -EINVAL);
	assert_memory_equal(&before, &after, sizeof(before));
}

static void a_name_that_is_no_order_is_refused_and_changes_nothing(void **state)
{
	static const char *const names[] = {
		"",	 "R",	   "RG",   "RGG",  "RRR",   "RGW",  "WWW", "RGBR",    "RGBWW",
		"RGBWR", "RGBRGB", " RGB", "RGB ", "RGB\n", "RG B", "012", "RGB\xff", "\xd2GB",
	};

	(void)state;
	assert_order_refused(NULL);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_order_refused(names[i]);

	/* in the place of the R every other character but r */
	for (unsigned int c = 1; c < 256; c++) {
		const char name[] = { 'G', (char)c, 'B', '\0' };

		if (c != 'R' && c != 'r')
			assert_order_refused(name);
	}
}

static void the_identity_tables_change_nothing(void **state)
{
	u8 lut[4][256];

	(void)state;
	memset(lut, 0xa5, sizeof(lut));
	diuna_table_identity_lut(lut);
	for (unsigned int c = 0; c < 4; c++)
		for (unsigned int v = 0; v < 256; v++)
			assert_int_equal(lut[c][v], v);
}

static void words_of_some_bytes_are_as_drawn_by_hand(void **state)
{
	struct diuna_table t;
	struct diuna_order o;
	u8 lut[4][256];
	u32 words[3];

	(void)state;
	order_of("GRB", &o);
	diuna_table_identity_lut(lut);

	/*
	 * 0xa5 is 1010 0101: 1110 1000 1110 1000 1000 1110 1000 1110; the
	 * wire gets G (0x00), R (0xa5), B (0xff).
	 */
	diuna_table_build(&t, &o, &pattern_long, lut, 255, 65536, NULL, false);
	diuna_encode(&t, &o, (u8[]){ 0xa5, 0x00, 0xff }, 1, words, 1);
	assert_int_equal(words[0], 0x88888888);
	assert_int_equal(words[1], 0xe8e88e8e);
	assert_int_equal(words[2], 0xeeeeeeee);

	diuna_table_build(&t, &o, &pattern_half, lut, 255, 65536, NULL, false);
	diuna_encode(&t, &o, (u8[]){ 0xa5, 0x00, 0xff }, 1, words, 1);
	assert_int_equal(words[0], 0x88888888);
	assert_int_equal(words[1], 0xc8c88c8c);
	assert_int_equal(words[2], 0xcccccccc);
}

static void every_byte_becomes_the_word_drawn_bit_by_bit(void **state)
{
	static const char *const drawn[][2] = {
		{ "1000", "1110" },
		{ "1000", "1100" },
		{ "1100", "1110" },
		{ "0111", "0001" },
	};
	struct diuna_table t;
	struct diuna_order o;
	u8 lut[4][256];

	(void)state;
	order_of("RGBW", &o);
	diuna_table_identity_lut(lut);
	for (size_t p = 0; p < sizeof(drawn) / sizeof(drawn[0]); p++) {
		const char *zero = drawn[p][0], *one = drawn[p][1];
		struct diuna_symbols s = { vec_pattern(zero), vec_pattern(one) };

		for (unsigned int v = 0; v < 256; v++) {
			u32 expected = vec_word(v, zero, one);
			u8 pixel[4] = { v, v, v, v };
			u8 bytes[16];
			u32 words[4];

			diuna_table_build(&t, &o, &s, lut, 255, 65536, NULL, false);
			diuna_encode(&t, &o, pixel, 1, words, 1);
			for (unsigned int i = 0; i < 4; i++)
				assert_int_equal(words[i], expected);

			/* for SPI the first symbol is in the first byte of memory */
			diuna_table_build(&t, &o, &s, lut, 255, 65536, NULL, true);
			diuna_encode(&t, &o, pixel, 1, words, 1);
			memcpy(bytes, words, sizeof(bytes));
			for (unsigned int i = 0; i < 16; i++)
				assert_int_equal(bytes[i], (expected >> (24 - 8 * (i % 4))) & 0xff);
		}
	}
}

/* Encode one grey pixel and compare all its words with a level's */
static void assert_level(const struct diuna_table *t, const struct diuna_order *o,
			 unsigned int value, unsigned int level)
{
	u8 pixel[4] = { value, value, value, value };
	u32 words[4];

	diuna_encode(t, o, pixel, 1, words, 1);
	for (unsigned int i = 0; i < o->components; i++)
		assert_int_equal(words[i], vec_word(level, "1000", "1110"));
}

static void brightness_is_rounded_for_every_value_and_setting(void **state)
{
	struct diuna_table t;
	struct diuna_order o;
	u8 lut[4][256];

	(void)state;
	order_of("GRB", &o);
	diuna_table_identity_lut(lut);
	for (unsigned int brightness = 0; brightness < 256; brightness++) {
		diuna_table_build(&t, &o, &pattern_long, lut, brightness, 65536, NULL, false);
		for (unsigned int v = 0; v < 256; v++)
			assert_level(&t, &o, v, vec_level(v, brightness, 65536));
	}

	diuna_table_build(&t, &o, &pattern_long, lut, 0, 65536, NULL, false);
	assert_level(&t, &o, 255, 0);
	diuna_table_build(&t, &o, &pattern_long, lut, 1, 65536, NULL, false);
	assert_level(&t, &o, 127, 0); /* 127 / 255 = 0.498 */
	assert_level(&t, &o, 128, 1); /* 128 / 255 = 0.502 */
	assert_level(&t, &o, 255, 1);
	diuna_table_build(&t, &o, &pattern_long, lut, 128, 65536, NULL, false);
	assert_level(&t, &o, 100, 50); /* 50.196 */
	assert_level(&t, &o, 3, 2);    /* 1.506 */
	assert_level(&t, &o, 255, 128);
	diuna_table_build(&t, &o, &pattern_long, lut, 255, 65536, NULL, false);
	assert_level(&t, &o, 255, 255);
	assert_level(&t, &o, 1, 1);
}

static void the_power_scale_is_applied_after_brightness_and_rounds_down(void **state)
{
	static const u32 scales[] = { 0, 1, 255, 256, 257, 32767, 32768, 32769, 65535, 65536 };
	static const unsigned int settings[] = { 0, 1, 128, 200, 255 };
	struct diuna_table t;
	struct diuna_order o;
	u8 lut[4][256];

	(void)state;
	order_of("GRBW", &o);
	diuna_table_identity_lut(lut);
	for (size_t b = 0; b < sizeof(settings) / sizeof(settings[0]); b++)
		for (size_t s = 0; s < sizeof(scales) / sizeof(scales[0]); s++) {
			diuna_table_build(&t, &o, &pattern_long, lut, settings[b], scales[s], NULL,
					  false);
			for (unsigned int v = 0; v < 256; v++)
				assert_level(&t, &o, v, vec_level(v, settings[b], scales[s]));
		}

	diuna_table_build(&t, &o, &pattern_long, lut, 255, 65535, NULL, false);
	assert_level(&t, &o, 255, 254); /* 255 * 65535 / 65536 = 254.996 */
	diuna_table_build(&t, &o, &pattern_long, lut, 255, 32768, NULL, false);
	assert_level(&t, &o, 255, 127); /* 127.5 */
	diuna_table_build(&t, &o, &pattern_long, lut, 255, 256, NULL, false);
	assert_level(&t, &o, 255, 0); /* 0.996 */
	diuna_table_build(&t, &o, &pattern_long, lut, 255, 258, NULL, false);
	assert_level(&t, &o, 255, 1); /* 1.0039 */
}

static void each_component_has_its_own_look_up_table_whatever_the_order(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < VEC_ORDERS; n++) {
		struct diuna_table t;
		struct diuna_order o;
		u8 lut[4][256], pixel[4] = { 10, 20, 30, 40 };
		char name[5];
		u8 src[4];
		u32 words[4];

		vec_order(n, name, src);
		order_of(name, &o);
		/* red 255 - v, green v + 1, blue half, white nothing */
		for (unsigned int v = 0; v < 256; v++) {
			lut[0][v] = 255 - v;
			lut[1][v] = v + 1;
			lut[2][v] = v / 2;
			lut[3][v] = 0;
		}
		diuna_table_build(&t, &o, &pattern_half, lut, 255, 65536, NULL, false);
		diuna_encode(&t, &o, pixel, 1, words, 1);
		for (unsigned int i = 0; i < o.components; i++) {
			static const unsigned int expected[] = { 245, 21, 15, 0 };

			assert_int_equal(words[i], vec_word(expected[src[i]], "1000", "1100"));
		}
	}
}

/* Everything that decides what is sent, and the long way to the same result */
struct trial {
	struct diuna_order order;
	u8 src_of[4];
	u8 lut[4][256];
	u32 brightness, scale, stride, pixels;
	u32 ua[4];
	u8 data[64 * 4];
};

/* encode into the middle of guard words, check each word and every gap */
static void run_trial(const struct trial *trial)
{
	static u32 buffer[64 * 4 * 4 + 32];
	const size_t words = (size_t)trial->pixels * trial->order.components;
	struct diuna_table t;
	u64 expected_sum = 0;

	diuna_table_build(&t, &trial->order, &pattern_long, (const u8(*)[256])trial->lut,
			  trial->brightness, trial->scale, trial->ua, false);
	for (unsigned int with_sum = 0; with_sum < 2; with_sum++) {
		/* cut to the exact size, for the address sanitizer */
		const size_t size = (size_t)trial->pixels * trial->order.components;
		u8 *src = malloc(size + !size);
		u64 sum = 0;

		assert_non_null(src);
		memcpy(src, trial->data, size);
		for (size_t i = 0; i < sizeof(buffer) / sizeof(buffer[0]); i++)
			buffer[i] = GUARD;

		if (with_sum)
			sum = diuna_encode_sum(&t, &trial->order, src, trial->pixels, buffer + 16,
					       trial->stride);
		else
			diuna_encode(&t, &trial->order, src, trial->pixels, buffer + 16,
				     trial->stride);
		free(src);

		expected_sum = 0;
		for (size_t w = 0; w < words; w++) {
			const size_t pixel = w / trial->order.components;
			const u8 component = trial->src_of[w % trial->order.components];
			const u8 value = trial->data[pixel * trial->order.components + component];
			const u32 level = vec_level(trial->lut[component][value], trial->brightness,
						    trial->scale);
			u32 *at = buffer + 16 + w * trial->stride;

			assert_int_equal(*at, vec_word(level, "1000", "1110"));
			*at = GUARD;
			expected_sum += (u64)trial->ua[component] * level;
		}
		for (size_t i = 0; i < sizeof(buffer) / sizeof(buffer[0]); i++)
			assert_int_equal(buffer[i], GUARD);
		if (with_sum)
			assert_true(sum == expected_sum);
	}
}

static void every_order_and_stride_writes_its_own_words_and_no_other(void **state)
{
	(void)state;
	random_state = 0x9e3779b97f4a7c15;
	for (unsigned int n = 0; n < VEC_ORDERS; n++)
		for (u32 stride = 1; stride <= 3; stride++)
			for (u32 pixels = 0; pixels <= 5; pixels++) {
				struct trial trial = {
					.brightness = 255,
					.scale = 65536,
					.stride = stride,
					.pixels = pixels,
					.ua = { 12000, 13000, 14000, 15000 },
				};
				char name[5];

				vec_order(n, name, trial.src_of);
				order_of(name, &trial.order);
				diuna_table_identity_lut(trial.lut);
				random_bytes(trial.data, sizeof(trial.data));
				run_trial(&trial);
			}
}

static void random_frames_tables_and_settings_are_encoded_as_the_long_way(void **state)
{
	(void)state;
	random_state = 0xd1b54a32d192ed03;
	for (unsigned int round = 0; round < 2000; round++) {
		struct trial trial = {
			.brightness = random_below(256),
			.scale = random_below(65537),
			.stride = 1 + random_below(4),
			.pixels = random_below(65),
		};
		char name[5];

		vec_order(random_below(VEC_ORDERS), name, trial.src_of);
		order_of(name, &trial.order);
		random_bytes(trial.lut, sizeof(trial.lut));
		random_bytes(trial.ua, sizeof(trial.ua));
		random_bytes(trial.data, sizeof(trial.data));
		run_trial(&trial);
	}
}

static void two_channels_share_a_buffer_word_by_word(void **state)
{
	struct diuna_order grb, brg;
	struct diuna_table first, second;
	u8 lut[4][256];
	u32 words[12];

	(void)state;
	order_of("GRB", &grb);
	order_of("BRG", &brg);
	diuna_table_identity_lut(lut);
	diuna_table_build(&first, &grb, &pattern_long, lut, 255, 65536, NULL, false);
	diuna_table_build(&second, &brg, &pattern_half, lut, 255, 65536, NULL, false);
	diuna_encode(&first, &grb, (u8[]){ 1, 2, 3, 4, 5, 6 }, 2, words, 2);
	diuna_encode(&second, &brg, (u8[]){ 7, 8, 9, 10, 11, 12 }, 2, words + 1, 2);

	for (unsigned int i = 0; i < 6; i++) {
		static const u8 first_wire[] = { 2, 1, 3, 5, 4, 6 };
		static const u8 second_wire[] = { 9, 7, 8, 12, 10, 11 };

		assert_int_equal(words[2 * i], vec_word(first_wire[i], "1000", "1110"));
		assert_int_equal(words[2 * i + 1], vec_word(second_wire[i], "1000", "1100"));
	}
}

static void the_largest_frame_of_the_largest_currents_adds_up_exactly(void **state)
{
	const u32 ua[4] = { UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX };
	const u32 pixels = 16384;
	struct diuna_table t;
	struct diuna_order o;
	u8 lut[4][256];
	u8 *src = malloc(pixels * 4);
	u32 *dst = malloc(pixels * 4 * sizeof(*dst));
	u64 sum;

	(void)state;
	assert_non_null(src);
	assert_non_null(dst);
	memset(src, 255, pixels * 4);
	order_of("GRBW", &o);
	diuna_table_identity_lut(lut);
	diuna_table_build(&t, &o, &pattern_long, lut, 255, 65536, ua, false);
	sum = diuna_encode_sum(&t, &o, src, pixels, dst, 1);
	/* 16384 * 4 * 255 * 4294967295 = 16711680 * 4294967295 */
	assert_true(sum == 71776119044505600ULL);
	/* 65536 * 4294967295 uA */
	assert_true(diuna_power_ua(sum) == 281474976645120ULL);
	/* and eight such channels, the most that a controller has */
	assert_true(diuna_power_ua(8 * sum) == 8 * 281474976645120ULL);
	free(src);
	free(dst);
}

static void power_sums_are_divided_once_and_rounded_down(void **state)
{
	(void)state;
	assert_true(diuna_power_ua(0) == 0);
	assert_true(diuna_power_ua(254) == 0);
	assert_true(diuna_power_ua(255) == 1);
	/* a pixel of 12 mA a component at level 1: 3 * 12000 / 255 = 141.18 */
	assert_true(diuna_power_ua(36000) == 141);
	/* three of them: 423.5, and not 3 * 141 */
	assert_true(diuna_power_ua(108000) == 423);
	assert_true(diuna_power_ua(UINT64_MAX) == UINT64_MAX / 255);
}

static void the_power_scale_follows_its_rule(void **state)
{
	(void)state;
	/* 1 mA idle, 9 mA light: 10 mA are within 10 mA, not within 9.999 mA */
	assert_int_equal(diuna_power_scale(1000, 9000 * 255, 10000), 65536);
	assert_int_equal(diuna_power_scale(1000, 9000 * 255 + 254, 10000), 65536);
	assert_int_equal(diuna_power_scale(1000, 9000 * 255, 9999), 65528); /* 65536*8999/9000 */
	/* half of the light: 65536 * 4500 / 9000 */
	assert_int_equal(diuna_power_scale(1000, 9000 * 255, 5500), 32768);
	/* no room above idle: black */
	assert_int_equal(diuna_power_scale(1000, 9000 * 255, 1000), 0);
	assert_int_equal(diuna_power_scale(1000, 9000 * 255, 0), 0);
	/* a dark frame that is over by its idle current alone stays dark */
	assert_int_equal(diuna_power_scale(1000, 0, 999), 0);
	assert_int_equal(diuna_power_scale(0, 0, 0), 65536);
	/* 2^47 - 1 uA is 140 million A: 65536 * (2^47 - 1) still fits */
	assert_int_equal(diuna_power_scale(0, ((1ULL << 47) + 1) * 255, (1ULL << 47) - 1), 65535);
}

/*
 * Rounding down takes less than one level from each byte, so the current is
 * less than the current of one level in all of them below the limit. Where a
 * level is at most 1 % of the limit that is the 1 % asked for.
 */
static void a_scaled_frame_never_exceeds_its_limit_and_comes_close(void **state)
{
	unsigned int scaled = 0, within_percent = 0;

	(void)state;
	random_state = 0xaef17502108ef2d9;
	for (unsigned int round = 0; round < 100000; round++) {
		static const char *const names[] = { "GRB", "GRBW" };
		u32 brightness = round % 2 ? 255 : random_below(256), pixels = 1 + random_below(8);
		u32 ua[4], scale;
		struct diuna_table t;
		struct diuna_order o;
		u64 sum, idle, light, limit, level_ua = 0, current;
		u8 lut[4][256], src[8 * 4];
		u32 dst[8 * 4];

		order_of(names[random_below(2)], &o);
		random_bytes(lut, sizeof(lut));
		random_bytes(src, sizeof(src));
		for (unsigned int c = 0; c < 4; c++) {
			ua[c] = random_below(40000);
			level_ua += c < o.components ? ua[c] * pixels : 0;
		}
		level_ua = level_ua / 255 + 1;
		idle = pixels * random_below(1500);

		diuna_table_build(&t, &o, &pattern_long, lut, brightness, 65536, ua, false);
		sum = diuna_encode_sum(&t, &o, src, pixels, dst, 1);
		light = diuna_power_ua(sum);
		limit = random_below(idle + light + light / 4 + 1);
		scale = diuna_power_scale(idle, sum, limit);
		if (idle + light <= limit) {
			assert_int_equal(scale, 65536);
			continue;
		}

		diuna_table_build(&t, &o, &pattern_long, lut, brightness, scale, ua, false);
		current = idle + diuna_power_ua(diuna_encode_sum(&t, &o, src, pixels, dst, 1));
		if (limit <= idle) {
			assert_true(current == idle);
			continue;
		}
		scaled++;
		assert_true(current <= limit);
		/* one more for what s itself lost: light / 65536 */
		assert_true(limit - current <= level_ua + light / 65536 + 1);
		if ((level_ua + light / 65536 + 1) * 100 <= limit) {
			within_percent++;
			assert_true((limit - current) * 100 <= limit);
		}
	}
	/* the trials tried something */
	assert_true(scaled > 50000);
	assert_true(within_percent > 10000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_order_of_rgb_and_rgbw_is_read_in_any_case),
		cmocka_unit_test(the_orders_people_know_are_what_they_say),
		cmocka_unit_test(a_name_that_is_no_order_is_refused_and_changes_nothing),
		cmocka_unit_test(the_identity_tables_change_nothing),
		cmocka_unit_test(words_of_some_bytes_are_as_drawn_by_hand),
		cmocka_unit_test(every_byte_becomes_the_word_drawn_bit_by_bit),
		cmocka_unit_test(brightness_is_rounded_for_every_value_and_setting),
		cmocka_unit_test(the_power_scale_is_applied_after_brightness_and_rounds_down),
		cmocka_unit_test(each_component_has_its_own_look_up_table_whatever_the_order),
		cmocka_unit_test(every_order_and_stride_writes_its_own_words_and_no_other),
		cmocka_unit_test(random_frames_tables_and_settings_are_encoded_as_the_long_way),
		cmocka_unit_test(two_channels_share_a_buffer_word_by_word),
		cmocka_unit_test(the_largest_frame_of_the_largest_currents_adds_up_exactly),
		cmocka_unit_test(power_sums_are_divided_once_and_rounded_down),
		cmocka_unit_test(the_power_scale_follows_its_rule),
		cmocka_unit_test(a_scaled_frame_never_exceeds_its_limit_and_comes_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
