/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <microhttpd.h>
#include <stdbool.h>

#include "api/feed.h"
#include "core/loop.h"

/* Clients of the live channel that read server-sent events. Of the API's thread. */
struct streams;

/**
 * streams_create() - 0, -ENOMEM or what adding a source gave
 * @on_resumed: a connection goes on: libmicrohttpd has something to do
 */
int streams_create(struct streams **ret_streams, struct loop *loop, struct feed *feed,
		   void (*on_resumed)(void *data), void *data);

/** streams_destroy() - after libmicrohttpd was stopped; NULL is fine; returns NULL */
struct streams *streams_destroy(struct streams *streams);

/** streams_end() - let all streams end */
void streams_end(struct streams *streams);

/** streams_are_full() - API_STREAMS_MAX clients are there */
bool streams_are_full(const struct streams *streams);

/** streams_respond() - an answer without end, one reference; NULL without memory */
struct MHD_Response *streams_respond(struct streams *streams, struct MHD_Connection *connection,
				     unsigned int topics);
