// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

enum lightning_param {
	LIGHTNING_SPEED,
	LIGHTNING_HUE,
	LIGHTNING_INTENSITY,
	LIGHTNING_SIZE,
};

static const struct effect_param params[] = {
	[LIGHTNING_SPEED] = KIT_SPEED(50),
	[LIGHTNING_HUE] = KIT_PRIMARY(235),
	[LIGHTNING_INTENSITY] = KIT_PERCENT("intensity", "Light of the clouds", 0, 30),
	[LIGHTNING_SIZE] = KIT_PERCENT("size", "Reach of a flash", 10, 60),
};

/* strikes: one in 20 s, or 2 in 1 s */
#define LIGHTNING_SLOWEST_UHZ 50000
#define LIGHTNING_FASTEST_UHZ 2000000

/* ticks after which nothing is left of a strike */
#define LIGHTNING_OVER 90U
#define LIGHTNING_FLASHES 4

struct lightning {
	struct motion motion;
	uint64_t clouds; /* time of the clouds, a place */
	uint32_t age;	 /* ticks since the last strike, up to LIGHTNING_OVER */
	uint32_t draw;
	uint32_t strike_at; /* where in the turn, of 2^32, the next one comes */
};

static uint32_t step_of(const struct effect_context *ctx)
{
	return motion_speed(ctx->params[LIGHTNING_SPEED], LIGHTNING_SLOWEST_UHZ,
			    LIGHTNING_FASTEST_UHZ);
}

static void lightning_init(void *state, const struct effect_context *ctx)
{
	struct lightning *storm = state;

	motion_start(&storm->motion, step_of(ctx));
	/* it begins with a strike, so that one sees what it is */
	storm->draw = noise_hash(ctx->seed);
	storm->strike_at = storm->draw / 2 + (1U << 30);
}

static void lightning_advance(void *state, const struct effect_context *ctx)
{
	struct lightning *storm = state;
	uint64_t before = storm->motion.position - storm->strike_at;

	motion_advance(&storm->motion, step_of(ctx));
	storm->clouds += 500;
	if (storm->age < LIGHTNING_OVER)
		storm->age++;
	/* once in each turn, at a time of its own */
	if ((before >> 32) != ((storm->motion.position - storm->strike_at) >> 32)) {
		storm->age = 0;
		storm->draw = noise_pair((uint32_t)(storm->motion.position >> 32), ctx->seed);
	}
}

/* a strike is a few flashes through the same channel: light at @age ticks, a place */
static uint32_t flash(uint32_t draw, uint64_t age)
{
	static const struct {
		uint8_t begin, spread, length, level;
	} flashes[LIGHTNING_FLASHES] = {
		{ 0, 1, 9, 210 },
		{ 7, 7, 8, 150 },
		{ 17, 12, 12, 255 },
		{ 34, 14, 42, 200 },
	};
	uint32_t most = 0;

	for (int i = 0; i < LIGHTNING_FLASHES; i++) {
		uint64_t begin = ((uint64_t)flashes[i].begin << 16) +
				 (uint64_t)(draw >> (8 * i) & 255) * flashes[i].spread * 256;
		uint64_t length = (uint64_t)flashes[i].length << 16;
		uint32_t left;

		if (age < begin || age - begin >= length)
			continue;
		left = (uint32_t)(65535 - (age - begin) * 65535 / length);
		left = (left + fixed_square(left)) / 2 * flashes[i].level >> 8;
		most = left > most ? left : most;
	}
	return most;
}

static void lightning_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	const struct lightning *storm = state;
	uint32_t width = kit_width(ctx), height = kit_height(ctx);
	uint64_t clouds = storm->clouds + (500ULL * ctx->fraction >> 16);
	uint32_t light = flash(storm->draw, ((uint64_t)storm->age << 16) + ctx->fraction);
	struct pixel sky = quick_scale(color_from_hue((uint32_t)ctx->params[LIGHTNING_HUE]),
				       kit_level(ctx->params[LIGHTNING_INTENSITY]));
	struct pixel glow =
		color_from_hsv((uint16_t)(motion_hue(ctx->params[LIGHTNING_HUE]) >> 16), 70, 255);
	struct pixel white = { 255, 255, 255, 0 };
	int64_t reach = kit_part(width, ctx->params[LIGHTNING_SIZE], 3);
	uint64_t scale = (1ULL << 32) / (uint64_t)reach;
	uint32_t cloud_step = FIXED_ONE / (4 + width / 8);
	struct noise_run run;

	for (uint32_t y = 0; y < height; y++, out += width) {
		/* the channel winds its way down a matrix */
		uint32_t bend = noise_at(storm->draw, y * 20000, 0, 0);
		int64_t channel = (((int64_t)width << 16) >> 16) * (storm->draw >> 16) +
				  (height > 1 ? ((int64_t)bend - 32768) * width / 3 : 0);

		noise_start(&run, ctx->seed, (uint32_t)clouds, cloud_step, y * cloud_step * 2,
			    (uint32_t)clouds);
		for (uint32_t x = 0; x < width; x++) {
			uint32_t cloud = noise_next(&run);
			int64_t off = ((int64_t)x << 16) + FIXED_ONE / 2 - channel;
			uint32_t gone, here;

			out[x] = quick_scale(sky, quick_level(fixed_smooth(cloud)));
			if (!light)
				continue;
			off = off < 0 ? -off : off;
			gone = off < reach ? (uint32_t)((uint64_t)off * scale >> 16) : 65535;
			/* the clouds everywhere show a little of it */
			here = fixed_square(65535 - gone) * 3 / 4 + cloud / 6;
			here = fixed_mul(here > 65535 ? 65535 : here, light);
			out[x] = quick_lighten(out[x], quick_scale(glow, quick_level(here)));
			if (off < FIXED_ONE)
				out[x] = quick_lighten(
					out[x],
					quick_scale(white, quick_level(fixed_mul(
								   (uint32_t)(FIXED_ONE - 1 - off),
								   light))));
		}
	}
}

const struct effect effect_lightning = {
	.id = "LIGHTNING",
	.label = "Lightning",
	.description = "Dark clouds drift; now and then lightning flickers and lights them up.",
	KIT_PARAMS(params),
	.state_bytes = sizeof(struct lightning),
	.init = lightning_init,
	.advance = lightning_advance,
	.render = lightning_render,
};
