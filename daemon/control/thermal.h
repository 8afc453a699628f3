/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "control/controller.h"
#include "core/bus.h"
#include "core/worker.h"
#include "frames/frames.h"

/*
 * Keeps a board cool: above a temperature there are fewer frames a second, below
 * a lower one as many as are wanted again. The sensor is read by a worker and
 * only while frames move, so that a scene that stands still wakes nobody. It
 * looks at the supply's voltage as well, where the board tells. Light loop only.
 */
struct thermal;

/** THERMAL_PERIOD_NS - the sensor is read at most this often */
#define THERMAL_PERIOD_NS (5ULL * 1000000000ULL)
#define THERMAL_PATH_MAX 256
#define THERMAL_SENSOR "/sys/class/thermal/thermal_zone0/temp"

/**
 * struct thermal_limits - when there are fewer frames
 * @sensor: a file with the temperature in thousandths of a degree Celsius
 * @supply: a file with 1 while the voltage is too low, else 0; "": the alarm of
 *	the board's hwmon device rpi_volt, if there is one
 * @hot_c: above it, in degrees Celsius, frames are limited to @fps
 * @cool_c: below it they are not any more; not above @hot_c
 */
struct thermal_limits {
	char sensor[THERMAL_PATH_MAX];
	char supply[THERMAL_PATH_MAX];
	uint32_t hot_c, cool_c;
	uint32_t fps;
};

/** thermal_judge() - whether it is hot at @temperature_mc, after it was or was not; pure */
bool thermal_judge(const struct thermal_limits *limits, bool hot, int32_t temperature_mc);

/** thermal_parse() - the number in a sensor's file; 0, or -EINVAL if it is none from -273000 to 1000000 */
int thermal_parse(const char *text, int32_t *ret_number);

struct thermal_config {
	const struct thermal_limits *limits; /* outlives it */
	struct worker *worker;		     /* ends before it */
	struct bus *bus;
	struct frames *frames;
	struct controller *controller;
};

/** thermal_create() - joins the frame manager, which ends before it; 0 or -errno */
int thermal_create(struct thermal **ret_thermal, const struct thermal_config *config);

/** thermal_destroy() - NULL is fine; returns NULL */
struct thermal *thermal_destroy(struct thermal *thermal);
