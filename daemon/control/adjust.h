/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "control/command.h"
#include "control/zone.h"

/*
 * What a knob does to a zone: the command for @steps more, or fewer, of
 * something. Pure. At most COMMAND_STEPS_MAX steps either way; the command's
 * zone is left to the caller.
 */

#define ADJUST_BRIGHTNESS_STEP 5
#define ADJUST_HUE_STEP 10

/** adjust_brightness() - by ADJUST_BRIGHTNESS_STEP percent; its ends hold */
struct command adjust_brightness(const struct zone_state *state, int32_t steps);

/** adjust_hue() - by ADJUST_HUE_STEP degrees, round and round; another colour counts as 0 */
struct command adjust_hue(const struct zone_state *state, int32_t steps);

/** adjust_preset() - along the built-in ones but "off", round and round; another colour counts as the first */
struct command adjust_preset(const struct zone_state *state, int32_t steps);

/** adjust_parameter() - of the zone's animation, by the parameter's step; @parameter is one of its */
struct command adjust_parameter(const struct zone_state *state, unsigned int parameter,
				int32_t steps);

/** adjust_set_parameter() - to the value nearest to @value that it can have */
struct command adjust_set_parameter(const struct zone_state *state, unsigned int parameter,
				    int32_t value);
