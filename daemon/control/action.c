// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/action.h"

#include "control/command.h"
#include "frames/frames.h"
#include "pixel/kelvin.h"

static const struct action actions[ACTION_TYPES] = {
	[ACTION_EDIT_MODE] = { "EDIT_MODE", "enter or leave edit mode: the selected zone pulses" },
	[ACTION_LAMP_WHITE] = { "LAMP_WHITE", "the lamp warm white, or as it was" },
	[ACTION_POWER] = { "POWER", "everything off, or as it was" },
	[ACTION_TOGGLE_ANIMATION] = { "TOGGLE_ANIMATION", "the selected zone static or animated" },
	[ACTION_SELECT_ZONE] = { "SELECT_ZONE", "select another zone", ACTION_STEPS },
	[ACTION_NEXT_TARGET] = { "NEXT_TARGET", "choose what ADJUST changes: brightness, hue, "
						"preset, or the animation's next parameter" },
	[ACTION_ADJUST] = { "ADJUST", "change that, of the selected zone", ACTION_STEPS },
	[ACTION_SET_ON] = { "SET_ON", "a zone on or off", ACTION_ON, true },
	[ACTION_TOGGLE] = { "TOGGLE", "a zone off if it is on, else on", .zone = true },
	[ACTION_SET_BRIGHTNESS] = { "SET_BRIGHTNESS", "a zone's brightness", ACTION_BRIGHTNESS,
				    true },
	[ACTION_SET_HUE] = { "SET_HUE", "a zone's colour by hue", ACTION_HUE, true },
	[ACTION_SET_RGB] = { "SET_RGB", "a zone's colour by red, green and blue", ACTION_RGB,
			     true },
	[ACTION_SET_KELVIN] = { "SET_KELVIN", "a zone white, warm or cold", ACTION_KELVIN, true },
	[ACTION_SET_PRESET] = { "SET_PRESET", "a zone's colour by preset", ACTION_PRESET, true },
	[ACTION_SET_PARAMETER] = { "SET_PARAMETER", "a parameter of a zone's animation, by name",
				   ACTION_PARAMETER, true, true },
	[ACTION_ADJUST_BRIGHTNESS] = { "ADJUST_BRIGHTNESS", "a zone brighter or darker",
				       ACTION_STEPS, true },
	[ACTION_ADJUST_HUE] = { "ADJUST_HUE", "a zone's hue on or back", ACTION_STEPS, true },
	[ACTION_ADJUST_PRESET] = { "ADJUST_PRESET", "the next or the previous preset of a zone",
				   ACTION_STEPS, true },
	[ACTION_ADJUST_PARAMETER] = { "ADJUST_PARAMETER",
				      "a parameter of a zone's animation, by "
				      "name, up or down",
				      ACTION_STEPS, true, true },
	[ACTION_SET_MODE] = { "SET_MODE", "a zone static or animated", ACTION_MODE, true },
	[ACTION_SET_ANIMATION] = { "SET_ANIMATION", "play an animation on a zone", ACTION_ANIMATION,
				   true },
	[ACTION_STOP_ANIMATION] = { "STOP_ANIMATION", "stop a zone's animation", .zone = true },
	[ACTION_RECALL_SCENE] = { "RECALL_SCENE", "all zones as they were saved", ACTION_SCENE },
	[ACTION_SAVE_SCENE] = { "SAVE_SCENE", "all zones as they are, to be recalled",
				ACTION_SCENE },
	[ACTION_PAUSE] = { "PAUSE", "hold the picture" },
	[ACTION_RESUME] = { "RESUME", "go on" },
	[ACTION_STEP] = { "STEP", "one frame of a pause" },
	[ACTION_SET_FPS] = { "SET_FPS", "frames a second", ACTION_FPS },
	[ACTION_STEPPER_ENTER] = { "STEPPER_ENTER", "the selected zone frame by frame" },
	[ACTION_STEPPER_PREVIOUS] = { "STEPPER_PREVIOUS", "frame by frame: the one before" },
	[ACTION_STEPPER_NEXT] = { "STEPPER_NEXT", "frame by frame: the next one" },
	[ACTION_STEPPER_PLAY] = { "STEPPER_PLAY", "frame by frame: play or stop" },
	[ACTION_STEPPER_LEAVE] = { "STEPPER_LEAVE", "leave frame by frame" },
	[ACTION_SOUND_PATTERN] = { "SOUND", "let the buzzers play a pattern", ACTION_SOUND },
};

/* @min and @max of those that are numbers */
static const struct {
	const char *key;
	bool is_name;
	int32_t min, max;
} values[] = {
	[ACTION_NOTHING] = { NULL, false, 0, 0 },
	[ACTION_STEPS] = { "steps", false, -COMMAND_STEPS_MAX, COMMAND_STEPS_MAX },
	[ACTION_ON] = { "is_on", false, 0, 1 },
	[ACTION_MODE] = { "render_mode", false, ZONE_STATIC, ZONE_ANIMATION },
	[ACTION_BRIGHTNESS] = { "brightness", false, 0, ZONE_BRIGHTNESS_MAX },
	[ACTION_HUE] = { "hue", false, 0, COLOR_HUE_MAX },
	[ACTION_RGB] = { "rgb", false, 0, 0xffffff },
	[ACTION_KELVIN] = { "kelvin", false, KELVIN_MIN, KELVIN_MAX },
	[ACTION_PARAMETER] = { "value", false, INT32_MIN, INT32_MAX },
	[ACTION_FPS] = { "fps", false, FRAMES_FPS_MIN, FRAMES_FPS_MAX },
	[ACTION_ANIMATION] = { "animation_id", true, 0, 0 },
	[ACTION_PRESET] = { "preset_name", true, 0, 0 },
	[ACTION_SCENE] = { "scene", true, 0, 0 },
	[ACTION_SOUND] = { "pattern", true, 0, 0 },
};

const struct action *action_at(size_t index)
{
	return index < ACTION_TYPES ? &actions[index] : NULL;
}

const char *action_name_at(size_t index, const void *data)
{
	(void)data;
	return index < ACTION_TYPES ? actions[index].name : NULL;
}

const char *action_value_key(enum action_value value)
{
	return values[value].key;
}

bool action_value_is_name(enum action_value value)
{
	return values[value].is_name;
}

void action_value_range(enum action_value value, int32_t *ret_min, int32_t *ret_max)
{
	*ret_min = values[value].min;
	*ret_max = values[value].max;
}
