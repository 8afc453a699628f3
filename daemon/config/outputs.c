// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/outputs.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "config/config.h"
#include "pixel/kelvin.h"

#define GAMMA_RULE "a number from 1 to 4"
#define BALANCE_RULE "three or four whole numbers from 0 to 255"
#define WHITE_RULE "\"none\", \"neutral\" or a whole number from 1000 to 15000"

static const char *const output_types[] = {
	[CONFIG_OUTPUT_DEVICE] = "device",
	[CONFIG_OUTPUT_VIRTUAL] = "virtual",
	NULL,
};

static const struct schema_field channel_fields[] = {
	{ "pixels", SCHEMA_INT, SCHEMA_MEMBER(struct output_channel, pixels), .required = true,
	  .min = 1, .max = OUTPUT_MAX_PIXELS },
	{ "components", SCHEMA_INT, SCHEMA_MEMBER(struct output_channel, components), .min = 3,
	  .max = 4 },
	{ "label", SCHEMA_TEXT, SCHEMA_MEMBER(struct output_channel, label) },
	{ NULL },
};

static int read_channels(struct schema *schema, json_t *value, void *target)
{
	struct config_output *output = target;
	struct output_geometry *geometry = &output->geometry;
	struct output_channel *channel;
	size_t i, mark;
	uint64_t pixels = 0;
	int ret;

	ret = schema_array(schema, value, 1, OUTPUT_MAX_CHANNELS);
	if (ret < 0)
		return ret;
	for (i = 0; i < json_array_size(value); i++) {
		channel = &geometry->channel[i];
		channel->components = 3;
		mark = schema_enter_index(schema, i);
		ret = schema_object(schema, json_array_get(value, i), channel_fields, channel);
		if (ret < 0)
			return ret;
		channel->offset = geometry->frame_bytes;
		geometry->frame_bytes += channel->pixels * channel->components;
		pixels += channel->pixels;
		if (pixels > OUTPUT_MAX_PIXELS)
			return schema_fail(schema, "more than %d pixels in one output",
					   OUTPUT_MAX_PIXELS);
		schema_leave(schema, mark);
	}
	geometry->channels = (uint32_t)i;
	return 0;
}

static int write_channels(const void *target, json_t **ret_value)
{
	const struct config_output *output = target;
	size_t i;

	/* a device tells its own */
	*ret_value = NULL;
	if (!output->geometry.channels)
		return 0;
	*ret_value = json_array();
	for (i = 0; i < output->geometry.channels; i++)
		if (schema_append(*ret_value, channel_fields, &output->geometry.channel[i]) < 0)
			return -ENOMEM;
	return 0;
}

/* ---- what is made of colours ---- */

static int read_gamma(struct schema *schema, json_t *value, void *target)
{
	struct output_colors *colors = target;
	double gamma = json_number_value(value);

	if (!json_is_number(value) || !(gamma >= LUT_GAMMA_MIN / 100.0) ||
	    !(gamma <= LUT_GAMMA_MAX / 100.0))
		return schema_refuse(schema, value, GAMMA_RULE);
	colors->gamma = (uint16_t)lround(gamma * 100);
	return 0;
}

static int write_gamma(const void *target, json_t **ret_value)
{
	const struct output_colors *colors = target;

	*ret_value = json_real(colors->gamma / 100.0);
	return *ret_value ? 0 : -ENOMEM;
}

static int read_balance(struct schema *schema, json_t *value, void *target)
{
	static const uint16_t most[] = { UINT8_MAX, UINT8_MAX, UINT8_MAX, UINT8_MAX };
	struct output_colors *colors = target;
	size_t n = json_array_size(value) == 4 ? 4 : 3, i;
	uint16_t part[4];
	int ret;

	ret = schema_numbers(schema, value, BALANCE_RULE, most, part, n);
	if (ret < 0)
		return ret;
	for (i = 0; i < n; i++)
		colors->balance[i] = (uint8_t)part[i];
	return 0;
}

static int write_balance(const void *target, json_t **ret_value)
{
	const struct output_colors *colors = target;

	*ret_value = json_pack("[i, i, i, i]", colors->balance[0], colors->balance[1],
			       colors->balance[2], colors->balance[3]);
	return *ret_value ? 0 : -ENOMEM;
}

static int read_white(struct schema *schema, json_t *value, void *target)
{
	struct output_colors *colors = target;
	const char *text = json_string_value(value);

	if (text && !strcasecmp(text, "none"))
		colors->white = WHITE_NONE;
	else if (text && !strcasecmp(text, "neutral"))
		colors->white = WHITE_NEUTRAL;
	else if (json_is_integer(value) && json_integer_value(value) >= KELVIN_MIN &&
		 json_integer_value(value) <= KELVIN_MAX)
		colors->white = (uint16_t)json_integer_value(value);
	else
		return schema_refuse(schema, value, WHITE_RULE);
	return 0;
}

static int write_white(const void *target, json_t **ret_value)
{
	const struct output_colors *colors = target;

	if (colors->white > WHITE_NEUTRAL)
		*ret_value = json_integer(colors->white);
	else
		*ret_value = json_string(colors->white == WHITE_NONE ? "none" : "neutral");
	return *ret_value ? 0 : -ENOMEM;
}

static const struct schema_field colors_of_channel[] = {
	{ "gamma", SCHEMA_OTHER, .read = read_gamma, .write = write_gamma, .allowed = GAMMA_RULE },
	{ "balance", SCHEMA_OTHER, .read = read_balance, .write = write_balance,
	  .allowed = BALANCE_RULE },
	{ "white", SCHEMA_OTHER, .read = read_white, .write = write_white, .allowed = WHITE_RULE },
	{ NULL },
};

static int read_colors(struct schema *schema, json_t *value, void *target)
{
	struct config_output *output = target;
	size_t i, mark;
	int ret;

	ret = schema_array(schema, value, 0, OUTPUT_MAX_CHANNELS);
	for (i = 0; ret >= 0 && i < json_array_size(value); i++) {
		mark = schema_enter_index(schema, i);
		ret = schema_object(schema, json_array_get(value, i), colors_of_channel,
				    &output->colors[i]);
		if (ret >= 0)
			schema_leave(schema, mark);
	}
	return ret;
}

static int write_colors(const void *target, json_t **ret_value)
{
	const struct config_output *output = target;
	size_t i;

	*ret_value = json_array();
	for (i = 0; i < OUTPUT_MAX_CHANNELS; i++)
		if (schema_append(*ret_value, colors_of_channel, &output->colors[i]) < 0)
			return -ENOMEM;
	return 0;
}

static bool is_name(const char *text)
{
	return *text && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789_-") == strlen(text);
}

static bool is_absolute(const char *text)
{
	return *text == '/';
}

static bool is_label(const char *text)
{
	const char *at;

	for (at = text; *at && !iscntrl((unsigned char)*at); at++)
		;
	return at != text && !*at;
}

const struct schema_field outputs_fields[] = {
	{ "name", SCHEMA_TEXT, SCHEMA_MEMBER(struct config_output, name), .required = true,
	  .check = is_name, .allowed = "1 to 31 letters, digits, _ and -" },
	{ "type", SCHEMA_NAMED, SCHEMA_MEMBER(struct config_output, type), .required = true,
	  .names = output_types },
	{ "path", SCHEMA_TEXT, SCHEMA_MEMBER(struct config_output, path), .check = is_absolute,
	  .allowed = "an absolute path of at most 255 bytes" },
	{ "label", SCHEMA_TEXT, SCHEMA_MEMBER(struct config_output, label), .check = is_label,
	  .allowed = "a text of 1 to 31 bytes without control characters" },
	{ "channels", SCHEMA_OTHER, .read = read_channels, .write = write_channels,
	  .fields = channel_fields, .array = true, .allowed = "an array of channels" },
	{ "colors", SCHEMA_OTHER, .read = read_colors, .write = write_colors,
	  .fields = colors_of_channel, .array = true,
	  .allowed = "an array of at most 8, channel by channel" },
	{ NULL },
};

static int read_output(struct schema *schema, json_t *value, struct config *config)
{
	struct config_output *output = &config->output[config->output_count];
	size_t i;
	int ret;

	for (i = 0; i < OUTPUT_MAX_CHANNELS; i++)
		output->colors[i] = OUTPUT_COLORS_DEFAULT;
	ret = schema_object(schema, value, outputs_fields, output);
	if (ret < 0)
		return ret;
	if (output->type == CONFIG_OUTPUT_DEVICE) {
		if (!output->path[0] && !output->label[0])
			return schema_fail(schema, "\"path\" or \"label\" is missing: a device "
						   "needs one, such as the path \"/dev/diuna\"");
		if (output->path[0] && output->label[0])
			return schema_fail(schema, "\"path\" does not go with \"label\", which "
						   "says which device it is");
		if (output->geometry.channels)
			return schema_fail(schema, "\"channels\" belongs to a virtual output, "
						   "a device tells its own");
	} else {
		if (!output->geometry.channels)
			return schema_fail(schema,
					   "\"channels\" is missing: a virtual output "
					   "needs 1 to %d",
					   OUTPUT_MAX_CHANNELS);
		if (output->path[0] || output->label[0])
			return schema_fail(schema, "\"%s\" belongs to a device",
					   output->path[0] ? "path" : "label");
	}
	for (i = 0; i < config->output_count; i++) {
		if (!strcmp(config->output[i].name, output->name)) {
			schema_enter(schema, "name");
			return schema_fail(schema, "\"%s\" is the name of another output already",
					   output->name);
		}
		if (output->path[0] && !strcmp(config->output[i].path, output->path)) {
			schema_enter(schema, "path");
			return schema_fail(schema, "\"%s\" is the path of output %s already",
					   output->path, config->output[i].name);
		}
		if (output->label[0] && !strcmp(config->output[i].label, output->label)) {
			schema_enter(schema, "label");
			return schema_fail(schema, "\"%s\" is the label of output %s already",
					   output->label, config->output[i].name);
		}
	}
	config->output_count++;
	return 0;
}

int outputs_read(struct schema *schema, json_t *value, void *target)
{
	size_t i, mark;
	int ret;

	ret = schema_array(schema, value, 1, CONFIG_MAX_OUTPUTS);
	for (i = 0; ret >= 0 && i < json_array_size(value); i++) {
		mark = schema_enter_index(schema, i);
		ret = read_output(schema, json_array_get(value, i), target);
		if (ret >= 0)
			schema_leave(schema, mark);
	}
	return ret;
}

int outputs_write(const void *target, json_t **ret_value)
{
	const struct config *config = target;
	size_t i;

	*ret_value = NULL;
	if (!config->output_count)
		return 0;
	*ret_value = json_array();
	for (i = 0; i < config->output_count; i++)
		if (schema_append(*ret_value, outputs_fields, &config->output[i]) < 0)
			return -ENOMEM;
	return 0;
}
