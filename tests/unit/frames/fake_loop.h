/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * A loop whose time stands still until the test moves it: takes the place of
 * core/loop.c and base/clock.c in the program that includes it. Timers
 * and defer sources are served; each wake-up by a timer is counted.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "core/loop.h"

#define FAKE_MS NSEC_PER_MSEC
#define FAKE_MAX_TIMERS 8

struct loop {
	char unused;
};

struct loop_source {
	bool used;
	uint64_t deadline_ns;
	loop_timer_fn fn;
	loop_defer_fn defer;
	bool deferred;
	void *data;
};

static struct {
	struct loop loop;
	uint64_t now_ns;
	uint64_t tick_ns; /* that pass each time the clock is asked */
	uint64_t late_ns; /* every timer fires this much after its deadline */
	unsigned int wakeups;
	void (*between)(void); /* before each defer source: what else the loop has to do */
	struct loop_source timers[FAKE_MAX_TIMERS];
} fake;

uint64_t clock_now_ns(void)
{
	fake.now_ns += fake.tick_ns;
	return fake.now_ns;
}

uint64_t clock_wall_ms(void)
{
	return 0;
}

int loop_add_timer(struct loop *loop, struct loop_source **ret_source, const char *name,
		   enum loop_priority priority, loop_timer_fn fn, void *data)
{
	(void)loop;
	(void)name;
	(void)priority;
	for (int i = 0; i < FAKE_MAX_TIMERS; i++) {
		if (fake.timers[i].used)
			continue;
		fake.timers[i] = (struct loop_source){ .used = true, .fn = fn, .data = data };
		*ret_source = &fake.timers[i];
		return 0;
	}
	assert(false);
}

int loop_add_defer(struct loop *loop, struct loop_source **ret_source, const char *name,
		   enum loop_priority priority, loop_defer_fn fn, void *data)
{
	int r = loop_add_timer(loop, ret_source, name, priority, NULL, data);

	(*ret_source)->defer = fn;
	return r;
}

int loop_defer(struct loop_source *source)
{
	source->deferred = true;
	return 0;
}

int loop_timer_set(struct loop_source *source, uint64_t deadline_ns)
{
	assert(source->used);
	source->deadline_ns = deadline_ns;
	return 0;
}

struct loop_source *loop_source_remove(struct loop_source *source)
{
	if (source)
		*source = (struct loop_source){ 0 };
	return NULL;
}

/* All is forgotten, and it is 10 s after the beginning of time. */
static inline void fake_reset(void)
{
	memset(&fake, 0, sizeof(fake));
	fake.now_ns = 10 * NSEC_PER_SEC;
}

/* Deadline of the timer that is due first, or 0. */
static inline uint64_t fake_deadline(void)
{
	uint64_t first_ns = 0;

	for (int i = 0; i < FAKE_MAX_TIMERS; i++) {
		uint64_t deadline_ns = fake.timers[i].deadline_ns;

		if (deadline_ns && (!first_ns || deadline_ns < first_ns))
			first_ns = deadline_ns;
	}
	return first_ns;
}

static inline void fake_run_deferred(void)
{
	for (int i = 0; i < FAKE_MAX_TIMERS; i++) {
		while (fake.timers[i].deferred) {
			fake.timers[i].deferred = false;
			if (fake.between)
				fake.between();
			if (fake.timers[i].used)
				fake.timers[i].defer(&fake.timers[i], fake.timers[i].data);
		}
	}
}

/* Serves what is due up to @until_ns and returns how many wake-ups that took. */
static inline unsigned int fake_run_until(uint64_t until_ns)
{
	unsigned int before = fake.wakeups;
	uint64_t deadline_ns;

	fake_run_deferred();
	while ((deadline_ns = fake_deadline()) && deadline_ns + fake.late_ns <= until_ns) {
		if (fake.now_ns < deadline_ns + fake.late_ns)
			fake.now_ns = deadline_ns + fake.late_ns;
		for (int i = 0; i < FAKE_MAX_TIMERS; i++) {
			struct loop_source *timer = &fake.timers[i];

			if (timer->deadline_ns != deadline_ns)
				continue;
			timer->deadline_ns = 0;
			fake.wakeups++;
			timer->fn(timer, fake.now_ns, timer->data);
			break;
		}
		fake_run_deferred();
	}
	if (fake.now_ns < until_ns)
		fake.now_ns = until_ns;
	return fake.wakeups - before;
}

static inline unsigned int fake_run_ms(uint64_t ms)
{
	return fake_run_until(fake.now_ns + ms * FAKE_MS);
}
