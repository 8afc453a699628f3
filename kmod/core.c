// SPDX-License-Identifier: GPL-2.0-only
/*
 * core.c - devices: from registration to the last reference
 */

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "output.h"

static dev_t diuna_devt;
static DEFINE_IDA(diuna_minors);

static struct diuna_device *to_diuna(struct device *dev)
{
	return container_of(dev, struct diuna_device, dev);
}

/*
 * Sleep and shutdown are the class's: the device comes before its parent, so
 * that the strips are black before the hardware goes.
 */
static int diuna_suspend(struct device *dev)
{
	struct diuna_device *dd = to_diuna(dev);

	mutex_lock(&dd->lock);
	diuna_queue_hold(dd, false);
	if (diuna_queue_blank(dd))
		dev_warn(dev->parent, "the strips could not be made black\n");
	dd->ops->stop(dd->output);
	mutex_unlock(&dd->lock);
	return 0;
}

static int diuna_resume(struct device *dev)
{
	struct diuna_device *dd = to_diuna(dev);

	mutex_lock(&dd->lock);
	diuna_queue_unhold(dd);
	mutex_unlock(&dd->lock);
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(diuna_pm, diuna_suspend, diuna_resume);

static int diuna_shutdown(struct device *dev)
{
	return diuna_suspend(dev);
}

struct class diuna_class = {
	.name = "diuna",
	.pm = pm_sleep_ptr(&diuna_pm),
	.shutdown_pre = diuna_shutdown,
};

/* All that has to be as large as the layout says */
struct diuna_memory {
	u8 *last;
	struct diuna_transfer transfer[DIUNA_SLOTS];
};

static void diuna_memory_free(struct diuna_device *dd, struct diuna_memory *m)
{
	for (int i = 0; i < DIUNA_SLOTS; i++)
		dd->ops->free(dd->output, &m->transfer[i]);
	kvfree(m->last);
}

static int diuna_memory_alloc(struct diuna_device *dd, const struct diuna_layout *layout,
			      struct diuna_memory *m)
{
	int err = -ENOMEM;

	*m = (struct diuna_memory) { .last = kvzalloc(layout->frame_bytes, GFP_KERNEL) };
	for (int i = 0; m->last && i < DIUNA_SLOTS; i++) {
		m->transfer[i].dd = dd;
		m->transfer[i].count = layout->words * layout->channels;
		err = dd->ops->alloc(dd->output, &m->transfer[i]);
		if (err)
			break;
	}
	if (err)
		diuna_memory_free(dd, m);
	return err;
}

/* Exchange the device's memory with other memory; nobody else uses it */
static void diuna_memory_swap(struct diuna_device *dd, struct diuna_memory *m)
{
	swap(dd->last, m->last);
	for (int i = 0; i < DIUNA_SLOTS; i++)
		swap(dd->queue.slot[i].transfer, m->transfer[i]);
}

/* Make the backend and the memory fit a layout, or leave all as it is */
static int diuna_set_layout(struct diuna_device *dd, const struct diuna_layout *layout)
{
	struct diuna_memory m;
	int err;

	err = diuna_memory_alloc(dd, layout, &m);
	if (err)
		return err;
	err = dd->ops->configure(dd->output, layout);
	if (!err) {
		diuna_memory_swap(dd, &m);
		dd->layout = *layout;
	}
	diuna_memory_free(dd, &m);
	return err;
}

static void diuna_free_memory(struct diuna_device *dd)
{
	struct diuna_memory m = { };

	diuna_memory_swap(dd, &m);
	diuna_memory_free(dd, &m);
}

static void diuna_release_device(struct device *dev)
{
	struct diuna_device *dd = to_diuna(dev);

	diuna_sysfs_fini(dd);
	kvfree(dd->strips);
	kfree(dd);
}

int diuna_wiring_parse(struct diuna_wiring *ret_wiring, u32 pixels, const char *order,
		       const char *chip)
{
	const struct diuna_timing *timing = diuna_timing_find(chip);
	struct diuna_wiring w = { .pixels = pixels };
	int err;

	if (!timing || !pixels || pixels > DIUNA_MAX_PIXELS)
		return -EINVAL;
	err = diuna_order_parse(order, &w.order);
	if (err)
		return err;
	w.timing = *timing;
	w.power = (struct diuna_power) {
		.idle_ua = DIUNA_DEFAULT_IDLE_UA,
		.ua = { [0 ... DIUNA_COLORS - 1] = DIUNA_DEFAULT_COMPONENT_UA },
	};
	*ret_wiring = w;
	return 0;
}

int diuna_rewire(struct diuna_device *dd, u32 channel, const struct diuna_wiring *wiring)
{
	const struct diuna_wiring *all[DIUNA_MAX_CHANNELS];
	const u32 channels = dd->layout.channels;
	struct diuna_layout layout;
	int err;

	if (dd->writers)
		return -EBUSY;
	for (u32 i = 0; i < channels; i++)
		all[i] = i == channel ? wiring : &dd->strips[i].wiring;
	err = diuna_layout_compute(all, channels, &dd->ops->limits, &layout);
	if (err)
		return err;
	err = diuna_queue_hold(dd, true);
	if (err)
		return err;
	/* all pixels black before some of them may be beyond the new end */
	diuna_queue_blank(dd);

	err = diuna_set_layout(dd, &layout);
	if (!err)
		dd->strips[channel].wiring = *wiring;
	diuna_frame_wiring_changed(dd);
	diuna_queue_unhold(dd);
	return err;
}

struct diuna_device *diuna_register(struct device *parent, const struct diuna_output_ops *ops,
				    void *output, const struct diuna_wiring *wiring, u32 channels,
				    const struct diuna_look *look)
{
	const struct diuna_wiring *all[DIUNA_MAX_CHANNELS];
	struct diuna_layout layout;
	struct diuna_device *dd;
	bool limited = look->limit_ma;
	int err, minor;

	if (!channels || channels > DIUNA_MAX_CHANNELS)
		return ERR_PTR(-EINVAL);
	dd = kzalloc(sizeof(*dd), GFP_KERNEL);
	if (!dd)
		return ERR_PTR(-ENOMEM);
	dd->ops = ops;
	dd->output = output;
	mutex_init(&dd->lock);
	spin_lock_init(&dd->look_lock);
	dd->look = *look;
	dd->look_changed = true;
	diuna_queue_init(dd);
	device_initialize(&dd->dev);
	dd->dev.class = &diuna_class;
	dd->dev.parent = parent;
	dd->dev.release = diuna_release_device;

	err = -ENOMEM;
	dd->strips = kvcalloc(channels, sizeof(*dd->strips), GFP_KERNEL);
	if (!dd->strips)
		goto err_put;
	for (u32 i = 0; i < channels; i++) {
		struct diuna_strip *s = &dd->strips[i];

		all[i] = &wiring[i];
		s->wiring = wiring[i];
		s->power = wiring[i].power;
		limited |= s->power.limit_ma;
		diuna_table_identity_lut(s->lut);
	}
	err = diuna_layout_compute(all, channels, &ops->limits, &layout);
	if (err) {
		dev_err(parent, "this wiring does not go on one controller: the chips of all channels must have the same bit rate\n");
		goto err_put;
	}

	minor = ida_alloc_max(&diuna_minors, DIUNA_MAX_DEVICES - 1, GFP_KERNEL);
	if (minor < 0) {
		err = minor;
		goto err_put;
	}
	dd->minor = minor;
	dd->dev.devt = MKDEV(MAJOR(diuna_devt), minor);
	err = minor ? dev_set_name(&dd->dev, "diuna%d", minor) : dev_set_name(&dd->dev, "diuna");
	if (err)
		goto err_minor;
	err = diuna_set_layout(dd, &layout);
	if (err)
		goto err_minor;
	err = diuna_sysfs_init(dd);
	if (err)
		goto err_memory;
	if (!limited)
		dev_warn(parent, "no power limit is set: see power_limit_ma\n");

	err = diuna_queue_blank(dd);
	if (err)
		dev_warn(parent, "the first frame failed: error %d\n", err);

	cdev_init(&dd->cdev, &diuna_fops);
	dd->cdev.owner = THIS_MODULE;
	err = cdev_device_add(&dd->cdev, &dd->dev);
	if (err)
		goto err_queue;
	diuna_debugfs_add(dd);
	return dd;

err_queue:
	diuna_queue_remove(dd);
err_memory:
	diuna_free_memory(dd);
err_minor:
	ida_free(&diuna_minors, minor);
err_put:
	put_device(&dd->dev);
	return ERR_PTR(err);
}

void diuna_unregister(struct diuna_device *dd)
{
	unsigned int minor = dd->minor;

	/* in this order: nobody new, those who wait leave, then the hardware rests */
	cdev_device_del(&dd->cdev, &dd->dev);
	diuna_queue_remove(dd);
	diuna_debugfs_remove(dd);
	/* a call that got in before may still read the layout, but not what is freed here */
	diuna_free_memory(dd);
	ida_free(&diuna_minors, minor);
	put_device(&dd->dev);
}

static int __init diuna_init(void)
{
	int err;

	err = alloc_chrdev_region(&diuna_devt, 0, DIUNA_MAX_DEVICES, "diuna");
	if (err)
		return err;
	err = class_register(&diuna_class);
	if (err)
		goto err_region;
	diuna_debugfs_init();
	err = diuna_sim_init();
	if (err)
		goto err_debugfs;
	err = diuna_pwm_init();
	if (err)
		goto err_sim;
	err = diuna_spi_init();
	if (err)
		goto err_pwm;
	return 0;

err_pwm:
	diuna_pwm_exit();
err_sim:
	diuna_sim_exit();
err_debugfs:
	diuna_debugfs_exit();
	class_unregister(&diuna_class);
err_region:
	unregister_chrdev_region(diuna_devt, DIUNA_MAX_DEVICES);
	return err;
}

static void __exit diuna_exit(void)
{
	diuna_spi_exit();
	diuna_pwm_exit();
	diuna_sim_exit();
	diuna_debugfs_exit();
	class_unregister(&diuna_class);
	unregister_chrdev_region(diuna_devt, DIUNA_MAX_DEVICES);
	ida_destroy(&diuna_minors);
}

module_init(diuna_init);
module_exit(diuna_exit);

MODULE_DESCRIPTION("WS281x LED strips");
MODULE_LICENSE("GPL");
