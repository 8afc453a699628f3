// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * core/metrics.h. Expected quantiles are by nearest rank: of n sorted values
 * the q-quantile is number ceil(q × n); a bucket may raise it by at most 1/8.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/metrics.h"

static struct metrics_histogram histogram;

static int setup(void **state)
{
	(void)state;
	memset(&histogram, 0, sizeof(histogram));
	return 0;
}

static struct metrics_summary summary(void)
{
	struct metrics_summary now;

	metrics_summarize(&histogram, &now);
	return now;
}

static void a_counter_adds_up(void **state)
{
	struct metrics_counter counter = { 0 };

	(void)state;
	assert_int_equal(metrics_get(&counter), 0);
	metrics_add(&counter, 3);
	metrics_add(&counter, 1ULL << 40);
	assert_int_equal(metrics_get(&counter), (1ULL << 40) + 3);
}

static void an_empty_histogram_is_all_zero(void **state)
{
	static const struct metrics_summary zero;
	struct metrics_summary now = summary();

	(void)state;
	assert_memory_equal(&now, &zero, sizeof(zero));
}

static void one_value_is_all_of_its_quantiles_exactly(void **state)
{
	static const uint64_t values[] = { 0, 1, 7, 8, 15, 16, 17, 1000, 16666667, UINT64_MAX };
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		setup(state);
		metrics_record(&histogram, values[i]);
		assert_int_equal(summary().count, 1);
		assert_int_equal(summary().sum, values[i]);
		assert_int_equal(summary().max, values[i]);
		/* the bucket is wider, but no value is above max */
		assert_int_equal(summary().p50, values[i]);
		assert_int_equal(summary().p999, values[i]);
	}
}

static void values_below_sixteen_have_exact_quantiles(void **state)
{
	uint64_t value;

	(void)state;
	for (value = 0; value < 16; value++)
		metrics_record(&histogram, value);
	/* rank ceil(0.5 × 16) = 8: value 7; ceil(0.99 × 16) = 16: value 15 */
	assert_int_equal(summary().p50, 7);
	assert_int_equal(summary().p99, 15);
	assert_int_equal(summary().sum, 120);
}

static void check_quantile(uint64_t got, uint64_t exact)
{
	assert_true(got >= exact);
	assert_true(got - exact <= exact / 8);
}

static void quantiles_are_at_most_an_eighth_too_high(void **state)
{
	uint64_t scale, i;

	for (scale = 1; scale < 1ULL << 50; scale *= 1000) {
		setup(state);
		for (i = 1; i <= 10000; i++)
			metrics_record(&histogram, i * scale);
		assert_int_equal(summary().count, 10000);
		assert_int_equal(summary().max, 10000 * scale);
		check_quantile(summary().p50, 5000 * scale);
		check_quantile(summary().p99, 9900 * scale);
		check_quantile(summary().p999, 9990 * scale);
	}
}

static void rare_large_values_show_only_where_they_belong(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 998; i++)
		metrics_record(&histogram, 3);
	metrics_record(&histogram, 5);
	metrics_record(&histogram, 1000000);
	/* of 1000: rank 500 and 990 are 3, rank 999 is 5, and one is above */
	assert_int_equal(summary().p50, 3);
	assert_int_equal(summary().p99, 3);
	assert_int_equal(summary().p999, 5);
	assert_int_equal(summary().max, 1000000);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_counter_adds_up),
		TEST(an_empty_histogram_is_all_zero),
		TEST(one_value_is_all_of_its_quantiles_exactly),
		TEST(values_below_sixteen_have_exact_quantiles),
		TEST(quantiles_are_at_most_an_eighth_too_high),
		TEST(rare_large_values_show_only_where_they_belong),
	};

	return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
