// SPDX-License-Identifier: GPL-2.0
/*
 * wiring.c - wiring by sysfs: what it changes, when it may be changed, what is
 * refused
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "kselftest_harness.h"
#include "rig.h"

#define DIR	"/sys/class/diuna/diuna/"

FIXTURE(wiring) {
	uint8_t frame[64];
};

FIXTURE_SETUP(wiring)
{
	rig_load_usual();
	rig_pattern(self->frame, sizeof(self->frame), 1);
}

FIXTURE_TEARDOWN(wiring)
{
	rig_unload();
}

/* What reaches the wire, word by word of the first channel, without the zeros around it */
static int words(uint32_t *out, int most)
{
	char *line = NULL, *p;
	size_t size = 0;
	int n = 0;
	FILE *f = fopen("/sys/kernel/debug/diuna/diuna/symbols", "r");
	unsigned int channels = 0;

	if (!f || getline(&line, &size, f) < 0 ||
	    sscanf(line, "# diuna-sim 1 channels=%u", &channels) != 1 || getline(&line, &size, f) < 0)
		abort();
	p = strstr(line, "words=");
	strtoul(p + 6, &p, 10);
	for (unsigned int i = 0; *p == ' ' && n < most; i++) {
		uint32_t word = strtoul(p + 1, &p, 16);

		if (i % channels == 0 && word)
			out[n++] = word;
	}
	free(line);
	fclose(f);
	return n;
}

TEST_F(wiring, pixels_change_the_frame)
{
	struct diuna_info info;
	int fd;

	ASSERT_EQ(0, rig_set("channel0/pixels", "7"));
	EXPECT_EQ(7, rig_get_number("channel0/pixels"));
	/* (7 + 2) x 3 */
	EXPECT_EQ(27, rig_get_number("frame_bytes"));
	EXPECT_EQ(21, rig_get_number("channel1/offset"));
	/* 7 x 24 x 1.25 us */
	EXPECT_EQ(210000, rig_get_number("data_ns"));
	fd = rig_open(O_RDWR);
	ASSERT_EQ(0, ioctl(fd, DIUNA_IOC_GET_INFO, &info));
	EXPECT_EQ(27, info.frame_bytes);
	ASSERT_EQ(27, write(fd, self->frame, 27));
	EXPECT_EQ(1, rig_read(fd).seq);
	uint32_t w[64];

	EXPECT_EQ(21, words(w, 64));
}

TEST_F(wiring, order_and_chip_change_what_is_sent)
{
	uint32_t w[64];
	int fd;

	ASSERT_EQ(0, rig_set("channel0/order", "BGR"));
	ASSERT_EQ(0, rig_set("channel0/chip", "ws2812b-v5"));
	EXPECT_STREQ("BGR", rig_get("channel0/order"));
	EXPECT_STREQ("ws2812b-v5", rig_get("channel0/chip"));
	fd = rig_open(O_RDWR);
	memset(self->frame, 0, RIG_FRAME);
	memcpy(self->frame, "\x01\x00\x80", 3);
	ASSERT_EQ(RIG_FRAME, write(fd, self->frame, RIG_FRAME));
	rig_read(fd);
	ASSERT_EQ(9, words(w, 64));
	/*
	 * B = 0x80 first, then G, then R = 1; the first bit in the highest place. WS2812B-V5
	 * wants a 1 high for 580 to 1000 ns and low for as long: 1100.
	 */
	EXPECT_EQ(0xc8888888, w[0]);
	EXPECT_EQ(0x88888888, w[1]);
	EXPECT_EQ(0x8888888c, w[2]);
}

TEST_F(wiring, four_components_can_be_had_later)
{
	ASSERT_EQ(0, rig_set("channel0/order", "WRGB"));
	EXPECT_EQ(4, rig_get_number("channel0/components"));
	/* 3 x 4 + 2 x 3 */
	EXPECT_EQ(18, rig_get_number("frame_bytes"));
}

TEST_F(wiring, a_change_forgets_the_last_frame)
{
	int fd = rig_open(O_RDWR);

	ASSERT_EQ(RIG_FRAME, write(fd, self->frame, RIG_FRAME));
	rig_read(fd);
	ASSERT_EQ(0, close(fd));
	ASSERT_EQ(0, rig_set("channel0/pixels", "4"));
	ASSERT_EQ(0, rig_set("channel0/pixels", "3"));
	fd = rig_open(O_WRONLY);
	ASSERT_EQ(3, write(fd, "\1\2\3", 3));
	ASSERT_EQ(0, close(fd));
	memset(self->frame, 0, RIG_FRAME);
	memcpy(self->frame, "\1\2\3", 3);
	EXPECT_TRUE(rig_wait_last(self->frame, RIG_FRAME));
}

TEST_F(wiring, it_is_EBUSY_while_a_file_is_open_for_writing)
{
	static const char *const what[][2] = {
		{ "channel0/pixels", "9" }, { "channel0/order", "RGB" },
		{ "channel0/chip", "sk6812" }, { "channel0/inverted", "1" },
	};
	int fd = rig_open(O_WRONLY);

	for (unsigned int i = 0; i < 4; i++)
		EXPECT_EQ(-EBUSY, rig_set(what[i][0], what[i][1]));
	EXPECT_EQ(3, rig_get_number("channel0/pixels"));
	ASSERT_EQ(0, close(fd));
	for (unsigned int i = 0; i < 4; i++)
		EXPECT_EQ(0, rig_set(what[i][0], what[i][1]));
}

TEST_F(wiring, a_file_open_for_reading_does_not_matter)
{
	rig_open(O_RDONLY);
	EXPECT_EQ(0, rig_set("channel0/pixels", "9"));
}

TEST_F(wiring, it_is_EBUSY_while_a_frame_is_queued)
{
	int fd;

	rig_hold();
	fd = rig_open(O_WRONLY);
	ASSERT_EQ(RIG_FRAME, write(fd, self->frame, RIG_FRAME));
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(-EBUSY, rig_set("channel0/pixels", "9"));
	rig_release();
	rig_wait_frames(2);
	fd = rig_open(O_RDWR);
	ASSERT_EQ(RIG_FRAME, write(fd, self->frame, RIG_FRAME));
	rig_read(fd);
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(0, rig_set("channel0/pixels", "9"));
}

TEST_F(wiring, nonsense_is_EINVAL_and_changes_nothing)
{
	static const char *const bad[][2] = {
		{ "channel0/pixels", "0" }, { "channel0/pixels", "16385" },
		{ "channel0/pixels", "-1" }, { "channel0/pixels", "x" },
		{ "channel0/order", "RGG" }, { "channel0/order", "RG" },
		{ "channel0/order", "RGBX" }, { "channel0/order", "GRBWGRBWGRBW" },
		{ "channel0/chip", "ws9999" }, { "channel0/chip", " " },
		{ "channel0/inverted", "2" }, { "channel0/inverted", "yes" },
		/* the other channel runs at 800 kHz */
		{ "channel0/chip", "ws2811-400" },
		{ "channel0/timing_ns", "1 2 3" }, { "channel0/timing_ns", "a b c d e f g h i" },
	};

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT_EQ(-EINVAL, rig_set(bad[i][0], bad[i][1]))
			TH_LOG("%s took %s", bad[i][0], bad[i][1]);
	}
	EXPECT_EQ(3, rig_get_number("channel0/pixels"));
	EXPECT_STREQ("GRB", rig_get("channel0/order"));
	EXPECT_STREQ("ws2812b", rig_get("channel0/chip"));
	EXPECT_EQ(15, rig_get_number("frame_bytes"));
	int fd = rig_open(O_RDWR);

	ASSERT_EQ(RIG_FRAME, write(fd, self->frame, RIG_FRAME));
	rig_read(fd);
	EXPECT_TRUE(rig_shown(1, self->frame, RIG_FRAME));
}

TEST_F(wiring, a_custom_timing_in_ns_picks_the_symbols)
{
	uint32_t w[64];
	int fd;

	/*
	 * T0H 250..400, T0L 800..1000, T1H 550..700, T1L 550..700: at 3.2 MHz only 1000
	 * (312.5, 937.5) and 1100 (625, 625) are inside.
	 */
	ASSERT_EQ(0, rig_set("channel0/timing_ns", "250 400 800 1000 550 700 550 700 100000"));
	EXPECT_EQ(100000, rig_get_number("channel0/reset_ns"));
	fd = rig_open(O_RDWR);
	memset(self->frame, 0xff, RIG_FRAME);
	ASSERT_EQ(RIG_FRAME, write(fd, self->frame, RIG_FRAME));
	rig_read(fd);
	ASSERT_EQ(9, words(w, 64));
	EXPECT_EQ(0xcccccccc, w[0]);
	/* the other channel's 280 us stay the larger of the two */
	EXPECT_EQ(280000, rig_get_number("reset_ns"));
}

TEST_F(wiring, a_custom_timing_that_no_pattern_meets_is_refused)
{
	/* A 0 and a 1 that are as long as each other make sense but cannot be told apart. */
	EXPECT_EQ(-ERANGE, rig_set("channel0/timing_ns", "300 310 900 910 300 310 900 910 50000"));
	/* windows that end before they begin */
	EXPECT_EQ(-EINVAL, rig_set("channel0/timing_ns", "400 250 800 1000 550 700 550 700 50000"));
	EXPECT_STREQ("ws2812b", rig_get("channel0/chip"));
}

TEST_F(wiring, what_is_refused_does_not_darken_the_strips)
{
	int fd = rig_open(O_WRONLY);

	ASSERT_EQ(RIG_FRAME, write(fd, self->frame, RIG_FRAME));
	ASSERT_EQ(0, fsync(fd));
	close(fd);
	/* 400 kHz beside 800 kHz, no pixels, too many */
	EXPECT_EQ(-EINVAL, rig_set("channel0/chip", "ws2811-400"));
	EXPECT_EQ(-EINVAL, rig_set("channel1/pixels", "0"));
	EXPECT_EQ(-EINVAL, rig_set("channel1/pixels", "16385"));
	/* Nothing was sent but the black frame of the beginning and the one written. */
	EXPECT_EQ(2, rig_history()->count);
	EXPECT_EQ(1, rig_last()->seq);
}

TEST_F(wiring, a_label_is_for_people_and_may_be_changed_any_time)
{
	struct diuna_channel c = { .index = 1 };
	int fd = rig_open(O_RDWR);

	ASSERT_EQ(0, rig_set("channel1/label", "over the door"));
	EXPECT_STREQ("over the door", rig_get("channel1/label"));
	ASSERT_EQ(0, ioctl(fd, DIUNA_IOC_GET_CHANNEL, &c));
	EXPECT_STREQ("over the door", c.label);
	EXPECT_EQ(-EINVAL, rig_set("channel1/label", "a label that is longer than thirty-one bytes"));
	EXPECT_STREQ("over the door", rig_get("channel1/label"));
}

TEST_F(wiring, inverted_is_told)
{
	struct diuna_channel c = { .index = 0 };
	int fd;

	ASSERT_EQ(0, rig_set("channel0/inverted", "1"));
	fd = rig_open(O_RDONLY);
	ASSERT_EQ(0, ioctl(fd, DIUNA_IOC_GET_CHANNEL, &c));
	EXPECT_EQ(DIUNA_CHANNEL_INVERTED, c.flags);
	EXPECT_EQ(1, rig_get_number("channel0/inverted"));
}

TEST_F(wiring, it_is_for_root_only)
{
	static const char *const names[] = { "pixels", "order", "chip", "inverted", "timing_ns" };

	for (int i = 0; i < 5; i++) {
		char path[128];
		struct stat s;

		snprintf(path, sizeof(path), DIR "channel0/%s", names[i]);
		ASSERT_EQ(0, stat(path, &s));
		EXPECT_EQ(0644, s.st_mode & 0777);
		EXPECT_EQ(0, s.st_uid);
	}
}

TEST_HARNESS_MAIN
