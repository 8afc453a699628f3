// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum theater_chase_param {
	THEATER_CHASE_SPEED,
	THEATER_CHASE_PALETTE,
	THEATER_CHASE_SPACING,
	THEATER_CHASE_REVERSE,
};

static const struct effect_param params[] = {
	[THEATER_CHASE_SPEED] = KIT_SPEED(40),
	[THEATER_CHASE_PALETTE] = KIT_PALETTE(KIT_CANDLELIGHT),
	[THEATER_CHASE_SPACING] = KIT_NUMBER("spacing", "From lamp to lamp", "px", 2, 50, 1, 4),
	[THEATER_CHASE_REVERSE] = KIT_SWITCH("reverse", "Backwards", 0),
};

/* lamps that pass in a second: one in 5 s, or 6 */
#define THEATER_CHASE_SLOWEST_UHZ 200000
#define THEATER_CHASE_FASTEST_UHZ 6000000

/* after so many lamps the palette begins again; a power of two, so that it does at wrapping too */
#define THEATER_CHASE_LAMPS_SHIFT 4

static uint32_t step_of(const struct effect_context *ctx)
{
	uint32_t step = motion_speed(ctx->params[THEATER_CHASE_SPEED], THEATER_CHASE_SLOWEST_UHZ,
				     THEATER_CHASE_FASTEST_UHZ);

	return ctx->params[THEATER_CHASE_REVERSE] ? -step : step;
}

static void theater_chase_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[THEATER_CHASE_PALETTE], PALETTE_RING);
}

static void theater_chase_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[THEATER_CHASE_PALETTE], PALETTE_RING);
}

static void theater_chase_render(const void *state, const struct effect_context *ctx,
				 struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint32_t width = kit_width(ctx), spacing = (uint32_t)ctx->params[THEATER_CHASE_SPACING];
	/* lamps with 16 binary digits; half a lamp in, the first one stands on the first pixel */
	uint32_t lamp = 32768 - (uint32_t)(motion_now(&flow->motion, ctx->fraction) >> 16);
	uint32_t step = FIXED_ONE / spacing;

	for (uint32_t i = 0; i < width; i++, lamp += step) {
		int32_t off = (int32_t)(lamp & 65535) - 32768;
		uint32_t distance = (uint32_t)(off < 0 ? -off : off) * spacing;
		uint32_t place = lamp >> 16 << (16 - THEATER_CHASE_LAMPS_SHIFT);

		/* between two pixels a lamp lights both, with its light shared out */
		out[i] = PIXEL_BLACK;
		if (distance < FIXED_ONE)
			out[i] = quick_scale(palette_color(&flow->paint.table, (uint16_t)place),
					     quick_glow(FIXED_ONE - 1 - distance));
	}
	kit_rows(ctx, out);
}

const struct effect effect_theater_chase = {
	.id = "THEATER_CHASE",
	.label = "Theater chase",
	.description = "Lamps around a theatre's sign, one chasing the other.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = theater_chase_init,
	.advance = theater_chase_advance,
	.render = theater_chase_render,
};
