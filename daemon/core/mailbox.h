/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Immutable, reference-counted snapshots from one thread to another. The
 * producer fills one from a fixed pool and publishes it; the consumer takes
 * the newest and keeps it as long as it likes. An older one that nobody took
 * goes back to the pool. Wait-free on both sides; an eventfd wakes the
 * consumer.
 */
struct mailbox;

/**
 * mailbox_create() - make a mailbox with @snapshots buffers of @bytes each
 * @snapshots: 3 to 64: one being filled, one waiting, and what the consumer
 *	keeps
 *
 * Buffers are aligned to 64 bytes. Return: 0, -EINVAL, -ENOMEM or what
 * eventfd(2) said; @ret_mailbox is untouched on failure.
 */
int mailbox_create(struct mailbox **ret_mailbox, size_t bytes, unsigned int snapshots);

/** mailbox_destroy() - free it and all snapshots; NULL is fine; returns NULL */
struct mailbox *mailbox_destroy(struct mailbox *mailbox);

/**
 * mailbox_begin() - producer: a free buffer, or NULL if the consumer holds them all
 *
 * Its content is what some earlier snapshot left. Until it is published the
 * same buffer is given again. When no other is free the one that waits is
 * taken back: publish what was begun, or the consumer misses it.
 */
void *mailbox_begin(struct mailbox *mailbox);

/** mailbox_publish() - producer: hand over what mailbox_begin() gave */
void mailbox_publish(struct mailbox *mailbox, void *snapshot);

/** mailbox_fd() - consumer: readable when something new waits; belongs to the mailbox */
int mailbox_fd(const struct mailbox *mailbox);

/** mailbox_has_news() - consumer: whether something new waits; asks nobody, and clears nothing */
bool mailbox_has_news(const struct mailbox *mailbox);

/** mailbox_take() - consumer: the newest, with one reference, or NULL if nothing is new; clears the fd */
const void *mailbox_take(struct mailbox *mailbox);

/** mailbox_ref() - consumer: one more reference; returns @snapshot */
const void *mailbox_ref(struct mailbox *mailbox, const void *snapshot);

/**
 * mailbox_put_back() - consumer: give the last reference back, and the snapshot to the next consumer
 *
 * It waits again, unless a newer one does: whoever takes over from a consumer
 * that ends begins with what that one had. NULL is fine. Returns NULL.
 */
const void *mailbox_put_back(struct mailbox *mailbox, const void *snapshot);

/** mailbox_unref() - consumer: give a reference back; NULL is fine; returns NULL */
const void *mailbox_unref(struct mailbox *mailbox, const void *snapshot);
