// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum ripple_param {
	RIPPLE_SPEED,
	RIPPLE_PALETTE,
	RIPPLE_DENSITY,
	RIPPLE_SIZE,
	RIPPLE_BACKGROUND,
};

static const struct effect_param params[] = {
	[RIPPLE_SPEED] = KIT_SPEED(40),
	[RIPPLE_PALETTE] = KIT_PALETTE(KIT_LAGOON),
	[RIPPLE_DENSITY] = KIT_NUMBER("density", "Drops at a time", "", 1, 12, 1, 5),
	[RIPPLE_SIZE] = KIT_PERCENT("size", "Reach of the rings", 5, 45),
	[RIPPLE_BACKGROUND] = KIT_PERCENT("background", "Background", 0, 15),
};

/* a ring lives 10 s, or 0.7 s */
#define RIPPLE_SLOWEST_UHZ 100000
#define RIPPLE_FASTEST_UHZ 1428571

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[RIPPLE_SPEED], RIPPLE_SLOWEST_UHZ, RIPPLE_FASTEST_UHZ);
}

static void ripple_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[RIPPLE_PALETTE], PALETTE_RING);
}

static void ripple_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[RIPPLE_PALETTE], PALETTE_RING);
}

/* a ring in 16ths of a pixel: squares of the longest strip fit in 64 bits many times over */
struct ring {
	int64_t x, y;
	int64_t radius, crest, wake;
	struct pixel color;
};

/*
 * Close to the ring (d² - r²) / 2r is the distance from it, without a root. The
 * crest is steep outside; the wake within it is wider.
 */
static void draw(const struct kit_canvas *canvas, const struct ring *ring)
{
	int64_t twice = 2 * (ring->radius > ring->wake ? ring->radius : ring->wake);
	int64_t square = ring->radius * ring->radius, reach = ring->radius + ring->crest;
	int64_t outside = twice * ring->crest, inside = twice * ring->wake;
	int64_t left = (ring->x - reach) >> 4, right = (ring->x + reach) >> 4;
	uint64_t outside_scale = (1ULL << 40) / (uint64_t)outside;
	uint64_t inside_scale = (1ULL << 40) / (uint64_t)inside;

	left = left < 0 ? 0 : left;
	right = right >= canvas->width ? (int64_t)canvas->width - 1 : right;
	for (int64_t y = 0; y < canvas->height; y++) {
		int64_t down = y * 16 + 8 - ring->y;
		int64_t rest = down * down - square;

		if (rest >= outside)
			continue;
		for (int64_t x = left; x <= right; x++) {
			int64_t along = x * 16 + 8 - ring->x;
			int64_t off = along * along + rest;
			struct pixel *out = &canvas->out[y * canvas->width + x];
			uint32_t gone;

			if (off >= outside || off <= -inside)
				continue;
			gone = off > 0 ? (uint32_t)((uint64_t)off * outside_scale >> 24)
				       : (uint32_t)((uint64_t)-off * inside_scale >> 24);
			gone = gone > 65535 ? 65535 : gone;
			*out = quick_lighten(*out,
					     quick_scale(ring->color,
							 quick_level(fixed_square(65535 - gone))));
		}
	}
}

static void ripple_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction);
	struct kit_canvas canvas = kit_canvas(ctx, out);
	uint32_t longest = canvas.width > canvas.height ? canvas.width : canvas.height;
	int64_t reach = kit_part(longest, ctx->params[RIPPLE_SIZE], 3) >> 12;
	uint32_t drops = (uint32_t)ctx->params[RIPPLE_DENSITY];

	kit_fill(out, ctx->pixels,
		 quick_scale(flow->paint.table.colors[0],
			     kit_level(ctx->params[RIPPLE_BACKGROUND]) / 2));
	for (uint32_t i = 0; i < drops; i++) {
		/* spread over the time of a ring, so that they never start together */
		uint64_t own = now + ((uint64_t)i << 32) / drops;
		uint32_t age = kit_turn(own), left = 65535 - age;
		uint32_t draw_x = noise_pair((uint32_t)(own >> 32) * 16 + i, ctx->seed);
		uint32_t draw_y = noise_hash(draw_x);
		struct ring ring = {
			.x = (int64_t)((uint64_t)draw_x * canvas.width >> 28),
			.y = canvas.height > 1 ? (int64_t)((uint64_t)draw_y * canvas.height >> 28)
					       : 8,
			/* it slows down as it spreads */
			.radius = reach * (int64_t)(65535 - fixed_square(left)) / 65536,
			.crest = 20 + reach / 24,
			.wake = 40 + reach / 5,
			.color = palette_color(&flow->paint.table, (uint16_t)(draw_y >> 8)),
		};
		/* quick to appear, slow to fade */
		uint32_t light = age < 4096 ? age * 16 : fixed_smooth(left);

		ring.color = quick_scale(ring.color, quick_level(light));
		draw(&canvas, &ring);
	}
}

const struct effect effect_ripple = {
	.id = "RIPPLE",
	.label = "Ripple",
	.description = "Drops fall on still water and their rings spread.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = ripple_init,
	.advance = ripple_advance,
	.render = ripple_render,
};
