// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum color_cycle_param {
	COLOR_CYCLE_SPEED,
	COLOR_CYCLE_INTENSITY,
	COLOR_CYCLE_PRIMARY,
	COLOR_CYCLE_SECONDARY,
	COLOR_CYCLE_TERTIARY,
	COLOR_CYCLE_HOLD,
};

static const struct effect_param params[] = {
	[COLOR_CYCLE_SPEED] = KIT_SPEED(50),
	[COLOR_CYCLE_INTENSITY] = KIT_PERCENT("intensity", "Brightness", 5, 100),
	[COLOR_CYCLE_PRIMARY] = KIT_PRIMARY(330),
	[COLOR_CYCLE_SECONDARY] = KIT_SECONDARY(190),
	[COLOR_CYCLE_TERTIARY] = KIT_TERTIARY(40),
	[COLOR_CYCLE_HOLD] = KIT_NUMBER("hold", "Time a colour stays", "%", 0, 95, 5, 40),
};

/* the three colours in a minute, or in 0.6 s */
#define COLOR_CYCLE_SLOWEST_UHZ 16667
#define COLOR_CYCLE_FASTEST_UHZ 1666667
#define COLOR_CYCLE_COLORS 3

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[COLOR_CYCLE_SPEED], COLOR_CYCLE_SLOWEST_UHZ,
			    COLOR_CYCLE_FASTEST_UHZ);
}

static void color_cycle_init(void *state, const struct effect_context *ctx)
{
	struct kit_flow *flow = state;

	motion_start(&flow->motion, step_of(ctx));
	kit_paint_hues(&flow->paint, &ctx->params[COLOR_CYCLE_PRIMARY], COLOR_CYCLE_COLORS);
}

static void color_cycle_advance(void *state, const struct effect_context *ctx)
{
	struct kit_flow *flow = state;

	motion_advance(&flow->motion, step_of(ctx));
	kit_paint_hues(&flow->paint, &ctx->params[COLOR_CYCLE_PRIMARY], COLOR_CYCLE_COLORS);
}

static void color_cycle_render(const void *state, const struct effect_context *ctx,
			       struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint32_t part = kit_turn(motion_now(&flow->motion, ctx->fraction)) * COLOR_CYCLE_COLORS;
	uint32_t hold = (uint32_t)ctx->params[COLOR_CYCLE_HOLD] * 65535 / 100;
	uint32_t color = part >> 16, time = part & 65535;
	/* where kit_paint_hues() put this colour and the next */
	uint32_t from = color * 256 / COLOR_CYCLE_COLORS * 256;
	uint32_t to = (color + 1) * 256 / COLOR_CYCLE_COLORS * 256;

	time = time < hold ? 0 : (time - hold) * 65535ULL / (65535 - hold);
	from += fixed_mul(to - from, fixed_smooth(time));
	kit_fill(out, ctx->pixels,
		 quick_scale(palette_color(&flow->paint.table, (uint16_t)from),
			     kit_level(ctx->params[COLOR_CYCLE_INTENSITY])));
}

const struct effect effect_color_cycle = {
	.id = "COLOR_CYCLE",
	.label = "Colour cycle",
	.description = "Three colours take turns; each stays a while and melts into the next.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = color_cycle_init,
	.advance = color_cycle_advance,
	.render = color_cycle_render,
};
