/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pixel/color.h"

/*
 * Pictures out of a stream of bytes, 3 (R, G, B) a pixel and nothing between
 * them. A paced stream gives one after the other and takes no more than it
 * gives; of a live one only the newest is of interest. Pure: bytes come in,
 * pixels go out.
 */

/** STREAM_LIVE_BYTES - that a live stream takes at once, or a picture if that is more */
#define STREAM_LIVE_BYTES 65536

/** struct stream - zeroed at first, ended by stream_fini() */
struct stream {
	bool live;
	size_t picture_bytes;
	uint8_t *buffer;
	size_t have, room;
};

/** stream_init() - for pictures of @pixels, at least 1; 0 or -ENOMEM */
int stream_init(struct stream *stream, uint32_t pixels, bool live);

/** stream_fini() - free what it holds; may be called twice */
void stream_fini(struct stream *stream);

/** stream_room() - bytes that may be put at stream_at() now, at least 1 */
size_t stream_room(const struct stream *stream);

/** stream_at() - where the next bytes belong */
void *stream_at(struct stream *stream);

/**
 * stream_added() - @bytes were put at stream_at()
 * @picture: the newest whole picture goes here, if there is one
 *
 * Return: how many pictures that completed, of which all but one were left out.
 */
size_t stream_added(struct stream *stream, size_t bytes, struct pixel *picture);

/** stream_partial() - bytes of a picture that is not whole yet */
size_t stream_partial(const struct stream *stream);
