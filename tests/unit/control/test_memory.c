// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the panel and transitions give back after a restart: a station is put
 * away as text, another one begins with it. The behaviour expected is that of
 * the original station's panel: lamp white and power restore what was before.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "station.h"

#include "control/saved.h"

static int press(struct station *station, enum command_type type)
{
	return panel_apply(station->panel, &(struct command){ .type = type });
}

#define APPLY(station, ...) \
	controller_apply((station)->controller, &(struct command){ __VA_ARGS__ })

static const struct zone_state *zone(const struct station *station, unsigned int index)
{
	return controller_get(station->controller, index);
}

static struct saved *remember(const struct station *station)
{
	struct saved *saved = calloc(1, sizeof(*saved));

	assert_non_null(saved);
	for (unsigned int i = 0; controller_get(station->controller, i); i++) {
		strcpy(saved->zone[i].id, controller_get_config(station->controller, i)->id);
		saved->zone[i].state = *zone(station, i);
		saved->zone_count++;
	}
	panel_remember(station->panel, &saved->panel);
	saved->own_transitions = controller_own_transitions(station->controller);
	saved->transitions = *controller_transitions(station->controller);
	return saved;
}

/* Through the file's text into another station. */
static struct station *restart(void **state)
{
	struct saved *saved = remember(*state), *again = calloc(1, sizeof(*again));
	char error[SAVED_ERROR_MAX], *text;
	struct station *station;
	size_t length;

	assert_non_null(again);
	assert_int_equal(saved_write(saved, &text, &length), 0);
	assert_int_equal(saved_read(text, length, again, error), 0);
	teardown(state);
	assert_int_equal(setup(state), 0);
	station = *state;
	for (unsigned int i = 0; i < again->zone_count; i++)
		controller_set_state(station->controller, i, &again->zone[i].state,
				     TRANSITION_SCENE, 0);
	panel_restore(station->panel, &again->panel);
	controller_restore_transitions(station->controller, again->own_transitions,
				       &again->transitions);
	free(text);
	free(saved);
	free(again);
	fake_run_ms(100);
	return station;
}

static void power_gives_back_what_was_on_after_a_restart(void **state)
{
	struct station *station = *state;

	APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = B);
	press(station, COMMAND_PANEL_POWER);
	station = restart(state);
	assert_true(panel_get_state(station->panel)->power_off);
	assert_false(zone(station, A)->is_on);
	press(station, COMMAND_PANEL_POWER);
	assert_true(zone(station, A)->is_on);
	assert_false(zone(station, B)->is_on);
	assert_true(zone(station, LAMP)->is_on);
	assert_false(panel_get_state(station->panel)->power_off);
	/* and nothing of it is left: the next one takes what is on then */
	APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = A);
	press(station, COMMAND_PANEL_POWER);
	station = restart(state);
	press(station, COMMAND_PANEL_POWER);
	assert_false(zone(station, A)->is_on);
	assert_true(zone(station, LAMP)->is_on);
}

static void the_lamp_is_given_back_exactly_after_a_restart(void **state)
{
	struct station *station = *state;
	struct zone_state before;

	APPLY(station, .type = COMMAND_ZONE_SET_MODE, .zone = LAMP, .mode = ZONE_ANIMATION);
	APPLY(station, .type = COMMAND_ZONE_SET_BRIGHTNESS, .zone = LAMP, .brightness = 37);
	before = *zone(station, LAMP);
	press(station, COMMAND_PANEL_LAMP_WHITE);
	station = restart(state);
	assert_true(panel_get_state(station->panel)->lamp_white);
	/* warm_white of the original */
	assert_int_equal(shown(station, LAMP).g, 200);
	press(station, COMMAND_PANEL_LAMP_WHITE);
	assert_memory_equal(zone(station, LAMP), &before, sizeof(before));
	station = restart(state);
	assert_false(panel_get_state(station->panel)->lamp_white);
	assert_memory_equal(zone(station, LAMP), &before, sizeof(before));
}

static void the_selected_zone_and_the_rate_are_the_same_after_a_restart(void **state)
{
	struct station *station = *state;
	struct command fps = { .type = COMMAND_FRAMES_FPS, .fps = 90 };

	press(station, COMMAND_PANEL_SELECT_NEXT);
	panel_apply(station->panel, &fps);
	station = restart(state);
	assert_int_equal(panel_get_state(station->panel)->selected, B);
	assert_int_equal(panel_get_state(station->panel)->fps, 90);
	assert_int_equal(frames_get_fps(station->frames), 90);
	/* what the configuration says since goes before it */
	frames_set_fps(station->frames, 30);
	panel_refresh(station->panel);
	assert_int_equal(panel_get_state(station->panel)->fps, 30);
	station = restart(state);
	assert_int_equal(frames_get_fps(station->frames), FPS);
}

static void only_transitions_that_a_command_set_are_kept(void **state)
{
	struct station *station = *state;
	struct transitions configured = { 0 };

	configured.of[TRANSITION_POWER].duration_ms = 111;
	controller_set_transitions(station->controller, &configured);
	APPLY(station, .type = COMMAND_TRANSITION_SET, .transition.cause = TRANSITION_MODE,
	      .transition.mask = COMMAND_TRANSITION_MS, .transition.transition.duration_ms = 77);
	assert_int_equal(controller_own_transitions(station->controller), 1U << TRANSITION_MODE);
	station = restart(state);
	/* of this station's configuration: none takes time */
	assert_int_equal(
		controller_transitions(station->controller)->of[TRANSITION_POWER].duration_ms, 0);
	assert_int_equal(
		controller_transitions(station->controller)->of[TRANSITION_MODE].duration_ms, 77);
	/* still the user's: it outlasts the next restart as well */
	station = restart(state);
	assert_int_equal(
		controller_transitions(station->controller)->of[TRANSITION_MODE].duration_ms, 77);
	controller_set_transitions(station->controller, &configured);
	assert_int_equal(controller_own_transitions(station->controller), 0);
}

static void zones_that_are_gone_are_left_out(void **state)
{
	struct saved_panel memory = { .selected = "NOWHERE",
				      .power_off = true,
				      .was_on_count = 2,
				      .was_on = { "NOWHERE", "B" },
				      .lamp_white = true,
				      .lamp = { .id = "NOWHERE" } };
	struct station *station = *state;

	for (unsigned int i = A; i <= LAMP; i++)
		APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = (uint16_t)i);
	panel_restore(station->panel, &memory);
	assert_int_equal(panel_get_state(station->panel)->selected, A);
	assert_false(panel_get_state(station->panel)->lamp_white);
	press(station, COMMAND_PANEL_POWER);
	assert_false(zone(station, A)->is_on);
	assert_true(zone(station, B)->is_on);
	assert_false(zone(station, LAMP)->is_on);
}

static unsigned int changes;

static void on_change(void *data)
{
	(void)data;
	changes++;
}

static void only_what_is_kept_is_told_as_a_change(void **state)
{
	static const enum command_type not_kept[] = { COMMAND_PANEL_EDIT_MODE,
						      COMMAND_PANEL_TARGET_NEXT,
						      COMMAND_FRAMES_PAUSE, COMMAND_STEPPER_ENTER };
	static const enum command_type kept[] = { COMMAND_PANEL_POWER, COMMAND_PANEL_LAMP_WHITE,
						  COMMAND_PANEL_SELECT_NEXT };
	struct station *station = *state;
	struct panel *panel;

	assert_int_equal(panel_create(&panel,
				      &(struct panel_config){ .controller = station->controller,
							      .frames = station->frames,
							      .bus = station->bus,
							      .presets = &no_presets,
							      .on_change = on_change }),
			 0);
	panel_destroy(station->panel);
	station->panel = panel;
	changes = 0;
	for (size_t i = 0; i < sizeof(not_kept) / sizeof(not_kept[0]); i++)
		assert_int_equal(press(station, not_kept[i]), 0);
	assert_int_equal(changes, 0);
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		assert_int_equal(press(station, kept[i]), 0);
	assert_int_equal(changes, 3);
	frames_stop(station->frames);
}

static void a_preset_that_goes_while_the_lamp_is_white_leaves_its_colour(void **state)
{
	struct station *station = *state;
	struct zone_state before = red();
	struct saved_panel memory;
	size_t built_in;

	/* as if the first of the user's presets, which is gone now, had been there */
	color_presets(&built_in);
	press(station, COMMAND_PANEL_LAMP_WHITE);
	panel_remember(station->panel, &memory);
	memory.lamp.state.color = (struct zone_color){ .mode = ZONE_COLOR_PRESET,
						       .preset = (uint16_t)built_in,
						       .rgb = { 1, 2, 3, 0 } };
	panel_restore(station->panel, &memory);
	panel_on_preset(station->panel, (unsigned int)built_in);
	assert_int_equal(press(station, COMMAND_PANEL_LAMP_WHITE), 0);
	assert_int_equal(zone(station, LAMP)->color.mode, ZONE_COLOR_RGB);
	assert_int_equal(zone(station, LAMP)->color.rgb.b, 3);
	assert_int_equal(zone(station, LAMP)->brightness, before.brightness);
}

static void disable(struct station *station, unsigned int index, bool disabled)
{
	controller_set_zone(station->controller, index, "", !disabled);
}

static void neither_a_group_nor_a_disabled_zone_is_ever_selected(void **state)
{
	struct station *station = *state;
	struct saved_panel memory = { .selected = "GROUP" };

	disable(station, A, true);
	panel_refresh(station->panel);
	assert_int_equal(panel_get_state(station->panel)->selected, B);
	press(station, COMMAND_PANEL_SELECT_PREVIOUS);
	assert_int_equal(panel_get_state(station->panel)->selected, LAMP);
	panel_restore(station->panel, &memory);
	assert_int_equal(panel_get_state(station->panel)->selected, LAMP);
	/* and with what it begins */
	panel_destroy(station->panel);
	assert_int_equal(panel_create(&station->panel,
				      &(struct panel_config){ .controller = station->controller,
							      .frames = station->frames,
							      .bus = station->bus,
							      .presets = &no_presets }),
			 0);
	assert_int_equal(panel_get_state(station->panel)->selected, B);
	frames_stop(station->frames);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(power_gives_back_what_was_on_after_a_restart),
		TEST(the_lamp_is_given_back_exactly_after_a_restart),
		TEST(the_selected_zone_and_the_rate_are_the_same_after_a_restart),
		TEST(only_transitions_that_a_command_set_are_kept),
		TEST(zones_that_are_gone_are_left_out),
		TEST(only_what_is_kept_is_told_as_a_change),
		TEST(a_preset_that_goes_while_the_lamp_is_white_leaves_its_colour),
		TEST(neither_a_group_nor_a_disabled_zone_is_ever_selected),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
