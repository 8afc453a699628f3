// SPDX-License-Identifier: GPL-2.0
/*
 * fsync.c - fsync(2) submits a started frame and waits for the frames of the file
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "rig.h"

FIXTURE(fsync) {
	int fd;
	uint8_t frame[RIG_FRAME];
	uint8_t expected[RIG_FRAME];
};

FIXTURE_SETUP(fsync)
{
	rig_load_usual();
	self->fd = rig_open(O_RDWR);
	rig_pattern(self->frame, RIG_FRAME, 1);
}

FIXTURE_TEARDOWN(fsync)
{
	rig_unload();
}

TEST_F(fsync, without_frames_there_is_nothing_to_wait_for)
{
	EXPECT_EQ(0, fsync(self->fd));
	EXPECT_EQ(0, fdatasync(self->fd));
}

TEST_F(fsync, all_frames_of_the_file_have_ended_when_it_returns)
{
	struct diuna_completion records[8];
	uint8_t frames[5 * RIG_FRAME];

	rig_pattern(frames, sizeof(frames), 1);
	ASSERT_EQ((ssize_t)sizeof(frames), write(self->fd, frames, sizeof(frames)));
	ASSERT_EQ(0, fsync(self->fd));
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	/* five records are there, none is to come */
	EXPECT_EQ(5 * (ssize_t)sizeof(records[0]), read(self->fd, records, sizeof(records)));
	EXPECT_EQ(5, rig_get_number("frames"));
}

static int sync_it(void *arg)
{
	FIXTURE_DATA(fsync) *self = arg;

	return fsync(self->fd) ? errno : 0;
}

TEST_F(fsync, it_waits_for_a_frame_that_waits)
{
	pid_t child;

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	child = rig_spawn(sync_it, self);
	rig_wait_blocked(child, SYS_fsync);
	rig_release();
	EXPECT_EQ(0, rig_join(child));
}

TEST_F(fsync, a_started_frame_is_shown_if_no_whole_one_was_written)
{
	ASSERT_EQ(4, write(self->fd, "\1\2\3\4", 4));
	ASSERT_EQ(0, fsync(self->fd));
	memcpy(self->expected, "\1\2\3\4", 4);
	ASSERT_TRUE(rig_shown(1, self->expected, RIG_FRAME));
	/* The next byte begins a frame. */
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(0, fsync(self->fd));
	EXPECT_TRUE(rig_shown(2, self->frame, RIG_FRAME));
	EXPECT_EQ(0, rig_get_number("partial"));
}

TEST_F(fsync, a_started_frame_after_a_whole_one_is_thrown_away_and_counted)
{
	ASSERT_EQ(RIG_FRAME + 4, write(self->fd, self->frame, RIG_FRAME) +
		  write(self->fd, "\1\2\3\4", 4));
	ASSERT_EQ(0, fsync(self->fd));
	EXPECT_EQ(1, rig_get_number("partial"));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(0, fsync(self->fd));
	EXPECT_TRUE(rig_shown(2, self->frame, RIG_FRAME));
	EXPECT_EQ(NULL, rig_frame(3));
}

TEST_F(fsync, O_NONBLOCK_does_not_wait)
{
	rig_hold();
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	EXPECT_EQ(0, fsync(self->fd));
	EXPECT_EQ(1, rig_get_number("frames"));
}

TEST_F(fsync, O_NONBLOCK_says_EAGAIN_when_the_started_frame_has_no_room_and_keeps_it)
{
	int other = rig_open(O_WRONLY);

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(other, self->frame, RIG_FRAME));
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(4, write(self->fd, "\1\2\3\4", 4));
	EXPECT_EQ(-1, fsync(self->fd));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, rig_get_number("partial"));
	rig_release();
	rig_wait_frames(2);
	EXPECT_EQ(0, fsync(self->fd));
	rig_wait_frames(3);
	memcpy(self->expected, self->frame, RIG_FRAME);
	memcpy(self->expected, "\1\2\3\4", 4);
	EXPECT_TRUE(rig_shown(3, self->expected, RIG_FRAME));
}

TEST_F(fsync, the_first_error_is_returned_once)
{
	rig_fault("fail 1");
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(-EIO, rig_read(self->fd).status);
	rig_fault("hang 1");
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(-ETIMEDOUT, rig_read(self->fd).status);
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	EXPECT_EQ(-1, fsync(self->fd));
	EXPECT_EQ(EIO, errno);
	EXPECT_EQ(0, fsync(self->fd));
	/* and a new one is a first one again */
	rig_fault("hang 1");
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	EXPECT_EQ(-1, fsync(self->fd));
	EXPECT_EQ(ETIMEDOUT, errno);
	EXPECT_EQ(0, fsync(self->fd));
}

TEST_F(fsync, errors_of_other_files_are_not_its_own)
{
	int other = rig_open(O_RDWR);

	rig_fault("fail 1");
	ASSERT_EQ(RIG_FRAME, write(other, self->frame, RIG_FRAME));
	ASSERT_EQ(-EIO, rig_read(other).status);
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	EXPECT_EQ(0, fsync(self->fd));
	EXPECT_EQ(-1, fsync(other));
	EXPECT_EQ(EIO, errno);
}

TEST_F(fsync, frames_of_other_files_are_not_waited_for)
{
	int other = rig_open(O_WRONLY);

	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_wait_frames(1);
	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(other, self->frame, RIG_FRAME));
	EXPECT_EQ(0, fsync(self->fd));
	EXPECT_EQ(2, rig_get_number("frames"));
}

static void on_signal(int signal)
{
	(void)signal;
}

static int sync_with_handler(void *arg)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGUSR1, &action, NULL);
	return sync_it(arg);
}

TEST_F(fsync, a_signal_that_is_handled_does_not_end_the_wait)
{
	pid_t child;

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	child = rig_spawn(sync_with_handler, self);
	rig_wait_blocked(child, SYS_fsync);
	ASSERT_EQ(0, kill(child, SIGUSR1));
	rig_release();
	EXPECT_EQ(0, rig_join(child));
}

TEST_F(fsync, SIGKILL_ends_the_wait)
{
	pid_t child;

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	child = rig_spawn(sync_it, self);
	rig_wait_blocked(child, SYS_fsync);
	ASSERT_EQ(0, kill(child, SIGKILL));
	EXPECT_EQ(256 + SIGKILL, rig_join(child));
}

TEST_F(fsync, removal_ends_the_wait_with_ENODEV)
{
	pid_t child;

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	child = rig_spawn(sync_it, self);
	rig_wait_blocked(child, SYS_fsync);
	rig_unbind("diuna");
	EXPECT_EQ(ENODEV, rig_join(child));
}

static int write_for_ever(void *arg)
{
	FIXTURE_DATA(fsync) *self = arg;
	static uint8_t frame[3000];

	while (write(self->fd, frame, sizeof(frame)) == sizeof(frame))
		;
	return 1;
}

TEST_F(fsync, frames_that_come_after_the_call_are_not_waited_for)
{
	static const struct rig_strip strip = { 1000, "GRB", "ws2812b" };
	pid_t child;

	rig_unload();
	rig_load(&strip, 1, 1, NULL);
	self->fd = rig_open(O_WRONLY);
	/* 30 ms a frame: the writer keeps the queue full */
	child = rig_spawn(write_for_ever, self);
	rig_wait_frames(3);
	/* These come back at all. */
	for (int i = 0; i < 5; i++)
		EXPECT_EQ(0, fsync(self->fd));
	EXPECT_EQ(0, waitpid(child, NULL, WNOHANG));
	ASSERT_EQ(0, kill(child, SIGKILL));
	rig_join(child);
}

TEST_HARNESS_MAIN
