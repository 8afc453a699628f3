// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum candle_param {
	CANDLE_SPEED,
	CANDLE_PALETTE,
	CANDLE_INTENSITY,
	CANDLE_SPACING,
};

static const struct effect_param params[] = {
	[CANDLE_SPEED] = KIT_SPEED(45),
	[CANDLE_PALETTE] = KIT_PALETTE(KIT_CANDLELIGHT),
	[CANDLE_INTENSITY] = KIT_PERCENT("intensity", "Draught", 0, 50),
	[CANDLE_SPACING] = KIT_NUMBER("spacing", "From candle to candle", "px", 1, 500, 1, 10),
};

/* a slow flicker takes 4 s, or 0.2 s */
#define CANDLE_SLOWEST_UHZ 250000
#define CANDLE_FASTEST_UHZ 5000000

/* light between two candles, of 65536 */
#define CANDLE_GLOW 26000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[CANDLE_SPEED], CANDLE_SLOWEST_UHZ, CANDLE_FASTEST_UHZ);
}

static void candle_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[CANDLE_PALETTE], PALETTE_LINE);
}

static void candle_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[CANDLE_PALETTE], PALETTE_LINE);
}

/* how bright candle @n is, 0 to 65535 */
static uint32_t burn(const struct effect_context *ctx, uint64_t now, uint32_t n)
{
	uint32_t own = noise_pair(n, ctx->seed), time = own + (uint32_t)(now >> 16);
	uint32_t slow = noise_at(own, time, 0, 0), fast = noise_at(~own, time * 4, 0, 0);
	uint32_t draught = noise_at(own, own + (uint32_t)((now >> 16) / 3), FIXED_ONE, 0);
	uint32_t depth = (uint32_t)ctx->params[CANDLE_INTENSITY] * 655;
	/* only the highest third of the slow noise is a draught */
	uint32_t duck = draught > 43690 ? (draught - 43690) * 3 / 2 : 0;
	uint32_t loss = slow / 4 + fixed_mul(fast, 12000 + duck) + duck;

	return 65535 - fixed_mul(loss > 65535 ? 65535 : loss, depth);
}

static void candle_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction);
	uint32_t width = kit_width(ctx), height = kit_height(ctx);
	uint32_t spacing = (uint32_t)ctx->params[CANDLE_SPACING];
	uint32_t step = 65536 / spacing;

	if (spacing > width)
		spacing = width;
	for (uint32_t x = 0; x < width; x += spacing) {
		uint32_t light = burn(ctx, now, x / spacing);
		struct pixel color = palette_color(&flow->paint.table, (uint16_t)(light / 4 * 3));
		uint32_t place = step / 2;

		for (uint32_t i = x; i < x + spacing && i < width; i++, place += step) {
			/* the flame and its glow to both sides */
			uint32_t shape = fixed_shade((uint16_t)place);

			shape = spacing < 3 ? 65535
					    : CANDLE_GLOW + fixed_mul(shape, 65535 - CANDLE_GLOW);
			shape = fixed_mul(fixed_mul(shape, shape), light);
			out[i] = quick_scale(color, quick_level(shape));
		}
	}
	for (uint32_t y = height; y-- > 0 && height > 1;) {
		/* brightest a little below the middle, dark at the top */
		uint32_t along = y * 65535 / (height - 1);
		uint32_t shape = fixed_shade((uint16_t)(fixed_mul(along, 45000) + 3000));

		for (uint32_t x = 0; x < width; x++)
			out[(size_t)y * width + x] = quick_scale(out[x], quick_level(shape));
	}
}

const struct effect effect_candle = {
	.id = "CANDLE",
	.label = "Candle",
	.description =
		"Candles side by side; each flickers by itself and sometimes ducks in a draught.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = candle_init,
	.advance = candle_advance,
	.render = candle_render,
};
