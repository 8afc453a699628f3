// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/presets.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

static size_t original_count(void)
{
	size_t count;

	color_presets(&count);
	return count;
}

size_t presets_end(void)
{
	return original_count() + PRESETS_MAX;
}

bool presets_is_own(const struct presets *presets, size_t index)
{
	size_t first = original_count();

	return index >= first && index - first < PRESETS_MAX &&
	       slots_used(&presets->slots, (unsigned int)(index - first));
}

/* The place of an own one, or why it cannot be changed. */
static int own_slot(const struct presets *presets, size_t index)
{
	if (index < original_count())
		return -EPERM;
	return presets_is_own(presets, index) ? (int)(index - original_count()) : -ENOENT;
}

const char *presets_name(const struct presets *presets, size_t index)
{
	if (index < original_count())
		return color_presets(NULL)[index].name;
	return presets_is_own(presets, index) ? presets->preset[index - original_count()].name
					      : NULL;
}

bool presets_color(const struct presets *presets, size_t index, struct pixel *ret_color)
{
	if (index < original_count())
		*ret_color = color_presets(NULL)[index].color;
	else if (presets_is_own(presets, index))
		*ret_color = presets->preset[index - original_count()].color;
	else
		return false;
	return true;
}

int presets_find(const struct presets *presets, const char *name)
{
	int index = color_preset_find(name);
	uint32_t i;

	for (i = 0; index < 0 && i < presets->slots.count; i++) {
		if (!strcasecmp(presets->preset[presets->slots.order[i]].name, name))
			index = (int)(original_count() + presets->slots.order[i]);
	}
	return index;
}

int presets_at(const struct presets *presets, size_t position)
{
	size_t first = original_count();

	if (position < first)
		return (int)position;
	position -= first;
	return position < presets->slots.count ? (int)(first + presets->slots.order[position])
					       : -ENOENT;
}

int presets_put(struct presets *presets, const char *name, struct pixel color)
{
	int index = presets_find(presets, name), slot;

	if (index >= 0) {
		slot = own_slot(presets, (size_t)index);
		if (slot < 0)
			return slot;
	} else {
		if (!slots_name_valid(name))
			return -EINVAL;
		slot = slots_add(&presets->slots, PRESETS_MAX);
		if (slot < 0)
			return slot;
		memcpy(presets->preset[slot].name, name, strlen(name) + 1);
	}
	presets->preset[slot].color = color;
	return (int)original_count() + slot;
}

int presets_remove(struct presets *presets, size_t index)
{
	int slot = own_slot(presets, index);

	if (slot < 0)
		return slot;
	slots_remove(&presets->slots, (unsigned int)slot);
	memset(&presets->preset[slot], 0, sizeof(presets->preset[slot]));
	return 0;
}

int presets_rename(struct presets *presets, size_t index, const char *name)
{
	int slot = own_slot(presets, index), other = presets_find(presets, name);

	if (slot < 0)
		return slot;
	if (!slots_name_valid(name))
		return -EINVAL;
	/* its own name in another case is fine */
	if (other >= 0 && other != (int)index)
		return -EEXIST;
	memset(presets->preset[slot].name, 0, SLOTS_NAME_MAX);
	memcpy(presets->preset[slot].name, name, strlen(name));
	return 0;
}

int presets_move(struct presets *presets, size_t index, unsigned int position)
{
	int slot = own_slot(presets, index);

	return slot < 0 ? slot : slots_move(&presets->slots, (unsigned int)slot, position);
}
