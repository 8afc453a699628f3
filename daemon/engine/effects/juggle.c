// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum juggle_param {
	JUGGLE_SPEED,
	JUGGLE_PALETTE,
	JUGGLE_COUNT,
	JUGGLE_LENGTH,
};

static const struct effect_param params[] = {
	[JUGGLE_SPEED] = KIT_SPEED(40),
	[JUGGLE_PALETTE] = KIT_PALETTE(KIT_SPECTRUM),
	[JUGGLE_COUNT] = KIT_NUMBER("count", "Lights", "", 1, 10, 1, 6),
	[JUGGLE_LENGTH] = KIT_PERCENT("length", "Length of the trails", 0, 50),
};

/* the slowest light goes there and back in 40 s, or in 1.5 s */
#define JUGGLE_SLOWEST_UHZ 25000
#define JUGGLE_FASTEST_UHZ 666667

#define JUGGLE_SLOWEST 4U

/* the longest trail, of a turn of 2^32, and the straight pieces it is drawn in */
#define JUGGLE_TRAIL 600000000ULL
#define JUGGLE_PIECES 12U

/* at the start they are on their way already; trails reach back from there */
#define JUGGLE_START (3ULL << 32)

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[JUGGLE_SPEED], JUGGLE_SLOWEST_UHZ, JUGGLE_FASTEST_UHZ);
}

static void juggle_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[JUGGLE_PALETTE], PALETTE_RING);
}

static void juggle_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[JUGGLE_PALETTE], PALETTE_RING);
}

/* a light swings as fast as its number says: 4, 5, 6 … times while all meet again once */
static int64_t place_of(uint64_t now, uint32_t n, uint32_t width)
{
	uint32_t swing =
		fixed_wave((uint16_t)((now >> 16) * (JUGGLE_SLOWEST + n) / JUGGLE_SLOWEST));

	return FIXED_ONE / 2 + (int64_t)swing * (width - 1);
}

static void juggle_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction) + JUGGLE_START;
	struct kit_canvas canvas = kit_canvas(ctx, out);
	uint32_t radius = kit_part(canvas.width, 3, 4) / 2,
		 count = (uint32_t)ctx->params[JUGGLE_COUNT];
	uint64_t back = (uint64_t)ctx->params[JUGGLE_LENGTH] * JUGGLE_TRAIL / 100;

	if (!canvas.width)
		return;
	canvas.height = canvas.height ? 1 : 0;
	for (uint32_t i = 0; i < count; i++) {
		struct pixel color =
			palette_color(&flow->paint.table, (uint16_t)(i * 65536 / count));
		int64_t place = place_of(now, i, canvas.width), from = place;

		kit_disc(&canvas, place, FIXED_ONE / 2, radius, color, QUICK_ONE);
		for (uint32_t j = 0; back && j < JUGGLE_PIECES; j++) {
			int64_t to =
				place_of(now - back * (j + 1) / JUGGLE_PIECES, i, canvas.width);
			uint32_t left = JUGGLE_PIECES - j;

			kit_streak(out, canvas.width, from, to, color,
				   left * left * 180 / (JUGGLE_PIECES * JUGGLE_PIECES),
				   (left - 1) * (left - 1) * 180 / (JUGGLE_PIECES * JUGGLE_PIECES));
			from = to;
		}
	}
	kit_rows(ctx, out);
}

const struct effect effect_juggle = {
	.id = "JUGGLE",
	.label = "Juggle",
	.description = "Coloured lights weave in and out of each other.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = juggle_init,
	.advance = juggle_advance,
	.render = juggle_render,
};
