// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/changes.h"

#include "control/transitions.h"

/* a list of all 31 would fit into no line */
#define EASING_ALLOWED                                                                          \
	"linear, or quad, cubic, quart, quint, sine, expo, circ, back, elastic or bounce with " \
	"_in, _out or _in_out"

#define FIELDS(name, max_ms)                                                              \
	static const struct schema_field name[] = {                                       \
		{ "ms", SCHEMA_INT, SCHEMA_MEMBER(struct engine_transition, duration_ms), \
		  .max = (max_ms) },                                                      \
		{ "kind", SCHEMA_NAMED, SCHEMA_MEMBER(struct engine_transition, kind),    \
		  .names = engine_kind_names },                                           \
		{ "easing", SCHEMA_NAMED, SCHEMA_MEMBER(struct engine_transition, curve), \
		  .names = ease_names, .allowed = EASING_ALLOWED },                       \
		{ NULL },                                                                 \
	}

FIELDS(transition_fields, TRANSITIONS_MAX_MS);
FIELDS(shutdown_fields, TRANSITIONS_SHUTDOWN_MAX_MS);

#define CAUSE(name, cause, table)                                                  \
	{                                                                          \
		name, SCHEMA_OBJECT, SCHEMA_MEMBER(struct transitions, of[cause]), \
			.fields = (table)                                          \
	}

const struct schema_field changes_fields[] = {
	CAUSE("startup", TRANSITION_STARTUP, transition_fields),
	CAUSE("mode", TRANSITION_MODE, transition_fields),
	CAUSE("animation", TRANSITION_ANIMATION, transition_fields),
	CAUSE("power", TRANSITION_POWER, transition_fields),
	CAUSE("scene", TRANSITION_SCENE, transition_fields),
	CAUSE("shutdown", TRANSITION_SHUTDOWN, shutdown_fields),
	{ NULL },
};
