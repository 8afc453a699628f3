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

struct class diuna_class = {
	.name = "diuna",
};

static void diuna_free_memory(struct diuna_device *dd)
{
	for (int i = 0; i < DIUNA_SLOTS; i++)
		dd->ops->free(dd->output, &dd->queue.slot[i].transfer);
	kvfree(dd->last);
	dd->last = NULL;
}

static int diuna_alloc_memory(struct diuna_device *dd)
{
	u32 count = dd->layout.words * dd->layout.channels;
	int err;

	dd->last = kvzalloc(dd->layout.frame_bytes, GFP_KERNEL);
	if (!dd->last)
		return -ENOMEM;
	for (int i = 0; i < DIUNA_SLOTS; i++) {
		dd->queue.slot[i].transfer.count = count;
		err = dd->ops->alloc(dd->output, &dd->queue.slot[i].transfer);
		if (err) {
			diuna_free_memory(dd);
			return err;
		}
	}
	return 0;
}

static void diuna_release_device(struct device *dev)
{
	struct diuna_device *dd = container_of(dev, struct diuna_device, dev);

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
	*ret_wiring = w;
	return 0;
}

struct diuna_device *diuna_register(struct device *parent, const struct diuna_output_ops *ops,
				    void *output, const struct diuna_wiring *wiring, u32 channels)
{
	struct diuna_device *dd;
	int err, minor;

	dd = kzalloc(sizeof(*dd), GFP_KERNEL);
	if (!dd)
		return ERR_PTR(-ENOMEM);
	dd->ops = ops;
	dd->output = output;
	mutex_init(&dd->lock);
	spin_lock_init(&dd->look_lock);
	dd->brightness = DIUNA_MAX_BRIGHTNESS;
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
		dd->strips[i].wiring = wiring[i];
		diuna_table_identity_lut(dd->strips[i].lut);
	}
	err = diuna_layout_compute(dd->strips, channels, &ops->limits, &dd->layout);
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
	err = diuna_sysfs_init(dd);
	if (err)
		goto err_minor;
	err = ops->configure(output, &dd->layout);
	if (err)
		goto err_minor;
	err = diuna_alloc_memory(dd);
	if (err)
		goto err_minor;

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
	return 0;

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
