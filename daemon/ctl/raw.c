// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * raw: frames from a file or a pipe, so many a second
 *
 * They go to /dev/diuna, or to an output of the daemon, which shows them over
 * its zones and goes on with these when no frame has come for a while.
 *
 * The clock is a timer, so what is late is not made up for in a burst.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/diuna.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "ctl/ctl.h"

#define FPS_MAX 1000
/* how long the daemon shows a frame that none follows; frames are at most 1 s apart */
#define HOLD_MS 3000

struct raw {
	const struct ctl *ctl;
	const char *path, *device, *output;
	char *request; /* the daemon's path for a frame */
	int from, to, ticks;
	uint8_t *frame;
	size_t bytes;
	bool again;
};

/* A whole frame; 0 at the end, a frame that is cut off counts as the end. */
static ssize_t read_frame(struct raw *raw)
{
	size_t have = 0;

	while (have < raw->bytes) {
		ssize_t n = read(raw->from, raw->frame + have, raw->bytes - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		have += (size_t)n;
	}
	return have == raw->bytes ? (ssize_t)have : 0;
}

/* Return: an exit code; what went wrong is told. */
static int write_frame(struct raw *raw)
{
	size_t done = 0;

	if (raw->output)
		return ctl_send_bytes(raw->ctl, "PUT", raw->request, raw->frame, raw->bytes);
	while (done < raw->bytes) {
		ssize_t n = write(raw->to, raw->frame + done, raw->bytes - done);

		if (n < 0 && errno != EINTR)
			return ctl_fail(CTL_IO, "%s: %s", raw->device, strerror(errno));
		done += n > 0 ? (size_t)n : 0;
	}
	return CTL_OK;
}

static int play(struct raw *raw)
{
	unsigned long frames = 0;
	uint64_t count;
	ssize_t n;
	int ret;

	for (;;) {
		n = read_frame(raw);
		if (n < 0)
			return ctl_fail(CTL_IO, "%s: %s", raw->path, strerror((int)-n));
		if (n == 0) {
			if (!frames)
				return ctl_fail(CTL_NO_INPUT, "%s: no whole frame of %zu bytes",
						raw->path, raw->bytes);
			if (!raw->again)
				return CTL_OK;
			if (lseek(raw->from, 0, SEEK_SET) < 0)
				return ctl_fail(CTL_IO, "%s: --loop: %s", raw->path,
						strerror(errno));
			/* one that was emptied meanwhile would be begun anew without a pause */
			frames = 0;
			continue;
		}
		ret = write_frame(raw);
		if (ret != CTL_OK)
			return ret;
		frames++;
		if (read(raw->ticks, &count, sizeof(count)) != sizeof(count))
			return ctl_fail(CTL_OS, "timer: %s", strerror(errno));
	}
}

static int open_device(struct raw *raw, int *ret_fd)
{
	struct diuna_info info = { 0 };
	_cleanup_close_ int fd = open(raw->device, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return ctl_fail(CTL_UNAVAILABLE, "%s: %s%s", raw->device, strerror(errno),
				errno == EACCES ? ": join the group leds" : "");
	if (ioctl(fd, DIUNA_IOC_GET_INFO, &info) < 0)
		return ctl_fail(CTL_UNAVAILABLE, "%s: %s: no device of diuna", raw->device,
				strerror(errno));
	raw->bytes = info.frame_bytes;
	*ret_fd = steal_fd(&fd);
	return CTL_OK;
}

static int find_output(struct raw *raw)
{
	_cleanup_free_ char *path = ctl_path("/outputs/%s", raw->output);
	json_t *answer = NULL;
	int ret;

	if (!path || asprintf(&raw->request, "%s/frame?ttl_ms=%d", path, HOLD_MS) < 0)
		return ctl_fail(CTL_OS, "out of memory");
	ret = ctl_ask(raw->ctl, "GET", path, NULL, &answer);
	if (ret != CTL_OK)
		return ret;
	raw->bytes = (size_t)ctl_int(answer, "frame_bytes");
	json_decref(answer);
	return raw->bytes ? CTL_OK : ctl_fail(CTL_UNAVAILABLE, "output %s is missing", raw->output);
}

static int start(struct raw *raw, long fps)
{
	const struct timespec interval = { .tv_sec = fps == 1,
					   .tv_nsec = fps == 1 ? 0 : 1000000000 / fps };
	const struct itimerspec every = { .it_interval = interval, .it_value = interval };
	_cleanup_close_ int from = -1;
	_cleanup_close_ int to = -1;
	_cleanup_close_ int ticks = -1;
	_cleanup_free_ uint8_t *frame = NULL;
	int ret;

	if (!strcmp(raw->path, "-"))
		from = dup(STDIN_FILENO);
	else
		from = open(raw->path, O_RDONLY | O_CLOEXEC);
	if (from < 0)
		return ctl_fail(CTL_NO_INPUT, "%s: %s", raw->path, strerror(errno));
	ret = raw->output ? find_output(raw) : open_device(raw, &to);
	if (ret != CTL_OK)
		return ret;
	frame = malloc(raw->bytes);
	ticks = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (!frame || ticks < 0 || timerfd_settime(ticks, 0, &every, NULL) < 0)
		return ctl_fail(CTL_OS, "%s", strerror(errno));
	raw->from = from;
	raw->to = to;
	raw->ticks = ticks;
	raw->frame = frame;
	return play(raw);
}

int ctl_raw(const struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "fps", required_argument, NULL, 'f' },
		{ "device", required_argument, NULL, 'd' },
		{ "output", required_argument, NULL, 'o' },
		{ "loop", no_argument, NULL, 'l' },
		{ 0 },
	};
	struct raw raw = { .ctl = ctl, .device = "/dev/diuna" };
	long fps = 30;
	int option, ret;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'f':
			if (!ctl_number(optarg, 1, FPS_MAX, &fps))
				return ctl_fail(CTL_USAGE,
						"--fps wants a whole number from 1 to %d", FPS_MAX);
			break;
		case 'd':
			raw.device = optarg;
			break;
		case 'o':
			raw.output = optarg;
			break;
		case 'l':
			raw.again = true;
			break;
		default:
			return CTL_USAGE;
		}
	}
	if (optind != argc - 1)
		return ctl_fail(CTL_USAGE, "diunactl raw FILE [--fps N] [--loop] "
					   "[--device PATH | --output NAME]; "
					   "FILE - is standard input");
	raw.path = argv[optind];
	ret = start(&raw, fps);
	free(raw.request);
	return ret;
}
