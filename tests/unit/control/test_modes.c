// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * control/panel.h and groups, with the real controller, engine and frame
 * manager, on a loop whose time the test moves. Colours are worked out by hand.
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

static int press(struct station *station, enum command_type type)
{
	return panel_apply(station->panel, &(struct command){ .type = type });
}

static int turn(struct station *station, int32_t steps)
{
	return panel_apply(station->panel,
			   &(struct command){ .type = COMMAND_PANEL_ADJUST, .steps = steps });
}

static void assert_color(struct station *station, unsigned int zone, int r, int g, int b)
{
	struct pixel pixel = shown(station, zone);

	assert_int_equal(pixel.r, r);
	assert_int_equal(pixel.g, g);
	assert_int_equal(pixel.b, b);
}

static const struct zone_state *zone(const struct station *station, unsigned int index)
{
	return controller_get(station->controller, index);
}

static const struct panel_state *panel_state(struct station *station)
{
	const struct state_snapshot *newest;

	fake_run_ms(0);
	newest = mailbox_take(station->state_mailbox);
	if (newest) {
		mailbox_unref(station->state_mailbox, station->snapshot);
		station->snapshot = newest;
	}
	assert_non_null(station->snapshot);
	return &station->snapshot->panel;
}

static void in_edit_mode_a_static_zone_pulses_twice_a_second(void **state)
{
	struct station *station = *state;
	int darkest = 255, brightest = 0, turns = 0, before = 255, rising = 0;

	assert_int_equal(press(station, COMMAND_PANEL_EDIT_MODE), 0);
	/* 2 s are 4 pulses: 4 times it begins to rise, or 5 with a part of one */
	for (int i = 0; i < 80; i++) {
		int now;

		fake_run_ms(PERIOD_MS);
		now = shown(station, A).r;
		if (now > before && !rising)
			turns++;
		rising = now > before;
		before = now;
		darkest = now < darkest ? now : darkest;
		brightest = now > brightest ? now : brightest;
	}
	assert_in_range(turns, 4, 5);
	assert_in_range(darkest, 0, 10);
	assert_in_range(brightest, 245, 255);
	assert_color(station, B, 255, 0, 0);
	assert_int_equal(press(station, COMMAND_PANEL_EDIT_MODE), 0);
	fake_run_ms(100);
	assert_color(station, A, 255, 0, 0);
	assert_int_equal(fake_run_ms(10000), 0);
	assert_int_equal(station->told, 2);
}

/* How many of the frames of 2 s show this colour in zone A. */
static int count_color(struct station *station, int r, int g, int b)
{
	int count = 0;

	for (int i = 0; i < 80; i++) {
		struct pixel pixel;

		fake_run_ms(PERIOD_MS);
		pixel = shown(station, A);
		count += pixel.r == r && pixel.g == g && pixel.b == b;
	}
	return count;
}

static void a_zone_that_is_off_blinks_blue_and_one_that_moves_white(void **state)
{
	struct station *station = *state;

	press(station, COMMAND_PANEL_EDIT_MODE);
	controller_apply(station->controller,
			 &(struct command){ .type = COMMAND_ZONE_SET_ON, .zone = A });
	assert_in_range(count_color(station, 0, 0, 255), 38, 42);
	controller_apply(station->controller, &(struct command){ .type = COMMAND_ZONE_SET_ON,
								 .zone = A,
								 .is_on = true });
	press(station, COMMAND_PANEL_ANIMATION);
	assert_int_equal(zone(station, A)->mode, ZONE_ANIMATION);
	assert_in_range(count_color(station, 255, 255, 255), 38, 42);
	press(station, COMMAND_PANEL_ANIMATION);
	assert_int_equal(zone(station, A)->mode, ZONE_STATIC);
}

static void a_zone_that_is_on_but_black_blinks_blue_so_that_it_can_be_found(void **state)
{
	struct station *station = *state;
	struct command command = { .type = COMMAND_ZONE_SET_BRIGHTNESS, .zone = A };

	press(station, COMMAND_PANEL_EDIT_MODE);
	controller_apply(station->controller, &command);
	assert_in_range(count_color(station, 0, 0, 255), 38, 42);
	command.brightness = 100;
	controller_apply(station->controller, &command);
	assert_int_equal(count_color(station, 0, 0, 255), 0);
	controller_apply(station->controller,
			 &(struct command){ .type = COMMAND_ZONE_SET_COLOR,
					    .zone = A,
					    .color = { .mode = ZONE_COLOR_RGB } });
	assert_in_range(count_color(station, 0, 0, 255), 38, 42);
}

static void the_selection_goes_round_all_zones_but_groups(void **state)
{
	static const unsigned int next[] = { B, LAMP, A, B };
	struct station *station = *state;

	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(press(station, COMMAND_PANEL_SELECT_NEXT), 0);
		assert_int_equal(panel_state(station)->selected, next[i]);
	}
	press(station, COMMAND_PANEL_SELECT_PREVIOUS);
	press(station, COMMAND_PANEL_SELECT_PREVIOUS);
	assert_int_equal(panel_state(station)->selected, LAMP);
}

static void a_selection_that_moves_takes_the_indicator_along(void **state)
{
	struct station *station = *state;

	press(station, COMMAND_PANEL_EDIT_MODE);
	fake_run_ms(200);
	press(station, COMMAND_PANEL_SELECT_NEXT);
	/* 0 light at the beginning of each half second */
	fake_run_until((fake.now_ns / PANEL_PULSE_NS + 1) * PANEL_PULSE_NS);
	assert_color(station, A, 255, 0, 0);
	assert_in_range(shown(station, B).r, 0, 10);
}

static void turning_changes_brightness_then_hue_then_preset(void **state)
{
	struct station *station = *state;

	assert_int_equal(turn(station, -3), 0);
	assert_int_equal(zone(station, A)->brightness, 85);
	turn(station, 100);
	assert_int_equal(zone(station, A)->brightness, 100);
	press(station, COMMAND_PANEL_TARGET_NEXT);
	turn(station, 12);
	assert_int_equal(zone(station, A)->color.hue, 120);
	turn(station, -13);
	assert_int_equal(zone(station, A)->color.hue, 350);
	press(station, COMMAND_PANEL_TARGET_NEXT);
	turn(station, 2);
	assert_string_equal(color_presets(NULL)[zone(station, A)->color.preset].name, "amber");
	/* from the first one back to the last of twenty */
	turn(station, -3);
	assert_string_equal(color_presets(NULL)[zone(station, A)->color.preset].name, "cool_white");
	press(station, COMMAND_PANEL_TARGET_NEXT);
	turn(station, -1);
	assert_int_equal(zone(station, A)->brightness, 95);
	assert_int_equal(turn(station, COMMAND_STEPS_MAX + 1), -EINVAL);
}

static void turning_changes_the_parameters_of_an_animation(void **state)
{
	struct station *station = *state;
	const struct effect *effect = effect_at(zone(station, A)->animation);
	const struct zone_state before = *zone(station, A);

	press(station, COMMAND_PANEL_ANIMATION);
	turn(station, 1);
	assert_int_equal(zone(station, A)->params[0], before.params[0] + effect->params[0].step);
	press(station, COMMAND_PANEL_TARGET_NEXT);
	turn(station, -1);
	assert_int_equal(zone(station, A)->params[1], before.params[1] - effect->params[1].step);
	press(station, COMMAND_PANEL_TARGET_NEXT);
	for (int i = 0; i < 10; i++)
		turn(station, -COMMAND_STEPS_MAX);
	for (size_t i = 0; i < effect->param_count; i++)
		assert_in_range(zone(station, A)->params[i] + 1000, effect->params[i].min + 1000,
				effect->params[i].max + 1000);
}

static void lamp_white_lights_the_lamp_and_gives_back_exactly_what_was(void **state)
{
	struct station *station = *state;
	struct zone_state before;

	controller_apply(station->controller, &(struct command){ .type = COMMAND_ZONE_SET_MODE,
								 .zone = LAMP,
								 .mode = ZONE_ANIMATION });
	controller_apply(station->controller,
			 &(struct command){ .type = COMMAND_ZONE_SET_BRIGHTNESS,
					    .zone = LAMP,
					    .brightness = 37 });
	controller_apply(station->controller,
			 &(struct command){ .type = COMMAND_ZONE_SET_ON, .zone = LAMP });
	before = *zone(station, LAMP);
	assert_int_equal(press(station, COMMAND_PANEL_LAMP_WHITE), 0);
	fake_run_ms(1000);
	/* warm_white of the original */
	assert_color(station, LAMP, 255, 200, 150);
	assert_true(panel_state(station)->lamp_white);
	assert_int_equal(press(station, COMMAND_PANEL_LAMP_WHITE), 0);
	fake_run_ms(1000);
	assert_color(station, LAMP, 0, 0, 0);
	assert_memory_equal(zone(station, LAMP), &before, sizeof(before));
}

static void power_gives_back_what_was_on(void **state)
{
	struct station *station = *state;

	controller_apply(station->controller,
			 &(struct command){ .type = COMMAND_ZONE_SET_ON, .zone = B });
	press(station, COMMAND_PANEL_POWER);
	fake_run_ms(1000);
	assert_color(station, A, 0, 0, 0);
	assert_color(station, LAMP, 0, 0, 0);
	assert_int_equal(fake_run_ms(10000), 0);
	press(station, COMMAND_PANEL_POWER);
	fake_run_ms(1000);
	assert_color(station, A, 255, 0, 0);
	assert_color(station, B, 0, 0, 0);
	assert_color(station, LAMP, 255, 0, 0);
}

static void a_command_for_a_group_is_for_the_canvas_or_for_each_member(void **state)
{
	struct station *station = *state;
	struct command green = { .type = COMMAND_ZONE_SET_COLOR,
				 .zone = GROUP,
				 .color = { .mode = ZONE_COLOR_HUE, .hue = 120 } };
	struct command on = { .type = COMMAND_ZONE_SET_ON, .zone = GROUP, .is_on = true };

	/* as a canvas it covers its members, and only while it is on */
	assert_int_equal(controller_apply(station->controller, &green), 0);
	fake_run_ms(100);
	assert_color(station, A, 255, 0, 0);
	assert_int_equal(controller_apply(station->controller, &on), 0);
	fake_run_ms(1000);
	assert_color(station, A, 0, 255, 0);
	assert_color(station, B, 255, 0, 0);
	assert_color(station, LAMP, 0, 255, 0);
	assert_int_equal(zone(station, A)->color.hue, 0);
	on.is_on = false;
	assert_int_equal(controller_apply(station->controller, &on), 0);
	fake_run_ms(1000);
	assert_color(station, A, 255, 0, 0);

	green.each = true;
	assert_int_equal(controller_apply(station->controller, &green), 0);
	fake_run_ms(1000);
	assert_color(station, A, 0, 255, 0);
	assert_color(station, B, 255, 0, 0);
	assert_int_equal(zone(station, A)->color.hue, 120);
	assert_int_equal(zone(station, LAMP)->color.hue, 120);
	green.zone = A;
	assert_int_equal(controller_apply(station->controller, &green), -EINVAL);
}

static void frame_by_frame_goes_on_and_back_plays_and_leaves(void **state)
{
	struct station *station = *state;
	struct pixel first, tenth;

	assert_int_equal(press(station, COMMAND_STEPPER_NEXT), -ENOTCONN);
	press(station, COMMAND_PANEL_ANIMATION);
	assert_int_equal(press(station, COMMAND_STEPPER_ENTER), 0);
	assert_int_equal(press(station, COMMAND_STEPPER_ENTER), -EALREADY);
	fake_run_ms(1000);
	first = shown(station, A);
	for (int i = 0; i < 10; i++)
		press(station, COMMAND_STEPPER_NEXT);
	fake_run_ms(1000);
	tenth = shown(station, A);
	assert_memory_not_equal(&first, &tenth, sizeof(first));
	assert_int_equal(panel_state(station)->frame, 10);
	/* it stands still although the zone's animation goes on */
	fake_run_ms(777);
	assert_color(station, A, tenth.r, tenth.g, tenth.b);
	for (int i = 0; i < 20; i++)
		press(station, COMMAND_STEPPER_PREVIOUS);
	fake_run_ms(100);
	assert_color(station, A, first.r, first.g, first.b);
	assert_int_equal(panel_state(station)->frame, 0);
	press(station, COMMAND_STEPPER_PLAY);
	/* 10 of its frames later */
	fake_run_ms(10 * PERIOD_MS);
	assert_color(station, A, tenth.r, tenth.g, tenth.b);
	press(station, COMMAND_STEPPER_PAUSE);
	assert_int_equal(panel_state(station)->frame, 10);
	assert_int_equal(panel_state(station)->frame_count, 120);
	assert_int_equal(press(station, COMMAND_STEPPER_LEAVE), 0);
	assert_false(panel_state(station)->stepping);
	press(station, COMMAND_PANEL_ANIMATION);
	fake_run_ms(1000);
	assert_color(station, A, 255, 0, 0);
	assert_int_equal(fake_run_ms(10000), 0);
}

static void at_the_end_nothing_covers_the_fade(void **state)
{
	struct station *station = *state;

	press(station, COMMAND_PANEL_EDIT_MODE);
	press(station, COMMAND_STEPPER_ENTER);
	fake_run_ms(100);
	panel_end(station->panel);
	assert_int_equal(engine_fade_out(station->engine,
					 &(struct engine_transition){ .duration_ms = 200 }, NULL,
					 NULL),
			 0);
	/* 200 ms are 8 frames; the one of black, and one that sees that it was taken */
	assert_in_range(fake_run_ms(5000), 8, 11);
	assert_color(station, A, 0, 0, 0);
}

static void the_flow_of_frames_can_be_stopped_stepped_and_paced(void **state)
{
	struct station *station = *state;
	struct command fps = { .type = COMMAND_FRAMES_FPS, .fps = 10 };

	assert_int_equal(press(station, COMMAND_FRAMES_STEP), -EINVAL);
	assert_int_equal(press(station, COMMAND_FRAMES_PAUSE), 0);
	assert_true(panel_state(station)->paused);
	assert_int_equal(press(station, COMMAND_FRAMES_STEP), 0);
	assert_int_equal(press(station, COMMAND_FRAMES_RESUME), 0);
	assert_int_equal(panel_apply(station->panel, &fps), 0);
	assert_int_equal(panel_state(station)->fps, 10);
	press(station, COMMAND_PANEL_EDIT_MODE);
	fake_run_ms(200);
	assert_in_range(fake_run_ms(1000), 10, 11);
	fps.fps = FRAMES_FPS_MAX + 1;
	assert_int_equal(panel_apply(station->panel, &fps), -EINVAL);
	fps.fps = 0;
	assert_int_equal(panel_apply(station->panel, &fps), -EINVAL);
	assert_int_equal(press(station, COMMAND_ZONE_SET_ON), -EINVAL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(in_edit_mode_a_static_zone_pulses_twice_a_second),
		TEST(a_zone_that_is_off_blinks_blue_and_one_that_moves_white),
		TEST(a_zone_that_is_on_but_black_blinks_blue_so_that_it_can_be_found),
		TEST(the_selection_goes_round_all_zones_but_groups),
		TEST(a_selection_that_moves_takes_the_indicator_along),
		TEST(turning_changes_brightness_then_hue_then_preset),
		TEST(turning_changes_the_parameters_of_an_animation),
		TEST(lamp_white_lights_the_lamp_and_gives_back_exactly_what_was),
		TEST(power_gives_back_what_was_on),
		TEST(a_command_for_a_group_is_for_the_canvas_or_for_each_member),
		TEST(frame_by_frame_goes_on_and_back_plays_and_leaves),
		TEST(at_the_end_nothing_covers_the_fade),
		TEST(the_flow_of_frames_can_be_stopped_stepped_and_paced),
	};

	return cmocka_run_group_tests_name("modes", tests, NULL, NULL);
}
