// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/thermal.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

#define SOURCE "thermal"
#define MILLI 1000
/* The board's firmware tells of its supply by this driver. */
#define SUPPLY_NAMES "/sys/class/hwmon/hwmon*/name"
#define SUPPLY_DRIVER "rpi_volt"
#define SUPPLY_ALARM "in0_lcrit_alarm"
#define FILE_MAX 32

/* The worker has it while it reads, the loop else. */
struct reading {
	const struct thermal_limits *limits;
	bool searched;
	char supply[THERMAL_PATH_MAX]; /* "": none */
	int32_t temperature_mc;
	int32_t low_voltage;
};

struct thermal {
	struct thermal_config config;
	struct reading *reading;
	struct thermal_state state;
	bool busy;
	bool failed; /* told once until it works again */
	uint64_t next_ns;
};

bool thermal_judge(const struct thermal_limits *limits, bool hot, int32_t temperature_mc)
{
	if (hot)
		return temperature_mc >= (int32_t)limits->cool_c * MILLI;
	return temperature_mc > (int32_t)limits->hot_c * MILLI;
}

int thermal_parse(const char *text, int32_t *ret_number)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (errno || end == text || (*end && strcmp(end, "\n") != 0) || number < -273000 ||
	    number > 1000000)
		return -EINVAL;
	*ret_number = (int32_t)number;
	return 0;
}

/* ---- on the worker's thread ---- */

static int read_text(const char *path, char text[FILE_MAX])
{
	/* nobody has to write into a FIFO that stands here by mistake */
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, text, FILE_MAX - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	return 0;
}

static int read_number(const char *path, int32_t *ret_number)
{
	char text[FILE_MAX];
	int ret = read_text(path, text);

	return ret < 0 ? ret : thermal_parse(text, ret_number);
}

static void find_supply(struct reading *reading)
{
	char text[FILE_MAX];
	glob_t names;
	size_t i;

	reading->searched = true;
	str_copy(reading->supply, sizeof(reading->supply), reading->limits->supply);
	if (reading->supply[0] || glob(SUPPLY_NAMES, GLOB_NOSORT, NULL, &names))
		return;
	for (i = 0; i < names.gl_pathc && !reading->supply[0]; i++) {
		const char *name = names.gl_pathv[i];

		if (read_text(name, text) < 0 || strcmp(text, SUPPLY_DRIVER "\n") != 0)
			continue;
		snprintf(reading->supply, sizeof(reading->supply), "%.*s" SUPPLY_ALARM,
			 (int)(strrchr(name, '/') + 1 - name), name);
	}
	globfree(&names);
}

static int read_job(void *job)
{
	struct reading *reading = job;

	if (!reading->searched)
		find_supply(reading);
	reading->low_voltage = 0;
	if (reading->supply[0] && read_number(reading->supply, &reading->low_voltage) < 0)
		reading->low_voltage = 0;
	return read_number(reading->limits->sensor, &reading->temperature_mc);
}

/* ---- on the loop ---- */

static void tell(struct thermal *thermal, enum event_system_kind kind, const char *text)
{
	struct event event = { .type = EVENT_SYSTEM, .source = SOURCE, .system.kind = kind };

	str_copy(event.system.text, sizeof(event.system.text), text);
	bus_publish(thermal->config.bus, &event);
}

static void set_hot(struct thermal *thermal, bool hot)
{
	const struct thermal_limits *limits = thermal->config.limits;
	char text[EVENT_TEXT_MAX];

	thermal->state.hot = hot;
	frames_limit_fps(thermal->config.frames, hot ? limits->fps : FRAMES_FPS_MAX);
	snprintf(text, sizeof(text),
		 hot ? "%d degrees: at most %u frames a second"
		     : "%d degrees: as many frames a second as are wanted",
		 thermal->state.temperature_c, limits->fps);
	if (hot)
		log_warning(LOG_SYSTEM, 0, "%s", text);
	else
		log_info(LOG_SYSTEM, "%s", text);
	tell(thermal, hot ? EVENT_SYSTEM_HOT : EVENT_SYSTEM_COOL, text);
}

static void take_temperature(struct thermal *thermal, int result)
{
	const struct reading *reading = thermal->reading;

	if (result < 0 && !thermal->failed)
		log_info(LOG_SYSTEM, "no temperature from %s: %s", reading->limits->sensor,
			 strerrordesc_np(-result));
	thermal->failed = result < 0;
	/* what is not known limits nothing */
	thermal->state.known = result >= 0;
	thermal->state.temperature_c = result < 0 ? 0 : reading->temperature_mc / MILLI;
	if (result < 0 && thermal->state.hot)
		set_hot(thermal, false);
	if (result >= 0 && thermal_judge(reading->limits, thermal->state.hot,
					 reading->temperature_mc) != thermal->state.hot)
		set_hot(thermal, !thermal->state.hot);
}

static void take_voltage(struct thermal *thermal)
{
	bool low = thermal->reading->low_voltage != 0;

	if (low == thermal->state.low_voltage)
		return;
	thermal->state.low_voltage = low;
	if (low)
		log_warning(LOG_SYSTEM, 0, "the supply's voltage is too low");
	else
		log_info(LOG_SYSTEM, "the supply's voltage is as it should be again");
	tell(thermal, low ? EVENT_SYSTEM_LOW_VOLTAGE : EVENT_SYSTEM_VOLTAGE_BACK,
	     low ? "the supply's voltage is too low" : "the supply's voltage is back");
}

static void on_read(void *job, int result, void *data)
{
	struct thermal *thermal = data;
	struct thermal_state before = thermal->state;

	(void)job;
	thermal->busy = false;
	if (result == -ECANCELED)
		return;
	take_temperature(thermal, result);
	take_voltage(thermal);
	if (memcmp(&before, &thermal->state, sizeof(before)) != 0)
		controller_set_thermal(thermal->config.controller, &thermal->state);
}

/* A producer that makes nothing: it is called while frames move, and only then. */
static bool on_frame(uint64_t frame_ns, void *data)
{
	struct thermal *thermal = data;
	uint64_t now_ns = clock_now_ns();

	(void)frame_ns;
	if (thermal->busy || now_ns < thermal->next_ns)
		return false;
	thermal->next_ns = now_ns + THERMAL_PERIOD_NS;
	thermal->busy = worker_submit(thermal->config.worker, read_job, thermal->reading, on_read,
				      thermal) >= 0;
	return false;
}

int thermal_create(struct thermal **ret_thermal, const struct thermal_config *config)
{
	struct thermal *thermal = calloc(1, sizeof(*thermal));
	int ret = -ENOMEM;

	if (!thermal)
		return -ENOMEM;
	thermal->config = *config;
	thermal->reading = calloc(1, sizeof(*thermal->reading));
	if (thermal->reading) {
		thermal->reading->limits = config->limits;
		ret = frames_add_producer(config->frames, on_frame, thermal);
	}
	if (ret < 0) {
		free(thermal->reading);
		free(thermal);
		return ret;
	}
	*ret_thermal = thermal;
	return 0;
}

struct thermal *thermal_destroy(struct thermal *thermal)
{
	if (!thermal)
		return NULL;
	/* a worker that hangs keeps what it reads into */
	if (!thermal->busy)
		free(thermal->reading);
	free(thermal);
	return NULL;
}
