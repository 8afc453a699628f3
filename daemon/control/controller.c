// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "control/patch.h"
#include "control/private.h"
#include "control/zone_color.h"

static struct engine_transition transition(const struct controller *controller,
					   enum transition_cause cause)
{
	return controller->transitions.of[cause];
}

static const struct engine_transition cut = { 0 };

/* A zone that is off or disabled is dark whatever its state says it would show. */
static uint8_t level(const struct controller_zone *zone)
{
	if (!zone->state.is_on || !zone->config.enabled)
		return 0;
	return zone_level(zone->state.brightness);
}

static int show(struct controller *controller, unsigned int index,
		const struct engine_transition *how)
{
	const struct zone_state *state = &controller->zone[index].state;
	int ret;

	if (state->mode == ZONE_STATIC)
		ret = engine_show_color(controller->config.engine, index, state->color.rgb, how);
	else
		ret = engine_show_effect(controller->config.engine, index,
					 effect_at(state->animation), state->params, how);
	if (ret < 0)
		log_error(LOG_ANIMATION, ret, "zone %s cannot show what it shall",
			  controller->zone[index].config.id);
	return ret;
}

static int set_level(struct controller *controller, unsigned int index,
		     const struct engine_transition *how)
{
	return engine_set_level(controller->config.engine, index, level(&controller->zone[index]),
				how);
}

void controller_switch(struct controller *controller, unsigned int index, bool is_on)
{
	struct engine_transition how = transition(controller, TRANSITION_POWER);
	struct zone_state *state = &controller->zone[index].state;

	if (state->is_on == is_on)
		return;
	state->is_on = is_on;
	set_level(controller, index, &how);
	running_transition(controller, index, TRANSITION_POWER, &how);
	publish_zone(controller, index, EVENT_ZONE_STATIC_STATE_CHANGED);
	publish_changed(controller, index);
}

static int apply_brightness(struct controller *controller, unsigned int index, uint8_t brightness)
{
	struct zone_state *state = &controller->zone[index].state;

	if (brightness > ZONE_BRIGHTNESS_MAX)
		return -EINVAL;
	if (state->brightness == brightness)
		return 0;
	state->brightness = brightness;
	/* At once: whoever turns a knob wants to see where it stands. */
	set_level(controller, index, &cut);
	running_transition(controller, index, TRANSITION_POWER, &cut);
	publish_zone(controller, index, EVENT_ZONE_STATIC_STATE_CHANGED);
	publish_changed(controller, index);
	return 0;
}

static int apply_color(struct controller *controller, unsigned int index,
		       const struct zone_color *given)
{
	struct zone_state *state = &controller->zone[index].state;
	struct zone_color color = *given;

	/* no sender's rgb is trusted */
	if (zone_color_complete(&color, controller->config.presets) < 0)
		return -EINVAL;
	if (zone_color_same(&color, &state->color))
		return 0;
	state->color = color;
	/* An animation goes on; the colour shows when it ends. */
	if (state->mode == ZONE_STATIC)
		show(controller, index, &cut);
	running_transition(controller, index, TRANSITION_MODE, &cut);
	publish_zone(controller, index, EVENT_ZONE_STATIC_STATE_CHANGED);
	publish_changed(controller, index);
	return 0;
}

static int apply_mode(struct controller *controller, unsigned int index, enum zone_mode mode)
{
	struct engine_transition how = transition(controller, TRANSITION_MODE);
	struct zone_state *state = &controller->zone[index].state;

	if (mode != ZONE_STATIC && mode != ZONE_ANIMATION)
		return -EINVAL;
	if (state->mode == mode)
		return 0;
	state->mode = mode;
	show(controller, index, &how);
	running_transition(controller, index, TRANSITION_MODE, &how);
	if (mode == ZONE_ANIMATION)
		running_begin_animation(controller, index);
	else
		running_end_animation(controller, index);
	publish_zone(controller, index, EVENT_ZONE_RENDER_MODE_CHANGED);
	publish_changed(controller, index);
	return 0;
}

static int apply_animation(struct controller *controller, unsigned int index, uint16_t animation)
{
	struct engine_transition how = transition(controller, TRANSITION_ANIMATION);
	struct zone_state *state = &controller->zone[index].state;
	const struct effect *effect;
	size_t count, i;

	for (count = 0; effect_at(count); count++)
		;
	if (animation >= count)
		return -ENOENT;
	/* The one that is there keeps its parameters. */
	if (animation == state->animation)
		return apply_mode(controller, index, ZONE_ANIMATION);

	if (state->mode == ZONE_ANIMATION)
		running_end_animation(controller, index);
	effect = effect_at(animation);
	state->animation = animation;
	memset(state->params, 0, sizeof(state->params));
	for (i = 0; i < effect->param_count; i++)
		state->params[i] = effect->params[i].def;
	publish_zone(controller, index, EVENT_ZONE_ANIMATION_CHANGED);
	if (state->mode == ZONE_STATIC)
		return apply_mode(controller, index, ZONE_ANIMATION);
	show(controller, index, &how);
	running_transition(controller, index, TRANSITION_ANIMATION, &how);
	running_begin_animation(controller, index);
	publish_changed(controller, index);
	return 0;
}

static int apply_params(struct controller *controller, unsigned int index,
			const struct command *command)
{
	struct zone_state *state = &controller->zone[index].state;
	const struct effect *effect = effect_at(state->animation);
	const int32_t *values = command->params.params;
	size_t i;

	if (command->params.animation != state->animation)
		return -ESTALE;
	if (command->params.mask >> effect->param_count)
		return -EINVAL;
	for (i = 0; i < effect->param_count; i++) {
		if (command->params.mask & 1U << i &&
		    (values[i] < effect->params[i].min ||
		     values[i] > effect_param_max(&effect->params[i])))
			return -EINVAL;
	}
	for (i = 0; i < effect->param_count; i++) {
		if (!(command->params.mask & 1U << i) || state->params[i] == values[i])
			continue;
		state->params[i] = values[i];
		if (state->mode == ZONE_ANIMATION)
			engine_set_param(controller->config.engine, index, (unsigned int)i,
					 values[i]);
		publish_parameter(controller, index, (unsigned int)i);
		publish_changed(controller, index);
	}
	return 0;
}

static int apply_transition(struct controller *controller, const struct command *command)
{
	struct engine_transition next = command->transition.transition;
	enum transition_cause cause = command->transition.cause;
	const struct engine_transition *now;

	if (cause >= TRANSITION_CAUSES)
		return -EINVAL;
	now = &controller->transitions.of[cause];
	if (!(command->transition.mask & COMMAND_TRANSITION_MS))
		next.duration_ms = now->duration_ms;
	if (!(command->transition.mask & COMMAND_TRANSITION_KIND))
		next.kind = now->kind;
	if (!(command->transition.mask & COMMAND_TRANSITION_EASING))
		next.curve = now->curve;
	if (!transitions_valid(cause, &next))
		return -EINVAL;
	controller->transitions.of[cause] = next;
	controller->own_transitions |= 1U << cause;
	controller->state_changed = true;
	publish_later(controller);
	return 0;
}

/* All members get it, whether one refuses or not; the first refusal is told. */
static int apply_each(struct controller *controller, const struct command *command)
{
	const struct zone_config *group = controller_get_config(controller, command->zone);
	struct command one = *command;
	int ret, first = 0;
	unsigned int i;

	if (!group)
		return -ENOENT;
	if (!group->member_count)
		return -EINVAL;
	one.each = false;
	for (i = 0; i < group->member_count; i++) {
		one.zone = group->member[i];
		ret = controller_apply(controller, &one);
		if (ret < 0 && !first)
			first = ret;
	}
	return first;
}

static int apply_patch(struct controller *controller, unsigned int zone,
		       const struct command_patch *patch)
{
	struct zone_state state = controller->zone[zone].state;
	bool was_on = state.is_on;
	int ret = patch_zone(patch, &state);

	if (ret < 0)
		return ret;
	return controller_set_state(controller, zone, &state,
				    state.is_on == was_on ? TRANSITION_MODE : TRANSITION_POWER,
				    CONTROLLER_CONFIGURED_MS);
}

int controller_apply(struct controller *controller, const struct command *command)
{
	unsigned int zone = command->zone;

	controller_finish(controller);
	if (command->each)
		return apply_each(controller, command);

	if (command->type == COMMAND_TASK_CANCEL)
		return running_cancel(controller, command->task.id);
	if (command->type == COMMAND_TRANSITION_SET)
		return apply_transition(controller, command);
	if (zone >= controller->zone_count)
		return -ENOENT;
	switch (command->type) {
	case COMMAND_ZONE_SET_ON:
		controller_switch(controller, zone, command->is_on);
		return 0;
	case COMMAND_ZONE_SET_BRIGHTNESS:
		return apply_brightness(controller, zone, command->brightness);
	case COMMAND_ZONE_SET_COLOR:
		return apply_color(controller, zone, &command->color);
	case COMMAND_ZONE_SET_MODE:
		return apply_mode(controller, zone, command->mode);
	case COMMAND_ZONE_SET_ANIMATION:
		return apply_animation(controller, zone, command->animation);
	case COMMAND_ZONE_SET_PARAMS:
		return apply_params(controller, zone, command);
	case COMMAND_ZONE_PATCH:
		return apply_patch(controller, zone, &command->patch);
	case COMMAND_ZONE_STOP_ANIMATION:
		return apply_mode(controller, zone, ZONE_STATIC);
	default:
		break;
	}
	return -EINVAL;
}

void controller_set_transitions(struct controller *controller,
				const struct transitions *transitions)
{
	controller->transitions = *transitions;
	controller->own_transitions = 0;
	controller->state_changed = true;
	publish_later(controller);
}

void controller_restore_transitions(struct controller *controller, uint32_t own,
				    const struct transitions *transitions)
{
	unsigned int i;

	for (i = 0; i < TRANSITION_CAUSES; i++) {
		if (!(own & 1U << i) || !transitions_valid(i, &transitions->of[i]))
			continue;
		controller->transitions.of[i] = transitions->of[i];
		controller->own_transitions |= 1U << i;
	}
}

uint32_t controller_own_transitions(const struct controller *controller)
{
	return controller->own_transitions;
}

const struct transitions *controller_transitions(const struct controller *controller)
{
	return &controller->transitions;
}

int controller_set_zone(struct controller *controller, unsigned int index, const char *display_name,
			bool enabled)
{
	struct engine_transition how = transition(controller, TRANSITION_POWER);
	struct controller_zone *zone = &controller->zone[index];

	if (index >= controller->zone_count)
		return -ENOENT;
	str_copy(zone->config.display_name, sizeof(zone->config.display_name), display_name);
	if (zone->config.enabled != enabled) {
		zone->config.enabled = enabled;
		set_level(controller, index, &how);
		running_transition(controller, index, TRANSITION_POWER, &how);
	}
	publish_changed(controller, index);
	return 0;
}

void controller_set_thermal(struct controller *controller, const struct thermal_state *thermal)
{
	controller->thermal = *thermal;
	controller->state_changed = true;
	publish_later(controller);
}

void controller_set_fault(struct controller *controller, unsigned int zone, const char *text)
{
	if (zone >= controller->zone_count)
		return;
	str_copy(controller->zone[zone].fault, CONTROLLER_FAULT_MAX, text);
	controller->state_changed = true;
	publish_later(controller);
}

static int place(const struct controller *controller, unsigned int output,
		 const struct zone_config *config, struct frames_zone_config *ret_place)
{
	*ret_place = (struct frames_zone_config){ .layer = config->layer,
						  .reversed = config->reversed,
						  .width = config->width,
						  .height = config->height,
						  .serpentine = config->serpentine,
						  .rotation = config->rotation };
	return places_add(controller, ret_place, output, config, false);
}

static int place_again(struct controller *controller, unsigned int index)
{
	struct frames_zone_config at;
	int ret = place(controller, controller->zone_output[index], &controller->zone[index].config,
			&at);

	return ret < 0 ? ret : frames_place_zone(controller->config.frames, index, &at);
}

int controller_place_zone(struct controller *controller, unsigned int index, unsigned int output,
			  const struct zone_config *config)
{
	struct controller_zone *zone = &controller->zone[index];
	const struct zone_config *group;
	struct frames_zone_config at;
	unsigned int i, k;
	int ret;

	if (index >= controller->zone_count)
		return -ENOENT;
	if (config->count != zone->config.count ||
	    config->member_count != zone->config.member_count ||
	    zone_picture_width(config) != zone_picture_width(&zone->config) ||
	    zone_picture_height(config) != zone_picture_height(&zone->config))
		return -EINVAL;
	ret = place(controller, output, config, &at);
	if (ret >= 0)
		ret = frames_place_zone(controller->config.frames, index, &at);
	if (ret < 0)
		return ret;
	zone->config = *config;
	controller->zone_output[index] = output;
	for (i = index + 1; i < controller->zone_count && ret >= 0; i++) {
		group = &controller->zone[i].config;
		for (k = 0; k < group->member_count && group->member[k] != index; k++)
			;
		if (k < group->member_count)
			ret = place_again(controller, i);
	}
	publish_changed(controller, index);
	return ret;
}

unsigned int controller_zone_count(const struct controller *controller)
{
	return controller->zone_count;
}

const struct zone_state *controller_get(const struct controller *controller, unsigned int zone)
{
	return zone < controller->zone_count ? &controller->zone[zone].state : NULL;
}

const struct zone_config *controller_get_config(const struct controller *controller,
						unsigned int zone)
{
	return zone < controller->zone_count ? &controller->zone[zone].config : NULL;
}

bool controller_valid_state(const struct zone_state *state)
{
	const struct effect *effect;
	size_t count, i;

	for (count = 0; effect_at(count); count++)
		;
	if (state->brightness > ZONE_BRIGHTNESS_MAX || state->animation >= count)
		return false;
	effect = effect_at(state->animation);
	for (i = 0; i < effect->param_count; i++) {
		if (state->params[i] < effect->params[i].min ||
		    state->params[i] > effect_param_max(&effect->params[i]))
			return false;
	}
	return true;
}

int controller_set_state(struct controller *controller, unsigned int index,
			 const struct zone_state *state, enum transition_cause cause,
			 uint32_t transition_ms)
{
	struct engine_transition how = transition(controller, cause);
	struct controller_zone *zone = &controller->zone[index];
	struct zone_color color = state->color;
	struct zone_state old;
	bool other;

	if (index >= controller->zone_count)
		return -ENOENT;
	if (!controller_valid_state(state) ||
	    zone_color_complete(&color, controller->config.presets) < 0)
		return -EINVAL;
	if (transition_ms != CONTROLLER_CONFIGURED_MS)
		how.duration_ms = transition_ms;
	old = zone->state;
	other = old.mode != state->mode || old.animation != state->animation;
	if (other && old.mode == ZONE_ANIMATION)
		running_end_animation(controller, index);
	zone->state = *state;
	zone->state.color = color;
	/* What runs already as it shall run goes on without a break. */
	if (other || state->mode == ZONE_STATIC ||
	    memcmp(old.params, state->params, sizeof(old.params)) != 0)
		show(controller, index, &how);
	set_level(controller, index, &how);
	running_transition(controller, index, cause, &how);
	if (other && state->mode == ZONE_ANIMATION)
		running_begin_animation(controller, index);
	if (old.mode != state->mode)
		publish_zone(controller, index, EVENT_ZONE_RENDER_MODE_CHANGED);
	publish_zone(controller, index, EVENT_ZONE_STATIC_STATE_CHANGED);
	publish_changed(controller, index);
	return 0;
}

void controller_on_preset(struct controller *controller, unsigned int preset)
{
	unsigned int i;

	for (i = 0; i < controller->zone_count; i++) {
		struct zone_color color = controller->zone[i].state.color;

		if (color.mode != ZONE_COLOR_PRESET || color.preset != preset)
			continue;
		if (!presets_name(controller->config.presets, preset)) {
			color.mode = ZONE_COLOR_RGB;
			color.preset = 0;
		}
		apply_color(controller, i, &color);
		/* its name may be another, which zones tell too */
		publish_changed(controller, i);
	}
}

int controller_add_zone(struct controller *controller, unsigned int output,
			const struct zone_config *config, const struct zone_state *state)
{
	struct frames_zone_config at;
	struct zone_color color = state->color;
	struct controller_zone *zone;
	unsigned int i;
	int index, ret;

	if (controller->started || !controller_valid_state(state) ||
	    zone_color_complete(&color, controller->config.presets) < 0)
		return -EINVAL;
	if (controller->zone_count >= ZONE_MAX)
		return -ENOSPC;
	for (i = 0; i < controller->zone_count; i++) {
		if (!strcmp(controller->zone[i].config.id, config->id))
			return -EEXIST;
	}
	ret = place(controller, output, config, &at);
	if (ret < 0)
		return ret;
	index = frames_add_zone(controller->config.frames, &at);
	if (index < 0)
		return index;
	/* One number means the same zone everywhere. */
	if ((unsigned int)index != controller->zone_count)
		return -EINVAL;
	ret = engine_add_zone(controller->config.engine, (unsigned int)index, config->count,
			      zone_picture_width(config), zone_picture_height(config));
	if (ret < 0)
		return ret;
	controller->zone_output[index] = output;
	zone = &controller->zone[controller->zone_count++];
	zone->config = *config;
	zone->state = *state;
	zone->state.color = color;
	return index;
}

int controller_start(struct controller *controller)
{
	struct engine_transition how = transition(controller, TRANSITION_STARTUP);
	unsigned int i;
	int ret;

	controller->started = true;
	engine_on_transition_end(controller->config.engine, running_on_transition_end, controller);
	for (i = 0; i < controller->zone_count; i++) {
		/* The picture is there at once and the light comes up on it. */
		ret = show(controller, i, &cut);
		if (ret >= 0)
			ret = set_level(controller, i, &how);
		if (ret < 0)
			return ret;
		running_transition(controller, i, TRANSITION_STARTUP, &how);
		if (controller->zone[i].state.mode == ZONE_ANIMATION)
			running_begin_animation(controller, i);
		controller->zone_changed[i] = true;
	}
	controller->state_changed = true;
	controller->tasks_changed = true;
	controller_sync(controller);
	return 0;
}

int controller_create(struct controller **ret_controller, const struct controller_config *config)
{
	struct controller *controller;
	int ret;

	controller = calloc(1, sizeof(*controller));
	if (!controller)
		return -ENOMEM;
	controller->config = *config;
	controller->transitions = config->transitions;
	ret = publish_create(controller);
	if (ret >= 0)
		ret = later_create(controller);
	if (ret < 0) {
		controller_destroy(controller);
		return ret;
	}
	*ret_controller = controller;
	return 0;
}

struct controller *controller_destroy(struct controller *controller)
{
	if (!controller)
		return NULL;
	loop_source_remove(controller->later);
	loop_source_remove(controller->publish);
	free(controller);
	return NULL;
}
