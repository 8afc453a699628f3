/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/api.h"
#include "api/commands.h"
#include "api/live.h"
#include "api/problem.h"
#include "api/router.h"
#include "api/token.h"
#include "api/view.h"

/**
 * struct request - from its head to the end of its answer; zeroed at first
 * @connection, @path: libmicrohttpd's, good as long as the request
 * @match, @query: what it asks for; set when the head was checked and fine
 * @files, @file_count: the page, set by the server; @file: what is asked for instead of a route
 * @bodies: bytes that all bodies take, of the server
 * @received: bytes of the body so far, also those thrown away
 * @waiter: to wait for the light loop
 * @opening: of a WebSocket
 * @status, @reply: the answer, once it is decided; status 0: it is not
 *
 * An answer is often decided before the body was read, and queued after it:
 * libmicrohttpd closes a connection that is answered earlier, and the client
 * would lose the answer.
 */
struct request {
	struct MHD_Connection *connection;
	const char *path;
	enum token_scope scope; /* what it may do */
	const char *cors; /* the origin of another site that may read the answer; NULL: none */
	bool head;	  /* HEAD: only the headers are wanted */
	struct router_match match;
	struct query query;
	const struct web_file *files, *file;
	size_t file_count;

	char *body;
	size_t body_length, body_room;
	size_t *bodies;
	size_t received;

	struct commands_waiter waiter;
	struct live_opening opening;

	unsigned int status;
	struct MHD_Response *reply;
};

/** request_header() - value of a header, or NULL; borrowed */
const char *request_header(const struct request *request, const char *name);

/** request_free() - NULL is fine */
void request_free(struct request *request);

/** request_refuse() - decide the answer: @problem */
void request_refuse(struct request *request, const struct problem *problem);

/** request_refuse_text() - decide the answer: a problem that is one sentence; @retry_after_s 0: not told */
void request_refuse_text(struct request *request, unsigned int status, unsigned int retry_after_s,
			 const char *text);

/** request_answer() - queue the answer that was decided; MHD_NO, which closes, without memory */
enum MHD_Result request_answer(struct request *request);

/**
 * request_begin() - check all that can be known before the body comes
 * @tokens: none: whoever asks may do everything
 *
 * Return: true to go on and read the body, although the answer may be decided
 * already; false to answer now and close.
 */
bool request_begin(struct request *request, const struct api_config *config,
		   const struct tokens *tokens, const char *method);

/** request_add_cors() - the headers that let a page of another site read @response, if it may */
bool request_add_cors(const struct request *request, struct MHD_Response *response);

/** request_take_body() - a piece of the body; false to close: it is far too long, or no memory */
bool request_take_body(struct request *request, const char *data, size_t length);

/**
 * request_read_command() - the body into a command whose type and zone are set
 *
 * Return: false with the problem set if there is anything wrong with it.
 */
bool request_read_command(const struct request *request, const struct view *view,
			  struct command *command, struct problem *problem);
