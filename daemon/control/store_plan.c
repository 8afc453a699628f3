// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/store_plan.h"

void store_plan_change(struct store_plan *plan, uint64_t now_ns)
{
	if (!plan->dirty)
		plan->first_ns = now_ns;
	plan->dirty = true;
	plan->last_ns = now_ns;
}

void store_plan_hurry(struct store_plan *plan)
{
	plan->hurry = true;
}

uint64_t store_plan_due(const struct store_plan *plan)
{
	uint64_t latest = plan->first_ns + STORE_LATEST_NS;
	uint64_t due = plan->last_ns + STORE_QUIET_NS;

	if (!plan->dirty || plan->running)
		return 0;
	if (plan->hurry)
		return plan->first_ns;
	if (due > latest)
		due = latest;
	/* A full disk does not get emptier by being asked at each change. */
	return due > plan->retry_ns ? due : plan->retry_ns;
}

void store_plan_begin(struct store_plan *plan, uint64_t now_ns)
{
	plan->dirty = false;
	plan->hurry = false;
	plan->running = true;
	plan->begun_ns = now_ns;
}

void store_plan_end(struct store_plan *plan, int result, uint64_t now_ns)
{
	uint64_t wait = STORE_RETRY_NS;
	unsigned int i;

	plan->running = false;
	if (result >= 0) {
		plan->failures = 0;
		plan->retry_ns = 0;
		return;
	}
	for (i = 0; i < plan->failures && wait < STORE_RETRY_MAX_NS; i++)
		wait *= 2;
	plan->failures++;
	plan->hurry = false;
	plan->retry_ns = now_ns + (wait < STORE_RETRY_MAX_NS ? wait : STORE_RETRY_MAX_NS);
	if (!plan->dirty)
		store_plan_change(plan, now_ns);
}
