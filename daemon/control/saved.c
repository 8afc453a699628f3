// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/saved.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "control/params.h"
#include "control/zone_color.h"
#include "frames/frames.h"
#include "pixel/kelvin.h"

#define RGB_COMPONENTS 3

static const char *const modes[] = {
	[ZONE_STATIC] = "STATIC",
	[ZONE_ANIMATION] = "ANIMATION",
	NULL,
};

/* ---- writing: a NULL anywhere makes the whole NULL, as jansson's functions pass it on ---- */

static json_t *write_color(const struct zone_color *color, const struct presets *presets)
{
	json_t *json = json_pack("{s:s, s:[i, i, i]}", "mode", zone_color_modes[color->mode], "rgb",
				 color->rgb.r, color->rgb.g, color->rgb.b);
	const char *member = zone_color_members[color->mode];
	char hex[ZONE_COLOR_HEX_MAX];
	int ret = 0;

	switch (color->mode) {
	case ZONE_COLOR_HUE:
		ret = json_object_set_new(json, member, json_integer(color->hue));
		break;
	case ZONE_COLOR_PRESET:
		ret = json_object_set_new(json, member,
					  json_string(presets_name(presets, color->preset)));
		break;
	case ZONE_COLOR_HSV:
		ret = json_object_set_new(json, member,
					  json_pack("[i, i, i]", color->hsv.hue,
						    color->hsv.saturation, color->hsv.value));
		break;
	case ZONE_COLOR_KELVIN:
		ret = json_object_set_new(json, member, json_integer(color->kelvin));
		break;
	case ZONE_COLOR_HEX:
		zone_color_hex(color->rgb, hex);
		ret = json_object_set_new(json, member, json_string(hex));
		break;
	case ZONE_COLOR_RGB:
	case ZONE_COLOR_MODES:
		break;
	}
	if (ret < 0) {
		json_decref(json);
		return NULL;
	}
	return json;
}

static json_t *write_animation(const struct zone_state *state)
{
	const struct effect *effect = effect_at(state->animation);
	json_t *params = json_object();
	json_t *value;
	size_t i;

	for (i = 0; i < effect->param_count; i++) {
		value = params_json(&effect->params[i], state->params[i]);
		if (json_object_set_new(params, effect->params[i].name, value) < 0) {
			json_decref(params);
			return NULL;
		}
	}
	return json_pack("{s:s, s:o}", "id", effect->id, "parameters", params);
}

static json_t *write_zone(const struct scene_zone *zone, const struct presets *presets)
{
	const struct zone_state *state = &zone->state;

	return json_pack("{s:s, s:b, s:i, s:o, s:s, s:o}", "id", zone->id, "is_on", state->is_on,
			 "brightness", state->brightness, "color",
			 write_color(&state->color, presets), "render_mode", modes[state->mode],
			 "animation", write_animation(state));
}

static json_t *write_zones(const struct scene_zone *zones, size_t count,
			   const struct presets *presets)
{
	json_t *json = json_array();
	size_t i;

	for (i = 0; i < count; i++) {
		if (json_array_append_new(json, write_zone(&zones[i], presets)) < 0) {
			json_decref(json);
			return NULL;
		}
	}
	return json;
}

static json_t *write_presets(const struct presets *presets)
{
	json_t *json = json_array();
	uint32_t i;

	for (i = 0; i < presets->slots.count; i++) {
		const struct preset *preset = &presets->preset[presets->slots.order[i]];

		if (json_array_append_new(json, json_pack("{s:s, s:[i, i, i]}", "name",
							  preset->name, "rgb", preset->color.r,
							  preset->color.g, preset->color.b)) < 0) {
			json_decref(json);
			return NULL;
		}
	}
	return json;
}

static json_t *write_scenes(const struct library *library)
{
	const struct scene *scene;
	json_t *json = json_array();
	size_t i;

	for (i = 0; (scene = scenes_at(&library->scenes, i)); i++) {
		if (json_array_append_new(json,
					  json_pack("{s:s, s:o}", "name", scene->name, "zones",
						    write_zones(scene->zone, scene->zone_count,
								&library->presets))) < 0) {
			json_decref(json);
			return NULL;
		}
	}
	return json;
}

static json_t *write_panel(const struct saved_panel *panel, const struct presets *presets)
{
	json_t *was_on = panel->power_off ? json_array() : NULL;
	uint32_t i;

	for (i = 0; panel->power_off && i < panel->was_on_count; i++) {
		if (json_array_append_new(was_on, json_string(panel->was_on[i])) < 0) {
			json_decref(was_on);
			return NULL;
		}
	}
	return json_pack("{s:s*, s:o*, s:o*, s:o*}", "selected",
			 panel->selected[0] ? panel->selected : NULL, "fps",
			 panel->fps ? json_integer(panel->fps) : NULL, "was_on", was_on, "lamp",
			 panel->lamp_white ? write_zone(&panel->lamp, presets) : NULL);
}

static json_t *write_transitions(const struct transitions *transitions, uint32_t own)
{
	json_t *json = json_object();
	size_t i;

	for (i = 0; i < TRANSITION_CAUSES; i++) {
		const struct engine_transition *of = &transitions->of[i];

		if (own & 1U << i &&
		    json_object_set_new(json, transitions_names[i],
					json_pack("{s:I, s:s, s:s}", "ms",
						  (json_int_t)of->duration_ms, "kind",
						  engine_kind_names[of->kind], "easing",
						  ease_names[of->curve])) < 0) {
			json_decref(json);
			return NULL;
		}
	}
	return json;
}

static int dump(json_t *json, char **ret_text, size_t *ret_length)
{
	char *text = json ? json_dumps(json, JSON_INDENT(1)) : NULL;

	json_decref(json);
	if (!text)
		return -ENOMEM;
	*ret_text = text;
	*ret_length = strlen(text);
	return 0;
}

int saved_write(const struct saved *saved, char **ret_text, size_t *ret_length)
{
	const struct library *library = &saved->library;
	json_t *bindings = saved->own_bindings ? bindings_write(&saved->bindings) : NULL;

	if (saved->own_bindings && !bindings)
		return -ENOMEM;
	return dump(json_pack("{s:i, s:o, s:o, s:o, s:o*, s:o, s:o}", "version", SAVED_VERSION,
			      "zones",
			      write_zones(saved->zone, saved->zone_count, &library->presets),
			      "presets", write_presets(&library->presets), "scenes",
			      write_scenes(library), "bindings", bindings, "panel",
			      write_panel(&saved->panel, &library->presets), "transitions",
			      write_transitions(&saved->transitions, saved->own_transitions)),
		    ret_text, ret_length);
}

int saved_write_library(const struct library *library, char **ret_text, size_t *ret_length)
{
	return dump(json_pack("{s:i, s:o, s:o}", "version", SAVED_VERSION, "presets",
			      write_presets(&library->presets), "scenes", write_scenes(library)),
		    ret_text, ret_length);
}

/* ---- reading ---- */

/* Where the reader is, and where its error goes. */
struct place {
	char *error; /* SAVED_ERROR_MAX bytes */
	const struct presets *presets;
	char pointer[128];
};

static int refuse(struct place *place, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int refuse(struct place *place, const char *key, const char *format, ...)
{
	char text[128];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(place->error, SAVED_ERROR_MAX, "%s%s%s: %s", place->pointer, *key ? "/" : "", key,
		 text);
	str_clean(place->error);
	return -EINVAL;
}

static size_t enter(struct place *place, const char *key)
{
	size_t mark = strlen(place->pointer);

	snprintf(place->pointer + mark, sizeof(place->pointer) - mark, "/%s", key);
	return mark;
}

static size_t enter_index(struct place *place, size_t index)
{
	char key[24];

	snprintf(key, sizeof(key), "%zu", index);
	return enter(place, key);
}

static void leave(struct place *place, size_t mark)
{
	place->pointer[mark] = '\0';
}

static int read_int(struct place *place, json_t *json, const char *key, int max, int *ret_value)
{
	json_t *value = json_object_get(json, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    json_integer_value(value) > max)
		return refuse(place, key, "a whole number from 0 to %d belongs here", max);
	*ret_value = (int)json_integer_value(value);
	return 0;
}

static int read_name(struct place *place, json_t *json, const char *key, const char *const *names,
		     int *ret_index)
{
	const char *text = json_string_value(json_object_get(json, key));
	int i;

	for (i = 0; text && names[i]; i++) {
		if (!strcasecmp(text, names[i])) {
			*ret_index = i;
			return 0;
		}
	}
	return refuse(place, key, "a name such as \"%s\" belongs here", names[0]);
}

static int read_text(struct place *place, json_t *json, const char *key, char *ret_text,
		     size_t room)
{
	const char *text = json_string_value(json_object_get(json, key));

	if (!text || !*text || strlen(text) >= room)
		return refuse(place, key, "a text of 1 to %zu bytes belongs here", room - 1);
	memcpy(ret_text, text, strlen(text) + 1);
	return 0;
}

static int read_rgb(struct place *place, json_t *json, struct pixel *ret_rgb)
{
	json_t *rgb = json_object_get(json, "rgb");
	int component[RGB_COMPONENTS];
	size_t i;

	for (i = 0; i < RGB_COMPONENTS; i++) {
		json_t *value = json_array_get(rgb, i);

		if (json_array_size(rgb) != RGB_COMPONENTS || !json_is_integer(value) ||
		    json_integer_value(value) < 0 || json_integer_value(value) > UINT8_MAX)
			return refuse(place, "rgb",
				      "three whole numbers from 0 to 255 belong here");
		component[i] = (int)json_integer_value(value);
	}
	*ret_rgb = (struct pixel){ .r = (uint8_t)component[0],
				   .g = (uint8_t)component[1],
				   .b = (uint8_t)component[2] };
	return 0;
}

static int read_hsv(struct place *place, json_t *json, struct zone_color *ret_color)
{
	json_t *hsv = json_object_get(json, zone_color_members[ZONE_COLOR_HSV]);
	static const int most[] = { COLOR_HUE_MAX, 100, 100 };
	int part[3];
	size_t i;

	for (i = 0; i < 3; i++) {
		json_t *value = json_array_get(hsv, i);

		if (json_array_size(hsv) != 3 || !json_is_integer(value) ||
		    json_integer_value(value) < 0 || json_integer_value(value) > most[i])
			return refuse(place, zone_color_members[ZONE_COLOR_HSV],
				      "a hue from 0 to %d and two numbers from 0 to 100 belong "
				      "here",
				      COLOR_HUE_MAX);
		part[i] = (int)json_integer_value(value);
	}
	ret_color->hsv.hue = (uint16_t)part[0];
	ret_color->hsv.saturation = (uint8_t)part[1];
	ret_color->hsv.value = (uint8_t)part[2];
	return 0;
}

static int read_color(struct place *place, json_t *json, struct zone_color *ret_color)
{
	const char *name;
	int mode, number, preset;

	if (read_name(place, json, "mode", zone_color_modes, &mode) < 0 ||
	    read_rgb(place, json, &ret_color->rgb) < 0)
		return -EINVAL;
	ret_color->mode = (enum zone_color_mode)mode;
	switch (ret_color->mode) {
	case ZONE_COLOR_HUE:
		if (read_int(place, json, "hue", COLOR_HUE_MAX, &number) < 0)
			return -EINVAL;
		ret_color->hue = (uint16_t)number;
		break;
	case ZONE_COLOR_PRESET:
		name = json_string_value(json_object_get(json, "preset_name"));
		preset = name ? presets_find(place->presets, name) : -ENOENT;
		if (preset >= 0)
			ret_color->preset = (uint16_t)preset;
		else
			/* its name is gone, its colour is known */
			ret_color->mode = ZONE_COLOR_RGB;
		break;
	case ZONE_COLOR_HSV:
		if (read_hsv(place, json, ret_color) < 0)
			return -EINVAL;
		break;
	case ZONE_COLOR_KELVIN:
		if (read_int(place, json, "kelvin", KELVIN_MAX, &number) < 0)
			return -EINVAL;
		ret_color->kelvin = (uint16_t)number;
		break;
	case ZONE_COLOR_RGB:
	case ZONE_COLOR_HEX: /* what it says is in rgb as well */
	case ZONE_COLOR_MODES:
		break;
	}
	if (zone_color_complete(ret_color, place->presets) < 0)
		return refuse(place, zone_color_members[mode],
			      "a number from %d to %d belongs here", KELVIN_MIN, KELVIN_MAX);
	return 0;
}

static int32_t read_param(const struct effect_param *param, const json_t *value)
{
	int32_t number;

	return params_read(param, value, &number) < 0 ? param->def : number;
}

static int read_animation(struct place *place, json_t *json, struct zone_state *ret_state)
{
	json_t *params = json_object_get(json, "parameters");
	const char *id = json_string_value(json_object_get(json, "id"));
	const struct effect *effect;
	size_t i;

	if (!id)
		return refuse(place, "id", "the name of an animation belongs here");
	if (!json_is_object(params))
		return refuse(place, "parameters", "an object belongs here");
	effect = effect_find(id);
	if (!effect) {
		ret_state->mode = ZONE_STATIC;
		effect = effect_at(0);
	}
	ret_state->animation = (uint16_t)effect_index(effect);
	for (i = 0; i < effect->param_count; i++)
		ret_state->params[i] = read_param(&effect->params[i],
						  json_object_get(params, effect->params[i].name));
	return 0;
}

static int read_zone(struct place *place, json_t *json, struct scene_zone *ret_zone)
{
	struct zone_state *state = &ret_zone->state;
	json_t *is_on = json_object_get(json, "is_on");
	int brightness, mode;
	size_t mark;

	memset(ret_zone, 0, sizeof(*ret_zone));
	if (read_text(place, json, "id", ret_zone->id, sizeof(ret_zone->id)) < 0 ||
	    read_int(place, json, "brightness", ZONE_BRIGHTNESS_MAX, &brightness) < 0 ||
	    read_name(place, json, "render_mode", modes, &mode) < 0)
		return -EINVAL;
	if (!json_is_boolean(is_on))
		return refuse(place, "is_on", "true or false belongs here");
	state->is_on = json_is_true(is_on);
	state->brightness = (uint8_t)brightness;
	state->mode = (enum zone_mode)mode;

	mark = enter(place, "color");
	if (read_color(place, json_object_get(json, "color"), &state->color) < 0)
		return -EINVAL;
	leave(place, mark);
	mark = enter(place, "animation");
	if (read_animation(place, json_object_get(json, "animation"), state) < 0)
		return -EINVAL;
	leave(place, mark);
	return 0;
}

static int read_zones(struct place *place, json_t *json, struct scene_zone *ret_zones,
		      uint32_t *ret_count)
{
	json_t *zones = json_object_get(json, "zones");
	size_t mark = enter(place, "zones"), inner, i, k;
	json_t *zone;

	if (!json_is_array(zones) || json_array_size(zones) > ZONE_MAX)
		return refuse(place, "", "an array of at most %d zones belongs here", ZONE_MAX);
	json_array_foreach (zones, i, zone) {
		inner = enter_index(place, i);
		if (read_zone(place, zone, &ret_zones[i]) < 0)
			return -EINVAL;
		for (k = 0; k < i; k++) {
			if (!strcmp(ret_zones[k].id, ret_zones[i].id))
				return refuse(place, "id", "this zone stands there twice");
		}
		leave(place, inner);
	}
	leave(place, mark);
	*ret_count = (uint32_t)i;
	return 0;
}

static int read_name_of(struct place *place, json_t *json, char ret_name[SLOTS_NAME_MAX])
{
	const char *name = json_string_value(json_object_get(json, "name"));

	if (!name || !slots_name_valid(name))
		return refuse(place, "name", SLOTS_NAME_RULE " belong here");
	memcpy(ret_name, name, strlen(name) + 1);
	return 0;
}

static int read_presets(struct place *place, json_t *root, struct presets *ret_presets)
{
	json_t *presets = json_object_get(root, "presets");
	size_t mark = enter(place, "presets"), inner, i;
	char name[SLOTS_NAME_MAX];
	struct pixel color;
	json_t *preset;

	if (!json_is_array(presets) || json_array_size(presets) > PRESETS_MAX)
		return refuse(place, "", "an array of at most %d presets belongs here",
			      PRESETS_MAX);
	json_array_foreach (presets, i, preset) {
		inner = enter_index(place, i);
		if (read_name_of(place, preset, name) < 0 || read_rgb(place, preset, &color) < 0)
			return -EINVAL;
		if (presets_find(ret_presets, name) >= 0)
			return refuse(place, "name", "another preset has this name");
		presets_put(ret_presets, name, color);
		leave(place, inner);
	}
	leave(place, mark);
	return 0;
}

static int read_scenes(struct place *place, json_t *root, struct scenes *ret_scenes)
{
	json_t *scenes = json_object_get(root, "scenes");
	size_t mark = enter(place, "scenes"), inner, i;
	char name[SLOTS_NAME_MAX];
	struct scene *target;
	json_t *scene;
	int slot;

	if (!json_is_array(scenes) || json_array_size(scenes) > SCENES_MAX)
		return refuse(place, "", "an array of at most %d scenes belongs here", SCENES_MAX);
	json_array_foreach (scenes, i, scene) {
		inner = enter_index(place, i);
		if (read_name_of(place, scene, name) < 0)
			return -EINVAL;
		if (scenes_find(ret_scenes, name) >= 0)
			return refuse(place, "name", "another scene has this name");
		slot = scenes_put(ret_scenes, name);
		if (slot < 0)
			return slot;
		target = &ret_scenes->scene[slot];
		if (read_zones(place, scene, target->zone, &target->zone_count) < 0)
			return -EINVAL;
		leave(place, inner);
	}
	leave(place, mark);
	return 0;
}

/* From each version to the next. */
static int migrate_1(json_t *root)
{
	if (json_object_set_new(root, "presets", json_array()) < 0 ||
	    json_object_set_new(root, "scenes", json_array()) < 0)
		return -ENOMEM;
	return 0;
}

static int migrate_2(json_t *root)
{
	if (json_object_set_new(root, "panel", json_object()) < 0 ||
	    json_object_set_new(root, "transitions", json_object()) < 0)
		return -ENOMEM;
	return 0;
}

static int (*const migrations[SAVED_VERSION])(json_t *root) = { [1] = migrate_1, [2] = migrate_2 };

static int read_version(struct place *place, json_t *root)
{
	json_t *version = json_object_get(root, "version");
	json_int_t from;

	if (!json_is_integer(version) || json_integer_value(version) < 1)
		return refuse(place, "version", "a whole number from 1 to %d belongs here",
			      SAVED_VERSION);
	if (json_integer_value(version) > SAVED_VERSION)
		return refuse(place, "version", "%lld is newer than %d, which this program knows",
			      (long long)json_integer_value(version), SAVED_VERSION);
	for (from = json_integer_value(version); from < SAVED_VERSION; from++) {
		if (migrations[from](root) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* An input or zone that is gone is no error: what names it does nothing. */
static int read_bindings(struct place *place, json_t *root, struct saved *ret_saved)
{
	const struct bindings_known any = { .input_at = NULL };
	json_t *json = json_object_get(root, "bindings");
	size_t mark = enter(place, "bindings");
	struct bindings_error error;

	ret_saved->own_bindings = json;
	if (json && bindings_read(json, &any, &ret_saved->bindings, &error) < 0) {
		if (error.index >= 0)
			enter_index(place, (size_t)error.index);
		return refuse(place, error.key, "%s belongs here", error.allowed);
	}
	leave(place, mark);
	return 0;
}

static int read_was_on(struct place *place, json_t *json, struct saved_panel *ret_panel)
{
	json_t *was_on = json_object_get(json, "was_on"), *entry;
	const char *id;
	size_t i;

	if (!was_on)
		return 0;
	if (!json_is_array(was_on) || json_array_size(was_on) > ZONE_MAX)
		return refuse(place, "was_on", "an array of at most %d ids of zones belongs here",
			      ZONE_MAX);
	json_array_foreach (was_on, i, entry) {
		id = json_string_value(entry);
		if (!id || !*id || !str_copy(ret_panel->was_on[i], ZONE_ID_MAX, id))
			return refuse(place, "was_on", "ids of 1 to %d bytes belong here",
				      ZONE_ID_MAX - 1);
	}
	ret_panel->power_off = true;
	ret_panel->was_on_count = (uint32_t)i;
	return 0;
}

/* A zone that is gone is no error: what names it has no effect. */
static int read_panel(struct place *place, json_t *root, struct saved_panel *ret_panel)
{
	json_t *json = json_object_get(root, "panel"), *lamp;
	size_t mark = enter(place, "panel"), inner;
	int fps = 0;

	if (!json_is_object(json))
		return refuse(place, "", "an object belongs here");
	if (json_object_get(json, "selected") &&
	    read_text(place, json, "selected", ret_panel->selected, ZONE_ID_MAX) < 0)
		return -EINVAL;
	if (json_object_get(json, "fps") &&
	    (read_int(place, json, "fps", FRAMES_FPS_MAX, &fps) < 0 || fps < FRAMES_FPS_MIN))
		return refuse(place, "fps", "a whole number from %d to %d belongs here",
			      FRAMES_FPS_MIN, FRAMES_FPS_MAX);
	ret_panel->fps = (uint16_t)fps;
	if (read_was_on(place, json, ret_panel) < 0)
		return -EINVAL;
	lamp = json_object_get(json, "lamp");
	if (lamp) {
		inner = enter(place, "lamp");
		if (read_zone(place, lamp, &ret_panel->lamp) < 0)
			return -EINVAL;
		ret_panel->lamp_white = true;
		leave(place, inner);
	}
	leave(place, mark);
	return 0;
}

static int read_transition(struct place *place, json_t *json, enum transition_cause cause,
			   struct engine_transition *ret_transition)
{
	int ms, kind, curve;

	if (read_int(place, json, "ms", (int)transitions_max_ms(cause), &ms) < 0 ||
	    read_name(place, json, "kind", engine_kind_names, &kind) < 0 ||
	    read_name(place, json, "easing", ease_names, &curve) < 0)
		return -EINVAL;
	*ret_transition = (struct engine_transition){ .duration_ms = (uint32_t)ms,
						      .kind = (enum engine_kind)kind,
						      .curve = (enum ease_curve)curve };
	return 0;
}

static int read_transitions(struct place *place, json_t *root, struct saved *ret_saved)
{
	json_t *json = json_object_get(root, "transitions"), *entry;
	size_t mark = enter(place, "transitions"), inner;
	const char *name;
	int i;

	if (!json_is_object(json))
		return refuse(place, "", "an object belongs here");
	json_object_foreach (json, name, entry) {
		for (i = 0; transitions_names[i] && strcmp(transitions_names[i], name) != 0; i++)
			;
		if (!transitions_names[i])
			return refuse(place, "", "no transition has this cause");
		inner = enter(place, transitions_names[i]);
		if (read_transition(place, entry, (enum transition_cause)i,
				    &ret_saved->transitions.of[i]) < 0)
			return -EINVAL;
		ret_saved->own_transitions |= 1U << i;
		leave(place, inner);
	}
	leave(place, mark);
	return 0;
}

/* Presets come first: the others name them. @ret_saved may be NULL. */
static int read_root(struct place *place, json_t *root, struct library *ret_library,
		     struct saved *ret_saved)
{
	int ret = read_version(place, root);

	place->presets = &ret_library->presets;
	if (ret >= 0)
		ret = read_presets(place, root, &ret_library->presets);
	if (ret >= 0)
		ret = read_scenes(place, root, &ret_library->scenes);
	if (ret >= 0 && ret_saved)
		ret = read_zones(place, root, ret_saved->zone, &ret_saved->zone_count);
	if (ret >= 0 && ret_saved)
		ret = read_bindings(place, root, ret_saved);
	if (ret >= 0 && ret_saved)
		ret = read_panel(place, root, &ret_saved->panel);
	if (ret >= 0 && ret_saved)
		ret = read_transitions(place, root, ret_saved);
	return ret;
}

static int read_whole(const char *text, size_t length, struct library *ret_library,
		      struct saved *ret_saved, char error[SAVED_ERROR_MAX])
{
	struct place place = { .error = error };
	json_error_t syntax;
	json_t *root;
	int ret;

	root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &syntax);
	if (!root) {
		snprintf(error, SAVED_ERROR_MAX, "line %d, column %d: %s", syntax.line,
			 syntax.column, syntax.text);
		str_clean(error);
		/* for want of memory jansson may also say nothing at all */
		return !syntax.text[0] || json_error_code(&syntax) == json_error_out_of_memory
			       ? -ENOMEM
			       : -EINVAL;
	}
	ret = read_root(&place, root, ret_library, ret_saved);
	json_decref(root);
	return ret;
}

int saved_read(const char *text, size_t length, struct saved *ret_saved,
	       char error[SAVED_ERROR_MAX])
{
	return read_whole(text, length, &ret_saved->library, ret_saved, error);
}

int saved_read_library(const char *text, size_t length, struct library *ret_library,
		       char error[SAVED_ERROR_MAX])
{
	return read_whole(text, length, ret_library, NULL, error);
}

const struct zone_state *saved_find(const struct saved *saved, const char *id)
{
	uint32_t i;

	for (i = 0; i < saved->zone_count; i++) {
		if (!strcasecmp(saved->zone[i].id, id))
			return &saved->zone[i].state;
	}
	return NULL;
}
