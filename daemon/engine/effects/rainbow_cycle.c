// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum rainbow_cycle_param {
	RAINBOW_CYCLE_SPEED,
	RAINBOW_CYCLE_PALETTE,
	RAINBOW_CYCLE_REPEATS,
	RAINBOW_CYCLE_REVERSE,
};

static const struct effect_param params[] = {
	[RAINBOW_CYCLE_SPEED] = KIT_SPEED(40),
	[RAINBOW_CYCLE_PALETTE] = KIT_PALETTE(KIT_SPECTRUM),
	[RAINBOW_CYCLE_REPEATS] = KIT_NUMBER("repeats", "Times along the strip", "", 1, 20, 1, 1),
	[RAINBOW_CYCLE_REVERSE] = KIT_SWITCH("reverse", "Backwards", 0),
};

/* round in 100 s, or in 1 s */
#define RAINBOW_CYCLE_SLOWEST_UHZ 10000
#define RAINBOW_CYCLE_FASTEST_UHZ 1000000

static uint32_t step_of(const struct effect_context *ctx)
{
	uint32_t step = motion_speed(ctx->params[RAINBOW_CYCLE_SPEED], RAINBOW_CYCLE_SLOWEST_UHZ,
				     RAINBOW_CYCLE_FASTEST_UHZ);

	return ctx->params[RAINBOW_CYCLE_REVERSE] ? -step : step;
}

static void rainbow_cycle_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[RAINBOW_CYCLE_PALETTE], PALETTE_RING);
}

static void rainbow_cycle_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[RAINBOW_CYCLE_PALETTE], PALETTE_RING);
}

static void rainbow_cycle_render(const void *state, const struct effect_context *ctx,
				 struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint32_t width = kit_width(ctx), repeats = (uint32_t)ctx->params[RAINBOW_CYCLE_REPEATS];
	uint32_t place = -(uint32_t)motion_now(&flow->motion, ctx->fraction);
	uint32_t step = width ? (uint32_t)(((uint64_t)repeats << 32) / width) : 0;

	for (uint32_t i = 0; i < width; i++, place += step)
		out[i] = palette_color(&flow->paint.table, (uint16_t)(place >> 16));
	kit_rows(ctx, out);
}

const struct effect effect_rainbow_cycle = {
	.id = "RAINBOW_CYCLE",
	.label = "Rainbow cycle",
	.description =
		"The colours of a palette, spread so that the ends of the strip meet, go round.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = rainbow_cycle_init,
	.advance = rainbow_cycle_advance,
	.render = rainbow_cycle_render,
};
