// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/animations.h"

#include <errno.h>
#include <microhttpd.h>
#include <strings.h>

#include "api/validate.h"
#include "base/nearest.h"
#include "control/params.h"
#include "pixel/palette.h"

const char *animations_name(size_t index, const void *data)
{
	const struct effect *effect = effect_at(index);

	(void)data;
	return effect ? effect->id : NULL;
}

size_t animations_count(void)
{
	size_t count = 0;

	while (effect_at(count))
		count++;
	return count;
}

int animations_find(const char *id, struct problem *problem)
{
	const struct effect *effect = effect_find(id);
	const char *nearest;
	char list[PROBLEM_TEXT_MAX];

	if (effect)
		return (int)effect_index(effect);
	nearest = nearest_find(id, animations_name, NULL);
	validate_list(list, animations_name, NULL);
	problem_set(problem, MHD_HTTP_NOT_FOUND, "there is no animation \"%s\"%s%s%s", id,
		    nearest ? "; did you mean \"" : "", nearest ? nearest : "",
		    nearest ? "\"?" : "");
	problem_add_text(problem, "path", "animation", id, "%s", list);
	return -ENOENT;
}

static const char *palette_name(size_t index, const void *data)
{
	const struct palette *palette = palette_at(index);

	(void)data;
	return palette ? palette->name : NULL;
}

void animations_write_value(const struct effect_param *param, const char *key, int32_t value,
			    struct writer *writer)
{
	if (param->type == EFFECT_PARAM_BOOL)
		writer_bool(writer, key, value);
	else if (param->type == EFFECT_PARAM_PALETTE && palette_at((size_t)value))
		writer_string(writer, key, palette_at((size_t)value)->name);
	else
		writer_int(writer, key, value);
}

bool animations_parse_value(const struct effect_param *param, const json_t *value,
			    const char *field, int32_t *ret_value, struct problem *problem)
{
	char allowed[PARAMS_ALLOWED_MAX];
	const char *nearest = NULL;

	if (params_read(param, value, ret_value) == 0)
		return true;
	if (param->type == EFFECT_PARAM_PALETTE && json_is_string(value))
		nearest = nearest_find(json_string_value(value), palette_name, NULL);
	return problem_add(problem, "body", field, value, "%s%s%s%s",
			   params_allowed(param, allowed), nearest ? "; did you mean \"" : "",
			   nearest ? nearest : "", nearest ? "\"?" : "");
}

static void write_param(const struct effect_param *param, struct writer *writer)
{
	size_t i;

	writer_object(writer, NULL);
	writer_string(writer, "name", param->name);
	writer_string(writer, "label", param->label);
	writer_string(writer, "type", effect_param_type_name(param->type));
	animations_write_value(param, "default", param->def, writer);
	if (param->type == EFFECT_PARAM_PALETTE) {
		writer_array(writer, "options");
		for (i = 0; palette_at(i); i++)
			writer_string(writer, NULL, palette_at(i)->name);
		writer_array_end(writer);
	} else if (param->type != EFFECT_PARAM_BOOL) {
		writer_int(writer, "min", param->min);
		writer_int(writer, "max", param->max);
		writer_int(writer, "step", param->step);
		writer_string(writer, "unit", param->unit);
		writer_bool(writer, "wrap", param->wrap);
	}
	writer_object_end(writer);
}

static void write_effect(const struct effect *effect, struct writer *writer)
{
	size_t i;

	writer_object(writer, NULL);
	writer_string(writer, "id", effect->id);
	writer_string(writer, "display_name", effect->label);
	writer_string(writer, "description", effect->description);
	writer_array(writer, "parameters");
	for (i = 0; i < effect->param_count; i++)
		write_param(&effect->params[i], writer);
	writer_array_end(writer);
	writer_object_end(writer);
}

void animations_get(const struct route_get *get, struct writer *writer)
{
	write_effect(effect_at(get->item), writer);
}

void animations_get_all(const struct route_get *get, struct writer *writer)
{
	(void)get;
	const struct effect *effect;
	size_t i;

	writer_object(writer, NULL);
	writer_int(writer, "count", (int64_t)animations_count());
	writer_array(writer, "animations");
	for (i = 0; (effect = effect_at(i)); i++)
		write_effect(effect, writer);
	writer_array_end(writer);
	writer_object_end(writer);
}
