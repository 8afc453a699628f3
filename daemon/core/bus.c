// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/bus.h"

#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"

#define BUS_MAX_HISTORY 65536
#define BUS_MAX_QUEUE 4096

struct bus_subscription {
	struct bus *bus;
	struct bus_subscription *next; /* in its list, by priority, then by age */
	const char *name;
	enum event_type type;
	int priority;
	bus_filter_fn filter;
	bus_handler_fn fn;
	void *data;
	uint64_t number; /* order of subscription */
	uint64_t born;	 /* seq of the event in whose delivery it was made, 0 if none */
	bool dead;	 /* unsubscribed during a delivery, freed after it */
};

struct bus_middleware {
	const char *name;
	bus_middleware_fn fn;
	void *data;
};

/*
 * Each type has its own list; subscribers to everything are in that of
 * EVENT_NONE. A delivery walks the two lists that concern it side by side. A
 * node stays in its list until the delivery is over, so the walk never breaks.
 */
struct bus {
	struct bus_subscription *lists[EVENT_TYPES];
	size_t subscriptions;
	uint64_t next_number;
	bool dead; /* some subscription waits to be freed */

	struct bus_middleware middleware[BUS_MAX_MIDDLEWARE];
	size_t middlewares;

	struct event *history; /* event n is at (n - 1) & history_mask */
	size_t history_mask;
	uint64_t last_seq;

	struct event *queue;
	size_t queue_mask;
	size_t queue_head, queue_tail; /* head: next to fill; both only grow */
	/*
	 * Of state events, by type and key: place in the queue of the newest that waits, and
	 * by place that of the one before it, each plus 1. What is not behind the tail any
	 * more ends the chain, so nothing is taken out of it.
	 */
	size_t *newest, *before;
	bool queue_full_logged;

	bool publishing;
	uint64_t delivering; /* seq of the event being delivered, else 0 */
	struct bus_figures figures;
};

static bool is_power_of_two(size_t n, size_t max)
{
	return n && n <= max && !(n & (n - 1));
}

int bus_create(struct bus **ret_bus, const struct bus_config *config)
{
	struct bus *bus;

	if (!is_power_of_two(config->history, BUS_MAX_HISTORY) ||
	    !is_power_of_two(config->queue, BUS_MAX_QUEUE))
		return -EINVAL;

	bus = calloc(1, sizeof(*bus));
	if (!bus)
		return -ENOMEM;
	bus->history_mask = config->history - 1;
	bus->queue_mask = config->queue - 1;
	bus->history = calloc(config->history, sizeof(*bus->history));
	bus->queue = calloc(config->queue, sizeof(*bus->queue));
	bus->newest = calloc(config->queue, sizeof(*bus->newest));
	bus->before = calloc(config->queue, sizeof(*bus->before));
	if (!bus->history || !bus->queue || !bus->newest || !bus->before) {
		bus_destroy(bus);
		return -ENOMEM;
	}
	*ret_bus = bus;
	return 0;
}

struct bus *bus_destroy(struct bus *bus)
{
	size_t type;

	if (!bus)
		return NULL;
	for (type = 0; type < EVENT_TYPES; type++) {
		while (bus->lists[type]) {
			struct bus_subscription *subscription = bus->lists[type];

			bus->lists[type] = subscription->next;
			free(subscription);
		}
	}
	free(bus->before);
	free(bus->newest);
	free(bus->queue);
	free(bus->history);
	free(bus);
	return NULL;
}

int bus_subscribe(struct bus *bus, struct bus_subscription **ret_subscription, const char *name,
		  enum event_type type, int priority, bus_filter_fn filter, bus_handler_fn fn,
		  void *data)
{
	struct bus_subscription *subscription, **at;

	if ((unsigned int)type >= EVENT_TYPES || !fn)
		return -EINVAL;
	if (bus->subscriptions >= BUS_MAX_SUBSCRIPTIONS)
		return -ENOSPC;

	subscription = calloc(1, sizeof(*subscription));
	if (!subscription)
		return -ENOMEM;
	subscription->bus = bus;
	subscription->name = name;
	subscription->type = type;
	subscription->priority = priority;
	subscription->filter = filter;
	subscription->fn = fn;
	subscription->data = data;
	subscription->number = bus->next_number++;
	subscription->born = bus->delivering;

	at = &bus->lists[type];
	while (*at && (*at)->priority >= priority)
		at = &(*at)->next;
	subscription->next = *at;
	*at = subscription;
	bus->subscriptions++;
	*ret_subscription = subscription;
	return 0;
}

/* Take the dead ones out of the list of @type. */
static void prune(struct bus *bus, enum event_type type)
{
	struct bus_subscription **at = &bus->lists[type];

	while (*at) {
		struct bus_subscription *subscription = *at;

		if (subscription->dead) {
			*at = subscription->next;
			free(subscription);
		} else {
			at = &subscription->next;
		}
	}
}

struct bus_subscription *bus_unsubscribe(struct bus_subscription *subscription)
{
	struct bus *bus;

	if (!subscription || subscription->dead)
		return NULL;
	bus = subscription->bus;
	subscription->dead = true;
	bus->subscriptions--;
	if (bus->delivering)
		bus->dead = true;
	else
		prune(bus, subscription->type);
	return NULL;
}

int bus_add_middleware(struct bus *bus, const char *name, bus_middleware_fn fn, void *data)
{
	if (bus->middlewares >= BUS_MAX_MIDDLEWARE)
		return -ENOSPC;
	bus->middleware[bus->middlewares++] = (struct bus_middleware){ name, fn, data };
	return 0;
}

static bool is_type(enum event_type type)
{
	return type > EVENT_NONE && (unsigned int)type < EVENT_TYPES;
}

static bool pass_middleware(struct bus *bus, struct event *event)
{
	size_t i;

	for (i = 0; i < bus->middlewares; i++) {
		const struct bus_middleware *middleware = &bus->middleware[i];

		/* one that makes a type which does not exist has in effect dropped the event */
		if (!middleware->fn(event, middleware->data) || !is_type(event->type)) {
			metrics_add(&bus->figures.dropped_by_middleware, 1);
			log_debug(LOG_EVENT, "%s dropped %s from %s", middleware->name,
				  event_type_name(event->type), event->source ?: "?");
			return false;
		}
	}
	return true;
}

static void call_handler(struct bus *bus, const struct bus_subscription *subscription,
			 const struct event *event)
{
	int r;

	if (subscription->dead || subscription->born == event->seq)
		return;
	if (subscription->filter && !subscription->filter(event, subscription->data))
		return;
	metrics_add(&bus->figures.delivered, 1);
	r = subscription->fn(event, subscription->data);
	if (r < 0) {
		metrics_add(&bus->figures.handler_failures, 1);
		log_error(LOG_EVENT, r, "%s failed on %s from %s", subscription->name,
			  event_type_name(event->type), event->source ?: "?");
	}
}

static bool comes_before(const struct bus_subscription *a, const struct bus_subscription *b)
{
	if (a->priority != b->priority)
		return a->priority > b->priority;
	return a->number < b->number;
}

static void deliver(struct bus *bus, struct event *event)
{
	const struct bus_subscription *own, *every;
	size_t i;

	if (!pass_middleware(bus, event))
		return;
	event->seq = ++bus->last_seq;
	bus->history[(event->seq - 1) & bus->history_mask] = *event;

	bus->delivering = event->seq;
	own = bus->lists[event->type];
	every = bus->lists[EVENT_NONE];
	while (own || every) {
		if (!every || (own && comes_before(own, every))) {
			call_handler(bus, own, event);
			own = own->next;
		} else {
			call_handler(bus, every, event);
			every = every->next;
		}
	}
	bus->delivering = 0;

	if (bus->dead) {
		for (i = 0; i < EVENT_TYPES; i++)
			prune(bus, (enum event_type)i);
		bus->dead = false;
	}
}

/* An event that would replace one like itself: of a state. */
static bool coalesces(const struct event *event)
{
	return event_replaces(event, event);
}

static size_t *bucket_of(struct bus *bus, const struct event *event)
{
	return &bus->newest[((size_t)event->key * EVENT_TYPES + event->type) & bus->queue_mask];
}

/* The newest event that waits and that @event may take the place of, or NULL. */
static struct event *find_older(struct bus *bus, const struct event *event)
{
	size_t at;

	for (at = *bucket_of(bus, event); at > bus->queue_tail;
	     at = bus->before[(at - 1) & bus->queue_mask]) {
		struct event *older = &bus->queue[(at - 1) & bus->queue_mask];

		if (event_replaces(event, older))
			return older;
	}
	return NULL;
}

static int enqueue(struct bus *bus, const struct event *event)
{
	struct event *older = coalesces(event) ? find_older(bus, event) : NULL;
	size_t *bucket;

	if (older) {
		*older = *event;
		metrics_add(&bus->figures.coalesced, 1);
		return 0;
	}
	if (bus->queue_head - bus->queue_tail > bus->queue_mask) {
		metrics_add(&bus->figures.dropped_queue_full, 1);
		if (!bus->queue_full_logged)
			log_error(LOG_EVENT, ENOSPC, "queue full, %s from %s lost",
				  event_type_name(event->type), event->source ?: "?");
		bus->queue_full_logged = true;
		return -ENOSPC;
	}
	if (coalesces(event)) {
		bucket = bucket_of(bus, event);
		bus->before[bus->queue_head & bus->queue_mask] = *bucket;
		*bucket = bus->queue_head + 1;
	}
	bus->queue[bus->queue_head++ & bus->queue_mask] = *event;
	return 0;
}

/* Deliver what handlers and middleware published meanwhile. */
static void drain(struct bus *bus)
{
	unsigned int left = BUS_MAX_CASCADE - 1;
	bool logged = false;

	while (bus->queue_head != bus->queue_tail) {
		struct event event = bus->queue[bus->queue_tail++ & bus->queue_mask];

		if (left) {
			left--;
			deliver(bus, &event);
			continue;
		}
		metrics_add(&bus->figures.dropped_cascade, 1);
		if (!logged)
			log_error(LOG_EVENT, ELOOP, "handlers answer each other, %s from %s lost",
				  event_type_name(event.type), event.source ?: "?");
		logged = true;
	}
	bus->queue_full_logged = false;
}

int bus_publish(struct bus *bus, const struct event *event)
{
	struct event copy;

	if (!is_type(event->type))
		return -EINVAL;
	metrics_add(&bus->figures.published, 1);
	copy = *event;
	copy.time_ns = clock_now_ns();
	if (bus->publishing)
		return enqueue(bus, &copy);

	bus->publishing = true;
	deliver(bus, &copy);
	drain(bus);
	bus->publishing = false;
	return 0;
}

size_t bus_history(const struct bus *bus, struct event *ret_events, size_t n)
{
	uint64_t i;

	if (n > bus->history_mask + 1)
		n = bus->history_mask + 1;
	if (n > bus->last_seq)
		n = bus->last_seq;
	for (i = 0; i < n; i++)
		ret_events[i] = bus->history[(bus->last_seq - n + i) & bus->history_mask];
	return n;
}

const struct bus_figures *bus_figures(const struct bus *bus)
{
	return &bus->figures;
}
