// SPDX-License-Identifier: GPL-2.0-or-later
#include "frames/compose.h"

#include <stddef.h>
#include <string.h>

uint64_t compose_pixels(const struct frames_zone_config *zone)
{
	uint64_t pixels = 0;

	for (unsigned int i = 0; i < zone->part_count; i++)
		pixels += zone->part[i].count;
	return pixels;
}

bool compose_plain(const struct frames_zone_config *zone)
{
	for (unsigned int i = 0; i < zone->part_count; i++)
		if (zone->part[i].reversed)
			return false;
	return !zone->reversed && (!zone->width || (!zone->serpentine && !zone->rotation));
}

/* Pixel of the upright picture that is seen at column @x of wired row @y. */
static uint32_t turned(const struct frames_zone_config *zone, uint32_t x, uint32_t y)
{
	uint32_t width = zone->width, height = zone->height;

	switch (zone->rotation & 3) {
	case 1: /* its first row goes down the right side: the picture is as wide as it is high */
		return x * height + (height - 1 - y);
	case 2:
		return (height - 1 - y) * width + (width - 1 - x);
	case 3:
		return (width - 1 - x) * height + y;
	default:
		return y * width + x;
	}
}

/* Within its part, if that is reversed. */
static uint32_t part_place(const struct frames_zone_config *zone, uint32_t place)
{
	const struct frames_part *part = zone->part;
	uint32_t begin = 0;

	while (place - begin >= part->count)
		begin += part++->count;
	return part->reversed ? begin + part->count - 1 - (place - begin) : place;
}

uint32_t compose_source(const struct frames_zone_config *zone, uint32_t place)
{
	uint32_t x, y;

	place = part_place(zone, place);
	if (zone->reversed)
		place = (uint32_t)compose_pixels(zone) - 1 - place;
	if (!zone->width)
		return place;
	x = place % zone->width;
	y = place / zone->width;
	if (zone->serpentine && y & 1)
		x = zone->width - 1 - x;
	return turned(zone, x, y);
}

bool compose_fits(const struct frames_part *part, const struct output_geometry *geometry)
{
	const struct output_channel *channel;

	if (part->channel >= geometry->channels)
		return false;
	channel = &geometry->channel[part->channel];
	return part->first <= channel->pixels && part->count <= channel->pixels - part->first;
}

/*
 * Whole pixels are stored upwards, each over the white of the one before; what
 * follows the last one is not ours. Many at a time, which halves the work.
 */
static inline void write_run(uint8_t *at, const struct pixel *pixels, int run)
{
#pragma GCC unroll 16
	for (int i = 0; i < run; i++)
		memcpy(at + 3 * i, &pixels[i], sizeof(*pixels));
}

static void write_rgb(uint8_t *at, const struct pixel *pixels, uint32_t count)
{
	bool tail = count >= 8;

	for (; count > 16; count -= 16, at += 48, pixels += 16)
		write_run(at, pixels, 16);
	if (count > 8) {
		write_run(at, pixels, 8);
		count -= 8;
		at += 24;
		pixels += 8;
	}
	if (tail) {
		/* the last eight, some of them once more */
		at -= 3 * (8 - count);
		pixels -= 8 - count;
		write_run(at, pixels, 7);
		memcpy(at + 21, &pixels[7], 3);
		return;
	}
	for (; count > 1; count--, at += 3, pixels++)
		memcpy(at, pixels, sizeof(*pixels));
	memcpy(at, pixels, 3);
}

static void write_rgb_from(uint8_t *at, const struct pixel *pixels, const uint32_t *source,
			   uint32_t count)
{
	for (; count > 8; count -= 8, at += 24, source += 8) {
		memcpy(at, &pixels[source[0]], sizeof(*pixels));
		memcpy(at + 3, &pixels[source[1]], sizeof(*pixels));
		memcpy(at + 6, &pixels[source[2]], sizeof(*pixels));
		memcpy(at + 9, &pixels[source[3]], sizeof(*pixels));
		memcpy(at + 12, &pixels[source[4]], sizeof(*pixels));
		memcpy(at + 15, &pixels[source[5]], sizeof(*pixels));
		memcpy(at + 18, &pixels[source[6]], sizeof(*pixels));
		memcpy(at + 21, &pixels[source[7]], sizeof(*pixels));
	}
	for (; count > 1; count--, at += 3, source++)
		memcpy(at, &pixels[*source], sizeof(*pixels));
	memcpy(at, &pixels[*source], 3);
}

static void write_rgbw_from(uint8_t *at, const struct pixel *pixels, const uint32_t *source,
			    uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		memcpy(at + i * sizeof(*pixels), &pixels[source[i]], sizeof(*pixels));
}

void compose_zone(uint8_t *frame, const struct output_geometry *geometry, unsigned int output,
		  const struct frames_zone_config *zone, const uint32_t *source,
		  const struct pixel *pixels)
{
	uint32_t place = 0;

	for (unsigned int i = 0; i < zone->part_count; i++) {
		const struct frames_part *part = &zone->part[i];
		const struct output_channel *channel = &geometry->channel[part->channel];
		uint8_t *at;

		if (part->output == output && part->count) {
			at = frame + channel->offset + (size_t)part->first * channel->components;
			if (source && channel->components == 4)
				write_rgbw_from(at, pixels, source + place, part->count);
			else if (source)
				write_rgb_from(at, pixels, source + place, part->count);
			else if (channel->components == 4)
				memcpy(at, pixels + place, part->count * sizeof(*pixels));
			else
				write_rgb(at, pixels + place, part->count);
			if (channel->white.on)
				white_extract((struct pixel *)at, part->count, &channel->white);
		}
		place += part->count;
	}
}
