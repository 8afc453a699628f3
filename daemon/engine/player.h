/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/effect.h"
#include "engine/engine.h"

/*
 * One zone's effect in time: ticks, parameters, brightness. It knows nothing
 * of frames: instants come in, pixels go out.
 */

/** PLAYER_CATCH_UP - ticks made up for in one frame; what is longer ago never happened */
#define PLAYER_CATCH_UP (2 * EFFECT_TICK_HZ)

/** struct glide - from one value to another along a curve */
struct glide {
	bool active;
	uint64_t start_ns;
	uint64_t duration_ns;
	enum ease_curve curve;
	enum engine_kind kind;
};

/** glide_start() - begin at @now_ns; not active for a NULL or empty @transition */
void glide_start(struct glide *glide, uint64_t now_ns, const struct engine_transition *transition);

/** glide_at() - how far, 0 to 65535 or, for some curves, beyond; ends the glide when its time is up */
int32_t glide_at(struct glide *glide, uint64_t now_ns);

/** glide_within() - glide_at() held between 0 and 65535 */
uint16_t glide_within(struct glide *glide, uint64_t now_ns);

/** struct player - the fields up to @state are set up by its owner */
struct player {
	uint32_t pixels, width, height;
	uint32_t seed;
	void *state; /* player_state_bytes() of the zone */

	const struct effect *effect; /* NULL: dark */
	int32_t params[EFFECT_MAX_PARAMS];
	uint64_t start_ns;
	uint64_t elapsed_ns; /* of the effect's time, up to the last frame */
	uint64_t tick;	     /* ticks that have been advanced */
	bool changed;	     /* the picture is another one for more reasons than time */
	uint8_t level;	     /* of the last frame */
	uint8_t level_from, level_to;
	struct glide level_glide;
};

/** player_state_bytes() - room for the state of any effect on @pixels */
size_t player_state_bytes(uint32_t pixels);

/** player_params_valid() - each parameter of @effect is in its range */
bool player_params_valid(const struct effect *effect, const int32_t *params);

/** player_show() - begin @effect at @now_ns; parameters are copied, ranges as checked before */
void player_show(struct player *player, uint64_t now_ns, const struct effect *effect,
		 const int32_t *params);

/** player_set_level() - @transition may be NULL */
void player_set_level(struct player *player, uint64_t now_ns, uint8_t level,
		      const struct engine_transition *transition);

/** player_dark() - at level 0 and staying there */
bool player_dark(const struct player *player);

/** player_animated() - its picture changes with time: an effect that moves and is not dark */
bool player_animated(const struct player *player);

/** player_due() - the next picture differs, or may differ, from the last one */
bool player_due(const struct player *player);

/** PLAYER_STEP_PIXELS - pixels times ticks of a step of player_advance(), at least one tick */
#define PLAYER_STEP_PIXELS 1024

/** player_advance() - let time go on towards @now_ns by a step; true: there is more to do */
bool player_advance(struct player *player, uint64_t now_ns);

/** player_render() - the picture of @now_ns into @out, player's count of pixels */
void player_render(struct player *player, uint64_t now_ns, struct pixel *out);
