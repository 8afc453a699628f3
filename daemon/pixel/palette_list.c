// SPDX-License-Identifier: GPL-2.0-or-later
#include "pixel/palette.h"

#include <stdio.h>

#define STOP(at, red, green, blue)                                   \
	{                                                            \
		.place = (at), .color = {(red), (green), (blue), 0 } \
	}

/* clang-format off */
static const struct palette palettes[PALETTE_COUNT] = {
	{
		.name = "spectrum", .label = "Spectrum", .ring = true, .count = 12,
		.stops = {
			STOP(0, 0xff, 0x00, 0x00),
			STOP(21, 0xff, 0x7f, 0x00),
			STOP(43, 0xff, 0xff, 0x00),
			STOP(64, 0x7f, 0xff, 0x00),
			STOP(85, 0x00, 0xff, 0x00),
			STOP(107, 0x00, 0xff, 0x7f),
			STOP(128, 0x00, 0xff, 0xff),
			STOP(149, 0x00, 0x7f, 0xff),
			STOP(171, 0x00, 0x00, 0xff),
			STOP(192, 0x7f, 0x00, 0xff),
			STOP(213, 0xff, 0x00, 0xff),
			STOP(235, 0xff, 0x00, 0x7f),
		},
	},
	{
		.name = "sunset", .label = "Sunset", .ring = false, .count = 5,
		.stops = {
			STOP(0, 0x16, 0x10, 0x5c),
			STOP(64, 0x5a, 0x1a, 0x9a),
			STOP(128, 0xc0, 0x1c, 0x74),
			STOP(191, 0xff, 0x4a, 0x1e),
			STOP(255, 0xff, 0xa6, 0x3c),
		},
	},
	{
		.name = "ember", .label = "Ember", .ring = false, .count = 5,
		.stops = {
			STOP(0, 0x2a, 0x00, 0x00),
			STOP(64, 0x8c, 0x0c, 0x00),
			STOP(128, 0xea, 0x3a, 0x00),
			STOP(191, 0xff, 0x8a, 0x14),
			STOP(255, 0xff, 0xdf, 0x90),
		},
	},
	{
		.name = "ocean", .label = "Ocean", .ring = false, .count = 5,
		.stops = {
			STOP(0, 0x00, 0x18, 0x4a),
			STOP(64, 0x00, 0x50, 0xa0),
			STOP(128, 0x00, 0x98, 0xb4),
			STOP(191, 0x22, 0xd8, 0xc0),
			STOP(255, 0xb4, 0xff, 0xf0),
		},
	},
	{
		.name = "forest", .label = "Forest", .ring = true, .count = 5,
		.stops = {
			STOP(0, 0x06, 0x3c, 0x10),
			STOP(51, 0x1a, 0x7a, 0x1c),
			STOP(102, 0x66, 0xb0, 0x16),
			STOP(154, 0xc0, 0xd8, 0x34),
			STOP(205, 0x2c, 0x8a, 0x3a),
		},
	},
	{
		.name = "lagoon", .label = "Lagoon", .ring = true, .count = 5,
		.stops = {
			STOP(0, 0x00, 0x3c, 0x64),
			STOP(51, 0x00, 0xb0, 0xa8),
			STOP(102, 0x74, 0xf0, 0xc8),
			STOP(154, 0x00, 0xb8, 0xff),
			STOP(205, 0x00, 0x48, 0xc0),
		},
	},
	{
		.name = "aurora", .label = "Aurora", .ring = true, .count = 6,
		.stops = {
			STOP(0, 0x00, 0xff, 0x70),
			STOP(43, 0x00, 0xd8, 0xa8),
			STOP(85, 0x18, 0x80, 0xff),
			STOP(128, 0x7c, 0x24, 0xff),
			STOP(171, 0xb8, 0x1c, 0xc0),
			STOP(213, 0x18, 0xa0, 0xc8),
		},
	},
	{
		.name = "twilight", .label = "Twilight", .ring = false, .count = 5,
		.stops = {
			STOP(0, 0x0c, 0x16, 0x60),
			STOP(64, 0x40, 0x28, 0x9c),
			STOP(128, 0x9c, 0x3c, 0xb4),
			STOP(191, 0xf0, 0x70, 0x8c),
			STOP(255, 0xff, 0xc8, 0x78),
		},
	},
	{
		.name = "blossom", .label = "Blossom", .ring = true, .count = 5,
		.stops = {
			STOP(0, 0xff, 0x4c, 0x98),
			STOP(51, 0xff, 0xb4, 0xd0),
			STOP(102, 0xff, 0xf0, 0xf0),
			STOP(154, 0xff, 0x86, 0xb4),
			STOP(205, 0xc8, 0x28, 0x80),
		},
	},
	{
		.name = "lavender", .label = "Lavender", .ring = true, .count = 4,
		.stops = {
			STOP(0, 0x50, 0x30, 0xb8),
			STOP(64, 0x90, 0x60, 0xff),
			STOP(128, 0xdc, 0xb8, 0xff),
			STOP(192, 0x6c, 0x8c, 0xff),
		},
	},
	{
		.name = "citrus", .label = "Citrus", .ring = true, .count = 5,
		.stops = {
			STOP(0, 0xff, 0x30, 0x00),
			STOP(51, 0xff, 0x88, 0x00),
			STOP(102, 0xff, 0xd8, 0x00),
			STOP(154, 0xa8, 0xff, 0x00),
			STOP(205, 0xff, 0xd0, 0x00),
		},
	},
	{
		.name = "meadow", .label = "Meadow", .ring = true, .count = 6,
		.stops = {
			STOP(0, 0x28, 0xa8, 0x3c),
			STOP(43, 0xb8, 0xe4, 0x34),
			STOP(85, 0xff, 0xe0, 0x48),
			STOP(128, 0xff, 0x78, 0x50),
			STOP(171, 0xc4, 0x60, 0xd8),
			STOP(213, 0x48, 0x78, 0xe0),
		},
	},
	{
		.name = "ice", .label = "Ice", .ring = false, .count = 4,
		.stops = {
			STOP(0, 0x04, 0x20, 0xa0),
			STOP(85, 0x14, 0x70, 0xff),
			STOP(170, 0x70, 0xc8, 0xff),
			STOP(255, 0xf0, 0xfc, 0xff),
		},
	},
	{
		.name = "candy", .label = "Candy", .ring = true, .count = 4,
		.stops = {
			STOP(0, 0xff, 0x20, 0x88),
			STOP(64, 0xff, 0xf4, 0xf8),
			STOP(128, 0x30, 0xd4, 0xff),
			STOP(192, 0x8c, 0x50, 0xff),
		},
	},
	{
		.name = "neon", .label = "Neon", .ring = true, .count = 5,
		.stops = {
			STOP(0, 0xff, 0x00, 0x90),
			STOP(51, 0x80, 0x00, 0xff),
			STOP(102, 0x00, 0xb0, 0xff),
			STOP(154, 0x00, 0xff, 0x90),
			STOP(205, 0xe0, 0xff, 0x00),
		},
	},
	{
		.name = "autumn", .label = "Autumn", .ring = true, .count = 5,
		.stops = {
			STOP(0, 0x7c, 0x14, 0x04),
			STOP(51, 0xc0, 0x3c, 0x08),
			STOP(102, 0xf4, 0x8c, 0x14),
			STOP(154, 0xff, 0xcc, 0x48),
			STOP(205, 0x94, 0x40, 0x0c),
		},
	},
	{
		.name = "copper", .label = "Copper", .ring = false, .count = 4,
		.stops = {
			STOP(0, 0x34, 0x0c, 0x02),
			STOP(85, 0x94, 0x2c, 0x08),
			STOP(170, 0xe0, 0x78, 0x28),
			STOP(255, 0xff, 0xc8, 0x88),
		},
	},
	{
		.name = "coral", .label = "Coral", .ring = true, .count = 5,
		.stops = {
			STOP(0, 0xff, 0x40, 0x38),
			STOP(51, 0xff, 0x8c, 0x5c),
			STOP(102, 0xff, 0xd8, 0xa8),
			STOP(154, 0x34, 0xc8, 0xc0),
			STOP(205, 0x08, 0x80, 0xa8),
		},
	},
	{
		.name = "mint", .label = "Mint", .ring = false, .count = 4,
		.stops = {
			STOP(0, 0x00, 0x48, 0x48),
			STOP(85, 0x00, 0xa8, 0x80),
			STOP(170, 0x70, 0xf8, 0xb8),
			STOP(255, 0xf0, 0xff, 0xf4),
		},
	},
	{
		.name = "galaxy", .label = "Galaxy", .ring = true, .count = 5,
		.stops = {
			STOP(0, 0x10, 0x04, 0x48),
			STOP(51, 0x4c, 0x10, 0xa0),
			STOP(102, 0xb0, 0x18, 0xc0),
			STOP(154, 0xff, 0x48, 0x98),
			STOP(205, 0x3c, 0x60, 0xff),
		},
	},
	{
		.name = "toxic", .label = "Toxic", .ring = false, .count = 4,
		.stops = {
			STOP(0, 0x08, 0x30, 0x00),
			STOP(85, 0x34, 0x90, 0x00),
			STOP(170, 0xa4, 0xf8, 0x00),
			STOP(255, 0xf4, 0xff, 0x80),
		},
	},
	{
		.name = "bunsen", .label = "Bunsen", .ring = false, .count = 4,
		.stops = {
			STOP(0, 0x00, 0x04, 0x50),
			STOP(85, 0x04, 0x30, 0xd8),
			STOP(170, 0x0c, 0x9c, 0xff),
			STOP(255, 0xc8, 0xf4, 0xff),
		},
	},
	{
		.name = "festive", .label = "Festive", .ring = true, .count = 4,
		.stops = {
			STOP(0, 0xe0, 0x08, 0x10),
			STOP(64, 0xff, 0xb4, 0x28),
			STOP(128, 0x08, 0x8c, 0x20),
			STOP(192, 0xff, 0xb4, 0x28),
		},
	},
	{
		.name = "candlelight", .label = "Candlelight", .ring = false, .count = 4,
		.stops = {
			STOP(0, 0xb8, 0x30, 0x00),
			STOP(85, 0xff, 0x78, 0x14),
			STOP(170, 0xff, 0xb4, 0x54),
			STOP(255, 0xff, 0xe0, 0xa8),
		},
	},
};
/* clang-format on */

/* the user's, written once at the start */
static struct {
	size_t count;
	struct palette palette[PALETTE_CUSTOM_MAX];
	char name[PALETTE_CUSTOM_MAX][PALETTE_NAME_MAX];
	char label[PALETTE_CUSTOM_MAX][PALETTE_LABEL_MAX];
} custom;

const struct palette *palette_at(size_t index)
{
	if (index < PALETTE_COUNT)
		return &palettes[index];
	return index < palette_count() ? &custom.palette[index - PALETTE_COUNT] : NULL;
}

size_t palette_count(void)
{
	return PALETTE_COUNT + custom.count;
}

void palette_install(const struct palette *palette, size_t count)
{
	custom.count = count < PALETTE_CUSTOM_MAX ? count : PALETTE_CUSTOM_MAX;
	for (size_t i = 0; i < custom.count; i++) {
		custom.palette[i] = palette[i];
		snprintf(custom.name[i], sizeof(custom.name[i]), "%s", palette[i].name);
		snprintf(custom.label[i], sizeof(custom.label[i]), "%s", palette[i].label);
		custom.palette[i].name = custom.name[i];
		custom.palette[i].label = custom.label[i];
	}
}
