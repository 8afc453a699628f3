// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum police_param {
	POLICE_SPEED,
	POLICE_PRIMARY,
	POLICE_SECONDARY,
	POLICE_BLOCKS,
	POLICE_FLASHES,
};

static const struct effect_param params[] = {
	[POLICE_SPEED] = KIT_SPEED(45),
	[POLICE_PRIMARY] = KIT_PRIMARY(0),
	[POLICE_SECONDARY] = KIT_SECONDARY(230),
	[POLICE_BLOCKS] = KIT_NUMBER("blocks", "Lights", "", 2, 32, 1, 2),
	[POLICE_FLASHES] = KIT_NUMBER("flashes", "Flashes in a row", "", 1, 5, 1, 2),
};

/* both colours in 4 s, or in 0.35 s */
#define POLICE_SLOWEST_UHZ 250000
#define POLICE_FASTEST_UHZ 2857143

/* a flash takes so long to come, of 65536 */
#define POLICE_ATTACK 8192U

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[POLICE_SPEED], POLICE_SLOWEST_UHZ, POLICE_FASTEST_UHZ);
}

static void police_init(void *state, const struct effect_context *ctx)
{
	motion_start(state, step_of(ctx));
}

static void police_advance(void *state, const struct effect_context *ctx)
{
	motion_advance(state, step_of(ctx));
}

static void police_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	uint32_t turn = kit_turn(motion_now(state, ctx->fraction)), width = kit_width(ctx);
	uint32_t blocks = (uint32_t)ctx->params[POLICE_BLOCKS], side = turn >> 15;
	uint32_t flash = (turn & 32767) * 2 * (uint32_t)ctx->params[POLICE_FLASHES] & 65535;
	/* a lamp that turns: quick to come, and out again before the next flash */
	uint32_t light = flash < POLICE_ATTACK ? fixed_smooth(flash * (65536 / POLICE_ATTACK))
					       : fixed_square(65535 - (flash - POLICE_ATTACK));
	struct pixel color[2] = {
		color_from_hue((uint32_t)ctx->params[POLICE_PRIMARY]),
		color_from_hue((uint32_t)ctx->params[POLICE_SECONDARY]),
	};

	if (blocks > width)
		blocks = width;
	for (uint32_t i = 0; i < blocks; i++) {
		uint32_t from = (uint32_t)((uint64_t)width * i / blocks);
		uint32_t to = (uint32_t)((uint64_t)width * (i + 1) / blocks);
		uint32_t level = (i & 1) == side ? quick_level(light) : 0;

		kit_fill(out + from, to - from, quick_scale(color[i & 1], level));
	}
	kit_rows(ctx, out);
}

const struct effect effect_police = {
	.id = "POLICE",
	.label = "Police",
	.description = "Two colours flash in turns, as on the roof of a patrol car.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct motion),
	.init = police_init,
	.advance = police_advance,
	.render = police_render,
};
