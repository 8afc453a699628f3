// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum blink_param {
	BLINK_SPEED,
	BLINK_HUE,
	BLINK_DUTY,
	BLINK_SOFTNESS,
};

static const struct effect_param params[] = {
	[BLINK_SPEED] = KIT_SPEED(40),
	[BLINK_HUE] = KIT_PRIMARY(30),
	[BLINK_DUTY] = KIT_NUMBER("duty", "Time it is on", "%", 5, 95, 5, 50),
	[BLINK_SOFTNESS] = KIT_PERCENT("softness", "Softness", 0, 60),
};

/* once in 10 s, or 6 times a second */
#define BLINK_SLOWEST_UHZ 100000
#define BLINK_FASTEST_UHZ 6000000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[BLINK_SPEED], BLINK_SLOWEST_UHZ, BLINK_FASTEST_UHZ);
}

static void blink_init(void *state, const struct effect_context *ctx)
{
	motion_start(state, step_of(ctx));
}

static void blink_advance(void *state, const struct effect_context *ctx)
{
	motion_advance(state, step_of(ctx));
}

static void blink_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	uint32_t turn = kit_turn(motion_now(state, ctx->fraction));
	uint32_t on = (uint32_t)ctx->params[BLINK_DUTY] * 65535 / 100;
	uint32_t shorter = on < 65535 - on ? on : 65535 - on;
	uint32_t edge = shorter * (uint32_t)ctx->params[BLINK_SOFTNESS] / 100;
	uint32_t light = turn < on ? 65535 : 0;

	/* on and off again within the time it is on; an edge has no corner */
	if (turn < on && edge) {
		uint32_t near = turn < on - turn ? turn : on - turn;

		/* up and down each take half of it at most */
		if (near * 2 < edge)
			light = fixed_smooth((uint32_t)((uint64_t)near * 2 * 65535 / edge));
	}
	kit_fill(out, ctx->pixels,
		 quick_scale(color_from_hue((uint32_t)ctx->params[BLINK_HUE]), quick_level(light)));
}

const struct effect effect_blink = {
	.id = "BLINK",
	.label = "Blink",
	.description = "One colour, on and off, with edges as soft as you like.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct motion),
	.init = blink_init,
	.advance = blink_advance,
	.render = blink_render,
};
