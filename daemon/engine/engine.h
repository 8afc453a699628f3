/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "engine/effect.h"
#include "frames/frames.h"
#include "pixel/ease.h"

/*
 * Runs one effect per zone and the transitions between what a zone showed and
 * what it shall show. A plain colour is the effect SOLID at MANUAL priority;
 * other effects run at ANIMATION, transitions at TRANSITION. Each change is a
 * whole: there is no moment with the old one stopped and the new one not
 * started. A zone that is dark has no picture, so that what it covers shows.
 * Light loop only; nothing is allocated after engine_start().
 */
struct engine;

/** enum engine_kind - what the time of a transition is filled with */
enum engine_kind {
	ENGINE_CROSSFADE, /* the old picture mixes into the new one */
	ENGINE_FADE,	  /* through black */
	ENGINE_CUT,	  /* the old picture stays until the middle */
	ENGINE_NONE,	  /* no time at all */
	ENGINE_KINDS,
};

/** engine_kind_names - of each kind, closed by NULL */
extern const char *const engine_kind_names[ENGINE_KINDS + 1];

/** struct engine_transition - how to get from the old picture to the new one */
struct engine_transition {
	uint32_t duration_ms; /* 0: at once */
	enum ease_curve curve;
	enum engine_kind kind;
};

struct engine_config {
	struct frames *frames;
	uint32_t seed;
};

/** engine_create() - 0 or -ENOMEM */
int engine_create(struct engine **ret_engine, const struct engine_config *config);

/** engine_destroy() - after the frame manager was stopped; NULL is fine; returns NULL */
struct engine *engine_destroy(struct engine *engine);

/**
 * engine_add_zone() - before engine_start()
 * @zone: index of frames_add_zone()
 * @width, @height: of a matrix; pixels × 1 for a strip
 */
int engine_add_zone(struct engine *engine, unsigned int zone, uint32_t pixels, uint32_t width,
		    uint32_t height);

/**
 * engine_fetch_fn - the next picture of a zone's external effect
 * @picture: as the last one was; the zone's count of pixels
 *
 * Called at most once a frame, while the zone is lit and an output has room.
 * Return: true if there is another picture now; then it is asked again with the
 * next frame. After false it is asked again after engine_fetch_again().
 */
typedef bool (*engine_fetch_fn)(unsigned int zone, struct pixel *picture, void *data);

/** engine_set_source() - where the pictures of all external effects come from; before engine_start() */
void engine_set_source(struct engine *engine, engine_fetch_fn fetch, void *data);

/** engine_fetch_again() - there may be another picture for the zone */
void engine_fetch_again(struct engine *engine, unsigned int zone);

/** engine_start() - allocate state for the largest effect in each zone and join the frame manager */
int engine_start(struct engine *engine);

/*
 * The calls below take any moment, also in the middle of a transition: what
 * shows then is where the new one begins. A @transition of NULL takes no time. They
 * answer -EINVAL for a zone that is not there and change nothing then.
 */

/** engine_show_color() - a plain colour; what ran before ends */
int engine_show_color(struct engine *engine, unsigned int zone, struct pixel color,
		      const struct engine_transition *transition);

/**
 * engine_show_effect() - run @effect with @params (param_count values, in range, copied)
 *
 * What the zone shows stays until the first picture of an external effect is
 * there; then the transition begins.
 */
int engine_show_effect(struct engine *engine, unsigned int zone, const struct effect *effect,
		       const int32_t *params, const struct engine_transition *transition);

/** engine_set_param() - a running effect goes on with the new value; -EINVAL out of range */
int engine_set_param(struct engine *engine, unsigned int zone, unsigned int param, int32_t value);

/**
 * engine_set_level() - brightness of the zone 0 to 255, also of effects
 *
 * A @transition goes evenly from level to level, through black or not; a cut
 * stays on the old level until the middle.
 * 255 at the start. At 0 the zone is dark and its effect stands still, so that
 * nothing is computed; it goes on from there when the level rises.
 */
int engine_set_level(struct engine *engine, unsigned int zone, uint8_t level,
		     const struct engine_transition *transition);

/** engine_moving() - an effect that moves or a transition is under way in the zone */
bool engine_moving(const struct engine *engine, unsigned int zone);

/**
 * engine_fade_out() - all zones to black
 * @transition: NULL: at once
 * @on_done: called once, from a frame, when the outputs have taken black, at the
 *	latest 1 s after the transition's time; it may call frames_stop()
 *
 * Return: 0, or -EALREADY while a fade-out is under way.
 */
int engine_fade_out(struct engine *engine, const struct engine_transition *transition,
		    void (*on_done)(void *data), void *data);

/** engine_in_transition() - of picture or level, that has not ended */
bool engine_in_transition(const struct engine *engine, unsigned int zone);

/** engine_settle() - the end of a transition under way shows at once; on_transition_end is not called */
void engine_settle(struct engine *engine, unsigned int zone);

/**
 * engine_on_transition_end() - whom to tell that a zone's transition has run to its end
 * @fn: called from a frame, once for picture and level together; not for one
 *	that was replaced or settled; NULL: nobody
 */
void engine_on_transition_end(struct engine *engine, void (*fn)(unsigned int zone, void *data),
			      void *data);
