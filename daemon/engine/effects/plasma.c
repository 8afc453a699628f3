// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum plasma_param {
	PLASMA_SPEED,
	PLASMA_PALETTE,
	PLASMA_SIZE,
};

static const struct effect_param params[] = {
	[PLASMA_SPEED] = KIT_SPEED(40),
	[PLASMA_PALETTE] = KIT_PALETTE(KIT_AURORA),
	[PLASMA_SIZE] = KIT_NUMBER("size", "Size of the waves", "px", 3, 1000, 1, 24),
};

/* a wave passes in 30 s, or in 1 s */
#define PLASMA_SLOWEST_UHZ 33333
#define PLASMA_FASTEST_UHZ 1000000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[PLASMA_SPEED], PLASMA_SLOWEST_UHZ, PLASMA_FASTEST_UHZ);
}

static void plasma_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[PLASMA_PALETTE], PALETTE_RING);
}

static void plasma_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[PLASMA_PALETTE], PALETTE_RING);
}

static void plasma_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	/* turns with 24 binary digits */
	uint64_t now = motion_now(&flow->motion, ctx->fraction) >> 8;
	uint32_t width = kit_width(ctx), height = kit_height(ctx);
	uint32_t step = (1U << 24) / (uint32_t)ctx->params[PLASMA_SIZE];

	for (uint32_t y = 0; y < height; y++, out += width) {
		uint32_t bow = fixed_shade((uint16_t)((uint32_t)(now / 2 + y * step) >> 8));
		uint32_t straight = (uint32_t)now, slant = y * step / 2 - (uint32_t)(now / 3);

		for (uint32_t x = 0; x < width; x++) {
			uint32_t a = fixed_shade((uint16_t)((straight >> 8) + bow / 2));
			uint32_t b = fixed_shade((uint16_t)((slant >> 8) + a / 3));
			uint32_t place = a / 2 + b + bow / 2;

			/* the sum runs over the palette more than once */
			out[x] = palette_color(&flow->paint.table,
					       (uint16_t)(place / 2 + (uint32_t)(now >> 11)));
			straight += step;
			slant += step * 3 / 5;
		}
	}
}

const struct effect effect_plasma = {
	.id = "PLASMA",
	.label = "Plasma",
	.description = "Waves from all sides that bend each other, as on the screens of old.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = plasma_init,
	.advance = plasma_advance,
	.render = plasma_render,
};
