// SPDX-License-Identifier: GPL-2.0-or-later
/* base/log_fold.h: times are arguments here; 10 s is the promise of the header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/log_fold.h"

#define SECOND 1000000000ULL

static struct log_line line(enum log_level level, enum log_category category, int error,
			    const char *text)
{
	struct log_line line = { .level = level, .category = category, .error = error };

	strcpy(line.text, text);
	return line;
}

static void a_line_that_comes_again_at_once_is_swallowed_and_told_by_the_next(void **state)
{
	struct log_line a = line(LOG_LEVEL_INFO, LOG_ZONE, 0, "a");
	struct log_line b = line(LOG_LEVEL_INFO, LOG_ZONE, 0, "b");
	struct log_fold fold = { 0 };
	uint32_t told;

	(void)state;
	assert_false(log_fold_add(&fold, &a, 5 * SECOND, &told));
	assert_int_equal(told, 0);
	assert_true(log_fold_add(&fold, &a, 6 * SECOND, &told));
	assert_int_equal(told, 0);
	assert_true(log_fold_add(&fold, &a, 7 * SECOND, &told));
	assert_int_equal(told, 0);
	assert_false(log_fold_add(&fold, &b, 8 * SECOND, &told));
	assert_int_equal(told, 2);
	/* told once */
	assert_false(log_fold_add(&fold, &a, 9 * SECOND, &told));
	assert_int_equal(told, 0);
}

static void only_a_line_that_is_equal_in_all_is_a_repeat(void **state)
{
	struct log_line base = line(LOG_LEVEL_INFO, LOG_ZONE, 5, "text");
	struct log_line others[] = {
		line(LOG_LEVEL_ERROR, LOG_ZONE, 5, "text"),
		line(LOG_LEVEL_INFO, LOG_API, 5, "text"),
		line(LOG_LEVEL_INFO, LOG_ZONE, 6, "text"),
		line(LOG_LEVEL_INFO, LOG_ZONE, 5, "text "),
	};
	size_t i;
	uint32_t told;

	(void)state;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct log_fold fold = { 0 };

		assert_false(log_fold_add(&fold, &base, 0, &told));
		assert_false(log_fold_add(&fold, &others[i], 0, &told));
	}
	/* when it came does not matter */
	{
		struct log_fold fold = { 0 };
		struct log_line later = base;

		later.wall_ms = 77;
		later.seq = 9;
		assert_false(log_fold_add(&fold, &base, 0, &told));
		assert_true(log_fold_add(&fold, &later, 0, &told));
	}
}

static void a_line_that_comes_again_after_ten_seconds_is_written(void **state)
{
	struct log_line a = line(LOG_LEVEL_INFO, LOG_ZONE, 0, "a");
	struct log_fold fold = { 0 };
	uint32_t told;

	(void)state;
	assert_false(log_fold_add(&fold, &a, 0, &told));
	assert_false(log_fold_add(&fold, &a, 10 * SECOND, &told));
	assert_int_equal(told, 0);
	assert_true(log_fold_add(&fold, &a, 20 * SECOND - 1, &told));
}

static void repeats_are_told_when_ten_seconds_are_over(void **state)
{
	struct log_line a = line(LOG_LEVEL_INFO, LOG_ZONE, 0, "a");
	struct log_fold fold = { 0 };
	uint32_t told;

	(void)state;
	log_fold_add(&fold, &a, 1 * SECOND, &told);
	assert_int_equal(log_fold_deadline_ns(&fold), 0);
	log_fold_add(&fold, &a, 2 * SECOND, &told);
	log_fold_add(&fold, &a, 3 * SECOND, &told);
	assert_int_equal(log_fold_deadline_ns(&fold), 11 * SECOND);
	assert_int_equal(log_fold_expire(&fold, 11 * SECOND - 1), 0);
	assert_int_equal(log_fold_expire(&fold, 11 * SECOND), 2);
	/* told: nothing is due any more, nobody has to wake up */
	assert_int_equal(log_fold_deadline_ns(&fold), 0);
	assert_int_equal(log_fold_expire(&fold, 30 * SECOND), 0);
}

static void an_endless_repeat_is_told_every_ten_seconds(void **state)
{
	struct log_line a = line(LOG_LEVEL_INFO, LOG_ZONE, 0, "a");
	struct log_fold fold = { 0 };
	uint32_t told, sum = 0, tellings = 0;
	unsigned int second;

	(void)state;
	assert_false(log_fold_add(&fold, &a, 0, &told));
	/* one a second for 60 s: all 60 are repeats, told at 10, 20, … 60 */
	for (second = 1; second <= 60; second++) {
		assert_true(log_fold_add(&fold, &a, second * SECOND, &told));
		sum += told;
		tellings += told != 0;
	}
	assert_int_equal(tellings, 6);
	/* at 10 s the nine of 1 to 9 s are told; the one that comes at 60 s is still open */
	assert_int_equal(sum, 59);
	assert_int_equal(fold.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_that_comes_again_at_once_is_swallowed_and_told_by_the_next),
		cmocka_unit_test(only_a_line_that_is_equal_in_all_is_a_repeat),
		cmocka_unit_test(a_line_that_comes_again_after_ten_seconds_is_written),
		cmocka_unit_test(repeats_are_told_when_ten_seconds_are_over),
		cmocka_unit_test(an_endless_repeat_is_told_every_ten_seconds),
	};

	return cmocka_run_group_tests_name("log_fold", tests, NULL, NULL);
}
