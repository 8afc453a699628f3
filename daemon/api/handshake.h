/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <microhttpd.h>
#include <stdbool.h>

#include "api/problem.h"

/* The opening of a WebSocket (RFC 6455, section 4.2), and the answer to it. */

/** HANDSHAKE_PROTOCOL - the subprotocol that is taken when it is offered */
#define HANDSHAKE_PROTOCOL "diuna.v1"

/** HANDSHAKE_TOKEN - begin of a subprotocol that carries a token */
#define HANDSHAKE_TOKEN "bearer."

/** struct handshake - the headers of a request, NULL for those that are not there */
struct handshake {
	const char *connection, *upgrade, *version, *key, *protocols;
};

/** HANDSHAKE_ACCEPT_MAX - of Sec-WebSocket-Accept: 20 bytes in base64, and the closing zero */
#define HANDSHAKE_ACCEPT_MAX 29

/**
 * handshake_check() - that it is one
 * @ret_accept: the value of Sec-WebSocket-Accept
 *
 * Return: false with the problem set: 426 if it asks for something else, 400
 * if it is not as it has to be.
 */
bool handshake_check(const struct handshake *handshake, char ret_accept[HANDSHAKE_ACCEPT_MAX],
		     struct problem *problem);

/** handshake_offers() - whether @protocol is in the list of @protocols, which may be NULL */
bool handshake_offers(const char *protocols, const char *protocol);
