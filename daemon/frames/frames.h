/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/loop.h"
#include "core/metrics.h"
#include "output/output.h"
#include "pixel/color.h"

/*
 * The frame manager: for each zone and priority it keeps the newest picture
 * with its source and time to live; the highest one that is alive shows. It
 * composes one frame per output, skips equal ones, never outruns an output
 * and sleeps when nothing moves. A frame that takes long is made in slices,
 * and other sources of the loop have their turn between them. Light loop only.
 *
 * Instants given to and by the frame manager are of frame time: CLOCK_MONOTONIC
 * in ns without the time that it was paused.
 */
struct frames;

enum frames_priority {
	FRAMES_IDLE,
	FRAMES_MANUAL,
	FRAMES_ANIMATION,
	FRAMES_PULSE,
	FRAMES_TRANSITION,
	FRAMES_DEBUG,
	FRAMES_PRIORITIES,
};

#define FRAMES_MAX_OUTPUTS 16
#define FRAMES_MAX_ZONES 256
#define FRAMES_MAX_PARTS 16
#define FRAMES_MAX_PRODUCERS 8
#define FRAMES_FPS_MIN 1
#define FRAMES_FPS_MAX 240
#define FRAMES_FPS_DEFAULT 60

/** FRAMES_REPAINT_NS - silence of another writer after which our frame is shown again, if not configured */
#define FRAMES_REPAINT_NS 1000000000ULL

/** FRAMES_ALIVE_NS - a frame that is due for longer means that frames are stuck */
#define FRAMES_ALIVE_NS 2000000000ULL

/** FRAMES_SLICE_NS - work on a frame that takes longer goes on in another callback, zone by zone */
#define FRAMES_SLICE_NS 400000ULL

/** FRAMES_STEP_NS - of time that goes on within a rendering, a frame at 60 fps; more goes step by step before */
#define FRAMES_STEP_NS 18000000ULL

/** FRAMES_CHECK_PIXELS - pixels that are surely made in less: the clock is asked after so many */
#define FRAMES_CHECK_PIXELS 256

/** FRAMES_ZONE_PIXELS - what a zone counts for besides its own: it may have news to tell */
#define FRAMES_ZONE_PIXELS 32

/** struct frames_part - pixels @first to @first + @count - 1 of a channel, from the last if @reversed */
struct frames_part {
	unsigned int output; /* index of frames_add_output() */
	uint32_t channel;
	uint32_t first;
	uint32_t count;
	bool reversed;
};

/**
 * struct frames_zone_config - where the pixels of a zone are
 * @part: they follow each other, and gaps may be between them
 * @layer: zones of higher layers cover those of lower ones, in a layer later
 *	ones cover earlier ones; a zone without any picture covers nothing
 * @reversed: the first pixel is at the end of the last part
 * @width, @height: of a matrix as it is wired, rows one after the other; both 0
 *	for a strip
 * @serpentine: every other row of a matrix runs backwards
 * @rotation: quarter turns clockwise by which a matrix hangs; pictures stay
 *	upright, so their width and height change places for 1 and 3
 */
struct frames_zone_config {
	unsigned int part_count;
	struct frames_part part[FRAMES_MAX_PARTS];
	uint8_t layer;
	bool reversed;
	uint32_t width, height;
	bool serpentine;
	uint8_t rotation;
};

/** struct frames_stats - counters since creation */
struct frames_stats {
	uint64_t rendered; /* frames given to an output */
	uint64_t skipped;  /* equal to what is shown */
	uint64_t dropped;  /* due while the output was busy; a newer one followed */
	uint64_t ticks;	   /* times the frame timer ran */
	uint64_t missed;   /* instants of the grid that passed while the loop was late */
	uint64_t slices;   /* times work on a frame went on in another callback */
};

/** struct frames_figures - what any thread may read, see core/metrics.h; times in ns */
struct frames_figures {
	_Atomic uint64_t
		due_ns; /* of CLOCK_MONOTONIC: when the frame was or is due that is not done; 0: none */
	struct metrics_histogram lateness; /* frame start minus deadline */
	struct metrics_histogram time;	   /* from frame start until its last output has it */
	struct {
		struct metrics_counter rendered, skipped, dropped; /* as in struct frames_stats */
		struct metrics_counter foreign; /* times another writer was seen */
	} output[FRAMES_MAX_OUTPUTS];
};

/*
 * Called at the start of each frame with the instant it is for: submit
 * pictures by frames_begin() and frames_commit(). Returns true while it will
 * have something new for the next frame; when none does the timer stops.
 */
typedef bool (*frames_produce_fn)(uint64_t now_ns, void *data);

/**
 * struct frames_renderer - who makes the pictures of zones, one zone at a time
 * @render: like a producer, for one zone; not called while no output of the
 *	zone would take a frame
 * @due: it has something new, or will have, for this zone
 * @advance: before @render, if the last one was more than FRAMES_STEP_NS before: let the
 *	zone's time go on towards @now_ns by a step that takes a fraction of a
 *	millisecond; true: there is more. NULL: it takes none
 */
struct frames_renderer {
	bool (*render)(unsigned int zone, uint64_t now_ns, void *data);
	bool (*due)(unsigned int zone, void *data);
	bool (*advance)(unsigned int zone, uint64_t now_ns, void *data);
	void *data;
};

struct frames_config {
	struct loop *loop;
	unsigned int fps; /* FRAMES_FPS_MIN to FRAMES_FPS_MAX */
	/* an output came or went; may be NULL */
	void (*on_output)(unsigned int output, bool present, int error, void *data);
	void *data;
	uint64_t repaint_ns; /* 0: FRAMES_REPAINT_NS */
	/* see output/output.h; may be NULL */
	void (*on_news)(unsigned int output, enum output_news news, int error, void *data);
};

int frames_create(struct frames **ret_frames, const struct frames_config *config);

/** frames_destroy() - outputs are the caller's and are only stopped; NULL is fine; returns NULL */
struct frames *frames_destroy(struct frames *frames);

/** frames_add_output() - before frames_start(); returns the index or -errno */
int frames_add_output(struct frames *frames, struct output *output);

/**
 * frames_add_zone() - before frames_start(); returns the index or -errno
 *
 * A zone of which a part does not fit its output's geometry, when that becomes
 * known, is refused as a whole with a log line and covers nothing;
 * frames_zone_fits() tells. -EINVAL: a part's output is not there, or width
 * times height is not the number of pixels.
 */
int frames_add_zone(struct frames *frames, const struct frames_zone_config *config);

/**
 * frames_place_zone() - another place for a zone, at any time; its pictures go with it
 *
 * Where it was, what is below shows. Return: 0, -ENOMEM, or -EINVAL (as
 * frames_add_zone(), or another number of pixels); nothing is changed then.
 */
int frames_place_zone(struct frames *frames, unsigned int zone,
		      const struct frames_zone_config *config);

/** frames_zone_fits() - an output of it is there, and all that are there have the zone's pixels */
bool frames_zone_fits(const struct frames *frames, unsigned int zone);

/** frames_zone_on() - a part of it is on this output */
bool frames_zone_on(const struct frames *frames, unsigned int zone, unsigned int output);

/** frames_zone_pixels() - the sum of its parts */
uint32_t frames_zone_pixels(const struct frames *frames, unsigned int zone);

/** frames_add_producer() - 0, or -ENOSPC above FRAMES_MAX_PRODUCERS */
int frames_add_producer(struct frames *frames, frames_produce_fn fn, void *data);

/** frames_set_renderer() - the one there is, before frames_start() */
void frames_set_renderer(struct frames *frames, const struct frames_renderer *renderer);

/** frames_start() - start the outputs and the timer */
int frames_start(struct frames *frames);

/** frames_stop() - no more frames; the outputs are stopped */
void frames_stop(struct frames *frames);

/** frames_now() - frame time */
uint64_t frames_now(const struct frames *frames);

/** frames_begin() - the buffer of a zone and priority, zone's count of pixels, old content kept */
struct pixel *frames_begin(struct frames *frames, unsigned int zone, enum frames_priority priority);

/**
 * frames_commit() - what frames_begin() gave is a new picture
 *
 * Outside a producer this is a frames_kick() too, as is frames_clear().
 *
 * @source: who made it, a static string
 * @ttl_ns: it dies after this time unless renewed; 0: lives until frames_clear()
 */
void frames_commit(struct frames *frames, unsigned int zone, enum frames_priority priority,
		   const char *source, uint64_t ttl_ns);

/** frames_clear() - the picture of this priority is gone, the next lower one shows */
void frames_clear(struct frames *frames, unsigned int zone, enum frames_priority priority);

/** frames_kick() - something will change: run a frame as soon as the rate allows */
void frames_kick(struct frames *frames);

/** frames_pause() - what shows stays; frame time stands still; nothing wakes up */
void frames_pause(struct frames *frames);

/** frames_resume() - goes on as if no time had passed */
void frames_resume(struct frames *frames);

/** frames_step() - one frame of a pause: one period later; -EINVAL when not paused, -EBUSY if one is under way */
int frames_step(struct frames *frames);

bool frames_paused(const struct frames *frames);

/** frames_alive() - for the watchdog: no frame that an output could take is due for FRAMES_ALIVE_NS */
bool frames_alive(const struct frames *frames);

/** frames_settled() - every output that is present has taken the newest picture of its zones */
bool frames_settled(const struct frames *frames);

/** frames_shown() - the zone's pixels in the last composed frame, before mapping; count as configured */
void frames_shown(const struct frames *frames, unsigned int zone, struct pixel *ret_pixels);

/**
 * frames_set_watcher() - call @fn whenever an output took a frame; NULL: nobody
 *
 * Inside the frame's callback: to be noted only.
 */
void frames_set_watcher(struct frames *frames, void (*fn)(unsigned int output, void *data),
			void *data);

/** frames_taken() - the frame that an output took last, borrowed until this callback ends, or NULL */
const uint8_t *frames_taken(const struct frames *frames, unsigned int output, size_t *ret_bytes);

/**
 * frames_set_overlay() - show this frame in the place of what the zones of an output show
 * @frame: heap, in the output's geometry; the frame manager's after success
 * @ttl_ns: of CLOCK_MONOTONIC, also in a pause; then the zones show again
 *
 * Return: 0, -ENODEV (no such output, or it is missing), -EMSGSIZE (not the
 * bytes of a frame).
 */
int frames_set_overlay(struct frames *frames, unsigned int output, uint8_t *frame, size_t bytes,
		       uint64_t ttl_ns);

/** frames_clear_overlay() - the zones show again; 0 or -ENODEV */
int frames_clear_overlay(struct frames *frames, unsigned int output);

/** frames_set_fps() - from the next frame on; what is out of range becomes the nearest */
void frames_set_fps(struct frames *frames, unsigned int fps);

/** frames_limit_fps() - no more than this, whatever is set; FRAMES_FPS_MAX is no limit */
void frames_limit_fps(struct frames *frames, unsigned int fps);

/** frames_get_fps() - as set, whatever the limit is */
unsigned int frames_get_fps(const struct frames *frames);
void frames_get_stats(const struct frames *frames, struct frames_stats *ret_stats);

/** frames_figures() - borrowed; any thread may read what it points to */
const struct frames_figures *frames_figures(const struct frames *frames);
