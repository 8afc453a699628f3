// SPDX-License-Identifier: GPL-2.0
/*
 * flood.c - one wake-up for each started frame, over many frames; for the
 * machine "icount", where the program is always faster than the wire
 *
 * A strip of one pixel: 30 us of data and 280 us of reset a frame.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "kselftest_harness.h"
#include "rig.h"

#define FRAMES		20000
/* far more than a frame takes */
#define LOST_MS		2000

FIXTURE(flood) {
	int fd;
	int epoll;
	uint8_t frame[3];
};

FIXTURE_SETUP(flood)
{
	static const struct rig_strip strip = { 1, "GRB", "ws2812b" };
	struct epoll_event e = { .events = EPOLLOUT | EPOLLIN | EPOLLET };

	ASSERT_EQ(0, mlockall(MCL_CURRENT | MCL_FUTURE));
	rig_load(&strip, 1, 1, NULL);
	self->fd = rig_open(O_WRONLY | O_NONBLOCK);
	self->epoll = epoll_create1(EPOLL_CLOEXEC);
	rig_pattern(self->frame, 3, 1);
	while (write(self->fd, self->frame, 3) == 3)
		;
	ASSERT_EQ(EAGAIN, errno);
	/* Being added tells how things are, not that they changed. */
	ASSERT_EQ(0, epoll_ctl(self->epoll, EPOLL_CTL_ADD, self->fd, &e));
	epoll_wait(self->epoll, &e, 1, 0);
	while (write(self->fd, self->frame, 3) == 3)
		;
	epoll_wait(self->epoll, &e, 1, 0);
}

FIXTURE_TEARDOWN(flood)
{
	rig_unload();
}

static unsigned int frames_wanted(void)
{
	const char *text = getenv("DIUNA_FLOOD_FRAMES");

	return text ? atoi(text) : FRAMES;
}

TEST_F_TIMEOUT(flood, a_writer_that_keeps_the_queue_full_wakes_once_for_each_frame, 3600)
{
	unsigned int frames = frames_wanted();
	struct epoll_event e;

	for (unsigned int i = 0; i < frames; i++) {
		/* none lost */
		ASSERT_EQ(1, epoll_wait(self->epoll, &e, 1, LOST_MS)) {
			TH_LOG("no wake-up after %u frames", i);
		}
		ASSERT_EQ(EPOLLOUT, e.events);
		/* none spurious: a wake-up means room for a whole frame, and for no second one */
		ASSERT_EQ(3, write(self->fd, self->frame, 3)) {
			TH_LOG("woken for nothing after %u frames", i);
		}
		ASSERT_EQ(-1, write(self->fd, self->frame, 3));
		ASSERT_EQ(EAGAIN, errno);
		ASSERT_EQ(0, epoll_wait(self->epoll, &e, 1, 0)) {
			TH_LOG("a second wake-up after %u frames", i);
		}
	}
	/* the two that wait when it ends have not started, or not ended */
	ASSERT_LE(frames, rig_get_number("frames") + 2);
}

TEST_F_TIMEOUT(flood, a_blocked_writer_gets_all_its_frames_through, 3600)
{
	uint8_t frames[300];
	int fd = rig_open(O_RDWR);

	rig_pattern(frames, sizeof(frames), 2);
	for (unsigned int i = 0; i < frames_wanted() / 100; i++)
		ASSERT_EQ(300, write(fd, frames, 300));
	EXPECT_EQ(0, fsync(fd));
}

TEST_F(flood, O_NONBLOCK_calls_make_no_voluntary_context_switch)
{
	struct diuna_completion r;
	struct rusage before, after;
	struct pollfd p = { .fd = self->fd, .events = POLLOUT };
	int fd = rig_open(O_RDWR | O_NONBLOCK);
	unsigned int taken = 0, refused = 0;

	getrusage(RUSAGE_SELF, &before);
	for (int i = 0; i < 20000; i++) {
		ssize_t n = write(i & 1 ? fd : self->fd, self->frame, 3);

		taken += n == 3;
		refused += n == -1 && errno == EAGAIN;
		if (rig_submit(fd, self->frame, 0, 3, i, 0) == 0)
			taken++;
		read(fd, &r, sizeof(r));
		poll(&p, 1, 0);
		fsync(fd);
	}
	getrusage(RUSAGE_SELF, &after);
	/* both cases were there */
	EXPECT_LT(0, taken);
	EXPECT_LT(0, refused);
	EXPECT_EQ(before.ru_nvcsw, after.ru_nvcsw);
}

TEST_HARNESS_MAIN
