// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "config/http.h"
#include "config/inputs.h"
#include "config/palettes.h"
#include "config/changes.h"
#include "config/outputs.h"
#include "config/programs.h"
#include "config/schema.h"
#include "config/sources.h"
#include "config/zones.h"

#define REPAINT_MS 1000
#define HOT_C 80
#define COOL_C 70
#define HOT_FPS 30
#define HTTP_ADDRESS "127.0.0.1"
#define HTTP_PORT 8080

/* Order of enum log_level. */
static const char *const log_levels[] = { "error", "warning", "info", "debug", NULL };

static const struct schema_field frames_fields[] = {
	{ "fps", SCHEMA_INT, SCHEMA_MEMBER(struct config, fps), .min = FRAMES_FPS_MIN,
	  .max = FRAMES_FPS_MAX },
	{ "repaint_ms", SCHEMA_INT, SCHEMA_MEMBER(struct config, repaint_ms), .min = 1,
	  .max = CONFIG_REPAINT_MAX_MS },
	{ NULL },
};

static const struct schema_field log_fields[] = {
	{ "level", SCHEMA_NAMED, SCHEMA_MEMBER(struct config, log_level), .names = log_levels },
	{ NULL },
};

static bool is_absolute(const char *text)
{
	return *text == '/';
}

static const struct schema_field thermal_fields[] = {
	{ "sensor", SCHEMA_TEXT, SCHEMA_MEMBER(struct thermal_limits, sensor), .check = is_absolute,
	  .allowed = "an absolute path of at most 255 bytes" },
	{ "supply", SCHEMA_TEXT, SCHEMA_MEMBER(struct thermal_limits, supply), .check = is_absolute,
	  .allowed = "an absolute path of at most 255 bytes" },
	{ "hot_c", SCHEMA_INT, SCHEMA_MEMBER(struct thermal_limits, hot_c), .min = 1, .max = 150 },
	{ "cool_c", SCHEMA_INT, SCHEMA_MEMBER(struct thermal_limits, cool_c), .max = 150 },
	{ "fps", SCHEMA_INT, SCHEMA_MEMBER(struct thermal_limits, fps), .min = FRAMES_FPS_MIN,
	  .max = FRAMES_FPS_MAX },
	{ NULL },
};

static int read_thermal(struct schema *schema, json_t *value, void *target)
{
	struct thermal_limits *limits = &((struct config *)target)->thermal;
	int ret = schema_object(schema, value, thermal_fields, limits);

	if (ret >= 0 && limits->cool_c > limits->hot_c)
		return schema_fail(schema, "\"cool_c\" is %u, but not above \"hot_c\", which is %u",
				   limits->cool_c, limits->hot_c);
	return ret;
}

static int write_thermal(const void *target, json_t **ret_value)
{
	return schema_write(thermal_fields, &((const struct config *)target)->thermal, ret_value);
}

static const struct schema_field state_fields[] = {
	{ "path", SCHEMA_TEXT, SCHEMA_MEMBER(struct config, state_path), .check = is_absolute,
	  .allowed = "an absolute path of at most 1023 bytes" },
	{ NULL },
};

/* Outputs, palettes and programs come first: zones name them; and bindings name zones and inputs. What is said of the files themselves is not read here. */
static const struct schema_field config_fields[] = {
	{ "version", SCHEMA_OTHER, .allowed = "1" },
	{ "include", SCHEMA_OTHER,
	  .allowed = "an array of at most 16 paths of files with further topics" },
	{ "outputs", SCHEMA_OTHER, .required = true, .read = outputs_read, .write = outputs_write,
	  .fields = outputs_fields, .array = true, .allowed = "an array of outputs" },
	{ "palettes", SCHEMA_OTHER, .read = palettes_read, .write = palettes_write,
	  .fields = palettes_fields, .array = true, .allowed = "an array of at most 32 palettes" },
	{ "programs", SCHEMA_OTHER, .read = programs_read, .write = programs_write,
	  .fields = programs_fields, .array = true, .allowed = "an array of at most 32 programs" },
	{ "zones", SCHEMA_OTHER, .required = true, .read = zones_read, .write = zones_write,
	  .fields = zones_fields, .array = true, .allowed = "an array of zones" },
	{ "inputs", SCHEMA_OTHER, .read = config_inputs_read, .write = config_inputs_write,
	  .fields = config_inputs_fields, .array = true,
	  .allowed = "an array of at most 32 inputs" },
	{ "bindings", SCHEMA_OTHER, .read = config_bindings_read, .write = config_bindings_write,
	  .fields = config_bindings_fields, .array = true,
	  .allowed = "an array of at most 128 bindings" },
	{ "frames", SCHEMA_OBJECT, .fields = frames_fields },
	{ "transitions", SCHEMA_OBJECT, SCHEMA_MEMBER(struct config, transitions),
	  .fields = changes_fields },
	{ "http", SCHEMA_OTHER, .read = http_read, .write = http_write, .fields = http_fields,
	  .allowed = "an object" },
	{ "log", SCHEMA_OBJECT, .fields = log_fields },
	{ "state", SCHEMA_OBJECT, .fields = state_fields },
	{ "thermal", SCHEMA_OTHER, .read = read_thermal, .write = write_thermal,
	  .fields = thermal_fields, .allowed = "an object" },
	{ NULL },
};

const struct schema_field *config_schema(void)
{
	return config_fields;
}

static void set_defaults(struct config *config)
{
	config->bindings = *bindings_default();
	config->fps = FRAMES_FPS_DEFAULT;
	config->repaint_ms = REPAINT_MS;
	transitions_defaults(&config->transitions);
	config->api = (struct api_config){ .address = HTTP_ADDRESS, .port = HTTP_PORT };
	config->log_level = LOG_LEVEL_INFO;
	config->thermal = (struct thermal_limits){
		.sensor = THERMAL_SENSOR, .hot_c = HOT_C, .cool_c = COOL_C, .fps = HOT_FPS
	};
}

int config_from(const struct sources *sources, struct config **ret_config,
		char error[CONFIG_ERROR_MAX], struct schema_fault *fault)
{
	struct config *config = calloc(1, sizeof(*config));
	struct schema schema = { .error = error,
				 .room = CONFIG_ERROR_MAX,
				 .name_of = sources_name,
				 .names = sources,
				 .fault = fault,
				 .whole = config };
	int ret;

	schema.name = sources_name(NULL, sources);
	if (!config) {
		snprintf(error, CONFIG_ERROR_MAX, "%s: no memory", schema.name);
		return -ENOMEM;
	}
	set_defaults(config);
	ret = schema_object(&schema, sources->merged, config_fields, config);
	if (ret < 0)
		config_free(config);
	else
		*ret_config = config;
	return ret;
}

int config_parse(const char *text, size_t length, const char *name, struct config **ret_config,
		 char error[CONFIG_ERROR_MAX])
{
	struct sources *sources = calloc(1, sizeof(*sources));
	int ret;

	if (!sources) {
		snprintf(error, CONFIG_ERROR_MAX, "%s: no memory", name);
		return -ENOMEM;
	}
	ret = sources_read(sources, name, text, length, error, CONFIG_ERROR_MAX);
	if (ret >= 0)
		ret = config_from(sources, ret_config, error, NULL);
	sources_fini(sources);
	free(sources);
	return ret;
}

int config_load(const char *path, struct config **ret_config, char error[CONFIG_ERROR_MAX])
{
	return config_parse(NULL, 0, path, ret_config, error);
}

json_t *config_json(const struct config *config)
{
	json_t *json = NULL;

	return schema_write(config_fields, config, &json) < 0 ? NULL : json;
}

char *config_text(const struct config *config)
{
	_cleanup_free_ struct config *defaults = NULL;
	char *text = NULL;
	json_t *json;

	if (!config) {
		defaults = calloc(1, sizeof(*defaults));
		if (!defaults)
			return NULL;
		set_defaults(defaults);
		config = defaults;
	}
	json = config_json(config);
	if (json)
		text = json_dumps(json, SCHEMA_DUMP | JSON_INDENT(2));
	json_decref(json);
	return text;
}

struct config *config_free(struct config *config)
{
	free(config);
	return NULL;
}
