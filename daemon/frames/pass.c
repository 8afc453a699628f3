// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/clock.h"
#include "frames/compose.h"
#include "frames/private.h"

static uint64_t period_ns(const struct frames *frames)
{
	return NSEC_PER_SEC / frames->grid.fps;
}

/* The outputs that would take a frame now, one bit each. */
static uint32_t find_room(const struct frames *frames)
{
	uint32_t room = 0;

	for (unsigned int i = 0; i < frames->output_count; i++) {
		const struct frames_output *entry = &frames->outputs[i];

		if (entry->output->present && !entry->busy)
			room |= 1U << i;
	}
	return room;
}

/* When one of them has room again there is something to render. */
static void starve(struct frames *frames, const struct frames_zone *zone)
{
	for (unsigned int i = 0; i < frames->output_count; i++)
		if (zone->outputs & 1U << i)
			frames->outputs[i].starved = true;
}

/* What it covered may be seen by nobody else: frames begin from black again. */
static void uncover(struct frames *frames, const struct frames_zone *zone)
{
	for (unsigned int i = 0; i < frames->output_count; i++)
		if (zone->outputs & 1U << i)
			frames->outputs[i].frame_stale = frames->outputs[i].accepted_stale = true;
}

/* Brings @shown up to what the layers say now. */
static void show_zone(struct frames *frames, struct frames_zone *zone)
{
	size_t bytes = zone->pixels * sizeof(struct pixel);
	int top;

	/* what is given in a pause waits for its end */
	if (!zone->dirty || (frames->paused && !frames->pass.render))
		return;
	zone->dirty = false;
	/* a frame that was under way may have been composed without it since it was touched */
	for (unsigned int i = 0; i < frames->output_count; i++)
		if (zone->outputs & 1U << i)
			frames->outputs[i].dirty = true;
	top = layers_top(&zone->layers);
	if (zone->covers && top < 0)
		uncover(frames, zone);
	zone->covers = top >= 0;
	if (top < 0)
		memset(zone->shown, 0, bytes);
	else
		memcpy(zone->shown, frames_picture(zone, top), bytes);
}

/* A slice has had its time: others of the loop have their turn. Asked after a number of pixels. */
static bool time_up(struct pass *pass, uint32_t pixels, uint64_t entered_ns)
{
	pass->unchecked += pixels;
	if (pass->unchecked < FRAMES_CHECK_PIXELS)
		return false;
	pass->unchecked = 0;
	return clock_now_ns() - entered_ns >= FRAMES_SLICE_NS;
}

/*
 * Step by step: after a while without frames, or at a low rate, there is much time to make up for.
 * False: time is up, also if only the rendering is left.
 */
static bool advance_zone(struct frames *frames, unsigned int index, uint64_t entered_ns)
{
	const struct frames_renderer *renderer = &frames->renderer;
	struct frames_zone *zone = &frames->zones[index];
	struct pass *pass = &frames->pass;

	while (renderer->advance && renderer->advance(index, pass->instant_ns, renderer->data))
		if (time_up(pass, zone->pixels + FRAMES_ZONE_PIXELS, entered_ns))
			return false;
	zone->instant_ns = pass->instant_ns;
	return !time_up(pass, FRAMES_ZONE_PIXELS, entered_ns);
}

static bool render_zone(struct frames *frames, unsigned int index, uint32_t room,
			uint64_t entered_ns)
{
	const struct frames_renderer *renderer = &frames->renderer;
	struct frames_zone *zone = &frames->zones[index];
	uint64_t instant_ns = frames->pass.instant_ns;

	if (!(zone->outputs & room)) {
		if (renderer->due(index, renderer->data))
			starve(frames, zone);
		return true;
	}
	if (instant_ns - zone->instant_ns > FRAMES_STEP_NS &&
	    !advance_zone(frames, index, entered_ns))
		return false;
	zone->instant_ns = instant_ns;
	frames->in_tick = true;
	frames->moving |= renderer->render(index, instant_ns, renderer->data);
	frames->in_tick = false;
	return true;
}

static bool render_zones(struct frames *frames, uint64_t entered_ns)
{
	struct pass *pass = &frames->pass;
	uint32_t room = find_room(frames);
	bool render = frames->renderer.render && pass->render;

	for (; pass->zone < frames->zone_count; pass->zone++) {
		struct frames_zone *zone = &frames->zones[pass->zone];
		uint32_t drawn;

		if (render && !zone->misfit && !render_zone(frames, pass->zone, room, entered_ns))
			return false;
		drawn = zone->dirty ? zone->pixels : 0;
		show_zone(frames, zone);
		if (!frames->running || time_up(pass, drawn, entered_ns)) {
			pass->zone++;
			return false;
		}
	}
	return true;
}

/* All zones of the output, because a later one may cover an earlier one that has changed. */
static bool compose(struct frames *frames, struct frames_output *entry, uint64_t entered_ns)
{
	struct pass *pass = &frames->pass;

	if (!pass->output_composed) {
		if (entry->frame_stale)
			memset(entry->frame, 0, entry->frame_bytes);
		entry->frame_stale = false;
		pass->output_composed = true;
		pass->zone = 0;
	}
	while (pass->zone < frames->zone_count) {
		struct frames_zone *zone = &frames->zones[frames->order[pass->zone++]];

		if (!(zone->outputs & 1U << entry->index) || zone->misfit || !zone->covers)
			continue;
		if (zone->source_stale) {
			frames_fill_source(zone);
			pass->unchecked += FRAMES_CHECK_PIXELS;
		}
		compose_zone(entry->frame, &entry->output->geometry, entry->index, &zone->config,
			     zone->source, zone->shown);
		if (time_up(pass, zone->pixels, entered_ns))
			return false;
	}
	return true;
}

/* False when it goes on in another slice. */
static bool flush(struct frames *frames, struct frames_output *entry, uint64_t entered_ns)
{
	overlay_expire(entry, entered_ns);
	if (entry->repaint_ns && entered_ns >= entry->repaint_ns) {
		entry->repaint_ns = 0;
		entry->accepted_valid = false;
		entry->dirty = true;
	}
	if (!entry->output->present)
		return true;
	if (entry->busy && frames->pass.render && (entry->dirty || entry->starved)) {
		frames->stats.dropped++;
		metrics_add(&frames->figures.output[entry->index].dropped, 1);
	}
	/* what waits is composed when there is room, with what is newest then */
	if (!entry->dirty || entry->busy)
		return true;
	if (!compose(frames, entry, entered_ns))
		return false;
	entry->dirty = false;
	overlay_apply(entry);
	outputs_submit(entry, entered_ns);
	return true;
}

static bool flush_outputs(struct frames *frames, uint64_t entered_ns)
{
	struct pass *pass = &frames->pass;

	while (pass->output < frames->output_count) {
		if (!flush(frames, &frames->outputs[pass->output], entered_ns))
			return false;
		pass->output_composed = false;
		pass->output++;
	}
	return true;
}

static bool owes_frame(const struct frames *frames)
{
	for (unsigned int i = 0; i < frames->output_count; i++) {
		const struct frames_output *entry = &frames->outputs[i];

		if (entry->dirty && entry->output->present && !entry->busy)
			return true;
	}
	return false;
}

static uint64_t next_wake(const struct frames *frames, uint64_t now_ns)
{
	uint64_t earliest_ns = frames->last_ns + period_ns(frames);
	uint64_t next_ns = LAYERS_NEVER;

	/* an output became ready, or something was given, while its zones had been seen to already */
	if (frames->kicked || owes_frame(frames) || (frames->moving && !frames->paused))
		return grid_next(&frames->grid, now_ns);
	for (unsigned int i = 0; i < frames->zone_count && !frames->paused; i++) {
		uint64_t expiry_ns;

		if (!frames->zones[i].mortal)
			continue;
		expiry_ns = layers_next_expiry(&frames->zones[i].layers);
		if (expiry_ns != LAYERS_NEVER && expiry_ns + frames->skew_ns < next_ns)
			next_ns = expiry_ns + frames->skew_ns;
	}
	for (unsigned int i = 0; i < frames->output_count; i++) {
		uint64_t repaint_ns = frames->outputs[i].repaint_ns;

		if (repaint_ns && repaint_ns < next_ns)
			next_ns = repaint_ns;
		if (frames->outputs[i].overlay && frames->outputs[i].overlay_end_ns < next_ns)
			next_ns = frames->outputs[i].overlay_end_ns;
	}
	if (next_ns == LAYERS_NEVER)
		return 0;
	return next_ns > earliest_ns ? next_ns : earliest_ns;
}

static void finish(struct frames *frames)
{
	uint64_t deadline_ns;

	frames->pass.step = PASS_NONE;
	metrics_record(&frames->figures.time, clock_now_ns() - frames->pass.begun_ns);
	deadline_ns = next_wake(frames, frames->pass.begun_ns);
	if (deadline_ns && (!frames->deadline_ns || deadline_ns < frames->deadline_ns))
		frames_arm(frames, deadline_ns);
	else if (!frames->deadline_ns)
		atomic_store_explicit(&frames->figures.due_ns, 0, memory_order_relaxed);
}

static void go_on(struct frames *frames, uint64_t entered_ns)
{
	struct pass *pass = &frames->pass;
	bool done = true;

	if (pass->step == PASS_RENDER) {
		done = render_zones(frames, entered_ns);
		if (done) {
			pass->step = PASS_COMPOSE;
			pass->output = 0;
			pass->output_composed = false;
		}
	}
	if (frames->running && done && pass->step == PASS_COMPOSE)
		done = flush_outputs(frames, entered_ns);
	if (!frames->running)
		return;
	if (done) {
		finish(frames);
		return;
	}
	frames->stats.slices++;
	loop_defer(frames->more);
}

static void expire(struct frames *frames, uint64_t instant_ns)
{
	for (unsigned int i = 0; i < frames->zone_count; i++) {
		struct frames_zone *zone = &frames->zones[i];

		if (!zone->mortal)
			continue;
		if (layers_expire(&zone->layers, instant_ns))
			frames_touch(frames, zone);
		zone->mortal = layers_next_expiry(&zone->layers) != LAYERS_NEVER;
	}
}

void pass_begin(struct frames *frames, bool render, uint64_t now_ns, uint64_t instant_ns)
{
	frames->pass = (struct pass){
		.step = PASS_RENDER,
		.render = render,
		.begun_ns = now_ns,
		.instant_ns = instant_ns,
	};
	frames->kicked = false;
	if (render) {
		frames->in_tick = true;
		frames->moving = false;
		expire(frames, instant_ns);
		for (unsigned int i = 0; i < frames->producer_count; i++)
			frames->moving |=
				frames->producers[i].fn(instant_ns, frames->producers[i].data);
		frames->in_tick = false;
	}
	/* a producer may have ended it all */
	if (frames->running)
		go_on(frames, now_ns);
}

int pass_on_timer(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct frames *frames = data;
	uint64_t deadline_ns = frames->deadline_ns;
	uint64_t due, reached;

	(void)source;
	frames->deadline_ns = 0;
	/* set before the frame began that is still being made */
	if (frames->pass.step != PASS_NONE) {
		frames->kicked = true;
		return 0;
	}
	metrics_record(&frames->figures.lateness, now_ns - deadline_ns);
	frames->stats.ticks++;

	/* after a rest the grid begins with the frame that ended it */
	if (!frames->moving)
		frames->grid.anchor_ns = deadline_ns;
	due = grid_index(&frames->grid, deadline_ns);
	reached = grid_index(&frames->grid, now_ns);
	frames->stats.missed += reached - due;
	frames->last_ns = grid_instant(&frames->grid, reached);
	pass_begin(frames, !frames->paused, now_ns,
		   frames->paused ? frames->paused_ns : frames->last_ns - frames->skew_ns);
	return 0;
}

int pass_on_more(struct loop_source *source, void *data)
{
	struct frames *frames = data;

	(void)source;
	if (frames->running && frames->pass.step != PASS_NONE)
		go_on(frames, clock_now_ns());
	return 0;
}
