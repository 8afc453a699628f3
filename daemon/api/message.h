/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "api/writer.h"

/* MESSAGE_HEAD_MAX - bytes of a WebSocket frame's head without mask (RFC 6455, section 5.2) */
#define MESSAGE_HEAD_MAX 10

/** enum message_kind - opcodes of RFC 6455, section 5.2 */
enum message_kind {
	MESSAGE_TEXT = 1,
	MESSAGE_BINARY = 2,
	MESSAGE_CLOSE = 8,
	MESSAGE_PING = 9,
};

/**
 * struct message - what is sent to any number of clients, made once
 * @references: of those who have it; of the API's thread
 * @head: bytes of the frame's head, which stand right before @data
 * @data: @length bytes
 */
struct message {
	unsigned int references;
	enum message_kind kind;
	size_t head, length;
	uint8_t *data;
	uint8_t room[]; /* MESSAGE_HEAD_MAX and the data */
};

/**
 * message_new() - room for @length bytes, as one whole frame, with one reference
 *
 * To be filled before it is given to anybody. NULL without memory.
 */
struct message *message_new(enum message_kind kind, size_t length);

/** message_raw() - as message_new(), but bytes without any head: frames of another maker, or other texts */
struct message *message_raw(const void *data, size_t length);

/** message_from() - a text of what was written; @writer is empty afterwards; NULL if it failed */
struct message *message_from(struct writer *writer);

struct message *message_ref(struct message *message);

/** message_unref() - NULL is fine; returns NULL */
struct message *message_unref(struct message *message);
