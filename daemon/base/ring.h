/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Bounded queue of equal-sized records between one producer thread and one
 * consumer thread. Wait-free on both sides: safe on the light loop.
 */
struct ring;

/**
 * ring_create() - make a queue
 * @ret_ring: the queue, untouched on failure; the caller destroys it
 * @record_bytes: size of a record, at least 1
 * @records: capacity, a power of two from 2 to 65536
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int ring_create(struct ring **ret_ring, size_t record_bytes, size_t records);

/** ring_destroy() - free a queue nobody uses any more; NULL is fine; returns NULL */
struct ring *ring_destroy(struct ring *ring);

/** ring_push() - producer: copy @record in; false if the queue is full */
bool ring_push(struct ring *ring, const void *record);

/** ring_pop() - consumer: copy the oldest record out; false if there is none */
bool ring_pop(struct ring *ring, void *ret_record);

/** ring_count() - records waiting; exact only where both sides are still */
size_t ring_count(const struct ring *ring);
