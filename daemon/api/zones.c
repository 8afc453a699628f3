// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/zones.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api/animations.h"
#include "api/library.h"
#include "api/validate.h"
#include "control/zone_color.h"
#include "engine/effect.h"
#include "pixel/color.h"
#include "pixel/kelvin.h"

static const char *const mode_names[] = {
	[ZONE_STATIC] = "STATIC",
	[ZONE_ANIMATION] = "ANIMATION",
	NULL,
};

const char *zones_name(size_t index, const void *data)
{
	const struct state_snapshot *state = data;

	return index < state->zone_count ? state->zone[index].config.id : NULL;
}

static const char *param_name(size_t index, const void *data)
{
	const struct effect *effect = data;

	return index < effect->param_count ? effect->params[index].name : NULL;
}

int zones_find(const struct view *view, const char *id, struct problem *problem)
{
	const char *nearest = nearest_find(id, zones_name, view->state);
	char list[PROBLEM_TEXT_MAX];
	size_t i;

	for (i = 0; i < view->state->zone_count; i++)
		if (!strcasecmp(view->state->zone[i].config.id, id))
			return (int)i;
	validate_list(list, zones_name, view->state);
	problem_set(problem, MHD_HTTP_NOT_FOUND, "there is no zone \"%s\"%s%s%s", id,
		    nearest ? "; did you mean \"" : "", nearest ? nearest : "",
		    nearest ? "\"?" : "");
	problem_add_text(problem, "path", "zone", id, "%s", list);
	return -ENOENT;
}

/*
 * Presets and zones are told one after the other: the presets may be without one
 * that a zone has until the zones that follow are here. It is what it becomes
 * there, see controller_on_preset().
 */
static enum zone_color_mode mode_of(const struct zone_color *color, const struct presets *presets)
{
	if (color->mode == ZONE_COLOR_PRESET && !presets_name(presets, color->preset))
		return ZONE_COLOR_RGB;
	return color->mode;
}

static void write_color(const struct zone_color *color, const struct presets *presets,
			struct writer *writer)
{
	enum zone_color_mode mode = mode_of(color, presets);
	const char *member = zone_color_members[mode];
	char hex[ZONE_COLOR_HEX_MAX];

	writer_object(writer, "color");
	writer_string(writer, "mode", zone_color_modes[mode]);
	switch (mode) {
	case ZONE_COLOR_HUE:
		writer_int(writer, member, color->hue);
		break;
	case ZONE_COLOR_PRESET:
		writer_string(writer, member, presets_name(presets, color->preset));
		break;
	case ZONE_COLOR_HSV:
		writer_array(writer, member);
		writer_int(writer, NULL, color->hsv.hue);
		writer_int(writer, NULL, color->hsv.saturation);
		writer_int(writer, NULL, color->hsv.value);
		writer_array_end(writer);
		break;
	case ZONE_COLOR_KELVIN:
		writer_int(writer, member, color->kelvin);
		break;
	case ZONE_COLOR_HEX:
		zone_color_hex(color->rgb, hex);
		writer_string(writer, member, hex);
		break;
	case ZONE_COLOR_RGB: /* stands there anyway */
	case ZONE_COLOR_MODES:
		break;
	}
	writer_array(writer, "rgb");
	writer_int(writer, NULL, color->rgb.r);
	writer_int(writer, NULL, color->rgb.g);
	writer_int(writer, NULL, color->rgb.b);
	writer_array_end(writer);
	writer_object_end(writer);
}

static void write_animation(const struct zone_state *state, struct writer *writer)
{
	const struct effect *effect = effect_at(state->animation);
	size_t i;

	if (!effect) {
		writer_null(writer, "animation");
		return;
	}
	writer_object(writer, "animation");
	writer_string(writer, "id", effect->id);
	writer_object(writer, "parameters");
	for (i = 0; i < effect->param_count; i++)
		animations_write_value(&effect->params[i], effect->params[i].name, state->params[i],
				       writer);
	writer_object_end(writer);
	writer_object_end(writer);
}

void zones_write_state(const struct zone_state *state, const struct presets *presets,
		       struct writer *writer)
{
	writer_bool(writer, "is_on", state->is_on);
	writer_int(writer, "brightness", state->brightness);
	write_color(&state->color, presets, writer);
	writer_string(writer, "render_mode", mode_names[state->mode]);
	write_animation(state, writer);
}

static void write_members(const struct state_snapshot *state, const struct zone_config *config,
			  struct writer *writer)
{
	unsigned int i;

	if (!config->member_count) {
		writer_null(writer, "group");
		return;
	}
	writer_array(writer, "group");
	for (i = 0; i < config->member_count; i++)
		writer_string(writer, NULL, state->zone[config->member[i]].config.id);
	writer_array_end(writer);
}

void zones_write_zone(const struct view *view, size_t index, struct writer *writer)
{
	const struct snapshot_zone *zone = &view->state->zone[index];
	const struct presets *presets = &view->library->presets;

	writer_object(writer, NULL);
	writer_string(writer, "id", zone->config.id);
	writer_string(writer, "display_name", zone->config.display_name);
	writer_string(writer, "output", zone->config.output);
	writer_int(writer, "channel", zone->config.channel + 1);
	writer_int(writer, "first", zone->config.first);
	writer_int(writer, "pixel_count", zone->config.count);
	writer_int(writer, "width", zone_picture_width(&zone->config));
	writer_int(writer, "height", zone_picture_height(&zone->config));
	write_members(view->state, &zone->config, writer);
	writer_bool(writer, "enabled", zone->config.enabled);
	writer_bool(writer, "fits", zone->fits);
	if (zone->fault[0])
		writer_string(writer, "fault", zone->fault);
	else
		writer_null(writer, "fault");
	zones_write_state(&zone->state, presets, writer);
	writer_object_end(writer);
}

void zones_get(const struct route_get *get, struct writer *writer)
{
	zones_write_zone(get->view, get->item, writer);
}

static bool is_wanted(const struct query *query, const struct snapshot_zone *zone)
{
	return (!(query->given & QUERY_IS_ON) || zone->state.is_on == query->is_on) &&
	       (!(query->given & QUERY_ENABLED) || zone->config.enabled == query->enabled) &&
	       (!(query->given & QUERY_GROUP) || !zone->config.member_count != query->group);
}

static void write_wanted(const struct view *view, const struct query *query, const char *name,
			 struct writer *writer)
{
	const struct state_snapshot *state = view->state;
	size_t count = 0, i;

	for (i = 0; i < state->zone_count; i++)
		count += is_wanted(query, &state->zone[i]);
	writer_object(writer, NULL);
	writer_int(writer, "count", (int64_t)count);
	writer_array(writer, name);
	for (i = 0; i < state->zone_count; i++)
		if (is_wanted(query, &state->zone[i]))
			zones_write_zone(view, i, writer);
	writer_array_end(writer);
	writer_object_end(writer);
}

void zones_get_all(const struct route_get *get, struct writer *writer)
{
	write_wanted(get->view, get->query, "zones", writer);
}

void zones_get_groups(const struct route_get *get, struct writer *writer)
{
	struct query query = *get->query;

	query.given |= QUERY_GROUP;
	query.group = true;
	write_wanted(get->view, &query, "groups", writer);
}

bool zones_parse_is_on(const struct view *view, const json_t *value, const char *field,
		       struct command *command, struct problem *problem)
{
	(void)view;
	return validate_bool(value, field, &command->is_on, problem);
}

bool zones_parse_brightness(const struct view *view, const json_t *value, const char *field,
			    struct command *command, struct problem *problem)
{
	int64_t brightness;

	(void)view;
	if (!validate_int(value, field, 0, ZONE_BRIGHTNESS_MAX, &brightness, problem))
		return false;
	command->brightness = (uint8_t)brightness;
	return true;
}

static bool parse_hsv(const json_t *value, const char *field, struct zone_color *color,
		      struct problem *problem)
{
	static const int64_t most[] = { COLOR_HUE_MAX, 100, 100 };
	char pointer[PROBLEM_FIELD_MAX];
	int64_t part[3];
	bool fine = true;

	if (!json_is_array(value) || json_array_size(value) != 3)
		return problem_add(problem, "body", field, value,
				   "an array of a hue from 0 to %d, and saturation and value in "
				   "percent",
				   COLOR_HUE_MAX);
	for (size_t i = 0; i < 3; i++) {
		char index[2] = { (char)('0' + i), '\0' };

		validate_pointer(pointer, field, index);
		fine &= validate_int(json_array_get(value, i), pointer, 0, most[i], &part[i],
				     problem);
	}
	if (!fine)
		return false;
	color->hsv.hue = (uint16_t)part[0];
	color->hsv.saturation = (uint8_t)part[1];
	color->hsv.value = (uint8_t)part[2];
	return true;
}

bool zones_parse_color(const struct view *view, const json_t *value, const char *field,
		       struct command *command, struct problem *problem)
{
	const struct presets *presets = &view->library->presets;
	struct zone_color *color = &command->color;
	const char *known[] = { "mode", NULL, NULL };
	char pointer[PROBLEM_FIELD_MAX];
	int64_t number;
	size_t index;

	if (!json_is_object(value))
		return problem_add(problem, "body", field, value,
				   "an object with \"mode\" and what goes with it: \"hue\", "
				   "\"preset_name\", \"rgb\", \"hsv\", \"kelvin\" or \"hex\"");
	validate_pointer(pointer, field, "mode");
	if (!validate_name(json_object_get(value, "mode"), pointer, validate_table_name,
			   zone_color_modes, &index, problem))
		return false;
	memset(color, 0, sizeof(*color));
	color->mode = (enum zone_color_mode)index;

	/* what belongs to another mode is as wrong as what is unknown: it would be lost in silence */
	known[1] = zone_color_members[index];
	if (!validate_object(value, field, known, problem))
		return false;
	validate_pointer(pointer, field, known[1]);
	value = json_object_get(value, known[1]);
	switch (color->mode) {
	case ZONE_COLOR_HUE:
		if (!validate_int(value, pointer, 0, COLOR_HUE_MAX, &number, problem))
			return false;
		color->hue = (uint16_t)number;
		break;
	case ZONE_COLOR_PRESET:
		if (!validate_name(value, pointer, library_preset_name, presets, &index, problem))
			return false;
		color->preset = (uint16_t)presets_at(presets, index);
		break;
	case ZONE_COLOR_RGB:
		if (!validate_rgb(value, pointer, &color->rgb, problem))
			return false;
		break;
	case ZONE_COLOR_HSV:
		if (!parse_hsv(value, pointer, color, problem))
			return false;
		break;
	case ZONE_COLOR_KELVIN:
		if (!validate_int(value, pointer, KELVIN_MIN, KELVIN_MAX, &number, problem))
			return false;
		color->kelvin = (uint16_t)number;
		break;
	case ZONE_COLOR_HEX:
		if (!zone_color_from_hex(json_string_value(value), &color->rgb))
			return problem_add(problem, "body", pointer, value, ZONE_COLOR_HEX_RULE);
		break;
	case ZONE_COLOR_MODES:
		return false;
	}
	return zone_color_complete(color, presets) >= 0;
}

bool zones_parse_mode(const struct view *view, const json_t *value, const char *field,
		      struct command *command, struct problem *problem)
{
	size_t index;

	(void)view;
	if (!validate_name(value, field, validate_table_name, mode_names, &index, problem))
		return false;
	command->mode = (enum zone_mode)index;
	return true;
}

bool zones_parse_animation(const struct view *view, const json_t *value, const char *field,
			   struct command *command, struct problem *problem)
{
	size_t index;

	(void)view;
	if (!validate_name(value, field, animations_name, NULL, &index, problem))
		return false;
	command->animation = (uint16_t)index;
	return true;
}

/* Parameters of @effect into command->params. */
static bool parse_params_of(const struct effect *effect, const json_t *value, const char *field,
			    struct command *command, struct problem *problem)
{
	char list[PROBLEM_TEXT_MAX];
	json_t *member;
	const char *key;
	bool fine = true;

	if (!json_is_object(value) || !json_object_size(value)) {
		validate_list(list, param_name, effect);
		return problem_add(problem, "body", field, value,
				   "an object with at least one parameter of %s: %s", effect->id,
				   list);
	}
	command->params.animation = (uint16_t)effect_index(effect);
	command->params.mask = 0;
	/* jansson's iterators want a pointer to what they do not change */
	json_object_foreach ((json_t *)value, key, member) {
		char pointer[PROBLEM_FIELD_MAX];
		int index = effect_param_find(effect, key);

		if (index < 0) {
			fine = validate_unknown(field, key, member, param_name, effect, problem);
			continue;
		}
		validate_pointer(pointer, field, key);
		if (!animations_parse_value(&effect->params[index], member, pointer,
					    &command->params.params[index], problem))
			fine = false;
		command->params.mask |= (uint16_t)(1U << index);
	}
	return fine;
}

/* What the zone plays, or each member of the group. */
static bool find_played(const struct view *view, const struct command *command,
			const struct effect **ret_effect, struct problem *problem)
{
	const struct snapshot_zone *zones = view->state->zone;
	const struct zone_config *group = &zones[command->zone].config;
	uint16_t animation = zones[command->zone].state.animation;
	unsigned int i;

	for (i = 0; command->each && i < group->member_count; i++) {
		if (i && zones[group->member[i]].state.animation != animation)
			return problem_set(problem, MHD_HTTP_CONFLICT,
					   "the members of the group play different animations");
		animation = zones[group->member[i]].state.animation;
	}
	*ret_effect = effect_at(animation);
	return true;
}

bool zones_parse_params(const struct view *view, const json_t *value, const char *field,
			struct command *command, struct problem *problem)
{
	const struct effect *effect = NULL;

	if (!find_played(view, command, &effect, problem))
		return false;
	if (!effect)
		return problem_set(problem, MHD_HTTP_CONFLICT, "the zone has no animation");
	return parse_params_of(effect, value, field, command, problem);
}

/* The member "animation" of a patch: {"id"}, {"parameters"} or both. */
static bool parse_patch_animation(const struct view *view, const json_t *value, const char *field,
				  unsigned int zone, struct command_patch *patch,
				  struct problem *problem)
{
	static const char *const known[] = { "id", "parameters", NULL };
	const json_t *id = json_object_get(value, "id");
	const json_t *parameters = json_object_get(value, "parameters");
	const struct effect *effect;
	char pointer[PROBLEM_FIELD_MAX];
	struct command one = { 0 };

	if (!validate_object(value, field, known, problem))
		return false;
	patch->animation = view->state->zone[zone].state.animation;
	if (id) {
		validate_pointer(pointer, field, "id");
		if (!zones_parse_animation(view, id, pointer, &one, problem))
			return false;
		patch->animation = one.animation;
		patch->mask |= COMMAND_PATCH_ANIMATION;
	}
	if (!parameters)
		return true;
	effect = effect_at(patch->animation);
	validate_pointer(pointer, field, "parameters");
	if (!effect || !parse_params_of(effect, parameters, pointer, &one, problem))
		return effect ? false
			      : problem_set(problem, MHD_HTTP_CONFLICT,
					    "the zone has no animation");
	patch->mask |= COMMAND_PATCH_PARAMS;
	patch->param_mask = one.params.mask;
	memcpy(patch->params, one.params.params, sizeof(patch->params));
	return true;
}

bool zones_parse_patch(const struct view *view, const json_t *value, const char *field,
		       struct command *command, struct problem *problem)
{
	static const char *const known[] = { "is_on",	    "brightness", "color",
					     "render_mode", "animation",  NULL };
	struct command_patch patch = { 0 };
	struct command one = { 0 };
	const json_t *member;
	bool fine = true;

	(void)field;
	if (!value || !json_object_size(value))
		return problem_add(problem, "body", "", value,
				   "an object with any of \"is_on\", \"brightness\", \"color\", "
				   "\"render_mode\" and \"animation\"");
	if (!validate_object(value, "", known, problem))
		return false;
	member = json_object_get(value, "is_on");
	if (member) {
		fine &= zones_parse_is_on(view, member, "/is_on", &one, problem);
		patch.is_on = one.is_on;
		patch.mask |= COMMAND_PATCH_ON;
	}
	member = json_object_get(value, "brightness");
	if (member) {
		fine &= zones_parse_brightness(view, member, "/brightness", &one, problem);
		patch.brightness = one.brightness;
		patch.mask |= COMMAND_PATCH_BRIGHTNESS;
	}
	member = json_object_get(value, "color");
	if (member) {
		fine &= zones_parse_color(view, member, "/color", &one, problem);
		patch.color = one.color;
		patch.mask |= COMMAND_PATCH_COLOR;
	}
	member = json_object_get(value, "render_mode");
	if (member) {
		fine &= zones_parse_mode(view, member, "/render_mode", &one, problem);
		patch.mode = one.mode;
		patch.mask |= COMMAND_PATCH_MODE;
	}
	member = json_object_get(value, "animation");
	if (member)
		fine &= parse_patch_animation(view, member, "/animation", command->zone, &patch,
					      problem);
	command->patch = patch;
	return fine;
}
