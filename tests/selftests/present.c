// SPDX-License-Identifier: GPL-2.0
/*
 * present.c - frames with a time show at that time; for the machine "icount",
 * where time is the count of instructions
 *
 * A word of the controller is 8 bits of 1.25 us, 10 us.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>

#include "kselftest_harness.h"
#include "rig.h"

#define WORD_NS		10000
#define MS_NS		1000000LL

TEST(the_latch_is_within_a_word_of_present_ns)
{
	static const struct rig_strip strip = { 300, "GRB", "ws2812b" };
	uint8_t frame[900];
	int fd;

	ASSERT_EQ(0, mlockall(MCL_CURRENT | MCL_FUTURE));
	rig_load(&strip, 1, 1, NULL);
	fd = rig_open(O_RDWR);
	rig_pattern(frame, 900, 1);
	for (int i = 1; i <= 20; i++) {
		/* 300 pixels take 9.28 ms: ahead by 12 to 31 */
		uint64_t present = rig_now() + (11 + i) * MS_NS;
		struct diuna_completion r;

		ASSERT_EQ(0, rig_submit(fd, frame, 0, 900, i, present));
		r = rig_read(fd);
		ASSERT_EQ(0, r.flags);
		/* pixels x 24 x 1.25 us and the reset of 280 us */
		EXPECT_GT(WORD_NS, llabs((int64_t)(r.started_ns + 300 * 24 * 1250 + 280000 - present)));
		EXPECT_GT(WORD_NS, llabs((int64_t)(r.done_ns - present)));
	}
	rig_unload();
}

TEST(frames_of_several_controllers_show_at_the_same_time)
{
	uint8_t frame[RIG_FRAME];
	struct diuna_completion a, b;
	uint64_t present;
	int fd[2];

	ASSERT_EQ(0, mlockall(MCL_CURRENT | MCL_FUTURE));
	rig_load(rig_usual, 2, 2, NULL);
	fd[0] = open("/dev/diuna", O_RDWR);
	fd[1] = open("/dev/diuna1", O_RDWR);
	rig_pattern(frame, RIG_FRAME, 1);
	for (int i = 0; i < 20; i++) {
		present = rig_now() + 5 * MS_NS;
		ASSERT_EQ(0, rig_submit(fd[0], frame, 0, RIG_FRAME, i, present));
		ASSERT_EQ(0, rig_submit(fd[1], frame, 0, RIG_FRAME, i, present));
		a = rig_read(fd[0]);
		b = rig_read(fd[1]);
		EXPECT_GT(WORD_NS, llabs((int64_t)(a.done_ns - b.done_ns)));
	}
	rig_unload();
}

TEST_HARNESS_MAIN
