// SPDX-License-Identifier: GPL-2.0-or-later
#include "table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/effect.h"
#include "pixel/palette.h"

/* README.md is read whole; it is far smaller */
#define TABLE_MAX_BYTES (1 << 20)

static void print_param(FILE *out, const struct effect_param *param)
{
	const char *space = strcmp(param->unit, "°") == 0 || !*param->unit ? "" : " ";

	switch (param->type) {
	case EFFECT_PARAM_BOOL:
		fprintf(out, "`%s` (%s)", param->name, param->def ? "on" : "off");
		break;
	case EFFECT_PARAM_PALETTE:
		fprintf(out, "`%s` (%s)", param->name, palette_at((size_t)param->def)->name);
		break;
	default:
		fprintf(out, "`%s` %d–%d%s%s (%d)", param->name, param->min, param->max, space,
			param->unit, param->def);
	}
}

void table_print(FILE *out)
{
	const struct effect *effect;
	const struct palette *palette;

	fputs("\n| Effect | What one sees | Parameters (default) |\n|---|---|---|\n", out);
	for (size_t i = 0; (effect = effect_at(i)); i++) {
		fprintf(out, "| `%s` | %s |", effect->id, effect->description);
		for (size_t p = 0; p < effect->param_count; p++) {
			fputs(p ? ", " : " ", out);
			print_param(out, &effect->params[p]);
		}
		fputs(" |\n", out);
	}
	fputs("\n| Number | Palette | Colours |\n|---|---|---|\n", out);
	for (size_t i = 0; (palette = palette_at(i)); i++) {
		fprintf(out, "| %zu | `%s` |", i, palette->name);
		for (int s = 0; s < palette->count; s++)
			fprintf(out, " %02x%02x%02x", palette->stops[s].color.r,
				palette->stops[s].color.g, palette->stops[s].color.b);
		fprintf(out, "%s |\n", palette->ring ? ", round" : "");
	}
	fputs("\n", out);
}

/* the file, and where the marks are: after the first, before the second */
static int read_file(const char *path, char **ret_text, char **ret_begin, char **ret_end)
{
	FILE *file = fopen(path, "r");
	char *text, *begin, *end;
	size_t length;

	if (!file)
		return -errno;
	text = calloc(1, TABLE_MAX_BYTES + 1);
	if (!text) {
		fclose(file);
		return -ENOMEM;
	}
	length = fread(text, 1, TABLE_MAX_BYTES, file);
	fclose(file);
	begin = strstr(text, TABLE_BEGIN);
	end = begin ? strstr(begin, TABLE_END) : NULL;
	if (!end || length == TABLE_MAX_BYTES) {
		free(text);
		return -EBADMSG;
	}
	*ret_text = text;
	*ret_begin = begin + strlen(TABLE_BEGIN);
	*ret_end = end;
	return 0;
}

int table_write(const char *path)
{
	char *text, *begin, *end;
	FILE *file;
	int ret = read_file(path, &text, &begin, &end);

	if (ret)
		return ret;
	file = fopen(path, "w");
	if (!file) {
		ret = -errno;
	} else {
		fwrite(text, 1, (size_t)(begin - text), file);
		table_print(file);
		fputs(end, file);
		if (fclose(file) != 0)
			ret = -errno;
	}
	free(text);
	return ret;
}

int table_check(const char *path)
{
	char *text, *begin, *end, *want = NULL;
	size_t length;
	FILE *memory;
	int ret = read_file(path, &text, &begin, &end);

	if (ret)
		return ret;
	memory = open_memstream(&want, &length);
	if (!memory) {
		free(text);
		return -errno;
	}
	table_print(memory);
	fclose(memory);
	ret = length != (size_t)(end - begin) || memcmp(begin, want, length) != 0;
	free(want);
	free(text);
	return ret;
}
