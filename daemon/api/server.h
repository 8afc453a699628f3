/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "api/api.h"
#include "core/loop.h"

/*
 * The HTTP server on a loop: takes requests, checks them, answers GETs from
 * snapshots and sends changes to the light loop. All on one thread.
 */
struct server;

/**
 * server_create() - serve on @listen_fd
 * @listen_fd: bound, listening and not blocking; the server's after success
 * @config, @links: outlive the server
 *
 * Return: 0, -ENOMEM, -EIO (libmicrohttpd) or what adding a source gave.
 */
int server_create(struct server **ret_server, struct loop *loop, int listen_fd,
		  const struct api_config *config, const struct api_links *links);

/** server_end() - no more connections; requests that wait for the light loop are answered 503 */
void server_end(struct server *server);

/** server_destroy() - server_end(), then close all connections; NULL is fine; returns NULL */
struct server *server_destroy(struct server *server);
