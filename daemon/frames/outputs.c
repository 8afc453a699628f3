// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "frames/compose.h"
#include "frames/private.h"

void outputs_submit(struct frames_output *entry, uint64_t now_ns)
{
	struct frames *frames = entry->frames;
	bool taken_stale = entry->frame_stale;
	uint8_t *taken = entry->frame;
	int r;

	if (entry->accepted_valid &&
	    memcmp(entry->frame, entry->accepted, entry->frame_bytes) == 0) {
		frames->stats.skipped++;
		metrics_add(&frames->figures.output[entry->index].skipped, 1);
		entry->pending = false;
		return;
	}
	r = output_submit(entry->output, entry->frame, entry->frame_bytes);
	switch (r) {
	case 0:
		frames->stats.rendered++;
		metrics_add(&frames->figures.output[entry->index].rendered, 1);
		entry->pending = false;
		entry->accepted_valid = true;
		entry->frame = entry->accepted;
		entry->frame_stale = entry->accepted_stale;
		entry->accepted = taken;
		entry->accepted_stale = taken_stale;
		entry->taken = true;
		if (frames->watcher)
			frames->watcher(entry->index, frames->watcher_data);
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

static void on_ready(struct output *output, void *data)
{
	struct frames_output *entry = data;
	struct frames *frames = entry->frames;
	bool starved = entry->starved;

	(void)output;
	entry->busy = false;
	entry->starved = false;
	if (!frames->running)
		return;
	/* what was changed meanwhile is newer than what waits */
	if (entry->dirty && frames->pass.step == PASS_NONE)
		pass_begin(frames, false, clock_now_ns(), frames_now(frames));
	else if (entry->pending)
		outputs_submit(entry, clock_now_ns());
	if (starved)
		frames_kick(frames);
}

void outputs_repaint(struct frames *frames, const struct frames_zone *zone)
{
	for (unsigned int k = 0; k < frames->output_count; k++) {
		if (!(zone->outputs & 1U << k))
			continue;
		frames->outputs[k].frame_stale = true;
		frames->outputs[k].accepted_stale = true;
		frames->outputs[k].dirty = true;
	}
}

/* @tell_of: index of the output of which misfits are logged */
static void check_zone(struct frames *frames, unsigned int index, unsigned int tell_of)
{
	struct frames_zone *zone = &frames->zones[index];

	/* anew, since what did not fit may be on another output that has changed since */
	zone->misfit = false;
	for (unsigned int k = 0; k < zone->config.part_count; k++) {
		const struct frames_part *part = &zone->config.part[k];
		const struct output *output = frames->outputs[part->output].output;

		if (!output->present || compose_fits(part, &output->geometry))
			continue;
		zone->misfit = true;
		if (part->output != tell_of)
			continue;
		log_error(LOG_ZONE, 0, "%s: zone %u stays dark, channel %u has no pixels %u to %u",
			  output->name, index, part->channel, part->first,
			  part->first + part->count - 1);
	}
	/* it may have been seen on its other outputs until now */
	if (zone->misfit)
		outputs_repaint(frames, zone);
}

void outputs_check_zone(struct frames *frames, unsigned int zone)
{
	for (unsigned int i = 0; i < frames->output_count; i++)
		if (frames->zones[zone].outputs & 1U << i)
			check_zone(frames, zone, i);
}

static void check_zones(struct frames_output *entry)
{
	for (unsigned int i = 0; i < entry->frames->zone_count; i++)
		check_zone(entry->frames, i, entry->index);
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
	free(entry->overlay);
	entry->overlay = NULL;
	entry->frame = frame;
	entry->accepted = accepted;
	entry->frame_stale = false;
	entry->accepted_stale = false;
	entry->frame_bytes = bytes;
	entry->taken = false;
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
	struct frames *frames = entry->frames;

	entry->busy = false;
	entry->pending = false;
	entry->starved = false;
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
	if (frames->pass.output == entry->index)
		frames->pass.output_composed = false;
	tell_output(entry, true, 0);
	frames_wake(frames);
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
	metrics_add(&frames->figures.output[entry->index].foreign, 1);
	entry->accepted_valid = false;
	entry->repaint_ns = now_ns + frames->config.repaint_ns;
	if (frames->running && frames->pass.step == PASS_NONE &&
	    (!frames->deadline_ns || entry->repaint_ns < frames->deadline_ns))
		frames_arm(frames, entry->repaint_ns);
}

static void on_news(struct output *output, enum output_news news, int error, void *data)
{
	const struct frames_output *entry = data;
	const struct frames_config *config = &entry->frames->config;

	(void)output;
	if (config->on_news)
		config->on_news(entry->index, news, error, config->data);
}

int outputs_start(struct frames *frames)
{
	for (unsigned int i = 0; i < frames->output_count; i++) {
		struct output *output = frames->outputs[i].output;
		struct output_callbacks callbacks = {
			.on_ready = on_ready,
			.on_present = on_present,
			.on_lost = on_lost,
			.on_foreign = on_foreign,
			.on_news = on_news,
			.data = &frames->outputs[i],
		};
		int r = output_start(output, &callbacks);

		if (r < 0) {
			log_error(LOG_FRAME, r, "%s: cannot be started", output->name);
			return r;
		}
	}
	return 0;
}

void frames_set_watcher(struct frames *frames, void (*fn)(unsigned int output, void *data),
			void *data)
{
	frames->watcher = fn;
	frames->watcher_data = data;
}

const uint8_t *frames_taken(const struct frames *frames, unsigned int output, size_t *ret_bytes)
{
	const struct frames_output *entry = &frames->outputs[output];

	if (output >= frames->output_count || !entry->taken)
		return NULL;
	*ret_bytes = entry->frame_bytes;
	return entry->accepted;
}
