// SPDX-License-Identifier: GPL-2.0
/*
 * trace.c - the tracepoints: what becomes of a frame, as trace-cmd or perf see it
 */

#define _GNU_SOURCE
#include <fcntl.h>

#include "kselftest_harness.h"
#include "rig.h"

#define TRACING	"/sys/kernel/tracing"

FIXTURE(trace) {
	int fd;
	uint8_t frame[RIG_FRAME];
};

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC), ret;

	if (fd < 0)
		return -errno;
	ret = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	close(fd);
	return ret;
}

FIXTURE_SETUP(trace)
{
	rig_load_usual();
	self->fd = rig_open(O_RDWR);
	rig_pattern(self->frame, RIG_FRAME, 1);
	ASSERT_EQ(0, put(TRACING "/trace", ""));
	ASSERT_EQ(0, put(TRACING "/events/diuna/enable", "1"));
}

FIXTURE_TEARDOWN(trace)
{
	rig_unload();
}

/*
 * The n-th event of this device from 0, without the columns before its name; NULL
 * if there are not so many
 */
static const char *event(int n)
{
	static char line[512];
	FILE *f = fopen(TRACING "/trace", "r");
	char *found = NULL;

	if (!f)
		abort();
	while (!found && fgets(line, sizeof(line), f)) {
		found = strstr(line, ": diuna_");
		if (*line == '#' || (found && n--))
			found = NULL;
	}
	fclose(f);
	if (!found)
		return NULL;
	found[strcspn(found, "\n")] = '\0';
	return found + 2;
}

TEST_F(trace, a_frame_is_queued_started_and_done)
{
	ASSERT_EQ(0, rig_submit(self->fd, self->frame, 0, RIG_FRAME, 4711, 0));
	rig_read(self->fd);
	EXPECT_STREQ("diuna_queue: device=0 seq=1 cookie=4711 present_ns=0", event(0));
	/* two channels of 9 words of data and 28 of reset, 10 us each */
	EXPECT_STREQ("diuna_start: device=0 seq=1 words=74", event(1));
	EXPECT_STREQ("diuna_done: device=0 seq=1 status=0", event(2));
	EXPECT_EQ(NULL, event(3));
}

TEST_F(trace, the_time_of_a_frame_is_told)
{
	uint64_t present = rig_now() + 100000000;
	char expected[128];

	ASSERT_EQ(0, rig_submit(self->fd, self->frame, 0, RIG_FRAME, 0, present));
	rig_read(self->fd);
	snprintf(expected, sizeof(expected), "diuna_queue: device=0 seq=1 cookie=0 present_ns=%llu",
		 (unsigned long long)present);
	EXPECT_STREQ(expected, event(0));
}

TEST_F(trace, a_frame_that_fails_ends_with_an_error)
{
	rig_fault("short");
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	ASSERT_EQ(-EIO, rig_read(self->fd).status);
	EXPECT_STREQ("diuna_queue: device=0 seq=1 cookie=0 present_ns=0", event(0));
	EXPECT_STREQ("diuna_start: device=0 seq=1 words=74", event(1));
	/* EIO */
	EXPECT_STREQ("diuna_error: device=0 seq=1 status=-5", event(2));
	EXPECT_EQ(NULL, event(3));
}

TEST_F(trace, what_was_never_started_has_no_start)
{
	rig_hold();
	ASSERT_EQ(0, put(TRACING "/trace", ""));
	ASSERT_EQ(RIG_FRAME, write(self->fd, self->frame, RIG_FRAME));
	rig_unbind("diuna");
	ASSERT_EQ(-ENODEV, rig_read(self->fd).status);
	EXPECT_STREQ("diuna_queue: device=0 seq=2 cookie=0 present_ns=0", event(0));
	/* ENODEV */
	EXPECT_STREQ("diuna_error: device=0 seq=2 status=-19", event(1));
	/* the black frame of the removal */
	EXPECT_STREQ("diuna_start: device=0 seq=0 words=74", event(2));
}

TEST_HARNESS_MAIN
