/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "engine/effect.h"
#include "frames/frames.h"
#include "pixel/color.h"

#define ZONE_MAX 256
/*
 * ZONE_MAX_PIXELS - of a zone or group. It is drawn in one go, and no effect costs
 * more than 150 instructions a pixel (tests/bench/effects.sh): 1.2 million, less
 * than a millisecond of a Raspberry Pi 4.
 */
#define ZONE_MAX_PIXELS 8192
#define ZONE_ID_MAX 32
#define ZONE_NAME_MAX 64
#define ZONE_BRIGHTNESS_MAX 100

enum zone_color_mode {
	ZONE_COLOR_HUE,
	ZONE_COLOR_PRESET,
	ZONE_COLOR_RGB,
	ZONE_COLOR_HSV,
	ZONE_COLOR_KELVIN,
	ZONE_COLOR_HEX,
	ZONE_COLOR_MODES,
};

/** struct zone_color - a colour as it was asked for; @rgb is always valid */
struct zone_color {
	enum zone_color_mode mode;
	uint16_t hue;	 /* degrees 0 to 360, of HUE */
	uint16_t preset; /* index of presets_name(), of PRESET */
	uint16_t kelvin; /* KELVIN_MIN to KELVIN_MAX, of KELVIN */
	struct {
		uint16_t hue;		   /* degrees 0 to 360 */
		uint8_t saturation, value; /* percent */
	} hsv;				   /* of HSV */
	struct pixel rgb;
};

enum zone_mode {
	ZONE_STATIC,
	ZONE_ANIMATION,
};

/** ZONE_MAX_PARTS - runs of pixels that a zone is made of, those of all its members together */
#define ZONE_MAX_PARTS FRAMES_MAX_PARTS

/** struct zone_part - pixels of the zone's channel */
struct zone_part {
	uint32_t first, count;
};

/**
 * struct zone_config - what a zone is; fixed, but for @display_name and @enabled
 * @count: all of its pixels
 * @part: if there are any, they are what the zone is made of, and gaps may be
 *	between them; else it is @first to @first + @count - 1
 * @member: a group: zones before it whose pixels follow each other as one
 *	canvas; a command may be for each of them as well
 * @layer: higher ones cover lower ones while they are on
 * @width, @height, @serpentine, @rotation: of a matrix, as struct frames_zone_config has them
 */
struct zone_config {
	char id[ZONE_ID_MAX]; /* upper case, A-Z 0-9 _ */
	char display_name[ZONE_NAME_MAX];
	char output[32]; /* name of the output */
	uint32_t channel, first, count;
	bool reversed;
	bool enabled;
	uint8_t layer;
	uint8_t rotation;
	bool serpentine;
	uint32_t width, height;
	uint16_t part_count, member_count;
	struct zone_part part[ZONE_MAX_PARTS];
	uint16_t member[ZONE_MAX_PARTS];
};

/** zone_picture_width() - of the upright picture */
static inline uint32_t zone_picture_width(const struct zone_config *zone)
{
	if (!zone->width)
		return zone->count;
	return zone->rotation & 1 ? zone->height : zone->width;
}

/** zone_picture_height() - of the upright picture; 1 for a strip */
static inline uint32_t zone_picture_height(const struct zone_config *zone)
{
	if (!zone->width)
		return 1;
	return zone->rotation & 1 ? zone->width : zone->height;
}

/** zone_level() - brightness as the engine's level of 0 to 255 */
static inline uint8_t zone_level(uint8_t brightness)
{
	return (uint8_t)((brightness * 255 + ZONE_BRIGHTNESS_MAX / 2) / ZONE_BRIGHTNESS_MAX);
}

/** struct zone_state - how a zone is; a plain value */
struct zone_state {
	bool is_on;
	uint8_t brightness; /* 0 to ZONE_BRIGHTNESS_MAX */
	struct zone_color color;
	enum zone_mode mode;
	uint16_t animation; /* index of effect_at(): what runs or would run in ANIMATION */
	int32_t params[EFFECT_MAX_PARAMS]; /* of that animation */
};
