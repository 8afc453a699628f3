// SPDX-License-Identifier: GPL-2.0-or-later
#include "frames/layers.h"

void layers_set(struct layers *layers, enum frames_priority priority, const char *source,
		uint64_t expires_ns)
{
	layers->layer[priority] = (struct layer){ true, source, expires_ns };
}

bool layers_clear(struct layers *layers, enum frames_priority priority)
{
	bool was = layers->layer[priority].alive;

	layers->layer[priority] = (struct layer){ 0 };
	return was;
}

bool layers_expire(struct layers *layers, uint64_t now_ns)
{
	bool expired = false;

	for (int i = 0; i < FRAMES_PRIORITIES; i++)
		if (layers->layer[i].alive && layers->layer[i].expires_ns <= now_ns)
			expired |= layers_clear(layers, (enum frames_priority)i);
	return expired;
}

int layers_top(const struct layers *layers)
{
	for (int i = FRAMES_PRIORITIES - 1; i >= 0; i--)
		if (layers->layer[i].alive)
			return i;
	return -1;
}

uint64_t layers_next_expiry(const struct layers *layers)
{
	uint64_t next_ns = LAYERS_NEVER;

	for (int i = 0; i < FRAMES_PRIORITIES; i++)
		if (layers->layer[i].alive && layers->layer[i].expires_ns < next_ns)
			next_ns = layers->layer[i].expires_ns;
	return next_ns;
}
