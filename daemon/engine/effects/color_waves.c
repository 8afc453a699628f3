// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum color_waves_param {
	COLOR_WAVES_SPEED,
	COLOR_WAVES_PALETTE,
	COLOR_WAVES_LENGTH,
	COLOR_WAVES_INTENSITY,
};

static const struct effect_param params[] = {
	[COLOR_WAVES_SPEED] = KIT_SPEED(40),
	[COLOR_WAVES_PALETTE] = KIT_PALETTE(KIT_SUNSET),
	[COLOR_WAVES_LENGTH] = KIT_NUMBER("length", "Length of the waves", "px", 4, 1000, 1, 40),
	[COLOR_WAVES_INTENSITY] = KIT_PERCENT("intensity", "Depth of the waves", 0, 80),
};

/* a wave passes in 20 s, or in 0.5 s */
#define COLOR_WAVES_SLOWEST_UHZ 50000
#define COLOR_WAVES_FASTEST_UHZ 2000000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[COLOR_WAVES_SPEED], COLOR_WAVES_SLOWEST_UHZ,
			    COLOR_WAVES_FASTEST_UHZ);
}

static void color_waves_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[COLOR_WAVES_PALETTE], PALETTE_LINE);
}

static void color_waves_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[COLOR_WAVES_PALETTE], PALETTE_LINE);
}

static void color_waves_render(const void *state, const struct effect_context *ctx,
			       struct pixel *out)
{
	const struct kit_flow *flow = state;
	/* turns with 24 binary digits */
	uint32_t now = (uint32_t)(motion_now(&flow->motion, ctx->fraction) >> 8),
		 width = kit_width(ctx);
	uint32_t step = (1U << 24) / (uint32_t)ctx->params[COLOR_WAVES_LENGTH];
	uint32_t depth = kit_level(ctx->params[COLOR_WAVES_INTENSITY]);
	uint32_t first = -now, second = now, third = -now;

	for (uint32_t i = 0; i < width; i++) {
		uint32_t a = fixed_shade((uint16_t)(first >> 8));
		uint32_t b = fixed_shade((uint16_t)((second >> 8) + 9000));
		uint32_t c = fixed_shade((uint16_t)(third >> 8));
		uint32_t place = (a + b) / 4 + c / 2;
		uint32_t dark = 65535 - (a / 2 + b / 2);

		/* all of the palette from its first colour to the last, not round */
		out[i] = quick_scale(palette_color(&flow->paint.table, (uint16_t)place),
				     QUICK_ONE - (fixed_smooth(dark) * depth >> 16));
		first += step;
		second += step * 5 / 8;
		third += step * 3 / 11;
	}
	kit_rows(ctx, out);
}

const struct effect effect_color_waves = {
	.id = "COLOR_WAVES",
	.label = "Colour waves",
	.description =
		"Three waves of different length cross; where they meet decides colour and light.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = color_waves_init,
	.advance = color_waves_advance,
	.render = color_waves_render,
};
