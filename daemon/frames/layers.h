/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "frames/frames.h"

/*
 * Which of a zone's pictures shows: pure bookkeeping of priorities and times
 * to live, without pixels or clock.
 */

/** LAYERS_NEVER - the instant of what does not expire */
#define LAYERS_NEVER UINT64_MAX

/** struct layer - the picture of one priority */
struct layer {
	bool alive;
	const char *source; /* who made it, a static string */
	uint64_t expires_ns;
};

/** struct layers - the pictures of one zone; zeroed: none */
struct layers {
	struct layer layer[FRAMES_PRIORITIES];
};

/** layers_set() - there is a new picture; @expires_ns may be LAYERS_NEVER */
void layers_set(struct layers *layers, enum frames_priority priority, const char *source,
		uint64_t expires_ns);

/** layers_clear() - true if there was one */
bool layers_clear(struct layers *layers, enum frames_priority priority);

/** layers_expire() - end what has expired at @now_ns; true if something did */
bool layers_expire(struct layers *layers, uint64_t now_ns);

/** layers_top() - the highest priority that is alive, or -1 */
int layers_top(const struct layers *layers);

/** layers_next_expiry() - the next instant at which one expires, or LAYERS_NEVER */
uint64_t layers_next_expiry(const struct layers *layers);
