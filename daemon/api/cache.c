// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/cache.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/animations.h"
#include "api/reply.h"
#include "control/config_change.h"
#include "control/desk.h"

struct slot {
	struct MHD_Response *response; /* NULL: not made yet */
	char etag[CACHE_ETAG_MAX];     /* "": it has none */
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
	if (strstr(route->path, "{cause}"))
		return TRANSITION_CAUSES;
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

/* FNV-1a, 64 bits: equal answers have equal tags, and others never in practice. */
static void make_etag(const struct writer *writer, char ret_etag[CACHE_ETAG_MAX])
{
	uint64_t hash = 14695981039346656037ULL;
	size_t i;

	for (i = 0; i < writer->length; i++)
		hash = (hash ^ (uint8_t)writer->text[i]) * 1099511628211ULL;
	snprintf(ret_etag, CACHE_ETAG_MAX, "\"%016" PRIx64 "\"", hash);
}

struct MHD_Response *cache_make(const struct route *route, const struct route_get *get,
				char ret_etag[CACHE_ETAG_MAX])
{
	struct writer writer = { 0 };
	struct MHD_Response *response;

	route->get(get, &writer);
	ret_etag[0] = '\0';
	if (route->source != ROUTE_FROM_NOW && !writer.failed)
		make_etag(&writer, ret_etag);
	response = route->type ? reply_text(&writer, route->type) : reply_json(&writer);
	if (response && ret_etag[0])
		MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, ret_etag);
	return response;
}

struct MHD_Response *cache_get(struct cache *cache, const struct route *route,
			       const struct route_get *get, const char **ret_etag)
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
	else if (route->source == ROUTE_FROM_DESK && get->view->desk)
		version = get->view->desk->version;
	else if (route->source == ROUTE_FROM_CONFIG && get->view->config)
		version = get->view->config->version;

	slot = &cache->slots[cache->first[route - cache->routes] + get->item];
	if (!slot->response || slot->version != version || route->source == ROUTE_FROM_NOW) {
		response = cache_make(route, get, slot->etag);
		if (!response)
			return NULL;
		if (slot->response)
			MHD_destroy_response(slot->response);
		slot->response = response;
		slot->version = version;
	}
	*ret_etag = slot->etag;
	return slot->response;
}
