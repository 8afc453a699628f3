// SPDX-License-Identifier: GPL-2.0-or-later
/* control/thermal.h, what is pure of it; 80 and 70 degrees are the original system's. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "control/thermal.h"

static const struct thermal_limits limits = { .hot_c = 80, .cool_c = 70, .fps = 30 };

static void it_is_hot_above_the_one_and_cool_below_the_other(void **state)
{
	(void)state;
	/* cool: hot only above 80.000 degrees */
	assert_false(thermal_judge(&limits, false, 79999));
	assert_false(thermal_judge(&limits, false, 80000));
	assert_true(thermal_judge(&limits, false, 80001));
	/* hot: cool only below 70.000 degrees */
	assert_true(thermal_judge(&limits, true, 80000));
	assert_true(thermal_judge(&limits, true, 70000));
	assert_false(thermal_judge(&limits, true, 69999));
}

static void between_the_two_it_stays_as_it_was(void **state)
{
	int32_t temperature_mc;

	(void)state;
	for (temperature_mc = 70000; temperature_mc <= 80000; temperature_mc += 500) {
		assert_true(thermal_judge(&limits, true, temperature_mc));
		assert_false(thermal_judge(&limits, false, temperature_mc));
	}
}

static void frost_is_cool(void **state)
{
	(void)state;
	assert_false(thermal_judge(&limits, false, -40000));
	assert_false(thermal_judge(&limits, true, -40000));
}

static void a_sensors_number_is_read(void **state)
{
	int32_t number = 7;

	(void)state;
	assert_int_equal(thermal_parse("48312\n", &number), 0);
	assert_int_equal(number, 48312);
	assert_int_equal(thermal_parse("-5000", &number), 0);
	assert_int_equal(number, -5000);
	assert_int_equal(thermal_parse("1\n", &number), 0);
	assert_int_equal(number, 1);
}

static void what_is_no_temperature_is_refused_and_changes_nothing(void **state)
{
	static const char *const wrong[] = { "",	   "\n",
					     "hot\n",	   "48312 C\n",
					     "48312\n1\n", "1000001\n",
					     "-273001\n",  "99999999999999999999\n" };
	int32_t number = 7;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(thermal_parse(wrong[i], &number), -EINVAL);
		assert_int_equal(number, 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_hot_above_the_one_and_cool_below_the_other),
		cmocka_unit_test(between_the_two_it_stays_as_it_was),
		cmocka_unit_test(frost_is_cool),
		cmocka_unit_test(a_sensors_number_is_read),
		cmocka_unit_test(what_is_no_temperature_is_refused_and_changes_nothing),
	};

	return cmocka_run_group_tests_name("thermal", tests, NULL, NULL);
}
