/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "control/presets.h"
#include "control/zone.h"

/*
 * A colour in the words in which it was asked for: what each mode is called,
 * which member holds it, and which light it stands for.
 */

/** zone_color_modes - upper-case name of each mode, closed by NULL */
extern const char *const zone_color_modes[ZONE_COLOR_MODES + 1];

/** zone_color_members - name of the member that goes with each mode, closed by NULL */
extern const char *const zone_color_members[ZONE_COLOR_MODES + 1];

/**
 * zone_color_complete() - what follows from mode and member
 *
 * Sets rgb, but for RGB and HEX, whose member it is, and clears the members of
 * other modes. Return: 0, or -EINVAL (out of range) with @color untouched.
 */
int zone_color_complete(struct zone_color *color, const struct presets *presets);

/** zone_color_same() - asked for in the same words, with the same light */
bool zone_color_same(const struct zone_color *a, const struct zone_color *b);

/** ZONE_COLOR_HEX_MAX - bytes of a colour such as "#ff8000", the closing zero included */
#define ZONE_COLOR_HEX_MAX 8

/** ZONE_COLOR_HEX_RULE - what zone_color_from_hex() takes, in words */
#define ZONE_COLOR_HEX_RULE "a text of # and six hexadecimal digits, such as \"#ff8000\""

/** zone_color_hex() - as HEX tells it */
void zone_color_hex(struct pixel rgb, char ret_text[ZONE_COLOR_HEX_MAX]);

/** zone_color_from_hex() - false if it is not what ZONE_COLOR_HEX_RULE says; NULL is fine and is not */
bool zone_color_from_hex(const char *text, struct pixel *ret_rgb);
