/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/nearest.h"
#include "control/action.h"
#include "core/event.h"

/*
 * Which gesture at which input does what. Pure, but for the heap of JSON.
 *
 *   [{"input": "selector", "gesture": "rotate", "action": "SELECT_ZONE"},
 *    {"input": "button1", "gesture": "press", "action": "EDIT_MODE"},
 *    {"key": "CTRL+Z", "action": "SET_MODE", "zone": "FLOOR", "render_mode": "STATIC"}]
 *
 * "gesture" is "press" if it is left out; "input" of a key any keyboard;
 * "zone" the selected one.
 */

/** INPUT_NAME_MAX - bytes of an input's name, the closing zero included */
#define INPUT_NAME_MAX EVENT_NAME_MAX
/** BINDINGS_MAX - bindings at a time */
#define BINDINGS_MAX 128

/** struct binding - one of them; a plain value */
struct binding {
	char input[INPUT_NAME_MAX]; /* empty: any keyboard */
	enum event_gesture gesture;
	uint32_t code, modifiers; /* of a key; code 0: it is not about a key */
	struct action_call call;
};

/** struct bindings - all of them; several may be for one gesture and are done in order */
struct bindings {
	uint32_t count;
	struct binding binding[BINDINGS_MAX];
};

/** bindings_default() - the original station's panel and keyboard */
const struct bindings *bindings_default(void);

/**
 * bindings_default_input() - inputs that bindings_default() names, each once
 * @ret_type: "encoder" or "button"; may be NULL
 *
 * Return: NULL at the end.
 */
const char *bindings_default_input(size_t index, const char **ret_type);

/** bindings_match() - the first one from @from on that the event is for; -ENOENT if there is none */
int bindings_match(const struct bindings *bindings, size_t from, const struct event *event);

/**
 * struct bindings_known - names that bindings may use
 * @input_at, @zone_at: all names, or NULL: any will do
 * @kind_at: of each input, by which gestures are checked: its type, such as
 *	"button", but "knob" for an encoder without a switch; NULL: not known
 */
struct bindings_known {
	nearest_name_fn input_at, kind_at, zone_at;
	const void *inputs, *zones;
};

/**
 * struct bindings_error - the first thing that is wrong
 * @index: of the entry; -1: the whole
 * @key: in it; empty: the entry itself
 * @value: found there, borrowed; NULL: nothing
 * @allowed: what may stand there
 */
struct bindings_error {
	int index;
	char key[32];
	const json_t *value;
	char allowed[640];
};

/**
 * bindings_read() - from JSON
 * @ret_bindings: filled only on success
 *
 * Names of scenes and presets, which come and go, are looked up when they are
 * used; those of animations, their parameters and sounds are checked here. Return: 0 or -EINVAL.
 */
int bindings_read(const json_t *json, const struct bindings_known *known,
		  struct bindings *ret_bindings, struct bindings_error *ret_error);

/** bindings_write() - as JSON, one reference; NULL without memory */
json_t *bindings_write(const struct bindings *bindings);
