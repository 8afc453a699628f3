// SPDX-License-Identifier: GPL-2.0-or-later
/* base/ring.h: expected values follow from its promises, capacities are counted out by hand. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/ring.h"

static void sizes_out_of_range_are_refused_and_the_result_stays(void **state)
{
	static const struct {
		size_t bytes, records;
	} bad[] = { { 0, 4 }, { 8, 0 }, { 8, 1 }, { 8, 3 }, { 8, 65535 }, { 8, 131072 } };
	struct ring *ring = (struct ring *)&bad;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(ring_create(&ring, bad[i].bytes, bad[i].records), -EINVAL);
		assert_ptr_equal(ring, &bad);
	}
}

static void the_smallest_and_the_largest_size_work(void **state)
{
	static const size_t sizes[] = { 2, 65536 };
	struct ring *ring;
	size_t i, n;
	uint8_t byte;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_int_equal(ring_create(&ring, 1, sizes[i]), 0);
		for (n = 0; n < sizes[i]; n++) {
			byte = (uint8_t)(n * 7);
			assert_true(ring_push(ring, &byte));
		}
		assert_false(ring_push(ring, &byte));
		for (n = 0; n < sizes[i]; n++) {
			assert_true(ring_pop(ring, &byte));
			assert_int_equal(byte, (uint8_t)(n * 7));
		}
		assert_false(ring_pop(ring, &byte));
		ring_destroy(ring);
	}
}

static void records_come_out_whole_and_in_order_over_many_turns(void **state)
{
	struct record {
		uint32_t number;
		unsigned char fill[9]; /* an odd size: records must not overlap */
	} in, out;
	struct ring *ring;
	uint32_t pushed = 0, popped = 0;
	unsigned int turn;

	(void)state;
	assert_int_equal(ring_create(&ring, sizeof(in), 8), 0);
	/* 5 in, 5 out, from each of the 8 places: the border is crossed at every offset */
	for (turn = 0; turn < 64; turn++) {
		while (pushed < popped + 5) {
			in.number = pushed++;
			memset(in.fill, (int)(in.number & 0xff), sizeof(in.fill));
			assert_true(ring_push(ring, &in));
		}
		assert_int_equal(ring_count(ring), 5);
		while (popped < pushed) {
			assert_true(ring_pop(ring, &out));
			assert_int_equal(out.number, popped);
			memset(in.fill, (int)(popped & 0xff), sizeof(in.fill));
			assert_memory_equal(out.fill, in.fill, sizeof(in.fill));
			popped++;
		}
		assert_int_equal(ring_count(ring), 0);
	}
	ring_destroy(ring);
}

static void a_full_ring_refuses_and_keeps_what_it_has(void **state)
{
	struct ring *ring;
	int value;

	(void)state;
	assert_int_equal(ring_create(&ring, sizeof(value), 4), 0);
	for (value = 0; value < 4; value++)
		assert_true(ring_push(ring, &value));
	value = 99;
	assert_false(ring_push(ring, &value));
	assert_int_equal(ring_count(ring), 4);
	assert_true(ring_pop(ring, &value));
	assert_int_equal(value, 0);
	value = 4;
	assert_true(ring_push(ring, &value));
	assert_false(ring_push(ring, &value));
	ring_destroy(ring);
}

static void an_empty_ring_leaves_the_result_alone(void **state)
{
	struct ring *ring;
	int value = 42;

	(void)state;
	assert_int_equal(ring_create(&ring, sizeof(value), 2), 0);
	assert_false(ring_pop(ring, &value));
	assert_int_equal(value, 42);
	ring_destroy(ring);
}

static void destroying_nothing_is_fine(void **state)
{
	struct ring *ring;

	(void)state;
	assert_null(ring_destroy(NULL));
	assert_int_equal(ring_create(&ring, 1, 2), 0);
	assert_null(ring_destroy(ring));
}

#define TRANSFERS 200000

static void *produce(void *data)
{
	struct ring *ring = data;
	uint64_t record[2];

	for (record[0] = 0; record[0] < TRANSFERS;) {
		record[1] = ~record[0];
		if (ring_push(ring, record))
			record[0]++;
		else
			sched_yield();
	}
	return NULL;
}

static void two_threads_pass_every_record_once_and_whole(void **state)
{
	struct ring *ring;
	pthread_t thread;
	uint64_t record[2], expected = 0;

	(void)state;
	assert_int_equal(ring_create(&ring, sizeof(record), 16), 0);
	assert_int_equal(pthread_create(&thread, NULL, produce, ring), 0);
	while (expected < TRANSFERS) {
		if (!ring_pop(ring, record)) {
			sched_yield();
			continue;
		}
		assert_true(ring_count(ring) <= 16);
		assert_int_equal(record[0], expected);
		assert_int_equal(record[1], ~expected);
		expected++;
	}
	pthread_join(thread, NULL);
	assert_false(ring_pop(ring, record));
	ring_destroy(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_out_of_range_are_refused_and_the_result_stays),
		cmocka_unit_test(the_smallest_and_the_largest_size_work),
		cmocka_unit_test(records_come_out_whole_and_in_order_over_many_turns),
		cmocka_unit_test(a_full_ring_refuses_and_keeps_what_it_has),
		cmocka_unit_test(an_empty_ring_leaves_the_result_alone),
		cmocka_unit_test(destroying_nothing_is_fine),
		cmocka_unit_test(two_threads_pass_every_record_once_and_whole),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
