/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "control/presets.h"
#include "control/slots.h"
#include "control/zone.h"

/*
 * Scenes: the states of all zones under a name. Zones are known by their id,
 * so that a scene outlives a change of the configuration.
 */

/** SCENES_MAX - scenes that are kept */
#define SCENES_MAX 32

/** struct scene_zone - the state of the zone with this id */
struct scene_zone {
	char id[ZONE_ID_MAX];
	struct zone_state state;
};

struct scene {
	char name[SLOTS_NAME_MAX];
	uint32_t zone_count;
	struct scene_zone zone[ZONE_MAX];
};

/** struct scenes - all of them; a plain value, zeroed: none */
struct scenes {
	struct slots slots;
	struct scene scene[SCENES_MAX];
};

/**
 * struct library - what a user has given names to; a plain value
 * @version: grows with each change
 *
 * Large: most of it is never touched, see library_copy().
 */
struct library {
	uint64_t version;
	struct presets presets;
	struct scenes scenes;
};

/** scenes_find() - place of a name in any case, or -ENOENT */
int scenes_find(const struct scenes *scenes, const char *name);

/** scenes_at() - the scene at a position, borrowed; NULL behind the last */
const struct scene *scenes_at(const struct scenes *scenes, size_t position);

/**
 * scenes_put() - an empty scene of this name, in the place of one that is there
 *
 * Return: its place; -EINVAL (name) or -ENOSPC.
 */
int scenes_put(struct scenes *scenes, const char *name);

/** scenes_remove() - forget one; 0 or -ENOENT */
int scenes_remove(struct scenes *scenes, const char *name);

/** scenes_rename() - 0, -ENOENT, -EINVAL (name) or -EEXIST */
int scenes_rename(struct scenes *scenes, const char *name, const char *new_name);

/** scenes_move() - to a position from 0; 0, -ENOENT or -EINVAL */
int scenes_move(struct scenes *scenes, const char *name, unsigned int position);

/** library_copy() - copy what is used; @library has what an earlier copy left, or zeroes */
void library_copy(struct library *library, const struct library *from);

/** library_forget_preset() - what used a preset's index keeps its colour as RGB */
void library_forget_preset(struct library *library, unsigned int index);

/**
 * library_merge() - take over all presets and scenes of @from, in the place of those of the same name
 *
 * Return: 0, or -ENOSPC if they are too many together or -EPERM if a preset has
 * the name of one of the original's; nothing is changed then.
 */
int library_merge(struct library *library, const struct library *from);
