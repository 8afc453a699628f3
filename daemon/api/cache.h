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

/** cache_make() - the answer, made for this once: one reference, or NULL without memory */
struct MHD_Response *cache_make(const struct route *route, const struct route_get *get);

/**
 * cache_get() - the answer, made if need be; NULL without memory
 *
 * Borrowed: to be queued at once, since the next call may drop it.
 */
struct MHD_Response *cache_get(struct cache *cache, const struct route *route,
			       const struct route_get *get);
