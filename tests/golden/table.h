/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdio.h>

/* Tables in files for people that are written by the code, between two marks: make tables. */

/**
 * struct table - one of them
 * @about: in words
 * @file: which has it
 * @begin, @end: lines around it
 * @print: writes what belongs between them
 */
struct table {
	const char *about, *file, *begin, *end;
	void (*print)(FILE *out);
};

/** table_at() - NULL at the end */
const struct table *table_at(size_t index);

/** table_write() - put it there; 0 or -errno, -EBADMSG if a mark is missing */
int table_write(const struct table *table);

/** table_check() - 0 if it is there already, 1 if not, or an error as above */
int table_check(const struct table *table);
