/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct writer - JSON text that grows as it is written
 *
 * Initialise with zeroes, end with writer_steal() or writer_fini(). Commas are
 * put where they belong. After a failure (no memory, or more than
 * API_REPLY_MAX bytes) all calls do nothing and writer_steal() tells.
 * A @key is a string of our own; NULL inside arrays and for the whole text.
 */
struct writer {
	char *text;
	size_t length, room;
	bool comma; /* something stands before what comes next */
	bool failed;
};

void writer_object(struct writer *writer, const char *key);
void writer_object_end(struct writer *writer);
void writer_array(struct writer *writer, const char *key);
void writer_array_end(struct writer *writer);

/** writer_string() - any text; what is not UTF-8 and control characters become '?' */
void writer_string(struct writer *writer, const char *key, const char *text);
void writer_int(struct writer *writer, const char *key, int64_t value);
void writer_bool(struct writer *writer, const char *key, bool value);
void writer_null(struct writer *writer, const char *key);

/** writer_json() - a value that is JSON already */
void writer_json(struct writer *writer, const char *key, const char *json);

/** writer_text() - text as it is, where the answer is not JSON; at most 255 bytes at a time */
void writer_text(struct writer *writer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** writer_time() - @wall_ms since 1970 as ISO 8601 in UTC, such as "2024-05-01T12:00:00.123Z" */
void writer_time(struct writer *writer, const char *key, uint64_t wall_ms);

/** writer_steal() - the text with its closing zero, now the caller's to free(); NULL after a failure */
char *writer_steal(struct writer *writer, size_t *ret_length);

/** writer_fini() - free what was not stolen */
void writer_fini(struct writer *writer);
