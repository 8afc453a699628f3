// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/writer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/api.h"
#include "base/str.h"

#define WRITER_FIRST_ROOM 512

/* Room for @bytes more and the closing zero. */
static bool reserve(struct writer *writer, size_t bytes)
{
	size_t room = writer->room ? writer->room : WRITER_FIRST_ROOM;
	char *text;

	if (writer->failed)
		return false;
	if (bytes >= API_REPLY_MAX - writer->length) {
		writer->failed = true;
		return false;
	}
	while (room <= writer->length + bytes)
		room *= 2;
	if (room == writer->room)
		return true;
	text = realloc(writer->text, room);
	if (!text) {
		writer->failed = true;
		return false;
	}
	writer->text = text;
	writer->room = room;
	return true;
}

static void append(struct writer *writer, const char *text, size_t length)
{
	if (!reserve(writer, length))
		return;
	memcpy(writer->text + writer->length, text, length);
	writer->length += length;
	writer->text[writer->length] = '\0';
}

static void append_quoted(struct writer *writer, const char *text)
{
	size_t length = strlen(text), escapes = 0, i;
	char *from, *to;

	for (i = 0; i < length; i++)
		escapes += text[i] == '"' || text[i] == '\\';
	if (!reserve(writer, length + escapes + 2))
		return;

	/* Cleaned where the escapes leave room before it, then moved down while they are put in. */
	to = writer->text + writer->length;
	*to++ = '"';
	from = to + escapes;
	memcpy(from, text, length + 1);
	str_clean(from);
	for (i = 0; i < length; i++) {
		if (from[i] == '"' || from[i] == '\\')
			*to++ = '\\';
		*to++ = from[i];
	}
	*to++ = '"';
	*to = '\0';
	writer->length = (size_t)(to - writer->text);
}

static void begin(struct writer *writer, const char *key)
{
	if (writer->comma)
		append(writer, ",", 1);
	writer->comma = true;
	if (key) {
		append_quoted(writer, key);
		append(writer, ":", 1);
	}
}

static void open_bracket(struct writer *writer, const char *key, const char *bracket)
{
	begin(writer, key);
	append(writer, bracket, 1);
	writer->comma = false;
}

static void close_bracket(struct writer *writer, const char *bracket)
{
	append(writer, bracket, 1);
	writer->comma = true;
}

void writer_object(struct writer *writer, const char *key)
{
	open_bracket(writer, key, "{");
}

void writer_object_end(struct writer *writer)
{
	close_bracket(writer, "}");
}

void writer_array(struct writer *writer, const char *key)
{
	open_bracket(writer, key, "[");
}

void writer_array_end(struct writer *writer)
{
	close_bracket(writer, "]");
}

void writer_string(struct writer *writer, const char *key, const char *text)
{
	begin(writer, key);
	append_quoted(writer, text);
}

void writer_json(struct writer *writer, const char *key, const char *json)
{
	begin(writer, key);
	append(writer, json, strlen(json));
}

void writer_text(struct writer *writer, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	append(writer, text, strlen(text));
}

void writer_int(struct writer *writer, const char *key, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, value);
	writer_json(writer, key, text);
}

void writer_bool(struct writer *writer, const char *key, bool value)
{
	writer_json(writer, key, value ? "true" : "false");
}

void writer_null(struct writer *writer, const char *key)
{
	writer_json(writer, key, "null");
}

void writer_time(struct writer *writer, const char *key, uint64_t wall_ms)
{
	time_t seconds = (time_t)(wall_ms / 1000);
	char date[48], text[64];
	struct tm tm;

	if (!gmtime_r(&seconds, &tm) || !strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm)) {
		writer_null(writer, key);
		return;
	}
	snprintf(text, sizeof(text), "\"%s.%03uZ\"", date, (unsigned int)(wall_ms % 1000));
	writer_json(writer, key, text);
}

char *writer_steal(struct writer *writer, size_t *ret_length)
{
	char *text = writer->failed ? NULL : writer->text;

	if (!text) {
		writer_fini(writer);
		return NULL;
	}
	*ret_length = writer->length;
	*writer = (struct writer){ 0 };
	return text;
}

void writer_fini(struct writer *writer)
{
	free(writer->text);
	*writer = (struct writer){ 0 };
}
