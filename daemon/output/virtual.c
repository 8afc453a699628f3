// SPDX-License-Identifier: GPL-2.0-or-later
#include "output/virtual.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

struct virtual_output {
	struct output output;
	struct loop *loop;
	uint8_t *frame;

	int preview_fd;		     /* -1: nobody looks, or nobody looks any more */
	struct loop_source *preview; /* waits for room in the pipe, only while something is unsent */
	uint8_t *sending;	     /* the frame that goes through the pipe */
	size_t sent;		     /* bytes of it that the pipe has taken */
	bool stale;		     /* a newer one than @sending waits in @frame */
};

static struct virtual_output *virtual_of(struct output *output)
{
	return (struct virtual_output *)output;
}

/*
 * A pipe holds pages, not bytes, and has room for poll() when a page is free. One that has the
 * pages of a single frame keeps the viewer close behind, and frames that share one page are
 * counted. A pipe that may not be made as large as a frame does as well: the frame goes through
 * it in pieces.
 */
static int preview_prepare(struct virtual_output *virtual)
{
	struct stat status;
	int flags, wanted;

	if (fstat(virtual->preview_fd, &status) < 0)
		return -errno;
	if (!S_ISFIFO(status.st_mode))
		return -EINVAL;
	wanted = (int)virtual->output.geometry.frame_bytes;
	if (fcntl(virtual->preview_fd, F_SETPIPE_SZ, wanted) < 0 && errno != EPERM)
		return -errno;
	virtual->sending = malloc(virtual->output.geometry.frame_bytes);
	if (!virtual->sending)
		return -ENOMEM;
	virtual->sent = virtual->output.geometry.frame_bytes;
	flags = fcntl(virtual->preview_fd, F_GETFL);
	if (flags < 0 || fcntl(virtual->preview_fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

static void preview_close(struct virtual_output *virtual)
{
	virtual->preview = loop_source_remove(virtual->preview);
	if (virtual->preview_fd >= 0)
		close(virtual->preview_fd);
	virtual->preview_fd = -1;
}

static void preview_end(struct virtual_output *virtual, int error)
{
	if (error == EPIPE)
		log_info(LOG_OUTPUT, "%s: the viewer has gone", virtual->output.name);
	else
		log_warning(LOG_OUTPUT, error, "%s: the preview cannot be written and ends",
			    virtual->output.name);
	preview_close(virtual);
}

/* Gives the pipe what it takes of the frame under way; true when that was all. */
static bool preview_write(struct virtual_output *virtual)
{
	size_t bytes = virtual->output.geometry.frame_bytes;
	ssize_t written;

	while (virtual->sent < bytes) {
		written = write(virtual->preview_fd, virtual->sending + virtual->sent,
				bytes - virtual->sent);
		if (written < 0 && errno == EAGAIN)
			return false;
		if (written < 0) {
			preview_end(virtual, errno);
			return false;
		}
		virtual->sent += (size_t)written;
	}
	return true;
}

static bool preview_has_room(const struct virtual_output *virtual)
{
	int waiting;

	return ioctl(virtual->preview_fd, FIONREAD, &waiting) < 0 ||
	       (size_t)waiting <=
		       (VIRTUAL_PREVIEW_FRAMES - 1) * virtual->output.geometry.frame_bytes;
}

/* What does not go through now goes when the viewer has read: the newest then, not all. */
static void preview_send(struct virtual_output *virtual)
{
	size_t bytes = virtual->output.geometry.frame_bytes;
	bool done = preview_write(virtual);

	if (done && virtual->stale && preview_has_room(virtual)) {
		memcpy(virtual->sending, virtual->frame, bytes);
		virtual->sent = 0;
		virtual->stale = false;
		done = preview_write(virtual);
	}
	if (virtual->preview)
		loop_io_set_events(virtual->preview, done && !virtual->stale ? 0 : EPOLLOUT);
}

static int on_preview(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	(void)source;
	(void)fd;
	(void)revents;
	preview_send(data);
	return 0;
}

static int virtual_start(struct output *output)
{
	struct virtual_output *virtual = virtual_of(output);
	int r;

	if (virtual->preview_fd >= 0) {
		r = loop_add_io(virtual->loop, &virtual->preview, "preview", LOOP_HOUSEKEEPING,
				virtual->preview_fd, 0, on_preview, virtual);
		if (r < 0)
			return r;
	}
	output_came(output);
	return 0;
}

static int virtual_submit(struct output *output, const uint8_t *frame, size_t bytes)
{
	struct virtual_output *virtual = virtual_of(output);

	memcpy(virtual->frame, frame, bytes);
	if (virtual->preview_fd >= 0) {
		virtual->stale = true;
		preview_send(virtual);
	}
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
	free(virtual->sending);
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

	virtual = calloc(1, sizeof(*virtual));
	if (!virtual)
		return -ENOMEM;
	virtual->output.ops = &virtual_ops;
	virtual->loop = loop;
	virtual->output.geometry = config->geometry;
	virtual->preview_fd = -1;
	str_copy(virtual->output.name, sizeof(virtual->output.name), config->name);
	if (config->colors)
		output_set_whites(&virtual->output.geometry, config->colors);
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
	free(virtual->sending);
	free(virtual->frame);
err_free:
	free(virtual);
	return r;
}

const uint8_t *virtual_frame(const struct output *output)
{
	return ((const struct virtual_output *)output)->frame;
}
