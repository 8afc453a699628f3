// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum comet_param {
	COMET_SPEED,
	COMET_PALETTE,
	COMET_COUNT,
	COMET_LENGTH,
};

static const struct effect_param params[] = {
	[COMET_SPEED] = KIT_SPEED(40),
	[COMET_PALETTE] = KIT_PALETTE(KIT_NEON),
	[COMET_COUNT] = KIT_NUMBER("count", "Comets", "", 1, 8, 1, 3),
	[COMET_LENGTH] = KIT_PERCENT("length", "Length of the tail", 5, 35),
};

/* round in 40 s, or in 1 s */
#define COMET_SLOWEST_UHZ 25000
#define COMET_FASTEST_UHZ 1000000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[COMET_SPEED], COMET_SLOWEST_UHZ, COMET_FASTEST_UHZ);
}

static void comet_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[COMET_PALETTE], PALETTE_RING);
}

static void comet_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[COMET_PALETTE], PALETTE_RING);
}

static void comet_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	static const struct pixel white = { 255, 255, 255, 0 };
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction);
	uint32_t width = kit_width(ctx);

	kit_canvas(ctx, out);
	for (uint32_t i = 0; i < (uint32_t)ctx->params[COMET_COUNT]; i++) {
		uint32_t own = noise_pair(i, ctx->seed);
		/* paces differ enough for them to overtake each other: 0.6, 0.75, 0.9 … */
		uint64_t way = ((uint64_t)own << 8) + now * (4 + i) * 10 / 64;
		struct pixel color = kit_pick(&flow->paint, i);
		struct kit_trail trail = {
			.head = kit_along(way, width),
			.length = kit_part(width, ctx->params[COMET_LENGTH], 2),
			.path = KIT_PATH_RING,
			.front = quick_lerp(color, white, QUICK_ONE / 2),
			.back = color,
		};

		kit_trail(out, width, &trail);
	}
	kit_rows(ctx, out);
}

const struct effect effect_comet = {
	.id = "COMET",
	.label = "Comet",
	.description = "Comets with long tails go round, each at its own pace.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = comet_init,
	.advance = comet_advance,
	.render = comet_render,
};
