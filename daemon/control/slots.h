/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which entries of a fixed array are used, and in which order they are told.
 * An entry keeps its place in the array while the order changes.
 */

/** SLOTS_MAX - the longest array */
#define SLOTS_MAX 64
/** SLOTS_NAME_MAX - bytes of an entry's name, the closing zero included */
#define SLOTS_NAME_MAX 32

/** struct slots - zeroed: none is used */
struct slots {
	uint32_t count;
	uint8_t order[SLOTS_MAX]; /* the first @count are places in the array */
};

/** slots_add() - a free place of the first @max, as the last in order; -ENOSPC if there is none */
int slots_add(struct slots *slots, unsigned int max);

/** slots_remove() - a place that is used becomes free */
void slots_remove(struct slots *slots, unsigned int slot);

/** slots_move() - make a used place the one at @position (from 0); -EINVAL out of range */
int slots_move(struct slots *slots, unsigned int slot, unsigned int position);

/** slots_used() - whether a place is */
bool slots_used(const struct slots *slots, unsigned int slot);

/** SLOTS_NAME_RULE - slots_name_valid() in words */
#define SLOTS_NAME_RULE "1 to 31 bytes of text without control characters, and no space at its ends"

/** slots_name_valid() - whether a text may be an entry's name */
bool slots_name_valid(const char *name);
