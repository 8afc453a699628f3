// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum meteor_param {
	METEOR_SPEED,
	METEOR_PALETTE,
	METEOR_LENGTH,
	METEOR_INTENSITY,
	METEOR_REVERSE,
};

static const struct effect_param params[] = {
	[METEOR_SPEED] = KIT_SPEED(45),
	[METEOR_PALETTE] = KIT_PALETTE(KIT_ICE),
	[METEOR_LENGTH] = KIT_PERCENT("length", "Length of the trail", 5, 50),
	[METEOR_INTENSITY] = KIT_PERCENT("intensity", "Patchiness", 0, 60),
	[METEOR_REVERSE] = KIT_SWITCH("reverse", "Backwards", 0),
};

/* one in 20 s, or two in 1 s */
#define METEOR_SLOWEST_UHZ 50000
#define METEOR_FASTEST_UHZ 2000000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[METEOR_SPEED], METEOR_SLOWEST_UHZ, METEOR_FASTEST_UHZ);
}

static void meteor_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[METEOR_PALETTE], PALETTE_LINE);
}

static void meteor_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[METEOR_PALETTE], PALETTE_LINE);
}

static void meteor_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction);
	uint32_t width = kit_width(ctx), turn = (uint32_t)(now >> 32);
	uint32_t length = kit_part(width, ctx->params[METEOR_LENGTH], 3);
	uint64_t way = ((uint64_t)width << 16) + length + FIXED_ONE;
	uint64_t head = ((now & 0xffffffffU) >> 8) * way >> 24;
	uint32_t scale = 0xffffffffU / length;
	uint32_t patchy = kit_level(ctx->params[METEOR_INTENSITY]);
	uint32_t own = noise_pair(turn, ctx->seed);

	for (uint32_t i = 0; i < width; i++) {
		int64_t behind = (int64_t)(head - ((uint64_t)i << 16)) - FIXED_ONE;
		struct pixel *to = &out[ctx->params[METEOR_REVERSE] ? width - 1 - i : i];
		uint32_t fast, gone, left;

		*to = PIXEL_BLACK;
		if (behind <= -(int64_t)FIXED_ONE || behind >= length)
			continue;
		if (behind < 0) {
			*to = quick_scale(palette_color(&flow->paint.table, 65535),
					  quick_glow((uint32_t)(behind + FIXED_ONE)));
			continue;
		}
		/* each pixel cools at its own rate, up to three times as fast */
		fast = FIXED_ONE + (noise_pixel(i, own) >> 16) / 128 * patchy;
		gone = (uint32_t)((uint64_t)behind * scale >> 16);
		left = fixed_mul(gone, fast);
		left = left < 65535 ? 65535 - left : 0;
		*to = quick_scale(palette_color(&flow->paint.table, (uint16_t)left),
				  quick_level(fixed_square(left)));
	}
	kit_rows(ctx, out);
}

const struct effect effect_meteor = {
	.id = "METEOR",
	.label = "Meteor",
	.description = "A bright head crosses the strip; its trail burns out in patches.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = meteor_init,
	.advance = meteor_advance,
	.render = meteor_render,
};
