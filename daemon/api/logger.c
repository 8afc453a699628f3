// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/logger.h"

#include <string.h>
#include <strings.h>

#include "api/validate.h"
#include "base/log.h"

void logger_get_levels(const struct route_get *get, struct writer *writer)
{
	(void)get;
	unsigned int i;

	writer_object(writer, NULL);
	writer_int(writer, "count", LOG_LEVELS);
	writer_array(writer, "levels");
	for (i = 0; i < LOG_LEVELS; i++)
		writer_string(writer, NULL, log_level_name((enum log_level)i));
	writer_array_end(writer);
	/* what is less important than this is not recorded */
	writer_object(writer, "recorded");
	for (i = 0; i < LOG_CATEGORIES; i++)
		writer_string(writer, log_category_name((enum log_category)i),
			      log_level_name(log_get_level((enum log_category)i)));
	writer_object_end(writer);
	writer_object_end(writer);
}

void logger_get_categories(const struct route_get *get, struct writer *writer)
{
	(void)get;
	unsigned int i;

	writer_object(writer, NULL);
	writer_int(writer, "count", LOG_CATEGORIES);
	writer_array(writer, "categories");
	for (i = 0; i < LOG_CATEGORIES; i++)
		writer_string(writer, NULL, log_category_name((enum log_category)i));
	writer_array_end(writer);
	writer_object_end(writer);
}

void logger_write_line(const struct log_line *line, struct writer *writer)
{
	const char *name = line->error ? strerrorname_np(line->error) : NULL;

	writer_object(writer, NULL);
	writer_int(writer, "seq", (int64_t)line->seq);
	writer_time(writer, "timestamp", line->wall_ms);
	writer_string(writer, "level", log_level_name(line->level));
	writer_string(writer, "category", log_category_name(line->category));
	writer_string(writer, "message", line->text);
	if (name)
		writer_string(writer, "error", name);
	else
		writer_null(writer, "error");
	writer_int(writer, "repeated", line->repeated);
	writer_object_end(writer);
}

static bool is_wanted(const struct query *query, const struct log_line *line)
{
	return (!(query->given & QUERY_LEVEL) || line->level <= query->level) &&
	       (!(query->given & QUERY_LOG_CATEGORY) || line->category == query->log_category);
}

void logger_get_recent(const struct route_get *get, struct writer *writer)
{
	const struct query *query = get->query;
	size_t count, wanted = 0, first, i;

	count = log_since(query->since, get->view->log, get->view->log_room);
	/* the newest of those that are wanted */
	for (i = count; i > 0 && wanted < query->limit; i--)
		wanted += is_wanted(query, &get->view->log[i - 1]);
	first = i;
	writer_object(writer, NULL);
	writer_int(writer, "count", (int64_t)wanted);
	writer_int(writer, "dropped", (int64_t)log_dropped());
	writer_array(writer, "logs");
	for (i = first; i < count; i++)
		if (is_wanted(query, &get->view->log[i]))
			logger_write_line(&get->view->log[i], writer);
	writer_array_end(writer);
	writer_object_end(writer);
}

static const char *category_name(size_t index, const void *data)
{
	(void)data;
	return index < LOG_CATEGORIES ? log_category_name((enum log_category)index) : NULL;
}

static const char *level_name(size_t index, const void *data)
{
	(void)data;
	return index < LOG_LEVELS ? log_level_name((enum log_level)index) : NULL;
}

/* The category of a key in any case; LOG_CATEGORIES: there is none. */
static size_t find_category(const char *key)
{
	size_t i;

	for (i = 0; i < LOG_CATEGORIES; i++)
		if (!strcasecmp(log_category_name((enum log_category)i), key))
			break;
	return i;
}

/* Nothing is changed before all of it is known to be right. */
bool logger_apply_levels(const struct view *view, const json_t *body, struct problem *problem)
{
	static const char *const known[] = { "levels", NULL };
	const json_t *levels = json_object_get(body, "levels");
	int wanted[LOG_CATEGORIES];
	size_t category, level;
	const char *key;
	json_t *value;

	(void)view;
	if (!validate_object(body, "", known, problem))
		return false;
	if (!json_is_object(levels))
		return problem_add(problem, "body", "/levels", levels,
				   "an object of categories and their levels");
	memset(wanted, -1, sizeof(wanted));
	json_object_foreach ((json_t *)levels, key, value) {
		char pointer[PROBLEM_FIELD_MAX];

		category = find_category(key);
		if (category == LOG_CATEGORIES)
			return validate_unknown("/levels", key, value, category_name, NULL,
						problem);
		validate_pointer(pointer, "/levels", key);
		if (!validate_name(value, pointer, level_name, NULL, &level, problem))
			return false;
		wanted[category] = (int)level;
	}
	for (category = 0; category < LOG_CATEGORIES; category++)
		if (wanted[category] >= 0)
			log_set_level((enum log_category)category,
				      (enum log_level)wanted[category]);
	return true;
}
