// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/zone_color.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pixel/kelvin.h"

const char *const zone_color_modes[ZONE_COLOR_MODES + 1] = {
	[ZONE_COLOR_HUE] = "HUE", [ZONE_COLOR_PRESET] = "PRESET", [ZONE_COLOR_RGB] = "RGB",
	[ZONE_COLOR_HSV] = "HSV", [ZONE_COLOR_KELVIN] = "KELVIN", [ZONE_COLOR_HEX] = "HEX",
};

const char *const zone_color_members[ZONE_COLOR_MODES + 1] = {
	[ZONE_COLOR_HUE] = "hue", [ZONE_COLOR_PRESET] = "preset_name", [ZONE_COLOR_RGB] = "rgb",
	[ZONE_COLOR_HSV] = "hsv", [ZONE_COLOR_KELVIN] = "kelvin",      [ZONE_COLOR_HEX] = "hex",
};

int zone_color_complete(struct zone_color *color, const struct presets *presets)
{
	struct zone_color whole = { .mode = color->mode };

	switch (color->mode) {
	case ZONE_COLOR_HUE:
		if (color->hue > COLOR_HUE_MAX)
			return -EINVAL;
		whole.hue = color->hue;
		whole.rgb = color_from_hue(color->hue);
		break;
	case ZONE_COLOR_PRESET:
		if (!presets_color(presets, color->preset, &whole.rgb))
			return -EINVAL;
		whole.preset = color->preset;
		break;
	case ZONE_COLOR_HSV:
		if (color->hsv.hue > COLOR_HUE_MAX || color->hsv.saturation > 100 ||
		    color->hsv.value > 100)
			return -EINVAL;
		whole.hsv = color->hsv;
		whole.rgb =
			color_from_percent(color->hsv.hue, color->hsv.saturation, color->hsv.value);
		break;
	case ZONE_COLOR_KELVIN:
		if (color->kelvin < KELVIN_MIN || color->kelvin > KELVIN_MAX)
			return -EINVAL;
		whole.kelvin = color->kelvin;
		whole.rgb = kelvin_color(color->kelvin);
		break;
	case ZONE_COLOR_RGB:
	case ZONE_COLOR_HEX:
		whole.rgb = color->rgb;
		break;
	default:
		return -EINVAL;
	}
	*color = whole;
	return 0;
}

bool zone_color_same(const struct zone_color *a, const struct zone_color *b)
{
	return a->mode == b->mode && a->hue == b->hue && a->preset == b->preset &&
	       a->kelvin == b->kelvin && a->hsv.hue == b->hsv.hue &&
	       a->hsv.saturation == b->hsv.saturation && a->hsv.value == b->hsv.value &&
	       !memcmp(&a->rgb, &b->rgb, sizeof(a->rgb));
}

void zone_color_hex(struct pixel rgb, char ret_text[ZONE_COLOR_HEX_MAX])
{
	snprintf(ret_text, ZONE_COLOR_HEX_MAX, "#%02x%02x%02x", rgb.r, rgb.g, rgb.b);
}

bool zone_color_from_hex(const char *text, struct pixel *ret_rgb)
{
	unsigned long rgb;

	if (!text || text[0] != '#' || strlen(text) != ZONE_COLOR_HEX_MAX - 1 ||
	    strspn(text + 1, "0123456789abcdefABCDEF") != ZONE_COLOR_HEX_MAX - 2)
		return false;
	rgb = strtoul(text + 1, NULL, 16);
	*ret_rgb = (struct pixel){ (uint8_t)(rgb >> 16), (uint8_t)(rgb >> 8), (uint8_t)rgb, 0 };
	return true;
}
