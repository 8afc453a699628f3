// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/http.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "api/api.h"
#include "config/config.h"

static bool is_loopback(const char *text)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_pton(AF_INET, text, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
	return inet_pton(AF_INET6, text, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

static bool is_address(const char *text)
{
	struct in6_addr v6;
	struct in_addr v4;

	return inet_pton(AF_INET, text, &v4) == 1 || inet_pton(AF_INET6, text, &v6) == 1;
}

static bool is_absolute(const char *text)
{
	return *text == '/';
}

static bool is_host(const char *text)
{
	size_t length = strlen(text);

	if (!length || length >= sizeof(((struct api_config *)NULL)->hosts[0]))
		return false;
	for (; *text; text++) {
		if (!isascii(*text) || (!isalnum(*text) && *text != '.' && *text != '-'))
			return false;
	}
	return true;
}

/* A scheme and a host, perhaps with a port, as browsers write them. */
static bool is_origin(const char *text)
{
	size_t length = strlen(text), scheme;

	scheme = !strncmp(text, "http://", 7) ? 7 : !strncmp(text, "https://", 8) ? 8 : 0;
	return scheme && length > scheme &&
	       length < sizeof(((struct api_config *)NULL)->origins[0]) &&
	       strspn(text + scheme, "abcdefghijklmnopqrstuvwxyz0123456789.-:[]") ==
		       length - scheme;
}

static int read_origins(struct schema *schema, json_t *value, void *target)
{
	struct api_config *api = target;
	const char *origin;
	json_t *entry;
	size_t i;
	int ret;

	ret = schema_array(schema, value, 0, API_MAX_ORIGINS);
	if (ret < 0)
		return ret;
	json_array_foreach (value, i, entry) {
		origin = json_string_value(entry);
		if (!origin || !is_origin(origin)) {
			schema_enter_index(schema, i);
			return schema_refuse(schema, entry,
					     "an origin in lower case, such as "
					     "\"https://home.example:8123\"");
		}
		memcpy(api->origins[i], origin, strlen(origin) + 1);
	}
	api->origin_count = (unsigned int)i;
	return 0;
}

static int write_origins(const void *target, json_t **ret_value)
{
	const struct api_config *api = target;
	unsigned int i;

	*ret_value = json_array();
	for (i = 0; i < api->origin_count; i++)
		if (json_array_append_new(*ret_value, json_string(api->origins[i])) < 0)
			return -ENOMEM;
	return *ret_value ? 0 : -ENOMEM;
}

static int read_hosts(struct schema *schema, json_t *value, void *target)
{
	struct api_config *api = target;
	const char *host;
	json_t *entry;
	size_t i;
	int ret;

	ret = schema_array(schema, value, 0, API_MAX_HOSTS);
	if (ret < 0)
		return ret;
	json_array_foreach (value, i, entry) {
		host = json_string_value(entry);
		if (!host || !is_host(host)) {
			schema_enter_index(schema, i);
			return schema_refuse(schema, entry,
					     "a host name without port, such as \"lamp.local\"");
		}
		memcpy(api->hosts[i], host, strlen(host) + 1);
	}
	api->host_count = (unsigned int)i;
	return 0;
}

static int write_hosts(const void *target, json_t **ret_value)
{
	const struct api_config *api = target;
	unsigned int i;

	*ret_value = json_array();
	for (i = 0; i < api->host_count; i++)
		if (json_array_append_new(*ret_value, json_string(api->hosts[i])) < 0)
			return -ENOMEM;
	return *ret_value ? 0 : -ENOMEM;
}

const struct schema_field http_fields[] = {
	{ "address", SCHEMA_TEXT, SCHEMA_MEMBER(struct api_config, address), .check = is_address,
	  .allowed = "an address such as 127.0.0.1 or ::1; with a token_file others than the "
		     "loopback's too" },
	{ "port", SCHEMA_INT, SCHEMA_MEMBER(struct api_config, port), .max = UINT16_MAX },
	{ "hosts", SCHEMA_OTHER, .read = read_hosts, .write = write_hosts,
	  .allowed = "an array of at most 16 host names" },
	{ "token_file", SCHEMA_TEXT, SCHEMA_MEMBER(struct api_config, token_file),
	  .check = is_absolute, .allowed = "an absolute path of at most 255 bytes" },
	{ "origins", SCHEMA_OTHER, .read = read_origins, .write = write_origins,
	  .allowed = "an array of at most 16 origins" },
	{ NULL },
};

/* Whoever reaches the API may use it: beyond this machine only with a token. */
int http_read(struct schema *schema, json_t *value, void *target)
{
	struct api_config *api = &((struct config *)target)->api;
	int ret = schema_object(schema, value, http_fields, api);

	if (ret < 0 || is_loopback(api->address) || api->token_file[0])
		return ret;
	schema_enter(schema, "address");
	return schema_refuse(schema, json_object_get(value, "address"),
			     "a loopback address such as 127.0.0.1 or ::1, or any with a "
			     "\"token_file\"");
}

int http_write(const void *target, json_t **ret_value)
{
	return schema_write(http_fields, &((const struct config *)target)->api, ret_value);
}
