// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/evdev.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libevdev/libevdev.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"
#include "control/key.h"

#define FOLDER "/dev/input/"

struct evdev_device {
	struct libevdev *evdev;
	int fd;
	dev_t number;
	char about[EVDEV_ERROR_MAX];
};

static int refuse(char error[EVDEV_ERROR_MAX], int ret, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int refuse(char error[EVDEV_ERROR_MAX], int ret, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, EVDEV_ERROR_MAX, format, args);
	va_end(args);
	str_clean(error);
	return ret;
}

struct evdev_device *evdev_close(struct evdev_device *device)
{
	if (!device)
		return NULL;
	/* a grab ends with the descriptor */
	libevdev_free(device->evdev);
	if (device->fd >= 0)
		close(device->fd);
	free(device);
	return NULL;
}

static int open_device(struct evdev_device **ret_device, const char *path)
{
	struct evdev_device *device = calloc(1, sizeof(*device));
	struct stat stat;
	int ret = 0;

	if (!device)
		return -ENOMEM;
	device->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (device->fd < 0 || fstat(device->fd, &stat) < 0)
		ret = -errno;
	if (ret >= 0)
		ret = libevdev_new_from_fd(device->fd, &device->evdev);
	if (ret < 0) {
		evdev_close(device);
		return ret;
	}
	device->number = stat.st_rdev;
	snprintf(device->about, sizeof(device->about), "%s (%s)", libevdev_get_name(device->evdev),
		 path);
	str_clean(device->about);
	*ret_device = device;
	return 0;
}

/* Letters and a space bar: no power button, no remote control. */
static bool is_keyboard(const struct libevdev *evdev)
{
	return libevdev_has_event_code(evdev, EV_KEY, KEY_A) &&
	       libevdev_has_event_code(evdev, EV_KEY, KEY_Z) &&
	       libevdev_has_event_code(evdev, EV_KEY, KEY_SPACE);
}

static bool is_key_name(const char *text)
{
	return !strncasecmp(text, "KEY_", 4) || !strncasecmp(text, "BTN_", 4);
}

static bool matches(const struct evdev_device *device, const char *wanted)
{
	uint32_t code, modifiers;

	if (!*wanted)
		return is_keyboard(device->evdev);
	if (is_key_name(wanted) && key_parse(wanted, &code, &modifiers))
		return libevdev_has_event_code(device->evdev, EV_KEY, code);
	return !strcasecmp(libevdev_get_name(device->evdev), wanted);
}

static bool is_known(const struct evdev_search *search, dev_t number)
{
	unsigned int i;

	for (i = 0; i < search->known_count; i++)
		if (search->known[i] == number)
			return true;
	return false;
}

/* Last step of opening: what others see of it. */
static int take(struct evdev_device *device, bool grab)
{
	int ret = grab ? libevdev_grab(device->evdev, LIBEVDEV_GRAB) : 0;

	return ret < 0 ? ret : libevdev_set_clock_id(device->evdev, CLOCK_MONOTONIC);
}

static int open_path(const struct evdev_search *search, struct evdev_device **ret_device,
		     char error[EVDEV_ERROR_MAX])
{
	struct evdev_device *device;
	struct stat stat_now;
	int ret;

	if (stat(search->device, &stat_now) == 0 && is_known(search, stat_now.st_rdev))
		return 0;
	ret = open_device(&device, search->device);
	if (ret == -EACCES || ret == -EPERM)
		return refuse(error, ret, "%s may not be opened: is the user in the group input?",
			      search->device);
	if (ret < 0)
		return refuse(error, ret, "%s: %s", search->device, strerrordesc_np(-ret));
	ret = take(device, search->grab);
	if (ret < 0) {
		evdev_close(device);
		return refuse(error, ret, "%s cannot be grabbed: %s", search->device,
			      strerrordesc_np(-ret));
	}
	*ret_device = device;
	return 1;
}

static int is_event(const struct dirent *entry)
{
	return !strncmp(entry->d_name, "event", strlen("event"));
}

static int by_number(const struct dirent **a, const struct dirent **b)
{
	return strverscmp((*a)->d_name, (*b)->d_name);
}

/* Each device in /dev/input that can be opened, its error else; @fn keeps it by returning true. */
static void for_each(bool (*fn)(struct evdev_device *device, const char *path, int error,
				void *data),
		     void *data)
{
	struct dirent **entries = NULL;
	int count = scandir(FOLDER, &entries, is_event, by_number), ret, i;
	char path[sizeof(FOLDER) + NAME_MAX];
	struct evdev_device *device;

	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), FOLDER "%s", entries[i]->d_name);
		device = NULL;
		ret = open_device(&device, path);
		if (!fn(device, path, ret, data))
			evdev_close(device);
		free(entries[i]);
	}
	free(entries);
}

struct finder {
	const struct evdev_search *search;
	struct evdev_device **devices;
	size_t room;
	int count, denied, seen, grab_error;
};

static bool find(struct evdev_device *device, const char *path, int error, void *data)
{
	struct finder *finder = data;
	int ret;

	(void)path;
	finder->seen++;
	finder->denied += error == -EACCES || error == -EPERM;
	if (!device || (size_t)finder->count == finder->room ||
	    is_known(finder->search, device->number) || !matches(device, finder->search->device))
		return false;
	ret = take(device, finder->search->grab);
	if (ret < 0) {
		finder->grab_error = ret;
		return false;
	}
	finder->devices[finder->count++] = device;
	return true;
}

int evdev_search(const struct evdev_search *search, struct evdev_device **ret_devices, size_t n,
		 char error[EVDEV_ERROR_MAX])
{
	struct finder finder = { .search = search, .devices = ret_devices, .room = n };

	if (search->device[0] == '/')
		return open_path(search, ret_devices, error);
	for_each(find, &finder);
	if (finder.count || search->known_count)
		return finder.count;
	if (finder.grab_error)
		return refuse(error, finder.grab_error, "it cannot be grabbed: %s",
			      strerrordesc_np(-finder.grab_error));
	if (finder.denied)
		return refuse(error, -EACCES,
			      "%d of %d input devices may not be opened: is the user in the group "
			      "input?",
			      finder.denied, finder.seen);
	if (!search->device[0])
		return refuse(error, -ENOENT, "no keyboard is connected");
	return refuse(error, -ENOENT, "no input device is named, or has the key, \"%s\"",
		      search->device);
}

int evdev_fd(const struct evdev_device *device)
{
	return device->fd;
}

dev_t evdev_number(const struct evdev_device *device)
{
	return device->number;
}

const char *evdev_describe(const struct evdev_device *device)
{
	return device->about;
}

int evdev_next(struct evdev_device *device, bool *syncing, struct input_event *ret_event)
{
	unsigned int flag = *syncing ? LIBEVDEV_READ_FLAG_SYNC : LIBEVDEV_READ_FLAG_NORMAL;
	int ret = libevdev_next_event(device->evdev, flag, ret_event);

	if (ret == -EAGAIN && *syncing) {
		*syncing = false;
		ret = libevdev_next_event(device->evdev, LIBEVDEV_READ_FLAG_NORMAL, ret_event);
	}
	if (ret == -EAGAIN || ret == -EINTR)
		return 0;
	if (ret < 0)
		return ret;
	if (ret == LIBEVDEV_READ_STATUS_SYNC)
		*syncing = true;
	return 1;
}

uint32_t evdev_modifiers(const struct evdev_device *device)
{
	static const unsigned int codes[] = { KEY_LEFTSHIFT, KEY_RIGHTSHIFT, KEY_LEFTCTRL,
					      KEY_RIGHTCTRL, KEY_LEFTALT,    KEY_RIGHTALT,
					      KEY_LEFTMETA,  KEY_RIGHTMETA };
	uint32_t modifiers = 0;
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (libevdev_get_event_value(device->evdev, EV_KEY, codes[i]))
			modifiers |= key_modifier(codes[i]);
	return modifiers;
}

static bool print(struct evdev_device *device, const char *path, int error, void *data)
{
	unsigned int code, keys = 0, *listed = data;
	char name[EVDEV_ERROR_MAX];

	++*listed;
	if (!device) {
		printf("  %-20s %s\n", path, strerrordesc_np(-error));
		return false;
	}
	/* whatever was plugged in says who it is */
	str_copy(name, sizeof(name), libevdev_get_name(device->evdev));
	str_clean(name);
	for (code = 0; code <= KEY_MAX; code++)
		keys += (unsigned int)libevdev_has_event_code(device->evdev, EV_KEY, code);
	if (libevdev_has_event_code(device->evdev, EV_SND, SND_TONE))
		printf("  %-20s \"%s\", a beeper\n", path, name);
	else if (keys)
		printf("  %-20s \"%s\", %u keys%s\n", path, name, keys,
		       is_keyboard(device->evdev) ? ", a keyboard" : "");
	else
		--*listed;
	return false;
}

void evdev_list(void)
{
	unsigned int listed = 0;

	for_each(print, &listed);
	if (!listed)
		printf("  none\n");
}
