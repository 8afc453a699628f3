// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "config/schema.h"
#include "config/zones.h"

#define STARTUP_MS 2000
#define SWITCH_MS 400
#define POWER_MS 400
#define SHUTDOWN_MS 600
#define HTTP_ADDRESS "127.0.0.1"
#define HTTP_PORT 8080

static const char *const output_types[] = {
	[CONFIG_OUTPUT_DEVICE] = "device",
	[CONFIG_OUTPUT_VIRTUAL] = "virtual",
	NULL,
};

/* Order of enum log_level. */
static const char *const log_levels[] = { "error", "warning", "info", "debug", NULL };

static const struct schema_field channel_fields[] = {
	{ "pixels", SCHEMA_INT, SCHEMA_MEMBER(struct output_channel, pixels), .required = true,
	  .min = 1, .max = OUTPUT_MAX_PIXELS },
	{ "components", SCHEMA_INT, SCHEMA_MEMBER(struct output_channel, components), .min = 3,
	  .max = 4 },
	{ "label", SCHEMA_TEXT, SCHEMA_MEMBER(struct output_channel, label) },
	{ NULL },
};

static int read_channels(struct schema *schema, json_t *value, void *target)
{
	struct config_output *output = target;
	struct output_geometry *geometry = &output->geometry;
	struct output_channel *channel;
	size_t i, mark;
	uint64_t pixels = 0;
	int ret;

	ret = schema_array(schema, value, 1, OUTPUT_MAX_CHANNELS);
	if (ret < 0)
		return ret;
	for (i = 0; i < json_array_size(value); i++) {
		channel = &geometry->channel[i];
		channel->components = 3;
		mark = schema_enter_index(schema, i);
		ret = schema_object(schema, json_array_get(value, i), channel_fields, channel);
		if (ret < 0)
			return ret;
		channel->offset = geometry->frame_bytes;
		geometry->frame_bytes += channel->pixels * channel->components;
		pixels += channel->pixels;
		if (pixels > OUTPUT_MAX_PIXELS)
			return schema_fail(schema, "more than %d pixels in one output",
					   OUTPUT_MAX_PIXELS);
		schema_leave(schema, mark);
	}
	geometry->channels = (uint32_t)i;
	return 0;
}

static bool is_name(const char *text)
{
	return *text && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789_-") == strlen(text);
}

static bool is_absolute(const char *text)
{
	return *text == '/';
}

static const struct schema_field output_fields[] = {
	{ "name", SCHEMA_TEXT, SCHEMA_MEMBER(struct config_output, name), .required = true,
	  .check = is_name, .allowed = "1 to 31 letters, digits, _ and -" },
	{ "type", SCHEMA_NAMED, SCHEMA_MEMBER(struct config_output, type), .required = true,
	  .names = output_types },
	{ "path", SCHEMA_TEXT, SCHEMA_MEMBER(struct config_output, path), .check = is_absolute,
	  .allowed = "an absolute path of at most 255 bytes" },
	{ "channels", SCHEMA_OTHER, .read = read_channels },
	{ NULL },
};

static int read_output(struct schema *schema, json_t *value, struct config *config)
{
	struct config_output *output = &config->output[config->output_count];
	size_t i;
	int ret;

	ret = schema_object(schema, value, output_fields, output);
	if (ret < 0)
		return ret;
	if (output->type == CONFIG_OUTPUT_DEVICE) {
		if (!output->path[0])
			return schema_fail(schema, "\"path\" is missing: a device needs one, "
						   "such as \"/dev/diuna\"");
		if (output->geometry.channels)
			return schema_fail(schema, "\"channels\" belongs to a virtual output, "
						   "a device tells its own");
	} else {
		if (!output->geometry.channels)
			return schema_fail(schema,
					   "\"channels\" is missing: a virtual output "
					   "needs 1 to %d",
					   OUTPUT_MAX_CHANNELS);
		if (output->path[0])
			return schema_fail(schema, "\"path\" belongs to a device");
	}
	for (i = 0; i < config->output_count; i++) {
		if (!strcmp(config->output[i].name, output->name)) {
			schema_enter(schema, "name");
			return schema_fail(schema, "\"%s\" is the name of another output already",
					   output->name);
		}
	}
	config->output_count++;
	return 0;
}

static int read_outputs(struct schema *schema, json_t *value, void *target)
{
	size_t i, mark;
	int ret;

	ret = schema_array(schema, value, 1, CONFIG_MAX_OUTPUTS);
	for (i = 0; ret >= 0 && i < json_array_size(value); i++) {
		mark = schema_enter_index(schema, i);
		ret = read_output(schema, json_array_get(value, i), target);
		if (ret >= 0)
			schema_leave(schema, mark);
	}
	return ret;
}

static const struct schema_field frames_fields[] = {
	{ "fps", SCHEMA_INT, SCHEMA_MEMBER(struct config, fps), .min = FRAMES_FPS_MIN,
	  .max = FRAMES_FPS_MAX },
	{ NULL },
};

static const struct schema_field transitions_fields[] = {
	{ "startup_ms", SCHEMA_INT, SCHEMA_MEMBER(struct config, startup_ms),
	  .max = CONFIG_TRANSITION_MAX_MS },
	{ "switch_ms", SCHEMA_INT, SCHEMA_MEMBER(struct config, switch_ms),
	  .max = CONFIG_TRANSITION_MAX_MS },
	{ "power_ms", SCHEMA_INT, SCHEMA_MEMBER(struct config, power_ms),
	  .max = CONFIG_TRANSITION_MAX_MS },
	{ "shutdown_ms", SCHEMA_INT, SCHEMA_MEMBER(struct config, shutdown_ms),
	  .max = CONFIG_SHUTDOWN_MAX_MS },
	{ NULL },
};

static bool is_loopback(const char *text)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_pton(AF_INET, text, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
	return inet_pton(AF_INET6, text, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
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

static const struct schema_field http_fields[] = {
	{ "address", SCHEMA_TEXT, SCHEMA_MEMBER(struct api_config, address), .check = is_loopback,
	  .allowed = "a loopback address such as 127.0.0.1 or ::1, since whoever reaches the "
		     "API may use it" },
	{ "port", SCHEMA_INT, SCHEMA_MEMBER(struct api_config, port), .max = UINT16_MAX },
	{ "hosts", SCHEMA_OTHER, .read = read_hosts },
	{ NULL },
};

static const struct schema_field log_fields[] = {
	{ "level", SCHEMA_NAMED, SCHEMA_MEMBER(struct config, log_level), .names = log_levels },
	{ NULL },
};

static const struct schema_field state_fields[] = {
	{ "path", SCHEMA_TEXT, SCHEMA_MEMBER(struct config, state_path), .check = is_absolute,
	  .allowed = "an absolute path of at most 1023 bytes" },
	{ NULL },
};

static int read_frames(struct schema *schema, json_t *value, void *target)
{
	return schema_object(schema, value, frames_fields, target);
}

static int read_transitions(struct schema *schema, json_t *value, void *target)
{
	return schema_object(schema, value, transitions_fields, target);
}

static int read_http(struct schema *schema, json_t *value, void *target)
{
	struct config *config = target;

	return schema_object(schema, value, http_fields, &config->api);
}

static int read_log(struct schema *schema, json_t *value, void *target)
{
	return schema_object(schema, value, log_fields, target);
}

static int read_state(struct schema *schema, json_t *value, void *target)
{
	return schema_object(schema, value, state_fields, target);
}

/* Outputs come first: zones name them. */
static const struct schema_field config_fields[] = {
	{ "outputs", SCHEMA_OTHER, .required = true, .read = read_outputs,
	  .allowed = "an array of outputs" },
	{ "zones", SCHEMA_OTHER, .required = true, .read = zones_read,
	  .allowed = "an array of zones" },
	{ "frames", SCHEMA_OTHER, .read = read_frames },
	{ "transitions", SCHEMA_OTHER, .read = read_transitions },
	{ "http", SCHEMA_OTHER, .read = read_http },
	{ "log", SCHEMA_OTHER, .read = read_log },
	{ "state", SCHEMA_OTHER, .read = read_state },
	{ NULL },
};

int config_parse(const char *text, size_t length, const char *name, struct config **ret_config,
		 char error[CONFIG_ERROR_MAX])
{
	struct schema schema = { .name = name, .error = error, .room = CONFIG_ERROR_MAX };
	struct config *config;
	json_error_t syntax;
	json_t *root;
	int ret;

	root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &syntax);
	if (!root) {
		snprintf(error, CONFIG_ERROR_MAX, "%s:%d:%d: %s", name, syntax.line, syntax.column,
			 syntax.text);
		/* it quotes the file, and is read on a terminal */
		str_clean(error);
		return -EINVAL;
	}
	config = calloc(1, sizeof(*config));
	if (!config) {
		snprintf(error, CONFIG_ERROR_MAX, "%s: no memory", name);
		json_decref(root);
		return -ENOMEM;
	}
	config->fps = FRAMES_FPS_DEFAULT;
	config->startup_ms = STARTUP_MS;
	config->switch_ms = SWITCH_MS;
	config->power_ms = POWER_MS;
	config->shutdown_ms = SHUTDOWN_MS;
	config->api = (struct api_config){ .address = HTTP_ADDRESS, .port = HTTP_PORT };
	config->log_level = LOG_LEVEL_INFO;

	ret = schema_object(&schema, root, config_fields, config);
	json_decref(root);
	if (ret < 0)
		config_free(config);
	else
		*ret_config = config;
	return ret;
}

static int refuse_file(const char *path, int error, char text[CONFIG_ERROR_MAX])
{
	snprintf(text, CONFIG_ERROR_MAX, "%s: %s", path, strerror(-error));
	return error;
}

int config_load(const char *path, struct config **ret_config, char error[CONFIG_ERROR_MAX])
{
	_cleanup_free_ char *text = NULL;
	_cleanup_close_ int fd = -1;
	size_t length = 0;
	ssize_t n;

	text = malloc(CONFIG_FILE_MAX + 1);
	if (!text)
		return refuse_file(path, -ENOMEM, error);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return refuse_file(path, -errno, error);
	do {
		n = read(fd, text + length, CONFIG_FILE_MAX + 1 - length);
		if (n < 0 && errno != EINTR)
			return refuse_file(path, -errno, error);
		if (n > 0)
			length += (size_t)n;
		if (length > CONFIG_FILE_MAX)
			return refuse_file(path, -EFBIG, error);
	} while (n);
	return config_parse(text, length, path, ret_config, error);
}

struct config *config_free(struct config *config)
{
	free(config);
	return NULL;
}
