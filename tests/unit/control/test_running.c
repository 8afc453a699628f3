// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Animations and transitions as tasks, and transitions by their cause:
 * control/controller.h on a loop whose time the test moves. At 40 frames a
 * second one is due every 25 ms; a transition of 400 ms is over with the 16th.
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

static int apply(struct station *station, struct command command)
{
	return controller_apply(station->controller, &command);
}

#define APPLY(station, ...) apply(station, (struct command){ __VA_ARGS__ })

static int set_transition(struct station *station, enum transition_cause cause, uint32_t ms,
			  enum engine_kind kind)
{
	return APPLY(station, .type = COMMAND_TRANSITION_SET, .transition.cause = cause,
		     .transition.mask = COMMAND_TRANSITION_MS | COMMAND_TRANSITION_KIND |
					COMMAND_TRANSITION_EASING,
		     .transition.transition = { ms, EASE_LINEAR, kind });
}

/* The newest task of a category, running or not; its id is 0 if there is none. */
static struct task_info newest(struct station *station, enum task_category category)
{
	struct task_info all[64], found = { 0 };
	size_t n = tasks_list(station->tasks, all, 64);

	for (size_t i = 0; i < n; i++)
		if (all[i].category == category && all[i].id > found.id)
			found = all[i];
	return found;
}

static uint32_t running(struct station *station, enum task_category category)
{
	struct tasks_summary summary;

	tasks_get_summary(station->tasks, &summary);
	return summary.running_by_category[category];
}

static int cancel(struct station *station, uint32_t task)
{
	return APPLY(station, .type = COMMAND_TASK_CANCEL, .task.id = task);
}

static void a_cut_is_no_task(void **state)
{
	struct station *station = *state;

	/* all of this station's transitions take no time */
	APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = A, .is_on = false);
	fake_run_ms(100);
	assert_int_equal(newest(station, TASK_TRANSITION).id, 0);
}

static void a_transition_is_a_task_until_it_has_run_to_its_end(void **state)
{
	struct station *station = *state;
	struct task_info task;

	set_transition(station, TRANSITION_POWER, 400, ENGINE_CROSSFADE);
	APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = A, .is_on = false);
	task = newest(station, TASK_TRANSITION);
	assert_string_equal(task.description, "power transition of A");
	assert_int_equal(task.status, TASK_RUNNING);
	fake_run_ms(350);
	assert_int_equal(newest(station, TASK_TRANSITION).status, TASK_RUNNING);
	fake_run_ms(100);
	assert_int_equal(newest(station, TASK_TRANSITION).status, TASK_COMPLETED);
	assert_int_equal(newest(station, TASK_TRANSITION).id, task.id);
	assert_int_equal(shown(station, A).r, 0);
}

static void one_that_is_interrupted_is_cancelled_and_the_next_one_runs(void **state)
{
	struct station *station = *state;
	struct task_info first, info;

	set_transition(station, TRANSITION_POWER, 400, ENGINE_CROSSFADE);
	APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = A, .is_on = false);
	first = newest(station, TASK_TRANSITION);
	fake_run_ms(200);
	APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = A, .is_on = true);
	assert_true(tasks_get(station->tasks, first.id, &info));
	assert_int_equal(info.status, TASK_CANCELLED);
	assert_int_equal(running(station, TASK_TRANSITION), 1);
	fake_run_ms(1000);
	assert_int_equal(running(station, TASK_TRANSITION), 0);
	assert_int_equal(newest(station, TASK_TRANSITION).status, TASK_COMPLETED);
}

static void every_cause_takes_its_own_time(void **state)
{
	struct station *station = *state;

	set_transition(station, TRANSITION_MODE, 1000, ENGINE_CROSSFADE);
	set_transition(station, TRANSITION_ANIMATION, 2000, ENGINE_CROSSFADE);
	APPLY(station, .type = COMMAND_ZONE_SET_MODE, .zone = A, .mode = ZONE_ANIMATION);
	assert_string_equal(newest(station, TASK_TRANSITION).description, "mode transition of A");
	fake_run_ms(900);
	assert_int_equal(running(station, TASK_TRANSITION), 1);
	fake_run_ms(200);
	assert_int_equal(running(station, TASK_TRANSITION), 0);
	APPLY(station, .type = COMMAND_ZONE_SET_ANIMATION, .zone = A,
	      .animation = (uint16_t)effect_index(effect_find("RAINBOW")));
	assert_string_equal(newest(station, TASK_TRANSITION).description,
			    "animation transition of A");
	fake_run_ms(1900);
	assert_int_equal(running(station, TASK_TRANSITION), 1);
	fake_run_ms(200);
	assert_int_equal(running(station, TASK_TRANSITION), 0);
}

static void a_whole_state_is_one_transition_not_two(void **state)
{
	struct station *station = *state;
	struct zone_state zone = red();
	struct tasks_summary summary;

	zone.is_on = false;
	zone.color = (struct zone_color){ .mode = ZONE_COLOR_HUE, .hue = 120 };
	controller_set_state(station->controller, A, &zone, TRANSITION_SCENE, 400);
	assert_string_equal(newest(station, TASK_TRANSITION).description, "scene transition of A");
	tasks_get_summary(station->tasks, &summary);
	assert_int_equal(summary.cancelled, 0);
	assert_int_equal(running(station, TASK_TRANSITION), 1);
	fake_run_ms(500);
	assert_int_equal(running(station, TASK_TRANSITION), 0);
	assert_int_equal(newest(station, TASK_TRANSITION).status, TASK_COMPLETED);
}

static void what_comes_at_once_leaves_a_fade_of_the_level_on_its_way(void **state)
{
	struct station *station = *state;
	struct task_info task;

	set_transition(station, TRANSITION_POWER, 400, ENGINE_CROSSFADE);
	APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = A, .is_on = false);
	task = newest(station, TASK_TRANSITION);
	fake_run_ms(100);
	APPLY(station, .type = COMMAND_ZONE_SET_COLOR, .zone = A,
	      .color = { .mode = ZONE_COLOR_HUE, .hue = 120 });
	assert_int_equal(newest(station, TASK_TRANSITION).id, task.id);
	assert_int_equal(newest(station, TASK_TRANSITION).status, TASK_RUNNING);
	fake_run_ms(400);
	assert_int_equal(newest(station, TASK_TRANSITION).status, TASK_COMPLETED);
}

static void a_cancelled_transition_shows_its_end_at_once(void **state)
{
	struct station *station = *state;
	struct task_info task;

	set_transition(station, TRANSITION_POWER, 10000, ENGINE_CROSSFADE);
	APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = A, .is_on = false);
	fake_run_ms(100);
	assert_true(shown(station, A).r > 0);
	task = newest(station, TASK_TRANSITION);
	assert_int_equal(cancel(station, task.id), 0);
	assert_int_equal(newest(station, TASK_TRANSITION).status, TASK_CANCELLED);
	fake_run_ms(PERIOD_MS);
	assert_int_equal(shown(station, A).r, 0);
	/* and nothing moves any more */
	assert_int_equal(fake_run_ms(20000), 0);
}

static void a_cancelled_crossfade_leaves_nothing_of_the_old_picture(void **state)
{
	struct station *station = *state;
	struct zone_state green = red();

	green.color = (struct zone_color){ .mode = ZONE_COLOR_HUE, .hue = 120 };
	controller_set_state(station->controller, A, &green, TRANSITION_SCENE, 10000);
	fake_run_ms(5000);
	assert_true(shown(station, A).r > 0 && shown(station, A).g > 0);
	assert_int_equal(cancel(station, newest(station, TASK_TRANSITION).id), 0);
	fake_run_ms(PERIOD_MS);
	assert_int_equal(shown(station, A).r, 0);
	assert_int_equal(shown(station, A).g, 255);
}

static void a_cancelled_animation_leaves_its_zone_static(void **state)
{
	struct station *station = *state;
	struct task_info task;

	APPLY(station, .type = COMMAND_ZONE_SET_MODE, .zone = B, .mode = ZONE_ANIMATION);
	task = newest(station, TASK_ANIMATION);
	assert_int_equal(task.status, TASK_RUNNING);
	assert_int_equal(cancel(station, task.id), 0);
	assert_int_equal(newest(station, TASK_ANIMATION).status, TASK_CANCELLED);
	assert_int_equal(controller_get(station->controller, B)->mode, ZONE_STATIC);
	fake_run_ms(100);
	assert_int_equal(shown(station, B).r, 255);
}

static void what_cannot_be_cancelled_is_refused_with_the_reason(void **state)
{
	struct station *station = *state;
	uint32_t api = tasks_add(station->tasks, TASK_API, 0, TASK_FAIL_RECORD, "HTTP API");
	uint32_t ended = tasks_add(station->tasks, TASK_GENERAL, 0, TASK_FAIL_RECORD, "ended");
	struct task_info info;

	tasks_complete(station->tasks, ended);
	assert_int_equal(cancel(station, api), -EPERM);
	assert_true(tasks_get(station->tasks, api, &info));
	assert_int_equal(info.status, TASK_RUNNING);
	assert_int_equal(cancel(station, ended), -EALREADY);
	assert_int_equal(cancel(station, 4000000000U), -ENOENT);
	/* no task has this id, though zones without one have it noted */
	assert_int_equal(cancel(station, 0), -ENOENT);
}

static void a_transition_that_nobody_sees_any_more_has_ended(void **state)
{
	struct station *station = *state;
	struct task_info task;

	set_transition(station, TRANSITION_POWER, 400, ENGINE_CROSSFADE);
	APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = A, .is_on = false);
	task = newest(station, TASK_TRANSITION);
	assert_int_equal(task.status, TASK_RUNNING);
	station->out.vanish = true;
	fake_run_ms(100);
	assert_false(station->out.output.present);
	assert_int_equal(newest(station, TASK_TRANSITION).status, TASK_COMPLETED);
	assert_int_equal(running(station, TASK_TRANSITION), 0);
	/* and while it is gone there is none */
	APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = B, .is_on = false);
	assert_int_equal(newest(station, TASK_TRANSITION).id, task.id);
	fake_run_ms(100);
	assert_int_equal(fake_run_ms(10000), 0);
	/* when it is back the end of both shows at once */
	output_came(&station->out.output);
	fake_run_ms(PERIOD_MS);
	assert_int_equal(shown(station, A).r, 0);
	assert_int_equal(shown(station, B).r, 0);
	assert_int_equal(shown(station, LAMP).r, 255);
	/* and it fades again */
	APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = B, .is_on = true);
	assert_int_equal(newest(station, TASK_TRANSITION).status, TASK_RUNNING);
}

static void a_cut_of_the_level_stays_until_the_middle(void **state)
{
	struct station *station = *state;

	set_transition(station, TRANSITION_POWER, 400, ENGINE_CUT);
	APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = A, .is_on = false);
	fake_run_ms(175);
	assert_int_equal(shown(station, A).r, 255);
	fake_run_ms(50);
	assert_int_equal(shown(station, A).r, 0);
	assert_int_equal(running(station, TASK_TRANSITION), 1);
	fake_run_ms(200);
	assert_int_equal(running(station, TASK_TRANSITION), 0);
}

static void a_transition_may_be_set_in_part_and_only_within_its_limits(void **state)
{
	struct station *station = *state;
	const struct transitions *transitions = controller_transitions(station->controller);

	set_transition(station, TRANSITION_SCENE, 60000, ENGINE_FADE);
	assert_int_equal(APPLY(station, .type = COMMAND_TRANSITION_SET,
			       .transition.cause = TRANSITION_SCENE,
			       .transition.mask = COMMAND_TRANSITION_MS,
			       .transition.transition = { 7, EASE_BOUNCE_OUT, ENGINE_NONE }),
			 0);
	assert_int_equal(transitions->of[TRANSITION_SCENE].duration_ms, 7);
	assert_int_equal(transitions->of[TRANSITION_SCENE].curve, EASE_LINEAR);
	assert_int_equal(transitions->of[TRANSITION_SCENE].kind, ENGINE_FADE);
	assert_int_equal(set_transition(station, TRANSITION_SCENE, 60001, ENGINE_FADE), -EINVAL);
	assert_int_equal(set_transition(station, TRANSITION_SHUTDOWN, 4001, ENGINE_FADE), -EINVAL);
	assert_int_equal(set_transition(station, TRANSITION_SHUTDOWN, 4000, ENGINE_FADE), 0);
	assert_int_equal(set_transition(station, TRANSITION_SCENE, 1, ENGINE_KINDS), -EINVAL);
	assert_int_equal(set_transition(station, TRANSITION_CAUSES, 1, ENGINE_FADE), -EINVAL);
	assert_int_equal(transitions->of[TRANSITION_SCENE].duration_ms, 7);
}

static void move(struct station *station, unsigned int zone, uint32_t first)
{
	struct zone_config config = *controller_get_config(station->controller, zone);

	config.first = first;
	assert_int_equal(controller_place_zone(station->controller, zone, 0, &config), 0);
}

static void a_zone_that_is_moved_takes_its_picture_and_its_groups_along(void **state)
{
	struct station *station = *state;
	struct zone_config config;

	APPLY(station, .type = COMMAND_ZONE_SET_COLOR, .zone = B,
	      .color = { .mode = ZONE_COLOR_HUE, .hue = 120 });
	fake_run_ms(100);
	/* A and B change places */
	move(station, A, 2);
	move(station, B, 0);
	fake_run_ms(100);
	assert_int_equal(shown(station, 0).g, 255);
	assert_int_equal(shown(station, 1).r, 255);
	/* the group of LAMP and A lies where A is now, and not where it was */
	APPLY(station, .type = COMMAND_ZONE_SET_COLOR, .zone = GROUP,
	      .color = { .mode = ZONE_COLOR_HUE, .hue = 240 });
	APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = GROUP, .is_on = true);
	fake_run_ms(100);
	assert_int_equal(shown(station, 0).g, 255);
	assert_int_equal(shown(station, 1).b, 255);
	assert_int_equal(shown(station, 2).b, 255);

	config = *controller_get_config(station->controller, A);
	config.count = 1;
	assert_int_equal(controller_place_zone(station->controller, A, 0, &config), -EINVAL);
	assert_int_equal(controller_place_zone(station->controller, 4, 0, &config), -ENOENT);
}

static void the_defaults_are_the_originals_times(void **state)
{
	/* original-system.md: startup 2000, shutdown 600, the others 400 */
	static const uint32_t ms[TRANSITION_CAUSES] = { 2000, 400, 400, 400, 400, 600 };
	struct transitions transitions;

	(void)state;
	transitions_defaults(&transitions);
	for (int i = 0; i < TRANSITION_CAUSES; i++) {
		assert_int_equal(transitions.of[i].duration_ms, ms[i]);
		assert_true(transitions_valid((enum transition_cause)i, &transitions.of[i]));
		assert_non_null(transitions_names[i]);
	}
	assert_null(transitions_names[TRANSITION_CAUSES]);
}

#define STATION(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATION(a_cut_is_no_task),
		STATION(a_transition_is_a_task_until_it_has_run_to_its_end),
		STATION(one_that_is_interrupted_is_cancelled_and_the_next_one_runs),
		STATION(every_cause_takes_its_own_time),
		STATION(a_whole_state_is_one_transition_not_two),
		STATION(what_comes_at_once_leaves_a_fade_of_the_level_on_its_way),
		STATION(a_cancelled_transition_shows_its_end_at_once),
		STATION(a_cancelled_crossfade_leaves_nothing_of_the_old_picture),
		STATION(a_cancelled_animation_leaves_its_zone_static),
		STATION(what_cannot_be_cancelled_is_refused_with_the_reason),
		STATION(a_transition_that_nobody_sees_any_more_has_ended),
		STATION(a_cut_of_the_level_stays_until_the_middle),
		STATION(a_transition_may_be_set_in_part_and_only_within_its_limits),
		STATION(a_zone_that_is_moved_takes_its_picture_and_its_groups_along),
		cmocka_unit_test(the_defaults_are_the_originals_times),
	};

	return cmocka_run_group_tests_name("running", tests, NULL, NULL);
}
