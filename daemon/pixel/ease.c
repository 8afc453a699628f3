// SPDX-License-Identifier: GPL-2.0-or-later
#include "pixel/ease.h"

#include <stddef.h>

#include "pixel/fixed.h"

#define ONE 65535

/* the usual constants of these curves, in 1 / ONE */
#define BACK_OVERSHOOT 111512 /* 1.70158 */
#define BOUNCE_HEIGHT 495607  /* 7.5625 */

const char *const ease_names[EASE_CURVES + 1] = {
	"linear",	 "quad_in",    "quad_out",    "quad_in_out",	"cubic_in",  "cubic_out",
	"cubic_in_out",	 "quart_in",   "quart_out",   "quart_in_out",	"quint_in",  "quint_out",
	"quint_in_out",	 "sine_in",    "sine_out",    "sine_in_out",	"expo_in",   "expo_out",
	"expo_in_out",	 "circ_in",    "circ_out",    "circ_in_out",	"back_in",   "back_out",
	"back_in_out",	 "elastic_in", "elastic_out", "elastic_in_out", "bounce_in", "bounce_out",
	"bounce_in_out",
};

/* product of two parts of ONE, rounded: a division by 2^16 - 1 is one by 2^16 and what that lacks */
static int64_t times(int64_t a, int64_t b)
{
	int64_t product = a * b + ONE / 2;

	return (product + (product >> 16) + 1) >> 16;
}

static int64_t power(int64_t time, unsigned int exponent)
{
	int64_t value = time;

	while (--exponent)
		value = times(value, time);
	return value;
}

/* ONE × 2^(-x / ONE): the series of e^(-f ln 2) for the fraction, a shift for the rest */
static int64_t halved(int64_t x)
{
	/* (ln 2)^n / n! of ONE; the next term would be 1 / ONE */
	static const int64_t terms[] = { 45426, 15743, 3637, 630, 87, 10 };
	int64_t fraction = x % ONE, sum = 0;

	for (size_t i = sizeof(terms) / sizeof(terms[0]); i--;)
		sum = times(terms[i] - sum, fraction);
	return (ONE - sum) >> (x / ONE);
}

/* ONE × cos(2π × turns / 65536) */
static int64_t cosine(int64_t turns)
{
	return ONE - 2 * (int64_t)fixed_wave((uint16_t)turns);
}

static int64_t bounce_out(int64_t time)
{
	static const struct {
		int64_t until, middle, floor;
	} bounces[] = {
		{ ONE * 4 / 11, 0, 0 },			     /* 1 / 2.75 */
		{ ONE * 8 / 11, ONE * 6 / 11, ONE * 3 / 4 }, /* 2 / 2.75, 1.5 / 2.75 */
		{ ONE * 10 / 11, ONE * 9 / 11, ONE * 15 / 16 },
		{ ONE, ONE * 21 / 22, ONE * 63 / 64 },
	};
	size_t i = 0;

	while (time > bounces[i].until)
		i++;
	time -= bounces[i].middle;
	return times(BOUNCE_HEIGHT, times(time, time)) + bounces[i].floor;
}

/* The curves of EASE_QUAD_IN, EASE_CUBIC_IN and so on. */
static int64_t family(unsigned int index, int64_t time)
{
	if (time <= 0 || time >= ONE)
		return time <= 0 ? 0 : ONE;
	switch (index) {
	case 0:
	case 1:
	case 2:
	case 3:
		return power(time, index + 2);
	case 4: /* 1 - cos(t × π / 2) */
		return ONE - cosine(time / 4);
	case 5: /* 2^(10 t - 10) */
		return halved(10 * (ONE - time));
	case 6: /* 1 - √(1 - t²) */
		return ONE - (int64_t)fixed_root((uint64_t)((int64_t)ONE * ONE - time * time));
	case 7: /* (s + 1) t³ - s t² */
		return times(power(time, 2), times(BACK_OVERSHOOT + ONE, time) - BACK_OVERSHOOT);
	case 8: /* -2^(10 t - 10) × sin((10 t - 10.75) × 2π / 3); a quarter turn less for the sine */
		return -times(halved(10 * (ONE - time)),
			      cosine((40 * time - 43 * (int64_t)ONE) / 12 - 16384));
	default:
		return ONE - bounce_out(ONE - time);
	}
}

int32_t ease(enum ease_curve curve, uint16_t time)
{
	unsigned int index;

	if (curve <= EASE_LINEAR || curve >= EASE_CURVES)
		return time;
	index = ((unsigned int)curve - 1) / 3;
	switch ((curve - 1) % 3) {
	case 0:
		return (int32_t)family(index, time);
	case 1:
		return (int32_t)(ONE - family(index, ONE - time));
	default:
		if (time <= ONE / 2)
			return (int32_t)(family(index, 2 * time) / 2);
		return (int32_t)(ONE - family(index, 2 * (ONE - time)) / 2);
	}
}

const char *ease_name(enum ease_curve curve)
{
	return (unsigned int)curve < EASE_CURVES ? ease_names[curve] : NULL;
}
