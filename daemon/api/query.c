// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/query.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/feed.h"
#include "api/validate.h"
#include "base/str.h"

#define VALUE_MAX 256

static const char *status_name(size_t i, const void *data)
{
	(void)data;
	return i < TASK_STATUSES ? task_status_name((enum task_status)i) : NULL;
}

static const char *task_category(size_t i, const void *data)
{
	(void)data;
	return i < TASK_CATEGORIES ? task_category_name((enum task_category)i) : NULL;
}

static const char *log_category(size_t i, const void *data)
{
	(void)data;
	return i < LOG_CATEGORIES ? log_category_name((enum log_category)i) : NULL;
}

static const char *level_name(size_t i, const void *data)
{
	(void)data;
	return i < LOG_LEVELS ? log_level_name((enum log_level)i) : NULL;
}

static const char *bool_name(size_t i, const void *data)
{
	static const char *const names[] = { "false", "true" };

	(void)data;
	return i < 2 ? names[i] : NULL;
}

/* EVENT_NONE is no type. */
static const char *type_name(size_t i, const void *data)
{
	(void)data;
	return i + 1 < EVENT_TYPES ? event_type_name((enum event_type)(i + 1)) : NULL;
}

/* Parameters whose value is a name, and of what. */
static const struct parameter {
	const char *name;
	enum query_parameter bit;
	nearest_name_fn name_at;
} parameters[] = {
	{ "limit", QUERY_LIMIT, NULL },
	{ "topics", QUERY_TOPICS, NULL },
	{ "status", QUERY_STATUS, status_name },
	{ "category", QUERY_TASK_CATEGORY, task_category },
	{ "category", QUERY_LOG_CATEGORY, log_category },
	{ "level", QUERY_LEVEL, level_name },
	{ "type", QUERY_TYPE, type_name },
	{ "since", QUERY_SINCE, NULL },
	{ "ttl_ms", QUERY_TTL, NULL },
	{ "is_on", QUERY_IS_ON, bool_name },
	{ "enabled", QUERY_ENABLED, bool_name },
	{ "group", QUERY_GROUP, bool_name },
};

#define PARAMETERS (sizeof(parameters) / sizeof(parameters[0]))

void query_begin(struct query *query, size_t limit)
{
	*query = (struct query){ .limit = limit };
}

static bool refuse_name(unsigned int allowed, const char *name, const char *value,
			struct problem *problem)
{
	char list[256] = "";
	size_t i;

	for (i = 0; i < PARAMETERS; i++) {
		if (!(allowed & parameters[i].bit))
			continue;
		if (list[0])
			strcat(list, ", ");
		strcat(list, parameters[i].name);
	}
	problem->status = MHD_HTTP_BAD_REQUEST;
	return problem_add_text(problem, "query", name, value, "%s%s",
				list[0] ? "these parameters only: " : "no parameter", list);
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool decode(const char *value, char ret_text[VALUE_MAX])
{
	size_t length = 0;

	for (; *value; value++) {
		int c = (unsigned char)*value;

		if (c == '%') {
			int high = hex(value[1]), low = high < 0 ? -1 : hex(value[2]);

			c = low < 0 ? 0 : high << 4 | low;
			value += 2;
		}
		if (!c || length == VALUE_MAX - 1)
			return false;
		ret_text[length++] = (char)c;
	}
	ret_text[length] = '\0';
	return true;
}

static bool take_number(const char *text, uint64_t min, uint64_t max, uint64_t *ret_number)
{
	unsigned long long number;
	char *end;

	if (text[0] < '0' || text[0] > '9' || strlen(text) > 18)
		return false;
	number = strtoull(text, &end, 10);
	*ret_number = number;
	return !*end && number >= min && number <= max;
}

static bool take_topics(const char *text, unsigned int *ret_topics)
{
	unsigned int topics = 0;

	while (*text) {
		size_t length = strcspn(text, ",");
		enum feed_topic topic = feed_find_topic(text, length);

		if (topic == FEED_TOPICS)
			return false;
		topics |= 1U << topic;
		text += length;
		text += *text == ',';
	}
	*ret_topics = topics;
	return true;
}

static bool take_name(struct query *query, const struct parameter *parameter, const char *name,
		      const char *text, struct problem *problem)
{
	char list[PROBLEM_TEXT_MAX];
	const char *one;
	size_t i;

	for (i = 0; (one = parameter->name_at(i, NULL)); i++)
		if (!strcasecmp(one, text))
			break;
	if (!one) {
		validate_list(list, parameter->name_at, NULL);
		problem->status = MHD_HTTP_BAD_REQUEST;
		return problem_add_text(problem, "query", name, text, "%s", list);
	}
	switch (parameter->bit) {
	case QUERY_STATUS:
		query->status = (enum task_status)i;
		break;
	case QUERY_TASK_CATEGORY:
		query->task_category = (enum task_category)i;
		break;
	case QUERY_LOG_CATEGORY:
		query->log_category = (enum log_category)i;
		break;
	case QUERY_LEVEL:
		query->level = (enum log_level)i;
		break;
	case QUERY_IS_ON:
		query->is_on = i;
		break;
	case QUERY_ENABLED:
		query->enabled = i;
		break;
	case QUERY_GROUP:
		query->group = i;
		break;
	default:
		query->type = (enum event_type)(i + 1);
		break;
	}
	return true;
}

static bool take_value(struct query *query, const struct parameter *parameter,
		       unsigned int limit_max, const char *text, struct problem *problem)
{
	uint64_t number;

	switch (parameter->bit) {
	case QUERY_LIMIT:
		if (take_number(text, 1, limit_max, &number)) {
			query->limit = (size_t)number;
			return true;
		}
		return problem_add_text(problem, "query", "limit", text,
					"a whole number from 1 to %u, once", limit_max);
	case QUERY_SINCE:
		if (take_number(text, 0, INT64_MAX, &query->since))
			return true;
		return problem_add_text(problem, "query", "since", text, "a number, once");
	case QUERY_TTL:
		if (take_number(text, 1, QUERY_TTL_MAX_MS, &number)) {
			query->ttl_ms = (uint32_t)number;
			return true;
		}
		return problem_add_text(problem, "query", "ttl_ms", text,
					"a whole number from 1 to %u, once", QUERY_TTL_MAX_MS);
	default:
		if (take_topics(text, &query->topics))
			return true;
		return problem_add_text(
			problem, "query", "topics", text,
			"any of zones, panel, library, tasks, health, inputs, log and "
			"events, with commas between");
	}
}

bool query_take(struct query *query, unsigned int allowed, unsigned int limit_max, const char *name,
		const char *value, struct problem *problem)
{
	const struct parameter *parameter = NULL;
	char text[VALUE_MAX] = "";
	size_t i;

	for (i = 0; i < PARAMETERS && !parameter; i++)
		if (allowed & parameters[i].bit && !strcmp(parameters[i].name, name))
			parameter = &parameters[i];
	if (!parameter)
		return refuse_name(allowed, name, value, problem);
	problem->status = MHD_HTTP_BAD_REQUEST;
	if (query->given & parameter->bit)
		return problem_add_text(problem, "query", name, value, "one value, given once");
	/* what cannot be decoded is no value that is allowed */
	if (value && !decode(value, text))
		str_copy(text, sizeof(text), "%");
	query->given |= parameter->bit;
	if (!(parameter->name_at ? take_name(query, parameter, name, text, problem)
				 : take_value(query, parameter, limit_max, text, problem)))
		return false;
	problem->status = 0;
	return true;
}
