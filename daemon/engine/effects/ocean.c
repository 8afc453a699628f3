// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum ocean_param {
	OCEAN_SPEED,
	OCEAN_PALETTE,
	OCEAN_LENGTH,
	OCEAN_INTENSITY,
};

static const struct effect_param params[] = {
	[OCEAN_SPEED] = KIT_SPEED(40),
	[OCEAN_PALETTE] = KIT_PALETTE(KIT_OCEAN),
	[OCEAN_LENGTH] = KIT_NUMBER("length", "Length of the swell", "px", 4, 1000, 1, 36),
	[OCEAN_INTENSITY] = KIT_PERCENT("intensity", "Foam", 0, 45),
};

/* a swell passes in 40 s, or in 1 s */
#define OCEAN_SLOWEST_UHZ 25000
#define OCEAN_FASTEST_UHZ 1000000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[OCEAN_SPEED], OCEAN_SLOWEST_UHZ, OCEAN_FASTEST_UHZ);
}

static void ocean_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[OCEAN_PALETTE], PALETTE_LINE);
}

static void ocean_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[OCEAN_PALETTE], PALETTE_LINE);
}

static void ocean_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	static const struct pixel foam = { 220, 255, 250, 0 };
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction);
	uint32_t width = kit_width(ctx), height = kit_height(ctx);
	uint32_t length = (uint32_t)ctx->params[OCEAN_LENGTH], time = (uint32_t)(now >> 16);
	/* the swell in turns with 24 binary digits, the waves on it a fifth as long */
	uint32_t swell_step = (1U << 24) / length, wave_step = FIXED_ONE * 5 / length;
	uint32_t breaking = 65535 - kit_level(ctx->params[OCEAN_INTENSITY]) * 160;
	struct noise_run wave, bend;

	for (uint32_t y = 0; y < height; y++, out += width) {
		uint32_t swell = -(uint32_t)(now >> 8) + y * swell_step / 2;

		noise_start(&wave, ctx->seed, -time * 2, wave_step, y * wave_step, time);
		noise_start(&bend, ~ctx->seed, (uint32_t)(now >> 18), wave_step / 5,
			    y * wave_step / 3, (uint32_t)(now >> 17));
		for (uint32_t x = 0; x < width; x++, swell += swell_step) {
			uint32_t rise = fixed_shade((uint16_t)((swell >> 8) + noise_next(&bend)));
			uint32_t ripple = noise_next(&wave), level = rise / 2 + ripple / 2;
			struct pixel color;

			/* troughs are deep and dark, crests clear and bright */
			color = palette_color(&flow->paint.table, (uint16_t)(level * 7 / 8));
			color = quick_scale(color, 90 + (level * 166 >> 16));
			if (level > breaking)
				color = quick_lerp(color, foam,
						   quick_level(fixed_smooth(
							   (level - breaking) > 16383
								   ? 65535
								   : (level - breaking) * 4)));
			out[x] = color;
		}
	}
}

const struct effect effect_ocean = {
	.id = "OCEAN",
	.label = "Ocean",
	.description = "Swell rolls in, waves ripple on it, and foam breaks on the crests.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = ocean_init,
	.advance = ocean_advance,
	.render = ocean_render,
};
