/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/* An output that does what the test says and keeps what it was given. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "output/output.h"

#define FAKE_OUTPUT_BYTES 4096

struct fake_output {
	struct output output;
	bool busy;
	bool slow;	     /* busy with each frame that it takes */
	bool absent;	     /* not there at the start */
	bool vanish;	     /* the next submit finds that it has gone */
	unsigned int asked;  /* submits */
	unsigned int frames; /* that were taken */
	uint64_t taken_ns;
	uint8_t frame[FAKE_OUTPUT_BYTES];
};

static int fake_output_start(struct output *output)
{
	if (!((struct fake_output *)output)->absent)
		output_came(output);
	return 0;
}

static int fake_output_submit(struct output *output, const uint8_t *frame, size_t bytes)
{
	struct fake_output *fake_output = (struct fake_output *)output;

	fake_output->asked++;
	if (fake_output->vanish) {
		fake_output->vanish = false;
		output_went(output, -ENODEV);
		return -ENODEV;
	}
	if (fake_output->busy)
		return -EAGAIN;
	fake_output->busy = fake_output->slow;
	memcpy(fake_output->frame, frame, bytes);
	fake_output->frames++;
	fake_output->taken_ns = clock_now_ns();
	return 0;
}

static void fake_output_nothing(struct output *output)
{
	(void)output;
}

static const struct output_ops fake_output_ops = {
	.type = "fake",
	.start = fake_output_start,
	.submit = fake_output_submit,
	.stop = fake_output_nothing,
	.destroy = fake_output_nothing,
};

static inline void fake_output_init(struct fake_output *fake_output, uint32_t pixels,
				    uint32_t components)
{
	memset(fake_output, 0, sizeof(*fake_output));
	fake_output->output.ops = &fake_output_ops;
	strcpy(fake_output->output.name, "fake");
	fake_output->output.geometry.channels = 1;
	fake_output->output.geometry.channel[0].pixels = pixels;
	fake_output->output.geometry.channel[0].components = components;
	output_layout(&fake_output->output.geometry);
}

/* The device has room again. */
static inline void fake_output_ready(struct fake_output *fake_output)
{
	fake_output->busy = false;
	fake_output->output.callbacks.on_ready(&fake_output->output,
					       fake_output->output.callbacks.data);
}

static inline void fake_output_foreign(struct fake_output *fake_output)
{
	fake_output->output.callbacks.on_foreign(&fake_output->output, clock_now_ns(),
						 fake_output->output.callbacks.data);
}
