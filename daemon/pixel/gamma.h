/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

/*
 * Between the 8 bits of a component and linear light of 18 bits, gamma 2.2.
 * 18 bits tell all 256 values apart, and there and back gives the same value.
 */

/** GAMMA_LINEAR_MAX - linear light of the component value 255 */
#define GAMMA_LINEAR_MAX 262143U

/* dark values are looked up one by one, brighter ones in steps of 128 */
#define GAMMA_DARK_END 2048U
#define GAMMA_BRIGHT_SHIFT 7
#define GAMMA_BRIGHT_ENTRIES ((GAMMA_LINEAR_MAX >> GAMMA_BRIGHT_SHIFT) + 1)

/** gamma_linear - linear light of a component: 262143 × (v / 255)^2.2, rounded */
extern const uint32_t gamma_linear[256];

/** gamma_dark - component of linear light below GAMMA_DARK_END: 255 × (l / 262143)^(1 / 2.2) */
extern const uint8_t gamma_dark[GAMMA_DARK_END];

/** gamma_bright - the same for the middle of 128 values: l = 128 × index + 64 */
extern const uint8_t gamma_bright[GAMMA_BRIGHT_ENTRIES];

/** gamma_component() - component that is nearest to @linear, 0 to GAMMA_LINEAR_MAX */
static inline uint8_t gamma_component(uint32_t linear)
{
	if (linear < GAMMA_DARK_END)
		return gamma_dark[linear];
	return gamma_bright[linear >> GAMMA_BRIGHT_SHIFT];
}
