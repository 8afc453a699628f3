// SPDX-License-Identifier: GPL-2.0-or-later
#include "pixel/color.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "pixel/lanes.h"

/* one sixth of the hue circle, from one pure or mixed colour to the next */
#define SECTOR_ONE 65536U

static const struct color_preset presets[] = {
	{ "red", { 255, 0, 0, 0 } },	     { "orange", { 255, 90, 0, 0 } },
	{ "amber", { 255, 140, 0, 0 } },     { "yellow", { 255, 210, 0, 0 } },
	{ "lime", { 160, 255, 0, 0 } },	     { "green", { 0, 255, 0, 0 } },
	{ "mint", { 60, 255, 130, 0 } },     { "cyan", { 0, 255, 255, 0 } },
	{ "sky_blue", { 60, 170, 255, 0 } }, { "ocean", { 0, 100, 200, 0 } },
	{ "blue", { 0, 0, 255, 0 } },	     { "indigo", { 75, 0, 200, 0 } },
	{ "violet", { 140, 0, 255, 0 } },    { "purple", { 170, 0, 200, 0 } },
	{ "magenta", { 255, 0, 255, 0 } },   { "hot_pink", { 255, 40, 140, 0 } },
	{ "pink", { 255, 110, 170, 0 } },    { "warm_white", { 255, 200, 150, 0 } },
	{ "white", { 255, 255, 255, 0 } },   { "cool_white", { 200, 220, 255, 0 } },
	{ "off", { 0, 0, 0, 0 } },
};

/* @value less the part that @saturation and @fraction of SECTOR_ONE take away, rounded */
static uint8_t lowered(uint32_t value, uint32_t saturation, uint32_t fraction)
{
	/* 255 × 255 × 65536 and the rounding are just below 2^32 */
	uint32_t product = value * (255 * SECTOR_ONE - saturation * fraction);

	return (uint8_t)((product + 255 * SECTOR_ONE / 2) / (255 * SECTOR_ONE));
}

/* The brightest component, the darkest, and what goes up or down in this sixth of the circle. */
static struct pixel in_sector(uint32_t sector, uint8_t value, uint8_t low, uint8_t falling,
			      uint8_t rising)
{
	switch (sector) {
	case 0:
		return (struct pixel){ value, rising, low, 0 };
	case 1:
		return (struct pixel){ falling, value, low, 0 };
	case 2:
		return (struct pixel){ low, value, rising, 0 };
	case 3:
		return (struct pixel){ low, falling, value, 0 };
	case 4:
		return (struct pixel){ rising, low, value, 0 };
	default:
		return (struct pixel){ value, low, falling, 0 };
	}
}

static struct pixel from_sector(uint32_t sector, uint32_t fraction, uint8_t saturation,
				uint8_t value)
{
	return in_sector(sector, value, lowered(value, saturation, SECTOR_ONE),
			 lowered(value, saturation, fraction),
			 lowered(value, saturation, SECTOR_ONE - fraction));
}

/* 255 × value × (1 − saturation × part), rounded once; percent, and sixtieths of a sector */
static uint8_t of_percent(uint32_t value, uint32_t saturation, uint32_t part)
{
	return (uint8_t)((255 * value * (6000 - saturation * part) + 300000) / 600000);
}

struct pixel color_from_percent(uint32_t hue, uint32_t saturation, uint32_t value)
{
	uint32_t part = hue % 60;

	return in_sector(hue % COLOR_HUE_MAX / 60, of_percent(value, 0, 0),
			 of_percent(value, saturation, 60), of_percent(value, saturation, part),
			 of_percent(value, saturation, 60 - part));
}

struct pixel color_from_hue(uint32_t hue)
{
	return color_from_percent(hue, 100, 100);
}

struct pixel color_from_hsv(uint16_t hue, uint8_t saturation, uint8_t value)
{
	uint32_t position = hue * 6U;

	return from_sector(position / SECTOR_ONE, position % SECTOR_ONE, saturation, value);
}

/* v × level / 255, rounded, without a division: exact for every pair */
static uint8_t scale(uint8_t v, uint8_t level)
{
	uint32_t product = (uint32_t)v * level + 128;

	return (uint8_t)((product + (product >> 8)) >> 8);
}

struct pixel color_scale(struct pixel color, uint8_t level)
{
	return (struct pixel){ scale(color.r, level), scale(color.g, level), scale(color.b, level),
			       scale(color.w, level) };
}

/* scale() for the even components of some pixels or the odd ones */
static inline lanes16 scale_lanes(lanes16 v, uint16_t level)
{
	lanes16 product = v * level + 128;

	return (product + (product >> 8)) >> 8;
}

void color_scale_all(struct pixel *pixels, size_t n, uint8_t level)
{
	size_t i = 0;
	lanes16 v;

	if (level == 255)
		return;
	for (; i + LANES_PIXELS <= n; i += LANES_PIXELS) {
		memcpy(&v, pixels + i, sizeof(v));
		v = scale_lanes(v & 0xff, level) | scale_lanes(v >> 8, level) << 8;
		memcpy(pixels + i, &v, sizeof(v));
	}
	for (; i < n; i++)
		pixels[i] = color_scale(pixels[i], level);
}

const struct color_preset *color_presets(size_t *ret_count)
{
	if (ret_count)
		*ret_count = sizeof(presets) / sizeof(presets[0]);
	return presets;
}

int color_preset_find(const char *name)
{
	for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); i++)
		if (strcasecmp(name, presets[i].name) == 0)
			return (int)i;
	return -ENOENT;
}
