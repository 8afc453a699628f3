// SPDX-License-Identifier: GPL-2.0
/*
 * sysfs.c - the attributes of /sys/class/diuna/diuna and what they refuse
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "kselftest_harness.h"
#include "rig.h"

FIXTURE(sysfs) {
	int fd;
	uint8_t frame[RIG_FRAME];
};

FIXTURE_SETUP(sysfs)
{
	rig_load_usual();
	self->fd = rig_open(O_RDWR);
	rig_pattern(self->frame, RIG_FRAME, 1);
}

FIXTURE_TEARDOWN(sysfs)
{
	rig_unload();
}

TEST_F(sysfs, what_GET_INFO_says_stands_there_too)
{
	struct diuna_info info;

	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_GET_INFO, &info));
	EXPECT_STREQ("sim", rig_get("backend"));
	EXPECT_EQ(info.abi_version, rig_get_number("abi_version"));
	EXPECT_EQ(info.channels, rig_get_number("channels"));
	EXPECT_EQ(info.frame_bytes, rig_get_number("frame_bytes"));
	EXPECT_EQ(info.features, rig_get_number("features"));
	EXPECT_EQ(info.data_ns, rig_get_number("data_ns"));
	EXPECT_EQ(info.reset_ns, rig_get_number("reset_ns"));
	EXPECT_EQ(info.frame_ns, rig_get_number("frame_ns"));
	EXPECT_EQ(info.present_ahead_max_ns, rig_get_number("present_ahead_max_ns"));
	EXPECT_EQ(info.timeout_ns, rig_get_number("timeout_ns"));
	EXPECT_EQ(info.done_accuracy_ns, rig_get_number("done_accuracy_ns"));
	EXPECT_EQ(info.completion_records, rig_get_number("completion_records"));
}

TEST_F(sysfs, a_directory_for_each_channel_says_how_it_is_wired)
{
	EXPECT_EQ(3, rig_get_number("channel0/pixels"));
	EXPECT_EQ(3, rig_get_number("channel0/components"));
	EXPECT_EQ(0, rig_get_number("channel0/offset"));
	EXPECT_STREQ("GRB", rig_get("channel0/order"));
	EXPECT_STREQ("ws2812b", rig_get("channel0/chip"));
	EXPECT_EQ(0, rig_get_number("channel0/inverted"));
	EXPECT_EQ(2, rig_get_number("channel1/pixels"));
	EXPECT_EQ(9, rig_get_number("channel1/offset"));
	EXPECT_STREQ("BRG", rig_get("channel1/order"));
	EXPECT_STREQ("ws2811", rig_get("channel1/chip"));
	EXPECT_EQ(-1, access("/sys/class/diuna/diuna/channel2", F_OK));
}

TEST_F(sysfs, counters_begin_at_zero)
{
	EXPECT_EQ(0, rig_get_number("frames"));
	EXPECT_EQ(0, rig_get_number("dropped"));
	EXPECT_EQ(0, rig_get_number("partial"));
	EXPECT_EQ(0, rig_get_number("late"));
	EXPECT_EQ(0, rig_get_number("errors"));
}

TEST_F(sysfs, frames_counts_the_frames_of_writers)
{
	for (int i = 1; i <= 5; i++) {
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
		rig_read(self->fd);
		EXPECT_EQ(i, rig_get_number("frames"));
	}
	EXPECT_EQ(0, rig_get_number("dropped"));
	EXPECT_EQ(0, rig_get_number("errors"));
}

TEST_F(sysfs, brightness_takes_0_to_255_and_nothing_else)
{
	static const char *const bad[] = {
		"256", "-1", "1000000000000", "4294967296", "", "\n", "x", "12x", "0x10", "1.5",
		"1 2", " ", "+-1", "255\n\n",
	};
	char text[16];

	for (int i = 0; i <= 255; i += 5) {
		snprintf(text, sizeof(text), "%d\n", i);
		ASSERT_EQ(0, rig_set("brightness", text));
		ASSERT_EQ(i, rig_get_number("brightness"));
	}
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		/* A write of nothing is nothing. */
		EXPECT_EQ(*bad[i] ? -EINVAL : 0, rig_set("brightness", bad[i]))
			TH_LOG("wrote \"%s\"", bad[i]);
		EXPECT_EQ(255, rig_get_number("brightness"));
	}
}

TEST_F(sysfs, brightness_and_the_ioctl_are_one_value)
{
	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_SET_BRIGHTNESS,
			   &(struct diuna_brightness){ .brightness = 12 }));
	EXPECT_EQ(12, rig_get_number("brightness"));
	ASSERT_EQ(0, rig_set("brightness", "0"));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_read(self->fd);
	rig_fill(self->frame, RIG_FRAME, 0);
	EXPECT_TRUE(rig_shown(1, self->frame, RIG_FRAME));
}

TEST_F(sysfs, frame_interval_takes_0_to_10_s_and_nothing_else)
{
	static const char *const bad[] = {
		"10000001", "-1", "99999999999", "4294967296", "x", "33333us", "0.5", "1e3",
	};

	EXPECT_EQ(0, rig_get_number("frame_interval_us"));
	ASSERT_EQ(0, rig_set("frame_interval_us", "10000000"));
	EXPECT_EQ(10000000, rig_get_number("frame_interval_us"));
	ASSERT_EQ(0, rig_set("frame_interval_us", "33333\n"));
	EXPECT_EQ(33333, rig_get_number("frame_interval_us"));
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT_EQ(-EINVAL, rig_set("frame_interval_us", bad[i]))
			TH_LOG("wrote \"%s\"", bad[i]);
		EXPECT_EQ(33333, rig_get_number("frame_interval_us"));
	}
}

TEST_F(sysfs, no_frame_is_started_before_its_time_by_the_frame_interval)
{
	uint64_t first;

	ASSERT_EQ(0, rig_set("frame_interval_us", "40000"));
	for (int i = 0; i < 6; i++)
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	first = rig_read(self->fd).started_ns;
	for (int i = 1; i < 6; i++)
		EXPECT_LE(first + i * 40000000, rig_read(self->fd).started_ns);
}

TEST_F(sysfs, after_a_frame_that_comes_late_the_interval_counts_from_its_start)
{
	uint64_t started;

	ASSERT_EQ(0, rig_set("frame_interval_us", "40000"));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	started = rig_read(self->fd).started_ns;
	/* half an interval after the time of the second one */
	while (rig_now() < (int64_t)started + 60000000)
		;
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	started = rig_read(self->fd).started_ns;
	EXPECT_LE(started + 40000000, rig_read(self->fd).started_ns);
}

TEST_F(sysfs, what_a_stall_costs_is_not_made_up_for)
{
	uint64_t started;

	ASSERT_EQ(0, rig_set("frame_interval_us", "40000"));
	/* The first is given up after 100 ms: the second misses its time by more than an interval. */
	rig_fault("hang");
	for (int i = 0; i < 4; i++)
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(-ETIMEDOUT, rig_read(self->fd).status);
	started = rig_read(self->fd).started_ns;
	EXPECT_LE(started + 40000000, rig_read(self->fd).started_ns);
	EXPECT_LE(started + 80000000, rig_read(self->fd).started_ns);
}

TEST_F(sysfs, a_shorter_frame_interval_holds_for_the_frame_that_waits_already)
{
	struct diuna_completion r;
	int tries = 0;

	do {
		rig_hold();
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
		rig_release();
		r = rig_read(self->fd);
	} while (rig_held_back(&r) && ++tries < 3);
	EXPECT_GT(3, tries);
}

TEST_F(sysfs, what_is_read_only_cannot_be_written)
{
	static const char *const names[] = {
		"backend", "channels", "frame_bytes", "data_ns", "reset_ns", "frame_ns", "features",
		"frames", "dropped", "partial", "late", "errors",
	};

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[128];
		struct stat s;

		snprintf(path, sizeof(path), "/sys/class/diuna/diuna/%s", names[i]);
		ASSERT_EQ(0, stat(path, &s));
		EXPECT_EQ(0444, s.st_mode & 0777);
	}
}

TEST_F(sysfs, what_changes_something_is_for_root)
{
	static const char *const names[] = { "brightness", "frame_interval_us" };

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[128];
		struct stat s;

		snprintf(path, sizeof(path), "/sys/class/diuna/diuna/%s", names[i]);
		ASSERT_EQ(0, stat(path, &s));
		EXPECT_EQ(0644, s.st_mode & 0777);
		EXPECT_EQ(0, s.st_uid);
	}
}

TEST_F(sysfs, debugfs_has_the_bytes_of_the_frame_submitted_last)
{
	uint8_t seen[RIG_FRAME + 1];
	int fd;

	ASSERT_EQ(0, rig_set("brightness", "3"));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_read(self->fd);
	fd = open("/sys/kernel/debug/diuna/diuna/last_frame", O_RDONLY);
	ASSERT_LE(0, fd);
	ASSERT_EQ(RIG_FRAME, read(fd, seen, sizeof(seen)));
	EXPECT_EQ(0, memcmp(self->frame, seen, RIG_FRAME));
}

TEST_F(sysfs, debugfs_has_the_symbols_of_the_last_transfer)
{
	const struct rig_history *h;

	for (int i = 0; i < 3; i++)
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_wait_frames(3);
	h = rig_history_of("diuna/symbols");
	ASSERT_EQ(1, h->count);
	/* 3.2 MHz */
	EXPECT_EQ(312500, h->symbol_ps);
	EXPECT_EQ(3, h->frames[0].seq);
	EXPECT_EQ(0, memcmp(self->frame, h->frames[0].data, RIG_FRAME));
	/* 9 words of data, 28 of reset, of 32 symbols = 10 us each */
	EXPECT_EQ(37, h->frames[0].words);
	EXPECT_LE(370000, h->frames[0].done - h->frames[0].started);
}

TEST_HARNESS_MAIN
