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
 * Values are taken through a gamma curve of 2.2 to linear light, mixed there
 * and taken back.
 */
void blend_all(struct pixel *out, const struct pixel *from, const struct pixel *to, size_t n,
	       uint16_t amount);

/** blend() - blend_all() for one pixel */
struct pixel blend(struct pixel from, struct pixel to, uint16_t amount);
