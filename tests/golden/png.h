/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>
#include <stdio.h>

/*
 * PNG (W3C, third edition) as far as the pictures of the effects need it:
 * 8 bits, three components, not interlaced, still or animated. zlib packs.
 */

/** struct image - @rgb has width × height × 3 bytes and belongs to the image */
struct image {
	uint32_t width, height;
	uint8_t *rgb;
};

/** image_create() - black; exits with a message when memory is out */
struct image image_create(uint32_t width, uint32_t height);

/** image_free() - the pixels; the image is empty then */
void image_free(struct image *image);

/** struct png - a file being written */
struct png {
	FILE *file;
	uint32_t width, height;
	uint32_t frames, sequence;
};

/** png_begin() - @frames of more than 1 make an animation that repeats; -errno */
int png_begin(struct png *png, const char *path, uint32_t width, uint32_t height, uint32_t frames);

/** png_frame() - the next picture, of the size given before; shown for @delay_ms */
int png_frame(struct png *png, const struct image *image, uint16_t delay_ms);

/** png_end() - close the file; 0 or the first error */
int png_end(struct png *png);

/** png_write() - a still picture; 0 or -errno */
int png_write(const char *path, const struct image *image);

/** png_read() - the first picture of a file written by this program; 0, -errno, -EBADMSG */
int png_read(const char *path, struct image *ret_image);
