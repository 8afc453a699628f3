// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes of many zones, some at a time: control/later.c on a loop on which
 * each look at the clock takes as long as a slice may, so that each zone is a
 * slice of its own.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "control/keeper.h"
#include "station.h"

static bool is_on(const struct station *station, unsigned int zone)
{
	return controller_get(station->controller, zone)->is_on;
}

/* A, B and LAMP are to be off; one of them is. */
static struct station *begin(void **state)
{
	struct station *station = *state;

	fake.tick_ns = CONTROLLER_SLICE_NS;
	assert_int_equal(
		panel_apply(station->panel, &(struct command){ .type = COMMAND_PANEL_POWER }), 0);
	assert_false(is_on(station, A));
	assert_true(is_on(station, B));
	assert_true(is_on(station, LAMP));
	assert_true(controller_busy(station->controller));
	return station;
}

static void all_zones_at_once_are_slices_of_some_zones(void **state)
{
	struct station *station = begin(state);

	fake_run_deferred();
	assert_false(is_on(station, B));
	assert_false(is_on(station, LAMP));
	assert_false(controller_busy(station->controller));
	assert_int_equal(station->idle, 1);
}

static const struct state_snapshot *taken;
static struct mailbox *mailbox;

static void take(void)
{
	const struct state_snapshot *newest = mailbox_take(mailbox);

	if (!newest)
		return;
	if (taken)
		mailbox_unref(mailbox, taken);
	taken = newest;
	/* none or all */
	assert_int_equal(taken->zone[A].state.is_on, taken->zone[LAMP].state.is_on);
}

static void half_of_a_change_is_told_to_nobody(void **state)
{
	struct station *station = *state;

	mailbox = station->state_mailbox;
	taken = NULL;
	take();
	begin(state);
	controller_sync(station->controller);
	fake.between = take;
	fake_run_deferred();
	take();
	assert_false(taken->zone[A].state.is_on);
	mailbox_unref(mailbox, taken);
}

static void what_is_asked_meanwhile_comes_after_it(void **state)
{
	struct station *station = begin(state);
	struct command on = { .type = COMMAND_ZONE_SET_ON, .zone = LAMP, .is_on = true };

	assert_int_equal(controller_apply(station->controller, &on), 0);
	assert_false(is_on(station, B));
	assert_true(is_on(station, LAMP));
	fake_run_deferred();
	assert_true(is_on(station, LAMP));
	assert_int_equal(station->idle, 1);
}

static void the_same_button_again_undoes_all_of_it(void **state)
{
	struct station *station = begin(state);

	panel_apply(station->panel, &(struct command){ .type = COMMAND_PANEL_POWER });
	fake_run_deferred();
	assert_true(is_on(station, A));
	assert_true(is_on(station, B));
	assert_true(is_on(station, LAMP));
}

static void a_state_that_is_not_allowed_is_refused_before_anything_changes(void **state)
{
	struct station *station = *state;
	struct zone_state zone = red();

	zone.brightness = 101;
	assert_int_equal(controller_set_state_later(station->controller, A, &zone, TRANSITION_SCENE,
						    0),
			 -EINVAL);
	zone.brightness = 1;
	assert_int_equal(controller_set_state_later(station->controller, GROUP + 1, &zone,
						    TRANSITION_SCENE, 0),
			 -ENOENT);
	assert_int_equal(controller_switch_later(station->controller, GROUP + 1, true), -ENOENT);
	assert_false(controller_busy(station->controller));
}

static void recall_blue(struct station *station, struct command command)
{
	struct keeper *keeper = NULL;

	command.type = COMMAND_PRESET_RECALL;
	strcpy(command.library.name, "blue");
	assert_int_equal(keeper_create(&keeper, &(struct keeper_config){ 0 }), 0);
	keeper_set_controller(keeper, station->controller);
	assert_int_equal(keeper_apply(keeper, &command), 0);
	fake_run_deferred();
	keeper_destroy(keeper);
}

static uint8_t blue_of(const struct station *station, unsigned int zone)
{
	return controller_get(station->controller, zone)->color.rgb.b;
}

/* README.md: a group covers its members when it is on, so that a preset for all may not begin that. */
static void a_preset_for_all_zones_leaves_a_group_off(void **state)
{
	const struct command all = { .library.all_zones = true };
	struct station *station = *state;
	unsigned int i;

	controller_apply(station->controller,
			 &(struct command){ .type = COMMAND_ZONE_SET_ON, .zone = B });
	recall_blue(station, all);
	for (i = A; i <= LAMP; i++) {
		assert_true(is_on(station, i));
		assert_int_equal(blue_of(station, i), 255);
	}
	assert_false(is_on(station, GROUP));
	assert_int_equal(blue_of(station, GROUP), 0);

	/* asked for by name it is as any zone, and one that is on is seen, so it shows it, too */
	controller_apply(station->controller, &(struct command){ .type = COMMAND_ZONE_SET_ON,
								 .zone = GROUP,
								 .is_on = true });
	recall_blue(station, all);
	assert_int_equal(blue_of(station, GROUP), 255);
	controller_apply(station->controller,
			 &(struct command){ .type = COMMAND_ZONE_SET_ON, .zone = GROUP });
	recall_blue(station, (struct command){ .zone = GROUP });
	assert_true(is_on(station, GROUP));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(all_zones_at_once_are_slices_of_some_zones),
		TEST(half_of_a_change_is_told_to_nobody),
		TEST(what_is_asked_meanwhile_comes_after_it),
		TEST(the_same_button_again_undoes_all_of_it),
		TEST(a_state_that_is_not_allowed_is_refused_before_anything_changes),
		TEST(a_preset_for_all_zones_leaves_a_group_off),
	};

	return cmocka_run_group_tests_name("later", tests, NULL, NULL);
}
