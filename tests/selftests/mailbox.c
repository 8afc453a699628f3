// SPDX-License-Identifier: GPL-2.0
/*
 * mailbox.c - SET_MODE: what a MAILBOX frame may replace and what not
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "rig.h"

FIXTURE(mailbox) {
	int mail;
	int fifo;
	uint8_t frame[4][RIG_FRAME];
};

FIXTURE_SETUP(mailbox)
{
	rig_load_usual();
	self->mail = rig_open(O_RDWR | O_NONBLOCK);
	rig_mailbox(self->mail);
	self->fifo = rig_open(O_RDWR | O_NONBLOCK);
	for (int i = 0; i < 4; i++)
		rig_pattern(self->frame[i], RIG_FRAME, i);
	rig_hold();
}

FIXTURE_TEARDOWN(mailbox)
{
	rig_unload();
}

static struct pollfd state(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	poll(&p, 1, 0);
	return p;
}

TEST_F(mailbox, a_newer_frame_takes_the_place_of_one_that_waits)
{
	struct diuna_completion r;

	ASSERT_EQ(RIG_FRAME, write(self->mail, self->frame[1], RIG_FRAME));
	ASSERT_EQ(RIG_FRAME, write(self->mail, self->frame[2], RIG_FRAME));
	r = rig_read(self->mail);
	EXPECT_EQ(2, r.seq);
	EXPECT_EQ(-ECANCELED, r.status);
	EXPECT_EQ(0, r.started_ns);
	EXPECT_LE(r.queued_ns, r.done_ns);
	EXPECT_EQ(1, rig_get_number("dropped"));
	rig_release();
	rig_wait_frames(2);
	EXPECT_TRUE(rig_shown(2, self->frame[2], RIG_FRAME));
	EXPECT_EQ(3, rig_frame(2)->seq);
	ASSERT_EQ(0, fcntl(self->mail, F_SETFL, 0));
	r = rig_read(self->mail);
	EXPECT_EQ(3, r.seq);
	EXPECT_EQ(0, r.status);
}

TEST_F(mailbox, a_frame_of_another_MAILBOX_file_is_replaced_too)
{
	int other = rig_open(O_RDWR | O_NONBLOCK);

	rig_mailbox(other);
	ASSERT_EQ(RIG_FRAME, write(self->mail, self->frame[1], RIG_FRAME));
	ASSERT_EQ(RIG_FRAME, write(other, self->frame[2], RIG_FRAME));
	/* The record goes to whose frame it was. */
	EXPECT_EQ(-ECANCELED, rig_read(self->mail).status);
	rig_release();
	rig_wait_frames(2);
	EXPECT_TRUE(rig_shown(2, self->frame[2], RIG_FRAME));
}

TEST_F(mailbox, a_FIFO_frame_is_never_replaced)
{
	ASSERT_EQ(RIG_FRAME, write(self->fifo, self->frame[1], RIG_FRAME));
	ASSERT_EQ(-1, write(self->mail, self->frame[2], RIG_FRAME));
	ASSERT_EQ(EAGAIN, errno);
	rig_release();
	rig_wait_frames(2);
	EXPECT_TRUE(rig_shown(2, self->frame[1], RIG_FRAME));
	EXPECT_EQ(0, rig_get_number("dropped"));
}

TEST_F(mailbox, a_FIFO_frame_does_not_replace_one_of_a_MAILBOX_file)
{
	ASSERT_EQ(RIG_FRAME, write(self->mail, self->frame[1], RIG_FRAME));
	ASSERT_EQ(-1, write(self->fifo, self->frame[2], RIG_FRAME));
	ASSERT_EQ(EAGAIN, errno);
	rig_release();
	rig_wait_frames(2);
	EXPECT_TRUE(rig_shown(2, self->frame[1], RIG_FRAME));
	EXPECT_EQ(0, rig_get_number("dropped"));
}

TEST_F(mailbox, POLLOUT_knows_what_would_be_replaced)
{
	ASSERT_EQ(RIG_FRAME, write(self->mail, self->frame[1], RIG_FRAME));
	EXPECT_EQ(POLLOUT, state(self->mail).revents);
	EXPECT_EQ(0, state(self->fifo).revents);
	rig_release();
	rig_wait_frames(2);
	ASSERT_EQ(0, rig_set("frame_interval_us", "10000000"));
	ASSERT_EQ(RIG_FRAME, write(self->fifo, self->frame[1], RIG_FRAME));
	EXPECT_EQ(0, state(self->mail).revents);
	EXPECT_EQ(0, state(self->fifo).revents);
}

static int write_blocking(void *arg)
{
	FIXTURE_DATA(mailbox) *self = arg;

	return write(self->mail, self->frame[2], RIG_FRAME) == RIG_FRAME ? 0 : 1;
}

TEST_F(mailbox, a_blocking_MAILBOX_writer_waits_behind_a_FIFO_frame)
{
	pid_t child;

	ASSERT_EQ(0, fcntl(self->mail, F_SETFL, 0));
	ASSERT_EQ(RIG_FRAME, write(self->fifo, self->frame[1], RIG_FRAME));
	child = rig_spawn(write_blocking, self);
	rig_wait_blocked(child, SYS_write);
	rig_release();
	ASSERT_EQ(0, rig_join(child));
	rig_wait_frames(3);
	EXPECT_TRUE(rig_shown(2, self->frame[1], RIG_FRAME));
	EXPECT_TRUE(rig_shown(3, self->frame[2], RIG_FRAME));
}

TEST_F(mailbox, a_flood_never_waits_and_the_last_frame_shows)
{
	uint8_t frame[RIG_FRAME];

	for (int i = 0; i < 1000; i++) {
		rig_pattern(frame, RIG_FRAME, i);
		ASSERT_EQ(RIG_FRAME, write(self->mail, frame, RIG_FRAME));
	}
	/* All but the last were replaced. */
	EXPECT_EQ(999, rig_get_number("dropped"));
	rig_release();
	rig_wait_frames(2);
	EXPECT_TRUE(rig_shown(2, frame, RIG_FRAME));
	EXPECT_EQ(1001, rig_frame(2)->seq);
	EXPECT_EQ(NULL, rig_frame(3));
}

TEST_F(mailbox, one_write_of_many_frames_shows_the_last)
{
	ASSERT_EQ(4 * RIG_FRAME, write(self->mail, self->frame, 4 * RIG_FRAME));
	EXPECT_EQ(3, rig_get_number("dropped"));
	rig_release();
	rig_wait_frames(2);
	EXPECT_TRUE(rig_shown(2, self->frame[3], RIG_FRAME));
}

TEST_F(mailbox, the_mode_belongs_to_the_open_file)
{
	int copy = dup(self->mail), other = rig_open(O_RDWR | O_NONBLOCK);

	ASSERT_EQ(RIG_FRAME, write(copy, self->frame[1], RIG_FRAME));
	EXPECT_EQ(RIG_FRAME, write(copy, self->frame[2], RIG_FRAME));
	EXPECT_EQ(-1, write(other, self->frame[3], RIG_FRAME));
	EXPECT_EQ(EAGAIN, errno);
}

TEST_F(mailbox, a_file_can_go_back_to_FIFO)
{
	struct diuna_mode m = { .mode = DIUNA_MODE_FIFO };

	ASSERT_EQ(0, ioctl(self->mail, DIUNA_IOC_SET_MODE, &m));
	ASSERT_EQ(RIG_FRAME, write(self->mail, self->frame[1], RIG_FRAME));
	EXPECT_EQ(-1, write(self->mail, self->frame[2], RIG_FRAME));
	EXPECT_EQ(EAGAIN, errno);
}

TEST_F(mailbox, unknown_modes_and_reserved_members_are_EINVAL_and_change_nothing)
{
	struct diuna_mode m = { .mode = 0 };

	for (unsigned int mode = 2; mode; mode *= 2) {
		m.mode = mode;
		EXPECT_EQ(-1, ioctl(self->mail, DIUNA_IOC_SET_MODE, &m));
		EXPECT_EQ(EINVAL, errno);
	}
	for (int i = 0; i < 3; i++) {
		m = (struct diuna_mode){ .mode = DIUNA_MODE_FIFO };
		m.reserved[i] = 1;
		EXPECT_EQ(-1, ioctl(self->mail, DIUNA_IOC_SET_MODE, &m));
		EXPECT_EQ(EINVAL, errno);
	}
	EXPECT_EQ(-1, ioctl(self->mail, DIUNA_IOC_SET_MODE, NULL));
	EXPECT_EQ(EFAULT, errno);
	/* still MAILBOX */
	EXPECT_EQ(RIG_FRAME, write(self->mail, self->frame[1], RIG_FRAME));
	EXPECT_EQ(RIG_FRAME, write(self->mail, self->frame[2], RIG_FRAME));
}

TEST_F(mailbox, a_file_open_for_reading_only_has_no_mode_to_set)
{
	struct diuna_mode m = { .mode = DIUNA_MODE_MAILBOX };

	EXPECT_EQ(-1, ioctl(rig_open(O_RDONLY), DIUNA_IOC_SET_MODE, &m));
	EXPECT_EQ(EBADF, errno);
}

TEST(what_is_on_the_wire_is_not_replaced)
{
	uint8_t *frame = malloc(RIG_LONG_FRAME);
	int fd;

	rig_load_long();
	fd = rig_open(O_RDWR | O_NONBLOCK);
	rig_mailbox(fd);
	for (int i = 1; i <= 4; i++) {
		rig_fill(frame, RIG_LONG_FRAME, i);
		ASSERT_EQ(RIG_LONG_FRAME, write(fd, frame, RIG_LONG_FRAME));
	}
	rig_wait_frames(2);
	rig_fill(frame, RIG_LONG_FRAME, 1);
	EXPECT_TRUE(rig_shown(1, frame, RIG_LONG_FRAME));
	rig_fill(frame, RIG_LONG_FRAME, 4);
	EXPECT_TRUE(rig_shown(2, frame, RIG_LONG_FRAME));
	EXPECT_EQ(2, rig_get_number("dropped"));
	rig_unload();
}

TEST(records_keep_the_order_of_submission_whatever_ends_first)
{
	uint8_t *frame = malloc(RIG_LONG_FRAME);
	int fd;

	rig_load_long();
	fd = rig_open(O_RDWR);
	rig_mailbox(fd);
	/* 1 is on the wire for half a second, 2 is replaced by 3 meanwhile: it ends before 1 */
	for (int i = 1; i <= 3; i++) {
		rig_fill(frame, RIG_LONG_FRAME, i);
		ASSERT_EQ(RIG_LONG_FRAME, write(fd, frame, RIG_LONG_FRAME));
	}
	EXPECT_EQ(1, rig_get_number("dropped"));
	for (unsigned int i = 1; i <= 3; i++) {
		struct diuna_completion r = rig_read(fd);

		EXPECT_EQ(i, r.seq);
		EXPECT_EQ(i == 2 ? -ECANCELED : 0, r.status);
	}
	rig_unload();
}

TEST_HARNESS_MAIN
