// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum sparkle_param {
	SPARKLE_SPEED,
	SPARKLE_HUE,
	SPARKLE_DENSITY,
	SPARKLE_BACKGROUND,
};

static const struct effect_param params[] = {
	[SPARKLE_SPEED] = KIT_SPEED(50),
	[SPARKLE_HUE] = KIT_PRIMARY(230),
	[SPARKLE_DENSITY] = KIT_PERCENT("density", "Density", 5, 30),
	[SPARKLE_BACKGROUND] = KIT_PERCENT("background", "Background", 0, 35),
};

/* a spark lasts 2 s, or 0.1 s */
#define SPARKLE_SLOWEST_UHZ 500000
#define SPARKLE_FASTEST_UHZ 10000000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[SPARKLE_SPEED], SPARKLE_SLOWEST_UHZ, SPARKLE_FASTEST_UHZ);
}

static void sparkle_init(void *state, const struct effect_context *ctx)
{
	motion_start(state, step_of(ctx));
}

static void sparkle_advance(void *state, const struct effect_context *ctx)
{
	motion_advance(state, step_of(ctx));
}

static void sparkle_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	static const struct pixel white = { 255, 250, 240, 0 };
	uint64_t now = motion_now(state, ctx->fraction);
	struct kit_glint glint = kit_glint(2048, ctx->params[SPARKLE_DENSITY]);
	struct pixel color = quick_scale(color_from_hue((uint32_t)ctx->params[SPARKLE_HUE]),
					 kit_level(ctx->params[SPARKLE_BACKGROUND]));

	/* a third of full density is as dense as sparks may be and still be sparks */
	glint.chance /= 3;
	for (uint32_t i = 0; i < ctx->pixels; i++) {
		uint32_t own = noise_pixel(i, ctx->seed), draw;
		uint32_t light = kit_glint_at(&glint, own, kit_own_time(own, now), &draw);

		out[i] = light ? quick_lerp(color, white, quick_level(light)) : color;
	}
}

const struct effect effect_sparkle = {
	.id = "SPARKLE",
	.label = "Sparkle",
	.description = "White sparks flash up on a calm colour.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct motion),
	.init = sparkle_init,
	.advance = sparkle_advance,
	.render = sparkle_render,
};
