// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/call.h"
#include "api/guard.h"
#include "api/handshake.h"
#include "api/reply.h"
#include "api/validate.h"
#include "base/heap.h"

#define RETRY_AFTER_S 1

void request_free(struct request *request)
{
	if (!request)
		return;
	if (request->reply)
		MHD_destroy_response(request->reply);
	free(request->body);
	*request->bodies -= request->body_room;
	free(request);
}

void request_refuse(struct request *request, const struct problem *problem)
{
	request->status = problem->status;
	request->reply = reply_problem(problem, request->path);
}

void request_refuse_text(struct request *request, unsigned int status, unsigned int retry_after_s,
			 const char *text)
{
	struct problem problem = { .retry_after_s = retry_after_s };

	problem_set(&problem, status, "%s", text);
	request_refuse(request, &problem);
}

bool request_add_cors(const struct request *request, struct MHD_Response *response)
{
	if (!request->cors)
		return true;
	return MHD_add_response_header(response, "Access-Control-Allow-Origin", request->cors) &&
	       MHD_add_response_header(response, "Access-Control-Expose-Headers", "ETag") &&
	       MHD_add_response_header(response, "Vary", "Origin");
}

enum MHD_Result request_answer(struct request *request)
{
	return request->reply && request_add_cors(request, request->reply)
		       ? MHD_queue_response(request->connection, request->status, request->reply)
		       : MHD_NO;
}

const char *request_header(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

struct header_count {
	const char *name;
	unsigned int count;
};

static enum MHD_Result count_header(void *data, enum MHD_ValueKind kind, const char *name,
				    const char *value)
{
	struct header_count *count = data;

	(void)kind;
	(void)value;
	count->count += !strcasecmp(name, count->name);
	return MHD_YES;
}

static bool is_repeated(const struct request *request, const char *name)
{
	struct header_count count = { name, 0 };

	MHD_get_connection_values(request->connection, MHD_HEADER_KIND, count_header, &count);
	return count.count > 1;
}

/*
 * What a proxy before us could read in another way than we do: where the body
 * ends, or whom the request is for.
 */
static bool is_framed_clearly(const struct request *request, struct problem *problem)
{
	static const char *const once[] = { "Content-Length", "Transfer-Encoding", "Host",
					    "Content-Type", "Origin" };
	const char *encoding = request_header(request, "Transfer-Encoding");
	size_t i;

	for (i = 0; i < sizeof(once) / sizeof(once[0]); i++) {
		if (is_repeated(request, once[i])) {
			problem_set(problem, MHD_HTTP_BAD_REQUEST, "a header stands there twice");
			return problem_add_text(problem, "header", once[i], NULL, "one of it");
		}
	}
	if (!encoding)
		return true;
	if (strcasecmp(encoding, "chunked")) {
		problem_set(problem, MHD_HTTP_BAD_REQUEST, "the body cannot be decoded");
		return problem_add_text(problem, "header", "Transfer-Encoding", encoding,
					"\"chunked\"");
	}
	if (request_header(request, "Content-Length"))
		return problem_set(problem, MHD_HTTP_BAD_REQUEST,
				   "Content-Length and Transfer-Encoding exclude each other");
	return true;
}

struct parameters {
	struct request *request;
	struct problem *problem;
};

static enum MHD_Result take_parameter(void *data, enum MHD_ValueKind kind, const char *name,
				      const char *value)
{
	struct parameters *parameters = data;
	const struct route *route = parameters->request->match.route;

	(void)kind;
	return query_take(&parameters->request->query, route->query, route->limit_max, name, value,
			  parameters->problem)
		       ? MHD_YES
		       : MHD_NO;
}

static bool check_query(struct request *request, struct problem *problem)
{
	struct parameters parameters = { request, problem };

	query_begin(&request->query, request->match.route->limit_default);
	MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, take_parameter,
				  &parameters);
	return !problem->status;
}

/* What a page of another site asks its browser to ask us (the Fetch standard, section 4.8). */
static void add_preflight(struct MHD_Response *response, const char *allow)
{
	MHD_add_response_header(response, "Access-Control-Allow-Methods", allow);
	MHD_add_response_header(response, "Access-Control-Allow-Headers",
				"Authorization, Content-Type, If-Match, If-None-Match");
	MHD_add_response_header(response, "Access-Control-Max-Age", "600");
}

static bool find_route(struct request *request, const char *method, struct problem *problem)
{
	switch (router_find(route_table, method, request->path, &request->match, problem->allow)) {
	case ROUTER_FOUND:
		return true;
	case ROUTER_NO_PATH:
		request->file = files_find(request->files, request->file_count, request->path);
		if (request->file && (!strcmp(method, "GET") || !strcmp(method, "HEAD")))
			return true;
		if (request->file) {
			strcpy(problem->allow, "GET, HEAD, OPTIONS");
			break;
		}
		return problem_set(problem, MHD_HTTP_NOT_FOUND, "there is nothing at this path");
	case ROUTER_NO_METHOD:
		break;
	}
	if (!strcmp(method, "OPTIONS")) {
		request->status = MHD_HTTP_NO_CONTENT;
		request->reply = reply_empty(problem->allow);
		if (request->cors && request->reply)
			add_preflight(request->reply, problem->allow);
		return false;
	}
	problem_set(problem, MHD_HTTP_METHOD_NOT_ALLOWED, "this path does not take %s, but %s",
		    method, problem->allow);
	return problem_add_text(problem, "method", "method", method, "%s", problem->allow);
}

static size_t body_max(const struct request *request)
{
	const struct route *route = request->match.route;

	return route->body_max ? route->body_max : API_BODY_MAX;
}

static bool too_long(const struct request *request, struct problem *problem)
{
	return problem_set(problem, MHD_HTTP_CONTENT_TOO_LARGE, "a body has at most %zu bytes",
			   body_max(request));
}

static bool has_body(const struct request *request)
{
	const char *length = request_header(request, "Content-Length");

	return (length && strcmp(length, "0")) || request_header(request, "Transfer-Encoding");
}

/* The token of "Bearer TOKEN" (RFC 6750), or of a subprotocol, which is all that a browser can send. */
static const char *find_token(const struct request *request, size_t *ret_length)
{
	const char *header = request_header(request, "Authorization");
	const char *list;

	if (header && !strncasecmp(header, "Bearer ", 7)) {
		header += 7 + strspn(header + 7, " ");
		*ret_length = strcspn(header, " ");
		return header;
	}
	list = request->match.route->way == ROUTE_LIVE
		       ? request_header(request, "Sec-WebSocket-Protocol")
		       : NULL;
	while (list && *list) {
		list += strspn(list, " \t,");
		*ret_length = strcspn(list, " \t,");
		if (!strncmp(list, HANDSHAKE_TOKEN, strlen(HANDSHAKE_TOKEN))) {
			*ret_length -= strlen(HANDSHAKE_TOKEN);
			return list + strlen(HANDSHAKE_TOKEN);
		}
		list += *ret_length;
	}
	return NULL;
}

static bool check_token(struct request *request, const struct tokens *tokens,
			struct problem *problem)
{
	const struct route *route = request->match.route;
	const char *token;
	size_t length = 0;

	request->scope = TOKEN_CONTROL;
	if (!tokens->count || route->open)
		return true;
	token = find_token(request, &length);
	request->scope = token ? tokens_find(tokens, token, length) : TOKEN_NONE;
	if (request->scope == TOKEN_NONE) {
		problem_set(problem, MHD_HTTP_UNAUTHORIZED,
			    token ? "the token is not known" : "a token is needed");
		return problem_add_text(problem, "header", "Authorization", NULL,
					"Bearer and a token of this server");
	}
	if (request->scope == TOKEN_READ && !route_reads(route))
		return problem_set(problem, MHD_HTTP_FORBIDDEN,
				   "this token may read, and not change anything");
	return true;
}

/* All that can be known before the body comes; false if the answer is decided. */
static bool check_head(struct request *request, const struct api_config *config,
		       const struct tokens *tokens, const char *method, struct problem *problem)
{
	const char *host = request_header(request, "Host");
	const char *length = request_header(request, "Content-Length");
	const struct route *route;

	if (!guard_host(config, host, problem))
		return false;
	if (guard_knows_origin(config, request_header(request, "Origin")))
		request->cors = request_header(request, "Origin");
	if (!find_route(request, method, problem))
		return false;
	if (request->file)
		return true;
	route = request->match.route;
	if (!check_token(request, tokens, problem))
		return false;
	if (!check_query(request, problem))
		return false;
	if ((!route_reads(route) || route->way == ROUTE_LIVE) &&
	    !guard_origin(config, request_header(request, "Origin"), host, problem))
		return false;
	if (!route_reads(route) && (route->member || route->raw || has_body(request)) &&
	    !guard_content_type(request_header(request, "Content-Type"), route->raw, problem))
		return false;
	/* libmicrohttpd has refused what is no number */
	if (length && strtoull(length, NULL, 10) > body_max(request))
		return too_long(request, problem);
	return true;
}

bool request_begin(struct request *request, const struct api_config *config,
		   const struct tokens *tokens, const char *method)
{
	const char *length = request_header(request, "Content-Length");
	struct problem problem;

	problem_begin(&problem);
	if (!is_framed_clearly(request, &problem)) {
		/* where the next request begins is not known */
		request_refuse(request, &problem);
		return false;
	}
	if (!check_head(request, config, tokens, method, &problem) && problem.status)
		request_refuse(request, &problem);
	if (!request->status)
		return true;
	/* it is not worth the reading, or the client asks before it sends */
	return !request_header(request, "Expect") &&
	       (!length || strtoull(length, NULL, 10) <= API_BODY_DRAIN_MAX);
}

static void drop_body(struct request *request)
{
	free(request->body);
	request->body = NULL;
	*request->bodies -= request->body_room;
	request->body_room = request->body_length = 0;
}

bool request_take_body(struct request *request, const char *data, size_t length)
{
	request->received += length;
	if (request->received > API_CHUNKED_DRAIN_MAX)
		return false;
	if (request->status || request->file || route_reads(request->match.route))
		return true;
	if (request->received > body_max(request)) {
		struct problem problem = { 0 };

		drop_body(request);
		too_long(request, &problem);
		request_refuse(request, &problem);
		return true;
	}
	if (request->received > request->body_room) {
		size_t most = body_max(request);
		size_t room = request->received * 2 < most ? request->received * 2 : most;
		char *body;

		if (*request->bodies - request->body_room + room > API_BODIES_MAX) {
			drop_body(request);
			request_refuse_text(request, MHD_HTTP_SERVICE_UNAVAILABLE, RETRY_AFTER_S,
					    "too many long bodies come at this moment");
			return true;
		}
		body = realloc(request->body, room);
		if (!body)
			return false;
		*request->bodies += room - request->body_room;
		request->body = body;
		request->body_room = room;
	}
	memcpy(request->body + request->body_length, data, length);
	request->body_length += length;
	return true;
}

bool request_read_command(const struct request *request, const struct view *view,
			  struct command *command, struct problem *problem)
{
	const struct route *route = request->match.route;
	json_t *body = NULL;
	bool fine = true;

	if (route->member || request->body_length) {
		body = validate_parse(request->body ? request->body : "", request->body_length,
				      problem);
		fine = body;
	}
	fine = fine && call_read(route, request->match.item, body, view, command, problem);
	json_decref(body);
	/* a mebibyte of JSON can be a hundred of values, which the heap would keep */
	if (request->body_length > API_BODY_MAX)
		heap_give_back();
	return fine;
}
