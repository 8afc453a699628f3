// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Draws a second of each effect at 60 frames/s, two ticks a frame, on a strip
 * of 1000 pixels and on a matrix of 32 × 32. effects.sh runs it under callgrind
 * and reads what each piece cost; the pieces are marked by dumps with a name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/callgrind.h>

#include "engine/effect.h"

#define FRAMES 60
#define TICKS_PER_FRAME (EFFECT_TICK_HZ / 60)
#define MOST_PIXELS 1024

static struct pixel out[MOST_PIXELS];

static void tick(const struct effect *effect, void *state, struct effect_context *ctx)
{
	if (effect->advance)
		effect->advance(state, ctx);
	ctx->tick++;
}

static void measure(const struct effect *effect, uint32_t width, uint32_t height)
{
	uint32_t pixels = width * height;
	int32_t params[EFFECT_MAX_PARAMS];
	struct effect_context ctx = { pixels, width, height, 1, params, 0, 0 };
	void *state = calloc(1, effect->state_bytes + effect->pixel_state_bytes * pixels + 1);
	char name[64];

	if (!state)
		exit(1);
	for (size_t i = 0; i < effect->param_count; i++)
		params[i] = effect->params[i].def;
	if (effect->init)
		effect->init(state, &ctx);
	for (int i = 0; i < EFFECT_TICK_HZ; i++)
		tick(effect, state, &ctx);

	CALLGRIND_ZERO_STATS;
	for (int i = 0; i < FRAMES; i++) {
		for (int j = 0; j < TICKS_PER_FRAME; j++)
			tick(effect, state, &ctx);
		effect->render(state, &ctx, out);
	}
	snprintf(name, sizeof(name), "%s %s %u", effect->id, height > 1 ? "matrix" : "strip",
		 FRAMES * pixels);
	CALLGRIND_DUMP_STATS_AT(name);
	free(state);
}

int main(void)
{
	const struct effect *effect;

	for (size_t i = 0; (effect = effect_at(i)); i++) {
		measure(effect, 1000, 1);
		measure(effect, 32, 32);
	}
	return 0;
}
