// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum dissolve_param {
	DISSOLVE_SPEED,
	DISSOLVE_PALETTE,
	DISSOLVE_SOFTNESS,
};

static const struct effect_param params[] = {
	[DISSOLVE_SPEED] = KIT_SPEED(40),
	[DISSOLVE_PALETTE] = KIT_PALETTE(KIT_MEADOW),
	[DISSOLVE_SOFTNESS] = KIT_PERCENT("softness", "Softness", 0, 30),
};

/* a colour stays 30 s, or 0.8 s */
#define DISSOLVE_SLOWEST_UHZ 33333
#define DISSOLVE_FASTEST_UHZ 1250000

/* the part of a turn, of 65536, in which all have one colour */
#define DISSOLVE_REST 9000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[DISSOLVE_SPEED], DISSOLVE_SLOWEST_UHZ,
			    DISSOLVE_FASTEST_UHZ);
}

static void dissolve_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[DISSOLVE_PALETTE], PALETTE_RING);
}

static void dissolve_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[DISSOLVE_PALETTE], PALETTE_RING);
}

static void dissolve_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction);
	uint32_t turn = (uint32_t)(now >> 32), time = kit_turn(now);
	struct pixel from = kit_pick(&flow->paint, turn), to = kit_pick(&flow->paint, turn + 1);
	uint32_t soft = 1 + (uint32_t)ctx->params[DISSOLVE_SOFTNESS] * 40000 / 100;
	/* pixels begin to change at random while the rest of the turn is left for the last one */
	uint32_t span = 65535 - soft - DISSOLVE_REST;
	uint32_t scale = 0xffffffffU / soft, own = noise_pair(turn, ctx->seed);

	for (uint32_t i = 0; i < ctx->pixels; i++) {
		uint32_t start = (noise_pixel(i, own) >> 16) * span >> 16;

		if (time <= start)
			out[i] = from;
		else if (time - start >= soft)
			out[i] = to;
		else
			out[i] = quick_lerp(
				from, to,
				quick_level((uint32_t)((uint64_t)(time - start) * scale >> 16)));
	}
}

const struct effect effect_dissolve = {
	.id = "DISSOLVE",
	.label = "Dissolve",
	.description = "One colour dissolves into the next, pixel by pixel.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = dissolve_init,
	.advance = dissolve_advance,
	.render = dissolve_render,
};
