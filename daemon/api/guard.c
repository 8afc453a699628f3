// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/guard.h"

#include <ctype.h>
#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Bytes of the name in "name", "name:port" or "[address]:port"; 0 if it is none of these. */
static size_t name_length(const char *host)
{
	size_t length, i;

	if (host[0] == '[') {
		length = strspn(host + 1, "0123456789abcdefABCDEF:.") + 2;
		if (host[length - 1] != ']')
			return 0;
	} else {
		length = strcspn(host, ":");
	}
	if (!host[length])
		return length;
	if (host[length] != ':')
		return 0;
	for (i = 0; isdigit((unsigned char)host[length + 1 + i]); i++)
		;
	return i <= 5 && !host[length + 1 + i] ? length : 0;
}

static bool is_name(const char *host, size_t length, const char *name)
{
	return strlen(name) == length && !strncasecmp(host, name, length);
}

static bool is_ours(const struct api_config *config, const char *host, size_t length)
{
	static const char *const loopback[] = { "localhost", "127.0.0.1", "[::1]" };
	size_t i;

	for (i = 0; i < sizeof(loopback) / sizeof(loopback[0]); i++)
		if (is_name(host, length, loopback[i]))
			return true;
	for (i = 0; i < config->host_count; i++)
		if (is_name(host, length, config->hosts[i]))
			return true;
	/* an IPv6 address stands in brackets in a Host, and without them in the configuration */
	if (host[0] == '[')
		return is_name(host + 1, length - 2, config->address);
	return is_name(host, length, config->address);
}

bool guard_host(const struct api_config *config, const char *host, struct problem *problem)
{
	size_t length;

	if (!host) {
		problem_set(problem, MHD_HTTP_BAD_REQUEST, "the request has no Host header");
		return problem_add_text(problem, "header", "Host", NULL, "the name of this server");
	}
	length = name_length(host);
	if (length && is_ours(config, host, length))
		return true;
	problem_set(problem, MHD_HTTP_MISDIRECTED_REQUEST,
		    "this server is not known by the name in the Host header");
	return problem_add_text(problem, "header", "Host", host,
				"localhost, 127.0.0.1, [::1] or a name of http.hosts in the "
				"configuration, with any port");
}

/* The host of an origin with the port that its scheme means when it has none. */
static bool same_host(const char *a, const char *b, const char *default_port)
{
	size_t a_length = name_length(a), b_length = name_length(b);
	const char *a_port, *b_port;

	if (!a_length || a_length != b_length || strncasecmp(a, b, a_length))
		return false;
	a_port = a[a_length] ? a + a_length + 1 : default_port;
	b_port = b[b_length] ? b + b_length + 1 : default_port;
	return !strcmp(a_port, b_port);
}

bool guard_knows_origin(const struct api_config *config, const char *origin)
{
	unsigned int i;

	for (i = 0; origin && i < config->origin_count; i++)
		if (!strcmp(config->origins[i], origin))
			return true;
	return false;
}

bool guard_origin(const struct api_config *config, const char *origin, const char *host,
		  struct problem *problem)
{
	if (!origin || guard_knows_origin(config, origin))
		return true;
	if (!strncasecmp(origin, "http://", 7) && same_host(origin + 7, host, "80"))
		return true;
	/* a proxy before us may speak TLS */
	if (!strncasecmp(origin, "https://", 8) && same_host(origin + 8, host, "443"))
		return true;
	problem_set(problem, MHD_HTTP_FORBIDDEN, "pages of other sites cannot change anything");
	return problem_add_text(problem, "header", "Origin", origin,
				"none, the same host and port as in the Host header, or one "
				"of http.origins in the configuration");
}

bool guard_content_type(const char *type, bool raw, struct problem *problem)
{
	static const char bytes[] = "application/octet-stream";
	static const char json[] = "application/json";
	static const char charset[] = "charset=";
	const char *rest;

	if (raw) {
		if (type && !strcasecmp(type, bytes))
			return true;
		problem_set(problem, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "the body has to be bytes");
		return problem_add_text(problem, "header", "Content-Type", type, "%s", bytes);
	}
	if (type && !strncasecmp(type, json, sizeof(json) - 1)) {
		rest = type + sizeof(json) - 1;
		rest += strspn(rest, " \t");
		if (!*rest)
			return true;
		if (*rest == ';') {
			rest++;
			rest += strspn(rest, " \t");
			if (!strncasecmp(rest, charset, sizeof(charset) - 1)) {
				rest += sizeof(charset) - 1;
				if (!strcasecmp(rest, "utf-8") || !strcasecmp(rest, "\"utf-8\""))
					return true;
			}
		}
	}
	problem_set(problem, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "the body has to be JSON in UTF-8");
	return problem_add_text(problem, "header", "Content-Type", type, "application/json");
}
