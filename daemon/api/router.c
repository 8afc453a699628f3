// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/router.h"

#include <string.h>

#include "base/str.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decode up to the next slash; returns what follows the segment, or NULL if it cannot be one of ours. */
static const char *decode_segment(const char *path, char ret_segment[ROUTE_ITEM_MAX])
{
	size_t length = 0;

	while (*path && *path != '/') {
		int c = (unsigned char)*path++;

		if (c == '%') {
			int high = hex_digit(path[0]);
			int low = high < 0 ? -1 : hex_digit(path[1]);

			c = low < 0 ? 0 : high << 4 | low;
			path += 2;
		}
		if (!c || length == ROUTE_ITEM_MAX - 1)
			return NULL;
		ret_segment[length++] = (char)c;
	}
	ret_segment[length] = '\0';
	return path;
}

static bool matches(const char *pattern, const char *path, char ret_item[ROUTE_ITEM_MAX])
{
	char segment[ROUTE_ITEM_MAX];

	ret_item[0] = '\0';
	while (*pattern == '/' && *path == '/') {
		size_t length = strcspn(++pattern, "/");

		path = decode_segment(path + 1, segment);
		if (!path)
			return false;
		if (pattern[0] == '{') {
			if (!segment[0])
				return false;
			str_copy(ret_item, ROUTE_ITEM_MAX, segment);
		} else if (strncmp(segment, pattern, length) || segment[length]) {
			return false;
		}
		pattern += length;
	}
	return !*pattern && !*path;
}

enum router_result router_find(const struct route *routes, const char *method, const char *path,
			       struct router_match *ret_match, char ret_allow[64])
{
	const char *wanted = strcmp(method, "HEAD") ? method : "GET";
	const struct route *route;
	struct router_match match;
	bool known = false;

	for (route = routes; route->path; route++) {
		if (!matches(route->path, path, match.item))
			continue;
		match.route = route;
		if (!strcmp(route->method, wanted)) {
			*ret_match = match;
			return ROUTER_FOUND;
		}
		if (!known)
			ret_allow[0] = '\0';
		known = true;
		/* "/tasks/tree" may be the id of a task, too */
		if (strstr(ret_allow, route->method))
			continue;
		strcat(ret_allow, route->method);
		strcat(ret_allow, strcmp(route->method, "GET") ? ", " : ", HEAD, ");
	}
	if (!known)
		return ROUTER_NO_PATH;
	strcat(ret_allow, "OPTIONS");
	return ROUTER_NO_METHOD;
}
