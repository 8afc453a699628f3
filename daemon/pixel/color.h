/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/**
 * struct pixel - the colour of one pixel
 *
 * Components 0 to 255 as they go into a frame. Eyes see equal steps of these
 * values as about equal when the kernel's LUT holds a gamma curve; to blend
 * two colours as light does, use pixel/blend.h.
 */
struct pixel {
	uint8_t r, g, b, w;
};

#define PIXEL_BLACK ((struct pixel){ 0, 0, 0, 0 })

/** COLOR_HUE_MAX - hues are whole degrees from 0 to 360, both red */
#define COLOR_HUE_MAX 360

/** struct color_preset - a colour with a name */
struct color_preset {
	const char *name;
	struct pixel color;
};

/** color_from_hue() - full saturation and value; @hue in degrees, taken modulo 360 */
struct pixel color_from_hue(uint32_t hue);

/** color_from_hsv() - @hue in 1/65536 of a turn, @saturation and @value 0 to 255; integer only */
struct pixel color_from_hsv(uint16_t hue, uint8_t saturation, uint8_t value);

/**
 * color_from_percent() - as people write HSV
 * @hue: degrees, taken modulo 360
 * @saturation, @value: percent, at most 100
 */
struct pixel color_from_percent(uint32_t hue, uint32_t saturation, uint32_t value);

/** color_scale() - each component times @level / 255, rounded */
struct pixel color_scale(struct pixel color, uint8_t level);

/** color_scale_all() - color_scale() over @n pixels in place */
void color_scale_all(struct pixel *pixels, size_t n, uint8_t level);

/** color_presets() - the twenty named colours in order, then "off"; @ret_count may be NULL */
const struct color_preset *color_presets(size_t *ret_count);

/** color_preset_find() - index of a name in any case, or -ENOENT */
int color_preset_find(const char *name);
