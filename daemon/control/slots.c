// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/slots.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"

bool slots_used(const struct slots *slots, unsigned int slot)
{
	uint32_t i;

	for (i = 0; i < slots->count; i++) {
		if (slots->order[i] == slot)
			return true;
	}
	return false;
}

int slots_add(struct slots *slots, unsigned int max)
{
	unsigned int slot;

	for (slot = 0; slot < max && slot < SLOTS_MAX; slot++) {
		if (slots_used(slots, slot))
			continue;
		slots->order[slots->count++] = (uint8_t)slot;
		return (int)slot;
	}
	return -ENOSPC;
}

void slots_remove(struct slots *slots, unsigned int slot)
{
	uint32_t i;

	for (i = 0; i < slots->count && slots->order[i] != slot; i++)
		;
	if (i == slots->count)
		return;
	slots->count--;
	memmove(slots->order + i, slots->order + i + 1, slots->count - i);
}

int slots_move(struct slots *slots, unsigned int slot, unsigned int position)
{
	if (position >= slots->count || !slots_used(slots, slot))
		return -EINVAL;
	slots_remove(slots, slot);
	memmove(slots->order + position + 1, slots->order + position, slots->count - position);
	slots->order[position] = (uint8_t)slot;
	slots->count++;
	return 0;
}

bool slots_name_valid(const char *name)
{
	char clean[SLOTS_NAME_MAX];
	size_t length = strlen(name);

	if (!length || name[0] == ' ' || name[length - 1] == ' ' ||
	    !str_copy(clean, sizeof(clean), name))
		return false;
	/* what it changes is not allowed */
	str_clean(clean);
	return !strcmp(clean, name);
}
