// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum pride_param {
	PRIDE_SPEED,
	PRIDE_PALETTE,
	PRIDE_LENGTH,
	PRIDE_INTENSITY,
};

static const struct effect_param params[] = {
	[PRIDE_SPEED] = KIT_SPEED(40),
	[PRIDE_PALETTE] = KIT_PALETTE(KIT_SPECTRUM),
	[PRIDE_LENGTH] = KIT_NUMBER("length", "Length of the waves", "px", 4, 1000, 1, 30),
	[PRIDE_INTENSITY] = KIT_PERCENT("intensity", "Depth of the waves", 0, 75),
};

/* a wave passes in 20 s, or in 0.5 s */
#define PRIDE_SLOWEST_UHZ 50000
#define PRIDE_FASTEST_UHZ 2000000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[PRIDE_SPEED], PRIDE_SLOWEST_UHZ, PRIDE_FASTEST_UHZ);
}

static void pride_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[PRIDE_PALETTE], PALETTE_RING);
}

static void pride_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[PRIDE_PALETTE], PALETTE_RING);
}

static void pride_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction) >> 8;
	uint32_t width = kit_width(ctx), depth = kit_level(ctx->params[PRIDE_INTENSITY]);
	/* turns with 24 binary digits; the middle of the strip is where stretching has no effect */
	uint32_t step = (1U << 24) / (uint32_t)ctx->params[PRIDE_LENGTH];
	uint32_t breath = fixed_shade((uint16_t)(now / 5 >> 8)),
		 sway = fixed_shade((uint16_t)(now / 7 >> 8));
	uint32_t wave_step = step * 3 / 4 + fixed_mul(step / 2, breath);
	uint32_t fold_step = step / 3 + fixed_mul(step / 4, sway), middle = width / 2;
	uint32_t wave = (uint32_t)now - middle * wave_step;
	uint32_t fold = (uint32_t)(now / 3) - middle * fold_step;
	uint32_t hue = -(uint32_t)(now / 6) - middle * (step / 8);

	for (uint32_t i = 0; i < width; i++) {
		uint32_t bent = fixed_shade((uint16_t)(fold >> 8));
		uint32_t dark = 65535 - fixed_shade((uint16_t)((wave >> 8) + bent / 2));
		struct pixel color =
			palette_color(&flow->paint.table, (uint16_t)((hue >> 8) + bent / 4));

		out[i] = quick_scale(color, QUICK_ONE - (fixed_square(dark) * depth >> 16));
		wave += wave_step;
		fold += fold_step;
		hue += step / 8;
	}
	kit_rows(ctx, out);
}

const struct effect effect_pride = {
	.id = "PRIDE",
	.label = "Pride",
	.description =
		"A rainbow that stretches and folds while waves of brightness run through it.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = pride_init,
	.advance = pride_advance,
	.render = pride_render,
};
