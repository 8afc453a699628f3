/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "output/output.h"

/** struct virtual_config - a strip that is only in memory */
struct virtual_config {
	const char *name;
	struct output_geometry geometry; /* offsets and frame_bytes are filled in */
	/* OUTPUT_MAX_CHANNELS of them, or NULL: all as it is; a picture needs no gamma or balance */
	const struct output_colors *colors;
	/*
	 * Where frames are copied to for a viewer, or -1: an empty pipe's write end, owned by
	 * the output once virtual_create() succeeded and made non-blocking. Raw frames follow
	 * each other without anything between; the last one before the end may be cut. A
	 * viewer that stands still stops nothing, falls at most VIRTUAL_PREVIEW_FRAMES behind
	 * and gets the newest frame when it goes on. When the viewer goes the preview ends;
	 * SIGPIPE has to be ignored.
	 */
	int preview_fd;
};

/** VIRTUAL_PREVIEW_FRAMES - frames that may wait for the viewer, the one under way included */
#define VIRTUAL_PREVIEW_FRAMES 4

/**
 * virtual_create() - an output that takes every frame at once
 *
 * @loop: may be NULL without a preview
 *
 * Return: 0, -ENOMEM, -EINVAL (geometry, or @preview_fd is not a pipe) or -EBUSY
 * (something waits in the pipe already).
 */
int virtual_create(struct output **ret_output, struct loop *loop,
		   const struct virtual_config *config);

/** virtual_frame() - the last frame taken, for tests; geometry.frame_bytes long */
const uint8_t *virtual_frame(const struct output *output);
