/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "control/slots.h"
#include "pixel/color.h"

/*
 * Named colours: the original's, which are always there, and the user's. One
 * index means one of either: first color_presets(), then the user's by their
 * place, so that it stays the same while others come, go and change order.
 */

/** PRESETS_MAX - colours that a user can name */
#define PRESETS_MAX 64

/** struct preset - one of the user's */
struct preset {
	char name[SLOTS_NAME_MAX];
	struct pixel color;
};

/** struct presets - the user's; a plain value, zeroed: none */
struct presets {
	struct slots slots;
	struct preset preset[PRESETS_MAX];
};

/** presets_end() - all indices are below this */
size_t presets_end(void);

/** presets_name() - name of an index, or NULL if nothing has it; borrowed */
const char *presets_name(const struct presets *presets, size_t index);

/** presets_color() - colour of an index; false if nothing has it */
bool presets_color(const struct presets *presets, size_t index, struct pixel *ret_color);

/** presets_find() - index of a name in any case, or -ENOENT */
int presets_find(const struct presets *presets, const char *name);

/** presets_is_own() - whether an index is one of the user's */
bool presets_is_own(const struct presets *presets, size_t index);

/** presets_at() - index of the preset at a position, the original's first, or -ENOENT behind the last */
int presets_at(const struct presets *presets, size_t position);

/**
 * presets_put() - give a name a colour; the name may be new
 *
 * Return: the index; -EINVAL (name), -EPERM (one of the original's), -ENOSPC.
 */
int presets_put(struct presets *presets, const char *name, struct pixel color);

/** presets_remove() - forget one; 0, -ENOENT or -EPERM */
int presets_remove(struct presets *presets, size_t index);

/** presets_rename() - 0, -ENOENT, -EPERM, -EINVAL (name) or -EEXIST */
int presets_rename(struct presets *presets, size_t index, const char *name);

/** presets_move() - to a position among the user's, from 0; 0, -ENOENT, -EPERM or -EINVAL */
int presets_move(struct presets *presets, size_t index, unsigned int position);
