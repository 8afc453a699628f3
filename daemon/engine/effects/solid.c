// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effect.h"

static const struct effect_param params[] = {
	[EFFECT_SOLID_RED] = { "red", "Red", "", EFFECT_PARAM_INT, false, 0, 255, 5, 255 },
	[EFFECT_SOLID_GREEN] = { "green", "Green", "", EFFECT_PARAM_INT, false, 0, 255, 5, 200 },
	[EFFECT_SOLID_BLUE] = { "blue", "Blue", "", EFFECT_PARAM_INT, false, 0, 255, 5, 150 },
	[EFFECT_SOLID_WHITE] = { "white", "White", "", EFFECT_PARAM_INT, false, 0, 255, 5, 0 },
};

static void solid_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	struct pixel color = {
		.r = (uint8_t)ctx->params[EFFECT_SOLID_RED],
		.g = (uint8_t)ctx->params[EFFECT_SOLID_GREEN],
		.b = (uint8_t)ctx->params[EFFECT_SOLID_BLUE],
		.w = (uint8_t)ctx->params[EFFECT_SOLID_WHITE],
	};

	(void)state;
	for (uint32_t i = 0; i < ctx->pixels; i++)
		out[i] = color;
}

const struct effect effect_solid = {
	.id = "SOLID",
	.label = "Solid",
	.description = "One colour that stands still.",
	.params = params,
	.param_count = sizeof(params) / sizeof(params[0]),
	.render = solid_render,
};
