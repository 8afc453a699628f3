// SPDX-License-Identifier: GPL-2.0-only
/*
 * chrdev.c - open files: every copy from and to user space is here
 */

#include <linux/fs.h>
#include <linux/nospec.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "compat.h"
#include "diuna.h"

/* The same for every compiler and for 32-bit and 64-bit programs: it is an ABI */
static_assert(sizeof(struct diuna_info) == 168);
static_assert(sizeof(struct diuna_channel) == 128);
static_assert(sizeof(struct diuna_brightness) == 16);
static_assert(sizeof(struct diuna_lut) == 1040);
static_assert(sizeof(struct diuna_mode) == 16);
static_assert(sizeof(struct diuna_submit) == 56);
static_assert(sizeof(struct diuna_completion) == 64);

#define DIUNA_FEATURES	(DIUNA_FEATURE_MAILBOX | DIUNA_FEATURE_SUBMIT | DIUNA_FEATURE_LUT | \
			 DIUNA_FEATURE_POWER | DIUNA_FEATURE_FSYNC)

/*
 * Who is refused notes that first and tries again, so that either this second
 * try succeeds or the holder sees the note when it leaves.
 */
static int diuna_gate_enter(struct diuna_gate *g, enum diuna_wait wait)
{
	if (wait == DIUNA_WAIT_SIGNAL)
		return mutex_lock_interruptible(&g->mutex) ? -ERESTARTSYS : 0;
	if (wait == DIUNA_WAIT_KILL)
		return mutex_lock_killable(&g->mutex) ? -ERESTARTSYS : 0;
	if (mutex_trylock(&g->mutex))
		return 0;
	atomic_set(&g->refused, 1);
	/*
	 * The note before the second try, as the holder unlocks before it looks.
	 * Neither side is a read-modify-write: smp_mb__*_atomic() do nothing here.
	 */
	smp_mb();
	return mutex_trylock(&g->mutex) ? 0 : -EAGAIN;
}

/* Returns whether somebody was turned away meanwhile and has to be woken */
static bool diuna_gate_leave(struct diuna_gate *g)
{
	mutex_unlock(&g->mutex);
	/* the unlock before the look: pairs with diuna_gate_enter() */
	smp_mb();
	return atomic_read(&g->refused) && atomic_xchg(&g->refused, 0);
}

static void diuna_gate_init(struct diuna_gate *g)
{
	mutex_init(&g->mutex);
	atomic_set(&g->refused, 0);
}

static enum diuna_wait diuna_iocb_wait(struct kiocb *iocb)
{
	if ((iocb->ki_filp->f_flags & O_NONBLOCK) || (iocb->ki_flags & IOCB_NOWAIT))
		return DIUNA_WAIT_NONE;
	return DIUNA_WAIT_SIGNAL;
}

static void diuna_file_free(struct diuna_file *f)
{
	kvfree(f->stage);
	kvfree(f->submit);
	kvfree(f->records);
	kfree(f);
}

static int diuna_open(struct inode *inode, struct file *file)
{
	struct diuna_device *dd = container_of(inode->i_cdev, struct diuna_device, cdev);
	struct diuna_file *f;
	int err = -ENOMEM;

	f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);
	if (!f)
		return -ENOMEM;
	f->dd = dd;
	diuna_gate_init(&f->write);
	diuna_gate_init(&f->read);
	init_waitqueue_head(&f->in_wait);
	init_waitqueue_head(&f->done_wait);
	if (file->f_mode & FMODE_READ) {
		f->records = kvcalloc(DIUNA_COMPLETION_RECORDS, sizeof(*f->records),
				      GFP_KERNEL_ACCOUNT);
		if (!f->records)
			goto err_free;
	}

	mutex_lock(&dd->lock);
	if (file->f_mode & FMODE_WRITE) {
		f->stage = kvzalloc(dd->layout.frame_bytes, GFP_KERNEL_ACCOUNT);
		f->submit = kvzalloc(dd->layout.frame_bytes, GFP_KERNEL_ACCOUNT);
		if (!f->stage || !f->submit)
			goto err_unlock;
	}
	err = diuna_queue_add_file(dd, f);
	if (err)
		goto err_unlock;
	if (file->f_mode & FMODE_WRITE)
		dd->writers++;
	mutex_unlock(&dd->lock);

	get_device(&dd->dev);
	file->private_data = f;
	/* neither position nor seek: pread and pwrite are ESPIPE */
	stream_open(inode, file);
	file->f_mode |= FMODE_NOWAIT;
	return 0;

err_unlock:
	mutex_unlock(&dd->lock);
err_free:
	diuna_file_free(f);
	return err;
}

/* Show a started frame if it is all that this file gave, else throw it away */
static int diuna_file_end_partial(struct diuna_file *f, enum diuna_wait wait)
{
	struct diuna_device *dd = f->dd;
	const struct diuna_request r = {
		.file = f,
		.pixels = f->stage,
		.length = f->fill,
		.mailbox = f->mailbox,
	};
	int err;

	if (!f->fill)
		return 0;
	err = f->whole ? 0 : diuna_queue_submit(dd, &r, wait);
	if (err == -EAGAIN)
		return err;
	if (err || f->whole)
		diuna_queue_count_partial(dd);
	f->fill = 0;
	return err;
}

static int diuna_release(struct inode *inode, struct file *file)
{
	struct diuna_file *f = file->private_data;
	struct diuna_device *dd = f->dd;

	if (diuna_file_end_partial(f, file->f_flags & O_NONBLOCK ? DIUNA_WAIT_NONE :
								   DIUNA_WAIT_TIMEOUT) == -EAGAIN)
		diuna_queue_count_partial(dd);
	diuna_queue_remove_file(dd, f);
	if (file->f_mode & FMODE_WRITE) {
		mutex_lock(&dd->lock);
		if (!--dd->writers && dd->blank_on_close)
			diuna_queue_clear(dd);
		mutex_unlock(&dd->lock);
	}
	diuna_file_free(f);
	put_device(&dd->dev);
	return 0;
}

/* Take the next piece of a write: 0, or an error and nothing is taken */
static int diuna_write_piece(struct diuna_file *f, struct iov_iter *from, enum diuna_wait wait)
{
	struct diuna_device *dd = f->dd;
	const struct diuna_request r = {
		.file = f,
		.pixels = f->stage,
		.length = dd->layout.frame_bytes,
		.mailbox = f->mailbox,
	};
	size_t piece = min_t(size_t, iov_iter_count(from), dd->layout.frame_bytes - f->fill);
	bool completes = f->fill + piece == dd->layout.frame_bytes;
	size_t copied;
	int err;

	if (diuna_queue_gone(dd))
		return -ENODEV;
	/* spares the copy, decides nothing */
	if (completes && wait == DIUNA_WAIT_NONE && !diuna_queue_room(dd, r.mailbox))
		return diuna_queue_gone(dd) ? -ENODEV : -EAGAIN;

	copied = copy_from_iter(f->stage + f->fill, piece, from);
	if (copied != piece) {
		iov_iter_revert(from, copied);
		return -EFAULT;
	}
	if (!completes) {
		f->fill += piece;
		return 0;
	}
	err = diuna_queue_submit(dd, &r, wait);
	if (err) {
		iov_iter_revert(from, piece);
		return err;
	}
	f->fill = 0;
	f->whole = true;
	return 0;
}

static ssize_t diuna_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct diuna_file *f = iocb->ki_filp->private_data;
	size_t count = iov_iter_count(from);
	enum diuna_wait wait = diuna_iocb_wait(iocb);
	int err;

	if (!count)
		return 0;
	err = diuna_gate_enter(&f->write, wait);
	if (err)
		return err;
	for (;;) {
		err = diuna_write_piece(f, from, wait);
		if (err || !iov_iter_count(from))
			break;
		/* a MAILBOX file never waits, however much it writes */
		if (signal_pending(current))
			break;
		cond_resched();
	}
	if (diuna_gate_leave(&f->write))
		diuna_queue_wake_writers(f->dd);

	count -= iov_iter_count(from);
	return count ?: err;
}

static int diuna_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	struct diuna_file *f = file->private_data;
	enum diuna_wait wait = file->f_flags & O_NONBLOCK ? DIUNA_WAIT_NONE : DIUNA_WAIT_KILL;
	int err;

	err = diuna_gate_enter(&f->write, wait);
	if (err)
		return err;
	err = diuna_file_end_partial(f, wait);
	if (diuna_gate_leave(&f->write))
		diuna_queue_wake_writers(f->dd);
	if (err && err != -ENODEV)
		return err;
	return diuna_queue_sync(f->dd, f, wait);
}

static ssize_t diuna_read_records(struct diuna_file *f, struct iov_iter *to)
{
	struct diuna_completion c;
	ssize_t done = 0;
	u32 index;
	int err = 0;

	while (iov_iter_count(to) >= sizeof(c)) {
		size_t copied;

		err = diuna_records_peek(f->dd, f, &c, &index);
		if (err)
			break;
		copied = copy_to_iter(&c, sizeof(c), to);
		if (copied != sizeof(c)) {
			iov_iter_revert(to, copied);
			err = -EFAULT;
			break;
		}
		diuna_records_consume(f->dd, f, &c, index);
		done += sizeof(c);
	}
	return done ?: err;
}

static ssize_t diuna_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct diuna_file *f = iocb->ki_filp->private_data;
	enum diuna_wait wait = diuna_iocb_wait(iocb);
	ssize_t done;

	if (!iov_iter_count(to))
		return 0;
	if (iov_iter_count(to) < sizeof(struct diuna_completion))
		return -EINVAL;
	for (;;) {
		int err = diuna_gate_enter(&f->read, wait);

		if (err)
			return err;
		done = diuna_read_records(f, to);
		if (diuna_gate_leave(&f->read))
			wake_up_poll(&f->in_wait, EPOLLIN | EPOLLRDNORM);
		if (done != -EAGAIN || wait == DIUNA_WAIT_NONE)
			return done;
		err = wait_event_interruptible(f->in_wait, diuna_records_readable(f->dd, f));
		if (err)
			return err;
	}
}

static __poll_t diuna_poll(struct file *file, struct poll_table_struct *wait)
{
	struct diuna_file *f = file->private_data;
	struct diuna_device *dd = f->dd;
	__poll_t mask = 0;

	if (file->f_mode & FMODE_WRITE)
		poll_wait(file, &dd->queue.out_wait, wait);
	if (file->f_mode & FMODE_READ)
		poll_wait(file, &f->in_wait, wait);

	if (diuna_queue_gone(dd))
		mask |= EPOLLHUP | EPOLLERR;
	else if (file->f_mode & FMODE_WRITE && diuna_queue_room(dd, READ_ONCE(f->mailbox)))
		mask |= EPOLLOUT | EPOLLWRNORM;
	if (file->f_mode & FMODE_READ && diuna_records_readable(dd, f))
		mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}

void diuna_info_fill(struct diuna_device *dd, struct diuna_info *info)
{
	const struct diuna_layout *l = &dd->layout;
	const struct diuna_limits *limits = &dd->ops->limits;

	*info = (struct diuna_info) {
		.abi_version = DIUNA_ABI_VERSION,
		.backend = dd->ops->backend,
		.channels = l->channels,
		.frame_bytes = l->frame_bytes,
		.features = DIUNA_FEATURES,
		.data_ns = l->data_ns,
		.reset_ns = l->reset_ns,
		.frame_ns = l->wire_ns,
		.present_ahead_max_ns = DIUNA_PRESENT_AHEAD_MAX_NS,
		.timeout_ns = l->timeout_ns,
		.done_accuracy_ns = diuna_words_ns(limits->done_accuracy_words, l->symbol_ps),
		.completion_records = DIUNA_COMPLETION_RECORDS,
	};
	strscpy(info->name, dev_name(&dd->dev), sizeof(info->name));
}

static int diuna_ioctl_get_info(struct diuna_device *dd, void __user *arg)
{
	struct diuna_info info;

	mutex_lock(&dd->lock);
	diuna_info_fill(dd, &info);
	mutex_unlock(&dd->lock);
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static int diuna_ioctl_get_channel(struct diuna_device *dd, void __user *arg)
{
	struct diuna_channel c;
	u32 index;

	if (copy_from_user(&c, arg, sizeof(c)))
		return -EFAULT;
	if (memchr_inv(c.reserved, 0, sizeof(c.reserved)))
		return -EINVAL;
	index = c.index;
	c = (struct diuna_channel) { .index = index };

	mutex_lock(&dd->lock);
	if (index < dd->layout.channels) {
		const struct diuna_wiring *w;

		/* also where the CPU only thinks that it gets here */
		index = array_index_nospec(index, dd->layout.channels);
		w = &dd->strips[index].wiring;
		c.pixels = w->pixels;
		c.components = w->order.components;
		c.offset = dd->layout.offset[index];
		c.flags = w->inverted ? DIUNA_CHANNEL_INVERTED : 0;
		c.bit_ns = w->timing.bit_ns;
		c.reset_ns = w->timing.reset_ns;
		c.symbol_0 = w->timing.symbols.zero;
		c.symbol_1 = w->timing.symbols.one;
		strscpy(c.order, w->order.name, sizeof(c.order));
		strscpy(c.chip, w->timing.name, sizeof(c.chip));
		strscpy(c.label, w->label, sizeof(c.label));
	}
	mutex_unlock(&dd->lock);
	if (!c.pixels)
		return -EINVAL;
	return copy_to_user(arg, &c, sizeof(c)) ? -EFAULT : 0;
}

static int diuna_ioctl_set_brightness(struct diuna_device *dd, const void __user *arg)
{
	struct diuna_brightness b;

	if (copy_from_user(&b, arg, sizeof(b)))
		return -EFAULT;
	if (memchr_inv(b.reserved, 0, sizeof(b.reserved)) || b.brightness > DIUNA_MAX_BRIGHTNESS)
		return -EINVAL;
	diuna_frame_set_brightness(dd, b.brightness);
	return 0;
}

static int diuna_ioctl_set_lut(struct diuna_device *dd, const void __user *arg)
{
	struct diuna_lut *lut;
	int err = 0;

	lut = memdup_user(arg, sizeof(*lut));
	if (IS_ERR(lut))
		return PTR_ERR(lut);
	if (memchr_inv(lut->reserved, 0, sizeof(lut->reserved)) ||
	    (lut->channel >= dd->layout.channels && lut->channel != DIUNA_ALL_CHANNELS))
		err = -EINVAL;
	else
		diuna_frame_set_lut(dd, lut->channel, lut->table);
	kfree(lut);
	return err;
}

static int diuna_ioctl_set_mode(struct diuna_file *f, const void __user *arg)
{
	struct diuna_mode m;

	if (copy_from_user(&m, arg, sizeof(m)))
		return -EFAULT;
	if (memchr_inv(m.reserved, 0, sizeof(m.reserved)) || m.mode > DIUNA_MODE_MAILBOX)
		return -EINVAL;
	WRITE_ONCE(f->mailbox, m.mode == DIUNA_MODE_MAILBOX);
	return 0;
}

/* Is this the first byte of a pixel, or the end of the frame? */
static bool diuna_on_pixel(const struct diuna_device *dd, u32 offset)
{
	for (u32 i = dd->layout.channels; i--;) {
		u32 start = dd->layout.offset[i];

		if (offset >= start)
			return (offset - start) % dd->strips[i].wiring.order.components == 0;
	}
	return false;
}

static int diuna_ioctl_submit(struct diuna_file *f, const void __user *arg, enum diuna_wait wait)
{
	struct diuna_device *dd = f->dd;
	struct diuna_request r = {
		.file = f,
		.pixels = f->submit,
	};
	struct diuna_submit s;
	int err;

	if (copy_from_user(&s, arg, sizeof(s)))
		return -EFAULT;
	if (memchr_inv(s.reserved, 0, sizeof(s.reserved)) || s.flags || !s.length ||
	    s.offset > dd->layout.frame_bytes || s.length > dd->layout.frame_bytes - s.offset ||
	    !diuna_on_pixel(dd, s.offset) || !diuna_on_pixel(dd, s.offset + s.length))
		return -EINVAL;
	if (s.present_ns > ktime_get_ns() + DIUNA_PRESENT_AHEAD_MAX_NS)
		return -EINVAL;
	r.offset = s.offset;
	r.length = s.length;
	r.cookie = s.cookie;
	r.present_ns = s.present_ns;

	err = diuna_gate_enter(&f->write, wait);
	if (err)
		return err;
	r.mailbox = f->mailbox;
	/* as in diuna_write_piece(): spares the copy, decides nothing */
	if (wait == DIUNA_WAIT_NONE && !diuna_queue_room(dd, r.mailbox))
		err = diuna_queue_gone(dd) ? -ENODEV : -EAGAIN;
	else if (copy_from_user(f->submit, u64_to_user_ptr(s.pixels), s.length))
		err = -EFAULT;
	else
		err = diuna_queue_submit(dd, &r, wait);
	if (!err)
		f->whole = true;
	if (diuna_gate_leave(&f->write))
		diuna_queue_wake_writers(dd);
	return err;
}

static long diuna_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct diuna_file *f = file->private_data;
	void __user *p = (void __user *)arg;

	if (diuna_queue_gone(f->dd))
		return -ENODEV;
	switch (cmd) {
	case DIUNA_IOC_GET_INFO:
		return diuna_ioctl_get_info(f->dd, p);
	case DIUNA_IOC_GET_CHANNEL:
		return diuna_ioctl_get_channel(f->dd, p);
	case DIUNA_IOC_SET_BRIGHTNESS:
	case DIUNA_IOC_SET_LUT:
	case DIUNA_IOC_SET_MODE:
	case DIUNA_IOC_SUBMIT:
		break;
	default:
		return -ENOTTY;
	}

	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	switch (cmd) {
	case DIUNA_IOC_SET_BRIGHTNESS:
		return diuna_ioctl_set_brightness(f->dd, p);
	case DIUNA_IOC_SET_LUT:
		return diuna_ioctl_set_lut(f->dd, p);
	case DIUNA_IOC_SET_MODE:
		return diuna_ioctl_set_mode(f, p);
	default:
		return diuna_ioctl_submit(f, p, file->f_flags & O_NONBLOCK ?
						DIUNA_WAIT_NONE : DIUNA_WAIT_SIGNAL);
	}
}

const struct file_operations diuna_fops = {
	.owner = THIS_MODULE,
	.open = diuna_open,
	.release = diuna_release,
	.write_iter = diuna_write_iter,
	.read_iter = diuna_read_iter,
	.splice_write = iter_file_splice_write,
	.splice_read = diuna_splice_read,
	.fsync = diuna_fsync,
	.poll = diuna_poll,
	.unlocked_ioctl = diuna_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
