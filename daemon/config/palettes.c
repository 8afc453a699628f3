// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/palettes.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "config/config.h"

static bool is_name(const char *text)
{
	return *text && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(text);
}

static int read_rgb(struct schema *schema, json_t *value, void *target)
{
	static const uint16_t most[] = { UINT8_MAX, UINT8_MAX, UINT8_MAX };
	struct palette_stop *stop = target;
	uint16_t part[3];
	int ret;

	ret = schema_numbers(schema, value, "three whole numbers from 0 to 255", most, part, 3);
	if (ret < 0)
		return ret;
	stop->color.r = (uint8_t)part[0];
	stop->color.g = (uint8_t)part[1];
	stop->color.b = (uint8_t)part[2];
	return 0;
}

static int write_rgb(const void *target, json_t **ret_value)
{
	const struct palette_stop *stop = target;

	*ret_value = json_pack("[i, i, i]", stop->color.r, stop->color.g, stop->color.b);
	return *ret_value ? 0 : -ENOMEM;
}

static const struct schema_field stop_fields[] = {
	{ "place", SCHEMA_INT, SCHEMA_MEMBER(struct palette_stop, place), .required = true,
	  .max = UINT8_MAX },
	{ "rgb", SCHEMA_OTHER, .required = true, .read = read_rgb, .write = write_rgb,
	  .allowed = "three whole numbers from 0 to 255" },
	{ NULL },
};

static int read_stops(struct schema *schema, json_t *value, void *target)
{
	struct palette *palette = &((struct config_palette *)target)->palette;
	size_t i, mark;
	int ret;

	ret = schema_array(schema, value, 1, PALETTE_MAX_STOPS);
	if (ret < 0)
		return ret;
	for (i = 0; i < json_array_size(value); i++) {
		mark = schema_enter_index(schema, i);
		ret = schema_object(schema, json_array_get(value, i), stop_fields,
				    &palette->stops[i]);
		if (ret < 0)
			return ret;
		palette->count++;
		if (palette_check(palette) < 0) {
			schema_enter(schema, "place");
			return schema_fail(schema, "%u is not above %u, the place before it",
					   palette->stops[i].place, palette->stops[i - 1].place);
		}
		schema_leave(schema, mark);
	}
	return 0;
}

static int write_stops(const void *target, json_t **ret_value)
{
	const struct palette *palette = &((const struct config_palette *)target)->palette;
	size_t i;

	*ret_value = json_array();
	for (i = 0; i < palette->count; i++)
		if (schema_append(*ret_value, stop_fields, &palette->stops[i]) < 0)
			return -ENOMEM;
	return 0;
}

const struct schema_field palettes_fields[] = {
	{ "name", SCHEMA_TEXT, SCHEMA_MEMBER(struct config_palette, name), .required = true,
	  .check = is_name, .allowed = "1 to 31 small letters, digits and _" },
	{ "label", SCHEMA_TEXT, SCHEMA_MEMBER(struct config_palette, label) },
	{ "ring", SCHEMA_BOOL, SCHEMA_MEMBER(struct config_palette, palette.ring) },
	{ "stops", SCHEMA_OTHER, .required = true, .read = read_stops, .write = write_stops,
	  .fields = stop_fields, .array = true, .allowed = "an array of 1 to 12 stops" },
	{ NULL },
};

static int read_palette(struct schema *schema, json_t *value, struct config *config)
{
	struct config_palette *palette = &config->palette[config->palette_count];
	int ret;

	ret = schema_object(schema, value, palettes_fields, palette);
	if (ret < 0)
		return ret;
	if (palettes_find(config, palette->name) >= 0) {
		schema_enter(schema, "name");
		return schema_fail(schema, "\"%s\" is the name of another palette already",
				   palette->name);
	}
	if (!palette->label[0])
		memcpy(palette->label, palette->name, sizeof(palette->name));
	config->palette_count++;
	return 0;
}

int palettes_read(struct schema *schema, json_t *value, void *target)
{
	size_t i, mark;
	int ret;

	ret = schema_array(schema, value, 0, PALETTE_CUSTOM_MAX);
	for (i = 0; ret >= 0 && i < json_array_size(value); i++) {
		mark = schema_enter_index(schema, i);
		ret = read_palette(schema, json_array_get(value, i), target);
		if (ret >= 0)
			schema_leave(schema, mark);
	}
	return ret;
}

int palettes_write(const void *target, json_t **ret_value)
{
	const struct config *config = target;
	size_t i;

	*ret_value = NULL;
	if (!config->palette_count)
		return 0;
	*ret_value = json_array();
	for (i = 0; i < config->palette_count; i++)
		if (schema_append(*ret_value, palettes_fields, &config->palette[i]) < 0)
			return -ENOMEM;
	return 0;
}

const char *palettes_name(size_t index, const void *data)
{
	const struct config *config = data;

	/* those that palette_at() has beyond our own are of the configuration in use, perhaps another */
	if (index < PALETTE_COUNT)
		return palette_at(index)->name;
	index -= PALETTE_COUNT;
	return index < config->palette_count ? config->palette[index].name : NULL;
}

int palettes_find(const struct config *config, const char *name)
{
	const char *known;

	for (size_t i = 0; (known = palettes_name(i, config)); i++)
		if (strcasecmp(name, known) == 0)
			return (int)i;
	return -ENOENT;
}

bool palettes_equal(const struct config *a, const struct config *b)
{
	/* both were zeroed before they were read */
	return a->palette_count == b->palette_count &&
	       memcmp(a->palette, b->palette, sizeof(a->palette)) == 0;
}

void palettes_install(const struct config *config)
{
	struct palette custom[PALETTE_CUSTOM_MAX];
	size_t i;

	for (i = 0; i < config->palette_count; i++) {
		custom[i] = config->palette[i].palette;
		custom[i].name = config->palette[i].name;
		custom[i].label = config->palette[i].label;
	}
	palette_install(custom, config->palette_count);
}
