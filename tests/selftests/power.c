// SPDX-License-Identifier: GPL-2.0
/*
 * power.c - the power budget, held against its formula computed here
 *
 *	I = pixels x idle + sum over the components of ua_c x sum of v_c / 255
 *	s = floor(65536 x (limit - idle) / (I - idle)) if I > limit
 *	v' = v x s >> 16
 *
 * v is what table and brightness make of the frame. Where the division by 255
 * is rounded is not said: the tests use currents that 255 divides, or allow for it.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "rig.h"

#define ONE	65536

FIXTURE(power) {
	int fd;
	uint8_t frame[RIG_FRAME];
	uint8_t expected[RIG_FRAME];
	uint8_t black[RIG_FRAME];
};

/* 3 + 2 pixels; currents in uA at 255 that 255 divides: 20400, 10200, 5100 */
static void currents(const char *channel, unsigned int idle)
{
	static const char *const names[3] = { "red_ua", "green_ua", "blue_ua" };
	static const char *const values[3] = { "20400", "10200", "5100" };
	char path[64], text[16];

	snprintf(path, sizeof(path), "%s/idle_ua", channel);
	snprintf(text, sizeof(text), "%u", idle);
	if (rig_set(path, text))
		abort();
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", channel, names[i]);
		if (rig_set(path, values[i]))
			abort();
	}
}

FIXTURE_SETUP(power)
{
	rig_load_usual();
	currents("channel0", 1000);
	currents("channel1", 500);
	self->fd = rig_open(O_RDWR);
	rig_fill(self->frame, RIG_FRAME, 255);
}

FIXTURE_TEARDOWN(power)
{
	rig_unload();
}

/* Current without the idle part, in uA, of the pixels from..to-1 of what is sent */
static uint64_t light(const uint8_t *data, int from, int to)
{
	static const uint64_t ua[3] = { 80, 40, 20 };	/* 20400 / 255 and so on */
	uint64_t sum = 0;

	for (int i = from * 3; i < to * 3; i++)
		sum += ua[i % 3] * data[i];
	return sum;
}

static uint32_t scale(uint64_t limit, uint64_t idle, uint64_t light)
{
	if (idle + light <= limit)
		return ONE;
	return limit <= idle ? 0 : ONE * (limit - idle) / light;
}

static void scaled(uint8_t *out, const uint8_t *in, int from, int to, uint32_t s)
{
	for (int i = from * 3; i < to * 3; i++)
		out[i] = in[i] * s >> 16;
}

TEST_F(power, a_frame_within_the_limit_is_sent_as_it_is)
{
	struct diuna_completion r;

	/* white: 3 x (1000 + 35700) + 2 x (500 + 35700) = 182500 uA */
	ASSERT_EQ(0, rig_set("power_limit_ma", "183"));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	r = rig_read(self->fd);
	EXPECT_EQ(ONE, r.scale);
	EXPECT_EQ(0, r.flags);
	EXPECT_TRUE(rig_shown(1, self->frame, RIG_FRAME));
}

TEST_F(power, a_frame_above_the_limit_of_the_device_is_scaled_and_its_record_says_so)
{
	struct diuna_completion r;
	/* idle 3 x 1000 + 2 x 500 = 4000, light 5 x 35700 = 178500 */
	uint32_t s = scale(100000, 4000, 178500);

	/* 65536 x 96000 / 178500 = 35246.2 */
	ASSERT_EQ(35246, s);
	ASSERT_EQ(0, rig_set("power_limit_ma", "100"));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	r = rig_read(self->fd);
	EXPECT_EQ(s, r.scale);
	EXPECT_EQ(DIUNA_COMPLETION_POWER, r.flags);
	EXPECT_EQ(0, r.status);
	scaled(self->expected, self->frame, 0, 5, s);
	EXPECT_TRUE(rig_shown(1, self->expected, RIG_FRAME));
	EXPECT_GE(100000, 4000 + light(self->expected, 0, 5));
}

TEST_F(power, a_channel_has_a_limit_of_its_own)
{
	struct diuna_completion r;
	/* 3 pixels: idle 3000, light 107100 */
	uint32_t s = scale(50000, 3000, 107100);

	ASSERT_EQ(0, rig_set("channel0/power_limit_ma", "50"));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	r = rig_read(self->fd);
	EXPECT_EQ(s, r.scale);
	scaled(self->expected, self->frame, 0, 3, s);
	/* the other channel is not touched */
	scaled(self->expected, self->frame, 3, 5, ONE);
	EXPECT_TRUE(rig_shown(1, self->expected, RIG_FRAME));
}

TEST_F(power, the_smaller_scale_wins)
{
	uint32_t device = scale(120000, 4000, 178500);
	uint32_t first = scale(20000, 3000, 107100), second = scale(70000, 1000, 71400);

	ASSERT_LT(first, device);
	ASSERT_GT(second, device);
	ASSERT_EQ(0, rig_set("power_limit_ma", "120"));
	ASSERT_EQ(0, rig_set("channel0/power_limit_ma", "20"));
	ASSERT_EQ(0, rig_set("channel1/power_limit_ma", "70"));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	EXPECT_EQ(first, rig_read(self->fd).scale);
	scaled(self->expected, self->frame, 0, 3, first);
	scaled(self->expected, self->frame, 3, 5, device);
	EXPECT_TRUE(rig_shown(1, self->expected, RIG_FRAME));
}

TEST_F(power, a_limit_not_above_the_idle_current_gives_black)
{
	struct diuna_completion r;

	ASSERT_EQ(0, rig_set("power_limit_ma", "4"));
	for (unsigned int i = 1; i <= 3; i++) {
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
		r = rig_read(self->fd);
		EXPECT_EQ(0, r.status);
		EXPECT_EQ(0, r.scale);
		EXPECT_EQ(DIUNA_COMPLETION_POWER, r.flags);
		EXPECT_TRUE(rig_shown(i, self->black, RIG_FRAME));
	}
}

TEST_F(power, a_black_frame_needs_no_scaling_whatever_the_limit)
{
	ASSERT_EQ(0, rig_set("power_limit_ma", "5"));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->black, RIG_FRAME));
	EXPECT_EQ(ONE, rig_read(self->fd).scale);
}

TEST_F(power, what_counts_is_what_table_and_brightness_make_of_the_frame)
{
	/* 255 x 51 / 255 = 51: a fifth of the light, 35700 uA, is within 40 mA with idle */
	ASSERT_EQ(0, rig_set("brightness", "51"));
	ASSERT_EQ(0, rig_set("power_limit_ma", "40"));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	EXPECT_EQ(ONE, rig_read(self->fd).scale);
	rig_fill(self->expected, RIG_FRAME, 51);
	EXPECT_TRUE(rig_shown(1, self->expected, RIG_FRAME));
	/* and above it the scale is of that light, over those levels */
	ASSERT_EQ(0, rig_set("power_limit_ma", "20"));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	EXPECT_EQ(scale(20000, 4000, 35700), rig_read(self->fd).scale);
	scaled(self->expected, self->expected, 0, 5, scale(20000, 4000, 35700));
	EXPECT_TRUE(rig_shown(2, self->expected, RIG_FRAME));
}

TEST_F(power, a_lower_limit_resends_the_last_frame)
{
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_read(self->fd);
	ASSERT_EQ(0, rig_set("power_limit_ma", "100"));
	scaled(self->expected, self->frame, 0, 5, scale(100000, 4000, 178500));
	EXPECT_TRUE(rig_wait_last(self->expected, RIG_FRAME));
	EXPECT_EQ(0, rig_last()->seq);
}

TEST_F(power, a_lower_limit_holds_for_a_frame_that_waits)
{
	struct diuna_completion r;
	uint32_t s = scale(100000, 4000, 178500);

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(0, rig_set("power_limit_ma", "100"));
	rig_release();
	r = rig_read(self->fd);
	EXPECT_EQ(2, r.seq);
	EXPECT_EQ(s, r.scale);
	EXPECT_EQ(DIUNA_COMPLETION_POWER, r.flags);
	scaled(self->expected, self->frame, 0, 5, s);
	EXPECT_TRUE(rig_shown(2, self->expected, RIG_FRAME));
}

TEST_F(power, the_limit_holds_for_every_writer_and_every_way_to_write)
{
	int other = rig_open(O_RDWR);
	uint32_t s = scale(100000, 4000, 178500);

	ASSERT_EQ(0, rig_set("power_limit_ma", "100"));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	EXPECT_EQ(s, rig_read(self->fd).scale);
	ASSERT_EQ(0, rig_submit(other, self->frame, 0, RIG_FRAME, 0, 0));
	EXPECT_EQ(s, rig_read(other).scale);
	ASSERT_EQ(RIG_FRAME - 1, write(other = rig_open(O_WRONLY), self->frame, RIG_FRAME - 1));
	ASSERT_EQ(0, close(other));
	scaled(self->expected, self->frame, 0, 5, s);
	rig_wait_frames(3);
	/* The last byte is of the frame before, so the light is the same. */
	EXPECT_TRUE(rig_shown(3, self->expected, RIG_FRAME));
}

TEST_F_TIMEOUT(power, over_random_frames_limits_and_tables_nothing_sent_is_above_its_limit, 3600)
{
	const char *wanted = getenv("DIUNA_POWER_FRAMES");
	unsigned int frames = wanted ? atoi(wanted) : 400;
	unsigned int seed = 20261, scaled_frames = 0, limit = 0, brightness = 0;
	struct diuna_lut lut = { .channel = DIUNA_ALL_CHANNELS };

	for (unsigned int n = 1; n <= frames; n++) {
		const struct rig_frame *sent;
		uint64_t lit, current;
		char text[16];
		uint32_t s;

		/* several frames of each, the one after a change and those that need no new tables */
		if (n % 4 == 1) {
			limit = 5 + rand_r(&seed) % 180;
			brightness = 1 + rand_r(&seed) % 255;
			for (int i = 0; i < 3 * 256; i++)
				lut.table[i / 256][i % 256] = rand_r(&seed);
			snprintf(text, sizeof(text), "%u", limit);
			ASSERT_EQ(0, rig_set("power_limit_ma", text));
			snprintf(text, sizeof(text), "%u", brightness);
			ASSERT_EQ(0, rig_set("brightness", text));
			ASSERT_EQ(0, ioctl(self->fd, DIUNA_IOC_SET_LUT, &lut));
		}
		for (int i = 0; i < RIG_FRAME; i++) {
			unsigned int v = rand_r(&seed) % 256;

			self->frame[i] = v;
			v = lut.table[i % 3][v];
			self->expected[i] = (2 * v * brightness + 255) / 510;
		}
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
		lit = light(self->expected, 0, 5);
		s = scale(1000 * limit, 4000, lit);
		ASSERT_EQ(s, rig_read(self->fd).scale);

		/* The frame has the newest appearance: nothing was sent again after it. */
		sent = &rig_history_of("diuna/symbols")->frames[0];
		ASSERT_EQ(n, sent->seq);
		scaled(self->expected, self->expected, 0, 5, s);
		ASSERT_EQ(0, memcmp(self->expected, sent->data, RIG_FRAME));
		current = 4000 + light(sent->data, 0, 5);
		ASSERT_GE(1000 * limit, current);
		if (s == ONE)
			continue;
		/*
		 * Rounding takes less than a step of each component, 5 x (80 + 40 + 20) uA, and
		 * less than one of 65536 parts of s: above 71 mA that is less than 1 %.
		 */
		ASSERT_LE(1000 * limit, current + 700 + lit / 65536 + 1);
		if (limit > 71)
			ASSERT_LE(1000 * limit * 99 / 100, current);
		scaled_frames++;
	}
	/* both kinds were there */
	EXPECT_LT(frames / 10, scaled_frames);
	EXPECT_GT(frames * 9 / 10, scaled_frames);
}

TEST_F(power, four_components_count_the_white_one)
{
	static const struct rig_strip strip = { 4, "GRBW", "sk6812w" };
	uint8_t frame[16], expected[16];
	uint32_t s;

	rig_unload();
	rig_load(&strip, 1, 1, NULL);
	self->fd = rig_open(O_RDWR);
	currents("channel0", 1000);
	ASSERT_EQ(0, rig_set("channel0/white_ua", "25500"));
	ASSERT_EQ(0, rig_set("channel0/power_limit_ma", "60"));
	/* white only: 4 x 25500 = 102000 uA over 4000 idle */
	for (int i = 0; i < 16; i++)
		frame[i] = i % 4 == 3 ? 255 : 0;
	ASSERT_EQ(16, write(self->fd, frame, 16));
	s = scale(60000, 4000, 102000);
	EXPECT_EQ(s, rig_read(self->fd).scale);
	for (int i = 0; i < 16; i++)
		expected[i] = frame[i] * s >> 16;
	EXPECT_TRUE(rig_shown(1, expected, 16));
}

TEST(the_arithmetic_is_exact_for_the_largest_currents)
{
	uint8_t *frame = malloc(RIG_LONG_FRAME);
	uint64_t idle, lit;
	int fd;

	rig_load_long();
	fd = rig_open(O_RDWR);
	rig_fill(frame, RIG_LONG_FRAME, 255);
	ASSERT_EQ(0, rig_set("channel0/idle_ua", "10000"));
	ASSERT_EQ(0, rig_set("channel0/red_ua", "100000"));
	ASSERT_EQ(0, rig_set("channel0/green_ua", "99999"));
	ASSERT_EQ(0, rig_set("channel0/blue_ua", "99998"));
	idle = 16384ULL * 10000;
	lit = 16384ULL * (100000 + 99999 + 99998);
	/* 163840 mA idle, 4915150 of light: 65536 x 836160000000 / 4915150848000 */
	ASSERT_EQ(0, rig_set("power_limit_ma", "1000000"));
	ASSERT_EQ(RIG_LONG_FRAME, write(fd, frame, RIG_LONG_FRAME));
	EXPECT_EQ((uint32_t)(65536ULL * (1000000000ULL - idle) / lit), rig_read(fd).scale);
	rig_unload();
}

TEST_F(power, nonsense_is_EINVAL_and_changes_nothing)
{
	static const char *const names[] = {
		"power_limit_ma", "channel0/power_limit_ma", "channel0/idle_ua", "channel1/red_ua",
	};
	static const char *const bad[] = { "-1", "x", "1.5", "99999999999999999999", "4294967296" };

	for (unsigned int i = 0; i < 4; i++) {
		ASSERT_EQ(0, rig_set(names[i], "70"));
		for (unsigned int k = 0; k < 5; k++) {
			EXPECT_EQ(-EINVAL, rig_set(names[i], bad[k]))
				TH_LOG("%s took %s", names[i], bad[k]);
		}
		EXPECT_EQ(70, rig_get_number(names[i]));
	}
}

/* As somebody else who may write to the file, as udev could allow */
static int set_as_nobody(void *arg)
{
	char **what = arg;
	int fd = open(what[0], O_WRONLY);

	if (fd < 0 || setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		return 255;
	return write(fd, what[1], strlen(what[1])) < 0 ? errno : 0;
}

TEST_F(power, only_root_raises_a_limit)
{
	char *what[2] = { "/sys/class/diuna/diuna/power_limit_ma", "100" };

	ASSERT_EQ(0, rig_set("power_limit_ma", "80"));
	EXPECT_EQ(EPERM, rig_join(rig_spawn(set_as_nobody, what)));
	what[1] = "0";
	EXPECT_EQ(EPERM, rig_join(rig_spawn(set_as_nobody, what)));
	EXPECT_EQ(80, rig_get_number("power_limit_ma"));
	what[1] = "70";
	EXPECT_EQ(0, rig_join(rig_spawn(set_as_nobody, what)));
	EXPECT_EQ(70, rig_get_number("power_limit_ma"));
	what[0] = "/sys/class/diuna/diuna/channel0/red_ua";
	what[1] = "1";
	EXPECT_EQ(EPERM, rig_join(rig_spawn(set_as_nobody, what)));
	EXPECT_EQ(20400, rig_get_number("channel0/red_ua"));
}

TEST_F(power, only_root_raises_the_limit_of_a_channel)
{
	char *what[2] = { "/sys/class/diuna/diuna/channel1/power_limit_ma", "41" };

	ASSERT_EQ(0, rig_set("channel1/power_limit_ma", "40"));
	EXPECT_EQ(EPERM, rig_join(rig_spawn(set_as_nobody, what)));
	what[1] = "0";
	EXPECT_EQ(EPERM, rig_join(rig_spawn(set_as_nobody, what)));
	EXPECT_EQ(40, rig_get_number("channel1/power_limit_ma"));
	what[1] = "39";
	EXPECT_EQ(0, rig_join(rig_spawn(set_as_nobody, what)));
	EXPECT_EQ(39, rig_get_number("channel1/power_limit_ma"));
	/* a strip without a limit may be given one */
	what[0] = "/sys/class/diuna/diuna/channel0/power_limit_ma";
	EXPECT_EQ(0, rig_join(rig_spawn(set_as_nobody, what)));
	EXPECT_EQ(39, rig_get_number("channel0/power_limit_ma"));
	ASSERT_EQ(0, rig_set("channel0/power_limit_ma", "0"));
}

TEST_F(power, a_limit_that_leaves_nothing_is_told_once)
{
	int log = rig_log();

	ASSERT_EQ(0, rig_set("power_limit_ma", "4"));
	for (int i = 0; i < 5; i++) {
		ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
		ASSERT_EQ(0, rig_read(self->fd).scale);
	}
	EXPECT_EQ(1, rig_logged(log, "the power limit leaves nothing for light"));
	/* another one is another line */
	ASSERT_EQ(0, rig_set("power_limit_ma", "3"));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(0, rig_read(self->fd).scale);
	EXPECT_EQ(1, rig_logged(log, "the power limit leaves nothing for light"));
	close(log);
}

TEST(without_any_limit_there_is_one_warning_at_probe)
{
	int log = rig_log();

	rig_load(rig_usual, 2, 2, NULL);
	/* one for each controller */
	EXPECT_EQ(2, rig_logged(log, "no power limit is set"));
	rig_load(rig_usual, 2, 1, "sim_power_limit_ma=1000");
	EXPECT_EQ(0, rig_logged(log, "no power limit is set"));
	close(log);
	rig_unload();
}

TEST_HARNESS_MAIN
