/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

/*
 * How much light a component value stands for, as the kernel's look-up tables
 * want it: light of a strip goes evenly with its value, eyes do not.
 */

/** LUT_GAMMA_MIN, LUT_GAMMA_MAX, LUT_GAMMA_DEFAULT - in hundredths; 100 is the strip's own */
#define LUT_GAMMA_MIN 100
#define LUT_GAMMA_MAX 400
#define LUT_GAMMA_DEFAULT 220

/**
 * lut_fill() - 255 × (v / 255)^gamma × balance / 255, rounded
 * @gamma: in hundredths, LUT_GAMMA_MIN to LUT_GAMMA_MAX
 * @balance: light of the value 255; 0: none at all
 *
 * What is not 0 stays at least 1, so that nothing that is on goes dark.
 */
void lut_fill(uint8_t table[256], unsigned int gamma, uint8_t balance);
