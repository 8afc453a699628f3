// SPDX-License-Identifier: GPL-2.0-or-later
#include "frames/compose.h"

#include <stddef.h>

bool compose_fits(const struct frames_zone_config *zone, const struct output_geometry *geometry)
{
	const struct output_channel *channel;

	if (zone->channel >= geometry->channels)
		return false;
	channel = &geometry->channel[zone->channel];
	return zone->first <= channel->pixels && zone->count <= channel->pixels - zone->first;
}

/* separate loops: no test of the components for each pixel */
static void write_rgb(uint8_t *to, ptrdiff_t step, const struct pixel *pixels, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint8_t *at = to + step * (ptrdiff_t)i;

		at[0] = pixels[i].r;
		at[1] = pixels[i].g;
		at[2] = pixels[i].b;
	}
}

static void write_rgbw(uint8_t *to, ptrdiff_t step, const struct pixel *pixels, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint8_t *at = to + step * (ptrdiff_t)i;

		at[0] = pixels[i].r;
		at[1] = pixels[i].g;
		at[2] = pixels[i].b;
		at[3] = pixels[i].w;
	}
}

void compose_zone(uint8_t *frame, const struct output_geometry *geometry,
		  const struct frames_zone_config *zone, const struct pixel *pixels)
{
	const struct output_channel *channel = &geometry->channel[zone->channel];
	ptrdiff_t step = (ptrdiff_t)channel->components;
	uint32_t place = zone->first;

	if (zone->count == 0)
		return;
	if (zone->reversed) {
		place += zone->count - 1;
		step = -step;
	}
	frame += channel->offset + (size_t)place * channel->components;
	if (channel->components == 4)
		write_rgbw(frame, step, pixels, zone->count);
	else
		write_rgb(frame, step, pixels, zone->count);
}
