/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "frames/frames.h"
#include "frames/grid.h"
#include "frames/layers.h"

/*
 * What the files of the frame manager share: frames.c has zones, pictures and
 * what is asked from outside, pass.c makes frames, outputs.c deals with what
 * takes them.
 */

struct frames_zone {
	struct frames_zone_config config;
	uint32_t pixels;
	uint32_t outputs; /* bit i: a part is on output i */
	bool misfit;	  /* refused: a part is not on its output */
	bool dirty;	  /* another picture shows than the one in @shown */
	bool covers;	  /* there is a picture in @shown */
	bool mortal;	  /* a picture has a time to live */
	struct layers layers;
	struct pixel *pictures; /* of each priority, one after the other */
	struct pixel *shown;	/* of the last frame; the same allocation */
	uint32_t *source;	/* compose_source() of each place; NULL if plain */
	bool source_stale;	/* to be worked out before it is composed */
	uint64_t instant_ns;	/* up to which the renderer's time went on */
};

struct frames_output {
	struct frames *frames;
	unsigned int index;
	struct output *output;
	size_t frame_bytes;
	uint8_t *frame;	   /* being composed, or waiting to be taken */
	uint8_t *accepted; /* taken by the output last */
	bool taken;	   /* @accepted holds a frame */
	bool accepted_valid;
	bool frame_stale, accepted_stale; /* has pixels of a zone that covers nothing any more */
	bool dirty;			  /* a zone of it has changed since a frame was composed */
	bool pending;			  /* the frame composed waits to be taken */
	bool busy;    /* refused a frame: on_ready follows; something is pending then */
	bool starved; /* a zone that has something new was not rendered, as it was busy */
	uint64_t pending_since_ns;
	uint8_t *overlay; /* covers all of the frame until then; NULL: none */
	uint64_t overlay_end_ns;
	uint64_t repaint_ns; /* 0: no other writer was seen */
};

struct frames_producer {
	frames_produce_fn fn;
	void *data;
};

enum pass_step {
	PASS_NONE,
	PASS_RENDER,
	PASS_COMPOSE,
};

/* A frame being made: where the next slice goes on. */
struct pass {
	enum pass_step step;
	bool render;	      /* time moves on: not only what was changed meanwhile */
	uint64_t begun_ns;    /* CLOCK_MONOTONIC */
	uint64_t instant_ns;  /* that it is for, in frame time */
	unsigned int zone;    /* of all, or in the order of composing */
	unsigned int output;  /* that is being composed */
	bool output_composed; /* up to @zone */
	uint32_t unchecked;   /* pixels since the clock was asked */
};

struct frames {
	struct frames_config config;
	struct loop_source *timer, *more;
	bool running;
	bool in_tick; /* in a producer or renderer: what is committed is for this frame */
	bool kicked;  /* while a frame is made: there will be another */
	bool moving;  /* the next frame is due at the next instant of the grid */
	bool paused;
	uint64_t paused_ns; /* frame time of the pause */
	uint64_t skew_ns;   /* frame time is this much behind the clock */
	struct grid grid;   /* its fps are the lower of the two */
	unsigned int fps, fps_limit;
	uint64_t last_ns;     /* instant of the last frame */
	uint64_t deadline_ns; /* the timer's, 0: not armed */
	struct pass pass;

	unsigned int output_count;
	struct frames_output outputs[FRAMES_MAX_OUTPUTS];
	unsigned int zone_count;
	struct frames_zone zones[FRAMES_MAX_ZONES];
	uint16_t order[FRAMES_MAX_ZONES]; /* of composing: by layer */
	unsigned int producer_count;
	struct frames_producer producers[FRAMES_MAX_PRODUCERS];
	struct frames_renderer renderer;
	void (*watcher)(unsigned int output, void *data); /* may be NULL */
	void *watcher_data;

	struct frames_stats stats;
	struct frames_figures figures;
};

/** frames_picture() - the buffer of a priority */
static inline struct pixel *frames_picture(const struct frames_zone *zone, int priority)
{
	return zone->pictures + (size_t)priority * zone->pixels;
}

/** frames_fill_source() - work out where each place of a zone gets its pixel from */
void frames_fill_source(struct frames_zone *zone);

/** frames_touch() - another picture shows in the zone */
void frames_touch(struct frames *frames, struct frames_zone *zone);

/** frames_arm() - set the timer; 0 disarms */
void frames_arm(struct frames *frames, uint64_t deadline_ns);

/** frames_wake() - frames_kick(), also in a pause */
void frames_wake(struct frames *frames);

/** pass_begin() - make a frame for @instant_ns, as far as it goes; none may be under way */
void pass_begin(struct frames *frames, bool render, uint64_t now_ns, uint64_t instant_ns);

/** pass_on_timer(), pass_on_more() - of the frame manager's sources */
int pass_on_timer(struct loop_source *source, uint64_t now_ns, void *data);
int pass_on_more(struct loop_source *source, void *data);

/** outputs_start() - all of them; 0 or -errno */
int outputs_start(struct frames *frames);

/** outputs_check_zone() - whether it fits those of its outputs that are there; logged if it does not */
void outputs_check_zone(struct frames *frames, unsigned int zone);

/** outputs_repaint() - the outputs of a zone begin from black with their next frame */
void outputs_repaint(struct frames *frames, const struct frames_zone *zone);

/** outputs_submit() - give it the frame that was composed */
void outputs_submit(struct frames_output *entry, uint64_t now_ns);

/** overlay_apply() - cover the frame that was composed, if there is something to cover it */
void overlay_apply(struct frames_output *entry);

/** overlay_expire() - drop it when its time is over */
void overlay_expire(struct frames_output *entry, uint64_t now_ns);

/** overlay_drop() - what the zones show is composed anew */
void overlay_drop(struct frames_output *entry);
