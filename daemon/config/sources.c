// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/sources.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "config/schema.h"

/* Where errors go, for all files of one configuration. */
struct reader {
	struct sources *sources;
	char *error;
	size_t room;
};

static int read_source(struct reader *reader, const char *path, const char *text, size_t length,
		       unsigned int depth);

static int refuse_file(const struct reader *reader, const char *path, int error)
{
	snprintf(reader->error, reader->room, "%s: %s", path, strerror(-error));
	return error;
}

int sources_read_text(const char *path, char **ret_text, size_t *ret_length)
{
	_cleanup_free_ char *text = malloc(SOURCES_FILE_MAX + 1);
	_cleanup_close_ int fd = -1;
	size_t length = 0;
	ssize_t n;

	if (!text)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	do {
		n = read(fd, text + length, SOURCES_FILE_MAX + 1 - length);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			length += (size_t)n;
		if (length > SOURCES_FILE_MAX)
			return -EFBIG;
	} while (n);
	*ret_text = steal_ptr(text);
	*ret_length = length;
	return 0;
}

/* A relative name is looked for beside the file that has it. */
static bool find_path(const char *from, const char *name, char ret_path[SOURCES_PATH_MAX])
{
	const char *slash = strrchr(from, '/');
	int length;

	if (name[0] == '/' || !slash)
		return str_copy(ret_path, SOURCES_PATH_MAX, name);
	length = snprintf(ret_path, SOURCES_PATH_MAX, "%.*s/%s", (int)(slash - from), from, name);
	return length < SOURCES_PATH_MAX;
}

static int include(struct reader *reader, struct schema *schema, const char *from, json_t *value,
		   unsigned int depth)
{
	const char *name = json_string_value(value);
	char path[SOURCES_PATH_MAX];
	unsigned int i;

	if (!name || !*name || !find_path(from, name, path))
		return schema_refuse(schema, value, "the path of a file");
	for (i = 0; i < reader->sources->count; i++) {
		if (!strcmp(reader->sources->source[i].path, path))
			return schema_fail(schema, "%s is read already", path);
	}
	if (depth == SOURCES_DEPTH_MAX)
		return schema_fail(schema, "files include files more than %d deep",
				   SOURCES_DEPTH_MAX);
	if (reader->sources->count == SOURCES_MAX)
		return schema_fail(schema, "more than %d files are included", SOURCES_MAX - 1);
	return read_source(reader, path, NULL, 0, depth + 1);
}

static int include_all(struct reader *reader, struct schema *schema, json_t *root,
		       unsigned int depth)
{
	json_t *list = json_object_get(root, "include"), *value;
	size_t outer, inner, i;
	int ret;

	if (!list)
		return 0;
	outer = schema_enter(schema, "include");
	ret = schema_array(schema, list, 0, SOURCES_MAX - 1);
	json_array_foreach (list, i, value) {
		if (ret < 0)
			break;
		inner = schema_enter_index(schema, i);
		ret = include(reader, schema, schema->name, value, depth);
		schema_leave(schema, inner);
	}
	schema_leave(schema, outer);
	return ret;
}

static int take_topics(struct reader *reader, struct schema *schema, json_t *root)
{
	json_t *merged = reader->sources->merged, *value;
	const char *key;

	json_object_foreach (root, key, value) {
		if (!strcmp(key, "include"))
			continue;
		if (!strcmp(key, "version")) {
			schema_enter(schema, key);
			if (!json_is_integer(value) || json_integer_value(value) != SOURCES_VERSION)
				return schema_refuse(schema, value, "%d", SOURCES_VERSION);
			schema_leave(schema, 0);
			continue;
		}
		if (json_object_get(merged, key)) {
			schema_enter(schema, key);
			return schema_fail(schema, "this stands in %s already",
					   sources_name(key, reader->sources));
		}
		if (json_object_set(merged, key, value) < 0)
			return refuse_file(reader, schema->name, -ENOMEM);
	}
	return 0;
}

static int read_source(struct reader *reader, const char *path, const char *text, size_t length,
		       unsigned int depth)
{
	unsigned int index = reader->sources->count;
	struct schema schema = { .error = reader->error, .room = reader->room };
	_cleanup_free_ char *own_text = NULL;
	json_error_t syntax;
	json_t *root;
	int ret;

	schema.name = path;
	if (!str_copy(reader->sources->source[index].path, SOURCES_PATH_MAX, path))
		return refuse_file(reader, path, -ENAMETOOLONG);
	schema.name = reader->sources->source[index].path;
	if (!text) {
		ret = sources_read_text(path, &own_text, &length);
		if (ret < 0)
			return refuse_file(reader, path, ret);
		text = own_text;
	}
	root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &syntax);
	if (!root) {
		/* it quotes what it did not expect, whatever that is */
		str_clean(syntax.text);
		snprintf(reader->error, reader->room, "%s:%d:%d: %s", schema.name, syntax.line,
			 syntax.column, syntax.text);
		return -EINVAL;
	}
	if (!json_is_object(root)) {
		ret = schema_refuse(&schema, root, "an object");
		json_decref(root);
		return ret;
	}
	ret = take_topics(reader, &schema, root);
	/* counted from here on: its own topics are not another file's */
	reader->sources->source[index].root = root;
	reader->sources->count++;
	return ret < 0 ? ret : include_all(reader, &schema, root, depth);
}

int sources_read(struct sources *sources, const char *path, const char *text, size_t length,
		 char *error, size_t room)
{
	struct reader reader = { .sources = sources, .error = error, .room = room };

	sources->merged = json_object();
	if (!sources->merged)
		return refuse_file(&reader, path, -ENOMEM);
	return read_source(&reader, path, text, length, 0);
}

const char *sources_name(const char *topic, const void *data)
{
	const struct sources *sources = data;
	unsigned int i;

	if (topic && sources->over && json_object_get(sources->over, topic))
		return sources->over_name;
	for (i = 0; topic && i < sources->count; i++) {
		if (json_object_get(sources->source[i].root, topic))
			return sources->source[i].path;
	}
	return sources->source[0].path;
}

void sources_fini(struct sources *sources)
{
	unsigned int i;

	for (i = 0; i < sources->count; i++)
		json_decref(sources->source[i].root);
	json_decref(sources->merged);
}
