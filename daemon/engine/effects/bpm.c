// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum bpm_param {
	BPM_BPM,
	BPM_PALETTE,
	BPM_INTENSITY,
	BPM_LENGTH,
};

static const struct effect_param params[] = {
	[BPM_BPM] = KIT_NUMBER("bpm", "Beats in a minute", "bpm", 20, 200, 1, 84),
	[BPM_PALETTE] = KIT_PALETTE(KIT_TWILIGHT),
	[BPM_INTENSITY] = KIT_PERCENT("intensity", "Depth", 0, 80),
	[BPM_LENGTH] = KIT_PERCENT("length", "Way a beat runs", 0, 60),
};

/* a beat has all its light after this part, of 65536 */
#define BPM_ATTACK 6553U

static uint32_t step_of(const struct effect_context *ctx)
{
	return (uint32_t)(((uint64_t)ctx->params[BPM_BPM] << 32) / (60 * EFFECT_TICK_HZ));
}

static void bpm_init(void *state, const struct effect_context *ctx)
{
	kit_flow_start(state, step_of(ctx), ctx->params[BPM_PALETTE], PALETTE_RING);
}

static void bpm_advance(void *state, const struct effect_context *ctx)
{
	kit_flow_advance(state, step_of(ctx), ctx->params[BPM_PALETTE], PALETTE_RING);
}

static void bpm_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct kit_flow *flow = state;
	uint64_t now = motion_now(&flow->motion, ctx->fraction);
	uint32_t width = kit_width(ctx), depth = kit_level(ctx->params[BPM_INTENSITY]);
	uint32_t step = width ? (1U << 24) / width : 0;
	/* a beat starts in the middle and runs to both ends in this part of its time */
	uint32_t way = (uint32_t)ctx->params[BPM_LENGTH] * 65535 / 100;

	for (uint32_t i = 0; i < width; i++) {
		uint32_t along = i * step >> 8;
		uint32_t off = along < 32768 ? (32768 - along) * 2 : (along - 32768) * 2;
		uint32_t beat = (kit_turn(now) - fixed_mul(off, way)) & 65535, light;
		struct pixel color = palette_color(&flow->paint.table,
						   (uint16_t)(off / 3 - (uint32_t)(now >> 20)));

		if (beat < BPM_ATTACK)
			light = fixed_smooth(beat * (65536 / BPM_ATTACK));
		else
			light = fixed_smooth(65535 -
					     (beat - BPM_ATTACK) * 65535ULL / (65536 - BPM_ATTACK));
		out[i] = quick_scale(color, QUICK_ONE - ((65535 - light) * depth >> 16));
	}
	kit_rows(ctx, out);
}

const struct effect effect_bpm = {
	.id = "BPM",
	.label = "Beat",
	.description = "Colours pulse with the beat, from the middle to both ends.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct kit_flow),
	.init = bpm_init,
	.advance = bpm_advance,
	.render = bpm_render,
};
