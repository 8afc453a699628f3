/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "api/route.h"

/** struct router_match - a route and the id that stood in the path, decoded; "" if none */
struct router_match {
	const struct route *route;
	char item[ROUTE_ITEM_MAX];
};

enum router_result {
	ROUTER_FOUND,
	ROUTER_NO_PATH,	  /* 404 */
	ROUTER_NO_METHOD, /* 405, or the answer to OPTIONS: @ret_allow tells what there is */
};

/**
 * router_find() - the route of a request
 * @routes: closed by one without a path
 * @path: as in the request: percent escapes are decoded here, segment by
 *	segment, so that none can pass for a slash; escaped zeroes never match
 * @ret_match: set if found; HEAD finds the route of GET
 * @ret_allow: set if the path is known: "GET, HEAD, OPTIONS"
 */
enum router_result router_find(const struct route *routes, const char *method, const char *path,
			       struct router_match *ret_match, char ret_allow[64]);
