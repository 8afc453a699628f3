// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_PER_PIXEL 3

int stream_init(struct stream *stream, uint32_t pixels, bool live)
{
	*stream =
		(struct stream){ .live = live, .picture_bytes = (size_t)pixels * BYTES_PER_PIXEL };
	stream->room = stream->picture_bytes;
	if (live && stream->room < STREAM_LIVE_BYTES)
		stream->room = STREAM_LIVE_BYTES;
	/* behind what is left of the picture before */
	if (live)
		stream->room += stream->picture_bytes;
	stream->buffer = malloc(stream->room);
	return stream->buffer ? 0 : -ENOMEM;
}

void stream_fini(struct stream *stream)
{
	free(stream->buffer);
	*stream = (struct stream){ 0 };
}

size_t stream_room(const struct stream *stream)
{
	return stream->room - stream->have;
}

void *stream_at(struct stream *stream)
{
	return stream->buffer + stream->have;
}

static void convert(const uint8_t *bytes, size_t pixels, struct pixel *picture)
{
	for (size_t i = 0; i < pixels; i++, bytes += BYTES_PER_PIXEL)
		picture[i] = (struct pixel){ .r = bytes[0], .g = bytes[1], .b = bytes[2] };
}

size_t stream_added(struct stream *stream, size_t bytes, struct pixel *picture)
{
	size_t whole;

	stream->have += bytes;
	whole = stream->have / stream->picture_bytes;
	if (!whole)
		return 0;
	convert(stream->buffer + (whole - 1) * stream->picture_bytes,
		stream->picture_bytes / BYTES_PER_PIXEL, picture);
	stream->have -= whole * stream->picture_bytes;
	memmove(stream->buffer, stream->buffer + whole * stream->picture_bytes, stream->have);
	return whole;
}

size_t stream_partial(const struct stream *stream)
{
	return stream->have;
}
