/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The terminal as a picture of zones, each by its name, and what comes from the keyboard and the window. */
struct screen;

/**
 * struct screen_row - a zone's picture, upright, row by row
 * @rgb: 3 bytes a pixel; not the screen's
 */
struct screen_row {
	char name[32];
	uint32_t width, height;
	const uint8_t *rgb;
};

/**
 * screen_open() - take the terminal of standard output over; at exit it is as before
 * @title: the first line; lives as long as the screen
 *
 * Without the environment variable NO_COLOR (no-color.org) in 24-bit colour, else in letters.
 *
 * Return: 0, -ENOTTY or -errno
 */
int screen_open(struct screen **ret_screen, const char *title);

/** screen_close() - leave the terminal as it was; NULL is fine */
void screen_close(struct screen *screen);

/** screen_fd() - readable: screen_take() */
int screen_fd(const struct screen *screen);

/**
 * screen_take() - what came: another size, a stop by Ctrl-Z, an end
 *
 * Return: 1 if it goes on and has to be drawn again, 0 if it is to end, or -errno
 */
int screen_take(struct screen *screen);

/** screen_draw() - as many zones as fit, from the top; 0 or -errno */
int screen_draw(struct screen *screen, const struct screen_row *rows, unsigned int count);
