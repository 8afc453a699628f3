// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/outbox.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* Messages of one system call. */
#define AT_ONCE 32

static struct message *at(const struct outbox *outbox, unsigned int i)
{
	return outbox->message[(outbox->first + i) % OUTBOX_MESSAGES_MAX];
}

bool outbox_put(struct outbox *outbox, struct message *message)
{
	if (outbox->count == OUTBOX_MESSAGES_MAX || outbox->bytes >= OUTBOX_BYTES_MAX)
		return false;
	outbox->message[(outbox->first + outbox->count++) % OUTBOX_MESSAGES_MAX] =
		message_ref(message);
	outbox->bytes += message->head + message->length;
	return true;
}

static void drop_first(struct outbox *outbox)
{
	message_unref(at(outbox, 0));
	outbox->first = (outbox->first + 1) % OUTBOX_MESSAGES_MAX;
	outbox->count--;
	outbox->sent = 0;
}

static void take_away(struct outbox *outbox, size_t bytes)
{
	outbox->bytes -= bytes;
	while (bytes) {
		const struct message *message = at(outbox, 0);
		size_t left = message->head + message->length - outbox->sent;

		if (bytes < left) {
			outbox->sent += bytes;
			return;
		}
		bytes -= left;
		drop_first(outbox);
	}
}

int outbox_send(struct outbox *outbox, int fd)
{
	struct iovec iov[AT_ONCE];
	struct msghdr msg = { .msg_iov = iov };
	size_t sent, wanted, i;
	ssize_t n;

	while (outbox->count) {
		sent = outbox->sent;
		wanted = 0;
		for (i = 0; i < AT_ONCE && i < outbox->count; i++, sent = 0) {
			struct message *message = at(outbox, (unsigned int)i);

			iov[i].iov_base = message->data - message->head + sent;
			iov[i].iov_len = message->head + message->length - sent;
			wanted += iov[i].iov_len;
		}
		msg.msg_iovlen = i;
		n = sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EWOULDBLOCK ? -EAGAIN : -errno;
		take_away(outbox, (size_t)n);
		if ((size_t)n < wanted)
			return -EAGAIN;
	}
	return 0;
}

size_t outbox_read(struct outbox *outbox, char *buffer, size_t room)
{
	size_t read = 0;

	while (outbox->count && read < room) {
		const struct message *message = at(outbox, 0);
		size_t done = outbox->sent < message->head ? message->head : outbox->sent;
		size_t bytes = message->head + message->length - done;

		if (bytes > room - read)
			bytes = room - read;
		memcpy(buffer + read, message->data + (done - message->head), bytes);
		read += bytes;
		take_away(outbox, done - outbox->sent + bytes);
	}
	return read;
}

void outbox_keep_first(struct outbox *outbox)
{
	while (outbox->count > (outbox->sent ? 1U : 0U)) {
		struct message *last = at(outbox, --outbox->count);

		outbox->bytes -= last->head + last->length;
		message_unref(last);
	}
}

void outbox_fini(struct outbox *outbox)
{
	while (outbox->count)
		drop_first(outbox);
	outbox->bytes = 0;
}
