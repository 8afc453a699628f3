// SPDX-License-Identifier: GPL-2.0
/*
 * look.c - appearance: look-up tables, brightness, blank; what a change of it
 * sends, and refresh
 *
 * 64 pixels of 4 components are 256 bytes: a frame that has every value once.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "rig.h"

#define BYTES	256

FIXTURE(look) {
	int fd;
	uint8_t frame[BYTES];
	uint8_t expected[BYTES];
	uint8_t black[BYTES];
	struct diuna_lut lut;
};

FIXTURE_SETUP(look)
{
	static const struct rig_strip strip = { 64, "GRBW", "sk6812w" };

	rig_load(&strip, 1, 1, NULL);
	self->fd = rig_open(O_RDWR);
	for (int i = 0; i < BYTES; i++)
		self->frame[i] = i;
	/* four tables that differ: mirrored, inverted, rotated, every second */
	for (int i = 0; i < 256; i++) {
		self->lut.table[0][i] = 255 - i;
		self->lut.table[1][i] = i ^ 0x55;
		self->lut.table[2][i] = i + 100;
		self->lut.table[3][i] = i / 2;
	}
}

FIXTURE_TEARDOWN(look)
{
	rig_unload();
}

/* The rounded lut[v] * brightness / 255, halves up */
static uint8_t looks(uint8_t level, unsigned int brightness)
{
	return (2 * level * brightness + 255) / (2 * 255);
}

TEST_F(look, the_table_is_the_identity_at_first)
{
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	rig_wait_frames(1);
	EXPECT_TRUE(rig_shown(1, self->frame, BYTES));
}

TEST_F(look, every_value_of_every_component_goes_through_its_table)
{
	uint8_t frame[BYTES];

	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_SET_LUT, &self->lut));
	/* Shifted by one byte each time, every component sees every value. */
	for (int shift = 0; shift < 4; shift++) {
		for (int i = 0; i < BYTES; i++) {
			frame[i] = i + shift;
			self->expected[i] = self->lut.table[i % 4][frame[i]];
		}
		ASSERT_EQ(BYTES, write(self->fd, frame, BYTES));
		rig_wait_frames(shift + 1);
		ASSERT_TRUE(rig_shown(shift + 1, self->expected, BYTES));
	}
}

TEST_F(look, brightness_comes_after_the_table_and_is_rounded)
{
	static const unsigned int levels[] = { 0, 1, 2, 3, 127, 128, 254, 255 };

	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_SET_LUT, &self->lut));
	for (unsigned int n = 0; n < 8; n++) {
		struct diuna_brightness b = { .brightness = levels[n] };

		ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_SET_BRIGHTNESS, &b));
		ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
		rig_wait_frames(n + 1);
		for (int i = 0; i < BYTES; i++)
			self->expected[i] = looks(self->lut.table[i % 4][i], levels[n]);
		EXPECT_TRUE(rig_shown(n + 1, self->expected, BYTES));
	}
}

TEST(a_table_belongs_to_its_channel_or_to_all)
{
	uint8_t frame[RIG_FRAME], expected[RIG_FRAME];
	static struct diuna_lut lut;
	int fd;

	rig_load_usual();
	fd = rig_open(O_RDWR);
	rig_pattern(frame, RIG_FRAME, 1);
	for (int c = 0; c < 4; c++)
		for (int i = 0; i < 256; i++)
			lut.table[c][i] = 255 - i;
	lut.channel = 1;
	ASSERT_EQ(0, ioctl(fd, DIUNA_IOC_SET_LUT, &lut));
	ASSERT_EQ(RIG_FRAME, write(fd, frame, RIG_FRAME));
	rig_wait_frames(1);
	/* the second channel begins at 9 */
	for (int i = 0; i < RIG_FRAME; i++)
		expected[i] = i < 9 ? frame[i] : 255 - frame[i];
	EXPECT_TRUE(rig_shown(1, expected, RIG_FRAME));
	lut.channel = DIUNA_ALL_CHANNELS;
	ASSERT_EQ(0, ioctl(fd, DIUNA_IOC_SET_LUT, &lut));
	ASSERT_EQ(RIG_FRAME, write(fd, frame, RIG_FRAME));
	rig_wait_frames(2);
	for (int i = 0; i < RIG_FRAME; i++)
		expected[i] = 255 - frame[i];
	EXPECT_TRUE(rig_shown(2, expected, RIG_FRAME));
	rig_unload();
}

TEST_F(look, SET_LUT_refuses_nonsense_and_changes_nothing)
{
	for (unsigned int channel = 1; channel; channel *= 2) {
		self->lut.channel = channel;
		EXPECT_EQ(-1, ioctl(self->fd, DIUNA_IOC_SET_LUT, &self->lut));
		EXPECT_EQ(EINVAL, errno);
	}
	self->lut.channel = 0xfffffffe;
	EXPECT_EQ(-1, ioctl(self->fd, DIUNA_IOC_SET_LUT, &self->lut));
	EXPECT_EQ(EINVAL, errno);
	self->lut.channel = 0;
	for (int i = 0; i < 3; i++) {
		self->lut.reserved[i] = 1;
		EXPECT_EQ(-1, ioctl(self->fd, DIUNA_IOC_SET_LUT, &self->lut));
		EXPECT_EQ(EINVAL, errno);
		self->lut.reserved[i] = 0;
	}
	EXPECT_EQ(-1, ioctl(self->fd, DIUNA_IOC_SET_LUT, NULL));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, ioctl(rig_open(O_RDONLY), DIUNA_IOC_SET_LUT, &self->lut));
	EXPECT_EQ(EBADF, errno);
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	rig_wait_frames(1);
	EXPECT_TRUE(rig_shown(1, self->frame, BYTES));
}

TEST_F(look, the_table_survives_close)
{
	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_SET_LUT, &self->lut));
	ASSERT_EQ(0, close(self->fd));
	self->fd = rig_open(O_WRONLY);
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	rig_wait_frames(1);
	for (int i = 0; i < BYTES; i++)
		self->expected[i] = self->lut.table[i % 4][i];
	EXPECT_TRUE(rig_shown(1, self->expected, BYTES));
}

TEST_F(look, a_change_of_brightness_resends_the_last_frame_when_idle)
{
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	rig_read(self->fd);
	ASSERT_EQ(0, rig_set("brightness", "100"));
	for (int i = 0; i < BYTES; i++)
		self->expected[i] = looks(i, 100);
	EXPECT_TRUE(rig_wait_last(self->expected, BYTES));
	/* It is the driver's own: no frame, no record, no number. */
	EXPECT_EQ(0, rig_last()->seq);
	EXPECT_EQ(1, rig_get_number("frames"));
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-1, read(self->fd, self->expected, sizeof(struct diuna_completion)));
	EXPECT_EQ(EAGAIN, errno);
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, 0));
	EXPECT_EQ(2, rig_read(self->fd).seq);
}

TEST_F(look, a_change_of_the_table_resends_the_last_frame_when_idle)
{
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	rig_read(self->fd);
	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_SET_LUT, &self->lut));
	for (int i = 0; i < BYTES; i++)
		self->expected[i] = self->lut.table[i % 4][i];
	EXPECT_TRUE(rig_wait_last(self->expected, BYTES));
}

TEST_F(look, a_change_while_a_frame_is_on_the_wire_shows_after_it)
{
	static const struct rig_strip one = { 16384, "GRB", "ws2812b" };
	uint8_t *frame = malloc(RIG_LONG_FRAME);

	rig_unload();
	rig_load(&one, 1, 1, NULL);
	self->fd = rig_open(O_RDWR);
	rig_fill(frame, RIG_LONG_FRAME, 200);
	ASSERT_EQ(RIG_LONG_FRAME, write(self->fd, frame, RIG_LONG_FRAME));
	ASSERT_EQ(0, rig_set("brightness", "51"));
	/* 200 x 51 / 255 = 40 */
	rig_fill(frame, RIG_LONG_FRAME, 40);
	EXPECT_TRUE(rig_wait_last(frame, RIG_LONG_FRAME));
	rig_fill(frame, RIG_LONG_FRAME, 200);
	EXPECT_TRUE(rig_shown(1, frame, RIG_LONG_FRAME));
}

TEST_F(look, blank_makes_the_strips_black_and_its_end_brings_the_last_frame_back)
{
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	rig_read(self->fd);
	EXPECT_EQ(0, rig_get_number("blank"));
	ASSERT_EQ(0, rig_set("blank", "1"));
	EXPECT_EQ(1, rig_get_number("blank"));
	EXPECT_TRUE(rig_wait_last(self->black, BYTES));
	ASSERT_EQ(0, rig_set("blank", "0"));
	EXPECT_TRUE(rig_wait_last(self->frame, BYTES));
}

TEST_F(look, while_blanked_frames_are_taken_and_complete_and_are_black_on_the_wire)
{
	struct diuna_completion r;

	ASSERT_EQ(0, rig_set("blank", "1"));
	for (unsigned int i = 1; i <= 3; i++) {
		ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
		r = rig_read(self->fd);
		EXPECT_EQ(i, r.seq);
		EXPECT_EQ(0, r.status);
		EXPECT_TRUE(rig_shown(i, self->black, BYTES));
	}
	EXPECT_EQ(3, rig_get_number("frames"));
	/* What was written meanwhile is what comes back. */
	ASSERT_EQ(0, rig_set("blank", "0"));
	EXPECT_TRUE(rig_wait_last(self->frame, BYTES));
}

TEST_F(look, blank_on_close_makes_the_strips_black_when_the_last_writer_is_gone)
{
	int other = rig_open(O_WRONLY), reader = rig_open(O_RDONLY);

	ASSERT_EQ(0, rig_set("blank_on_close", "1"));
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	rig_read(self->fd);
	ASSERT_EQ(0, close(other));
	/* one writer is still there */
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	rig_read(self->fd);
	EXPECT_TRUE(rig_wait_last(self->frame, BYTES));
	ASSERT_EQ(0, close(self->fd));
	EXPECT_TRUE(rig_wait_last(self->black, BYTES));
	/* nothing is blanked for good, and what comes next goes over black */
	EXPECT_EQ(0, rig_get_number("blank"));
	self->fd = rig_open(O_WRONLY);
	ASSERT_EQ(4, write(self->fd, "\1\2\3\4", 4));
	ASSERT_EQ(0, rig_set("blank_on_close", "0"));
	ASSERT_EQ(0, close(self->fd));
	memcpy(self->black, "\1\2\3\4", 4);
	EXPECT_TRUE(rig_wait_last(self->black, BYTES));
	close(reader);
}

TEST_F(look, without_blank_on_close_the_light_stays)
{
	EXPECT_EQ(0, rig_get_number("blank_on_close"));
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	rig_read(self->fd);
	ASSERT_EQ(0, close(self->fd));
	self->fd = rig_open(O_RDWR);
	/* had the close sent anything, it would stand between these two */
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	rig_read(self->fd);
	const struct rig_history *h = rig_history();

	ASSERT_EQ(3, h->count);
	EXPECT_EQ(1, h->frames[1].seq);
	EXPECT_EQ(2, h->frames[2].seq);
}

TEST_F(look, refresh_sends_the_last_frame_again_and_again_until_it_is_turned_off)
{
	unsigned int sent = 0, count;

	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	rig_read(self->fd);
	EXPECT_EQ(0, rig_get_number("refresh_ms"));
	ASSERT_EQ(0, rig_set("refresh_ms", "20"));
	while (sent < 5) {
		const struct rig_history *h = rig_history();

		sent = 0;
		for (unsigned int i = 0; i < h->count; i++)
			if (i > 1 && !h->frames[i].seq && h->frames[i].done) {
				sent++;
				ASSERT_EQ(0, memcmp(self->frame, h->frames[i].data, BYTES));
			}
		usleep(1000);
	}
	ASSERT_EQ(0, rig_set("refresh_ms", "0"));
	/* One may be on its way; a frame after it closes the count. */
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	rig_read(self->fd);
	count = rig_history()->count;
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	rig_read(self->fd);
	EXPECT_EQ(count + 1, rig_history()->count);
	EXPECT_EQ(3, rig_get_number("frames"));
}

TEST_F(look, nonsense_is_EINVAL_and_changes_nothing)
{
	static const char *const names[] = { "blank", "blank_on_close", "refresh_ms" };
	static const char *const bad[] = { "2000000000000", "-1", "x", "1x", "0x1", "1.5", "on" };

	for (unsigned int i = 0; i < 3; i++) {
		ASSERT_EQ(0, rig_set(names[i], "1"));
		for (unsigned int k = 0; k < 7; k++) {
			EXPECT_EQ(-EINVAL, rig_set(names[i], bad[k]))
				TH_LOG("%s took %s", names[i], bad[k]);
		}
		EXPECT_EQ(1, rig_get_number(names[i]));
	}
	EXPECT_EQ(-EINVAL, rig_set("blank", "2"));
	EXPECT_EQ(-EINVAL, rig_set("blank_on_close", "2"));
}

TEST_F(look, blank_holds_for_a_frame_that_waits)
{
	struct diuna_completion r;

	rig_hold();
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	ASSERT_EQ(0, rig_set("blank", "1"));
	rig_release();
	r = rig_read(self->fd);
	EXPECT_EQ(2, r.seq);
	EXPECT_EQ(0, r.status);
	EXPECT_TRUE(rig_shown(2, self->black, BYTES));
	ASSERT_EQ(0, rig_set("blank", "0"));
	EXPECT_TRUE(rig_wait_last(self->frame, BYTES));
}

TEST_F(look, blank_holds_for_a_frame_that_waits_for_its_time)
{
	ASSERT_EQ(0, rig_submit(self->fd, self->frame, 0, BYTES, 77,
				rig_now() + 900000000LL));
	ASSERT_EQ(0, rig_set("blank", "1"));
	EXPECT_EQ(77, rig_read(self->fd).cookie);
	EXPECT_TRUE(rig_shown(1, self->black, BYTES));
}

TEST_F(look, table_and_brightness_hold_for_a_frame_that_waits)
{
	struct diuna_brightness b = { .brightness = 100 };

	rig_hold();
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_SET_LUT, &self->lut));
	ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_SET_BRIGHTNESS, &b));
	rig_release();
	ASSERT_EQ(2, rig_read(self->fd).seq);
	for (int i = 0; i < BYTES; i++)
		self->expected[i] = looks(self->lut.table[i % 4][i], 100);
	EXPECT_TRUE(rig_shown(2, self->expected, BYTES));
	/* It showed what there is to show: nothing is sent again after it. */
	EXPECT_EQ(2, rig_last()->seq);
}

TEST_F(look, what_is_cleared_at_close_is_not_the_frame_that_still_waits)
{
	uint8_t seen[BYTES];
	int fd;

	rig_hold();
	ASSERT_EQ(BYTES, write(self->fd, self->frame, BYTES));
	ASSERT_EQ(0, rig_set("blank_on_close", "1"));
	close(self->fd);
	/* The last frame counts as black already ... */
	fd = open("/sys/kernel/debug/diuna/diuna/last_frame", O_RDONLY);
	ASSERT_EQ(BYTES, read(fd, seen, BYTES));
	EXPECT_EQ(0, memcmp(self->black, seen, BYTES));
	/* ... but the one that waits is shown before, as bright as was asked for last. */
	ASSERT_EQ(0, rig_set("brightness", "100"));
	rig_release();
	for (int i = 0; i < BYTES; i++)
		self->expected[i] = looks(self->frame[i], 100);
	rig_wait_frames(2);
	EXPECT_TRUE(rig_shown(2, self->expected, BYTES));
	EXPECT_TRUE(rig_wait_last(self->black, BYTES));
}

TEST_HARNESS_MAIN
