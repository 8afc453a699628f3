// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/zones.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/nearest.h"
#include "config/colors.h"
#include "config/config.h"
#include "config/palettes.h"
#include "config/programs.h"
#include "control/params.h"

/* What a zone does that "start" says nothing about. */
#define START_PRESET "warm_white"
#define START_BRIGHTNESS 100
#define START_ANIMATION "BREATHE"

static const char *effect_name(size_t index, const void *data)
{
	const struct effect *effect = effect_at(index);

	(void)data;
	return effect ? effect->id : NULL;
}

static const char *param_name(size_t index, const void *data)
{
	const struct effect *effect = data;

	return index < effect->param_count ? effect->params[index].name : NULL;
}

static const char *output_name(size_t index, const void *data)
{
	const struct config *config = data;

	return index < config->output_count ? config->output[index].name : NULL;
}

static void set_animation(struct zone_state *state, const struct effect *effect)
{
	size_t i;

	state->animation = (uint16_t)effect_index(effect);
	memset(state->params, 0, sizeof(state->params));
	for (i = 0; i < effect->param_count; i++)
		state->params[i] = effect->params[i].def;
}

/* Whose parameters they are. A program, which is no effect while files are read, has none. */
static const struct effect *effect_of(const struct zone_state *state)
{
	static const struct effect program = { .id = "a program" };
	const struct effect *effect = effect_at(state->animation);

	return effect ? effect : &program;
}

static int read_animation_id(struct schema *schema, json_t *value, void *target)
{
	const char *text = json_string_value(value);
	const struct effect *effect = text ? effect_find(text) : NULL;
	int program = text ? programs_find(schema->whole, text) : -ENOENT;
	struct zone_state *state = target;

	if (program >= 0) {
		state->animation = programs_animation((unsigned int)program);
		memset(state->params, 0, sizeof(state->params));
		return 0;
	}
	/* a program that runs now may not be in this configuration any more */
	if (!effect || effect->external)
		return schema_refuse_name(schema, value, "an animation", effect_name, NULL);
	set_animation(target, effect);
	return 0;
}

static int read_parameter(struct schema *schema, json_t *value, const struct effect_param *param,
			  int32_t *ret_value)
{
	char allowed[PARAMS_ALLOWED_MAX];
	int palette;

	/* of this configuration, which may not be the one in use */
	if (param->type == EFFECT_PARAM_PALETTE && json_is_string(value)) {
		palette = palettes_find(schema->whole, json_string_value(value));
		if (palette < 0)
			return schema_refuse_name(schema, value, "a palette", palettes_name,
						  schema->whole);
		*ret_value = palette;
		return 0;
	}
	if (params_read(param, value, ret_value) < 0)
		return schema_refuse(schema, value, "%s", params_allowed(param, allowed));
	return 0;
}

static int read_parameters(struct schema *schema, json_t *value, void *target)
{
	struct zone_state *state = target;
	const struct effect *effect = effect_of(state);
	const char *key, *nearest;
	json_t *entry;
	size_t mark;
	int i;

	if (!json_is_object(value))
		return schema_refuse(schema, value, "an object of parameters");
	json_object_foreach (value, key, entry) {
		mark = schema_enter(schema, key);
		i = effect_param_find(effect, key);
		if (i < 0) {
			nearest = nearest_find(key, param_name, effect);
			return schema_fail(schema, "%s has no such parameter%s%s%s", effect->id,
					   nearest ? ", did you mean \"" : "",
					   nearest ? nearest : "", nearest ? "\"?" : "");
		}
		if (read_parameter(schema, entry, &effect->params[i], &state->params[i]) < 0)
			return -EINVAL;
		schema_leave(schema, mark);
	}
	return 0;
}

static int write_animation_id(const void *target, json_t **ret_value)
{
	const struct zone_state *state = target;

	/* zones_write() knows the programs */
	*ret_value = json_string(effect_of(state)->id);
	return *ret_value ? 0 : -ENOMEM;
}

static int write_parameters(const void *target, json_t **ret_value)
{
	const struct zone_state *state = target;
	const struct effect *effect = effect_of(state);
	size_t i;

	*ret_value = json_object();
	for (i = 0; i < effect->param_count; i++) {
		json_t *value = params_json(&effect->params[i], state->params[i]);

		if (json_object_set_new(*ret_value, effect->params[i].name, value) < 0)
			return -ENOMEM;
	}
	return *ret_value ? 0 : -ENOMEM;
}

static const struct schema_field animation_fields[] = {
	{ "id", SCHEMA_OTHER, .required = true, .read = read_animation_id,
	  .write = write_animation_id, .allowed = "the name of an animation" },
	{ "parameters", SCHEMA_OTHER, .read = read_parameters, .write = write_parameters,
	  .allowed = "an object of the animation's parameters" },
	{ NULL },
};

static int read_animation(struct schema *schema, json_t *value, void *target)
{
	struct zone_state *state = target;

	state->mode = ZONE_ANIMATION;
	return schema_object(schema, value, animation_fields, target);
}

static int write_animation(const void *target, json_t **ret_value)
{
	const struct zone_state *state = target;

	/* the file has one only for a zone that starts in it */
	*ret_value = NULL;
	return state->mode == ZONE_ANIMATION ? schema_write(animation_fields, state, ret_value) : 0;
}

static const struct schema_field start_fields[] = {
	{ "is_on", SCHEMA_BOOL, SCHEMA_MEMBER(struct zone_state, is_on) },
	{ "brightness", SCHEMA_INT, SCHEMA_MEMBER(struct zone_state, brightness),
	  .max = ZONE_BRIGHTNESS_MAX },
	{ "color", SCHEMA_OTHER, .read = colors_read, .write = colors_write,
	  .fields = colors_fields },
	{ "animation", SCHEMA_OTHER, .read = read_animation, .write = write_animation,
	  .fields = animation_fields },
	{ NULL },
};

static const struct schema_field part_fields[] = {
	{ "first", SCHEMA_INT, SCHEMA_MEMBER(struct zone_part, first), .required = true,
	  .max = OUTPUT_MAX_PIXELS - 1 },
	{ "count", SCHEMA_INT, SCHEMA_MEMBER(struct zone_part, count), .required = true, .min = 1,
	  .max = ZONE_MAX_PIXELS },
	{ NULL },
};

static int read_parts(struct schema *schema, json_t *value, void *target)
{
	struct zone_config *zone = &((struct config_zone *)target)->config;
	size_t i, mark;
	int ret;

	ret = schema_array(schema, value, 1, ZONE_MAX_PARTS);
	for (i = 0; ret >= 0 && i < json_array_size(value); i++) {
		mark = schema_enter_index(schema, i);
		ret = schema_object(schema, json_array_get(value, i), part_fields, &zone->part[i]);
		if (ret >= 0)
			schema_leave(schema, mark);
	}
	zone->part_count = (uint16_t)i;
	return ret;
}

static int write_parts(const void *target, json_t **ret_value)
{
	const struct zone_config *zone = &((const struct config_zone *)target)->config;
	size_t i;

	*ret_value = NULL;
	if (!zone->part_count)
		return 0;
	*ret_value = json_array();
	for (i = 0; i < zone->part_count; i++)
		if (schema_append(*ret_value, part_fields, &zone->part[i]) < 0)
			return -ENOMEM;
	return 0;
}

static int read_rotation(struct schema *schema, json_t *value, void *target)
{
	struct zone_config *zone = target;
	json_int_t degrees = json_integer_value(value);

	if (!json_is_integer(value) || degrees < 0 || degrees > 270 || degrees % 90)
		return schema_refuse(schema, value, "one of 0, 90, 180 and 270");
	zone->rotation = (uint8_t)(degrees / 90);
	return 0;
}

static int write_rotation(const void *target, json_t **ret_value)
{
	*ret_value = json_integer(((const struct zone_config *)target)->rotation * 90);
	return *ret_value ? 0 : -ENOMEM;
}

static const struct schema_field matrix_fields[] = {
	{ "width", SCHEMA_INT, SCHEMA_MEMBER(struct zone_config, width), .required = true, .min = 1,
	  .max = ZONE_MAX_PIXELS },
	{ "height", SCHEMA_INT, SCHEMA_MEMBER(struct zone_config, height), .required = true,
	  .min = 1, .max = ZONE_MAX_PIXELS },
	{ "serpentine", SCHEMA_BOOL, SCHEMA_MEMBER(struct zone_config, serpentine) },
	{ "rotation", SCHEMA_OTHER, .read = read_rotation, .write = write_rotation,
	  .allowed = "one of 0, 90, 180 and 270" },
	{ NULL },
};

static int read_matrix(struct schema *schema, json_t *value, void *target)
{
	return schema_object(schema, value, matrix_fields, &((struct config_zone *)target)->config);
}

static int write_matrix(const void *target, json_t **ret_value)
{
	const struct zone_config *zone = &((const struct config_zone *)target)->config;

	*ret_value = NULL;
	return zone->width ? schema_write(matrix_fields, zone, ret_value) : 0;
}

static bool is_id(const char *text)
{
	if (!*text)
		return false;
	for (; isascii(*text) && (isalnum(*text) || *text == '_'); text++)
		;
	return !*text;
}

static bool is_display_name(const char *text)
{
	for (; *text && !iscntrl((unsigned char)*text); text++)
		;
	return !*text;
}

/* By the zone as a whole, since it needs to know the zones before. */
static int read_nothing(struct schema *schema, json_t *value, void *target)
{
	(void)schema;
	(void)value;
	(void)target;
	return 0;
}

const struct schema_field zones_fields[] = {
	{ "id", SCHEMA_TEXT, SCHEMA_MEMBER(struct config_zone, config.id), .required = true,
	  .check = is_id, .allowed = "1 to 31 letters, digits and _" },
	{ "display_name", SCHEMA_TEXT, SCHEMA_MEMBER(struct config_zone, config.display_name),
	  .check = is_display_name,
	  .allowed = "a text of at most 63 bytes without control characters" },
	{ "output", SCHEMA_TEXT, SCHEMA_MEMBER(struct config_zone, config.output),
	  .allowed = "the name of an output" },
	{ "channel", SCHEMA_INT, SCHEMA_MEMBER(struct config_zone, config.channel),
	  .max = OUTPUT_MAX_CHANNELS - 1 },
	{ "first", SCHEMA_INT, SCHEMA_MEMBER(struct config_zone, config.first),
	  .max = OUTPUT_MAX_PIXELS - 1 },
	{ "count", SCHEMA_INT, SCHEMA_MEMBER(struct config_zone, config.count), .min = 1,
	  .max = ZONE_MAX_PIXELS },
	{ "reversed", SCHEMA_BOOL, SCHEMA_MEMBER(struct config_zone, config.reversed) },
	{ "enabled", SCHEMA_BOOL, SCHEMA_MEMBER(struct config_zone, config.enabled) },
	{ "parts", SCHEMA_OTHER, .read = read_parts, .write = write_parts, .fields = part_fields,
	  .array = true, .allowed = "an array of parts" },
	{ "members", SCHEMA_OTHER, .read = read_nothing, .allowed = "an array of ids of zones" },
	{ "layer", SCHEMA_INT, SCHEMA_MEMBER(struct config_zone, config.layer), .max = UINT8_MAX },
	{ "matrix", SCHEMA_OTHER, .read = read_matrix, .write = write_matrix,
	  .fields = matrix_fields },
	{ "start", SCHEMA_OBJECT, SCHEMA_MEMBER(struct config_zone, state),
	  .fields = start_fields },
	{ NULL },
};

static const char *zone_id(size_t index, const void *data)
{
	const struct config *config = data;

	return index < config->zone_count ? config->zone[index].config.id : NULL;
}

static size_t find_zone(const struct config *config, const char *id)
{
	size_t i;

	for (i = 0; i < config->zone_count; i++) {
		if (!strcasecmp(config->zone[i].config.id, id))
			break;
	}
	return i;
}

/* A picture is drawn in one go, which must not hold up the loop. */
static int check_size(struct schema *schema, const struct zone_config *zone, const char *member)
{
	if (zone->count <= ZONE_MAX_PIXELS)
		return 0;
	schema_enter(schema, member);
	return schema_fail(schema, "more than %d pixels in all", ZONE_MAX_PIXELS);
}

static bool is_member(const struct zone_config *group, size_t zone)
{
	size_t i;

	for (i = 0; i < group->member_count && group->member[i] != zone; i++)
		;
	return i < group->member_count;
}

/* A group lies where its members do, and above them. */
static int place_group(struct schema *schema, json_t *value, const struct config *config,
		       struct config_zone *zone)
{
	static const char *const not_together[] = { "output", "channel", "first", "count",
						    "parts" };
	json_t *members = json_object_get(value, "members"), *entry;
	struct zone_config *group = &zone->config;
	const struct zone_config *member;
	size_t i, index, parts = 0, outer, mark;
	int ret;

	for (i = 0; i < sizeof(not_together) / sizeof(not_together[0]); i++) {
		if (json_object_get(value, not_together[i]))
			return schema_fail(schema, "\"%s\" does not go with \"members\"",
					   not_together[i]);
	}
	outer = schema_enter(schema, "members");
	ret = schema_array(schema, members, 1, ZONE_MAX_PARTS);
	if (ret < 0)
		return ret;
	json_array_foreach (members, i, entry) {
		mark = schema_enter_index(schema, i);
		index = json_is_string(entry) ? find_zone(config, json_string_value(entry))
					      : config->zone_count;
		if (index == config->zone_count)
			return config->zone_count
				       ? schema_refuse_name(schema, entry, "a zone before it",
							    zone_id, config)
				       : schema_fail(schema, "no zone is before it");
		member = &config->zone[index].config;
		if (member->member_count)
			return schema_fail(schema, "%s is a group itself", member->id);
		if (is_member(group, index))
			return schema_fail(schema, "%s is a member already", member->id);
		parts += member->part_count ? member->part_count : 1;
		if (parts > ZONE_MAX_PARTS)
			return schema_fail(schema, "more than %d parts in all", ZONE_MAX_PARTS);
		group->member[group->member_count++] = (uint16_t)index;
		group->count += member->count;
		if (!json_object_get(value, "layer") && member->layer >= group->layer)
			group->layer = member->layer == UINT8_MAX ? UINT8_MAX
								  : (uint8_t)(member->layer + 1);
		schema_leave(schema, mark);
	}
	schema_leave(schema, outer);
	zone->output = config->zone[group->member[0]].output;
	memcpy(group->output, config->zone[group->member[0]].config.output, sizeof(group->output));
	return check_size(schema, group, "members");
}

/* The parts of a zone, one after the other; a zone without any is a part itself. */
static struct zone_part part_at(const struct zone_config *zone, size_t index)
{
	return zone->part_count ? zone->part[index]
				: (struct zone_part){ zone->first, zone->count };
}

static size_t parts_of(const struct zone_config *zone)
{
	return zone->part_count ? zone->part_count : 1;
}

static bool overlap(const struct zone_part *one, const struct zone_part *other)
{
	return other->first < one->first + one->count && one->first < other->first + other->count;
}

/* What a pixel shows is one pixel of the zone's picture. */
static int check_own_parts(struct schema *schema, const struct zone_config *place, size_t index)
{
	const struct zone_part *part = &place->part[index], *other;
	size_t i;

	for (i = 0; i < index; i++) {
		other = &place->part[i];
		if (!overlap(part, other))
			continue;
		schema_enter(schema, "parts");
		schema_enter_index(schema, index);
		return schema_fail(schema,
				   "pixels %u to %u overlap part %zu (%u to %u); only parts that "
				   "lie beside each other are allowed",
				   part->first, part->first + part->count - 1, i, other->first,
				   other->first + other->count - 1);
	}
	return 0;
}

static int check_overlap(struct schema *schema, const struct config *config,
			 const struct config_zone *zone, const struct zone_part *part)
{
	const struct zone_config *place = &zone->config, *other;
	struct zone_part theirs;
	size_t i, k;

	for (i = 0; i < config->zone_count; i++) {
		other = &config->zone[i].config;
		if (other->member_count || config->zone[i].output != zone->output ||
		    other->channel != place->channel || other->layer != place->layer)
			continue;
		for (k = 0; k < parts_of(other); k++) {
			theirs = part_at(other, k);
			if (!overlap(part, &theirs))
				continue;
			schema_enter(schema, place->part_count ? "parts" : "first");
			return schema_fail(schema,
					   "pixels %u to %u overlap zone %s (%u to %u); another "
					   "\"layer\" says which one covers the other",
					   part->first, part->first + part->count - 1, other->id,
					   theirs.first, theirs.first + theirs.count - 1);
		}
	}
	return 0;
}

/* Within its output, and beside the other zones of its layer. */
static int place_part(struct schema *schema, const struct config *config,
		      const struct config_zone *zone, const struct zone_part *part)
{
	const struct output_geometry *geometry = &config->output[zone->output].geometry;
	const struct zone_config *place = &zone->config;

	/* A device tells its geometry when it is there; the frame manager judges then. */
	if (config->output[zone->output].type == CONFIG_OUTPUT_VIRTUAL &&
	    part->first + part->count > geometry->channel[place->channel].pixels) {
		schema_enter(schema, place->part_count ? "parts" : "count");
		return schema_fail(schema,
				   "pixels %u to %u do not fit, channel %u of \"%s\" has %u",
				   part->first, part->first + part->count - 1, place->channel,
				   place->output, geometry->channel[place->channel].pixels);
	}
	return check_overlap(schema, config, zone, part);
}

/* Which pixels: one way of two to say it. */
static int check_pixels(struct schema *schema, json_t *value, struct zone_config *place)
{
	static const char *const wanted[] = { "first", "count" };
	size_t i;

	if (!json_object_get(value, "output"))
		return schema_fail(schema, "\"output\" is missing");
	for (i = 0; i < 2; i++) {
		if (place->part_count && json_object_get(value, wanted[i]))
			return schema_fail(schema, "\"%s\" does not go with \"parts\"", wanted[i]);
		if (!place->part_count && !json_object_get(value, wanted[i]))
			return schema_fail(schema, "\"%s\" is missing: a whole number", wanted[i]);
	}
	for (i = 0; i < place->part_count; i++)
		place->count += place->part[i].count;
	return check_size(schema, place, "parts");
}

/* Where the zone lies: on an output that is there, within it, and beside the other zones. */
static int place_zone(struct schema *schema, json_t *value, const struct config *config,
		      struct config_zone *zone)
{
	struct zone_config *place = &zone->config;
	const struct output_geometry *geometry;
	struct zone_part part;
	size_t i;
	int ret;

	ret = check_pixels(schema, value, place);
	if (ret < 0)
		return ret;
	for (i = 0; i < config->output_count; i++) {
		if (!strcmp(config->output[i].name, place->output))
			break;
	}
	if (i == config->output_count) {
		schema_enter(schema, "output");
		return schema_refuse_name(schema, json_object_get(value, "output"), "an output",
					  output_name, config);
	}
	zone->output = (unsigned int)i;

	geometry = &config->output[i].geometry;
	if (config->output[i].type == CONFIG_OUTPUT_VIRTUAL &&
	    place->channel >= geometry->channels) {
		schema_enter(schema, "channel");
		return schema_fail(schema,
				   "%u is not allowed, only 0 to %u: \"%s\" has %u channels",
				   place->channel, geometry->channels - 1, place->output,
				   geometry->channels);
	}
	for (i = 0; i < parts_of(place); i++) {
		part = part_at(place, i);
		ret = place_part(schema, config, zone, &part);
		if (ret >= 0 && place->part_count)
			ret = check_own_parts(schema, place, i);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static int check_matrix(struct schema *schema, const struct zone_config *zone)
{
	if (!zone->width || (uint64_t)zone->width * zone->height == zone->count)
		return 0;
	schema_enter(schema, "matrix");
	return schema_fail(schema, "%u times %u is not %u, which is how many pixels it has",
			   zone->width, zone->height, zone->count);
}

static int read_zone(struct schema *schema, json_t *value, struct config *config)
{
	struct config_zone *zone = &config->zone[config->zone_count];
	size_t i;
	char *c;
	int ret;

	zone->config.enabled = true;
	/* a group covers its members: not before somebody wants it */
	zone->state.is_on = !json_object_get(value, "members");
	zone->state.brightness = START_BRIGHTNESS;
	zone->state.color.mode = ZONE_COLOR_PRESET;
	zone->state.color.preset = (uint16_t)color_preset_find(START_PRESET);
	zone->state.color.rgb = color_presets(NULL)[zone->state.color.preset].color;
	set_animation(&zone->state, effect_find(START_ANIMATION));

	ret = schema_object(schema, value, zones_fields, zone);
	if (ret < 0)
		return ret;
	for (c = zone->config.id; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	if (!zone->config.display_name[0])
		memcpy(zone->config.display_name, zone->config.id, sizeof(zone->config.id));
	for (i = 0; i < config->zone_count; i++) {
		if (!strcmp(config->zone[i].config.id, zone->config.id)) {
			schema_enter(schema, "id");
			return schema_fail(schema, "\"%s\" is the id of another zone already",
					   zone->config.id);
		}
	}
	if (json_object_get(value, "members"))
		ret = place_group(schema, value, config, zone);
	else
		ret = place_zone(schema, value, config, zone);
	if (ret >= 0)
		ret = check_matrix(schema, &zone->config);
	if (ret < 0)
		return ret;
	config->zone_count++;
	return 0;
}

int zones_read(struct schema *schema, json_t *value, void *target)
{
	size_t i, mark;
	int ret;

	ret = schema_array(schema, value, 1, ZONE_MAX);
	for (i = 0; ret >= 0 && i < json_array_size(value); i++) {
		mark = schema_enter_index(schema, i);
		ret = read_zone(schema, json_array_get(value, i), target);
		if (ret >= 0)
			schema_leave(schema, mark);
	}
	return ret;
}

/* Says where a zone lies in one way of the three. */
static int write_place(const struct config *config, const struct zone_config *zone, json_t *value)
{
	static const char *const not_of_group[] = { "output", "channel", "first", "count" };
	json_t *members;
	size_t i;

	if (zone->part_count || zone->member_count) {
		json_object_del(value, "first");
		json_object_del(value, "count");
	}
	if (!zone->member_count)
		return 0;
	for (i = 0; i < sizeof(not_of_group) / sizeof(not_of_group[0]); i++)
		json_object_del(value, not_of_group[i]);
	members = json_array();
	for (i = 0; i < zone->member_count; i++) {
		const char *id = config->zone[zone->member[i]].config.id;

		if (json_array_append_new(members, json_string(id)) < 0) {
			json_decref(members);
			return -ENOMEM;
		}
	}
	return json_object_set_new(value, "members", members) < 0 ? -ENOMEM : 0;
}

/* The palettes of this configuration, which may not be the one in use, by name. */
static int write_palettes(const struct config *config, const struct zone_state *state,
			  json_t *value)
{
	const struct effect *effect = effect_of(state);
	json_t *parameters = json_object_get(
		json_object_get(json_object_get(value, "start"), "animation"), "parameters");
	size_t i;

	for (i = 0; parameters && i < effect->param_count; i++) {
		const struct effect_param *param = &effect->params[i];
		const char *name = param->type == EFFECT_PARAM_PALETTE
					   ? palettes_name((size_t)state->params[i], config)
					   : NULL;

		if (name && json_object_set_new(parameters, param->name, json_string(name)) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* The name of a program in which a zone starts. */
static int write_program(const struct config *config, const struct zone_state *state, json_t *value)
{
	const char *id = programs_id(config, state->animation);
	json_t *animation = json_object_get(json_object_get(value, "start"), "animation");

	if (!id || !animation)
		return 0;
	return json_object_set_new(animation, "id", json_string(id)) < 0 ? -ENOMEM : 0;
}

int zones_write(const void *target, json_t **ret_value)
{
	const struct config *config = target;
	size_t i;

	*ret_value = NULL;
	if (!config->zone_count)
		return 0;
	*ret_value = json_array();
	for (i = 0; i < config->zone_count; i++) {
		if (schema_append(*ret_value, zones_fields, &config->zone[i]) < 0 ||
		    write_place(config, &config->zone[i].config, json_array_get(*ret_value, i)) <
			    0 ||
		    write_program(config, &config->zone[i].state, json_array_get(*ret_value, i)) <
			    0 ||
		    write_palettes(config, &config->zone[i].state, json_array_get(*ret_value, i)) <
			    0)
			return -ENOMEM;
	}
	return 0;
}
