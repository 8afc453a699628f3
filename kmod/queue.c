// SPDX-License-Identifier: GPL-2.0-only
/*
 * queue.c - which frame is on the wire, which one waits, and who encodes
 *
 * Three slots: one in flight, one next, and one that the holder of the claim
 * encodes into. Who holds the claim (busy) knows that the slot it was given
 * stays free and that there will be room for it: while it is held, only the
 * completion of a transfer changes anything, and that only makes room.
 *
 * Room: the claim is free, and next is empty or may be replaced. EPOLLOUT
 * waiters are woken once when a frame starts, as that empties next. They need
 * another wake-up only if somebody was told "no room" for the sake of the
 * claim alone: wanted remembers this until the claim is given back.
 *
 * Appearance: every change counts up changes, and a slot knows the count when
 * its encoding began. A slot that is behind is not started: next is encoded
 * anew by whoever changed something, or by resend_work if the claim was taken,
 * and the driver's own frames are left to be made again.
 *
 * Modelled in tests/model/queue.pml: change both.
 */

#include <linux/jiffies.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/timekeeping.h>

#include "compat.h"
#include "diuna.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static bool diuna_queue_has_room(const struct diuna_queue *q, bool mailbox)
{
	return !q->busy && !q->hold && !q->gone && (!q->next || (mailbox && q->next->mailbox));
}

/* The slot that the new holder of the claim may write to */
static struct diuna_slot *diuna_queue_take_claim(struct diuna_queue *q)
{
	struct diuna_slot *slot = q->slot;

	while (slot == q->flight || slot == q->next)
		slot++;
	q->busy = true;
	slot->changes = q->changes;
	slot->renewals = 0;
	return slot;
}

static void diuna_queue_wake_out(struct diuna_queue *q)
{
	q->wanted = false;
	wake_up_poll(&q->out_wait, EPOLLOUT | EPOLLWRNORM);
}

/* The claim was given back: tell who was refused for its sake, and the driver's own */
static void diuna_queue_released(struct diuna_queue *q)
{
	if (q->wanted && diuna_queue_has_room(q, true))
		diuna_queue_wake_out(q);
	wake_up(&q->state_wait);
}

/* Has next to be encoded anew before it is started? */
static bool diuna_queue_stale(const struct diuna_queue *q)
{
	return q->next->changes != q->changes && q->next->renewals < DIUNA_MAX_RENEWALS;
}

static bool diuna_queue_may_resend(const struct diuna_queue *q)
{
	if (q->busy || q->hold || q->gone)
		return false;
	return q->next ? diuna_queue_stale(q) : q->resend && !q->flight;
}

static void diuna_queue_check_resend(struct diuna_queue *q)
{
	if (diuna_queue_may_resend(q))
		schedule_work(&q->resend_work);
}

static void diuna_queue_unprepare(struct diuna_device *dd, struct diuna_slot *slot)
{
	if (dd->ops->unprepare && !slot->error)
		dd->ops->unprepare(dd->output, &slot->transfer);
}

/* A frame has ended: count it and tell its file */
static void diuna_queue_finish(struct diuna_device *dd, struct diuna_slot *slot, int status,
			       u64 done_ns)
{
	struct diuna_queue *q = &dd->queue;
	struct diuna_file *f = slot->file;

	if (status)
		trace_diuna_error(dd->minor, slot->transfer.seq, status);
	else
		trace_diuna_done(dd->minor, slot->transfer.seq, status);
	if (!slot->transfer.started_ns)
		diuna_queue_unprepare(dd, slot);
	slot->error = status;
	if (slot->internal) {
		if (status)
			q->stats.errors++;
		return;
	}
	if (!status)
		q->stats.frames++;
	else if (status == -ECANCELED || status == -ENODEV)
		q->stats.dropped++;
	else
		q->stats.errors++;
	if (!f)
		return;

	slot->file = NULL;
	/* to be replaced is what a MAILBOX file asked for */
	if (status && status != -ECANCELED && !f->error)
		f->error = status;
	f->pending--;
	wake_up(&f->done_wait);
	if (f->records)
		diuna_records_fill(f, slot, status, done_ns);
	/* a frame whose record was lost may have been all that kept ENODEV back */
	if (q->gone)
		wake_up_poll(&f->in_wait, EPOLLIN | EPOLLHUP | EPOLLERR);
}

/* Put a slot on the wire; nothing is in flight */
static void diuna_queue_start(struct diuna_device *dd, struct diuna_slot *slot, u64 now)
{
	struct diuna_queue *q = &dd->queue;

	q->flight = slot;
	q->overdue = false;
	q->last_sent_ns = now;
	/* it is the last frame, as it has to look now */
	if (slot->changes == q->changes && !q->clear)
		q->resend = false;
	slot->transfer.started_ns = now;
	if (!slot->error) {
		trace_diuna_start(dd->minor, slot->transfer.seq, slot->transfer.count);
		slot->error = dd->ops->start(dd->output, &slot->transfer);
	}
	/* what cannot be started goes the way of what does not end, in process context */
	if (slot->error) {
		slot->transfer.started_ns = 0;
		mod_delayed_work(system_wq, &q->timeout_work, 0);
	} else {
		queue_delayed_work(system_wq, &q->timeout_work,
				   nsecs_to_jiffies(dd->layout.timeout_ns) + 1);
	}
}

/* When next may start: its own time, or the interval from that of the frame before */
static u64 diuna_queue_due(const struct diuna_device *dd, const struct diuna_slot *slot)
{
	const struct diuna_queue *q = &dd->queue;

	if (slot->present_ns)
		return slot->present_ns - min(slot->present_ns, dd->layout.wire_ns);
	if (q->interval_ns && q->beat_ns)
		return q->beat_ns + q->interval_ns;
	return 0;
}

/*
 * From when the interval to the next frame counts. Of a frame that waited for its
 * time it is that time, or the machine's latency would add up over a show. One
 * that came too late, or could not be started for an interval or more, begins
 * anew: what was missed is not made up for by frames in quick succession.
 */
static u64 diuna_queue_beat(const struct diuna_queue *q, const struct diuna_slot *slot, u64 due,
			    u64 now)
{
	if (slot->present_ns || slot->queued_ns > due || now - due >= q->interval_ns)
		return now;
	return due;
}

/* Start next if the wire is free and its time has come; else see that it is done then */
static void diuna_queue_kick(struct diuna_device *dd, bool by_timer)
{
	struct diuna_queue *q = &dd->queue;
	struct diuna_slot *slot = q->next;
	u64 now, due;

	if (!slot || q->flight || q->hold || diuna_queue_stale(q))
		return;
	now = ktime_get_ns();
	due = diuna_queue_due(dd, slot);
	if (due > now) {
		hrtimer_start(&q->start_timer, ns_to_ktime(due), HRTIMER_MODE_ABS);
		return;
	}
	/* what the timer started is on time: its latency is the machine's, not the queue's */
	if (slot->present_ns && due < now && !by_timer) {
		slot->flags |= DIUNA_COMPLETION_LATE;
		q->stats.late++;
	}
	q->next = NULL;
	q->beat_ns = diuna_queue_beat(q, slot, due, now);
	diuna_queue_start(dd, slot, now);
	/* no room while the claim is held, but perhaps when it is given back unused */
	if (q->busy)
		q->wanted = true;
	else
		diuna_queue_wake_out(q);
}

static enum hrtimer_restart diuna_queue_start_timer(struct hrtimer *timer)
{
	struct diuna_device *dd = container_of(timer, struct diuna_device, queue.start_timer);
	unsigned long flags;

	spin_lock_irqsave(&dd->queue.lock, flags);
	diuna_queue_kick(dd, true);
	spin_unlock_irqrestore(&dd->queue.lock, flags);
	return HRTIMER_NORESTART;
}

/* What was in flight has ended, one way or the other */
static void diuna_queue_end_flight(struct diuna_device *dd, int status, u64 done_ns)
{
	struct diuna_queue *q = &dd->queue;
	struct diuna_slot *slot = q->flight;

	q->flight = NULL;
	diuna_queue_kick(dd, false);
	diuna_queue_finish(dd, slot, status, done_ns);
	diuna_queue_check_resend(q);
	if (!q->flight)
		wake_up(&q->state_wait);
}

void diuna_transfer_done(struct diuna_transfer *t, int status, u64 done_ns)
{
	struct diuna_device *dd = t->dd;
	struct diuna_queue *q = &dd->queue;
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	if (q->flight && !q->stopping)
		diuna_queue_end_flight(dd, status, done_ns);
	spin_unlock_irqrestore(&q->lock, flags);
}

/*
 * Runs when a transfer may have taken too long, or could not be started. It is
 * not moved with every start: it looks at the clock and comes back later. What
 * it finds too late it finds so twice: after a stall of the whole machine the
 * completion may be as late as this, and is let in first.
 */
static void diuna_queue_timeout(struct work_struct *work)
{
	struct diuna_device *dd = container_of(to_delayed_work(work), struct diuna_device,
					       queue.timeout_work);
	struct diuna_queue *q = &dd->queue;
	struct diuna_slot *slot;
	u64 now, deadline;
	int err;

	spin_lock_irq(&q->lock);
	slot = q->flight;
	if (!slot) {
		spin_unlock_irq(&q->lock);
		return;
	}
	now = ktime_get_ns();
	deadline = slot->transfer.started_ns + dd->layout.timeout_ns;
	if (!slot->error && (now < deadline || !q->overdue)) {
		u64 wait_ns = now < deadline ? deadline - now : DIUNA_TIMEOUT_GRACE_NS;

		q->overdue = now >= deadline;
		queue_delayed_work(system_wq, &q->timeout_work, nsecs_to_jiffies(wait_ns) + 1);
		spin_unlock_irq(&q->lock);
		return;
	}
	err = slot->error ?: -ETIMEDOUT;
	q->stopping = true;
	spin_unlock_irq(&q->lock);

	dev_warn_ratelimited(dd->dev.parent, "frame %llu given up: error %d\n", slot->transfer.seq,
			     err);
	dd->ops->stop(dd->output);

	spin_lock_irq(&q->lock);
	q->stopping = false;
	/* why a backend could not is for the log: users know one error of the hardware */
	diuna_queue_end_flight(dd, err == -ETIMEDOUT ? err : -EIO, ktime_get_ns());
	spin_unlock_irq(&q->lock);
}

static struct diuna_slot *diuna_queue_try_claim(struct diuna_device *dd, bool mailbox)
{
	struct diuna_queue *q = &dd->queue;
	struct diuna_slot *slot;

	spin_lock_irq(&q->lock);
	if (q->gone) {
		slot = ERR_PTR(-ENODEV);
	} else if (diuna_queue_has_room(q, mailbox)) {
		slot = diuna_queue_take_claim(q);
	} else {
		q->wanted |= q->busy;
		slot = ERR_PTR(-EAGAIN);
	}
	spin_unlock_irq(&q->lock);
	return slot;
}

static struct diuna_slot *diuna_queue_claim(struct diuna_device *dd, bool mailbox,
					    enum diuna_wait wait)
{
	struct diuna_queue *q = &dd->queue;
	struct diuna_slot *slot = diuna_queue_try_claim(dd, mailbox);
	int err;

	if (slot != ERR_PTR(-EAGAIN))
		return slot;
	switch (wait) {
	case DIUNA_WAIT_SIGNAL:
		err = wait_event_interruptible(q->out_wait,
					       (slot = diuna_queue_try_claim(dd, mailbox)) !=
					       ERR_PTR(-EAGAIN));
		return err ? ERR_PTR(err) : slot;
	case DIUNA_WAIT_KILL:
		err = wait_event_killable(q->out_wait,
					  (slot = diuna_queue_try_claim(dd, mailbox)) !=
					  ERR_PTR(-EAGAIN));
		return err ? ERR_PTR(err) : slot;
	case DIUNA_WAIT_TIMEOUT:
		wait_event_timeout(q->out_wait,
				   (slot = diuna_queue_try_claim(dd, mailbox)) != ERR_PTR(-EAGAIN),
				   nsecs_to_jiffies(dd->layout.timeout_ns) + 1);
		return slot;
	default:
		return slot;
	}
}

/* Fill the claimed slot from diuna_device.last */
static void diuna_queue_encode(struct diuna_device *dd, struct diuna_slot *slot, bool black)
{
	slot->error = 0;
	slot->flags = 0;
	slot->scale = DIUNA_SCALE_ONE;
	if (black)
		diuna_frame_encode_black(dd, slot);
	else
		diuna_frame_encode(dd, slot);
	if (dd->ops->prepare)
		slot->error = dd->ops->prepare(dd->output, &slot->transfer);
}

/*
 * Give the claim back with an encoded slot of the driver's own; the wire is
 * free. Black looks the same whatever changed meanwhile.
 */
static void diuna_queue_send_internal(struct diuna_device *dd, struct diuna_slot *slot, bool black)
{
	struct diuna_queue *q = &dd->queue;

	slot->internal = true;
	slot->file = NULL;
	slot->transfer.seq = 0;

	spin_lock_irq(&q->lock);
	q->busy = false;
	if (black || slot->changes == q->changes)
		diuna_queue_start(dd, slot, ktime_get_ns());
	else
		diuna_queue_unprepare(dd, slot);
	diuna_queue_released(q);
	diuna_queue_check_resend(q);
	spin_unlock_irq(&q->lock);
}

bool diuna_queue_cleared(struct diuna_device *dd)
{
	bool clear;

	spin_lock_irq(&dd->queue.lock);
	clear = dd->queue.clear;
	spin_unlock_irq(&dd->queue.lock);
	return clear;
}

/* Bring diuna_device.last up to date; next, if there is one, is not encoded from it any more */
static void diuna_queue_own_last(struct diuna_device *dd)
{
	struct diuna_queue *q = &dd->queue;
	bool clear;

	spin_lock_irq(&q->lock);
	clear = q->clear;
	q->clear = false;
	spin_unlock_irq(&q->lock);
	if (clear)
		memset(dd->last, 0, dd->layout.frame_bytes);
}

int diuna_queue_submit(struct diuna_device *dd, const struct diuna_request *r, enum diuna_wait wait)
{
	struct diuna_queue *q = &dd->queue;
	struct diuna_slot *slot;
	int err = 0;

	slot = diuna_queue_claim(dd, r->mailbox, wait);
	if (IS_ERR(slot))
		return PTR_ERR(slot);

	diuna_queue_own_last(dd);
	memcpy(dd->last + r->offset, r->pixels, r->length);
	diuna_queue_encode(dd, slot, false);

	spin_lock_irq(&q->lock);
	q->busy = false;
	if (q->gone) {
		diuna_queue_unprepare(dd, slot);
		err = -ENODEV;
	} else {
		slot->internal = false;
		slot->mailbox = r->mailbox;
		slot->file = r->file;
		slot->cookie = r->cookie;
		slot->present_ns = r->present_ns;
		slot->queued_ns = ktime_get_ns();
		slot->transfer.started_ns = 0;
		slot->transfer.seq = ++q->seq;
		r->file->pending++;
		if (r->file->records)
			diuna_records_reserve(r->file, slot);
		trace_diuna_queue(dd->minor, q->seq, r->cookie, r->present_ns);
		if (q->next)
			diuna_queue_finish(dd, q->next, -ECANCELED, slot->queued_ns);
		q->next = slot;
		diuna_queue_kick(dd, false);
	}
	diuna_queue_released(q);
	diuna_queue_check_resend(q);
	spin_unlock_irq(&q->lock);
	return err;
}

bool diuna_queue_room(struct diuna_device *dd, bool mailbox)
{
	struct diuna_queue *q = &dd->queue;
	bool room;

	spin_lock_irq(&q->lock);
	room = diuna_queue_has_room(q, mailbox);
	if (!room)
		q->wanted |= q->busy;
	spin_unlock_irq(&q->lock);
	return room;
}

bool diuna_queue_gone(struct diuna_device *dd)
{
	return READ_ONCE(dd->queue.gone);
}

/* Give the claim back with next encoded anew; only removal can have taken it away */
static void diuna_queue_replace_next(struct diuna_device *dd, struct diuna_slot *slot)
{
	struct diuna_queue *q = &dd->queue;
	struct diuna_slot *old;

	spin_lock_irq(&q->lock);
	q->busy = false;
	old = q->next;
	if (old) {
		slot->internal = false;
		slot->mailbox = old->mailbox;
		slot->file = old->file;
		slot->cookie = old->cookie;
		slot->queued_ns = old->queued_ns;
		slot->present_ns = old->present_ns;
		slot->renewals = old->renewals + 1;
		slot->record = old->record;
		slot->transfer.started_ns = 0;
		slot->transfer.seq = old->transfer.seq;
		old->file = NULL;
		diuna_queue_unprepare(dd, old);
		q->next = slot;
		diuna_queue_kick(dd, false);
	} else {
		diuna_queue_unprepare(dd, slot);
	}
	diuna_queue_released(q);
	diuna_queue_check_resend(q);
	spin_unlock_irq(&q->lock);
}

static void diuna_queue_try_resend(struct diuna_device *dd)
{
	struct diuna_queue *q = &dd->queue;
	struct diuna_slot *slot = NULL;
	bool waits = false;

	spin_lock_irq(&q->lock);
	if (diuna_queue_may_resend(q)) {
		waits = q->next;
		slot = diuna_queue_take_claim(q);
	}
	spin_unlock_irq(&q->lock);
	if (!slot)
		return;
	if (waits) {
		/* not diuna_queue_own_last(): what was cleared is what comes after next */
		diuna_queue_encode(dd, slot, false);
		diuna_queue_replace_next(dd, slot);
	} else {
		diuna_queue_own_last(dd);
		diuna_queue_encode(dd, slot, false);
		diuna_queue_send_internal(dd, slot, false);
	}
}

static void diuna_queue_resend_work(struct work_struct *work)
{
	diuna_queue_try_resend(container_of(work, struct diuna_device, queue.resend_work));
}

void diuna_queue_look_changed(struct diuna_device *dd)
{
	struct diuna_queue *q = &dd->queue;

	spin_lock_irq(&q->lock);
	q->changes++;
	q->resend = true;
	spin_unlock_irq(&q->lock);
	diuna_queue_try_resend(dd);
}

void diuna_queue_clear(struct diuna_device *dd)
{
	struct diuna_queue *q = &dd->queue;

	spin_lock_irq(&q->lock);
	q->clear = true;
	q->resend = true;
	spin_unlock_irq(&q->lock);
	diuna_queue_try_resend(dd);
}

static void diuna_queue_refresh_work(struct work_struct *work)
{
	struct diuna_device *dd = container_of(to_delayed_work(work), struct diuna_device,
					       queue.refresh_work);
	struct diuna_queue *q = &dd->queue;
	u64 now, due;

	spin_lock_irq(&q->lock);
	if (q->refresh_ns && !q->gone) {
		now = ktime_get_ns();
		due = q->last_sent_ns + q->refresh_ns;
		if (q->flight || q->next)
			due = now + q->refresh_ns;
		if (due <= now) {
			q->resend = true;
			due = now + q->refresh_ns;
		}
		queue_delayed_work(system_wq, &q->refresh_work, nsecs_to_jiffies(due - now) + 1);
	}
	spin_unlock_irq(&q->lock);
	diuna_queue_try_resend(dd);
}

void diuna_queue_set_refresh(struct diuna_device *dd, u64 refresh_ns)
{
	struct diuna_queue *q = &dd->queue;

	spin_lock_irq(&q->lock);
	WRITE_ONCE(q->refresh_ns, refresh_ns);
	spin_unlock_irq(&q->lock);
	mod_delayed_work(system_wq, &q->refresh_work, 0);
}

/* The claim for the driver's own use, with a free wire if that is asked for */
static struct diuna_slot *diuna_queue_try_claim_internal(struct diuna_device *dd, bool wire)
{
	struct diuna_queue *q = &dd->queue;
	struct diuna_slot *slot = NULL;

	spin_lock_irq(&q->lock);
	if (!q->busy && !(wire && q->flight))
		slot = diuna_queue_take_claim(q);
	spin_unlock_irq(&q->lock);
	return slot;
}

static bool diuna_queue_wire_free(struct diuna_queue *q)
{
	bool wire_free;

	spin_lock_irq(&q->lock);
	wire_free = !q->flight;
	spin_unlock_irq(&q->lock);
	return wire_free;
}

void diuna_queue_claim_wait(struct diuna_device *dd)
{
	wait_event(dd->queue.state_wait, diuna_queue_try_claim_internal(dd, false));
}

void diuna_queue_release(struct diuna_device *dd)
{
	struct diuna_queue *q = &dd->queue;

	spin_lock_irq(&q->lock);
	q->busy = false;
	diuna_queue_released(q);
	diuna_queue_check_resend(q);
	spin_unlock_irq(&q->lock);
}

int diuna_queue_blank(struct diuna_device *dd)
{
	struct diuna_queue *q = &dd->queue;
	struct diuna_slot *slot;

	/* both waits end: a transfer in flight has a time-out, an encoder does not wait */
	wait_event(q->state_wait, (slot = diuna_queue_try_claim_internal(dd, true)));
	diuna_queue_encode(dd, slot, true);
	diuna_queue_send_internal(dd, slot, true);
	wait_event(q->state_wait, diuna_queue_wire_free(q));
	return slot->error;
}

int diuna_queue_hold(struct diuna_device *dd, bool idle_only)
{
	struct diuna_queue *q = &dd->queue;
	int err = 0;

	spin_lock_irq(&q->lock);
	if (idle_only && (q->hold || q->next || (q->flight && !q->flight->internal)))
		err = -EBUSY;
	else
		q->hold = true;
	spin_unlock_irq(&q->lock);
	return err;
}

void diuna_queue_unhold(struct diuna_device *dd)
{
	struct diuna_queue *q = &dd->queue;

	spin_lock_irq(&q->lock);
	q->hold = false;
	/* what waits is newer than what was shown last */
	if (!q->next)
		q->resend = true;
	diuna_queue_kick(dd, false);
	if (diuna_queue_has_room(q, true))
		diuna_queue_wake_out(q);
	spin_unlock_irq(&q->lock);
	diuna_queue_try_resend(dd);
}

/* Have all frames of a file up to this one ended? */
static bool diuna_queue_ended(struct diuna_queue *q, const struct diuna_file *f, u64 seq)
{
	bool ended = true;

	spin_lock_irq(&q->lock);
	for (int i = 0; i < DIUNA_SLOTS; i++)
		if (q->slot[i].file == f && q->slot[i].transfer.seq <= seq)
			ended = false;
	spin_unlock_irq(&q->lock);
	return ended;
}

int diuna_queue_sync(struct diuna_device *dd, struct diuna_file *f, enum diuna_wait wait)
{
	struct diuna_queue *q = &dd->queue;
	u64 seq;
	int err;

	if (wait != DIUNA_WAIT_NONE) {
		spin_lock_irq(&q->lock);
		seq = q->seq;
		spin_unlock_irq(&q->lock);
		err = wait_event_killable(f->done_wait, diuna_queue_ended(q, f, seq));
		if (err)
			return err;
	}
	spin_lock_irq(&q->lock);
	err = f->error;
	f->error = 0;
	if (!err && q->gone)
		err = -ENODEV;
	spin_unlock_irq(&q->lock);
	return err;
}

void diuna_queue_set_interval(struct diuna_device *dd, u64 interval_ns)
{
	struct diuna_queue *q = &dd->queue;

	spin_lock_irq(&q->lock);
	WRITE_ONCE(q->interval_ns, interval_ns);
	diuna_queue_kick(dd, false);
	spin_unlock_irq(&q->lock);
}

void diuna_queue_remove(struct diuna_device *dd)
{
	struct diuna_queue *q = &dd->queue;
	struct diuna_file *f;

	spin_lock_irq(&q->lock);
	WRITE_ONCE(q->gone, true);
	q->resend = false;
	if (q->next) {
		diuna_queue_finish(dd, q->next, -ENODEV, ktime_get_ns());
		q->next = NULL;
	}
	wake_up_poll(&q->out_wait, EPOLLOUT | EPOLLHUP | EPOLLERR);
	list_for_each_entry(f, &q->files, node)
		wake_up_poll(&f->in_wait, EPOLLIN | EPOLLHUP | EPOLLERR);
	spin_unlock_irq(&q->lock);

	hrtimer_cancel(&q->start_timer);
	cancel_work_sync(&q->resend_work);
	cancel_delayed_work_sync(&q->refresh_work);
	if (diuna_queue_blank(dd))
		dev_warn(dd->dev.parent, "the strips could not be made black\n");
	cancel_delayed_work_sync(&q->timeout_work);
	dd->ops->stop(dd->output);
}

void diuna_queue_count_partial(struct diuna_device *dd)
{
	spin_lock_irq(&dd->queue.lock);
	dd->queue.stats.partial++;
	spin_unlock_irq(&dd->queue.lock);
}

void diuna_queue_stats(struct diuna_device *dd, struct diuna_stats *ret_stats)
{
	spin_lock_irq(&dd->queue.lock);
	*ret_stats = dd->queue.stats;
	spin_unlock_irq(&dd->queue.lock);
}

void diuna_queue_wake_writers(struct diuna_device *dd)
{
	wake_up_poll(&dd->queue.out_wait, EPOLLOUT | EPOLLWRNORM);
}

int diuna_queue_add_file(struct diuna_device *dd, struct diuna_file *f)
{
	struct diuna_queue *q = &dd->queue;
	int err = 0;

	spin_lock_irq(&q->lock);
	if (q->gone)
		err = -ENODEV;
	else
		list_add_tail(&f->node, &q->files);
	spin_unlock_irq(&q->lock);
	return err;
}

void diuna_queue_remove_file(struct diuna_device *dd, struct diuna_file *f)
{
	struct diuna_queue *q = &dd->queue;

	spin_lock_irq(&q->lock);
	list_del(&f->node);
	for (int i = 0; i < DIUNA_SLOTS; i++)
		if (q->slot[i].file == f)
			q->slot[i].file = NULL;
	spin_unlock_irq(&q->lock);
}

void diuna_queue_init(struct diuna_device *dd)
{
	struct diuna_queue *q = &dd->queue;

	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->files);
	diuna_hrtimer_setup(&q->start_timer, diuna_queue_start_timer);
	INIT_DELAYED_WORK(&q->timeout_work, diuna_queue_timeout);
	INIT_WORK(&q->resend_work, diuna_queue_resend_work);
	INIT_DELAYED_WORK(&q->refresh_work, diuna_queue_refresh_work);
	init_waitqueue_head(&q->out_wait);
	init_waitqueue_head(&q->state_wait);
}
