// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum sunrise_param {
	SUNRISE_DURATION,
	SUNRISE_INTENSITY,
	SUNRISE_SUNSET,
};

static const struct effect_param params[] = {
	[SUNRISE_DURATION] = KIT_NUMBER("duration", "Duration", "min", 1, 120, 1, 10),
	[SUNRISE_INTENSITY] = KIT_PERCENT("intensity", "Brightness of the day", 10, 100),
	[SUNRISE_SUNSET] = KIT_SWITCH("sunset", "Sunset", 0),
};

/* colours of the light; how much there is of it comes extra */
static const struct palette sky = {
	.count = 6,
	.stops = {
		{ 0, { 60, 20, 150, 0 } },
		{ 50, { 150, 10, 90, 0 } },
		{ 95, { 255, 40, 10, 0 } },
		{ 140, { 255, 120, 20, 0 } },
		{ 195, { 255, 190, 90, 0 } },
		{ 255, { 255, 240, 210, 0 } },
	},
};

/* the far end of the zone is so much later, of 65536 of the duration */
#define SUNRISE_LATER 20000U

struct sunrise {
	uint64_t position; /* 2^32 is day */
	uint32_t step;
	struct palette_table table;
};

static uint32_t step_of(const struct effect_context *ctx)
{
	return (uint32_t)((1ULL << 32) /
			  ((uint32_t)ctx->params[SUNRISE_DURATION] * 60 * EFFECT_TICK_HZ));
}

static void sunrise_init(void *state, const struct effect_context *ctx)
{
	struct sunrise *sunrise = state;

	palette_layout(&sunrise->table, &sky, PALETTE_LINE);
	sunrise->step = step_of(ctx);
}

static void sunrise_advance(void *state, const struct effect_context *ctx)
{
	struct sunrise *sunrise = state;

	if (sunrise->position < 1ULL << 32)
		sunrise->position += sunrise->step;
	sunrise->step = step_of(ctx);
}

static void sunrise_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct sunrise *sunrise = state;
	uint32_t width = kit_width(ctx), height = kit_height(ctx);
	uint64_t position = sunrise->position + ((uint64_t)sunrise->step * ctx->fraction >> 16);
	uint32_t done = position < 1ULL << 32 ? (uint32_t)(position >> 16) : 65535;
	uint32_t day = (uint32_t)ctx->params[SUNRISE_INTENSITY] * 65536 / 100;
	uint32_t reach = width + height;

	if (ctx->params[SUNRISE_SUNSET])
		done = 65535 - done;
	/* all of it is day when the latest pixel is */
	done += fixed_mul(done, SUNRISE_LATER);
	for (uint32_t y = 0; y < height; y++, out += width) {
		for (uint32_t x = 0; x < width; x++) {
			/* the sun comes up in the middle; on a matrix, at its foot */
			uint32_t off = x * 2 + 1 > width ? x * 2 + 1 - width : width - x * 2 - 1;
			uint32_t late = (uint32_t)((uint64_t)(off + (height - 1 - y)) *
						   SUNRISE_LATER / reach);
			uint32_t here = done > late ? done - late : 0;
			uint32_t own = noise_pixel(y * width + x, ctx->seed) >> 16;

			here = here > 65535 ? 65535 : here;
			out[x] = kit_dither(palette_color(&sunrise->table, (uint16_t)here),
					    fixed_mul(fixed_smooth(here), day), own);
		}
	}
}

const struct effect effect_sunrise = {
	.id = "SUNRISE",
	.label = "Sunrise",
	.description = "Night turns into day through deep red and gold, and stays; or the other "
		       "way round.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct sunrise),
	.init = sunrise_init,
	.advance = sunrise_advance,
	.render = sunrise_render,
};
