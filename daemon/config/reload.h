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
	char waiting[RELOAD_TEXT_MAX]; /* topics that need a start, "" if none */
};

/**
 * reload_take() - take over into @live what may change in a running daemon
 * @live: what runs now; zones and outputs stay what they are
 * @next: what was read
 *
 * Zones are known by their id, so that their order in the file is no change.
 */
void reload_take(struct config *live, const struct config *next, struct reload *ret_reload);
