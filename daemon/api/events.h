/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "api/api.h"
#include "api/route.h"
#include "core/event.h"

/* What happened on the bus, remembered by the API's thread. */

/** struct events - the newest; zeroed: none */
struct events {
	uint64_t count; /* event n (from 0) is at n % API_EVENTS_MAX */
	struct {
		struct event event;
		uint64_t wall_ms;
	} entry[API_EVENTS_MAX];
};

/** events_add() - remember one that was just received */
void events_add(struct events *events, const struct event *event);

/** events_first() - number of the oldest of the newest @n */
uint64_t events_first(const struct events *events, uint64_t n);

/** events_write() - event number @n as an object */
void events_write(const struct view *view, uint64_t n, struct writer *writer);

/** events_get() - the newest @limit, oldest first. See struct route. */
void events_get(const struct route_get *get, struct writer *writer);
