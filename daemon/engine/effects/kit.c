// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effects/kit.h"

uint32_t kit_part(uint32_t pixels, int32_t percent, uint32_t low)
{
	uint64_t part = (uint64_t)pixels * (uint32_t)percent * FIXED_ONE / 100;

	return (uint32_t)(part < low * FIXED_ONE ? low * FIXED_ONE : part);
}

uint32_t kit_distance(uint32_t pixels, uint32_t length)
{
	uint32_t apart = length > 33 ? 3 * length : 100;
	uint32_t count = pixels / apart;

	return pixels ? (uint32_t)((uint64_t)pixels * FIXED_ONE / (count ? count : 1)) : FIXED_ONE;
}

void kit_fill(struct pixel *out, size_t n, struct pixel color)
{
	for (size_t i = 0; i < n; i++)
		out[i] = color;
}

void kit_rows(const struct effect_context *ctx, struct pixel *out)
{
	uint32_t width = kit_width(ctx), height = kit_height(ctx);

	for (uint32_t y = 1; y < height; y++)
		memcpy(out + (size_t)y * width, out, width * sizeof(*out));
}

void kit_paint(struct kit_paint *paint, int32_t index, enum palette_layout layout)
{
	const struct palette *palette = palette_at((size_t)index);
	uint64_t key = 1 + (uint64_t)index * 2 + (layout == PALETTE_LINE);

	if (paint->key == key)
		return;
	palette_layout(&paint->table, palette, layout);
	paint->picks = palette->count;
	/* there and back, the ends once; picking is for rings */
	if (!palette->ring && palette->count > 1)
		paint->picks = 2U * (palette->count - 1U);
	paint->key = key;
}

void kit_flow_start(struct kit_flow *flow, uint32_t step, int32_t palette,
		    enum palette_layout layout)
{
	motion_start(&flow->motion, step);
	kit_paint(&flow->paint, palette, layout);
}

void kit_flow_advance(struct kit_flow *flow, uint32_t step, int32_t palette,
		      enum palette_layout layout)
{
	motion_advance(&flow->motion, step);
	kit_paint(&flow->paint, palette, layout);
}

void kit_paint_hues(struct kit_paint *paint, const int32_t *hues, unsigned int count)
{
	struct palette palette = { .ring = true, .count = (uint8_t)count };
	uint64_t key = count;

	for (unsigned int i = 0; i < count; i++)
		key = key << 10 | (uint64_t)hues[i];
	if (paint->key == key)
		return;
	for (unsigned int i = 0; i < count; i++)
		palette.stops[i] = (struct palette_stop){
			.place = (uint8_t)(i * 256 / count),
			.color = color_from_hue((uint32_t)hues[i]),
		};
	palette_layout(&paint->table, &palette, PALETTE_RING);
	paint->picks = count;
	paint->key = key;
}

struct kit_canvas kit_canvas(const struct effect_context *ctx, struct pixel *out)
{
	memset(out, 0, ctx->pixels * sizeof(*out));
	return (struct kit_canvas){ out, kit_width(ctx), kit_height(ctx) };
}

/* the first and the last pixel that @center ± @radius touches, within 0 to @n - 1 */
static bool extent(int64_t center, uint32_t radius, uint32_t n, int64_t *ret_first,
		   int64_t *ret_last)
{
	int64_t first = (center - radius) >> 16, last = (center + radius) >> 16;

	*ret_first = first < 0 ? 0 : first;
	*ret_last = last >= n ? (int64_t)n - 1 : last;
	return *ret_first <= *ret_last;
}

void kit_disc(const struct kit_canvas *canvas, int64_t x, int64_t y, uint32_t radius,
	      struct pixel color, uint32_t level)
{
	int64_t left, right, top, bottom;
	/* in 256ths of a pixel, so that squares and their quotient fit */
	uint64_t edge = (uint64_t)(radius >> 8) * (radius >> 8);
	uint64_t scale = (1ULL << 48) / (edge ? edge : 1);

	if (!extent(x, radius, canvas->width, &left, &right) ||
	    !extent(y, radius, canvas->height, &top, &bottom))
		return;
	for (int64_t j = top; j <= bottom; j++) {
		int64_t down = ((j << 16) + FIXED_ONE / 2 - y) >> 8;

		for (int64_t i = left; i <= right; i++) {
			int64_t off = ((i << 16) + FIXED_ONE / 2 - x) >> 8;
			uint64_t square = (uint64_t)(off * off + down * down);
			struct pixel *out = &canvas->out[j * canvas->width + i];
			uint32_t shape;

			if (square >= edge)
				continue;
			shape = 65535 - (uint32_t)(square * scale >> 32);
			shape = fixed_square(shape) * level >> 16;
			*out = quick_lighten(*out, quick_scale(color, shape));
		}
	}
}

static void light(struct pixel *out, const struct kit_trail *trail, uint32_t level, uint32_t behind)
{
	struct pixel color = trail->back;

	if (behind < 8192)
		color = quick_lerp(trail->front, trail->back, behind >> 5);
	*out = quick_lighten(*out, quick_scale(color, level));
}

void kit_trail(struct pixel *out, uint32_t n, const struct kit_trail *trail)
{
	uint64_t head = trail->head >> 16, around = trail->path == KIT_PATH_FOLD ? 2ULL * n : n;
	uint64_t behind = (uint32_t)trail->head & 65535;
	uint32_t scale = 0xffffffffU / (trail->length ? trail->length : 1);
	uint32_t level;

	if (!n)
		return;
	if (trail->path != KIT_PATH_CROSS)
		head %= around;
	/* the foremost pixel is lit by as much as the head has come onto it */
	level = quick_glow((uint32_t)behind);
	for (uint32_t share = 0;; behind += FIXED_ONE) {
		if (head < n)
			light(&out[head], trail, level, share);
		else if (trail->path == KIT_PATH_FOLD)
			light(&out[2ULL * n - 1 - head], trail, level, share);
		if (behind >= trail->length || (head == 0 && trail->path == KIT_PATH_CROSS))
			break;
		head = head ? head - 1 : around - 1;
		share = (uint32_t)(behind * scale >> 16);
		level = quick_level(fixed_square(65535 - (share > 65535 ? 65535 : share)));
	}
}

void kit_streak(struct pixel *out, uint32_t n, int64_t from, int64_t to, struct pixel color,
		uint32_t level_from, uint32_t level_to)
{
	int64_t low = from < to ? from : to, high = from < to ? to : from;
	/* the first pixel whose middle is not below, and the first one whose middle is above */
	int64_t first = (low + FIXED_ONE / 2 - 1) >> 16, end = (high + FIXED_ONE / 2) >> 16;
	int64_t span = high - low, level, step;

	first = first < 0 ? 0 : first;
	end = end > n ? n : end;
	if (first >= end || !span)
		return;
	/* levels with 16 more digits, in equal steps */
	step = ((int64_t)level_to - level_from) * 65536 * FIXED_ONE / span;
	step = from < to ? step : -step;
	level = (int64_t)level_from * 65536 +
		step * ((first << 16) + FIXED_ONE / 2 - from) / (int64_t)FIXED_ONE;
	for (int64_t i = first; i < end; i++, level += step)
		out[i] = quick_lighten(out[i], quick_scale(color, (uint32_t)(level >> 16)));
}
