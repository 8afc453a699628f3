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

static const struct effect *added[EFFECT_MAX_ADDED];
static size_t added_count;

const struct effect *effect_at(size_t index)
{
	if (index < EFFECT_COUNT)
		return effects[index];
	return index - EFFECT_COUNT < added_count ? added[index - EFFECT_COUNT] : NULL;
}

const struct effect *effect_find(const char *id)
{
	const struct effect *effect;

	for (size_t i = 0; (effect = effect_at(i)); i++)
		if (strcasecmp(effect->id, id) == 0)
			return effect;
	return NULL;
}

size_t effect_index(const struct effect *effect)
{
	size_t i = 0;

	while (i < EFFECT_COUNT + added_count - 1 && effect_at(i) != effect)
		i++;
	return i;
}

static void external_render(const void *state, const struct effect_context *ctx, struct pixel *out)
{
	memcpy(out, state, ctx->pixels * sizeof(*out));
}

struct effect effect_make_external(const char *id, const char *label, const char *description)
{
	return (struct effect){ .id = id,
				.label = label,
				.description = description,
				.pixel_state_bytes = sizeof(struct pixel),
				.render = external_render,
				.external = true };
}

int effect_add(const struct effect *effect)
{
	if (effect_find(effect->id))
		return -EEXIST;
	if (added_count == EFFECT_MAX_ADDED)
		return -ENOSPC;
	added[added_count++] = effect;
	return 0;
}

void effect_drop_added(void)
{
	added_count = 0;
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
