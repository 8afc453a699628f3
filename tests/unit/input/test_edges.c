// SPDX-License-Identifier: GPL-2.0-or-later
/* input/edges.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "input/edges.h"

static struct edges edges;
static struct gpio_edge taken[EDGES_MAX];

static void add(uint64_t time_ns, uint8_t line)
{
	edges_add(&edges, &(struct gpio_edge){ .time_ns = time_ns, .line = line });
}

static int setup(void **state)
{
	(void)state;
	edges.count = 0;
	return 0;
}

static void edges_of_two_lines_come_in_the_order_of_their_times(void **state)
{
	static const uint64_t times[] = { 100, 150, 200, 250, 300 };
	static const uint8_t lines[] = { 0, 1, 0, 1, 0 };
	unsigned int i;

	(void)state;
	/* as they are read: all of one line, then all of the other */
	add(100, 0);
	add(200, 0);
	add(300, 0);
	add(150, 1);
	add(250, 1);
	assert_int_equal(edges_take(&edges, 300 + EDGES_SETTLE_NS, taken, EDGES_MAX), 5);
	for (i = 0; i < 5; i++) {
		assert_int_equal(taken[i].time_ns, times[i]);
		assert_int_equal(taken[i].line, lines[i]);
	}
}

static void an_edge_waits_for_earlier_ones(void **state)
{
	(void)state;
	assert_int_equal(edges_deadline_ns(&edges), 0);
	add(1000, 0);
	assert_int_equal(edges_deadline_ns(&edges), 1000 + EDGES_SETTLE_NS);
	assert_int_equal(edges_take(&edges, 999 + EDGES_SETTLE_NS, taken, EDGES_MAX), 0);
	add(900, 1);
	assert_int_equal(edges_deadline_ns(&edges), 900 + EDGES_SETTLE_NS);
	assert_int_equal(edges_take(&edges, 900 + EDGES_SETTLE_NS, taken, EDGES_MAX), 1);
	assert_int_equal(taken[0].line, 1);
	assert_int_equal(edges_take(&edges, 1000 + EDGES_SETTLE_NS, taken, EDGES_MAX), 1);
	assert_int_equal(taken[0].line, 0);
	assert_int_equal(edges_deadline_ns(&edges), 0);
}

static void edges_of_the_same_time_keep_the_order_in_which_they_came(void **state)
{
	uint8_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		add(500, i);
	assert_int_equal(edges_take(&edges, UINT64_MAX, taken, EDGES_MAX), 3);
	for (i = 0; i < 3; i++)
		assert_int_equal(taken[i].line, i);
}

static void a_flood_is_bounded_and_does_not_wait(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < EDGES_MAX + 10; i++)
		add(i, 0);
	assert_int_equal(edges_room(&edges), 0);
	/* half of the room is kept for what follows; the oldest go, though they could wait */
	assert_int_equal(edges_take(&edges, 0, taken, EDGES_MAX), EDGES_MAX / 2);
	assert_int_equal(taken[0].time_ns, 0);
	assert_int_equal(edges_room(&edges), EDGES_MAX / 2);
	assert_int_equal(edges_take(&edges, 0, taken, EDGES_MAX), 0);
}

static void no_more_are_taken_than_asked_for(void **state)
{
	(void)state;
	add(1, 0);
	add(2, 0);
	add(3, 0);
	assert_int_equal(edges_take(&edges, UINT64_MAX, taken, 2), 2);
	assert_int_equal(edges_take(&edges, UINT64_MAX, taken, 2), 1);
	assert_int_equal(taken[0].time_ns, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(edges_of_two_lines_come_in_the_order_of_their_times, setup),
		cmocka_unit_test_setup(an_edge_waits_for_earlier_ones, setup),
		cmocka_unit_test_setup(edges_of_the_same_time_keep_the_order_in_which_they_came,
				       setup),
		cmocka_unit_test_setup(a_flood_is_bounded_and_does_not_wait, setup),
		cmocka_unit_test_setup(no_more_are_taken_than_asked_for, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
