// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/colors.h"

#include <errno.h>

#include "control/zone_color.h"
#include "pixel/kelvin.h"

#define HSV_RULE "a hue from 0 to 360, and saturation and value from 0 to 100"

/* A configuration knows the original's presets only: the user's are kept with the state. */
static const struct presets no_presets;

static const char *preset_name(size_t index, const void *data)
{
	const struct color_preset *presets = data;
	size_t count;

	color_presets(&count);
	return index < count ? presets[index].name : NULL;
}

static int read_preset(struct schema *schema, json_t *value, void *target)
{
	struct zone_color *color = target;
	const char *text = json_string_value(value);
	int preset = text ? color_preset_find(text) : -ENOENT;

	if (preset < 0)
		return schema_refuse_name(schema, value, "a preset", preset_name,
					  color_presets(NULL));
	color->preset = (uint16_t)preset;
	return 0;
}

static int read_rgb(struct schema *schema, json_t *value, void *target)
{
	static const uint16_t most[] = { UINT8_MAX, UINT8_MAX, UINT8_MAX };
	struct zone_color *color = target;
	uint16_t part[3];
	int ret;

	ret = schema_numbers(schema, value, "three whole numbers from 0 to 255", most, part, 3);
	if (ret < 0)
		return ret;
	color->rgb.r = (uint8_t)part[0];
	color->rgb.g = (uint8_t)part[1];
	color->rgb.b = (uint8_t)part[2];
	return 0;
}

static int read_hsv(struct schema *schema, json_t *value, void *target)
{
	static const uint16_t most[] = { COLOR_HUE_MAX, 100, 100 };
	struct zone_color *color = target;
	uint16_t part[3];
	int ret;

	ret = schema_numbers(schema, value, HSV_RULE, most, part, 3);
	if (ret < 0)
		return ret;
	color->hsv.hue = part[0];
	color->hsv.saturation = (uint8_t)part[1];
	color->hsv.value = (uint8_t)part[2];
	return 0;
}

static int read_hex(struct schema *schema, json_t *value, void *target)
{
	struct zone_color *color = target;

	if (!zone_color_from_hex(json_string_value(value), &color->rgb))
		return schema_refuse(schema, value, ZONE_COLOR_HEX_RULE);
	return 0;
}

static int write_hsv(const void *target, json_t **ret_value)
{
	const struct zone_color *color = target;

	*ret_value =
		json_pack("[i, i, i]", color->hsv.hue, color->hsv.saturation, color->hsv.value);
	return *ret_value ? 0 : -ENOMEM;
}

static int write_hex(const void *target, json_t **ret_value)
{
	const struct zone_color *color = target;
	char hex[ZONE_COLOR_HEX_MAX];

	zone_color_hex(color->rgb, hex);
	*ret_value = json_string(hex);
	return *ret_value ? 0 : -ENOMEM;
}

static int write_preset(const void *target, json_t **ret_value)
{
	const struct zone_color *color = target;

	*ret_value = json_string(color_presets(NULL)[color->preset].name);
	return *ret_value ? 0 : -ENOMEM;
}

static int write_rgb(const void *target, json_t **ret_value)
{
	const struct zone_color *color = target;

	*ret_value = json_pack("[i, i, i]", color->rgb.r, color->rgb.g, color->rgb.b);
	return *ret_value ? 0 : -ENOMEM;
}

const struct schema_field colors_fields[] = {
	{ "mode", SCHEMA_NAMED, SCHEMA_MEMBER(struct zone_color, mode), .required = true,
	  .names = zone_color_modes },
	{ "hue", SCHEMA_INT, SCHEMA_MEMBER(struct zone_color, hue), .max = COLOR_HUE_MAX },
	{ "preset_name", SCHEMA_OTHER, .read = read_preset, .write = write_preset,
	  .allowed = "the name of a preset" },
	{ "rgb", SCHEMA_OTHER, .read = read_rgb, .write = write_rgb,
	  .allowed = "three whole numbers from 0 to 255" },
	{ "hsv", SCHEMA_OTHER, .read = read_hsv, .write = write_hsv, .allowed = HSV_RULE },
	{ "kelvin", SCHEMA_INT, SCHEMA_MEMBER(struct zone_color, kelvin), .min = KELVIN_MIN,
	  .max = KELVIN_MAX },
	{ "hex", SCHEMA_OTHER, .read = read_hex, .write = write_hex,
	  .allowed = ZONE_COLOR_HEX_RULE },
	{ NULL },
};

/* Another mode's member beside the right one would say two things. */
int colors_read(struct schema *schema, json_t *value, void *target)
{
	struct zone_state *state = target;
	struct zone_color *color = &state->color;
	unsigned int i;
	bool given;
	int ret;

	ret = schema_object(schema, value, colors_fields, color);
	if (ret < 0)
		return ret;
	for (i = 0; i < ZONE_COLOR_MODES; i++) {
		given = json_object_get(value, zone_color_members[i]) != NULL;
		if (given && i != color->mode)
			return schema_fail(schema, "\"%s\" does not go with mode %s",
					   zone_color_members[i], zone_color_modes[color->mode]);
		if (!given && i == color->mode)
			return schema_fail(schema, "\"%s\" is missing: mode %s needs it",
					   zone_color_members[i], zone_color_modes[i]);
	}
	return zone_color_complete(color, &no_presets);
}

int colors_write(const void *target, json_t **ret_value)
{
	const struct zone_state *state = target;
	unsigned int i;
	int ret;

	ret = schema_write(colors_fields, &state->color, ret_value);
	for (i = ZONE_COLOR_HUE; ret >= 0 && i < ZONE_COLOR_MODES; i++) {
		if (i != state->color.mode)
			json_object_del(*ret_value, zone_color_members[i]);
	}
	return ret;
}
