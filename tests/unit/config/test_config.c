// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The configuration file: what is taken over, and that every mistake is told
 * with its place, what was found and what is allowed. The texts expected are
 * written here by hand from the rules in config/config.h.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/config.h"
#include "parse.h"

#define STRIP                                                                 \
	"\"outputs\":[{\"name\":\"main\",\"type\":\"virtual\",\"channels\":[" \
	"{\"pixels\":51,\"label\":\"MAIN\"},{\"pixels\":10,\"components\":4}]}]"
#define ZONE "\"id\":\"floor\",\"output\":\"main\",\"first\":0,\"count\":18"
/* A whole file with something more inside its only zone. */
#define WITH_ZONE(more) "{" STRIP ",\"zones\":[{" ZONE more "}]}"
/* A whole file with something more at its top. */
#define WITH_TOP(more) "{" STRIP ",\"zones\":[{" ZONE "}]" more "}"

static void a_small_file_gets_the_defaults(void **unused)
{
	struct config *config = parse(WITH_ZONE(""));
	const struct config_zone *zone = &config->zone[0];

	(void)unused;
	assert_int_equal(config->output_count, 1);
	assert_int_equal(config->output[0].type, CONFIG_OUTPUT_VIRTUAL);
	assert_int_equal(config->zone_count, 1);
	assert_string_equal(zone->config.id, "FLOOR");
	assert_string_equal(zone->config.display_name, "FLOOR");
	assert_true(zone->config.enabled);
	assert_false(zone->config.reversed);
	assert_int_equal(zone->config.channel, 0);
	assert_true(zone->state.is_on);
	assert_int_equal(zone->state.brightness, 100);
	assert_int_equal(zone->state.mode, ZONE_STATIC);
	/* warm_white of the origin's list of presets */
	assert_int_equal(zone->state.color.rgb.r, 255);
	assert_int_equal(zone->state.color.rgb.g, 200);
	assert_int_equal(zone->state.color.rgb.b, 150);
	assert_int_equal(config->fps, 60);
	/* the origin's transitions */
	assert_int_equal(config->transitions.of[TRANSITION_STARTUP].duration_ms, 2000);
	assert_int_equal(config->transitions.of[TRANSITION_MODE].duration_ms, 400);
	assert_int_equal(config->transitions.of[TRANSITION_ANIMATION].duration_ms, 400);
	assert_int_equal(config->transitions.of[TRANSITION_POWER].duration_ms, 400);
	assert_int_equal(config->transitions.of[TRANSITION_SHUTDOWN].duration_ms, 600);
	assert_string_equal(config->api.address, "127.0.0.1");
	assert_int_equal(config->api.port, 8080);
	assert_int_equal(config->log_level, LOG_LEVEL_INFO);
	config_free(config);
}

static void channels_lie_one_after_the_other_in_a_frame(void **unused)
{
	struct config *config = parse(WITH_ZONE(""));
	const struct output_geometry *geometry = &config->output[0].geometry;

	(void)unused;
	assert_int_equal(geometry->channels, 2);
	assert_int_equal(geometry->channel[0].offset, 0);
	assert_int_equal(geometry->channel[0].components, 3);
	assert_string_equal(geometry->channel[0].label, "MAIN");
	/* 51 pixels of 3 bytes, then 10 of 4 */
	assert_int_equal(geometry->channel[1].offset, 153);
	assert_int_equal(geometry->frame_bytes, 193);
	config_free(config);
}

static void every_value_is_taken_over(void **unused)
{
	struct config *config = parse(
		"{\"outputs\":[{\"name\":\"a\",\"type\":\"DEVICE\",\"path\":\"/dev/diuna1\"}],"
		"\"zones\":[{\"id\":\"L1\",\"display_name\":\"Lampe \xc3\xbc\",\"output\":\"a\","
		"\"channel\":1,\"first\":3,\"count\":4,\"reversed\":true,\"enabled\":false,"
		"\"start\":{\"is_on\":false,\"brightness\":7,"
		"\"color\":{\"mode\":\"hue\",\"hue\":120}}}],"
		"\"frames\":{\"fps\":240},\"transitions\":{\"startup\":{\"ms\":1},"
		"\"mode\":{\"ms\":2,\"kind\":\"Fade\"},\"power\":{\"ms\":60000},"
		"\"shutdown\":{\"ms\":4000,\"easing\":\"linear\"}},\"http\":{\"address\":\"::1\","
		"\"port\":0,"
		"\"hosts\":[\"lamp.local\",\"x\"]},\"log\":{\"level\":\"debug\"}}");
	const struct config_zone *zone = &config->zone[0];

	(void)unused;
	assert_int_equal(config->output[0].type, CONFIG_OUTPUT_DEVICE);
	assert_string_equal(config->output[0].path, "/dev/diuna1");
	assert_string_equal(zone->config.display_name, "Lampe \xc3\xbc");
	assert_string_equal(zone->config.output, "a");
	assert_int_equal(zone->output, 0);
	assert_int_equal(zone->config.channel, 1);
	assert_int_equal(zone->config.first, 3);
	assert_int_equal(zone->config.count, 4);
	assert_true(zone->config.reversed);
	assert_false(zone->config.enabled);
	assert_false(zone->state.is_on);
	assert_int_equal(zone->state.brightness, 7);
	assert_int_equal(zone->state.color.hue, 120);
	/* a third of the circle from red is green */
	assert_int_equal(zone->state.color.rgb.r, 0);
	assert_int_equal(zone->state.color.rgb.g, 255);
	assert_int_equal(config->fps, 240);
	assert_int_equal(config->transitions.of[TRANSITION_STARTUP].duration_ms, 1);
	assert_int_equal(config->transitions.of[TRANSITION_MODE].duration_ms, 2);
	assert_int_equal(config->transitions.of[TRANSITION_MODE].kind, ENGINE_FADE);
	assert_int_equal(config->transitions.of[TRANSITION_ANIMATION].kind, ENGINE_CROSSFADE);
	assert_int_equal(config->transitions.of[TRANSITION_POWER].duration_ms, 60000);
	assert_int_equal(config->transitions.of[TRANSITION_SHUTDOWN].duration_ms, 4000);
	assert_int_equal(config->transitions.of[TRANSITION_SHUTDOWN].curve, EASE_LINEAR);
	assert_string_equal(config->api.address, "::1");
	assert_int_equal(config->api.port, 0);
	assert_int_equal(config->api.host_count, 2);
	assert_string_equal(config->api.hosts[0], "lamp.local");
	assert_int_equal(config->log_level, LOG_LEVEL_DEBUG);
	config_free(config);
}

static void a_start_animation_runs_with_defaults_and_given_parameters(void **unused)
{
	struct config *config = parse(WITH_ZONE(
		",\"start\":{\"animation\":{\"id\":\"breathe\",\"parameters\":{\"speed\":7}}}"));
	const struct zone_state *state = &config->zone[0].state;
	const struct effect *effect = effect_at(state->animation);
	size_t i;

	(void)unused;
	assert_int_equal(state->mode, ZONE_ANIMATION);
	assert_string_equal(effect->id, "BREATHE");
	for (i = 0; i < effect->param_count; i++) {
		if (strcmp(effect->params[i].name, "speed"))
			assert_int_equal(state->params[i], effect->params[i].def);
		else
			assert_int_equal(state->params[i], 7);
	}
	config_free(config);
}

static void syntax_errors_have_line_and_column(void **unused)
{
	char error[CONFIG_ERROR_MAX];
	struct config *config = NULL;
	/* the second colon of line 3 is its sixth character */
	const char *text = "{\n \"a\": 1,\n \"b\":: 2\n}";

	(void)unused;
	assert_int_equal(config_parse(text, strlen(text), "x.json", &config, error), -EINVAL);
	assert_memory_equal(error, "x.json:3:6: ", 12);
	assert_null(config);
}

static void a_syntax_error_brings_no_control_characters_to_the_terminal(void **unused)
{
	char error[CONFIG_ERROR_MAX];
	struct config *config = NULL;
	/* ESC begins what a terminal obeys; outside of a string the message quotes it */
	const char *text = "{\n\033c}";
	const char *at;

	(void)unused;
	assert_int_equal(config_parse(text, strlen(text), "x.json", &config, error), -EINVAL);
	assert_non_null(strstr(error, "x.json:2:"));
	for (at = error; *at; at++)
		assert_in_range((unsigned char)*at, ' ', '~');
}

static void a_key_given_twice_is_refused(void **unused)
{
	char error[CONFIG_ERROR_MAX];
	struct config *config = NULL;
	const char *text = WITH_TOP(",\"log\":{},\n\"log\":{}");

	(void)unused;
	assert_int_equal(config_parse(text, strlen(text), "x.json", &config, error), -EINVAL);
	assert_memory_equal(error, "x.json:2:", 9);
	assert_non_null(strstr(error, "duplicate object key near '\"log\"'"));
}

static void zero_bytes_and_broken_utf8_are_refused(void **unused)
{
	char error[CONFIG_ERROR_MAX];
	struct config *config = NULL;

	(void)unused;
	assert_int_equal(config_parse("{\"a\":\"b\0c\"}", 11, "f", &config, error), -EINVAL);
	assert_int_equal(config_parse("{}\0", 3, "f", &config, error), -EINVAL);
	assert_int_equal(config_parse("{\"a\":\"\xff\"}", 9, "f", &config, error), -EINVAL);
	assert_null(config);
}

static void unknown_keys_are_refused_with_the_nearest_known_one(void **unused)
{
	(void)unused;
	expect_error(WITH_TOP(",\"frame\":{}"),
		     "file: /frame: unknown key, did you mean \"frames\"?");
	expect_error(
		WITH_TOP(",\"zebra\":{}"),
		"file: /zebra: unknown key, known here are version, include, outputs, palettes, "
		"programs, zones, inputs, bindings, frames, transitions, http, log, state, "
		"thermal");
	expect_error(WITH_ZONE(",\"cout\":3"),
		     "file: /zones/0/cout: unknown key, did you mean \"count\"?");
	expect_error(WITH_TOP(",\"http\":{\"prot\":1}"),
		     "file: /http/prot: unknown key, did you mean \"port\"?");
}

static void keys_in_pointers_are_escaped(void **unused)
{
	(void)unused;
	/* RFC 6901 section 3: ~ is ~0 and / is ~1 */
	expect_error(WITH_TOP(",\"log\":{\"a/b~c\":1}"),
		     "file: /log/a~1b~0c: unknown key, known here are level");
}

static void what_is_required_is_missed(void **unused)
{
	(void)unused;
	expect_error("{}", "file: \"outputs\" is missing: an array of outputs");
	expect_error("{" STRIP "}", "file: \"zones\" is missing: an array of zones");
	expect_error("{" STRIP ",\"zones\":[{\"id\":\"A\",\"output\":\"main\",\"first\":0}]}",
		     "file: /zones/0: \"count\" is missing: a whole number");
	expect_error("{\"outputs\":[{\"name\":\"a\",\"type\":\"device\"}],\"zones\":[]}",
		     "file: /outputs/0: \"path\" or \"label\" is missing: a device needs one, such "
		     "as the path \"/dev/diuna\"");
	expect_error("{\"outputs\":[{\"name\":\"a\",\"type\":\"virtual\"}],\"zones\":[]}",
		     "file: /outputs/0: \"channels\" is missing: a virtual output needs 1 to 8");
}

static void wrong_types_are_told_with_the_value(void **unused)
{
	(void)unused;
	expect_error("[]", "file: [] is not allowed, only an object");
	expect_error(WITH_ZONE(",\"channel\":\"0\""),
		     "file: /zones/0/channel: \"0\" is not allowed, only a whole number from 0 "
		     "to 7");
	expect_error(WITH_ZONE(",\"channel\":1.0"),
		     "file: /zones/0/channel: 1.0 is not allowed, only a whole number from 0 to "
		     "7");
	expect_error(WITH_ZONE(",\"enabled\":1"),
		     "file: /zones/0/enabled: 1 is not allowed, only true or false");
	expect_error(WITH_ZONE(",\"start\":null"),
		     "file: /zones/0/start: null is not allowed, only an object");
	expect_error(WITH_TOP(",\"frames\":[1]"),
		     "file: /frames: [1] is not allowed, only an object");
	expect_error(WITH_TOP(",\"log\":{\"level\":\"loud\"}"),
		     "file: /log/level: \"loud\" is not allowed, only one of \"error\", "
		     "\"warning\", \"info\", \"debug\"");
}

static void values_out_of_range_are_told_with_the_range(void **unused)
{
	(void)unused;
	expect_error(WITH_TOP(",\"frames\":{\"fps\":0}"),
		     "file: /frames/fps: 0 is not allowed, only a whole number from 1 to 240");
	expect_error(WITH_TOP(",\"frames\":{\"fps\":241}"),
		     "file: /frames/fps: 241 is not allowed, only a whole number from 1 to 240");
	expect_error(WITH_TOP(",\"frames\":{\"fps\":-1}"),
		     "file: /frames/fps: -1 is not allowed, only a whole number from 1 to 240");
	/* 2^32 + 60 would be 60 if it were cut to 32 bits */
	expect_error(WITH_TOP(",\"frames\":{\"fps\":4294967356}"),
		     "file: /frames/fps: 4294967356 is not allowed, only a whole number from 1 to "
		     "240");
	expect_error(WITH_TOP(",\"http\":{\"port\":65536}"),
		     "file: /http/port: 65536 is not allowed, only a whole number from 0 to 65535");
	expect_error(WITH_ZONE(",\"start\":{\"brightness\":101}"),
		     "file: /zones/0/start/brightness: 101 is not allowed, only a whole number "
		     "from 0 to 100");
}

static void long_values_are_quoted_in_part(void **unused)
{
	(void)unused;
	/* 60 bytes of the value and three dots */
	expect_error(WITH_TOP(",\"log\":{\"level\":\"0123456789012345678901234567890123456789"
			      "0123456789012345678901234567890123456789\"}"),
		     "file: /log/level: \"01234567890123456789012345678901234567890123456789012345"
		     "678... is not allowed, only one of \"error\", \"warning\", \"info\", "
		     "\"debug\"");
}

static void outputs_are_checked(void **unused)
{
	(void)unused;
	expect_error("{\"outputs\":[],\"zones\":[]}",
		     "file: /outputs: 0 entries are not allowed, only 1 to 16");
	expect_error("{\"outputs\":[{\"name\":\"a b\",\"type\":\"device\"}],\"zones\":[]}",
		     "file: /outputs/0/name: \"a b\" is not allowed, only 1 to 31 letters, "
		     "digits, _ and -");
	expect_error("{\"outputs\":[{\"name\":\"a\",\"type\":\"device\",\"path\":\"diuna\"}],"
		     "\"zones\":[]}",
		     "file: /outputs/0/path: \"diuna\" is not allowed, only an absolute path of at "
		     "most 255 bytes");
	expect_error("{\"outputs\":[{\"name\":\"a\",\"type\":\"device\",\"path\":\"/dev/a\"},"
		     "{\"name\":\"a\",\"type\":\"device\",\"path\":\"/dev/b\"}],\"zones\":[]}",
		     "file: /outputs/1/name: \"a\" is the name of another output already");
	/* they would take each other for another program that writes there */
	expect_error("{\"outputs\":[{\"name\":\"a\",\"type\":\"device\",\"path\":\"/dev/a\"},"
		     "{\"name\":\"b\",\"type\":\"device\",\"path\":\"/dev/a\"}],\"zones\":[]}",
		     "file: /outputs/1/path: \"/dev/a\" is the path of output a already");
	expect_error("{\"outputs\":[{\"name\":\"a\",\"type\":\"virtual\",\"channels\":["
		     "{\"pixels\":131072},{\"pixels\":1}]}],\"zones\":[]}",
		     "file: /outputs/0/channels/1: more than 131072 pixels in one output");
	expect_error("{\"outputs\":[{\"name\":\"a\",\"type\":\"virtual\",\"channels\":["
		     "{\"pixels\":1,\"components\":5}]}],\"zones\":[]}",
		     "file: /outputs/0/channels/0/components: 5 is not allowed, only a whole "
		     "number from 3 to 4");
}

#define DEVICE_ZONES(zones)                                                          \
	"{\"outputs\":[{\"name\":\"main\",\"type\":\"device\",\"path\":\"/dev/a\"}," \
	"{\"name\":\"aux\",\"type\":\"device\",\"path\":\"/dev/b\"}],\"zones\":[" zones "]}"

static void a_zone_or_group_has_as_many_pixels_as_can_be_drawn_in_one_go(void **unused)
{
	(void)unused;
	expect_error(DEVICE_ZONES("{\"id\":\"A\",\"output\":\"main\",\"parts\":["
				  "{\"first\":0,\"count\":8191},"
				  "{\"first\":8191,\"count\":2}]}"),
		     "file: /zones/0/parts: more than 8192 pixels in all");
	expect_error(DEVICE_ZONES("{\"id\":\"A\",\"output\":\"main\",\"first\":0,\"count\":4097},"
				  "{\"id\":\"B\",\"output\":\"aux\",\"first\":0,\"count\":4096},"
				  "{\"id\":\"G\",\"members\":[\"A\",\"B\"]}"),
		     "file: /zones/2/members: more than 8192 pixels in all");
	config_free(
		parse(DEVICE_ZONES("{\"id\":\"A\",\"output\":\"main\",\"first\":0,\"count\":4096},"
				   "{\"id\":\"B\",\"output\":\"aux\",\"first\":0,\"count\":4096},"
				   "{\"id\":\"G\",\"members\":[\"A\",\"B\"]}")));
	/* and what is wrong with a group's picture stands beside its members */
	expect_error(DEVICE_ZONES("{\"id\":\"A\",\"output\":\"main\",\"first\":0,\"count\":6},"
				  "{\"id\":\"G\",\"members\":[\"A\"],"
				  "\"matrix\":{\"width\":2,\"height\":2}}"),
		     "file: /zones/1/matrix: 2 times 2 is not 6, which is how many pixels it has");
}

#define DEVICE_COLORS(colors)                                                       \
	"{\"outputs\":[{\"name\":\"main\",\"type\":\"device\",\"path\":\"/dev/a\"," \
	"\"colors\":" colors "}],\"zones\":[{" ZONE "}]}"

static void colours_of_channels_are_taken_over_one_by_one(void **unused)
{
	struct config *config = parse(DEVICE_COLORS(
		"[{\"gamma\":2.8,\"balance\":[255,180,90]},{\"gamma\":1,\"white\":\"Neutral\"},"
		"{\"white\":2700,\"balance\":[1,2,3,4]}]"));
	const struct output_colors *colors = config->output[0].colors;

	(void)unused;
	assert_int_equal(colors[0].gamma, 280);
	assert_int_equal(colors[0].balance[1], 180);
	assert_int_equal(colors[0].balance[3], 255);
	assert_int_equal(colors[0].white, WHITE_NONE);
	assert_int_equal(colors[1].gamma, 100);
	assert_int_equal(colors[1].white, WHITE_NEUTRAL);
	/* the default */
	assert_int_equal(colors[2].gamma, 220);
	assert_int_equal(colors[2].white, 2700);
	assert_int_equal(colors[2].balance[3], 4);
	assert_int_equal(colors[7].gamma, 220);
	assert_int_equal(colors[7].balance[0], 255);
	config_free(config);
}

static void colours_of_channels_are_checked(void **unused)
{
	(void)unused;
	expect_error(DEVICE_COLORS("[{},{\"gamma\":0.9}]"),
		     "file: /outputs/0/colors/1/gamma: 0.9 is not allowed, only a "
		     "number from 1 to 4");
	expect_error(
		DEVICE_COLORS("[{\"gamma\":\"2.2\"}]"),
		"file: /outputs/0/colors/0/gamma: \"2.2\" is not allowed, only a number from 1 "
		"to 4");
	expect_error(DEVICE_COLORS("[{\"balance\":[1,2]}]"),
		     "file: /outputs/0/colors/0/balance: [1,2] is not allowed, only three or four "
		     "whole numbers from 0 to 255");
	expect_error(DEVICE_COLORS("[{\"balance\":[1,2,256]}]"),
		     "file: /outputs/0/colors/0/balance: [1,2,256] is not allowed, only three or "
		     "four whole numbers from 0 to 255");
	expect_error(DEVICE_COLORS("[{\"white\":999}]"),
		     "file: /outputs/0/colors/0/white: 999 is not allowed, only \"none\", "
		     "\"neutral\" or a whole number from 1000 to 15000");
	expect_error(DEVICE_COLORS("[{},{},{},{},{},{},{},{},{}]"),
		     "file: /outputs/0/colors: 9 entries are not allowed, only 0 to 8");
}

static void zones_are_checked(void **unused)
{
	(void)unused;
	expect_error("{" STRIP ",\"zones\":[{\"id\":\"A-B\",\"output\":\"main\",\"first\":0,"
		     "\"count\":1}]}",
		     "file: /zones/0/id: \"A-B\" is not allowed, only 1 to 31 letters, digits and "
		     "_");
	expect_error("{" STRIP ",\"zones\":[{\"id\":\"\",\"output\":\"main\",\"first\":0,"
		     "\"count\":1}]}",
		     "file: /zones/0/id: \"\" is not allowed, only 1 to 31 letters, digits and _");
	expect_error(WITH_ZONE(",\"display_name\":\"a\\nb\""),
		     "file: /zones/0/display_name: \"a\\nb\" is not allowed, only a text of at "
		     "most 63 bytes without control characters");
	expect_error("{" STRIP ",\"zones\":[{" ZONE "},{\"id\":\"FLOOR\",\"output\":\"main\","
		     "\"first\":20,\"count\":1}]}",
		     "file: /zones/1/id: \"FLOOR\" is the id of another zone already");
	expect_error("{" STRIP ",\"zones\":[{\"id\":\"A\",\"output\":\"mian\",\"first\":0,"
		     "\"count\":1}]}",
		     "file: /zones/0/output: \"mian\" is not allowed, only the name of an output; "
		     "did you mean \"main\"?");
}

static void zones_lie_within_the_strip_and_beside_each_other(void **unused)
{
	struct config *config;

	(void)unused;
	expect_error(WITH_ZONE(",\"channel\":2"),
		     "file: /zones/0/channel: 2 is not allowed, only 0 to 1: \"main\" has 2 "
		     "channels");
	expect_error(WITH_ZONE(",\"channel\":1"),
		     "file: /zones/0/count: pixels 0 to 17 do not fit, channel 1 of \"main\" has "
		     "10");
	expect_error("{" STRIP ",\"zones\":[{" ZONE "},{\"id\":\"B\",\"output\":\"main\","
		     "\"first\":17,\"count\":2}]}",
		     "file: /zones/1/first: pixels 17 to 18 overlap zone FLOOR (0 to 17); another "
		     "\"layer\" says which one covers the other");
	expect_error("{" STRIP ",\"zones\":[{\"id\":\"A\",\"output\":\"main\",\"first\":50,"
		     "\"count\":2}]}",
		     "file: /zones/0/count: pixels 50 to 51 do not fit, channel 0 of \"main\" has "
		     "51");
	/* to the last pixel, next to each other, and the same place of another channel */
	config = parse("{" STRIP ",\"zones\":[{" ZONE "},{\"id\":\"B\",\"output\":\"main\","
		       "\"first\":18,\"count\":33},{\"id\":\"C\",\"output\":\"main\","
		       "\"channel\":1,\"first\":0,\"count\":10}]}");
	assert_int_equal(config->zone_count, 3);
	config_free(config);
}

static void colours_are_checked(void **unused)
{
	(void)unused;
	expect_error(WITH_ZONE(",\"start\":{\"color\":{\"hue\":1}}"),
		     "file: /zones/0/start/color: \"mode\" is missing: one of \"HUE\", \"PRESET\", "
		     "\"RGB\", \"HSV\", \"KELVIN\", \"HEX\"");
	expect_error(WITH_ZONE(",\"start\":{\"color\":{\"mode\":\"KELVIN\",\"kelvin\":999}}"),
		     "file: /zones/0/start/color/kelvin: 999 is not allowed, only a whole number "
		     "from 1000 to 15000");
	expect_error(WITH_ZONE(",\"start\":{\"color\":{\"mode\":\"HSV\",\"hsv\":[0,0,101]}}"),
		     "file: /zones/0/start/color/hsv: [0,0,101] is not allowed, only a hue from 0 "
		     "to 360, and saturation and value from 0 to 100");
	expect_error(
		WITH_ZONE(",\"start\":{\"color\":{\"mode\":\"HEX\",\"hex\":\"#12345\"}}"),
		"file: /zones/0/start/color/hex: \"#12345\" is not allowed, only a text of # and "
		"six hexadecimal digits, such as \"#ff8000\"");
	expect_error(WITH_ZONE(",\"start\":{\"color\":{\"mode\":\"HUE\",\"hue\":361}}"),
		     "file: /zones/0/start/color/hue: 361 is not allowed, only a whole number from "
		     "0 to 360");
	expect_error(WITH_ZONE(",\"start\":{\"color\":{\"mode\":\"RGB\",\"rgb\":[0,0,256]}}"),
		     "file: /zones/0/start/color/rgb: [0,0,256] is not allowed, only three whole "
		     "numbers from 0 to 255");
	expect_error(WITH_ZONE(",\"start\":{\"color\":{\"mode\":\"PRESET\","
			       "\"preset_name\":\"ornage\"}}"),
		     "file: /zones/0/start/color/preset_name: \"ornage\" is not allowed, only the "
		     "name of a preset; did you mean \"orange\"?");
	expect_error(WITH_ZONE(",\"start\":{\"color\":{\"mode\":\"HUE\"}}"),
		     "file: /zones/0/start/color: \"hue\" is missing: mode HUE needs it");
	expect_error(WITH_ZONE(",\"start\":{\"color\":{\"mode\":\"HUE\",\"hue\":1,"
			       "\"rgb\":[1,2,3]}}"),
		     "file: /zones/0/start/color: \"rgb\" does not go with mode HUE");
}

static void animations_are_checked(void **unused)
{
	(void)unused;
	expect_error(WITH_ZONE(",\"start\":{\"animation\":{\"id\":\"snaek\"}}"),
		     "file: /zones/0/start/animation/id: \"snaek\" is not allowed, only the name "
		     "of an animation; did you mean \"SNAKE\"?");
	expect_error(WITH_ZONE(",\"start\":{\"animation\":{\"id\":\"SNAKE\","
			       "\"parameters\":{\"sped\":1}}}"),
		     "file: /zones/0/start/animation/parameters/sped: SNAKE has no such parameter, "
		     "did you mean \"speed\"?");
	/* speed is 1 to 100 % in the original system */
	expect_error(WITH_ZONE(",\"start\":{\"animation\":{\"id\":\"SNAKE\","
			       "\"parameters\":{\"speed\":101}}}"),
		     "file: /zones/0/start/animation/parameters/speed: 101 is not allowed, only a "
		     "whole number from 1 to 100");
}

static void only_loopback_addresses_are_listened_on(void **unused)
{
	static const char *const refused[] = { "0.0.0.0", "192.168.1.2",  "localhost",
					       "::",	  "127.0.0.1:80", "" };
	char text[512], expected[256];
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		snprintf(text, sizeof(text), WITH_TOP(",\"http\":{\"address\":\"%s\"}"),
			 refused[i]);
		snprintf(expected, sizeof(expected),
			 "file: /http/address: \"%s\" is not allowed, only a loopback address such "
			 "as 127.0.0.1 or ::1, or any with a \"token_file\"",
			 refused[i]);
		/* what is no address at all is refused as such */
		if (i == 2 || i > 3)
			snprintf(
				expected, sizeof(expected),
				"file: /http/address: \"%s\" is not allowed, only an address such "
				"as 127.0.0.1 or ::1; with a token_file others than the loopback's "
				"too",
				refused[i]);
		expect_error(text, expected);
	}
	config_free(parse(WITH_TOP(",\"http\":{\"address\":\"127.9.9.9\"}")));
	expect_error(WITH_TOP(",\"http\":{\"hosts\":[\"ok\",\"no:80\"]}"),
		     "file: /http/hosts/1: \"no:80\" is not allowed, only a host name without "
		     "port, such as \"lamp.local\"");
}

/* No start of a good file is a good file, and none reads what is not there (ASan watches). */
static void no_truncated_file_is_taken(void **unused)
{
	const char *text = WITH_ZONE(",\"start\":{\"animation\":{\"id\":\"SNAKE\"}}");
	char error[CONFIG_ERROR_MAX];
	struct config *config = NULL;
	size_t n;
	char *part;

	(void)unused;
	for (n = 0; n < strlen(text); n++) {
		part = malloc(n + !n);
		memcpy(part, text, n);
		assert_int_equal(config_parse(part, n, "f", &config, error), -EINVAL);
		free(part);
	}
	assert_null(config);
}

/* Any byte of a good file replaced by any of these gives a configuration or an error, no crash. */
static void changed_bytes_do_no_harm(void **unused)
{
	static const char bytes[] = "\"{}[],:0-9.eE\\\x01\xff~/ntf";
	const char *text = WITH_TOP(",\"http\":{\"hosts\":[\"a\"]},\"log\":{\"level\":\"info\"}");
	size_t length = strlen(text), i, j, taken = 0;
	char error[CONFIG_ERROR_MAX];
	struct config *config;
	char *copy = malloc(length);

	(void)unused;
	for (i = 0; i < length; i++) {
		for (j = 0; j < sizeof(bytes); j++) {
			memcpy(copy, text, length);
			copy[i] = bytes[j];
			config = NULL;
			error[0] = '\0';
			if (config_parse(copy, length, "f", &config, error) < 0) {
				assert_null(config);
				assert_true(error[0]);
			} else {
				taken++;
				config_free(config);
			}
		}
	}
	free(copy);
	assert_true(taken);
}

static void files_that_cannot_be_read_are_told(void **unused)
{
	char error[CONFIG_ERROR_MAX];
	struct config *config = NULL;

	(void)unused;
	assert_int_equal(config_load("/nowhere/x.json", &config, error), -ENOENT);
	assert_string_equal(error, "/nowhere/x.json: No such file or directory");
	assert_int_equal(config_load("/tmp", &config, error), -EISDIR);
	assert_string_equal(error, "/tmp: Is a directory");
	/* endless, so larger than any limit */
	assert_int_equal(config_load("/dev/zero", &config, error), -EFBIG);
	assert_string_equal(error, "/dev/zero: File too large");
	assert_null(config);
}

#define MAIN \
	"{\"outputs\":[{\"name\":\"main\",\"type\":\"virtual\",\"channels\":[{\"pixels\":20}]}],"

static void a_zone_may_have_gaps_a_layer_and_be_a_matrix(void **unused)
{
	struct config *config;
	const struct zone_config *zone;

	(void)unused;
	config = parse(MAIN "\"zones\":[{\"id\":\"A\",\"output\":\"main\",\"parts\":[{\"first\":0,"
			    "\"count\":4},{\"first\":6,\"count\":2}],\"matrix\":{\"width\":3,"
			    "\"height\":2,\"serpentine\":true,\"rotation\":270}},"
			    "{\"id\":\"B\",\"output\":\"main\",\"first\":4,\"count\":2},"
			    "{\"id\":\"C\",\"output\":\"main\",\"first\":0,\"count\":20,"
			    "\"layer\":2}]}");
	zone = &config->zone[0].config;
	assert_int_equal(zone->part_count, 2);
	assert_int_equal(zone->part[1].first, 6);
	assert_int_equal(zone->count, 6);
	assert_int_equal(zone->width, 3);
	assert_int_equal(zone->height, 2);
	assert_true(zone->serpentine);
	assert_int_equal(zone->rotation, 3);
	assert_int_equal(config->zone[2].config.layer, 2);
	config_free(config);
	expect_error(
		MAIN "\"zones\":[{\"id\":\"A\",\"output\":\"main\",\"parts\":[{\"first\":0,"
		     "\"count\":4},{\"first\":6,\"count\":2}]},"
		     "{\"id\":\"B\",\"output\":\"main\",\"first\":7,\"count\":2}]}",
		"file: /zones/1/first: pixels 7 to 8 overlap zone A (6 to 7); another \"layer\" "
		"says which one covers the other");
	expect_error(MAIN "\"zones\":[{\"id\":\"A\",\"output\":\"main\",\"first\":0,\"count\":6,"
			  "\"matrix\":{\"width\":3,\"height\":3}}]}",
		     "file: /zones/0/matrix: 3 times 3 is not 6, which is how many pixels it has");
	expect_error(MAIN "\"zones\":[{\"id\":\"A\",\"output\":\"main\",\"first\":0,\"count\":6,"
			  "\"matrix\":{\"width\":3,\"height\":2,\"rotation\":45}}]}",
		     "file: /zones/0/matrix/rotation: 45 is not allowed, only one of 0, 90, 180 "
		     "and 270");
	expect_error(MAIN "\"zones\":[{\"id\":\"A\",\"output\":\"main\",\"first\":0,\"parts\":"
			  "[{\"first\":0,\"count\":4}]}]}",
		     "file: /zones/0: \"first\" does not go with \"parts\"");
}

static void a_group_lies_over_its_members_and_is_off_at_first(void **unused)
{
	struct config *config;
	const struct zone_config *zone;

	(void)unused;
	config = parse(MAIN "\"zones\":[{\"id\":\"A\",\"output\":\"main\",\"first\":0,\"count\":4},"
			    "{\"id\":\"B\",\"output\":\"main\",\"first\":4,\"count\":3,"
			    "\"layer\":5},{\"id\":\"G\",\"members\":[\"b\",\"A\"]}]}");
	zone = &config->zone[2].config;
	assert_int_equal(zone->member_count, 2);
	assert_int_equal(zone->member[0], 1);
	assert_int_equal(zone->member[1], 0);
	assert_int_equal(zone->count, 7);
	assert_int_equal(zone->layer, 6);
	assert_string_equal(zone->output, "main");
	assert_false(config->zone[2].state.is_on);
	assert_true(config->zone[1].state.is_on);
	config_free(config);
	expect_error(MAIN "\"zones\":[{\"id\":\"AREA\",\"output\":\"main\",\"first\":0,"
			  "\"count\":4},{\"id\":\"G\",\"members\":[\"ARIA\"]}]}",
		     "file: /zones/1/members/0: \"ARIA\" is not allowed, only the name of a zone "
		     "before it; did you mean \"AREA\"?");
	expect_error(MAIN "\"zones\":[{\"id\":\"A\",\"output\":\"main\",\"first\":0,\"count\":4},"
			  "{\"id\":\"G\",\"members\":[\"A\"],\"first\":0}]}",
		     "file: /zones/1: \"first\" does not go with \"members\"");
}

/* One zone, and what is said of programs; the rest of both is as it may be. */
#define PROGRAM(program)              \
	MAIN "\"programs\":[" program \
	     "],\"zones\":[{\"id\":\"A\",\"output\":\"main\",\"first\":0,\"count\":4}]}"

static void programs_are_taken_over_and_a_zone_may_start_in_one(void **unused)
{
	struct config *config = parse(MAIN "\"programs\":[{\"id\":\"fan\",\"command\":[\"/bin/"
					   "fan\",\"-r\",\"\"],\"live\":true,"
					   "\"silence_ms\":0}],\"zones\":[{\"id\":\"A\",\"output\":"
					   "\"main\",\"first\":0,\"count\":4,"
					   "\"start\":{\"animation\":{\"id\":\"Fan\"}}}]}");
	size_t built_in = 0;
	char *text;

	(void)unused;
	while (effect_at(built_in))
		built_in++;
	assert_int_equal(config->program_count, 1);
	assert_string_equal(config->program[0].id, "FAN");
	assert_string_equal(config->program[0].label, "FAN");
	assert_int_equal(config->program[0].words, 3);
	assert_memory_equal(config->program[0].command, "/bin/fan\0-r\0", 13);
	assert_true(config->program[0].live);
	/* README.md of scripts/animations: 5 s for the first picture */
	assert_int_equal(config->program[0].start_ms, 5000);
	assert_int_equal(config->program[0].silence_ms, 0);
	/* programs come behind what is built in */
	assert_int_equal(config->zone[0].state.mode, ZONE_ANIMATION);
	assert_int_equal(config->zone[0].state.animation, built_in);
	text = config_text(config);
	assert_non_null(strstr(text, "\"id\": \"FAN\""));
	free(text);
	config_free(config);
}

static void programs_are_checked(void **unused)
{
	(void)unused;
	expect_error(
		PROGRAM("{\"id\":\"FAN\",\"command\":[\"fan\"]}"),
		"file: /programs/0/command/0: \"fan\" is not allowed, only the absolute path of a "
		"program");
	expect_error(PROGRAM("{\"id\":\"FAN\",\"command\":[\"/bin/fan\",1]}"),
		     "file: /programs/0/command/1: 1 is not allowed, only a text");
	expect_error(PROGRAM("{\"id\":\"FAN\"}"), "file: /programs/0: \"command\" is missing: an "
						  "array of 1 to 16 texts, the first an "
						  "absolute path");
	expect_error(PROGRAM("{\"id\":\"rainbow\",\"command\":[\"/bin/fan\"]}"),
		     "file: /programs/0/id: \"RAINBOW\" is the id of another animation already");
	expect_error(PROGRAM("{\"id\":\"FAN\",\"command\":[\"/bin/fan\"]},"
			     "{\"id\":\"fan\",\"command\":[\"/bin/fan\"]}"),
		     "file: /programs/1/id: \"FAN\" is the id of another animation already");
	expect_error(PROGRAM("{\"id\":\"FAN\",\"command\":[\"/bin/fan\"],\"start_ms\":0}"),
		     "file: /programs/0/start_ms: 0 is not allowed, only a whole number from 1 to "
		     "86400000");
	expect_error(
		MAIN
		"\"programs\":[{\"id\":\"FAN\",\"command\":[\"/bin/fan\"]}],"
		"\"zones\":[{\"id\":\"A\",\"output\":\"main\",\"first\":0,\"count\":4,\"start\":"
		"{\"animation\":{\"id\":\"FAN\",\"parameters\":{\"speed\":1}}}}]}",
		"file: /zones/0/start/animation/parameters/speed: a program has no such parameter");
}

static void limits_of_temperature_are_checked(void **unused)
{
	struct config *config = parse(WITH_TOP(",\"thermal\":{\"cool_c\":80}"));

	(void)unused;
	/* the original system's: 80 degrees and 30 frames a second */
	assert_int_equal(config->thermal.hot_c, 80);
	assert_int_equal(config->thermal.cool_c, 80);
	assert_int_equal(config->thermal.fps, 30);
	config_free(config);
	expect_error(WITH_TOP(",\"thermal\":{\"cool_c\":81}"),
		     "file: /thermal: \"cool_c\" is 81, but not above \"hot_c\", which is 80");
	expect_error(
		WITH_TOP(",\"thermal\":{\"sensor\":\"temp\"}"),
		"file: /thermal/sensor: \"temp\" is not allowed, only an absolute path of at most "
		"255 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_small_file_gets_the_defaults),
		cmocka_unit_test(channels_lie_one_after_the_other_in_a_frame),
		cmocka_unit_test(every_value_is_taken_over),
		cmocka_unit_test(a_start_animation_runs_with_defaults_and_given_parameters),
		cmocka_unit_test(syntax_errors_have_line_and_column),
		cmocka_unit_test(a_syntax_error_brings_no_control_characters_to_the_terminal),
		cmocka_unit_test(a_key_given_twice_is_refused),
		cmocka_unit_test(zero_bytes_and_broken_utf8_are_refused),
		cmocka_unit_test(unknown_keys_are_refused_with_the_nearest_known_one),
		cmocka_unit_test(keys_in_pointers_are_escaped),
		cmocka_unit_test(what_is_required_is_missed),
		cmocka_unit_test(a_zone_may_have_gaps_a_layer_and_be_a_matrix),
		cmocka_unit_test(a_group_lies_over_its_members_and_is_off_at_first),
		cmocka_unit_test(wrong_types_are_told_with_the_value),
		cmocka_unit_test(values_out_of_range_are_told_with_the_range),
		cmocka_unit_test(long_values_are_quoted_in_part),
		cmocka_unit_test(outputs_are_checked),
		cmocka_unit_test(a_zone_or_group_has_as_many_pixels_as_can_be_drawn_in_one_go),
		cmocka_unit_test(colours_of_channels_are_taken_over_one_by_one),
		cmocka_unit_test(colours_of_channels_are_checked),
		cmocka_unit_test(zones_are_checked),
		cmocka_unit_test(zones_lie_within_the_strip_and_beside_each_other),
		cmocka_unit_test(colours_are_checked),
		cmocka_unit_test(animations_are_checked),
		cmocka_unit_test(programs_are_taken_over_and_a_zone_may_start_in_one),
		cmocka_unit_test(programs_are_checked),
		cmocka_unit_test(limits_of_temperature_are_checked),
		cmocka_unit_test(only_loopback_addresses_are_listened_on),
		cmocka_unit_test(no_truncated_file_is_taken),
		cmocka_unit_test(changed_bytes_do_no_harm),
		cmocka_unit_test(files_that_cannot_be_read_are_told),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
