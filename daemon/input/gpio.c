// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/gpio.h"

#include <dirent.h>
#include <errno.h>
#include <gpiod.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "input/gpio_backend.h"

#define CHIP_FOLDER "/dev/"
#define CHIP_PREFIX "gpiochip"
/* More than any board has. */
#define CHIPS_MAX 64

struct gpio {
	struct gpiod_chip *chip;
	struct gpio_request *request;
	bool debounces;
};

static int refuse(char error[GPIO_ERROR_MAX], int ret, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int refuse(char error[GPIO_ERROR_MAX], int ret, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, GPIO_ERROR_MAX, format, args);
	va_end(args);
	str_clean(error);
	return ret;
}

static int chip_open(struct gpiod_chip **ret_chip, const char *path)
{
	*ret_chip = gpiod_chip_open(path);
	if (*ret_chip)
		return 0;
	return errno ? -errno : -EIO;
}

static struct gpiod_chip *chip_close(struct gpiod_chip *chip)
{
	if (chip)
		gpiod_chip_close(chip);
	return NULL;
}

static int is_chip(const struct dirent *entry)
{
	return !strncmp(entry->d_name, CHIP_PREFIX, strlen(CHIP_PREFIX));
}

static int by_number(const struct dirent **a, const struct dirent **b)
{
	return strverscmp((*a)->d_name, (*b)->d_name);
}

size_t gpio_list(struct gpio_chip_about *ret_chips, size_t n)
{
	char path[sizeof(CHIP_FOLDER) + NAME_MAX];
	struct dirent **entries = NULL;
	int count = scandir(CHIP_FOLDER, &entries, is_chip, by_number), i;
	struct gpio_chip_about *about;
	struct gpiod_chip *chip;
	size_t used = 0;

	for (i = 0; i < count; i++) {
		if (used < n) {
			about = &ret_chips[used++];
			memset(about, 0, sizeof(*about));
			str_copy(about->name, sizeof(about->name), entries[i]->d_name);
			snprintf(path, sizeof(path), CHIP_FOLDER "%s", entries[i]->d_name);
			about->error = chip_open(&chip, path);
			if (about->error >= 0) {
				gpio_chip_about(chip, about);
				chip_close(chip);
			}
		}
		free(entries[i]);
	}
	free(entries);
	return used;
}

bool gpio_line_name(const char *chip_name, unsigned int offset, char ret_name[GPIO_NAME_MAX])
{
	char path[sizeof(CHIP_FOLDER) + GPIO_CHIP_MAX], consumer[GPIO_NAME_MAX];
	struct gpiod_chip *chip;
	int ret;

	snprintf(path, sizeof(path), CHIP_FOLDER "%s", chip_name);
	if (chip_open(&chip, path) < 0)
		return false;
	ret = gpio_chip_line(chip, offset, ret_name, consumer);
	chip_close(chip);
	return ret >= 0 && *ret_name;
}

static int open_chip(struct gpiod_chip **ret_chip, const char *name, char error[GPIO_ERROR_MAX])
{
	char path[sizeof(CHIP_FOLDER) + GPIO_CHIP_MAX];
	int ret;

	snprintf(path, sizeof(path), "%s%s", *name == '/' ? "" : CHIP_FOLDER, name);
	ret = chip_open(ret_chip, path);
	if (ret == -EACCES || ret == -EPERM)
		return refuse(error, ret, "%s may not be opened: is the user in the group gpio?",
			      path);
	if (ret < 0)
		return refuse(error, ret, "%s: %s", path, strerrordesc_np(-ret));
	return 0;
}

/* The chip that has the label, or without one a line with that name. */
static int find_chip(struct gpiod_chip **ret_chip, const char *label, const char *line,
		     char error[GPIO_ERROR_MAX])
{
	struct gpio_chip_about chips[CHIPS_MAX];
	size_t count = gpio_list(chips, CHIPS_MAX), denied = 0, i;

	for (i = 0; i < count; i++) {
		denied += chips[i].error == -EACCES || chips[i].error == -EPERM;
		if (chips[i].error < 0 || (*label && strcmp(chips[i].label, label) != 0))
			continue;
		if (open_chip(ret_chip, chips[i].name, error) < 0)
			continue;
		if (*label || gpio_chip_find(*ret_chip, line) >= 0)
			return 0;
		*ret_chip = chip_close(*ret_chip);
	}
	if (denied)
		return refuse(error, -EACCES,
			      "%zu of %zu GPIO chips may not be opened: is the user in the group "
			      "gpio?",
			      denied, count);
	if (*label)
		return refuse(error, -ENOENT, "no GPIO chip has the name or label \"%s\"", label);
	return refuse(error, -ENOENT, "no GPIO chip has a line named \"%s\"", line);
}

static int choose_chip(struct gpiod_chip **ret_chip, const struct gpio_config *config,
		       char error[GPIO_ERROR_MAX])
{
	const char *chip = config->chip;

	if (*chip == '/' || !strncmp(chip, CHIP_PREFIX, strlen(CHIP_PREFIX)))
		return open_chip(ret_chip, chip, error);
	return find_chip(ret_chip, chip, config->line[0].name, error);
}

static int find_lines(struct gpiod_chip *chip, const struct gpio_config *config,
		      unsigned int *offsets, char error[GPIO_ERROR_MAX])
{
	struct gpio_chip_about about = { .lines = 0 };
	unsigned int i;
	int ret;

	gpio_chip_about(chip, &about);
	for (i = 0; i < config->line_count; i++) {
		offsets[i] = config->line[i].offset;
		if (config->line[i].name[0]) {
			ret = gpio_chip_find(chip, config->line[i].name);
			if (ret < 0)
				return refuse(error, ret, "the GPIO chip %s has no line \"%s\"",
					      about.label, config->line[i].name);
			offsets[i] = (unsigned int)ret;
		} else if (offsets[i] >= about.lines) {
			return refuse(error, -ENOENT,
				      "the GPIO chip %s has lines 0 to %u, and no line %u",
				      about.label, about.lines - 1, offsets[i]);
		}
	}
	return 0;
}

/* Who has the line that we cannot have. */
static int tell_busy(struct gpiod_chip *chip, const struct gpio_config *config,
		     const unsigned int *offsets, char error[GPIO_ERROR_MAX])
{
	char name[GPIO_NAME_MAX], consumer[GPIO_NAME_MAX];
	unsigned int i;

	for (i = 0; i < config->line_count; i++)
		if (gpio_chip_line(chip, offsets[i], name, consumer) >= 0 && *consumer)
			return refuse(error, -EBUSY, "GPIO line %u%s%s%s is in use by \"%s\"",
				      offsets[i], *name ? " (" : "", name, *name ? ")" : "",
				      consumer);
	return refuse(error, -EBUSY, "a GPIO line is in use");
}

int gpio_open(struct gpio **ret_gpio, const struct gpio_config *config, char error[GPIO_ERROR_MAX])
{
	struct gpio *gpio = calloc(1, sizeof(*gpio));
	unsigned int offsets[GPIO_LINES_MAX];
	int ret;

	if (!gpio)
		return refuse(error, -ENOMEM, "no memory");
	ret = choose_chip(&gpio->chip, config, error);
	if (ret >= 0)
		ret = find_lines(gpio->chip, config, offsets, error);
	if (ret >= 0) {
		ret = gpio_request_open(&gpio->request, gpio->chip, config, offsets);
		if (ret == -EBUSY)
			tell_busy(gpio->chip, config, offsets, error);
		else if (ret < 0)
			refuse(error, ret, "the GPIO line %u cannot be had: %s", offsets[0],
			       strerrordesc_np(-ret));
	}
	if (ret < 0) {
		gpio_close(gpio);
		return ret;
	}
	gpio->debounces = config->debounce_us && gpio_backend_debounces();
	*ret_gpio = gpio;
	return 0;
}

struct gpio *gpio_close(struct gpio *gpio)
{
	if (!gpio)
		return NULL;
	gpio_request_close(gpio->request);
	chip_close(gpio->chip);
	free(gpio);
	return NULL;
}

unsigned int gpio_fds(const struct gpio *gpio, int ret_fds[GPIO_LINES_MAX])
{
	return gpio_request_fds(gpio->request, ret_fds);
}

bool gpio_debounces(const struct gpio *gpio)
{
	return gpio->debounces;
}

int gpio_read(struct gpio *gpio, uint64_t now_ns, struct gpio_edge ret_edges[GPIO_EDGES_MAX],
	      bool *ret_lost)
{
	return gpio_request_read(gpio->request, now_ns, ret_edges, ret_lost);
}

uint64_t gpio_deadline_ns(const struct gpio *gpio)
{
	return gpio_request_deadline_ns(gpio->request);
}

int gpio_levels(struct gpio *gpio, bool ret_levels[GPIO_LINES_MAX])
{
	return gpio_request_levels(gpio->request, ret_levels);
}

int gpio_set(struct gpio *gpio, bool active)
{
	return gpio_request_set(gpio->request, active);
}
