/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "control/zone.h"
#include "frames/frames.h"

/*
 * Frame by frame: what a zone shows is captured off line, with an effect of its
 * own that begins anew, and shown at DEBUG priority. Nothing is captured for
 * longer than a part of a frame at a time.
 */
struct stepper;

/** STEPPER_FRAMES - the most frames captured, a second apart by STEPPER_FPS */
#define STEPPER_FRAMES 120
#define STEPPER_FPS 60

/** STEPPER_BYTES - the most memory for them: fewer frames of a large zone */
#define STEPPER_BYTES (1024 * 1024)

/** stepper_create() - for a zone and how it is; 0, -E2BIG (not two frames fit) or -ENOMEM */
int stepper_create(struct stepper **ret_stepper, struct frames *frames, unsigned int zone,
		   const struct zone_config *config, const struct zone_state *state);

/** stepper_destroy() - what it covered shows again; NULL is fine; returns NULL */
struct stepper *stepper_destroy(struct stepper *stepper);

/** stepper_tick() - from a producer: capture some more, show what is due; true while that goes on */
bool stepper_tick(struct stepper *stepper);

/** stepper_move() - @steps frames on or back, and stop there; the ends hold */
void stepper_move(struct stepper *stepper, int steps);

/** stepper_play() - one captured frame for each frame, from the start after the last; or stop */
void stepper_play(struct stepper *stepper, bool playing);

bool stepper_playing(const struct stepper *stepper);

/** stepper_frame(), stepper_frames() - the one that shows, from 0, and how many there will be */
unsigned int stepper_frame(const struct stepper *stepper);
unsigned int stepper_frames(const struct stepper *stepper);
