// SPDX-License-Identifier: GPL-2.0
/*
 * fault.c - transfers that hang, fail, come late or end short
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "rig.h"

FIXTURE(fault) {
	int fd;
	uint8_t frame[RIG_FRAME];
};

FIXTURE_SETUP(fault)
{
	rig_load_usual();
	self->fd = rig_open(O_RDWR);
	rig_pattern(self->frame, RIG_FRAME, 1);
}

FIXTURE_TEARDOWN(fault)
{
	rig_unload();
}

TEST_F(fault, a_transfer_that_does_not_end_is_given_up_and_the_next_one_goes)
{
	struct diuna_completion r;

	rig_fault("hang");
	for (int i = 0; i < 3; i++)
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	r = rig_read(self->fd);
	EXPECT_EQ(1, r.seq);
	EXPECT_EQ(-ETIMEDOUT, r.status);
	/* wire time x 2 + 100 ms: 2 x 370 us + 100 ms, and not before */
	EXPECT_LE(r.started_ns + 100740000, r.done_ns);
	for (unsigned int i = 2; i <= 3; i++) {
		r = rig_read(self->fd);
		EXPECT_EQ(i, r.seq);
		EXPECT_EQ(0, r.status);
	}
	EXPECT_EQ(1, rig_get_number("errors"));
	EXPECT_EQ(2, rig_get_number("frames"));
	EXPECT_TRUE(rig_shown(1, self->frame, RIG_FRAME));
}

TEST_F(fault, several_that_hang_one_after_the_other_are_all_given_up)
{
	rig_fault("hang 4");
	for (int i = 0; i < 5; i++)
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	for (int i = 0; i < 4; i++)
		EXPECT_EQ(-ETIMEDOUT, rig_read(self->fd).status);
	EXPECT_EQ(0, rig_read(self->fd).status);
	EXPECT_EQ(4, rig_get_number("errors"));
}

TEST_F(fault, what_the_hardware_refuses_ends_with_EIO_and_the_next_one_goes)
{
	struct diuna_completion r;

	rig_fault("fail 2");
	for (int i = 0; i < 3; i++)
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	/* Its own error is EBUSY: that is for the log. */
	r = rig_read(self->fd);
	EXPECT_EQ(-EIO, r.status);
	/* It was never handed to the hardware. */
	EXPECT_EQ(0, r.started_ns);
	EXPECT_LE(r.queued_ns, r.done_ns);
	EXPECT_EQ(-EIO, rig_read(self->fd).status);
	r = rig_read(self->fd);
	EXPECT_EQ(0, r.status);
	EXPECT_LT(0, r.started_ns);
	EXPECT_EQ(2, rig_get_number("errors"));
	EXPECT_EQ(1, rig_get_number("frames"));
}

TEST_F(fault, what_is_given_up_stands_in_the_log_with_the_reason)
{
	int log = rig_log();

	rig_fault("hang");
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_read(self->fd);
	/* ETIMEDOUT */
	EXPECT_EQ(1, rig_logged(log, "diuna-sim.0: frame 1 given up: error -110"));
	rig_fault("fail");
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_read(self->fd);
	/* EBUSY, as the hardware said */
	EXPECT_EQ(1, rig_logged(log, "diuna-sim.0: frame 2 given up: error -16"));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_read(self->fd);
	EXPECT_EQ(0, rig_logged(log, "diuna-sim.0: "));
	close(log);
}

TEST_F(fault, a_transfer_that_ends_short_is_EIO)
{
	rig_fault("short");
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	EXPECT_EQ(-EIO, rig_read(self->fd).status);
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	EXPECT_EQ(0, rig_read(self->fd).status);
}

TEST_F(fault, a_transfer_that_is_late_but_in_time_is_none)
{
	struct diuna_completion r;

	rig_fault("late");
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	r = rig_read(self->fd);
	EXPECT_EQ(0, r.status);
	/* more than the 370 us that the wire takes */
	EXPECT_LE(r.started_ns + 1000000, r.done_ns);
	EXPECT_EQ(0, rig_get_number("errors"));
}

TEST_F(fault, poll_and_room_go_on_after_a_hang)
{
	struct pollfd p = { .fd = self->fd, .events = POLLOUT };

	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	rig_fault("hang");
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	EXPECT_EQ(0, poll(&p, 1, 0));
	EXPECT_EQ(1, poll(&p, 1, -1));
	EXPECT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
}

TEST_F(fault, a_device_that_hangs_can_be_taken_away)
{
	int log = rig_log();

	/* the frame, and the blank at removal */
	rig_fault("hang 2");
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_unbind("diuna");
	EXPECT_EQ(-ETIMEDOUT, rig_read(self->fd).status);
	EXPECT_EQ(1, rig_logged(log, "the strips could not be made black"));
	close(log);
}

TEST_F(fault, a_file_can_be_closed_while_its_frame_hangs)
{
	int other = rig_open(O_RDWR);

	rig_fault("hang");
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(0, close(self->fd));
	ASSERT_EQ(RIG_FRAME, write(other, self->frame, RIG_FRAME));
	EXPECT_EQ(0, rig_read(other).status);
	EXPECT_EQ(1, rig_get_number("errors"));
}

TEST_F(fault, what_is_no_fault_is_EINVAL)
{
	static const char *const bad[] = { "explode", "hang x", "hang -1", "", " ", "hang 1 2" };

	for (unsigned int i = 0; i < 6; i++) {
		int fd = open("/sys/kernel/debug/diuna/diuna/fault", O_WRONLY);

		ASSERT_LE(0, fd);
		if (*bad[i]) {
			EXPECT_EQ(-1, write(fd, bad[i], strlen(bad[i])));
			EXPECT_EQ(EINVAL, errno);
		}
		close(fd);
	}
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	EXPECT_EQ(0, rig_read(self->fd).status);
}

/* Reads all records; the error at the end */
static int read_to_the_end(void *arg)
{
	struct diuna_completion r;
	int fd = *(int *)arg;

	while (read(fd, &r, sizeof(r)) == sizeof(r))
		;
	return errno;
}

TEST(a_reader_learns_of_the_removal_even_if_the_last_record_was_lost)
{
	uint8_t *frame = calloc(1, RIG_LONG_FRAME);
	pid_t child;
	int fd;

	rig_load_long();
	fd = rig_open(O_RDWR);
	rig_mailbox(fd);
	/* On the wire for more than a second, then given up */
	rig_fault("hang");
	ASSERT_EQ(RIG_LONG_FRAME, write(fd, frame, RIG_LONG_FRAME));
	/* 64 records are kept: this many newer ones push out its own */
	for (int i = 0; i < 64; i++)
		ASSERT_EQ(0, rig_submit(fd, frame, 0, 3, i, 0));
	child = rig_spawn(read_to_the_end, &fd);
	rig_wait_blocked(child, SYS_read);
	/* What waits ends now, and what is on the wire with nothing to read about it. */
	rig_unbind("diuna");
	EXPECT_EQ(ENODEV, rig_join(child));
	rig_unload();
}

TEST_HARNESS_MAIN
