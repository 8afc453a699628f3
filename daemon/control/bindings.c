// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/bindings.h"

#include <errno.h>
#include <linux/input-event-codes.h>
#include <string.h>

#define TURN(input_name, action)                                                  \
	{                                                                         \
		.input = input_name, .gesture = EVENT_ROTATE, .call.type = action \
	}
#define PRESS(input_name, action)                                                \
	{                                                                        \
		.input = input_name, .gesture = EVENT_PRESS, .call.type = action \
	}
#define KEY(key_code, ...)                                                        \
	{                                                                         \
		.gesture = EVENT_PRESS, .code = key_code, .call = { __VA_ARGS__ } \
	}

/* As the original station was wired and used. */
static const struct bindings defaults = {
	.count = 14,
	.binding = {
		TURN("selector", ACTION_SELECT_ZONE),
		TURN("modulator", ACTION_ADJUST),
		PRESS("modulator", ACTION_NEXT_TARGET),
		PRESS("button1", ACTION_EDIT_MODE),
		PRESS("button2", ACTION_LAMP_WHITE),
		PRESS("button3", ACTION_POWER),
		PRESS("button4", ACTION_TOGGLE_ANIMATION),
		KEY(KEY_Z, ACTION_SET_MODE, .number = ZONE_STATIC),
		KEY(KEY_X, ACTION_SET_MODE, .number = ZONE_ANIMATION),
		KEY(KEY_F, ACTION_STEPPER_ENTER),
		KEY(KEY_A, ACTION_STEPPER_PREVIOUS),
		KEY(KEY_D, ACTION_STEPPER_NEXT),
		KEY(KEY_SPACE, ACTION_STEPPER_PLAY),
		KEY(KEY_Q, ACTION_STEPPER_LEAVE),
	},
};

const struct bindings *bindings_default(void)
{
	return &defaults;
}

static bool is_named_before(size_t index)
{
	size_t i;

	for (i = 0; i < index; i++)
		if (!strcmp(defaults.binding[i].input, defaults.binding[index].input))
			return true;
	return false;
}

const char *bindings_default_input(size_t index, const char **ret_type)
{
	const char *name = NULL, *type = "button";
	size_t i;

	for (i = 0; i < defaults.count && !name; i++)
		if (defaults.binding[i].input[0] && !is_named_before(i) && !index--)
			name = defaults.binding[i].input;
	for (i = 0; i < defaults.count && name; i++)
		if (!strcmp(defaults.binding[i].input, name) &&
		    defaults.binding[i].gesture == EVENT_ROTATE)
			type = "encoder";
	if (ret_type)
		*ret_type = name ? type : NULL;
	return name;
}

static bool is_for(const struct binding *binding, const struct event *event)
{
	bool key = event->type == EVENT_KEY_PRESS;

	/* the code alone does not tell: that of a key that nobody is to know is 0, too */
	if (key != (binding->code != 0))
		return false;
	if (key &&
	    (binding->code != event->input.code || binding->modifiers != event->input.modifiers))
		return false;
	/* only a key may be of any input */
	return (!binding->input[0] && binding->code) || !strcmp(binding->input, event->source);
}

static bool is_gesture(const struct binding *binding, const struct event *event)
{
	if (event->type != EVENT_ENCODER_ROTATE)
		return binding->gesture == event->input.gesture;
	return binding->gesture == EVENT_ROTATE ||
	       binding->gesture == (event->input.delta < 0 ? EVENT_LEFT : EVENT_RIGHT);
}

int bindings_match(const struct bindings *bindings, size_t from, const struct event *event)
{
	size_t i;

	for (i = from; i < bindings->count; i++)
		if (is_gesture(&bindings->binding[i], event) &&
		    is_for(&bindings->binding[i], event))
			return (int)i;
	return -ENOENT;
}
