// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum sinelon_param {
	SINELON_SPEED,
	SINELON_PALETTE,
	SINELON_LENGTH,
};

static const struct effect_param params[] = {
	[SINELON_SPEED] = KIT_SPEED(45),
	[SINELON_PALETTE] = KIT_PALETTE(KIT_SPECTRUM),
	[SINELON_LENGTH] = KIT_PERCENT("length", "Length of the trail", 5, 60),
};

/* there and back in 20 s, or in 1 s */
#define SINELON_SLOWEST_UHZ 50000
#define SINELON_FASTEST_UHZ 1000000

/* the longest trail, of a turn of 2^32, and the pieces of one colour it is drawn in */
#define SINELON_TRAIL 3000000000ULL
#define SINELON_PIECES 40U

/* at the start it is on its way already; the trail reaches back from there */
#define SINELON_START (3ULL << 32)

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[SINELON_SPEED], SINELON_SLOWEST_UHZ, SINELON_FASTEST_UHZ);
}

static void sinelon_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[SINELON_PALETTE], PALETTE_RING);
}

static void sinelon_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[SINELON_PALETTE], PALETTE_RING);
}

static int64_t place_of(uint64_t now, uint32_t width)
{
	return FIXED_ONE / 2 + (int64_t)fixed_wave((uint16_t)(now >> 16)) * (width - 1);
}

static void sinelon_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	const struct palette_table *table = &flow->paint.table;
	uint64_t now = motion_now(&flow->motion, ctx->fraction) + SINELON_START;
	struct kit_canvas canvas = kit_canvas(ctx, out);
	uint64_t back = (uint64_t)ctx->params[SINELON_LENGTH] * SINELON_TRAIL / 100;
	int64_t from, place;

	if (!canvas.width)
		return;
	canvas.height = canvas.height ? 1 : 0;
	place = from = place_of(now, canvas.width);
	for (uint32_t i = 0; i < SINELON_PIECES; i++) {
		uint64_t then = now - back * (i + 1) / SINELON_PIECES;
		int64_t to = place_of(then, canvas.width);
		uint32_t left = SINELON_PIECES - i;

		kit_streak(out, canvas.width, from, to,
			   palette_color(table, (uint16_t)(then >> 18)),
			   left * left * QUICK_ONE / (SINELON_PIECES * SINELON_PIECES),
			   (left - 1) * (left - 1) * QUICK_ONE / (SINELON_PIECES * SINELON_PIECES));
		from = to;
	}
	kit_disc(&canvas, place, FIXED_ONE / 2, kit_part(canvas.width, 4, 4) / 2,
		 palette_color(table, (uint16_t)(now >> 18)), QUICK_ONE);
	kit_rows(ctx, out);
}

const struct effect effect_sinelon = {
	.id = "SINELON",
	.label = "Sinelon",
	.description = "One light swings from end to end and trails the colours it has just had.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = sinelon_init,
	.advance = sinelon_advance,
	.render = sinelon_render,
};
