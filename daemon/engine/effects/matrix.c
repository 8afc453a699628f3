// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum matrix_param {
	MATRIX_SPEED,
	MATRIX_INTENSITY,
	MATRIX_HUE,
	MATRIX_LENGTH,
	MATRIX_DENSITY,
};

static const struct effect_param params[] = {
	[MATRIX_SPEED] = KIT_SPEED(45),
	[MATRIX_INTENSITY] = KIT_PERCENT("intensity", "Flicker", 0, 50),
	[MATRIX_HUE] = KIT_PRIMARY(130),
	[MATRIX_LENGTH] = KIT_NUMBER("length", "Length of a drop", "px", 1, 200, 1, 9),
	[MATRIX_DENSITY] = KIT_PERCENT("density", "Density", 5, 60),
};

/* pixels in 1000 s; high zones are crossed in at most 4 s at full speed */
#define MATRIX_SLOWEST_MPX 2000ULL
#define MATRIX_FASTEST_MPX(height) (60000ULL + (height)*250ULL)

/* two layers of drops, the second one slower, so that drops overtake each other */
#define MATRIX_LAYERS 2U

/* a drop's share of its cell is at most this much, of 4: there is always a gap */
#define MATRIX_SHARE 3U

/* rain falls down the columns of a matrix, and along a strip */
static uint32_t rows_of(const struct effect_context *ctx)
{
	return kit_height(ctx) > 1 ? kit_height(ctx) : ctx->pixels;
}

/* pixels from one place for a drop to the next in its column */
static uint32_t cell_px(const struct effect_context *ctx)
{
	uint32_t length = (uint32_t)ctx->params[MATRIX_LENGTH];

	return (length * 4 + MATRIX_SHARE - 1) / MATRIX_SHARE + 1;
}

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[MATRIX_SPEED], MATRIX_SLOWEST_MPX * 1000 / cell_px(ctx),
			    MATRIX_FASTEST_MPX(rows_of(ctx)) * 1000 / cell_px(ctx));
}

static void matrix_init(void *state, const struct effect_context *ctx)
{
	motion_start(state, step_of(ctx));
}

static void matrix_advance(void *state, const struct effect_context *ctx)
{
	motion_advance(state, step_of(ctx));
}

/* what is the same for all pixels of a frame */
struct rain {
	uint32_t seed;
	uint64_t now;
	uint32_t cell;	 /* a place */
	uint32_t length; /* of a drop, a place */
	uint32_t step;	 /* cells from pixel to pixel, a place */
	uint32_t scale;	 /* 2^32 / length */
	uint32_t chance; /* that there is a drop in a cell, of 65536 */
	uint32_t flicker;
	struct pixel color;
};

static bool falls(const struct rain *rain, uint32_t column, uint32_t cell)
{
	return (noise_pair(column, (cell & 65535) + rain->seed) & 65535) < rain->chance;
}

/* a head is nearly white; what follows has its colour */
static struct pixel drop(const struct rain *rain, uint32_t behind)
{
	static const struct pixel white = { 200, 255, 210, 0 };
	uint32_t share = (uint32_t)((uint64_t)behind * rain->scale >> 16);
	uint32_t level = 65535 - (share > 65535 ? 65535 : share);
	struct pixel color = rain->color;

	if (behind < FIXED_ONE)
		color = quick_lerp(white, color, behind >> 8);
	return quick_scale(color, quick_level(fixed_square(level)));
}

/* column @x of one layer; rows are @stride pixels apart */
static void fall(const struct rain *rain, struct pixel *out, uint32_t x, uint32_t layer,
		 uint32_t rows, uint32_t stride)
{
	uint32_t column = noise_pair(x * MATRIX_LAYERS + layer, rain->seed);
	/* each column at its own pace, 0.7 to 1.3 in the first layer, 0.4 to 0.8 in the second */
	uint32_t pace = (layer ? 26214 : 45875) + (column & 65535) * (layer ? 26U : 39U) / 65;
	uint32_t at = noise_hash(column) - (uint32_t)((rain->now >> 16) * pace >> 16), cell;
	bool before, here;

	cell = at >> 16;
	before = falls(rain, column, cell);
	here = before;
	for (uint32_t y = 0; y < rows; y++, out += stride) {
		at += rain->step;
		if (at >> 16 != cell) {
			before = here;
			cell = at >> 16;
			here = falls(rain, column, cell);
		}
		if (here) {
			uint32_t behind = fixed_mul(rain->cell, 65535 - (at & 65535));

			if (behind < rain->length)
				*out = quick_lighten(*out, drop(rain, behind));
		}
		/* the head of the cell before comes into this pixel */
		if (before && (at & 65535) < rain->step) {
			uint32_t over = fixed_mul(rain->cell, at & 65535);

			*out = quick_lighten(*out,
					     quick_scale(drop(rain, 0), quick_glow(65535 - over)));
		}
	}
}

/* each pixel flickers at a pace of its own */
static void flicker(const struct rain *rain, struct pixel *out, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t own, wave;

		if (!quick_word(out[i]))
			continue;
		own = noise_pixel(i, rain->seed);
		wave = fixed_shade(
			(uint16_t)(own + (uint32_t)((rain->now >> 15) * (2 + (own >> 30)))));
		out[i] = quick_scale(out[i], QUICK_ONE - (rain->flicker * wave >> 16));
	}
}

static void matrix_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct motion *motion = state;
	uint32_t rows = rows_of(ctx), columns = rows ? ctx->pixels / rows : 0;
	uint32_t length = (uint32_t)ctx->params[MATRIX_LENGTH] * FIXED_ONE;
	uint32_t cell = cell_px(ctx) * FIXED_ONE;
	struct rain rain = {
		.seed = ctx->seed,
		.now = motion_now(motion, ctx->fraction),
		.cell = cell,
		.length = length,
		.step = (uint32_t)((uint64_t)FIXED_ONE * FIXED_ONE / cell),
		.scale = 0xffffffffU / length,
		.chance = (uint32_t)ctx->params[MATRIX_DENSITY] * 655 * 7 / 8,
		.flicker = kit_level(ctx->params[MATRIX_INTENSITY]) * 3 / 4,
		.color = color_from_hue((uint32_t)ctx->params[MATRIX_HUE]),
	};

	memset(out, 0, ctx->pixels * sizeof(*out));
	for (uint32_t layer = 0; layer < MATRIX_LAYERS; layer++)
		for (uint32_t x = 0; x < columns; x++)
			fall(&rain, out + x, x, layer, rows, columns);
	if (rain.flicker)
		flicker(&rain, out, ctx->pixels);
}

const struct effect effect_matrix = {
	.id = "MATRIX",
	.label = "Matrix",
	.description = "Green rain with bright heads: down the columns of a matrix, along a strip.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct motion),
	.init = matrix_init,
	.advance = matrix_advance,
	.render = matrix_render,
};
