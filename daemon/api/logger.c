// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/logger.h"

#include <string.h>

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

void logger_get_recent(const struct route_get *get, struct writer *writer)
{
	size_t count, i;

	count = log_recent(get->view->log, get->query->limit < get->view->log_room
						   ? get->query->limit
						   : get->view->log_room);
	writer_object(writer, NULL);
	writer_int(writer, "count", (int64_t)count);
	writer_int(writer, "dropped", (int64_t)log_dropped());
	writer_array(writer, "logs");
	for (i = 0; i < count; i++)
		logger_write_line(&get->view->log[i], writer);
	writer_array_end(writer);
	writer_object_end(writer);
}
