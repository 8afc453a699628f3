/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include "core/loop.h"

/*
 * Ends the daemon in order. Handlers run one after the other, higher priority
 * first, on the light loop and asynchronously: each is started and says when
 * it is done. One that hangs is left behind after its time.
 */
struct shutdown;
struct shutdown_handler;

#define SHUTDOWN_HANDLER_NS (5ULL * 1000000000ULL)
#define SHUTDOWN_TOTAL_NS (15ULL * 1000000000ULL)
#define SHUTDOWN_MAX_HANDLERS 32

/* Starts to end its part: call shutdown_done() now or later; < 0 means it failed at once. */
typedef int (*shutdown_fn)(struct shutdown_handler *handler, void *data);

/**
 * shutdown_create() - make the coordinator
 * @handler_ns, @total_ns: time limits, 0 for the defaults above
 * @on_end: called once when all handlers ended or the time is up; @failures
 *	counts those that failed, hung or found no time left; may destroy the
 *	coordinator
 *
 * Return: 0 or -errno; @ret_shutdown is untouched on failure.
 */
int shutdown_create(struct shutdown **ret_shutdown, struct loop *loop, uint64_t handler_ns,
		    uint64_t total_ns, void (*on_end)(unsigned int failures, void *data),
		    void *data);

/** shutdown_destroy() - free it, wherever it stands; NULL is fine; returns NULL */
struct shutdown *shutdown_destroy(struct shutdown *shutdown);

/**
 * shutdown_add() - call @fn when its turn comes
 * @name: for the log, a static string
 * @priority: higher ends earlier; equal ones in order of addition
 *
 * Return: 0, -ENOSPC above SHUTDOWN_MAX_HANDLERS, -EBUSY after shutdown_start().
 */
int shutdown_add(struct shutdown *shutdown, const char *name, int priority, shutdown_fn fn,
		 void *data);

/** shutdown_start() - begin, from the loop's next turn on; a second call does nothing (-EALREADY) */
int shutdown_start(struct shutdown *shutdown, const char *reason);

/**
 * shutdown_done() - a handler has ended; @result is 0 or -errno
 *
 * Also from inside the handler's function. Too late is ignored and logged.
 */
void shutdown_done(struct shutdown_handler *handler, int result);
