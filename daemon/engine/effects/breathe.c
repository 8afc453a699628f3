// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effect.h"
#include "engine/effects/motion.h"
#include "pixel/wave.h"

enum breathe_param {
	BREATHE_SPEED,
	BREATHE_INTENSITY,
	BREATHE_HUE,
};

static const struct effect_param params[] = {
	[BREATHE_SPEED] = { "speed", "Speed", "%", EFFECT_PARAM_INT, false, 1, 100, 5, 45 },
	[BREATHE_INTENSITY] = { "intensity", "Depth", "%", EFFECT_PARAM_INT, false, 0, 100, 5,
				100 },
	[BREATHE_HUE] = { "primary_color_hue", "Colour", "°", EFFECT_PARAM_HUE, true, 0, 360, 10,
			  200 },
};

/* from a breath in 20 s, of one asleep, to one in 1 s */
#define BREATHE_SLOWEST_UHZ 50000
#define BREATHE_FASTEST_UHZ 1000000

/*
 * A breath in 65536ths: in, a moment full, slowly out, a rest. Going out takes
 * longer than coming in, as it does in those who are calm.
 */
#define BREATHE_IN 26000U
#define BREATHE_FULL 3000U
#define BREATHE_OUT 32768U

/* at full depth this much is left, of 100: it gets dark, not off */
#define BREATHE_LEFT 4

static uint32_t speed_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[BREATHE_SPEED], BREATHE_SLOWEST_UHZ, BREATHE_FASTEST_UHZ);
}

static void breathe_init(void *state, const struct effect_context *ctx)
{
	motion_start(state, speed_of(ctx));
}

static void breathe_advance(void *state, const struct effect_context *ctx)
{
	motion_advance(state, speed_of(ctx));
}

/* how full the lungs are, 0 to 65535 */
static uint32_t fullness(uint32_t time)
{
	if (time < BREATHE_IN)
		return wave_smooth_step((uint16_t)(time * 65535 / BREATHE_IN));
	time -= BREATHE_IN;
	if (time < BREATHE_FULL)
		return 65535;
	time -= BREATHE_FULL;
	if (time < BREATHE_OUT)
		return wave_smooth_step((uint16_t)(65535 - time * 65535 / BREATHE_OUT));
	return 0;
}

static void breathe_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	uint32_t depth = (uint32_t)ctx->params[BREATHE_INTENSITY] * (100 - BREATHE_LEFT);
	uint32_t missing = 65535 - fullness(motion_at(state, ctx->fraction) >> 16);
	/* depth is of 10000 */
	uint32_t level = 65535 - (uint32_t)((uint64_t)missing * depth / 10000);
	struct pixel color = color_scale(color_from_hue((uint32_t)ctx->params[BREATHE_HUE]),
					 (uint8_t)((level * 255 + 32767) / 65535));

	for (uint32_t i = 0; i < ctx->pixels; i++)
		out[i] = color;
}

const struct effect effect_breathe = {
	.id = "BREATHE",
	.label = "Breathe",
	.description = "One colour that swells and fades like a calm breath.",
	.params = params,
	.param_count = sizeof(params) / sizeof(params[0]),
	.state_bytes = sizeof(struct motion),
	.init = breathe_init,
	.advance = breathe_advance,
	.render = breathe_render,
};
