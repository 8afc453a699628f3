// SPDX-License-Identifier: GPL-2.0-or-later
/* core/tasks.h */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/tasks.h"

#define FINISHED 3

static struct tasks *tasks;
static struct task_info changes[16], criticals[16];
static int change_count, critical_count;

static void on_change(const struct task_info *task, void *data)
{
	assert_ptr_equal(data, &changes);
	if (change_count < 16)
		changes[change_count] = *task;
	change_count++;
}

static void on_critical(const struct task_info *task, void *data)
{
	assert_ptr_equal(data, &changes);
	/* on_change came first */
	assert_int_equal(changes[change_count - 1].id, task->id);
	criticals[critical_count++] = *task;
}

static int setup(void **state)
{
	const struct tasks_config config = {
		.finished = FINISHED,
		.on_change = on_change,
		.on_critical = on_critical,
		.data = &changes,
	};

	(void)state;
	change_count = critical_count = 0;
	return tasks_create(&tasks, &config);
}

static int teardown(void **state)
{
	(void)state;
	tasks = tasks_destroy(tasks);
	return 0;
}

static uint32_t add(void)
{
	return tasks_add(tasks, TASK_GENERAL, 0, TASK_FAIL_RECORD, "task");
}

static struct tasks_summary summary(void)
{
	struct tasks_summary now;

	tasks_get_summary(tasks, &now);
	return now;
}

static struct task_info get(uint32_t id)
{
	struct task_info info;

	assert_true(tasks_get(tasks, id, &info));
	return info;
}

static void sizes_out_of_range_are_refused(void **state)
{
	struct tasks *none = NULL;

	(void)state;
	assert_int_equal(tasks_create(&none, &(struct tasks_config){ .finished = 0 }), -EINVAL);
	assert_int_equal(tasks_create(&none, &(struct tasks_config){ .finished = 4097 }), -EINVAL);
	assert_null(none);
	assert_int_equal(tasks_create(&none, &(struct tasks_config){ .finished = 4096 }), 0);
	assert_null(tasks_destroy(none));
	assert_null(tasks_destroy(NULL));
}

static void a_new_task_runs_and_has_all_that_was_said_of_it(void **state)
{
	uint64_t before_ns = clock_now_ns(), before_ms = clock_wall_ms();
	uint32_t parent, id;
	struct task_info info;

	(void)state;
	parent = tasks_add(tasks, TASK_SYSTEM, 0, TASK_FAIL_RECORD, "parent");
	id = tasks_add(tasks, TASK_ANIMATION, parent, TASK_FAIL_RESTART, "%s on %d", "snake", 2);
	assert_int_equal(parent, 1);
	assert_int_equal(id, 2);
	info = get(id);
	assert_int_equal(info.id, id);
	assert_int_equal(info.parent, parent);
	assert_int_equal(info.category, TASK_ANIMATION);
	assert_int_equal(info.status, TASK_RUNNING);
	assert_int_equal(info.on_failure, TASK_FAIL_RESTART);
	assert_int_equal(info.restarts, 0);
	assert_int_equal(info.error, 0);
	assert_int_equal(info.ended_ns, 0);
	assert_in_range(info.created_ns, before_ns, clock_now_ns());
	assert_in_range(info.created_wall_ms, before_ms, clock_wall_ms());
	assert_string_equal(info.description, "snake on 2");
	assert_string_equal(info.error_text, "");
}

static void a_parent_that_does_not_run_counts_as_none(void **state)
{
	uint32_t ended;

	(void)state;
	ended = add();
	tasks_complete(tasks, ended);
	assert_int_equal(get(tasks_add(tasks, TASK_API, ended, TASK_FAIL_RECORD, "x")).parent, 0);
	assert_int_equal(get(tasks_add(tasks, TASK_API, 77, TASK_FAIL_RECORD, "x")).parent, 0);
}

static void a_task_ends_in_one_of_three_ways_and_every_change_is_told(void **state)
{
	uint64_t before_ns = clock_now_ns();
	uint32_t a, b, c;

	(void)state;
	log_set_level(LOG_TASK, LOG_LEVEL_ERROR);
	a = add();
	b = add();
	c = add();
	tasks_complete(tasks, a);
	tasks_fail(tasks, b, -EIO, "reading %s", "/dev/x");
	tasks_cancel(tasks, c);

	assert_int_equal(get(a).status, TASK_COMPLETED);
	assert_int_equal(get(a).error, 0);
	assert_int_equal(get(b).status, TASK_FAILED);
	assert_int_equal(get(b).error, -EIO);
	assert_string_equal(get(b).error_text, "reading /dev/x");
	assert_int_equal(get(c).status, TASK_CANCELLED);
	assert_in_range(get(c).ended_ns, before_ns, clock_now_ns());

	assert_int_equal(change_count, 6);
	assert_int_equal(changes[0].id, a);
	assert_int_equal(changes[0].status, TASK_RUNNING);
	assert_int_equal(changes[3].id, a);
	assert_int_equal(changes[3].status, TASK_COMPLETED);
	assert_int_equal(changes[4].id, b);
	assert_string_equal(changes[4].error_text, "reading /dev/x");
	assert_int_equal(changes[5].status, TASK_CANCELLED);
	assert_int_equal(critical_count, 0);
}

static void a_task_ends_once(void **state)
{
	uint32_t id = add();

	(void)state;
	tasks_complete(tasks, id);
	tasks_fail(tasks, id, -EIO, "late");
	tasks_cancel(tasks, id);
	tasks_complete(tasks, id);
	assert_int_equal(get(id).status, TASK_COMPLETED);
	assert_int_equal(change_count, 2);
	assert_int_equal(summary().completed, 1);
	assert_int_equal(summary().failed, 0);
	assert_int_equal(summary().cancelled, 0);
}

static void id_zero_and_unknown_ids_do_nothing(void **state)
{
	struct task_info info;
	uint32_t ids[] = { 0, 12345 };
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		tasks_complete(tasks, ids[i]);
		tasks_fail(tasks, ids[i], -EIO, "x");
		tasks_cancel(tasks, ids[i]);
		assert_int_equal(tasks_restart(tasks, ids[i]), 0);
		assert_false(tasks_get(tasks, ids[i], &info));
	}
	assert_int_equal(change_count, 0);
}

static void a_critical_failure_is_told_after_the_change(void **state)
{
	uint32_t a, b, c;

	(void)state;
	a = tasks_add(tasks, TASK_RENDER, 0, TASK_FAIL_SHUTDOWN, "frames");
	b = tasks_add(tasks, TASK_INPUT, 0, TASK_FAIL_RESTART, "keyboard");
	c = tasks_add(tasks, TASK_RENDER, 0, TASK_FAIL_SHUTDOWN, "other");
	tasks_fail(tasks, a, -EIO, "x");
	tasks_fail(tasks, b, -ENODEV, "y");
	tasks_cancel(tasks, c); /* on purpose: not critical */
	assert_int_equal(critical_count, 2);
	assert_int_equal(criticals[0].id, a);
	assert_int_equal(criticals[0].on_failure, TASK_FAIL_SHUTDOWN);
	assert_int_equal(criticals[1].id, b);
	assert_int_equal(criticals[1].error, -ENODEV);
}

static void a_failed_task_can_be_restarted_and_keeps_count(void **state)
{
	uint32_t parent, id, again;

	(void)state;
	parent = add();
	id = tasks_add(tasks, TASK_INPUT, parent, TASK_FAIL_RESTART, "keyboard");
	assert_int_equal(tasks_restart(tasks, id), 0); /* it runs */
	tasks_fail(tasks, id, -ENODEV, "gone");
	again = tasks_restart(tasks, id);
	assert_int_equal(again, 3);
	assert_int_equal(get(again).status, TASK_RUNNING);
	assert_int_equal(get(again).restarts, 1);
	assert_int_equal(get(again).parent, parent);
	assert_int_equal(get(again).category, TASK_INPUT);
	assert_int_equal(get(again).on_failure, TASK_FAIL_RESTART);
	assert_int_equal(get(again).error, 0);
	assert_int_equal(get(again).ended_ns, 0);
	assert_string_equal(get(again).error_text, "");
	assert_string_equal(get(again).description, "keyboard");
	tasks_complete(tasks, parent);
	tasks_fail(tasks, again, -ENODEV, "gone");
	again = tasks_restart(tasks, again);
	assert_int_equal(get(again).restarts, 2);
	assert_int_equal(get(again).parent, 0);
}

static void the_back_off_doubles_from_a_tenth_of_a_second_to_ten(void **state)
{
	/* 100 ms × 2^n until 10 s */
	static const uint64_t expected_ms[] = { 100,  200,  400,   800,	  1600,
						3200, 6400, 10000, 10000, 10000 };
	struct task_info info = { 0 };
	uint32_t i;

	(void)state;
	for (i = 0; i < 10; i++) {
		info.restarts = i;
		assert_int_equal(tasks_restart_delay_ns(&info), expected_ms[i] * 1000000);
	}
	info.restarts = UINT32_MAX;
	assert_int_equal(tasks_restart_delay_ns(&info), 10000000000);

	/* one that ran for a minute begins anew */
	info.created_ns = 5;
	info.ended_ns = 5 + 60000000000 - 1;
	assert_int_equal(tasks_restart_delay_ns(&info), 10000000000);
	info.ended_ns++;
	assert_int_equal(tasks_restart_delay_ns(&info), 100000000);
}

static void the_list_has_running_ones_by_id_and_then_finished_ones_newest_first(void **state)
{
	static const uint32_t expected[] = { 1, 3, 6, 2, 5, 4 };
	struct task_info infos[8];
	size_t i;

	(void)state;
	for (i = 0; i < 6; i++)
		add();
	tasks_complete(tasks, 4);
	tasks_complete(tasks, 5);
	tasks_complete(tasks, 2);
	assert_int_equal(tasks_list(tasks, infos, 8), 6);
	for (i = 0; i < 6; i++)
		assert_int_equal(infos[i].id, expected[i]);
	assert_int_equal(tasks_list(tasks, infos, 4), 4);
	assert_int_equal(infos[3].id, 2);
	assert_int_equal(tasks_list(tasks, infos, 2), 2);
	assert_int_equal(infos[1].id, 3);
}

static void only_the_newest_finished_ones_are_remembered(void **state)
{
	struct task_info infos[8];
	uint32_t id;

	(void)state;
	for (id = 1; id <= 5; id++)
		tasks_complete(tasks, add());
	assert_false(tasks_get(tasks, 2, infos));
	assert_true(tasks_get(tasks, 3, infos));
	assert_int_equal(tasks_list(tasks, infos, 8), FINISHED);
	assert_int_equal(infos[0].id, 5);
	assert_int_equal(infos[2].id, 3);
	assert_int_equal(summary().completed, 5);
}

static void the_register_is_full_at_its_limit_and_free_again_after_an_end(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 1; i <= TASKS_MAX_RUNNING; i++)
		assert_int_equal(add(), i);
	assert_int_equal(add(), 0);
	assert_int_equal(summary().running, TASKS_MAX_RUNNING);
	tasks_complete(tasks, 100);
	assert_int_equal(add(), TASKS_MAX_RUNNING + 1);
	assert_int_equal(add(), 0);
	/* every one is still found under its id */
	for (i = 1; i <= TASKS_MAX_RUNNING + 1; i++)
		assert_int_equal(get(i).status, i == 100 ? TASK_COMPLETED : TASK_RUNNING);
}

/* How often @text was logged, whether folded or not. */
static unsigned int count_logged(const char *text)
{
	static struct log_line lines[LOG_RECENT];
	size_t i, n = log_recent(lines, LOG_RECENT);
	unsigned int count = 0;

	for (i = 0; i < n; i++)
		if (strstr(lines[i].text, text))
			count += 1 + lines[i].repeated;
	return count;
}

static void a_full_register_is_logged_once_until_there_is_room_again(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < TASKS_MAX_RUNNING; i++)
		add();
	assert_int_equal(log_start(false), 0);
	add();
	add();
	add();
	tasks_complete(tasks, 1);
	add();
	add();
	log_stop();
	assert_int_equal(count_logged("tasks run already"), 2);
}

static void ids_that_share_a_bucket_do_not_mix(void **state)
{
	uint32_t keep, i, id;

	(void)state;
	keep = add();
	/* far beyond any table: every place is used again many times while the first runs on */
	for (i = 0; i < 5000; i++) {
		id = add();
		assert_int_equal(id, keep + 1 + i);
		if (i % 3)
			tasks_cancel(tasks, id);
		else
			tasks_complete(tasks, id);
		assert_int_equal(get(keep).status, TASK_RUNNING);
	}
	tasks_complete(tasks, keep);
	assert_int_equal(get(keep).status, TASK_COMPLETED);
	assert_int_equal(summary().running, 0);
}

static void the_summary_counts_what_there_is_and_was(void **state)
{
	uint32_t a, b;

	(void)state;
	a = tasks_add(tasks, TASK_API, 0, TASK_FAIL_RECORD, "a");
	b = tasks_add(tasks, TASK_API, 0, TASK_FAIL_RECORD, "b");
	tasks_add(tasks, TASK_RENDER, 0, TASK_FAIL_RECORD, "c");
	tasks_complete(tasks, a);
	tasks_fail(tasks, b, -EIO, "x");
	tasks_cancel(tasks, tasks_add(tasks, TASK_INPUT, 0, TASK_FAIL_RECORD, "d"));
	assert_int_equal(summary().created, 4);
	assert_int_equal(summary().running, 1);
	assert_int_equal(summary().completed, 1);
	assert_int_equal(summary().failed, 1);
	assert_int_equal(summary().cancelled, 1);
	assert_int_equal(summary().running_by_category[TASK_RENDER], 1);
	assert_int_equal(summary().running_by_category[TASK_API], 0);
	assert_int_equal(summary().running_by_category[TASK_INPUT], 0);
}

static void texts_are_cut_and_cleaned(void **state)
{
	char text[TASK_TEXT_MAX * 2];
	uint32_t id;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	id = tasks_add(tasks, TASK_API, 0, TASK_FAIL_RECORD, "a\x1b%s", text);
	tasks_fail(tasks, id, -EIO, "b\n%s", text);
	assert_int_equal(strlen(get(id).description), TASK_TEXT_MAX - 1);
	assert_memory_equal(get(id).description, "a?x", 3);
	assert_int_equal(strlen(get(id).error_text), TASK_TEXT_MAX - 1);
	assert_memory_equal(get(id).error_text, "b?x", 3);
}

static void on_change_end_it(const struct task_info *task, void *data)
{
	(void)data;
	if (task->status == TASK_RUNNING)
		tasks_cancel(tasks, task->id);
}

static void the_change_callback_may_end_and_add_tasks_itself(void **state)
{
	const struct tasks_config config = { .finished = 2, .on_change = on_change_end_it };
	struct tasks *own;

	(void)state;
	assert_int_equal(tasks_create(&own, &config), 0);
	teardown(NULL);
	tasks = own;
	assert_int_equal(add(), 1);
	assert_int_equal(get(1).status, TASK_CANCELLED);
	assert_int_equal(summary().running, 0);
}

static void names_are_those_of_the_api(void **state)
{
	/* reference: the task registry's categories */
	static const char *const categories[] = { "API",	"HARDWARE", "RENDER",
						  "ANIMATION",	"INPUT",    "EVENTBUS",
						  "TRANSITION", "SYSTEM",   "BACKGROUND",
						  "GENERAL" };
	static const char *const statuses[] = { "running", "completed", "failed", "cancelled" };
	int i;

	(void)state;
	assert_int_equal(TASK_CATEGORIES, 10);
	for (i = 0; i < 10; i++)
		assert_string_equal(task_category_name((enum task_category)i), categories[i]);
	assert_string_equal(task_category_name(TASK_CATEGORIES), "UNKNOWN");
	for (i = 0; i < 4; i++)
		assert_string_equal(task_status_name((enum task_status)i), statuses[i]);
	assert_string_equal(task_status_name(TASK_STATUSES), "unknown");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sizes_out_of_range_are_refused),
		TEST(a_new_task_runs_and_has_all_that_was_said_of_it),
		TEST(a_parent_that_does_not_run_counts_as_none),
		TEST(a_task_ends_in_one_of_three_ways_and_every_change_is_told),
		TEST(a_task_ends_once),
		TEST(id_zero_and_unknown_ids_do_nothing),
		TEST(a_critical_failure_is_told_after_the_change),
		TEST(a_failed_task_can_be_restarted_and_keeps_count),
		TEST(the_back_off_doubles_from_a_tenth_of_a_second_to_ten),
		TEST(the_list_has_running_ones_by_id_and_then_finished_ones_newest_first),
		TEST(only_the_newest_finished_ones_are_remembered),
		TEST(the_register_is_full_at_its_limit_and_free_again_after_an_end),
		TEST(a_full_register_is_logged_once_until_there_is_room_again),
		TEST(ids_that_share_a_bucket_do_not_mix),
		TEST(the_summary_counts_what_there_is_and_was),
		TEST(texts_are_cut_and_cleaned),
		TEST(the_change_callback_may_end_and_add_tasks_itself),
		TEST(names_are_those_of_the_api),
	};

	return cmocka_run_group_tests_name("tasks", tests, NULL, NULL);
}
