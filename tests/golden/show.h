/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include "engine/effect.h"
#include "png.h"

/** struct show - one run of an effect, without an engine */
struct show {
	const struct effect *effect;
	struct effect_context ctx;
	int32_t params[EFFECT_MAX_PARAMS];
	void *state;
	struct pixel *out;
};

/** show_start() - @effect with its defaults on a strip (@height 1) or a matrix */
void show_start(struct show *show, const struct effect *effect, uint32_t width, uint32_t height,
		uint32_t seed);

/** show_begin() - the state before the first tick; call again after changing show->params */
void show_begin(struct show *show);

/** show_ticks() - let @ticks pass */
void show_ticks(struct show *show, uint32_t ticks);

/** show_render() - the pixels at this instant, @fraction of 65536 of the next tick gone */
const struct pixel *show_render(struct show *show, uint32_t fraction);

/** show_end() - free what show_start() took */
void show_end(struct show *show);

/** show_rows() - a row of the picture for each frame, from (@x, @y), for @rows frames */
void show_rows(struct show *show, struct image *image, uint32_t x, uint32_t y, uint32_t rows,
	       uint32_t ticks_per_row);
