// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/reply.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct header {
	const char *name, *value;
};

/* Whatever it is, a browser neither guesses, nor tells others, nor lets others have it. */
static const struct header common_headers[] = {
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ NULL, NULL },
};

/* An answer is good for once, and never a page. */
static const struct header answer_headers[] = {
	{ "Cache-Control", "no-store" },
	{ "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'" },
	{ NULL, NULL },
};

/* The page runs what came from here and asks nobody else. */
static const struct header file_headers[] = {
	{ "Cache-Control", "no-cache" },
	{ "Vary", "Accept-Encoding" },
	{ "Content-Security-Policy",
	  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
	  "form-action 'none'; frame-ancestors 'none'" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ NULL, NULL },
};

static bool add_list(struct MHD_Response *response, const struct header *header)
{
	for (; header->name; header++)
		if (!MHD_add_response_header(response, header->name, header->value))
			return false;
	return true;
}

struct MHD_Response *reply_headers(struct MHD_Response *response, const char *type)
{
	if (!response)
		return NULL;
	if (add_list(response, common_headers) && add_list(response, answer_headers) &&
	    (!type || MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type)))
		return response;
	MHD_destroy_response(response);
	return NULL;
}

struct MHD_Response *reply_file(const struct web_file *file, bool packed, bool empty)
{
	size_t size = packed ? file->gzip_size : file->size;
	struct MHD_Response *response;

	response = MHD_create_response_from_buffer(empty ? 0 : size,
						   (void *)(packed ? file->gzip : file->data),
						   MHD_RESPMEM_PERSISTENT);
	if (!response)
		return NULL;
	if (add_list(response, common_headers) && add_list(response, file_headers) &&
	    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, file->type) &&
	    MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, file->etag) &&
	    (!packed || empty ||
	     MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip")))
		return response;
	MHD_destroy_response(response);
	return NULL;
}

static struct MHD_Response *from_writer(struct writer *writer, const char *type)
{
	struct MHD_Response *response;
	size_t length;
	char *text;

	text = writer_steal(writer, &length);
	if (!text)
		return NULL;
	response = MHD_create_response_from_buffer(length, text, MHD_RESPMEM_MUST_FREE);
	if (!response) {
		free(text);
		return NULL;
	}
	return reply_headers(response, type);
}

struct MHD_Response *reply_text(struct writer *writer, const char *type)
{
	return from_writer(writer, type);
}

struct MHD_Response *reply_json(struct writer *writer)
{
	return from_writer(writer, "application/json");
}

struct MHD_Response *reply_problem(const struct problem *problem, const char *instance)
{
	struct writer writer = { 0 };
	struct MHD_Response *response;
	enum MHD_Result ok = MHD_YES;
	char seconds[16];

	problem_write(problem, instance, &writer);
	response = from_writer(&writer, "application/problem+json");
	if (!response)
		return NULL;
	if (problem->allow[0])
		ok = MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, problem->allow);
	if (ok && problem->status == MHD_HTTP_UNAUTHORIZED)
		ok = MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE,
					     "Bearer realm=\"diuna\"");
	if (ok && problem->status == MHD_HTTP_UPGRADE_REQUIRED)
		ok = MHD_add_response_header(response, "Sec-WebSocket-Version", "13");
	if (ok && problem->retry_after_s) {
		snprintf(seconds, sizeof(seconds), "%u", problem->retry_after_s);
		ok = MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
	}
	if (!ok) {
		MHD_destroy_response(response);
		return NULL;
	}
	return response;
}

struct MHD_Response *reply_empty(const char *allow)
{
	struct MHD_Response *response;

	response = MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
	response = reply_headers(response, NULL);
	if (response && allow && !MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, allow)) {
		MHD_destroy_response(response);
		return NULL;
	}
	return response;
}

struct MHD_Response *reply_unchanged(const char *etag)
{
	struct MHD_Response *response = reply_empty(NULL);

	if (response && !MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, etag)) {
		MHD_destroy_response(response);
		return NULL;
	}
	return response;
}
