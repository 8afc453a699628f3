/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

/*
 * When the state is to be saved. Pure: the time is an argument, in ns of
 * CLOCK_MONOTONIC, so that a jump of the wall clock changes nothing.
 */

/** STORE_QUIET_NS - saved so long after the last change */
#define STORE_QUIET_NS (500 * NSEC_PER_MSEC)
/** STORE_LATEST_NS - and at the latest so long after the first unsaved one */
#define STORE_LATEST_NS (1500 * NSEC_PER_MSEC)
/** STORE_RETRY_NS - after a failure; twice as long after each further one */
#define STORE_RETRY_NS (1 * NSEC_PER_SEC)
/** STORE_RETRY_MAX_NS - but never longer */
#define STORE_RETRY_MAX_NS (60 * NSEC_PER_SEC)
/** STORE_SLOW_NS - what has not ended by then counts as a failure until it ends */
#define STORE_SLOW_NS (5 * NSEC_PER_SEC)

/** struct store_plan - where saving stands; zeroed at first */
struct store_plan {
	bool dirty;   /* something is unsaved that no running attempt has */
	bool running; /* an attempt is under way */
	bool hurry;
	unsigned int failures; /* in a row */
	uint64_t first_ns, last_ns, begun_ns, retry_ns;
};

/** store_plan_change() - something was changed at @now_ns */
void store_plan_change(struct store_plan *plan, uint64_t now_ns);

/** store_plan_hurry() - save at once what is unsaved, whatever failed before */
void store_plan_hurry(struct store_plan *plan);

/** store_plan_due() - when the next attempt begins; 0: not by itself */
uint64_t store_plan_due(const struct store_plan *plan);

/** store_plan_begin() - an attempt begins with all changes so far */
void store_plan_begin(struct store_plan *plan, uint64_t now_ns);

/** store_plan_end() - it ended: 0 or -errno, after which everything is unsaved again */
void store_plan_end(struct store_plan *plan, int result, uint64_t now_ns);
