/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "api/route.h"

/* How the light gets from one picture to the next, by cause. See struct route. */

/** transitions_find() - a cause by name in any case, or -ENOENT with the problem set */
int transitions_find(const char *name, struct problem *problem);

/** transitions_write() - all of them, by cause, as member @key (NULL: of an array or alone) */
void transitions_write(const struct view *view, const char *key, struct writer *writer);

void transitions_get_all(const struct route_get *get, struct writer *writer);
void transitions_get(const struct route_get *get, struct writer *writer);

/** transitions_parse() - the body, any of {"ms", "kind", "easing"}; the rest stays */
bool transitions_parse(const struct view *view, const json_t *value, const char *field,
		       struct command *command, struct problem *problem);
