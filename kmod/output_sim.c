// SPDX-License-Identifier: GPL-2.0-only
/*
 * output_sim.c - simulated controllers: they take the time that a wire would
 * take, and give back in debugfs every word that they were handed
 */

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kref.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "diuna.h"

#define DIUNA_SIM_NAME			"diuna-sim"
#define DIUNA_SIM_DEFAULT_PIXELS	60
#define DIUNA_SIM_MAX_HISTORY		65536
/* Words of all transfers that a device remembers; the last one always fits */
#define DIUNA_SIM_MAX_HISTORY_WORDS	(4U << 20)
/* A transfer started within this time after the last one follows it without a gap */
#define DIUNA_SIM_FIFO_WORDS		1
/* How late the fault "late" is: less than what makes it a time-out */
#define DIUNA_SIM_LATE_NS		(50 * NSEC_PER_MSEC)

static unsigned int sim;
module_param(sim, uint, 0444);
MODULE_PARM_DESC(sim, "number of simulated controllers");

static unsigned int sim_pixels[DIUNA_MAX_CHANNELS];
static unsigned int sim_pixels_count;
module_param_array(sim_pixels, uint, &sim_pixels_count, 0444);
MODULE_PARM_DESC(sim_pixels, "pixels of each channel of a simulated controller, such as 51,68");

static char *sim_order[DIUNA_MAX_CHANNELS];
static unsigned int sim_order_count;
module_param_array(sim_order, charp, &sim_order_count, 0444);
MODULE_PARM_DESC(sim_order, "colour order of each channel (GRB)");

static char *sim_chip[DIUNA_MAX_CHANNELS];
static unsigned int sim_chip_count;
module_param_array(sim_chip, charp, &sim_chip_count, 0444);
MODULE_PARM_DESC(sim_chip, "chip of each channel (ws2812b)");

static unsigned int sim_inverted[DIUNA_MAX_CHANNELS];
static unsigned int sim_inverted_count;
module_param_array(sim_inverted, uint, &sim_inverted_count, 0444);
MODULE_PARM_DESC(sim_inverted, "1 for each channel whose signal is inverted (0)");

static unsigned int sim_power_limit_ma;
module_param(sim_power_limit_ma, uint, 0444);
MODULE_PARM_DESC(sim_power_limit_ma, "power limit of each simulated controller (0: none)");

static unsigned int sim_history = 64;
module_param(sim_history, uint, 0444);
MODULE_PARM_DESC(sim_history, "transfers remembered by each simulated controller (64)");

static struct diuna_wiring sim_wiring[DIUNA_MAX_CHANNELS];
static unsigned int sim_channels;
static struct platform_device *sim_devices[DIUNA_MAX_DEVICES];

/* What can be made to go wrong with the next transfers, by debugfs */
enum sim_fault {
	SIM_FAULT_NONE,
	SIM_FAULT_HANG,
	SIM_FAULT_FAIL,
	SIM_FAULT_LATE,
	SIM_FAULT_SHORT,
};

static const char *const sim_fault_names[] = {
	[SIM_FAULT_NONE] = "none",
	[SIM_FAULT_HANG] = "hang",
	[SIM_FAULT_FAIL] = "fail",
	[SIM_FAULT_LATE] = "late",
	[SIM_FAULT_SHORT] = "short",
};

/* One transfer as it was; done_ns is 0 while it is on the wire */
struct sim_entry {
	u64 seq;
	u32 count;
	u64 started_ns;
	u64 done_ns;
};

/**
 * struct sim_history - transfers of one device, the last ones
 * @ref: the device, open files, and sim_removed
 * @lock: guards @total, @entries and @words
 * @channels: constant, as all below
 * @symbol_ps: time of a symbol
 * @count: words of a transfer
 * @capacity: how many are kept
 * @total: transfers so far; transfer i lies in slot i % @capacity
 * @words: @capacity * @count
 * @entries: the rest of them
 */
struct sim_history {
	struct kref ref;
	spinlock_t lock; /* total, entries, words */
	u32 channels;
	u32 symbol_ps;
	u32 count;
	u32 capacity;
	u64 total;
	u32 *words;
	struct sim_entry entries[];
};

/* What is left of the device removed last, under the mutex */
static DEFINE_MUTEX(sim_removed_lock);
static struct sim_history *sim_removed;

/**
 * struct sim_device - a simulated controller
 * @dd: the device made of it; not there yet when the first files are opened
 * @timer: fires when the last word is out
 * @transfer: what is on the wire; written by start() under the queue's lock
 * @end_ns: when the last word is, or was, out
 * @wire_ns: time of a transfer
 * @fifo_ns: a gap so short is none
 * @fault_lock: guards @fault and @fault_count
 * @fault: what goes wrong with the next @fault_count transfers
 * @fault_count: how many
 * @running: the fault of the transfer on the wire, as @transfer
 * @history_lock: keeps @history while a file is opened
 * @history: what was sent; replaced by configure() only
 */
struct sim_device {
	struct diuna_device *dd;
	struct hrtimer timer;
	struct diuna_transfer *transfer;
	u64 end_ns;
	u64 wire_ns;
	u64 fifo_ns;
	spinlock_t fault_lock; /* fault, fault_count */
	enum sim_fault fault;
	u32 fault_count;
	enum sim_fault running;
	struct mutex history_lock; /* history */
	struct sim_history *history;
};

static struct sim_history *sim_history_create(const struct diuna_layout *layout)
{
	u32 count = layout->words * layout->channels;
	u32 capacity = clamp(DIUNA_SIM_MAX_HISTORY_WORDS / count, 1U, sim_history);
	struct sim_history *h;

	h = kvzalloc(struct_size(h, entries, capacity), GFP_KERNEL);
	if (!h)
		return NULL;
	h->words = kvcalloc(capacity, count * sizeof(*h->words), GFP_KERNEL);
	if (!h->words) {
		kvfree(h);
		return NULL;
	}
	kref_init(&h->ref);
	spin_lock_init(&h->lock);
	h->channels = layout->channels;
	h->symbol_ps = layout->symbol_ps;
	h->count = count;
	h->capacity = capacity;
	return h;
}

static void sim_history_free(struct kref *ref)
{
	struct sim_history *h = container_of(ref, struct sim_history, ref);

	kvfree(h->words);
	kvfree(h);
}

static void sim_history_put(struct sim_history *h)
{
	if (h)
		kref_put(&h->ref, sim_history_free);
}

static u32 sim_history_slot(const struct sim_history *h, u64 index)
{
	u32 slot;

	div_u64_rem(index, h->capacity, &slot);
	return slot;
}

static void sim_history_start(struct sim_history *h, const struct diuna_transfer *t, u32 count)
{
	unsigned long flags;
	u32 i;

	spin_lock_irqsave(&h->lock, flags);
	i = sim_history_slot(h, h->total++);
	h->entries[i] = (struct sim_entry) {
		.seq = t->seq,
		.count = count,
		.started_ns = t->started_ns,
	};
	memcpy(h->words + (size_t)i * h->count, t->words, h->count * sizeof(*h->words));
	spin_unlock_irqrestore(&h->lock, flags);
}

static void sim_history_done(struct sim_history *h, u64 done_ns)
{
	unsigned long flags;

	spin_lock_irqsave(&h->lock, flags);
	h->entries[sim_history_slot(h, h->total - 1)].done_ns = done_ns;
	spin_unlock_irqrestore(&h->lock, flags);
}

/* Reading: a line that describes, then a line for each transfer that is still there */
struct sim_reader {
	struct sim_history *history;
	u64 first;
	u64 end;
	u32 *words;
};

static void *sim_seq_start(struct seq_file *m, loff_t *pos)
{
	struct sim_reader *r = m->private;

	return *pos <= r->end - r->first ? pos : NULL;
}

static void *sim_seq_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return sim_seq_start(m, pos);
}

static void sim_seq_stop(struct seq_file *m, void *v)
{
}

static int sim_seq_show(struct seq_file *m, void *v)
{
	struct sim_reader *r = m->private;
	struct sim_history *h = r->history;
	loff_t line = *(loff_t *)v;
	struct sim_entry entry;
	bool there;
	u64 index;
	u32 i;

	if (!line) {
		seq_printf(m, "# diuna-sim 1 channels=%u symbol_ps=%u lost=%llu\n", h->channels,
			   h->symbol_ps, r->first);
		return 0;
	}
	index = r->first + line - 1;
	i = sim_history_slot(h, index);
	spin_lock_irq(&h->lock);
	there = index + h->capacity >= h->total;
	entry = h->entries[i];
	memcpy(r->words, h->words + (size_t)i * h->count, h->count * sizeof(*h->words));
	spin_unlock_irq(&h->lock);
	if (!there)
		return SEQ_SKIP;

	seq_printf(m, "seq=%llu started=%llu done=%llu words=%u", entry.seq, entry.started_ns,
		   entry.done_ns, entry.count);
	for (i = 0; i < entry.count; i++)
		seq_printf(m, " %08x", r->words[i]);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations sim_seq_ops = {
	.start = sim_seq_start,
	.next = sim_seq_next,
	.stop = sim_seq_stop,
	.show = sim_seq_show,
};

/* Takes over the caller's reference, also when it fails */
static int sim_history_open(struct file *file, struct sim_history *h, u64 most)
{
	struct sim_reader *r;

	r = __seq_open_private(file, &sim_seq_ops, sizeof(*r));
	if (!r)
		goto err_put;
	r->words = kvmalloc_array(h->count, sizeof(*r->words), GFP_KERNEL);
	if (!r->words)
		goto err_release;
	r->history = h;
	spin_lock_irq(&h->lock);
	r->end = h->total;
	spin_unlock_irq(&h->lock);
	r->first = r->end - min3(r->end, (u64)h->capacity, most);
	return 0;

err_release:
	seq_release_private(file_inode(file), file);
err_put:
	sim_history_put(h);
	return -ENOMEM;
}

static int sim_history_release(struct inode *inode, struct file *file)
{
	struct sim_reader *r = ((struct seq_file *)file->private_data)->private;

	kvfree(r->words);
	sim_history_put(r->history);
	return seq_release_private(inode, file);
}

static int sim_device_history_open(struct inode *inode, struct file *file, u64 most)
{
	struct sim_device *s = inode->i_private;
	struct sim_history *h;

	mutex_lock(&s->history_lock);
	h = s->history;
	kref_get(&h->ref);
	mutex_unlock(&s->history_lock);
	return sim_history_open(file, h, most);
}

static int history_open(struct inode *inode, struct file *file)
{
	return sim_device_history_open(inode, file, U64_MAX);
}

static int symbols_open(struct inode *inode, struct file *file)
{
	return sim_device_history_open(inode, file, 1);
}

static int removed_open(struct inode *inode, struct file *file)
{
	struct sim_history *h;

	mutex_lock(&sim_removed_lock);
	h = sim_removed;
	if (h)
		kref_get(&h->ref);
	mutex_unlock(&sim_removed_lock);
	return h ? sim_history_open(file, h, U64_MAX) : -ENODATA;
}

#define SIM_HISTORY_FOPS(_name)				\
static const struct file_operations _name##_fops = {	\
	.owner = THIS_MODULE,				\
	.open = _name##_open,				\
	.read = seq_read,				\
	.llseek = seq_lseek,				\
	.release = sim_history_release,			\
}

SIM_HISTORY_FOPS(history);
SIM_HISTORY_FOPS(symbols);
SIM_HISTORY_FOPS(removed);

static int fault_show(struct seq_file *m, void *v)
{
	struct sim_device *s = m->private;
	enum sim_fault fault;
	u32 count;

	spin_lock_irq(&s->fault_lock);
	fault = s->fault;
	count = s->fault_count;
	spin_unlock_irq(&s->fault_lock);
	if (count)
		seq_printf(m, "%s %u\n", sim_fault_names[fault], count);
	else
		seq_puts(m, "none\n");
	return 0;
}

/* A fault, and for how many transfers: one if not said */
static ssize_t fault_write(struct file *file, const char __user *buf, size_t size, loff_t *pos)
{
	struct sim_device *s = ((struct seq_file *)file->private_data)->private;
	char line[32], *rest = line, *name;
	u32 count = 1;
	int fault;

	if (size >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, size))
		return -EFAULT;
	line[size] = '\0';
	name = strsep(&rest, " ");
	fault = sysfs_match_string(sim_fault_names, name);
	if (fault < 0 || (rest && kstrtou32(rest, 10, &count)))
		return -EINVAL;

	spin_lock_irq(&s->fault_lock);
	s->fault = fault;
	s->fault_count = fault == SIM_FAULT_NONE ? 0 : count;
	spin_unlock_irq(&s->fault_lock);
	return size;
}

static int fault_open(struct inode *inode, struct file *file)
{
	return single_open(file, fault_show, inode->i_private);
}

static const struct file_operations fault_fops = {
	.owner = THIS_MODULE,
	.open = fault_open,
	.read = seq_read,
	.write = fault_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static enum hrtimer_restart sim_timer(struct hrtimer *timer)
{
	struct sim_device *s = container_of(timer, struct sim_device, timer);
	u64 now = ktime_get_ns();

	sim_history_done(s->history, now);
	diuna_transfer_done(s->transfer, s->running == SIM_FAULT_SHORT ? -EIO : 0, now);
	return HRTIMER_NORESTART;
}

static int sim_configure(void *output, const struct diuna_layout *layout)
{
	struct sim_device *s = output;
	struct sim_history *old, *h = sim_history_create(layout);

	if (!h)
		return -ENOMEM;
	mutex_lock(&s->history_lock);
	old = s->history;
	s->history = h;
	mutex_unlock(&s->history_lock);
	sim_history_put(old);
	s->wire_ns = layout->wire_ns;
	s->fifo_ns = diuna_words_ns(DIUNA_SIM_FIFO_WORDS, layout->symbol_ps);
	return 0;
}

static int sim_alloc(void *output, struct diuna_transfer *t)
{
	t->words = kvcalloc(t->count, sizeof(*t->words), GFP_KERNEL);
	return t->words ? 0 : -ENOMEM;
}

static void sim_free(void *output, struct diuna_transfer *t)
{
	kvfree(t->words);
	t->words = NULL;
}

static enum sim_fault sim_take_fault(struct sim_device *s)
{
	enum sim_fault fault = SIM_FAULT_NONE;
	unsigned long flags;

	spin_lock_irqsave(&s->fault_lock, flags);
	if (s->fault_count) {
		s->fault_count--;
		fault = s->fault;
	}
	spin_unlock_irqrestore(&s->fault_lock, flags);
	return fault;
}

static int sim_start(void *output, struct diuna_transfer *t)
{
	struct sim_device *s = output;
	u64 now = ktime_get_ns();
	u64 wire_ns = s->wire_ns;
	u32 count = t->count;

	s->running = sim_take_fault(s);
	switch (s->running) {
	case SIM_FAULT_FAIL:
		/* not EIO: what users are told is not the backend's business */
		return -EBUSY;
	case SIM_FAULT_LATE:
		wire_ns += DIUNA_SIM_LATE_NS;
		break;
	case SIM_FAULT_SHORT:
		wire_ns /= 2;
		count /= 2;
		break;
	default:
		break;
	}

	/*
	 * The wire's own time, not the timer's latency: as words in a FIFO do,
	 * a transfer that comes in time follows the last one without a gap.
	 */
	if (now - s->end_ns > s->fifo_ns)
		s->end_ns = now;
	s->end_ns += wire_ns;
	s->transfer = t;
	sim_history_start(s->history, t, count);
	if (s->running != SIM_FAULT_HANG)
		hrtimer_start(&s->timer, ns_to_ktime(s->end_ns), HRTIMER_MODE_ABS);
	return 0;
}

static void sim_stop(void *output)
{
	struct sim_device *s = output;

	hrtimer_cancel(&s->timer);
}

static void sim_debugfs(void *output, struct dentry *dir)
{
	debugfs_create_file("history", 0400, dir, output, &history_fops);
	debugfs_create_file("symbols", 0400, dir, output, &symbols_fops);
	debugfs_create_file("fault", 0600, dir, output, &fault_fops);
}

static const struct diuna_output_ops sim_ops = {
	.name = "sim",
	.backend = DIUNA_BACKEND_SIM,
	.limits = {
		.channels = DIUNA_MAX_CHANNELS,
		.lead_words = 1,
		.drain_words = 1,
		.done_accuracy_words = 1,
	},
	.configure = sim_configure,
	.alloc = sim_alloc,
	.free = sim_free,
	.start = sim_start,
	.stop = sim_stop,
	.debugfs = sim_debugfs,
};

static void sim_keep_history(void *data)
{
	struct sim_device *s = data;

	mutex_lock(&sim_removed_lock);
	sim_history_put(sim_removed);
	sim_removed = s->history;
	mutex_unlock(&sim_removed_lock);
}

static void sim_unregister(void *data)
{
	struct sim_device *s = data;

	diuna_unregister(s->dd);
}

static int sim_probe(struct platform_device *pdev)
{
	const struct diuna_look look = {
		.brightness = DIUNA_MAX_BRIGHTNESS,
		.limit_ma = sim_power_limit_ma,
	};
	struct device *dev = &pdev->dev;
	struct sim_device *s;
	int err;

	s = devm_kzalloc(dev, sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	mutex_init(&s->history_lock);
	spin_lock_init(&s->fault_lock);
	diuna_hrtimer_setup(&s->timer, sim_timer);
	err = devm_add_action_or_reset(dev, sim_keep_history, s);
	if (err)
		return err;
	s->dd = diuna_register(dev, &sim_ops, s, sim_wiring, sim_channels, &look);
	if (IS_ERR(s->dd))
		return PTR_ERR(s->dd);
	return devm_add_action_or_reset(dev, sim_unregister, s);
}

static struct platform_driver sim_driver = {
	.probe = sim_probe,
	.driver = {
		.name = DIUNA_SIM_NAME,
	},
};

static int __init sim_parse_parameters(void)
{
	if (sim > DIUNA_MAX_DEVICES || !sim_history || sim_history > DIUNA_SIM_MAX_HISTORY ||
	    sim_power_limit_ma > DIUNA_MAX_POWER_LIMIT_MA) {
		pr_err("diuna: sim may be 0 to %u, sim_history 1 to %u, sim_power_limit_ma 0 to %u\n",
		       DIUNA_MAX_DEVICES, DIUNA_SIM_MAX_HISTORY, DIUNA_MAX_POWER_LIMIT_MA);
		return -EINVAL;
	}
	if (!sim_pixels_count)
		sim_pixels[sim_pixels_count++] = DIUNA_SIM_DEFAULT_PIXELS;
	if (sim_order_count > sim_pixels_count || sim_chip_count > sim_pixels_count ||
	    sim_inverted_count > sim_pixels_count) {
		pr_err("diuna: sim_pixels names fewer channels than another parameter\n");
		return -EINVAL;
	}
	for (; sim_channels < sim_pixels_count; sim_channels++) {
		const unsigned int i = sim_channels;
		const char *order = i < sim_order_count ? sim_order[i] : "GRB";
		const char *chip = i < sim_chip_count ? sim_chip[i] : "ws2812b";

		if (diuna_wiring_parse(&sim_wiring[i], sim_pixels[i], order, chip)) {
			pr_err("diuna: channel %u: %u pixels (1 to %u), order %s (of RGB or RGBW), chip %s: one of these is unknown\n",
			       i, sim_pixels[i], DIUNA_MAX_PIXELS, order, chip);
			return -EINVAL;
		}
		if (sim_inverted[i] > 1) {
			pr_err("diuna: channel %u: sim_inverted may be 0 or 1\n", i);
			return -EINVAL;
		}
		sim_wiring[i].inverted = sim_inverted[i];
	}
	return 0;
}

static void sim_unregister_devices(void)
{
	for (unsigned int i = 0; i < sim; i++)
		platform_device_unregister(sim_devices[i]);
}

int __init diuna_sim_init(void)
{
	int err;

	err = sim_parse_parameters();
	if (err)
		return err;
	err = platform_driver_register(&sim_driver);
	if (err)
		return err;
	for (unsigned int i = 0; i < sim; i++) {
		sim_devices[i] = platform_device_register_simple(DIUNA_SIM_NAME, i, NULL, 0);
		if (IS_ERR(sim_devices[i])) {
			err = PTR_ERR(sim_devices[i]);
			sim = i;
			goto err_devices;
		}
	}
	debugfs_create_file("removed", 0400, diuna_debugfs_root(), NULL, &removed_fops);
	return 0;

err_devices:
	sim_unregister_devices();
	platform_driver_unregister(&sim_driver);
	sim_history_put(sim_removed);
	return err;
}

void diuna_sim_exit(void)
{
	sim_unregister_devices();
	platform_driver_unregister(&sim_driver);
	/* the file goes with the module's directory, its readers hold the module */
	sim_history_put(sim_removed);
}
