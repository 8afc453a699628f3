// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/validate.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api/api.h"

#define RGB_COMPONENTS 3
#define RGB_MAX 255

/*
 * Brackets that are open at a time, without those in strings. Counted before
 * parsing, as jansson's own limit of 2048 is one of recursion.
 */
static bool is_too_deep(const char *body, size_t length)
{
	bool in_string = false;
	unsigned int depth = 0;
	size_t i;

	for (i = 0; i < length; i++) {
		switch (body[i]) {
		case '"':
			in_string = !in_string;
			break;
		case '\\':
			i += in_string;
			break;
		case '[':
		case '{':
			if (!in_string && ++depth > API_DEPTH_MAX)
				return true;
			break;
		case ']':
		case '}':
			if (!in_string && depth)
				depth--;
			break;
		}
	}
	return false;
}

json_t *validate_parse(const char *body, size_t length, struct problem *problem)
{
	json_error_t error;
	json_t *value;

	if (is_too_deep(body, length)) {
		problem_set(problem, MHD_HTTP_BAD_REQUEST,
			    "the body has more than %u arrays and objects inside one another",
			    API_DEPTH_MAX);
		return NULL;
	}
	value = json_loadb(body, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (!value)
		problem_set(problem, MHD_HTTP_BAD_REQUEST,
			    "the body is not JSON: line %d, column %d: %s", error.line,
			    error.column, error.text);
	return value;
}

void validate_pointer(char ret_pointer[PROBLEM_FIELD_MAX], const char *parent, const char *key)
{
	size_t at = strnlen(parent, PROBLEM_FIELD_MAX - 1);

	memmove(ret_pointer, parent, at);
	if (at < PROBLEM_FIELD_MAX - 1)
		ret_pointer[at++] = '/';
	for (; *key && at < PROBLEM_FIELD_MAX - 2; key++) {
		if (*key == '~' || *key == '/') {
			ret_pointer[at++] = '~';
			ret_pointer[at++] = *key == '~' ? '0' : '1';
		} else {
			ret_pointer[at++] = *key;
		}
	}
	ret_pointer[at] = '\0';
}

const char *validate_table_name(size_t index, const void *data)
{
	const char *const *names = data;

	return names[index];
}

void validate_list(char ret_text[PROBLEM_TEXT_MAX], nearest_name_fn name_at, const void *data)
{
	const char *separator = name_at(0, data) && name_at(1, data) ? "one of " : "", *name;
	size_t used = 0, i;

	ret_text[0] = '\0';
	for (i = 0; (name = name_at(i, data)); i++) {
		/* the separator, two quotes, and room to say that there are more */
		if (used + strlen(separator) + strlen(name) + 2 + sizeof(", …") >
		    PROBLEM_TEXT_MAX) {
			strcpy(ret_text + used, ", …");
			return;
		}
		used += (size_t)snprintf(ret_text + used, PROBLEM_TEXT_MAX - used, "%s\"%s\"",
					 separator, name);
		separator = ", ";
	}
	if (!i)
		strcpy(ret_text, "none");
}

bool validate_unknown(const char *parent, const char *key, const json_t *value,
		      nearest_name_fn name_at, const void *data, struct problem *problem)
{
	const char *nearest = nearest_find(key, name_at, data);
	char field[PROBLEM_FIELD_MAX], list[PROBLEM_TEXT_MAX];

	validate_pointer(field, parent, key);
	validate_list(list, name_at, data);
	if (!problem->status)
		problem_set(problem, MHD_HTTP_UNPROCESSABLE_CONTENT,
			    "the body has no member %s%s%s%s", field,
			    nearest ? "; did you mean \"" : "", nearest ? nearest : "",
			    nearest ? "\"?" : "");
	return problem_add(problem, "body", field, value, "%s%s",
			   name_at(0, data) ? "a member named " : "", list);
}

bool validate_object(const json_t *value, const char *field, const char *const *known,
		     struct problem *problem)
{
	bool fine = true;
	const char *key;
	json_t *member;

	if (!json_is_object(value))
		return problem_add(problem, "body", field, value, "an object");
	/* jansson's iterators want a pointer to what they do not change */
	json_object_foreach ((json_t *)value, key, member) {
		size_t i;

		for (i = 0; known[i] && strcmp(known[i], key); i++)
			;
		if (!known[i])
			fine = validate_unknown(field, key, member, validate_table_name, known,
						problem);
	}
	return fine;
}

bool validate_bool(const json_t *value, const char *field, bool *ret_value, struct problem *problem)
{
	if (!json_is_boolean(value))
		return problem_add(problem, "body", field, value, "true or false");
	*ret_value = json_is_true(value);
	return true;
}

bool validate_int(const json_t *value, const char *field, int64_t min, int64_t max,
		  int64_t *ret_value, struct problem *problem)
{
	if (!json_is_integer(value) || json_integer_value(value) < min ||
	    json_integer_value(value) > max)
		return problem_add(problem, "body", field, value,
				   "a whole number from %lld to %lld", (long long)min,
				   (long long)max);
	*ret_value = json_integer_value(value);
	return true;
}

bool validate_rgb(const json_t *value, const char *field, struct pixel *ret_rgb,
		  struct problem *problem)
{
	int64_t component[RGB_COMPONENTS];
	bool fine = true;
	size_t i;

	if (!json_is_array(value) || json_array_size(value) != RGB_COMPONENTS)
		return problem_add(problem, "body", field, value,
				   "an array of %d integers from 0 to %d, for red, green and blue",
				   RGB_COMPONENTS, RGB_MAX);
	for (i = 0; i < RGB_COMPONENTS; i++) {
		char index[2] = { (char)('0' + i), '\0' };
		char pointer[PROBLEM_FIELD_MAX];

		validate_pointer(pointer, field, index);
		fine &= validate_int(json_array_get(value, i), pointer, 0, RGB_MAX, &component[i],
				     problem);
	}
	if (fine)
		*ret_rgb = (struct pixel){ .r = (uint8_t)component[0],
					   .g = (uint8_t)component[1],
					   .b = (uint8_t)component[2] };
	return fine;
}

bool validate_name(const json_t *value, const char *field, nearest_name_fn name_at,
		   const void *data, size_t *ret_index, struct problem *problem)
{
	const char *text = json_string_value(value), *name, *nearest;
	char list[PROBLEM_TEXT_MAX];
	size_t i;

	for (i = 0; text && (name = name_at(i, data)); i++) {
		if (!strcasecmp(name, text)) {
			*ret_index = i;
			return true;
		}
	}
	nearest = text ? nearest_find(text, name_at, data) : NULL;
	validate_list(list, name_at, data);
	/* The guess comes first: a long list may be cut. */
	return problem_add(problem, "body", field, value, "%s%s%s%s",
			   nearest ? "did you mean \"" : "", nearest ? nearest : "",
			   nearest ? "\"? " : "", list);
}
