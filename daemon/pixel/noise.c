// SPDX-License-Identifier: GPL-2.0-or-later
#include "pixel/noise.h"

/* between two corner values by a share of 0 to 65535 */
static int32_t between(int32_t from, int32_t to, uint32_t share)
{
	return from + (to - from) * (int32_t)(share >> 1) / 32768;
}

static int32_t corner(uint32_t seed, uint32_t x, uint32_t y, uint32_t z)
{
	uint32_t key = (x & 65535) | y << 16;

	return (int32_t)(noise_hash(noise_hash(key ^ seed) + z * 0x9e3779b1U) >> 16);
}

/* the value on the edge of cells that x crosses: mixed along y and z */
static int32_t edge(const struct noise_run *run, uint32_t x)
{
	uint32_t y = run->y >> 16, z = run->z >> 16;
	uint32_t along_y = fixed_smooth(run->y & 65535), along_z = fixed_smooth(run->z & 65535);
	int32_t near = between(corner(run->seed, x, y, z), corner(run->seed, x, y + 1, z), along_y);
	int32_t far;

	if (!along_z)
		return near;
	z = (z + 1) & 65535;
	far = between(corner(run->seed, x, y, z), corner(run->seed, x, y + 1, z), along_y);
	return between(near, far, along_z);
}

void noise_enter(struct noise_run *run)
{
	uint32_t cell = run->x >> 16;

	/* one cell further, the usual step: the right edge becomes the left one */
	run->left = cell == ((run->cell + 1) & 65535) ? run->right : edge(run, cell);
	run->right = edge(run, cell + 1);
	run->cell = cell;
}

void noise_start(struct noise_run *run, uint32_t seed, uint32_t x, uint32_t step, uint32_t y,
		 uint32_t z)
{
	*run = (struct noise_run){ .seed = seed, .x = x, .step = step, .y = y, .z = z };
	run->cell = x >> 16;
	run->left = edge(run, run->cell);
	run->right = edge(run, run->cell + 1);
}

uint32_t noise_at(uint32_t seed, uint32_t x, uint32_t y, uint32_t z)
{
	struct noise_run run;

	noise_start(&run, seed, x, 0, y, z);
	return noise_next(&run);
}
