// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/buzzer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/input.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

/* udev gives the files of a PWM their group some time after it was exported. */
#define EXPORT_TRIES 20
#define EXPORT_WAIT_US 50000

struct buzzer {
	struct gpio *gpio;	       /* of one that has its own tone */
	int beeper_fd;		       /* of a beeper; -1 */
	char pwm[INPUT_PATH_MAX + 16]; /* of a PWM: its folder; empty */
};

/* One attribute of sysfs. */
static int write_file(const char *folder, const char *name, uint64_t value)
{
	char path[INPUT_PATH_MAX + 32], text[24];
	int fd, length, ret = 0;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	length = snprintf(text, sizeof(text), "%" PRIu64 "\n", value);
	if (write(fd, text, (size_t)length) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static int refuse_pwm(const struct input_config *config, int ret, char *error)
{
	if (ret == -EROFS)
		snprintf(
			error, INPUT_DETAIL_MAX,
			"%.60s is read-only for this service: it needs pwm-buzzer.conf, see README",
			config->device);
	else if (ret == -EACCES || ret == -EPERM)
		snprintf(error, INPUT_DETAIL_MAX,
			 "%.60s may not be written: it needs pwm-buzzer.rules, see README",
			 config->device);
	return ret;
}

static int open_pwm(struct buzzer *buzzer, const struct input_config *config, char *error)
{
	char path[INPUT_PATH_MAX + 32];
	unsigned int tries;
	int ret;

	ret = write_file(config->device, "export", (uint64_t)config->pwm);
	/* busy: it is exported already */
	if (ret < 0 && ret != -EBUSY)
		return refuse_pwm(config, ret, error);
	snprintf(buzzer->pwm, sizeof(buzzer->pwm), "%s/pwm%d", config->device, config->pwm);
	snprintf(path, sizeof(path), "%s/enable", buzzer->pwm);
	for (tries = 0; access(path, W_OK) < 0; tries++) {
		if (tries == EXPORT_TRIES)
			return refuse_pwm(config, -errno, error);
		usleep(EXPORT_WAIT_US);
	}
	return 0;
}

static int set_pwm(const struct buzzer *buzzer, uint16_t hz)
{
	uint64_t period_ns;
	int ret;

	/* whatever is written before the first period is refused: it is silent then */
	if (!hz) {
		ret = write_file(buzzer->pwm, "enable", 0);
		return ret == -EINVAL ? 0 : ret;
	}
	period_ns = NSEC_PER_SEC / hz;
	/* a period shorter than the duty is refused, so that goes first */
	ret = write_file(buzzer->pwm, "duty_cycle", 0);
	if (ret >= 0 || ret == -EINVAL)
		ret = write_file(buzzer->pwm, "period", period_ns);
	if (ret >= 0)
		ret = write_file(buzzer->pwm, "duty_cycle", period_ns / 2);
	return ret < 0 ? ret : write_file(buzzer->pwm, "enable", 1);
}

static int set_beeper(const struct buzzer *buzzer, uint16_t hz)
{
	const struct input_event events[] = {
		{ .type = EV_SND, .code = SND_TONE, .value = hz },
		{ .type = EV_SYN, .code = SYN_REPORT },
	};

	return write(buzzer->beeper_fd, events, sizeof(events)) < 0 ? -errno : 0;
}

int buzzer_tone(struct buzzer *buzzer, uint16_t hz)
{
	if (buzzer->gpio)
		return gpio_set(buzzer->gpio, hz);
	return buzzer->pwm[0] ? set_pwm(buzzer, hz) : set_beeper(buzzer, hz);
}

int buzzer_open(struct buzzer **ret_buzzer, const struct input_config *config, char *error)
{
	struct buzzer *buzzer = calloc(1, sizeof(*buzzer));
	int ret;

	if (!buzzer)
		return -ENOMEM;
	buzzer->beeper_fd = -1;
	if (config->gpio.line_count) {
		ret = gpio_open(&buzzer->gpio, &config->gpio, error);
	} else if (config->pwm >= 0) {
		ret = open_pwm(buzzer, config, error);
	} else {
		buzzer->beeper_fd = open(config->device, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
		ret = buzzer->beeper_fd < 0 ? -errno : 0;
	}
	if (ret >= 0)
		ret = buzzer_tone(buzzer, 0);
	if (ret < 0) {
		if (!*error)
			snprintf(error, INPUT_DETAIL_MAX, "%.120s: %s", config->device,
				 strerrordesc_np(-ret));
		buzzer_close(buzzer);
		return ret;
	}
	*ret_buzzer = buzzer;
	return 0;
}

struct buzzer *buzzer_close(struct buzzer *buzzer)
{
	if (!buzzer)
		return NULL;
	if (buzzer->gpio || buzzer->pwm[0] || buzzer->beeper_fd >= 0)
		buzzer_tone(buzzer, 0);
	gpio_close(buzzer->gpio);
	if (buzzer->beeper_fd >= 0)
		close(buzzer->beeper_fd);
	free(buzzer);
	return NULL;
}
