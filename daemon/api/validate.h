/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/problem.h"
#include "base/nearest.h"
#include "pixel/color.h"

/*
 * Checks of JSON bodies. Each returns false when it refuses, and then the
 * problem names field, value and what is allowed. A @field is the JSON pointer
 * (RFC 6901) of the value.
 */

/** validate_parse() - the body as JSON, one reference, or NULL: malformed, too deep, a name twice */
json_t *validate_parse(const char *body, size_t length, struct problem *problem);

/** validate_pointer() - the pointer of member @key of @parent; what does not fit is cut */
void validate_pointer(char ret_pointer[PROBLEM_FIELD_MAX], const char *parent, const char *key);

/**
 * validate_object() - an object without members that are not @known
 * @known: names, closed by NULL
 */
bool validate_object(const json_t *value, const char *field, const char *const *known,
		     struct problem *problem);

/** validate_unknown() - refuse member @key of @parent; the nearest name known is suggested */
bool validate_unknown(const char *parent, const char *key, const json_t *value,
		      nearest_name_fn name_at, const void *data, struct problem *problem);

/** validate_bool() - true or false */
bool validate_bool(const json_t *value, const char *field, bool *ret_value,
		   struct problem *problem);

/** validate_int() - a whole number from @min to @max; 1.0 is none */
bool validate_int(const json_t *value, const char *field, int64_t min, int64_t max,
		  int64_t *ret_value, struct problem *problem);

/** validate_rgb() - an array of three integers from 0 to 255 */
bool validate_rgb(const json_t *value, const char *field, struct pixel *ret_rgb,
		  struct problem *problem);

/** validate_name() - a string that is one of the names, case ignored */
bool validate_name(const json_t *value, const char *field, nearest_name_fn name_at,
		   const void *data, size_t *ret_index, struct problem *problem);

/** validate_list() - names as a text for "allowed": one of "A", "B", … */
void validate_list(char ret_text[PROBLEM_TEXT_MAX], nearest_name_fn name_at, const void *data);

/** validate_table_name() - name_at() of a table of strings closed by NULL, which is @data */
const char *validate_table_name(size_t index, const void *data);
