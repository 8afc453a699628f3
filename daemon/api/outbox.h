/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/message.h"

/* OUTBOX_MESSAGES_MAX - messages that may wait for one client, a power of two */
#define OUTBOX_MESSAGES_MAX 512
/* OUTBOX_BYTES_MAX - once so many bytes wait nothing more is taken */
#define OUTBOX_BYTES_MAX (512 * 1024)

/**
 * struct outbox - what waits to be sent to one client; zeroed: nothing
 *
 * At most OUTBOX_BYTES_MAX and one message more. Messages that others wait for
 * too are counted with each of them and there only once.
 */
struct outbox {
	struct message *message[OUTBOX_MESSAGES_MAX];
	unsigned int first, count;
	size_t sent;  /* bytes of the first one, its head included */
	size_t bytes; /* that wait */
};

/** outbox_put() - one more reference waits; false if it is full */
bool outbox_put(struct outbox *outbox, struct message *message);

/** outbox_send() - to @fd, which is never waited for; 0, -EAGAIN if something still waits, or -errno */
int outbox_send(struct outbox *outbox, int fd);

/**
 * outbox_read() - the next bytes, without the heads of frames
 *
 * Return: how many were copied.
 */
size_t outbox_read(struct outbox *outbox, char *buffer, size_t room);

/** outbox_keep_first() - drop what waits, but for a message of which a part was sent */
void outbox_keep_first(struct outbox *outbox);

/** outbox_fini() - drop what waits */
void outbox_fini(struct outbox *outbox);
