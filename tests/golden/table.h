/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdio.h>

/*
 * The tables of effects and palettes in daemon/engine/effects/README.md are
 * written by the code, between two marks.
 */
#define TABLE_FILE "daemon/engine/effects/README.md"
#define TABLE_BEGIN "<!-- begin: written by make gallery -->\n"
#define TABLE_END "<!-- end -->\n"

/** table_print() - what belongs between the marks */
void table_print(FILE *out);

/** table_write() - put it there; 0 or -errno, -EBADMSG if a mark is missing */
int table_write(const char *path);

/** table_check() - 0 if it is there already, 1 if not, or an error as above */
int table_check(const char *path);
