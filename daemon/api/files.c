// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/files.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/reply.h"

const struct web_file *files_find(const struct web_file *files, size_t count, const char *path)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(files[i].path, path))
			return &files[i];
	return NULL;
}

/* A list such as "gzip, br;q=0.5" names gzip, and not with a weight of 0 (RFC 9110, 12.5.3). */
static bool takes_gzip(const char *list)
{
	while (list && *list) {
		const char *weight;
		size_t length;

		list += strspn(list, " \t,");
		length = strcspn(list, " \t,;");
		weight = list + length;
		weight += strspn(weight, " \t;");
		if (length == 4 && !strncasecmp(list, "gzip", 4))
			return strncasecmp(weight, "q=", 2) || strtod(weight + 2, NULL) > 0;
		list += strcspn(list, ",");
	}
	return false;
}

/* A list such as W/"a", "b", or a star (RFC 9110, 13.1.2); tags of ours have no commas. */
static bool has_tag(const char *list, const char *etag)
{
	size_t length = strlen(etag);

	while (list && *list) {
		list += strspn(list, " \t,");
		if (*list == '*')
			return true;
		if (!strncmp(list, "W/", 2))
			list += 2;
		if (!strncmp(list, etag, length) && strchr(" \t,", list[length]))
			return true;
		list += strcspn(list, ",");
	}
	return false;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

enum MHD_Result files_answer(struct MHD_Connection *connection, const struct web_file *file)
{
	bool had = has_tag(header(connection, "If-None-Match"), file->etag);
	bool packed = takes_gzip(header(connection, "Accept-Encoding"));
	struct MHD_Response *response = reply_file(file, packed, had);
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	result =
		MHD_queue_response(connection, had ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	return result;
}
