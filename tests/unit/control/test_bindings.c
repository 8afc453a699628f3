// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * control/bindings.h, control/key.h and control/action.h. The default bindings expected are those of
 * the original station's panel and keyboard, written here by hand.
 */
#include <errno.h>
#include <linux/input-event-codes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "control/bindings.h"
#include "control/key.h"
#include "control/sound.h"
#include "engine/effect.h"

static const char *const inputs[] = { "selector", "button1", "keys", "typed", "beep", NULL };
/* of each of them */
static const char *const types[] = { "encoder", "button", "keyboard", "terminal", "buzzer" };
static const char *const zones[] = { "FLOOR", "LAMP", NULL };

static const char *at(size_t index, const void *data)
{
	return ((const char *const *)data)[index];
}

static const struct bindings_known known = {
	.input_at = at, .zone_at = at, .inputs = inputs, .zones = zones
};

static const char *kind_at(size_t index, const void *data)
{
	(void)data;
	return types[index];
}

static const struct bindings_known typed = {
	.input_at = at, .kind_at = kind_at, .zone_at = at, .inputs = inputs, .zones = zones
};

static struct bindings bindings;

static void read(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);
	struct bindings_error error;

	assert_non_null(json);
	if (bindings_read(json, &known, &bindings, &error) < 0)
		fail_msg("%d/%s: %s", error.index, error.key, error.allowed);
	json_decref(json);
}

static void refuse(const char *text, int index, const char *key, const char *allowed)
{
	json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
	struct bindings before = bindings;
	struct bindings_error error;

	assert_non_null(json);
	assert_int_equal(bindings_read(json, &known, &bindings, &error), -EINVAL);
	assert_int_equal(error.index, index);
	assert_string_equal(error.key, key);
	if (!strstr(error.allowed, allowed))
		fail_msg("\"%s\" says nothing of \"%s\"", error.allowed, allowed);
	assert_memory_equal(&bindings, &before, sizeof(bindings));
	json_decref(json);
}

static const struct action_call *match(const struct bindings *table, struct event event)
{
	int i = bindings_match(table, 0, &event);

	return i < 0 ? NULL : &table->binding[i].call;
}

static struct event rotate(const char *input, int32_t delta)
{
	return (struct event){ .type = EVENT_ENCODER_ROTATE,
			       .source = input,
			       .input = { .gesture = EVENT_ROTATE, .delta = delta } };
}

static struct event press(enum event_type type, const char *input)
{
	return (struct event){ .type = type, .source = input, .input.gesture = EVENT_PRESS };
}

static struct event key(uint32_t code, uint32_t modifiers, enum event_gesture gesture)
{
	return (struct event){ .type = EVENT_KEY_PRESS,
			       .source = "any",
			       .input = {
				       .gesture = gesture, .code = code, .modifiers = modifiers } };
}

static void the_default_is_the_originals_panel(void **state)
{
	static const struct {
		const char *input;
		enum action_type type;
	} buttons[] = { { "button1", ACTION_EDIT_MODE },
			{ "button2", ACTION_LAMP_WHITE },
			{ "button3", ACTION_POWER },
			{ "button4", ACTION_TOGGLE_ANIMATION } };
	const struct bindings *defaults = bindings_default();
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++)
		assert_int_equal(match(defaults, press(EVENT_BUTTON_PRESS, buttons[i].input))->type,
				 buttons[i].type);
	assert_int_equal(match(defaults, rotate("selector", 1))->type, ACTION_SELECT_ZONE);
	assert_int_equal(match(defaults, rotate("modulator", -1))->type, ACTION_ADJUST);
	assert_int_equal(match(defaults, press(EVENT_ENCODER_CLICK, "modulator"))->type,
			 ACTION_NEXT_TARGET);
	assert_null(match(defaults, press(EVENT_BUTTON_PRESS, "button5")));
}

static void the_default_is_the_originals_keyboard(void **state)
{
	static const struct {
		uint32_t code;
		enum action_type type;
	} keys[] = { { KEY_Z, ACTION_SET_MODE },      { KEY_X, ACTION_SET_MODE },
		     { KEY_F, ACTION_STEPPER_ENTER }, { KEY_A, ACTION_STEPPER_PREVIOUS },
		     { KEY_D, ACTION_STEPPER_NEXT },  { KEY_SPACE, ACTION_STEPPER_PLAY },
		     { KEY_Q, ACTION_STEPPER_LEAVE } };
	const struct bindings *defaults = bindings_default();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		assert_int_equal(match(defaults, key(keys[i].code, 0, EVENT_PRESS))->type,
				 keys[i].type);
		assert_null(match(defaults, key(keys[i].code, 0, EVENT_RELEASE)));
		assert_null(match(defaults, key(keys[i].code, EVENT_CTRL, EVENT_PRESS)));
	}
	assert_int_equal(match(defaults, key(KEY_Z, 0, EVENT_PRESS))->number, ZONE_STATIC);
	assert_int_equal(match(defaults, key(KEY_X, 0, EVENT_PRESS))->number, ZONE_ANIMATION);
}

static void left_and_right_are_each_bound_alone(void **state)
{
	(void)state;
	read("[{\"input\":\"selector\",\"gesture\":\"left\",\"action\":\"PAUSE\"},"
	     "{\"input\":\"selector\",\"gesture\":\"right\",\"action\":\"RESUME\"}]");
	assert_int_equal(match(&bindings, rotate("selector", -3))->type, ACTION_PAUSE);
	assert_int_equal(match(&bindings, rotate("selector", 1))->type, ACTION_RESUME);
}

static void several_bindings_of_one_gesture_follow_each_other(void **state)
{
	struct event event = press(EVENT_BUTTON_PRESS, "button1");

	(void)state;
	read("[{\"input\":\"button1\",\"action\":\"PAUSE\"},"
	     "{\"input\":\"selector\",\"action\":\"POWER\"},"
	     "{\"input\":\"button1\",\"action\":\"RESUME\"}]");
	assert_int_equal(bindings_match(&bindings, 0, &event), 0);
	assert_int_equal(bindings_match(&bindings, 1, &event), 2);
	assert_int_equal(bindings_match(&bindings, 3, &event), -ENOENT);
}

static void a_key_of_one_input_is_not_of_another(void **state)
{
	struct event event = key(KEY_Z, 0, EVENT_PRESS);

	(void)state;
	read("[{\"input\":\"button1\",\"key\":\"Z\",\"action\":\"PAUSE\"}]");
	assert_null(match(&bindings, event));
	event.source = "button1";
	assert_non_null(match(&bindings, event));
	/* and what is bound to the input itself is not for its keys */
	read("[{\"input\":\"button1\",\"action\":\"PAUSE\"}]");
	assert_null(match(&bindings, event));
	/* nor for one that is kept secret: see hide_key() of app_inputs.c */
	event = key(0, 0, EVENT_PRESS);
	event.source = "button1";
	assert_null(match(&bindings, event));
	assert_null(match(bindings_default(), event));
}

static void what_is_written_is_read_as_the_same(void **state)
{
	static const char text[] =
		"[{\"input\":\"selector\",\"gesture\":\"rotate\",\"action\":\"ADJUST\",\"steps\":-"
		"5},"
		"{\"input\":\"selector\",\"gesture\":\"rotate\",\"action\":\"ADJUST\"},"
		"{\"input\":\"button1\",\"gesture\":\"long\",\"action\":\"SET_ON\",\"zone\":"
		"\"LAMP\","
		"\"is_on\":false},"
		"{\"key\":\"CTRL+SHIFT+F1\",\"gesture\":\"repeat\",\"action\":\"SET_ANIMATION\","
		"\"animation_id\":\"FIRE\"},"
		"{\"key\":\"VOLUMEUP\",\"gesture\":\"press\",\"action\":\"SET_MODE\","
		"\"render_mode\":\"ANIMATION\"},"
		"{\"key\":\"A\",\"gesture\":\"press\",\"action\":\"RECALL_SCENE\",\"scene\":"
		"\"Abend\"},"
		"{\"key\":\"B\",\"gesture\":\"press\",\"action\":\"SOUND\",\"pattern\":\"OK\"},"
		"{\"key\":\"C\",\"gesture\":\"release\",\"action\":\"SET_HUE\",\"hue\":0},"
		"{\"key\":\"D\",\"gesture\":\"press\",\"action\":\"SET_RGB\",\"zone\":\"FLOOR\","
		"\"rgb\":[255,0,128]},"
		"{\"key\":\"E\",\"gesture\":\"press\",\"action\":\"SET_KELVIN\",\"kelvin\":2700},"
		"{\"input\":\"selector\",\"gesture\":\"rotate\",\"action\":\"ADJUST_PARAMETER\","
		"\"zone\":\"LAMP\",\"parameter\":\"speed\",\"steps\":5},"
		"{\"input\":\"selector\",\"gesture\":\"rotate\",\"action\":"
		"\"ADJUST_BRIGHTNESS\"},"
		"{\"key\":\"F\",\"gesture\":\"press\",\"action\":\"SET_PARAMETER\","
		"\"parameter\":\"speed\",\"value\":80},"
		"{\"key\":\"G\",\"gesture\":\"press\",\"action\":\"SET_PARAMETER\","
		"\"parameter\":\"palette\",\"value\":\"ocean\"},"
		"{\"key\":\"H\",\"gesture\":\"press\",\"action\":\"SET_PARAMETER\","
		"\"parameter\":\"reverse\",\"value\":true}]";
	json_t *json;
	char *again;

	(void)state;
	read(text);
	json = bindings_write(&bindings);
	again = json_dumps(json, JSON_COMPACT);
	assert_string_equal(again, text);
	free(again);
	json_decref(json);
	/* the default ones as well, of inputs that are not here */
	json = bindings_write(bindings_default());
	assert_int_equal(bindings_read(json, &(struct bindings_known){ .input_at = NULL },
				       &bindings, &(struct bindings_error){ .index = 0 }),
			 0);
	assert_memory_equal(&bindings, bindings_default(), sizeof(bindings));
	json_decref(json);
}

static void names_that_are_not_known_are_refused_with_the_nearest(void **state)
{
	(void)state;
	refuse("[{\"input\":\"selectr\",\"action\":\"PAUSE\"}]", 0, "input", "\"selector\"?");
	refuse("[{\"input\":\"button1\",\"action\":\"PAUS\"}]", 0, "action", "\"PAUSE\"?");
	refuse("[{\"input\":\"button1\",\"gesture\":\"pres\",\"action\":\"PAUSE\"}]", 0, "gesture",
	       "\"press\"?");
	refuse("[{\"key\":\"SPCE\",\"action\":\"PAUSE\"}]", 0, "key", "\"SPACE\"?");
	refuse("[{\"key\":\"HYPER+Z\",\"action\":\"PAUSE\"}]", 0, "key", "\"CTRL+\"");
	refuse("[{\"key\":\"Z\",\"action\":\"TOGGLE\",\"zone\":\"FLOR\"}]", 0, "zone",
	       "\"FLOOR\"?");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_ANIMATION\",\"animation_id\":\"FIRRE\"}]", 0,
	       "animation_id", "\"FIRE\"?");
	refuse("[{\"key\":\"Z\",\"action\":\"SOUND\",\"pattern\":\"ALRM\"}]", 0, "pattern",
	       "\"ALARM\"?");
	refuse("[{\"key\":\"Z\",\"action\":\"TOGGLE\",\"zon\":\"FLOOR\"}]", 0, "zon", "\"zone\"?");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_PARAMETER\",\"parameter\":\"sped\",\"value\":3}]",
	       0, "parameter", "\"speed\"?");
}

static void values_are_checked(void **state)
{
	(void)state;
	refuse("{}", -1, "", "an array of at most 128");
	refuse("[1]", 0, "", "an object");
	refuse("[{\"key\":\"Z\",\"action\":\"PAUSE\"},{\"action\":\"PAUSE\"}]", 1, "input",
	       "the name of an input");
	refuse("[{\"key\":\"Z\"}]", 0, "action", "one of");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_HUE\"}]", 0, "hue", "from 0 to 360");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_HUE\",\"hue\":361}]", 0, "hue", "from 0 to 360");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_HUE\",\"hue\":1.5}]", 0, "hue", "from 0 to 360");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_FPS\",\"fps\":0}]", 0, "fps", "from 1 to 240");
	refuse("[{\"key\":\"Z\",\"action\":\"ADJUST\",\"steps\":101}]", 0, "steps",
	       "from -100 to 100");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_ON\",\"is_on\":1}]", 0, "is_on", "true or false");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_MODE\",\"render_mode\":\"BLINK\"}]", 0,
	       "render_mode", "\"STATIC\"");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_RGB\",\"rgb\":[1,2]}]", 0, "rgb", "three");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_RGB\",\"rgb\":[1,2,3,4]}]", 0, "rgb", "three");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_RGB\",\"rgb\":[1,256,3]}]", 0, "rgb", "to 255");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_RGB\",\"rgb\":\"red\"}]", 0, "rgb", "three");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_KELVIN\",\"kelvin\":999}]", 0, "kelvin",
	       "from 1000 to 15000");
	/* speed is 1 to 100 percent; a palette has a name, and what can be reversed is or is not */
	refuse("[{\"key\":\"Z\",\"action\":\"SET_PARAMETER\",\"parameter\":\"speed\","
	       "\"value\":101}]",
	       0, "value", "from 1 to 100");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_PARAMETER\",\"parameter\":\"palette\","
	       "\"value\":\"oceann\"}]",
	       0, "value", "the name of a palette");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_PARAMETER\",\"parameter\":\"reverse\","
	       "\"value\":1}]",
	       0, "value", "true or false");
	refuse("[{\"key\":\"Z\",\"action\":\"SET_PARAMETER\",\"parameter\":\"speed\"}]", 0, "value",
	       "from 1 to 100");
	refuse("[{\"key\":\"Z\",\"action\":\"ADJUST_PARAMETER\"}]", 0, "parameter", "one of");
	refuse("[{\"key\":\"Z\",\"action\":\"ADJUST_HUE\",\"parameter\":\"speed\"}]", 0,
	       "parameter", "one of");
	/* 32 bytes are one too many */
	refuse("[{\"key\":\"Z\",\"action\":\"RECALL_SCENE\","
	       "\"scene\":\"12345678901234567890123456789012\"}]",
	       0, "scene", "1 to 31 bytes");
	/* what belongs to another action, or to none */
	refuse("[{\"key\":\"Z\",\"action\":\"PAUSE\",\"hue\":3}]", 0, "hue", "one of \"input\"");
	refuse("[{\"key\":\"Z\",\"action\":\"PAUSE\",\"zone\":\"FLOOR\"}]", 0, "zone",
	       "one of \"input\"");
	refuse("[{\"key\":\"Z\",\"gesture\":\"double\",\"action\":\"PAUSE\"}]", 0, "gesture",
	       "of a key one of \"press\", \"release\", \"repeat\"");
	refuse("[{\"input\":\"button1\",\"gesture\":\"repeat\",\"action\":\"PAUSE\"}]", 0,
	       "gesture", "of an input one of");
}

/* By what each is: a knob turns, a button does not, a terminal only tells what was typed. */
static void only_what_can_be_done_to_an_input_is_bound(void **state)
{
	static const char *const possible[] = {
		[0] = "rotate right left press release click double long",
		[1] = "press release click double long",
		[2] = "press release repeat",
		[3] = "press",
		[4] = "",
	};
	struct bindings_error error;
	enum event_gesture gesture;
	char words[160];
	json_t *json;
	size_t i;

	(void)state;
	for (i = 0; inputs[i]; i++) {
		for (gesture = 0; gesture < EVENT_GESTURES; gesture++) {
			const char *name = event_gesture_name(gesture);
			bool fits = strstr(possible[i], name);

			json = json_pack("[{s:s, s:s, s:s}]", "input", inputs[i], "gesture", name,
					 "action", "PAUSE");
			if (i == 2 || i == 3)
				json_object_set_new(json_array_get(json, 0), "key",
						    json_string("Z"));
			if (bindings_read(json, &typed, &bindings, &error) != (fits ? 0 : -EINVAL))
				fail_msg("%s of %s: %s", name, inputs[i], fits ? "no" : "yes");
			if (fits)
				assert_int_equal(bindings.binding[0].gesture, gesture);
			if (!fits && i < 4) {
				snprintf(words, sizeof(words), "of a%s %s one of \"", i ? "" : "n",
					 types[i]);
				assert_string_equal(error.key, "gesture");
				assert_ptr_equal(strstr(error.allowed, words), error.allowed);
				assert_string_equal(json_string_value(error.value), name);
			} else if (!fits) {
				assert_string_equal(error.key, "input");
			}
			json_decref(json);
		}
	}
	/* a key where there are none, and none where there are */
	json = json_loads("[{\"input\":\"button1\",\"key\":\"Z\",\"action\":\"PAUSE\"}]", 0, NULL);
	assert_int_equal(bindings_read(json, &typed, &bindings, &error), -EINVAL);
	assert_string_equal(error.allowed, "no key: the input is a button");
	json_decref(json);
	json = json_loads("[{\"input\":\"keys\",\"action\":\"PAUSE\"}]", 0, NULL);
	assert_int_equal(bindings_read(json, &typed, &bindings, &error), -EINVAL);
	assert_string_equal(error.key, "key");
	assert_string_equal(error.allowed, "a key: the input is a keyboard");
	json_decref(json);
}

/* A parameter is bound by its name, whichever animation it will be of. */
static void a_parameters_name_means_the_same_in_every_animation(void **state)
{
	const struct effect_param *a, *b;
	size_t i, k, p;
	int q;

	(void)state;
	for (i = 0; effect_at(i); i++) {
		for (k = 0; k < i; k++) {
			for (p = 0; p < effect_at(i)->param_count; p++) {
				a = &effect_at(i)->params[p];
				q = effect_param_find(effect_at(k), a->name);
				b = q < 0 ? a : &effect_at(k)->params[q];
				if (a->type != b->type)
					fail_msg("%s of %s and %s", a->name, effect_at(i)->id,
						 effect_at(k)->id);
			}
		}
	}
}

static void the_defaults_inputs_are_named_once_each_with_its_type(void **state)
{
	static const char *const names[] = { "selector", "modulator", "button1",
					     "button2",	 "button3",   "button4" };
	const char *type;
	size_t i;

	(void)state;
	for (i = 0; i < 6; i++) {
		assert_string_equal(bindings_default_input(i, &type), names[i]);
		assert_string_equal(type, i < 2 ? "encoder" : "button");
	}
	assert_null(bindings_default_input(6, &type));
	assert_null(bindings_default_input(6, NULL));
}

static void more_than_there_can_be_are_refused(void **state)
{
	json_t *json = json_array();
	struct bindings_error error;
	int i;

	(void)state;
	for (i = 0; i < BINDINGS_MAX; i++)
		json_array_append_new(json, json_pack("{s:s, s:s}", "key", "Z", "action", "PAUSE"));
	assert_int_equal(bindings_read(json, &known, &bindings, &error), 0);
	assert_int_equal(bindings.count, BINDINGS_MAX);
	json_array_append_new(json, json_pack("{s:s, s:s}", "key", "Z", "action", "PAUSE"));
	assert_int_equal(bindings_read(json, &known, &bindings, &error), -EINVAL);
	json_decref(json);
}

static void keys_have_names_in_any_case(void **state)
{
	uint32_t code = 0, modifiers = 0;
	char text[KEY_TEXT_MAX];

	(void)state;
	assert_true(key_parse("z", &code, &modifiers));
	assert_int_equal(code, KEY_Z);
	assert_int_equal(modifiers, 0);
	assert_true(key_parse("Ctrl+alt+KEY_Delete", &code, &modifiers));
	assert_int_equal(code, KEY_DELETE);
	assert_int_equal(modifiers, EVENT_CTRL | EVENT_ALT);
	key_write(text, code, modifiers);
	assert_string_equal(text, "CTRL+ALT+DELETE");
	assert_true(key_parse("BTN_LEFT", &code, &modifiers));
	assert_int_equal(code, BTN_LEFT);
	key_write(text, code, modifiers);
	assert_string_equal(text, "BTN_LEFT");
	/* the longest there can be */
	key_write(text, KEY_BRIGHTNESS_MIN, EVENT_SHIFT | EVENT_CTRL | EVENT_ALT | EVENT_META);
	assert_string_equal(text, "CTRL+ALT+SHIFT+META+BRIGHTNESS_MIN");
	assert_false(key_parse("", &code, &modifiers));
	assert_false(key_parse("+", &code, &modifiers));
	assert_false(key_parse("CTRL+", &code, &modifiers));
	assert_false(key_parse("Z+CTRL", &code, &modifiers));
}

static void modifiers_are_keys_on_both_sides(void **state)
{
	(void)state;
	assert_int_equal(key_modifier(KEY_LEFTSHIFT), EVENT_SHIFT);
	assert_int_equal(key_modifier(KEY_RIGHTCTRL), EVENT_CTRL);
	assert_int_equal(key_modifier(KEY_RIGHTALT), EVENT_ALT);
	assert_int_equal(key_modifier(KEY_LEFTMETA), EVENT_META);
	assert_int_equal(key_modifier(KEY_Z), 0);
}

static void every_action_has_a_name_and_words(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < ACTION_TYPES; i++) {
		assert_non_null(action_at(i)->name);
		assert_non_null(action_at(i)->about);
		for (k = 0; k < i; k++)
			assert_string_not_equal(action_at(i)->name, action_at(k)->name);
	}
	assert_null(action_at(ACTION_TYPES));
	assert_null(action_name_at(ACTION_TYPES, NULL));
}

static void sounds_are_short_and_found_in_any_case(void **state)
{
	const struct sound *sound;
	size_t i, k;

	(void)state;
	for (i = 0; (sound = sound_at(i)); i++) {
		unsigned int ms = 0;

		for (k = 0; k < SOUND_NOTES_MAX; k++)
			ms += sound->note[k].ms;
		assert_in_range(ms, 1, 2000);
	}
	assert_ptr_equal(sound_find("alarm"), sound_find("ALARM"));
	assert_non_null(sound_find("alarm"));
	assert_null(sound_find("alarms"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_default_is_the_originals_panel),
		cmocka_unit_test(the_default_is_the_originals_keyboard),
		cmocka_unit_test(left_and_right_are_each_bound_alone),
		cmocka_unit_test(several_bindings_of_one_gesture_follow_each_other),
		cmocka_unit_test(a_key_of_one_input_is_not_of_another),
		cmocka_unit_test(what_is_written_is_read_as_the_same),
		cmocka_unit_test(names_that_are_not_known_are_refused_with_the_nearest),
		cmocka_unit_test(values_are_checked),
		cmocka_unit_test(only_what_can_be_done_to_an_input_is_bound),
		cmocka_unit_test(a_parameters_name_means_the_same_in_every_animation),
		cmocka_unit_test(the_defaults_inputs_are_named_once_each_with_its_type),
		cmocka_unit_test(more_than_there_can_be_are_refused),
		cmocka_unit_test(keys_have_names_in_any_case),
		cmocka_unit_test(modifiers_are_keys_on_both_sides),
		cmocka_unit_test(every_action_has_a_name_and_words),
		cmocka_unit_test(sounds_are_short_and_found_in_any_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
