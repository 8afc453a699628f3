/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include "engine/effect.h"

/*
 * A position that goes round at a speed that may change at any time: a whole
 * turn is 2^32, and above are the turns so far. The position between two ticks uses the
 * speed of the tick under way, which changes at its end: no jump, whatever is
 * set and when.
 */
struct motion {
	uint64_t position;
	uint32_t step; /* of the tick under way; two's complement when it goes backwards */
};

/** motion_speed() - step of a tick for @speed 1 to 100, growing with its square */
static inline uint32_t motion_speed(int32_t speed, uint64_t slowest_uhz, uint64_t fastest_uhz)
{
	uint64_t part = (uint64_t)speed * (uint64_t)speed;
	uint64_t uhz = slowest_uhz + (fastest_uhz - slowest_uhz) * part / 10000;

	return (uint32_t)((uhz << 32) / (EFFECT_TICK_HZ * 1000000ULL));
}

/** motion_start() - stand at the beginning, about to move by @step */
static inline void motion_start(struct motion *motion, uint32_t step)
{
	motion->position = 0;
	motion->step = step;
}

/** motion_advance() - a tick has passed; the next one moves by @step */
static inline void motion_advance(struct motion *motion, uint32_t step)
{
	motion->position += (uint64_t)(int64_t)(int32_t)motion->step;
	motion->step = step;
}

/** motion_now() - position and turns when @fraction (of 65536) of the tick under way has passed */
static inline uint64_t motion_now(const struct motion *motion, uint32_t fraction)
{
	return motion->position + (uint64_t)((int64_t)(int32_t)motion->step * fraction / 65536);
}

/** motion_at() - motion_now() without the turns */
static inline uint32_t motion_at(const struct motion *motion, uint32_t fraction)
{
	return (uint32_t)motion_now(motion, fraction);
}

/** motion_hue() - degrees as a turn of 2^32 */
static inline uint32_t motion_hue(int32_t degrees)
{
	return (uint32_t)(((uint64_t)(uint32_t)degrees << 32) / COLOR_HUE_MAX);
}
