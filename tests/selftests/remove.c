// SPDX-License-Identifier: GPL-2.0
/*
 * remove.c - devices come and go: several of them, blank at both ends, unbind
 * with open files
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "rig.h"

FIXTURE(remove) {
	int fd;
	uint8_t frame[RIG_FRAME];
	uint8_t black[RIG_FRAME];
};

FIXTURE_SETUP(remove)
{
	rig_load_usual();
	self->fd = rig_open(O_RDWR);
	rig_pattern(self->frame, RIG_FRAME, 1);
}

FIXTURE_TEARDOWN(remove)
{
	rig_unload();
}

TEST_F(remove, the_strips_are_black_after_probe)
{
	const struct rig_history *h = rig_history();

	ASSERT_EQ(1, h->count);
	EXPECT_EQ(0, h->frames[0].seq);
	EXPECT_EQ(0, memcmp(self->black, h->frames[0].data, RIG_FRAME));
	EXPECT_EQ(0, rig_get_number("frames"));
}

TEST_F(remove, the_strips_are_black_after_removal)
{
	const struct rig_history *h;
	const struct rig_frame *last;

	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_read(self->fd);
	rig_unbind("diuna");
	h = rig_history_of("removed");
	last = &h->frames[h->count - 1];
	ASSERT_EQ(3, h->count);
	EXPECT_EQ(1, h->frames[1].seq);
	EXPECT_EQ(0, memcmp(self->frame, h->frames[1].data, RIG_FRAME));
	EXPECT_EQ(0, last->seq);
	EXPECT_EQ(0, memcmp(self->black, last->data, RIG_FRAME));
}

TEST_F(remove, a_frame_on_the_wire_ends_before_the_strips_go_black)
{
	static const struct rig_strip one = { 16384, "GRB", "ws2812b" };
	uint8_t *frame = malloc(RIG_LONG_FRAME);
	const struct rig_history *h;
	struct diuna_completion r;

	rig_unload();
	rig_load(&one, 1, 1, NULL);
	self->fd = rig_open(O_RDWR);
	rig_fill(frame, RIG_LONG_FRAME, 5);
	ASSERT_EQ(RIG_LONG_FRAME, write(self->fd, frame, RIG_LONG_FRAME));
	rig_unbind("diuna");
	r = rig_read(self->fd);
	EXPECT_EQ(1, r.seq);
	EXPECT_EQ(0, r.status);
	h = rig_history_of("removed");
	ASSERT_EQ(3, h->count);
	EXPECT_EQ(1, h->frames[1].seq);
	EXPECT_EQ(5, h->frames[1].data[RIG_LONG_FRAME - 1]);
	EXPECT_EQ(0, h->frames[2].seq);
	EXPECT_LE(h->frames[1].done, h->frames[2].started);
	/* A black pixel after all: 16384 x 3 zeros */
	EXPECT_EQ(0, h->frames[2].data[0]);
	EXPECT_EQ(0, memcmp(h->frames[2].data, h->frames[2].data + 1, RIG_LONG_FRAME - 1));
}

TEST_F(remove, open_files_say_ENODEV_and_can_be_closed)
{
	struct diuna_completion r;
	struct diuna_info info;

	ASSERT_EQ(3, write(self->fd, self->frame, 3));
	rig_unbind("diuna");
	EXPECT_EQ(-1, write(self->fd, self->frame, RIG_FRAME));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(-1, write(self->fd, self->frame, 1));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(-1, read(self->fd, &r, sizeof(r)));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(-1, ioctl(self->fd, DIUNA_IOC_GET_INFO, &info));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(0, close(self->fd));
	EXPECT_EQ(-1, open("/dev/diuna", O_RDWR));
	EXPECT_EQ(ENOENT, errno);
}

static int write_to_the_end(void *arg)
{
	FIXTURE_DATA(remove) *self = arg;

	if (write(self->fd, self->frame, RIG_FRAME) != -1)
		return 1;
	return errno == ENODEV ? 0 : 2;
}

static int read_to_the_end(void *arg)
{
	FIXTURE_DATA(remove) *self = arg;
	struct diuna_completion r;

	if (read(self->fd, &r, sizeof(r)) != -1)
		return 1;
	return errno == ENODEV ? 0 : 2;
}

TEST_F(remove, a_blocked_writer_is_woken_with_ENODEV)
{
	pid_t child;

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	child = rig_spawn(write_to_the_end, self);
	rig_wait_blocked(child, SYS_write);
	rig_unbind("diuna");
	EXPECT_EQ(0, rig_join(child));
}

TEST_F(remove, a_blocked_reader_is_woken_with_ENODEV)
{
	pid_t child = rig_spawn(read_to_the_end, self);

	rig_wait_blocked(child, SYS_read);
	rig_unbind("diuna");
	EXPECT_EQ(0, rig_join(child));
}

TEST_F(remove, many_blocked_writers_are_all_woken)
{
	pid_t pids[8];

	rig_hold();
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	for (int i = 0; i < 8; i++) {
		if (i & 1)
			self->fd = rig_open(O_RDWR);
		pids[i] = rig_spawn(write_to_the_end, self);
		rig_wait_blocked(pids[i], SYS_write);
	}
	rig_unbind("diuna");
	for (int i = 0; i < 8; i++)
		EXPECT_EQ(0, rig_join(pids[i]));
}

TEST_F(remove, the_module_stays_while_a_file_is_open)
{
	rig_unbind("diuna");
	EXPECT_EQ(-1, syscall(SYS_delete_module, "diuna", O_NONBLOCK));
	EXPECT_EQ(EWOULDBLOCK, errno);
}

static int write_by_sevens(void *arg)
{
	FIXTURE_DATA(remove) *self = arg;

	/* a count below 7 is what was taken before the end */
	while (write(self->fd, self->frame, 7) > 0)
		;
	return errno == ENODEV ? 0 : 1;
}

TEST_F(remove, unbinding_while_writers_write_again_and_again)
{
	for (int round = 0; round < 10; round++) {
		pid_t pids[2];

		for (int i = 0; i < 2; i++) {
			self->fd = rig_open(O_WRONLY);
			pids[i] = rig_spawn(write_by_sevens, self);
		}
		rig_wait_frames(3);
		rig_unbind("diuna");
		for (int i = 0; i < 2; i++)
			EXPECT_EQ(0, rig_join(pids[i]));
		rig_unload();
		rig_load_usual();
	}
}

TEST(several_devices_have_names_of_their_own_and_do_not_know_each_other)
{
	uint8_t frame[RIG_FRAME], other[RIG_FRAME];
	const struct rig_history *h;
	struct diuna_info info;
	int fd[3];

	rig_load(rig_usual, 2, 3, NULL);
	fd[0] = open("/dev/diuna", O_RDWR);
	fd[1] = open("/dev/diuna1", O_RDWR);
	fd[2] = open("/dev/diuna2", O_RDWR);
	ASSERT_LE(0, fd[0]);
	ASSERT_LE(0, fd[1]);
	ASSERT_LE(0, fd[2]);
	EXPECT_EQ(-1, access("/dev/diuna3", F_OK));
	ASSERT_EQ(0, ioctl(fd[0], DIUNA_IOC_GET_INFO, &info));
	EXPECT_STREQ("diuna", info.name);
	ASSERT_EQ(0, ioctl(fd[2], DIUNA_IOC_GET_INFO, &info));
	EXPECT_STREQ("diuna2", info.name);

	rig_pattern(frame, RIG_FRAME, 1);
	rig_pattern(other, RIG_FRAME, 2);
	ASSERT_EQ(RIG_FRAME, write(fd[0], frame, RIG_FRAME));
	ASSERT_EQ(RIG_FRAME, write(fd[2], other, RIG_FRAME));
	EXPECT_EQ(1, rig_read(fd[0]).seq);
	EXPECT_EQ(1, rig_read(fd[2]).seq);
	EXPECT_TRUE(rig_shown(1, frame, RIG_FRAME));
	h = rig_history_of("diuna2/history");
	EXPECT_EQ(0, memcmp(other, h->frames[h->count - 1].data, RIG_FRAME));
	h = rig_history_of("diuna1/history");
	EXPECT_EQ(1, h->count);

	/* One goes, the others stay. */
	rig_unbind("diuna1");
	EXPECT_EQ(-1, write(fd[1], frame, RIG_FRAME));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(RIG_FRAME, write(fd[0], other, RIG_FRAME));
	EXPECT_EQ(2, rig_read(fd[0]).seq);
	rig_unload();
}

TEST(nonsense_in_the_module_parameters_is_refused)
{
	static const struct {
		const char *parameters;
		/* in the one line that the log has about it */
		const char *told;
	} bad[] = {
		{ "sim=1 sim_pixels=0", "channel 0: 0 pixels (1 to 16384)" },
		{ "sim=1 sim_pixels=16385", "channel 0: 16385 pixels (1 to 16384)" },
		{ "sim=1 sim_pixels=3,0", "channel 1: 0 pixels (1 to 16384)" },
		/* these are the kernel's own lines */
		{ "sim=1 sim_pixels=1,1,1,1,1,1,1,1,1", "sim_pixels: can only take 8 arguments" },
		{ "sim=1 sim_pixels=-1", "`-1' invalid for parameter `sim_pixels'" },
		{ "sim=1 sim_pixels=x", "`x' invalid for parameter `sim_pixels'" },
		{ "sim=1 sim_order=RGG", "order RGG (of RGB or RGBW)" },
		{ "sim=1 sim_order=RG", "order RG (of RGB or RGBW)" },
		{ "sim=1 sim_order=RGBWW", "order RGBWW (of RGB or RGBW)" },
		{ "sim=1 sim_order=XYZ", "order XYZ (of RGB or RGBW)" },
		{ "sim=1 sim_chip=ws9999", "chip ws9999" },
		{ "sim=1 sim_inverted=2", "channel 0: sim_inverted may be 0 or 1" },
		{ "sim=1 sim_pixels=1 sim_order=RGB,RGB", "sim_pixels names fewer channels" },
		{ "sim=-1", "`-1' invalid for parameter `sim'" },
		{ "sim=1000", "sim may be 0 to 32" },
		{ "sim=x", "`x' invalid for parameter `sim'" },
	};
	int log;

	/* An earlier test's module goes. */
	rig_load_usual();
	rig_unload();
	log = rig_log();
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT_GT(0, rig_try_load(bad[i].parameters)) {
			TH_LOG("loaded with %s", bad[i].parameters);
			rig_unload();
		}
		EXPECT_EQ(-1, access("/dev/diuna", F_OK));
		EXPECT_EQ(1, rig_logged(log, bad[i].told)) {
			TH_LOG("not told of %s", bad[i].parameters);
		}
	}
	close(log);
}

TEST(strips_whose_symbol_rates_differ_are_refused)
{
	static const struct rig_strip strips[2] = {
		{ 3, "GRB", "ws2812b" }, { 3, "GRB", "ws2811-400" },
	};

	int log = rig_log();

	/* 400 kHz and 800 kHz cannot share one clock: the module loads, the device does not. */
	rig_load(strips, 2, 1, NULL);
	EXPECT_EQ(-1, access("/dev/diuna", F_OK));
	EXPECT_EQ(1, rig_logged(log, "the chips of all channels must have the same bit rate"));
	close(log);
	rig_unload();
	rig_load(strips + 1, 1, 1, NULL);
	EXPECT_EQ(0, access("/dev/diuna", F_OK));
	rig_unload();
}

TEST_HARNESS_MAIN
