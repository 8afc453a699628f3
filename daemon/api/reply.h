/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <microhttpd.h>

#include "api/files.h"
#include "api/problem.h"
#include "api/writer.h"

/*
 * Answers as libmicrohttpd wants them, with the headers that all of ours have:
 * nothing is stored, guessed, framed or run by a browser. Each function gives
 * one reference, to be dropped by MHD_destroy_response(), or NULL without
 * memory.
 */

/**
 * reply_headers() - add those that all answers have
 * @response: its reference is taken without memory; NULL is given back
 * @type: of the content; NULL: there is none
 */
struct MHD_Response *reply_headers(struct MHD_Response *response, const char *type);

/** reply_text() - what was written, of another type than JSON; @writer is empty afterwards */
struct MHD_Response *reply_text(struct writer *writer, const char *type);

/** reply_json() - what was written; @writer is empty afterwards */
struct MHD_Response *reply_json(struct writer *writer);

/** reply_problem() - a problem document with the headers that its status asks for */
struct MHD_Response *reply_problem(const struct problem *problem, const char *instance);

/** reply_empty() - no body; @allow is the header of this name or NULL */
struct MHD_Response *reply_empty(const char *allow);

/** reply_unchanged() - no body, for 304 */
struct MHD_Response *reply_unchanged(const char *etag);

/** reply_file() - a file of the page; @packed: gzip; @empty: only its headers, for 304 */
struct MHD_Response *reply_file(const struct web_file *file, bool packed, bool empty);
