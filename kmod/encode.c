// SPDX-License-Identifier: GPL-2.0-only
/*
 * encode.c - pixels to the symbols of the wire, and the power budget's sums
 */

#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <asm/byteorder.h>

#include "encode.h"

#define DIUNA_SCALE_SHIFT 16

int diuna_order_parse(const char *name, struct diuna_order *ret_order)
{
	static const char logical[DIUNA_COLORS] = { 'R', 'G', 'B', 'W' };
	struct diuna_order o = { };
	unsigned int seen = 0;
	unsigned int i, c;

	if (!name)
		return -EINVAL;

	for (i = 0; name[i]; i++) {
		/* ASCII letters differ from their lower case in this bit alone */
		char letter = name[i] & ~0x20;

		for (c = 0; c < DIUNA_COLORS; c++)
			if (letter == logical[c])
				break;
		if (i == DIUNA_COLORS || c == DIUNA_COLORS || seen & (1U << c))
			return -EINVAL;
		seen |= 1U << c;
		o.src[i] = c;
		o.name[i] = letter;
	}

	/* three letters must be R, G and B: W comes only as a fourth */
	if (seen != 0x7 && seen != 0xf)
		return -EINVAL;

	o.components = i;
	*ret_order = o;
	return 0;
}

void diuna_table_identity_lut(u8 lut[DIUNA_COLORS][256])
{
	unsigned int c, v;

	for (c = 0; c < DIUNA_COLORS; c++)
		for (v = 0; v < 256; v++)
			lut[c][v] = v;
}

/*
 * Each bit of a value adds the same difference to its place in the word, so
 * every power of two doubles what is there. Swapping the bytes of the
 * differences swaps those of the words.
 */
static void diuna_build_words(u32 word[256], const struct diuna_symbols *s, bool big_endian)
{
	unsigned int bit, v;

	/* all bytes alike */
	word[0] = s->zero * 0x11111111U;
	for (bit = 0; bit < 8; bit++) {
		u32 diff = (u32)(s->zero ^ s->one) << (4 * bit);
		u32 *upper = word + (1U << bit);

		if (big_endian)
			diff = (__force u32)__cpu_to_be32(diff);
		for (v = 0; v < 1U << bit; v++)
			upper[v] = word[v] ^ diff;
	}
}

void diuna_table_build(struct diuna_table *t, const struct diuna_order *o,
		       const struct diuna_symbols *s, const u8 lut[DIUNA_COLORS][256],
		       u32 brightness, u32 scale, const u32 ua[DIUNA_COLORS], bool big_endian)
{
	unsigned int c, v;
	u8 dim[256];

	diuna_build_words(t->word, s, big_endian);

	/* unrolled, since a frame over its budget pays for a second table */
#pragma GCC unroll 8
	for (v = 0; v < 256; v++)
		dim[v] = ((v * brightness + 127) / 255 * scale) >> DIUNA_SCALE_SHIFT;

	for (c = 0; c < o->components; c++) {
#pragma GCC unroll 8
		for (v = 0; v < 256; v++)
			t->level[c][v] = dim[lut[c][v]];
		t->ua[c] = ua ? ua[c] : 0;
	}
}

/*
 * The one loop, made four times with constant arguments. It reads a pixel in
 * the frame's order and puts each word where the wire's order wants it. The
 * sums of levels (2^24 pixels of 255 fit 32 bits) meet their currents only at
 * the end: the loop multiplies nothing, and the result is exact.
 */
static __always_inline u64 diuna_encode_n(const struct diuna_table *t, const struct diuna_order *o,
					  const u8 *src, u32 pixels, u32 *dst, u32 stride,
					  const unsigned int components, const bool with_sum)
{
	const u8 *end = src + (size_t)pixels * components;
	const size_t step = (size_t)stride * components;
	size_t to[DIUNA_COLORS] = { };
	size_t sum[DIUNA_COLORS] = { };
	u64 total = 0;
	unsigned int c;
	size_t level;

	for (c = 0; c < components; c++)
		to[o->src[c]] = (size_t)stride * c;

	for (; src != end; src += components) {
		level = t->level[0][src[0]];
		dst[to[0]] = t->word[level];
		if (with_sum)
			sum[0] += level;

		level = t->level[1][src[1]];
		dst[to[1]] = t->word[level];
		if (with_sum)
			sum[1] += level;

		level = t->level[2][src[2]];
		dst[to[2]] = t->word[level];
		if (with_sum)
			sum[2] += level;

		if (components == 4) {
			level = t->level[3][src[3]];
			dst[to[3]] = t->word[level];
			if (with_sum)
				sum[3] += level;
		}
		dst += step;
	}

	if (with_sum)
		for (c = 0; c < components; c++)
			total += (u64)t->ua[c] * sum[c];
	return total;
}

void diuna_encode(const struct diuna_table *t, const struct diuna_order *o, const u8 *src,
		  u32 pixels, u32 *dst, u32 stride)
{
	if (o->components == 4)
		diuna_encode_n(t, o, src, pixels, dst, stride, 4, false);
	else
		diuna_encode_n(t, o, src, pixels, dst, stride, 3, false);
}

u64 diuna_encode_sum(const struct diuna_table *t, const struct diuna_order *o, const u8 *src,
		     u32 pixels, u32 *dst, u32 stride)
{
	if (o->components == 4)
		return diuna_encode_n(t, o, src, pixels, dst, stride, 4, true);
	return diuna_encode_n(t, o, src, pixels, dst, stride, 3, true);
}

u64 diuna_power_ua(u64 sum)
{
	return div_u64(sum, 255);
}

u32 diuna_power_scale(u64 idle_ua, u64 sum, u64 limit_ua)
{
	u64 light_ua = diuna_power_ua(sum);

	if (idle_ua + light_ua <= limit_ua)
		return 1U << DIUNA_SCALE_SHIFT;
	if (limit_ua <= idle_ua)
		return 0;
	return div64_u64((limit_ua - idle_ua) << DIUNA_SCALE_SHIFT, light_ua);
}
