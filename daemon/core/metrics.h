/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

/*
 * Counters and histograms that one thread writes and any thread reads. All
 * accesses are relaxed atomics without read-modify-write: on the writer's side
 * they cost what plain variables cost. A reader may meet a value that is only
 * half entered.
 */

/** struct metrics_counter - a number that only grows; zero it to begin */
struct metrics_counter {
	_Atomic uint64_t value;
};

/** metrics_add() - add @n; the writer's thread only */
static inline void metrics_add(struct metrics_counter *counter, uint64_t n)
{
	uint64_t value = atomic_load_explicit(&counter->value, memory_order_relaxed);

	atomic_store_explicit(&counter->value, value + n, memory_order_relaxed);
}

/** metrics_get() - the count so far; any thread */
static inline uint64_t metrics_get(const struct metrics_counter *counter)
{
	return atomic_load_explicit(&counter->value, memory_order_relaxed);
}

/*
 * Buckets: values below 8 have one each; above, each power of two is divided
 * into 8 of equal width. A quantile is thus at most 12.5 % above the true one.
 */
#define METRICS_SUB_BITS 3
#define METRICS_BUCKETS ((64 - METRICS_SUB_BITS + 1) << METRICS_SUB_BITS)

/** struct metrics_histogram - how often which values came; zero it to begin */
struct metrics_histogram {
	_Atomic uint64_t sum;
	_Atomic uint64_t max;
	_Atomic uint64_t buckets[METRICS_BUCKETS];
};

/**
 * struct metrics_summary - a histogram read at one time; a plain value
 * @count: values entered
 * @sum: of all values, wraps around
 * @max: the largest, exact
 * @p50: half of the values are not above it; likewise the others
 */
struct metrics_summary {
	uint64_t count;
	uint64_t sum;
	uint64_t max;
	uint64_t p50;
	uint64_t p99;
	uint64_t p999;
};

/** metrics_record() - enter @value; the writer's thread only */
void metrics_record(struct metrics_histogram *histogram, uint64_t value);

/** metrics_summarize() - read @histogram; any thread; all 0 when it is empty */
void metrics_summarize(const struct metrics_histogram *histogram,
		       struct metrics_summary *ret_summary);
