// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum scan_param {
	SCAN_SPEED,
	SCAN_PRIMARY,
	SCAN_SECONDARY,
	SCAN_BACKGROUND,
	SCAN_SIZE,
	SCAN_DUAL,
};

static const struct effect_param params[] = {
	[SCAN_SPEED] = KIT_SPEED(45),
	[SCAN_PRIMARY] = KIT_PRIMARY(180),
	[SCAN_SECONDARY] = KIT_SECONDARY(250),
	[SCAN_BACKGROUND] = KIT_PERCENT("background", "Background", 0, 25),
	[SCAN_SIZE] = KIT_NUMBER("size", "Size", "%", 1, 50, 1, 8),
	[SCAN_DUAL] = KIT_SWITCH("dual", "Two that cross", 0),
};

/* there and back in 20 s, or in 0.5 s */
#define SCAN_SLOWEST_UHZ 50000
#define SCAN_FASTEST_UHZ 2000000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[SCAN_SPEED], SCAN_SLOWEST_UHZ, SCAN_FASTEST_UHZ);
}

static void scan_init(void *state, const struct effect_context *ctx)
{
	motion_start(state, step_of(ctx));
}

static void scan_advance(void *state, const struct effect_context *ctx)
{
	motion_advance(state, step_of(ctx));
}

/* a bar from @start on: whole pixels inside, the part that is covered at its ends */
static void bar(struct pixel *out, uint32_t width, uint32_t start, uint32_t size,
		struct pixel color)
{
	uint32_t end = start + size;

	for (uint32_t i = start >> 16; i < width && i <= end >> 16; i++) {
		uint32_t from = i << 16 > start ? i << 16 : start;
		uint32_t to = (i + 1) << 16 < end ? (i + 1) << 16 : end;
		uint32_t cover = to > from ? to - from : 0;

		out[i] = quick_lerp(out[i], color, quick_glow(cover > 65535 ? 65535 : cover));
	}
}

static void scan_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	uint32_t turn = kit_turn(motion_now(state, ctx->fraction));
	uint32_t width = kit_width(ctx), size = kit_part(width, ctx->params[SCAN_SIZE], 1);
	uint32_t way = width << 16 > size ? (width << 16) - size : 0;
	/* there and back at an even pace, then a little slower where it turns */
	uint32_t even = turn < 32768 ? turn * 2 : (65535 - turn) * 2;
	uint32_t start = fixed_mul(way, (even * 3 + fixed_wave((uint16_t)turn)) / 4);
	struct pixel color = color_from_hue((uint32_t)ctx->params[SCAN_PRIMARY]);
	struct pixel behind = color_from_hue((uint32_t)ctx->params[SCAN_SECONDARY]);

	kit_fill(out, width, quick_scale(behind, kit_level(ctx->params[SCAN_BACKGROUND])));
	bar(out, width, start, size, color);
	if (ctx->params[SCAN_DUAL])
		bar(out, width, way - start, size, color);
	kit_rows(ctx, out);
}

const struct effect effect_scan = {
	.id = "SCAN",
	.label = "Scan",
	.description = "A bar of light that looks through the strip from end to end.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct motion),
	.init = scan_init,
	.advance = scan_advance,
	.render = scan_render,
};
