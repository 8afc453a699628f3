/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/problem.h"
#include "base/log.h"
#include "core/event.h"
#include "core/tasks.h"

/* What may stand behind the question mark of a path, one bit each. */
enum query_parameter {
	QUERY_LIMIT = 1 << 0,	      /* limit=1 to the route's limit_max */
	QUERY_TOPICS = 1 << 1,	      /* topics=zones,log: of the live channel */
	QUERY_STATUS = 1 << 2,	      /* status=running: of tasks */
	QUERY_TASK_CATEGORY = 1 << 3, /* category=RENDER */
	QUERY_LOG_CATEGORY = 1 << 4,  /* category=API */
	QUERY_LEVEL = 1 << 5,	      /* level=WARNING: lines of the log at least so important */
	QUERY_TYPE = 1 << 6,	      /* type=system: of events */
	QUERY_SINCE = 1 << 7,	      /* since=NUMBER: only what has a larger one */
	QUERY_TTL = 1 << 8,	      /* ttl_ms=1 to QUERY_TTL_MAX_MS */
	QUERY_IS_ON = 1 << 9,	      /* is_on=true: of zones */
	QUERY_ENABLED = 1 << 10,      /* enabled=true */
	QUERY_GROUP = 1 << 11,	      /* group=true: those that have members */
};

/* Those of lists of zones. */
#define QUERY_ZONES (QUERY_IS_ON | QUERY_ENABLED | QUERY_GROUP)

#define QUERY_TTL_MAX_MS 3600000

/** struct query - parameters of a request; those not in @given have the defaults of query_begin() */
struct query {
	unsigned int given; /* enum query_parameter */
	size_t limit;
	unsigned int topics;
	enum task_status status;
	enum task_category task_category;
	enum log_category log_category;
	enum log_level level;
	enum event_type type;
	uint64_t since;
	uint32_t ttl_ms;
	bool is_on, enabled, group;
};

/** query_begin() - nothing is given */
void query_begin(struct query *query, size_t limit);

/**
 * query_take() - one parameter
 * @allowed: enum query_parameter
 * @limit_max: of limit
 * @value: with its percent escapes; NULL: there was no "="
 *
 * Return: false with the problem set for what is not allowed, or given twice.
 */
bool query_take(struct query *query, unsigned int allowed, unsigned int limit_max, const char *name,
		const char *value, struct problem *problem);
