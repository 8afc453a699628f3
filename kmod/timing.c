// SPDX-License-Identifier: GPL-2.0-only
/*
 * timing.c - what each chip wants to see on its data line
 *
 * No pattern is right for every chip. At 3.2 MHz the two below cover them all:
 * a 0 is 312.5 ns high and 937.5 ns low, a 1 either 937.5 and 312.5 (LONG) or
 * 625 and 625 (HALF). Chips of 400 kHz take the same at half the rate.
 *
 * Where the revisions of a chip differ in their reset time, the longest counts:
 * a strip that gets a reset too short for it shows nothing, one that gets it
 * longer shows the same a fifth of a millisecond later.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/string.h>

#include "timing.h"

#define PATTERN_LONG	{ .zero = 0x8, .one = 0xe }
#define PATTERN_HALF	{ .zero = 0x8, .one = 0xc }

#define SYMBOL_PS_800K	312500
#define SYMBOL_PS_400K	625000
#define BIT_NS_800K	1250
#define BIT_NS_400K	2500

#define WINDOW(min, max)	{ .min_ns = (min), .max_ns = (max) }

static const struct diuna_timing diuna_timings[] = {
	{
		/*
		 * Worldsemi WS2812B, "Data transfer time": 0.4, 0.85, 0.8 and
		 * 0.45 us, each +-150 ns. Reset above 50 us in the first
		 * revisions, above 280 us in those since 2017.
		 */
		.name = "ws2812b",
		.symbol_ps = SYMBOL_PS_800K,
		.symbols = PATTERN_LONG,
		.bit_ns = BIT_NS_800K,
		.reset_ns = 280000,
		.t0h = WINDOW(400 - 150, 400 + 150),
		.t0l = WINDOW(850 - 150, 850 + 150),
		.t1h = WINDOW(800 - 150, 800 + 150),
		.t1l = WINDOW(450 - 150, 450 + 150),
	}, {
		/* the six-pin part and strips sold as such: as WS2812B */
		.name = "ws2812",
		.symbol_ps = SYMBOL_PS_800K,
		.symbols = PATTERN_LONG,
		.bit_ns = BIT_NS_800K,
		.reset_ns = 280000,
		.t0h = WINDOW(400 - 150, 400 + 150),
		.t0l = WINDOW(850 - 150, 850 + 150),
		.t1h = WINDOW(800 - 150, 800 + 150),
		.t1l = WINDOW(450 - 150, 450 + 150),
	}, {
		/*
		 * Worldsemi WS2812B-V5, "Data transfer time": a 1 must be low
		 * for 580 ns, which the older ones' pattern is not.
		 */
		.name = "ws2812b-v5",
		.symbol_ps = SYMBOL_PS_800K,
		.symbols = PATTERN_HALF,
		.bit_ns = BIT_NS_800K,
		.reset_ns = 280000,
		.t0h = WINDOW(220, 380),
		.t0l = WINDOW(580, 1000),
		.t1h = WINDOW(580, 1000),
		.t1l = WINDOW(580, 1000),
	}, {
		/* Worldsemi WS2813A to D: margin of T0H is only 12.5 ns */
		.name = "ws2813",
		.symbol_ps = SYMBOL_PS_800K,
		.symbols = PATTERN_LONG,
		.bit_ns = BIT_NS_800K,
		.reset_ns = 300000,
		.t0h = WINDOW(300, 450),
		.t0l = WINDOW(300, 100000),
		.t1h = WINDOW(750, 1000),
		.t1l = WINDOW(300, 100000),
	}, {
		/* Worldsemi WS2813-Mini, "Data transfer time" */
		.name = "ws2813-mini",
		.symbol_ps = SYMBOL_PS_800K,
		.symbols = PATTERN_LONG,
		.bit_ns = BIT_NS_800K,
		.reset_ns = 280000,
		.t0h = WINDOW(220, 380),
		.t0l = WINDOW(580, 1600),
		.t1h = WINDOW(580, 1600),
		.t1l = WINDOW(220, 420),
	}, {
		/* Worldsemi WS2815, "Data transfer time" */
		.name = "ws2815",
		.symbol_ps = SYMBOL_PS_800K,
		.symbols = PATTERN_LONG,
		.bit_ns = BIT_NS_800K,
		.reset_ns = 280000,
		.t0h = WINDOW(220, 380),
		.t0l = WINDOW(580, 1600),
		.t1h = WINDOW(580, 1600),
		.t1l = WINDOW(220, 420),
	}, {
		/* Opsco SK6812, "Data transmission time"; reset above 80 us */
		.name = "sk6812",
		.symbol_ps = SYMBOL_PS_800K,
		.symbols = PATTERN_HALF,
		.bit_ns = BIT_NS_800K,
		.reset_ns = 80000,
		.t0h = WINDOW(300 - 150, 300 + 150),
		.t0l = WINDOW(900 - 150, 900 + 150),
		.t1h = WINDOW(600 - 150, 600 + 150),
		.t1l = WINDOW(600 - 150, 600 + 150),
	}, {
		/* the same with a white LED, 32 bits a pixel: set the order to GRBW */
		.name = "sk6812w",
		.symbol_ps = SYMBOL_PS_800K,
		.symbols = PATTERN_HALF,
		.bit_ns = BIT_NS_800K,
		.reset_ns = 80000,
		.t0h = WINDOW(300 - 150, 300 + 150),
		.t0l = WINDOW(900 - 150, 900 + 150),
		.t1h = WINDOW(600 - 150, 600 + 150),
		.t1l = WINDOW(600 - 150, 600 + 150),
	}, {
		/*
		 * Worldsemi WS2811, high speed mode: all times of the low speed
		 * mode but the reset halved, the tolerance too.
		 */
		.name = "ws2811",
		.symbol_ps = SYMBOL_PS_800K,
		.symbols = PATTERN_HALF,
		.bit_ns = BIT_NS_800K,
		.reset_ns = 280000,
		.t0h = WINDOW(250 - 75, 250 + 75),
		.t0l = WINDOW(1000 - 75, 1000 + 75),
		.t1h = WINDOW(600 - 75, 600 + 75),
		.t1l = WINDOW(650 - 75, 650 + 75),
	}, {
		/* Worldsemi WS2811, low speed mode, "Data transfer time" */
		.name = "ws2811-400",
		.symbol_ps = SYMBOL_PS_400K,
		.symbols = PATTERN_HALF,
		.bit_ns = BIT_NS_400K,
		.reset_ns = 280000,
		.t0h = WINDOW(500 - 150, 500 + 150),
		.t0l = WINDOW(2000 - 150, 2000 + 150),
		.t1h = WINDOW(1200 - 150, 1200 + 150),
		.t1l = WINDOW(1300 - 150, 1300 + 150),
	},
};

const struct diuna_timing *diuna_timing_at(unsigned int i)
{
	return i < ARRAY_SIZE(diuna_timings) ? &diuna_timings[i] : NULL;
}

const struct diuna_timing *diuna_timing_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(diuna_timings); i++)
		if (!strcmp(diuna_timings[i].name, name))
			return &diuna_timings[i];
	return NULL;
}

static s64 diuna_window_margin_ps(const struct diuna_window *w, s64 ps)
{
	return min(ps - w->min_ns * 1000LL, w->max_ns * 1000LL - ps);
}

s64 diuna_timing_margin_ps(const struct diuna_timing *t, u32 symbol_ps)
{
	s64 high_0 = (s64)symbol_ps * hweight8(t->symbols.zero);
	s64 high_1 = (s64)symbol_ps * hweight8(t->symbols.one);
	s64 bit = (s64)symbol_ps * DIUNA_SYMBOLS_PER_BIT;
	s64 of_0 = min(diuna_window_margin_ps(&t->t0h, high_0),
		       diuna_window_margin_ps(&t->t0l, bit - high_0));
	s64 of_1 = min(diuna_window_margin_ps(&t->t1h, high_1),
		       diuna_window_margin_ps(&t->t1l, bit - high_1));

	return min(of_0, of_1);
}

static bool diuna_window_valid(const struct diuna_window *w)
{
	return w->max_ns && w->min_ns <= w->max_ns && w->max_ns <= DIUNA_WINDOW_MAX_NS;
}

int diuna_timing_custom(const struct diuna_timing *want, struct diuna_timing *ret_timing)
{
	static const struct diuna_symbols patterns[] = {
		PATTERN_HALF,
		PATTERN_LONG,
		{ .zero = 0xc, .one = 0xe },
	};
	struct diuna_timing best = *want;
	s64 best_margin = DIUNA_MARGIN_MIN_PS - 1;
	unsigned int i, divisor;

	if (!diuna_window_valid(&want->t0h) || !diuna_window_valid(&want->t0l) ||
	    !diuna_window_valid(&want->t1h) || !diuna_window_valid(&want->t1l))
		return -EINVAL;
	if (!want->reset_ns || want->reset_ns > DIUNA_RESET_MAX_NS)
		return -EINVAL;

	for (i = 0; i < ARRAY_SIZE(patterns); i++) {
		/* 19.2 MHz is the crystal of the boards with the PWM block */
		for (divisor = 4; divisor <= 16; divisor++) {
			struct diuna_timing t = *want;
			s64 margin;

			t.symbols = patterns[i];
			/* 1 / 19.2 MHz is 10^6 / 19.2 = 312500 / 6 ps */
			t.symbol_ps = (312500 * divisor + 3) / 6;
			t.bit_ns = (t.symbol_ps * DIUNA_SYMBOLS_PER_BIT + 500) / 1000;
			margin = diuna_timing_margin_ps(&t, t.symbol_ps);
			if (margin > best_margin) {
				best_margin = margin;
				best = t;
			}
		}
	}

	if (best_margin < DIUNA_MARGIN_MIN_PS)
		return -ERANGE;

	*ret_timing = best;
	return 0;
}

u32 diuna_clock_jitter_ps(u64 parent_hz, u32 hz)
{
	u64 divisor = div_u64(parent_hz + hz / 2, hz);
	s64 rest = parent_hz - divisor * hz;

	/* hz is rounded down, so a whole divisor leaves up to one for each period */
	if (!parent_hz || (u64)(rest < 0 ? -rest : rest) < divisor)
		return 0;
	return div64_u64(1000000000000ULL + parent_hz / 2, parent_hz);
}

u32 diuna_words_for_ns(u64 ns, u32 symbol_ps)
{
	u64 word_ps = (u64)symbol_ps * DIUNA_SYMBOLS_PER_WORD;
	u64 words = div64_u64(ns * 1000 + word_ps - 1, word_ps);

	return min_t(u64, words, U32_MAX);
}

u64 diuna_words_ns(u64 words, u32 symbol_ps)
{
	return div_u64(words * symbol_ps * DIUNA_SYMBOLS_PER_WORD + 500, 1000);
}
