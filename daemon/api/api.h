/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "control/command.h"
#include "control/snapshot.h"
#include "core/bus.h"
#include "core/mailbox.h"
#include "core/port.h"
#include "frames/frames.h"
#include "frames/preview.h"

/*
 * The HTTP API: a thread of its own with its own loop. It parses and
 * validates, sends commands to the light loop and answers from snapshots.
 */
struct api;
struct config_shelf;
struct desk_figures;
struct web_file;

#define API_MAX_HOSTS 16
#define API_MAX_ORIGINS 16

/* The bounds on what clients can ask for. */
#define API_CONNECTIONS_MAX 448		 /* more wait in the listen queue */
#define API_CONNECTIONS_PER_IP 320	 /* one client cannot take them all */
#define API_CONNECTION_BYTES 16384	 /* request line and headers, else 414 or 431 */
#define API_BODY_MAX 65536		 /* else 413 */
#define API_IMPORT_MAX (1024 * 1024)	 /* of an import, else 413 */
#define API_CONFIG_MAX (1024 * 1024)	 /* of a configuration, else 413 */
#define API_BODY_DRAIN_MAX (1024 * 1024) /* bodies said to be longer are not even read to the end */
#define API_CHUNKED_DRAIN_MAX (16 * 1024 * 1024) /* nor those that turn out to be longer */
#define API_BODIES_MAX (16 * 1024 * 1024)	 /* of all bodies under way together, else 503 */
#define API_DEPTH_MAX 16			 /* arrays and objects inside one another */
#define API_REPLY_MAX (8 * 1024 * 1024)		 /* the fullest export has 4.5 million */
#define API_EVENTS_MAX 1024			 /* remembered, of events */
#define API_EVENTS_DEFAULT 100
#define API_LOG_LINES_MAX 1000 /* of logger/recent */
#define API_LOG_LINES_DEFAULT 100
#define API_LIVE_MAX 256	      /* clients of the live channel */
#define API_STREAMS_MAX 64	      /* of server-sent events */
#define API_LIVE_CALLS_MAX 16	      /* requests of one of them that wait for the light loop */
#define API_LIVE_MESSAGES_PER_S 100   /* that one of them may send, on average */
#define API_LIVE_MESSAGES_AT_ONCE 200 /* and without a pause */
#define API_LIVE_PIECES_MAX 1024      /* that one message may come in */
/* from the end of an answer, or from the connect, to the end of the next answer; then it is closed */
#define API_REQUEST_NS (30ULL * 1000000000ULL)
/* for the light loop to answer a command; else 504 */
#define API_COMMAND_NS (5ULL * 1000000000ULL)

struct api_config {
	char address[64];		 /* numeric; loopback unless the configuration says else */
	uint16_t port;			 /* 0: any free one */
	uint64_t request_ns, command_ns; /* 0: API_REQUEST_NS, API_COMMAND_NS */
	char token_file[256]; /* "": whoever reaches it may use it, so the address is the loopback's */
	unsigned int origin_count;
	char origins[API_MAX_ORIGINS][256]; /* of other sites whose pages may use it */
	unsigned int host_count;
	char hosts[API_MAX_HOSTS]
		  [256]; /* Host header values allowed besides loopback names, without port */
};

/** struct api_links - what the API shares with the light loop; all outlive it */
struct api_links {
	struct port *commands;			 /* struct command, out */
	struct port *results;			 /* struct command_result, in */
	struct mailbox *state_mailbox;		 /* struct state_snapshot, in */
	struct mailbox *tasks_mailbox;		 /* struct tasks_snapshot, in */
	struct mailbox *library_mailbox;	 /* struct library, in */
	struct mailbox *desk_mailbox;		 /* struct desk_snapshot, in; may be NULL */
	const struct desk_figures *desk_figures; /* may be NULL */
	struct config_shelf *config;		 /* documents, in; may be NULL */
	struct port *events;			 /* struct event, in */
	struct preview *preview;		 /* its mailbox and preview_set_fps() */
	/* figures that any thread may read, see core/metrics.h */
	const struct frames_figures *figures;
	const struct bus_figures *bus_figures; /* may be NULL */
	const struct loop *light_loop;	       /* loop_stalls() and loop_stalled() only */
	/* the page; NULL and 0: there is none */
	const struct web_file *files;
	size_t file_count;
};

/**
 * api_start() - bind, listen and start the thread
 *
 * Binds before it returns, so that a port in use is known at start:
 * -EADDRINUSE, -EACCES, -EINVAL and so on, logged with the address.
 */
int api_start(struct api **ret_api, const struct api_config *config, const struct api_links *links);

/** api_port() - the port it listens on */
uint16_t api_port(const struct api *api);

/**
 * api_watch() - be told of the thread's end, whether it is asked for or a failure
 * @fd: an eventfd that becomes readable then, or at once if it has ended; -1: nobody
 */
void api_watch(struct api *api, int fd);

/** api_ended() - whether the thread has, and why: 0, or -errno if it failed, which is the caller's to log */
bool api_ended(struct api *api, int *ret_result);

/**
 * api_stop() - end the thread: no new requests, open ones answered or closed
 *
 * Asynchronous, see api_watch(); api_destroy() afterwards. Calling it twice is
 * fine, and so is one that has ended.
 */
int api_stop(struct api *api);

/** api_destroy() - free; a thread that has not ended is left behind and its memory leaked, with a log line */
struct api *api_destroy(struct api *api);
