/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>

#include "config/config.h"

/* What of a configuration may change while the light is on. Pure. */

/** RELOAD_TEXT_MAX - bytes of the list of what waits for the next start */
#define RELOAD_TEXT_MAX 160

/** struct reload - what a new configuration changes at once */
struct reload {
	bool fps, transitions, log, bindings;
	bool zone[ZONE_MAX];	       /* name or enabled */
	bool place[ZONE_MAX];	       /* where it lies, and its layer */
	char waiting[RELOAD_TEXT_MAX]; /* topics that need a start, "" if none */
};

/**
 * reload_take() - take over into @live what may change in a running daemon
 * @live: what runs now; outputs stay what they are
 * @next: what was read
 *
 * Zones are known by their id, so that their order in the file is no change of
 * names. Places change all together or not at all, since each one's depends on
 * the others': only if outputs, order, numbers of pixels, sizes of pictures
 * and members are the same.
 */
void reload_take(struct config *live, const struct config *next, struct reload *ret_reload);
