// SPDX-License-Identifier: GPL-2.0
/*
 * timing_test.c - the timing profiles inside a kernel
 *
 * Expected values: vectors.h, or the sum beside them.
 */

#include <kunit/test.h>

#include "../../kmod/timing.c"
#include "../unit/kmod/vectors.h"

static void every_chip_has_the_profile_of_its_datasheet(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < VEC_CHIPS; i++) {
		const struct vec_chip *chip = &vec_chips[i];
		const struct diuna_timing *t = diuna_timing_find(chip->name);

		KUNIT_ASSERT_NOT_NULL(test, t);
		KUNIT_EXPECT_EQ(test, t->symbols.zero, vec_pattern(chip->zero));
		KUNIT_EXPECT_EQ(test, t->symbols.one, vec_pattern(chip->one));
		KUNIT_EXPECT_EQ(test, t->bit_ns, chip->bit_ns);
		KUNIT_EXPECT_EQ(test, t->symbol_ps * 4, chip->bit_ns * 1000);
		KUNIT_EXPECT_EQ(test, t->reset_ns, chip->reset_ns);
		KUNIT_EXPECT_EQ(test, diuna_timing_margin_ps(t, t->symbol_ps), chip->margin_ps);
	}
}

static void the_list_ends_after_the_last_chip(struct kunit *test)
{
	KUNIT_EXPECT_NOT_NULL(test, diuna_timing_at(VEC_CHIPS - 1));
	KUNIT_EXPECT_NULL(test, diuna_timing_at(VEC_CHIPS));
	KUNIT_EXPECT_NULL(test, diuna_timing_find("apa102"));
}

static void words_and_times_divide_in_64_bits(struct kunit *test)
{
	/* 32 symbols of 312.5 ns are 10 us, of 333.333 ns 10666.656 ns */
	KUNIT_EXPECT_EQ(test, diuna_words_for_ns(280000, 312500), 28);
	KUNIT_EXPECT_EQ(test, diuna_words_for_ns(280001, 312500), 29);
	KUNIT_EXPECT_EQ(test, diuna_words_for_ns(10667, 333333), 2);
	KUNIT_EXPECT_EQ(test, diuna_words_for_ns(1ULL << 53, 312500), U32_MAX);
	KUNIT_EXPECT_EQ(test, diuna_words_ns(1, 333333), 10667);
	/* 1 / 54 MHz, the crystal of a Pi 4, of which 3.2 MHz is no whole part */
	KUNIT_EXPECT_EQ(test, diuna_clock_jitter_ps(54000000, 3200000), 18519);
	KUNIT_EXPECT_EQ(test, diuna_words_ns(U32_MAX, 312500), 42949672950000ULL);
}

static void custom_timing_is_the_best_there_is_or_refused(struct kunit *test)
{
	struct diuna_timing t = *diuna_timing_find("ws2812b");

	t.symbol_ps = 0;
	KUNIT_ASSERT_EQ(test, diuna_timing_custom(&t, &t), 0);
	KUNIT_EXPECT_EQ(test, t.symbol_ps, 312500);
	KUNIT_EXPECT_EQ(test, t.symbols.one, 0xe);

	/* a 1 as short as a 0 */
	t.t1h = t.t0h;
	t.t1l = t.t0l;
	KUNIT_EXPECT_EQ(test, diuna_timing_custom(&t, &t), -ERANGE);
	t.t1h.max_ns = t.t1h.min_ns - 1;
	KUNIT_EXPECT_EQ(test, diuna_timing_custom(&t, &t), -EINVAL);
}

static struct kunit_case timing_cases[] = {
	KUNIT_CASE(every_chip_has_the_profile_of_its_datasheet),
	KUNIT_CASE(the_list_ends_after_the_last_chip),
	KUNIT_CASE(words_and_times_divide_in_64_bits),
	KUNIT_CASE(custom_timing_is_the_best_there_is_or_refused),
	{ }
};

static struct kunit_suite timing_suite = {
	.name = "diuna_timing",
	.test_cases = timing_cases,
};

kunit_test_suite(timing_suite);
