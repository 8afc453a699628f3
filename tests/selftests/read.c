// SPDX-License-Identifier: GPL-2.0
/*
 * read.c - completion records
 *
 * Times of the usual wiring: 3 pixels x 24 bits x 1.25 us = 90 us of data, the
 * longer of the two channels, and 280 us of reset.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "kselftest_harness.h"
#include "rig.h"

#define RECORD		((ssize_t)sizeof(struct diuna_completion))
#define WIRE_NS		(90000 + 280000)

FIXTURE(read) {
	int fd;
	uint8_t frame[RIG_FRAME];
	struct diuna_completion record[8];
};

FIXTURE_SETUP(read)
{
	rig_load_usual();
	self->fd = rig_open(O_RDWR);
	rig_pattern(self->frame, RIG_FRAME, 1);
}

FIXTURE_TEARDOWN(read)
{
	rig_unload();
}

TEST_F(read, every_frame_of_the_file_gives_one_record_in_order)
{
	for (int i = 0; i < 8; i++)
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	for (unsigned int i = 1; i <= 8; i++)
		ASSERT_EQ(i, rig_read(self->fd).seq);
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-1, read(self->fd, self->record, RECORD));
	EXPECT_EQ(EAGAIN, errno);
}

TEST_F(read, a_record_says_how_the_frame_ended)
{
	struct diuna_completion r;
	int64_t before = rig_now(), after;

	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	r = rig_read(self->fd);
	after = rig_now();
	EXPECT_EQ(1, r.seq);
	EXPECT_EQ(0, r.cookie);
	EXPECT_EQ(0, r.status);
	EXPECT_EQ(0, r.flags);
	EXPECT_EQ(65536, r.scale);
	EXPECT_EQ(0, r.lost);
	EXPECT_EQ(0, r.reserved);
	EXPECT_LE(before, (int64_t)r.queued_ns);
	EXPECT_LE(r.queued_ns, r.started_ns);
	EXPECT_LE(r.started_ns + WIRE_NS, r.done_ns);
	EXPECT_LE((int64_t)r.done_ns, after);
}

TEST_F(read, frames_do_not_overlap_on_the_wire)
{
	struct diuna_completion r;
	uint64_t done = 0;

	for (int i = 0; i < 20; i++)
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	for (int i = 0; i < 20; i++) {
		r = rig_read(self->fd);
		EXPECT_LE(done, r.started_ns);
		EXPECT_LE(r.started_ns + WIRE_NS, r.done_ns);
		done = r.done_ns;
	}
}

TEST_F(read, gaps_in_seq_show_the_frames_of_other_writers)
{
	int other = rig_open(O_RDWR);

	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
		ASSERT_EQ(RIG_FRAME, write(other, self->frame, RIG_FRAME));
	}
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(1 + 2 * i, rig_read(self->fd).seq);
		EXPECT_EQ(2 + 2 * i, rig_read(other).seq);
	}
}

TEST_F(read, one_read_takes_as_many_whole_records_as_fit)
{
	for (int i = 0; i < 5; i++)
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_wait_frames(5);
	/* In order: with the sixth record there the five before it are, too. */
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(1, rig_read(self->fd).seq);
	rig_wait_frames(6);
	ASSERT_EQ(2 * RECORD, read(self->fd, self->record, 2 * RECORD + RECORD - 1));
	EXPECT_EQ(2, self->record[0].seq);
	EXPECT_EQ(3, self->record[1].seq);
	EXPECT_EQ(4, rig_read(self->fd).seq);
}

TEST_F(read, a_buffer_too_small_for_a_record_is_EINVAL_and_loses_none)
{
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_wait_frames(1);
	for (ssize_t n = 1; n < RECORD; n += 7) {
		ASSERT_EQ(-1, read(self->fd, self->record, n));
		ASSERT_EQ(EINVAL, errno);
	}
	EXPECT_EQ(1, rig_read(self->fd).seq);
}

TEST_F(read, a_readv_takes_a_record_in_parts)
{
	uint8_t *bytes = (uint8_t *)self->record;
	struct iovec v[3] = { { bytes, 10 }, { bytes + 10, 1 }, { bytes + 11, RECORD - 11 } };

	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(RECORD, readv(self->fd, v, 3));
	EXPECT_EQ(1, self->record[0].seq);
	EXPECT_EQ(65536, self->record[0].scale);
}

TEST_F(read, O_NONBLOCK_says_EAGAIN_when_there_is_none)
{
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-1, read(self->fd, self->record, RECORD));
	EXPECT_EQ(EAGAIN, errno);
}

TEST_F(read, RWF_NOWAIT_says_EAGAIN_when_there_is_none)
{
	struct iovec v = { self->record, RECORD };

	EXPECT_EQ(-1, preadv2(self->fd, &v, 1, -1, RWF_NOWAIT));
	EXPECT_EQ(EAGAIN, errno);
}

static int read_second(void *arg)
{
	FIXTURE_DATA(read) *self = arg;

	return rig_read(self->fd).seq == 2 ? 0 : 1;
}

TEST_F(read, a_blocking_read_waits_for_a_record)
{
	pid_t child;

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	child = rig_spawn(read_second, self);
	rig_wait_blocked(child, SYS_read);
	rig_release();
	EXPECT_EQ(0, rig_join(child));
}

static void on_signal(int signal)
{
	(void)signal;
}

static int read_interrupted(void *arg)
{
	FIXTURE_DATA(read) *self = arg;
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGUSR1, &action, NULL);
	return read(self->fd, self->record, RECORD) == -1 && errno == EINTR ? 0 : 1;
}

TEST_F(read, a_signal_ends_the_wait)
{
	pid_t child = rig_spawn(read_interrupted, self);

	rig_wait_blocked(child, SYS_read);
	ASSERT_EQ(0, kill(child, SIGUSR1));
	EXPECT_EQ(0, rig_join(child));
}

TEST_F(read, O_NONBLOCK_does_not_wait_for_a_reader_that_waits)
{
	pid_t child = rig_spawn(read_interrupted, self);

	rig_wait_blocked(child, SYS_read);
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-1, read(self->fd, self->record, RECORD));
	EXPECT_EQ(EAGAIN, errno);
	kill(child, SIGUSR1);
	EXPECT_EQ(0, rig_join(child));
}

TEST_F(read, a_waiting_reader_does_not_keep_a_writer_of_the_same_file_out)
{
	pid_t child;

	rig_hold();
	child = rig_spawn(read_second, self);
	rig_wait_blocked(child, SYS_read);
	rig_release();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	EXPECT_EQ(0, rig_join(child));
}

TEST_F(read, a_file_open_for_writing_only_says_EBADF)
{
	int fd = rig_open(O_WRONLY);

	ASSERT_EQ(RIG_FRAME, write(fd, self->frame, RIG_FRAME));
	EXPECT_EQ(-1, read(fd, self->record, RECORD));
	EXPECT_EQ(EBADF, errno);
}

TEST_F(read, a_file_open_for_reading_only_has_no_frames_and_so_no_records)
{
	int fd = rig_open(O_RDONLY | O_NONBLOCK);

	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_read(self->fd);
	EXPECT_EQ(-1, read(fd, self->record, RECORD));
	EXPECT_EQ(EAGAIN, errno);
}

TEST_F(read, dup_shares_the_records)
{
	int copy = dup(self->fd);

	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(RIG_FRAME, write(copy, self->frame, RIG_FRAME));
	EXPECT_EQ(1, rig_read(copy).seq);
	EXPECT_EQ(2, rig_read(self->fd).seq);
}

TEST_F(read, EFAULT_loses_no_record)
{
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_wait_frames(1);
	ASSERT_EQ(-1, read(self->fd, (void *)-4096L, RECORD));
	ASSERT_EQ(EFAULT, errno);
	EXPECT_EQ(1, rig_read(self->fd).seq);
}

TEST_F(read, the_ring_is_bounded_and_the_next_record_tells_how_many_were_lost)
{
	struct diuna_info info;
	unsigned int ring;
	int other;

	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_GET_INFO, &info));
	ring = info.completion_records;
	ASSERT_LE(1, ring);
	for (unsigned int i = 0; i < ring + 5; i++)
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	/* When a later frame of another file has ended, so have these. */
	other = rig_open(O_RDWR);
	ASSERT_EQ(RIG_FRAME, write(other, self->frame, RIG_FRAME));
	rig_read(other);
	for (unsigned int i = 0; i < ring; i++) {
		struct diuna_completion r = rig_read(self->fd);

		/* The five oldest are gone. */
		ASSERT_EQ(5 + 1 + i, r.seq);
		ASSERT_EQ(i ? 0 : 5, r.lost);
	}
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-1, read(self->fd, self->record, RECORD));
	EXPECT_EQ(EAGAIN, errno);
}

TEST_F(read, after_removal_the_records_are_drained_and_then_it_is_ENODEV)
{
	struct diuna_completion r;
	int other;

	rig_hold();
	other = rig_open(O_RDWR);
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_unbind("diuna");
	r = rig_read(self->fd);
	EXPECT_EQ(2, r.seq);
	EXPECT_EQ(-ENODEV, r.status);
	EXPECT_EQ(0, r.started_ns);
	EXPECT_LE(r.queued_ns, r.done_ns);
	EXPECT_EQ(-1, read(self->fd, self->record, RECORD));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(-1, read(other, self->record, RECORD));
	EXPECT_EQ(ENODEV, errno);
}

TEST_F(read, records_of_frames_that_ended_well_survive_the_removal)
{
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(1, rig_read(self->fd).seq);
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_wait_frames(2);
	rig_unbind("diuna");
	ASSERT_EQ(RECORD, read(self->fd, self->record, sizeof(self->record)));
	EXPECT_EQ(2, self->record[0].seq);
	EXPECT_EQ(0, self->record[0].status);
}

TEST_F(read, splice_gives_whole_records)
{
	int p[2];

	ASSERT_EQ(0, pipe(p));
	for (int i = 0; i < 3; i++)
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(0, fsync(self->fd));
	/* no room for a second one */
	ASSERT_EQ(RECORD, splice(self->fd, NULL, p[1], NULL, 2 * RECORD - 1, 0));
	ASSERT_EQ(2 * RECORD, splice(self->fd, NULL, p[1], NULL, 4 * RECORD, 0));
	ASSERT_EQ(3 * RECORD, read(p[0], self->record, sizeof(self->record)));
	for (unsigned int i = 0; i < 3; i++) {
		EXPECT_EQ(i + 1, self->record[i].seq);
		EXPECT_EQ(0, self->record[i].status);
	}
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-1, splice(self->fd, NULL, p[1], NULL, RECORD, 0));
	EXPECT_EQ(EAGAIN, errno);
}

TEST_HARNESS_MAIN
