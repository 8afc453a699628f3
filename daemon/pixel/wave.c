// SPDX-License-Identifier: GPL-2.0-or-later
#include "pixel/wave.h"

uint16_t wave_smooth_step(uint16_t time)
{
	uint64_t t = time;

	/* t is a part of 65535: 65535 × (3t² / 65535² - 2t³ / 65535³) */
	return (uint16_t)((t * t * (3 * 65535 - 2 * t)) / (65535ULL * 65535ULL));
}

uint16_t wave_smooth(uint16_t phase)
{
	uint32_t up = phase < 32768 ? phase : 65536U - phase;

	return wave_smooth_step((uint16_t)(up < 32768 ? 2 * up : 65535));
}
