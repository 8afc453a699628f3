/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

/** enum ease_curve - linear, and ten families in three ways each, in this order */
enum ease_curve {
	EASE_LINEAR,
	EASE_QUAD_IN,
	EASE_QUAD_OUT,
	EASE_QUAD_IN_OUT,
	EASE_CUBIC_IN,
	EASE_CUBIC_OUT,
	EASE_CUBIC_IN_OUT,
	EASE_QUART_IN,
	EASE_QUART_OUT,
	EASE_QUART_IN_OUT,
	EASE_QUINT_IN,
	EASE_QUINT_OUT,
	EASE_QUINT_IN_OUT,
	EASE_SINE_IN,
	EASE_SINE_OUT,
	EASE_SINE_IN_OUT,
	EASE_EXPO_IN,
	EASE_EXPO_OUT,
	EASE_EXPO_IN_OUT,
	EASE_CIRC_IN,
	EASE_CIRC_OUT,
	EASE_CIRC_IN_OUT,
	EASE_BACK_IN,
	EASE_BACK_OUT,
	EASE_BACK_IN_OUT,
	EASE_ELASTIC_IN,
	EASE_ELASTIC_OUT,
	EASE_ELASTIC_IN_OUT,
	EASE_BOUNCE_IN,
	EASE_BOUNCE_OUT,
	EASE_BOUNCE_IN_OUT,
	EASE_CURVES,
};

/**
 * ease() - position on @curve for @time of 0 to 65535; the ends are exact
 *
 * From 0 to 65535; BACK and ELASTIC go beyond both by up to 38 %. Out is in
 * turned round; in-out is in at half size, then out.
 */
int32_t ease(enum ease_curve curve, uint16_t time);

/** ease_names - of each curve, closed by NULL */
extern const char *const ease_names[EASE_CURVES + 1];

/** ease_name() - such as "cubic_in_out"; NULL out of range */
const char *ease_name(enum ease_curve curve);
