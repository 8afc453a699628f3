/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "input/gpio.h"

/*
 * Edges of several lines, each line's own in order, put in the order of their
 * times. Pure. An edge is given out when none can come any more that was
 * before it: EDGES_SETTLE_NS after its time.
 */

/** EDGES_MAX - edges that wait */
#define EDGES_MAX 128
/** EDGES_SETTLE_NS - the longest that the kernel takes to tell of an edge, after which order is given up */
#define EDGES_SETTLE_NS 1000000ULL

/** struct edges - zero it to begin */
struct edges {
	unsigned int count;
	struct gpio_edge edge[EDGES_MAX]; /* by time */
};

/** edges_room() - how many more edges it takes */
unsigned int edges_room(const struct edges *edges);

/** edges_add() - one more; without room it is left out */
void edges_add(struct edges *edges, const struct gpio_edge *edge);

/** edges_take() - up to @n whose order is sure at @now_ns; returns how many */
unsigned int edges_take(struct edges *edges, uint64_t now_ns, struct gpio_edge *ret_edges,
			unsigned int n);

/** edges_deadline_ns() - when edges_take() has something; 0: never as things are */
uint64_t edges_deadline_ns(const struct edges *edges);
