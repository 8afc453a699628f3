// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/nearest.h"

#include <ctype.h>
#include <string.h>

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Damerau and Levenshtein's distance, restricted: no letter is swapped and then changed. */
static unsigned int slips(const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned int rows[3][NEAREST_WORD_MAX + 1];
	unsigned int *before = rows[0], *above = rows[1], *row = rows[2], *spare;
	size_t i, j;

	for (j = 0; j <= b_length; j++)
		above[j] = (unsigned int)j;
	for (i = 1; i <= a_length; i++) {
		int here = tolower((unsigned char)a[i - 1]);

		row[0] = (unsigned int)i;
		for (j = 1; j <= b_length; j++) {
			int there = tolower((unsigned char)b[j - 1]);

			row[j] = least(above[j - 1] + (here != there),
				       least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && here == tolower((unsigned char)b[j - 2]) &&
			    there == tolower((unsigned char)a[i - 2]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		spare = before;
		before = above;
		above = row;
		row = spare;
	}
	return above[b_length];
}

const char *nearest_find(const char *word, nearest_name_fn name_at, const void *data)
{
	size_t word_length = strnlen(word, NEAREST_WORD_MAX + 1);
	const char *name, *nearest = NULL;
	unsigned int fewest = 0;
	size_t i;

	/* nothing is like no name, not even like one that is empty */
	if (!word_length || word_length > NEAREST_WORD_MAX)
		return NULL;
	for (i = 0; (name = name_at(i, data)); i++) {
		size_t length = strnlen(name, NEAREST_WORD_MAX + 1);
		unsigned int n;

		if (length > NEAREST_WORD_MAX)
			continue;
		n = slips(word, word_length, name, length);
		/* short words have one slip at most, and "a" is not a slip of "b" */
		if (n > (length < 3 ? 0 : length < 6 ? 1 : length / 3))
			continue;
		if (!nearest || n < fewest) {
			nearest = name;
			fewest = n;
		}
	}
	return nearest;
}
