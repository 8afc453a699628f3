// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum color_fade_param {
	COLOR_FADE_SPEED,
	COLOR_FADE_INTENSITY,
	COLOR_FADE_PALETTE,
};

static const struct effect_param params[] = {
	[COLOR_FADE_SPEED] = KIT_SPEED(40),
	[COLOR_FADE_INTENSITY] = KIT_PERCENT("intensity", "Brightness", 5, 100),
	[COLOR_FADE_PALETTE] = KIT_PALETTE(KIT_SPECTRUM),
};

/* all colours in two minutes, or in 2 s */
#define COLOR_FADE_SLOWEST_UHZ 8333
#define COLOR_FADE_FASTEST_UHZ 500000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[COLOR_FADE_SPEED], COLOR_FADE_SLOWEST_UHZ,
			    COLOR_FADE_FASTEST_UHZ);
}

static void color_fade_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[COLOR_FADE_PALETTE], PALETTE_RING);
}

static void color_fade_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[COLOR_FADE_PALETTE], PALETTE_RING);
}

static void color_fade_render(const void *state, const struct effect_context *ctx,
			      struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint32_t turn = kit_turn(motion_now(&flow->motion, ctx->fraction));
	struct pixel color = palette_color(&flow->paint.table, (uint16_t)turn);

	kit_fill(out, ctx->pixels,
		 quick_scale(color, kit_level(ctx->params[COLOR_FADE_INTENSITY])));
}

const struct effect effect_color_fade = {
	.id = "COLOR_FADE",
	.label = "Colour fade",
	.description = "One colour at a time, gliding through a palette.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = color_fade_init,
	.advance = color_fade_advance,
	.render = color_fade_render,
};
