// SPDX-License-Identifier: GPL-2.0-or-later
/* The client's side of RFC 6455: the opening by hand, the frames by wslay. */
#include "ctl/channel.h"

#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <wslay/wslay.h>

#include "base/cleanup.h"
#include "base/sha1.h"

/* RFC 6455, section 1.3 */
#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define KEY_BYTES 16
#define BASE64_MAX 32 /* of 20 bytes or less, and the closing zero */
/* of the answer's headers */
#define HEADERS_MAX 8192

struct channel {
	struct channel_events events;
	CURL *curl;
	curl_socket_t fd;
	struct wslay_event_context *parser;
	bool broken; /* the connection is gone, with or without a word */
	char headers[HEADERS_MAX];
	size_t length, used; /* of @headers: what came; what is no header was not read yet */
};

/* RFC 4648, section 4 */
static void encode(const uint8_t *bytes, size_t length, char ret_text[BASE64_MAX])
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i;

	for (i = 0; i < length; i += 3) {
		uint32_t group = (uint32_t)bytes[i] << 16;

		group |= i + 1 < length ? (uint32_t)bytes[i + 1] << 8 : 0;
		group |= i + 2 < length ? bytes[i + 2] : 0;
		*ret_text++ = digits[group >> 18];
		*ret_text++ = digits[group >> 12 & 63];
		*ret_text++ = i + 1 < length ? digits[group >> 6 & 63] : '=';
		*ret_text++ = i + 2 < length ? digits[group & 63] : '=';
	}
	*ret_text = '\0';
}

/* ---- what wslay calls ---- */

static ssize_t on_read(struct wslay_event_context *parser, uint8_t *bytes, size_t length, int flags,
		       void *data)
{
	struct channel *channel = data;
	size_t n = channel->length - channel->used;
	CURLcode code;

	(void)flags;
	if (n) {
		/* came with the answer to the opening */
		n = n < length ? n : length;
		memcpy(bytes, channel->headers + channel->used, n);
		channel->used += n;
		return (ssize_t)n;
	}
	code = curl_easy_recv(channel->curl, bytes, length, &n);
	if (code == CURLE_OK && n)
		return (ssize_t)n;
	if (code != CURLE_AGAIN)
		channel->broken = true;
	wslay_event_set_error(parser, code == CURLE_AGAIN ? WSLAY_ERR_WOULDBLOCK
							  : WSLAY_ERR_CALLBACK_FAILURE);
	return -1;
}

static ssize_t on_write(struct wslay_event_context *parser, const uint8_t *bytes, size_t length,
			int flags, void *data)
{
	struct channel *channel = data;
	size_t n = 0;
	CURLcode code = curl_easy_send(channel->curl, bytes, length, &n);

	(void)flags;
	if (code == CURLE_OK)
		return (ssize_t)n;
	if (code != CURLE_AGAIN)
		channel->broken = true;
	wslay_event_set_error(parser, code == CURLE_AGAIN ? WSLAY_ERR_WOULDBLOCK
							  : WSLAY_ERR_CALLBACK_FAILURE);
	return -1;
}

static int on_mask(struct wslay_event_context *parser, uint8_t *bytes, size_t length, void *data)
{
	(void)parser;
	(void)data;
	return getrandom(bytes, length, 0) == (ssize_t)length ? 0 : -1;
}

static void on_message(struct wslay_event_context *parser,
		       const struct wslay_event_on_msg_recv_arg *message, void *data)
{
	struct channel *channel = data;
	json_t *json;

	(void)parser;
	if (message->opcode == WSLAY_BINARY_FRAME) {
		channel->events.on_bytes(channel->events.data, message->msg, message->msg_length);
	} else if (message->opcode == WSLAY_TEXT_FRAME) {
		json = json_loadb((const char *)message->msg, message->msg_length,
				  JSON_REJECT_DUPLICATES, NULL);
		if (json_is_object(json))
			channel->events.on_text(channel->events.data, json);
		json_decref(json);
	}
}

/* ---- the opening ---- */

static int connect_to(const struct ctl *ctl, struct channel *channel)
{
	CURLcode code;

	channel->curl = curl_easy_init();
	if (!channel->curl)
		return ctl_fail(CTL_OS, "out of memory");
	curl_easy_setopt(channel->curl, CURLOPT_URL, ctl->url);
	curl_easy_setopt(channel->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(channel->curl, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(channel->curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
	curl_easy_setopt(channel->curl, CURLOPT_CONNECTTIMEOUT, (long)CTL_CONNECT_S);
	curl_easy_setopt(channel->curl, CURLOPT_NOSIGNAL, 1L);
	code = curl_easy_perform(channel->curl);
	if (code == CURLE_OK)
		code = curl_easy_getinfo(channel->curl, CURLINFO_ACTIVESOCKET, &channel->fd);
	return code == CURLE_OK
		       ? CTL_OK
		       : ctl_fail(CTL_UNAVAILABLE, "%s: %s", ctl->url, curl_easy_strerror(code));
}

/* The first two lines, with "name:port" and what stands before our paths as the URL has them. */
static char *begin_request(const char *url, const char *path)
{
	CURLU *parts = curl_url();
	char *host = NULL, *port = NULL, *prefix = NULL, *both = NULL;

	if (parts && !curl_url_set(parts, CURLUPART_URL, url, 0) &&
	    !curl_url_get(parts, CURLUPART_HOST, &host, 0) &&
	    !curl_url_get(parts, CURLUPART_PATH, &prefix, 0)) {
		curl_url_get(parts, CURLUPART_PORT, &port, 0);
		/* of no path curl makes "/" */
		if (asprintf(&both, "GET %s/api/v1%s HTTP/1.1\r\nHost: %s%s%s\r\n",
			     strcmp(prefix, "/") ? prefix : "", path, host, port ? ":" : "",
			     port ? port : "") < 0)
			both = NULL;
	}
	curl_free(host);
	curl_free(port);
	curl_free(prefix);
	curl_url_cleanup(parts);
	return both;
}

/* Waits for the socket, as long as for an answer. */
static bool wait_for(const struct channel *channel, short events)
{
	struct pollfd fd = { .fd = channel->fd, .events = events };

	return poll(&fd, 1, CTL_ANSWER_S * 1000) > 0;
}

static bool send_all(struct channel *channel, const char *text)
{
	size_t length = strlen(text), n;
	CURLcode code;

	while (length) {
		n = 0;
		code = curl_easy_send(channel->curl, text, length, &n);
		if (code == CURLE_AGAIN ? !wait_for(channel, POLLOUT) : code != CURLE_OK)
			return false;
		text += n;
		length -= n;
	}
	return true;
}

/* Up to the empty line; what comes behind it is left for wslay. */
static bool receive_headers(struct channel *channel)
{
	char *end = NULL;
	CURLcode code;
	size_t n;

	while (!end) {
		n = 0;
		code = curl_easy_recv(channel->curl, channel->headers + channel->length,
				      HEADERS_MAX - 1 - channel->length, &n);
		if (code == CURLE_AGAIN ? !wait_for(channel, POLLIN) : code != CURLE_OK || !n)
			return false;
		channel->length += n;
		channel->headers[channel->length] = '\0';
		end = strstr(channel->headers, "\r\n\r\n");
	}
	*end = '\0';
	channel->used = (size_t)(end + 4 - channel->headers);
	return true;
}

static bool is_accepted(const struct channel *channel, const char *key)
{
	char text[BASE64_MAX + sizeof(GUID)], accept[BASE64_MAX];
	uint8_t digest[SHA1_BYTES];
	const char *line;

	snprintf(text, sizeof(text), "%s" GUID, key);
	sha1(text, strlen(text), digest);
	encode(digest, sizeof(digest), accept);
	for (line = channel->headers; (line = strstr(line, "\r\n"));) {
		line += 2;
		if (!strncasecmp(line, "Sec-WebSocket-Accept:", 21))
			return !strncmp(line + 21 + strspn(line + 21, " "), accept, strlen(accept));
	}
	return false;
}

static int open_socket(const struct ctl *ctl, const char *path, struct channel *channel)
{
	_cleanup_free_ char *begin = begin_request(ctl->url, path);
	_cleanup_free_ char *text = NULL;
	uint8_t bytes[KEY_BYTES];
	char key[BASE64_MAX];
	int status = 0;

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return ctl_fail(CTL_OS, "random numbers: %m");
	encode(bytes, sizeof(bytes), key);
	if (!begin || asprintf(&text,
			       "%sUser-Agent: diunactl\r\n"
			       "Connection: Upgrade\r\nUpgrade: websocket\r\n"
			       "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n%s%s%s\r\n",
			       begin, key, ctl->token ? "Authorization: Bearer " : "",
			       ctl->token ? ctl->token : "", ctl->token ? "\r\n" : "") < 0) {
		text = NULL;
		return ctl_fail(CTL_OS, "out of memory");
	}
	if (!send_all(channel, text) || !receive_headers(channel))
		return ctl_fail(CTL_UNAVAILABLE, "%s: the live channel does not open", ctl->url);
	if (sscanf(channel->headers, "HTTP/1.1 %d", &status) == 1 && status != 101)
		return ctl_fail(CTL_REFUSED, "%s refused the live channel: %d", ctl->url, status);
	if (status != 101 || !is_accepted(channel, key))
		return ctl_fail(CTL_UNAVAILABLE, "%s has no live channel: is it diunad?", ctl->url);
	return CTL_OK;
}

int channel_open(const struct ctl *ctl, const char *path, const struct channel_events *events,
		 struct channel **ret_channel)
{
	static const struct wslay_event_callbacks callbacks = {
		.recv_callback = on_read,
		.send_callback = on_write,
		.genmask_callback = on_mask,
		.on_msg_recv_callback = on_message,
	};
	struct channel *channel = calloc(1, sizeof(*channel));
	int ret;

	if (!channel)
		return ctl_fail(CTL_OS, "out of memory");
	channel->events = *events;
	ret = connect_to(ctl, channel);
	if (ret == CTL_OK)
		ret = open_socket(ctl, path, channel);
	if (ret == CTL_OK && wslay_event_context_client_init(&channel->parser, &callbacks, channel))
		ret = ctl_fail(CTL_OS, "out of memory");
	if (ret != CTL_OK) {
		channel_close(channel);
		return ret;
	}
	wslay_event_config_set_max_recv_msg_length(channel->parser, CHANNEL_MESSAGE_MAX);
	*ret_channel = channel;
	return CTL_OK;
}

void channel_close(struct channel *channel)
{
	if (!channel)
		return;
	if (channel->parser && !channel->broken) {
		/* a word of farewell, if it can be said without waiting */
		wslay_event_queue_close(channel->parser, WSLAY_CODE_NORMAL_CLOSURE, NULL, 0);
		wslay_event_send(channel->parser);
	}
	if (channel->parser)
		wslay_event_context_free(channel->parser);
	curl_easy_cleanup(channel->curl);
	free(channel);
}

int channel_fd(const struct channel *channel)
{
	return channel->fd;
}

short channel_wants(const struct channel *channel)
{
	return (short)(POLLIN | (wslay_event_want_write(channel->parser) ? POLLOUT : 0));
}

int channel_say(struct channel *channel, json_t *message)
{
	_cleanup_free_ char *text = message ? json_dumps(message, JSON_COMPACT) : NULL;
	struct wslay_event_msg frame = { .opcode = WSLAY_TEXT_FRAME };

	json_decref(message);
	if (!text)
		return -ENOMEM;
	frame.msg = (const uint8_t *)text;
	frame.msg_length = strlen(text);
	return wslay_event_queue_msg(channel->parser, &frame) ? -ENOMEM : 0;
}

int channel_run(struct channel *channel)
{
	int ret = wslay_event_recv(channel->parser);

	if (ret == 0)
		ret = wslay_event_send(channel->parser);
	if (wslay_event_get_close_received(channel->parser))
		return 0;
	/* what is no WebSocket was answered by a close frame, and nothing is read any more */
	if (!wslay_event_want_read(channel->parser))
		channel->broken = true;
	return ret || channel->broken ? -ECONNRESET : 1;
}
