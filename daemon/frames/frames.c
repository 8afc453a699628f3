// SPDX-License-Identifier: GPL-2.0-or-later
#include "frames/frames.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "frames/compose.h"
#include "frames/private.h"

int frames_create(struct frames **ret_frames, const struct frames_config *config)
{
	struct frames *frames;

	if (config->fps < FRAMES_FPS_MIN || config->fps > FRAMES_FPS_MAX)
		return -EINVAL;
	frames = calloc(1, sizeof(*frames));
	if (!frames)
		return -ENOMEM;
	frames->config = *config;
	if (!frames->config.repaint_ns)
		frames->config.repaint_ns = FRAMES_REPAINT_NS;
	frames->grid.fps = frames->fps = config->fps;
	frames->fps_limit = FRAMES_FPS_MAX;
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
		free(frames->outputs[i].overlay);
	}
	for (unsigned int i = 0; i < frames->zone_count; i++) {
		free(frames->zones[i].pictures);
		free(frames->zones[i].source);
	}
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

static int check_config(const struct frames *frames, const struct frames_zone_config *config)
{
	uint64_t pixels;

	if (config->part_count > FRAMES_MAX_PARTS)
		return -EINVAL;
	for (unsigned int i = 0; i < config->part_count; i++)
		if (config->part[i].output >= frames->output_count ||
		    config->part[i].count > OUTPUT_MAX_PIXELS)
			return -EINVAL;
	pixels = compose_pixels(config);
	if (pixels > OUTPUT_MAX_PIXELS || !config->width != !config->height ||
	    (config->width && (uint64_t)config->width * config->height != pixels))
		return -EINVAL;
	return 0;
}

void frames_fill_source(struct frames_zone *zone)
{
	for (uint32_t i = 0; zone->source && i < zone->pixels; i++)
		zone->source[i] = compose_source(&zone->config, i);
	zone->source_stale = false;
}

/* Room for where each place's pixel comes from, NULL if they are in order. */
static int make_source(const struct frames_zone_config *config, uint32_t pixels,
		       uint32_t **ret_source)
{
	uint32_t *source;

	*ret_source = NULL;
	if (compose_plain(config))
		return 0;
	source = calloc((size_t)pixels + 1, sizeof(*source));
	if (!source)
		return -ENOMEM;
	*ret_source = source;
	return 0;
}

static int make_buffers(struct frames_zone *zone)
{
	/* one pixel more, so that an empty zone has a buffer as well */
	zone->pictures =
		calloc((FRAMES_PRIORITIES + 1) * (size_t)zone->pixels + 1, sizeof(struct pixel));
	if (!zone->pictures)
		return -ENOMEM;
	zone->shown = zone->pictures + FRAMES_PRIORITIES * (size_t)zone->pixels;
	if (make_source(&zone->config, zone->pixels, &zone->source) < 0) {
		free(zone->pictures);
		return -ENOMEM;
	}
	frames_fill_source(zone);
	return 0;
}

/* Behind all zones of its layer and those below. */
static void put_in_order(struct frames *frames, unsigned int index)
{
	unsigned int at = index;

	while (at && frames->zones[frames->order[at - 1]].config.layer >
			     frames->zones[index].config.layer) {
		frames->order[at] = frames->order[at - 1];
		at--;
	}
	frames->order[at] = (uint16_t)index;
}

int frames_add_zone(struct frames *frames, const struct frames_zone_config *config)
{
	struct frames_zone *zone;
	int r;

	r = check_config(frames, config);
	if (r < 0)
		return r;
	if (frames->zone_count == FRAMES_MAX_ZONES)
		return -ENOSPC;
	zone = &frames->zones[frames->zone_count];
	*zone = (struct frames_zone){ .config = *config,
				      .pixels = (uint32_t)compose_pixels(config) };
	for (unsigned int i = 0; i < config->part_count; i++)
		zone->outputs |= 1U << config->part[i].output;
	r = make_buffers(zone);
	if (r < 0)
		return r;
	put_in_order(frames, frames->zone_count);
	return (int)frames->zone_count++;
}

/* Whatever is being made begins anew: what it has drawn may lie elsewhere now. */
static void give_up_pass(struct frames *frames)
{
	frames->pass.step = PASS_NONE;
	frames_wake(frames);
}

int frames_place_zone(struct frames *frames, unsigned int index,
		      const struct frames_zone_config *config)
{
	struct frames_zone *zone = &frames->zones[index];
	uint32_t *source = NULL;
	bool other_layer;
	int r;

	if (index >= frames->zone_count || frames->in_tick)
		return -EINVAL;
	r = check_config(frames, config);
	if (r < 0)
		return r;
	if (compose_pixels(config) != zone->pixels)
		return -EINVAL;
	r = make_source(config, zone->pixels, &source);
	if (r < 0)
		return r;
	outputs_repaint(frames, zone);
	free(zone->source);
	zone->source = source;
	/* with the next frame, slice by slice: many zones may have moved at once */
	zone->source_stale = true;
	other_layer = zone->config.layer != config->layer;
	zone->config = *config;
	zone->outputs = 0;
	for (unsigned int i = 0; i < config->part_count; i++)
		zone->outputs |= 1U << config->part[i].output;
	for (unsigned int i = 0; other_layer && i < frames->zone_count; i++)
		put_in_order(frames, i);
	outputs_check_zone(frames, index);
	outputs_repaint(frames, zone);
	give_up_pass(frames);
	return 0;
}

bool frames_zone_fits(const struct frames *frames, unsigned int zone)
{
	bool present = false;

	for (unsigned int i = 0; i < frames->output_count; i++)
		if (frames->zones[zone].outputs & 1U << i)
			present |= frames->outputs[i].output->present;
	return present && !frames->zones[zone].misfit;
}

bool frames_zone_on(const struct frames *frames, unsigned int zone, unsigned int output)
{
	return output < FRAMES_MAX_OUTPUTS && frames->zones[zone].outputs & 1U << output;
}

uint32_t frames_zone_pixels(const struct frames *frames, unsigned int zone)
{
	return frames->zones[zone].pixels;
}

int frames_add_producer(struct frames *frames, frames_produce_fn fn, void *data)
{
	if (frames->producer_count == FRAMES_MAX_PRODUCERS)
		return -ENOSPC;
	frames->producers[frames->producer_count++] = (struct frames_producer){ fn, data };
	return 0;
}

void frames_set_renderer(struct frames *frames, const struct frames_renderer *renderer)
{
	frames->renderer = *renderer;
}

void frames_arm(struct frames *frames, uint64_t deadline_ns)
{
	frames->deadline_ns = deadline_ns;
	atomic_store_explicit(&frames->figures.due_ns, deadline_ns, memory_order_relaxed);
	loop_timer_set(frames->timer, deadline_ns);
}

uint64_t frames_now(const struct frames *frames)
{
	return frames->paused ? frames->paused_ns : clock_now_ns() - frames->skew_ns;
}

void frames_touch(struct frames *frames, struct frames_zone *zone)
{
	zone->dirty = true;
	for (unsigned int i = 0; i < frames->output_count; i++)
		if (zone->outputs & 1U << i)
			frames->outputs[i].dirty = true;
	if (!frames->in_tick)
		frames_kick(frames);
}

struct pixel *frames_begin(struct frames *frames, unsigned int zone, enum frames_priority priority)
{
	return frames_picture(&frames->zones[zone], (int)priority);
}

void frames_commit(struct frames *frames, unsigned int zone, enum frames_priority priority,
		   const char *source, uint64_t ttl_ns)
{
	struct frames_zone *entry = &frames->zones[zone];
	uint64_t now_ns = frames->in_tick ? frames->pass.instant_ns : frames_now(frames);

	entry->mortal |= ttl_ns != 0;
	layers_set(&entry->layers, priority, source, ttl_ns ? now_ns + ttl_ns : LAYERS_NEVER);
	if (layers_top(&entry->layers) == (int)priority)
		frames_touch(frames, entry);
}

void frames_clear(struct frames *frames, unsigned int zone, enum frames_priority priority)
{
	struct frames_zone *entry = &frames->zones[zone];

	if (layers_clear(&entry->layers, priority))
		frames_touch(frames, entry);
}

void frames_wake(struct frames *frames)
{
	uint64_t now_ns, due_ns;

	if (!frames->running)
		return;
	frames->kicked = true;
	if (frames->in_tick || frames->pass.step != PASS_NONE)
		return;
	now_ns = clock_now_ns();
	due_ns = now_ns;
	if (frames->last_ns && now_ns < frames->last_ns + NSEC_PER_SEC / frames->grid.fps)
		due_ns = grid_next(&frames->grid, now_ns);
	if (!frames->deadline_ns || due_ns < frames->deadline_ns)
		frames_arm(frames, due_ns);
}

void frames_kick(struct frames *frames)
{
	/* frames_resume() wakes it up */
	if (!frames->paused)
		frames_wake(frames);
}

void frames_pause(struct frames *frames)
{
	if (frames->paused)
		return;
	frames->paused_ns = frames_now(frames);
	frames->paused = true;
}

void frames_resume(struct frames *frames)
{
	if (!frames->paused)
		return;
	frames->paused = false;
	frames->skew_ns = clock_now_ns() - frames->paused_ns;
	frames_kick(frames);
}

int frames_step(struct frames *frames)
{
	if (!frames->paused || !frames->running)
		return -EINVAL;
	if (frames->pass.step != PASS_NONE)
		return -EBUSY;
	frames->paused_ns += NSEC_PER_SEC / frames->grid.fps;
	pass_begin(frames, true, clock_now_ns(), frames->paused_ns);
	return 0;
}

bool frames_paused(const struct frames *frames)
{
	return frames->paused;
}

int frames_start(struct frames *frames)
{
	int r;

	r = loop_add_timer(frames->config.loop, &frames->timer, "frames", LOOP_FRAME, pass_on_timer,
			   frames);
	if (r < 0)
		return r;
	/* behind all others, or they would wait until the whole frame is made */
	r = loop_add_defer(frames->config.loop, &frames->more, "frame slices", LOOP_HOUSEKEEPING,
			   pass_on_more, frames);
	if (r < 0) {
		frames->timer = loop_source_remove(frames->timer);
		return r;
	}
	frames->running = true;
	r = outputs_start(frames);
	if (r < 0) {
		frames_stop(frames);
		return r;
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
	frames->pass.step = PASS_NONE;
	frames->timer = loop_source_remove(frames->timer);
	frames->more = loop_source_remove(frames->more);
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

	memcpy(ret_pixels, entry->shown, entry->pixels * sizeof(*ret_pixels));
}

static unsigned int within(unsigned int fps)
{
	if (fps < FRAMES_FPS_MIN)
		return FRAMES_FPS_MIN;
	return fps > FRAMES_FPS_MAX ? FRAMES_FPS_MAX : fps;
}

static void change_rate(struct frames *frames)
{
	unsigned int fps = frames->fps < frames->fps_limit ? frames->fps : frames->fps_limit;

	if (fps == frames->grid.fps)
		return;
	frames->grid.fps = fps;
	frames->grid.anchor_ns = frames->last_ns;
	if (frames->running && frames->pass.step == PASS_NONE && frames->moving)
		frames_arm(frames, grid_next(&frames->grid, clock_now_ns()));
}

void frames_set_fps(struct frames *frames, unsigned int fps)
{
	frames->fps = within(fps);
	change_rate(frames);
}

void frames_limit_fps(struct frames *frames, unsigned int fps)
{
	frames->fps_limit = within(fps);
	change_rate(frames);
}

unsigned int frames_get_fps(const struct frames *frames)
{
	return frames->fps;
}

void frames_get_stats(const struct frames *frames, struct frames_stats *ret_stats)
{
	*ret_stats = frames->stats;
}

const struct frames_figures *frames_figures(const struct frames *frames)
{
	return &frames->figures;
}
