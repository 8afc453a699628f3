// SPDX-License-Identifier: GPL-2.0-or-later
#include "table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/bindings.h"
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

static void print_effects(FILE *out)
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

/* "| input | gesture | action | what it does |", as the JSON of a binding has it */
static void print_bindings(FILE *out)
{
	json_t *all = bindings_write(bindings_default()), *binding, *value;
	const struct action *action;
	const char *key, *source;
	char *text;
	size_t i;

	fputs("\n| input | gesture | action | |\n|---|---|---|---|\n", out);
	json_array_foreach (all, i, binding) {
		action = action_at(bindings_default()->binding[i].call.type);
		source = json_string_value(json_object_get(binding, "input"));
		if (source)
			fprintf(out, "| `%s`", source);
		else
			fprintf(out, "| key %s",
				json_string_value(json_object_get(binding, "key")));
		fprintf(out, " | %s | `%s`", json_string_value(json_object_get(binding, "gesture")),
			action->name);
		key = action_value_key(action->value);
		value = key ? json_object_get(binding, key) : NULL;
		text = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
		if (text)
			fprintf(out, ", `%s` %s", key, text);
		free(text);
		fprintf(out, " | %s |\n", action->about);
	}
	fputs("\n", out);
	json_decref(all);
}

static const struct table tables[] = {
	{ "the tables of effects and palettes", "daemon/engine/effects/README.md",
	  "<!-- begin: written by make tables -->\n", "<!-- end -->\n", print_effects },
	{ "the table of default bindings", "README.md",
	  "<!-- begin: bindings, written by make tables -->\n", "<!-- end of bindings -->\n",
	  print_bindings },
};

const struct table *table_at(size_t index)
{
	return index < sizeof(tables) / sizeof(tables[0]) ? &tables[index] : NULL;
}

/* the file, and where the marks are: after the first, before the second */
static int read_file(const struct table *table, char **ret_text, char **ret_begin, char **ret_end)
{
	FILE *file = fopen(table->file, "r");
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
	begin = strstr(text, table->begin);
	end = begin ? strstr(begin, table->end) : NULL;
	if (!end || length == TABLE_MAX_BYTES) {
		free(text);
		return -EBADMSG;
	}
	*ret_text = text;
	*ret_begin = begin + strlen(table->begin);
	*ret_end = end;
	return 0;
}

int table_write(const struct table *table)
{
	char *text, *begin, *end;
	FILE *file;
	int ret = read_file(table, &text, &begin, &end);

	if (ret)
		return ret;
	file = fopen(table->file, "w");
	if (!file) {
		ret = -errno;
	} else {
		fwrite(text, 1, (size_t)(begin - text), file);
		table->print(file);
		fputs(end, file);
		if (fclose(file) != 0)
			ret = -errno;
	}
	free(text);
	return ret;
}

int table_check(const struct table *table)
{
	char *text, *begin, *end, *want = NULL;
	size_t length;
	FILE *memory;
	int ret = read_file(table, &text, &begin, &end);

	if (ret)
		return ret;
	memory = open_memstream(&want, &length);
	if (!memory) {
		free(text);
		return -errno;
	}
	table->print(memory);
	fclose(memory);
	ret = length != (size_t)(end - begin) || memcmp(begin, want, length) != 0;
	free(want);
	free(text);
	return ret;
}
