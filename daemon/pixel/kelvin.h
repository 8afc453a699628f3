/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "pixel/color.h"

/*
 * The colour of what glows at a temperature: of a black body, in the primaries
 * of sRGB (IEC 61966-2-1) and as bright as they allow, so that one component of
 * light is 1. Below 1900 K sRGB has not enough blue to take away: it is 0 there.
 */

/** KELVIN_MIN, KELVIN_MAX - temperatures for which the arithmetic is made */
#define KELVIN_MIN 1000
#define KELVIN_MAX 15000

/** kelvin_light() - linear light of red, green and blue, 0 to 1; @kelvin out of range is the nearest */
void kelvin_light(unsigned int kelvin, double ret_light[3]);

/** kelvin_color() - the same as components of a pixel, gamma 2.2 as all of them; no white */
struct pixel kelvin_color(unsigned int kelvin);
