/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pixel/color.h"

/*
 * An effect is one file in engine/effects/ with one const struct effect, and
 * one line in engine/effects/list.def. It computes with integers or fixed point only,
 * never allocates, never reads a clock: the same seed, time and parameters
 * give the same pixels whatever the frame rate.
 */

/** EFFECT_TICK_HZ - advance() is called this often for each second of time */
#define EFFECT_TICK_HZ 120
#define EFFECT_MAX_PARAMS 16

enum effect_param_type {
	EFFECT_PARAM_INT,
	EFFECT_PARAM_HUE, /* degrees, wraps */
	EFFECT_PARAM_BOOL,
	EFFECT_PARAM_PALETTE, /* index of palette_at() */
};

/** struct effect_param - one parameter; the API and the page are made from this */
struct effect_param {
	const char *name;  /* as in the API: lower case, underscores */
	const char *label; /* for people */
	const char *unit;  /* "%", "px", "°" or "" */
	enum effect_param_type type;
	bool wrap; /* stepping over an end goes on at the other */
	int32_t min, max, step, def;
};

/**
 * struct effect_context - what an effect may know
 * @pixels: length of the zone, 0 upwards
 * @width, @height: of a matrix; a strip is @pixels × 1
 * @seed: for pseudo-random numbers
 * @params: values in the order of effect.params, always in range
 * @tick: ticks since the start
 * @fraction: part of the next tick that has passed, 0 to 65535
 */
struct effect_context {
	uint32_t pixels;
	uint32_t width, height;
	uint32_t seed;
	const int32_t *params;
	uint64_t tick;
	uint32_t fraction;
};

/**
 * struct effect - one effect
 * @id: as in the API: upper case, underscores
 * @label, @description: for people; the description says what one sees
 * @state_bytes: fixed state of a running one
 * @pixel_state_bytes: more state for each pixel of the zone
 * @init: fill the zeroed state; may be NULL
 * @advance: one tick of 1/EFFECT_TICK_HZ s; may be NULL
 * @render: write all ctx->pixels of @out
 * @external: another program makes its pictures, see engine_set_source(); the rest but the names
 *	is made by effect_make_external()
 */
struct effect {
	const char *id;
	const char *label;
	const char *description;
	const struct effect_param *params;
	size_t param_count;
	size_t state_bytes;
	size_t pixel_state_bytes;
	void (*init)(void *state, const struct effect_context *ctx);
	void (*advance)(void *state, const struct effect_context *ctx);
	void (*render)(const void *state, const struct effect_context *ctx, struct pixel *out);
	bool external;
};

/** EFFECT_SOLID_* - parameters of effect_solid, each 0 to 255 */
enum effect_solid_param {
	EFFECT_SOLID_RED,
	EFFECT_SOLID_GREEN,
	EFFECT_SOLID_BLUE,
	EFFECT_SOLID_WHITE,
};

/** effect_at() - the effects in the order of the API; NULL at the end */
const struct effect *effect_at(size_t index);

/** EFFECT_MAX_ADDED - effects besides those that are built in */
#define EFFECT_MAX_ADDED 32

/**
 * effect_make_external() - an effect whose picture is its state, a struct pixel for each pixel
 * @id, @label, @description: live as long as the effect
 */
struct effect effect_make_external(const char *id, const char *label, const char *description);

/**
 * effect_add() - let the table have one more; it lives until effect_drop_added()
 *
 * Before other threads read the table. Return: 0, -EEXIST (id, in any case) or
 * -ENOSPC above EFFECT_MAX_ADDED.
 */
int effect_add(const struct effect *effect);

/** effect_drop_added() - only those that are built in again; when no other thread reads the table */
void effect_drop_added(void);

/** effect_find() - by id in any case; NULL if there is none */
const struct effect *effect_find(const char *id);

/** effect_index() - position of @effect in the table */
size_t effect_index(const struct effect *effect);

/** effect_param_find() - index of a parameter by name, or -ENOENT */
int effect_param_find(const struct effect *effect, const char *name);

/** effect_param_max() - the largest value; of a palette it depends on how many there are */
int32_t effect_param_max(const struct effect_param *param);

/** effect_param_type_name() - "int", "hue", "bool", "palette" */
const char *effect_param_type_name(enum effect_param_type type);

/** effect_solid - what a plain colour is shown by; the others are found by effect_find() */
extern const struct effect effect_solid;
