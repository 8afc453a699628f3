// SPDX-License-Identifier: GPL-2.0-or-later
#include "pixel/palette.h"

#include <errno.h>
#include <strings.h>

#include "pixel/gamma.h"

/*
 * OKLab (Björn Ottosson, 2020) is a linear map of the cube roots of three cone
 * responses, so mixing the cube roots is the same as mixing in OKLab. The
 * matrices are his, times 2^30.
 */
#define COEFFICIENT(x) ((int64_t)((x)*1073741824.0 + ((x) < 0 ? -0.5 : 0.5)))

static const int64_t to_cones[3][3] = {
	{ COEFFICIENT(0.4122214708), COEFFICIENT(0.5363325363), COEFFICIENT(0.0514459929) },
	{ COEFFICIENT(0.2119034982), COEFFICIENT(0.6806995451), COEFFICIENT(0.1073969566) },
	{ COEFFICIENT(0.0883024619), COEFFICIENT(0.2817188376), COEFFICIENT(0.6299787005) },
};

static const int64_t from_cones[3][3] = {
	{ COEFFICIENT(4.0767416621), COEFFICIENT(-3.3077115913), COEFFICIENT(0.2309699292) },
	{ COEFFICIENT(-1.2684380046), COEFFICIENT(2.6097574011), COEFFICIENT(-0.3413193965) },
	{ COEFFICIENT(-0.0041960863), COEFFICIENT(-0.7034186147), COEFFICIENT(1.7076147010) },
};

/* cube roots have 20 binary digits: the largest, of 2^60, is 2^20 */
#define ROOT_BITS 20

static uint32_t cube_root(uint64_t n)
{
	uint64_t root = 0;

	for (uint64_t bit = 1ULL << ROOT_BITS; bit; bit >>= 1) {
		uint64_t next = root | bit;

		if (next * next * next <= n)
			root = next;
	}
	return (uint32_t)root;
}

/* what is mixed: roots of the cone responses, and white as it is */
struct roots {
	int64_t cone[3];
	int64_t white;
};

static struct roots roots_of(struct pixel color)
{
	const int64_t light[3] = { gamma_linear[color.r], gamma_linear[color.g],
				   gamma_linear[color.b] };
	struct roots roots = { .white = color.w };

	for (int i = 0; i < 3; i++) {
		int64_t sum = 0;

		for (int j = 0; j < 3; j++)
			sum += to_cones[i][j] * light[j];
		/* 18 binary digits of light and 30 of the matrix, made 60 */
		roots.cone[i] = cube_root((uint64_t)sum << 12);
	}
	return roots;
}

static struct pixel color_of(const struct roots *roots)
{
	uint8_t component[3];
	int64_t cone[3];

	for (int i = 0; i < 3; i++)
		cone[i] = roots->cone[i] * roots->cone[i] * roots->cone[i] >> (3 * ROOT_BITS - 30);
	for (int i = 0; i < 3; i++) {
		int64_t light = 0;

		for (int j = 0; j < 3; j++)
			light += (from_cones[i][j] * cone[j]) >> 30;
		/* mixing can leave what a strip can show, a little */
		light = light < 0 ? 0 : light >> (30 - 18);
		component[i] = gamma_component(light > GAMMA_LINEAR_MAX ? GAMMA_LINEAR_MAX
									: (uint32_t)light);
	}
	return (struct pixel){ component[0], component[1], component[2], (uint8_t)roots->white };
}

/* a palette and what its stops are mixed by */
struct mixing {
	const struct palette *palette;
	struct roots roots[PALETTE_MAX_STOPS];
};

/* between two stops, by number; the colours themselves come out exactly */
static struct pixel mix(const struct mixing *mixing, int from, int to, int64_t share, int64_t whole)
{
	struct roots a = mixing->roots[from];
	const struct roots *b = &mixing->roots[to];

	if (share == 0)
		return mixing->palette->stops[from].color;
	for (int i = 0; i < 3; i++)
		a.cone[i] += (b->cone[i] - a.cone[i]) * share / whole;
	a.white += (b->white - a.white) * share / whole;
	return color_of(&a);
}

/* OKLab is worked out for so many places; in between the eye sees no difference */
#define POINTS 256

/* a turn of the places of stops, in the 256ths that color_at() takes */
#define TURN (256 * 256)

/* the colour at a 256th of a place; beyond the last stop of a ring, on the way to the first */
static struct pixel color_at(const struct mixing *mixing, uint32_t place)
{
	const struct palette *palette = mixing->palette;
	const struct palette_stop *stops = palette->stops;
	int end = palette->count - 1;
	uint32_t first = stops[0].place * 256U, last = stops[end].place * 256U;
	uint32_t from, to;
	int i = 0;

	if (palette->ring && (place < first || place >= last))
		return mix(mixing, end, 0, (place + TURN - last) % TURN, first + TURN - last);
	if (place <= first)
		return stops[0].color;
	if (place >= last)
		return stops[end].color;
	while (stops[i + 1].place * 256U <= place)
		i++;
	from = stops[i].place * 256U;
	to = stops[i + 1].place * 256U;
	return mix(mixing, i, i + 1, place - from, to - from);
}

/* the place of a stop that is shown at point @i */
static uint32_t place_of(const struct palette *palette, enum palette_layout layout, uint32_t i)
{
	if (palette->ring)
		return i * 256;
	/* the two ends lie at 0 and 255; in a ring the way back comes after the way there */
	if (layout == PALETTE_RING)
		return (i < POINTS / 2 ? i : POINTS - i) * 2 * 255;
	return i * 255 * 256 / (POINTS - 1);
}

void palette_layout(struct palette_table *ret_table, const struct palette *palette,
		    enum palette_layout layout)
{
	struct mixing mixing = { .palette = palette };
	struct pixel *out = ret_table->colors;
	struct pixel first, from;

	for (int i = 0; i < palette->count; i++)
		mixing.roots[i] = roots_of(palette->stops[i].color);
	first = from = color_at(&mixing, place_of(palette, layout, 0));
	for (uint32_t i = 0; i < POINTS; i++) {
		struct pixel to = first;

		if (i + 1 < POINTS)
			to = color_at(&mixing, place_of(palette, layout, i + 1));
		else if (layout == PALETTE_LINE)
			to = from;
		for (uint32_t j = 0; j < PALETTE_STEPS / POINTS; j++)
			*out++ = quick_lerp(from, to, j * QUICK_ONE / (PALETTE_STEPS / POINTS));
		from = to;
	}
}

int palette_check(const struct palette *palette)
{
	if (palette->count < 1 || palette->count > PALETTE_MAX_STOPS)
		return -EINVAL;
	for (int i = 1; i < palette->count; i++)
		if (palette->stops[i].place <= palette->stops[i - 1].place)
			return -EINVAL;
	return 0;
}

int palette_find(const char *name)
{
	const struct palette *palette;

	for (size_t i = 0; (palette = palette_at(i)); i++)
		if (strcasecmp(name, palette->name) == 0)
			return (int)i;
	return -ENOENT;
}
