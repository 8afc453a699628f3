// SPDX-License-Identifier: GPL-2.0
/*
 * ioctl.c - GET_INFO, GET_CHANNEL, SET_BRIGHTNESS, and what is refused
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "rig.h"

FIXTURE(ioctl) {
	int fd;
	uint8_t frame[RIG_FRAME];
	uint8_t expected[RIG_FRAME];
};

FIXTURE_SETUP(ioctl)
{
	rig_load_usual();
	self->fd = rig_open(O_RDWR);
	rig_pattern(self->frame, RIG_FRAME, 1);
}

FIXTURE_TEARDOWN(ioctl)
{
	rig_unload();
}

TEST_F(ioctl, GET_INFO_describes_the_device)
{
	struct diuna_info info;

	memset(&info, 0xff, sizeof(info));
	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_GET_INFO, &info));
	EXPECT_EQ(1, info.abi_version);
	EXPECT_EQ(DIUNA_BACKEND_SIM, info.backend);
	EXPECT_EQ(2, info.channels);
	EXPECT_EQ(15, info.frame_bytes);
	/* 3 pixels of 24 bits, 1.25 us each */
	EXPECT_EQ(90000, info.data_ns);
	/* Both chips want more than 280 us, which is 28 words of 10 us. */
	EXPECT_EQ(280000, info.reset_ns);
	EXPECT_EQ(370000, info.frame_ns);
	EXPECT_EQ(1000000000, info.present_ahead_max_ns);
	/* wire time x 2 + 100 ms */
	EXPECT_EQ(2 * 370000 + 100000000, info.timeout_ns);
	EXPECT_LE(1, info.completion_records);
	EXPECT_STREQ("diuna", info.name);
	for (int i = 0; i < 8; i++)
		EXPECT_EQ(0, info.reserved[i]);
	for (size_t i = strlen(info.name); i < sizeof(info.name); i++)
		EXPECT_EQ(0, info.name[i]);
}

TEST_F(ioctl, GET_CHANNEL_describes_each_channel)
{
	struct diuna_channel c = { .index = 0 };

	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_GET_CHANNEL, &c));
	EXPECT_EQ(0, c.index);
	EXPECT_EQ(3, c.pixels);
	EXPECT_EQ(3, c.components);
	EXPECT_EQ(0, c.offset);
	EXPECT_EQ(0, c.flags);
	EXPECT_EQ(1250, c.bit_ns);
	EXPECT_EQ(280000, c.reset_ns);
	/* WS2812B: a 1 is high for 800 ns +- 150: three symbols of 312.5 ns */
	EXPECT_EQ(0x8, c.symbol_0);
	EXPECT_EQ(0xe, c.symbol_1);
	EXPECT_STREQ("GRB", c.order);
	EXPECT_STREQ("ws2812b", c.chip);
	for (int i = 0; i < 4; i++)
		EXPECT_EQ(0, c.reserved[i]);

	c = (struct diuna_channel){ .index = 1 };
	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_GET_CHANNEL, &c));
	EXPECT_EQ(1, c.index);
	EXPECT_EQ(2, c.pixels);
	EXPECT_EQ(3, c.components);
	EXPECT_EQ(9, c.offset);
	EXPECT_EQ(1250, c.bit_ns);
	/* WS2811: a 1 is high for 600 ns +- 75: two symbols */
	EXPECT_EQ(0x8, c.symbol_0);
	EXPECT_EQ(0xc, c.symbol_1);
	EXPECT_STREQ("BRG", c.order);
	EXPECT_STREQ("ws2811", c.chip);
}

TEST(GET_CHANNEL_knows_four_components_and_where_the_next_channel_begins)
{
	static const struct rig_strip strips[2] = {
		{ 5, "GRBW", "sk6812w" }, { 7, "RGB", "ws2812b" },
	};
	struct diuna_channel c = { .index = 0 };
	struct diuna_info info;
	int fd;

	rig_load(strips, 2, 1, NULL);
	fd = rig_open(O_RDONLY);
	ASSERT_EQ(0, ioctl(fd, DIUNA_IOC_GET_CHANNEL, &c));
	EXPECT_EQ(4, c.components);
	EXPECT_STREQ("GRBW", c.order);
	/* SK6812 */
	EXPECT_EQ(80000, c.reset_ns);
	c = (struct diuna_channel){ .index = 1 };
	ASSERT_EQ(0, ioctl(fd, DIUNA_IOC_GET_CHANNEL, &c));
	EXPECT_EQ(5 * 4, c.offset);
	ASSERT_EQ(0, ioctl(fd, DIUNA_IOC_GET_INFO, &info));
	EXPECT_EQ(5 * 4 + 7 * 3, info.frame_bytes);
	/* 7 x 24 = 168 bits are longer than 5 x 32 = 160 */
	EXPECT_EQ(168 * 1250, info.data_ns);
	/* the larger of the two */
	EXPECT_EQ(280000, info.reset_ns);
	rig_unload();
}

TEST_F(ioctl, GET_CHANNEL_refuses_a_channel_that_is_not_there)
{
	struct diuna_channel c, before;

	memset(&c, 0, sizeof(c));
	for (unsigned int i = 2; i; i *= 2) {
		c.index = i;
		before = c;
		EXPECT_EQ(-1, ioctl(self->fd, DIUNA_IOC_GET_CHANNEL, &c));
		EXPECT_EQ(EINVAL, errno);
		EXPECT_EQ(0, memcmp(&before, &c, sizeof(c)));
	}
}

TEST_F(ioctl, GET_CHANNEL_refuses_reserved_members_that_are_not_zero)
{
	struct diuna_channel c;

	for (int i = 0; i < 4; i++) {
		memset(&c, 0, sizeof(c));
		c.reserved[i] = 1ULL << (i * 21);
		EXPECT_EQ(-1, ioctl(self->fd, DIUNA_IOC_GET_CHANNEL, &c));
		EXPECT_EQ(EINVAL, errno);
	}
}

TEST_F(ioctl, bad_pointers_are_EFAULT)
{
	static const unsigned long calls[] = {
		DIUNA_IOC_GET_INFO, DIUNA_IOC_GET_CHANNEL, DIUNA_IOC_SET_BRIGHTNESS,
	};

	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(-1, ioctl(self->fd, calls[i], NULL));
		EXPECT_EQ(EFAULT, errno);
	}
	EXPECT_EQ(255, rig_get_number("brightness"));
}

TEST_F(ioctl, unknown_ioctls_are_ENOTTY)
{
	uint64_t buffer[256] = { 0 };

	for (unsigned int n = 6; n < 256; n++) {
		ASSERT_EQ(-1, ioctl(self->fd, _IO(DIUNA_IOC_MAGIC, n), buffer));
		ASSERT_EQ(ENOTTY, errno);
	}
	/* known numbers with another size, another direction, another magic */
	EXPECT_EQ(-1, ioctl(self->fd, _IOR(DIUNA_IOC_MAGIC, 0, uint64_t), buffer));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_EQ(-1, ioctl(self->fd, _IOW(DIUNA_IOC_MAGIC, 0, struct diuna_info), buffer));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_EQ(-1, ioctl(self->fd, _IOR(0xd2, 0, struct diuna_info), buffer));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_EQ(-1, ioctl(self->fd, 0, buffer));
	EXPECT_EQ(ENOTTY, errno);
}

TEST_F(ioctl, SET_BRIGHTNESS_scales_every_component)
{
	static const uint32_t levels[] = { 0, 1, 128, 254, 255 };

	for (unsigned int i = 0; i < 5; i++) {
		struct diuna_brightness b = { .brightness = levels[i] };

		ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_SET_BRIGHTNESS, &b));
		EXPECT_EQ(levels[i], rig_get_number("brightness"));
	}
	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_SET_BRIGHTNESS,
			   &(struct diuna_brightness){ .brightness = 51 }));
	/* v x 51 / 255 = v / 5, rounded to the nearest: (v + 2) / 5 */
	for (int i = 0; i < RIG_FRAME; i++)
		self->expected[i] = (self->frame[i] + 2) / 5;
	int other = rig_open(O_RDWR);

	ASSERT_EQ(RIG_FRAME, write(other, self->frame, RIG_FRAME));
	rig_read(other);
	EXPECT_TRUE(rig_shown(1, self->expected, RIG_FRAME));
}

TEST_F(ioctl, brightness_survives_close)
{
	struct diuna_brightness b = { .brightness = 77 };
	int other = rig_open(O_WRONLY);

	ASSERT_EQ(0, ioctl(other, DIUNA_IOC_SET_BRIGHTNESS, &b));
	ASSERT_EQ(0, close(other));
	ASSERT_EQ(0, close(self->fd));
	EXPECT_EQ(77, rig_get_number("brightness"));
}

TEST_F(ioctl, SET_BRIGHTNESS_refuses_what_is_out_of_range_and_changes_nothing)
{
	static const uint32_t bad[] = { 256, 257, 0x10000, 0x80000000, 0xffffffff };
	struct diuna_brightness b = { .brightness = 77 };

	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_SET_BRIGHTNESS, &b));
	for (int i = 0; i < 5; i++) {
		b.brightness = bad[i];
		EXPECT_EQ(-1, ioctl(self->fd, DIUNA_IOC_SET_BRIGHTNESS, &b));
		EXPECT_EQ(EINVAL, errno);
		EXPECT_EQ(77, rig_get_number("brightness"));
	}
}

TEST_F(ioctl, SET_BRIGHTNESS_refuses_reserved_members_that_are_not_zero)
{
	for (int i = 0; i < 3; i++) {
		struct diuna_brightness b = { .brightness = 10 };

		b.reserved[i] = 1;
		EXPECT_EQ(-1, ioctl(self->fd, DIUNA_IOC_SET_BRIGHTNESS, &b));
		EXPECT_EQ(EINVAL, errno);
		EXPECT_EQ(255, rig_get_number("brightness"));
	}
}

TEST_F(ioctl, changes_need_a_file_open_for_writing_and_questions_do_not)
{
	struct diuna_brightness b = { .brightness = 10 };
	struct diuna_channel c = { .index = 0 };
	struct diuna_info info;
	int fd = rig_open(O_RDONLY);

	EXPECT_EQ(-1, ioctl(fd, DIUNA_IOC_SET_BRIGHTNESS, &b));
	EXPECT_EQ(EBADF, errno);
	EXPECT_EQ(255, rig_get_number("brightness"));
	EXPECT_EQ(0, ioctl(fd, DIUNA_IOC_GET_INFO, &info));
	EXPECT_EQ(0, ioctl(fd, DIUNA_IOC_GET_CHANNEL, &c));
}

TEST_F(ioctl, a_removed_device_says_ENODEV)
{
	struct diuna_brightness b = { .brightness = 10 };
	struct diuna_channel c = { .index = 0 };
	struct diuna_info info;

	rig_unbind("diuna");
	EXPECT_EQ(-1, ioctl(self->fd, DIUNA_IOC_GET_INFO, &info));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(-1, ioctl(self->fd, DIUNA_IOC_GET_CHANNEL, &c));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(-1, ioctl(self->fd, DIUNA_IOC_SET_BRIGHTNESS, &b));
	EXPECT_EQ(ENODEV, errno);
}

TEST_F(ioctl, features_that_are_not_announced_say_EOPNOTSUPP)
{
	struct diuna_mode mode = { .mode = DIUNA_MODE_MAILBOX };
	struct diuna_submit submit = {
		.pixels = (uintptr_t)self->frame, .length = RIG_FRAME,
	};
	static struct diuna_lut lut;
	struct diuna_info info;

	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_GET_INFO, &info));
	errno = 0;
	ioctl(self->fd, DIUNA_IOC_SET_MODE, &mode);
	EXPECT_EQ(info.features & DIUNA_FEATURE_MAILBOX ? 0 : EOPNOTSUPP, errno);
	errno = 0;
	ioctl(self->fd, DIUNA_IOC_SUBMIT, &submit);
	EXPECT_EQ(info.features & DIUNA_FEATURE_SUBMIT ? 0 : EOPNOTSUPP, errno);
	errno = 0;
	ioctl(self->fd, DIUNA_IOC_SET_LUT, &lut);
	EXPECT_EQ(info.features & DIUNA_FEATURE_LUT ? 0 : EOPNOTSUPP, errno);
}

TEST_HARNESS_MAIN
