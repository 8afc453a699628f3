/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <float.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/nearest.h"

/*
 * Reads JSON into structs by tables of fields. The first error is told in
 * words: where (JSON pointer), what was found and what is allowed.
 */

/** SCHEMA_POINTER_MAX - bytes of a JSON pointer in an error, the closing zero included */
#define SCHEMA_POINTER_MAX 160

/** SCHEMA_DUMP - flag of json_dumps(): a number looks as it was written, 2.2 and not 2.2000000000000002 */
#define SCHEMA_DUMP JSON_REAL_PRECISION(DBL_DIG)

#define SCHEMA_VALUE_MAX 512
#define SCHEMA_TEXT_MAX 384

/** struct schema_fault - the parts of an error: where, what was found as JSON or "", what is allowed */
struct schema_fault {
	char pointer[SCHEMA_POINTER_MAX];
	char value[SCHEMA_VALUE_MAX];
	char allowed[SCHEMA_TEXT_MAX];
};

/** struct schema - where a reader is, and where its first error goes */
struct schema {
	const char *name; /* of the file, for errors */
	/* the file that has a key of the top, NULL: the first one; may be NULL: @name for all */
	const char *(*name_of)(const char *key, const void *data);
	const void *names;
	const void *whole; /* what all is read into, for names that other parts of it gave */
	char *error;	   /* @room bytes */
	size_t room;
	struct schema_fault *fault; /* the same in parts; may be NULL */
	char pointer[SCHEMA_POINTER_MAX];
};

enum schema_type {
	SCHEMA_BOOL,   /* bool */
	SCHEMA_INT,    /* unsigned integer of @size bytes, @min to @max */
	SCHEMA_TEXT,   /* char[@size]; @check may ask for more */
	SCHEMA_NAMED,  /* one of @names, case ignored; its index goes into an enum */
	SCHEMA_OBJECT, /* an object of @fields, whose target is the member */
	SCHEMA_OTHER,  /* @read and @write do it */
};

/**
 * struct schema_field - one key of an object
 * @key: NULL ends a table
 * @offset, @size: of the target's member
 * @required: it is an error if it is not there; else the member is left as it is
 * @allowed: what may stand here, in words; made up for BOOL, INT and NAMED if NULL
 * @check: of TEXT: says whether the text is fine
 * @names: of NAMED: closed by NULL
 * @fields: of OBJECT; of OTHER, for those who list all keys: of the object, or
 *	of each one of the array, that it reads
 * @array: of OTHER: it reads an array
 * @read: of OTHER: reads @value into @target (the whole struct)
 * @write: of OTHER: makes the value of @target, *@ret_value NULL if there is
 *	nothing to tell; NULL: it is never told
 */
struct schema_field {
	const char *key;
	enum schema_type type;
	size_t offset, size;
	bool required;
	uint32_t min, max;
	const char *allowed;
	bool (*check)(const char *text);
	const char *const *names;
	const struct schema_field *fields;
	bool array;
	int (*read)(struct schema *schema, json_t *value, void *target);
	int (*write)(const void *target, json_t **ret_value);
};

/** SCHEMA_MEMBER() - offset and size of a member of a struct, for tables */
#define SCHEMA_MEMBER(type, member) \
	.offset = offsetof(type, member), .size = sizeof(((type *)NULL)->member)

/**
 * schema_object() - read @value by a table, in the order of the table
 *
 * Unknown keys are refused before anything is read. Return: 0 or -EINVAL, with
 * the error told.
 */
int schema_object(struct schema *schema, json_t *value, const struct schema_field *fields,
		  void *target);

/**
 * schema_write() - the object that schema_object() would read @target from
 * @ret_value: one reference, to be dropped by json_decref()
 *
 * Texts that are empty are left out. Return: 0 or -ENOMEM.
 */
int schema_write(const struct schema_field *fields, const void *target, json_t **ret_value);

/** schema_append() - schema_write() of @target as the next entry of @array; 0 or -ENOMEM */
int schema_append(json_t *array, const struct schema_field *fields, const void *target);

/** SCHEMA_ALLOWED_MAX - bytes of schema_allowed()'s text, the closing zero included */
#define SCHEMA_ALLOWED_MAX 256

/** schema_allowed() - what a field allows, in words; @text is room for them */
const char *schema_allowed(const struct schema_field *field, char text[SCHEMA_ALLOWED_MAX]);

/** schema_array() - -EINVAL, with the error told, if @value is not an array of @min to @max entries */
int schema_array(struct schema *schema, json_t *value, size_t min, size_t max);

/**
 * schema_numbers() - read an array of exactly @n whole numbers
 * @most: the largest that each may be; the smallest is 0
 * @rule: what is allowed, for the error
 *
 * Return: 0, or -EINVAL with the error told and @ret untouched.
 */
int schema_numbers(struct schema *schema, json_t *value, const char *rule, const uint16_t *most,
		   uint16_t *ret, size_t n);

/** schema_enter() - go down to a key; returns what schema_leave() wants */
size_t schema_enter(struct schema *schema, const char *key);

/** schema_enter_index() - go down to an array's entry; returns what schema_leave() wants */
size_t schema_enter_index(struct schema *schema, size_t index);

/** schema_leave() - come up again to where schema_enter() was called */
void schema_leave(struct schema *schema, size_t mark);

/** schema_refuse() - tell that @value may not stand here but only what @format says; returns -EINVAL */
int schema_refuse(struct schema *schema, json_t *value, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * schema_refuse_name() - tell that @value is none of a list of names, and which one may be meant
 * @what: such as "a preset"
 * @next: names by index, NULL behind the last one; there is at least one
 */
int schema_refuse_name(struct schema *schema, json_t *value, const char *what, nearest_name_fn next,
		       const void *data);

/** schema_fail() - tell an error of this place in free words; returns -EINVAL */
int schema_fail(struct schema *schema, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
