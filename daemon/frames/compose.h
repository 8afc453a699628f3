/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "frames/frames.h"
#include "output/output.h"
#include "pixel/color.h"

/*
 * From a zone's pixels to their places in frames: pure arithmetic.
 *
 * A zone's places are counted along its parts, place 0 is the first pixel of
 * the first part. Which pixel of the picture is at a place follows from
 * reversal, wiring and rotation.
 */

/** compose_pixels() - the sum of the parts, which must be at most OUTPUT_MAX_PIXELS each */
uint64_t compose_pixels(const struct frames_zone_config *zone);

/** compose_source() - index of the picture's pixel at a place of the zone */
uint32_t compose_source(const struct frames_zone_config *zone, uint32_t place);

/** compose_plain() - the pixels are at their places in order: no table is needed */
bool compose_plain(const struct frames_zone_config *zone);

/** compose_fits() - all of the part's pixels exist in @geometry */
bool compose_fits(const struct frames_part *part, const struct output_geometry *geometry);

/**
 * compose_zone() - write those of a zone's pixels that are on an output
 * @frame: geometry's frame_bytes; bytes of other pixels are not touched
 * @source: compose_source() of every place, or NULL if compose_plain()
 *
 * The parts must fit. White is left out where the channel has three components,
 * and gets its share of the others where the channel says so.
 */
void compose_zone(uint8_t *frame, const struct output_geometry *geometry, unsigned int output,
		  const struct frames_zone_config *zone, const uint32_t *source,
		  const struct pixel *pixels);
