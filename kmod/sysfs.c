// SPDX-License-Identifier: GPL-2.0-only
/*
 * sysfs.c - /sys/class/diuna/: what a device is and does, and a directory for
 * each channel
 */

#include <linux/ctype.h>
#include <linux/kstrtox.h>
#include <linux/math64.h>
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

/* A setting: a number from 0 to @_max; _show has it in value, _store sets it from value */
#define DIUNA_SETTING_ATTR(_name, _max, _get, _set)					\
static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf)	\
{											\
	struct diuna_device *dd = to_diuna(dev);					\
											\
	return sysfs_emit(buf, "%u\n", _get(dd));					\
}											\
											\
static ssize_t _name##_store(struct device *dev, struct device_attribute *attr,		\
			     const char *buf, size_t count)				\
{											\
	u32 value;									\
	int err;									\
											\
	err = diuna_parse_u32(buf, _max, &value) ?: _set(to_diuna(dev), value);		\
	return err ?: count;								\
}											\
static struct device_attribute dev_attr_##_name = {					\
	.attr = { .name = #_name, .mode = 0644 },					\
	.show = _name##_show,								\
	.store = _name##_store,								\
}

static u32 diuna_get_brightness(struct diuna_device *dd)
{
	struct diuna_look look;

	diuna_frame_look(dd, &look);
	return look.brightness;
}

static int diuna_set_brightness(struct diuna_device *dd, u32 brightness)
{
	diuna_frame_set_brightness(dd, brightness);
	return 0;
}

static u32 diuna_get_blank(struct diuna_device *dd)
{
	struct diuna_look look;

	diuna_frame_look(dd, &look);
	return look.blank;
}

static int diuna_set_blank(struct diuna_device *dd, u32 blank)
{
	diuna_frame_set_blank(dd, blank);
	return 0;
}

static u32 diuna_get_limit(struct diuna_device *dd)
{
	struct diuna_look look;

	diuna_frame_look(dd, &look);
	return look.limit_ma;
}

static u32 diuna_get_blank_on_close(struct diuna_device *dd)
{
	return READ_ONCE(dd->blank_on_close);
}

static int diuna_set_blank_on_close(struct diuna_device *dd, u32 blank)
{
	mutex_lock(&dd->lock);
	WRITE_ONCE(dd->blank_on_close, blank);
	mutex_unlock(&dd->lock);
	return 0;
}

static u32 diuna_get_interval(struct diuna_device *dd)
{
	return div_u64(READ_ONCE(dd->queue.interval_ns), NSEC_PER_USEC);
}

static int diuna_set_interval(struct diuna_device *dd, u32 interval_us)
{
	diuna_queue_set_interval(dd, (u64)interval_us * NSEC_PER_USEC);
	return 0;
}

static u32 diuna_get_refresh(struct diuna_device *dd)
{
	return div_u64(READ_ONCE(dd->queue.refresh_ns), NSEC_PER_MSEC);
}

static int diuna_set_refresh(struct diuna_device *dd, u32 refresh_ms)
{
	diuna_queue_set_refresh(dd, (u64)refresh_ms * NSEC_PER_MSEC);
	return 0;
}

DIUNA_SETTING_ATTR(brightness, DIUNA_MAX_BRIGHTNESS, diuna_get_brightness, diuna_set_brightness);
DIUNA_SETTING_ATTR(blank, 1, diuna_get_blank, diuna_set_blank);
DIUNA_SETTING_ATTR(blank_on_close, 1, diuna_get_blank_on_close, diuna_set_blank_on_close);
DIUNA_SETTING_ATTR(frame_interval_us, DIUNA_MAX_FRAME_INTERVAL_US, diuna_get_interval,
		   diuna_set_interval);
DIUNA_SETTING_ATTR(refresh_ms, DIUNA_MAX_REFRESH_MS, diuna_get_refresh, diuna_set_refresh);
DIUNA_SETTING_ATTR(power_limit_ma, DIUNA_MAX_POWER_LIMIT_MA, diuna_get_limit,
		   diuna_frame_set_limit);

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
	&dev_attr_blank.attr,
	&dev_attr_blank_on_close.attr,
	&dev_attr_frame_interval_us.attr,
	&dev_attr_refresh_ms.attr,
	&dev_attr_power_limit_ma.attr,
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
	/* of a member of struct diuna_power, and the most that it may be */
	size_t offset;
	u32 max;
};

#define DIUNA_STRIP_SHOW(_name, _format, ...)							\
static ssize_t diuna_strip_##_name##_show(struct device *dev, struct device_attribute *attr,	\
					  char *buf)						\
{												\
	struct diuna_device *dd = to_diuna(dev);						\
	const struct diuna_strip *s = &dd->strips[diuna_strip_channel(attr)];			\
	ssize_t len;										\
												\
	mutex_lock(&dd->lock);									\
	len = sysfs_emit(buf, _format "\n", __VA_ARGS__);					\
	mutex_unlock(&dd->lock);								\
	return len;										\
}

/* _parse reads buf into a copy of the wiring; then the strip is wired so */
#define DIUNA_WIRING_STORE(_name, _parse)							\
static ssize_t diuna_strip_##_name##_store(struct device *dev, struct device_attribute *attr,	\
					   const char *buf, size_t count)			\
{												\
	const u32 channel = diuna_strip_channel(attr);						\
	int err = diuna_strip_rewire(to_diuna(dev), channel, buf, _parse);			\
												\
	return err ?: count;									\
}

static u32 diuna_strip_channel(const struct device_attribute *attr)
{
	return container_of(attr, struct diuna_strip_attr, attr)->channel;
}

static int diuna_strip_rewire(struct diuna_device *dd, u32 channel, const char *buf,
			      int (*parse)(struct diuna_wiring *wiring, const char *buf))
{
	struct diuna_wiring wiring;
	int err;

	mutex_lock(&dd->lock);
	wiring = dd->strips[channel].wiring;
	err = parse(&wiring, buf) ?: diuna_rewire(dd, channel, &wiring);
	mutex_unlock(&dd->lock);
	return err;
}

/* Copy one word without the end of the line; -EINVAL if it does not fit or has odd characters */
static int diuna_parse_word(const char *buf, char *word, size_t size)
{
	size_t len = strcspn(buf, "\n");

	if (len >= size || buf[len + (buf[len] == '\n')])
		return -EINVAL;
	for (size_t i = 0; i < len; i++)
		if (!isascii(buf[i]) || !isprint(buf[i]))
			return -EINVAL;
	memcpy(word, buf, len);
	word[len] = '\0';
	return 0;
}

static int diuna_wiring_pixels(struct diuna_wiring *wiring, const char *buf)
{
	u32 pixels;
	int err;

	err = diuna_parse_u32(buf, DIUNA_MAX_PIXELS, &pixels);
	if (err || !pixels)
		return -EINVAL;
	wiring->pixels = pixels;
	return 0;
}

static int diuna_wiring_order(struct diuna_wiring *wiring, const char *buf)
{
	char word[sizeof(wiring->order.name)];

	return diuna_parse_word(buf, word, sizeof(word)) ?:
	       diuna_order_parse(word, &wiring->order);
}

static int diuna_wiring_chip(struct diuna_wiring *wiring, const char *buf)
{
	const struct diuna_timing *timing;
	char word[sizeof_field(struct diuna_channel, chip)];
	int err;

	err = diuna_parse_word(buf, word, sizeof(word));
	if (err)
		return err;
	timing = diuna_timing_find(word);
	if (!timing)
		return -EINVAL;
	wiring->timing = *timing;
	return 0;
}

static int diuna_wiring_inverted(struct diuna_wiring *wiring, const char *buf)
{
	u32 inverted;
	int err;

	err = diuna_parse_u32(buf, 1, &inverted);
	if (err)
		return err;
	wiring->inverted = inverted;
	return 0;
}

#define DIUNA_TIMING_FORMAT	"%u %u %u %u %u %u %u %u %u"

/* Four windows and the reset time, in ns, all at once as none makes sense alone */
static int diuna_wiring_timing(struct diuna_wiring *wiring, const char *buf)
{
	struct diuna_timing t = { .name = "custom" };
	u32 *const values[] = {
		&t.t0h.min_ns, &t.t0h.max_ns, &t.t0l.min_ns, &t.t0l.max_ns,
		&t.t1h.min_ns, &t.t1h.max_ns, &t.t1l.min_ns, &t.t1l.max_ns, &t.reset_ns,
	};
	char line[128], *rest = line, *word;

	if (diuna_parse_word(buf, line, sizeof(line)))
		return -EINVAL;
	for (int i = 0; i < ARRAY_SIZE(values); i++) {
		word = strsep(&rest, " ");
		if (!word || diuna_parse_u32(word, U32_MAX, values[i]))
			return -EINVAL;
	}
	if (rest)
		return -EINVAL;
	return diuna_timing_custom(&t, &wiring->timing);
}

static ssize_t diuna_strip_label_store(struct device *dev, struct device_attribute *attr,
				       const char *buf, size_t count)
{
	struct diuna_device *dd = to_diuna(dev);
	struct diuna_strip *s = &dd->strips[diuna_strip_channel(attr)];
	int err;

	mutex_lock(&dd->lock);
	err = diuna_parse_word(buf, s->wiring.label, sizeof(s->wiring.label));
	mutex_unlock(&dd->lock);
	return err ?: count;
}

DIUNA_STRIP_SHOW(pixels, "%u", s->wiring.pixels)
DIUNA_WIRING_STORE(pixels, diuna_wiring_pixels)
DIUNA_STRIP_SHOW(order, "%s", s->wiring.order.name)
DIUNA_WIRING_STORE(order, diuna_wiring_order)
DIUNA_STRIP_SHOW(chip, "%s", s->wiring.timing.name)
DIUNA_WIRING_STORE(chip, diuna_wiring_chip)
DIUNA_STRIP_SHOW(timing_ns, DIUNA_TIMING_FORMAT,
		 s->wiring.timing.t0h.min_ns, s->wiring.timing.t0h.max_ns,
		 s->wiring.timing.t0l.min_ns, s->wiring.timing.t0l.max_ns,
		 s->wiring.timing.t1h.min_ns, s->wiring.timing.t1h.max_ns,
		 s->wiring.timing.t1l.min_ns, s->wiring.timing.t1l.max_ns,
		 s->wiring.timing.reset_ns)
DIUNA_WIRING_STORE(timing_ns, diuna_wiring_timing)
DIUNA_STRIP_SHOW(inverted, "%u", s->wiring.inverted)
DIUNA_WIRING_STORE(inverted, diuna_wiring_inverted)
DIUNA_STRIP_SHOW(label, "%s", s->wiring.label)
DIUNA_STRIP_SHOW(components, "%u", s->wiring.order.components)
DIUNA_STRIP_SHOW(bit_ns, "%u", s->wiring.timing.bit_ns)
DIUNA_STRIP_SHOW(reset_ns, "%u", s->wiring.timing.reset_ns)

static ssize_t diuna_strip_offset_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct diuna_device *dd = to_diuna(dev);
	ssize_t len;

	mutex_lock(&dd->lock);
	len = sysfs_emit(buf, "%u\n", dd->layout.offset[diuna_strip_channel(attr)]);
	mutex_unlock(&dd->lock);
	return len;
}

static u32 *diuna_power_member(struct diuna_power *power, const struct device_attribute *attr)
{
	return (void *)power + container_of(attr, struct diuna_strip_attr, attr)->offset;
}

static ssize_t diuna_strip_power_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct diuna_power power;

	diuna_frame_power(to_diuna(dev), diuna_strip_channel(attr), &power);
	return sysfs_emit(buf, "%u\n", *diuna_power_member(&power, attr));
}

static ssize_t diuna_strip_power_store(struct device *dev, struct device_attribute *attr,
				       const char *buf, size_t count)
{
	u32 value, channel = diuna_strip_channel(attr);
	struct diuna_device *dd = to_diuna(dev);
	struct diuna_power power;
	int err;

	err = diuna_parse_u32(buf, container_of(attr, struct diuna_strip_attr, attr)->max, &value);
	if (err)
		return err;
	/* the lock keeps the other members as they are */
	mutex_lock(&dd->lock);
	diuna_frame_power(dd, channel, &power);
	*diuna_power_member(&power, attr) = value;
	err = diuna_frame_set_power(dd, channel, &power);
	mutex_unlock(&dd->lock);
	return err ?: count;
}

#define DIUNA_STRIP_RO(_name)	{						\
	.attr = __ATTR(_name, 0444, diuna_strip_##_name##_show, NULL),		\
}

#define DIUNA_STRIP_RW(_name)	{						\
	.attr = __ATTR(_name, 0644, diuna_strip_##_name##_show,			\
		       diuna_strip_##_name##_store),				\
}

#define DIUNA_STRIP_POWER(_name, _member, _max)	{				\
	.attr = __ATTR(_name, 0644, diuna_strip_power_show,			\
		       diuna_strip_power_store),				\
	.offset = offsetof(struct diuna_power, _member),			\
	.max = _max,								\
}

static const struct diuna_strip_attr diuna_strip_attrs[] = {
	DIUNA_STRIP_RW(pixels),
	DIUNA_STRIP_RW(order),
	DIUNA_STRIP_RW(chip),
	DIUNA_STRIP_RW(timing_ns),
	DIUNA_STRIP_RW(inverted),
	DIUNA_STRIP_RW(label),
	DIUNA_STRIP_RO(components),
	DIUNA_STRIP_RO(offset),
	DIUNA_STRIP_RO(bit_ns),
	DIUNA_STRIP_RO(reset_ns),
	DIUNA_STRIP_POWER(idle_ua, idle_ua, DIUNA_MAX_UA),
	DIUNA_STRIP_POWER(red_ua, ua[0], DIUNA_MAX_UA),
	DIUNA_STRIP_POWER(green_ua, ua[1], DIUNA_MAX_UA),
	DIUNA_STRIP_POWER(blue_ua, ua[2], DIUNA_MAX_UA),
	DIUNA_STRIP_POWER(white_ua, ua[3], DIUNA_MAX_UA),
	DIUNA_STRIP_POWER(power_limit_ma, limit_ma, DIUNA_MAX_POWER_LIMIT_MA),
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
			d->attrs[n] = diuna_strip_attrs[n];
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
