// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum noise_param {
	NOISE_SPEED,
	NOISE_PALETTE,
	NOISE_SIZE,
	NOISE_INTENSITY,
};

static const struct effect_param params[] = {
	[NOISE_SPEED] = KIT_SPEED(40),
	[NOISE_PALETTE] = KIT_PALETTE(KIT_GALAXY),
	[NOISE_SIZE] = KIT_NUMBER("size", "Size of the clouds", "px", 2, 500, 1, 12),
	[NOISE_INTENSITY] = KIT_PERCENT("intensity", "Light and shade", 0, 50),
};

/* a cloud changes in 20 s, or in 0.5 s */
#define NOISE_SLOWEST_UHZ 50000
#define NOISE_FASTEST_UHZ 2000000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[NOISE_SPEED], NOISE_SLOWEST_UHZ, NOISE_FASTEST_UHZ);
}

static void noise_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[NOISE_PALETTE], PALETTE_RING);
}

static void noise_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[NOISE_PALETTE], PALETTE_RING);
}

static void noise_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction) >> 16;
	uint32_t width = kit_width(ctx), height = kit_height(ctx);
	uint32_t step = FIXED_ONE / (uint32_t)ctx->params[NOISE_SIZE];
	uint32_t depth = kit_level(ctx->params[NOISE_INTENSITY]);
	struct noise_run hue, shade;

	for (uint32_t y = 0; y < height; y++, out += width) {
		noise_start(&hue, ctx->seed, (uint32_t)(now / 3), step, y * step, (uint32_t)now);
		noise_start(&shade, ~ctx->seed, -(uint32_t)(now / 2), step * 3 / 2,
			    y * step * 3 / 2, (uint32_t)now);
		for (uint32_t x = 0; x < width; x++) {
			uint32_t place =
				noise_contrast(noise_next(&hue), 480) + (uint32_t)(now / 4);
			uint32_t dark = noise_contrast(noise_next(&shade), 400);
			struct pixel color = palette_color(&flow->paint.table, (uint16_t)place);

			out[x] = quick_scale(color, QUICK_ONE - (dark * depth >> 16));
		}
	}
}

const struct effect effect_noise = {
	.id = "NOISE",
	.label = "Noise",
	.description = "Clouds of colour that flow into each other, never the same twice.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = noise_init,
	.advance = noise_advance,
	.render = noise_render,
};
