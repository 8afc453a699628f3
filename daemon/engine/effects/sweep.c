// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum sweep_param {
	SWEEP_SPEED,
	SWEEP_PALETTE,
	SWEEP_SOFTNESS,
};

static const struct effect_param params[] = {
	[SWEEP_SPEED] = KIT_SPEED(45),
	[SWEEP_PALETTE] = KIT_PALETTE(KIT_CORAL),
	[SWEEP_SOFTNESS] = KIT_PERCENT("softness", "Softness", 0, 20),
};

/* there and back in 20 s, or in 0.6 s */
#define SWEEP_SLOWEST_UHZ 50000
#define SWEEP_FASTEST_UHZ 1666667

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[SWEEP_SPEED], SWEEP_SLOWEST_UHZ, SWEEP_FASTEST_UHZ);
}

static void sweep_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[SWEEP_PALETTE], PALETTE_RING);
}

static void sweep_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[SWEEP_PALETTE], PALETTE_RING);
}

static void sweep_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction);
	uint32_t width = kit_width(ctx);
	struct pixel color = kit_pick(&flow->paint, (uint32_t)(now >> 32));
	uint32_t edge = kit_part(width, ctx->params[SWEEP_SOFTNESS], 1);
	/* slow at both ends; all of the edge is off the strip when it turns */
	uint64_t head =
		(((uint64_t)width << 16) + edge) * fixed_wave((uint16_t)kit_turn(now)) / 65535;
	uint32_t scale = 0xffffffffU / edge;

	for (uint32_t i = 0; i < width; i++) {
		uint64_t place = (uint64_t)i << 16;
		uint64_t over = head > place ? head - place : 0;
		uint32_t share = over >= edge ? 65535 : (uint32_t)(over * scale >> 16);

		out[i] = quick_scale(color, quick_level(fixed_smooth(share)));
	}
	kit_rows(ctx, out);
}

const struct effect effect_sweep = {
	.id = "SWEEP",
	.label = "Sweep",
	.description = "Light is drawn over the strip like a curtain and back, each time in "
		       "another colour.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = sweep_init,
	.advance = sweep_advance,
	.render = sweep_render,
};
