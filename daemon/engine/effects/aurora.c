// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum aurora_param {
	AURORA_SPEED,
	AURORA_PALETTE,
	AURORA_INTENSITY,
	AURORA_SIZE,
};

static const struct effect_param params[] = {
	[AURORA_SPEED] = KIT_SPEED(40),
	[AURORA_PALETTE] = KIT_PALETTE(KIT_AURORA),
	[AURORA_INTENSITY] = KIT_PERCENT("intensity", "Brightness", 10, 100),
	[AURORA_SIZE] = KIT_NUMBER("size", "Width of the curtains", "px", 4, 500, 1, 16),
};

/* a curtain changes in 60 s, or in 1 s */
#define AURORA_SLOWEST_UHZ 16667
#define AURORA_FASTEST_UHZ 1000000

/* how softly a curtain ends below, of 65536 of the height */
#define AURORA_HEM 8000U

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[AURORA_SPEED], AURORA_SLOWEST_UHZ, AURORA_FASTEST_UHZ);
}

static void aurora_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[AURORA_PALETTE], PALETTE_RING);
}

static void aurora_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[AURORA_PALETTE], PALETTE_RING);
}

/* light of a curtain at @high, 65536 at the top: bright at its hem, thinning out upwards */
static uint32_t hang(uint32_t high, uint32_t hem)
{
	uint32_t above;

	if (high < hem)
		return high + AURORA_HEM > hem
			       ? fixed_smooth((high + AURORA_HEM - hem) * (65535 / AURORA_HEM))
			       : 0;
	above = high - hem;
	return fixed_mul(65535 - above, 65535 - above / 2);
}

static struct pixel glow(const struct palette_table *table, uint32_t place, uint32_t light,
			 uint32_t level)
{
	return quick_scale(palette_color(table, (uint16_t)place), quick_level(light) * level >> 8);
}

static void aurora_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction) >> 16;
	uint32_t width = kit_width(ctx), height = kit_height(ctx);
	/* a small zone still has more than one curtain */
	uint32_t size = (uint32_t)ctx->params[AURORA_SIZE], most = width / 3 + 3;
	uint32_t step = FIXED_ONE / (size < most ? size : most);
	uint32_t level = kit_level(ctx->params[AURORA_INTENSITY]);
	uint32_t drift = fixed_shade((uint16_t)(now / 9)) / 6;
	uint32_t down = height > 1 ? 65535 / (height - 1) : 0;
	struct noise_run curtain, rays, hem;

	noise_start(&curtain, ctx->seed, (uint32_t)(now / 3), step, (uint32_t)now, 0);
	noise_start(&rays, ~ctx->seed, (uint32_t)now * 2, step * 3, (uint32_t)now * 3, 0);
	noise_start(&hem, ctx->seed + 1, -(uint32_t)(now / 2), step / 2, (uint32_t)now, 0);
	for (uint32_t x = 0; x < width; x++, out++) {
		uint32_t wide = noise_contrast(noise_next(&curtain) + 12000, 520);
		uint32_t fine = noise_next(&rays), low = noise_next(&hem);
		uint32_t light = fixed_mul(wide, 26000 + fine * 3 / 5), place = drift + fine / 12;

		if (height == 1)
			*out = glow(&flow->paint.table, place + low, light, level);
		/* on a matrix it hangs in the sky: green below, violet above */
		for (uint32_t y = 0; y < height && height > 1; y++) {
			uint32_t high = 65535 - y * down, edge = 6000 + low / 2;
			uint32_t above = high > edge ? high - edge : 0;

			out[(size_t)y * width] = glow(&flow->paint.table, place / 2 + above * 5 / 8,
						      fixed_mul(light, hang(high, edge)), level);
		}
	}
}

const struct effect effect_aurora = {
	.id = "AURORA",
	.label = "Aurora",
	.description = "Northern lights: curtains with fine rays that sway and change colour.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = aurora_init,
	.advance = aurora_advance,
	.render = aurora_render,
};
