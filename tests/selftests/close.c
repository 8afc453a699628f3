// SPDX-License-Identifier: GPL-2.0
/*
 * close.c - what becomes of a started frame at the last close of a file
 */

#define _GNU_SOURCE
#include <fcntl.h>

#include "kselftest_harness.h"
#include "rig.h"

FIXTURE(close) {
	int fd;
	uint8_t frame[RIG_FRAME];
	uint8_t expected[RIG_FRAME];
};

FIXTURE_SETUP(close)
{
	rig_load_usual();
	self->fd = rig_open(O_WRONLY);
	rig_pattern(self->frame, RIG_FRAME, 1);
}

FIXTURE_TEARDOWN(close)
{
	rig_unload();
}

TEST_F(close, a_started_frame_is_shown_if_no_whole_one_was_written)
{
	/* printf '\377\0\0' > /dev/diuna */
	ASSERT_EQ(3, write(self->fd, "\377\0\0", 3));
	ASSERT_EQ(0, close(self->fd));
	rig_wait_frames(1);
	self->expected[0] = 255;
	EXPECT_TRUE(rig_shown(1, self->expected, RIG_FRAME));
	EXPECT_EQ(0, rig_get_number("partial"));
}

TEST_F(close, every_length_of_a_started_frame_is_shown)
{
	for (int n = 1; n < RIG_FRAME; n++) {
		rig_pattern(self->frame, RIG_FRAME, n);
		memcpy(self->expected, self->frame, n);
		ASSERT_EQ(n, write(self->fd, self->frame, n));
		ASSERT_EQ(0, close(self->fd));
		rig_wait_frames(n);
		ASSERT_TRUE(rig_shown(n, self->expected, RIG_FRAME));
		self->fd = rig_open(O_WRONLY);
	}
}

TEST_F(close, the_rest_keeps_the_colours_of_the_last_frame)
{
	int other = rig_open(O_WRONLY);

	ASSERT_EQ(RIG_FRAME, write(other, self->frame, RIG_FRAME));
	ASSERT_EQ(4, write(self->fd, "\1\2\3\4", 4));
	ASSERT_EQ(0, close(self->fd));
	rig_wait_frames(2);
	memcpy(self->expected, self->frame, RIG_FRAME);
	memcpy(self->expected, "\1\2\3\4", 4);
	EXPECT_TRUE(rig_shown(1, self->frame, RIG_FRAME));
	EXPECT_TRUE(rig_shown(2, self->expected, RIG_FRAME));
}

TEST_F(close, a_started_frame_after_a_whole_one_is_thrown_away_and_counted)
{
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(4, write(self->fd, "\1\2\3\4", 4));
	ASSERT_EQ(0, close(self->fd));
	EXPECT_EQ(1, rig_get_number("partial"));
	/* The next frame of all is number 2: none came between. */
	self->fd = rig_open(O_RDWR);
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	EXPECT_EQ(2, rig_read(self->fd).seq);
	EXPECT_EQ(1, rig_get_number("partial"));
}

TEST_F(close, a_file_without_a_started_frame_just_closes)
{
	int other = rig_open(O_RDWR);

	ASSERT_EQ(0, close(self->fd));
	self->fd = rig_open(O_WRONLY);
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(0, close(self->fd));
	ASSERT_EQ(RIG_FRAME, write(other, self->frame, RIG_FRAME));
	EXPECT_EQ(2, rig_read(other).seq);
	EXPECT_EQ(0, rig_get_number("partial"));
}

TEST_F(close, only_the_last_of_several_descriptors_counts)
{
	int copy = dup(self->fd), other = rig_open(O_RDWR);

	ASSERT_EQ(3, write(self->fd, "\1\2\3", 3));
	ASSERT_EQ(0, close(self->fd));
	/* Were the piece sent by that close, this would be number 2. */
	ASSERT_EQ(RIG_FRAME, write(other, self->frame, RIG_FRAME));
	ASSERT_EQ(1, rig_read(other).seq);
	ASSERT_EQ(2, write(copy, "\4\5", 2));
	ASSERT_EQ(0, close(copy));
	rig_wait_frames(2);
	memcpy(self->expected, self->frame, RIG_FRAME);
	memcpy(self->expected, "\1\2\3\4\5", 5);
	EXPECT_TRUE(rig_shown(2, self->expected, RIG_FRAME));
}

static int close_it(void *arg)
{
	FIXTURE_DATA(close) *self = arg;

	return close(self->fd);
}

TEST_F(close, a_child_that_closes_or_exits_does_not_count)
{
	int other = rig_open(O_RDWR);

	ASSERT_EQ(3, write(self->fd, "\1\2\3", 3));
	ASSERT_EQ(0, rig_join(rig_spawn(close_it, self)));
	ASSERT_EQ(RIG_FRAME, write(other, self->frame, RIG_FRAME));
	ASSERT_EQ(1, rig_read(other).seq);
	ASSERT_EQ(RIG_FRAME - 3, write(self->fd, self->frame + 3, RIG_FRAME - 3));
	rig_wait_frames(2);
	memcpy(self->expected, self->frame, RIG_FRAME);
	memcpy(self->expected, "\1\2\3", 3);
	EXPECT_TRUE(rig_shown(2, self->expected, RIG_FRAME));
}

static int write_and_die(void *arg)
{
	int fd = rig_open(O_WRONLY);

	(void)arg;
	if (write(fd, "\1\2\3", 3) == 3)
		raise(SIGKILL);
	return 1;
}

TEST_F(close, a_killed_writer_is_closed_like_any_other)
{
	ASSERT_EQ(256 + SIGKILL, rig_join(rig_spawn(write_and_die, NULL)));
	rig_wait_frames(1);
	memcpy(self->expected, "\1\2\3", 3);
	EXPECT_TRUE(rig_shown(1, self->expected, RIG_FRAME));
}

TEST_F(close, an_O_NONBLOCK_file_does_not_wait_for_room_and_counts_the_loss)
{
	int other;

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	other = rig_open(O_WRONLY | O_NONBLOCK);
	ASSERT_EQ(3, write(other, "\1\2\3", 3));
	ASSERT_EQ(0, close(other));
	EXPECT_EQ(1, rig_get_number("partial"));
	rig_release();
	rig_wait_frames(2);
	/* The third of all is the next one written. */
	other = rig_open(O_RDWR);
	rig_fill(self->frame, RIG_FRAME, 9);
	ASSERT_EQ(RIG_FRAME, write(other, self->frame, RIG_FRAME));
	EXPECT_EQ(3, rig_read(other).seq);
	EXPECT_TRUE(rig_shown(3, self->frame, RIG_FRAME));
}

TEST_F(close, a_blocking_file_gives_up_waiting_for_room_and_counts_the_loss)
{
	int other;

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	other = rig_open(O_WRONLY);
	ASSERT_EQ(3, write(other, "\1\2\3", 3));
	/* Nothing makes room before rig_release(): this must end by itself. */
	ASSERT_EQ(0, close(other));
	EXPECT_EQ(1, rig_get_number("partial"));
	EXPECT_EQ(NULL, rig_frame(2));
}

TEST(a_blocking_file_waits_for_room_and_lays_its_pixels_over_the_last_submitted_frame)
{
	uint8_t *frame = calloc(1, RIG_LONG_FRAME);
	int fd, other;

	rig_load_long();
	fd = rig_open(O_WRONLY);
	other = rig_open(O_WRONLY);
	rig_fill(frame, RIG_LONG_FRAME, 1);
	ASSERT_EQ(RIG_LONG_FRAME, write(fd, frame, RIG_LONG_FRAME));
	rig_fill(frame, RIG_LONG_FRAME, 2);
	ASSERT_EQ(RIG_LONG_FRAME, write(fd, frame, RIG_LONG_FRAME));
	/* The first is on the wire, the second waits: submitted last, not shown yet. */
	ASSERT_EQ(3, write(other, "\7\7\7", 3));
	ASSERT_EQ(0, close(other));
	rig_wait_frames(3);
	memcpy(frame, "\7\7\7", 3);
	EXPECT_TRUE(rig_shown(3, frame, RIG_LONG_FRAME));
	EXPECT_EQ(0, rig_get_number("partial"));
	rig_unload();
}

TEST_HARNESS_MAIN
