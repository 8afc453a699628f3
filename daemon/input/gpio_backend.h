/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "input/gpio.h"

/*
 * What the two versions of libgpiod do in ways of their own. gpio_v1.c is
 * built with 1.6, gpio_v2.c with 2; gpio.c has all that is the same.
 */
struct gpiod_chip;
struct gpio_request;

/** gpio_chip_about() - label and number of lines */
void gpio_chip_about(struct gpiod_chip *chip, struct gpio_chip_about *ret_about);

/** gpio_chip_find() - number of the line with this name, or -ENOENT */
int gpio_chip_find(struct gpiod_chip *chip, const char *name);

/** gpio_chip_line() - name and user of a line, each empty if there is none; 0 or -errno */
int gpio_chip_line(struct gpiod_chip *chip, unsigned int offset, char ret_name[GPIO_NAME_MAX],
		   char ret_consumer[GPIO_NAME_MAX]);

/** gpio_request_open() - the lines of @config, whose numbers are in @offsets; 0 or -errno */
int gpio_request_open(struct gpio_request **ret_request, struct gpiod_chip *chip,
		      const struct gpio_config *config, const unsigned int *offsets);

/** gpio_request_close() - give them back; NULL is fine; returns NULL */
struct gpio_request *gpio_request_close(struct gpio_request *request);

/** gpio_backend_debounces() - the kernel can be asked for gpio_config.debounce_us */
bool gpio_backend_debounces(void);

/* As the functions of gpio.h with these names. */
unsigned int gpio_request_fds(const struct gpio_request *request, int ret_fds[GPIO_LINES_MAX]);
int gpio_request_read(struct gpio_request *request, uint64_t now_ns,
		      struct gpio_edge ret_edges[GPIO_EDGES_MAX], bool *ret_lost);
uint64_t gpio_request_deadline_ns(const struct gpio_request *request);
int gpio_request_levels(struct gpio_request *request, bool ret_levels[GPIO_LINES_MAX]);
int gpio_request_set(struct gpio_request *request, bool active);
