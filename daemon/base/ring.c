// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/ring.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define RING_MAX_RECORDS 65536
#define RING_CACHE_LINE 64

/*
 * head and tail count records since creation and wrap with size_t; their
 * difference is right across the wrap as the capacity is a power of two. Each
 * side keeps its last sight of the other's counter, so that it touches the
 * other's cache line only when the ring looks full or empty.
 */
struct ring {
	size_t record_bytes;
	size_t records;
	unsigned char *buffer;

	/* producer */
	_Alignas(RING_CACHE_LINE) _Atomic size_t head;
	size_t seen_tail;

	/* consumer */
	_Alignas(RING_CACHE_LINE) _Atomic size_t tail;
	size_t seen_head;
};

int ring_create(struct ring **ret_ring, size_t record_bytes, size_t records)
{
	struct ring *ring;

	if (!record_bytes || records < 2 || records > RING_MAX_RECORDS || (records & (records - 1)))
		return -EINVAL;

	ring = aligned_alloc(RING_CACHE_LINE, sizeof(*ring));
	if (!ring)
		return -ENOMEM;
	memset(ring, 0, sizeof(*ring));
	ring->record_bytes = record_bytes;
	ring->records = records;
	ring->buffer = calloc(records, record_bytes);
	if (!ring->buffer) {
		free(ring);
		return -ENOMEM;
	}
	*ret_ring = ring;
	return 0;
}

struct ring *ring_destroy(struct ring *ring)
{
	if (ring) {
		free(ring->buffer);
		free(ring);
	}
	return NULL;
}

static unsigned char *ring_at(const struct ring *ring, size_t position)
{
	return ring->buffer + (position & (ring->records - 1)) * ring->record_bytes;
}

bool ring_push(struct ring *ring, const void *record)
{
	size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);

	if (head - ring->seen_tail == ring->records) {
		ring->seen_tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
		if (head - ring->seen_tail == ring->records)
			return false;
	}
	memcpy(ring_at(ring, head), record, ring->record_bytes);
	atomic_store_explicit(&ring->head, head + 1, memory_order_release);
	return true;
}

bool ring_pop(struct ring *ring, void *ret_record)
{
	size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

	if (tail == ring->seen_head) {
		ring->seen_head = atomic_load_explicit(&ring->head, memory_order_acquire);
		if (tail == ring->seen_head)
			return false;
	}
	memcpy(ret_record, ring_at(ring, tail), ring->record_bytes);
	atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
	return true;
}

size_t ring_count(const struct ring *ring)
{
	/* tail first: head can only be newer, so the difference never goes below zero */
	size_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
	size_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
	size_t count = head - tail;

	return count < ring->records ? count : ring->records;
}
