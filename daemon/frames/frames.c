// SPDX-License-Identifier: GPL-2.0-or-later
#include "frames/frames.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "frames/compose.h"
#include "frames/grid.h"
#include "frames/layers.h"

struct frames_zone {
	struct frames_zone_config config;
	bool fits;
	bool dirty; /* another picture shows than the one in @shown */
	struct layers layers;
	struct pixel *pictures; /* of each priority, one after the other */
	struct pixel *shown;	/* of the last frame; the same allocation */
};

struct frames_output {
	struct frames *frames;
	unsigned int index;
	struct output *output;
	size_t frame_bytes;
	uint8_t *frame;	   /* being composed */
	uint8_t *accepted; /* taken by the output last */
	bool accepted_valid;
	bool dirty;   /* a zone of it has changed since the last frame was composed */
	bool pending; /* a picture waits to be taken */
	bool busy;    /* refused a frame: on_ready follows; something is pending then */
	uint64_t pending_since_ns;
	uint64_t repaint_ns; /* 0: no other writer was seen */
};

struct frames_producer {
	frames_produce_fn fn;
	void *data;
};

struct frames {
	struct frames_config config;
	struct loop_source *timer;
	bool running;
	bool in_tick;
	bool kicked; /* inside a tick: there will be another */
	bool moving; /* the next frame is due at the next instant of the grid */
	struct grid grid;
	uint64_t last_ns;     /* instant of the last frame */
	uint64_t deadline_ns; /* the timer's, 0: not armed */

	unsigned int output_count;
	struct frames_output outputs[FRAMES_MAX_OUTPUTS];
	unsigned int zone_count;
	struct frames_zone zones[FRAMES_MAX_ZONES];
	unsigned int producer_count;
	struct frames_producer producers[FRAMES_MAX_PRODUCERS];

	struct frames_stats stats;
	struct metrics_histogram lateness;
};

int frames_create(struct frames **ret_frames, const struct frames_config *config)
{
	struct frames *frames;

	if (config->fps < FRAMES_FPS_MIN || config->fps > FRAMES_FPS_MAX)
		return -EINVAL;
	frames = calloc(1, sizeof(*frames));
	if (!frames)
		return -ENOMEM;
	frames->config = *config;
	frames->grid.fps = config->fps;
	*ret_frames = frames;
	return 0;
}

struct frames *frames_destroy(struct frames *frames)
{
	if (!frames)
		return NULL;
	frames_stop(frames);
	for (unsigned int i = 0; i < frames->output_count; i++) {
		free(frames->outputs[i].frame);
		free(frames->outputs[i].accepted);
	}
	for (unsigned int i = 0; i < frames->zone_count; i++)
		free(frames->zones[i].pictures);
	free(frames);
	return NULL;
}

int frames_add_output(struct frames *frames, struct output *output)
{
	struct frames_output *entry;

	if (frames->output_count == FRAMES_MAX_OUTPUTS)
		return -ENOSPC;
	entry = &frames->outputs[frames->output_count];
	*entry = (struct frames_output){
		.frames = frames,
		.index = frames->output_count,
		.output = output,
	};
	return (int)frames->output_count++;
}

int frames_add_zone(struct frames *frames, const struct frames_zone_config *config)
{
	struct frames_zone *zone;

	if (config->output >= frames->output_count || config->count > OUTPUT_MAX_PIXELS)
		return -EINVAL;
	if (frames->zone_count == FRAMES_MAX_ZONES)
		return -ENOSPC;
	zone = &frames->zones[frames->zone_count];
	zone->config = *config;
	/* one pixel more, so that an empty zone has a buffer as well */
	zone->pictures =
		calloc((FRAMES_PRIORITIES + 1) * (size_t)config->count + 1, sizeof(struct pixel));
	if (!zone->pictures)
		return -ENOMEM;
	zone->shown = zone->pictures + FRAMES_PRIORITIES * (size_t)config->count;
	return (int)frames->zone_count++;
}

bool frames_zone_fits(const struct frames *frames, unsigned int zone)
{
	return frames->zones[zone].fits;
}

int frames_add_producer(struct frames *frames, frames_produce_fn fn, void *data)
{
	if (frames->producer_count == FRAMES_MAX_PRODUCERS)
		return -ENOSPC;
	frames->producers[frames->producer_count++] = (struct frames_producer){ fn, data };
	return 0;
}

static uint64_t period_ns(const struct frames *frames)
{
	return NSEC_PER_SEC / frames->grid.fps;
}

static void arm(struct frames *frames, uint64_t deadline_ns)
{
	frames->deadline_ns = deadline_ns;
	loop_timer_set(frames->timer, deadline_ns);
}

static struct pixel *picture(const struct frames_zone *zone, int priority)
{
	return zone->pictures + (size_t)priority * zone->config.count;
}

static void touch(struct frames *frames, struct frames_zone *zone)
{
	zone->dirty = true;
	frames->outputs[zone->config.output].dirty = true;
	if (!frames->in_tick)
		frames_kick(frames);
}

struct pixel *frames_begin(struct frames *frames, unsigned int zone, enum frames_priority priority)
{
	return picture(&frames->zones[zone], (int)priority);
}

void frames_commit(struct frames *frames, unsigned int zone, enum frames_priority priority,
		   const char *source, uint64_t ttl_ns)
{
	struct frames_zone *entry = &frames->zones[zone];
	uint64_t now_ns = frames->in_tick ? frames->last_ns : clock_now_ns();

	layers_set(&entry->layers, priority, source, ttl_ns ? now_ns + ttl_ns : LAYERS_NEVER);
	if (layers_top(&entry->layers) == (int)priority)
		touch(frames, entry);
}

void frames_clear(struct frames *frames, unsigned int zone, enum frames_priority priority)
{
	struct frames_zone *entry = &frames->zones[zone];

	if (layers_clear(&entry->layers, priority))
		touch(frames, entry);
}

void frames_kick(struct frames *frames)
{
	uint64_t now_ns, due_ns;

	if (!frames->running)
		return;
	frames->kicked = true;
	if (frames->in_tick)
		return;
	now_ns = clock_now_ns();
	due_ns = now_ns;
	if (frames->last_ns && now_ns < frames->last_ns + period_ns(frames))
		due_ns = grid_next(&frames->grid, now_ns);
	if (!frames->deadline_ns || due_ns < frames->deadline_ns)
		arm(frames, due_ns);
}

/* Brings @shown of each zone up to what its layers say now. */
static void show_zones(struct frames *frames)
{
	for (unsigned int i = 0; i < frames->zone_count; i++) {
		struct frames_zone *zone = &frames->zones[i];
		size_t bytes = zone->config.count * sizeof(struct pixel);
		int top;

		if (!zone->dirty)
			continue;
		zone->dirty = false;
		top = layers_top(&zone->layers);
		if (top < 0)
			memset(zone->shown, 0, bytes);
		else
			memcpy(zone->shown, picture(zone, top), bytes);
	}
}

/* All zones of the output, because a later one may cover an earlier one that has changed. */
static void compose(struct frames_output *entry)
{
	struct frames *frames = entry->frames;

	for (unsigned int i = 0; i < frames->zone_count; i++) {
		const struct frames_zone *zone = &frames->zones[i];

		if (zone->config.output == entry->index && zone->fits)
			compose_zone(entry->frame, &entry->output->geometry, &zone->config,
				     zone->shown);
	}
}

static void submit(struct frames_output *entry, uint64_t now_ns)
{
	struct frames *frames = entry->frames;
	uint8_t *taken = entry->frame;
	int r;

	if (entry->accepted_valid &&
	    memcmp(entry->frame, entry->accepted, entry->frame_bytes) == 0) {
		frames->stats.skipped++;
		entry->pending = false;
		return;
	}
	r = output_submit(entry->output, entry->frame, entry->frame_bytes);
	switch (r) {
	case 0:
		frames->stats.rendered++;
		entry->pending = false;
		entry->accepted_valid = true;
		/* every zone is written each time, and what no zone covers is black in both */
		entry->frame = entry->accepted;
		entry->accepted = taken;
		break;
	case -EAGAIN:
		entry->busy = true;
		if (!entry->pending)
			entry->pending_since_ns = now_ns;
		entry->pending = true;
		break;
	case -ENODEV:
		/* on_lost has told, and on_present begins anew */
		break;
	default:
		log_error(LOG_FRAME, r, "%s: refused a frame", entry->output->name);
		entry->pending = false;
		break;
	}
}

static void flush(struct frames_output *entry, uint64_t now_ns)
{
	if (entry->repaint_ns && now_ns >= entry->repaint_ns) {
		entry->repaint_ns = 0;
		entry->accepted_valid = false;
		entry->dirty = true;
	}
	if (!entry->output->present || !entry->dirty)
		return;
	entry->dirty = false;
	if (entry->busy) {
		/* what waits is composed when there is room, with what is newest then */
		entry->frames->stats.dropped++;
		return;
	}
	compose(entry);
	submit(entry, now_ns);
}

static uint64_t next_wake(const struct frames *frames, uint64_t now_ns)
{
	uint64_t earliest_ns = frames->last_ns + period_ns(frames);
	uint64_t next_ns = LAYERS_NEVER;

	if (frames->moving || frames->kicked)
		return grid_next(&frames->grid, now_ns);
	for (unsigned int i = 0; i < frames->zone_count; i++) {
		uint64_t expiry_ns = layers_next_expiry(&frames->zones[i].layers);

		if (expiry_ns < next_ns)
			next_ns = expiry_ns;
	}
	for (unsigned int i = 0; i < frames->output_count; i++) {
		uint64_t repaint_ns = frames->outputs[i].repaint_ns;

		if (repaint_ns && repaint_ns < next_ns)
			next_ns = repaint_ns;
	}
	if (next_ns == LAYERS_NEVER)
		return 0;
	return next_ns > earliest_ns ? next_ns : earliest_ns;
}

static void expire(struct frames *frames, uint64_t now_ns)
{
	for (unsigned int i = 0; i < frames->zone_count; i++)
		if (layers_expire(&frames->zones[i].layers, now_ns))
			touch(frames, &frames->zones[i]);
}

static int on_timer(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct frames *frames = data;
	uint64_t deadline_ns = frames->deadline_ns;
	uint64_t due, reached;

	(void)source;
	metrics_record(&frames->lateness, now_ns - deadline_ns);
	frames->stats.ticks++;
	frames->deadline_ns = 0;

	/* after a rest the grid begins with the frame that ended it */
	if (!frames->moving)
		frames->grid.anchor_ns = deadline_ns;
	due = grid_index(&frames->grid, deadline_ns);
	reached = grid_index(&frames->grid, now_ns);
	frames->stats.missed += reached - due;
	frames->last_ns = grid_instant(&frames->grid, reached);

	frames->in_tick = true;
	frames->kicked = false;
	frames->moving = false;
	expire(frames, now_ns);
	for (unsigned int i = 0; i < frames->producer_count; i++)
		frames->moving |=
			frames->producers[i].fn(frames->last_ns, frames->producers[i].data);
	frames->in_tick = false;

	show_zones(frames);
	for (unsigned int i = 0; i < frames->output_count; i++)
		flush(&frames->outputs[i], now_ns);

	/* a producer may have ended it all, telling of a lost output may have asked for a frame */
	if (!frames->running)
		return 0;
	deadline_ns = next_wake(frames, now_ns);
	if (deadline_ns && (!frames->deadline_ns || deadline_ns < frames->deadline_ns))
		arm(frames, deadline_ns);
	return 0;
}

static void on_ready(struct output *output, void *data)
{
	struct frames_output *entry = data;

	(void)output;
	entry->busy = false;
	if (!entry->pending || !entry->frames->running)
		return;
	compose(entry);
	submit(entry, clock_now_ns());
}

static void check_zones(struct frames_output *entry)
{
	struct frames *frames = entry->frames;

	for (unsigned int i = 0; i < frames->zone_count; i++) {
		struct frames_zone *zone = &frames->zones[i];
		const struct frames_zone_config *config = &zone->config;

		if (config->output != entry->index)
			continue;
		zone->fits = compose_fits(config, &entry->output->geometry);
		if (!zone->fits)
			log_error(LOG_ZONE, 0,
				  "%s: zone %u stays dark, channel %u has no pixels %u to %u",
				  entry->output->name, i, config->channel, config->first,
				  config->first + config->count - 1);
	}
}

/* Both buffers anew and black: a device that came back may be another one. */
static int make_buffers(struct frames_output *entry)
{
	size_t bytes = entry->output->geometry.frame_bytes;
	uint8_t *frame = calloc(1, bytes);
	uint8_t *accepted = calloc(1, bytes);

	if (!frame || !accepted) {
		free(frame);
		free(accepted);
		return -ENOMEM;
	}
	free(entry->frame);
	free(entry->accepted);
	entry->frame = frame;
	entry->accepted = accepted;
	entry->frame_bytes = bytes;
	return 0;
}

static void tell_output(const struct frames_output *entry, bool present, int error)
{
	const struct frames_config *config = &entry->frames->config;

	if (config->on_output)
		config->on_output(entry->index, present, error, config->data);
}

static void on_present(struct output *output, void *data)
{
	struct frames_output *entry = data;

	entry->busy = false;
	entry->pending = false;
	entry->accepted_valid = false;
	entry->repaint_ns = 0;
	if (make_buffers(entry) < 0) {
		log_error(LOG_FRAME, ENOMEM, "%s: no memory for its frames", output->name);
		output_stop(output);
		tell_output(entry, false, -ENOMEM);
		return;
	}
	check_zones(entry);
	entry->dirty = true;
	tell_output(entry, true, 0);
	frames_kick(entry->frames);
}

static void on_lost(struct output *output, int error, void *data)
{
	struct frames_output *entry = data;

	/* what was busy or waited ends when it is back */
	(void)output;
	tell_output(entry, false, error);
}

static void on_foreign(struct output *output, uint64_t now_ns, void *data)
{
	struct frames_output *entry = data;
	struct frames *frames = entry->frames;

	(void)output;
	entry->accepted_valid = false;
	entry->repaint_ns = now_ns + FRAMES_REPAINT_NS;
	if (frames->running && !frames->in_tick &&
	    (!frames->deadline_ns || entry->repaint_ns < frames->deadline_ns))
		arm(frames, entry->repaint_ns);
}

int frames_start(struct frames *frames)
{
	int r;

	r = loop_add_timer(frames->config.loop, &frames->timer, "frames", LOOP_FRAME, on_timer,
			   frames);
	if (r < 0)
		return r;
	frames->running = true;
	for (unsigned int i = 0; i < frames->output_count; i++) {
		struct output_callbacks callbacks = {
			.on_ready = on_ready,
			.on_present = on_present,
			.on_lost = on_lost,
			.on_foreign = on_foreign,
			.data = &frames->outputs[i],
		};

		r = output_start(frames->outputs[i].output, &callbacks);
		if (r < 0) {
			log_error(LOG_FRAME, r, "%s: cannot be started",
				  frames->outputs[i].output->name);
			frames_stop(frames);
			return r;
		}
	}
	frames_kick(frames);
	return 0;
}

void frames_stop(struct frames *frames)
{
	if (!frames->running)
		return;
	frames->running = false;
	frames->deadline_ns = 0;
	frames->timer = loop_source_remove(frames->timer);
	for (unsigned int i = 0; i < frames->output_count; i++)
		output_stop(frames->outputs[i].output);
}

bool frames_alive(const struct frames *frames)
{
	uint64_t now_ns = clock_now_ns();

	if (frames->deadline_ns && now_ns > frames->deadline_ns + FRAMES_ALIVE_NS)
		return false;
	for (unsigned int i = 0; i < frames->output_count; i++) {
		const struct frames_output *entry = &frames->outputs[i];

		if (entry->output->present && entry->pending &&
		    now_ns > entry->pending_since_ns + FRAMES_ALIVE_NS)
			return false;
	}
	return true;
}

bool frames_settled(const struct frames *frames)
{
	for (unsigned int i = 0; i < frames->output_count; i++) {
		const struct frames_output *entry = &frames->outputs[i];

		if (entry->output->present && (entry->pending || entry->dirty))
			return false;
	}
	return true;
}

void frames_shown(const struct frames *frames, unsigned int zone, struct pixel *ret_pixels)
{
	const struct frames_zone *entry = &frames->zones[zone];

	memcpy(ret_pixels, entry->shown, entry->config.count * sizeof(*ret_pixels));
}

void frames_set_fps(struct frames *frames, unsigned int fps)
{
	if (fps < FRAMES_FPS_MIN)
		fps = FRAMES_FPS_MIN;
	if (fps > FRAMES_FPS_MAX)
		fps = FRAMES_FPS_MAX;
	frames->grid.fps = fps;
	frames->grid.anchor_ns = frames->last_ns;
	if (frames->running && !frames->in_tick && frames->moving)
		arm(frames, grid_next(&frames->grid, clock_now_ns()));
}

unsigned int frames_get_fps(const struct frames *frames)
{
	return frames->grid.fps;
}

void frames_get_stats(const struct frames *frames, struct frames_stats *ret_stats)
{
	*ret_stats = frames->stats;
}

const struct metrics_histogram *frames_lateness(const struct frames *frames)
{
	return &frames->lateness;
}
