// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The state as text: what is written is read again as it was, and what is not
 * a state is refused. The texts are written by hand from control/saved.h.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "control/saved.h"
#include "pixel/kelvin.h"

#define COLOR "\"color\":{\"mode\":\"RGB\",\"rgb\":[1,2,3]}"
#define ANIMATION "\"animation\":{\"id\":\"BREATHE\",\"parameters\":{}}"
#define REST ",\"is_on\":true,\"brightness\":80,\"render_mode\":\"STATIC\","
#define ZONE "{\"id\":\"FLOOR\"" REST COLOR "," ANIMATION "}"
/* version 1 knew zones only */
#define WHOLE(zones) "{\"version\":1,\"zones\":[" zones "]}"

static int setup(void **state)
{
	*state = calloc(2, sizeof(struct saved));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static void read_text(struct saved *saved, const char *text)
{
	char error[SAVED_ERROR_MAX] = "";

	if (saved_read(text, strlen(text), saved, error) < 0)
		fail_msg("%s", error);
}

static void expect_refused(struct saved *saved, const char *text, const char *expected)
{
	char error[SAVED_ERROR_MAX] = "";

	assert_int_equal(saved_read(text, strlen(text), saved, error), -EINVAL);
	assert_string_equal(error, expected);
}

static struct zone_state *add(struct saved *saved, const char *id, const char *effect)
{
	struct scene_zone *zone = &saved->zone[saved->zone_count++];
	size_t i;

	strcpy(zone->id, id);
	zone->state.color.mode = ZONE_COLOR_RGB;
	zone->state.animation = (uint16_t)effect_index(effect_find(effect));
	for (i = 0; i < effect_find(effect)->param_count; i++)
		zone->state.params[i] = effect_find(effect)->params[i].def;
	return &zone->state;
}

static void what_was_written_is_read_as_it_was(void **state)
{
	struct saved *saved = *state, *again = saved + 1;
	struct zone_state *zone;
	size_t length;
	char *text;

	zone = add(saved, "A", "BREATHE");
	zone->is_on = true;
	zone->brightness = 100;
	zone->color.mode = ZONE_COLOR_HUE;
	zone->color.hue = 120;
	zone->color.rgb = color_from_hue(120);
	zone = add(saved, "B", "SNAKE");
	zone->mode = ZONE_ANIMATION;
	zone->params[0] = effect_find("SNAKE")->params[0].max;
	zone->color.mode = ZONE_COLOR_PRESET;
	zone->color.preset = (uint16_t)color_preset_find("warm_white");
	zone->color.rgb = color_presets(NULL)[zone->color.preset].color;
	zone = add(saved, "C", "RAINBOW");
	zone->color.mode = ZONE_COLOR_RGB;
	zone->color.rgb = (struct pixel){ 1, 2, 255, 0 };

	zone = add(saved, "D", "RAINBOW");
	zone->color.mode = ZONE_COLOR_HSV;
	zone->color.hsv.hue = 359;
	zone->color.hsv.saturation = 100;
	zone->color.hsv.value = 3;
	zone->color.rgb = color_from_percent(359, 100, 3);
	zone = add(saved, "E", "RAINBOW");
	zone->color.mode = ZONE_COLOR_KELVIN;
	zone->color.kelvin = 2700;
	zone->color.rgb = kelvin_color(2700);
	zone = add(saved, "F", "RAINBOW");
	zone->color.mode = ZONE_COLOR_HEX;
	zone->color.rgb = (struct pixel){ 255, 128, 0, 0 };

	assert_int_equal(saved_write(saved, &text, &length), 0);
	assert_int_equal(length, strlen(text));
	read_text(again, text);
	assert_memory_equal(again, saved, sizeof(*saved));
	free(text);
}

static void every_effect_keeps_its_parameters(void **state)
{
	struct saved *saved = *state, *again = saved + 1;
	const struct effect *effect;
	struct zone_state *zone;
	char id[ZONE_ID_MAX];
	size_t length, i, k;
	char *text;

	for (i = 0; (effect = effect_at(i)); i++) {
		snprintf(id, sizeof(id), "Z%zu", i);
		zone = add(saved, id, effect->id);
		for (k = 0; k < effect->param_count; k++)
			zone->params[k] = k % 2 ? effect->params[k].min : effect->params[k].max;
	}
	assert_int_equal(saved_write(saved, &text, &length), 0);
	read_text(again, text);
	assert_memory_equal(again, saved, sizeof(*saved));
	free(text);
}

static void the_panel_and_transitions_come_back_as_they_were(void **state)
{
	struct saved *saved = *state, *again = saved + 1;
	struct saved_panel *panel = &saved->panel;
	struct zone_state *zone = add(saved, "LAMP", "SNAKE");
	size_t length;
	char *text;

	strcpy(panel->selected, "LAMP");
	panel->fps = 240;
	panel->power_off = true;
	panel->was_on_count = 2;
	strcpy(panel->was_on[0], "FLOOR");
	strcpy(panel->was_on[1], "LAMP");
	panel->lamp_white = true;
	zone->mode = ZONE_ANIMATION;
	zone->brightness = 7;
	panel->lamp = saved->zone[0];
	saved->own_transitions = 1U << TRANSITION_MODE | 1U << TRANSITION_SHUTDOWN;
	saved->transitions.of[TRANSITION_MODE] =
		(struct engine_transition){ 60000, EASE_BOUNCE_IN_OUT, ENGINE_FADE };
	saved->transitions.of[TRANSITION_SHUTDOWN] =
		(struct engine_transition){ 4000, EASE_LINEAR, ENGINE_CUT };
	assert_int_equal(saved_write(saved, &text, &length), 0);
	read_text(again, text);
	assert_memory_equal(again, saved, sizeof(*saved));
	free(text);

	/* power that is off with nothing to give back is off all the same */
	panel->was_on_count = 0;
	memset(panel->was_on, 0, sizeof(panel->was_on));
	memset(again, 0, sizeof(*again));
	assert_int_equal(saved_write(saved, &text, &length), 0);
	read_text(again, text);
	assert_memory_equal(again, saved, sizeof(*saved));
	free(text);
}

static void a_state_of_version_2_has_neither_panel_nor_transitions(void **state)
{
	struct saved *saved = *state;

	read_text(saved, "{\"version\":2,\"zones\":[" ZONE "],\"presets\":[],\"scenes\":[]}");
	assert_int_equal(saved->zone_count, 1);
	assert_false(saved->panel.power_off);
	assert_false(saved->panel.lamp_white);
	assert_string_equal(saved->panel.selected, "");
	assert_int_equal(saved->own_transitions, 0);
}

#define VERSION_3(panel, transitions)                                               \
	"{\"version\":3,\"zones\":[],\"presets\":[],\"scenes\":[],\"panel\":" panel \
	",\"transitions\":" transitions "}"

static void a_panel_or_transition_that_cannot_be_is_refused_with_its_place(void **state)
{
	expect_refused(*state, "{\"version\":3,\"zones\":[],\"presets\":[],\"scenes\":[]}",
		       "/panel: an object belongs here");
	expect_refused(*state, VERSION_3("{}", "[]"), "/transitions: an object belongs here");
	expect_refused(*state, VERSION_3("{\"selected\":7}", "{}"),
		       "/panel/selected: a text of 1 to 31 bytes belongs here");
	expect_refused(*state, VERSION_3("{\"fps\":241}", "{}"),
		       "/panel/fps: a whole number from 1 to 240 belongs here");
	expect_refused(*state, VERSION_3("{\"fps\":0}", "{}"),
		       "/panel/fps: a whole number from 1 to 240 belongs here");
	expect_refused(*state, VERSION_3("{\"was_on\":true}", "{}"),
		       "/panel/was_on: an array of at most 256 ids of zones belongs here");
	expect_refused(*state, VERSION_3("{\"was_on\":[\"\"]}", "{}"),
		       "/panel/was_on: ids of 1 to 31 bytes belong here");
	expect_refused(*state, VERSION_3("{\"lamp\":{}}", "{}"),
		       "/panel/lamp/id: a text of 1 to 31 bytes belongs here");
	expect_refused(*state, VERSION_3("{}", "{\"nothing\":{}}"),
		       "/transitions: no transition has this cause");
	expect_refused(*state,
		       VERSION_3("{}", "{\"shutdown\":{\"ms\":4001,\"kind\":\"fade\","
				       "\"easing\":\"linear\"}}"),
		       "/transitions/shutdown/ms: a whole number from 0 to 4000 belongs here");
	expect_refused(*state,
		       VERSION_3("{}", "{\"mode\":{\"ms\":1,\"kind\":\"wipe\","
				       "\"easing\":\"linear\"}}"),
		       "/transitions/mode/kind: a name such as \"crossfade\" belongs here");
}

static void a_text_cut_off_anywhere_is_refused(void **state)
{
	static const char text[] = WHOLE(ZONE);
	char error[SAVED_ERROR_MAX];
	size_t length;

	read_text(*state, text);
	for (length = 0; length < strlen(text); length++) {
		if (saved_read(text, length, *state, error) != -EINVAL)
			fail_msg("the first %zu bytes were taken for a state", length);
	}
}

static void an_animation_that_is_gone_leaves_its_zone_static(void **state)
{
	struct saved *saved = *state;
	const struct zone_state *zone;

	read_text(saved, WHOLE("{\"id\":\"FLOOR\",\"is_on\":true,\"brightness\":7,"
			       "\"render_mode\":\"ANIMATION\"," COLOR
			       ",\"animation\":{\"id\":\"GONE\",\"parameters\":{\"speed\":3}}}"));
	zone = saved_find(saved, "floor");
	assert_non_null(zone);
	assert_int_equal(zone->mode, ZONE_STATIC);
	assert_int_equal(zone->brightness, 7);
	assert_int_equal(zone->color.rgb.b, 3);
	assert_non_null(effect_at(zone->animation));
	assert_null(saved_find(saved, "WALL"));
}

static void a_parameter_that_is_not_allowed_any_more_has_its_default(void **state)
{
	const struct effect *breathe = effect_find("BREATHE");
	int speed = effect_param_find(breathe, "speed");
	struct saved *saved = *state;

	read_text(saved, WHOLE("{\"id\":\"FLOOR\"" REST COLOR
			       ",\"animation\":{\"id\":\"BREATHE\",\"parameters\":"
			       "{\"speed\":1000000,\"gone\":1}}}"));
	assert_true(speed >= 0);
	assert_int_equal(saved->zone[0].state.params[speed], breathe->params[speed].def);
}

static void a_preset_that_is_gone_leaves_its_colour(void **state)
{
	struct saved *saved = *state;

	read_text(saved, WHOLE("{\"id\":\"FLOOR\"" REST
			       "\"color\":{\"mode\":\"PRESET\",\"preset_name\":\"gone\","
			       "\"rgb\":[4,5,6]}," ANIMATION "}"));
	assert_int_equal(saved->zone[0].state.color.mode, ZONE_COLOR_RGB);
	assert_int_equal(saved->zone[0].state.color.rgb.r, 4);
}

static void a_preset_has_the_colour_that_goes_with_its_name(void **state)
{
	struct saved *saved = *state;

	/* the original's warm_white is 255, 200, 150 */
	read_text(saved, WHOLE("{\"id\":\"FLOOR\"" REST
			       "\"color\":{\"mode\":\"PRESET\",\"preset_name\":\"warm_white\","
			       "\"rgb\":[4,5,6]}," ANIMATION "}"));
	assert_int_equal(saved->zone[0].state.color.mode, ZONE_COLOR_PRESET);
	assert_int_equal(saved->zone[0].state.color.rgb.g, 200);
}

static void what_is_not_a_state_is_refused_with_its_place(void **state)
{
	expect_refused(*state, "{\"version\":1}",
		       "/zones: an array of at most 256 zones belongs here");
	expect_refused(*state, "[]", "/version: a whole number from 1 to 3 belongs here");
	expect_refused(*state, "{\"version\":0,\"zones\":[]}",
		       "/version: a whole number from 1 to 3 belongs here");
	expect_refused(*state, "{\"version\":99,\"zones\":[]}",
		       "/version: 99 is newer than 3, which this program knows");
	expect_refused(*state, WHOLE("7"), "/zones/0/id: a text of 1 to 31 bytes belongs here");
	expect_refused(*state, WHOLE(ZONE "," ZONE), "/zones/1/id: this zone stands there twice");
	expect_refused(*state,
		       WHOLE("{\"id\":\"A\",\"is_on\":1,\"brightness\":80,"
			     "\"render_mode\":\"STATIC\"," COLOR "," ANIMATION "}"),
		       "/zones/0/is_on: true or false belongs here");
	expect_refused(*state,
		       WHOLE("{\"id\":\"A\",\"is_on\":true,\"brightness\":101,"
			     "\"render_mode\":\"STATIC\"," COLOR "," ANIMATION "}"),
		       "/zones/0/brightness: a whole number from 0 to 100 belongs here");
	expect_refused(*state,
		       WHOLE("{\"id\":\"A\"" REST
			     "\"color\":{\"mode\":\"RGB\",\"rgb\":[1,2,256]}," ANIMATION "}"),
		       "/zones/0/color/rgb: three whole numbers from 0 to 255 belong here");
	expect_refused(*state,
		       WHOLE("{\"id\":\"A\"" REST
			     "\"color\":{\"mode\":\"HUE\",\"hue\":361,\"rgb\":[1,2,3]}," ANIMATION
			     "}"),
		       "/zones/0/color/hue: a whole number from 0 to 360 belongs here");
	expect_refused(
		*state,
		WHOLE("{\"id\":\"A\"" REST
		      "\"color\":{\"mode\":\"KELVIN\",\"kelvin\":999,\"rgb\":[1,2,3]}," ANIMATION
		      "}"),
		"/zones/0/color/kelvin: a number from 1000 to 15000 belongs here");
	expect_refused(
		*state,
		WHOLE("{\"id\":\"A\"" REST
		      "\"color\":{\"mode\":\"HSV\",\"hsv\":[0,101,0],\"rgb\":[1,2,3]}," ANIMATION
		      "}"),
		"/zones/0/color/hsv: a hue from 0 to 360 and two numbers from 0 to 100 belong "
		"here");
	expect_refused(*state, WHOLE("{\"id\":\"A\"" REST COLOR ",\"animation\":{\"id\":\"X\"}}"),
		       "/zones/0/animation/parameters: an object belongs here");
}

static void more_zones_than_there_can_be_are_refused(void **state)
{
	/* ZONE_MAX is 256 */
	size_t room = 257 * 256, i, used;
	char *text = malloc(room);

	used = (size_t)sprintf(text, "{\"version\":1,\"zones\":[");
	for (i = 0; i < 257; i++)
		used += (size_t)sprintf(text + used,
					"%s{\"id\":\"Z%zu\"" REST COLOR "," ANIMATION "}",
					i ? "," : "", i);
	strcpy(text + used, "]}");
	expect_refused(*state, text, "/zones: an array of at most 256 zones belongs here");
	free(text);
}

/* 32 scenes of 256 zones and the zones themselves, each with as long a text as there can be. */
static void the_fullest_state_there_can_be_is_read_again(void **state)
{
	struct saved *saved = *state, *again = saved + 1;
	struct scenes *scenes = &saved->library.scenes;
	const struct effect *effect, *longest = effect_at(0);
	char name[SLOTS_NAME_MAX], id[ZONE_ID_MAX];
	size_t length, i, k;
	char *text;
	int slot;

	for (i = 0; (effect = effect_at(i)); i++)
		if (effect->param_count > longest->param_count)
			longest = effect;
	for (i = 0; i < ZONE_MAX; i++) {
		struct zone_state *zone;

		/* 31 letters are the most */
		snprintf(id, sizeof(id), "Z%030zu", i);
		zone = add(saved, id, longest->id);
		zone->mode = ZONE_ANIMATION;
		zone->brightness = 100;
		for (k = 0; k < longest->param_count; k++)
			zone->params[k] = effect_param_max(&longest->params[k]);
		zone->color.mode = ZONE_COLOR_HSV;
		zone->color.hsv.hue = 359;
		zone->color.hsv.saturation = 1;
		zone->color.hsv.value = 100;
		zone->color.rgb = color_from_percent(359, 1, 100);
	}
	for (i = 0; i < SCENES_MAX; i++) {
		snprintf(name, sizeof(name), "s%030zu", i);
		slot = scenes_put(scenes, name);
		assert_true(slot >= 0);
		scenes->scene[slot].zone_count = ZONE_MAX;
		memcpy(scenes->scene[slot].zone, saved->zone, sizeof(saved->zone));
	}

	assert_int_equal(saved_write(saved, &text, &length), 0);
	assert_true(length <= SAVED_TEXT_MAX);
	read_text(again, text);
	assert_memory_equal(again, saved, sizeof(*saved));
	free(text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(what_was_written_is_read_as_it_was),
		TEST(the_panel_and_transitions_come_back_as_they_were),
		TEST(a_state_of_version_2_has_neither_panel_nor_transitions),
		TEST(a_panel_or_transition_that_cannot_be_is_refused_with_its_place),
		TEST(every_effect_keeps_its_parameters),
		TEST(the_fullest_state_there_can_be_is_read_again),
		TEST(a_text_cut_off_anywhere_is_refused),
		TEST(an_animation_that_is_gone_leaves_its_zone_static),
		TEST(a_parameter_that_is_not_allowed_any_more_has_its_default),
		TEST(a_preset_that_is_gone_leaves_its_colour),
		TEST(a_preset_has_the_colour_that_goes_with_its_name),
		TEST(what_is_not_a_state_is_refused_with_its_place),
		TEST(more_zones_than_there_can_be_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
