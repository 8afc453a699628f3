/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "control/controller.h"
#include "control/presets.h"
#include "control/saved.h"
#include "control/snapshot.h"
#include "core/bus.h"
#include "frames/frames.h"

/*
 * The control panel's behaviour, whoever works it: a zone is selected, and in
 * edit mode it pulses and is changed step by step. Also what is for the station
 * as a whole: lamp white, power, and the flow of frames. Light loop only.
 */
struct panel;

/** PANEL_LAMP - id of the zone that lamp white is for; without it, the selected one */
#define PANEL_LAMP "LAMP"
#define PANEL_PULSE_NS 500000000ULL

struct panel_config {
	struct controller *controller;
	struct frames *frames;
	struct bus *bus;
	const struct presets *presets; /* what a colour's preset is an index of; outlives it */
	/* something was changed that panel_remember() tells; may be NULL */
	void (*on_change)(void *data);
	void *data;
};

/** panel_create() - after the controller has its zones, before frames_start(); 0 or -errno */
int panel_create(struct panel **ret_panel, const struct panel_config *config);

/** panel_destroy() - after the frame manager was stopped; NULL is fine; returns NULL */
struct panel *panel_destroy(struct panel *panel);

/** panel_end() - nothing of the panel covers the zones any more, for the light to go out */
void panel_end(struct panel *panel);

/** panel_remember() - what is to be given back after a restart */
void panel_remember(const struct panel *panel, struct saved_panel *ret_memory);

/** panel_restore() - what was remembered, before controller_start(); zones that are gone are left out */
void panel_restore(struct panel *panel, const struct saved_panel *memory);

/** panel_refresh() - zones were enabled or disabled, or the rate was set, by others */
void panel_refresh(struct panel *panel);

/** panel_on_preset() - a preset has another colour or name, or is gone */
void panel_on_preset(struct panel *panel, unsigned int preset);

/** panel_get_state() - borrowed, as long as the panel */
const struct panel_state *panel_get_state(const struct panel *panel);

/** panel_takes() - the command is one of panel_apply() */
bool panel_takes(enum command_type type);

/**
 * panel_apply() - do a command of the panel
 *
 * Return: 0; -EINVAL (out of range), -ENOENT (no zone to select), -EALREADY or
 * -ENOTCONN (frame by frame is on already, or is not), or what the controller
 * and the frame manager answer.
 */
int panel_apply(struct panel *panel, const struct command *command);
