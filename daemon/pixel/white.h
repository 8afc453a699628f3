/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pixel/color.h"

/*
 * Strips with white LEDs: the part of a colour that they can give is taken from
 * red, green and blue. As much light comes out, from LEDs that make more of it.
 * Light is the square of a component here, as in pixel/blend.h.
 */

/** WHITE_NONE - white LEDs show only the white that a pixel has of its own */
#define WHITE_NONE 0
/** WHITE_NEUTRAL - their light is that of red, green and blue together */
#define WHITE_NEUTRAL 1

/** struct white - what the white LEDs give; zeroed: WHITE_NONE */
struct white {
	bool on;
	float light[3]; /* red, green and blue in the light of the white LEDs, 0 to 1 */
	float share[3]; /* 1 / light */
};

/** white_init() - WHITE_NONE, WHITE_NEUTRAL or a temperature from KELVIN_MIN to KELVIN_MAX */
void white_init(struct white *white, unsigned int kelvin);

/**
 * white_extract() - give white its share of each of @n pixels, in place
 *
 * A pixel that has white of its own is left as it is. At @white.on only.
 */
void white_extract(struct pixel *pixels, size_t n, const struct white *white);
