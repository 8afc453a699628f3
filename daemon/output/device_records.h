/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/diuna.h>

#include "output/output.h"

/*
 * What the completion records of a device tell: pure accounting, without
 * descriptor or clock.
 */

/** DEVICE_SLOTS - frames that a device holds: one in flight and the next */
#define DEVICE_SLOTS 2

/** struct device_records - state between records; zero when the device was opened */
struct device_records {
	uint64_t last_seq;	  /* 0: no record seen yet */
	unsigned int outstanding; /* frames taken whose record has not come, at most DEVICE_SLOTS */
};

/** struct device_news - what a run of records told */
struct device_news {
	uint64_t foreign; /* frames of other writers between ours */
	uint64_t failed;  /* frames of ours that ended with an error */
	int error;	  /* -errno of the last that failed, 0 if the newest frame was shown */
};

/** device_records_taken() - the device took a frame */
void device_records_taken(struct device_records *records);

/** device_records_room() - the device says that it has room for a frame */
void device_records_room(struct device_records *records);

/** device_records_full() - the device surely has no room: asking it can be saved */
bool device_records_full(const struct device_records *records);

/**
 * device_records_read() - account @n records in the order of reading
 * @stats: completed, failed, foreign and last_done_ns are updated
 *
 * Frames before the first record are nobody's: when the device was opened it
 * had a number already. Records that were lost are frames of ours.
 */
struct device_news device_records_read(struct device_records *records, struct output_stats *stats,
				       const struct diuna_completion *completions, size_t n);
