/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "config/schema.h"
#include "pixel/palette.h"

struct config;

/** struct config_palette - a palette of the user's; @palette has no name and label, they stand beside it */
struct config_palette {
	char name[PALETTE_NAME_MAX];
	char label[PALETTE_LABEL_MAX];
	struct palette palette;
};

/** palettes_read() - a struct schema_field's reader: the array "palettes" into a struct config */
int palettes_read(struct schema *schema, json_t *value, void *target);

/** palettes_write() - a struct schema_field's writer: the same from a struct config */
int palettes_write(const void *target, json_t **ret_value);

/** palettes_name() - by index, our own first, of a struct config as @data; NULL at the end */
const char *palettes_name(size_t index, const void *data);

/** palettes_find() - index by name in any case, as palette_at() has it after palettes_install(); -ENOENT */
int palettes_find(const struct config *config, const char *name);

/** palettes_equal() - whether two configurations have the same ones */
bool palettes_equal(const struct config *a, const struct config *b);

/** palettes_install() - make a configuration's palettes those of the daemon; for its start only */
void palettes_install(const struct config *config);

/** palettes_fields - the keys of a palette, of a struct config_palette */
extern const struct schema_field palettes_fields[];
