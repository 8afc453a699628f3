// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "frames/private.h"

/* What the zones show comes back as a whole: pixels of no zone are black again. */
void overlay_drop(struct frames_output *entry)
{
	free(entry->overlay);
	entry->overlay = NULL;
	entry->frame_stale = true;
	entry->accepted_stale = true;
	entry->dirty = true;
}

int frames_set_overlay(struct frames *frames, unsigned int output, uint8_t *frame, size_t bytes,
		       uint64_t ttl_ns)
{
	struct frames_output *entry = &frames->outputs[output];

	if (output >= frames->output_count || !entry->output->present || !entry->frame)
		return -ENODEV;
	if (bytes != entry->frame_bytes)
		return -EMSGSIZE;
	free(entry->overlay);
	entry->overlay = frame;
	entry->overlay_end_ns = clock_now_ns() + ttl_ns;
	entry->dirty = true;
	frames_wake(frames);
	return 0;
}

int frames_clear_overlay(struct frames *frames, unsigned int output)
{
	if (output >= frames->output_count)
		return -ENODEV;
	if (!frames->outputs[output].overlay)
		return 0;
	overlay_drop(&frames->outputs[output]);
	frames_wake(frames);
	return 0;
}

void overlay_apply(struct frames_output *entry)
{
	if (!entry->overlay)
		return;
	memcpy(entry->frame, entry->overlay, entry->frame_bytes);
	entry->frame_stale = true;
}

void overlay_expire(struct frames_output *entry, uint64_t now_ns)
{
	if (entry->overlay && now_ns >= entry->overlay_end_ns)
		overlay_drop(entry);
}
