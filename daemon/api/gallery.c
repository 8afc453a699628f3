// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/gallery.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "engine/effect.h"
#include "pixel/palette.h"

#define TICKS_PER_FRAME (EFFECT_TICK_HZ / GALLERY_FPS)
/* an effect that begins in the dark has come to life by then */
#define TICKS_BEFORE (2 * EFFECT_TICK_HZ)
#define FILM_BYTES (GALLERY_PIXELS * GALLERY_FRAMES * 3)
#define FILM_SEED 1

/* RFC 4648, section 4; FILM_BYTES is a multiple of 3, so nothing is padded. */
static void encode(const uint8_t *bytes, size_t count, char *ret_text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	size_t i;

	for (i = 0; i < count; i += 3) {
		uint32_t group = (uint32_t)bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2];

		*ret_text++ = digits[group >> 18];
		*ret_text++ = digits[group >> 12 & 63];
		*ret_text++ = digits[group >> 6 & 63];
		*ret_text++ = digits[group & 63];
	}
	*ret_text = '\0';
}

static void advance(const struct effect *effect, void *state, struct effect_context *ctx,
		    unsigned int ticks)
{
	for (; ticks; ticks--) {
		if (effect->advance)
			effect->advance(state, ctx);
		ctx->tick++;
	}
}

static bool play(const struct effect *effect, uint8_t *film)
{
	size_t state_bytes = effect->state_bytes + effect->pixel_state_bytes * GALLERY_PIXELS;
	_cleanup_free_ void *state = calloc(1, state_bytes ? state_bytes : 1);
	int32_t params[EFFECT_MAX_PARAMS] = { 0 };
	struct pixel out[GALLERY_PIXELS];
	struct effect_context ctx = {
		.pixels = GALLERY_PIXELS,
		.width = GALLERY_PIXELS,
		.height = 1,
		.seed = FILM_SEED,
		.params = params,
	};
	unsigned int frame;
	size_t i;

	if (!state)
		return false;
	for (i = 0; i < effect->param_count; i++)
		params[i] = effect->params[i].def;
	if (effect->init)
		effect->init(state, &ctx);
	advance(effect, state, &ctx, TICKS_BEFORE);
	for (frame = 0; frame < GALLERY_FRAMES; frame++) {
		effect->render(state, &ctx, out);
		for (i = 0; i < GALLERY_PIXELS; i++) {
			*film++ = out[i].r;
			*film++ = out[i].g;
			*film++ = out[i].b;
		}
		advance(effect, state, &ctx, TICKS_PER_FRAME);
	}
	return true;
}

void gallery_get_miniature(const struct route_get *get, struct writer *writer)
{
	_cleanup_free_ uint8_t *film = malloc(FILM_BYTES);
	_cleanup_free_ char *text = malloc(FILM_BYTES / 3 * 4 + 1);

	_Static_assert(FILM_BYTES % 3 == 0, "no padding");
	if (!film || !text || !play(effect_at(get->item), film)) {
		writer->failed = true;
		return;
	}
	encode(film, FILM_BYTES, text);
	writer_object(writer, NULL);
	writer_int(writer, "width", GALLERY_PIXELS);
	writer_int(writer, "height", 1);
	writer_int(writer, "frames", GALLERY_FRAMES);
	writer_int(writer, "fps", GALLERY_FPS);
	writer_string(writer, "rgb", text);
	writer_object_end(writer);
}

static void write_palette(const struct palette *palette, size_t index, struct writer *writer)
{
	unsigned int i;

	writer_object(writer, NULL);
	writer_int(writer, "index", (int64_t)index);
	writer_string(writer, "name", palette->name);
	writer_string(writer, "label", palette->label);
	writer_bool(writer, "ring", palette->ring);
	writer_array(writer, "stops");
	for (i = 0; i < palette->count; i++) {
		const struct palette_stop *stop = &palette->stops[i];

		/* place 0 to 255, red, green, blue */
		writer_array(writer, NULL);
		writer_int(writer, NULL, stop->place);
		writer_int(writer, NULL, stop->color.r);
		writer_int(writer, NULL, stop->color.g);
		writer_int(writer, NULL, stop->color.b);
		writer_array_end(writer);
	}
	writer_array_end(writer);
	writer_object_end(writer);
}

void gallery_get_palettes(const struct route_get *get, struct writer *writer)
{
	const struct palette *palette;
	size_t count = 0, i;

	(void)get;
	while (palette_at(count))
		count++;
	writer_object(writer, NULL);
	writer_int(writer, "count", (int64_t)count);
	writer_array(writer, "palettes");
	for (i = 0; (palette = palette_at(i)); i++)
		write_palette(palette, i, writer);
	writer_array_end(writer);
	writer_object_end(writer);
}
