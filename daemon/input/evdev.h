/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <linux/input.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Input devices of the kernel, by libevdev. What opens and closes may block and is for a worker. */
struct evdev_device;

#define EVDEV_PATH_MAX 256
/** EVDEV_KNOWN_MAX - devices that a search leaves out */
#define EVDEV_KNOWN_MAX 8
#define EVDEV_ERROR_MAX 160

/**
 * struct evdev_search - what is looked for
 * @device: a path; the name that the device gives itself, case ignored; a key
 *	that it must have, such as "KEY_VOLUMEUP"; empty: any keyboard
 * @grab: nobody else gets its events
 * @known: devices that are open already
 */
struct evdev_search {
	char device[EVDEV_PATH_MAX];
	bool grab;
	unsigned int known_count;
	dev_t known[EVDEV_KNOWN_MAX];
};

/**
 * evdev_search() - open all that match, at most @n; may block
 * @error: if there is none, what is wrong and what would help
 *
 * Return: how many; -ENOENT, -EACCES, -EBUSY (grabbed by another) and so on
 * if there is none and none is known.
 */
int evdev_search(const struct evdev_search *search, struct evdev_device **ret_devices, size_t n,
		 char error[EVDEV_ERROR_MAX]);

/** evdev_close() - may block; NULL is fine; returns NULL */
struct evdev_device *evdev_close(struct evdev_device *device);

int evdev_fd(const struct evdev_device *device);
dev_t evdev_number(const struct evdev_device *device);

/** evdev_describe() - name and path, for people */
const char *evdev_describe(const struct evdev_device *device);

/**
 * evdev_next() - the next event, without waiting
 * @syncing: state of the caller's, false at first: when the kernel dropped
 *	events the device is asked for its keys, and the differences are events
 *
 * Return: 1, 0 if there is none, or -errno: the device is gone.
 */
int evdev_next(struct evdev_device *device, bool *syncing, struct input_event *ret_event);

/** evdev_modifiers() - that are down, after the last event */
uint32_t evdev_modifiers(const struct evdev_device *device);

/** evdev_list() - print all devices with keys, for people; may block */
void evdev_list(void);
