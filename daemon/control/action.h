/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/slots.h"
#include "control/zone.h"
#include "core/event.h"

/*
 * What a button, a knob or a key can be told to do: the controller's commands
 * by name, with at most one value and, where it is about a zone, the zone and
perhaps a parameter of its animation.
 */

/** enum action_value - what is given with an action */
enum action_value {
	ACTION_NOTHING,
	ACTION_STEPS,	   /* of a turn; may be left out: as the knob turned, or 1 */
	ACTION_ON,	   /* true or false */
	ACTION_MODE,	   /* STATIC or ANIMATION */
	ACTION_BRIGHTNESS, /* percent */
	ACTION_HUE,	   /* degrees */
	ACTION_RGB,	   /* three components, 0 to 255 */
	ACTION_KELVIN,
	ACTION_PARAMETER, /* what the parameter takes */
	ACTION_FPS,
	ACTION_ANIMATION, /* an effect's id */
	ACTION_PRESET,	  /* a preset's name */
	ACTION_SCENE,	  /* a scene's name */
	ACTION_SOUND,	  /* a pattern of the buzzer */
};

enum action_type {
	ACTION_EDIT_MODE,
	ACTION_LAMP_WHITE,
	ACTION_POWER,
	ACTION_TOGGLE_ANIMATION,
	ACTION_SELECT_ZONE,
	ACTION_NEXT_TARGET,
	ACTION_ADJUST,
	ACTION_SET_ON,
	ACTION_TOGGLE,
	ACTION_SET_BRIGHTNESS,
	ACTION_SET_HUE,
	ACTION_SET_RGB,
	ACTION_SET_KELVIN,
	ACTION_SET_PRESET,
	ACTION_SET_PARAMETER,
	ACTION_ADJUST_BRIGHTNESS,
	ACTION_ADJUST_HUE,
	ACTION_ADJUST_PRESET,
	ACTION_ADJUST_PARAMETER,
	ACTION_SET_MODE,
	ACTION_SET_ANIMATION,
	ACTION_STOP_ANIMATION,
	ACTION_RECALL_SCENE,
	ACTION_SAVE_SCENE,
	ACTION_PAUSE,
	ACTION_RESUME,
	ACTION_STEP,
	ACTION_SET_FPS,
	ACTION_STEPPER_ENTER,
	ACTION_STEPPER_PREVIOUS,
	ACTION_STEPPER_NEXT,
	ACTION_STEPPER_PLAY,
	ACTION_STEPPER_LEAVE,
	ACTION_SOUND_PATTERN,
	ACTION_TYPES,
};

/**
 * struct action - one line of the table
 * @name: as in configuration and API
 * @about: what it does, for people
 * @zone: it is about a zone: the one named, else the one that the panel selected
 * @parameter: it is about a parameter of animations, which has to be named
 */
struct action {
	const char *name;
	const char *about;
	enum action_value value;
	bool zone, parameter;
};

/** struct action_call - an action with what is given; a plain value */
struct action_call {
	enum action_type type;
	char zone[ZONE_ID_MAX];	   /* empty: the selected one */
	bool given;		   /* ACTION_STEPS: @number is */
	int32_t number;		   /* of a value that is a number; RGB: 0xrrggbb */
	char name[SLOTS_NAME_MAX]; /* of one that is a name */
	char parameter[EVENT_NAME_MAX];
};

/** action_at() - NULL out of range */
const struct action *action_at(size_t index);

/** action_name_at() - a nearest_name_fn of all actions */
const char *action_name_at(size_t index, const void *data);

/** action_value_key() - the JSON key of a value; NULL for NOTHING */
const char *action_value_key(enum action_value value);

/** action_value_is_name() - it is in action_call.name */
bool action_value_is_name(enum action_value value);

/** action_value_range() - of a number: least and most */
void action_value_range(enum action_value value, int32_t *ret_min, int32_t *ret_max);
