// SPDX-License-Identifier: GPL-2.0-only
/*
 * debugfs.c - /sys/kernel/debug/diuna/: what a developer wants to see
 */

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/slab.h>

#include "diuna.h"

static struct dentry *diuna_debugfs_dir;

/* Bytes of the frame submitted last, a whole one of one moment in each read */
static ssize_t last_frame_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct diuna_device *dd = file->private_data;
	size_t size;
	ssize_t len;
	u8 *copy;

	mutex_lock(&dd->lock);
	size = dd->layout.frame_bytes;
	copy = kvmalloc(size, GFP_KERNEL);
	if (copy) {
		diuna_queue_claim_wait(dd);
		if (diuna_queue_cleared(dd))
			memset(copy, 0, size);
		else
			memcpy(copy, dd->last, size);
		diuna_queue_release(dd);
	}
	mutex_unlock(&dd->lock);
	if (!copy)
		return -ENOMEM;
	len = simple_read_from_buffer(buf, count, pos, copy, size);
	kvfree(copy);
	return len;
}

static const struct file_operations last_frame_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = last_frame_read,
	.llseek = default_llseek,
};

void diuna_debugfs_add(struct diuna_device *dd)
{
	dd->debugfs = debugfs_create_dir(dev_name(&dd->dev), diuna_debugfs_dir);
	debugfs_create_file("last_frame", 0400, dd->debugfs, dd, &last_frame_fops);
	if (dd->ops->debugfs)
		dd->ops->debugfs(dd->output, dd->debugfs);
}

void diuna_debugfs_remove(struct diuna_device *dd)
{
	debugfs_remove(dd->debugfs);
}

struct dentry *diuna_debugfs_root(void)
{
	return diuna_debugfs_dir;
}

void diuna_debugfs_init(void)
{
	diuna_debugfs_dir = debugfs_create_dir("diuna", NULL);
}

void diuna_debugfs_exit(void)
{
	debugfs_remove(diuna_debugfs_dir);
}
