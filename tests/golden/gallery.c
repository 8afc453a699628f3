// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Draws the pictures of the README and writes its tables: scripts/gallery.
 *
 *	gallery sheet FILE	all effects and palettes
 *	gallery strips FILE	all effects as strips that move
 *	gallery tables		write the tables into files for people
 */
#include <stdlib.h>
#include <string.h>

#include "pixel/palette.h"
#include "png.h"
#include "show.h"
#include "table.h"
#include "text.h"

#define BACKGROUND 0x12

static void put(struct image *image, uint32_t x, uint32_t y, uint32_t width, uint32_t height,
		struct pixel color)
{
	for (uint32_t j = y; j < y + height; j++)
		for (uint32_t i = x; i < x + width; i++) {
			uint8_t *to = image->rgb + ((size_t)j * image->width + i) * 3;

			to[0] = color.r;
			to[1] = color.g;
			to[2] = color.b;
		}
}

static struct image canvas(uint32_t width, uint32_t height)
{
	struct image image = image_create(width, height);

	memset(image.rgb, BACKGROUND, (size_t)width * height * 3);
	return image;
}

static size_t effect_count(void)
{
	size_t count = 0;

	while (effect_at(count))
		count++;
	return count;
}

/* some effects show what they are only after a while, or in a long time */
static void pace_of(const struct effect *effect, uint32_t *ret_start, uint32_t *ret_ticks)
{
	static const struct {
		const char *id;
		uint32_t start, ticks;
	} special[] = {
		{ "SUNRISE", 8000, 1500 }, { "GRADIENT", 0, 300 },   { "LIGHTNING", 9, 1 },
		{ "AURORA", 1500, 24 },	   { "COLOR_FADE", 0, 40 },  { "BREATHE", 0, 12 },
		{ "NOISE", 400, 10 },	   { "COLOR_CYCLE", 0, 10 }, { "SNAKE", 240, 8 },
	};

	*ret_start = 240;
	*ret_ticks = 8;
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (strcmp(effect->id, special[i].id) == 0) {
			*ret_start = special[i].start;
			*ret_ticks = special[i].ticks;
		}
}

/* the sheet: for each effect a strip over time and a moment of a matrix */
#define COLUMNS 4
#define STRIP 60
#define ROWS 30
#define ZOOM 2
#define SIDE 15
#define SIDE_ZOOM 4
#define CELL_WIDTH (STRIP * ZOOM + 4 + SIDE * SIDE_ZOOM + 16)
#define CELL_HEIGHT (ROWS * ZOOM + TEXT_HEIGHT + 13)
#define MARGIN 12
#define PALETTE_COLUMNS 6
#define PALETTE_WIDTH ((COLUMNS * CELL_WIDTH - 16) / PALETTE_COLUMNS)
#define PALETTE_HEIGHT (14 + TEXT_HEIGHT + 11)

static void draw_effect(struct image *image, const struct effect *effect, uint32_t x, uint32_t y)
{
	uint32_t start, ticks;
	struct show show;

	pace_of(effect, &start, &ticks);
	text_draw(image, x, y, effect->label);
	y += TEXT_HEIGHT + 3;
	show_start(&show, effect, STRIP, 1, 1);
	show_ticks(&show, start);
	for (uint32_t row = 0; row < ROWS; row++) {
		const struct pixel *out = show_render(&show, 0);

		for (uint32_t i = 0; i < STRIP; i++)
			put(image, x + i * ZOOM, y + row * ZOOM, ZOOM, ZOOM, out[i]);
		show_ticks(&show, ticks);
	}
	show_end(&show);

	x += STRIP * ZOOM + 4;
	show_start(&show, effect, SIDE, SIDE, 1);
	show_ticks(&show, start + ROWS / 2 * ticks);
	for (uint32_t i = 0; i < SIDE * SIDE; i++)
		put(image, x + i % SIDE * SIDE_ZOOM, y + i / SIDE * SIDE_ZOOM, SIDE_ZOOM - 1,
		    SIDE_ZOOM - 1, show_render(&show, 0)[i]);
	show_end(&show);
}

static void draw_palette(struct image *image, const struct palette *palette, uint32_t x, uint32_t y)
{
	static struct palette_table table;
	uint32_t width = PALETTE_WIDTH - 12;

	palette_layout(&table, palette, PALETTE_LINE);
	text_draw(image, x, y, palette->label);
	for (uint32_t i = 0; i < width; i++)
		put(image, x + i, y + TEXT_HEIGHT + 3, 1, 14,
		    palette_color(&table, (uint16_t)(i * 65535 / (width - 1))));
}

static int sheet(const char *path)
{
	uint32_t lines = (uint32_t)(effect_count() + COLUMNS - 1) / COLUMNS;
	uint32_t palettes_at = MARGIN + lines * CELL_HEIGHT + 4;
	uint32_t palette_lines = (PALETTE_COUNT + PALETTE_COLUMNS - 1) / PALETTE_COLUMNS;
	struct image image = canvas(COLUMNS * CELL_WIDTH - 16 + 2 * MARGIN,
				    palettes_at + palette_lines * PALETTE_HEIGHT + 2);
	int ret;

	for (uint32_t i = 0; effect_at(i); i++)
		draw_effect(&image, effect_at(i), MARGIN + i % COLUMNS * CELL_WIDTH,
			    MARGIN + i / COLUMNS * CELL_HEIGHT);
	for (uint32_t i = 0; i < PALETTE_COUNT; i++)
		draw_palette(&image, palette_at(i), MARGIN + i % PALETTE_COLUMNS * PALETTE_WIDTH,
			     palettes_at + i / PALETTE_COLUMNS * PALETTE_HEIGHT);
	ret = png_write(path, &image);
	image_free(&image);
	return ret;
}

/* the strips: three seconds at 15 frames/s, in two columns */
#define LAMPS 36
#define LAMP 8
#define LABEL (15 * TEXT_WIDTH)
#define STRIP_WIDTH (LABEL + LAMPS * LAMP + MARGIN)
#define STRIP_HEIGHT 14
#define FRAMES 45
#define FRAME_TICKS 8

static int strips(const char *path)
{
	size_t count = effect_count(), lines = (count + 1) / 2;
	struct image image =
		canvas(MARGIN + 2 * STRIP_WIDTH, (uint32_t)lines * STRIP_HEIGHT + 2 * MARGIN);
	struct show *shows = calloc(count, sizeof(*shows));
	struct png png;
	int ret;

	if (!shows)
		return 1;
	for (size_t i = 0; i < count; i++) {
		uint32_t start, ticks;

		show_start(&shows[i], effect_at(i), LAMPS, 1, 1);
		pace_of(effect_at(i), &start, &ticks);
		show_ticks(&shows[i], start);
		text_draw(&image, MARGIN + (uint32_t)(i / lines) * STRIP_WIDTH,
			  MARGIN + (uint32_t)(i % lines) * STRIP_HEIGHT + 1, effect_at(i)->label);
	}
	ret = png_begin(&png, path, image.width, image.height, FRAMES);
	for (uint32_t f = 0; !ret && f < FRAMES; f++) {
		for (size_t i = 0; i < count; i++) {
			const struct pixel *out = show_render(&shows[i], 0);
			uint32_t start, ticks;

			for (uint32_t x = 0; x < LAMPS; x++)
				put(&image,
				    MARGIN + (uint32_t)(i / lines) * STRIP_WIDTH + LABEL + x * LAMP,
				    MARGIN + (uint32_t)(i % lines) * STRIP_HEIGHT, LAMP - 1,
				    LAMP + 1, out[x]);
			/* what takes minutes runs faster here */
			pace_of(effect_at(i), &start, &ticks);
			show_ticks(&shows[i], ticks > 100 ? ticks / 2 : FRAME_TICKS);
		}
		ret = png_frame(&png, &image, FRAME_TICKS * 1000 / EFFECT_TICK_HZ);
	}
	ret = png_end(&png) ?: ret;
	for (size_t i = 0; i < count; i++)
		show_end(&shows[i]);
	free(shows);
	image_free(&image);
	return ret;
}

static int tables(void)
{
	int ret = 0;

	for (size_t i = 0; table_at(i) && ret >= 0; i++)
		ret = table_write(table_at(i));
	return ret;
}

int main(int argc, char **argv)
{
	int ret = 1;

	if (argc == 3 && strcmp(argv[1], "sheet") == 0)
		ret = sheet(argv[2]);
	else if (argc == 3 && strcmp(argv[1], "strips") == 0)
		ret = strips(argv[2]);
	else if (argc == 2 && strcmp(argv[1], "tables") == 0)
		ret = tables();
	else
		fprintf(stderr, "usage: gallery sheet FILE | strips FILE | tables\n");
	if (ret < 0)
		fprintf(stderr, "gallery: %s\n", strerror(-ret));
	return ret != 0;
}
