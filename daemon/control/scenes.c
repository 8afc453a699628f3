// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/scenes.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

int scenes_find(const struct scenes *scenes, const char *name)
{
	uint32_t i;

	for (i = 0; i < scenes->slots.count; i++) {
		if (!strcasecmp(scenes->scene[scenes->slots.order[i]].name, name))
			return scenes->slots.order[i];
	}
	return -ENOENT;
}

const struct scene *scenes_at(const struct scenes *scenes, size_t position)
{
	return position < scenes->slots.count ? &scenes->scene[scenes->slots.order[position]]
					      : NULL;
}

int scenes_put(struct scenes *scenes, const char *name)
{
	int slot = scenes_find(scenes, name);

	if (slot < 0) {
		if (!slots_name_valid(name))
			return -EINVAL;
		slot = slots_add(&scenes->slots, SCENES_MAX);
		if (slot < 0)
			return slot;
		memset(scenes->scene[slot].name, 0, SLOTS_NAME_MAX);
		memcpy(scenes->scene[slot].name, name, strlen(name));
	}
	scenes->scene[slot].zone_count = 0;
	return slot;
}

int scenes_remove(struct scenes *scenes, const char *name)
{
	int slot = scenes_find(scenes, name);

	if (slot < 0)
		return slot;
	slots_remove(&scenes->slots, (unsigned int)slot);
	return 0;
}

int scenes_rename(struct scenes *scenes, const char *name, const char *new_name)
{
	int slot = scenes_find(scenes, name), other = scenes_find(scenes, new_name);

	if (slot < 0)
		return slot;
	if (!slots_name_valid(new_name))
		return -EINVAL;
	if (other >= 0 && other != slot)
		return -EEXIST;
	memset(scenes->scene[slot].name, 0, SLOTS_NAME_MAX);
	memcpy(scenes->scene[slot].name, new_name, strlen(new_name));
	return 0;
}

int scenes_move(struct scenes *scenes, const char *name, unsigned int position)
{
	int slot = scenes_find(scenes, name);

	return slot < 0 ? slot : slots_move(&scenes->slots, (unsigned int)slot, position);
}

static void copy_scene(struct scene *scene, const struct scene *from)
{
	memcpy(scene->name, from->name, sizeof(scene->name));
	scene->zone_count = from->zone_count;
	memcpy(scene->zone, from->zone, from->zone_count * sizeof(from->zone[0]));
}

void library_copy(struct library *library, const struct library *from)
{
	uint32_t i;

	library->version = from->version;
	library->presets = from->presets;
	library->scenes.slots = from->scenes.slots;
	for (i = 0; i < from->scenes.slots.count; i++) {
		unsigned int slot = from->scenes.slots.order[i];

		copy_scene(&library->scenes.scene[slot], &from->scenes.scene[slot]);
	}
}

void library_forget_preset(struct library *library, unsigned int index)
{
	uint32_t i, k;

	for (i = 0; i < library->scenes.slots.count; i++) {
		struct scene *scene = &library->scenes.scene[library->scenes.slots.order[i]];

		for (k = 0; k < scene->zone_count; k++) {
			struct zone_color *color = &scene->zone[k].state.color;

			if (color->mode == ZONE_COLOR_PRESET && color->preset == index) {
				color->mode = ZONE_COLOR_RGB;
				color->preset = 0;
			}
		}
	}
}

/* How many entries there would be in all. */
static bool fits(const struct library *library, const struct library *from)
{
	size_t presets = library->presets.slots.count, scenes = library->scenes.slots.count;
	uint32_t i;

	for (i = 0; i < from->presets.slots.count; i++)
		presets +=
			presets_find(&library->presets,
				     from->presets.preset[from->presets.slots.order[i]].name) < 0;
	for (i = 0; i < from->scenes.slots.count; i++)
		scenes += scenes_find(&library->scenes, scenes_at(&from->scenes, i)->name) < 0;
	return presets <= PRESETS_MAX && scenes <= SCENES_MAX;
}

/* More than there are indices of presets. */
#define NUMBERS 256

/* The same preset may have another index here: asked once for each, not for each of all zones. */
static void find_numbers(const struct presets *presets, const struct presets *from,
			 uint16_t number[NUMBERS])
{
	size_t i;

	for (i = 0; i < presets_end() && i < NUMBERS; i++) {
		const char *name = presets_name(from, i);

		number[i] = name ? (uint16_t)presets_find(presets, name) : 0;
	}
}

static void renumber(struct scene *scene, const uint16_t number[NUMBERS])
{
	uint32_t i;

	for (i = 0; i < scene->zone_count; i++) {
		struct zone_color *color = &scene->zone[i].state.color;

		if (color->mode == ZONE_COLOR_PRESET)
			color->preset = number[color->preset % NUMBERS];
	}
}

int library_merge(struct library *library, const struct library *from)
{
	uint16_t number[NUMBERS] = { 0 };
	const struct preset *preset;
	uint32_t i;
	int slot;

	if (!fits(library, from))
		return -ENOSPC;
	for (i = 0; i < from->presets.slots.count; i++) {
		if (color_preset_find(from->presets.preset[from->presets.slots.order[i]].name) >= 0)
			return -EPERM;
	}
	for (i = 0; i < from->presets.slots.count; i++) {
		preset = &from->presets.preset[from->presets.slots.order[i]];
		presets_put(&library->presets, preset->name, preset->color);
	}
	find_numbers(&library->presets, &from->presets, number);
	for (i = 0; i < from->scenes.slots.count; i++) {
		const struct scene *scene = scenes_at(&from->scenes, i);

		slot = scenes_put(&library->scenes, scene->name);
		if (slot < 0)
			return slot;
		copy_scene(&library->scenes.scene[slot], scene);
		renumber(&library->scenes.scene[slot], number);
	}
	return 0;
}
