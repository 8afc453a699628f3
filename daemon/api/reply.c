// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/reply.h"

#include <stdio.h>
#include <stdlib.h>

static struct MHD_Response *add_headers(struct MHD_Response *response, const char *type)
{
	static const char *const headers[][2] = {
		{ "X-Content-Type-Options", "nosniff" },
		{ "Cache-Control", "no-store" },
		{ "Referrer-Policy", "no-referrer" },
		{ "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'" },
		{ "Cross-Origin-Resource-Policy", "same-origin" },
	};
	enum MHD_Result ok = MHD_YES;
	size_t i;

	if (!response)
		return NULL;
	for (i = 0; ok && i < sizeof(headers) / sizeof(headers[0]); i++)
		ok = MHD_add_response_header(response, headers[i][0], headers[i][1]);
	if (ok && type)
		ok = MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	if (!ok) {
		MHD_destroy_response(response);
		return NULL;
	}
	return response;
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
	return add_headers(response, type);
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
	response = add_headers(response, NULL);
	if (response && allow && !MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, allow)) {
		MHD_destroy_response(response);
		return NULL;
	}
	return response;
}
