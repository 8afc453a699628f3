// SPDX-License-Identifier: GPL-2.0-or-later
#include "png.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static const uint8_t signature[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };

/* the largest file that is read; the pictures are far smaller */
#define PNG_MAX_BYTES (16 << 20)

static void *allocate(size_t bytes)
{
	void *memory = calloc(1, bytes ? bytes : 1);

	if (!memory) {
		fputs("out of memory\n", stderr);
		exit(1);
	}
	return memory;
}

struct image image_create(uint32_t width, uint32_t height)
{
	return (struct image){ width, height, allocate((size_t)width * height * 3) };
}

void image_free(struct image *image)
{
	free(image->rgb);
	*image = (struct image){ 0 };
}

static void put32(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 24);
	at[1] = (uint8_t)(value >> 16);
	at[2] = (uint8_t)(value >> 8);
	at[3] = (uint8_t)value;
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int chunk(struct png *png, const char *type, const uint8_t *data, uint32_t length)
{
	uint8_t head[8], tail[4];
	uLong crc;

	put32(head, length);
	memcpy(head + 4, type, 4);
	crc = crc32(crc32(0, head + 4, 4), length ? data : head, length);
	put32(tail, (uint32_t)crc);
	if (fwrite(head, 8, 1, png->file) != 1 ||
	    (length && fwrite(data, length, 1, png->file) != 1) ||
	    fwrite(tail, 4, 1, png->file) != 1)
		return -EIO;
	return 0;
}

/* PNG, 9.4: the Paeth predictor */
static int paeth(int left, int above, int corner)
{
	int guess = left + above - corner;
	int by_left = abs(guess - left), by_above = abs(guess - above);
	int by_corner = abs(guess - corner);

	if (by_left <= by_above && by_left <= by_corner)
		return left;
	return by_above <= by_corner ? above : corner;
}

/* what filter @type expects for byte @i of a row; @above is NULL in the first row */
static int expected(int type, const uint8_t *row, const uint8_t *above, size_t i)
{
	int left = i >= 3 ? row[i - 3] : 0, up = above ? above[i] : 0;
	int corner = above && i >= 3 ? above[i - 3] : 0;

	switch (type) {
	case 1:
		return left;
	case 2:
		return up;
	case 3:
		return (left + up) / 2;
	case 4:
		return paeth(left, up, corner);
	default:
		return 0;
	}
}

/* the filter whose differences are smallest packs best */
static int best_filter(const uint8_t *row, const uint8_t *above, size_t bytes)
{
	unsigned long least = ~0UL;
	int best = 0;

	for (int type = 0; type < 5; type++) {
		unsigned long sum = 0;

		for (size_t i = 0; i < bytes; i++)
			sum += (unsigned long)abs((int8_t)(row[i] - expected(type, row, above, i)));
		if (sum < least) {
			least = sum;
			best = type;
		}
	}
	return best;
}

/* filtered and packed, after @room bytes left free */
static uint8_t *pack(const struct image *image, size_t room, uLongf *ret_length)
{
	size_t bytes = (size_t)image->width * 3;
	uLong raw_length = (uLong)((bytes + 1) * image->height);
	uint8_t *raw = allocate(raw_length), *packed = allocate(room + compressBound(raw_length));
	uint8_t *to = raw;

	for (uint32_t y = 0; y < image->height; y++) {
		const uint8_t *row = image->rgb + y * bytes;
		const uint8_t *above = y ? row - bytes : NULL;
		int type = best_filter(row, above, bytes);

		*to++ = (uint8_t)type;
		for (size_t i = 0; i < bytes; i++)
			*to++ = (uint8_t)(row[i] - expected(type, row, above, i));
	}
	*ret_length = compressBound(raw_length);
	compress2(packed + room, ret_length, raw, raw_length, 9);
	free(raw);
	return packed;
}

int png_begin(struct png *png, const char *path, uint32_t width, uint32_t height, uint32_t frames)
{
	/* 8 bits, truecolour, and the only methods there are */
	uint8_t header[13] = { [8] = 8, [9] = 2 }, control[8] = { 0 };
	int ret;

	*png = (struct png){ fopen(path, "wb"), width, height, frames, 0 };
	if (!png->file)
		return -errno;
	put32(header, width);
	put32(header + 4, height);
	ret = fwrite(signature, 8, 1, png->file) == 1 ? 0 : -EIO;
	if (!ret)
		ret = chunk(png, "IHDR", header, sizeof(header));
	put32(control, frames);
	if (!ret && frames > 1)
		ret = chunk(png, "acTL", control, sizeof(control));
	return ret;
}

int png_frame(struct png *png, const struct image *image, uint16_t delay_ms)
{
	uint8_t control[26] = { 0 };
	bool first = png->sequence == 0;
	uint8_t *packed;
	uLongf length;
	int ret = 0;

	if (png->frames > 1) {
		put32(control, png->sequence++);
		put32(control + 4, png->width);
		put32(control + 8, png->height);
		control[20] = (uint8_t)(delay_ms >> 8);
		control[21] = (uint8_t)delay_ms;
		control[22] = 1000 >> 8;
		control[23] = 1000 & 255;
		ret = chunk(png, "fcTL", control, sizeof(control));
	}
	packed = pack(image, 4, &length);
	if (!ret && first)
		ret = chunk(png, "IDAT", packed + 4, (uint32_t)length);
	else if (!ret) {
		put32(packed, png->sequence++);
		ret = chunk(png, "fdAT", packed, (uint32_t)length + 4);
	}
	free(packed);
	return ret;
}

int png_end(struct png *png)
{
	int ret = chunk(png, "IEND", NULL, 0);

	if (fclose(png->file) != 0 && !ret)
		ret = -errno;
	return ret;
}

int png_write(const char *path, const struct image *image)
{
	struct png png;
	int ret = png_begin(&png, path, image->width, image->height, 1);

	if (!png.file)
		return ret;
	if (!ret)
		ret = png_frame(&png, image, 0);
	return png_end(&png) ?: ret;
}

static int unpack(struct image *image, const uint8_t *packed, size_t length)
{
	size_t bytes = (size_t)image->width * 3;
	uLongf raw_length = (uLongf)((bytes + 1) * image->height);
	uint8_t *raw = allocate(raw_length);
	uLongf got = raw_length;
	int ret = uncompress(raw, &got, packed, (uLong)length) == Z_OK && got == raw_length
			  ? 0
			  : -EBADMSG;

	for (uint32_t y = 0; !ret && y < image->height; y++) {
		const uint8_t *from = raw + y * (bytes + 1);
		uint8_t *row = image->rgb + y * bytes;

		for (size_t i = 0; i < bytes; i++)
			row[i] = (uint8_t)(from[1 + i] +
					   expected(from[0], row, y ? row - bytes : NULL, i));
	}
	free(raw);
	return ret;
}

static int parse(const uint8_t *file, size_t size, struct image *ret_image)
{
	struct image image = { 0 };
	size_t at = 8;
	int ret = -EBADMSG;

	if (size < 8 || memcmp(file, signature, 8) != 0)
		return -EBADMSG;
	while (ret == -EBADMSG && at + 12 <= size && get32(file + at) <= size - at - 12) {
		uint32_t length = get32(file + at);
		const uint8_t *data = file + at + 8;

		if (memcmp(data - 4, "IHDR", 4) == 0 && length == 13 && !image.rgb) {
			if (get32(data) > 16384 || get32(data + 4) > 16384 || data[8] != 8 ||
			    data[9] != 2 || data[12] != 0)
				break;
			image = image_create(get32(data), get32(data + 4));
		} else if (memcmp(data - 4, "IDAT", 4) == 0 && image.rgb) {
			ret = unpack(&image, data, length);
			break;
		}
		at += 12 + (size_t)length;
	}
	if (ret)
		image_free(&image);
	else
		*ret_image = image;
	return ret;
}

int png_read(const char *path, struct image *ret_image)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes;
	size_t size;
	int ret;

	if (!file)
		return -errno;
	bytes = allocate(PNG_MAX_BYTES);
	size = fread(bytes, 1, PNG_MAX_BYTES, file);
	ret = ferror(file) ? -EIO : parse(bytes, size, ret_image);
	free(bytes);
	fclose(file);
	return ret;
}
