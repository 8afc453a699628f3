// SPDX-License-Identifier: GPL-2.0-or-later
#include "pixel/ease.h"

#define ONE 65535U

/* product of two parts of ONE, rounded */
static uint32_t times(uint32_t a, uint32_t b)
{
	return (uint32_t)(((uint64_t)a * b + ONE / 2) / ONE);
}

static uint32_t power(uint32_t time, unsigned int exponent)
{
	uint32_t value = time;

	while (--exponent)
		value = times(value, time);
	return value;
}

/* in for the first half of the time, turned round for the second */
static uint32_t in_out(uint32_t time, unsigned int exponent)
{
	if (time <= ONE / 2)
		return power(2 * time, exponent) / 2;
	return ONE - power(2 * (ONE - time), exponent) / 2;
}

uint16_t ease(enum ease_curve curve, uint16_t time)
{
	switch (curve) {
	case EASE_QUAD_IN:
		return (uint16_t)power(time, 2);
	case EASE_QUAD_OUT:
		return (uint16_t)(ONE - power(ONE - time, 2));
	case EASE_QUAD_IN_OUT:
		return (uint16_t)in_out(time, 2);
	case EASE_CUBIC_IN:
		return (uint16_t)power(time, 3);
	case EASE_CUBIC_OUT:
		return (uint16_t)(ONE - power(ONE - time, 3));
	case EASE_CUBIC_IN_OUT:
		return (uint16_t)in_out(time, 3);
	case EASE_LINEAR:
	case EASE_CURVES:
		break;
	}
	return time;
}
