// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum running_param {
	RUNNING_SPEED,
	RUNNING_PALETTE,
	RUNNING_LENGTH,
	RUNNING_INTENSITY,
	RUNNING_REVERSE,
};

static const struct effect_param params[] = {
	[RUNNING_SPEED] = KIT_SPEED(40),
	[RUNNING_PALETTE] = KIT_PALETTE(KIT_LAGOON),
	[RUNNING_LENGTH] = KIT_NUMBER("length", "From wave to wave", "px", 3, 1000, 1, 14),
	[RUNNING_INTENSITY] = KIT_PERCENT("intensity", "Depth", 0, 95),
	[RUNNING_REVERSE] = KIT_SWITCH("reverse", "Backwards", 0),
};

/* waves that pass in a second: one in 10 s, or 5 */
#define RUNNING_SLOWEST_UHZ 100000
#define RUNNING_FASTEST_UHZ 5000000

/* the palette lies over this many waves and moves more slowly than they do */
#define RUNNING_PALETTE_WAVES 6

static uint32_t step_of(const struct effect_context *ctx)
{
	uint32_t step =
		motion_speed(ctx->params[RUNNING_SPEED], RUNNING_SLOWEST_UHZ, RUNNING_FASTEST_UHZ);

	return ctx->params[RUNNING_REVERSE] ? -step : step;
}

static void running_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[RUNNING_PALETTE], PALETTE_RING);
}

static void running_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[RUNNING_PALETTE], PALETTE_RING);
}

static void running_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction);
	uint32_t width = kit_width(ctx);
	/* turns with 24 binary digits, so that waves stay true over thousands of pixels */
	uint32_t step = (1U << 24) / (uint32_t)ctx->params[RUNNING_LENGTH];
	uint32_t wave = -(uint32_t)(now >> 8), place = -(uint32_t)(now >> 12);
	uint32_t depth = kit_level(ctx->params[RUNNING_INTENSITY]);

	for (uint32_t i = 0; i < width; i++) {
		uint32_t dark = 65535 - fixed_shade((uint16_t)(wave >> 8));
		struct pixel color = palette_color(&flow->paint.table, (uint16_t)(place >> 8));

		out[i] = quick_scale(color, QUICK_ONE - (fixed_smooth(dark) * depth >> 16));
		wave += step;
		place += step / RUNNING_PALETTE_WAVES;
	}
	kit_rows(ctx, out);
}

const struct effect effect_running = {
	.id = "RUNNING",
	.label = "Running lights",
	.description = "Waves of light that run one after the other.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = running_init,
	.advance = running_advance,
	.render = running_render,
};
