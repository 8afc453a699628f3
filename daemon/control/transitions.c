// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/transitions.h"

#define STARTUP_MS 2000
#define SWITCH_MS 400
#define SHUTDOWN_MS 600

const char *const transitions_names[TRANSITION_CAUSES + 1] = {
	[TRANSITION_STARTUP] = "startup",     [TRANSITION_MODE] = "mode",
	[TRANSITION_ANIMATION] = "animation", [TRANSITION_POWER] = "power",
	[TRANSITION_SCENE] = "scene",	      [TRANSITION_SHUTDOWN] = "shutdown",
};

void transitions_defaults(struct transitions *transitions)
{
	for (int i = 0; i < TRANSITION_CAUSES; i++)
		transitions->of[i] = (struct engine_transition){
			.duration_ms = SWITCH_MS,
			.curve = EASE_CUBIC_IN_OUT,
			.kind = ENGINE_CROSSFADE,
		};
	transitions->of[TRANSITION_STARTUP].duration_ms = STARTUP_MS;
	transitions->of[TRANSITION_SHUTDOWN].duration_ms = SHUTDOWN_MS;
	/* fast at first: light that goes down evenly to the eye */
	transitions->of[TRANSITION_SHUTDOWN].curve = EASE_QUAD_OUT;
}

uint32_t transitions_max_ms(enum transition_cause cause)
{
	return cause == TRANSITION_SHUTDOWN ? TRANSITIONS_SHUTDOWN_MAX_MS : TRANSITIONS_MAX_MS;
}

bool transitions_valid(enum transition_cause cause, const struct engine_transition *transition)
{
	return cause < TRANSITION_CAUSES && transition->duration_ms <= transitions_max_ms(cause) &&
	       transition->kind < ENGINE_KINDS && transition->curve < EASE_CURVES;
}
