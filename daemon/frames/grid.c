// SPDX-License-Identifier: GPL-2.0-or-later
#include "frames/grid.h"

#include "base/clock.h"

uint64_t grid_instant(const struct grid *grid, uint64_t n)
{
	/* whole seconds apart, so that no product overflows */
	return grid->anchor_ns + n / grid->fps * NSEC_PER_SEC +
	       n % grid->fps * NSEC_PER_SEC / grid->fps;
}

uint64_t grid_index(const struct grid *grid, uint64_t now_ns)
{
	uint64_t passed_ns = now_ns - grid->anchor_ns;
	uint64_t n = passed_ns / NSEC_PER_SEC * grid->fps +
		     passed_ns % NSEC_PER_SEC * grid->fps / NSEC_PER_SEC;

	/* instants are rounded down: the next one may have been reached by less than 1 ns */
	if (grid_instant(grid, n + 1) <= now_ns)
		n++;
	return n;
}

uint64_t grid_next(const struct grid *grid, uint64_t now_ns)
{
	return grid_instant(grid, grid_index(grid, now_ns) + 1);
}
