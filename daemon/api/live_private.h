/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <wslay/wslay.h>

#include "api/live.h"
#include "api/picture.h"

/*
 * What the files of the live channel share: live.c has the clients and their
 * sockets, live_ask.c what they say, live_preview.c what they look at.
 */

#define LIVE_ID_MAX 24
#define LIVE_SOURCES_MAX (FRAMES_MAX_OUTPUTS + ZONE_MAX)

struct live_client;

/* A request that waits for the light loop. */
struct live_call {
	struct commands_waiter waiter;
	struct live_client *client;
	char id[LIVE_ID_MAX];
	char path[PROBLEM_FIELD_MAX];
};

/* @version: of the picture that was sent last */
struct live_sight {
	struct picture_source source;
	uint64_t version;
};

struct live_client {
	struct feed_client feed; /* the first: what the feed calls back with */
	LIST_ENTRY(live_client) entry;
	struct live *live;
	struct MHD_UpgradeResponseHandle *upgrade;
	int fd;
	struct loop_source *io;
	uint32_t events; /* of @io */
	bool may_control;

	struct wslay_event_context *parser;
	uint8_t *extra; /* came with the request; NULL: none or used up */
	size_t extra_length, extra_used;
	size_t budget;	     /* bytes that this turn may still read */
	unsigned int pieces; /* of the message that comes */
	uint64_t heard_ns;
	uint64_t credit_ns; /* of messages that it may send */
	bool ended;	    /* nothing more comes from it */
	bool closing;	    /* a close frame was queued: nothing else is */
	bool shut;	    /* and has left */
	bool dead;	    /* to be removed */

	struct live_call call[API_LIVE_CALLS_MAX];

	unsigned int fps; /* of pictures; 0: none */
	uint64_t next_ns; /* not before */
	bool due;	  /* there may be newer pictures than those that were sent */
	size_t sight_count;
	struct live_sight *sight;
};

LIST_HEAD(live_clients, live_client);

struct live {
	struct live_config config;
	struct live_clients clients;
	unsigned int count;
	struct loop_source *reaper, *pulse;
	uint64_t pulse_ns; /* when the next one is; 0: no client */

	struct loop_source *picture_source, *picture_timer;
	const struct preview_picture *picture; /* the newest; NULL: none yet */
	struct pictures *pictures;
	unsigned int fps; /* asked of the light loop */
};

/** live_close() - queue a close frame with a code of RFC 6455; nothing else is sent after it */
void live_close(struct live_client *client, uint16_t code, const char *reason);

/** live_ask_take() - a whole text from a client */
void live_ask_take(struct live_client *client, const char *text, size_t length);

/** live_ask_forget() - nobody waits for answers any more */
void live_ask_forget(struct live_client *client);

/** live_preview_create() - sources and pictures; 0 or -errno */
int live_preview_create(struct live *live);

void live_preview_destroy(struct live *live);

/** live_preview_set() - what a client looks at; takes @sight (heap, NULL: nothing); @fps 0: nothing */
void live_preview_set(struct live_client *client, unsigned int fps, struct live_sight *sight,
		      size_t count);

/** live_preview_again() - send pictures to all who have not got the newest and may have it now */
void live_preview_again(struct live *live);
