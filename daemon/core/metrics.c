// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/metrics.h"

#include <stddef.h>

#define SUB_COUNT (1U << METRICS_SUB_BITS)

static unsigned int bucket_of(uint64_t value)
{
	unsigned int shift;

	if (value < SUB_COUNT)
		return (unsigned int)value;
	/* the highest bit and the METRICS_SUB_BITS below it stay: SUB_COUNT to 2 * SUB_COUNT - 1 */
	shift = 63 - (unsigned int)__builtin_clzll(value) - METRICS_SUB_BITS;
	return (shift << METRICS_SUB_BITS) + (unsigned int)(value >> shift);
}

/* The largest value that bucket_of() puts into @bucket. */
static uint64_t bucket_end(unsigned int bucket)
{
	unsigned int shift;
	uint64_t top;

	if (bucket < 2 * SUB_COUNT)
		return bucket;
	shift = (bucket >> METRICS_SUB_BITS) - 1;
	top = (bucket & (SUB_COUNT - 1)) + SUB_COUNT;
	/* the last bucket ends at 2^64 - 1: the shift out of the word is meant */
	return ((top + 1) << shift) - 1;
}

static void raise_by(_Atomic uint64_t *at, uint64_t n)
{
	uint64_t value = atomic_load_explicit(at, memory_order_relaxed);

	atomic_store_explicit(at, value + n, memory_order_relaxed);
}

void metrics_record(struct metrics_histogram *histogram, uint64_t value)
{
	raise_by(&histogram->buckets[bucket_of(value)], 1);
	raise_by(&histogram->sum, value);
	if (value > atomic_load_explicit(&histogram->max, memory_order_relaxed))
		atomic_store_explicit(&histogram->max, value, memory_order_relaxed);
}

/* The value that @per_mille of the @count values do not exceed, by nearest rank. */
static uint64_t quantile(const uint64_t *buckets, uint64_t count, uint64_t max,
			 unsigned int per_mille)
{
	/* rounded up; divided first so that no count overflows */
	uint64_t rank = count / 1000 * per_mille + (count % 1000 * per_mille + 999) / 1000;
	uint64_t seen = 0;
	unsigned int i;

	for (i = 0; i < METRICS_BUCKETS; i++) {
		seen += buckets[i];
		if (seen >= rank)
			break;
	}
	/* max is exact where the bucket is not; also right if the loop found none */
	return i < METRICS_BUCKETS && bucket_end(i) < max ? bucket_end(i) : max;
}

void metrics_summarize(const struct metrics_histogram *histogram,
		       struct metrics_summary *ret_summary)
{
	uint64_t buckets[METRICS_BUCKETS];
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < METRICS_BUCKETS; i++) {
		buckets[i] = atomic_load_explicit(&histogram->buckets[i], memory_order_relaxed);
		count += buckets[i];
	}
	*ret_summary = (struct metrics_summary){ .count = count };
	if (!count)
		return;
	ret_summary->sum = atomic_load_explicit(&histogram->sum, memory_order_relaxed);
	ret_summary->max = atomic_load_explicit(&histogram->max, memory_order_relaxed);
	ret_summary->p50 = quantile(buckets, count, ret_summary->max, 500);
	ret_summary->p99 = quantile(buckets, count, ret_summary->max, 990);
	ret_summary->p999 = quantile(buckets, count, ret_summary->max, 999);
}
