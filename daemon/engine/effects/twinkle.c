// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum twinkle_param {
	TWINKLE_SPEED,
	TWINKLE_HUE,
	TWINKLE_SATURATION,
	TWINKLE_DENSITY,
};

static const struct effect_param params[] = {
	[TWINKLE_SPEED] = KIT_SPEED(40),
	[TWINKLE_HUE] = KIT_PRIMARY(40),
	[TWINKLE_SATURATION] = KIT_PERCENT("saturation", "Saturation", 0, 55),
	[TWINKLE_DENSITY] = KIT_PERCENT("density", "Density", 5, 35),
};

/* a star lives 10 s, or 0.5 s */
#define TWINKLE_SLOWEST_UHZ 100000
#define TWINKLE_FASTEST_UHZ 2000000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[TWINKLE_SPEED], TWINKLE_SLOWEST_UHZ, TWINKLE_FASTEST_UHZ);
}

static void twinkle_init(void *state, const struct effect_context *ctx)
{
	motion_start(state, step_of(ctx));
}

static void twinkle_advance(void *state, const struct effect_context *ctx)
{
	motion_advance(state, step_of(ctx));
}

static void twinkle_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	uint64_t now = motion_now(state, ctx->fraction);
	struct kit_glint glint = kit_glint(16384, ctx->params[TWINKLE_DENSITY]);
	struct pixel color =
		color_from_hsv((uint16_t)(motion_hue(ctx->params[TWINKLE_HUE]) >> 16),
			       (uint8_t)(ctx->params[TWINKLE_SATURATION] * 255 / 100), 255);

	for (uint32_t i = 0; i < ctx->pixels; i++) {
		uint32_t own = noise_pixel(i, ctx->seed), draw;
		uint32_t light = kit_glint_at(&glint, own, kit_own_time(own, now), &draw);

		/* stars are of different brightness */
		light = fixed_mul(light, 24576 + (draw & 65535) * 5 / 8);
		out[i] = quick_scale(color, quick_level(light));
	}
}

const struct effect effect_twinkle = {
	.id = "TWINKLE",
	.label = "Twinkle",
	.description = "Stars of one colour come and go, each in its own time.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct motion),
	.init = twinkle_init,
	.advance = twinkle_advance,
	.render = twinkle_render,
};
