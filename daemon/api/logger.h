/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "api/route.h"

/* The log: what can be told, and the newest lines. See struct route. */

void logger_get_levels(const struct route_get *get, struct writer *writer);
void logger_get_categories(const struct route_get *get, struct writer *writer);

/** logger_write_line() - as an object */
void logger_write_line(const struct log_line *line, struct writer *writer);

/** logger_apply_levels() - the body {"levels": {category: level}}; the others stay */
bool logger_apply_levels(const struct view *view, const json_t *body, struct problem *problem);

/** logger_get_recent() - the newest @limit lines, oldest first */
void logger_get_recent(const struct route_get *get, struct writer *writer);
