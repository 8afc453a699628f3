// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/problem.h"

#include <float.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"

bool problem_set(struct problem *problem, unsigned int status, const char *format, ...)
{
	va_list args;

	problem->status = status;
	va_start(args, format);
	vsnprintf(problem->detail, sizeof(problem->detail), format, args);
	va_end(args);
	return false;
}

/* JSON of a value, short enough for a document: long texts are cut, big things told in words. */
static void dump_short(const json_t *value, char ret_text[PROBLEM_VALUE_MAX])
{
	_cleanup_free_ char *dump = NULL;
	char cut[PROBLEM_VALUE_MAX / 2];
	json_t *start;

	ret_text[0] = '\0';
	if (!value)
		return;
	dump = json_dumps(value, JSON_REAL_PRECISION(DBL_DIG) | JSON_ENCODE_ANY | JSON_COMPACT |
					 JSON_SORT_KEYS);
	if (dump && str_copy(ret_text, PROBLEM_VALUE_MAX, dump))
		return;
	ret_text[0] = '\0';
	if (json_is_object(value)) {
		snprintf(ret_text, PROBLEM_VALUE_MAX, "\"an object of %zu members\"",
			 json_object_size(value));
	} else if (json_is_array(value)) {
		snprintf(ret_text, PROBLEM_VALUE_MAX, "\"an array of %zu values\"",
			 json_array_size(value));
	} else if (json_is_string(value)) {
		/* a third of the room, since each byte may be escaped by six; shorter if need be */
		size_t room = sizeof(cut) - sizeof("…");

		while (room > 1) {
			_cleanup_free_ char *quoted = NULL;

			str_copy(cut, room, json_string_value(value));
			strcat(cut, "…");
			start = json_string(cut);
			quoted = start ? json_dumps(start, JSON_ENCODE_ANY) : NULL;
			json_decref(start);
			if (!quoted)
				return;
			if (str_copy(ret_text, PROBLEM_VALUE_MAX, quoted))
				return;
			ret_text[0] = '\0';
			room /= 2;
		}
	}
}

/* JSON escapes what a terminal obeys, and not what misleads a reader. */
static void describe(const json_t *value, char ret_text[PROBLEM_VALUE_MAX])
{
	dump_short(value, ret_text);
	str_clean(ret_text);
}

static void add(struct problem *problem, const char *in, const char *field, const json_t *value,
		const char *format, va_list args) __attribute__((format(printf, 5, 0)));

static void add(struct problem *problem, const char *in, const char *field, const json_t *value,
		const char *format, va_list args)
{
	struct problem_error *error;

	if (!problem->status)
		problem->status = MHD_HTTP_UNPROCESSABLE_CONTENT;
	if (problem->error_count == PROBLEM_ERRORS_MAX)
		return;
	error = &problem->error[problem->error_count++];
	error->in = in;
	str_copy(error->field, sizeof(error->field), field);
	describe(value, error->value);
	vsnprintf(error->allowed, sizeof(error->allowed), format, args);
}

bool problem_add(struct problem *problem, const char *in, const char *field, const json_t *value,
		 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(problem, in, field, value, format, args);
	va_end(args);
	return false;
}

bool problem_add_text(struct problem *problem, const char *in, const char *field, const char *value,
		      const char *format, ...)
{
	char clean[PROBLEM_VALUE_MAX];
	json_t *string = NULL;
	va_list args;

	if (value) {
		str_copy(clean, sizeof(clean), value);
		str_clean(clean);
		string = json_string(clean);
	}
	va_start(args, format);
	add(problem, in, field, string, format, args);
	va_end(args);
	json_decref(string);
	return false;
}

/* One sentence for those who read no further. */
static void write_detail(const struct problem *problem, struct writer *writer)
{
	const struct problem_error *error = &problem->error[0];
	char text[PROBLEM_FIELD_MAX + PROBLEM_VALUE_MAX + PROBLEM_TEXT_MAX + 32];

	if (problem->detail[0]) {
		writer_string(writer, "detail", problem->detail);
	} else if (problem->error_count) {
		snprintf(text, sizeof(text), "%s is %s, allowed is %s",
			 error->field[0] ? error->field : "the body",
			 error->value[0] ? error->value : "missing", error->allowed);
		writer_string(writer, "detail", text);
	}
}

void problem_write(const struct problem *problem, const char *instance, struct writer *writer)
{
	size_t i;

	writer_object(writer, NULL);
	writer_string(writer, "type", "about:blank");
	writer_string(writer, "title", MHD_get_reason_phrase_for(problem->status));
	writer_int(writer, "status", problem->status);
	write_detail(problem, writer);
	writer_string(writer, "instance", instance);
	if (problem->error_count) {
		writer_array(writer, "errors");
		for (i = 0; i < problem->error_count; i++) {
			const struct problem_error *error = &problem->error[i];

			writer_object(writer, NULL);
			writer_string(writer, "in", error->in);
			writer_string(writer, "field", error->field);
			if (error->value[0])
				writer_json(writer, "value", error->value);
			writer_string(writer, "allowed", error->allowed);
			writer_object_end(writer);
		}
		writer_array_end(writer);
	}
	writer_object_end(writer);
}
