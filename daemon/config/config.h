/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "api/api.h"
#include "base/log.h"
#include "config/palettes.h"
#include "config/schema.h"
#include "config/sources.h"
#include "control/programs.h"
#include "control/store_file.h"
#include "control/thermal.h"
#include "control/transitions.h"
#include "control/zone.h"
#include "engine/engine.h"
#include "frames/frames.h"
#include "input/inputs.h"

/*
 * The configuration is one JSON object, perhaps in several files; README.md
 * here lists its keys, scripts/packaging/demo.json is a whole one.
 */

#define CONFIG_MAX_OUTPUTS FRAMES_MAX_OUTPUTS
#define CONFIG_ERROR_MAX 512
/** CONFIG_REPAINT_MAX_MS - the longest wait before another writer is painted over */
#define CONFIG_REPAINT_MAX_MS 3600000

enum config_output_type {
	CONFIG_OUTPUT_DEVICE,
	CONFIG_OUTPUT_VIRTUAL,
};

struct config_output {
	char name[OUTPUT_NAME_MAX];
	enum config_output_type type;
	char path[256];			 /* of a device, or "" */
	char label[OUTPUT_NAME_MAX];	 /* of a strip of a device, or "" */
	struct output_geometry geometry; /* of a virtual one */
	struct output_colors colors[OUTPUT_MAX_CHANNELS];
};

struct config_zone {
	struct zone_config config;
	struct zone_state state; /* at start */
	unsigned int output;	 /* index of the output */
};

/** struct config - a whole configuration, checked */
struct config {
	size_t output_count;
	struct config_output output[CONFIG_MAX_OUTPUTS];
	size_t palette_count;
	struct config_palette palette[PALETTE_CUSTOM_MAX];
	size_t program_count;
	struct program_config program[PROGRAMS_MAX];
	size_t zone_count;
	struct config_zone zone[ZONE_MAX];
	size_t input_count;
	struct input_config input[INPUTS_MAX];
	struct bindings bindings;
	unsigned int fps;
	uint32_t repaint_ms;
	struct transitions transitions;
	struct api_config api;
	enum log_level log_level;
	struct thermal_limits thermal;
	char state_path[STORE_PATH_MAX]; /* "": not given */
};

/**
 * config_load() - read and check a configuration file
 * @ret_config: heap, untouched on failure; free with config_free()
 * @error: on failure the first error in words: with line and column for
 *	syntax, with a JSON pointer, the value and what is allowed for content
 *
 * Return: 0, -EINVAL (content or syntax), or -errno of reading the file.
 */
int config_load(const char *path, struct config **ret_config, char error[CONFIG_ERROR_MAX]);

/** config_parse() - config_load() from memory; @name is the path that the text stands for */
int config_parse(const char *text, size_t length, const char *name, struct config **ret_config,
		 char error[CONFIG_ERROR_MAX]);

/**
 * config_from() - config_parse() of topics that sources_read() has read
 * @fault: an error in parts; may be NULL
 */
int config_from(const struct sources *sources, struct config **ret_config,
		char error[CONFIG_ERROR_MAX], struct schema_fault *fault);

/** config_json() - config_text() as one reference to JSON; NULL without memory */
json_t *config_json(const struct config *config);

/**
 * config_text() - a whole configuration with all that was left to defaults, as JSON
 * @config: NULL: the defaults only
 *
 * config_parse() of it gives the same configuration. Return: heap, or NULL
 * without memory.
 */
char *config_text(const struct config *config);

/** config_schema() - the table of all keys, for those who list them */
const struct schema_field *config_schema(void);

/** config_free() - NULL is fine; returns NULL */
struct config *config_free(struct config *config);
