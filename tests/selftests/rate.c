// SPDX-License-Identifier: GPL-2.0
/*
 * rate.c - the frame rate that the wire allows is reached; for the machine
 * "icount", where time is the count of instructions
 *
 * A bit takes 1.25 us, so a frame takes pixels x bits x 1.25 us and the reset
 * after it: 280 us (WS2812B) or 80 us (SK6812). A word of the controller is
 * 8 bits, 10 us.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>

#include "kselftest_harness.h"
#include "rig.h"

#define FRAMES	20
#define BIT_NS	1250
#define WORD_NS	10000

FIXTURE(rate) {
	int fd;
	int64_t frame_ns;
	struct diuna_completion record[FRAMES];
};

FIXTURE_VARIANT(rate) {
	unsigned int pixels;
	bool white;
};

#define LENGTH(_pixels)									\
FIXTURE_VARIANT_ADD(rate, rgb_##_pixels) { .pixels = _pixels, .white = false };		\
FIXTURE_VARIANT_ADD(rate, rgbw_##_pixels) { .pixels = _pixels, .white = true }

LENGTH(60);
LENGTH(300);
LENGTH(1000);
LENGTH(2000);

FIXTURE_SETUP(rate)
{
	struct rig_strip strip = {
		.pixels = variant->pixels,
		.order = variant->white ? "GRBW" : "GRB",
		.chip = variant->white ? "sk6812w" : "ws2812b",
	};
	unsigned int bits = variant->white ? 32 : 24;
	size_t size = variant->pixels * bits / 8;
	uint8_t *frames = malloc(FRAMES * size);

	ASSERT_EQ(0, mlockall(MCL_CURRENT | MCL_FUTURE));
	rig_load(&strip, 1, 1, NULL);
	self->frame_ns = (int64_t)variant->pixels * bits * BIT_NS + (variant->white ? 80000 : 280000);
	self->fd = rig_open(O_RDWR);
	for (int i = 0; i < FRAMES; i++)
		rig_fill(frames + i * size, size, i + 1);
	/* One write: the next frame waits whenever one ends. */
	ASSERT_EQ((ssize_t)(FRAMES * size), write(self->fd, frames, FRAMES * size));
	for (int i = 0; i < FRAMES; i++)
		self->record[i] = rig_read(self->fd);
}

FIXTURE_TEARDOWN(rate)
{
	rig_unload();
}

TEST_F(rate, back_to_back_frames_reach_99_5_percent_of_the_physical_rate_and_no_more_than_all)
{
	int64_t all = self->record[FRAMES - 1].done_ns - self->record[0].done_ns;
	int64_t physical = (FRAMES - 1) * self->frame_ns;

	/* A stamp may be a word off, see below. */
	EXPECT_LE(physical - WORD_NS, all);
	EXPECT_LE(all * 995, physical * 1000);
	TH_LOG("%.2f %% of %.1f frames a second", 100.0 * physical / all, 1e9 / self->frame_ns);
}

TEST_F(rate, done_is_within_a_word_of_the_latch)
{
	for (int i = 0; i < FRAMES; i++) {
		int64_t latch = self->record[i].started_ns + self->frame_ns;

		EXPECT_LT(latch - WORD_NS, (int64_t)self->record[i].done_ns);
		EXPECT_GT(latch + WORD_NS, (int64_t)self->record[i].done_ns);
	}
}

/* It waits encoded: to encode 1000 pixels takes longer than a word does. */
TEST_F(rate, the_next_frame_starts_within_a_word_of_the_end)
{
	for (int i = 1; i < FRAMES; i++) {
		int64_t gap = self->record[i].started_ns - self->record[i - 1].done_ns;

		EXPECT_GT(WORD_NS, gap);
		EXPECT_LT(-WORD_NS, gap);
	}
}

TEST_F(rate, the_words_sent_are_the_pixels_and_the_reset)
{
	const struct rig_history *h = rig_history();

	ASSERT_EQ(FRAMES + 1, h->count);
	for (unsigned int i = 0; i < h->count; i++)
		EXPECT_EQ(self->frame_ns / WORD_NS, h->frames[i].words);
}

/* The machine's latency must not add up: 300 frames of 3,333 us take 299 x 3,333 us */
TEST(a_show_with_a_frame_interval_keeps_its_rate)
{
	static const struct rig_strip strip = { 1, "GRB", "ws2812b" };
	int64_t first = 0, late = 0, worst = 0;
	int fd;

	ASSERT_EQ(0, mlockall(MCL_CURRENT | MCL_FUTURE));
	rig_load(&strip, 1, 1, NULL);
	fd = rig_open(O_RDWR);
	ASSERT_EQ(0, rig_set("frame_interval_us", "3333"));
	/* one on the wire, one that waits */
	ASSERT_EQ(3, write(fd, "\1\2\3", 3));
	for (int i = 0; i < 300; i++) {
		ASSERT_EQ(3, write(fd, "\1\2\3", 3));
		late = rig_read(fd).started_ns - first;
		if (!i)
			first = late;
		else if (late - i * 3333000LL > worst)
			worst = late - i * 3333000LL;
		if (i)
			ASSERT_LE(i * 3333000LL, late);
	}
	TH_LOG("at most %lld ns behind in 300 frames", (long long)worst);
	EXPECT_GT(5 * WORD_NS, worst);
	rig_unload();
}

TEST_HARNESS_MAIN
