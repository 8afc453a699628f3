// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum larson_param {
	LARSON_SPEED,
	LARSON_HUE,
	LARSON_SIZE,
	LARSON_TAIL,
};

static const struct effect_param params[] = {
	[LARSON_SPEED] = KIT_SPEED(45),
	[LARSON_HUE] = KIT_PRIMARY(0),
	[LARSON_SIZE] = KIT_NUMBER("size", "Size of the eye", "%", 1, 50, 1, 10),
	[LARSON_TAIL] = KIT_PERCENT("length", "Length of the tail", 5, 55),
};

/* there and back in 20 s, or in 0.5 s */
#define LARSON_SLOWEST_UHZ 50000
#define LARSON_FASTEST_UHZ 2000000

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[LARSON_SPEED], LARSON_SLOWEST_UHZ, LARSON_FASTEST_UHZ);
}

static void larson_init(void *state, const struct effect_context *ctx)
{
	motion_start(state, step_of(ctx));
}

static void larson_advance(void *state, const struct effect_context *ctx)
{
	motion_advance(state, step_of(ctx));
}

static void larson_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	uint32_t turn = kit_turn(motion_now(state, ctx->fraction));
	uint32_t width = kit_width(ctx);
	struct kit_canvas row = kit_canvas(ctx, out);
	struct pixel color = color_from_hue((uint32_t)ctx->params[LARSON_HUE]);
	uint32_t radius = kit_part(width, ctx->params[LARSON_SIZE], 4) / 2;
	/* it slows down to half its pace where it turns: a turn less a sine of two turns */
	int32_t sine = (int32_t)fixed_wave((uint16_t)(turn * 2 + 16384)) - 32768;
	uint64_t eased = (uint64_t)((int64_t)turn + 65536 - sine * 10 / 128);
	uint64_t head = (eased & 65535) * 2 * width;
	struct kit_trail trail = {
		.head = head,
		.length = kit_part(width, ctx->params[LARSON_TAIL], 1),
		.path = KIT_PATH_FOLD,
		.front = color,
		.back = color,
	};
	int64_t center =
		(int64_t)(head < (uint64_t)width << 16 ? head : ((uint64_t)width << 17) - head);

	row.height = row.height ? 1 : 0;
	kit_trail(out, width, &trail);
	/* a hot middle in the eye */
	kit_disc(&row, center, FIXED_ONE / 2, radius, color, QUICK_ONE);
	kit_disc(&row, center, FIXED_ONE / 2, radius / 2,
		 quick_lerp(color, (struct pixel){ 255, 255, 255, 0 }, 80), QUICK_ONE);
	kit_rows(ctx, out);
}

const struct effect effect_larson = {
	.id = "LARSON",
	.label = "Larson scanner",
	.description = "A red eye that looks from side to side and leaves its glow behind.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct motion),
	.init = larson_init,
	.advance = larson_advance,
	.render = larson_render,
};
