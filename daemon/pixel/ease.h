/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

enum ease_curve {
	EASE_LINEAR,
	EASE_QUAD_IN,
	EASE_QUAD_OUT,
	EASE_QUAD_IN_OUT,
	EASE_CUBIC_IN,
	EASE_CUBIC_OUT,
	EASE_CUBIC_IN_OUT,
	EASE_CURVES,
};

/** ease() - position on @curve for @time, both 0 to 65535; the ends are exact */
uint16_t ease(enum ease_curve curve, uint16_t time);
