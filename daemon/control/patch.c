// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/patch.h"

#include <errno.h>
#include <string.h>

static int set_animation(struct zone_state *state, uint16_t animation)
{
	const struct effect *effect = effect_at(animation);
	size_t i;

	if (!effect)
		return -ENOENT;
	state->mode = ZONE_ANIMATION;
	if (state->animation == animation)
		return 0;
	state->animation = animation;
	memset(state->params, 0, sizeof(state->params));
	for (i = 0; i < effect->param_count; i++)
		state->params[i] = effect->params[i].def;
	return 0;
}

int patch_zone(const struct command_patch *patch, struct zone_state *state)
{
	struct zone_state next = *state;
	unsigned int i;
	int ret;

	if (patch->mask & COMMAND_PATCH_ON)
		next.is_on = patch->is_on;
	if (patch->mask & COMMAND_PATCH_BRIGHTNESS)
		next.brightness = patch->brightness;
	if (patch->mask & COMMAND_PATCH_COLOR)
		next.color = patch->color;
	if (patch->mask & COMMAND_PATCH_ANIMATION) {
		ret = set_animation(&next, patch->animation);
		if (ret < 0)
			return ret;
	}
	if (patch->mask & COMMAND_PATCH_PARAMS) {
		if (patch->animation != next.animation)
			return -ESTALE;
		for (i = 0; i < EFFECT_MAX_PARAMS; i++)
			if (patch->param_mask & 1U << i)
				next.params[i] = patch->params[i];
	}
	if (patch->mask & COMMAND_PATCH_MODE)
		next.mode = patch->mode;
	*state = next;
	return 0;
}
