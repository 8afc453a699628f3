// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How many events a second the bus delivers, by its number of subscribers. The
 * baseline, of the same run, calls the same handlers through an array: the
 * ratio says what the bus adds, whatever the machine.
 */
#include <stdint.h>
#include <stdio.h>

#include "base/clock.h"
#include "core/bus.h"

#define CALLS 4000000 /* handler calls a round, so that each round takes about as long */
#define ROUNDS 5      /* the fastest counts: it was disturbed least */

static uint64_t seen;

static int on_event(const struct event *event, void *data)
{
	(void)data;
	seen += event->key;
	return 0;
}

static bus_handler_fn handlers[BUS_MAX_SUBSCRIPTIONS];

static void call_all(const struct event *event, unsigned int subscribers)
{
	unsigned int i;

	for (i = 0; i < subscribers; i++)
		((volatile bus_handler_fn *)handlers)[i](event, NULL);
}

/* The fastest round in ns an event; without a bus the baseline. */
static double measure(struct bus *bus, unsigned int subscribers)
{
	unsigned int events = CALLS / subscribers, round, i;
	double best = 0;

	for (round = 0; round < ROUNDS; round++) {
		struct event event = { .type = EVENT_KEY_PRESS, .source = "bench" };
		uint64_t start_ns = clock_now_ns();
		double took;

		for (i = 0; i < events; i++) {
			event.key = i;
			if (bus)
				bus_publish(bus, &event);
			else
				call_all(&event, subscribers);
		}
		took = (double)(clock_now_ns() - start_ns) / events;
		if (!round || took < best)
			best = took;
	}
	return best;
}

int main(void)
{
	static const unsigned int counts[] = { 1, 4, 16, 64, 256 };
	const struct bus_config config = { .history = 1024, .queue = 256 };
	size_t i;

	printf("subscribers  events/s  ns/event  calls by hand, ns  ratio\n");
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct bus_subscription *subscription;
		double with_bus, by_hand;
		struct bus *bus;
		unsigned int n;

		if (bus_create(&bus, &config) < 0)
			return 1;
		for (n = 0; n < counts[i]; n++) {
			handlers[n] = on_event;
			if (bus_subscribe(bus, &subscription, "bench", EVENT_KEY_PRESS, 0, NULL,
					  on_event, NULL) < 0)
				return 1;
		}
		with_bus = measure(bus, counts[i]);
		by_hand = measure(NULL, counts[i]);
		bus_destroy(bus);
		printf("%11u  %8.0f  %8.1f  %17.1f  %5.1f\n", counts[i], 1e9 / with_bus, with_bus,
		       by_hand, with_bus / by_hand);
	}
	/* the handlers' work must not be left out */
	return seen == 0;
}
