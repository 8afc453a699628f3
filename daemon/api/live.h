/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <microhttpd.h>
#include <stdbool.h>

#include "api/api.h"
#include "api/commands.h"
#include "api/feed.h"
#include "api/view.h"
#include "core/loop.h"

/*
 * Clients of the live channel that speak WebSocket: what they say, what they
 * are told, the pictures they look at. The protocol is in README.md. Of the
 * API's thread.
 */
struct live;

/**
 * struct live_opening - what a client may do
 * @topics: bit i: enum feed_topic i, at first
 * @may_control: it may send requests that change something
 */
struct live_opening {
	struct live *live;
	unsigned int topics;
	bool may_control;
};

struct live_config {
	struct loop *loop;
	const struct api_links *links;
	struct view *view;
	struct feed *feed;
	struct commands *commands;
	/* a client is gone: libmicrohttpd has something to do */
	void (*on_gone)(void *data);
	void *data;
};

/** live_create() - 0, -ENOMEM or what adding sources gave */
int live_create(struct live **ret_live, const struct live_config *config);

/** live_destroy() - after live_end(); NULL is fine; returns NULL */
struct live *live_destroy(struct live *live);

/** live_end() - tell all clients that the daemon ends, and let go of them */
void live_end(struct live *live);

/** live_is_full() - API_LIVE_MAX clients are there */
bool live_is_full(const struct live *live);

/**
 * live_respond() - the answer that opens a WebSocket
 * @opening: filled in; lives as long as the request
 *
 * Return: one reference, to which the headers of an upgrade are still to be
 * added, or NULL without memory.
 */
struct MHD_Response *live_respond(struct live *live, struct live_opening *opening);
