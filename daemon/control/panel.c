// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/panel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "control/adjust.h"
#include "control/stepper.h"
#include "pixel/fixed.h"

#define SOURCE "panel"

static const struct pixel white = { 255, 255, 255, 0 };
static const struct pixel blue = { 0, 0, 255, 0 };

struct panel {
	struct panel_config config;
	struct panel_state state;
	struct zone_state before_lamp; /* of the lamp's zone */
	bool was_on[ZONE_MAX];	       /* before power was switched off */
	uint16_t own_fps;	       /* set by a command, 0: none was */
	struct stepper *stepper;
};

static const struct zone_config *config_of(const struct panel *panel, unsigned int zone)
{
	return controller_get_config(panel->config.controller, zone);
}

static const struct zone_state *state_of(const struct panel *panel, unsigned int zone)
{
	return controller_get(panel->config.controller, zone);
}

static void tell(struct panel *panel)
{
	if (panel->stepper) {
		panel->state.stepping = true;
		panel->state.playing = stepper_playing(panel->stepper);
		panel->state.frame = (uint16_t)stepper_frame(panel->stepper);
		panel->state.frame_count = (uint16_t)stepper_frames(panel->stepper);
	} else {
		panel->state.stepping = panel->state.playing = false;
		panel->state.frame = panel->state.frame_count = 0;
	}
	panel->state.paused = frames_paused(panel->config.frames);
	panel->state.fps = (uint16_t)frames_get_fps(panel->config.frames);
	controller_set_panel(panel->config.controller, &panel->state);
	bus_publish(panel->config.bus, &(struct event){ .type = EVENT_PANEL_CHANGED,
							.source = SOURCE,
							.zone.zone = panel->state.selected });
}

static int zone_command(struct panel *panel, struct command command)
{
	command.zone = panel->state.selected;
	return controller_apply(panel->config.controller, &command);
}

/* Groups are not selected: their members are. */
static bool selectable(const struct panel *panel, unsigned int zone)
{
	return config_of(panel, zone)->enabled && !config_of(panel, zone)->member_count;
}

/* ---- the selected zone, seen ---- */

static void fill(struct panel *panel, struct pixel color, uint8_t level)
{
	struct frames *frames = panel->config.frames;
	unsigned int zone = panel->state.selected;
	struct pixel *pixels = frames_begin(frames, zone, FRAMES_PULSE);
	uint32_t count = frames_zone_pixels(frames, zone);

	color = color_scale(color, level);
	for (uint32_t i = 0; i < count; i++)
		pixels[i] = color;
	frames_commit(frames, zone, FRAMES_PULSE, SOURCE, 0);
}

static void hide_indicator(struct panel *panel)
{
	frames_clear(panel->config.frames, panel->state.selected, FRAMES_PULSE);
}

/* A zone that is on may be as dark as one that is off. */
static bool dark(const struct zone_state *state)
{
	struct pixel rgb = state->color.rgb;

	return !state->is_on || !state->brightness ||
	       (state->mode == ZONE_STATIC && !rgb.r && !rgb.g && !rgb.b && !rgb.w);
}

/* A colour breathes; what moves by itself, or is dark, is blinked over. */
static void show_indicator(struct panel *panel, uint64_t now_ns)
{
	const struct zone_state *state = state_of(panel, panel->state.selected);
	uint64_t phase = now_ns % PANEL_PULSE_NS * 65536 / PANEL_PULSE_NS;
	uint32_t level;

	if (!dark(state) && state->mode == ZONE_STATIC) {
		level = zone_level(state->brightness) * (fixed_wave((uint16_t)phase) >> 8) / 255;
		fill(panel, state->color.rgb, (uint8_t)level);
	} else if (phase >= 32768) {
		hide_indicator(panel);
	} else {
		fill(panel, dark(state) ? blue : white, 255);
	}
}

static bool produce(uint64_t now_ns, void *data)
{
	struct panel *panel = data;
	bool moving = panel->state.editing;

	if (panel->state.editing)
		show_indicator(panel, now_ns);
	if (panel->stepper)
		moving |= stepper_tick(panel->stepper);
	return moving;
}

static void select_zone(struct panel *panel, unsigned int zone)
{
	if (panel->state.editing)
		hide_indicator(panel);
	panel->state.selected = (uint16_t)zone;
	panel->state.parameter = 0;
}

static int move_selection(struct panel *panel, int step)
{
	unsigned int count = controller_zone_count(panel->config.controller);
	unsigned int zone = panel->state.selected, i;

	for (i = 0; i < count; i++) {
		zone = (zone + (step < 0 ? count - 1 : 1)) % count;
		if (selectable(panel, zone)) {
			select_zone(panel, zone);
			return 0;
		}
	}
	return -ENOENT;
}

static int move_by(struct panel *panel, int32_t steps)
{
	int ret = 0;

	if (steps < -COMMAND_STEPS_MAX || steps > COMMAND_STEPS_MAX)
		return -EINVAL;
	for (; steps && ret >= 0; steps -= steps < 0 ? -1 : 1)
		ret = move_selection(panel, steps);
	return ret;
}

/* ---- the selected zone, changed ---- */

static void next_target(struct panel *panel)
{
	const struct zone_state *state = state_of(panel, panel->state.selected);
	const struct effect *effect = effect_at(state->animation);

	if (state->mode == ZONE_STATIC)
		panel->state.target = (panel->state.target + 1) % PANEL_TARGETS;
	else if (effect->param_count)
		panel->state.parameter =
			(uint8_t)((panel->state.parameter + 1U) % effect->param_count);
}

static int adjust_static(struct panel *panel, int32_t steps)
{
	const struct zone_state *state = state_of(panel, panel->state.selected);

	if (panel->state.target == PANEL_BRIGHTNESS)
		return zone_command(panel, adjust_brightness(state, steps));
	if (panel->state.target == PANEL_HUE)
		return zone_command(panel, adjust_hue(state, steps));
	return zone_command(panel, adjust_preset(state, steps));
}

static int adjust_animation(struct panel *panel, int32_t steps)
{
	const struct zone_state *state = state_of(panel, panel->state.selected);
	const struct effect *effect = effect_at(state->animation);
	unsigned int i = panel->state.parameter;

	if (!effect->param_count)
		return 0;
	/* another animation since, with fewer parameters */
	if (i >= effect->param_count)
		i = 0;
	return zone_command(panel, adjust_parameter(state, i, steps));
}

static int adjust(struct panel *panel, int32_t steps)
{
	if (steps < -COMMAND_STEPS_MAX || steps > COMMAND_STEPS_MAX)
		return -EINVAL;
	if (state_of(panel, panel->state.selected)->mode == ZONE_STATIC)
		return adjust_static(panel, steps);
	return adjust_animation(panel, steps);
}

static int toggle_animation(struct panel *panel)
{
	const struct zone_state *state = state_of(panel, panel->state.selected);

	return zone_command(panel,
			    (struct command){ .type = COMMAND_ZONE_SET_MODE,
					      .mode = state->mode == ZONE_STATIC ? ZONE_ANIMATION
										 : ZONE_STATIC });
}

/* ---- the station as a whole ---- */

static unsigned int lamp_of(const struct panel *panel)
{
	unsigned int count = controller_zone_count(panel->config.controller), i;

	for (i = 0; i < count; i++)
		if (!strcmp(config_of(panel, i)->id, PANEL_LAMP))
			return i;
	return panel->state.selected;
}

static int toggle_lamp(struct panel *panel)
{
	struct zone_state lamp;
	int ret;

	if (panel->state.lamp_white) {
		ret = controller_set_state(panel->config.controller, panel->state.lamp,
					   &panel->before_lamp, TRANSITION_MODE,
					   CONTROLLER_CONFIGURED_MS);
		panel->state.lamp_white = ret < 0;
		return ret;
	}
	panel->state.lamp = (uint16_t)lamp_of(panel);
	panel->before_lamp = lamp = *state_of(panel, panel->state.lamp);
	lamp.is_on = true;
	lamp.brightness = ZONE_BRIGHTNESS_MAX;
	lamp.mode = ZONE_STATIC;
	lamp.color = (struct zone_color){ .mode = ZONE_COLOR_PRESET };
	lamp.color.preset = (uint16_t)color_preset_find("warm_white");
	ret = controller_set_state(panel->config.controller, panel->state.lamp, &lamp,
				   TRANSITION_MODE, CONTROLLER_CONFIGURED_MS);
	panel->state.lamp_white = ret >= 0;
	return ret;
}

static bool is_dark(const struct panel *panel)
{
	unsigned int count = controller_zone_count(panel->config.controller), i;

	for (i = 0; i < count; i++)
		if (state_of(panel, i)->is_on)
			return false;
	return true;
}

/* Those that were on come back, whatever was set for them meanwhile. */
static void toggle_power(struct panel *panel)
{
	unsigned int count = controller_zone_count(panel->config.controller), i;

	/* switched off one by one: the button is for light all the same */
	if (!panel->state.power_off && is_dark(panel)) {
		for (i = 0; i < count; i++)
			if (selectable(panel, i))
				controller_switch_later(panel->config.controller, i, true);
		return;
	}
	panel->state.power_off = !panel->state.power_off;
	for (i = 0; i < count; i++) {
		if (panel->state.power_off)
			panel->was_on[i] = state_of(panel, i)->is_on;
		if (panel->was_on[i])
			controller_switch_later(panel->config.controller, i,
						!panel->state.power_off);
	}
}

/* ---- frame by frame ---- */

static int begin_stepping(struct panel *panel)
{
	unsigned int zone = panel->state.selected;

	if (panel->stepper)
		return -EALREADY;
	return stepper_create(&panel->stepper, panel->config.frames, zone, config_of(panel, zone),
			      state_of(panel, zone));
}

static int step(struct panel *panel, enum command_type type)
{
	if (!panel->stepper)
		return -ENOTCONN;
	switch (type) {
	case COMMAND_STEPPER_PREVIOUS:
		stepper_move(panel->stepper, -1);
		break;
	case COMMAND_STEPPER_NEXT:
		stepper_move(panel->stepper, 1);
		break;
	case COMMAND_STEPPER_PLAY:
		stepper_play(panel->stepper, true);
		break;
	case COMMAND_STEPPER_PAUSE:
		stepper_play(panel->stepper, false);
		break;
	default:
		panel->stepper = stepper_destroy(panel->stepper);
		break;
	}
	return 0;
}

static int set_fps(struct panel *panel, uint16_t fps)
{
	if (fps < FRAMES_FPS_MIN || fps > FRAMES_FPS_MAX)
		return -EINVAL;
	frames_set_fps(panel->config.frames, fps);
	panel->own_fps = fps;
	return 0;
}

static int apply(struct panel *panel, const struct command *command)
{
	switch (command->type) {
	case COMMAND_PANEL_EDIT_MODE:
		if (panel->state.editing)
			hide_indicator(panel);
		panel->state.editing = !panel->state.editing;
		frames_kick(panel->config.frames);
		return 0;
	case COMMAND_PANEL_LAMP_WHITE:
		return toggle_lamp(panel);
	case COMMAND_PANEL_POWER:
		toggle_power(panel);
		controller_go_on(panel->config.controller);
		return 0;
	case COMMAND_PANEL_ANIMATION:
		return toggle_animation(panel);
	case COMMAND_PANEL_SELECT_NEXT:
		return move_selection(panel, 1);
	case COMMAND_PANEL_SELECT_PREVIOUS:
		return move_selection(panel, -1);
	case COMMAND_PANEL_SELECT:
		return move_by(panel, command->steps);
	case COMMAND_PANEL_TARGET_NEXT:
		next_target(panel);
		return 0;
	case COMMAND_PANEL_ADJUST:
		return adjust(panel, command->steps);
	case COMMAND_FRAMES_PAUSE:
		frames_pause(panel->config.frames);
		return 0;
	case COMMAND_FRAMES_RESUME:
		frames_resume(panel->config.frames);
		return 0;
	case COMMAND_FRAMES_STEP:
		return frames_step(panel->config.frames);
	case COMMAND_FRAMES_FPS:
		return set_fps(panel, command->fps);
	case COMMAND_STEPPER_ENTER:
		return begin_stepping(panel);
	default:
		return step(panel, command->type);
	}
}

/* ---- what outlasts a restart ---- */

static bool is_remembered(enum command_type type)
{
	return type == COMMAND_PANEL_LAMP_WHITE || type == COMMAND_PANEL_POWER ||
	       type == COMMAND_PANEL_SELECT || type == COMMAND_PANEL_SELECT_NEXT ||
	       type == COMMAND_PANEL_SELECT_PREVIOUS || type == COMMAND_FRAMES_FPS;
}

static void told_to_change(const struct panel *panel)
{
	if (panel->config.on_change)
		panel->config.on_change(panel->config.data);
}

/* The number of zones if there is none. */
static unsigned int find_zone(const struct panel *panel, const char *id)
{
	unsigned int count = controller_zone_count(panel->config.controller), i;

	for (i = 0; i < count && strcasecmp(config_of(panel, i)->id, id) != 0; i++)
		;
	return i;
}

void panel_remember(const struct panel *panel, struct saved_panel *ret_memory)
{
	unsigned int count = controller_zone_count(panel->config.controller), i;

	memset(ret_memory, 0, sizeof(*ret_memory));
	if (count)
		str_copy(ret_memory->selected, ZONE_ID_MAX,
			 config_of(panel, panel->state.selected)->id);
	/* a configuration that was read since goes before it */
	if (panel->own_fps == frames_get_fps(panel->config.frames))
		ret_memory->fps = panel->own_fps;
	ret_memory->power_off = panel->state.power_off;
	for (i = 0; panel->state.power_off && i < count; i++)
		if (panel->was_on[i])
			str_copy(ret_memory->was_on[ret_memory->was_on_count++], ZONE_ID_MAX,
				 config_of(panel, i)->id);
	ret_memory->lamp_white = panel->state.lamp_white;
	if (!panel->state.lamp_white)
		return;
	str_copy(ret_memory->lamp.id, ZONE_ID_MAX, config_of(panel, panel->state.lamp)->id);
	ret_memory->lamp.state = panel->before_lamp;
}

/* There may be none. */
static void select_first(struct panel *panel)
{
	unsigned int count = controller_zone_count(panel->config.controller), i;

	for (i = 0; i < count && !selectable(panel, i); i++)
		;
	select_zone(panel, i < count ? i : 0);
}

void panel_restore(struct panel *panel, const struct saved_panel *memory)
{
	unsigned int count = controller_zone_count(panel->config.controller), zone;
	uint32_t i;

	zone = find_zone(panel, memory->selected);
	if (zone < count && selectable(panel, zone))
		select_zone(panel, zone);
	if (memory->fps)
		set_fps(panel, memory->fps);
	panel->state.power_off = memory->power_off;
	for (i = 0; i < memory->was_on_count; i++) {
		zone = find_zone(panel, memory->was_on[i]);
		if (zone < count)
			panel->was_on[zone] = true;
	}
	zone = memory->lamp_white ? find_zone(panel, memory->lamp.id) : count;
	panel->state.lamp_white = zone < count;
	if (zone < count) {
		panel->state.lamp = (uint16_t)zone;
		panel->before_lamp = memory->lamp.state;
	}
	tell(panel);
}

void panel_refresh(struct panel *panel)
{
	if (controller_zone_count(panel->config.controller) &&
	    !selectable(panel, panel->state.selected))
		select_first(panel);
	tell(panel);
}

void panel_on_preset(struct panel *panel, unsigned int preset)
{
	struct zone_color *color = &panel->before_lamp.color;

	if (!panel->state.lamp_white || color->mode != ZONE_COLOR_PRESET ||
	    color->preset != preset || presets_name(panel->config.presets, preset))
		return;
	color->mode = ZONE_COLOR_RGB;
	color->preset = 0;
	told_to_change(panel);
}

void panel_end(struct panel *panel)
{
	if (panel->state.editing)
		hide_indicator(panel);
	panel->state.editing = false;
	panel->stepper = stepper_destroy(panel->stepper);
}

const struct panel_state *panel_get_state(const struct panel *panel)
{
	return &panel->state;
}

bool panel_takes(enum command_type type)
{
	return type >= COMMAND_PANEL_FIRST && type <= COMMAND_PANEL_LAST;
}

int panel_apply(struct panel *panel, const struct command *command)
{
	int ret;

	if (!panel_takes(command->type))
		return -EINVAL;
	controller_finish(panel->config.controller);
	ret = apply(panel, command);
	if (ret < 0)
		return ret;
	tell(panel);
	if (is_remembered(command->type))
		told_to_change(panel);
	return ret;
}

int panel_create(struct panel **ret_panel, const struct panel_config *config)
{
	struct panel *panel = calloc(1, sizeof(*panel));
	int ret;

	if (!panel)
		return -ENOMEM;
	panel->config = *config;
	ret = frames_add_producer(config->frames, produce, panel);
	if (ret < 0) {
		free(panel);
		return ret;
	}
	panel->state.fps = (uint16_t)frames_get_fps(config->frames);
	select_first(panel);
	controller_set_panel(config->controller, &panel->state);
	*ret_panel = panel;
	return 0;
}

struct panel *panel_destroy(struct panel *panel)
{
	if (!panel)
		return NULL;
	stepper_destroy(panel->stepper);
	free(panel);
	return NULL;
}
