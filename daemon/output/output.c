// SPDX-License-Identifier: GPL-2.0-or-later
#include "output/output.h"

#include <errno.h>

int output_start(struct output *output, const struct output_callbacks *callbacks)
{
	output->callbacks = *callbacks;
	return output->ops->start(output);
}

int output_submit(struct output *output, const uint8_t *frame, size_t bytes)
{
	int r;

	if (!output->present)
		return -ENODEV;
	if (bytes != output->geometry.frame_bytes)
		return -EINVAL;
	r = output->ops->submit(output, frame, bytes);
	if (r == 0)
		output->stats.submitted++;
	else if (r == -EAGAIN)
		output->stats.busy++;
	return r;
}

void output_stop(struct output *output)
{
	output->ops->stop(output);
	output->present = false;
}

int output_layout(struct output_geometry *geometry)
{
	uint32_t offset = 0, pixels = 0;

	if (geometry->channels < 1 || geometry->channels > OUTPUT_MAX_CHANNELS)
		return -EINVAL;
	for (uint32_t i = 0; i < geometry->channels; i++) {
		struct output_channel *channel = &geometry->channel[i];

		if (channel->components != 3 && channel->components != 4)
			return -EINVAL;
		if (channel->pixels < 1 || channel->pixels > OUTPUT_MAX_PIXELS - pixels)
			return -EINVAL;
		pixels += channel->pixels;
		channel->offset = offset;
		offset += channel->pixels * channel->components;
	}
	geometry->frame_bytes = offset;
	return 0;
}

void output_set_whites(struct output_geometry *geometry,
		       const struct output_colors colors[OUTPUT_MAX_CHANNELS])
{
	for (uint32_t i = 0; i < geometry->channels; i++) {
		struct output_channel *channel = &geometry->channel[i];

		white_init(&channel->white,
			   channel->components == 4 ? colors[i].white : WHITE_NONE);
	}
}

void output_came(struct output *output)
{
	output->present = true;
	output->error = 0;
	if (output->callbacks.on_present)
		output->callbacks.on_present(output, output->callbacks.data);
}

void output_went(struct output *output, int error)
{
	output->stats.lost++;
	output_missing(output, error);
}

void output_missing(struct output *output, int error)
{
	output->present = false;
	output->error = error;
	if (output->callbacks.on_lost)
		output->callbacks.on_lost(output, error, output->callbacks.data);
}

struct output *output_destroy(struct output *output)
{
	if (output)
		output->ops->destroy(output);
	return NULL;
}
