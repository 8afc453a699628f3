// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/message.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* RFC 6455, section 5.2: FIN and opcode, then 7, 7 + 16 or 7 + 64 bits of length, no mask. */
static size_t put_head(struct message *message)
{
	uint64_t length = message->length;
	uint8_t head[MESSAGE_HEAD_MAX];
	size_t bytes, more, i;

	more = length < 126 ? 0 : length < 65536 ? 2 : 8;
	head[0] = (uint8_t)(0x80 | message->kind);
	head[1] = more == 0 ? (uint8_t)length : more == 2 ? 126 : 127;
	for (i = 0; i < more; i++)
		head[2 + i] = (uint8_t)(length >> 8 * (more - 1 - i));
	bytes = 2 + more;
	memcpy(message->data - bytes, head, bytes);
	return bytes;
}

struct message *message_new(enum message_kind kind, size_t length)
{
	struct message *message = malloc(sizeof(*message) + MESSAGE_HEAD_MAX + length);

	if (!message)
		return NULL;
	message->references = 1;
	message->kind = kind;
	message->length = length;
	message->data = message->room + MESSAGE_HEAD_MAX;
	message->head = put_head(message);
	return message;
}

struct message *message_raw(const void *data, size_t length)
{
	struct message *message = message_new(MESSAGE_BINARY, length);

	if (!message)
		return NULL;
	message->head = 0;
	memcpy(message->data, data, length);
	return message;
}

struct message *message_from(struct writer *writer)
{
	_cleanup_free_ char *text = NULL;
	struct message *message;
	size_t length;

	text = writer_steal(writer, &length);
	message = text ? message_new(MESSAGE_TEXT, length) : NULL;
	if (message)
		memcpy(message->data, text, length);
	return message;
}

struct message *message_ref(struct message *message)
{
	message->references++;
	return message;
}

struct message *message_unref(struct message *message)
{
	if (message && !--message->references)
		free(message);
	return NULL;
}
