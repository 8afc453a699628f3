// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/schema.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "base/str.h"

/* A value is quoted in an error up to this many bytes. */
#define VALUE_MAX 64

static int tell(struct schema *schema, const char *found, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

static int tell(struct schema *schema, const char *found, const char *format, va_list args)
{
	char text[SCHEMA_TEXT_MAX];

	vsnprintf(text, sizeof(text), format, args);
	if (schema->fault) {
		str_copy(schema->fault->pointer, SCHEMA_POINTER_MAX, schema->pointer);
		str_copy(schema->fault->allowed, SCHEMA_TEXT_MAX, text);
		str_clean(schema->fault->allowed);
	}
	snprintf(schema->error, schema->room, "%s: %s%s%s%s%s", schema->name, schema->pointer,
		 schema->pointer[0] ? ": " : "", found ? found : "",
		 found ? " is not allowed, only " : "", text);
	str_clean(schema->error);
	return -EINVAL;
}

int schema_refuse_name(struct schema *schema, json_t *value, const char *what,
		       const char *(*next)(size_t index, const void *data), const void *data)
{
	const char *text = json_string_value(value);
	const char *nearest = text ? nearest_find(text, next, data) : NULL;

	if (nearest)
		return schema_refuse(schema, value, "the name of %s; did you mean \"%s\"?", what,
				     nearest);
	return schema_refuse(schema, value, "the name of %s, such as \"%s\"", what, next(0, data));
}

int schema_fail(struct schema *schema, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell(schema, NULL, format, args);
	va_end(args);
	return -EINVAL;
}

int schema_refuse(struct schema *schema, json_t *value, const char *format, ...)
{
	_cleanup_free_ char *dump = NULL;
	char found[VALUE_MAX];
	va_list args;

	dump = json_dumps(value, SCHEMA_DUMP | JSON_ENCODE_ANY | JSON_COMPACT);
	if (schema->fault && (!dump || !str_copy(schema->fault->value, SCHEMA_VALUE_MAX, dump)))
		schema->fault->value[0] = '\0';
	if (!str_copy(found, sizeof(found) - 3, dump ? dump : "this value"))
		strcat(found, "...");
	va_start(args, format);
	tell(schema, found, format, args);
	va_end(args);
	return -EINVAL;
}

int schema_numbers(struct schema *schema, json_t *value, const char *rule, const uint16_t *most,
		   uint16_t *ret, size_t n)
{
	json_t *entry;
	size_t i;

	if (!json_is_array(value) || json_array_size(value) != n)
		return schema_refuse(schema, value, "%s", rule);
	json_array_foreach (value, i, entry) {
		if (!json_is_integer(entry) || json_integer_value(entry) < 0 ||
		    json_integer_value(entry) > most[i])
			return schema_refuse(schema, value, "%s", rule);
	}
	for (i = 0; i < n; i++)
		ret[i] = (uint16_t)json_integer_value(json_array_get(value, i));
	return 0;
}

size_t schema_enter(struct schema *schema, const char *key)
{
	size_t mark = strlen(schema->pointer), at = mark;

	if (!mark && schema->name_of)
		schema->name = schema->name_of(key, schema->names);
	/* RFC 6901: ~ and / inside a key are written ~0 and ~1. */
	if (at + 1 < SCHEMA_POINTER_MAX)
		schema->pointer[at++] = '/';
	for (; *key && at + 2 < SCHEMA_POINTER_MAX; key++) {
		if (*key == '~' || *key == '/') {
			schema->pointer[at++] = '~';
			schema->pointer[at++] = *key == '~' ? '0' : '1';
		} else {
			schema->pointer[at++] = *key;
		}
	}
	schema->pointer[at] = '\0';
	return mark;
}

size_t schema_enter_index(struct schema *schema, size_t index)
{
	char text[24];

	snprintf(text, sizeof(text), "%zu", index);
	return schema_enter(schema, text);
}

void schema_leave(struct schema *schema, size_t mark)
{
	schema->pointer[mark] = '\0';
	if (!mark && schema->name_of)
		schema->name = schema->name_of(NULL, schema->names);
}

static const char *field_key(size_t index, const void *data)
{
	const struct schema_field *fields = data;

	return fields[index].key;
}

static int refuse_key(struct schema *schema, const char *key, const struct schema_field *fields)
{
	const char *nearest = nearest_find(key, field_key, fields);
	char known[256] = "";
	size_t used = 0, i;

	schema_enter(schema, key);
	if (nearest)
		return schema_fail(schema, "unknown key, did you mean \"%s\"?", nearest);
	for (i = 0; fields[i].key && used < sizeof(known); i++)
		used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%s", i ? ", " : "",
					 fields[i].key);
	return schema_fail(schema, "unknown key, known here are %s", known);
}

const char *schema_allowed(const struct schema_field *field, char text[SCHEMA_ALLOWED_MAX])
{
	size_t used, i;

	if (field->allowed)
		return field->allowed;
	switch (field->type) {
	case SCHEMA_BOOL:
		return "true or false";
	case SCHEMA_INT:
		snprintf(text, 256, "a whole number from %u to %u", field->min, field->max);
		return text;
	case SCHEMA_NAMED:
		used = (size_t)snprintf(text, 256, "one of");
		for (i = 0; field->names[i] && used < 256; i++)
			used += (size_t)snprintf(text + used, 256 - used, "%s \"%s\"", i ? "," : "",
						 field->names[i]);
		return text;
	case SCHEMA_TEXT:
		snprintf(text, 256, "a text of at most %zu bytes", field->size - 1);
		return text;
	case SCHEMA_OBJECT:
	case SCHEMA_OTHER:
		break;
	}
	return "an object";
}

static void store_int(void *member, size_t size, uint32_t value)
{
	switch (size) {
	case sizeof(uint8_t):
		*(uint8_t *)member = (uint8_t)value;
		break;
	case sizeof(uint16_t):
		*(uint16_t *)member = (uint16_t)value;
		break;
	default:
		*(uint32_t *)member = value;
		break;
	}
}

static int read_field(struct schema *schema, json_t *value, const struct schema_field *field,
		      void *target)
{
	char *member = (char *)target + field->offset;
	const char *text = json_string_value(value);
	char words[SCHEMA_ALLOWED_MAX];
	size_t i;

	switch (field->type) {
	case SCHEMA_BOOL:
		if (!json_is_boolean(value))
			break;
		*(bool *)(void *)member = json_is_true(value);
		return 0;
	case SCHEMA_INT:
		if (!json_is_integer(value) || json_integer_value(value) < field->min ||
		    json_integer_value(value) > field->max)
			break;
		store_int(member, field->size, (uint32_t)json_integer_value(value));
		return 0;
	case SCHEMA_TEXT:
		/* A zero byte inside would cut the text short unseen; jansson refuses it. */
		if (!text || strlen(text) >= field->size || (field->check && !field->check(text)))
			break;
		memcpy(member, text, strlen(text) + 1);
		return 0;
	case SCHEMA_NAMED:
		for (i = 0; text && field->names[i]; i++) {
			if (!strcasecmp(text, field->names[i])) {
				*(unsigned int *)(void *)member = (unsigned int)i;
				return 0;
			}
		}
		break;
	case SCHEMA_OBJECT:
		return schema_object(schema, value, field->fields, member);
	case SCHEMA_OTHER:
		return field->read(schema, value, target);
	}
	return schema_refuse(schema, value, "%s", schema_allowed(field, words));
}

int schema_object(struct schema *schema, json_t *value, const struct schema_field *fields,
		  void *target)
{
	const struct schema_field *field;
	char words[SCHEMA_ALLOWED_MAX];
	const char *key;
	json_t *member;
	size_t mark;
	int ret;

	if (!json_is_object(value))
		return schema_refuse(schema, value, "an object");
	json_object_foreach (value, key, member) {
		for (field = fields; field->key && strcmp(field->key, key); field++)
			;
		if (!field->key)
			return refuse_key(schema, key, fields);
	}
	for (field = fields; field->key; field++) {
		member = json_object_get(value, field->key);
		if (!member && field->required)
			return schema_fail(schema, "\"%s\" is missing: %s", field->key,
					   schema_allowed(field, words));
		if (!member)
			continue;
		mark = schema_enter(schema, field->key);
		ret = read_field(schema, member, field, target);
		if (ret < 0)
			return ret;
		schema_leave(schema, mark);
	}
	return 0;
}

static uint32_t load_int(const void *member, size_t size)
{
	switch (size) {
	case sizeof(uint8_t):
		return *(const uint8_t *)member;
	case sizeof(uint16_t):
		return *(const uint16_t *)member;
	default:
		return *(const uint32_t *)member;
	}
}

/* The value of a field, NULL if there is nothing to tell. */
static int write_field(const struct schema_field *field, const void *target, json_t **ret_value)
{
	const char *member = (const char *)target + field->offset;

	*ret_value = NULL;
	switch (field->type) {
	case SCHEMA_BOOL:
		*ret_value = json_boolean(*(const bool *)(const void *)member);
		break;
	case SCHEMA_INT:
		*ret_value = json_integer(load_int(member, field->size));
		break;
	case SCHEMA_TEXT:
		if (!*member)
			return 0;
		*ret_value = json_string(member);
		break;
	case SCHEMA_NAMED:
		*ret_value = json_string(field->names[*(const unsigned int *)(const void *)member]);
		break;
	case SCHEMA_OBJECT:
		return schema_write(field->fields, member, ret_value);
	case SCHEMA_OTHER:
		return field->write ? field->write(target, ret_value) : 0;
	}
	return *ret_value ? 0 : -ENOMEM;
}

int schema_write(const struct schema_field *fields, const void *target, json_t **ret_value)
{
	json_t *object = json_object(), *value;
	const struct schema_field *field;
	int ret = object ? 0 : -ENOMEM;

	for (field = fields; field->key && ret >= 0; field++) {
		ret = write_field(field, target, &value);
		if (ret >= 0 && value && json_object_set_new(object, field->key, value) < 0)
			ret = -ENOMEM;
	}
	/* an object of which nothing is told is nothing to tell itself */
	if (ret < 0 || !json_object_size(object)) {
		json_decref(object);
		object = NULL;
	}
	*ret_value = object;
	return ret;
}

int schema_append(json_t *array, const struct schema_field *fields, const void *target)
{
	json_t *value = NULL;
	int ret = schema_write(fields, target, &value);

	if (ret >= 0 && json_array_append_new(array, value) < 0)
		ret = -ENOMEM;
	return ret;
}

int schema_array(struct schema *schema, json_t *value, size_t min, size_t max)
{
	size_t n = json_array_size(value);

	if (!json_is_array(value))
		return schema_refuse(schema, value, "an array of %zu to %zu entries", min, max);
	if (n < min || n > max)
		return schema_fail(schema, "%zu entries are not allowed, only %zu to %zu", n, min,
				   max);
	return 0;
}
