/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compat.h - what differs between the kernels that the driver builds with
 *
 * Each entry names the version that brought the change.
 */

#ifndef DIUNA_COMPAT_H
#define DIUNA_COMPAT_H

#include <linux/version.h>

/* 6.5: copy_splice_read() reads into pages of its own, generic_file_splice_read() is gone */
#if KERNEL_VERSION(6, 5, 0) <= LINUX_VERSION_CODE
#define diuna_splice_read		copy_splice_read
#else
#define diuna_splice_read		generic_file_splice_read
#endif

/* 6.13: hrtimer_setup(); hrtimer_init() went away soon after */
#if KERNEL_VERSION(6, 13, 0) <= LINUX_VERSION_CODE
#define diuna_hrtimer_setup(timer, callback) \
	hrtimer_setup(timer, callback, CLOCK_MONOTONIC, HRTIMER_MODE_ABS)
#else
#define diuna_hrtimer_setup(timer, callback) do {				\
	struct hrtimer *__timer = (timer);					\
										\
	hrtimer_init(__timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);		\
	__timer->function = (callback);						\
} while (0)
#endif

#endif /* DIUNA_COMPAT_H */
