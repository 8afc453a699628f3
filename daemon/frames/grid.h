/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

/*
 * The instants at which frames are due: anchor + n / fps s, each computed from
 * the anchor, so that rounding never adds up. Pure arithmetic.
 */
struct grid {
	uint64_t anchor_ns;
	unsigned int fps;
};

/** grid_instant() - the @n-th instant, rounded down to 1 ns */
uint64_t grid_instant(const struct grid *grid, uint64_t n);

/** grid_index() - number of the last instant that is not after @now_ns (anchor or later) */
uint64_t grid_index(const struct grid *grid, uint64_t now_ns);

/** grid_next() - the first instant after @now_ns (anchor or later) */
uint64_t grid_next(const struct grid *grid, uint64_t now_ns);
