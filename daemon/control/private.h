/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "control/controller.h"
#include "core/loop.h"
#include "frames/frames.h"

/*
 * What the files of the controller share: controller.c has the rules, publish.c
 * tells others what became of them, running.c keeps what goes on as tasks,
 * places.c says where zones lie.
 */

struct controller_zone {
	struct zone_config config;
	struct zone_state state;
	uint32_t task;	     /* of the running animation; 0: none */
	uint32_t transition; /* task of the one under way; 0: none */
	char fault[CONTROLLER_FAULT_MAX];
};

/* What is asked of a zone together with others, until its turn comes. */
struct controller_change {
	bool waiting;
	bool whole; /* else only @state.is_on */
	struct zone_state state;
	enum transition_cause cause;
	uint32_t transition_ms;
};

struct controller {
	struct controller_config config;
	struct loop_source *publish, *later;
	bool started;

	unsigned int zone_count;
	struct controller_zone zone[ZONE_MAX];
	unsigned int zone_output[ZONE_MAX]; /* index of the frame manager's */
	struct panel_state panel;
	struct transitions transitions;
	uint32_t own_transitions; /* bit by cause: set by a command */
	unsigned int output_count;
	const struct output *output[FRAMES_MAX_OUTPUTS];
	int output_error[FRAMES_MAX_OUTPUTS];
	int store_error;
	struct thermal_state thermal;

	unsigned int changes; /* that wait */
	struct controller_change change[ZONE_MAX];

	/* What the next publication has to tell. */
	bool state_changed, tasks_changed;
	bool zone_changed[ZONE_MAX];
	/* The reader held all buffers: told once until it works again. */
	bool starved;
	uint64_t state_version, tasks_version;
};

/** controller_switch() - a zone on or off, at once */
void controller_switch(struct controller *controller, unsigned int zone, bool is_on);

/** controller_valid_state() - brightness, animation and parameters are in range */
bool controller_valid_state(const struct zone_state *state);

/** later_create() - the source that goes on with changes; 0 or -errno */
int later_create(struct controller *controller);

/** publish_create() - the source that publishes after a callback; 0 or -errno */
int publish_create(struct controller *controller);

/** publish_later() - what was noted goes out after this callback, if the controller has started */
void publish_later(struct controller *controller);

/** publish_changed() - the zone's state is another one: note it for snapshot and event */
void publish_changed(struct controller *controller, unsigned int zone);

/** publish_zone() - an event about a zone, at once */
void publish_zone(struct controller *controller, unsigned int zone, enum event_type type);

/** publish_animation() - the zone's animation has started or stopped */
void publish_animation(struct controller *controller, unsigned int zone, enum event_type type);

/** publish_parameter() - a parameter of the zone's animation has another value */
void publish_parameter(struct controller *controller, unsigned int zone, unsigned int param);

/** running_begin_animation() - from here on the animation of the zone's state is what runs */
void running_begin_animation(struct controller *controller, unsigned int zone);
void running_end_animation(struct controller *controller, unsigned int zone);

/** running_transition() - after the engine was told: a task for what it does, if that takes time */
void running_transition(struct controller *controller, unsigned int zone,
			enum transition_cause cause, const struct engine_transition *how);

/** running_on_output() - an output came or went: what nobody sees any more has ended */
void running_on_output(struct controller *controller, unsigned int output);

/** running_on_transition_end() - the engine's on_transition_end; @data is the controller */
void running_on_transition_end(unsigned int zone, void *data);

/** running_cancel() - COMMAND_TASK_CANCEL */
int running_cancel(struct controller *controller, uint32_t task);

/**
 * places_add() - the parts of a zone of its own, or of the members of a group
 * @output: index in the frame manager, of a zone of its own
 * @reversed: of the zone's parts, the last first; each member of a group says it itself
 *
 * Return: 0; -ENOSPC (more than FRAMES_MAX_PARTS), -EINVAL (no such member).
 */
int places_add(const struct controller *controller, struct frames_zone_config *place,
	       unsigned int output, const struct zone_config *config, bool reversed);
