// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compares what each effect draws with a picture that a person has looked at:
 * tests/golden/ID.png. A row is a moment, a column a pixel. Exact: effects are
 * integers only, the same on every machine. Prints TAP.
 *
 *	test_golden			compare
 *	test_golden --write [ID...]	draw the pictures anew; look before they are kept
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "png.h"
#include "show.h"
#include "table.h"

#define DIRECTORY "tests/golden"

/* panels side by side, a strip as long as all of them below */
#define STRIP 60
#define SHORT 8
#define SIDE 8
#define GAP 2
#define WIDTH (STRIP + GAP + STRIP + GAP + SHORT + GAP + SIDE * SIDE)
#define ROWS 96
#define LONG_ROWS 32
#define HEIGHT (ROWS + GAP + LONG_ROWS)

/* a row every 50 ms; what is slow is looked at for longer */
static uint32_t ticks_per_row(const struct effect *effect)
{
	static const struct {
		const char *id;
		uint32_t ticks;
	} slow[] = {
		{ "SUNRISE", 750 }, { "GRADIENT", 90 },	  { "BREATHE", 10 },
		{ "AURORA", 18 },   { "COLOR_FADE", 18 },
	};

	for (size_t i = 0; i < sizeof(slow) / sizeof(slow[0]); i++)
		if (strcmp(effect->id, slow[i].id) == 0)
			return slow[i].ticks;
	return 6;
}

/* another value for every parameter, in range and not at its end */
static int32_t other(const struct effect_param *param)
{
	int32_t span = param->max - param->min;

	if (param->type == EFFECT_PARAM_HUE)
		return (param->def + 100) % 360;
	if (param->type == EFFECT_PARAM_PALETTE)
		return (param->def + 7) % (param->max + 1);
	if (param->type == EFFECT_PARAM_BOOL)
		return !param->def;
	if (span > 255)
		span = 100;
	return param->def + span / 4 <= param->max ? param->def + span / 4 : param->def - span / 4;
}

static void panel(struct image *image, const struct effect *effect, uint32_t x, uint32_t y,
		  uint32_t width, uint32_t height, uint32_t rows, uint32_t seed, int others)
{
	struct show show;

	show_start(&show, effect, width, height, seed);
	for (size_t i = 0; others && i < effect->param_count; i++)
		show.params[i] = other(&effect->params[i]);
	show_begin(&show);
	show_rows(&show, image, x, y, rows, ticks_per_row(effect));
	show_end(&show);
}

static struct image draw(const struct effect *effect)
{
	struct image image = image_create(WIDTH, HEIGHT);

	memset(image.rgb, 64, (size_t)WIDTH * HEIGHT * 3);
	panel(&image, effect, 0, 0, STRIP, 1, ROWS, 1, 0);
	panel(&image, effect, STRIP + GAP, 0, STRIP, 1, ROWS, 2, 1);
	panel(&image, effect, 2 * (STRIP + GAP), 0, SHORT, 1, ROWS, 3, 0);
	panel(&image, effect, 2 * (STRIP + GAP) + SHORT + GAP, 0, SIDE, SIDE, ROWS, 4, 0);
	panel(&image, effect, 0, ROWS + GAP, WIDTH, 1, LONG_ROWS, 5, 0);
	return image;
}

static void path_of(const struct effect *effect, char *path, size_t size)
{
	snprintf(path, size, "%s/%s.png", DIRECTORY, effect->id);
}

/* what is different, or "" */
static void compare(const struct effect *effect, char *why, size_t size)
{
	struct image want = { 0 }, got = draw(effect);
	size_t different = 0, first = 0;
	char path[128];
	int ret;

	path_of(effect, path, sizeof(path));
	ret = png_read(path, &want);
	*why = '\0';
	if (ret) {
		snprintf(why, size, "%s: %s", path, strerror(-ret));
	} else if (want.width != got.width || want.height != got.height) {
		snprintf(why, size, "%s is %u x %u", path, want.width, want.height);
	} else {
		for (size_t i = (size_t)WIDTH * HEIGHT; i-- > 0;)
			if (memcmp(want.rgb + i * 3, got.rgb + i * 3, 3) != 0) {
				different++;
				first = i;
			}
		if (different)
			snprintf(why, size,
				 "%zu points differ from %s, the first in row %zu, column %zu",
				 different, path, first / WIDTH, first % WIDTH);
	}
	image_free(&want);
	image_free(&got);
}

/* pictures in the folder that belong to no effect */
static int strays(void)
{
	DIR *directory = opendir(DIRECTORY);
	struct dirent *entry;
	int count = 0;

	while (directory && (entry = readdir(directory))) {
		char id[64];
		size_t length = strlen(entry->d_name);

		if (length < 5 || length >= sizeof(id) ||
		    strcmp(entry->d_name + length - 4, ".png") != 0)
			continue;
		memcpy(id, entry->d_name, length - 4);
		id[length - 4] = '\0';
		if (!effect_find(id)) {
			printf("# %s/%s belongs to no effect\n", DIRECTORY, entry->d_name);
			count++;
		}
	}
	if (directory)
		closedir(directory);
	return count;
}

static int write_all(char **ids)
{
	const struct effect *effect;

	for (size_t i = 0; (effect = effect_at(i)); i++) {
		bool asked = !*ids;
		struct image image;
		char path[128];
		int ret;

		for (char **id = ids; *id; id++)
			asked = asked || effect_find(*id) == effect;
		if (!asked)
			continue;
		path_of(effect, path, sizeof(path));
		image = draw(effect);
		ret = png_write(path, &image);
		image_free(&image);
		if (ret) {
			fprintf(stderr, "%s: %s\n", path, strerror(-ret));
			return 1;
		}
	}
	return 0;
}

static int number;

static int tell(int ok, const char *name, const char *why)
{
	printf("%sok %d %s\n", ok ? "" : "not ", ++number, name);
	if (!ok && *why)
		printf("# %s\n", why);
	return !ok;
}

int main(int argc, char **argv)
{
	const struct effect *effect;
	const struct table *table;
	char why[256], name[128];
	size_t count = 0, table_count = 0;
	int failed = 0;

	if (argc > 1 && strcmp(argv[1], "--write") == 0)
		return write_all(argv + 2);
	while (effect_at(count))
		count++;
	while (table_at(table_count))
		table_count++;
	printf("TAP version 13\n1..%zu\n", count + 1 + table_count);
	for (size_t i = 0; (effect = effect_at(i)); i++) {
		compare(effect, why, sizeof(why));
		snprintf(name, sizeof(name), "%s looks as it did", effect->id);
		failed += tell(!*why, name, why);
	}
	failed += tell(strays() == 0, "every picture belongs to an effect", "");
	for (size_t i = 0; (table = table_at(i)); i++) {
		snprintf(name, sizeof(name), "%s in %s is true", table->about, table->file);
		failed += tell(table_check(table) == 0, name, "make tables writes it");
	}
	return failed != 0;
}
