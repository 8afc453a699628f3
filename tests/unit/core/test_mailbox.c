// SPDX-License-Identifier: GPL-2.0-or-later
/* core/mailbox.h */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/mailbox.h"

static struct mailbox *mailbox;

static int setup(void **state)
{
	(void)state;
	return mailbox_create(&mailbox, sizeof(int), 3);
}

static int teardown(void **state)
{
	(void)state;
	mailbox = mailbox_destroy(mailbox);
	return 0;
}

static void publish(int value)
{
	int *snapshot = mailbox_begin(mailbox);

	assert_non_null(snapshot);
	*snapshot = value;
	mailbox_publish(mailbox, snapshot);
}

static const int *take(int expected)
{
	const int *snapshot = mailbox_take(mailbox);

	assert_non_null(snapshot);
	assert_int_equal(*snapshot, expected);
	return snapshot;
}

static int is_readable(void)
{
	struct pollfd pollfd = { .fd = mailbox_fd(mailbox), .events = POLLIN };

	return poll(&pollfd, 1, 0);
}

static void sizes_out_of_range_are_refused(void **state)
{
	struct mailbox *none = NULL;

	(void)state;
	assert_int_equal(mailbox_create(&none, 0, 3), -EINVAL);
	assert_int_equal(mailbox_create(&none, SIZE_MAX, 3), -EINVAL);
	assert_int_equal(mailbox_create(&none, 1, 2), -EINVAL);
	assert_int_equal(mailbox_create(&none, 1, 65), -EINVAL);
	assert_null(none);
	assert_null(mailbox_destroy(NULL));
}

static void the_largest_pool_can_be_used_whole(void **state)
{
	struct mailbox *large;
	const void *held[64];
	int i;

	(void)state;
	assert_int_equal(mailbox_create(&large, 100, 64), 0);
	for (i = 0; i < 64; i++) {
		unsigned char *snapshot = mailbox_begin(large);

		assert_non_null(snapshot);
		assert_int_equal((uintptr_t)snapshot % 64, 0);
		memset(snapshot, i, 100);
		mailbox_publish(large, snapshot);
		held[i] = mailbox_take(large);
		assert_ptr_equal(held[i], snapshot);
	}
	assert_null(mailbox_begin(large));
	/* none lies over another */
	for (i = 0; i < 64; i++) {
		assert_int_equal(((const unsigned char *)held[i])[0], i);
		assert_int_equal(((const unsigned char *)held[i])[99], i);
	}
	mailbox_destroy(large);
}

static void nothing_published_is_nothing_to_take(void **state)
{
	(void)state;
	assert_null(mailbox_take(mailbox));
	assert_int_equal(is_readable(), 0);
}

static void what_was_published_is_taken_once(void **state)
{
	(void)state;
	assert_false(mailbox_has_news(mailbox));
	publish(1);
	assert_true(mailbox_has_news(mailbox));
	assert_int_equal(is_readable(), 1);
	mailbox_unref(mailbox, take(1));
	assert_false(mailbox_has_news(mailbox));
	assert_null(mailbox_take(mailbox));
}

static void only_the_newest_is_taken_and_older_ones_go_back_to_the_pool(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		publish(i);
	mailbox_unref(mailbox, take(99));
	assert_null(mailbox_take(mailbox));
}

static void what_is_put_back_is_taken_by_the_next_consumer(void **state)
{
	(void)state;
	publish(1);
	assert_null(mailbox_put_back(mailbox, take(1)));
	assert_int_equal(is_readable(), 1);
	mailbox_unref(mailbox, take(1));
	assert_null(mailbox_put_back(mailbox, NULL));
	assert_int_equal(is_readable(), 0);
}

static void what_is_put_back_does_not_replace_what_is_newer_or_still_held(void **state)
{
	const void *older, *held;

	(void)state;
	publish(1);
	older = take(1);
	publish(2);
	mailbox_put_back(mailbox, older);
	held = take(2);
	assert_null(mailbox_take(mailbox));
	/* somebody else has it as well: it is not given to the next one under their feet */
	mailbox_ref(mailbox, held);
	mailbox_put_back(mailbox, held);
	assert_null(mailbox_take(mailbox));
	mailbox_unref(mailbox, held);
	/* and all three buffers are free again */
	publish(3);
	held = take(3);
	publish(4);
	assert_non_null(mailbox_begin(mailbox));
	mailbox_unref(mailbox, held);
}

static void the_fd_is_readable_exactly_while_something_waits(void **state)
{
	(void)state;
	publish(1);
	assert_int_equal(is_readable(), 1);
	publish(2);
	assert_int_equal(is_readable(), 1);
	mailbox_unref(mailbox, take(2));
	assert_int_equal(is_readable(), 0);
	publish(3);
	assert_int_equal(is_readable(), 1);
}

static void a_snapshot_stays_while_it_is_referenced(void **state)
{
	const int *first, *second;
	int *next;

	(void)state;
	publish(1);
	first = take(1);
	assert_ptr_equal(mailbox_ref(mailbox, first), first);
	publish(2);
	second = take(2);
	/* two are held: the third is all there is, also while it waits to be taken */
	publish(3);
	publish(4);
	assert_int_equal(is_readable(), 1);
	assert_int_equal(*first, 1);
	assert_int_equal(*second, 2);

	assert_null(mailbox_unref(mailbox, first)); /* one reference is left */
	next = mailbox_begin(mailbox);
	assert_ptr_not_equal(next, first);
	assert_ptr_not_equal(next, second);
	assert_null(mailbox_take(mailbox));
	*next = 5;
	mailbox_publish(mailbox, next);
	assert_int_equal(is_readable(), 1);
	assert_int_equal(*first, 1);
	mailbox_unref(mailbox, first);
	mailbox_unref(mailbox, second);
	mailbox_unref(mailbox, take(5));
	assert_null(mailbox_unref(mailbox, NULL));
}

static void when_the_consumer_holds_all_there_is_none_to_begin(void **state)
{
	const int *held[3];
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		publish(i);
		held[i] = take(i);
	}
	assert_null(mailbox_begin(mailbox));
	mailbox_unref(mailbox, held[1]);
	assert_ptr_equal(mailbox_begin(mailbox), held[1]);
}

static void until_it_is_published_the_same_buffer_is_given_again(void **state)
{
	int *first = mailbox_begin(mailbox);

	(void)state;
	*first = 5;
	assert_ptr_equal(mailbox_begin(mailbox), first);
	mailbox_publish(mailbox, first);
	assert_ptr_not_equal(mailbox_begin(mailbox), first);
	take(5);
}

#define SNAPSHOTS 50000
#define WORDS 32

/* One word in all places: a torn snapshot would show two. */
static void *produce(void *data)
{
	struct mailbox *shared = data;
	uint32_t n = 1;

	while (n <= SNAPSHOTS) {
		uint32_t *snapshot = mailbox_begin(shared);
		int i;

		if (!snapshot) {
			sched_yield();
			continue;
		}
		for (i = 0; i < WORDS; i++)
			snapshot[i] = n;
		mailbox_publish(shared, snapshot);
		n++;
	}
	return NULL;
}

static void between_threads_snapshots_are_whole_and_never_go_back(void **state)
{
	const uint32_t *held[2] = { NULL, NULL };
	struct pollfd pollfd;
	struct mailbox *shared;
	uint32_t last = 0;
	pthread_t thread;

	(void)state;
	assert_int_equal(mailbox_create(&shared, WORDS * sizeof(uint32_t), 4), 0);
	assert_int_equal(pthread_create(&thread, NULL, produce, shared), 0);
	pollfd = (struct pollfd){ .fd = mailbox_fd(shared), .events = POLLIN };
	while (last < SNAPSHOTS) {
		const uint32_t *snapshot;
		int i;

		/* the last one must wake us: else this waits for ever */
		poll(&pollfd, 1, -1);
		snapshot = mailbox_take(shared);
		if (!snapshot)
			continue;
		assert_true(snapshot[0] > last);
		last = snapshot[0];
		for (i = 1; i < WORDS; i++)
			assert_int_equal(snapshot[i], last);
		/* hold the newest two */
		if (held[1])
			for (i = 1; i < WORDS; i++)
				assert_int_equal(held[1][i], held[1][0]);
		mailbox_unref(shared, held[1]);
		held[1] = held[0];
		held[0] = snapshot;
	}
	pthread_join(thread, NULL);
	mailbox_destroy(shared);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sizes_out_of_range_are_refused),
		TEST(the_largest_pool_can_be_used_whole),
		TEST(nothing_published_is_nothing_to_take),
		TEST(what_was_published_is_taken_once),
		TEST(only_the_newest_is_taken_and_older_ones_go_back_to_the_pool),
		TEST(what_is_put_back_is_taken_by_the_next_consumer),
		TEST(what_is_put_back_does_not_replace_what_is_newer_or_still_held),
		TEST(the_fd_is_readable_exactly_while_something_waits),
		TEST(a_snapshot_stays_while_it_is_referenced),
		TEST(when_the_consumer_holds_all_there_is_none_to_begin),
		TEST(until_it_is_published_the_same_buffer_is_given_again),
		TEST(between_threads_snapshots_are_whole_and_never_go_back),
	};

	return cmocka_run_group_tests_name("mailbox", tests, NULL, NULL);
}
