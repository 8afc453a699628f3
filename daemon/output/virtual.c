// SPDX-License-Identifier: GPL-2.0-or-later
#include "output/virtual.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

struct virtual_output {
	struct output output;
	uint8_t *frame;
	int preview_fd;	    /* -1: nobody looks, or nobody looks any more */
	size_t preview_max; /* bytes that may wait for the viewer before another frame */
};

static struct virtual_output *virtual_of(struct output *output)
{
	return (struct virtual_output *)output;
}

/*
 * A pipe holds pages, not bytes: a frame takes up to the pages that its bytes need,
 * also while the viewer has read a part of it. What waits always ends with a whole frame,
 * so n bytes are of n / frame_bytes frames, rounded up, and the next frame surely fits if
 * there are pages for one more.
 */
static int preview_prepare(struct virtual_output *virtual)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t frame = virtual->output.geometry.frame_bytes;
	size_t frame_pages = (frame + page - 1) / page;
	size_t wanted = VIRTUAL_PREVIEW_FRAMES * frame_pages * page;
	struct stat status;
	size_t frames;
	int flags, room;

	if (fstat(virtual->preview_fd, &status) < 0)
		return -errno;
	if (!S_ISFIFO(status.st_mode))
		return -EINVAL;
	flags = fcntl(virtual->preview_fd, F_GETFL);
	if (flags < 0 || fcntl(virtual->preview_fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;

	/* more than unprivileged users may have fails: what is there has to do then */
	room = fcntl(virtual->preview_fd, F_GETPIPE_SZ);
	if (room >= 0 && (size_t)room < wanted) {
		fcntl(virtual->preview_fd, F_SETPIPE_SZ, (int)wanted);
		room = fcntl(virtual->preview_fd, F_GETPIPE_SZ);
	}
	if (room < 0)
		return -errno;
	frames = (size_t)room / page / frame_pages;
	if (frames == 0)
		return -ENOSPC;
	if (frames > VIRTUAL_PREVIEW_FRAMES)
		frames = VIRTUAL_PREVIEW_FRAMES;
	virtual->preview_max = (frames - 1) * frame;
	return 0;
}

static void preview_close(struct virtual_output *virtual)
{
	if (virtual->preview_fd >= 0)
		close(virtual->preview_fd);
	virtual->preview_fd = -1;
}

static void preview_write(struct virtual_output *virtual, const uint8_t *frame, size_t bytes)
{
	ssize_t written;
	int waiting;

	if (ioctl(virtual->preview_fd, FIONREAD, &waiting) < 0)
		waiting = 0;
	if ((size_t)waiting > virtual->preview_max)
		return;
	written = write(virtual->preview_fd, frame, bytes);
	if (written == (ssize_t)bytes || (written < 0 && errno == EAGAIN))
		return;
	if (written < 0 && errno == EPIPE)
		log_info(LOG_OUTPUT, "%s: the viewer has gone", virtual->output.name);
	else
		log_warning(LOG_OUTPUT, written < 0 ? errno : 0,
			    "%s: the preview cannot be written and ends", virtual->output.name);
	preview_close(virtual);
}

static int virtual_start(struct output *output)
{
	output_came(output);
	return 0;
}

static int virtual_submit(struct output *output, const uint8_t *frame, size_t bytes)
{
	struct virtual_output *virtual = virtual_of(output);

	memcpy(virtual->frame, frame, bytes);
	if (virtual->preview_fd >= 0)
		preview_write(virtual, frame, bytes);
	output->stats.completed++;
	output->stats.last_done_ns = clock_now_ns();
	return 0;
}

static void virtual_stop(struct output *output)
{
	/* the viewer sees the end of the stream */
	preview_close(virtual_of(output));
}

static void virtual_destroy(struct output *output)
{
	struct virtual_output *virtual = virtual_of(output);

	preview_close(virtual);
	free(virtual->frame);
	free(virtual);
}

static const struct output_ops virtual_ops = {
	.type = "virtual",
	.start = virtual_start,
	.submit = virtual_submit,
	.stop = virtual_stop,
	.destroy = virtual_destroy,
};

int virtual_create(struct output **ret_output, struct loop *loop,
		   const struct virtual_config *config)
{
	struct virtual_output *virtual;
	int r;

	(void)loop;
	virtual = calloc(1, sizeof(*virtual));
	if (!virtual)
		return -ENOMEM;
	virtual->output.ops = &virtual_ops;
	virtual->output.geometry = config->geometry;
	virtual->preview_fd = -1;
	str_copy(virtual->output.name, sizeof(virtual->output.name), config->name);
	r = output_layout(&virtual->output.geometry);
	if (r < 0)
		goto err_free;
	virtual->frame = calloc(1, virtual->output.geometry.frame_bytes);
	if (!virtual->frame) {
		r = -ENOMEM;
		goto err_free;
	}
	if (config->preview_fd >= 0) {
		virtual->preview_fd = config->preview_fd;
		r = preview_prepare(virtual);
		if (r < 0)
			goto err_free_frame;
	}
	*ret_output = &virtual->output;
	return 0;

err_free_frame:
	free(virtual->frame);
err_free:
	free(virtual);
	return r;
}

const uint8_t *virtual_frame(const struct output *output)
{
	return ((const struct virtual_output *)output)->frame;
}
