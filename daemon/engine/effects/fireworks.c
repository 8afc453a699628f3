// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum fireworks_param {
	FIREWORKS_SPEED,
	FIREWORKS_PALETTE,
	FIREWORKS_COUNT,
	FIREWORKS_SIZE,
};

static const struct effect_param params[] = {
	[FIREWORKS_SPEED] = KIT_SPEED(45),
	[FIREWORKS_PALETTE] = KIT_PALETTE(KIT_CITRUS),
	[FIREWORKS_COUNT] = KIT_NUMBER("count", "Rockets at a time", "", 1, 8, 1, 3),
	[FIREWORKS_SIZE] = KIT_PERCENT("size", "Size of the bursts", 10, 50),
};

/* a rocket lives 10 s, or 1 s */
#define FIREWORKS_SLOWEST_UHZ 100000
#define FIREWORKS_FASTEST_UHZ 1000000

/* the part of its life, of 65536, in which it rises */
#define FIREWORKS_RISE 18000U
#define FIREWORKS_SPARKS 22U

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[FIREWORKS_SPEED], FIREWORKS_SLOWEST_UHZ,
			    FIREWORKS_FASTEST_UHZ);
}

static void fireworks_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[FIREWORKS_PALETTE], PALETTE_RING);
}

static void fireworks_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[FIREWORKS_PALETTE], PALETTE_RING);
}

/* one rocket, in places; on a strip it flies along it and y stays */
struct rocket {
	bool strip;
	uint32_t draw;
	int64_t x, y, x_from, y_from;
	int64_t reach;
	uint32_t spark; /* radius */
	struct pixel color;
};

static void rise(const struct kit_canvas *canvas, const struct rocket *rocket, uint32_t age)
{
	static const struct pixel glow = { 255, 190, 110, 0 };

	/* the rocket and its tail, which is where it was a little earlier */
	for (uint32_t i = 0; i < 6; i++) {
		uint32_t then = age > i * 900 ? age - i * 900 : 0;
		uint32_t left = 65535 - (uint32_t)((uint64_t)then * 65535 / FIREWORKS_RISE);
		int64_t gone = 65536 - fixed_square(left);
		int64_t x = rocket->x_from + (rocket->x - rocket->x_from) * gone / 65536;
		int64_t y = rocket->y_from + (rocket->y - rocket->y_from) * gone / 65536;

		kit_disc(canvas, x, y, rocket->spark, glow, 150 >> i);
	}
}

static void burst(const struct kit_canvas *canvas, const struct rocket *rocket, uint32_t age)
{
	static const struct pixel white = { 255, 255, 255, 0 };
	/* fast at first, then braked by the air, and falling */
	uint32_t left = 65535 - age;
	int64_t out = 65536 - fixed_mul(fixed_square(left), left);
	int64_t fall = rocket->strip ? 0 : rocket->reach * (int64_t)fixed_square(age) / 65536 / 2;
	/* the flash turns into colour; embers crackle at the end */
	uint32_t flash = age < 6000 ? QUICK_ONE - age * QUICK_ONE / 6000 : 0;
	struct pixel color = quick_lerp(rocket->color, white, flash);

	if (flash)
		kit_disc(canvas, rocket->x, rocket->y, rocket->spark * 2, white, flash);
	for (uint32_t i = 0; i < FIREWORKS_SPARKS; i++) {
		uint32_t own = noise_hash(rocket->draw + i);
		uint16_t angle = (uint16_t)(i * 65536 / FIREWORKS_SPARKS + (own & 2047));
		int64_t cosine = (int64_t)fixed_wave((uint16_t)(angle + 32768)) - 32768;
		int64_t sine = (int64_t)fixed_wave((uint16_t)(angle + 16384)) - 32768;
		/* on a ring, some nearer; on a strip at all distances, to both sides */
		int64_t share =
			rocket->strip ? 6000 + (own >> 16) * 9 / 10 : 40000 + (own >> 17) * 3 / 4;
		int64_t reach = rocket->reach * share / 65536 * out / 65536;
		uint32_t crackle = fixed_shade((uint16_t)(own + age * 6));
		uint32_t light = fixed_smooth(left);

		light = fixed_mul(light, 65535 - fixed_mul(crackle, age));
		if (rocket->strip)
			cosine = i & 1 ? 32767 : -32768;
		kit_disc(canvas, rocket->x + reach * cosine / 32768,
			 rocket->strip ? rocket->y : rocket->y + reach * sine / 32768 + fall,
			 rocket->spark, color, quick_level(light));
	}
}

static void fireworks_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction);
	struct kit_canvas canvas = kit_canvas(ctx, out);
	bool strip = canvas.height <= 1;
	int64_t width = (int64_t)canvas.width << 16, height = (int64_t)canvas.height << 16;
	uint32_t smaller = canvas.width < canvas.height ? canvas.width : canvas.height;
	uint32_t count = (uint32_t)ctx->params[FIREWORKS_COUNT];

	for (uint32_t i = 0; i < count; i++) {
		uint64_t own = now + ((uint64_t)i << 32) / count;
		uint32_t age = kit_turn(own), turn = (uint32_t)(own >> 32);
		uint32_t draw = noise_pair(turn * 8 + i, ctx->seed);
		int64_t across = 9830 + (draw & 65535) * 7 / 10, up = 9830 + (draw >> 16) * 3 / 10;
		struct rocket rocket = {
			.strip = strip,
			.draw = draw,
			.x = width * across / 65536,
			.y = strip ? FIXED_ONE / 2 : height * up / 65536,
			.y_from = strip ? FIXED_ONE / 2 : height,
			.reach = kit_part(strip ? canvas.width : smaller,
					  ctx->params[FIREWORKS_SIZE], 3),
			.color = kit_pick(&flow->paint, draw >> 8),
		};

		/* it takes off at the nearer end of a strip, at the foot of a matrix */
		rocket.x_from = strip ? (across > 32768 ? width : 0) : rocket.x;
		if (strip)
			rocket.reach /= 3;
		rocket.spark = FIXED_ONE * 3 / 2 + (uint32_t)rocket.reach / 16;
		if (age < FIREWORKS_RISE)
			rise(&canvas, &rocket, age);
		else
			burst(&canvas, &rocket,
			      (uint32_t)((uint64_t)(age - FIREWORKS_RISE) * 65535 /
					 (65535 - FIREWORKS_RISE)));
	}
}

const struct effect effect_fireworks = {
	.id = "FIREWORKS",
	.label = "Fireworks",
	.description = "Rockets rise and burst into sparks that slow down, fall and crackle.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = fireworks_init,
	.advance = fireworks_advance,
	.render = fireworks_render,
};
