/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "engine/effect.h"
#include "pixel/color.h"

#define ZONE_MAX 256
#define ZONE_ID_MAX 32
#define ZONE_NAME_MAX 64
#define ZONE_BRIGHTNESS_MAX 100

enum zone_color_mode {
	ZONE_COLOR_HUE,
	ZONE_COLOR_PRESET,
	ZONE_COLOR_RGB,
};

/** struct zone_color - a colour as it was asked for; @rgb is always valid */
struct zone_color {
	enum zone_color_mode mode;
	uint16_t hue;	 /* degrees 0 to 360, of HUE */
	uint16_t preset; /* index of presets_name(), of PRESET */
	struct pixel rgb;
};

enum zone_mode {
	ZONE_STATIC,
	ZONE_ANIMATION,
};

/** struct zone_config - what a zone is; fixed while the daemon runs */
struct zone_config {
	char id[ZONE_ID_MAX]; /* upper case, A-Z 0-9 _ */
	char display_name[ZONE_NAME_MAX];
	char output[32]; /* name of the output */
	uint32_t channel, first, count;
	bool reversed;
	bool enabled;
};

/** struct zone_state - how a zone is; a plain value */
struct zone_state {
	bool is_on;
	uint8_t brightness; /* 0 to ZONE_BRIGHTNESS_MAX */
	struct zone_color color;
	enum zone_mode mode;
	uint16_t animation; /* index of effect_at(): what runs or would run in ANIMATION */
	int32_t params[EFFECT_MAX_PARAMS]; /* of that animation */
};
