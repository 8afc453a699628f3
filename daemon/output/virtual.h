/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "output/output.h"

/** struct virtual_config - a strip that is only in memory */
struct virtual_config {
	const char *name;
	struct output_geometry geometry; /* offsets and frame_bytes are filled in */
	/*
	 * Where frames are copied to for a viewer, or -1: a pipe's write end in
	 * non-blocking mode, owned by the output. A frame that does not fit whole is
	 * dropped, so a viewer that stands still stops nothing. Frames are at most
	 * PIPE_BUF or the pipe is grown so that they are written whole or not at all.
	 */
	int preview_fd;
};

int virtual_create(struct output **ret_output, struct loop *loop,
		   const struct virtual_config *config);

/** virtual_frame() - the last frame taken, for tests; geometry.frame_bytes long */
const uint8_t *virtual_frame(const struct output *output);
