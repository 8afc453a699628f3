// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/keeper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct keeper {
	struct keeper_config config;
	struct controller *controller;
	bool changed; /* and not published */
	struct library library;
};

static int save_scene(struct keeper *keeper, const struct command *command)
{
	struct scenes *scenes = &keeper->library.scenes;
	const struct zone_config *zone;
	struct scene *scene;
	unsigned int i;
	int slot;

	slot = scenes_put(scenes, command->library.name);
	if (slot < 0)
		return slot;
	scene = &scenes->scene[slot];
	for (i = 0; (zone = controller_get_config(keeper->controller, i)); i++) {
		memcpy(scene->zone[i].id, zone->id, sizeof(scene->zone[i].id));
		scene->zone[i].state = *controller_get(keeper->controller, i);
	}
	scene->zone_count = i;
	return 0;
}

/* Saved in the order of the zones, which is mostly theirs still: that place is looked at first. */
static const struct scene_zone *find_in_scene(const struct scene *scene, unsigned int zone,
					      const char *id)
{
	unsigned int i;

	if (zone < scene->zone_count && !strcmp(scene->zone[zone].id, id))
		return &scene->zone[zone];
	for (i = 0; i < scene->zone_count && strcmp(scene->zone[i].id, id) != 0; i++)
		;
	return i < scene->zone_count ? &scene->zone[i] : NULL;
}

/* A zone that the scene does not know stays as it is, one that is gone is left out. */
static int recall_scene(struct keeper *keeper, const struct command *command)
{
	struct scenes *scenes = &keeper->library.scenes;
	int slot = scenes_find(scenes, command->library.name), ret = 0;
	const struct scene_zone *saved;
	const struct zone_config *zone;
	const struct scene *scene;
	unsigned int i;

	if (slot < 0)
		return slot;
	scene = &scenes->scene[slot];
	for (i = 0; (zone = controller_get_config(keeper->controller, i)); i++) {
		saved = find_in_scene(scene, i, zone->id);
		if (saved && ret >= 0)
			ret = controller_set_state_later(keeper->controller, i, &saved->state,
							 TRANSITION_SCENE,
							 command->library.transition_ms);
	}
	return ret;
}

static int change_scene(struct keeper *keeper, const struct command *command)
{
	struct scenes *scenes = &keeper->library.scenes;

	if (command->library.new_name[0])
		return scenes_rename(scenes, command->library.name, command->library.new_name);
	return scenes_move(scenes, command->library.name, command->library.position);
}

static void tell_preset(struct keeper *keeper, int index)
{
	controller_on_preset(keeper->controller, (unsigned int)index);
	if (keeper->config.on_preset)
		keeper->config.on_preset((unsigned int)index, keeper->config.data);
}

static int put_preset(struct keeper *keeper, const struct command *command)
{
	int index =
		presets_put(&keeper->library.presets, command->library.name, command->library.rgb);

	if (index < 0)
		return index;
	tell_preset(keeper, index);
	return 0;
}

static int remove_preset(struct keeper *keeper, int index)
{
	int ret = presets_remove(&keeper->library.presets, (size_t)index);

	if (ret < 0)
		return ret;
	library_forget_preset(&keeper->library, (unsigned int)index);
	tell_preset(keeper, index);
	return 0;
}

static int change_preset(struct keeper *keeper, int index, const struct command *command)
{
	struct presets *presets = &keeper->library.presets;
	int ret;

	if (!command->library.new_name[0])
		return presets_move(presets, (size_t)index, command->library.position);
	ret = presets_rename(presets, (size_t)index, command->library.new_name);
	if (ret >= 0)
		tell_preset(keeper, index);
	return ret;
}

/* A group that is off stays so if all zones are meant: it would cover what its members show later. */
static bool recalls_on(const struct keeper *keeper, unsigned int zone,
		       const struct command *command)
{
	if (!command->library.all_zones)
		return zone == command->zone;
	return controller_get(keeper->controller, zone)->is_on ||
	       !controller_get_config(keeper->controller, zone)->member_count;
}

static int recall_preset(struct keeper *keeper, int index, const struct command *command)
{
	const struct zone_state *now;
	struct zone_state state;
	unsigned int i;
	int ret = 0;

	for (i = 0; ret >= 0 && (now = controller_get(keeper->controller, i)); i++) {
		if (!recalls_on(keeper, i, command))
			continue;
		state = *now;
		state.mode = ZONE_STATIC;
		state.is_on = true;
		state.color.mode = ZONE_COLOR_PRESET;
		state.color.preset = (uint16_t)index;
		ret = controller_set_state_later(keeper->controller, i, &state, TRANSITION_SCENE,
						 command->library.transition_ms);
	}
	if (ret >= 0 && !command->library.all_zones && command->zone >= i)
		return -ENOENT;
	return ret;
}

static int recall(struct keeper *keeper, const struct command *command)
{
	int preset;

	if (command->type == COMMAND_SCENE_RECALL)
		return recall_scene(keeper, command);
	preset = presets_find(&keeper->library.presets, command->library.name);
	return preset < 0 ? preset : recall_preset(keeper, preset, command);
}

static int import(struct keeper *keeper, struct library *from)
{
	int ret = from ? library_merge(&keeper->library, from) : -EINVAL;
	int index;
	size_t i;

	for (i = 0; ret >= 0 && (index = presets_at(&keeper->library.presets, i)) >= 0; i++)
		tell_preset(keeper, index);
	free(from);
	return ret;
}

bool keeper_takes(const struct command *command)
{
	return command->type >= COMMAND_LIBRARY_FIRST && command->type <= COMMAND_LIBRARY_LAST;
}

static int apply(struct keeper *keeper, const struct command *command)
{
	int preset = presets_find(&keeper->library.presets, command->library.name);

	switch (command->type) {
	case COMMAND_SCENE_SAVE:
		return save_scene(keeper, command);
	case COMMAND_SCENE_REMOVE:
		return scenes_remove(&keeper->library.scenes, command->library.name);
	case COMMAND_SCENE_CHANGE:
		return change_scene(keeper, command);
	case COMMAND_PRESET_PUT:
		return put_preset(keeper, command);
	case COMMAND_PRESET_REMOVE:
		return preset < 0 ? preset : remove_preset(keeper, preset);
	case COMMAND_PRESET_CHANGE:
		return preset < 0 ? preset : change_preset(keeper, preset, command);
	case COMMAND_LIBRARY_IMPORT:
		return import(keeper, command->library.import);
	default:
		return -EINVAL;
	}
}

int keeper_apply(struct keeper *keeper, const struct command *command)
{
	int ret;

	controller_finish(keeper->controller);
	/* These change zones, and nothing that is kept here. */
	if (command->type == COMMAND_SCENE_RECALL || command->type == COMMAND_PRESET_RECALL) {
		ret = recall(keeper, command);
		controller_go_on(keeper->controller);
		return ret;
	}
	ret = apply(keeper, command);
	if (ret < 0)
		return ret;
	keeper->library.version++;
	keeper->changed = true;
	if (keeper->config.on_change)
		keeper->config.on_change(keeper->config.data);
	return 0;
}

void keeper_sync(struct keeper *keeper)
{
	struct library *snapshot;

	if (!keeper->changed)
		return;
	/* Without a buffer the change stays noted and goes out with the next one. */
	snapshot = mailbox_begin(keeper->config.mailbox);
	if (!snapshot)
		return;
	library_copy(snapshot, &keeper->library);
	mailbox_publish(keeper->config.mailbox, snapshot);
	keeper->changed = false;
}

const struct library *keeper_library(const struct keeper *keeper)
{
	return &keeper->library;
}

void keeper_set_controller(struct keeper *keeper, struct controller *controller)
{
	keeper->controller = controller;
}

void keeper_restore(struct keeper *keeper, const struct library *library)
{
	uint64_t version = keeper->library.version;

	library_copy(&keeper->library, library);
	keeper->library.version = version + 1;
	keeper->changed = true;
}

int keeper_create(struct keeper **ret_keeper, const struct keeper_config *config)
{
	struct keeper *keeper = calloc(1, sizeof(*keeper));

	if (!keeper)
		return -ENOMEM;
	keeper->config = *config;
	keeper->library.version = 1;
	/* Readers want a first one. */
	keeper->changed = true;
	*ret_keeper = keeper;
	return 0;
}

struct keeper *keeper_destroy(struct keeper *keeper)
{
	free(keeper);
	return NULL;
}
