/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "output/output.h"

/** DEVICE_FIRST - path of the first device; the others have a number behind it */
#define DEVICE_FIRST "/dev/diuna"

/** struct device_config - a character device with the ABI of uapi/linux/diuna.h */
struct device_config {
	const char *name;
	const char *path;  /* such as "/dev/diuna"; copied */
	const char *label; /* of a strip: the device that has it, @path or one numbered behind it */
	const struct output_colors *colors; /* OUTPUT_MAX_CHANNELS of them; copied */
};

/**
 * device_create() - an output on /dev/diuna
 *
 * Opened O_RDWR | O_NONBLOCK | O_CLOEXEC at output_start(); if that fails or
 * the device goes, it is tried again after 0.1 s, doubled up to 5 s, and at
 * once when the directory of @path tells by inotify that it came. With a label
 * (else NULL or "") it is looked for each time, and a label that two devices have
 * is -ENOTUNIQ: neither is used. A device that another output has open is -EBUSY.
 * Each time it is opened it gets the look-up tables that follow from
 * @config.colors.
 */
int device_create(struct output **ret_output, struct loop *loop,
		  const struct device_config *config);
