// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effect.h"
#include "engine/effects/kit.h"
#include "engine/effects/motion.h"
#include "pixel/gamma.h"

enum snake_param {
	SNAKE_SPEED,
	SNAKE_INTENSITY,
	SNAKE_HUE,
	SNAKE_HUE_OFFSET,
	SNAKE_LENGTH,
	SNAKE_REVERSE,
};

static const struct effect_param params[] = {
	[SNAKE_SPEED] = { "speed", "Speed", "%", EFFECT_PARAM_INT, false, 1, 100, 5, 45 },
	[SNAKE_INTENSITY] = { "intensity", "Intensity", "%", EFFECT_PARAM_INT, false, 0, 100, 5,
			      100 },
	[SNAKE_HUE] = { "primary_color_hue", "Colour", "°", EFFECT_PARAM_HUE, true, 0, 360, 10,
			130 },
	[SNAKE_HUE_OFFSET] = { "hue_offset", "Change towards the tail", "°", EFFECT_PARAM_INT, true,
			       0, 360, 10, 60 },
	[SNAKE_LENGTH] = { "length", "Length", "px", EFFECT_PARAM_INT, false, 1, 1000, 1, 10 },
	[SNAKE_REVERSE] = { "reverse", "Backwards", "", EFFECT_PARAM_BOOL, true, 0, 1, 1, 0 },
};

/* a snake crawls at 2 px/s or shoots at 150 px/s, but never goes round faster than 1.5 times a second */
#define SNAKE_SLOWEST_UPX 2000000ULL
#define SNAKE_FASTEST_UPX 150000000ULL
#define SNAKE_SLOWEST_MAX_UHZ 50000ULL
#define SNAKE_FASTEST_MAX_UHZ 1500000ULL

/* long strips have several, one behind the other, at least this far apart */
#define SNAKE_TERRITORY_PX 100U
#define SNAKE_TERRITORY_LENGTHS 3U

#define ONE 65536U /* a pixel, or a whole */

/* pixels, in 65536ths, from the head of a snake to the head of the next; at least one */
static uint64_t distance_of(const struct effect_context *ctx)
{
	uint32_t territory = (uint32_t)ctx->params[SNAKE_LENGTH] * SNAKE_TERRITORY_LENGTHS;
	uint32_t width = kit_width(ctx), snakes;

	if (territory < SNAKE_TERRITORY_PX)
		territory = SNAKE_TERRITORY_PX;
	snakes = width / territory;
	if (snakes == 0)
		snakes = 1;
	return width ? (uint64_t)width * ONE / snakes : ONE;
}

static uint64_t at_most(uint64_t value, uint64_t limit)
{
	return value < limit ? value : limit;
}

static uint32_t speed_of(const struct effect_context *ctx)
{
	uint64_t distance_px = distance_of(ctx) / ONE;
	uint32_t step =
		motion_speed(ctx->params[SNAKE_SPEED],
			     at_most(SNAKE_SLOWEST_UPX / distance_px, SNAKE_SLOWEST_MAX_UHZ),
			     at_most(SNAKE_FASTEST_UPX / distance_px, SNAKE_FASTEST_MAX_UHZ));

	return ctx->params[SNAKE_REVERSE] ? -step : step;
}

static void snake_init(void *state, const struct effect_context *ctx)
{
	motion_start(state, speed_of(ctx));
}

static void snake_advance(void *state, const struct effect_context *ctx)
{
	motion_advance(state, speed_of(ctx));
}

struct snake {
	uint64_t distance; /* all in 65536ths of a pixel */
	uint64_t length;
	uint32_t hue;	 /* of the head; a turn is 2^32 */
	uint64_t change; /* of the hue from head to tail, up to a whole turn */
	uint8_t intensity;
};

/*
 * A pixel @behind the head. Light is computed, not component values, so that a
 * head between two pixels gives as much as one right on a pixel and the motion
 * looks even.
 */
static struct pixel snake_pixel(const struct snake *snake, uint64_t behind)
{
	uint64_t ahead = snake->distance - behind;
	uint64_t light = 0, along = 0;
	uint32_t hue;
	uint8_t value;

	if (behind < snake->length) {
		uint64_t left;

		along = behind * ONE / snake->length;
		left = ONE - along;
		light = left * left / ONE * left / ONE;
	}
	/* the head comes into the next pixel while it leaves this one */
	if (ahead < ONE && ONE - ahead > light) {
		light = ONE - ahead;
		along = 0;
	}
	if (light == 0)
		return PIXEL_BLACK;
	hue = snake->hue + (uint32_t)(snake->change * along / ONE);
	value = gamma_component((uint32_t)(light * GAMMA_LINEAR_MAX / ONE));
	return color_scale(color_from_hsv((uint16_t)(hue >> 16), 255, value), snake->intensity);
}

static void snake_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	struct snake snake = {
		.distance = distance_of(ctx),
		.length = (uint64_t)ctx->params[SNAKE_LENGTH] * ONE,
		.hue = motion_hue(ctx->params[SNAKE_HUE]),
		.change = ((uint64_t)ctx->params[SNAKE_HUE_OFFSET] << 32) / COLOR_HUE_MAX,
		.intensity = (uint8_t)((ctx->params[SNAKE_INTENSITY] * 255 + 50) / 100),
	};
	uint64_t behind = motion_at(state, ctx->fraction) * snake.distance >> 32;
	bool reverse = ctx->params[SNAKE_REVERSE];
	uint32_t width = kit_width(ctx);

	/* on a short strip the tail ends where the head begins */
	if (snake.length > snake.distance)
		snake.length = snake.distance;

	for (uint32_t i = 0; i < width; i++) {
		/* going backwards the same snake looks the other way */
		out[i] = snake_pixel(&snake, reverse && behind ? snake.distance - behind : behind);
		behind = behind >= ONE ? behind - ONE : behind + snake.distance - ONE;
	}
	kit_rows(ctx, out);
}

const struct effect effect_snake = {
	.id = "SNAKE",
	.label = "Snake",
	.description = "A bright head that runs along the strip and draws a fading tail behind it.",
	.params = params,
	.param_count = sizeof(params) / sizeof(params[0]),
	.state_bytes = sizeof(struct motion),
	.init = snake_init,
	.advance = snake_advance,
	.render = snake_render,
};
