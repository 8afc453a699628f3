// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum strobe_param {
	STROBE_SPEED,
	STROBE_HUE,
	STROBE_SATURATION,
	STROBE_DUTY,
};

static const struct effect_param params[] = {
	[STROBE_SPEED] = KIT_SPEED(40),
	[STROBE_HUE] = KIT_PRIMARY(220),
	[STROBE_SATURATION] = KIT_PERCENT("saturation", "Saturation", 0, 10),
	[STROBE_DUTY] = KIT_NUMBER("duty", "Time of a flash", "%", 5, 50, 5, 25),
};

/* a flash in 2 s, or 12 in 1 s; 2 in 1 s by default, below what can harm */
#define STROBE_SLOWEST_UHZ 500000
#define STROBE_FASTEST_UHZ 12000000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[STROBE_SPEED], STROBE_SLOWEST_UHZ, STROBE_FASTEST_UHZ);
}

static void strobe_init(void *state, const struct effect_context *ctx)
{
	motion_start(state, step_of(ctx));
}

static void strobe_advance(void *state, const struct effect_context *ctx)
{
	motion_advance(state, step_of(ctx));
}

static void strobe_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	uint32_t turn = kit_turn(motion_now(state, ctx->fraction));
	uint32_t duty = (uint32_t)ctx->params[STROBE_DUTY] * 65536 / 100;
	struct pixel color =
		color_from_hsv((uint16_t)(motion_hue(ctx->params[STROBE_HUE]) >> 16),
			       (uint8_t)(ctx->params[STROBE_SATURATION] * 255 / 100), 255);
	uint32_t left = 0;

	/* a tube is bright at once and goes out within its flash */
	if (turn < duty)
		left = 65535 - fixed_square((uint32_t)((uint64_t)turn * 65535 / duty));
	kit_fill(out, ctx->pixels, quick_scale(color, quick_level(left)));
}

const struct effect effect_strobe = {
	.id = "STROBE",
	.label = "Strobe",
	.description = "Short bright flashes in the dark.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct motion),
	.init = strobe_init,
	.advance = strobe_advance,
	.render = strobe_render,
};
