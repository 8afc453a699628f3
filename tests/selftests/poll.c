// SPDX-License-Identifier: GPL-2.0
/*
 * poll.c - what poll(2) and epoll(7) say, and when they wake
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "rig.h"

/* What holds for a file now, of all that may */
static int state(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT | POLLPRI };

	if (poll(&p, 1, 0) < 0)
		return -errno;
	return p.revents & ~(POLLRDNORM | POLLWRNORM);
}

FIXTURE(poll) {
	int fd;
	int epoll;
	uint8_t frame[RIG_FRAME];
};

FIXTURE_SETUP(poll)
{
	rig_load_usual();
	self->fd = rig_open(O_RDWR | O_NONBLOCK);
	self->epoll = epoll_create1(EPOLL_CLOEXEC);
	rig_pattern(self->frame, RIG_FRAME, 1);
}

FIXTURE_TEARDOWN(poll)
{
	rig_unload();
}

/* Wake-ups are counted by edge-triggered epoll: one event for each, none without. */
static int watch(int epoll, int fd, unsigned int events)
{
	struct epoll_event e = { .events = events | EPOLLET, .data.fd = fd };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
}

static unsigned int events_within(int epoll, int ms)
{
	struct epoll_event e;
	int n = epoll_wait(epoll, &e, 1, ms);

	return n < 0 ? 0xffffffffU : n ? e.events : 0;
}

TEST_F(poll, a_new_file_can_be_written_and_has_nothing_to_read)
{
	EXPECT_EQ(POLLOUT, state(self->fd));
}

TEST_F(poll, POLLOUT_means_that_a_whole_frame_will_be_taken)
{
	rig_hold();
	ASSERT_EQ(POLLOUT, state(self->fd));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(0, state(self->fd));
	ASSERT_EQ(-1, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(EAGAIN, errno);
	ASSERT_EQ(0, state(self->fd));
	/* A started frame changes nothing. */
	ASSERT_EQ(3, write(self->fd, self->frame, 3));
	ASSERT_EQ(0, state(self->fd));
}

TEST_F(poll, POLLOUT_stays_as_long_as_there_is_room)
{
	rig_hold();
	for (int i = 0; i < 3; i++)
		ASSERT_EQ(POLLOUT, state(self->fd));
	ASSERT_EQ(3, write(self->fd, self->frame, 3));
	ASSERT_EQ(POLLOUT, state(self->fd));
}

TEST_F(poll, POLLIN_means_that_records_wait)
{
	struct diuna_completion records[2];

	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_wait_frames(1);
	ASSERT_EQ(1, poll(&(struct pollfd){ .fd = self->fd, .events = POLLIN }, 1, -1));
	ASSERT_EQ(POLLIN | POLLOUT, state(self->fd));
	ASSERT_EQ(POLLIN | POLLOUT, state(self->fd));
	ASSERT_EQ((ssize_t)sizeof(*records), read(self->fd, records, sizeof(records)));
	ASSERT_EQ(POLLOUT, state(self->fd));
}

TEST_F(poll, a_file_open_for_writing_only_never_has_POLLIN)
{
	int fd = rig_open(O_WRONLY), reader = rig_open(O_RDWR);

	ASSERT_EQ(RIG_FRAME, write(fd, self->frame, RIG_FRAME));
	/* in order: when the second has ended, so has the first */
	ASSERT_EQ(RIG_FRAME, write(reader, self->frame, RIG_FRAME));
	rig_read(reader);
	EXPECT_EQ(POLLOUT, state(fd));
}

TEST_F(poll, a_file_open_for_reading_only_never_has_POLLOUT)
{
	EXPECT_EQ(0, state(rig_open(O_RDONLY)));
}

static int wait_for_room(void *arg)
{
	FIXTURE_DATA(poll) *self = arg;
	struct pollfd p = { .fd = self->fd, .events = POLLOUT };

	return poll(&p, 1, -1) == 1 && p.revents == POLLOUT &&
		write(self->fd, self->frame, RIG_FRAME) == RIG_FRAME ? 0 : 1;
}

TEST_F(poll, a_waiting_writer_is_woken_when_room_comes)
{
	pid_t child;

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	child = rig_spawn(wait_for_room, self);
	rig_wait_blocked(child, SYS_poll);
	rig_release();
	EXPECT_EQ(0, rig_join(child));
	rig_wait_frames(3);
}

static int wait_for_records(void *arg)
{
	FIXTURE_DATA(poll) *self = arg;
	struct pollfd p = { .fd = self->fd, .events = POLLIN };

	return poll(&p, 1, -1) == 1 && p.revents == POLLIN && rig_read(self->fd).seq == 2 ? 0 : 1;
}

TEST_F(poll, a_waiting_reader_is_woken_when_a_record_comes)
{
	pid_t child;

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	child = rig_spawn(wait_for_records, self);
	rig_wait_blocked(child, SYS_poll);
	rig_release();
	EXPECT_EQ(0, rig_join(child));
}

TEST_F(poll, one_wake_up_for_each_started_frame)
{
	int writer = rig_open(O_WRONLY | O_NONBLOCK);

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(writer, self->frame, RIG_FRAME));
	ASSERT_EQ(0, watch(self->epoll, writer, EPOLLOUT | EPOLLIN));
	ASSERT_EQ(0, events_within(self->epoll, 0));
	for (int i = 0; i < 50; i++) {
		rig_release();
		ASSERT_EQ(EPOLLOUT, events_within(self->epoll, -1));
		rig_wait_frames(2 + i);
		/* Its end is no news for who writes. */
		ASSERT_EQ(0, events_within(self->epoll, 0));
		ASSERT_EQ(0, rig_set("frame_interval_us", "10000000"));
		ASSERT_EQ(RIG_FRAME, write(writer, self->frame, RIG_FRAME));
		ASSERT_EQ(0, events_within(self->epoll, 0));
		/* Being refused is none either. */
		ASSERT_EQ(-1, write(writer, self->frame, RIG_FRAME));
		ASSERT_EQ(EAGAIN, errno);
		ASSERT_EQ(0, events_within(self->epoll, 0));
	}
}

TEST_F(poll, a_record_wakes_only_the_readers_of_its_file)
{
	int other = rig_open(O_RDWR | O_NONBLOCK);

	rig_hold();
	ASSERT_EQ(0, watch(self->epoll, other, EPOLLIN));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_release();
	rig_wait_frames(2);
	ASSERT_EQ(1, poll(&(struct pollfd){ .fd = self->fd, .events = POLLIN }, 1, -1));
	/* Neither the freed room nor the other's record is for EPOLLIN here. */
	EXPECT_EQ(0, events_within(self->epoll, 0));
	ASSERT_EQ(RIG_FRAME, write(other, self->frame, RIG_FRAME));
	EXPECT_EQ(EPOLLIN, events_within(self->epoll, -1));
}

TEST_F(poll, freed_room_does_not_wake_who_waits_for_records)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLET, .data.fd = self->fd };

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(0, epoll_ctl(self->epoll, EPOLL_CTL_ADD, self->fd, &e));
	rig_release();
	/* One event, its record's, although room came before it */
	ASSERT_EQ(EPOLLIN, events_within(self->epoll, -1));
	rig_wait_frames(2);
	EXPECT_EQ(0, events_within(self->epoll, 0));
}

TEST_F(poll, a_removed_device_has_POLLHUP_and_POLLERR)
{
	rig_unbind("diuna");
	EXPECT_EQ(POLLHUP | POLLERR, state(self->fd) & ~(POLLIN | POLLOUT));
}

static int wait_for_removal(void *arg)
{
	FIXTURE_DATA(poll) *self = arg;
	struct pollfd p = { .fd = self->fd, .events = 0 };

	return poll(&p, 1, -1) == 1 && p.revents == (POLLHUP | POLLERR) ? 0 : 1;
}

TEST_F(poll, removal_wakes_who_waits_for_nothing_else)
{
	pid_t child = rig_spawn(wait_for_removal, self);

	rig_wait_blocked(child, SYS_poll);
	rig_unbind("diuna");
	EXPECT_EQ(0, rig_join(child));
}

TEST_F(poll, removal_wakes_who_waits_for_room)
{
	struct epoll_event e;

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(0, watch(self->epoll, self->fd, EPOLLOUT));
	rig_unbind("diuna");
	ASSERT_EQ(1, epoll_wait(self->epoll, &e, 1, -1));
	EXPECT_EQ(EPOLLHUP | EPOLLERR, e.events & (EPOLLHUP | EPOLLERR));
}

/* Holds the file for a moment again and again, without a frame: each begun one is dropped */
static int begin_and_drop(void *arg)
{
	int fd = *(int *)arg;

	for (;;) {
		write(fd, "\1\2\3\4", 4);
		fsync(fd);
	}
	return 0;
}

TEST_F(poll, who_was_refused_for_another_thread_of_the_same_file_is_woken)
{
	int64_t end = rig_now() + 20000000000LL;
	unsigned int refused = 0;
	pid_t child;

	/* A whole frame was written: what is only begun is not shown. */
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_wait_frames(1);
	ASSERT_EQ(0, watch(self->epoll, self->fd, EPOLLOUT));
	child = rig_spawn(begin_and_drop, &self->fd);
	while (refused < 100 && rig_now() < end) {
		/* The wire is idle: nothing but the other's leaving can wake us. */
		long long sent = rig_get_number("frames");

		while (events_within(self->epoll, 0))
			;
		if (rig_submit(self->fd, self->frame, 0, RIG_FRAME, 0, 0) == 0) {
			while (rig_get_number("frames") == sent && rig_now() < end)
				;
			continue;
		}
		ASSERT_EQ(EAGAIN, errno);
		refused++;
		ASSERT_EQ(EPOLLOUT, events_within(self->epoll, 5000)) {
			TH_LOG("not woken after the %u-th time", refused);
		}
	}
	EXPECT_LT(0, refused);
	ASSERT_EQ(0, kill(child, SIGKILL));
	rig_join(child);
}

TEST_HARNESS_MAIN
