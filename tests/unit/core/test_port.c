// SPDX-License-Identifier: GPL-2.0-or-later
/* core/port.h */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/port.h"

static int is_readable(const struct port *port, int timeout_ms)
{
	struct pollfd pollfd = { .fd = port_fd(port), .events = POLLIN };

	return poll(&pollfd, 1, timeout_ms);
}

static void sizes_out_of_range_are_refused(void **state)
{
	struct port *port = NULL;

	(void)state;
	assert_int_equal(port_create(&port, 0, 4), -EINVAL);
	assert_int_equal(port_create(&port, 4, 3), -EINVAL);
	assert_null(port);
	assert_null(port_destroy(NULL));
}

static void messages_come_in_order_and_the_fd_tells_until_it_is_cleared(void **state)
{
	struct port *port;
	int value;

	(void)state;
	assert_int_equal(port_create(&port, sizeof(value), 4), 0);
	assert_int_equal(is_readable(port, 0), 0);
	for (value = 0; value < 4; value++)
		assert_true(port_send(port, &value));
	assert_false(port_send(port, &value));
	assert_int_equal(is_readable(port, 0), 1);
	port_clear(port);
	assert_int_equal(is_readable(port, 0), 0);
	for (int expected = 0; expected < 4; expected++) {
		assert_true(port_receive(port, &value));
		assert_int_equal(value, expected);
	}
	assert_false(port_receive(port, &value));
	/* clearing what is clear neither blocks nor fails */
	port_clear(port);
	assert_true(port_send(port, &value));
	assert_int_equal(is_readable(port, 0), 1);
	port_destroy(port);
}

#define MESSAGES 50000

static void *send_all(void *data)
{
	struct port *port = data;
	uint32_t n = 0;

	while (n < MESSAGES) {
		if (port_send(port, &n))
			n++;
		else
			sched_yield();
	}
	return NULL;
}

static void between_threads_no_message_and_no_wake_up_is_lost(void **state)
{
	uint32_t value, expected = 0;
	struct port *port;
	pthread_t thread;

	(void)state;
	assert_int_equal(port_create(&port, sizeof(value), 16), 0);
	assert_int_equal(pthread_create(&thread, NULL, send_all, port), 0);
	while (expected < MESSAGES) {
		/* a lost wake-up would wait here for ever */
		assert_int_equal(is_readable(port, -1), 1);
		port_clear(port);
		while (port_receive(port, &value))
			assert_int_equal(value, expected++);
	}
	pthread_join(thread, NULL);
	port_destroy(port);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_out_of_range_are_refused),
		cmocka_unit_test(messages_come_in_order_and_the_fd_tells_until_it_is_cleared),
		cmocka_unit_test(between_threads_no_message_and_no_wake_up_is_lost),
	};

	return cmocka_run_group_tests_name("port", tests, NULL, NULL);
}
