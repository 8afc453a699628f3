// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum gradient_param {
	GRADIENT_SPEED,
	GRADIENT_PALETTE,
	GRADIENT_SPREAD,
	GRADIENT_INTENSITY,
};

static const struct effect_param params[] = {
	[GRADIENT_SPEED] = KIT_SPEED(25),
	[GRADIENT_PALETTE] = KIT_PALETTE(KIT_SUNSET),
	[GRADIENT_SPREAD] = KIT_PERCENT("spread", "Part of the palette", 5, 50),
	[GRADIENT_INTENSITY] = KIT_PERCENT("intensity", "Brightness", 5, 100),
};

/* the palette passes in half an hour, or in 5 s */
#define GRADIENT_SLOWEST_UHZ 555
#define GRADIENT_FASTEST_UHZ 200000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[GRADIENT_SPEED], GRADIENT_SLOWEST_UHZ,
			    GRADIENT_FASTEST_UHZ);
}

static void gradient_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[GRADIENT_PALETTE], PALETTE_RING);
}

static void gradient_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[GRADIENT_PALETTE], PALETTE_RING);
}

static void gradient_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint32_t width = kit_width(ctx), level = kit_level(ctx->params[GRADIENT_INTENSITY]);
	uint32_t place = (uint32_t)motion_now(&flow->motion, ctx->fraction);
	uint32_t spread = (uint32_t)(((uint64_t)ctx->params[GRADIENT_SPREAD] << 32) / 101);
	uint32_t step = width ? spread / width : 0;

	for (uint32_t i = 0; i < width; i++, place += step)
		out[i] = quick_scale(palette_color(&flow->paint.table, (uint16_t)(place >> 16)),
				     level);
	kit_rows(ctx, out);
}

const struct effect effect_gradient = {
	.id = "GRADIENT",
	.label = "Gradient",
	.description = "A palette laid over the strip, drifting as slowly as you like.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = gradient_init,
	.advance = gradient_advance,
	.render = gradient_render,
};
