// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * output/device_records.h: records as uapi/linux/diuna.h describes them, counts
 * worked out by hand from their numbers.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "output/device_records.h"

struct fixture {
	struct device_records records;
	struct output_stats stats;
};

static struct device_news tell(struct fixture *fixture, uint64_t seq, int status, uint32_t lost)
{
	struct diuna_completion completion = {
		.seq = seq,
		.status = status,
		.lost = lost,
		.done_ns = seq * 1000,
	};

	return device_records_read(&fixture->records, &fixture->stats, &completion, 1);
}

static void frames_before_the_first_record_are_nobodys(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	assert_int_equal(tell(&f, 5000, 0, 0).foreign, 0);
	assert_int_equal(f.stats.completed, 1);
	assert_int_equal(f.stats.last_done_ns, 5000 * 1000);
}

static void numbers_without_a_gap_are_all_ours(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	for (uint64_t seq = 7; seq < 27; seq++) {
		struct device_news news = tell(&f, seq, 0, 0);

		assert_int_equal(news.foreign, 0);
		assert_int_equal(news.error, 0);
	}
	assert_int_equal(f.stats.completed, 20);
	assert_int_equal(f.stats.foreign, 0);
}

static void a_gap_is_frames_of_another_writer(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	tell(&f, 10, 0, 0);
	/* 11, 12 and 13 are missing */
	assert_int_equal(tell(&f, 14, 0, 0).foreign, 3);
	assert_int_equal(tell(&f, 15, 0, 0).foreign, 0);
	assert_int_equal(f.stats.foreign, 3);
	assert_int_equal(f.stats.completed, 3);
}

static void records_that_were_lost_are_frames_of_ours(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	tell(&f, 10, 0, 0);
	/* 11 to 14 are missing, 3 of them are ours */
	assert_int_equal(tell(&f, 15, 0, 3).foreign, 1);
	assert_int_equal(f.stats.completed, 1 + 1 + 3);
	/* all missing ones are ours */
	assert_int_equal(tell(&f, 18, 0, 2).foreign, 0);
	assert_int_equal(f.stats.completed, 5 + 3);
}

static void frames_that_failed_are_counted_and_the_error_is_told(void **state)
{
	struct fixture f = { 0 };
	struct device_news news;

	(void)state;
	news = tell(&f, 1, -ETIMEDOUT, 0);
	assert_int_equal(news.failed, 1);
	assert_int_equal(news.error, -ETIMEDOUT);
	news = tell(&f, 2, 0, 0);
	assert_int_equal(news.failed, 0);
	assert_int_equal(news.error, 0);
	assert_int_equal(f.stats.failed, 1);
	assert_int_equal(f.stats.completed, 1);
	assert_int_equal(f.stats.last_done_ns, 2000);
}

static void a_run_of_records_tells_the_error_of_the_newest_alone(void **state)
{
	struct diuna_completion run[] = {
		{ .seq = 1, .status = -EIO },
		{ .seq = 3 },
		{ .seq = 4, .status = -ETIMEDOUT },
		{ .seq = 6, .done_ns = 77 },
	};
	struct fixture f = { 0 };
	struct device_news news;

	(void)state;
	news = device_records_read(&f.records, &f.stats, run, 4);
	assert_int_equal(news.failed, 2);
	assert_int_equal(news.error, 0);
	assert_int_equal(news.foreign, 2);
	assert_int_equal(f.stats.last_done_ns, 77);
	news = device_records_read(&f.records, &f.stats, run, 0);
	assert_int_equal(news.failed + news.foreign, 0);
}

static void it_is_full_when_one_frame_is_in_flight_and_one_waits(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	assert_false(device_records_full(&f.records));
	device_records_taken(&f.records);
	assert_false(device_records_full(&f.records));
	device_records_taken(&f.records);
	assert_true(device_records_full(&f.records));
	tell(&f, 1, 0, 0);
	assert_false(device_records_full(&f.records));
}

static void it_is_not_full_once_the_device_says_that_it_has_room(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	device_records_taken(&f.records);
	device_records_taken(&f.records);
	device_records_room(&f.records);
	assert_false(device_records_full(&f.records));
	device_records_taken(&f.records);
	assert_true(device_records_full(&f.records));
}

static void records_that_were_lost_make_room_as_well(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	device_records_taken(&f.records);
	device_records_taken(&f.records);
	tell(&f, 2, 0, 1);
	device_records_taken(&f.records);
	assert_false(device_records_full(&f.records));
	/* more records than frames are known of: never below none */
	tell(&f, 3, 0, 0);
	tell(&f, 4, 0, 9);
	device_records_taken(&f.records);
	device_records_taken(&f.records);
	assert_true(device_records_full(&f.records));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_before_the_first_record_are_nobodys),
		cmocka_unit_test(numbers_without_a_gap_are_all_ours),
		cmocka_unit_test(a_gap_is_frames_of_another_writer),
		cmocka_unit_test(records_that_were_lost_are_frames_of_ours),
		cmocka_unit_test(frames_that_failed_are_counted_and_the_error_is_told),
		cmocka_unit_test(a_run_of_records_tells_the_error_of_the_newest_alone),
		cmocka_unit_test(it_is_full_when_one_frame_is_in_flight_and_one_waits),
		cmocka_unit_test(it_is_not_full_once_the_device_says_that_it_has_room),
		cmocka_unit_test(records_that_were_lost_make_room_as_well),
	};

	return cmocka_run_group_tests_name("device_records", tests, NULL, NULL);
}
