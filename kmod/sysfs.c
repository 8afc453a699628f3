// SPDX-License-Identifier: GPL-2.0-only
/*
 * sysfs.c - /sys/class/diuna/: what a device is and does, and a directory for
 * each channel
 */

#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "diuna.h"

static struct diuna_device *to_diuna(struct device *dev)
{
	return container_of(dev, struct diuna_device, dev);
}

/* A decimal number up to @max; whatever else is EINVAL */
static int diuna_parse_u32(const char *buf, u32 max, u32 *ret_value)
{
	u32 value;

	if (kstrtou32(buf, 10, &value) || value > max)
		return -EINVAL;
	*ret_value = value;
	return 0;
}

static ssize_t backend_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", to_diuna(dev)->ops->name);
}
static DEVICE_ATTR_RO(backend);

#define DIUNA_INFO_ATTR(_name, _format)							\
static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf)	\
{											\
	struct diuna_device *dd = to_diuna(dev);					\
	struct diuna_info info;								\
											\
	mutex_lock(&dd->lock);								\
	diuna_info_fill(dd, &info);							\
	mutex_unlock(&dd->lock);							\
	return sysfs_emit(buf, _format "\n", info._name);				\
}											\
static struct device_attribute dev_attr_##_name = {					\
	.attr = { .name = #_name, .mode = 0444 },					\
	.show = _name##_show,								\
}

DIUNA_INFO_ATTR(abi_version, "%u");
DIUNA_INFO_ATTR(channels, "%u");
DIUNA_INFO_ATTR(frame_bytes, "%u");
DIUNA_INFO_ATTR(features, "%llu");
DIUNA_INFO_ATTR(data_ns, "%llu");
DIUNA_INFO_ATTR(reset_ns, "%llu");
DIUNA_INFO_ATTR(frame_ns, "%llu");
DIUNA_INFO_ATTR(present_ahead_max_ns, "%llu");
DIUNA_INFO_ATTR(timeout_ns, "%llu");
DIUNA_INFO_ATTR(done_accuracy_ns, "%u");
DIUNA_INFO_ATTR(completion_records, "%u");

#define DIUNA_STATS_ATTR(_name)								\
static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf)	\
{											\
	struct diuna_stats stats;							\
											\
	diuna_queue_stats(to_diuna(dev), &stats);					\
	return sysfs_emit(buf, "%llu\n", stats._name);					\
}											\
static struct device_attribute dev_attr_##_name = {					\
	.attr = { .name = #_name, .mode = 0444 },					\
	.show = _name##_show,								\
}

DIUNA_STATS_ATTR(frames);
DIUNA_STATS_ATTR(dropped);
DIUNA_STATS_ATTR(partial);
DIUNA_STATS_ATTR(late);
DIUNA_STATS_ATTR(errors);

static ssize_t brightness_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", diuna_frame_brightness(to_diuna(dev)));
}

static ssize_t brightness_store(struct device *dev, struct device_attribute *attr, const char *buf,
				size_t count)
{
	u32 brightness;
	int err;

	err = diuna_parse_u32(buf, DIUNA_MAX_BRIGHTNESS, &brightness);
	if (err)
		return err;
	diuna_frame_set_brightness(to_diuna(dev), brightness);
	return count;
}
static DEVICE_ATTR_RW(brightness);

static ssize_t frame_interval_us_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	u64 interval_ns = READ_ONCE(to_diuna(dev)->queue.interval_ns);

	return sysfs_emit(buf, "%llu\n", div_u64(interval_ns, NSEC_PER_USEC));
}

static ssize_t frame_interval_us_store(struct device *dev, struct device_attribute *attr,
				       const char *buf, size_t count)
{
	u32 interval_us;
	int err;

	err = diuna_parse_u32(buf, DIUNA_MAX_FRAME_INTERVAL_US, &interval_us);
	if (err)
		return err;
	diuna_queue_set_interval(to_diuna(dev), (u64)interval_us * NSEC_PER_USEC);
	return count;
}
static DEVICE_ATTR_RW(frame_interval_us);

static struct attribute *diuna_attrs[] = {
	&dev_attr_abi_version.attr,
	&dev_attr_backend.attr,
	&dev_attr_channels.attr,
	&dev_attr_frame_bytes.attr,
	&dev_attr_features.attr,
	&dev_attr_data_ns.attr,
	&dev_attr_reset_ns.attr,
	&dev_attr_frame_ns.attr,
	&dev_attr_present_ahead_max_ns.attr,
	&dev_attr_timeout_ns.attr,
	&dev_attr_done_accuracy_ns.attr,
	&dev_attr_completion_records.attr,
	&dev_attr_frames.attr,
	&dev_attr_dropped.attr,
	&dev_attr_partial.attr,
	&dev_attr_late.attr,
	&dev_attr_errors.attr,
	&dev_attr_brightness.attr,
	&dev_attr_frame_interval_us.attr,
	NULL
};

static const struct attribute_group diuna_group = {
	.attrs = diuna_attrs,
};

/*
 * A channel's directory is a named group of the device: it comes and goes with
 * it. Its attributes carry the channel's number.
 */
struct diuna_strip_attr {
	struct device_attribute attr;
	u32 channel;
};

#define DIUNA_STRIP_ATTR(_name, _format, _value)						\
static ssize_t diuna_strip_##_name##_show(struct device *dev, struct device_attribute *attr,	\
					  char *buf)						\
{												\
	const struct diuna_strip_attr *a = container_of(attr, struct diuna_strip_attr, attr);	\
	struct diuna_device *dd = to_diuna(dev);						\
	const struct diuna_strip *s = &dd->strips[a->channel];					\
	ssize_t len;										\
												\
	mutex_lock(&dd->lock);									\
	len = sysfs_emit(buf, _format "\n", _value);						\
	mutex_unlock(&dd->lock);								\
	return len;										\
}

DIUNA_STRIP_ATTR(pixels, "%u", s->wiring.pixels)
DIUNA_STRIP_ATTR(components, "%u", s->wiring.order.components)
DIUNA_STRIP_ATTR(offset, "%u", s->offset)
DIUNA_STRIP_ATTR(order, "%s", s->wiring.order.name)
DIUNA_STRIP_ATTR(chip, "%s", s->wiring.timing.name)
DIUNA_STRIP_ATTR(label, "%s", s->wiring.label)
DIUNA_STRIP_ATTR(inverted, "%u", s->wiring.inverted)
DIUNA_STRIP_ATTR(bit_ns, "%u", s->wiring.timing.bit_ns)
DIUNA_STRIP_ATTR(reset_ns, "%u", s->wiring.timing.reset_ns)

static const struct device_attribute diuna_strip_attrs[] = {
	__ATTR(pixels, 0444, diuna_strip_pixels_show, NULL),
	__ATTR(components, 0444, diuna_strip_components_show, NULL),
	__ATTR(offset, 0444, diuna_strip_offset_show, NULL),
	__ATTR(order, 0444, diuna_strip_order_show, NULL),
	__ATTR(chip, 0444, diuna_strip_chip_show, NULL),
	__ATTR(label, 0444, diuna_strip_label_show, NULL),
	__ATTR(inverted, 0444, diuna_strip_inverted_show, NULL),
	__ATTR(bit_ns, 0444, diuna_strip_bit_ns_show, NULL),
	__ATTR(reset_ns, 0444, diuna_strip_reset_ns_show, NULL),
};

/* What one channel's directory is made of */
struct diuna_strip_dir {
	char name[12];
	struct attribute_group group;
	struct attribute *list[ARRAY_SIZE(diuna_strip_attrs) + 1];
	struct diuna_strip_attr attrs[ARRAY_SIZE(diuna_strip_attrs)];
};

struct diuna_sysfs {
	const struct attribute_group *groups[DIUNA_MAX_CHANNELS + 2];
	struct diuna_strip_dir dirs[];
};

int diuna_sysfs_init(struct diuna_device *dd)
{
	u32 channels = dd->layout.channels;
	struct diuna_sysfs *s;

	s = kzalloc(struct_size(s, dirs, channels), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	s->groups[0] = &diuna_group;
	for (u32 i = 0; i < channels; i++) {
		struct diuna_strip_dir *d = &s->dirs[i];

		for (int n = 0; n < ARRAY_SIZE(diuna_strip_attrs); n++) {
			d->attrs[n].attr = diuna_strip_attrs[n];
			d->attrs[n].channel = i;
			sysfs_attr_init(&d->attrs[n].attr.attr);
			d->list[n] = &d->attrs[n].attr.attr;
		}
		snprintf(d->name, sizeof(d->name), "channel%u", i);
		d->group.name = d->name;
		d->group.attrs = d->list;
		s->groups[i + 1] = &d->group;
	}
	dd->attrs = s;
	dd->dev.groups = s->groups;
	return 0;
}

void diuna_sysfs_fini(struct diuna_device *dd)
{
	kfree(dd->attrs);
}
