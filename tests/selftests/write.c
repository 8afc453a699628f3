// SPDX-License-Identifier: GPL-2.0
/*
 * write.c - write(2) takes a stream of frames
 *
 * A frame of the usual wiring has (3 + 2) x 3 = 15 bytes.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "kselftest_harness.h"
#include "rig.h"

FIXTURE(write) {
	int fd;
	uint8_t show[8 * RIG_FRAME];
	uint8_t *frame[8];
	uint8_t *hole;
};

FIXTURE_SETUP(write)
{
	long page = sysconf(_SC_PAGESIZE);

	rig_load_usual();
	self->fd = rig_open(O_RDWR);
	for (int i = 0; i < 8; i++) {
		self->frame[i] = self->show + i * RIG_FRAME;
		rig_pattern(self->frame[i], RIG_FRAME, i);
	}
	/* A page that ends at a page without memory */
	self->hole = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	ASSERT_NE(MAP_FAILED, self->hole);
	ASSERT_EQ(0, munmap(self->hole + page, page));
	self->hole += page;
}

FIXTURE_TEARDOWN(write)
{
	rig_unload();
}

TEST_F(write, a_frame_may_come_in_any_two_pieces)
{
	for (int cut = 1; cut < RIG_FRAME; cut++) {
		rig_pattern(self->frame[0], RIG_FRAME, cut);
		ASSERT_EQ(cut, write(self->fd, self->frame[0], cut));
		ASSERT_EQ(RIG_FRAME - cut,
			  write(self->fd, self->frame[0] + cut, RIG_FRAME - cut));
		ASSERT_EQ(cut, rig_read(self->fd).seq);
		ASSERT_TRUE(rig_shown(cut, self->frame[0], RIG_FRAME));
	}
}

TEST_F(write, a_frame_may_come_byte_by_byte)
{
	for (int i = 0; i < 2 * RIG_FRAME; i++)
		ASSERT_EQ(1, write(self->fd, self->show + i, 1));
	ASSERT_EQ(1, rig_read(self->fd).seq);
	ASSERT_EQ(2, rig_read(self->fd).seq);
	EXPECT_TRUE(rig_shown(1, self->frame[0], RIG_FRAME));
	EXPECT_TRUE(rig_shown(2, self->frame[1], RIG_FRAME));
}

TEST_F(write, nothing_is_sent_before_the_frame_is_whole)
{
	ASSERT_EQ(RIG_FRAME - 1, write(self->fd, self->frame[0], RIG_FRAME - 1));
	ASSERT_EQ(0, rig_get_number("frames"));
	/* A later frame of somebody else is number 1: nothing was queued before it. */
	int other = rig_open(O_RDWR);

	ASSERT_EQ(RIG_FRAME, write(other, self->frame[1], RIG_FRAME));
	EXPECT_EQ(1, rig_read(other).seq);
	EXPECT_TRUE(rig_shown(1, self->frame[1], RIG_FRAME));
}

TEST_F(write, many_frames_may_come_in_one_write)
{
	ASSERT_EQ((ssize_t)sizeof(self->show),
		  write(self->fd, self->show, sizeof(self->show)));
	for (int i = 1; i <= 8; i++)
		ASSERT_EQ(i, rig_read(self->fd).seq);
	for (int i = 1; i <= 8; i++)
		EXPECT_TRUE(rig_shown(i, self->frame[i - 1], RIG_FRAME));
}

TEST_F(write, the_rest_after_whole_frames_begins_the_next)
{
	ASSERT_EQ(2 * RIG_FRAME + 4, write(self->fd, self->show, 2 * RIG_FRAME + 4));
	ASSERT_EQ(RIG_FRAME - 4, write(self->fd, self->frame[2] + 4, RIG_FRAME - 4));
	for (int i = 1; i <= 3; i++)
		ASSERT_EQ(i, rig_read(self->fd).seq);
	for (int i = 1; i <= 3; i++)
		EXPECT_TRUE(rig_shown(i, self->frame[i - 1], RIG_FRAME));
}

TEST_F(write, a_write_of_nothing_does_nothing)
{
	EXPECT_EQ(0, write(self->fd, self->show, 0));
	EXPECT_EQ(0, write(self->fd, NULL, 0));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->show, RIG_FRAME));
	EXPECT_EQ(1, rig_read(self->fd).seq);
}

TEST_F(write, a_piece_that_completes_no_frame_is_taken_while_the_queue_is_full)
{
	rig_hold();
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame[1], RIG_FRAME));
	ASSERT_EQ(RIG_FRAME - 1, write(self->fd, self->frame[2], RIG_FRAME - 1));
	ASSERT_EQ(-1, write(self->fd, self->frame[2] + RIG_FRAME - 1, 1));
	ASSERT_EQ(EAGAIN, errno);
	rig_release();
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, 0));
	ASSERT_EQ(1, write(self->fd, self->frame[2] + RIG_FRAME - 1, 1));
	rig_wait_frames(3);
	EXPECT_TRUE(rig_shown(2, self->frame[1], RIG_FRAME));
	EXPECT_TRUE(rig_shown(3, self->frame[2], RIG_FRAME));
}

TEST_F(write, O_NONBLOCK_says_EAGAIN_and_takes_nothing)
{
	rig_hold();
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame[1], RIG_FRAME));
	ASSERT_EQ(5, write(self->fd, self->frame[2], 5));
	/* Longer and shorter tries, none of which may leave a byte behind */
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(-1, write(self->fd, self->frame[3], 3 * RIG_FRAME));
		ASSERT_EQ(EAGAIN, errno);
		ASSERT_EQ(-1, write(self->fd, self->frame[4], RIG_FRAME - 5));
		ASSERT_EQ(EAGAIN, errno);
	}
	rig_release();
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, 0));
	ASSERT_EQ(RIG_FRAME - 5, write(self->fd, self->frame[2] + 5, RIG_FRAME - 5));
	rig_wait_frames(3);
	EXPECT_TRUE(rig_shown(3, self->frame[2], RIG_FRAME));
	EXPECT_EQ(NULL, rig_frame(4));
}

TEST_F(write, the_count_so_far_is_returned_when_a_later_frame_has_no_room)
{
	rig_hold();
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame[1], 3 * RIG_FRAME));
	rig_release();
	rig_wait_frames(2);
	EXPECT_TRUE(rig_shown(2, self->frame[1], RIG_FRAME));
	/* What was not taken is not staged either: the next write begins a frame. */
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, 0));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame[5], RIG_FRAME));
	rig_wait_frames(3);
	EXPECT_TRUE(rig_shown(3, self->frame[5], RIG_FRAME));
}

TEST_F(write, the_count_so_far_includes_the_piece_that_completed_a_staged_frame)
{
	rig_hold();
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(5, write(self->fd, self->frame[1], 5));
	/* 10 bytes complete the frame; the 15 after it have no room, nor the 2 after these */
	ASSERT_EQ(RIG_FRAME - 5, write(self->fd, self->frame[1] + 5, RIG_FRAME - 5 + RIG_FRAME + 2));
	rig_release();
	rig_wait_frames(2);
	EXPECT_TRUE(rig_shown(2, self->frame[1], RIG_FRAME));
}

static int write_three(void *arg)
{
	FIXTURE_DATA(write) *self = arg;

	return write(self->fd, self->frame[1], 3 * RIG_FRAME) == 3 * RIG_FRAME ? 0 : 1;
}

TEST_F(write, a_blocking_write_waits_for_room)
{
	pid_t child;

	rig_hold();
	child = rig_spawn(write_three, self);
	rig_wait_blocked(child, SYS_write);
	rig_release();
	ASSERT_EQ(0, rig_join(child));
	rig_wait_frames(4);
	for (int i = 1; i <= 3; i++)
		EXPECT_TRUE(rig_shown(1 + i, self->frame[i], RIG_FRAME));
}

static void on_signal(int signal)
{
	(void)signal;
}

static int write_interrupted(void *arg)
{
	FIXTURE_DATA(write) *self = arg;
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGUSR1, &action, NULL);
	/* The queue is full: nothing is taken. */
	if (write(self->fd, self->frame[2], RIG_FRAME) != -1)
		return 1;
	return errno == EINTR ? 0 : 2;
}

TEST_F(write, a_signal_ends_the_wait_with_EINTR_if_nothing_was_taken)
{
	pid_t child;

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame[1], RIG_FRAME));
	child = rig_spawn(write_interrupted, self);
	rig_wait_blocked(child, SYS_write);
	ASSERT_EQ(0, kill(child, SIGUSR1));
	ASSERT_EQ(0, rig_join(child));
	rig_release();
	rig_wait_frames(2);
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame[3], RIG_FRAME));
	rig_wait_frames(3);
	EXPECT_TRUE(rig_shown(3, self->frame[3], RIG_FRAME));
}

static int write_rest_interrupted(void *arg)
{
	FIXTURE_DATA(write) *self = arg;
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGUSR1, &action, NULL);
	if (write(self->fd, self->frame[7], RIG_FRAME - 5) != -1)
		return 1;
	return errno == EINTR ? 0 : 2;
}

TEST_F(write, a_signal_leaves_a_started_frame_as_it_was)
{
	pid_t child;

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame[1], RIG_FRAME));
	ASSERT_EQ(5, write(self->fd, self->frame[2], 5));
	child = rig_spawn(write_rest_interrupted, self);
	rig_wait_blocked(child, SYS_write);
	ASSERT_EQ(0, kill(child, SIGUSR1));
	ASSERT_EQ(0, rig_join(child));
	rig_release();
	ASSERT_EQ(RIG_FRAME - 5, write(self->fd, self->frame[2] + 5, RIG_FRAME - 5));
	rig_wait_frames(3);
	EXPECT_TRUE(rig_shown(3, self->frame[2], RIG_FRAME));
}

static int write_counted(void *arg)
{
	FIXTURE_DATA(write) *self = arg;
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGUSR1, &action, NULL);
	/* There is room for one. */
	return write(self->fd, self->frame[1], 3 * RIG_FRAME) == RIG_FRAME ? 0 : 1;
}

TEST_F(write, a_signal_ends_the_wait_with_the_count_if_something_was_taken)
{
	pid_t child;

	rig_hold();
	child = rig_spawn(write_counted, self);
	rig_wait_blocked(child, SYS_write);
	ASSERT_EQ(0, kill(child, SIGUSR1));
	EXPECT_EQ(0, rig_join(child));
}

static int write_restarted(void *arg)
{
	FIXTURE_DATA(write) *self = arg;
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	sigaction(SIGUSR1, &action, NULL);
	return write(self->fd, self->frame[2], RIG_FRAME) == RIG_FRAME ? 0 : 1;
}

TEST_F(write, a_signal_with_SA_RESTART_lets_the_wait_go_on)
{
	pid_t child;

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame[1], RIG_FRAME));
	child = rig_spawn(write_restarted, self);
	rig_wait_blocked(child, SYS_write);
	ASSERT_EQ(0, kill(child, SIGUSR1));
	rig_wait_blocked(child, SYS_write);
	rig_release();
	EXPECT_EQ(0, rig_join(child));
	rig_wait_frames(3);
	EXPECT_TRUE(rig_shown(3, self->frame[2], RIG_FRAME));
	EXPECT_EQ(NULL, rig_frame(4));
}

static int write_killed(void *arg)
{
	FIXTURE_DATA(write) *self = arg;

	write(self->fd, self->frame[2], RIG_FRAME);
	return 0;
}

TEST_F(write, SIGKILL_ends_the_wait)
{
	pid_t child;

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame[1], RIG_FRAME));
	child = rig_spawn(write_killed, self);
	rig_wait_blocked(child, SYS_write);
	ASSERT_EQ(0, kill(child, SIGKILL));
	EXPECT_EQ(256 + SIGKILL, rig_join(child));
}

TEST_F(write, a_writev_is_one_write)
{
	struct iovec v[4] = {
		{ self->frame[0], 4 }, { self->frame[0] + 4, 20 },
		{ self->frame[0] + 24, 1 }, { self->frame[0] + 25, 20 },
	};

	ASSERT_EQ(3 * RIG_FRAME, writev(self->fd, v, 4));
	rig_wait_frames(3);
	for (int i = 1; i <= 3; i++)
		EXPECT_TRUE(rig_shown(i, self->frame[i - 1], RIG_FRAME));
}

TEST_F(write, a_writev_is_cut_at_frames_not_at_its_vectors)
{
	struct iovec v[4] = {
		{ self->frame[1], 4 }, { self->frame[1] + 4, 20 },
		{ self->frame[1] + 24, 1 }, { self->frame[1] + 25, 20 },
	};

	rig_hold();
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(RIG_FRAME, writev(self->fd, v, 4));
	ASSERT_EQ(-1, writev(self->fd, v, 4));
	ASSERT_EQ(EAGAIN, errno);
	rig_release();
	rig_wait_frames(2);
	EXPECT_TRUE(rig_shown(2, self->frame[1], RIG_FRAME));
}

TEST_F(write, dup_shares_the_started_frame)
{
	int copy = dup(self->fd);

	ASSERT_LE(0, copy);
	ASSERT_EQ(7, write(self->fd, self->frame[0], 7));
	ASSERT_EQ(RIG_FRAME - 7, write(copy, self->frame[0] + 7, RIG_FRAME - 7));
	EXPECT_EQ(1, rig_read(copy).seq);
	EXPECT_TRUE(rig_shown(1, self->frame[0], RIG_FRAME));
}

static int write_seven(void *arg)
{
	FIXTURE_DATA(write) *self = arg;

	return write(self->fd, self->frame[0], 7) == 7 ? 0 : 1;
}

TEST_F(write, fork_shares_the_started_frame)
{
	ASSERT_EQ(0, rig_join(rig_spawn(write_seven, self)));
	ASSERT_EQ(RIG_FRAME - 7, write(self->fd, self->frame[0] + 7, RIG_FRAME - 7));
	EXPECT_EQ(1, rig_read(self->fd).seq);
	EXPECT_TRUE(rig_shown(1, self->frame[0], RIG_FRAME));
}

TEST_F(write, two_opens_have_a_started_frame_each)
{
	int other = rig_open(O_RDWR);

	ASSERT_EQ(7, write(self->fd, self->frame[0], 7));
	ASSERT_EQ(4, write(other, self->frame[1], 4));
	ASSERT_EQ(RIG_FRAME - 7, write(self->fd, self->frame[0] + 7, RIG_FRAME - 7));
	ASSERT_EQ(RIG_FRAME - 4, write(other, self->frame[1] + 4, RIG_FRAME - 4));
	rig_wait_frames(2);
	EXPECT_TRUE(rig_shown(1, self->frame[0], RIG_FRAME));
	EXPECT_TRUE(rig_shown(2, self->frame[1], RIG_FRAME));
}

TEST_F(write, EFAULT_takes_nothing_of_a_piece_that_would_complete_a_frame)
{
	memcpy(self->hole - 7, self->frame[7], 7);
	ASSERT_EQ(-1, write(self->fd, self->hole - 7, RIG_FRAME));
	ASSERT_EQ(EFAULT, errno);
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame[0], RIG_FRAME));
	EXPECT_EQ(1, rig_read(self->fd).seq);
	EXPECT_TRUE(rig_shown(1, self->frame[0], RIG_FRAME));
}

TEST_F(write, EFAULT_takes_nothing_of_a_piece_that_only_starts_a_frame)
{
	memcpy(self->hole - 3, self->frame[7], 3);
	ASSERT_EQ(2, write(self->fd, self->frame[0], 2));
	ASSERT_EQ(-1, write(self->fd, self->hole - 3, 6));
	ASSERT_EQ(EFAULT, errno);
	ASSERT_EQ(RIG_FRAME - 2, write(self->fd, self->frame[0] + 2, RIG_FRAME - 2));
	EXPECT_EQ(1, rig_read(self->fd).seq);
	EXPECT_TRUE(rig_shown(1, self->frame[0], RIG_FRAME));
}

TEST_F(write, EFAULT_in_a_later_piece_gives_the_count_so_far)
{
	memcpy(self->hole - 2 * RIG_FRAME - 7, self->frame[0], 2 * RIG_FRAME + 7);
	ASSERT_EQ(2 * RIG_FRAME,
		  write(self->fd, self->hole - 2 * RIG_FRAME - 7, 3 * RIG_FRAME));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame[3], RIG_FRAME));
	for (int i = 1; i <= 3; i++)
		ASSERT_EQ(i, rig_read(self->fd).seq);
	EXPECT_TRUE(rig_shown(2, self->frame[1], RIG_FRAME));
	EXPECT_TRUE(rig_shown(3, self->frame[3], RIG_FRAME));
}

TEST_F(write, there_are_no_positions)
{
	EXPECT_EQ(-1, pwrite(self->fd, self->show, RIG_FRAME, 0));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, pread(self->fd, self->show, RIG_FRAME, 0));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(0, rig_get_number("frames"));
}

TEST_F(write, a_file_open_for_reading_only_says_EBADF)
{
	int fd = rig_open(O_RDONLY);

	EXPECT_EQ(-1, write(fd, self->show, RIG_FRAME));
	EXPECT_EQ(EBADF, errno);
}

TEST_F(write, no_byte_value_is_magic)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xfe, 0xff };

	for (unsigned int i = 0; i < sizeof(values); i++) {
		rig_fill(self->frame[0], RIG_FRAME, values[i]);
		/* also as a write of its own, one byte long */
		for (int n = 0; n < RIG_FRAME; n++)
			ASSERT_EQ(1, write(self->fd, self->frame[0], 1));
		ASSERT_EQ(i + 1, rig_read(self->fd).seq);
		EXPECT_TRUE(rig_shown(i + 1, self->frame[0], RIG_FRAME));
	}
}

TEST_F(write, O_NONBLOCK_does_not_wait_for_a_writer_of_the_same_file_that_waits)
{
	pid_t child;

	rig_hold();
	child = rig_spawn(write_three, self);
	rig_wait_blocked(child, SYS_write);
	/* The child sleeps in a blocking write on this very open file. */
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-1, write(self->fd, self->frame[4], RIG_FRAME));
	EXPECT_EQ(EAGAIN, errno);
	kill(child, SIGKILL);
	rig_join(child);
}

TEST_F(write, O_NONBLOCK_does_not_wait_for_a_writer_of_another_file_that_waits)
{
	int other = rig_open(O_WRONLY | O_NONBLOCK);
	pid_t child;

	rig_hold();
	child = rig_spawn(write_three, self);
	rig_wait_blocked(child, SYS_write);
	EXPECT_EQ(RIG_FRAME - 1, write(other, self->frame[4], RIG_FRAME - 1));
	EXPECT_EQ(-1, write(other, self->frame[4] + RIG_FRAME - 1, 1));
	EXPECT_EQ(EAGAIN, errno);
	rig_release();
	EXPECT_EQ(0, rig_join(child));
}

TEST_F(write, RWF_NOWAIT_does_not_wait_on_a_blocking_file)
{
	struct iovec v = { self->frame[1], RIG_FRAME };

	rig_hold();
	ASSERT_EQ(RIG_FRAME, pwritev2(self->fd, &v, 1, -1, RWF_NOWAIT));
	EXPECT_EQ(-1, pwritev2(self->fd, &v, 1, -1, RWF_NOWAIT));
	EXPECT_EQ(EAGAIN, errno);
}

TEST_F(write, splice_from_a_pipe_writes_frames)
{
	int ends[2];

	ASSERT_EQ(0, pipe(ends));
	ASSERT_EQ(3 * RIG_FRAME, write(ends[1], self->show, 3 * RIG_FRAME));
	ASSERT_EQ(3 * RIG_FRAME, splice(ends[0], NULL, self->fd, NULL, 3 * RIG_FRAME, 0));
	rig_wait_frames(3);
	for (int i = 1; i <= 3; i++)
		EXPECT_TRUE(rig_shown(i, self->frame[i - 1], RIG_FRAME));
}

TEST_F(write, sendfile_writes_frames)
{
	int file = memfd_create("show", MFD_CLOEXEC);

	ASSERT_EQ(3 * RIG_FRAME, write(file, self->show, 3 * RIG_FRAME));
	ASSERT_EQ(0, lseek(file, 0, SEEK_SET));
	ASSERT_EQ(3 * RIG_FRAME, sendfile(self->fd, file, NULL, 3 * RIG_FRAME));
	rig_wait_frames(3);
	for (int i = 1; i <= 3; i++)
		EXPECT_TRUE(rig_shown(i, self->frame[i - 1], RIG_FRAME));
}

TEST(while_one_frame_is_on_the_wire_exactly_one_more_is_taken)
{
	uint8_t *frame = calloc(1, RIG_LONG_FRAME);
	int fd;

	rig_load_long();
	fd = rig_open(O_RDWR | O_NONBLOCK);
	rig_fill(frame, RIG_LONG_FRAME, 1);
	ASSERT_EQ(RIG_LONG_FRAME, write(fd, frame, RIG_LONG_FRAME));
	rig_fill(frame, RIG_LONG_FRAME, 2);
	ASSERT_EQ(RIG_LONG_FRAME, write(fd, frame, RIG_LONG_FRAME));
	rig_fill(frame, RIG_LONG_FRAME, 3);
	ASSERT_EQ(-1, write(fd, frame, RIG_LONG_FRAME));
	ASSERT_EQ(EAGAIN, errno);
	rig_wait_frames(2);
	/* The refused one left no trace in those that were taken. */
	rig_fill(frame, RIG_LONG_FRAME, 1);
	EXPECT_TRUE(rig_shown(1, frame, RIG_LONG_FRAME));
	rig_fill(frame, RIG_LONG_FRAME, 2);
	EXPECT_TRUE(rig_shown(2, frame, RIG_LONG_FRAME));
	rig_unload();
}

/* Two processes, each with frames of one value of its own */
struct writer {
	uint8_t value;
	unsigned int frames;
};

static int write_uniform(void *arg)
{
	const struct writer *w = arg;
	uint8_t buffer[7 * RIG_FRAME];
	size_t left = w->frames * RIG_FRAME;
	int fd = rig_open(O_WRONLY);

	rig_fill(buffer, sizeof(buffer), w->value);
	/* in pieces of sizes that have nothing to do with a frame's */
	for (size_t n = 1; left; n = n * 5 % 101 + 1) {
		ssize_t done;

		if (n > left)
			n = left;
		done = write(fd, buffer, n);
		if (done < 0)
			return 1;
		left -= done;
	}
	return 0;
}

TEST(frames_of_two_writers_never_mix)
{
	struct writer a = { 0x55, 300 }, b = { 0xaa, 300 };
	unsigned int seen[2] = { 0, 0 }, last = 0;
	const struct rig_history *h;
	pid_t pids[2];

	rig_load(rig_usual, 2, 1, "sim_history=1000");
	pids[0] = rig_spawn(write_uniform, &a);
	pids[1] = rig_spawn(write_uniform, &b);
	ASSERT_EQ(0, rig_join(pids[0]));
	ASSERT_EQ(0, rig_join(pids[1]));
	rig_wait_frames(600);
	h = rig_history();
	ASSERT_EQ(0, h->lost);
	for (unsigned int i = 0; i < h->count; i++) {
		const struct rig_frame *f = &h->frames[i];

		if (!f->seq)
			continue;
		ASSERT_EQ(last + 1, f->seq);
		last = f->seq;
		ASSERT_TRUE(f->data[0] == a.value || f->data[0] == b.value);
		for (int k = 1; k < RIG_FRAME; k++)
			ASSERT_EQ(f->data[0], f->data[k]);
		seen[f->data[0] == b.value]++;
	}
	EXPECT_EQ(300, seen[0]);
	EXPECT_EQ(300, seen[1]);
	rig_unload();
}

TEST(of_several_writers_the_frame_submitted_last_shows)
{
	uint8_t first[RIG_FRAME], last[RIG_FRAME];
	int a, b;

	rig_load_usual();
	rig_pattern(first, RIG_FRAME, 1);
	rig_pattern(last, RIG_FRAME, 2);
	a = rig_open(O_WRONLY);
	b = rig_open(O_WRONLY);
	/* whoever opened first or wrote last time, the order of the writes decides */
	ASSERT_EQ(RIG_FRAME, write(a, first, RIG_FRAME));
	ASSERT_EQ(RIG_FRAME, write(b, last, RIG_FRAME));
	EXPECT_TRUE(rig_wait_last(last, RIG_FRAME));
	ASSERT_EQ(RIG_FRAME, write(b, last, RIG_FRAME));
	ASSERT_EQ(RIG_FRAME, write(a, first, RIG_FRAME));
	EXPECT_TRUE(rig_wait_last(first, RIG_FRAME));
	rig_wait_frames(4);
	EXPECT_TRUE(rig_shown(4, first, RIG_FRAME));
	rig_unload();
}

TEST_HARNESS_MAIN
