// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/mailbox.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define MAILBOX_MIN_SNAPSHOTS 3
#define MAILBOX_MAX_SNAPSHOTS 64
#define MAILBOX_ALIGN 64
#define MAILBOX_NONE (-1)

/*
 * A snapshot is in one of four places: in @free (its bit is set), being filled
 * (@filling), waiting (@waiting), or with the consumer (references > 0). It
 * moves with one atomic operation each, so neither side ever waits.
 */
struct mailbox {
	unsigned char *memory;
	unsigned char *buffer;
	size_t stride; /* bytes from one snapshot to the next */
	unsigned int snapshots;
	int fd;

	_Atomic uint64_t free;
	_Atomic int waiting;

	int filling;					/* producer only */
	unsigned int references[MAILBOX_MAX_SNAPSHOTS]; /* consumer only */
};

int mailbox_create(struct mailbox **ret_mailbox, size_t bytes, unsigned int snapshots)
{
	struct mailbox *mailbox;

	if (!bytes || bytes > SIZE_MAX / MAILBOX_MAX_SNAPSHOTS - MAILBOX_ALIGN ||
	    snapshots < MAILBOX_MIN_SNAPSHOTS || snapshots > MAILBOX_MAX_SNAPSHOTS)
		return -EINVAL;

	mailbox = calloc(1, sizeof(*mailbox));
	if (!mailbox)
		return -ENOMEM;
	mailbox->snapshots = snapshots;
	mailbox->stride = (bytes + MAILBOX_ALIGN - 1) / MAILBOX_ALIGN * MAILBOX_ALIGN;
	mailbox->filling = MAILBOX_NONE;
	atomic_init(&mailbox->waiting, MAILBOX_NONE);
	atomic_init(&mailbox->free, UINT64_MAX >> (64 - snapshots));
	mailbox->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (mailbox->fd < 0) {
		int r = -errno;

		free(mailbox);
		return r;
	}
	/* Zeroed by the kernel: of large snapshots only what is used takes memory. */
	mailbox->memory = calloc(1, mailbox->stride * snapshots + MAILBOX_ALIGN);
	if (!mailbox->memory) {
		mailbox_destroy(mailbox);
		return -ENOMEM;
	}
	mailbox->buffer =
		mailbox->memory + MAILBOX_ALIGN - (uintptr_t)mailbox->memory % MAILBOX_ALIGN;
	*ret_mailbox = mailbox;
	return 0;
}

struct mailbox *mailbox_destroy(struct mailbox *mailbox)
{
	if (mailbox) {
		close(mailbox->fd);
		free(mailbox->memory);
		free(mailbox);
	}
	return NULL;
}

static void *mailbox_at(const struct mailbox *mailbox, int index)
{
	return mailbox->buffer + (size_t)index * mailbox->stride;
}

static int mailbox_index(const struct mailbox *mailbox, const void *snapshot)
{
	size_t offset = (size_t)((const unsigned char *)snapshot - mailbox->buffer);

	return (int)(offset / mailbox->stride);
}

void *mailbox_begin(struct mailbox *mailbox)
{
	uint64_t ready;

	if (mailbox->filling != MAILBOX_NONE)
		return mailbox_at(mailbox, mailbox->filling);

	ready = atomic_load_explicit(&mailbox->free, memory_order_acquire);
	if (ready) {
		/* only the producer clears bits: the one that was seen is still there */
		mailbox->filling = __builtin_ctzll(ready);
		atomic_fetch_and_explicit(&mailbox->free, ~(1ULL << mailbox->filling),
					  memory_order_relaxed);
	} else {
		/* the consumer holds all but the one that waits: that is to be replaced anyway */
		mailbox->filling = atomic_exchange_explicit(&mailbox->waiting, MAILBOX_NONE,
							    memory_order_acq_rel);
		if (mailbox->filling == MAILBOX_NONE)
			return NULL;
	}
	return mailbox_at(mailbox, mailbox->filling);
}

void mailbox_publish(struct mailbox *mailbox, void *snapshot)
{
	int older = atomic_exchange_explicit(&mailbox->waiting, mailbox_index(mailbox, snapshot),
					     memory_order_acq_rel);
	const uint64_t one = 1;

	mailbox->filling = MAILBOX_NONE;
	if (older != MAILBOX_NONE) {
		/* nobody took it, and the wake-up that was sent for it is still to be answered */
		atomic_fetch_or_explicit(&mailbox->free, 1ULL << older, memory_order_relaxed);
		return;
	}
	/* cannot fail: the counter stays far below its limit */
	(void)!write(mailbox->fd, &one, sizeof(one));
}

int mailbox_fd(const struct mailbox *mailbox)
{
	return mailbox->fd;
}

bool mailbox_has_news(const struct mailbox *mailbox)
{
	return atomic_load_explicit(&mailbox->waiting, memory_order_relaxed) != MAILBOX_NONE;
}

const void *mailbox_take(struct mailbox *mailbox)
{
	uint64_t count;
	int index;

	/* cleared before taking: what is published in between wakes once more, never less */
	(void)!read(mailbox->fd, &count, sizeof(count));
	index = atomic_exchange_explicit(&mailbox->waiting, MAILBOX_NONE, memory_order_acq_rel);
	if (index == MAILBOX_NONE)
		return NULL;
	mailbox->references[index] = 1;
	return mailbox_at(mailbox, index);
}

const void *mailbox_ref(struct mailbox *mailbox, const void *snapshot)
{
	mailbox->references[mailbox_index(mailbox, snapshot)]++;
	return snapshot;
}

const void *mailbox_unref(struct mailbox *mailbox, const void *snapshot)
{
	int index;

	if (!snapshot)
		return NULL;
	index = mailbox_index(mailbox, snapshot);
	if (!--mailbox->references[index])
		atomic_fetch_or_explicit(&mailbox->free, 1ULL << index, memory_order_release);
	return NULL;
}

const void *mailbox_put_back(struct mailbox *mailbox, const void *snapshot)
{
	int index, none = MAILBOX_NONE;
	const uint64_t one = 1;

	if (!snapshot)
		return NULL;
	index = mailbox_index(mailbox, snapshot);
	if (mailbox->references[index] > 1 ||
	    !atomic_compare_exchange_strong_explicit(&mailbox->waiting, &none, index,
						     memory_order_acq_rel, memory_order_relaxed))
		return mailbox_unref(mailbox, snapshot);
	mailbox->references[index] = 0;
	(void)!write(mailbox->fd, &one, sizeof(one));
	return NULL;
}
