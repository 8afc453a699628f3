/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * A push button. Pure: edges with their times go in, presses come out; what
 * takes time is told as a deadline.
 *
 * The first edge counts at once and the level is then held for the debounce
 * time, so that a press is never late. A contact that is still another way
 * when that time is over changes then. Where lines pick up what is no press, a
 * level can be asked to be steady for that time before it counts.
 */

/** BUTTON_DEBOUNCE_MAX_MS - the longest time that a level is held for */
#define BUTTON_DEBOUNCE_MAX_MS 100
/** BUTTON_TIME_MAX_MS - the longest time to a long press or between the two of a double one */
#define BUTTON_TIME_MAX_MS 10000
/** BUTTON_EVENTS - the most that one call tells */
#define BUTTON_EVENTS 4

/**
 * enum button_event - what a button tells
 * @BUTTON_PRESS: down, at once
 * @BUTTON_RELEASE: up again
 * @BUTTON_CLICK: a short press is over, and it is not the first of a double one
 * @BUTTON_DOUBLE: down for the second time within the time for that
 * @BUTTON_LONG: down for that long, told while it is down; no click follows
 */
enum button_event {
	BUTTON_PRESS,
	BUTTON_RELEASE,
	BUTTON_CLICK,
	BUTTON_DOUBLE,
	BUTTON_LONG,
	BUTTON_EVENT_TYPES,
};

/**
 * enum button_debounce - when a level counts
 * @BUTTON_FIRST_EDGE: at once, and is held for the debounce time
 * @BUTTON_STEADY: when it has lasted for the debounce time
 */
enum button_debounce {
	BUTTON_FIRST_EDGE,
	BUTTON_STEADY,
};

/** struct button_config - times in ns; @long_ns and @double_ns 0: never */
struct button_config {
	uint64_t debounce_ns, long_ns, double_ns;
	enum button_debounce debounce;
};

/** struct button - a plain value; to be made by button_init() */
struct button {
	struct button_config config;
	bool level;	      /* of the contact */
	bool pressed;	      /* as told */
	bool waiting;	      /* a click is told unless a second press comes */
	bool spent;	      /* this press was long or the second of a double one */
	bool settling;	      /* the level is held; of a steady one: it does not count yet */
	uint64_t edge_ns;     /* of a steady one: since when the level is what it is */
	uint64_t changed_ns;  /* when @pressed changed */
	uint64_t released_ns; /* of the click that waits */
};

/** struct button_result - what was told, in order; a plain value */
struct button_result {
	unsigned int count;
	enum button_event event[BUTTON_EVENTS];
};

/** button_init() - @level: down now; that is no press */
void button_init(struct button *button, const struct button_config *config, bool level);

/** button_edge() - the contact is closed, or open, since @time_ns */
void button_edge(struct button *button, bool level, uint64_t time_ns,
		 struct button_result *ret_result);

/** button_pass() - it is @now_ns, and edges before were told; at or after the deadline */
void button_pass(struct button *button, uint64_t now_ns, struct button_result *ret_result);

/** button_deadline_ns() - when button_pass() has something to do; 0: never as things are */
uint64_t button_deadline_ns(const struct button *button);
