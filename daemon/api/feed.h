/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "api/api.h"
#include "api/outbox.h"
#include "api/view.h"
#include "core/loop.h"

/*
 * What clients of the live channel are told: a snapshot, then each change as a
 * numbered message of its topic, see README.md. It keeps the view that all
 * answers are made from. While nobody listens snapshots are left where they
 * are and nobody is woken for them.
 */
struct feed;

enum feed_topic {
	FEED_ZONES,
	FEED_PANEL,
	FEED_LIBRARY,
	FEED_TASKS,
	FEED_HEALTH,
	FEED_INPUTS,
	FEED_LOG,
	FEED_EVENTS,
	FEED_TOPICS,
};

#define FEED_DEFAULT ((1U << FEED_TOPICS) - 1 - (1U << FEED_EVENTS))

/* FEED_LINES - of the log, and events, in a snapshot */
#define FEED_LINES 100

/**
 * struct feed_client - who listens; embedded; zeroed at first
 * @stream: of server-sent events, else of WebSocket
 * @lost: something did not fit the outbox, so it cannot go on
 * @on_queued: something waits in the outbox, or @lost was set; must not remove any client
 */
struct feed_client {
	LIST_ENTRY(feed_client) entry;
	unsigned int topics; /* bit i: enum feed_topic i */
	bool stream;
	bool lost;
	struct outbox outbox;
	void (*on_queued)(struct feed_client *client);
};

/** feed_create() - @view is filled from now on by feed_update(); 0, -ENOMEM or what adding sources gave */
int feed_create(struct feed **ret_feed, struct loop *loop, const struct api_links *links,
		struct view *view);

/** feed_destroy() - no client may be left; NULL is fine; returns NULL */
struct feed *feed_destroy(struct feed *feed);

/** feed_update() - bring the view up to date and tell what changed; false before the first snapshots */
bool feed_update(struct feed *feed);

/** feed_add() - from now on it is told; give it feed_snapshot() */
void feed_add(struct feed *feed, struct feed_client *client, unsigned int topics);

/** feed_remove() - and drop what waits in its outbox */
void feed_remove(struct feed *feed, struct feed_client *client);

/** feed_set_topics() - other topics from now on */
void feed_set_topics(struct feed *feed, struct feed_client *client, unsigned int topics);

/**
 * feed_snapshot() - queue all that the client's topics have, as of the last feed_update()
 * @id: JSON that the message carries as its id; NULL: none
 */
void feed_snapshot(struct feed *feed, struct feed_client *client, const char *id);

/** feed_put() - queue a message of this type for one client; takes the reference; NULL counts as lost */
void feed_put(struct feed_client *client, const char *type, struct message *message);

/** feed_find_topic() - by name of @length bytes; FEED_TOPICS: there is none */
enum feed_topic feed_find_topic(const char *name, size_t length);

/** feed_topic_name() - as a nearest_name_fn; @data is not used */
const char *feed_topic_name(size_t index, const void *data);
