/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * encode.h - pixels to the symbols of the wire, and the power budget's sums
 *
 * Pure: no device, no clock, no allocation, no lock. The same file is compiled
 * into the module and into the user-space tests.
 *
 * A byte of a pixel becomes one 32-bit word: eight bits, the most significant
 * first, each of four symbols, the first in the word's highest bit.
 */

#ifndef DIUNA_ENCODE_H
#define DIUNA_ENCODE_H

#include <linux/types.h>

/* R, G, B, W: logical components, in the order of a frame's bytes */
#define DIUNA_COLORS 4

/**
 * struct diuna_order - colour order of one channel
 * @components: bytes of a pixel, 3 or 4
 * @src: src[i] is the logical component (0 R, 1 G, 2 B, 3 W) sent i-th
 * @name: upper case, zero-terminated
 */
struct diuna_order {
	u8 components;
	u8 src[DIUNA_COLORS];
	char name[8];
};

/**
 * struct diuna_symbols - what a bit looks like on the wire
 * @zero: the four symbols of a 0 bit, the first in bit 3
 * @one: the four symbols of a 1 bit, the first in bit 3
 */
struct diuna_symbols {
	u8 zero;
	u8 one;
};

/**
 * struct diuna_table - everything that a value goes through, ready made
 * @word: the word of a level
 * @level: by logical component: the level sent for a value of the frame, after
 *	LUT, brightness and power scale
 * @ua: by logical component: current at level 255, in uA
 *
 * 2 KiB, so that it stays in the smallest first-level cache beside the pixels.
 * Owned and locked by the caller; only diuna_table_build() writes to it.
 */
struct diuna_table {
	u32 word[256];
	u8 level[DIUNA_COLORS][256];
	u32 ua[DIUNA_COLORS];
};

/**
 * diuna_order_parse() - read a colour order
 * @name: any permutation of "RGB" or "RGBW", any case; may be NULL
 * @ret_order: filled on success, untouched on failure
 *
 * Return: 0, or -EINVAL if @name is no such permutation.
 */
int diuna_order_parse(const char *name, struct diuna_order *ret_order);

/**
 * diuna_table_identity_lut() - make look-up tables that change nothing
 * @lut: by logical component
 */
void diuna_table_identity_lut(u8 lut[DIUNA_COLORS][256]);

/**
 * diuna_table_build() - make a channel's table
 * @t: table to fill
 * @o: colour order of the channel
 * @s: symbol pattern of the channel's chip
 * @lut: look-up tables by logical component
 * @brightness: 0 to 255
 * @scale: power scale, 0 to 65536 (65536: as given)
 * @ua: current of each logical component at level 255 in uA, or NULL for 0
 * @big_endian: words lie in memory in the order of the wire, highest byte
 *	first (SPI); else in the machine's order (PWM FIFO)
 *
 * The level of a value v is (b * scale) >> 16, where b is
 * lut[v] * brightness / 255 rounded to the nearest.
 */
void diuna_table_build(struct diuna_table *t, const struct diuna_order *o,
		       const struct diuna_symbols *s, const u8 lut[DIUNA_COLORS][256],
		       u32 brightness, u32 scale, const u32 ua[DIUNA_COLORS], bool big_endian);

/**
 * diuna_encode() - encode the pixels of a channel
 * @t: table of the channel
 * @o: the order that the table was built with
 * @src: pixels in logical order, @pixels * @o->components bytes
 * @pixels: number of pixels, up to 2^24
 * @dst: the first pixel's first word; @pixels * @o->components words are
 *	written, those between are left alone
 * @stride: distance of one word from the next, in words, at least 1
 */
void diuna_encode(const struct diuna_table *t, const struct diuna_order *o, const u8 *src,
		  u32 pixels, u32 *dst, u32 stride);

/**
 * diuna_encode_sum() - encode the pixels of a channel and add up their current
 * @t: table of the channel
 * @o: the order that the table was built with
 * @src: pixels in logical order
 * @pixels: number of pixels, up to 2^24
 * @dst: the first pixel's first word
 * @stride: distance of one word from the next, in words, at least 1
 *
 * Return: the sum of ua_c * level over all bytes, in 1/255 uA, exact: divide
 * it with diuna_power_ua(), once, after adding what is to be added. 8 channels
 * of 16384 pixels of 4 components at the largest u32 current sum up to 5.8e17,
 * 1/30 of what 64 bits hold.
 */
u64 diuna_encode_sum(const struct diuna_table *t, const struct diuna_order *o, const u8 *src,
		     u32 pixels, u32 *dst, u32 stride);

/**
 * diuna_power_ua() - current of a power sum
 * @sum: from diuna_encode_sum(), or several of them added
 *
 * Return: the current in uA, rounded down.
 */
u64 diuna_power_ua(u64 sum);

/**
 * diuna_power_scale() - what a frame must be scaled with to stay in its budget
 * @idle_ua: current of all pixels at level 0, in uA, less than 2^47
 * @sum: from diuna_encode_sum(), or several of them added
 * @limit_ua: budget in uA, less than 2^47
 *
 * Return: 65536 if the frame is within @limit_ua, else
 * floor(65536 * (limit - idle) / (I - idle)), where I is @idle_ua plus
 * diuna_power_ua(@sum); 0 (black) if the limit is not above the idle current.
 * A table built with it as scale makes a frame within the limit.
 */
u32 diuna_power_scale(u64 idle_ua, u64 sum, u64 limit_ua);

#endif /* DIUNA_ENCODE_H */
