// SPDX-License-Identifier: GPL-2.0-or-later
#include "output/device.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/diuna.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "output/device_find.h"
#include "output/device_records.h"

#define DEVICE_RETRY_MIN_NS (100 * NSEC_PER_MSEC)
#define DEVICE_RETRY_MAX_NS (5 * NSEC_PER_SEC)
/* a writer that comes back after this time of silence is logged again */
#define DEVICE_FOREIGN_QUIET_NS (10 * NSEC_PER_SEC)
#define DEVICE_READ_RECORDS 16

/*
 * With a frame every now and then a frame costs here one write and, when its
 * record comes, one read. EPOLLOUT is watched from the first refusal on until it
 * comes without anyone waiting: on a device that is always full it stays on, on
 * one that never is it stays off, and neither costs an epoll_ctl per frame.
 */
struct device_output {
	struct output output;
	struct loop *loop;
	char nodes[PATH_MAX]; /* where it is, or the first of those that may have the label */
	const char *base;     /* of @nodes */
	char label[OUTPUT_NAME_MAX]; /* "": @nodes is the device */
	char path[PATH_MAX];	     /* of the device in use */
	struct output_colors colors[OUTPUT_MAX_CHANNELS];
	uint8_t table[OUTPUT_MAX_CHANNELS][DIUNA_MAX_COMPONENTS][DIUNA_LUT_SIZE];

	int fd;
	char name[32];		    /* the kernel's, of the device in use */
	struct device_output *next; /* of those that are open */
	struct loop_source *io;
	bool watch_room; /* EPOLLOUT is on */
	bool waiting;	 /* a frame was refused, on_ready is owed */
	struct device_records records;
	bool failing; /* the newest frame failed: logged */
	uint64_t foreign_ns;

	struct loop_source *retry;
	uint64_t retry_ns; /* how long to wait before the next try */
	int retry_error;   /* what the last try failed with: logged */

	int inotify_fd;
	struct loop_source *inotify;
	int directory_watch; /* -1: none; while the device is not there */
	int file_watch;	     /* -1: none; while it is */
};

/*
 * Those that are open, of the one loop there is: two paths, or a path and a
 * label, may mean the same device, and two outputs would paint over each other.
 */
static struct device_output *open_devices;

static struct device_output *device_of(struct output *output)
{
	return (struct device_output *)output;
}

/* They outlive the daemon, and other programs may have set others since. */
static int set_tables(const struct device_output *device, int fd, uint32_t channels)
{
	for (uint32_t i = 0; i < channels; i++) {
		struct diuna_lut lut = { .channel = i };

		memcpy(lut.table, device->table[i], sizeof(lut.table));
		if (ioctl(fd, DIUNA_IOC_SET_LUT, &lut) < 0)
			return -errno;
	}
	return 0;
}

static void unwatch(struct device_output *device, int *watch)
{
	if (*watch >= 0)
		inotify_rm_watch(device->inotify_fd, *watch);
	*watch = -1;
}

/* Without inotify the device is found again by the retries alone. */
static void watch_directory(struct device_output *device)
{
	char directory[PATH_MAX];

	if (device->inotify_fd < 0 || device->directory_watch >= 0)
		return;
	str_copy(directory, sizeof(directory), device->nodes);
	if (device->base == device->nodes)
		str_copy(directory, sizeof(directory), ".");
	else if (device->base == device->nodes + 1)
		directory[1] = '\0';
	else
		directory[device->base - device->nodes - 1] = '\0';
	/* udev sets the permissions after the node was made */
	device->directory_watch = inotify_add_watch(device->inotify_fd, directory,
						    IN_CREATE | IN_MOVED_TO | IN_ATTRIB);
}

/* Another writer that paints while we have nothing to say is only seen when it closes. */
static void watch_file(struct device_output *device)
{
	unwatch(device, &device->directory_watch);
	if (device->inotify_fd >= 0)
		device->file_watch =
			inotify_add_watch(device->inotify_fd, device->path, IN_CLOSE_WRITE);
}

/* With a label each node may be the one, by any number behind the name of the first. */
static bool is_node(const struct device_output *device, const char *name)
{
	size_t length = strlen(device->base);

	if (!device->label[0])
		return strcmp(name, device->base) == 0;
	return strncmp(name, device->base, length) == 0 &&
	       strspn(name + length, "0123456789") == strlen(name + length);
}

static bool is_open(const char *name)
{
	for (const struct device_output *other = open_devices; other; other = other->next)
		if (strcmp(other->name, name) == 0)
			return true;
	return false;
}

/* Asked before it is opened for writing, which whoever has it would be told of. */
static bool is_taken(const char *path)
{
	struct device_identity identity;

	return open_devices && device_identify_path(path, &identity) == 0 && is_open(identity.name);
}

static void forget_open(struct device_output *device)
{
	struct device_output **at = &open_devices;

	while (*at && *at != device)
		at = &(*at)->next;
	if (*at)
		*at = device->next;
}

static void device_close(struct device_output *device)
{
	forget_open(device);
	/* before the close, which would tell of itself */
	unwatch(device, &device->file_watch);
	device->io = loop_source_remove(device->io);
	if (device->fd >= 0)
		close(device->fd);
	device->fd = -1;
	device->watch_room = false;
	device->waiting = false;
}

static void retry_later(struct device_output *device)
{
	watch_directory(device);
	loop_timer_set(device->retry, clock_now_ns() + device->retry_ns);
	device->retry_ns *= 2;
	if (device->retry_ns > DEVICE_RETRY_MAX_NS)
		device->retry_ns = DEVICE_RETRY_MAX_NS;
}

static void device_lost(struct device_output *device, int error)
{
	if (device->fd < 0)
		return;
	log_warning(LOG_OUTPUT, error, "%s: %s is lost", device->output.name, device->path);
	device_close(device);
	device->retry_ns = DEVICE_RETRY_MIN_NS;
	retry_later(device);
	output_went(&device->output, error);
}

static void tell_foreign(struct device_output *device, uint64_t now_ns)
{
	if (device->output.callbacks.on_foreign)
		device->output.callbacks.on_foreign(&device->output, now_ns,
						    device->output.callbacks.data);
}

static void tell_news(struct device_output *device, enum output_news news, int error)
{
	if (device->output.callbacks.on_news)
		device->output.callbacks.on_news(&device->output, news, error,
						 device->output.callbacks.data);
}

static void take_news(struct device_output *device, const struct device_news *news)
{
	uint64_t now_ns;

	if (!news->error)
		device->failing = false;
	if (!news->foreign && !news->error)
		return;
	now_ns = clock_now_ns();
	if (news->foreign) {
		if (!device->foreign_ns || now_ns - device->foreign_ns > DEVICE_FOREIGN_QUIET_NS) {
			log_warning(LOG_OUTPUT, 0, "%s: another program writes to %s",
				    device->output.name, device->path);
			tell_news(device, OUTPUT_FOREIGN_WRITER, 0);
		}
		device->foreign_ns = now_ns;
	}
	if (news->error && !device->failing) {
		device->failing = true;
		log_error(LOG_OUTPUT, news->error, "%s: a frame failed", device->output.name);
		tell_news(device, OUTPUT_FRAME_FAILED, news->error);
	}
	tell_foreign(device, now_ns);
}

/* Returns 0 when all records that waited are read, or -errno if the device is gone. */
static int read_records(struct device_output *device)
{
	struct diuna_completion completions[DEVICE_READ_RECORDS];
	ssize_t bytes;

	do {
		struct device_news news;

		bytes = read(device->fd, completions, sizeof(completions));
		if (bytes < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
		if (bytes % (ssize_t)sizeof(completions[0]))
			return -EPROTO;
		news = device_records_read(&device->records, &device->output.stats, completions,
					   (size_t)bytes / sizeof(completions[0]));
		take_news(device, &news);
	} while (bytes == sizeof(completions) && device->fd >= 0);
	return 0;
}

static void watch_room(struct device_output *device, bool on)
{
	if (device->watch_room == on)
		return;
	device->watch_room = on;
	loop_io_set_events(device->io, on ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void on_room(struct device_output *device)
{
	device_records_room(&device->records);
	if (!device->waiting) {
		watch_room(device, false);
		return;
	}
	device->waiting = false;
	if (device->output.callbacks.on_ready)
		device->output.callbacks.on_ready(&device->output, device->output.callbacks.data);
}

static int on_device(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct device_output *device = data;
	int r = 0;

	(void)source;
	(void)fd;
	/* a device that has gone still gives the records of what it has shown */
	if (revents & (EPOLLIN | EPOLLHUP | EPOLLERR))
		r = read_records(device);
	if (r == 0 && revents & (EPOLLHUP | EPOLLERR))
		r = -ENODEV;
	if (r < 0)
		device_lost(device, r);
	/* what was told above may have ended in a loss */
	if (device->fd >= 0 && revents & EPOLLOUT)
		on_room(device);
	return 0;
}

/* Where the device is now: with a label that may be elsewhere each time. */
static int locate(struct device_output *device)
{
	struct device_found found;
	int r;

	if (!device->label[0])
		return 0;
	r = device_find(device->nodes, device->label, &found);
	if (r == 0)
		memcpy(device->path, found.path[0], sizeof(device->path));
	if (r == -ENOTUNIQ && r != device->retry_error)
		log_error(LOG_OUTPUT, 0,
			  "%s: %s and %s both have a strip labelled \"%s\", so neither is used",
			  device->output.name, found.path[0], found.path[1], device->label);
	return r;
}

static int device_open(struct device_output *device)
{
	struct device_identity identity;
	_cleanup_close_ int fd = -1;
	int r;

	r = locate(device);
	if (r < 0)
		return r;
	if (is_taken(device->path))
		return -EBUSY;
	fd = open(device->path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = device_identify(fd, &identity);
	if (r < 0)
		return r;
	r = set_tables(device, fd, identity.geometry.channels);
	if (r < 0)
		return r;
	output_set_whites(&identity.geometry, device->colors);
	r = loop_add_io(device->loop, &device->io, "device", LOOP_DEVICE, fd, EPOLLIN, on_device,
			device);
	if (r < 0)
		return r;
	device->fd = steal_fd(&fd);
	device->output.geometry = identity.geometry;
	memcpy(device->name, identity.name, sizeof(device->name));
	device->next = open_devices;
	open_devices = device;
	device->records = (struct device_records){ 0 };
	return 0;
}

/* Of the reasons why it is not there, each once. */
static void tell_missing(const struct device_output *device, int error)
{
	if (error == -EBUSY)
		log_warning(LOG_OUTPUT, 0, "%s: %s is another output's already",
			    device->output.name, device->path);
	else if (!device->label[0])
		log_warning(LOG_OUTPUT, error, "%s: %s cannot be used yet", device->output.name,
			    device->path);
	else if (error != -ENOTUNIQ)
		log_warning(LOG_OUTPUT, error, "%s: no strip labelled \"%s\" can be used yet",
			    device->output.name, device->label);
}

static void device_try(struct device_output *device)
{
	int r = device_open(device);

	if (r < 0) {
		bool other = r != device->retry_error;

		device->retry_error = r;
		retry_later(device);
		if (!other)
			return;
		tell_missing(device, r);
		output_missing(&device->output, r);
		return;
	}
	device->retry_error = 0;
	device->retry_ns = DEVICE_RETRY_MIN_NS;
	loop_timer_set(device->retry, 0);
	watch_file(device);
	log_info(LOG_OUTPUT, "%s: %s, %u channels, %u bytes a frame", device->output.name,
		 device->path, device->output.geometry.channels,
		 device->output.geometry.frame_bytes);
	output_came(&device->output);
}

static int on_retry(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct device_output *device = data;

	(void)source;
	(void)now_ns;
	if (device->fd < 0)
		device_try(device);
	return 0;
}

static int on_inotify(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	_Alignas(struct inotify_event) char buffer[4096];
	struct device_output *device = data;
	bool came = false, closed = false;
	ssize_t bytes = read(fd, buffer, sizeof(buffer));

	(void)source;
	(void)revents;
	for (ssize_t at = 0; at < bytes;) {
		const struct inotify_event *event = (const struct inotify_event *)(buffer + at);

		/* the kernel had more to tell than it keeps: all of it may have been */
		if (event->mask & IN_Q_OVERFLOW)
			came = closed = true;
		if (event->wd == device->directory_watch && event->len &&
		    is_node(device, event->name))
			came = true;
		if (event->wd == device->file_watch && event->mask & IN_CLOSE_WRITE)
			closed = true;
		/* the kernel has taken the watch away with what it watched */
		if (event->mask & IN_IGNORED && event->wd == device->directory_watch)
			device->directory_watch = -1;
		if (event->mask & IN_IGNORED && event->wd == device->file_watch)
			device->file_watch = -1;
		at += (ssize_t)(sizeof(*event) + event->len);
	}
	if (came && device->fd < 0)
		device_try(device);
	else if (closed && device->fd >= 0)
		tell_foreign(device, clock_now_ns());
	return 0;
}

static int device_start(struct output *output)
{
	struct device_output *device = device_of(output);
	int r;

	r = loop_add_timer(device->loop, &device->retry, "device retry", LOOP_DEVICE, on_retry,
			   device);
	if (r < 0)
		return r;
	device->inotify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (device->inotify_fd < 0) {
		log_warning(LOG_OUTPUT, errno, "%s: no inotify, %s is looked for now and then",
			    output->name, device->path);
	} else {
		r = loop_add_io(device->loop, &device->inotify, "device inotify", LOOP_DEVICE,
				device->inotify_fd, EPOLLIN, on_inotify, device);
		if (r < 0) {
			output->ops->stop(output);
			return r;
		}
	}
	device_try(device);
	return 0;
}

static int device_submit(struct output *output, const uint8_t *frame, size_t bytes)
{
	struct device_output *device = device_of(output);
	ssize_t written;
	int r;

	/* full by our own frames: their records may wait already, else asking can be saved */
	if (device_records_full(&device->records)) {
		r = read_records(device);
		if (r < 0)
			goto err_lost;
	}
	if (!device_records_full(&device->records)) {
		written = write(device->fd, frame, bytes);
		if (written == (ssize_t)bytes) {
			device_records_taken(&device->records);
			return 0;
		}
		r = written < 0 ? -errno : -EIO;
		if (r != -EAGAIN && r != -EINTR)
			goto err_lost;
	}
	device->waiting = true;
	watch_room(device, true);
	return -EAGAIN;

err_lost:
	device_lost(device, r);
	return -ENODEV;
}

static void device_stop(struct output *output)
{
	struct device_output *device = device_of(output);

	device_close(device);
	unwatch(device, &device->directory_watch);
	device->inotify = loop_source_remove(device->inotify);
	if (device->inotify_fd >= 0)
		close(device->inotify_fd);
	device->inotify_fd = -1;
	device->retry = loop_source_remove(device->retry);
}

static void device_destroy(struct output *output)
{
	device_stop(output);
	free(device_of(output));
}

static const struct output_ops device_ops = {
	.type = "device",
	.start = device_start,
	.submit = device_submit,
	.stop = device_stop,
	.destroy = device_destroy,
};

int device_create(struct output **ret_output, struct loop *loop, const struct device_config *config)
{
	struct device_output *device;
	const char *slash;

	device = calloc(1, sizeof(*device));
	if (!device)
		return -ENOMEM;
	device->output.ops = &device_ops;
	device->loop = loop;
	device->fd = -1;
	device->inotify_fd = -1;
	device->directory_watch = -1;
	device->file_watch = -1;
	device->retry_ns = DEVICE_RETRY_MIN_NS;
	memcpy(device->colors, config->colors, sizeof(device->colors));
	for (int i = 0; i < OUTPUT_MAX_CHANNELS; i++)
		for (int k = 0; k < DIUNA_MAX_COMPONENTS; k++)
			lut_fill(device->table[i][k], config->colors[i].gamma,
				 config->colors[i].balance[k]);
	str_copy(device->output.name, sizeof(device->output.name), config->name);
	if (!str_copy(device->nodes, sizeof(device->nodes), config->path) ||
	    (config->label && !str_copy(device->label, sizeof(device->label), config->label))) {
		free(device);
		return -ENAMETOOLONG;
	}
	memcpy(device->path, device->nodes, sizeof(device->path));
	slash = strrchr(device->nodes, '/');
	device->base = slash ? slash + 1 : device->nodes;
	*ret_output = &device->output;
	return 0;
}
