// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/animations.h"
#include "api/reply.h"

struct slot {
	struct MHD_Response *response; /* NULL: not made yet */
	uint64_t version;	       /* of what it was made from */
};

/* The slots of a route begin at first[index of the route]; one for each zone or animation. */
struct cache {
	const struct route *routes;
	size_t *first;
	struct slot *slots;
	size_t slot_count;
};

static size_t slots_wanted(const struct route *route)
{
	if (!route->get)
		return 0;
	if (strstr(route->path, "{zone}"))
		return ZONE_MAX;
	if (strstr(route->path, "{scene}"))
		return SCENES_MAX;
	if (strstr(route->path, "{preset}"))
		return presets_end();
	if (strstr(route->path, "{output}"))
		return FRAMES_MAX_OUTPUTS;
	if (strstr(route->path, "{task}"))
		return SNAPSHOT_TASKS_MAX;
	return strstr(route->path, "{animation}") ? animations_count() : 1;
}

int cache_create(struct cache **ret_cache, const struct route *routes)
{
	struct cache *cache = calloc(1, sizeof(*cache));
	size_t count, i;

	if (!cache)
		return -ENOMEM;
	for (count = 0; routes[count].path; count++)
		;
	cache->routes = routes;
	cache->first = calloc(count + 1, sizeof(cache->first[0]));
	for (i = 0; cache->first && i < count; i++) {
		cache->first[i] = cache->slot_count;
		cache->slot_count += slots_wanted(&routes[i]);
	}
	cache->slots = calloc(cache->slot_count + 1, sizeof(cache->slots[0]));
	if (!cache->first || !cache->slots) {
		cache_destroy(cache);
		return -ENOMEM;
	}
	*ret_cache = cache;
	return 0;
}

struct cache *cache_destroy(struct cache *cache)
{
	size_t i;

	if (!cache)
		return NULL;
	for (i = 0; cache->slots && i < cache->slot_count; i++)
		if (cache->slots[i].response)
			MHD_destroy_response(cache->slots[i].response);
	free(cache->slots);
	free(cache->first);
	free(cache);
	return NULL;
}

struct MHD_Response *cache_make(const struct route *route, const struct route_get *get)
{
	struct writer writer = { 0 };

	route->get(get, &writer);
	return route->type ? reply_text(&writer, route->type) : reply_json(&writer);
}

struct MHD_Response *cache_get(struct cache *cache, const struct route *route,
			       const struct route_get *get)
{
	struct MHD_Response *response;
	uint64_t version = 0;
	struct slot *slot;

	if (route->source == ROUTE_FROM_STATE)
		version = get->view->state->version;
	else if (route->source == ROUTE_FROM_TASKS)
		version = get->view->tasks->version;
	else if (route->source == ROUTE_FROM_LIBRARY)
		version = get->view->library->version;

	slot = &cache->slots[cache->first[route - cache->routes] + get->item];
	if (!slot->response || slot->version != version || route->source == ROUTE_FROM_NOW) {
		response = cache_make(route, get);
		if (!response)
			return NULL;
		if (slot->response)
			MHD_destroy_response(slot->response);
		slot->response = response;
		slot->version = version;
	}
	return slot->response;
}
