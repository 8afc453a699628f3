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
 *	counts those that failed or hung
 */
int shutdown_create(struct shutdown **ret_shutdown, struct loop *loop, uint64_t handler_ns,
		    uint64_t total_ns, void (*on_end)(unsigned int failures, void *data),
		    void *data);
struct shutdown *shutdown_destroy(struct shutdown *shutdown);

/** shutdown_add() - @name is a static string; -ENOSPC above SHUTDOWN_MAX_HANDLERS */
int shutdown_add(struct shutdown *shutdown, const char *name, int priority, shutdown_fn fn,
		 void *data);

/** shutdown_start() - begin; a second call while it runs does nothing (-EALREADY) */
int shutdown_start(struct shutdown *shutdown, const char *reason);

/** shutdown_done() - a handler has ended; @result 0 or -errno; too late is ignored and logged */
void shutdown_done(struct shutdown_handler *handler, int result);
