// SPDX-License-Identifier: GPL-2.0-or-later
#include "show.h"

#include <stdlib.h>
#include <string.h>

void show_start(struct show *show, const struct effect *effect, uint32_t width, uint32_t height,
		uint32_t seed)
{
	uint32_t pixels = width * height;
	size_t bytes = effect->state_bytes + effect->pixel_state_bytes * pixels;

	*show = (struct show){ .effect = effect };
	show->ctx = (struct effect_context){
		.pixels = pixels, .width = width, .height = height, .seed = seed
	};
	show->state = malloc(bytes ? bytes : 1);
	show->out = calloc(pixels ? pixels : 1, sizeof(*show->out));
	if (!show->state || !show->out) {
		fputs("out of memory\n", stderr);
		exit(1);
	}
	for (size_t i = 0; i < effect->param_count; i++)
		show->params[i] = effect->params[i].def;
	show_begin(show);
}

void show_begin(struct show *show)
{
	const struct effect *effect = show->effect;

	memset(show->state, 0, effect->state_bytes + effect->pixel_state_bytes * show->ctx.pixels);
	show->ctx.params = show->params;
	show->ctx.tick = 0;
	show->ctx.fraction = 0;
	if (effect->init)
		effect->init(show->state, &show->ctx);
}

void show_ticks(struct show *show, uint32_t ticks)
{
	show->ctx.params = show->params;
	show->ctx.fraction = 0;
	for (; ticks; ticks--) {
		if (show->effect->advance)
			show->effect->advance(show->state, &show->ctx);
		show->ctx.tick++;
	}
}

const struct pixel *show_render(struct show *show, uint32_t fraction)
{
	show->ctx.params = show->params;
	show->ctx.fraction = fraction;
	show->effect->render(show->state, &show->ctx, show->out);
	return show->out;
}

void show_end(struct show *show)
{
	free(show->state);
	free(show->out);
	show->state = NULL;
	show->out = NULL;
}

void show_rows(struct show *show, struct image *image, uint32_t x, uint32_t y, uint32_t rows,
	       uint32_t ticks_per_row)
{
	for (uint32_t row = 0; row < rows; row++) {
		/* at another part of the tick each time: what lies between ticks is seen too */
		const struct pixel *pixels = show_render(show, row * 13107 & 65535);
		uint8_t *to = image->rgb + ((size_t)(y + row) * image->width + x) * 3;

		for (uint32_t i = 0; i < show->ctx.pixels; i++) {
			*to++ = pixels[i].r;
			*to++ = pixels[i].g;
			*to++ = pixels[i].b;
		}
		show_ticks(show, ticks_per_row);
	}
}
