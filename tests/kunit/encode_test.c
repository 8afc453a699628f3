// SPDX-License-Identifier: GPL-2.0
/*
 * encode_test.c - the encoder inside a kernel
 *
 * The user-space tests go through every corner; these find out whether the
 * kernel's compiler, flags, byte order and divisions give the same. Expected
 * values: vectors.h, or the sum beside them.
 */

#include <kunit/test.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "../../kmod/encode.c"
#include "../unit/kmod/vectors.h"

#define PIXELS	5
#define STRIDES	3
#define GUARD	0xdeadbeefU

/* Too large for a kernel's stack */
struct encode_fixture {
	struct diuna_table table;
	struct diuna_order order;
	u8 lut[DIUNA_COLORS][256];
	u8 src[PIXELS * DIUNA_COLORS];
	u32 dst[PIXELS * DIUNA_COLORS * STRIDES + 2];
};

static const struct diuna_symbols pattern_long = { .zero = 0x8, .one = 0xe };

static int encode_init(struct kunit *test)
{
	struct encode_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	unsigned int i;

	if (!f)
		return -ENOMEM;
	diuna_table_identity_lut(f->lut);
	for (i = 0; i < sizeof(f->src); i++)
		f->src[i] = 37 * i + 11;
	test->priv = f;
	return 0;
}

static void every_order_and_stride_puts_each_word_in_its_place(struct kunit *test)
{
	static const u32 ua[DIUNA_COLORS] = { 12000, 13000, 14000, 15000 };
	struct encode_fixture *f = test->priv;
	unsigned int n, stride, w, i;

	for (n = 0; n < VEC_ORDERS * STRIDES; n++) {
		u64 sum = 0;
		char name[5];
		u8 src[4];
		unsigned int components = vec_order(n / STRIDES, name, src);

		stride = 1 + n % STRIDES;
		KUNIT_ASSERT_EQ(test, diuna_order_parse(name, &f->order), 0);
		KUNIT_ASSERT_EQ(test, f->order.components, components);
		KUNIT_ASSERT_STREQ(test, f->order.name, name);
		for (i = 0; i < ARRAY_SIZE(f->dst); i++)
			f->dst[i] = GUARD;
		diuna_table_build(&f->table, &f->order, &pattern_long, f->lut, 200, 40000, ua,
				  false);
		for (w = 0; w < PIXELS * components; w++) {
			unsigned int component = src[w % components];
			unsigned int value = f->src[w / components * components + component];

			sum += (u64)ua[component] * vec_level(value, 200, 40000);
		}
		KUNIT_ASSERT_EQ(test, sum, diuna_encode_sum(&f->table, &f->order, f->src, PIXELS,
							    f->dst + 1, stride));
		for (w = 0; w < PIXELS * components; w++) {
			unsigned int component = src[w % components];
			unsigned int value = f->src[w / components * components + component];
			u32 *at = f->dst + 1 + w * stride;

			KUNIT_ASSERT_EQ(test, *at,
					vec_word(vec_level(value, 200, 40000), "1000", "1110"));
			*at = GUARD;
		}
		for (i = 0; i < ARRAY_SIZE(f->dst); i++)
			KUNIT_ASSERT_EQ(test, f->dst[i], GUARD);
	}
}

static void a_name_that_is_no_order_is_refused(struct kunit *test)
{
	static const char * const names[] = { "", "RG", "RGG", "RGW", "RGBWW", "RGB ", "GRX" };
	struct diuna_order order = { .components = 99 };
	unsigned int i;

	KUNIT_EXPECT_EQ(test, diuna_order_parse(NULL, &order), -EINVAL);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		KUNIT_EXPECT_EQ(test, diuna_order_parse(names[i], &order), -EINVAL);
	KUNIT_EXPECT_EQ(test, order.components, 99);
}

static void every_byte_becomes_the_word_drawn_bit_by_bit(struct kunit *test)
{
	static const char * const drawn[][2] = { { "1000", "1110" }, { "1000", "1100" } };
	struct encode_fixture *f = test->priv;
	unsigned int p, v, i;

	KUNIT_ASSERT_EQ(test, diuna_order_parse("RGB", &f->order), 0);
	for (p = 0; p < ARRAY_SIZE(drawn) * 2; p++) {
		const char *zero = drawn[p / 2][0], *one = drawn[p / 2][1];
		struct diuna_symbols s = { vec_pattern(zero), vec_pattern(one) };
		bool big_endian = p % 2;

		diuna_table_build(&f->table, &f->order, &s, f->lut, 255, 65536, NULL, big_endian);
		for (v = 0; v < 256; v++) {
			u32 expected = vec_word(v, zero, one);
			const u8 *bytes = (const u8 *)f->dst;
			u8 pixel[3] = { v, v, v };

			diuna_encode(&f->table, &f->order, pixel, 1, f->dst, 1);
			if (!big_endian)
				KUNIT_ASSERT_EQ(test, f->dst[2], expected);
			else
				for (i = 0; i < 4; i++)
					KUNIT_ASSERT_EQ(test, bytes[i],
							(expected >> (24 - 8 * i)) & 0xff);
		}
	}
}

static void brightness_and_scale_give_the_level_worked_out_by_counting(struct kunit *test)
{
	static const u32 brightness[] = { 0, 1, 128, 254, 255 };
	static const u32 scale[] = { 0, 1, 257, 32768, 65535, 65536 };
	struct encode_fixture *f = test->priv;
	unsigned int n, v;

	KUNIT_ASSERT_EQ(test, diuna_order_parse("RGB", &f->order), 0);
	for (n = 0; n < ARRAY_SIZE(brightness) * ARRAY_SIZE(scale); n++) {
		u32 b = brightness[n % ARRAY_SIZE(brightness)];
		u32 s = scale[n / ARRAY_SIZE(brightness)];

		diuna_table_build(&f->table, &f->order, &pattern_long, f->lut, b, s, NULL, false);
		for (v = 0; v < 256; v++) {
			u8 pixel[3] = { v, v, v };

			diuna_encode(&f->table, &f->order, pixel, 1, f->dst, 1);
			KUNIT_ASSERT_EQ(test, f->dst[0],
					vec_word(vec_level(v, b, s), "1000", "1110"));
		}
	}
}

static void the_power_budget_divides_in_64_bits(struct kunit *test)
{
	/* 8 channels of 16384 pixels of 4 components, each 2^32 - 1 uA at 255 */
	const u64 ua = 8ULL * 65536 * 4294967295ULL;

	KUNIT_EXPECT_EQ(test, diuna_power_ua(ua * 255 + 254), ua);
	/* half of the light above 1 A idle, 65536 / 2 */
	KUNIT_EXPECT_EQ(test, diuna_power_scale(1000000, 90000000ULL * 255, 46000000), 32768);
	KUNIT_EXPECT_EQ(test, diuna_power_scale(1000000, 90000000ULL * 255, 91000000), 65536);
	KUNIT_EXPECT_EQ(test, diuna_power_scale(1000000, 90000000ULL * 255, 1000000), 0);
	/* 2^47 + 1 uA of light for 2^47 - 1: 65536 less a little, rounded down */
	KUNIT_EXPECT_EQ(test, diuna_power_scale(0, ((1ULL << 47) + 1) * 255, (1ULL << 47) - 1),
			65535);
}

static struct kunit_case encode_cases[] = {
	KUNIT_CASE(every_order_and_stride_puts_each_word_in_its_place),
	KUNIT_CASE(a_name_that_is_no_order_is_refused),
	KUNIT_CASE(every_byte_becomes_the_word_drawn_bit_by_bit),
	KUNIT_CASE(brightness_and_scale_give_the_level_worked_out_by_counting),
	KUNIT_CASE(the_power_budget_divides_in_64_bits),
	{ }
};

static struct kunit_suite encode_suite = {
	.name = "diuna_encode",
	.init = encode_init,
	.test_cases = encode_cases,
};

kunit_test_suite(encode_suite);

MODULE_DESCRIPTION("KUnit tests of diuna's encoder and timing profiles");
MODULE_LICENSE("GPL");
