/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "control/scenes.h"

enum command_type {
	COMMAND_ZONE_SET_ON,
	COMMAND_ZONE_SET_BRIGHTNESS,
	COMMAND_ZONE_SET_COLOR,
	COMMAND_ZONE_SET_MODE,
	COMMAND_ZONE_SET_ANIMATION,
	COMMAND_ZONE_SET_PARAMS,
	COMMAND_ZONE_STOP_ANIMATION,
	COMMAND_SCENE_SAVE, /* the commands of control/keeper.h, to LIBRARY_IMPORT: library */
	COMMAND_SCENE_RECALL,
	COMMAND_SCENE_REMOVE,
	COMMAND_SCENE_CHANGE,
	COMMAND_PRESET_PUT,
	COMMAND_PRESET_RECALL,
	COMMAND_PRESET_REMOVE,
	COMMAND_PRESET_CHANGE,
	COMMAND_LIBRARY_IMPORT,
	COMMAND_TASK_ENDED, /* a task of another thread ended: task, error */
	COMMAND_TYPES,
};

#define COMMAND_LIBRARY_FIRST COMMAND_SCENE_SAVE
#define COMMAND_LIBRARY_LAST COMMAND_LIBRARY_IMPORT

/** COMMAND_TRANSITION_MAX_MS - the longest transition that a command may ask for */
#define COMMAND_TRANSITION_MAX_MS 60000

/** COMMANDS_MAX - commands that may wait; more are answered 503 */
#define COMMANDS_MAX 256

/**
 * struct command - something to be done by the light loop; a plain value
 * @ticket: given back in the result; 0 if no result is wanted
 *
 * What the API sends was validated there; the controller checks indices and
 * ranges again, since it answers for memory safety.
 */
struct command {
	enum command_type type;
	uint64_t ticket;
	uint16_t zone;
	union {
		bool is_on;
		uint8_t brightness;
		struct zone_color color;
		enum zone_mode mode;
		uint16_t animation;
		struct {
			uint16_t animation; /* the values are for this one: -ESTALE if it is another by now */
			uint16_t mask; /* bit i: params[i] is given */
			int32_t params[EFFECT_MAX_PARAMS];
		} params;
		struct {
			char name[SLOTS_NAME_MAX];     /* of the scene or preset */
			char new_name[SLOTS_NAME_MAX]; /* of CHANGE; "": to @position instead */
			uint8_t position;
			bool all_zones;		/* of PRESET_RECALL; else the command's zone */
			uint32_t transition_ms; /* of RECALL; or CONTROLLER_SWITCH_MS */
			struct pixel rgb;	/* of PRESET_PUT */
			struct library
				*import; /* of IMPORT; heap, whoever has the command frees it */
		} library;
		struct {
			uint32_t id;
			int error;
		} task;
	};
};

/** struct command_result - what became of a command */
struct command_result {
	uint64_t ticket;
	int result; /* 0 or -errno */
};
