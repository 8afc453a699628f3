/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "pixel/color.h"

/**
 * blend_all() - mix two runs of pixels as light mixes
 * @out: result, may be @from or @to
 * @amount: 0 is @from, 65535 is @to
 *
 * Light is taken as the square of a value, mixed there and taken back: a gamma
 * of 2.0, which many pixels at once can be put through. The result is within 1.5
 * of that, and within 10 of 255 of a gamma of 2.2. Both ends are exact, and
 * equal values stay as they are but for 1, which may become 0 on the way.
 */
void blend_all(struct pixel *out, const struct pixel *from, const struct pixel *to, size_t n,
	       uint16_t amount);

/** blend() - blend_all() for one pixel */
struct pixel blend(struct pixel from, struct pixel to, uint16_t amount);
