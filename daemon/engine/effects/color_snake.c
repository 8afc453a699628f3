// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum color_snake_param {
	COLOR_SNAKE_SPEED,
	COLOR_SNAKE_INTENSITY,
	COLOR_SNAKE_HUE,
	COLOR_SNAKE_HUE_OFFSET,
	COLOR_SNAKE_LENGTH,
};

static const struct effect_param params[] = {
	[COLOR_SNAKE_SPEED] = KIT_SPEED(40),
	[COLOR_SNAKE_INTENSITY] = KIT_PERCENT("intensity", "Brightness", 5, 100),
	[COLOR_SNAKE_HUE] = KIT_PRIMARY(0),
	[COLOR_SNAKE_HUE_OFFSET] = KIT_NUMBER("hue_offset", "Change of colour from pixel to pixel",
					      "°", 0, 180, 1, 14),
	[COLOR_SNAKE_LENGTH] = KIT_NUMBER("length", "Length", "px", 1, 1000, 1, 18),
};

/* pixels in 1000 s; but never round more often than once in 20 s, or 1.5 times a second */
#define COLOR_SNAKE_SLOWEST_MPX 2000ULL
#define COLOR_SNAKE_FASTEST_MPX 150000ULL
#define COLOR_SNAKE_SLOWEST_UHZ 50000ULL
#define COLOR_SNAKE_FASTEST_UHZ 1500000ULL

/* the colours run through the body this much slower than it crawls */
#define COLOR_SNAKE_DRIFT_SHIFT 2

/* the front pixels of a tail that fades, of all of the body */
#define COLOR_SNAKE_TAIL(length) ((length) / 2)

static uint32_t step_of(const struct effect_context *ctx)
{
	uint64_t px =
		kit_distance(ctx->pixels, (uint32_t)ctx->params[COLOR_SNAKE_LENGTH]) / FIXED_ONE;
	uint64_t slowest = COLOR_SNAKE_SLOWEST_MPX * 1000 / px;
	uint64_t fastest = COLOR_SNAKE_FASTEST_MPX * 1000 / px;

	if (slowest > COLOR_SNAKE_SLOWEST_UHZ)
		slowest = COLOR_SNAKE_SLOWEST_UHZ;
	if (fastest > COLOR_SNAKE_FASTEST_UHZ)
		fastest = COLOR_SNAKE_FASTEST_UHZ;
	return motion_speed(ctx->params[COLOR_SNAKE_SPEED], slowest, fastest);
}

static void color_snake_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), KIT_SPECTRUM, PALETTE_RING);
}

static void color_snake_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), KIT_SPECTRUM, PALETTE_RING);
}

static void color_snake_render(const void *state, const struct effect_context *ctx,
			       struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction);
	uint32_t width = kit_width(ctx);
	uint32_t distance = kit_distance(width, (uint32_t)ctx->params[COLOR_SNAKE_LENGTH]);
	uint32_t length = (uint32_t)ctx->params[COLOR_SNAKE_LENGTH] * FIXED_ONE;
	uint32_t change = (uint32_t)ctx->params[COLOR_SNAKE_HUE_OFFSET] * 65536 / 360;
	uint32_t hue = (motion_hue(ctx->params[COLOR_SNAKE_HUE]) >> 16) -
		       (uint32_t)(now >> (16 + COLOR_SNAKE_DRIFT_SHIFT));
	uint32_t level = kit_level(ctx->params[COLOR_SNAKE_INTENSITY]);
	uint32_t behind = kit_along(now, distance >> 16), tail, scale;

	/* the tail stays clear of the next head, by more than the pixel that comes next */
	if (length > distance - distance / 8)
		length = distance - distance / 8;
	if (distance > 2 * FIXED_ONE && length > distance - FIXED_ONE)
		length = distance - FIXED_ONE;
	tail = COLOR_SNAKE_TAIL(length) + 1;
	scale = 0xffffffffU / tail;
	for (uint32_t i = 0; i < width; i++) {
		uint32_t ahead = distance - behind;

		out[i] = PIXEL_BLACK;
		if (behind < length) {
			uint32_t here = QUICK_ONE, left = length - behind;

			if (left < tail)
				here = quick_level(
					fixed_smooth((uint32_t)((uint64_t)left * scale >> 16)));
			out[i] = quick_scale(
				palette_color(&flow->paint.table,
					      (uint16_t)(hue + fixed_mul(behind, change))),
				here * level >> 8);
		} else if (ahead < FIXED_ONE) {
			/* the head comes into this pixel */
			out[i] = quick_scale(palette_color(&flow->paint.table, (uint16_t)hue),
					     quick_glow(FIXED_ONE - 1 - ahead) * level >> 8);
		}
		behind = behind >= FIXED_ONE ? behind - FIXED_ONE : behind + distance - FIXED_ONE;
	}
	kit_rows(ctx, out);
}

const struct effect effect_color_snake = {
	.id = "COLOR_SNAKE",
	.label = "Colour snake",
	.description = "A snake that carries the colours of the rainbow along the strip.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = color_snake_init,
	.advance = color_snake_advance,
	.render = color_snake_render,
};
