/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include "pixel/fixed.h"

/*
 * Chance that can be had again: numbers made from numbers, the same on every
 * machine. Places are cells with 16 binary digits and wrap after 65536 cells.
 */

/** noise_hash() - mix all bits of @x; different values give different hashes */
static inline uint32_t noise_hash(uint32_t x)
{
	x ^= x >> 16;
	x *= 0x7feb352dU;
	x ^= x >> 15;
	x *= 0x846ca68bU;
	return x ^ x >> 16;
}

/** noise_pixel() - a number for a pixel; fewer steps than noise_hash(), good in its upper 16 bits */
static inline uint32_t noise_pixel(uint32_t i, uint32_t seed)
{
	i = (i ^ seed) * 0x9e3779b1U;
	return (i ^ i >> 15) * 0x85ebca6bU;
}

/** noise_pair() - a number for two numbers */
static inline uint32_t noise_pair(uint32_t a, uint32_t b)
{
	return noise_hash(a * 0x9e3779b1U + noise_hash(b));
}

/**
 * struct noise_run - a walk through smooth noise in equal steps along x
 *
 * Noise runs from 0 to 65535 between random values at the corners of the cells.
 * What belongs to a cell is worked out when the walk enters it.
 */
struct noise_run {
	uint32_t seed;
	uint32_t x, step;
	uint32_t y, z;
	uint32_t along_y, along_z; /* from a cell to the next, smoothed */
	uint32_t cell;
	int32_t left, right, rise;
};

/** noise_start() - walk from (@x, @y, @z), by @step for each value */
void noise_start(struct noise_run *run, uint32_t seed, uint32_t x, uint32_t step, uint32_t y,
		 uint32_t z);

/** noise_enter() - the walk has come to another cell; for noise_next() */
void noise_enter(struct noise_run *run);

/** noise_next() - the value here, 0 to 65535, and a step further */
static inline uint32_t noise_next(struct noise_run *run)
{
	uint32_t share;

	if (run->x >> 16 != run->cell)
		noise_enter(run);
	share = fixed_cosine[run->x >> 7 & 511];
	run->x += run->step;
	return (uint32_t)(run->left + (run->rise * (int32_t)(share >> 1) >> 15));
}

/** noise_at() - one value, 0 to 65535 */
uint32_t noise_at(uint32_t seed, uint32_t x, uint32_t y, uint32_t z);

/** noise_contrast() - @value spread from its middle by @gain / 256, kept within 0 to 65535 */
static inline uint32_t noise_contrast(uint32_t value, int32_t gain)
{
	int32_t spread = 32768 + (((int32_t)value - 32768) * gain >> 8);

	return spread < 0 ? 0 : spread > 65535 ? 65535 : (uint32_t)spread;
}
