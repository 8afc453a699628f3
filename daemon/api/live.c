// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/live.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "api/live_private.h"
#include "base/clock.h"
#include "base/log.h"

/* Bytes read of one client before others have their turn. */
#define READ_AT_ONCE 65536
/* The kernel's share of what waits for a client. */
#define SEND_BUFFER 131072
#define PING_NS (20 * NSEC_PER_SEC)
#define SILENCE_NS (50 * NSEC_PER_SEC)
/* For the other side to close after our close frame. */
#define CLOSE_NS (5 * NSEC_PER_SEC)
/* Messages: one for each of these on average, and as many at once as fit the credit. */
#define MESSAGE_NS (NSEC_PER_SEC / API_LIVE_MESSAGES_PER_S)
#define CREDIT_NS (API_LIVE_MESSAGES_AT_ONCE * MESSAGE_NS)
/* RFC 6455, section 7.4.1, and the registry of its codes: 1013 is "try again later" */
#define CODE_TOO_SLOW 1013

/* Clients are removed here only: never inside a callback that goes on with one, or with all. */
static int on_reaper(struct loop_source *source, void *data);

static void kill_client(struct live_client *client)
{
	client->dead = true;
	loop_defer(client->live->reaper);
}

static void watch(struct live_client *client, uint32_t events)
{
	if (client->events == events)
		return;
	client->events = events;
	loop_io_set_events(client->io, events);
}

static void flush(struct live_client *client)
{
	int r;

	if (client->dead)
		return;
	r = outbox_send(&client->feed.outbox, client->fd);
	if (r == -EAGAIN) {
		watch(client, EPOLLIN | EPOLLOUT);
		return;
	}
	if (r < 0) {
		kill_client(client);
		return;
	}
	watch(client, EPOLLIN);
	if (client->closing && !client->shut) {
		client->shut = true;
		shutdown(client->fd, SHUT_WR);
	}
}

static ssize_t on_wslay_send(struct wslay_event_context *parser, const uint8_t *data, size_t length,
			     int flags, void *user)
{
	struct live_client *client = user;
	struct message *message = message_raw(data, length);
	bool fine = message && outbox_put(&client->feed.outbox, message);

	(void)flags;
	message_unref(message);
	if (fine)
		return (ssize_t)length;
	wslay_event_set_error(parser, WSLAY_ERR_CALLBACK_FAILURE);
	return -1;
}

/* What the parser wants to say: pongs, and close frames. */
static void pump(struct live_client *client)
{
	while (wslay_event_want_write(client->parser)) {
		if (wslay_event_send(client->parser) < 0) {
			/* it asks for more than it reads */
			kill_client(client);
			return;
		}
	}
	if (wslay_event_get_close_sent(client->parser))
		client->closing = client->feed.lost = true;
}

void live_close(struct live_client *client, uint16_t code, const char *reason)
{
	size_t length = strlen(reason);
	struct message *message;

	if (client->closing || client->dead)
		return;
	client->closing = true;
	message = message_new(MESSAGE_CLOSE, 2 + length);
	if (!message) {
		kill_client(client);
		return;
	}
	message->data[0] = (uint8_t)(code >> 8);
	message->data[1] = (uint8_t)code;
	memcpy(message->data + 2, reason, length);
	if (!outbox_put(&client->feed.outbox, message)) {
		outbox_keep_first(&client->feed.outbox);
		outbox_put(&client->feed.outbox, message);
	}
	message_unref(message);
	client->feed.lost = true; /* so nothing follows it */
	/* the other side has this long to take it */
	client->heard_ns = clock_now_ns() - SILENCE_NS + CLOSE_NS;
	flush(client);
}

/* Called by the feed, while it goes through its clients. */
static void on_queued(struct feed_client *feed)
{
	struct live_client *client = (struct live_client *)feed;

	if (client->dead || client->closing)
		return;
	if (feed->lost) {
		log_debug(LOG_API, "a live client is too slow and is closed");
		outbox_keep_first(&feed->outbox);
		live_close(client, CODE_TOO_SLOW, "too slow");
	} else {
		flush(client);
	}
}

static ssize_t on_wslay_recv(struct wslay_event_context *parser, uint8_t *buffer, size_t room,
			     int flags, void *user)
{
	struct live_client *client = user;
	size_t length;
	ssize_t n;

	(void)flags;
	if (room > client->budget)
		room = client->budget;
	if (!room) {
		wslay_event_set_error(parser, WSLAY_ERR_WOULDBLOCK);
		return -1;
	}
	if (client->extra) {
		length = client->extra_length - client->extra_used;
		if (length > room)
			length = room;
		memcpy(buffer, client->extra + client->extra_used, length);
		client->extra_used += length;
		client->budget -= length;
		if (client->extra_used == client->extra_length) {
			free(client->extra);
			client->extra = NULL;
		}
		return (ssize_t)length;
	}
	do
		n = recv(client->fd, buffer, room, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n > 0) {
		client->budget -= (size_t)n;
		return n;
	}
	client->ended = !n || (errno != EAGAIN && errno != EWOULDBLOCK);
	wslay_event_set_error(parser,
			      client->ended ? WSLAY_ERR_CALLBACK_FAILURE : WSLAY_ERR_WOULDBLOCK);
	return -1;
}

/* A client that says too much. */
static bool may_speak(struct live_client *client, uint64_t now_ns)
{
	uint64_t earliest_ns = now_ns - CREDIT_NS;

	if (client->credit_ns < earliest_ns)
		client->credit_ns = earliest_ns;
	if (client->credit_ns > now_ns)
		return false;
	client->credit_ns += MESSAGE_NS;
	return true;
}

static void on_message(struct wslay_event_context *parser,
		       const struct wslay_event_on_msg_recv_arg *arg, void *user)
{
	struct live_client *client = user;
	uint64_t now_ns = clock_now_ns();

	(void)parser;
	if (client->closing || client->dead)
		return;
	client->heard_ns = now_ns;
	if (arg->opcode == WSLAY_CONNECTION_CLOSE) {
		/* a code has two bytes, which the parser does not mind */
		if (arg->msg_length == 1)
			live_close(client, WSLAY_CODE_PROTOCOL_ERROR, "half a code");
		return;
	}
	if (!may_speak(client, now_ns))
		live_close(client, WSLAY_CODE_POLICY_VIOLATION, "too many messages");
	else if (arg->opcode == WSLAY_BINARY_FRAME)
		live_close(client, WSLAY_CODE_UNSUPPORTED_DATA, "texts only");
	else if (arg->opcode == WSLAY_TEXT_FRAME)
		live_ask_take(client, (const char *)arg->msg, arg->msg_length);
}

/* The parser would wait for the first bytes of it. */
static void on_frame(struct wslay_event_context *parser,
		     const struct wslay_event_on_frame_recv_start_arg *arg, void *user)
{
	struct live_client *client = user;

	(void)parser;
	if (arg->payload_length > API_BODY_MAX)
		live_close(client, WSLAY_CODE_MESSAGE_TOO_BIG, "too long");
	if (wslay_is_ctrl_frame(arg->opcode))
		return;
	if (arg->opcode != WSLAY_CONTINUATION_FRAME)
		client->pieces = 0;
	/* each is kept on its own until the message is whole, which takes more than its bytes */
	if (++client->pieces > API_LIVE_PIECES_MAX)
		live_close(client, WSLAY_CODE_POLICY_VIOLATION, "too many pieces");
}

/* After our close frame: what still comes is thrown away, so that the other side reads the code. */
static void drain(struct live_client *client)
{
	char buffer[4096];
	ssize_t n = recv(client->fd, buffer, sizeof(buffer), MSG_DONTWAIT);

	if (!n || (n < 0 && errno != EAGAIN && errno != EINTR))
		kill_client(client);
}

static void hear(struct live_client *client)
{
	int r;

	if (client->closing) {
		drain(client);
		return;
	}
	client->budget = READ_AT_ONCE;
	r = wslay_event_recv(client->parser);
	if (client->ended) {
		kill_client(client);
		return;
	}
	if (client->closing)
		return;
	if (r < 0) {
		/* what it would say itself has no code */
		live_close(client, WSLAY_CODE_PROTOCOL_ERROR, "no frame of RFC 6455");
		return;
	}
	pump(client);
	if (client->closing)
		client->heard_ns = clock_now_ns() - SILENCE_NS + CLOSE_NS;
	flush(client);
}

static int on_io(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct live_client *client = data;

	(void)source;
	(void)fd;
	if (client->dead)
		return 0;
	if (revents & EPOLLOUT) {
		flush(client);
		if (client->due && !client->dead)
			live_preview_again(client->live);
	}
	if (!client->dead && revents & (EPOLLIN | EPOLLHUP | EPOLLERR))
		hear(client);
	return 0;
}

static void remove_client(struct live_client *client)
{
	struct live *live = client->live;

	live_ask_forget(client);
	LIST_REMOVE(client, entry);
	live->count--;
	live_preview_set(client, 0, NULL, 0);
	loop_source_remove(client->io);
	feed_remove(live->config.feed, &client->feed);
	if (client->parser)
		wslay_event_context_free(client->parser);
	MHD_upgrade_action(client->upgrade, MHD_UPGRADE_ACTION_CLOSE);
	free(client->extra);
	free(client);
}

static int on_reaper(struct loop_source *source, void *data)
{
	struct live *live = data;
	struct live_client *client, *next;

	(void)source;
	for (client = LIST_FIRST(&live->clients); client; client = next) {
		next = LIST_NEXT(client, entry);
		if (client->dead)
			remove_client(client);
	}
	if (!live->count) {
		loop_timer_set(live->pulse, 0);
		live->pulse_ns = 0;
	}
	live->config.on_gone(live->config.data);
	return 0;
}

static int on_pulse(struct loop_source *source, uint64_t now_ns, void *data)
{
	static const uint8_t ping[2] = { 0x80 | MESSAGE_PING, 0 };
	struct message *message = message_raw(ping, sizeof(ping));
	struct live *live = data;
	struct live_client *client;

	LIST_FOREACH(client, &live->clients, entry)
	{
		if (client->dead)
			continue;
		if (now_ns - client->heard_ns >= SILENCE_NS) {
			kill_client(client);
		} else if (!client->closing && message) {
			outbox_put(&client->feed.outbox, message);
			flush(client);
		}
	}
	message_unref(message);
	live->pulse_ns = now_ns + PING_NS;
	loop_timer_set(source, live->pulse_ns);
	return 0;
}

static int open_parser(struct live_client *client)
{
	static const struct wslay_event_callbacks callbacks = {
		.recv_callback = on_wslay_recv,
		.send_callback = on_wslay_send,
		.on_frame_recv_start_callback = on_frame,
		.on_msg_recv_callback = on_message,
	};

	if (wslay_event_context_server_init(&client->parser, &callbacks, client))
		return -ENOMEM;
	wslay_event_config_set_max_recv_msg_length(client->parser, API_BODY_MAX);
	return 0;
}

static int start_client(struct live_client *client, const char *extra, size_t extra_length)
{
	const int on = 1, bytes = SEND_BUFFER;
	int r;

	r = open_parser(client);
	if (r < 0)
		return r;
	if (extra_length) {
		client->extra = malloc(extra_length);
		if (!client->extra)
			return -ENOMEM;
		memcpy(client->extra, extra, extra_length);
		client->extra_length = extra_length;
	}
	setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(client->fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	client->events = EPOLLIN;
	return loop_add_io(client->live->config.loop, &client->io, "live", LOOP_NETWORK, client->fd,
			   EPOLLIN, on_io, client);
}

/* libmicrohttpd has sent the answer and gives the socket. */
static void on_upgrade(void *data, struct MHD_Connection *connection, void *request,
		       const char *extra, size_t extra_length, MHD_socket fd,
		       struct MHD_UpgradeResponseHandle *upgrade)
{
	struct live_opening *opening = data;
	struct live *live = opening->live;
	struct live_client *client = calloc(1, sizeof(*client));

	(void)connection;
	(void)request;
	if (!client) {
		MHD_upgrade_action(upgrade, MHD_UPGRADE_ACTION_CLOSE);
		return;
	}
	client->live = live;
	client->upgrade = upgrade;
	client->fd = fd;
	client->may_control = opening->may_control;
	client->heard_ns = clock_now_ns();
	client->feed.on_queued = on_queued;
	LIST_INSERT_HEAD(&live->clients, client, entry);
	live->count++;
	feed_update(live->config.feed);
	feed_add(live->config.feed, &client->feed, opening->topics);
	if (start_client(client, extra, extra_length) < 0 || live->count > API_LIVE_MAX) {
		kill_client(client);
		return;
	}
	if (!live->pulse_ns) {
		live->pulse_ns = client->heard_ns + PING_NS;
		loop_timer_set(live->pulse, live->pulse_ns);
	}
	feed_snapshot(live->config.feed, &client->feed, NULL);
	if (client->extra)
		hear(client);
}

bool live_is_full(const struct live *live)
{
	return live->count >= API_LIVE_MAX;
}

struct MHD_Response *live_respond(struct live *live, struct live_opening *opening)
{
	opening->live = live;
	return MHD_create_response_for_upgrade(on_upgrade, opening);
}

int live_create(struct live **ret_live, const struct live_config *config)
{
	struct live *live = calloc(1, sizeof(*live));
	int r;

	if (!live)
		return -ENOMEM;
	live->config = *config;
	LIST_INIT(&live->clients);
	r = loop_add_defer(config->loop, &live->reaper, "live clients gone", LOOP_NETWORK,
			   on_reaper, live);
	if (r >= 0)
		r = loop_add_timer(config->loop, &live->pulse, "live pulse", LOOP_HOUSEKEEPING,
				   on_pulse, live);
	if (r >= 0)
		r = live_preview_create(live);
	if (r < 0) {
		live_destroy(live);
		return r;
	}
	*ret_live = live;
	return 0;
}

void live_end(struct live *live)
{
	struct live_client *client;

	while ((client = LIST_FIRST(&live->clients))) {
		live_close(client, WSLAY_CODE_GOING_AWAY, "the daemon ends");
		remove_client(client);
	}
}

struct live *live_destroy(struct live *live)
{
	if (!live)
		return NULL;
	live_preview_destroy(live);
	loop_source_remove(live->reaper);
	loop_source_remove(live->pulse);
	free(live);
	return NULL;
}
