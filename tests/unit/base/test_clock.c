// SPDX-License-Identifier: GPL-2.0-or-later
/* base/clock.h against the C library's own clocks, read before and after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"

static void now_lies_between_two_readings_of_clock_monotonic(void **state)
{
	struct timespec before, after;
	uint64_t now_ns;

	(void)state;
	clock_gettime(CLOCK_MONOTONIC, &before);
	now_ns = clock_now_ns();
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true(now_ns >= (uint64_t)before.tv_sec * 1000000000 + (uint64_t)before.tv_nsec);
	assert_true(now_ns <= (uint64_t)after.tv_sec * 1000000000 + (uint64_t)after.tv_nsec);
}

static void wall_lies_between_two_readings_of_clock_realtime(void **state)
{
	struct timespec before, after;
	uint64_t now_ms;

	(void)state;
	clock_gettime(CLOCK_REALTIME, &before);
	now_ms = clock_wall_ms();
	clock_gettime(CLOCK_REALTIME, &after);
	assert_true(now_ms >= (uint64_t)before.tv_sec * 1000 + (uint64_t)before.tv_nsec / 1000000);
	assert_true(now_ms <= (uint64_t)after.tv_sec * 1000 + (uint64_t)after.tv_nsec / 1000000);
}

static void the_units_are_those_of_their_names(void **state)
{
	(void)state;
	assert_int_equal(NSEC_PER_USEC, 1000);
	assert_int_equal(NSEC_PER_MSEC, 1000 * 1000);
	assert_int_equal(NSEC_PER_SEC, 1000 * 1000 * 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(now_lies_between_two_readings_of_clock_monotonic),
		cmocka_unit_test(wall_lies_between_two_readings_of_clock_realtime),
		cmocka_unit_test(the_units_are_those_of_their_names),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
