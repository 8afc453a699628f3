/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vectors.h - expected values for the encoder and the timing profiles
 *
 * Shared by the user-space tests and the KUnit suites. Nothing here is made
 * with the code under test: a bit's symbols are strings as one would draw them,
 * and words are put together bit by bit, the way the datasheets describe the
 * signal ("G7 G6 ... first").
 */

#ifndef DIUNA_TEST_VECTORS_H
#define DIUNA_TEST_VECTORS_H

#include <linux/kernel.h>
#include <linux/types.h>

/**
 * struct vec_chip - what the datasheet of a chip says
 * @name: name of its profile
 * @t0h: shortest and longest, in ns
 * @t0l: shortest and longest, in ns
 * @t1h: shortest and longest, in ns
 * @t1l: shortest and longest, in ns
 * @reset_ns: longest reset time of all revisions
 * @bit_ns: time of a bit
 * @zero: pattern of a 0 bit
 * @one: pattern of a 1 bit
 * @margin_ps: smallest of the eight distances, see the sums beside it
 */
struct vec_chip {
	const char *name;
	u32 t0h[2], t0l[2], t1h[2], t1l[2];
	u32 reset_ns;
	u32 bit_ns;
	const char *zero;
	const char *one;
	s64 margin_ps;
};

/*
 * Sources: the tables "Data transfer time" of the Worldsemi datasheets and
 * "Data transmission time" of Opsco's. The WS2811's is for 400 kHz; a note
 * under it says that all but the reset is half of it at 800 kHz.
 * Pulses at 800 kHz: 1000 = 312.5 + 937.5 ns, 1100 = 625 + 625 ns,
 * 1110 = 937.5 + 312.5 ns; at 400 kHz twice that.
 */
/* clang-format off */
static const struct vec_chip vec_chips[] __maybe_unused = {
	/* 950 - 937.5 (T1H), 312.5 - 300 (T1L) */
	{ "ws2812b", { 250, 550 }, { 700, 1000 }, { 650, 950 }, { 300, 600 },
	  280000, 1250, "1000", "1110", 12500 },
	{ "ws2812", { 250, 550 }, { 700, 1000 }, { 650, 950 }, { 300, 600 },
	  280000, 1250, "1000", "1110", 12500 },
	/* 625 - 580 (T1H, T1L) */
	{ "ws2812b-v5", { 220, 380 }, { 580, 1000 }, { 580, 1000 }, { 580, 1000 },
	  280000, 1250, "1000", "1100", 45000 },
	/* 312.5 - 300 (T0H, T1L) */
	{ "ws2813", { 300, 450 }, { 300, 100000 }, { 750, 1000 }, { 300, 100000 },
	  300000, 1250, "1000", "1110", 12500 },
	/* 380 - 312.5 (T0H) */
	{ "ws2813-mini", { 220, 380 }, { 580, 1600 }, { 580, 1600 }, { 220, 420 },
	  280000, 1250, "1000", "1110", 67500 },
	{ "ws2815", { 220, 380 }, { 580, 1600 }, { 580, 1600 }, { 220, 420 },
	  280000, 1250, "1000", "1110", 67500 },
	/* 1050 - 937.5 (T0L) */
	{ "sk6812", { 150, 450 }, { 750, 1050 }, { 450, 750 }, { 450, 750 },
	  80000, 1250, "1000", "1100", 112500 },
	{ "sk6812w", { 150, 450 }, { 750, 1050 }, { 450, 750 }, { 450, 750 },
	  80000, 1250, "1000", "1100", 112500 },
	/* 325 - 312.5 (T0H), 937.5 - 925 (T0L) */
	{ "ws2811", { 175, 325 }, { 925, 1075 }, { 525, 675 }, { 575, 725 },
	  280000, 1250, "1000", "1100", 12500 },
	/* 650 - 625 (T0H), 1875 - 1850 (T0L) */
	{ "ws2811-400", { 350, 650 }, { 1850, 2150 }, { 1050, 1350 }, { 1150, 1450 },
	  280000, 2500, "1000", "1100", 25000 },
};

/* clang-format on */

/** VEC_CHIPS - number of entries of vec_chips */
#define VEC_CHIPS ARRAY_SIZE(vec_chips)

/** VEC_ORDERS - 3! orders of RGB and 4! orders of RGBW */
#define VEC_ORDERS (6 + 24)

/**
 * vec_order() - the n-th colour order
 * @n: 0 to VEC_ORDERS - 1
 * @name: filled with its name, 5 characters with the zero
 * @src: filled with the logical component of each place
 *
 * The letters are dealt out by the factorial number system.
 *
 * Return: the number of components, 3 or 4.
 */
static inline unsigned int vec_order(unsigned int n, char name[5], u8 src[4])
{
	unsigned int components = n < 6 ? 3 : 4;
	unsigned int left = components;
	unsigned int code = n < 6 ? n : n - 6;
	u8 free[4] = { 0, 1, 2, 3 };
	unsigned int i, k;

	for (i = 0; i < components; i++) {
		unsigned int pick = code % left;

		code /= left;
		src[i] = free[pick];
		name[i] = "RGBW"[free[pick]];
		left--;
		for (k = pick; k < left; k++)
			free[k] = free[k + 1];
	}
	name[components] = '\0';
	return components;
}

/**
 * vec_word() - a byte on the wire, symbol by symbol
 * @value: the byte, bit 7 is sent first
 * @zero: symbols of a 0 bit, such as "1000"
 * @one: symbols of a 1 bit
 *
 * Return: the symbols, the first one in bit 31.
 */
static inline u32 vec_word(unsigned int value, const char *zero, const char *one)
{
	u32 word = 0;
	int bit, i;

	for (bit = 7; bit >= 0; bit--) {
		const char *symbols = value & (1U << bit) ? one : zero;

		for (i = 0; i < 4; i++)
			word = word * 2 + (symbols[i] == '1');
	}
	return word;
}

/**
 * vec_pattern() - four symbols as a number, the first in bit 3
 * @symbols: such as "1110"
 *
 * Return: 0 to 15.
 */
static inline u8 vec_pattern(const char *symbols)
{
	return (symbols[0] == '1') * 8 + (symbols[1] == '1') * 4 + (symbols[2] == '1') * 2 +
	       (symbols[3] == '1');
}

/**
 * vec_level() - what becomes of a value behind the look-up table
 * @value: lut[v]
 * @brightness: 0 to 255
 * @scale: 0 to 65536
 *
 * value * brightness / 255 rounded: the first whole number that is not more
 * than a half below; found by counting, not by dividing. Then the power budget's
 * rule, (level * scale) >> 16.
 *
 * Return: the level.
 */
static inline unsigned int vec_level(unsigned int value, unsigned int brightness, u32 scale)
{
	unsigned int level = 0;

	while (2 * value * brightness > (2 * level + 1) * 255)
		level++;
	return (level * scale) >> 16;
}

#endif /* DIUNA_TEST_VECTORS_H */
