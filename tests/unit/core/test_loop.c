// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * core/loop.h. Nothing here depends on how fast the machine is: timers are
 * asserted to be never early and to come in order, callbacks are counted.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/loop.h"

#define LONG_NS (3600 * NSEC_PER_SEC)

static struct loop *loop;
static char trace[64];
static int fds[8];

static int setup(void **state)
{
	int i;

	(void)state;
	trace[0] = '\0';
	for (i = 0; i < 8; i++)
		fds[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	return loop_create(&loop, "test");
}

static int teardown(void **state)
{
	int i;

	(void)state;
	loop = loop_destroy(loop);
	for (i = 0; i < 8; i++)
		close(fds[i]);
	return 0;
}

static void note(char letter)
{
	size_t length = strlen(trace);

	assert_true(length + 1 < sizeof(trace));
	trace[length] = letter;
	trace[length + 1] = '\0';
}

static void make_readable(int fd)
{
	assert_int_equal(eventfd_write(fd, 1), 0);
}

static int on_end(struct loop_source *source, void *data)
{
	(void)source;
	(void)data;
	loop_exit(loop, 0);
	return 0;
}

/* Run until nothing is left to do: the last to be served ends the loop. */
static void run_all(void)
{
	struct loop_source *end;

	assert_int_equal(loop_add_defer(loop, &end, "end", LOOP_HOUSEKEEPING + 1, on_end, NULL), 0);
	loop_defer(end);
	assert_int_equal(loop_run(loop), 0);
	loop_source_remove(end);
}

/* @data: the letter; the fd is cleared */
static int on_note(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	eventfd_t count;

	(void)source;
	(void)revents;
	eventfd_read(fd, &count);
	note(*(const char *)data);
	return 0;
}

static struct loop_source *add_io(int fd, enum loop_priority priority, loop_io_fn fn,
				  const char *letter)
{
	struct loop_source *source;

	assert_int_equal(
		loop_add_io(loop, &source, "io", priority, fd, EPOLLIN, fn, (void *)letter), 0);
	return source;
}

static int on_exit_7(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	(void)source;
	(void)fd;
	(void)revents;
	(void)data;
	loop_exit(loop, 7);
	note('x');
	return 0;
}

static void run_returns_the_code_of_exit_and_may_be_called_again(void **state)
{
	(void)state;
	add_io(fds[0], LOOP_INPUT, on_exit_7, NULL);
	make_readable(fds[0]);
	assert_int_equal(loop_run(loop), 7);
	assert_int_equal(loop_run(loop), 7);
	assert_string_equal(trace, "xx");
}

static void an_exit_before_the_run_ends_it_at_once(void **state)
{
	(void)state;
	loop_exit(loop, 3);
	assert_int_equal(loop_run(loop), 3);
}

static void the_more_urgent_of_several_ready_sources_is_served_first(void **state)
{
	(void)state;
	add_io(fds[0], LOOP_HOUSEKEEPING, on_note, "f");
	add_io(fds[1], LOOP_NETWORK, on_note, "e");
	add_io(fds[2], LOOP_COMMAND, on_note, "d");
	add_io(fds[3], LOOP_INPUT, on_note, "c");
	add_io(fds[4], LOOP_DEVICE, on_note, "b");
	add_io(fds[5], LOOP_FRAME, on_note, "a");
	for (int i = 0; i < 6; i++)
		make_readable(fds[i]);
	run_all();
	assert_string_equal(trace, "abcdef");
}

static uint32_t seen_revents;
static int seen_fd;

static int on_revents(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	(void)source;
	(void)data;
	seen_revents = revents;
	seen_fd = fd;
	loop_exit(loop, 0);
	return 0;
}

static void io_gets_its_fd_and_what_epoll_said(void **state)
{
	struct loop_source *source;

	(void)state;
	/* an eventfd is writable while its counter is below its limit: eventfd(2) */
	assert_int_equal(loop_add_io(loop, &source, "io", LOOP_INPUT, fds[0], EPOLLIN | EPOLLOUT,
				     on_revents, NULL),
			 0);
	loop_run(loop);
	assert_int_equal(seen_revents, EPOLLOUT);
	make_readable(fds[0]);
	loop_run(loop);
	assert_int_equal(seen_revents, EPOLLIN | EPOLLOUT);
	assert_int_equal(seen_fd, fds[0]);
}

static void no_events_switch_an_io_source_off_and_others_on_again(void **state)
{
	struct loop_source *source = add_io(fds[0], LOOP_INPUT, on_note, "a");

	(void)state;
	make_readable(fds[0]);
	assert_int_equal(loop_io_set_events(source, 0), 0);
	assert_int_equal(loop_io_set_events(source, 0), 0);
	run_all();
	assert_string_equal(trace, "");
	assert_int_equal(loop_io_set_events(source, EPOLLIN), 0);
	run_all();
	assert_string_equal(trace, "a");
}

static void other_events_are_waited_for_from_then_on(void **state)
{
	struct loop_source *source;

	(void)state;
	assert_int_equal(
		loop_add_io(loop, &source, "io", LOOP_INPUT, fds[0], EPOLLIN, on_revents, NULL), 0);
	make_readable(fds[0]);
	assert_int_equal(loop_io_set_events(source, EPOLLOUT), 0);
	loop_run(loop);
	assert_int_equal(seen_revents, EPOLLOUT);
}

static int count_and_stop(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	(void)fd;
	(void)revents;
	(void)data;
	note('h');
	return loop_io_set_events(source, 0);
}

static void a_hang_up_does_not_reach_a_source_without_events(void **state)
{
	struct loop_source *source;
	int pipes[2];

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(loop_add_io(loop, &source, "off", LOOP_INPUT, pipes[0], 0, count_and_stop,
				     NULL),
			 0);
	close(pipes[1]);
	run_all();
	assert_string_equal(trace, "");
	loop_io_set_events(source, EPOLLIN);
	run_all();
	run_all();
	assert_string_equal(trace, "h");
	loop_source_remove(source);
	close(pipes[0]);
}

static void edge_triggered_events_are_refused(void **state)
{
	struct loop_source *source = NULL;

	(void)state;
	assert_int_equal(loop_add_io(loop, &source, "io", LOOP_INPUT, fds[0], EPOLLIN | EPOLLET,
				     on_note, NULL),
			 -EINVAL);
	assert_null(source);
	source = add_io(fds[0], LOOP_INPUT, on_note, "a");
	assert_int_equal(loop_io_set_events(source, EPOLLIN | EPOLLET), -EINVAL);
}

static void a_bad_descriptor_is_refused(void **state)
{
	struct loop_source *source = NULL;
	int fd = dup(fds[0]);

	(void)state;
	close(fd);
	assert_int_equal(loop_add_io(loop, &source, "io", LOOP_INPUT, fd, EPOLLIN, on_note, NULL),
			 -EBADF);
	assert_null(source);
	assert_int_equal(loop_stats(loop, NULL, 0), 0);
}

static int on_remove_itself(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	(void)fd;
	(void)revents;
	note(*(const char *)data);
	assert_null(loop_source_remove(source));
	/* also what would be an error on one that is there does nothing now */
	assert_int_equal(loop_io_set_events(source, EPOLLOUT), 0);
	assert_null(loop_source_remove(source));
	return -EIO;
}

static void a_source_may_remove_itself_in_its_callback(void **state)
{
	(void)state;
	add_io(fds[0], LOOP_INPUT, on_remove_itself, "r");
	make_readable(fds[0]);
	run_all();
	run_all();
	assert_string_equal(trace, "r");
	assert_int_equal(loop_stats(loop, NULL, 0), 0);
}

static struct loop_source *other;

static int on_remove_other(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	on_note(source, fd, revents, data);
	other = loop_source_remove(other);
	return 0;
}

static void a_source_that_is_ready_and_removed_by_another_is_not_called(void **state)
{
	(void)state;
	add_io(fds[0], LOOP_DEVICE, on_remove_other, "a");
	other = add_io(fds[1], LOOP_INPUT, on_note, "b");
	make_readable(fds[0]);
	make_readable(fds[1]);
	run_all();
	assert_string_equal(trace, "a");
	assert_null(loop_source_remove(NULL));
}

static int on_fail(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	(void)source;
	(void)fd;
	(void)revents;
	note(*(const char *)data);
	return -EIO;
}

static void a_callback_that_fails_switches_its_source_off_and_no_other(void **state)
{
	struct loop_source *source = add_io(fds[0], LOOP_DEVICE, on_fail, "f");

	(void)state;
	add_io(fds[1], LOOP_INPUT, on_note, "n");
	make_readable(fds[0]); /* stays readable */
	make_readable(fds[1]);
	run_all();
	make_readable(fds[1]);
	run_all();
	assert_string_equal(trace, "fnn");
	/* its owner may switch it on again */
	loop_io_set_events(source, EPOLLIN);
	run_all();
	assert_string_equal(trace, "fnnf");
}

static void on_failure(const char *source, int error, void *data)
{
	assert_string_equal(source, "io");
	assert_int_equal(error, -EIO);
	note(*(const char *)data);
}

static void a_failure_is_told_after_its_callback_and_once(void **state)
{
	(void)state;
	loop_set_on_failure(loop, on_failure, (void *)"!");
	add_io(fds[0], LOOP_DEVICE, on_fail, "f");
	add_io(fds[1], LOOP_INPUT, on_note, "n");
	make_readable(fds[0]);
	make_readable(fds[1]);
	run_all();
	assert_string_equal(trace, "f!n");
}

static uint64_t deadline_ns;
static int timer_calls;

static int on_timer(struct loop_source *source, uint64_t now_ns, void *data)
{
	(void)source;
	(void)data;
	assert_true(now_ns >= deadline_ns);
	assert_true(now_ns <= clock_now_ns());
	timer_calls++;
	return 0;
}

static int on_timer_end(struct loop_source *source, uint64_t now_ns, void *data)
{
	(void)source;
	(void)now_ns;
	(void)data;
	loop_exit(loop, 0);
	return 0;
}

static struct loop_source *add_timer(enum loop_priority priority, loop_timer_fn fn)
{
	struct loop_source *source;

	timer_calls = 0;
	assert_int_equal(loop_add_timer(loop, &source, "timer", priority, fn, NULL), 0);
	return source;
}

static void a_timer_fires_once_and_never_early(void **state)
{
	struct loop_source *timer = add_timer(LOOP_FRAME, on_timer);
	struct loop_source *end = add_timer(LOOP_HOUSEKEEPING, on_timer_end);

	(void)state;
	deadline_ns = clock_now_ns() + 2 * NSEC_PER_MSEC;
	assert_int_equal(loop_timer_set(timer, deadline_ns), 0);
	assert_int_equal(loop_timer_set(end, deadline_ns + 5 * NSEC_PER_MSEC), 0);
	loop_run(loop);
	assert_int_equal(timer_calls, 1);
}

static void a_timer_that_is_not_set_does_not_fire(void **state)
{
	(void)state;
	add_timer(LOOP_FRAME, on_timer);
	run_all();
	assert_int_equal(timer_calls, 0);
}

static void a_deadline_in_the_past_fires_at_once(void **state)
{
	struct loop_source *timer = add_timer(LOOP_FRAME, on_timer_end);

	(void)state;
	assert_int_equal(loop_timer_set(timer, 1), 0);
	assert_int_equal(loop_run(loop), 0);
}

static void zero_disarms_a_timer(void **state)
{
	struct loop_source *timer = add_timer(LOOP_FRAME, on_timer);

	(void)state;
	deadline_ns = 0;
	loop_timer_set(timer, 1);
	loop_timer_set(timer, 0);
	run_all();
	assert_int_equal(timer_calls, 0);
}

static int on_tick(struct loop_source *source, uint64_t now_ns, void *data)
{
	(void)data;
	assert_true(now_ns >= deadline_ns);
	if (++timer_calls == 100) {
		loop_exit(loop, 0);
		return 0;
	}
	/* every third one is already past when it is set */
	deadline_ns += timer_calls % 3 ? 200 * NSEC_PER_USEC : 1;
	return loop_timer_set(source, deadline_ns);
}

static void a_timer_set_in_its_own_callback_fires_again(void **state)
{
	struct loop_source *timer = add_timer(LOOP_FRAME, on_tick);

	(void)state;
	deadline_ns = clock_now_ns();
	loop_timer_set(timer, deadline_ns);
	loop_run(loop);
	assert_int_equal(timer_calls, 100);
}

static struct loop_source *late_timer;

static int on_set_late(struct loop_source *source, uint64_t now_ns, void *data)
{
	(void)source;
	(void)data;
	note('s');
	return loop_timer_set(late_timer, now_ns + LONG_NS);
}

static int on_disarm_late(struct loop_source *source, uint64_t now_ns, void *data)
{
	(void)source;
	(void)now_ns;
	(void)data;
	note('d');
	return loop_timer_set(late_timer, 0);
}

static void a_timer_that_expired_but_was_set_later_or_disarmed_meanwhile_is_not_called(void **state)
{
	struct loop_source *first = add_timer(LOOP_FRAME, on_set_late);
	struct loop_source *second;

	(void)state;
	late_timer = add_timer(LOOP_DEVICE, on_timer);
	loop_timer_set(late_timer, 1);
	loop_timer_set(first, 1);
	run_all();
	assert_string_equal(trace, "s");
	assert_int_equal(timer_calls, 0);

	second = add_timer(LOOP_FRAME, on_disarm_late);
	loop_timer_set(late_timer, 1);
	loop_timer_set(second, 1);
	run_all();
	assert_string_equal(trace, "sd");
	assert_int_equal(timer_calls, 0);

	/* and it still works */
	deadline_ns = 1;
	loop_timer_set(late_timer, 1);
	run_all();
	assert_int_equal(timer_calls, 1);
}

static int on_timer_gone(struct loop_source *source, uint64_t now_ns, void *data)
{
	(void)now_ns;
	(void)data;
	timer_calls++;
	loop_timer_set(source, 1);
	loop_source_remove(source);
	assert_int_equal(loop_timer_set(source, 1), 0);
	return 0;
}

static void a_timer_may_remove_itself(void **state)
{
	struct loop_source *timer = add_timer(LOOP_FRAME, on_timer_gone);

	(void)state;
	loop_timer_set(timer, 1);
	run_all();
	run_all();
	assert_int_equal(timer_calls, 1);
}

static int on_timer_fail(struct loop_source *source, uint64_t now_ns, void *data)
{
	(void)data;
	timer_calls++;
	loop_timer_set(source, now_ns);
	return -EIO;
}

static void a_timer_that_fails_is_disarmed(void **state)
{
	struct loop_source *timer = add_timer(LOOP_FRAME, on_timer_fail);

	(void)state;
	loop_timer_set(timer, 1);
	run_all();
	run_all();
	assert_int_equal(timer_calls, 1);
}

static int on_signal(struct loop_source *source, int signo, void *data)
{
	(void)source;
	(void)data;
	assert_int_equal(signo, SIGUSR1);
	note('u');
	loop_exit(loop, 0);
	return 0;
}

static void a_signal_is_blocked_and_given_to_its_callback(void **state)
{
	struct loop_source *source;
	sigset_t mask;

	(void)state;
	assert_int_equal(loop_add_signal(loop, &source, "usr1", SIGUSR1, on_signal, NULL), 0);
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	assert_int_equal(sigismember(&mask, SIGUSR1), 1);
	raise(SIGUSR1); /* would end the process */
	loop_run(loop);
	assert_string_equal(trace, "u");
}

static struct loop_source *deferred;

static int on_defer(struct loop_source *source, void *data)
{
	(void)source;
	note(*(const char *)data);
	return 0;
}

static int on_defer_then_note(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	loop_defer(deferred);
	loop_defer(deferred);
	return on_note(source, fd, revents, data);
}

static void a_deferred_source_runs_once_after_the_present_callback(void **state)
{
	(void)state;
	loop_add_defer(loop, &deferred, "defer", LOOP_FRAME, on_defer, (char[]){ 'd' });
	add_io(fds[0], LOOP_INPUT, on_defer_then_note, "a");
	run_all();
	assert_string_equal(trace, "");
	make_readable(fds[0]);
	run_all();
	assert_string_equal(trace, "ad");
	run_all();
	assert_string_equal(trace, "ad");
}

static int on_defer_again(struct loop_source *source, void *data)
{
	note(*(const char *)data);
	return strlen(trace) < 3 ? loop_defer(source) : 0;
}

static void a_deferred_source_may_defer_itself_again(void **state)
{
	(void)state;
	loop_add_defer(loop, &deferred, "defer", LOOP_FRAME, on_defer_again, (char[]){ 'd' });
	loop_defer(deferred);
	run_all();
	assert_string_equal(trace, "ddd");
}

static int on_slow(struct loop_source *source, void *data)
{
	uint64_t end_ns = clock_now_ns() + 2 * LOOP_STALL_NS;

	(void)source;
	(void)data;
	while (clock_now_ns() < end_ns)
		;
	return 0;
}

static void a_callback_over_a_millisecond_counts_as_a_stall_of_its_source(void **state)
{
	struct loop_source_stats stats[3];
	struct loop_stalled stalled[3];
	struct loop_source *source;

	(void)state;
	assert_int_equal(LOOP_STALL_NS, 1000000);
	loop_add_defer(loop, &source, "idle", LOOP_FRAME, on_slow, NULL);
	loop_add_defer(loop, &source, "slow", LOOP_FRAME, on_slow, NULL);
	assert_int_equal(loop_stalls(loop), 0);
	loop_defer(source);
	run_all();
	assert_int_equal(loop_stats(loop, stats, 3), 2);
	assert_string_equal(stats[0].name, "idle");
	assert_int_equal(stats[0].calls, 0);
	assert_int_equal(stats[0].stalls, 0);
	assert_int_equal(stats[0].longest_ns, 0);
	assert_string_equal(stats[1].name, "slow");
	assert_int_equal(stats[1].calls, 1);
	assert_int_equal(stats[1].stalls, 1);
	assert_true(stats[1].longest_ns >= 2 * LOOP_STALL_NS);
	assert_true(loop_stalls(loop) >= 1);
	/* told to other threads too, and still when the source is gone */
	loop_source_remove(source);
	assert_int_equal(loop_stalled(loop, stalled, 3), 1);
	assert_string_equal(stalled[0].name, "slow");
	assert_int_equal(stalled[0].stalls, 1);
	assert_true(stalled[0].longest_ns >= 2 * LOOP_STALL_NS);
	assert_int_equal(loop_stalled(loop, stalled, 0), 0);
	loop_add_defer(loop, &source, "slow", LOOP_FRAME, on_slow, NULL);
	loop_defer(source);
	run_all();
	/* by name: the next one of the same goes on counting */
	assert_int_equal(loop_stalled(loop, stalled, 3), 1);
	assert_int_equal(stalled[0].stalls, 2);
	/* fewer places than sources: told how many there are */
	assert_int_equal(loop_stats(loop, stats, 1), 2);
}

static void a_loop_has_at_most_its_number_of_sources(void **state)
{
	struct loop_source *source, *extra = NULL;
	int i;

	(void)state;
	for (i = 0; i < LOOP_MAX_SOURCES; i++)
		assert_int_equal(loop_add_defer(loop, &source, "d", LOOP_FRAME, on_defer, NULL), 0);
	assert_int_equal(loop_add_defer(loop, &extra, "d", LOOP_FRAME, on_defer, NULL), -ENOSPC);
	assert_int_equal(loop_add_timer(loop, &extra, "t", LOOP_FRAME, on_timer, NULL), -ENOSPC);
	assert_int_equal(loop_add_io(loop, &extra, "i", LOOP_FRAME, fds[0], EPOLLIN, on_note, NULL),
			 -ENOSPC);
	assert_int_equal(loop_add_signal(loop, &extra, "s", SIGUSR2, on_signal, NULL), -ENOSPC);
	assert_null(extra);
	loop_source_remove(source);
	assert_int_equal(loop_add_timer(loop, &extra, "t", LOOP_FRAME, on_timer, NULL), 0);
}

static int alive_calls, alive_until;

static bool is_alive(void *data)
{
	assert_ptr_equal(data, &alive_calls);
	if (++alive_calls == 5)
		loop_exit(loop, 0);
	return alive_calls <= alive_until;
}

/* The socket of sd_notify(3) with a name that the kernel picks. */
static int notify_socket(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t length = sizeof(address);
	char name[sizeof(address.sun_path) + 1];
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(sa_family_t)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	snprintf(name, sizeof(name), "@%.*s",
		 (int)(length - offsetof(struct sockaddr_un, sun_path) - 1), address.sun_path + 1);
	setenv("NOTIFY_SOCKET", name, 1);
	return fd;
}

static void the_watchdog_is_fed_only_while_alive(void **state)
{
	int fd = notify_socket(), fed = 0;
	char text[64];
	ssize_t n;

	(void)state;
	setenv("WATCHDOG_USEC", "2000", 1);
	unsetenv("WATCHDOG_PID");
	alive_calls = 0;
	alive_until = 3;
	assert_int_equal(loop_watchdog(loop, is_alive, &alive_calls), 0);
	loop_run(loop);
	unsetenv("WATCHDOG_USEC");
	unsetenv("NOTIFY_SOCKET");
	while ((n = recv(fd, text, sizeof(text) - 1, 0)) > 0) {
		text[n] = '\0';
		assert_string_equal(text, "WATCHDOG=1");
		fed++;
	}
	close(fd);
	/* asked five times, alive in the first three */
	assert_int_equal(alive_calls, 5);
	assert_int_equal(fed, 3);
}

static void without_a_watchdog_there_is_no_timer_for_it(void **state)
{
	(void)state;
	unsetenv("WATCHDOG_USEC");
	assert_int_equal(loop_watchdog(loop, is_alive, &alive_calls), 0);
	assert_int_equal(loop_stats(loop, NULL, 0), 0);
}

static void destroying_frees_what_is_left_and_nothing_is_fine(void **state)
{
	(void)state;
	add_io(fds[0], LOOP_INPUT, on_note, "a");
	loop_timer_set(add_timer(LOOP_FRAME, on_timer), 1);
	loop_add_defer(loop, &deferred, "defer", LOOP_FRAME, on_defer, (char[]){ 'd' });
	loop_defer(deferred);
	/* teardown destroys it; the leak checker looks */
	assert_null(loop_destroy(NULL));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(run_returns_the_code_of_exit_and_may_be_called_again),
		TEST(an_exit_before_the_run_ends_it_at_once),
		TEST(the_more_urgent_of_several_ready_sources_is_served_first),
		TEST(io_gets_its_fd_and_what_epoll_said),
		TEST(no_events_switch_an_io_source_off_and_others_on_again),
		TEST(other_events_are_waited_for_from_then_on),
		TEST(a_hang_up_does_not_reach_a_source_without_events),
		TEST(edge_triggered_events_are_refused),
		TEST(a_bad_descriptor_is_refused),
		TEST(a_source_may_remove_itself_in_its_callback),
		TEST(a_source_that_is_ready_and_removed_by_another_is_not_called),
		TEST(a_callback_that_fails_switches_its_source_off_and_no_other),
		TEST(a_failure_is_told_after_its_callback_and_once),
		TEST(a_timer_fires_once_and_never_early),
		TEST(a_timer_that_is_not_set_does_not_fire),
		TEST(a_deadline_in_the_past_fires_at_once),
		TEST(zero_disarms_a_timer),
		TEST(a_timer_set_in_its_own_callback_fires_again),
		TEST(a_timer_that_expired_but_was_set_later_or_disarmed_meanwhile_is_not_called),
		TEST(a_timer_may_remove_itself),
		TEST(a_timer_that_fails_is_disarmed),
		TEST(a_signal_is_blocked_and_given_to_its_callback),
		TEST(a_deferred_source_runs_once_after_the_present_callback),
		TEST(a_deferred_source_may_defer_itself_again),
		TEST(a_callback_over_a_millisecond_counts_as_a_stall_of_its_source),
		TEST(a_loop_has_at_most_its_number_of_sources),
		TEST(the_watchdog_is_fed_only_while_alive),
		TEST(without_a_watchdog_there_is_no_timer_for_it),
		TEST(destroying_frees_what_is_left_and_nothing_is_fine),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
