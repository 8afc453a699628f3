/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

/**
 * wave_smooth() - a swing from 0 (at @phase 0) to 65535 (at 32768) and back
 *
 * @phase is a 65536th of a turn. Close to a raised cosine: slow at both ends,
 * without a corner, symmetrical. Integer only.
 */
uint16_t wave_smooth(uint16_t phase);

/** wave_smooth_step() - from 0 to 65535 along 3t² - 2t³, both ends exact and flat */
uint16_t wave_smooth_step(uint16_t time);
