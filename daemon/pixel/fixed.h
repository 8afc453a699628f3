/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

/*
 * Fixed point for effects. A turn or a share is 16 bits (65536 is the whole),
 * a place on a strip is pixels with 16 binary digits.
 */

/** FIXED_ONE - one pixel, or the whole of a share */
#define FIXED_ONE 65536U

/** fixed_cosine - 65535 × (1 - cos(2π × i / 1024)) / 2, rounded; one more to interpolate to */
extern const uint16_t fixed_cosine[1025];

/** fixed_wave() - raised cosine: 0 at @phase 0, 65535 at half a turn; for places */
static inline uint32_t fixed_wave(uint16_t phase)
{
	uint32_t i = phase >> 6;
	int32_t from = fixed_cosine[i], to = fixed_cosine[i + 1];

	return (uint32_t)(from + (to - from) * (int32_t)(phase & 63) / 64);
}

/** fixed_shade() - fixed_wave() to 1 / 256 of the whole, which is enough for light and colour */
static inline uint32_t fixed_shade(uint16_t phase)
{
	return fixed_cosine[phase >> 6];
}

/** fixed_smooth() - from 0 to 65535 for @t of 0 to 65535, flat at both ends; as exact as a shade */
static inline uint32_t fixed_smooth(uint32_t t)
{
	return fixed_cosine[(t + 64) >> 7];
}

/** fixed_mul() - a share of something of at most 32 bits */
static inline uint32_t fixed_mul(uint32_t a, uint32_t share)
{
	return (uint32_t)((uint64_t)a * share >> 16);
}

/** fixed_square() - a share times itself, 0 to 65535: falls off softly towards 0 */
static inline uint32_t fixed_square(uint32_t t)
{
	return t * t >> 16;
}

/** fixed_root() - the largest number whose square is at most @n */
uint32_t fixed_root(uint64_t n);
