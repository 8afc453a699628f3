/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "api/route.h"

/* Presets and scenes: what a user gave names to. See struct route. */

/** library_find_preset() - index of a preset by name in any case, or -ENOENT with the problem set */
int library_find_preset(const struct view *view, const char *name, struct problem *problem);

/** library_find_scene() - place of a scene by name in any case, or -ENOENT with the problem set */
int library_find_scene(const struct view *view, const char *name, struct problem *problem);

/** library_preset_name() - names in order, as a nearest_name_fn; @data is a struct presets */
const char *library_preset_name(size_t position, const void *data);

/** library_parse_name() - the name in the path, for an entry that may be new */
bool library_parse_name(const char *name, struct command *command, struct problem *problem);

/** library_write_presets(), library_write_scenes() - the members of this name */
void library_write_presets(const struct presets *presets, struct writer *writer);
void library_write_scenes(const struct scenes *scenes, struct writer *writer);

void library_get_presets(const struct route_get *get, struct writer *writer);
void library_get_preset(const struct route_get *get, struct writer *writer);
void library_get_scenes(const struct route_get *get, struct writer *writer);
void library_get_scene(const struct route_get *get, struct writer *writer);

/** library_get_export() - both as one file, see control/saved.h */
void library_get_export(const struct route_get *get, struct writer *writer);

bool library_parse_rgb(const struct view *view, const json_t *value, const char *field,
		       struct command *command, struct problem *problem);

/** library_parse_change() - the body {"name"} or {"position"} */
bool library_parse_change(const struct view *view, const json_t *value, const char *field,
			  struct command *command, struct problem *problem);

/** library_parse_scene_recall() - no body, or {"transition_ms"} */
bool library_parse_scene_recall(const struct view *view, const json_t *value, const char *field,
				struct command *command, struct problem *problem);

/** library_parse_preset_recall() - no body, or any of {"zone", "transition_ms"} */
bool library_parse_preset_recall(const struct view *view, const json_t *value, const char *field,
				 struct command *command, struct problem *problem);

/** library_parse_import() - what library_get_export() gave; heap in the command on success */
bool library_parse_import(const struct view *view, const json_t *value, const char *field,
			  struct command *command, struct problem *problem);
