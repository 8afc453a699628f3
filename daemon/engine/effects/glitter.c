// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum glitter_param {
	GLITTER_SPEED,
	GLITTER_PALETTE,
	GLITTER_DENSITY,
	GLITTER_INTENSITY,
};

static const struct effect_param params[] = {
	[GLITTER_SPEED] = KIT_SPEED(45),
	[GLITTER_PALETTE] = KIT_PALETTE(KIT_GALAXY),
	[GLITTER_DENSITY] = KIT_PERCENT("density", "Density", 5, 40),
	[GLITTER_INTENSITY] = KIT_PERCENT("intensity", "Brightness beneath", 0, 75),
};

/* the palette passes in 100 s, or in 2 s */
#define GLITTER_SLOWEST_UHZ 10000
#define GLITTER_FASTEST_UHZ 500000

/* flashes while the palette passes once */
#define GLITTER_FLASHES 40

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[GLITTER_SPEED], GLITTER_SLOWEST_UHZ, GLITTER_FASTEST_UHZ);
}

static void glitter_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[GLITTER_PALETTE], PALETTE_RING);
}

static void glitter_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[GLITTER_PALETTE], PALETTE_RING);
}

static void glitter_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	static const struct pixel white = { 255, 255, 255, 0 };
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction);
	uint32_t width = kit_width(ctx), x = 0, place = 0;
	uint32_t step = width ? (uint32_t)((1ULL << 32) / width) : 0;
	struct kit_glint glint = kit_glint(4096, ctx->params[GLITTER_DENSITY]);
	uint32_t level = kit_level(ctx->params[GLITTER_INTENSITY]);

	glint.chance /= 5;
	for (uint32_t i = 0; i < ctx->pixels; i++, x++, place += step) {
		uint32_t own = noise_pixel(i, ctx->seed), draw, light;

		if (x == width || i == 0) {
			x = 0;
			place = -(uint32_t)now;
		}
		out[i] = quick_scale(palette_color(&flow->paint.table, (uint16_t)(place >> 16)),
				     level);
		light = kit_glint_at(&glint, own, kit_own_time(own, now * GLITTER_FLASHES), &draw);
		if (light)
			out[i] = quick_lerp(out[i], white, quick_level(light));
	}
}

const struct effect effect_glitter = {
	.id = "GLITTER",
	.label = "Glitter",
	.description = "A palette drifts along the strip under a dust of white glitter.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = glitter_init,
	.advance = glitter_advance,
	.render = glitter_render,
};
