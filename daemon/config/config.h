/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "api/api.h"
#include "base/log.h"
#include "control/store_file.h"
#include "control/zone.h"
#include "frames/frames.h"

/*
 * The configuration file is one JSON object; scripts/packaging/demo.json is a
 * whole one. Only "outputs" and "zones" have to be there.
 *
 *   outputs      array of {name, type: "virtual", channels: [{pixels, components
 *                (3 or 4), label}]} or {name, type: "device", path}
 *   zones        array of {id, display_name, output, channel (from 0), first,
 *                count, reversed, enabled, start, layer, parts, members, matrix}
 *   layer        0 to 255: of zones that overlap, which one covers the other
 *   parts        array of {first, count} in place of first and count: gaps between
 *   members      array of ids of zones before it, in place of output, first and
 *                count: a group, which is off at first and covers them when it is on
 *   matrix       {width, height, serpentine, rotation: 0, 90, 180 or 270 clockwise}
 *   start        {is_on, brightness, color: {mode, and hue, preset_name or rgb},
 *                animation: {id, parameters}}; with an animation the zone starts in it
 *   frames       {fps}
 *   transitions  {startup_ms, switch_ms, power_ms, shutdown_ms}; 0 is a cut
 *   http         {address, port (0: any free one), hosts: [names]}
 *   log          {level: "error", "warning", "info" or "debug"}
 *   state        {path}: where the zones' states are kept over a restart
 */

#define CONFIG_MAX_OUTPUTS FRAMES_MAX_OUTPUTS
#define CONFIG_ERROR_MAX 512
#define CONFIG_FILE_MAX (1024 * 1024)
/** CONFIG_TRANSITION_MAX_MS - the longest transition */
#define CONFIG_TRANSITION_MAX_MS 60000
/** CONFIG_SHUTDOWN_MAX_MS - the longest fade at the end; the coordinator allows it 5 s in all */
#define CONFIG_SHUTDOWN_MAX_MS 4000

enum config_output_type {
	CONFIG_OUTPUT_DEVICE,
	CONFIG_OUTPUT_VIRTUAL,
};

struct config_output {
	char name[OUTPUT_NAME_MAX];
	enum config_output_type type;
	char path[256];			 /* of a device */
	struct output_geometry geometry; /* of a virtual one */
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
	size_t zone_count;
	struct config_zone zone[ZONE_MAX];
	unsigned int fps;
	uint32_t startup_ms, switch_ms, power_ms, shutdown_ms;
	struct api_config api;
	enum log_level log_level;
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

/** config_parse() - config_load() from memory; @name stands for the file in errors */
int config_parse(const char *text, size_t length, const char *name, struct config **ret_config,
		 char error[CONFIG_ERROR_MAX]);

/** config_free() - NULL is fine; returns NULL */
struct config *config_free(struct config *config);
