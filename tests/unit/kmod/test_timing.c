// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of kmod/timing.c. Expected numbers: vectors.h, or the sum beside them. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "timing.h"
#include "vectors.h"

static void every_chip_is_found_by_its_name(void **state)
{
	(void)state;

	for (size_t i = 0; i < VEC_CHIPS; i++) {
		const struct diuna_timing *t = diuna_timing_find(vec_chips[i].name);

		assert_non_null(t);
		assert_string_equal(t->name, vec_chips[i].name);
	}
}

static void the_list_holds_each_chip_once_and_ends(void **state)
{
	unsigned int seen[VEC_CHIPS] = { 0 };
	unsigned int n = 0;

	(void)state;
	for (; diuna_timing_at(n); n++) {
		/* the name must fit diuna_channel.chip of the ABI: 24 with the zero */
		assert_true(strlen(diuna_timing_at(n)->name) < 24);
		for (size_t i = 0; i < VEC_CHIPS; i++)
			seen[i] += !strcmp(diuna_timing_at(n)->name, vec_chips[i].name);
	}

	assert_int_equal(n, VEC_CHIPS);
	for (size_t i = 0; i < VEC_CHIPS; i++)
		assert_int_equal(seen[i], 1);
	assert_null(diuna_timing_at(n + 1));
	assert_null(diuna_timing_at(UINT32_MAX));
}

static void a_name_that_is_no_chip_is_not_found(void **state)
{
	(void)state;
	assert_null(diuna_timing_find(""));
	assert_null(diuna_timing_find("ws281"));
	assert_null(diuna_timing_find("ws2812bb"));
	assert_null(diuna_timing_find("WS2812B"));
	assert_null(diuna_timing_find("apa102"));
}

static void windows_and_resets_are_the_datasheets(void **state)
{
	(void)state;
	for (size_t i = 0; i < VEC_CHIPS; i++) {
		const struct vec_chip *chip = &vec_chips[i];
		const struct diuna_timing *t = diuna_timing_find(chip->name);

		assert_int_equal(t->t0h.min_ns, chip->t0h[0]);
		assert_int_equal(t->t0h.max_ns, chip->t0h[1]);
		assert_int_equal(t->t0l.min_ns, chip->t0l[0]);
		assert_int_equal(t->t0l.max_ns, chip->t0l[1]);
		assert_int_equal(t->t1h.min_ns, chip->t1h[0]);
		assert_int_equal(t->t1h.max_ns, chip->t1h[1]);
		assert_int_equal(t->t1l.min_ns, chip->t1l[0]);
		assert_int_equal(t->t1l.max_ns, chip->t1l[1]);
		assert_int_equal(t->reset_ns, chip->reset_ns);
		assert_int_equal(t->bit_ns, chip->bit_ns);
		assert_int_equal(t->symbols.zero, vec_pattern(chip->zero));
		assert_int_equal(t->symbols.one, vec_pattern(chip->one));
		/* four symbols fill a bit */
		assert_int_equal(t->symbol_ps * 4ULL, t->bit_ns * 1000ULL);
	}
}

/* Lengths of the high and the low part of a drawn pulse, in ps */
static void measure(const char *symbols, u64 symbol_ps, u64 *ret_high, u64 *ret_low)
{
	unsigned int high = 0;

	while (high < 4 && symbols[high] == '1')
		high++;
	for (unsigned int i = high; i < 4; i++)
		assert_int_equal(symbols[i], '0');
	*ret_high = high * symbol_ps;
	*ret_low = (4 - high) * symbol_ps;
}

static void every_pulse_is_inside_the_datasheets_windows(void **state)
{
	(void)state;
	for (size_t i = 0; i < VEC_CHIPS; i++) {
		const struct vec_chip *chip = &vec_chips[i];
		const struct diuna_timing *t = diuna_timing_find(chip->name);
		u64 high, low;

		measure(chip->zero, t->symbol_ps, &high, &low);
		assert_in_range(high, chip->t0h[0] * 1000ULL, chip->t0h[1] * 1000ULL);
		assert_in_range(low, chip->t0l[0] * 1000ULL, chip->t0l[1] * 1000ULL);
		measure(chip->one, t->symbol_ps, &high, &low);
		assert_in_range(high, chip->t1h[0] * 1000ULL, chip->t1h[1] * 1000ULL);
		assert_in_range(low, chip->t1l[0] * 1000ULL, chip->t1l[1] * 1000ULL);
	}
}

static void the_margin_of_each_chip_is_as_worked_out_by_hand(void **state)
{
	(void)state;
	for (size_t i = 0; i < VEC_CHIPS; i++) {
		const struct diuna_timing *t = diuna_timing_find(vec_chips[i].name);

		assert_true(diuna_timing_margin_ps(t, t->symbol_ps) == vec_chips[i].margin_ps);
	}
}

static void the_other_pattern_is_out_of_spec_for_every_chip(void **state)
{
	static const struct {
		const char *name;
		s64 margin_ps;
	} other[] = {
		{ "ws2812b", -25000 }, /* T1H 625 < 650, T1L 625 > 600 */
		{ "ws2812", -25000 },
		{ "ws2812b-v5", -267500 },  /* T1L 312.5 < 580 */
		{ "ws2813", -125000 },	    /* T1H 625 < 750 */
		{ "ws2813-mini", -205000 }, /* T1L 625 > 420 */
		{ "ws2815", -205000 },
		{ "sk6812", -187500 }, /* T1H 937.5 > 750 */
		{ "sk6812w", -187500 },
		{ "ws2811", -262500 },	   /* T1H 937.5 > 675, T1L 312.5 < 575 */
		{ "ws2811-400", -525000 }, /* T1H 1875 > 1350, T1L 625 < 1150 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		struct diuna_timing t = *diuna_timing_find(other[i].name);

		t.symbols.one = t.symbols.one == 0xe ? 0xc : 0xe;
		assert_true(diuna_timing_margin_ps(&t, t.symbol_ps) == other[i].margin_ps);
	}
}

static void a_clock_that_is_off_uses_up_the_margin(void **state)
{
	const struct diuna_timing *t = diuna_timing_find("ws2812b");

	(void)state;
	/* T1H may be 950 ns at most: 3 symbols of 316.666 ns fit, of 316.667 do not */
	assert_true(diuna_timing_margin_ps(t, 316666) == 2);
	assert_true(diuna_timing_margin_ps(t, 316667) == -1);
	/* T1L must be 300 ns at least */
	assert_true(diuna_timing_margin_ps(t, 300000) == 0);
	assert_true(diuna_timing_margin_ps(t, 299999) == -1);
	/* no overflow at the ends: 3 symbols of 2^32 - 1 ps, 950000 allowed */
	assert_true(diuna_timing_margin_ps(t, UINT32_MAX) == 950000 - 3LL * UINT32_MAX);
	assert_true(diuna_timing_margin_ps(t, 0) == -700000);
}

static void a_reset_time_is_rounded_up_to_whole_words(void **state)
{
	(void)state;
	/* 32 symbols of 312.5 ns are 10 us, of 625 ns 20 us */
	assert_int_equal(diuna_words_for_ns(0, 312500), 0);
	assert_int_equal(diuna_words_for_ns(1, 312500), 1);
	assert_int_equal(diuna_words_for_ns(10000, 312500), 1);
	assert_int_equal(diuna_words_for_ns(10001, 312500), 2);
	assert_int_equal(diuna_words_for_ns(80000, 312500), 8);
	assert_int_equal(diuna_words_for_ns(280000, 312500), 28);
	assert_int_equal(diuna_words_for_ns(280001, 312500), 29);
	assert_int_equal(diuna_words_for_ns(300000, 312500), 30);
	assert_int_equal(diuna_words_for_ns(280000, 625000), 14);
	/* 32 * 333333 ps = 10666.656 ns */
	assert_int_equal(diuna_words_for_ns(10666, 333333), 1);
	assert_int_equal(diuna_words_for_ns(10667, 333333), 2);
	/* 2^53 ns would be more words than 32 bits count */
	assert_int_equal(diuna_words_for_ns(1ULL << 53, 312500), UINT32_MAX);
}

static void the_time_of_words_is_exact_to_a_nanosecond(void **state)
{
	(void)state;
	assert_int_equal(diuna_words_ns(0, 312500), 0);
	assert_int_equal(diuna_words_ns(1, 312500), 10000);
	assert_int_equal(diuna_words_ns(28, 312500), 280000);
	assert_int_equal(diuna_words_ns(14, 625000), 280000);
	/* 60 RGB pixels: 60 * 24 bits * 1.25 us = 1.8 ms */
	assert_int_equal(diuna_words_ns(180, 312500), 1800000);
	/* 32 * 333333 ps = 10666.656 ns */
	assert_int_equal(diuna_words_ns(1, 333333), 10667);
	/* (2^32 - 1) * 10 us */
	assert_int_equal(diuna_words_ns(UINT32_MAX, 312500), 42949672950000ULL);
}

static void a_clock_jitters_by_a_period_of_its_parent_unless_it_divides(void **state)
{
	(void)state;
	/* a Pi 3's crystal / 6 and / 12: whole; / 7 = 2742857.14 is whole, and told rounded down */
	assert_int_equal(diuna_clock_jitter_ps(19200000, 3200000), 0);
	assert_int_equal(diuna_clock_jitter_ps(19200000, 1600000), 0);
	assert_int_equal(diuna_clock_jitter_ps(19200000, 2742857), 0);
	/* / (6 + 1 / 4096) = 3199869.8: the divisor that is nearest to a whole one */
	assert_int_equal(diuna_clock_jitter_ps(19200000, 3199869), 52083);
	/* a Pi 4's crystal / 16.875: by 16 and 17 in turns, 1 / 54 MHz = 18.519 ns */
	assert_int_equal(diuna_clock_jitter_ps(54000000, 3200000), 18519);
	/* PLLD / 234.375 of a Pi 4, / 156.25 of a Pi 3: 1 / 750 MHz, 1 / 500 MHz */
	assert_int_equal(diuna_clock_jitter_ps(750000000, 3200000), 1333);
	assert_int_equal(diuna_clock_jitter_ps(500000000, 3200000), 2000);
	/* slower than what it is divided down to: 1 / 1 MHz */
	assert_int_equal(diuna_clock_jitter_ps(1000000, 3200000), 1000000);
	/* nobody says what it is made of */
	assert_int_equal(diuna_clock_jitter_ps(0, 3200000), 0);
}

static void the_windows_of_a_listed_chip_give_no_worse_a_profile(void **state)
{
	(void)state;
	for (size_t i = 0; i < VEC_CHIPS; i++) {
		const struct diuna_timing *t = diuna_timing_find(vec_chips[i].name);
		struct diuna_timing custom;

		assert_int_equal(diuna_timing_custom(t, &custom), 0);
		assert_true(diuna_timing_margin_ps(&custom, custom.symbol_ps) >=
			    vec_chips[i].margin_ps);
		assert_int_equal(custom.reset_ns, t->reset_ns);
		assert_ptr_equal(custom.name, t->name);
	}
}

static void custom_timing_takes_the_pattern_and_rate_worked_out_by_hand(void **state)
{
	struct diuna_timing t = {
		.name = "custom",
		.reset_ns = 100000,
		.t0h = { 100, 300 },
		.t0l = { 700, 1500 },
		.t1h = { 500, 900 },
		.t1l = { 300, 700 },
	};

	(void)state;
	/*
	 * 1000/1100 wants a symbol of 250 to 300 ns: of the rates only
	 * 19.2 MHz / 5, 260.417 ns, whose T1H of 520.834 is 20.834 inside.
	 * 1000/1110 would want exactly 300 ns, 1100/1110 T0L 350 and T0H 150.
	 */
	assert_int_equal(diuna_timing_custom(&t, &t), 0);
	assert_int_equal(t.symbols.zero, 0x8);
	assert_int_equal(t.symbols.one, 0xc);
	assert_int_equal(t.symbol_ps, 260417);
	assert_int_equal(t.bit_ns, 1042);
	assert_true(diuna_timing_margin_ps(&t, t.symbol_ps) == 20834);

	/* the classic windows leave only 3.2 MHz and 1000/1110 */
	t = *diuna_timing_find("ws2812b");
	t.symbol_ps = 0;
	t.bit_ns = 0;
	memset(&t.symbols, 0, sizeof(t.symbols));
	assert_int_equal(diuna_timing_custom(&t, &t), 0);
	assert_int_equal(t.symbols.zero, 0x8);
	assert_int_equal(t.symbols.one, 0xe);
	assert_int_equal(t.symbol_ps, 312500);
	assert_int_equal(t.bit_ns, 1250);
}

static void assert_custom_refused(const struct diuna_timing *want, int error)
{
	struct diuna_timing before, after;

	memset(&before, 0x5a, sizeof(before));
	memset(&after, 0x5a, sizeof(after));
	assert_int_equal(diuna_timing_custom(want, &after), error);
	assert_memory_equal(&before, &after, sizeof(before));
}

static void custom_timing_that_no_pattern_meets_is_refused(void **state)
{
	struct diuna_timing t = *diuna_timing_find("ws2812b");

	(void)state;
	/* a 1 as short as a 0 */
	t.t1h = t.t0h;
	t.t1l = t.t0l;
	assert_custom_refused(&t, -ERANGE);

	/* 1000/1110 at 3.2 MHz fits, but is 1 ns from the end */
	t = *diuna_timing_find("ws2812b");
	t.t1h.max_ns = 938;
	assert_custom_refused(&t, -ERANGE);
	/* 2.5 ns is enough */
	t.t1h.max_ns = 940;
	assert_int_equal(diuna_timing_custom(&t, &t), 0);
}

static void custom_timing_that_makes_no_sense_is_refused(void **state)
{
	const struct diuna_timing *good = diuna_timing_find("ws2812b");
	struct diuna_timing t;

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		struct diuna_window *w[] = { &t.t0h, &t.t0l, &t.t1h, &t.t1l };

		t = *good;
		*w[i] = (struct diuna_window){ 600, 500 };
		assert_custom_refused(&t, -EINVAL);
		*w[i] = (struct diuna_window){ 0, 0 };
		assert_custom_refused(&t, -EINVAL);
		*w[i] = (struct diuna_window){ 0, 1000001 };
		assert_custom_refused(&t, -EINVAL);
	}
	t = *good;
	t.reset_ns = 0;
	assert_custom_refused(&t, -EINVAL);
	t.reset_ns = 10000001;
	assert_custom_refused(&t, -EINVAL);
	t.reset_ns = 10000000;
	assert_int_equal(diuna_timing_custom(&t, &t), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_chip_is_found_by_its_name),
		cmocka_unit_test(the_list_holds_each_chip_once_and_ends),
		cmocka_unit_test(a_name_that_is_no_chip_is_not_found),
		cmocka_unit_test(windows_and_resets_are_the_datasheets),
		cmocka_unit_test(every_pulse_is_inside_the_datasheets_windows),
		cmocka_unit_test(the_margin_of_each_chip_is_as_worked_out_by_hand),
		cmocka_unit_test(the_other_pattern_is_out_of_spec_for_every_chip),
		cmocka_unit_test(a_clock_that_is_off_uses_up_the_margin),
		cmocka_unit_test(a_reset_time_is_rounded_up_to_whole_words),
		cmocka_unit_test(the_time_of_words_is_exact_to_a_nanosecond),
		cmocka_unit_test(a_clock_jitters_by_a_period_of_its_parent_unless_it_divides),
		cmocka_unit_test(the_windows_of_a_listed_chip_give_no_worse_a_profile),
		cmocka_unit_test(custom_timing_takes_the_pattern_and_rate_worked_out_by_hand),
		cmocka_unit_test(custom_timing_that_no_pattern_meets_is_refused),
		cmocka_unit_test(custom_timing_that_makes_no_sense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
