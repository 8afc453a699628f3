// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/shutdown.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"

enum handler_state {
	HANDLER_WAITING,
	HANDLER_RUNNING,
	HANDLER_ENDED,
};

struct shutdown_handler {
	struct shutdown *shutdown;
	const char *name;
	int priority;
	shutdown_fn fn;
	void *data;
	enum handler_state state;
	uint64_t started_ns;
};

/*
 * Each step runs from @step on the loop, never from the stack of whoever said
 * that it is done: a handler may call shutdown_done() from anywhere.
 */
struct shutdown {
	struct loop_source *step, *handler_timer, *total_timer;
	uint64_t handler_ns, total_ns;
	void (*on_end)(unsigned int failures, void *data);
	void *data;

	struct shutdown_handler handlers[SHUTDOWN_MAX_HANDLERS];
	size_t count;
	struct shutdown_handler *current; /* NULL between two */
	bool started, ended;
	uint64_t started_ns;
	unsigned int failures;
};

static double seconds_since(uint64_t then_ns)
{
	return (double)(clock_now_ns() - then_ns) / (double)NSEC_PER_SEC;
}

/* The next in order: the highest priority that waits, among equal ones the first added. */
static struct shutdown_handler *next_handler(struct shutdown *shutdown)
{
	struct shutdown_handler *next = NULL;
	size_t i;

	for (i = 0; i < shutdown->count; i++) {
		struct shutdown_handler *handler = &shutdown->handlers[i];

		if (handler->state == HANDLER_WAITING &&
		    (!next || handler->priority > next->priority))
			next = handler;
	}
	return next;
}

static void handler_end(struct shutdown_handler *handler, int result)
{
	struct shutdown *shutdown = handler->shutdown;

	handler->state = HANDLER_ENDED;
	shutdown->current = NULL;
	loop_timer_set(shutdown->handler_timer, 0);
	if (result < 0) {
		shutdown->failures++;
		log_error(LOG_SYSTEM, result, "shutdown: %s failed after %.3f s", handler->name,
			  seconds_since(handler->started_ns));
	} else {
		log_info(LOG_SYSTEM, "shutdown: %s done in %.3f s", handler->name,
			 seconds_since(handler->started_ns));
	}
	loop_defer(shutdown->step);
}

static void shutdown_end(struct shutdown *shutdown)
{
	shutdown->ended = true;
	loop_timer_set(shutdown->handler_timer, 0);
	loop_timer_set(shutdown->total_timer, 0);
	log_info(LOG_SYSTEM, "shutdown: ended in %.3f s, %u of %zu handlers failed",
		 seconds_since(shutdown->started_ns), shutdown->failures, shutdown->count);
	shutdown->on_end(shutdown->failures, shutdown->data);
}

static int on_step(struct loop_source *source, void *data)
{
	struct shutdown *shutdown = data;
	struct shutdown_handler *handler;
	int r;

	(void)source;
	if (shutdown->ended || shutdown->current)
		return 0;
	handler = next_handler(shutdown);
	if (!handler) {
		shutdown_end(shutdown);
		return 0;
	}
	handler->state = HANDLER_RUNNING;
	handler->started_ns = clock_now_ns();
	shutdown->current = handler;
	loop_timer_set(shutdown->handler_timer, handler->started_ns + shutdown->handler_ns);
	r = handler->fn(handler, handler->data);
	/* it may have called shutdown_done() already: then that was its result */
	if (r < 0 && shutdown->current == handler)
		handler_end(handler, r);
	return 0;
}

static int on_handler_timer(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct shutdown *shutdown = data;

	(void)source;
	(void)now_ns;
	if (shutdown->current)
		handler_end(shutdown->current, -ETIMEDOUT);
	return 0;
}

static int on_total_timer(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct shutdown *shutdown = data;
	struct shutdown_handler *handler;

	(void)source;
	(void)now_ns;
	if (shutdown->current)
		handler_end(shutdown->current, -ETIMEDOUT);
	while ((handler = next_handler(shutdown))) {
		handler->state = HANDLER_ENDED;
		shutdown->failures++;
		log_error(LOG_SYSTEM, ETIMEDOUT, "shutdown: no time left for %s", handler->name);
	}
	shutdown_end(shutdown);
	return 0;
}

int shutdown_create(struct shutdown **ret_shutdown, struct loop *loop, uint64_t handler_ns,
		    uint64_t total_ns, void (*on_end)(unsigned int failures, void *data),
		    void *data)
{
	struct shutdown *shutdown = calloc(1, sizeof(*shutdown));
	int r;

	if (!shutdown)
		return -ENOMEM;
	shutdown->handler_ns = handler_ns ?: SHUTDOWN_HANDLER_NS;
	shutdown->total_ns = total_ns ?: SHUTDOWN_TOTAL_NS;
	shutdown->on_end = on_end;
	shutdown->data = data;
	/* as urgent as frames: the limits hold on a loop that is flooded, too */
	r = loop_add_defer(loop, &shutdown->step, "shutdown step", LOOP_FRAME, on_step, shutdown);
	if (r >= 0)
		r = loop_add_timer(loop, &shutdown->handler_timer, "shutdown handler limit",
				   LOOP_FRAME, on_handler_timer, shutdown);
	if (r >= 0)
		r = loop_add_timer(loop, &shutdown->total_timer, "shutdown limit", LOOP_FRAME,
				   on_total_timer, shutdown);
	if (r < 0) {
		shutdown_destroy(shutdown);
		return r;
	}
	*ret_shutdown = shutdown;
	return 0;
}

struct shutdown *shutdown_destroy(struct shutdown *shutdown)
{
	if (!shutdown)
		return NULL;
	loop_source_remove(shutdown->step);
	loop_source_remove(shutdown->handler_timer);
	loop_source_remove(shutdown->total_timer);
	free(shutdown);
	return NULL;
}

int shutdown_add(struct shutdown *shutdown, const char *name, int priority, shutdown_fn fn,
		 void *data)
{
	if (shutdown->started)
		return -EBUSY;
	if (shutdown->count >= SHUTDOWN_MAX_HANDLERS)
		return -ENOSPC;
	shutdown->handlers[shutdown->count++] = (struct shutdown_handler){
		.shutdown = shutdown,
		.name = name,
		.priority = priority,
		.fn = fn,
		.data = data,
	};
	return 0;
}

int shutdown_start(struct shutdown *shutdown, const char *reason)
{
	if (shutdown->started)
		return -EALREADY;
	shutdown->started = true;
	shutdown->started_ns = clock_now_ns();
	log_info(LOG_SYSTEM, "shutdown: %s", reason);
	loop_timer_set(shutdown->total_timer, shutdown->started_ns + shutdown->total_ns);
	return loop_defer(shutdown->step);
}

void shutdown_done(struct shutdown_handler *handler, int result)
{
	if (handler->state != HANDLER_RUNNING) {
		log_warning(LOG_SYSTEM, result < 0 ? result : 0,
			    "shutdown: %s says that it is done when it is not its turn",
			    handler->name);
		return;
	}
	handler_end(handler, result);
}
