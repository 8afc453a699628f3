/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "frames/frames.h"
#include "output/output.h"
#include "pixel/color.h"

/** compose_fits() - all of the zone's pixels exist in @geometry */
bool compose_fits(const struct frames_zone_config *zone, const struct output_geometry *geometry);

/**
 * compose_zone() - write a zone's pixels to their place in a frame
 * @frame: geometry's frame_bytes; bytes of other pixels are not touched
 * @pixels: the zone's count, the first one shows at the zone's last place if
 *	it is reversed
 *
 * The zone must fit. White is left out where the channel has three components.
 */
void compose_zone(uint8_t *frame, const struct output_geometry *geometry,
		  const struct frames_zone_config *zone, const struct pixel *pixels);
