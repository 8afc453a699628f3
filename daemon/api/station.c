// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/station.h"

#include "api/validate.h"
#include "frames/frames.h"

static const char *const targets[PANEL_TARGETS] = {
	[PANEL_BRIGHTNESS] = "BRIGHTNESS",
	[PANEL_HUE] = "HUE",
	[PANEL_PRESET] = "PRESET",
};

/* What the modulator would change now. */
static const char *target_name(const struct state_snapshot *state)
{
	const struct zone_state *zone = &state->zone[state->panel.selected].state;
	const struct effect *effect = effect_at(zone->animation);

	if (zone->mode == ZONE_STATIC)
		return targets[state->panel.target];
	return state->panel.parameter < effect->param_count
		       ? effect->params[state->panel.parameter].name
		       : NULL;
}

void station_write_panel(const struct state_snapshot *state, const char *key, struct writer *writer)
{
	const struct panel_state *panel = &state->panel;
	const char *target = target_name(state);

	writer_object(writer, key);
	writer_bool(writer, "edit_mode", panel->editing);
	writer_string(writer, "zone", state->zone[panel->selected].config.id);
	if (target)
		writer_string(writer, "target", target);
	else
		writer_null(writer, "target");
	writer_bool(writer, "lamp_white", panel->lamp_white);
	writer_bool(writer, "power_off", panel->power_off);
	writer_object(writer, "frame_by_frame");
	writer_bool(writer, "active", panel->stepping);
	writer_bool(writer, "playing", panel->playing);
	writer_int(writer, "frame", panel->frame);
	writer_int(writer, "frames", panel->frame_count);
	writer_object_end(writer);
	writer_object_end(writer);
}

void station_get_panel(const struct route_get *get, struct writer *writer)
{
	station_write_panel(get->view->state, NULL, writer);
}

void station_write_frames(const struct state_snapshot *state, const char *key,
			  struct writer *writer)
{
	const struct panel_state *panel = &state->panel;

	writer_object(writer, key);
	writer_int(writer, "fps", panel->fps);
	writer_bool(writer, "paused", panel->paused);
	writer_object_end(writer);
}

void station_get_frames(const struct route_get *get, struct writer *writer)
{
	station_write_frames(get->view->state, NULL, writer);
}

bool station_parse_steps(const struct view *view, const json_t *value, const char *field,
			 struct command *command, struct problem *problem)
{
	int64_t steps;

	(void)view;
	if (!validate_int(value, field, -COMMAND_STEPS_MAX, COMMAND_STEPS_MAX, &steps, problem))
		return false;
	command->steps = (int32_t)steps;
	return true;
}

bool station_parse_fps(const struct view *view, const json_t *value, const char *field,
		       struct command *command, struct problem *problem)
{
	int64_t fps;

	(void)view;
	if (!validate_int(value, field, FRAMES_FPS_MIN, FRAMES_FPS_MAX, &fps, problem))
		return false;
	command->fps = (uint16_t)fps;
	return true;
}
