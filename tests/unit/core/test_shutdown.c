// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * core/shutdown.h. Time limits are given as 1 ns where they are to be over, or
 * as an hour where they are not, so that no test depends on the machine's pace.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/shutdown.h"

#define HOUR_NS (3600 * NSEC_PER_SEC)

static struct loop *loop;
static struct shutdown *coordinator;
static char trace[32];
static int ends;
static unsigned int failures;
static struct shutdown_handler *kept;

static void note(char letter)
{
	size_t length = strlen(trace);

	assert_true(length + 1 < sizeof(trace));
	trace[length] = letter;
	trace[length + 1] = '\0';
}

static void on_end(unsigned int count, void *data)
{
	assert_ptr_equal(data, &ends);
	ends++;
	failures = count;
	loop_exit(loop, 0);
}

static void create(uint64_t handler_ns, uint64_t total_ns)
{
	assert_int_equal(shutdown_create(&coordinator, loop, handler_ns, total_ns, on_end, &ends),
			 0);
}

static int setup(void **state)
{
	(void)state;
	log_set_level(LOG_SYSTEM, LOG_LEVEL_ERROR);
	trace[0] = '\0';
	ends = 0;
	failures = 99;
	kept = NULL;
	coordinator = NULL;
	return loop_create(&loop, "test");
}

static int teardown(void **state)
{
	(void)state;
	coordinator = shutdown_destroy(coordinator);
	loop = loop_destroy(loop);
	return 0;
}

/* Handlers: each notes the letter that is its data. */
static int at_once(struct shutdown_handler *handler, void *data)
{
	note(*(const char *)data);
	shutdown_done(handler, 0);
	return 0;
}

static int fails(struct shutdown_handler *handler, void *data)
{
	(void)handler;
	note(*(const char *)data);
	return -EIO;
}

static int fails_late(struct shutdown_handler *handler, void *data)
{
	note(*(const char *)data);
	shutdown_done(handler, -EIO);
	return 0;
}

static int hangs(struct shutdown_handler *handler, void *data)
{
	note(*(const char *)data);
	kept = handler;
	return 0;
}

static int done_and_error(struct shutdown_handler *handler, void *data)
{
	note(*(const char *)data);
	shutdown_done(handler, 0);
	return -EIO;
}

static void add(int priority, shutdown_fn fn, const char *letter)
{
	assert_int_equal(shutdown_add(coordinator, letter, priority, fn, (void *)letter), 0);
}

static void run(void)
{
	assert_int_equal(shutdown_start(coordinator, "test"), 0);
	/* nothing happens inside the call */
	assert_int_equal(ends, 0);
	loop_run(loop);
	assert_int_equal(ends, 1);
}

static void handlers_run_by_priority_and_equal_ones_in_order_of_addition(void **state)
{
	(void)state;
	create(HOUR_NS, HOUR_NS);
	add(0, at_once, "d");
	add(10, at_once, "a");
	add(-5, at_once, "f");
	add(5, at_once, "b");
	add(5, at_once, "c");
	add(0, at_once, "e");
	run();
	assert_string_equal(trace, "abcdef");
	assert_int_equal(failures, 0);
}

static void without_handlers_it_ends_too(void **state)
{
	(void)state;
	create(0, 0);
	run();
	assert_int_equal(failures, 0);
}

static void handlers_that_fail_are_counted_and_stop_nobody(void **state)
{
	(void)state;
	create(HOUR_NS, HOUR_NS);
	add(3, fails, "a");
	add(2, fails_late, "b");
	add(1, done_and_error, "c"); /* what it said first counts */
	add(0, at_once, "d");
	run();
	assert_string_equal(trace, "abcd");
	assert_int_equal(failures, 2);
}

static int finish_kept(struct loop_source *source, void *data)
{
	(void)source;
	note(*(const char *)data);
	shutdown_done(kept, 0);
	return 0;
}

static struct loop_source *later;

static int asynchronous(struct shutdown_handler *handler, void *data)
{
	hangs(handler, data);
	return loop_defer(later);
}

static void a_handler_may_say_later_that_it_is_done(void **state)
{
	(void)state;
	create(HOUR_NS, HOUR_NS);
	loop_add_defer(loop, &later, "later", LOOP_HOUSEKEEPING, finish_kept, (char[]){ 'L' });
	add(1, asynchronous, "a");
	add(0, at_once, "b");
	run();
	/* b does not start before a is done */
	assert_string_equal(trace, "aLb");
	assert_int_equal(failures, 0);
}

static void one_that_hangs_is_left_behind_after_its_time(void **state)
{
	(void)state;
	create(1, HOUR_NS);
	add(2, hangs, "a");
	add(1, at_once, "b");
	add(0, hangs, "c");
	run();
	assert_string_equal(trace, "abc");
	assert_int_equal(failures, 2);
}

static int at_once_and_kept(struct shutdown_handler *handler, void *data)
{
	kept = handler;
	return at_once(handler, data);
}

static struct shutdown_handler *slow;

static int finish_slow(struct loop_source *source, void *data)
{
	(void)source;
	note(*(const char *)data);
	shutdown_done(slow, 0);
	return 0;
}

static int slow_while_another_speaks(struct shutdown_handler *handler, void *data)
{
	note(*(const char *)data);
	slow = handler;
	/* too late, and it must not end this one */
	shutdown_done(kept, -EIO);
	return loop_defer(later);
}

static void one_that_is_done_too_late_is_ignored(void **state)
{
	(void)state;
	create(HOUR_NS, HOUR_NS);
	loop_add_defer(loop, &later, "later", LOOP_HOUSEKEEPING, finish_slow, (char[]){ 'L' });
	add(2, at_once_and_kept, "a");
	add(1, slow_while_another_speaks, "b");
	add(0, at_once, "c");
	run();
	assert_string_equal(trace, "abLc");
	assert_int_equal(failures, 0);
	shutdown_done(kept, 0);
	assert_int_equal(ends, 1);
}

static void one_that_hung_may_say_so_later_without_harm(void **state)
{
	(void)state;
	create(1, HOUR_NS);
	add(0, hangs, "a");
	run();
	assert_int_equal(failures, 1);
	shutdown_done(kept, 0);
	assert_int_equal(failures, 1);
	assert_int_equal(ends, 1);
}

static void the_total_limit_ends_it_whatever_is_left(void **state)
{
	(void)state;
	create(HOUR_NS, NSEC_PER_MSEC);
	add(2, hangs, "a");
	add(1, at_once, "b");
	add(0, at_once, "c");
	run();
	assert_string_equal(trace, "a");
	/* one hung, two found no time */
	assert_int_equal(failures, 3);
}

static void starting_twice_is_refused(void **state)
{
	(void)state;
	create(HOUR_NS, HOUR_NS);
	add(0, at_once, "a");
	assert_int_equal(shutdown_start(coordinator, "one"), 0);
	assert_int_equal(shutdown_start(coordinator, "two"), -EALREADY);
	assert_int_equal(shutdown_add(coordinator, "late", 0, at_once, NULL), -EBUSY);
	loop_run(loop);
	assert_int_equal(shutdown_start(coordinator, "three"), -EALREADY);
	assert_string_equal(trace, "a");
	assert_int_equal(ends, 1);
}

static void there_is_a_limit_to_handlers(void **state)
{
	int i;

	(void)state;
	create(0, 0);
	for (i = 0; i < SHUTDOWN_MAX_HANDLERS; i++)
		assert_int_equal(shutdown_add(coordinator, "x", 0, at_once, NULL), 0);
	assert_int_equal(shutdown_add(coordinator, "x", 0, at_once, NULL), -ENOSPC);
}

static void on_end_destroy(unsigned int count, void *data)
{
	on_end(count, data);
	coordinator = shutdown_destroy(coordinator);
}

static void the_end_may_destroy_it(void **state)
{
	(void)state;
	assert_int_equal(
		shutdown_create(&coordinator, loop, 1, NSEC_PER_MSEC, on_end_destroy, &ends), 0);
	add(0, at_once, "a");
	run();
	assert_int_equal(shutdown_create(&coordinator, loop, HOUR_NS, 1, on_end_destroy, &ends), 0);
	ends = 0;
	add(0, hangs, "b");
	run();
	assert_null(coordinator);
}

static void it_can_be_destroyed_while_it_runs(void **state)
{
	(void)state;
	assert_null(shutdown_destroy(NULL));
	create(HOUR_NS, HOUR_NS);
	add(0, hangs, "a");
	shutdown_start(coordinator, "test");
	/* teardown destroys it; nothing may be called afterwards */
	coordinator = shutdown_destroy(coordinator);
	assert_int_equal(loop_stats(loop, NULL, 0), 0);
	assert_string_equal(trace, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(handlers_run_by_priority_and_equal_ones_in_order_of_addition),
		TEST(without_handlers_it_ends_too),
		TEST(handlers_that_fail_are_counted_and_stop_nobody),
		TEST(a_handler_may_say_later_that_it_is_done),
		TEST(one_that_hangs_is_left_behind_after_its_time),
		TEST(one_that_is_done_too_late_is_ignored),
		TEST(one_that_hung_may_say_so_later_without_harm),
		TEST(the_total_limit_ends_it_whatever_is_left),
		TEST(starting_twice_is_refused),
		TEST(there_is_a_limit_to_handlers),
		TEST(the_end_may_destroy_it),
		TEST(it_can_be_destroyed_while_it_runs),
	};

	return cmocka_run_group_tests_name("shutdown", tests, NULL, NULL);
}
