// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/event.h"

#include <string.h>

static const struct {
	const char *name;
	bool state; /* only the newest about a thing counts */
} event_types[EVENT_TYPES] = {
	[EVENT_NONE] = { "none", false },
	[EVENT_ENCODER_ROTATE] = { "encoder_rotate", false },
	[EVENT_ENCODER_CLICK] = { "encoder_click", false },
	[EVENT_BUTTON_PRESS] = { "button_press", false },
	[EVENT_KEY_PRESS] = { "key_press", false },
	[EVENT_ZONE_STATIC_STATE_CHANGED] = { "zone_static_state_changed", true },
	[EVENT_ZONE_RENDER_MODE_CHANGED] = { "zone_render_mode_changed", true },
	[EVENT_ZONE_ANIMATION_CHANGED] = { "zone_animation_changed", true },
	[EVENT_ANIMATION_STARTED] = { "animation_started", false },
	[EVENT_ANIMATION_STOPPED] = { "animation_stopped", false },
	[EVENT_ANIMATION_PARAMETER_CHANGED] = { "animation_parameter_changed", true },
	[EVENT_ZONE_SNAPSHOT_UPDATED] = { "zone_snapshot_updated", true },
	[EVENT_WEB_COMMAND] = { "web_command", false },
	[EVENT_TASK_CHANGED] = { "task_changed", true },
	[EVENT_OUTPUT_CHANGED] = { "output_changed", true },
	[EVENT_PANEL_CHANGED] = { "panel_changed", true },
	[EVENT_SYSTEM] = { "system", false },
};

static const char *const gestures[EVENT_GESTURES] = {
	[EVENT_ROTATE] = "rotate", [EVENT_RIGHT] = "right",	[EVENT_LEFT] = "left",
	[EVENT_PRESS] = "press",   [EVENT_RELEASE] = "release", [EVENT_CLICK] = "click",
	[EVENT_DOUBLE] = "double", [EVENT_LONG] = "long",	[EVENT_REPEAT] = "repeat",
};

const char *event_gesture_name(enum event_gesture gesture)
{
	return (unsigned int)gesture < EVENT_GESTURES ? gestures[gesture] : "unknown";
}

const char *event_type_name(enum event_type type)
{
	return (unsigned int)type < EVENT_TYPES ? event_types[type].name : "unknown";
}

bool event_replaces(const struct event *newer, const struct event *older)
{
	if ((unsigned int)newer->type >= EVENT_TYPES || !event_types[newer->type].state)
		return false;
	if (newer->type != older->type || newer->key != older->key)
		return false;
	if (newer->type == EVENT_ANIMATION_PARAMETER_CHANGED)
		return newer->parameter.zone == older->parameter.zone &&
		       !strncmp(newer->parameter.parameter, older->parameter.parameter,
				EVENT_NAME_MAX);
	return true;
}
