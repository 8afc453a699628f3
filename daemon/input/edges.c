// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/edges.h"

#include <string.h>

unsigned int edges_room(const struct edges *edges)
{
	return EDGES_MAX - edges->count;
}

void edges_add(struct edges *edges, const struct gpio_edge *edge)
{
	unsigned int at = edges->count;

	if (at == EDGES_MAX)
		return;
	/* behind those of the same time: a line's own edges came in order */
	while (at && edges->edge[at - 1].time_ns > edge->time_ns)
		at--;
	memmove(&edges->edge[at + 1], &edges->edge[at],
		(edges->count - at) * sizeof(edges->edge[0]));
	edges->edge[at] = *edge;
	edges->count++;
}

unsigned int edges_take(struct edges *edges, uint64_t now_ns, struct gpio_edge *ret_edges,
			unsigned int n)
{
	unsigned int sure = 0;

	while (sure < edges->count && sure < n &&
	       (edges->edge[sure].time_ns + EDGES_SETTLE_NS <= now_ns ||
		/* full: what cannot wait any longer */
		edges->count - sure > EDGES_MAX / 2))
		sure++;
	memcpy(ret_edges, edges->edge, sure * sizeof(edges->edge[0]));
	edges->count -= sure;
	memmove(edges->edge, &edges->edge[sure], edges->count * sizeof(edges->edge[0]));
	return sure;
}

uint64_t edges_deadline_ns(const struct edges *edges)
{
	return edges->count ? edges->edge[0].time_ns + EDGES_SETTLE_NS : 0;
}
