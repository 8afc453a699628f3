// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/effect.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "pixel/palette.h"

#define EFFECT(name) extern const struct effect effect_##name;
#include "engine/effects/list.def"
#undef EFFECT

#define EFFECT(name) &effect_##name,
static const struct effect *const effects[] = {
#include "engine/effects/list.def"
};
#undef EFFECT

#define EFFECT_COUNT (sizeof(effects) / sizeof(effects[0]))

const struct effect *effect_at(size_t index)
{
	return index < EFFECT_COUNT ? effects[index] : NULL;
}

const struct effect *effect_find(const char *id)
{
	for (size_t i = 0; i < EFFECT_COUNT; i++)
		if (strcasecmp(effects[i]->id, id) == 0)
			return effects[i];
	return NULL;
}

size_t effect_index(const struct effect *effect)
{
	size_t i = 0;

	while (i < EFFECT_COUNT - 1 && effects[i] != effect)
		i++;
	return i;
}

int effect_param_find(const struct effect *effect, const char *name)
{
	for (size_t i = 0; i < effect->param_count; i++)
		if (strcmp(effect->params[i].name, name) == 0)
			return (int)i;
	return -ENOENT;
}

int32_t effect_param_max(const struct effect_param *param)
{
	return param->type == EFFECT_PARAM_PALETTE ? (int32_t)palette_count() - 1 : param->max;
}

const char *effect_param_type_name(enum effect_param_type type)
{
	switch (type) {
	case EFFECT_PARAM_INT:
		return "int";
	case EFFECT_PARAM_HUE:
		return "hue";
	case EFFECT_PARAM_BOOL:
		return "bool";
	case EFFECT_PARAM_PALETTE:
		return "palette";
	}
	return "int";
}
