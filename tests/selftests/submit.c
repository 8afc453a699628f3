// SPDX-License-Identifier: GPL-2.0
/*
 * submit.c - DIUNA_IOC_SUBMIT: parts of frames, cookies, frames with a time
 *
 * Times are far from what a busy machine could make of them; how exact they
 * are is present.c's business.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "rig.h"

/* 3 pixels x 24 bits x 1.25 us + 280 us */
#define WIRE_NS		370000
#define S_NS		1000000000LL

FIXTURE(submit) {
	int fd;
	uint8_t frame[RIG_FRAME];
	uint8_t expected[RIG_FRAME];
};

FIXTURE_SETUP(submit)
{
	rig_load_usual();
	self->fd = rig_open(O_RDWR);
	rig_pattern(self->frame, RIG_FRAME, 1);
}

FIXTURE_TEARDOWN(submit)
{
	rig_unload();
}

TEST_F(submit, a_whole_frame_is_shown_and_its_cookie_given_back)
{
	struct diuna_completion r;

	ASSERT_EQ(0, rig_submit(self->fd, self->frame, 0, RIG_FRAME, 0xfedcba9876543210, 0));
	r = rig_read(self->fd);
	EXPECT_EQ(1, r.seq);
	EXPECT_EQ(0xfedcba9876543210, r.cookie);
	EXPECT_EQ(0, r.status);
	EXPECT_EQ(0, r.flags);
	EXPECT_TRUE(rig_shown(1, self->frame, RIG_FRAME));
}

TEST_F(submit, a_part_is_laid_over_the_frame_submitted_last)
{
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	/* the second pixel, then the last of the first channel and the first of the second */
	ASSERT_EQ(0, rig_submit(self->fd, "\1\2\3", 3, 3, 7, 0));
	ASSERT_EQ(0, rig_submit(self->fd, "\4\5\6\7\10\11", 6, 6, 8, 0));
	rig_wait_frames(3);
	memcpy(self->expected, self->frame, RIG_FRAME);
	memcpy(self->expected + 3, "\1\2\3", 3);
	EXPECT_TRUE(rig_shown(2, self->expected, RIG_FRAME));
	memcpy(self->expected + 6, "\4\5\6\7\10\11", 6);
	EXPECT_TRUE(rig_shown(3, self->expected, RIG_FRAME));
}

TEST_F(submit, a_part_goes_over_the_frame_that_waits_not_the_one_that_shows)
{
	int other = rig_open(O_WRONLY);

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(other, self->frame, RIG_FRAME));
	rig_release();
	ASSERT_EQ(0, rig_submit(self->fd, "\1\2\3", 0, 3, 0, 0));
	rig_wait_frames(3);
	memcpy(self->expected, self->frame, RIG_FRAME);
	memcpy(self->expected, "\1\2\3", 3);
	EXPECT_TRUE(rig_shown(3, self->expected, RIG_FRAME));
}

TEST_F(submit, every_pixel_range_is_taken_and_nothing_else)
{
	unsigned int frames = 0;

	/* all three components: pixels begin at multiples of 3 */
	for (unsigned int offset = 0; offset <= RIG_FRAME + 3; offset++) {
		for (unsigned int length = 0; length <= RIG_FRAME + 3; length++) {
			bool good = length && offset % 3 == 0 && length % 3 == 0 &&
				    offset + length <= RIG_FRAME;
			int ret = rig_submit(self->fd, self->frame, offset, length, 0, 0);

			ASSERT_EQ(good ? 0 : -1, ret)
				TH_LOG("offset %u, length %u", offset, length);
			if (good)
				frames++;
			else
				ASSERT_EQ(EINVAL, errno);
		}
	}
	/* of 5 pixels: 5 + 4 + 3 + 2 + 1 ranges */
	ASSERT_EQ(15, frames);
	for (unsigned int i = 1; i <= frames; i++)
		ASSERT_EQ(i, rig_read(self->fd).seq);
}

TEST_F(submit, sums_that_overflow_are_EINVAL)
{
	EXPECT_EQ(-1, rig_submit(self->fd, self->frame, 3, 0xfffffffd, 0, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, rig_submit(self->fd, self->frame, 0xfffffffd, 3, 0, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, rig_submit(self->fd, self->frame, 0xfffffffd, 6, 0, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(0, rig_get_number("frames"));
}

TEST(ranges_follow_the_pixels_of_channels_that_differ)
{
	static const struct rig_strip strips[2] = {
		{ 2, "GRBW", "sk6812w" }, { 2, "GRB", "ws2812b" },
	};
	uint8_t frame[14];
	int fd;

	/* pixels begin at 0 and 4, then at 8 and 11; the frame ends at 14 */
	rig_load(strips, 2, 1, NULL);
	fd = rig_open(O_RDWR);
	rig_pattern(frame, 14, 1);
	for (unsigned int from = 0; from < 14; from++) {
		for (unsigned int to = from + 1; to <= 14; to++) {
			bool good = (from == 0 || from == 4 || from == 8 || from == 11) &&
				    (to == 4 || to == 8 || to == 11 || to == 14);

			ASSERT_EQ(good ? 0 : -1,
				  rig_submit(fd, frame, from, to - from, 0, 0))
				TH_LOG("from %u to %u", from, to);
		}
	}
	rig_unload();
}

TEST_F(submit, flags_and_reserved_members_must_be_zero)
{
	struct diuna_submit good = {
		.pixels = (uintptr_t)self->frame, .length = RIG_FRAME,
	}, s;

	for (int bit = 0; bit < 32; bit++) {
		s = good;
		s.flags = 1U << bit;
		EXPECT_EQ(-1, ioctl(self->fd, DIUNA_IOC_SUBMIT, &s));
		EXPECT_EQ(EINVAL, errno);
	}
	for (int i = 0; i < 5; i++) {
		s = good;
		s.reserved[i] = 1U << (6 * i);
		EXPECT_EQ(-1, ioctl(self->fd, DIUNA_IOC_SUBMIT, &s));
		EXPECT_EQ(EINVAL, errno);
	}
	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_SUBMIT, &good));
	EXPECT_EQ(1, rig_read(self->fd).seq);
}

TEST_F(submit, bad_pointers_are_EFAULT_and_submit_nothing)
{
	long page = sysconf(_SC_PAGESIZE);
	uint8_t *hole = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			     -1, 0);

	ASSERT_EQ(0, munmap(hole + page, page));
	hole += page;
	EXPECT_EQ(-1, ioctl(self->fd, DIUNA_IOC_SUBMIT, NULL));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, rig_submit(self->fd, NULL, 0, RIG_FRAME, 0, 0));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, rig_submit(self->fd, hole - 7, 0, RIG_FRAME, 0, 0));
	EXPECT_EQ(EFAULT, errno);
	/* a part over the last frame: all black still, so nothing of it came in */
	ASSERT_EQ(0, rig_submit(self->fd, "\1\2\3", 0, 3, 0, 0));
	EXPECT_EQ(1, rig_read(self->fd).seq);
	memcpy(self->expected, "\1\2\3", 3);
	EXPECT_TRUE(rig_shown(1, self->expected, RIG_FRAME));
}

TEST_F(submit, a_file_open_for_reading_only_says_EBADF)
{
	EXPECT_EQ(-1, rig_submit(rig_open(O_RDONLY), self->frame, 0, RIG_FRAME, 0, 0));
	EXPECT_EQ(EBADF, errno);
}

TEST_F(submit, O_NONBLOCK_says_EAGAIN_when_there_is_no_room)
{
	rig_hold();
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(0, rig_submit(self->fd, self->frame, 0, RIG_FRAME, 1, 0));
	ASSERT_EQ(-1, rig_submit(self->fd, "\1\2\3", 0, 3, 2, 0));
	ASSERT_EQ(EAGAIN, errno);
	/* what was refused is not in the next one */
	rig_release();
	rig_wait_frames(2);
	ASSERT_EQ(0, rig_submit(self->fd, "\4\5\6", 3, 3, 3, 0));
	rig_wait_frames(3);
	memcpy(self->expected, self->frame, RIG_FRAME);
	memcpy(self->expected + 3, "\4\5\6", 3);
	EXPECT_TRUE(rig_shown(3, self->expected, RIG_FRAME));
}

static void on_signal(int signal)
{
	(void)signal;
}

static int submit_blocking(void *arg)
{
	FIXTURE_DATA(submit) *self = arg;

	return rig_submit(self->fd, self->frame, 0, RIG_FRAME, 2, 0) ? 1 : 0;
}

static int submit_interrupted(void *arg)
{
	FIXTURE_DATA(submit) *self = arg;
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGUSR1, &action, NULL);
	return rig_submit(self->fd, self->frame, 0, RIG_FRAME, 2, 0) == -1 && errno == EINTR ?
		0 : 1;
}

TEST_F(submit, a_blocking_file_waits_for_room)
{
	pid_t child;

	rig_hold();
	ASSERT_EQ(0, rig_submit(self->fd, "\1\2\3", 0, 3, 1, 0));
	child = rig_spawn(submit_blocking, self);
	rig_wait_blocked(child, SYS_ioctl);
	rig_release();
	ASSERT_EQ(0, rig_join(child));
	rig_wait_frames(3);
	EXPECT_TRUE(rig_shown(3, self->frame, RIG_FRAME));
}

TEST_F(submit, a_signal_ends_the_wait_and_nothing_is_submitted)
{
	pid_t child;

	rig_hold();
	ASSERT_EQ(0, rig_submit(self->fd, "\1\2\3", 0, 3, 1, 0));
	child = rig_spawn(submit_interrupted, self);
	rig_wait_blocked(child, SYS_ioctl);
	ASSERT_EQ(0, kill(child, SIGUSR1));
	ASSERT_EQ(0, rig_join(child));
	rig_release();
	ASSERT_EQ(0, rig_submit(self->fd, "\1\2\3", 0, 3, 5, 0));
	ASSERT_EQ(2, rig_read(self->fd).seq);
	EXPECT_EQ(3, rig_read(self->fd).seq);
}

TEST_F(submit, a_frame_started_by_write_is_left_alone)
{
	ASSERT_EQ(4, write(self->fd, self->frame, 4));
	ASSERT_EQ(0, rig_submit(self->fd, "\1\2\3", 12, 3, 0, 0));
	ASSERT_EQ(RIG_FRAME - 4, write(self->fd, self->frame + 4, RIG_FRAME - 4));
	rig_wait_frames(2);
	memcpy(self->expected + 12, "\1\2\3", 3);
	EXPECT_TRUE(rig_shown(1, self->expected, RIG_FRAME));
	EXPECT_TRUE(rig_shown(2, self->frame, RIG_FRAME));
}

TEST_F(submit, a_frame_with_a_time_shows_at_that_time_and_starts_a_wire_time_before)
{
	uint64_t present = rig_now() + S_NS / 2;
	struct diuna_completion r;

	ASSERT_EQ(0, rig_submit(self->fd, self->frame, 0, RIG_FRAME, 1, present));
	r = rig_read(self->fd);
	EXPECT_EQ(0, r.flags);
	EXPECT_LE(present - WIRE_NS, r.started_ns);
	EXPECT_LE(present, r.done_ns);
	EXPECT_EQ(0, rig_get_number("late"));
}

TEST_F(submit, more_than_a_second_ahead_is_EINVAL)
{
	EXPECT_EQ(-1, rig_submit(self->fd, self->frame, 0, RIG_FRAME, 1, rig_now() + 60 * S_NS));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, rig_submit(self->fd, self->frame, 0, RIG_FRAME, 1, UINT64_MAX));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, rig_submit(self->fd, self->frame, 0, RIG_FRAME, 1, 1ULL << 63));
	EXPECT_EQ(EINVAL, errno);
	ASSERT_EQ(0, rig_submit(self->fd, self->frame, 0, RIG_FRAME, 2, 0));
	EXPECT_EQ(1, rig_read(self->fd).seq);
}

TEST_F(submit, a_time_that_is_past_or_too_near_is_sent_at_once_flagged_and_counted)
{
	struct diuna_completion r;

	ASSERT_EQ(0, rig_submit(self->fd, self->frame, 0, RIG_FRAME, 1, 1));
	r = rig_read(self->fd);
	EXPECT_EQ(DIUNA_COMPLETION_LATE, r.flags);
	EXPECT_EQ(0, r.status);
	EXPECT_EQ(1, rig_get_number("late"));
	/* Now is too near: the wire alone takes WIRE_NS. */
	ASSERT_EQ(0, rig_submit(self->fd, self->frame, 0, RIG_FRAME, 1, rig_now() + WIRE_NS / 4));
	EXPECT_EQ(DIUNA_COMPLETION_LATE, rig_read(self->fd).flags);
	EXPECT_EQ(2, rig_get_number("late"));
	EXPECT_EQ(2, rig_get_number("frames"));
}

TEST_F(submit, the_frame_interval_does_not_apply_to_a_frame_with_a_time)
{
	struct diuna_completion r;
	uint64_t present;
	int tries = 0;

	do {
		rig_hold();
		present = rig_now() + S_NS / 5;
		ASSERT_EQ(0, rig_submit(self->fd, self->frame, 0, RIG_FRAME, 1, present));
		r = rig_read(self->fd);
		EXPECT_LE(present, r.done_ns);
		rig_release();
	} while (rig_held_back(&r) && ++tries < 3);
	EXPECT_GT(3, tries);
}

TEST_F(submit, a_frame_with_a_time_holds_the_next_slot_meanwhile)
{
	int other = rig_open(O_WRONLY | O_NONBLOCK);
	struct pollfd p = { .fd = other, .events = POLLOUT };

	ASSERT_EQ(0, rig_submit(self->fd, self->frame, 0, RIG_FRAME, 1, rig_now() + S_NS * 9 / 10));
	EXPECT_EQ(-1, write(other, self->frame, RIG_FRAME));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, poll(&p, 1, 0));
	rig_read(self->fd);
	EXPECT_EQ(RIG_FRAME, write(other, self->frame, RIG_FRAME));
}

TEST_F(submit, MAILBOX_frames_with_a_time_replace_each_other_too)
{
	rig_mailbox(self->fd);
	ASSERT_EQ(0, rig_submit(self->fd, self->frame, 0, RIG_FRAME, 1, rig_now() + S_NS * 9 / 10));
	ASSERT_EQ(0, rig_submit(self->fd, "\1\2\3", 0, 3, 2, 0));
	EXPECT_EQ(-ECANCELED, rig_read(self->fd).status);
	EXPECT_EQ(2, rig_read(self->fd).cookie);
	memcpy(self->expected, self->frame, RIG_FRAME);
	memcpy(self->expected, "\1\2\3", 3);
	EXPECT_TRUE(rig_shown(1, self->expected, RIG_FRAME));
}

TEST_F(submit, a_removed_device_says_ENODEV)
{
	rig_unbind("diuna");
	EXPECT_EQ(-1, rig_submit(self->fd, self->frame, 0, RIG_FRAME, 1, 0));
	EXPECT_EQ(ENODEV, errno);
}

TEST_F(submit, a_frame_whose_time_passes_while_another_is_on_the_wire_is_late)
{
	uint8_t *frame = calloc(1, RIG_LONG_FRAME);
	struct diuna_completion r;

	rig_unload();
	rig_load_long();
	self->fd = rig_open(O_RDWR);
	/* 16384 pixels x 24 x 1.25 us: half a second on the wire */
	ASSERT_EQ(0, rig_submit(self->fd, frame, 0, RIG_LONG_FRAME, 1, 0));
	/* There is time for its own half second, but not after that of the other. */
	ASSERT_EQ(0, rig_submit(self->fd, frame, 0, RIG_LONG_FRAME, 2, rig_now() + S_NS * 3 / 4));
	r = rig_read(self->fd);
	EXPECT_EQ(1, r.cookie);
	EXPECT_EQ(0, r.flags);
	r = rig_read(self->fd);
	EXPECT_EQ(2, r.cookie);
	EXPECT_EQ(DIUNA_COMPLETION_LATE, r.flags);
	EXPECT_EQ(0, r.status);
	EXPECT_EQ(1, rig_get_number("late"));
}

/* Black and white in turns, until it is killed */
static int flicker(void *arg)
{
	volatile uint8_t *shared = arg;

	for (uint8_t v = 0;; v = ~v)
		for (int i = 0; i < RIG_FRAME; i++)
			shared[i] = v;
	return 0;
}

TEST_F(submit, what_is_summed_is_what_is_sent_whatever_becomes_of_the_buffer)
{
	uint8_t *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned int mixed = 0;
	pid_t child;

	ASSERT_NE(MAP_FAILED, shared);
	for (int c = 0; c < 2; c++) {
		/* uA: a level of each component is 80 */
		static const char *const names[2][3] = {
			{ "channel0/red_ua", "channel0/green_ua", "channel0/blue_ua" },
			{ "channel1/red_ua", "channel1/green_ua", "channel1/blue_ua" },
		};

		for (int i = 0; i < 3; i++)
			ASSERT_EQ(0, rig_set(names[c][i], "20400"));
	}
	ASSERT_EQ(0, rig_set("power_limit_ma", "100"));
	child = rig_spawn(flicker, shared);
	for (unsigned int n = 1; n <= 300; n++) {
		/* 5 pixels of 1000 uA at rest, the default */
		uint64_t idle = 5000, light = 0;
		struct diuna_completion r;
		uint32_t s = 65536;
		int fd;

		ASSERT_EQ(0, rig_submit(self->fd, shared, 0, RIG_FRAME, n, 0));
		r = rig_read(self->fd);
		fd = open("/sys/kernel/debug/diuna/diuna/last_frame", O_RDONLY);
		ASSERT_EQ(RIG_FRAME, read(fd, self->frame, RIG_FRAME));
		close(fd);
		for (int i = 0; i < RIG_FRAME; i++)
			light += 80 * self->frame[i];
		if (idle + light > 100000)
			s = 65536 * (100000 - idle) / light;
		ASSERT_EQ(s, r.scale);
		for (int i = 0; i < RIG_FRAME; i++)
			self->expected[i] = self->frame[i] * s >> 16;
		ASSERT_EQ(0, memcmp(self->expected, rig_history_of("diuna/symbols")->frames[0].data,
				    RIG_FRAME));
		mixed += light != 0 && light != 15 * 255 * 80;
	}
	TH_LOG("%u of 300 frames were neither black nor white", mixed);
	ASSERT_EQ(0, kill(child, SIGKILL));
	rig_join(child);
}

TEST_HARNESS_MAIN
