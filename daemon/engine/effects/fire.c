// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum fire_param {
	FIRE_SPEED,
	FIRE_PALETTE,
	FIRE_INTENSITY,
	FIRE_SIZE,
};

static const struct effect_param params[] = {
	[FIRE_SPEED] = KIT_SPEED(50),
	[FIRE_PALETTE] = KIT_PALETTE(KIT_EMBER),
	[FIRE_INTENSITY] = KIT_PERCENT("intensity", "Height of the flames", 10, 65),
	[FIRE_SIZE] = KIT_PERCENT("size", "Size of the tongues", 5, 35),
};

/* flames rise by their own size in 3 s, or 6 times a second */
#define FIRE_SLOWEST_UHZ 300000
#define FIRE_FASTEST_UHZ 6000000

/* tongues are at most so long, however long the strip */
#define FIRE_TONGUE_PX 40U

/* heat at the foot, of 65536, with noise at its middle */
#define FIRE_FUEL 52000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[FIRE_SPEED], FIRE_SLOWEST_UHZ, FIRE_FASTEST_UHZ);
}

static void fire_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[FIRE_PALETTE], PALETTE_LINE);
}

static void fire_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[FIRE_PALETTE], PALETTE_LINE);
}

/* heat, from a share of 65536 that has gone of the flame's height and the noise */
static struct pixel flame(const struct palette_table *table, uint32_t gone, uint32_t noise)
{
	int32_t heat = (int32_t)noise - 32768 + FIRE_FUEL - (int32_t)gone;
	uint32_t level;

	if (heat <= 0)
		return PIXEL_BLACK;
	heat = heat > 65535 ? 65535 : heat;
	/* what cools becomes red first, then dark */
	level = heat < 26214 ? (uint32_t)heat * 5 / 2 : 65535;
	return quick_scale(palette_color(table, (uint16_t)heat), quick_level(fixed_smooth(level)));
}

/* two sizes of flames, the small ones rise faster */
static uint32_t flicker(struct noise_run *large, struct noise_run *small)
{
	uint32_t value = (noise_next(large) * 5 + noise_next(small) * 3) >> 3;

	return noise_contrast(value, 420);
}

static void fire_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	const struct palette_table *table = &flow->paint.table;
	uint64_t now = motion_now(&flow->motion, ctx->fraction) >> 16;
	bool strip = kit_height(ctx) <= 1;
	uint32_t rows = strip ? ctx->pixels : kit_height(ctx);
	uint32_t width = strip ? 1 : kit_width(ctx);
	/* a tongue: a part of the height, 3 pixels to FIRE_TONGUE_PX */
	uint32_t cell = kit_part(rows, ctx->params[FIRE_SIZE], 8) * 2 / 5;
	uint32_t step, rise = (uint32_t)now, gone_step, gone = 0;
	uint32_t height = (uint32_t)ctx->params[FIRE_INTENSITY] * 2;
	struct noise_run large, small;
	uint32_t tall;

	if (cell > FIRE_TONGUE_PX * FIXED_ONE)
		cell = FIRE_TONGUE_PX * FIXED_ONE;
	step = (uint32_t)((1ULL << 32) / cell);
	/* heat that is lost from row to row, with 8 more digits */
	gone_step = rows ? (uint32_t)((100ULL << 24) / height / rows * 3 / 2) : 0;
	/* flames are taller than wide */
	tall = step * 5 / 8;
	if (strip) {
		noise_start(&large, ctx->seed, -rise, step, (uint32_t)(now / 3), 0);
		noise_start(&small, ~ctx->seed, -rise * 2, step * 2, (uint32_t)(now / 2), 0);
		for (uint32_t i = 0; i < rows; i++, gone += gone_step)
			out[i] = flame(table, gone >> 8, flicker(&large, &small));
		return;
	}
	for (uint32_t up = 0; up < rows; up++, gone += gone_step) {
		struct pixel *row = out + (size_t)(rows - 1 - up) * width;

		noise_start(&large, ctx->seed, (uint32_t)(now / 5), step, up * tall - rise, 0);
		noise_start(&small, ~ctx->seed, -(uint32_t)(now / 3), step * 3 / 2,
			    (up * tall - rise) * 2, 0);
		for (uint32_t x = 0; x < width; x++)
			row[x] = flame(table, gone >> 8, flicker(&large, &small));
	}
}

const struct effect effect_fire = {
	.id = "FIRE",
	.label = "Fire",
	.description = "Flames rise from the foot: from the bottom of a matrix, from the first "
		       "pixel of a strip.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = fire_init,
	.advance = fire_advance,
	.render = fire_render,
};
