/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "config/config.h"
#include "config/schema.h"

/** programs_read() - a struct schema_field's reader: the array "programs" into a struct config */
int programs_read(struct schema *schema, json_t *value, void *target);

/** programs_write() - a struct schema_field's writer: the same from a struct config */
int programs_write(const void *target, json_t **ret_value);

/** programs_find() - index of the program with this id in any case, or -ENOENT */
int programs_find(const struct config *config, const char *id);

/** programs_animation() - the number that a program's animation will have among all */
uint16_t programs_animation(unsigned int program);

/** programs_id() - the id of a program's animation, NULL if it is none; @animation as above */
const char *programs_id(const struct config *config, uint16_t animation);

/** programs_fields - the keys of a program, of a struct program_config */
extern const struct schema_field programs_fields[];
