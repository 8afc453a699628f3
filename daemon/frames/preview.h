/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include "core/loop.h"
#include "core/mailbox.h"
#include "frames/frames.h"

/*
 * What the outputs show, for another thread to look at: copies of the newest
 * frames in a mailbox, as often as that thread asks for. While nobody asks, or
 * nothing changes, it does nothing and wakes nobody.
 */
struct preview;

/** PREVIEW_FPS_MAX - pictures a second at most */
#define PREVIEW_FPS_MAX 60

/** PREVIEW_BYTES_MAX - of all outputs; those that do not fit are left out */
#define PREVIEW_BYTES_MAX (2 * 4 * OUTPUT_MAX_PIXELS)

/**
 * struct preview_picture - the newest frames
 * @version: of an output: grows with each other frame; 0: there is none
 * @bytes, @at: of an output: its frame, of the output's geometry, in @data
 */
struct preview_picture {
	uint64_t number; /* grows by 1 */
	struct {
		uint64_t version;
		uint32_t bytes, at;
	} output[FRAMES_MAX_OUTPUTS];
	uint8_t data[PREVIEW_BYTES_MAX];
};

/** preview_create() - of @frames, which outlives it; light loop; 0 or -errno */
int preview_create(struct preview **ret_preview, struct loop *loop, struct frames *frames);

/** preview_destroy() - NULL is fine; returns NULL */
struct preview *preview_destroy(struct preview *preview);

/** preview_mailbox() - of struct preview_picture; for one other thread */
struct mailbox *preview_mailbox(const struct preview *preview);

/**
 * preview_set_fps() - how often to copy; any thread
 * @fps: 0: not at all; 1 to PREVIEW_FPS_MAX: now, and then whenever frames change, so often at most
 */
void preview_set_fps(struct preview *preview, unsigned int fps);
