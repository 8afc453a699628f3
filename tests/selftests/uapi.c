// SPDX-License-Identifier: GPL-2.0
/*
 * uapi.c - the layout of the structures, the same for 32 and 64 bits
 *
 * Offsets are the sums of the sizes of the members before; the program is
 * built for both.
 */

#include <stddef.h>
#include <sys/ioctl.h>

#include <linux/diuna.h>

#include "kselftest_harness.h"

TEST(structures_have_their_sizes)
{
	/* 4 x 4, 6 x 8, 2 x 4, 32, 8 x 8 */
	EXPECT_EQ(168, sizeof(struct diuna_info));
	/* 7 x 4, 2 x 2, 8, 24, 32, 4 x 8 */
	EXPECT_EQ(128, sizeof(struct diuna_channel));
	EXPECT_EQ(16, sizeof(struct diuna_brightness));
	/* 4 x 4, 4 x 256 */
	EXPECT_EQ(1040, sizeof(struct diuna_lut));
	EXPECT_EQ(16, sizeof(struct diuna_mode));
	/* 8, 2 x 4, 2 x 8, 6 x 4 */
	EXPECT_EQ(56, sizeof(struct diuna_submit));
	/* 5 x 8, 4 x 4, 8 */
	EXPECT_EQ(64, sizeof(struct diuna_completion));
}

TEST(members_have_their_places)
{
	EXPECT_EQ(16, offsetof(struct diuna_info, features));
	EXPECT_EQ(64, offsetof(struct diuna_info, done_accuracy_ns));
	EXPECT_EQ(72, offsetof(struct diuna_info, name));
	EXPECT_EQ(104, offsetof(struct diuna_info, reserved));
	EXPECT_EQ(28, offsetof(struct diuna_channel, symbol_0));
	EXPECT_EQ(32, offsetof(struct diuna_channel, order));
	EXPECT_EQ(40, offsetof(struct diuna_channel, chip));
	EXPECT_EQ(64, offsetof(struct diuna_channel, label));
	EXPECT_EQ(96, offsetof(struct diuna_channel, reserved));
	EXPECT_EQ(16, offsetof(struct diuna_lut, table));
	EXPECT_EQ(16, offsetof(struct diuna_submit, cookie));
	EXPECT_EQ(24, offsetof(struct diuna_submit, present_ns));
	EXPECT_EQ(32, offsetof(struct diuna_submit, flags));
	EXPECT_EQ(40, offsetof(struct diuna_completion, status));
	EXPECT_EQ(56, offsetof(struct diuna_completion, reserved));
}

TEST(structures_are_aligned_to_64_bits)
{
	EXPECT_EQ(8, _Alignof(struct diuna_info));
	EXPECT_EQ(8, _Alignof(struct diuna_channel));
	EXPECT_EQ(8, _Alignof(struct diuna_submit));
	EXPECT_EQ(8, _Alignof(struct diuna_completion));
}

TEST(ioctls_have_their_numbers)
{
	/* direction << 30 | size << 16 | 0xd1 << 8 | number; 1 writes, 2 reads */
	EXPECT_EQ(2U << 30 | 168 << 16 | 0xd100, DIUNA_IOC_GET_INFO);
	EXPECT_EQ(3U << 30 | 128 << 16 | 0xd101, DIUNA_IOC_GET_CHANNEL);
	EXPECT_EQ(1U << 30 | 16 << 16 | 0xd102, DIUNA_IOC_SET_BRIGHTNESS);
	EXPECT_EQ(1U << 30 | 1040 << 16 | 0xd103, DIUNA_IOC_SET_LUT);
	EXPECT_EQ(1U << 30 | 16 << 16 | 0xd104, DIUNA_IOC_SET_MODE);
	EXPECT_EQ(1U << 30 | 56 << 16 | 0xd105, DIUNA_IOC_SUBMIT);
}

TEST_HARNESS_MAIN
