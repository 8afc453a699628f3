/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>

/* NEAREST_WORD_MAX - longer words, in bytes, get no suggestion */
#define NEAREST_WORD_MAX 40

/** nearest_name_fn - the names known, one by one; NULL at the end */
typedef const char *(*nearest_name_fn)(size_t index, const void *data);

/**
 * nearest_find() - the known name that was probably meant by a mistaken @word
 *
 * A slip is a byte changed, added, left out or swapped with its neighbour;
 * case is ignored. Return: the name with the fewest slips, the first one of
 * equals, or NULL if all are more than a third of the word away.
 */
const char *nearest_find(const char *word, nearest_name_fn name_at, const void *data);
