// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"

#define BLOCK 4096
/* A line that says nothing shows whether anybody still reads. */
#define PULSE_NS (20 * NSEC_PER_SEC)

struct stream {
	struct feed_client feed; /* the first: what the feed calls back with */
	LIST_ENTRY(stream) entry;
	struct streams *streams;
	struct MHD_Connection *connection;
	bool waiting; /* suspended until there is something to send */
};

struct streams {
	struct feed *feed;
	struct loop_source *pulse;
	LIST_HEAD(, stream) clients;
	unsigned int count;
	bool ending;
	void (*on_resumed)(void *data);
	void *data;
};

static void go_on(struct stream *stream)
{
	if (!stream->waiting)
		return;
	stream->waiting = false;
	MHD_resume_connection(stream->connection);
	stream->streams->on_resumed(stream->streams->data);
}

/* One that does not read is closed: it would never be asked for more, and keep its place. */
static void on_queued(struct feed_client *feed)
{
	struct stream *stream = (struct stream *)feed;
	const union MHD_ConnectionInfo *info;

	if (feed->lost && !stream->waiting) {
		info = MHD_get_connection_info(stream->connection,
					       MHD_CONNECTION_INFO_CONNECTION_FD);
		if (info)
			shutdown(info->connect_fd, SHUT_RDWR);
		return;
	}
	go_on(stream);
}

static ssize_t on_read(void *data, uint64_t position, char *buffer, size_t room)
{
	struct stream *stream = data;
	size_t length = outbox_read(&stream->feed.outbox, buffer, room);

	(void)position;
	if (length)
		return (ssize_t)length;
	if (stream->feed.lost || stream->streams->ending)
		return MHD_CONTENT_READER_END_OF_STREAM;
	stream->waiting = true;
	MHD_suspend_connection(stream->connection);
	return 0;
}

static void on_free(void *data)
{
	struct stream *stream = data;
	struct streams *streams = stream->streams;

	LIST_REMOVE(stream, entry);
	feed_remove(streams->feed, &stream->feed);
	if (!--streams->count)
		loop_timer_set(streams->pulse, 0);
	free(stream);
}

static int on_pulse(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct message *message = message_raw(":\n\n", 3);
	struct streams *streams = data;
	struct stream *stream;

	LIST_FOREACH(stream, &streams->clients, entry)
	{
		if (message && stream->waiting && outbox_put(&stream->feed.outbox, message))
			go_on(stream);
	}
	message_unref(message);
	loop_timer_set(source, now_ns + PULSE_NS);
	return 0;
}

int streams_create(struct streams **ret_streams, struct loop *loop, struct feed *feed,
		   void (*on_resumed)(void *data), void *data)
{
	struct streams *streams = calloc(1, sizeof(*streams));
	int r;

	if (!streams)
		return -ENOMEM;
	streams->feed = feed;
	streams->on_resumed = on_resumed;
	streams->data = data;
	LIST_INIT(&streams->clients);
	r = loop_add_timer(loop, &streams->pulse, "stream pulse", LOOP_HOUSEKEEPING, on_pulse,
			   streams);
	if (r < 0) {
		free(streams);
		return r;
	}
	*ret_streams = streams;
	return 0;
}

struct streams *streams_destroy(struct streams *streams)
{
	if (!streams)
		return NULL;
	loop_source_remove(streams->pulse);
	free(streams);
	return NULL;
}

void streams_end(struct streams *streams)
{
	struct stream *stream;

	streams->ending = true;
	LIST_FOREACH(stream, &streams->clients, entry)
	go_on(stream);
}

bool streams_are_full(const struct streams *streams)
{
	return streams->count >= API_STREAMS_MAX;
}

struct MHD_Response *streams_respond(struct streams *streams, struct MHD_Connection *connection,
				     unsigned int topics)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	struct MHD_Response *response;

	if (!stream)
		return NULL;
	stream->streams = streams;
	stream->connection = connection;
	stream->feed.stream = true;
	stream->feed.on_queued = on_queued;
	response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, on_read, stream,
						     on_free);
	if (!response) {
		free(stream);
		return NULL;
	}
	LIST_INSERT_HEAD(&streams->clients, stream, entry);
	if (!streams->count++)
		loop_timer_set(streams->pulse, clock_now_ns() + PULSE_NS);
	feed_add(streams->feed, &stream->feed, topics);
	feed_snapshot(streams->feed, &stream->feed, NULL);
	return response;
}
