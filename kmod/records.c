// SPDX-License-Identifier: GPL-2.0-only
/*
 * records.c - how the frames of a file ended, for read(2)
 *
 * Records keep the order of submission: the place in the ring is taken then and
 * filled at the end, so that nobody reads past a frame that has not ended.
 */

#include <linux/poll.h>
#include <linux/wait.h>

#include "diuna.h"

static struct diuna_completion *diuna_records_at(struct diuna_file *f, u32 index)
{
	return &f->records[index % DIUNA_COMPLETION_RECORDS];
}

/* Is the oldest record complete? */
static bool diuna_records_has(struct diuna_file *f)
{
	return f->head != f->tail && diuna_records_at(f, f->tail)->done_ns;
}

static void diuna_records_wake(struct diuna_file *f)
{
	if (diuna_records_has(f))
		wake_up_poll(&f->in_wait, EPOLLIN | EPOLLRDNORM);
}

void diuna_records_reserve(struct diuna_file *f, struct diuna_slot *slot)
{
	if (f->head - f->tail == DIUNA_COMPLETION_RECORDS) {
		bool readable = diuna_records_has(f);

		f->tail++;
		f->lost++;
		/* those behind a frame that has not ended yet come into view */
		if (!readable)
			diuna_records_wake(f);
	}
	slot->record = f->head++;
	*diuna_records_at(f, slot->record) = (struct diuna_completion) {
		.seq = slot->transfer.seq,
		.cookie = slot->cookie,
		.queued_ns = slot->queued_ns,
	};
}

void diuna_records_fill(struct diuna_file *f, const struct diuna_slot *slot, int status,
			u64 done_ns)
{
	struct diuna_completion *c = diuna_records_at(f, slot->record);

	/* pushed out of the ring by newer ones, and counted as lost */
	if (slot->record - f->tail >= f->head - f->tail)
		return;
	c->started_ns = slot->transfer.started_ns;
	c->done_ns = done_ns;
	c->status = status;
	c->flags = slot->flags;
	c->scale = slot->scale;
	diuna_records_wake(f);
}

/* A removed device gives what it still has, then the records of what is on the wire */
static int diuna_records_state(const struct diuna_queue *q, struct diuna_file *f)
{
	if (diuna_records_has(f))
		return 0;
	return q->gone && !f->pending ? -ENODEV : -EAGAIN;
}

int diuna_records_peek(struct diuna_device *dd, struct diuna_file *f,
		       struct diuna_completion *ret_c, u32 *ret_index)
{
	struct diuna_queue *q = &dd->queue;
	int err;

	spin_lock_irq(&q->lock);
	err = diuna_records_state(q, f);
	if (!err) {
		*ret_index = f->tail;
		*ret_c = *diuna_records_at(f, f->tail);
		ret_c->lost = f->lost;
	}
	spin_unlock_irq(&q->lock);
	return err;
}

void diuna_records_consume(struct diuna_device *dd, struct diuna_file *f,
			   const struct diuna_completion *c, u32 index)
{
	struct diuna_queue *q = &dd->queue;

	spin_lock_irq(&q->lock);
	f->lost -= c->lost;
	/* pushed out of the ring while it was copied, it was not lost after all */
	if (f->tail == index)
		f->tail++;
	else
		f->lost--;
	spin_unlock_irq(&q->lock);
}

bool diuna_records_readable(struct diuna_device *dd, struct diuna_file *f)
{
	struct diuna_queue *q = &dd->queue;
	bool readable;

	spin_lock_irq(&q->lock);
	readable = diuna_records_state(q, f) != -EAGAIN;
	spin_unlock_irq(&q->lock);
	return readable;
}
