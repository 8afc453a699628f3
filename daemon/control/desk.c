// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/desk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/str.h"
#include "control/adjust.h"

/* Before those who only want to know. */
#define PRIORITY 100

static const enum event_type heard[] = { EVENT_ENCODER_ROTATE, EVENT_ENCODER_CLICK,
					 EVENT_BUTTON_PRESS, EVENT_KEY_PRESS };

#define HEARD (sizeof(heard) / sizeof(heard[0]))

struct desk {
	struct desk_config config;
	struct bus_subscription *subscription[HEARD];
	struct bindings configured;
	struct desk_snapshot now;
	bool changed; /* and not published */
	struct desk_figures figures;
};

/* ---- what is bound ---- */

static int find_zone(const struct desk *desk, const char *id)
{
	const struct zone_config *zone;
	unsigned int i;

	if (!*id)
		return panel_get_state(desk->config.panel)->selected;
	for (i = 0; (zone = controller_get_config(desk->config.controller, i)); i++)
		if (!strcasecmp(zone->id, id))
			return (int)i;
	return -ENOENT;
}

static int32_t steps_of(const struct action_call *call, const struct event *event)
{
	int64_t steps = call->given ? call->number : 1;

	if (event->type == EVENT_ENCODER_ROTATE)
		steps *= event->input.delta;
	if (steps < -COMMAND_STEPS_MAX)
		return -COMMAND_STEPS_MAX;
	return steps > COMMAND_STEPS_MAX ? COMMAND_STEPS_MAX : (int32_t)steps;
}

static void set_name(struct command *command, const char *name)
{
	str_copy(command->library.name, sizeof(command->library.name), name);
	command->library.transition_ms = CONTROLLER_CONFIGURED_MS;
}

static struct pixel unpack(int32_t rgb)
{
	return (struct pixel){ (uint8_t)(rgb >> 16), (uint8_t)(rgb >> 8), (uint8_t)rgb, 0 };
}

/* A change by steps, or of a parameter; -ENOTCONN: the zone's animation has no such parameter. */
static int adjust_command(const struct desk *desk, const struct action_call *call,
			  const struct event *event, struct command *command)
{
	const struct zone_state *state = controller_get(desk->config.controller, command->zone);
	int32_t steps = steps_of(call, event);
	uint16_t zone = command->zone;
	int parameter = 0;

	if (action_at(call->type)->parameter) {
		parameter = effect_param_find(effect_at(state->animation), call->parameter);
		if (parameter < 0)
			return -ENOTCONN;
	}
	if (call->type == ACTION_ADJUST_BRIGHTNESS)
		*command = adjust_brightness(state, steps);
	else if (call->type == ACTION_ADJUST_HUE)
		*command = adjust_hue(state, steps);
	else if (call->type == ACTION_ADJUST_PRESET)
		*command = adjust_preset(state, steps);
	else if (call->type == ACTION_ADJUST_PARAMETER)
		*command = adjust_parameter(state, (unsigned int)parameter, steps);
	else
		*command = adjust_set_parameter(state, (unsigned int)parameter, call->number);
	command->zone = zone;
	return 0;
}

/* The command of an action that is about a zone; @zone is there. */
static int zone_command(const struct desk *desk, const struct action_call *call,
			const struct event *event, struct command *command)
{
	switch (call->type) {
	case ACTION_SET_PARAMETER:
	case ACTION_ADJUST_BRIGHTNESS:
	case ACTION_ADJUST_HUE:
	case ACTION_ADJUST_PRESET:
	case ACTION_ADJUST_PARAMETER:
		return adjust_command(desk, call, event, command);
	case ACTION_SET_ON:
		command->type = COMMAND_ZONE_SET_ON;
		command->is_on = call->number;
		break;
	case ACTION_TOGGLE:
		command->type = COMMAND_ZONE_SET_ON;
		command->is_on = !controller_get(desk->config.controller, command->zone)->is_on;
		break;
	case ACTION_SET_BRIGHTNESS:
		command->type = COMMAND_ZONE_SET_BRIGHTNESS;
		command->brightness = (uint8_t)call->number;
		break;
	case ACTION_SET_HUE:
		command->type = COMMAND_ZONE_SET_COLOR;
		command->color = (struct zone_color){ .mode = ZONE_COLOR_HUE,
						      .hue = (uint16_t)call->number };
		break;
	case ACTION_SET_RGB:
		command->type = COMMAND_ZONE_SET_COLOR;
		command->color =
			(struct zone_color){ .mode = ZONE_COLOR_RGB, .rgb = unpack(call->number) };
		break;
	case ACTION_SET_KELVIN:
		command->type = COMMAND_ZONE_SET_COLOR;
		command->color = (struct zone_color){ .mode = ZONE_COLOR_KELVIN,
						      .kelvin = (uint16_t)call->number };
		break;
	case ACTION_SET_PRESET:
		command->type = COMMAND_PRESET_RECALL;
		set_name(command, call->name);
		break;
	case ACTION_SET_MODE:
		command->type = COMMAND_ZONE_SET_MODE;
		command->mode = (enum zone_mode)call->number;
		break;
	case ACTION_SET_ANIMATION:
		command->type = COMMAND_ZONE_SET_ANIMATION;
		command->animation = (uint16_t)effect_index(effect_find(call->name));
		break;
	default:
		command->type = COMMAND_ZONE_STOP_ANIMATION;
		break;
	}
	return 0;
}

static void plain_command(const struct desk *desk, const struct action_call *call,
			  const struct event *event, struct command *command)
{
	static const enum command_type types[ACTION_TYPES] = {
		[ACTION_EDIT_MODE] = COMMAND_PANEL_EDIT_MODE,
		[ACTION_LAMP_WHITE] = COMMAND_PANEL_LAMP_WHITE,
		[ACTION_POWER] = COMMAND_PANEL_POWER,
		[ACTION_TOGGLE_ANIMATION] = COMMAND_PANEL_ANIMATION,
		[ACTION_SELECT_ZONE] = COMMAND_PANEL_SELECT,
		[ACTION_NEXT_TARGET] = COMMAND_PANEL_TARGET_NEXT,
		[ACTION_ADJUST] = COMMAND_PANEL_ADJUST,
		[ACTION_RECALL_SCENE] = COMMAND_SCENE_RECALL,
		[ACTION_SAVE_SCENE] = COMMAND_SCENE_SAVE,
		[ACTION_PAUSE] = COMMAND_FRAMES_PAUSE,
		[ACTION_RESUME] = COMMAND_FRAMES_RESUME,
		[ACTION_STEP] = COMMAND_FRAMES_STEP,
		[ACTION_SET_FPS] = COMMAND_FRAMES_FPS,
		[ACTION_STEPPER_ENTER] = COMMAND_STEPPER_ENTER,
		[ACTION_STEPPER_PREVIOUS] = COMMAND_STEPPER_PREVIOUS,
		[ACTION_STEPPER_NEXT] = COMMAND_STEPPER_NEXT,
		[ACTION_STEPPER_PLAY] = COMMAND_STEPPER_PLAY,
		[ACTION_STEPPER_LEAVE] = COMMAND_STEPPER_LEAVE,
	};

	command->type = types[call->type];
	if (call->type == ACTION_SELECT_ZONE || call->type == ACTION_ADJUST)
		command->steps = steps_of(call, event);
	else if (call->type == ACTION_RECALL_SCENE || call->type == ACTION_SAVE_SCENE)
		set_name(command, call->name);
	else if (call->type == ACTION_SET_FPS)
		command->fps = (uint16_t)call->number;
	else if (call->type == ACTION_STEPPER_PLAY && panel_get_state(desk->config.panel)->playing)
		command->type = COMMAND_STEPPER_PAUSE;
}

static int perform(struct desk *desk, const struct action_call *call, const struct event *event)
{
	struct command command = { .ticket = 0 };
	int zone, ret;

	if (call->type == ACTION_SOUND_PATTERN)
		return desk->config.play ? desk->config.play(call->name, desk->config.data)
					 : -ENODEV;
	if (action_at(call->type)->zone) {
		zone = find_zone(desk, call->zone);
		if (zone < 0)
			return zone;
		command.zone = (uint16_t)zone;
		ret = zone_command(desk, call, event, &command);
		if (ret < 0)
			return ret;
	} else {
		plain_command(desk, call, event, &command);
	}
	return desk->config.apply(&command, desk->config.data);
}

static void count(struct desk *desk, const struct event *event)
{
	uint8_t input = event->input.input % INPUTS_MAX;
	int32_t delta = event->input.delta;

	metrics_add(&desk->figures.input[input].events, 1);
	if (event->type != EVENT_ENCODER_ROTATE)
		return;
	if (delta > 0)
		metrics_add(&desk->figures.input[input].right, (uint64_t)delta);
	else
		metrics_add(&desk->figures.input[input].left, (uint64_t)-delta);
}

static int on_event(const struct event *event, void *data)
{
	const struct binding *binding;
	struct desk *desk = data;
	const char *name;
	int i, ret;

	count(desk, event);
	for (i = -1; (i = bindings_match(&desk->now.bindings, (size_t)(i + 1), event)) >= 0;) {
		binding = &desk->now.bindings.binding[i];
		name = action_at(binding->call.type)->name;
		ret = perform(desk, &binding->call, event);
		/*
		 * Keys of frame by frame mean nothing outside of it, a parameter nothing to an
		 * animation without it, and nothing counts at the end.
		 */
		if (ret == -ENOTCONN || ret == -EALREADY || ret == -ESHUTDOWN)
			log_debug(LOG_INPUT, "%s by %s means nothing now", name, event->source);
		else if (ret < 0)
			log_warning(LOG_INPUT, ret, "%s by %s cannot be done", name, event->source);
	}
	return 0;
}

/* ---- inputs ---- */

int desk_add_input(struct desk *desk, const char *name, const char *type, const char *kind)
{
	struct input_status *status = &desk->now.input[desk->now.input_count];

	if (desk->now.input_count == INPUTS_MAX)
		return -ENOSPC;
	str_copy(status->name, sizeof(status->name), name);
	str_copy(status->type, sizeof(status->type), type);
	str_copy(status->kind, sizeof(status->kind), kind);
	desk->changed = true;
	return (int)desk->now.input_count++;
}

void desk_set_input(struct desk *desk, unsigned int input, int error, const char *detail)
{
	struct input_status *status = &desk->now.input[input];

	if (input >= desk->now.input_count)
		return;
	status->present = !error;
	status->error = error;
	str_copy(status->detail, sizeof(status->detail), detail);
	desk->changed = true;
}

const struct input_status *desk_get_input(const struct desk *desk, unsigned int input)
{
	return input < desk->now.input_count ? &desk->now.input[input] : NULL;
}

/* ---- bindings ---- */

const struct desk_figures *desk_figures(const struct desk *desk)
{
	return &desk->figures;
}

void desk_configure(struct desk *desk, const struct bindings *bindings)
{
	desk->configured = *bindings;
	if (!desk->now.own)
		desk->now.bindings = *bindings;
	desk->changed = true;
}

void desk_restore(struct desk *desk, const struct bindings *bindings)
{
	desk->now.bindings = *bindings;
	desk->now.own = true;
	desk->changed = true;
}

const struct bindings *desk_get_bindings(const struct desk *desk)
{
	return &desk->now.bindings;
}

bool desk_has_own(const struct desk *desk)
{
	return desk->now.own;
}

bool desk_takes(const struct command *command)
{
	return command->type == COMMAND_BINDINGS_SET;
}

int desk_apply(struct desk *desk, const struct command *command)
{
	if (!desk_takes(command))
		return -EINVAL;
	desk->now.own = command->bindings;
	desk->now.bindings = command->bindings ? *command->bindings : desk->configured;
	desk->changed = true;
	command_discard(command);
	if (desk->config.on_change)
		desk->config.on_change(desk->config.data);
	return 0;
}

/* ---- the whole ---- */

void desk_sync(struct desk *desk)
{
	struct desk_snapshot *snapshot;

	if (!desk->changed)
		return;
	/* Without a buffer the change stays noted and goes out with the next one. */
	snapshot = mailbox_begin(desk->config.mailbox);
	if (!snapshot)
		return;
	desk->now.version++;
	*snapshot = desk->now;
	mailbox_publish(desk->config.mailbox, snapshot);
	desk->changed = false;
}

int desk_create(struct desk **ret_desk, const struct desk_config *config)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	int ret = 0;
	size_t i;

	if (!desk)
		return -ENOMEM;
	desk->config = *config;
	desk->configured = desk->now.bindings = *config->bindings;
	/* Readers want a first one. */
	desk->changed = true;
	for (i = 0; i < HEARD && ret >= 0; i++)
		ret = bus_subscribe(config->bus, &desk->subscription[i], "bindings", heard[i],
				    PRIORITY, NULL, on_event, desk);
	if (ret < 0) {
		desk_destroy(desk);
		return ret;
	}
	*ret_desk = desk;
	return 0;
}

struct desk *desk_destroy(struct desk *desk)
{
	size_t i;

	if (!desk)
		return NULL;
	for (i = 0; i < HEARD; i++)
		bus_unsubscribe(desk->subscription[i]);
	free(desk);
	return NULL;
}
