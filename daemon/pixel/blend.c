// SPDX-License-Identifier: GPL-2.0-or-later
#include "pixel/blend.h"

#include <string.h>

#include "pixel/lanes.h"

/* Both products are rounded down, which takes 1 of 65025 away: seen at the value 1 only. */
static inline lanes16 mix(lanes16 from, lanes16 to, uint16_t rest, uint16_t amount)
{
	lanes32 light = (lanes32)(lanes_share(from * from, rest) + lanes_share(to * to, amount));

	return (lanes16)(lanes_root(light & 0xffff) | lanes_root(light >> 16) << 16);
}

static inline lanes16 mix_pixels(const struct pixel *from, const struct pixel *to, uint16_t rest,
				 uint16_t amount)
{
	lanes16 f, t;

	memcpy(&f, from, sizeof(f));
	memcpy(&t, to, sizeof(t));
	return mix(f & 0xff, t & 0xff, rest, amount) | mix(f >> 8, t >> 8, rest, amount) << 8;
}

static void mix_few(struct pixel *out, const struct pixel *from, const struct pixel *to, size_t n,
		    uint16_t rest, uint16_t amount)
{
	struct pixel a[LANES_PIXELS] = { 0 }, b[LANES_PIXELS] = { 0 };
	lanes16 mixed;

	memcpy(a, from, n * sizeof(*a));
	memcpy(b, to, n * sizeof(*b));
	mixed = mix_pixels(a, b, rest, amount);
	memcpy(out, &mixed, n * sizeof(*out));
}

void blend_all(struct pixel *out, const struct pixel *from, const struct pixel *to, size_t n,
	       uint16_t amount)
{
	uint16_t rest = (uint16_t)(65536 - amount);
	size_t last = n - LANES_PIXELS;
	lanes16 mixed, end;

	/* a whole does not fit into 16 bits */
	if (amount == 0 || amount == UINT16_MAX) {
		memmove(out, amount ? to : from, n * sizeof(*out));
		return;
	}
	if (n < LANES_PIXELS) {
		mix_few(out, from, to, n, rest, amount);
		return;
	}
	/* the last ones overlap those before: they are mixed first, as @out may be @from or @to */
	end = mix_pixels(from + last, to + last, rest, amount);
#pragma GCC unroll 4
	for (size_t i = 0; i < last; i += LANES_PIXELS) {
		mixed = mix_pixels(from + i, to + i, rest, amount);
		memcpy(out + i, &mixed, sizeof(mixed));
	}
	memcpy(out + last, &end, sizeof(end));
}

struct pixel blend(struct pixel from, struct pixel to, uint16_t amount)
{
	struct pixel out;

	blend_all(&out, &from, &to, 1, amount);
	return out;
}
