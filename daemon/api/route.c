// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/route.h"

#include "api/animations.h"
#include "api/api.h"
#include "api/configuration.h"
#include "api/events.h"
#include "api/exposition.h"
#include "api/gallery.h"
#include "api/inputs.h"
#include "api/library.h"
#include "api/logger.h"
#include "api/outputs.h"
#include "api/station.h"
#include "api/system.h"
#include "api/transitions.h"
#include "api/zones.h"

#define V1 "/api/v1"
#define ZONE V1 "/zones/{zone}"
#define GROUP V1 "/groups/{zone}"

#define PRESET V1 "/presets/{preset}"
#define OUTPUT V1 "/outputs/{output}"
#define SCENE V1 "/scenes/{scene}"

#define GET(path_, get_, source_) \
	.method = "GET", .path = (path_), .get = (get_), .source = (source_)
#define PUT(path_, member_, command_, parse_)                                         \
	.method = "PUT", .path = (path_), .member = (member_), .command = (command_), \
	.parse = (parse_)
#define POST(path_, command_) .method = "POST", .path = (path_), .command = (command_)

/* clang-format off */
const struct route route_table[] = {
	{ GET("/healthz", system_get_alive, ROUTE_FROM_NOW), .open = true },
	{ .method = "GET", .path = "/readyz", .command = COMMAND_SYSTEM_READY,
	  .get_by_command = true },
	{ GET("/metrics", exposition_get, ROUTE_FROM_NOW), .type = EXPOSITION_TYPE },

	{ GET(V1 "/outputs", outputs_get_all, ROUTE_FROM_NOW) },
	{ GET(OUTPUT, outputs_get, ROUTE_FROM_NOW) },
	{ .method = "PUT", .path = OUTPUT "/frame", .command = COMMAND_OUTPUT_FRAME, .raw = true,
	  .body_max = 4 * OUTPUT_MAX_PIXELS, .query = QUERY_TTL },
	{ .method = "DELETE", .path = OUTPUT "/frame", .command = COMMAND_OUTPUT_FRAME_CLEAR },

	{ GET(V1 "/zones", zones_get_all, ROUTE_FROM_STATE), .query = QUERY_ZONES },
	{ GET(ZONE, zones_get, ROUTE_FROM_STATE) },
	{ .method = "PATCH", .path = ZONE, .command = COMMAND_ZONE_PATCH,
	  .parse = zones_parse_patch },
	{ PUT(ZONE "/is-on", "is_on", COMMAND_ZONE_SET_ON,
	      zones_parse_is_on) },
	{ PUT(ZONE "/brightness", "brightness", COMMAND_ZONE_SET_BRIGHTNESS,
	      zones_parse_brightness) },
	{ PUT(ZONE "/color", "color", COMMAND_ZONE_SET_COLOR,
	      zones_parse_color) },
	{ PUT(ZONE "/render-mode", "render_mode", COMMAND_ZONE_SET_MODE,
	      zones_parse_mode) },
	{ PUT(ZONE "/animation", "animation_id", COMMAND_ZONE_SET_ANIMATION,
	      zones_parse_animation) },
	{ PUT(ZONE "/animation/parameters", "parameters", COMMAND_ZONE_SET_PARAMS,
	      zones_parse_params) },
	{ .method = "POST", .path = ZONE "/animation/stop",
	  .command = COMMAND_ZONE_STOP_ANIMATION },

	{ GET(V1 "/groups", zones_get_groups, ROUTE_FROM_STATE),
	  .query = QUERY_IS_ON | QUERY_ENABLED },
	/* for each member of a group; as one canvas it is a zone */
	{ PUT(GROUP "/is-on", "is_on", COMMAND_ZONE_SET_ON, zones_parse_is_on), .each = true },
	{ PUT(GROUP "/brightness", "brightness", COMMAND_ZONE_SET_BRIGHTNESS,
	      zones_parse_brightness), .each = true },
	{ PUT(GROUP "/color", "color", COMMAND_ZONE_SET_COLOR,
	      zones_parse_color), .each = true },
	{ PUT(GROUP "/render-mode", "render_mode", COMMAND_ZONE_SET_MODE,
	      zones_parse_mode), .each = true },
	{ PUT(GROUP "/animation", "animation_id", COMMAND_ZONE_SET_ANIMATION,
	      zones_parse_animation), .each = true },
	{ PUT(GROUP "/animation/parameters", "parameters", COMMAND_ZONE_SET_PARAMS,
	      zones_parse_params), .each = true },
	{ POST(GROUP "/animation/stop", COMMAND_ZONE_STOP_ANIMATION), .each = true },

	{ GET(V1 "/animations", animations_get_all, ROUTE_FROM_TABLE) },
	{ GET(V1 "/animations/{animation}", animations_get, ROUTE_FROM_TABLE) },
	{ GET(V1 "/animations/{animation}/miniature", gallery_get_miniature, ROUTE_FROM_TABLE) },
	{ GET(V1 "/palettes", gallery_get_palettes, ROUTE_FROM_TABLE) },

	{ GET(V1 "/presets", library_get_presets, ROUTE_FROM_LIBRARY) },
	{ GET(PRESET, library_get_preset, ROUTE_FROM_LIBRARY) },
	{ PUT(PRESET, "rgb", COMMAND_PRESET_PUT, library_parse_rgb), .new_item = true },
	{ .method = "PATCH", .path = PRESET,
	  .command = COMMAND_PRESET_CHANGE, .parse = library_parse_change },
	{ .method = "DELETE", .path = PRESET, .command = COMMAND_PRESET_REMOVE },
	{ .method = "POST", .path = PRESET "/recall",
	  .command = COMMAND_PRESET_RECALL, .parse = library_parse_preset_recall },

	{ GET(V1 "/scenes", library_get_scenes, ROUTE_FROM_LIBRARY) },
	{ GET(SCENE, library_get_scene, ROUTE_FROM_LIBRARY) },
	{ .method = "PUT", .path = SCENE, .command = COMMAND_SCENE_SAVE, .new_item = true },
	{ .method = "PATCH", .path = SCENE,
	  .command = COMMAND_SCENE_CHANGE, .parse = library_parse_change },
	{ .method = "DELETE", .path = SCENE, .command = COMMAND_SCENE_REMOVE },
	{ .method = "POST", .path = SCENE "/recall",
	  .command = COMMAND_SCENE_RECALL, .parse = library_parse_scene_recall },

	{ GET(V1 "/export", library_get_export, ROUTE_FROM_LIBRARY) },
	{ .method = "POST", .path = V1 "/import", .body_max = API_IMPORT_MAX,
	  .command = COMMAND_LIBRARY_IMPORT, .parse = library_parse_import },

	{ GET(V1 "/panel", station_get_panel, ROUTE_FROM_STATE) },
	{ POST(V1 "/panel/edit-mode", COMMAND_PANEL_EDIT_MODE) },
	{ POST(V1 "/panel/lamp-white", COMMAND_PANEL_LAMP_WHITE) },
	{ POST(V1 "/panel/power-toggle", COMMAND_PANEL_POWER) },
	{ POST(V1 "/panel/animation-toggle", COMMAND_PANEL_ANIMATION) },
	{ POST(V1 "/panel/select-next", COMMAND_PANEL_SELECT_NEXT) },
	{ POST(V1 "/panel/select-previous", COMMAND_PANEL_SELECT_PREVIOUS) },
	{ POST(V1 "/panel/target-next", COMMAND_PANEL_TARGET_NEXT) },
	{ POST(V1 "/panel/adjust", COMMAND_PANEL_ADJUST),
	  .member = "steps", .parse = station_parse_steps },
	{ POST(V1 "/frame-by-frame/enter", COMMAND_STEPPER_ENTER) },
	{ POST(V1 "/frame-by-frame/previous", COMMAND_STEPPER_PREVIOUS) },
	{ POST(V1 "/frame-by-frame/next", COMMAND_STEPPER_NEXT) },
	{ POST(V1 "/frame-by-frame/play", COMMAND_STEPPER_PLAY) },
	{ POST(V1 "/frame-by-frame/pause", COMMAND_STEPPER_PAUSE) },
	{ POST(V1 "/frame-by-frame/leave", COMMAND_STEPPER_LEAVE) },

	{ GET(V1 "/inputs", inputs_get_all, ROUTE_FROM_NOW) },
	{ GET(V1 "/actions", inputs_get_actions, ROUTE_FROM_TABLE) },
	{ GET(V1 "/bindings", inputs_get_bindings, ROUTE_FROM_DESK) },
	{ PUT(V1 "/bindings", "bindings", COMMAND_BINDINGS_SET, inputs_parse_bindings) },
	{ .method = "DELETE", .path = V1 "/bindings", .command = COMMAND_BINDINGS_SET },

	{ GET(V1 "/config", configuration_get, ROUTE_FROM_CONFIG) },
	{ PUT(V1 "/config", "config", COMMAND_CONFIG_CHANGE, configuration_parse_replace),
	  .body_max = API_CONFIG_MAX },
	{ .method = "PATCH", .path = V1 "/config", .member = "config",
	  .command = COMMAND_CONFIG_CHANGE, .parse = configuration_parse_merge,
	  .body_max = API_CONFIG_MAX },
	{ .method = "DELETE", .path = V1 "/config", .command = COMMAND_CONFIG_CHANGE },
	{ POST(V1 "/config/validate", COMMAND_CONFIG_CHANGE), .member = "config",
	  .parse = configuration_parse_check, .body_max = API_CONFIG_MAX },

	{ GET(V1 "/system/frames", station_get_frames, ROUTE_FROM_STATE) },
	{ PUT(V1 "/system/frames/fps", "fps", COMMAND_FRAMES_FPS, station_parse_fps) },
	{ POST(V1 "/system/frames/pause", COMMAND_FRAMES_PAUSE) },
	{ POST(V1 "/system/frames/resume", COMMAND_FRAMES_RESUME) },
	{ POST(V1 "/system/frames/step", COMMAND_FRAMES_STEP) },

	{ GET(V1 "/system/health", system_get_health, ROUTE_FROM_NOW) },
	{ GET(V1 "/system/info", system_get_info, ROUTE_FROM_NOW) },
	{ GET(V1 "/system/thermal", system_get_thermal, ROUTE_FROM_STATE) },
	{ GET(V1 "/system/power", system_get_power, ROUTE_FROM_STATE) },
	{ POST(V1 "/system/reload", COMMAND_SYSTEM_RELOAD) },
	{ POST(V1 "/system/shutdown", COMMAND_SYSTEM_SHUTDOWN) },
	{ GET(V1 "/system/tasks", system_get_tasks, ROUTE_FROM_NOW),
	  .query = QUERY_STATUS | QUERY_TASK_CATEGORY },
	{ GET(V1 "/system/tasks/tree", system_get_tasks_tree, ROUTE_FROM_TASKS) },
	{ GET(V1 "/system/tasks/active", system_get_active_tasks, ROUTE_FROM_TASKS) },
	{ GET(V1 "/system/tasks/failed", system_get_failed_tasks, ROUTE_FROM_TASKS) },
	{ GET(V1 "/system/tasks/summary", system_get_tasks_summary, ROUTE_FROM_TASKS) },

	{ POST(V1 "/system/tasks/{task}/cancel", COMMAND_TASK_CANCEL) },
	{ GET(V1 "/system/transitions", transitions_get_all, ROUTE_FROM_STATE) },
	{ GET(V1 "/system/transitions/{cause}", transitions_get, ROUTE_FROM_STATE) },
	{ .method = "PUT", .path = V1 "/system/transitions/{cause}",
	  .command = COMMAND_TRANSITION_SET, .parse = transitions_parse },
	{ GET(V1 "/system/tasks/{task}", system_get_task, ROUTE_FROM_NOW) },

	{ GET(V1 "/logger/levels", logger_get_levels, ROUTE_FROM_NOW) },
	{ .method = "PUT", .path = V1 "/logger/levels", .apply = logger_apply_levels },
	{ GET(V1 "/logger/categories", logger_get_categories, ROUTE_FROM_NOW) },
	{ GET(V1 "/logger/recent", logger_get_recent, ROUTE_FROM_NOW),
	  .query = QUERY_LIMIT | QUERY_LEVEL | QUERY_LOG_CATEGORY | QUERY_SINCE,
	  .limit_max = API_LOG_LINES_MAX, .limit_default = API_LOG_LINES_DEFAULT },

	{ GET(V1 "/events", events_get, ROUTE_FROM_NOW), .query = QUERY_LIMIT | QUERY_TYPE | QUERY_SINCE,
	  .limit_max = API_EVENTS_MAX, .limit_default = API_EVENTS_DEFAULT },

	{ .method = "GET", .path = V1 "/live", .way = ROUTE_LIVE, .query = QUERY_TOPICS },
	{ .method = "GET", .path = V1 "/events/stream", .way = ROUTE_STREAM,
	  .query = QUERY_TOPICS },

	{ .path = NULL },
};
/* clang-format on */
