// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effect.h"
#include "engine/effects/kit.h"
#include "engine/effects/motion.h"

enum rainbow_param {
	RAINBOW_SPEED,
	RAINBOW_INTENSITY,
	RAINBOW_HUE,
	RAINBOW_LENGTH,
	RAINBOW_REVERSE,
};

static const struct effect_param params[] = {
	[RAINBOW_SPEED] = { "speed", "Speed", "%", EFFECT_PARAM_INT, false, 1, 100, 5, 40 },
	[RAINBOW_INTENSITY] = { "intensity", "Saturation", "%", EFFECT_PARAM_INT, false, 0, 100, 5,
				100 },
	[RAINBOW_HUE] = { "primary_color_hue", "First colour", "°", EFFECT_PARAM_HUE, true, 0, 360,
			  10, 0 },
	[RAINBOW_LENGTH] = { "length", "Length (0: all of the zone)", "px", EFFECT_PARAM_INT, false,
			     0, 10000, 5, 0 },
	[RAINBOW_REVERSE] = { "reverse", "Backwards", "", EFFECT_PARAM_BOOL, true, 0, 1, 1, 0 },
};

/* from all colours in 100 s to all of them in 1 s */
#define RAINBOW_SLOWEST_UHZ 10000
#define RAINBOW_FASTEST_UHZ 1000000

static uint32_t speed_of(const struct effect_context *ctx)
{
	uint32_t step =
		motion_speed(ctx->params[RAINBOW_SPEED], RAINBOW_SLOWEST_UHZ, RAINBOW_FASTEST_UHZ);

	return ctx->params[RAINBOW_REVERSE] ? -step : step;
}

static void rainbow_init(void *state, const struct effect_context *ctx)
{
	motion_start(state, speed_of(ctx));
}

static void rainbow_advance(void *state, const struct effect_context *ctx)
{
	motion_advance(state, speed_of(ctx));
}

static void rainbow_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	uint32_t length = (uint32_t)ctx->params[RAINBOW_LENGTH];
	uint8_t saturation = (uint8_t)((ctx->params[RAINBOW_INTENSITY] * 255 + 50) / 100);
	/* colours move towards higher pixels: what is at 0 now comes to the others later */
	uint32_t hue = motion_hue(ctx->params[RAINBOW_HUE]) - motion_at(state, ctx->fraction);
	uint32_t width = kit_width(ctx), step;

	if (length == 0)
		length = width;
	/* a rainbow of one pixel is a whole turn a pixel: the same colour everywhere */
	step = length > 1 ? (uint32_t)((1ULL << 32) / length) : 0;
	for (uint32_t i = 0; i < width; i++, hue += step)
		out[i] = color_from_hsv((uint16_t)(hue >> 16), saturation, 255);
	kit_rows(ctx, out);
}

const struct effect effect_rainbow = {
	.id = "RAINBOW",
	.label = "Rainbow",
	.description = "All colours side by side, wandering along the strip.",
	.params = params,
	.param_count = sizeof(params) / sizeof(params[0]),
	.state_bytes = sizeof(struct motion),
	.init = rainbow_init,
	.advance = rainbow_advance,
	.render = rainbow_render,
};
