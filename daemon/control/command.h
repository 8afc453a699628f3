/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "control/scenes.h"
#include "control/transitions.h"

struct bindings;
struct config_change;

enum command_type {
	COMMAND_ZONE_SET_ON,
	COMMAND_ZONE_SET_BRIGHTNESS,
	COMMAND_ZONE_SET_COLOR,
	COMMAND_ZONE_SET_MODE,
	COMMAND_ZONE_SET_ANIMATION,
	COMMAND_ZONE_SET_PARAMS,
	COMMAND_ZONE_STOP_ANIMATION,
	COMMAND_ZONE_PATCH, /* patch */
	COMMAND_SCENE_SAVE, /* the commands of control/keeper.h, to LIBRARY_IMPORT: library */
	COMMAND_SCENE_RECALL,
	COMMAND_SCENE_REMOVE,
	COMMAND_SCENE_CHANGE,
	COMMAND_PRESET_PUT,
	COMMAND_PRESET_RECALL,
	COMMAND_PRESET_REMOVE,
	COMMAND_PRESET_CHANGE,
	COMMAND_LIBRARY_IMPORT,
	COMMAND_PANEL_EDIT_MODE, /* the commands of control/panel.h, to STEPPER_LEAVE; toggles */
	COMMAND_PANEL_LAMP_WHITE,
	COMMAND_PANEL_POWER,
	COMMAND_PANEL_ANIMATION, /* or static, of the selected zone */
	COMMAND_PANEL_SELECT_NEXT,
	COMMAND_PANEL_SELECT_PREVIOUS,
	COMMAND_PANEL_SELECT, /* steps */
	COMMAND_PANEL_TARGET_NEXT,
	COMMAND_PANEL_ADJUST, /* steps */
	COMMAND_FRAMES_PAUSE,
	COMMAND_FRAMES_RESUME,
	COMMAND_FRAMES_STEP,
	COMMAND_FRAMES_FPS,    /* fps */
	COMMAND_STEPPER_ENTER, /* frame by frame, of the selected zone */
	COMMAND_STEPPER_PREVIOUS,
	COMMAND_STEPPER_NEXT,
	COMMAND_STEPPER_PLAY,
	COMMAND_STEPPER_PAUSE,
	COMMAND_STEPPER_LEAVE,
	COMMAND_BINDINGS_SET, /* bindings */
	COMMAND_OUTPUT_FRAME, /* frame, over what the zones of output @zone show */
	COMMAND_OUTPUT_FRAME_CLEAR,
	COMMAND_SYSTEM_READY, /* nothing: whether frames flow, -EAGAIN before the first, -ETIME */
	COMMAND_SYSTEM_RELOAD,
	COMMAND_CONFIG_CHANGE, /* config; its result comes when files were read and written */
	COMMAND_SYSTEM_SHUTDOWN,
	COMMAND_TRANSITION_SET, /* transition; until a reload has others */
	/*
	 * task.id: of a transition, whose end shows at once, or of an animation, whose zone
	 * becomes static; all else goes on as long as the station does
	 */
	COMMAND_TASK_CANCEL,
	COMMAND_TYPES,
};

#define COMMAND_LIBRARY_FIRST COMMAND_SCENE_SAVE
#define COMMAND_LIBRARY_LAST COMMAND_LIBRARY_IMPORT

#define COMMAND_PANEL_FIRST COMMAND_PANEL_EDIT_MODE
#define COMMAND_PANEL_LAST COMMAND_STEPPER_LEAVE

/** COMMAND_STEPS_MAX - the most steps of one turn */
#define COMMAND_STEPS_MAX 100

/** COMMAND_TRANSITION_MAX_MS - the longest transition that a command may ask for */
#define COMMAND_TRANSITION_MAX_MS TRANSITIONS_MAX_MS

#define COMMAND_TRANSITION_MS 1
#define COMMAND_TRANSITION_KIND 2
#define COMMAND_TRANSITION_EASING 4

/** COMMANDS_MAX - commands that may wait; more are answered 503 */
#define COMMANDS_MAX 256

/* What a struct command_patch has. */
enum command_patch_mask {
	COMMAND_PATCH_ON = 1 << 0,
	COMMAND_PATCH_BRIGHTNESS = 1 << 1,
	COMMAND_PATCH_COLOR = 1 << 2,
	COMMAND_PATCH_MODE = 1 << 3,
	COMMAND_PATCH_ANIMATION = 1 << 4, /* begin it; @animation */
	COMMAND_PATCH_PARAMS = 1 << 5,	  /* of @animation */
};

/** struct command_patch - several members of a zone at once */
struct command_patch {
	uint8_t mask;
	bool is_on;
	uint8_t brightness;
	struct zone_color color;
	enum zone_mode mode;
	uint16_t animation;
	uint16_t param_mask; /* bit i: params[i] is given */
	int32_t params[EFFECT_MAX_PARAMS];
};

/**
 * struct command - something to be done by the light loop; a plain value
 * @ticket: given back in the result; 0 if no result is wanted
 * @each: of a ZONE command for a group: for each of its members, not for it as one canvas
 *
 * What the API sends was validated there; the controller checks indices and
 * ranges again, since it answers for memory safety.
 */
struct command {
	enum command_type type;
	uint64_t ticket;
	uint16_t zone;
	bool each;
	union {
		struct command_patch patch;
		struct {
			uint8_t *data; /* heap, whoever has the command frees it */
			uint32_t bytes, ttl_ms;
		} frame;
		int32_t steps;
		uint16_t fps;
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
			uint32_t transition_ms; /* of RECALL; or CONTROLLER_CONFIGURED_MS */
			struct pixel rgb;	/* of PRESET_PUT */
			struct library
				*import; /* of IMPORT; heap, whoever has the command frees it */
		} library;
		/* heap, whoever has the command frees it; NULL: those of the configuration again */
		struct bindings *bindings;
		struct config_change *config; /* one reference, of whoever has the command */
		struct {
			enum transition_cause cause;
			uint8_t mask; /* COMMAND_TRANSITION_*: what is given, the rest stays */
			struct engine_transition transition;
		} transition;
		struct {
			uint32_t id;
		} task;
	};
};

/** command_discard() - free what a command has that nobody will do */
void command_discard(const struct command *command);

/** struct command_result - what became of a command */
struct command_result {
	uint64_t ticket;
	int result; /* 0 or -errno */
};
