// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/library.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "api/validate.h"
#include "api/zones.h"
#include "base/cleanup.h"
#include "base/heap.h"
#include "control/controller.h"
#include "control/saved.h"

const char *library_preset_name(size_t position, const void *data)
{
	const struct presets *presets = data;
	int index = presets_at(presets, position);

	return index < 0 ? NULL : presets_name(presets, (size_t)index);
}

static const char *scene_name(size_t position, const void *data)
{
	const struct scene *scene = scenes_at(data, position);

	return scene ? scene->name : NULL;
}

static int refuse_item(struct problem *problem, const char *what, const char *name,
		       nearest_name_fn name_at, const void *data)
{
	const char *nearest = nearest_find(name, name_at, data);
	char list[PROBLEM_TEXT_MAX];

	problem_set(problem, MHD_HTTP_NOT_FOUND, "there is no %s \"%s\"%s%s%s", what, name,
		    nearest ? "; did you mean \"" : "", nearest ? nearest : "",
		    nearest ? "\"?" : "");
	if (name_at(0, data))
		validate_list(list, name_at, data);
	else
		strcpy(list, "nothing: there is none yet");
	problem_add_text(problem, "path", what, name, "%s", list);
	return -ENOENT;
}

int library_find_preset(const struct view *view, const char *name, struct problem *problem)
{
	const struct presets *presets = &view->library->presets;
	int index = presets_find(presets, name);

	return index >= 0 ? index
			  : refuse_item(problem, "preset", name, library_preset_name, presets);
}

int library_find_scene(const struct view *view, const char *name, struct problem *problem)
{
	const struct scenes *scenes = &view->library->scenes;
	int slot = scenes_find(scenes, name);

	return slot >= 0 ? slot : refuse_item(problem, "scene", name, scene_name, scenes);
}

bool library_parse_name(const char *name, struct command *command, struct problem *problem)
{
	if (!slots_name_valid(name))
		return problem_add_text(problem, "path", "name", name, SLOTS_NAME_RULE);
	memcpy(command->library.name, name, strlen(name) + 1);
	return true;
}

static void write_preset(const struct presets *presets, size_t index, struct writer *writer)
{
	struct pixel color = PIXEL_BLACK;

	presets_color(presets, index, &color);
	writer_object(writer, NULL);
	writer_string(writer, "name", presets_name(presets, index));
	writer_array(writer, "rgb");
	writer_int(writer, NULL, color.r);
	writer_int(writer, NULL, color.g);
	writer_int(writer, NULL, color.b);
	writer_array_end(writer);
	writer_bool(writer, "own", presets_is_own(presets, index));
	writer_object_end(writer);
}

void library_get_preset(const struct route_get *get, struct writer *writer)
{
	write_preset(&get->view->library->presets, get->item, writer);
}

void library_write_presets(const struct presets *presets, struct writer *writer)
{
	size_t i;

	writer_array(writer, "presets");
	for (i = 0; presets_at(presets, i) >= 0; i++)
		write_preset(presets, (size_t)presets_at(presets, i), writer);
	writer_array_end(writer);
}

void library_get_presets(const struct route_get *get, struct writer *writer)
{
	const struct presets *presets = &get->view->library->presets;
	size_t count = 0;

	while (presets_at(presets, count) >= 0)
		count++;
	writer_object(writer, NULL);
	writer_int(writer, "count", (int64_t)count);
	library_write_presets(presets, writer);
	writer_object_end(writer);
}

void library_get_scene(const struct route_get *get, struct writer *writer)
{
	const struct library *library = get->view->library;
	const struct scene *scene = &library->scenes.scene[get->item];
	uint32_t i;

	writer_object(writer, NULL);
	writer_string(writer, "name", scene->name);
	writer_array(writer, "zones");
	for (i = 0; i < scene->zone_count; i++) {
		writer_object(writer, NULL);
		writer_string(writer, "id", scene->zone[i].id);
		zones_write_state(&scene->zone[i].state, &library->presets, writer);
		writer_object_end(writer);
	}
	writer_array_end(writer);
	writer_object_end(writer);
}

void library_write_scenes(const struct scenes *scenes, struct writer *writer)
{
	const struct scene *scene;
	size_t i;

	writer_array(writer, "scenes");
	for (i = 0; (scene = scenes_at(scenes, i)); i++) {
		writer_object(writer, NULL);
		writer_string(writer, "name", scene->name);
		writer_int(writer, "zone_count", scene->zone_count);
		writer_object_end(writer);
	}
	writer_array_end(writer);
}

void library_get_scenes(const struct route_get *get, struct writer *writer)
{
	const struct scenes *scenes = &get->view->library->scenes;

	writer_object(writer, NULL);
	writer_int(writer, "count", scenes->slots.count);
	library_write_scenes(scenes, writer);
	writer_object_end(writer);
}

void library_get_export(const struct route_get *get, struct writer *writer)
{
	_cleanup_free_ char *text = NULL;
	size_t length;

	if (saved_write_library(get->view->library, &text, &length) < 0)
		writer->failed = true;
	else
		writer_json(writer, NULL, text);
	/* its values are many times as large as the text, and the heap would keep them */
	heap_give_back();
}

bool library_parse_rgb(const struct view *view, const json_t *value, const char *field,
		       struct command *command, struct problem *problem)
{
	(void)view;
	return validate_rgb(value, field, &command->library.rgb, problem);
}

bool library_parse_change(const struct view *view, const json_t *value, const char *field,
			  struct command *command, struct problem *problem)
{
	static const char *const known[] = { "name", "position", NULL };
	json_t *name = json_object_get(value, "name");
	json_t *position = json_object_get(value, "position");
	const char *text = json_string_value(name);
	char pointer[PROBLEM_FIELD_MAX];
	int64_t number;

	(void)view;
	if (!value || !validate_object(value, field, known, problem))
		return value ? false
			     : problem_add(problem, "body", field, value,
					   "an object with \"name\" or \"position\"");
	if (!name == !position)
		return problem_add(problem, "body", field, value,
				   "an object with either \"name\" or \"position\"");
	if (position) {
		validate_pointer(pointer, field, "position");
		if (!validate_int(position, pointer, 0, SLOTS_MAX - 1, &number, problem))
			return false;
		command->library.position = (uint8_t)number;
		return true;
	}
	validate_pointer(pointer, field, "name");
	if (!text || !slots_name_valid(text))
		return problem_add(problem, "body", pointer, name, SLOTS_NAME_RULE);
	memcpy(command->library.new_name, text, strlen(text) + 1);
	return true;
}

static bool parse_transition(const json_t *value, const char *field, struct command *command,
			     struct problem *problem)
{
	json_t *transition = json_object_get(value, "transition_ms");
	char pointer[PROBLEM_FIELD_MAX];
	int64_t ms;

	command->library.transition_ms = CONTROLLER_CONFIGURED_MS;
	if (!transition)
		return true;
	validate_pointer(pointer, field, "transition_ms");
	if (!validate_int(transition, pointer, 0, COMMAND_TRANSITION_MAX_MS, &ms, problem))
		return false;
	command->library.transition_ms = (uint32_t)ms;
	return true;
}

bool library_parse_scene_recall(const struct view *view, const json_t *value, const char *field,
				struct command *command, struct problem *problem)
{
	static const char *const known[] = { "transition_ms", NULL };

	(void)view;
	return (!value || validate_object(value, field, known, problem)) &&
	       parse_transition(value, field, command, problem);
}

bool library_parse_preset_recall(const struct view *view, const json_t *value, const char *field,
				 struct command *command, struct problem *problem)
{
	static const char *const known[] = { "zone", "transition_ms", NULL };
	json_t *zone = json_object_get(value, "zone");
	char pointer[PROBLEM_FIELD_MAX];
	size_t index;

	if (value && !validate_object(value, field, known, problem))
		return false;
	command->library.all_zones = !zone;
	validate_pointer(pointer, field, "zone");
	if (zone) {
		if (!validate_name(zone, pointer, zones_name, view->state, &index, problem))
			return false;
		command->zone = (uint16_t)index;
	}
	return parse_transition(value, field, command, problem);
}

bool library_parse_import(const struct view *view, const json_t *value, const char *field,
			  struct command *command, struct problem *problem)
{
	_cleanup_free_ struct library *library = NULL;
	_cleanup_free_ char *text = NULL;
	char error[SAVED_ERROR_MAX] = "";
	int ret;

	(void)view;
	(void)field;
	library = calloc(1, sizeof(*library));
	text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : strdup("");
	ret = library && text ? saved_read_library(text, strlen(text), library, error) : -ENOMEM;
	if (ret == -EINVAL) {
		/* the place goes before a colon; its pointer is the field */
		char *words = strstr(error, ": ");

		if (!words || error[0] != '/')
			return problem_add(problem, "body", "", NULL, "an export: %s", error);
		*words = '\0';
		return problem_add(problem, "body", error, NULL, "an export: %s", words + 2);
	}
	if (ret < 0)
		return problem_set(problem, MHD_HTTP_INTERNAL_SERVER_ERROR, "no memory");
	command->library.import = steal_ptr(library);
	return true;
}
