// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control of http_lateness.py: nothing but the daemon's frame timer. Sleeps
 * on a timerfd to the instants of a 60 Hz grid and notes how late it wakes up,
 * until SIGTERM; then prints the figures that the daemon tells of itself.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/metrics.h"

#define FPS 60

static int watch(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	return fd < 0 ? -1 : epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

int main(void)
{
	static struct metrics_histogram lateness;
	uint64_t start_ns = clock_now_ns(), frame = 0, deadline_ns, now_ns;
	struct metrics_summary summary;
	struct epoll_event event;
	struct itimerspec when = { 0 };
	int epoll, timer, signals;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	epoll = epoll_create1(0);
	timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	signals = signalfd(-1, &set, 0);
	if (watch(epoll, timer) < 0 || watch(epoll, signals) < 0) {
		perror("timer");
		return EXIT_FAILURE;
	}
	for (;;) {
		/* the next instant that is still to come, as the frame manager skips missed ones */
		frame = (clock_now_ns() - start_ns) * FPS / NSEC_PER_SEC + 1;
		deadline_ns = start_ns + frame * NSEC_PER_SEC / FPS;
		when.it_value.tv_sec = (time_t)(deadline_ns / NSEC_PER_SEC);
		when.it_value.tv_nsec = (long)(deadline_ns % NSEC_PER_SEC);
		timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
		if (epoll_wait(epoll, &event, 1, -1) != 1)
			continue;
		if (event.data.fd == signals)
			break;
		now_ns = clock_now_ns();
		if (now_ns >= deadline_ns)
			metrics_record(&lateness, now_ns - deadline_ns);
	}
	metrics_summarize(&lateness, &summary);
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", summary.count,
	       summary.p50, summary.p99, summary.p999, summary.max);
	return EXIT_SUCCESS;
}
