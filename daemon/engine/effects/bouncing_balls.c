// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum bouncing_balls_param {
	BOUNCING_BALLS_SPEED,
	BOUNCING_BALLS_PALETTE,
	BOUNCING_BALLS_COUNT,
	BOUNCING_BALLS_BOUNCE,
	BOUNCING_BALLS_SIZE,
};

#define BOUNCING_BALLS_MAX 8

static const struct effect_param params[] = {
	[BOUNCING_BALLS_SPEED] = KIT_SPEED(50),
	[BOUNCING_BALLS_PALETTE] = KIT_PALETTE(KIT_CANDY),
	[BOUNCING_BALLS_COUNT] = KIT_NUMBER("count", "Balls", "", 1, BOUNCING_BALLS_MAX, 1, 4),
	[BOUNCING_BALLS_BOUNCE] = KIT_NUMBER("bounce", "Bounce", "%", 30, 95, 5, 80),
	[BOUNCING_BALLS_SIZE] = KIT_NUMBER("size", "Size", "%", 1, 50, 1, 8),
};

/* heights have 30 binary digits, velocities are heights in a tick */
#define BOUNCING_BALLS_TOP (1LL << 30)

/* from the top a ball falls for 0.75 s: g = 2h / t², in ticks of 1/120 s */
#define BOUNCING_BALLS_GRAVITY (2 * BOUNCING_BALLS_TOP / (90 * 90))

/* slower than this at the floor, about 1 % of the height, it is thrown again */
#define BOUNCING_BALLS_TIRED (BOUNCING_BALLS_TOP / 500)

struct ball {
	int64_t height, velocity;
	uint32_t throws;
};

struct balls {
	struct kit_paint paint;
	uint32_t pace; /* of time in the tick under way, 65536 is real time */
	struct ball ball[BOUNCING_BALLS_MAX];
};

static uint32_t pace_of(const struct effect_context *ctx)
{
	int32_t speed = ctx->params[BOUNCING_BALLS_SPEED];

	/* real time at 50 %, three times that at 100 % */
	return (uint32_t)(6554 + 19 * speed * speed + speed * 229);
}

/* thrown so that it comes up to between 5/8 and all of the height */
static void throw_up(struct ball *ball, const struct effect_context *ctx, uint32_t n)
{
	uint32_t draw = noise_pair(n + ball->throws * BOUNCING_BALLS_MAX, ctx->seed) & 65535;
	int64_t top = BOUNCING_BALLS_TOP / 8 * 5 + BOUNCING_BALLS_TOP / 8 * 3 / 65536 * draw;

	ball->height = 0;
	ball->velocity = fixed_root((uint64_t)(2 * BOUNCING_BALLS_GRAVITY * top));
	ball->throws++;
}

/* where it is after @time, 65536 is a tick of real time; it loses height when it bounces */
static struct ball moved(const struct ball *ball, int64_t time, int32_t bounce)
{
	struct ball next = *ball;

	next.velocity -= BOUNCING_BALLS_GRAVITY * time / 65536;
	next.height += (ball->velocity + next.velocity) / 2 * time / 65536;
	if (next.height < 0) {
		next.height = -next.height * bounce / 100;
		next.velocity = -next.velocity * bounce / 100;
	}
	return next;
}

static void bouncing_balls_init(void *state, const struct effect_context *ctx)
{
	struct balls *balls = state;

	kit_paint(&balls->paint, ctx->params[BOUNCING_BALLS_PALETTE], PALETTE_RING);
	balls->pace = pace_of(ctx);
	for (uint32_t i = 0; i < BOUNCING_BALLS_MAX; i++) {
		throw_up(&balls->ball[i], ctx, i);
		/* they do not start together, and are in the air at once */
		balls->ball[i] = moved(&balls->ball[i], (int64_t)(5 + i * 17) * 65536, 100);
	}
}

static void bouncing_balls_advance(void *state, const struct effect_context *ctx)
{
	struct balls *balls = state;
	int32_t bounce = ctx->params[BOUNCING_BALLS_BOUNCE];

	kit_paint(&balls->paint, ctx->params[BOUNCING_BALLS_PALETTE], PALETTE_RING);
	for (uint32_t i = 0; i < BOUNCING_BALLS_MAX; i++) {
		struct ball *ball = &balls->ball[i];
		int64_t before = ball->velocity;

		*ball = moved(ball, balls->pace, bounce);
		/* it has just left the floor, and hardly */
		if (before < 0 && ball->velocity > 0 && ball->velocity < BOUNCING_BALLS_TIRED)
			throw_up(ball, ctx, i);
	}
	balls->pace = pace_of(ctx);
}

static void bouncing_balls_render(const void *state, const struct effect_context *ctx,
				  struct pixel *out)
{
	const struct balls *balls = state;
	struct kit_canvas canvas = kit_canvas(ctx, out);
	bool strip = canvas.height <= 1;
	uint32_t rows = strip ? canvas.width : canvas.height;
	uint32_t radius = kit_part(rows, ctx->params[BOUNCING_BALLS_SIZE], 3) * 5 / 8;
	int64_t way = ((int64_t)rows << 16) - FIXED_ONE;
	uint32_t count = (uint32_t)ctx->params[BOUNCING_BALLS_COUNT];
	int32_t bounce = ctx->params[BOUNCING_BALLS_BOUNCE];

	for (uint32_t i = 0; i < count; i++) {
		struct ball now = moved(&balls->ball[i],
					(int64_t)balls->pace * ctx->fraction / 65536, bounce);
		int64_t place = FIXED_ONE / 2 + (now.height >> 14) * way / 65536;
		int64_t column = (((int64_t)canvas.width << 16) * (2 * i + 1)) / (2 * count);
		struct pixel color = kit_pick(&balls->paint, i);

		if (strip)
			kit_disc(&canvas, place, FIXED_ONE / 2, radius, color, QUICK_ONE);
		else
			kit_disc(&canvas, column, ((int64_t)rows << 16) - place, radius, color,
				 QUICK_ONE);
	}
}

const struct effect effect_bouncing_balls = {
	.id = "BOUNCING_BALLS",
	.label = "Bouncing balls",
	.description = "Balls fall, bounce lower and lower, and are thrown again.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct balls),
	.init = bouncing_balls_init,
	.advance = bouncing_balls_advance,
	.render = bouncing_balls_render,
};
