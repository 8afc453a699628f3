/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <limits.h>

#include "output/output.h"

/*
 * What a device is, and which one it is: /dev/diuna, /dev/diuna1 and so on have
 * their numbers by the order in which the kernel found them, their strips have
 * labels of their own.
 */

/** DEVICE_NODES - devices that the kernel module makes at most */
#define DEVICE_NODES 32

/** struct device_identity - which controller an open file is of, and its strips */
struct device_identity {
	char name[32]; /* the kernel's, the same whatever path it was opened by */
	struct output_geometry geometry;
};

/**
 * device_identify() - ask an open device
 *
 * Return: 0, -EPROTONOSUPPORT (another version of the ABI), -E2BIG (more
 * channels than OUTPUT_MAX_CHANNELS), -EPROTO (it contradicts itself) or -errno
 * of its answer, such as -ENOTTY; @ret_identity is untouched then.
 */
int device_identify(int fd, struct device_identity *ret_identity);

/**
 * device_identify_path() - device_identify() of a device by its path
 *
 * It is opened for reading only, so that nobody who watches it takes this for
 * another writer. Return: as device_identify(), or -errno of opening it.
 */
int device_identify_path(const char *path, struct device_identity *ret_identity);

/** struct device_found - paths of devices with a label; the second is "" unless there are two */
struct device_found {
	char path[2][PATH_MAX];
};

/**
 * device_find() - the device of which a strip has this label
 * @nodes: path of the first device, such as "/dev/diuna"; the others have a number behind it
 *
 * Each is asked by device_identify_path(). One that cannot be asked is passed over.
 *
 * Return: 0 with @ret_found->path[0], -ENOTUNIQ with both paths, else the error
 * of the last one that could not be asked, or -ENODEV.
 */
int device_find(const char *nodes, const char *label, struct device_found *ret_found);
