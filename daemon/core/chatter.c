// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/chatter.h"

#include <stdbool.h>
#include <string.h>

static bool may_tell(struct chatter *chatter, uint64_t now_ns)
{
	uint64_t periods = (now_ns - chatter->refill_ns) / CHATTER_PERIOD_NS;

	if (periods) {
		chatter->told = periods < chatter->told ? chatter->told - (unsigned int)periods : 0;
		chatter->refill_ns += periods * CHATTER_PERIOD_NS;
	}
	if (chatter->told >= CHATTER_BURST)
		return false;
	chatter->told++;
	return true;
}

static void end_line(struct chatter *chatter, uint64_t now_ns, chatter_fn fn, void *data)
{
	if (!chatter->used)
		return;
	chatter->line[chatter->used] = '\0';
	chatter->used = 0;
	if (!may_tell(chatter, now_ns)) {
		chatter->left_out++;
		return;
	}
	if (chatter->left_out)
		fn(NULL, chatter->left_out, data);
	chatter->left_out = 0;
	fn(chatter->line, 0, data);
}

void chatter_add(struct chatter *chatter, const char *bytes, size_t length, uint64_t now_ns,
		 chatter_fn fn, void *data)
{
	while (length) {
		const char *end = memchr(bytes, '\n', length);
		size_t part = end ? (size_t)(end - bytes) : length;
		size_t room = sizeof(chatter->line) - 1 - chatter->used;
		size_t kept = part < room ? part : room;

		memcpy(chatter->line + chatter->used, bytes, kept);
		chatter->used += kept;
		if (end)
			end_line(chatter, now_ns, fn, data);
		part += end != NULL;
		bytes += part;
		length -= part;
	}
}

void chatter_end(struct chatter *chatter, uint64_t now_ns, chatter_fn fn, void *data)
{
	end_line(chatter, now_ns, fn, data);
	if (chatter->left_out)
		fn(NULL, chatter->left_out, data);
	chatter->left_out = 0;
}
