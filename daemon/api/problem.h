/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "api/writer.h"

/*
 * Why a request was refused, as a problem document of RFC 9457. What was
 * wrong is named in "errors": where (in, field), the value found and what is
 * allowed.
 *
 *   400  the request cannot be read: malformed JSON (line and column), a name
 *	  twice in an object, a query parameter, the Host header missing
 *   401  a token is needed, or it is not known
 *   403  the Origin of a change is another site, the token may only read, or
 *	  only the configuration's files may say this
 *   404  no such path, zone or animation in the path
 *   405  not this method (Allow tells which)
 *   409  what there is does not allow it: another animation by now, no state
 *	  to keep it in, a name that is taken
 *   412  If-Match: it was changed since it was read
 *   413  body over API_BODY_MAX
 *   426  the path speaks WebSocket, and the request does not
 *   415  body not application/json
 *   421  Host is not a name of this server
 *   422  JSON that was read, and a value in it that is not allowed
 *   429  too many requests of one address (Retry-After)
 *   503  too many commands or long bodies wait, files are read, or the daemon
 *	  starts or ends (Retry-After)
 *   504  the light loop did not answer in API_COMMAND_NS
 *   507  the disk is full
 */

/** PROBLEM_ERRORS_MAX - errors named in one document; more are left out */
#define PROBLEM_ERRORS_MAX 8
#define PROBLEM_FIELD_MAX 160
#define PROBLEM_VALUE_MAX 160
#define PROBLEM_TEXT_MAX 1000

struct problem_error {
	const char *in; /* "body", "query", "path" or "header" */
	char field[PROBLEM_FIELD_MAX];
	char value[PROBLEM_VALUE_MAX]; /* JSON; empty: there is none */
	char allowed[PROBLEM_TEXT_MAX];
};

/** struct problem - zeroed: there is none */
struct problem {
	unsigned int status;	    /* of HTTP; 0: none */
	unsigned int retry_after_s; /* 0: not told */
	char allow[64];		    /* methods, of 405 */
	char detail[PROBLEM_TEXT_MAX];
	size_t error_count;
	struct problem_error error[PROBLEM_ERRORS_MAX];
};

/** problem_begin() - there is none: as zeroed, without touching its 11 KiB */
static inline void problem_begin(struct problem *problem)
{
	problem->status = problem->retry_after_s = 0;
	problem->allow[0] = problem->detail[0] = '\0';
	problem->error_count = 0;
}

/** problem_set() - status and what went wrong in words; returns false, for callers that refuse */
bool problem_set(struct problem *problem, unsigned int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * problem_add() - one more error; returns false
 * @in: where: "body", "query", "path" or "header"
 * @field: JSON pointer into the body, or name of a parameter or header
 * @value: what was found; NULL: nothing
 * @format: what is allowed
 *
 * Status 422 is set if none was; long values are cut.
 */
bool problem_add(struct problem *problem, const char *in, const char *field, const json_t *value,
		 const char *format, ...) __attribute__((format(printf, 5, 6)));

/** problem_add_text() - problem_add() with a value that is text, NULL for none */
bool problem_add_text(struct problem *problem, const char *in, const char *field, const char *value,
		      const char *format, ...) __attribute__((format(printf, 5, 6)));

/** problem_write() - the document; @instance is the path of the request */
void problem_write(const struct problem *problem, const char *instance, struct writer *writer);
