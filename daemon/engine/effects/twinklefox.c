// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum twinklefox_param {
	TWINKLEFOX_SPEED,
	TWINKLEFOX_PALETTE,
	TWINKLEFOX_DENSITY,
	TWINKLEFOX_BACKGROUND,
};

static const struct effect_param params[] = {
	[TWINKLEFOX_SPEED] = KIT_SPEED(40),
	[TWINKLEFOX_PALETTE] = KIT_PALETTE(KIT_FESTIVE),
	[TWINKLEFOX_DENSITY] = KIT_PERCENT("density", "Density", 5, 65),
	[TWINKLEFOX_BACKGROUND] = KIT_PERCENT("background", "Background", 0, 12),
};

/* a light lives 20 s, or 1 s */
#define TWINKLEFOX_SLOWEST_UHZ 50000
#define TWINKLEFOX_FASTEST_UHZ 1000000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[TWINKLEFOX_SPEED], TWINKLEFOX_SLOWEST_UHZ,
			    TWINKLEFOX_FASTEST_UHZ);
}

static void twinklefox_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[TWINKLEFOX_PALETTE], PALETTE_RING);
}

static void twinklefox_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[TWINKLEFOX_PALETTE], PALETTE_RING);
}

static void twinklefox_render(const void *state, const struct effect_context *ctx,
			      struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction);
	struct kit_glint glint = kit_glint(13107, ctx->params[TWINKLEFOX_DENSITY]);
	uint32_t dark = kit_level(ctx->params[TWINKLEFOX_BACKGROUND]) / 2;

	for (uint32_t i = 0; i < ctx->pixels; i++) {
		uint32_t own = noise_pixel(i, ctx->seed), draw;
		uint32_t light = kit_glint_at(&glint, own, kit_own_time(own, now), &draw);
		uint32_t level = dark + ((QUICK_ONE - dark) * light >> 16);

		/* a lamp keeps its colour, as lamps do */
		out[i] = quick_scale(palette_color(&flow->paint.table, (uint16_t)(own >> 16)),
				     level);
	}
}

const struct effect effect_twinklefox = {
	.id = "TWINKLEFOX",
	.label = "Twinklefox",
	.description = "Fairy lights in the colours of a palette, always some of them coming and "
		       "some going.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = twinklefox_init,
	.advance = twinklefox_advance,
	.render = twinklefox_render,
};
