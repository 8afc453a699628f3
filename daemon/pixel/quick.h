/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>
#include <string.h>

#include "pixel/color.h"
#include "pixel/gamma.h"

/*
 * Arithmetic for the inner loops of effects: all four components of a pixel at
 * once, two of them in the 16 bit halves of one word. Amounts run from 0 to
 * QUICK_ONE, so that whole is exactly whole and no division is needed.
 */

/** QUICK_ONE - the whole of a level or a share */
#define QUICK_ONE 256U

#define QUICK_LANES 0x00ff00ffU
#define QUICK_HALF 0x00800080U

static inline uint32_t quick_word(struct pixel pixel)
{
	uint32_t word;

	memcpy(&word, &pixel, sizeof(word));
	return word;
}

static inline struct pixel quick_pixel(uint32_t word)
{
	struct pixel pixel;

	memcpy(&pixel, &word, sizeof(pixel));
	return pixel;
}

/** quick_level() - a share of 0 to 65535 as a level of 0 to QUICK_ONE */
static inline uint32_t quick_level(uint32_t share)
{
	return (share >> 8) + (share >> 15);
}

/** quick_scale() - @color at @level, 0 to QUICK_ONE, rounded; the hue stays */
static inline struct pixel quick_scale(struct pixel color, uint32_t level)
{
	uint32_t word = quick_word(color);
	uint32_t even = ((word & QUICK_LANES) * level + QUICK_HALF) >> 8;
	uint32_t odd = (word >> 8 & QUICK_LANES) * level + QUICK_HALF;

	return quick_pixel((even & QUICK_LANES) | (odd & ~QUICK_LANES));
}

/** quick_lerp() - from @from at @share 0 to @to at QUICK_ONE, component by component */
static inline struct pixel quick_lerp(struct pixel from, struct pixel to, uint32_t share)
{
	uint32_t a = quick_word(from), b = quick_word(to), rest = QUICK_ONE - share;
	uint32_t even = ((a & QUICK_LANES) * rest + (b & QUICK_LANES) * share + QUICK_HALF) >> 8;
	uint32_t odd = (a >> 8 & QUICK_LANES) * rest + (b >> 8 & QUICK_LANES) * share + QUICK_HALF;

	return quick_pixel((even & QUICK_LANES) | (odd & ~QUICK_LANES));
}

/** quick_lighten() - the larger of each component: lights that cross without glaring */
static inline struct pixel quick_lighten(struct pixel a, struct pixel b)
{
	return (struct pixel){ a.r > b.r ? a.r : b.r, a.g > b.g ? a.g : b.g, a.b > b.b ? a.b : b.b,
			       a.w > b.w ? a.w : b.w };
}

/** quick_add() - the sum of each component, at most 255: lights that glare where they cross */
static inline struct pixel quick_add(struct pixel a, struct pixel b)
{
	uint32_t x = quick_word(a), y = quick_word(b);
	uint32_t even = (x & QUICK_LANES) + (y & QUICK_LANES);
	uint32_t odd = (x >> 8 & QUICK_LANES) + (y >> 8 & QUICK_LANES);
	uint32_t even_over = even & ~QUICK_LANES, odd_over = odd & ~QUICK_LANES;

	/* a carry out of 8 bits fills all 8 */
	even |= even_over - (even_over >> 8);
	odd |= odd_over - (odd_over >> 8);
	return quick_pixel((even & QUICK_LANES) | (odd & QUICK_LANES) << 8);
}

/**
 * quick_glow() - level whose light is @coverage, 0 to 65535, of the whole
 *
 * What lights a quarter of a pixel gives it a quarter of its light, so that
 * something that moves across pixels keeps its light.
 */
static inline uint32_t quick_glow(uint32_t coverage)
{
	uint32_t level = gamma_component(coverage * 4 + (coverage >> 14));

	return level + (level >> 7);
}
