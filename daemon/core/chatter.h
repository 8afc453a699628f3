/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * What another program says, made fit for the log: bytes become lines, and of
 * many lines only so many are told. Pure: time is an argument.
 */

/** CHATTER_LINE_MAX - bytes of a line, the closing zero included; the rest of a longer one is left out */
#define CHATTER_LINE_MAX 160
/** CHATTER_BURST - lines told at once at most */
#define CHATTER_BURST 10
/** CHATTER_PERIOD_NS - one line more after each of these */
#define CHATTER_PERIOD_NS 200000000ULL

/** struct chatter - zero it to begin */
struct chatter {
	char line[CHATTER_LINE_MAX];
	size_t used;
	unsigned int told;  /* lines of the burst that are used up */
	uint64_t refill_ns; /* when the burst got its last line back */
	uint64_t left_out;  /* lines not told, and not said to be so yet */
};

/*
 * Gets a line without its end, or NULL and the number of lines that were left
 * out before the next one.
 */
typedef void (*chatter_fn)(const char *line, uint64_t left_out, void *data);

/** chatter_add() - more bytes have come; empty lines are skipped */
void chatter_add(struct chatter *chatter, const char *bytes, size_t length, uint64_t now_ns,
		 chatter_fn fn, void *data);

/** chatter_end() - no more will come: a line without an end is one, and what was left out is told */
void chatter_end(struct chatter *chatter, uint64_t now_ns, chatter_fn fn, void *data);
