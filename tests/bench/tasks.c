// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How many tasks a second begin and end, by the number of those that run
 * meanwhile, and by the number of subscribers of the bus that both are told on,
 * as the daemon does. The baseline, of the same run, publishes as many events
 * without a registry: what is left is the registry's own.
 */
#include <stdint.h>
#include <stdio.h>

#include "base/clock.h"
#include "core/bus.h"
#include "core/tasks.h"

#define CALLS 2000000 /* handler calls a round, so that each round takes about as long */
#define ROUNDS 5      /* the fastest counts: it was disturbed least */

static uint64_t seen;
static struct bus *bus;

static int on_event(const struct event *event, void *data)
{
	(void)data;
	seen += event->key;
	return 0;
}

static void tell(const struct task_info *task, void *data)
{
	(void)data;
	bus_publish(bus, &(struct event){ .type = EVENT_TASK_CHANGED,
					  .key = task->id,
					  .source = "bench",
					  .task = { task->id, task->status } });
}

static void begin_and_end(struct tasks *tasks)
{
	tasks_complete(tasks, tasks_add(tasks, TASK_ANIMATION, 0, TASK_FAIL_RECORD, "%s on %s",
					"RAINBOW", "FLOOR"));
}

/* The fastest round in ns a task; without a registry the baseline. */
static double measure(struct tasks *tasks, unsigned int subscribers)
{
	unsigned int count = CALLS / 2 / (subscribers + 1), round, i;
	const struct task_info info = { .id = 1 };
	double best = 0;

	for (round = 0; round < ROUNDS; round++) {
		uint64_t start_ns = clock_now_ns();
		double took;

		for (i = 0; i < count; i++) {
			if (tasks) {
				begin_and_end(tasks);
			} else {
				tell(&info, NULL);
				tell(&info, NULL);
			}
		}
		took = (double)(clock_now_ns() - start_ns) / count;
		if (!round || took < best)
			best = took;
	}
	return best;
}

static int show(unsigned int running, unsigned int subscribers)
{
	const struct bus_config bus_config = { .history = 1024, .queue = 256 };
	const struct tasks_config config = { .finished = 256, .on_change = tell };
	struct bus_subscription *subscription;
	double with_registry, events;
	struct tasks *tasks;
	unsigned int n;

	if (bus_create(&bus, &bus_config) < 0 || tasks_create(&tasks, &config) < 0)
		return 1;
	for (n = 0; n < running; n++)
		tasks_add(tasks, TASK_ANIMATION, 0, TASK_FAIL_RECORD, "runs");
	for (n = 0; n < subscribers; n++)
		if (bus_subscribe(bus, &subscription, "bench", EVENT_TASK_CHANGED, 0, NULL,
				  on_event, NULL) < 0)
			return 1;
	with_registry = measure(tasks, subscribers);
	events = measure(NULL, subscribers);
	printf("%7u  %11u  %8.0f  %8.0f  %7.1f  %15.1f  %5.1f\n", running, subscribers,
	       1e9 / with_registry, 2e9 / with_registry, with_registry, events,
	       with_registry / events);
	tasks_destroy(tasks);
	bus_destroy(bus);
	return 0;
}

int main(void)
{
	static const unsigned int subscribers[] = { 0, 1, 4, 16, 64, 256 };
	int ret = 0;
	size_t i;

	printf("running  subscribers   tasks/s  events/s  ns/task  events alone, ns  ratio\n");
	for (i = 0; i < sizeof(subscribers) / sizeof(subscribers[0]); i++)
		ret |= show(2, subscribers[i]);
	/* two of each zone, when there are 256 */
	ret |= show(512, 2);
	return ret || seen == 0;
}
