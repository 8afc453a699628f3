/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/bindings.h"
#include "control/scenes.h"
#include "control/transitions.h"

/*
 * What the station remembers, and how it is written down: one JSON object
 * with a version. Pure: no files, no clock.
 *
 *   {"version": 3,
 *    "zones": [{"id", "is_on", "brightness", "color": {"mode", and the
 *      member that goes with it, and always "rgb"}, "render_mode", "animation": {"id",
 *      "parameters"}}],
 *    "presets": [{"name", "rgb"}],
 *    "scenes": [{"name", "zones": as above}],
 *    "bindings": as in control/bindings.h, only if they were changed,
 *    "panel": {"selected": id of a zone, "fps": if it was set by a command,
 *      "was_on": ids of the zones that power was taken from, while it is off,
 *      "lamp": as in zones, as it was before, while it is white},
 *    "transitions": {cause: {"ms", "kind", "easing"}, those that were set by a command}}
 *
 * Version 1 had neither presets nor scenes, version 2 neither panel nor
 * transitions.
 */

/** SAVED_VERSION - of what saved_write() makes; older ones are read, newer ones refused */
#define SAVED_VERSION 3
/** SAVED_TEXT_MAX - bytes of a text that is read: well above 33 times 256 zones, the fullest there is */
#define SAVED_TEXT_MAX (16 * 1024 * 1024)
/** SAVED_ERROR_MAX - bytes of an error in words, the closing zero included */
#define SAVED_ERROR_MAX 320

/**
 * struct saved_panel - what the panel has to give back; a plain value
 * @selected: id of the selected zone, "": the first one
 * @was_on: zones that @power_off has switched off
 * @lamp: before @lamp_white, with the zone's id
 * @fps: set by a command, 0: as configured
 */
struct saved_panel {
	char selected[ZONE_ID_MAX];
	bool power_off;
	bool lamp_white;
	uint16_t fps;
	uint32_t was_on_count;
	char was_on[ZONE_MAX][ZONE_ID_MAX];
	struct scene_zone lamp;
};

/** struct saved - all that is remembered; a plain value */
struct saved {
	uint32_t zone_count;
	struct scene_zone zone[ZONE_MAX];
	struct library library;
	bool own_bindings; /* else those of the configuration are used */
	struct bindings bindings;
	struct saved_panel panel;
	uint32_t own_transitions; /* bit by cause: set by a command */
	struct transitions transitions;
};

/**
 * saved_write() - @saved as text
 * @ret_text: heap, closed by a zero that @ret_length does not count
 *
 * Return: 0, or -ENOMEM with the results untouched.
 */
int saved_write(const struct saved *saved, char **ret_text, size_t *ret_length);

/**
 * saved_read() - a text of this or an older version
 * @ret_saved: zeroed by the caller
 * @error: on failure what is wrong, with line and column or a JSON pointer
 *
 * An animation that is not known any more leaves its zone static; a parameter
 * that is not known or out of range has its default. All else has to be right.
 *
 * Return: 0, or -EINVAL or -ENOMEM with @ret_saved half filled.
 */
int saved_read(const char *text, size_t length, struct saved *ret_saved,
	       char error[SAVED_ERROR_MAX]);

/**
 * saved_write_library() - presets and scenes only, as an export; as saved_write()
 *
 * saved_read_library() takes this and what saved_write() made; @ret_library is
 * zeroed by the caller.
 */
int saved_write_library(const struct library *library, char **ret_text, size_t *ret_length);
int saved_read_library(const char *text, size_t length, struct library *ret_library,
		       char error[SAVED_ERROR_MAX]);

/** saved_find() - the state remembered for a zone, borrowed; NULL if there is none */
const struct zone_state *saved_find(const struct saved *saved, const char *id);
