// SPDX-License-Identifier: GPL-2.0-or-later
#include "pixel/noise.h"

/* between two corner values by a share of 0 to 65535 */
static int32_t between(int32_t from, int32_t to, uint32_t share)
{
	return from + ((to - from) * (int32_t)(share >> 1) >> 15);
}

/* cells are numbered by 16 bits each; the upper half of this hash is good, and all that is used */
static int32_t corner(uint32_t seed, uint32_t x, uint32_t y, uint32_t z)
{
	uint32_t hash = seed + (x & 65535) * 0x9e3779b1U + (y & 65535) * 0x7feb352dU +
			(z & 65535) * 0x846ca68bU;

	hash = (hash ^ hash >> 15) * 0x85ebca6bU;
	return (int32_t)(hash >> 16);
}

static int32_t side(const struct noise_run *run, uint32_t x, uint32_t z)
{
	uint32_t y = run->y >> 16;
	int32_t near = corner(run->seed, x, y, z);

	return run->along_y ? between(near, corner(run->seed, x, y + 1, z), run->along_y) : near;
}

/* the value on the edge of cells that x crosses: mixed along y and z */
static int32_t edge(const struct noise_run *run, uint32_t x)
{
	uint32_t z = run->z >> 16;
	int32_t near = side(run, x, z);

	return run->along_z ? between(near, side(run, x, z + 1), run->along_z) : near;
}

void noise_enter(struct noise_run *run)
{
	uint32_t cell = run->x >> 16;

	/* one cell further, the usual step: the right edge becomes the left one */
	run->left = cell == ((run->cell + 1) & 65535) ? run->right : edge(run, cell);
	run->right = edge(run, cell + 1);
	run->rise = run->right - run->left;
	run->cell = cell;
}

void noise_start(struct noise_run *run, uint32_t seed, uint32_t x, uint32_t step, uint32_t y,
		 uint32_t z)
{
	*run = (struct noise_run){
		.seed = noise_hash(seed),
		.x = x,
		.step = step,
		.y = y,
		.z = z,
		.along_y = fixed_smooth(y & 65535),
		.along_z = fixed_smooth(z & 65535),
		.cell = (x >> 16) - 1, /* the first step enters */
	};
	run->right = edge(run, x >> 16);
}

uint32_t noise_at(uint32_t seed, uint32_t x, uint32_t y, uint32_t z)
{
	struct noise_run run;

	noise_start(&run, seed, x, 0, y, z);
	return noise_next(&run);
}
