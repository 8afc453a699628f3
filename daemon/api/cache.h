/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <microhttpd.h>

#include "api/route.h"

/*
 * Answers to GET, serialised once and given to everybody until what they were
 * made from changes.
 */
struct cache;

/** cache_create() - for the routes of @routes, which outlives it; 0 or -ENOMEM */
int cache_create(struct cache **ret_cache, const struct route *routes);

/** cache_destroy() - NULL is fine; returns NULL */
struct cache *cache_destroy(struct cache *cache);

/* CACHE_ETAG_MAX - bytes of an entity tag (RFC 9110, section 8.8.3), the closing zero included */
#define CACHE_ETAG_MAX 20

/** cache_make() - the answer, made for this once: one reference, or NULL without memory */
struct MHD_Response *cache_make(const struct route *route, const struct route_get *get,
				char ret_etag[CACHE_ETAG_MAX]);

/**
 * cache_get() - the answer, made if need be; NULL without memory
 *
 * @ret_etag: what it is known by; "" for what changes all the time
 *
 * Borrowed: to be queued at once, since the next call may drop it.
 */
struct MHD_Response *cache_get(struct cache *cache, const struct route *route,
			       const struct route_get *get, const char **ret_etag);
