/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "control/command.h"
#include "control/snapshot.h"
#include "core/bus.h"
#include "core/mailbox.h"
#include "core/tasks.h"
#include "engine/engine.h"

/*
 * The rules of the light station: what a command does to a zone. It owns the
 * zones' states, tells the engine what to show, publishes events and makes the
 * state snapshot. Light loop only.
 */
struct controller;

struct controller_config {
	struct engine *engine;
	struct frames *frames;
	struct bus *bus;
	struct tasks *tasks;
	struct loop *loop;
	struct mailbox *state_mailbox; /* buffers of struct state_snapshot */
	struct mailbox *tasks_mailbox; /* buffers of struct tasks_snapshot */
	struct transitions transitions;
	uint32_t parent_task;	       /* of the tasks of animations and transitions; 0: none */
	const struct presets *presets; /* what a colour's preset is an index of; outlives it */
	/* controller_busy() was true and is not any more; may be NULL */
	void (*on_idle)(void *data);
	void *data;
};

/** CONTROLLER_SLICE_NS - after this time of changing zones others of the loop have their turn */
#define CONTROLLER_SLICE_NS 200000ULL

/** CONTROLLER_CONFIGURED_MS - as a transition's time: what is configured for the cause */
#define CONTROLLER_CONFIGURED_MS UINT32_MAX

int controller_create(struct controller **ret_controller, const struct controller_config *config);
struct controller *controller_destroy(struct controller *controller);

/**
 * controller_add_zone() - before controller_start(); adds it to engine and frames too
 * @output: index in the frame manager
 *
 * Return: the zone's index, -EEXIST (id), -ENOSPC or -EINVAL.
 */
int controller_add_zone(struct controller *controller, unsigned int output,
			const struct zone_config *config, const struct zone_state *state);

/** controller_add_output() - so that snapshots show it; index as in the frame manager */
int controller_add_output(struct controller *controller, const struct output *output);

/** controller_start() - show the states given and publish the first snapshots */
int controller_start(struct controller *controller);

/**
 * controller_apply() - do a command
 *
 * Return: 0; -ENOENT (zone or animation unknown), -EINVAL (value out of
 * range), -ESTALE (parameters of another animation); of a task -ENOENT (not
 * known), -EALREADY (has ended) or -EPERM (not to be cancelled); nothing is
 * changed then.
 */
int controller_apply(struct controller *controller, const struct command *command);

/**
 * controller_set_state() - all of a zone at once, as one transition
 *
 * Return: 0; -ENOENT (no such zone), -EINVAL (value out of range); nothing is
 * changed then.
 */
int controller_set_state(struct controller *controller, unsigned int zone,
			 const struct zone_state *state, enum transition_cause cause,
			 uint32_t transition_ms);

/**
 * controller_set_state_later(), controller_switch_later() - as one of many
 *
 * What is asked so is done by controller_go_on(), some zones at a time, and told
 * to others when all of it is done. Who comes with anything else meanwhile
 * calls controller_finish() first. Return: 0, -ENOENT or -EINVAL.
 */
int controller_set_state_later(struct controller *controller, unsigned int zone,
			       const struct zone_state *state, enum transition_cause cause,
			       uint32_t transition_ms);
int controller_switch_later(struct controller *controller, unsigned int zone, bool is_on);

/** controller_go_on() - begin with what was asked for later; the rest follows by itself */
void controller_go_on(struct controller *controller);

/** controller_finish() - do at once what waits */
void controller_finish(struct controller *controller);

/** controller_busy() - something waits */
bool controller_busy(const struct controller *controller);

/**
 * controller_on_preset() - a preset has another colour or name, or is gone
 *
 * Zones in its colour follow, or keep the colour as RGB.
 */
void controller_on_preset(struct controller *controller, unsigned int preset);

/** controller_on_output() - an output came or went (frames' on_output) */
void controller_on_output(struct controller *controller, unsigned int output, bool present,
			  int error);

/** controller_set_transitions() - how changes look from now on; all of them are valid */
void controller_set_transitions(struct controller *controller,
				const struct transitions *transitions);

/** controller_restore_transitions() - those of @own (bit by cause) were set by commands; invalid ones are left out */
void controller_restore_transitions(struct controller *controller, uint32_t own,
				    const struct transitions *transitions);

/** controller_own_transitions() - bit by cause: set by a command since controller_set_transitions() */
uint32_t controller_own_transitions(const struct controller *controller);

/** controller_transitions() - as they are now, borrowed */
const struct transitions *controller_transitions(const struct controller *controller);

/** controller_set_zone() - another display name, and whether it may be lit; 0 or -ENOENT */
int controller_set_zone(struct controller *controller, unsigned int zone, const char *display_name,
			bool enabled);

/**
 * controller_set_fault() - why the zone's animation was given up, for health
 *
 * Until the zone begins an animation again.
 */
void controller_set_fault(struct controller *controller, unsigned int zone, const char *text);

/** controller_set_thermal() - so that snapshots show it; copied */
void controller_set_thermal(struct controller *controller, const struct thermal_state *thermal);

/**
 * controller_place_zone() - another place for a zone and the groups it is of; its state stays
 * @output: index in the frame manager
 *
 * Return: 0; -ENOENT (no such zone), -EINVAL (another number of pixels, size
 * of picture or members), or what frames_place_zone() answers.
 */
int controller_place_zone(struct controller *controller, unsigned int zone, unsigned int output,
			  const struct zone_config *config);

/** controller_on_store() - the state cannot be saved any more, -errno, or can again, 0 */
void controller_on_store(struct controller *controller, int error);

/** controller_on_task() - the task register changed: publish a snapshot after this callback */
void controller_on_task(struct controller *controller);

/** controller_sync() - publish now what has changed; call before sending a result */
void controller_sync(struct controller *controller);

/** controller_get_config() - what a zone is, borrowed; NULL if there is none */
const struct zone_config *controller_get_config(const struct controller *controller,
						unsigned int zone);

/** controller_zone_count() - indices of zones are below this */
unsigned int controller_zone_count(const struct controller *controller);

/** controller_set_panel() - so that snapshots show it; copied */
void controller_set_panel(struct controller *controller, const struct panel_state *panel);

/** controller_get() - state of a zone, borrowed; NULL if there is none */
const struct zone_state *controller_get(const struct controller *controller, unsigned int zone);
