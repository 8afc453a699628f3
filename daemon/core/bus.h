/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/event.h"
#include "core/metrics.h"

/*
 * The event bus of the light loop. All calls belong to that thread. Publishing
 * inside a handler queues; the queue is emptied by the outermost publish.
 */
struct bus;
struct bus_subscription;

#define BUS_MAX_SUBSCRIPTIONS 256
#define BUS_MAX_MIDDLEWARE 16

/**
 * BUS_MAX_CASCADE - events that one outermost publish delivers at most
 *
 * Handlers that answer each other for ever would else hang the loop. What
 * still waits then is dropped, counted and logged.
 */
#define BUS_MAX_CASCADE 8192

/** struct bus_config - sizes, all fixed at creation */
struct bus_config {
	size_t history; /* events remembered, power of two up to 65536 */
	size_t queue;	/* events that may wait, power of two up to 4096 */
};

/** struct bus_figures - counters since creation, which any thread may read, see core/metrics.h */
struct bus_figures {
	struct metrics_counter published;
	struct metrics_counter delivered;
	struct metrics_counter coalesced;
	struct metrics_counter dropped_by_middleware;
	struct metrics_counter dropped_queue_full;
	struct metrics_counter dropped_cascade;
	struct metrics_counter handler_failures;
};

/* A handler returns 0 or -errno; a failure is logged and counted and stops nobody. */
typedef int (*bus_handler_fn)(const struct event *event, void *data);
/* A filter says whether its subscriber wants the event. */
typedef bool (*bus_filter_fn)(const struct event *event, void *data);
/* Middleware may change the event; false drops it. */
typedef bool (*bus_middleware_fn)(struct event *event, void *data);

/** bus_create() - make a bus; 0, -EINVAL or -ENOMEM */
int bus_create(struct bus **ret_bus, const struct bus_config *config);

/** bus_destroy() - free it and all subscriptions, not from a handler; NULL is fine; returns NULL */
struct bus *bus_destroy(struct bus *bus);

/**
 * bus_subscribe() - call @fn for events of @type (EVENT_NONE: every type)
 * @name: for logs, a static string
 * @priority: higher is called earlier; equal ones in order of subscription
 * @filter: may be NULL; gets the same @data
 *
 * Safe inside a handler: the new one sees the next event, not this one.
 * Return: 0, -EINVAL, -ENOSPC above BUS_MAX_SUBSCRIPTIONS or -ENOMEM.
 */
int bus_subscribe(struct bus *bus, struct bus_subscription **ret_subscription, const char *name,
		  enum event_type type, int priority, bus_filter_fn filter, bus_handler_fn fn,
		  void *data);

/** bus_unsubscribe() - never called again, also inside a handler; NULL is fine; returns NULL */
struct bus_subscription *bus_unsubscribe(struct bus_subscription *subscription);

/** bus_add_middleware() - runs before all subscribers, in order of addition; 0, or -ENOSPC above
 * BUS_MAX_MIDDLEWARE */
int bus_add_middleware(struct bus *bus, const char *name, bus_middleware_fn fn, void *data);

/**
 * bus_publish() - tell everyone
 *
 * The bus gives seq, when the event is delivered, and time_ns. A state event
 * published inside a handler takes the place of one about the same thing that
 * still waits (event_replaces()). The history has what middleware let pass.
 *
 * Return: 0, -EINVAL for a type out of range, or -ENOSPC if the queue of a
 * nested publish is full (counted, logged once until it drains).
 */
int bus_publish(struct bus *bus, const struct event *event);

/** bus_history() - copy up to @n of the newest events, oldest first; returns how many */
size_t bus_history(const struct bus *bus, struct event *ret_events, size_t n);

/** bus_figures() - borrowed, as long as the bus */
const struct bus_figures *bus_figures(const struct bus *bus);
