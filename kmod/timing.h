/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * timing.h - what each chip wants to see on its data line
 *
 * Pure, like encode.h. A bit is always four symbols, a byte one word of 32.
 */

#ifndef DIUNA_TIMING_H
#define DIUNA_TIMING_H

#include <linux/types.h>

#include "encode.h"

#define DIUNA_SYMBOLS_PER_BIT	4
#define DIUNA_SYMBOLS_PER_WORD	32

/* Bounds of a custom profile: no chip's datasheet comes near them */
#define DIUNA_WINDOW_MAX_NS	1000000
#define DIUNA_RESET_MAX_NS	10000000

/*
 * A custom profile must be this far from its limits: the fractional divider of
 * a Raspberry Pi 4's PLLD moves an edge by 1.3 ns, everything else by less.
 */
#define DIUNA_MARGIN_MIN_PS	2000

/**
 * struct diuna_window - the shortest and the longest that a level may last
 * @min_ns: in ns
 * @max_ns: in ns
 */
struct diuna_window {
	u32 min_ns;
	u32 max_ns;
};

/**
 * struct diuna_timing - timing profile of a chip
 * @name: as given in the wiring; at most 23 characters
 * @symbol_ps: time of one symbol, in ps
 * @symbols: pattern of a 0 and of a 1 bit
 * @bit_ns: time of a bit: four symbols, in ns
 * @reset_ns: low level that makes the chips show what they got, in ns
 * @t0h: high part of a 0 bit
 * @t0l: low part of a 0 bit
 * @t1h: high part of a 1 bit
 * @t1l: low part of a 1 bit
 */
struct diuna_timing {
	const char *name;
	u32 symbol_ps;
	struct diuna_symbols symbols;
	u32 bit_ns;
	u32 reset_ns;
	struct diuna_window t0h;
	struct diuna_window t0l;
	struct diuna_window t1h;
	struct diuna_window t1l;
};

/**
 * diuna_timing_find() - the profile of a chip
 * @name: such as "ws2812b"
 *
 * Return: the profile, constant and always there, or NULL if there is none.
 */
const struct diuna_timing *diuna_timing_find(const char *name);

/**
 * diuna_timing_at() - list the profiles
 * @i: from 0
 *
 * Return: the i-th profile, or NULL after the last one.
 */
const struct diuna_timing *diuna_timing_at(unsigned int i);

/**
 * diuna_timing_margin_ps() - how far a profile's pulses stay from its limits
 * @t: profile
 * @symbol_ps: time of a symbol as the hardware really makes it, in ps
 *
 * Return: the smallest distance of the four levels from an end of their
 * window, in ps; negative if one is outside.
 */
s64 diuna_timing_margin_ps(const struct diuna_timing *t, u32 symbol_ps);

/**
 * diuna_timing_custom() - make the profile of a chip that is not listed
 * @want: the four windows, @reset_ns and @name; the rest is not looked at
 * @ret_timing: filled on success, untouched on failure; may be @want
 *
 * Of all patterns and of the rates that 19.2 MHz divides down to without
 * jitter, 1.2 to 4.8 MHz, the one with the largest margin is taken.
 *
 * Return: 0; -EINVAL if a window is empty or ends above DIUNA_WINDOW_MAX_NS or
 * the reset time is 0 or above DIUNA_RESET_MAX_NS; -ERANGE if no pattern and
 * rate keep DIUNA_MARGIN_MIN_PS away from all limits.
 */
int diuna_timing_custom(const struct diuna_timing *want, struct diuna_timing *ret_timing);

/**
 * diuna_clock_jitter_ps() - how far edges of a divided clock are from where they belong
 * @parent_hz: rate of what is divided; 0 if that is not known, and taken for perfect
 * @hz: rate of the clock, on average, not 0
 *
 * A divisor that is not whole is made of whole ones by turns: an edge is up to a
 * period of the parent off.
 *
 * Return: 0 or that period, in ps.
 */
u32 diuna_clock_jitter_ps(u64 parent_hz, u32 hz);

/**
 * diuna_words_for_ns() - words that last at least a time
 * @ns: less than 2^54 ns
 * @symbol_ps: time of a symbol in ps, not 0
 *
 * Return: the number of words, rounded up, at most U32_MAX.
 */
u32 diuna_words_for_ns(u64 ns, u32 symbol_ps);

/**
 * diuna_words_ns() - time of some words on the wire
 * @words: less than 2^32
 * @symbol_ps: time of a symbol in ps, less than 2^27
 *
 * Return: the time in ns, rounded to the nearest.
 */
u64 diuna_words_ns(u64 words, u32 symbol_ps);

#endif /* DIUNA_TIMING_H */
