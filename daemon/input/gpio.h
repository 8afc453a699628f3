/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * GPIO lines by libgpiod, of which 1.6 and 2 look the same from here. Opening
 * and closing may block and belong to a worker; all else never blocks.
 */
struct gpio;

/** GPIO_LINES_MAX - lines of one request */
#define GPIO_LINES_MAX 2
#define GPIO_CHIP_MAX 64
#define GPIO_NAME_MAX 32
/** GPIO_OFFSET_MAX - the highest number of a line on its chip */
#define GPIO_OFFSET_MAX 1023
/** GPIO_EDGES_MAX - edges that one gpio_read() takes */
#define GPIO_EDGES_MAX 64
/** GPIO_ERROR_MAX - bytes of an error in words, the closing zero included */
#define GPIO_ERROR_MAX 160
/** GPIO_CONSUMER - by which the lines that we use are known to others */
#define GPIO_CONSUMER "diunad"

enum gpio_bias {
	GPIO_BIAS_AS_IS,
	GPIO_BIAS_DISABLED,
	GPIO_BIAS_PULL_UP,
	GPIO_BIAS_PULL_DOWN,
};

/** struct gpio_line - by its name, or if that is empty by its number on the chip */
struct gpio_line {
	char name[GPIO_NAME_MAX];
	uint32_t offset;
};

/**
 * struct gpio_config - lines of one chip
 * @chip: its name, such as "gpiochip0", its path or its label; empty: the
 *	first one that has a line named as the first line
 * @debounce_us: of inputs: levels that are shorter are not told, by the kernel
 *	where it can; 0: none
 * @output: one line that is driven, and inactive at first; else inputs
 */
struct gpio_config {
	char chip[GPIO_CHIP_MAX];
	unsigned int line_count;
	struct gpio_line line[GPIO_LINES_MAX];
	enum gpio_bias bias;
	bool active_low;
	uint32_t debounce_us;
	bool output;
};

/** struct gpio_edge - a line has another level; @time_ns of CLOCK_MONOTONIC, by the kernel */
struct gpio_edge {
	uint64_t time_ns;
	uint8_t line;
	bool level;
};

/**
 * gpio_open() - request lines; may block, any thread
 * @error: on failure what is wrong and what would help, in words
 *
 * Return: 0; -ENOENT (no such chip or line), -EBUSY, -EACCES or what else the
 * kernel said.
 */
int gpio_open(struct gpio **ret_gpio, const struct gpio_config *config, char error[GPIO_ERROR_MAX]);

/** gpio_close() - give the lines back; may block, any thread; NULL is fine; returns NULL */
struct gpio *gpio_close(struct gpio *gpio);

/** gpio_fds() - descriptors, owned by @gpio, that are readable when edges wait; returns how many */
unsigned int gpio_fds(const struct gpio *gpio, int ret_fds[GPIO_LINES_MAX]);

/** gpio_debounces() - the kernel keeps gpio_config.debounce_us, which is not 0 */
bool gpio_debounces(const struct gpio *gpio);

/**
 * gpio_read() - edges in the order of their times, at most GPIO_EDGES_MAX
 * @now_ns: CLOCK_MONOTONIC
 * @ret_lost: some were lost: gpio_levels() tells how the lines are
 *
 * Return: how many, or -errno: the lines are gone.
 */
int gpio_read(struct gpio *gpio, uint64_t now_ns, struct gpio_edge ret_edges[GPIO_EDGES_MAX],
	      bool *ret_lost);

/**
 * gpio_deadline_ns() - when gpio_read() has more without any descriptor being readable; 0: never
 *
 * With libgpiod 1.6 every line has a descriptor of its own, and an edge waits
 * a little for an earlier one of another line.
 */
uint64_t gpio_deadline_ns(const struct gpio *gpio);

/** gpio_levels() - of all lines now; 0 or -errno */
int gpio_levels(struct gpio *gpio, bool ret_levels[GPIO_LINES_MAX]);

/** gpio_set() - drive the output; 0 or -errno */
int gpio_set(struct gpio *gpio, bool active);

/** struct gpio_chip_about - a chip, for people */
struct gpio_chip_about {
	char name[GPIO_CHIP_MAX], label[GPIO_CHIP_MAX];
	unsigned int lines;
	int error; /* -errno: it cannot be opened */
};

/** gpio_list() - the chips that there are, at most @n, by number; may block; returns how many */
size_t gpio_list(struct gpio_chip_about *ret_chips, size_t n);

/** gpio_line_name() - of a line of a chip that gpio_list() named; false if it has none; may block */
bool gpio_line_name(const char *chip, unsigned int offset, char ret_name[GPIO_NAME_MAX]);
