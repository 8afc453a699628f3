/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "api/api.h"
#include "api/problem.h"

/*
 * Who may ask: headers that keep other sites' pages away. Each returns false
 * when it refuses, with the problem set.
 */

/**
 * guard_host() - the Host header (NULL: there is none) names this server
 *
 * Any port. localhost, 127.0.0.1, [::1], the address listened on, and the
 * configuration's hosts are its names; a page that reaches us by a name of its
 * own (DNS rebinding) is refused.
 */
bool guard_host(const struct api_config *config, const char *host, struct problem *problem);

/** guard_knows_origin() - the Origin header (NULL: no browser's page) is one of the configuration's */
bool guard_knows_origin(const struct api_config *config, const char *origin);

/**
 * guard_origin() - the Origin header (NULL: no browser's page) is that of our own pages, or one of the
 * configuration's
 * @host: the request's Host
 */
bool guard_origin(const struct api_config *config, const char *origin, const char *host,
		  struct problem *problem);

/**
 * guard_content_type() - application/json, which no HTML form can send; NULL: there is none
 * @raw: application/octet-stream instead, which none can send either
 */
bool guard_content_type(const char *type, bool raw, struct problem *problem);
