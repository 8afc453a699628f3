// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum wipe_param {
	WIPE_SPEED,
	WIPE_PALETTE,
	WIPE_SOFTNESS,
	WIPE_REVERSE,
};

static const struct effect_param params[] = {
	[WIPE_SPEED] = KIT_SPEED(45),
	[WIPE_PALETTE] = KIT_PALETTE(KIT_NEON),
	[WIPE_SOFTNESS] = KIT_PERCENT("softness", "Softness", 0, 25),
	[WIPE_REVERSE] = KIT_SWITCH("reverse", "Backwards", 0),
};

/* a wipe in 20 s, or in 0.4 s */
#define WIPE_SLOWEST_UHZ 50000
#define WIPE_FASTEST_UHZ 2500000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[WIPE_SPEED], WIPE_SLOWEST_UHZ, WIPE_FASTEST_UHZ);
}

static void wipe_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[WIPE_PALETTE], PALETTE_RING);
}

static void wipe_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[WIPE_PALETTE], PALETTE_RING);
}

static void wipe_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction);
	uint32_t width = kit_width(ctx), turn = (uint32_t)(now >> 32);
	struct pixel from = kit_pick(&flow->paint, turn);
	struct pixel to = kit_pick(&flow->paint, turn + 1);
	uint32_t edge = kit_part(width, ctx->params[WIPE_SOFTNESS], 1);
	uint64_t head = ((now & 0xffffffffU) >> 8) * (((uint64_t)width << 16) + edge) >> 24;
	uint32_t scale = 0xffffffffU / edge;

	for (uint32_t i = 0; i < width; i++) {
		uint64_t place = (uint64_t)i << 16;
		uint32_t x = ctx->params[WIPE_REVERSE] ? width - 1 - i : i;
		uint64_t over = head > place ? head - place : 0;

		if (over >= edge)
			out[x] = to;
		else
			out[x] = quick_lerp(
				from, to,
				quick_level(fixed_smooth((uint32_t)(over * scale >> 16))));
	}
	kit_rows(ctx, out);
}

const struct effect effect_wipe = {
	.id = "WIPE",
	.label = "Wipe",
	.description = "Each colour wipes the one before off the strip.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = wipe_init,
	.advance = wipe_advance,
	.render = wipe_render,
};
