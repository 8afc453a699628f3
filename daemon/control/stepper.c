// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/stepper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/player.h"

/* pixels captured in one go */
#define CAPTURE_PIXELS 4096

struct stepper {
	struct frames *frames;
	unsigned int zone;
	struct player player;
	struct pixel *pictures;
	unsigned int captured, capacity;
	unsigned int frame; /* that is asked for */
	bool playing;
	bool changed;
};

static void begin(struct stepper *stepper, const struct zone_config *config,
		  const struct zone_state *state)
{
	struct player *player = &stepper->player;
	const struct effect *effect = &effect_solid;
	int32_t params[EFFECT_MAX_PARAMS] = {
		[EFFECT_SOLID_RED] = state->color.rgb.r,
		[EFFECT_SOLID_GREEN] = state->color.rgb.g,
		[EFFECT_SOLID_BLUE] = state->color.rgb.b,
		[EFFECT_SOLID_WHITE] = state->color.rgb.w,
	};

	player->pixels = config->count;
	player->width = zone_picture_width(config);
	player->height = zone_picture_height(config);
	player->seed = 1;
	/* a program's pictures are not ours to make again */
	if (state->mode == ZONE_ANIMATION && !effect_at(state->animation)->external) {
		effect = effect_at(state->animation);
		memcpy(params, state->params, sizeof(params));
	}
	player_set_level(player, 0, zone_level(state->brightness), NULL);
	player_show(player, 0, effect, params);
}

int stepper_create(struct stepper **ret_stepper, struct frames *frames, unsigned int zone,
		   const struct zone_config *config, const struct zone_state *state)
{
	size_t bytes = config->count * sizeof(struct pixel);
	struct stepper *stepper;
	size_t capacity = bytes ? STEPPER_BYTES / bytes : STEPPER_FRAMES;

	if (capacity < 2)
		return -E2BIG;
	if (capacity > STEPPER_FRAMES)
		capacity = STEPPER_FRAMES;
	stepper = calloc(1, sizeof(*stepper));
	if (!stepper)
		return -ENOMEM;
	stepper->frames = frames;
	stepper->zone = zone;
	stepper->capacity = (unsigned int)capacity;
	stepper->changed = true;
	stepper->pictures = malloc(capacity * bytes + 1);
	stepper->player.state = calloc(1, player_state_bytes(config->count));
	if (!stepper->pictures || !stepper->player.state) {
		free(stepper->pictures);
		free(stepper->player.state);
		free(stepper);
		return -ENOMEM;
	}
	begin(stepper, config, state);
	frames_kick(frames);
	*ret_stepper = stepper;
	return 0;
}

struct stepper *stepper_destroy(struct stepper *stepper)
{
	if (!stepper)
		return NULL;
	frames_clear(stepper->frames, stepper->zone, FRAMES_DEBUG);
	free(stepper->pictures);
	free(stepper->player.state);
	free(stepper);
	return NULL;
}

static struct pixel *picture(const struct stepper *stepper, unsigned int frame)
{
	return stepper->pictures + (size_t)frame * stepper->player.pixels;
}

static void capture(struct stepper *stepper)
{
	uint32_t left = CAPTURE_PIXELS;

	while (stepper->captured < stepper->capacity) {
		player_render(&stepper->player, stepper->captured * NSEC_PER_SEC / STEPPER_FPS,
			      picture(stepper, stepper->captured));
		stepper->captured++;
		if (left <= stepper->player.pixels)
			break;
		left -= stepper->player.pixels;
	}
}

bool stepper_tick(struct stepper *stepper)
{
	size_t bytes = stepper->player.pixels * sizeof(struct pixel);

	if (stepper->playing && stepper->frame + 1 < stepper->captured)
		stepper->frame++;
	else if (stepper->playing && stepper->captured == stepper->capacity)
		stepper->frame = 0;
	if (stepper->captured < stepper->capacity)
		capture(stepper);
	if ((stepper->changed || stepper->playing) && stepper->frame < stepper->captured) {
		memcpy(frames_begin(stepper->frames, stepper->zone, FRAMES_DEBUG),
		       picture(stepper, stepper->frame), bytes);
		frames_commit(stepper->frames, stepper->zone, FRAMES_DEBUG, "frame by frame", 0);
		stepper->changed = false;
	}
	return stepper->changed || stepper->playing || stepper->captured < stepper->capacity;
}

void stepper_move(struct stepper *stepper, int steps)
{
	int64_t frame = (int64_t)stepper->frame + steps;

	if (frame < 0)
		frame = 0;
	if (frame >= stepper->capacity)
		frame = stepper->capacity - 1;
	stepper->frame = (unsigned int)frame;
	stepper->playing = false;
	stepper->changed = true;
	frames_kick(stepper->frames);
}

void stepper_play(struct stepper *stepper, bool playing)
{
	stepper->playing = playing;
	frames_kick(stepper->frames);
}

bool stepper_playing(const struct stepper *stepper)
{
	return stepper->playing;
}

unsigned int stepper_frame(const struct stepper *stepper)
{
	return stepper->frame;
}

unsigned int stepper_frames(const struct stepper *stepper)
{
	return stepper->capacity;
}
