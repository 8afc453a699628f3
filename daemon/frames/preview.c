// SPDX-License-Identifier: GPL-2.0-or-later
#include "frames/preview.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"

/* One is filled, one waits, two are with the reader. */
#define PICTURES 4

struct preview {
	struct frames *frames;
	struct mailbox *mailbox;
	struct loop_source *asked, *now, *later;
	int ask_fd;
	_Atomic unsigned int asked_fps;

	unsigned int fps; /* 0: nobody looks */
	bool due;	  /* something changed that was not told; @now or @later will */
	uint64_t next_ns; /* not before */
	uint64_t number;
	uint64_t version[FRAMES_MAX_OUTPUTS];
};

static void publish(struct preview *preview)
{
	uint64_t now_ns = clock_now_ns();
	struct preview_picture *picture;
	uint32_t used = 0;

	preview->next_ns = now_ns + NSEC_PER_SEC / preview->fps;
	picture = mailbox_begin(preview->mailbox);
	if (!picture) {
		/* the reader holds them all: it looks at something */
		loop_timer_set(preview->later, preview->next_ns);
		return;
	}
	preview->due = false;
	picture->number = ++preview->number;
	for (unsigned int i = 0; i < FRAMES_MAX_OUTPUTS; i++) {
		size_t bytes = 0;
		const uint8_t *frame = frames_taken(preview->frames, i, &bytes);

		if (!frame || bytes > PREVIEW_BYTES_MAX - used)
			bytes = 0;
		picture->output[i].version = bytes ? preview->version[i] : 0;
		picture->output[i].bytes = (uint32_t)bytes;
		picture->output[i].at = used;
		if (bytes)
			memcpy(picture->data + used, frame, bytes);
		used += (uint32_t)bytes;
	}
	mailbox_publish(preview->mailbox, picture);
}

static int on_now(struct loop_source *source, void *data)
{
	struct preview *preview = data;

	(void)source;
	if (preview->fps && preview->due)
		publish(preview);
	return 0;
}

static int on_later(struct loop_source *source, uint64_t now_ns, void *data)
{
	(void)now_ns;
	return on_now(source, data);
}

/* After the callback, since other outputs may get their frames in the same one. */
static void on_taken(unsigned int output, void *data)
{
	struct preview *preview = data;

	preview->version[output]++;
	if (!preview->fps || preview->due)
		return;
	preview->due = true;
	if (clock_now_ns() >= preview->next_ns)
		loop_defer(preview->now);
	else
		loop_timer_set(preview->later, preview->next_ns);
}

static int on_asked(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct preview *preview = data;
	eventfd_t count;

	(void)source;
	(void)revents;
	eventfd_read(fd, &count);
	preview->fps = atomic_load(&preview->asked_fps);
	loop_timer_set(preview->later, 0);
	preview->due = preview->fps;
	if (preview->fps)
		publish(preview);
	return 0;
}

static int start(struct preview *preview, struct loop *loop)
{
	int r;

	preview->ask_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (preview->ask_fd < 0)
		return -errno;
	r = mailbox_create(&preview->mailbox, sizeof(struct preview_picture), PICTURES);
	if (r < 0)
		return r;
	r = loop_add_io(loop, &preview->asked, "preview asked", LOOP_HOUSEKEEPING, preview->ask_fd,
			EPOLLIN, on_asked, preview);
	if (r < 0)
		return r;
	r = loop_add_defer(loop, &preview->now, "preview", LOOP_HOUSEKEEPING, on_now, preview);
	if (r < 0)
		return r;
	return loop_add_timer(loop, &preview->later, "preview later", LOOP_HOUSEKEEPING, on_later,
			      preview);
}

int preview_create(struct preview **ret_preview, struct loop *loop, struct frames *frames)
{
	struct preview *preview = calloc(1, sizeof(*preview));
	int r;

	if (!preview)
		return -ENOMEM;
	preview->frames = frames;
	preview->ask_fd = -1;
	r = start(preview, loop);
	if (r < 0) {
		preview_destroy(preview);
		return r;
	}
	frames_set_watcher(frames, on_taken, preview);
	*ret_preview = preview;
	return 0;
}

struct preview *preview_destroy(struct preview *preview)
{
	if (!preview)
		return NULL;
	frames_set_watcher(preview->frames, NULL, NULL);
	loop_source_remove(preview->asked);
	loop_source_remove(preview->now);
	loop_source_remove(preview->later);
	mailbox_destroy(preview->mailbox);
	if (preview->ask_fd >= 0)
		close(preview->ask_fd);
	free(preview);
	return NULL;
}

struct mailbox *preview_mailbox(const struct preview *preview)
{
	return preview->mailbox;
}

void preview_set_fps(struct preview *preview, unsigned int fps)
{
	atomic_store(&preview->asked_fps, fps > PREVIEW_FPS_MAX ? PREVIEW_FPS_MAX : fps);
	eventfd_write(preview->ask_fd, 1);
}
