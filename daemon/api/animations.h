/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "api/route.h"
#include "engine/effect.h"

/* What there is to play, made from the effects' tables. See struct route. */

/** animations_find() - index of an animation by id in any case, or -ENOENT with the problem set */
int animations_find(const char *id, struct problem *problem);

/** animations_count() - how many there are */
size_t animations_count(void);

/** animations_name() - the ids, as a nearest_name_fn; @data is not used */
const char *animations_name(size_t index, const void *data);

/** animations_write_value() - a parameter's value as JSON of its type */
void animations_write_value(const struct effect_param *param, const char *key, int32_t value,
			    struct writer *writer);

/** animations_parse_value() - a parameter's value, in its range; false with the problem set */
bool animations_parse_value(const struct effect_param *param, const json_t *value,
			    const char *field, int32_t *ret_value, struct problem *problem);

void animations_get_all(const struct route_get *get, struct writer *writer);
void animations_get(const struct route_get *get, struct writer *writer);
