/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "output/output.h"

/** struct device_config - a character device with the ABI of uapi/linux/diuna.h */
struct device_config {
	const char *name;
	const char *path;		    /* such as "/dev/diuna"; copied */
	const struct output_colors *colors; /* OUTPUT_MAX_CHANNELS of them; copied */
};

/**
 * device_create() - an output on /dev/diuna
 *
 * Opened O_RDWR | O_NONBLOCK | O_CLOEXEC at output_start(); if that fails or
 * the device goes, it is tried again after 0.1 s, doubled up to 5 s, and at
 * once when the directory of @path tells by inotify that it came. Each time it
 * is opened it gets the look-up tables that follow from @config.colors.
 */
int device_create(struct output **ret_output, struct loop *loop,
		  const struct device_config *config);
