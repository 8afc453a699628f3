/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "engine/engine.h"

/*
 * How the light gets from one picture to the next, by what asked for it. A
 * colour, brightness or parameter that is set shows at once.
 */

enum transition_cause {
	TRANSITION_STARTUP,   /* light comes up */
	TRANSITION_MODE,      /* static or animated; also lamp white */
	TRANSITION_ANIMATION, /* another one */
	TRANSITION_POWER,     /* on and off, enabled or not */
	TRANSITION_SCENE,     /* a scene or preset is recalled, unless it says itself how long */
	TRANSITION_SHUTDOWN,  /* light goes at the end */
	TRANSITION_CAUSES,
};

/** transitions_names - of each cause, closed by NULL */
extern const char *const transitions_names[TRANSITION_CAUSES + 1];

/** TRANSITIONS_MAX_MS - the longest transition */
#define TRANSITIONS_MAX_MS 60000
/** TRANSITIONS_SHUTDOWN_MAX_MS - the longest fade at the end; the coordinator allows it 5 s in all */
#define TRANSITIONS_SHUTDOWN_MAX_MS 4000

/** struct transitions - a plain value */
struct transitions {
	struct engine_transition of[TRANSITION_CAUSES];
};

/** transitions_defaults() - the original's times */
void transitions_defaults(struct transitions *transitions);

/** transitions_max_ms() - the longest that a cause may have */
uint32_t transitions_max_ms(enum transition_cause cause);

/** transitions_valid() - time, kind and easing are in range */
bool transitions_valid(enum transition_cause cause, const struct engine_transition *transition);
