/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pixel/color.h"
#include "pixel/quick.h"

/*
 * A palette is a short list of colours. Between them colours are mixed in the
 * OKLab space, where the middle of two colours looks like their middle, and
 * laid out in a table once; an effect then only looks up.
 */

/** PALETTE_COUNT - palettes of our own */
#define PALETTE_COUNT 24
#define PALETTE_MAX_STOPS 12

/** PALETTE_CUSTOM_MAX - palettes of the user's, after our own */
#define PALETTE_CUSTOM_MAX 32
/** PALETTE_NAME_MAX, PALETTE_LABEL_MAX - bytes of such a one's, the closing zero included */
#define PALETTE_NAME_MAX 32
#define PALETTE_LABEL_MAX 64

/** struct palette_stop - a colour at a place, 0 to 255 */
struct palette_stop {
	uint8_t place;
	struct pixel color;
};

/**
 * struct palette - colours in the order of their places
 * @name: as in the API: lower case, underscores
 * @ring: the last colour goes over into the first; else there are two ends
 */
struct palette {
	const char *name;
	const char *label;
	bool ring;
	uint8_t count;
	struct palette_stop stops[PALETTE_MAX_STOPS];
};

/**
 * enum palette_layout - how a table is laid out
 * @PALETTE_RING: round and round without a seam; one with two ends runs there and back
 * @PALETTE_LINE: from the first colour to the last
 */
enum palette_layout {
	PALETTE_RING,
	PALETTE_LINE,
};

/** PALETTE_STEPS - colours in a table: neighbours differ by 2 of 255 at most, but for steep palettes */
#define PALETTE_STEPS 1024

/** struct palette_table - what palette_color() looks up in */
struct palette_table {
	struct pixel colors[PALETTE_STEPS];
};

/** palette_at() - the palettes in the order of the API, our own first; NULL at the end */
const struct palette *palette_at(size_t index);

/** palette_count() - how many palette_at() knows */
size_t palette_count(void);

/**
 * palette_install() - from now on palette_at() knows these too, and no other custom ones
 * @custom: copied; at most PALETTE_CUSTOM_MAX that palette_check() accepts, with names of their own
 *
 * For the start: nothing may use a palette meanwhile.
 */
void palette_install(const struct palette *custom, size_t count);

/** palette_find() - index by name in any case, or -ENOENT */
int palette_find(const char *name);

/**
 * palette_check() - whether a custom palette can be laid out
 *
 * It needs 1 to PALETTE_MAX_STOPS stops with growing places. Return 0 or -EINVAL.
 */
int palette_check(const struct palette *palette);

/** palette_layout() - fill @ret_table from a palette that palette_check() accepts; integer only */
void palette_layout(struct palette_table *ret_table, const struct palette *palette,
		    enum palette_layout layout);

/** palette_color() - the colour at @place, 0 to 65535 for the whole table */
static inline struct pixel palette_color(const struct palette_table *table, uint16_t place)
{
	return table->colors[place >> 6];
}
