// SPDX-License-Identifier: GPL-2.0-or-later
/* api/zones.h and api/animations.h: bodies into commands, snapshots into answers */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/animations.h"
#include "api/request.h"
#include "api/zones.h"
#include "fake.h"

static struct state_snapshot snapshot;
static struct library library;
static const struct view view = { .state = &snapshot, .library = &library };

static int setup(void **state)
{
	(void)state;
	fake_state(&snapshot);
	return 0;
}

/* Read @body (' for ") as the body of the route that wants @member, for zone FLOOR. */
static unsigned int command_of(const char *member, const char *body, struct command *ret_command,
			       struct problem *problem)
{
	struct request request = { 0 };
	char text[1024], *c;
	bool fine;

	memset(problem, 0, sizeof(*problem));
	/* what no command says: shows what was written */
	memset(ret_command, 0x5a, sizeof(*ret_command));
	ret_command->zone = 0;
	ret_command->each = false;
	for (const struct route *route = route_table; route->path; route++)
		if (!route->get && (member ? route->member && !strcmp(route->member, member)
					   : !route->member && !route->parse))
			request.match.route = route;
	assert_non_null(request.match.route);

	assert_true(strlen(body) < sizeof(text));
	strcpy(text, body);
	for (c = text; *c; c++)
		if (*c == '\'')
			*c = '"';
	request.body = text;
	request.body_length = strlen(text);
	fine = request_read_command(&request, &view, ret_command, problem);
	assert_int_equal(fine, !problem->status);
	return problem->status;
}

static void taken(const char *member, const char *body, struct command *ret_command)
{
	struct problem problem;

	if (command_of(member, body, ret_command, &problem))
		print_error("%s: %s\n", body, problem.detail);
	assert_int_equal(problem.status, 0);
}

/* Refused with 422, and the first error is of @field and allows @allowed (a part of it). */
static void refused(const char *member, const char *body, const char *field, const char *allowed)
{
	struct problem problem;
	struct command command;

	if (command_of(member, body, &command, &problem) != 422 ||
	    strcmp(problem.error[0].field, field) || !strstr(problem.error[0].allowed, allowed))
		print_error("%s: %u %s: %s\n", body, problem.status, problem.error[0].field,
			    problem.error[0].allowed);
	assert_int_equal(problem.status, 422);
	assert_string_equal(problem.error[0].in, "body");
	assert_string_equal(problem.error[0].field, field);
	assert_non_null(strstr(problem.error[0].allowed, allowed));
}

static void zones_are_found_in_any_case(void **state)
{
	struct problem problem = { 0 };

	(void)state;
	assert_int_equal(zones_find(&view, "FLOOR", &problem), 0);
	assert_int_equal(zones_find(&view, "circle", &problem), 1);
	assert_int_equal(zones_find(&view, "FlOoR", &problem), 0);
	assert_int_equal(problem.status, 0);
}

static void an_unknown_zone_is_named_with_what_there_is(void **state)
{
	struct problem problem = { 0 };

	(void)state;
	assert_true(zones_find(&view, "FLOR", &problem) < 0);
	assert_int_equal(problem.status, 404);
	assert_string_equal(problem.detail, "there is no zone \"FLOR\"; did you mean \"FLOOR\"?");
	assert_string_equal(problem.error[0].in, "path");
	assert_string_equal(problem.error[0].value, "\"FLOR\"");
	assert_string_equal(problem.error[0].allowed, "one of \"FLOOR\", \"CIRCLE\"");
	assert_true(zones_find(&view, "", &problem) < 0);
	assert_true(zones_find(&view, "FLOOR ", &problem) < 0);
	snapshot.zone_count = 0;
	assert_true(zones_find(&view, "FLOOR", &problem) < 0);
	assert_string_equal(problem.detail, "there is no zone \"FLOOR\"");
}

static void is_on_takes_true_and_false(void **state)
{
	struct command command;

	(void)state;
	taken("is_on", "{'is_on':true}", &command);
	assert_true(command.is_on);
	taken("is_on", "{'is_on':false}", &command);
	assert_false(command.is_on);
	refused("is_on", "{'is_on':1}", "/is_on", "true or false");
	refused("is_on", "{'is_on':'true'}", "/is_on", "true or false");
	refused("is_on", "{'is_on':null}", "/is_on", "true or false");
	refused("is_on", "{}", "/is_on", "true or false");
	refused("is_on", "true", "", "an object");
	refused("is_on", "{'is_on':true,'is_off':false}", "/is_off", "a member named \"is_on\"");
}

static void brightness_is_0_to_100(void **state)
{
	struct command command;

	(void)state;
	taken("brightness", "{'brightness':0}", &command);
	assert_int_equal(command.brightness, 0);
	taken("brightness", "{'brightness':100}", &command);
	assert_int_equal(command.brightness, 100);
	refused("brightness", "{'brightness':-1}", "/brightness", "a whole number from 0 to 100");
	refused("brightness", "{'brightness':101}", "/brightness", "a whole number from 0 to 100");
	refused("brightness", "{'brightness':256}", "/brightness", "a whole number from 0 to 100");
	refused("brightness", "{'brightness':50.5}", "/brightness", "a whole number from 0 to 100");
	refused("brightness", "{'brightness':'50'}", "/brightness", "a whole number from 0 to 100");
	refused("brightness", "{}", "/brightness", "a whole number from 0 to 100");
	refused("brightness", "[50]", "", "an object");
}

static void a_colour_by_hue_is_0_to_360_degrees(void **state)
{
	struct command command;

	(void)state;
	taken("color", "{'color':{'mode':'HUE','hue':240}}", &command);
	assert_int_equal(command.color.mode, ZONE_COLOR_HUE);
	assert_int_equal(command.color.hue, 240);
	/* 240 degrees is pure blue */
	assert_int_equal(command.color.rgb.r, 0);
	assert_int_equal(command.color.rgb.g, 0);
	assert_int_equal(command.color.rgb.b, 255);
	assert_int_equal(command.color.rgb.w, 0);
	taken("color", "{'color':{'mode':'hue','hue':0}}", &command);
	taken("color", "{'color':{'hue':360,'mode':'Hue'}}", &command);
	assert_int_equal(command.color.hue, 360);
	/* 360 degrees is red again */
	assert_int_equal(command.color.rgb.r, 255);
	refused("color", "{'color':{'mode':'HUE','hue':361}}", "/color/hue",
		"a whole number from 0 to 360");
	refused("color", "{'color':{'mode':'HUE','hue':-1}}", "/color/hue",
		"a whole number from 0 to 360");
	refused("color", "{'color':{'mode':'HUE','hue':1.5}}", "/color/hue",
		"a whole number from 0 to 360");
	refused("color", "{'color':{'mode':'HUE'}}", "/color/hue", "a whole number from 0 to 360");
}

static void a_colour_by_preset_is_one_of_the_names(void **state)
{
	struct command command;

	(void)state;
	taken("color", "{'color':{'mode':'PRESET','preset_name':'warm_white'}}", &command);
	assert_int_equal(command.color.mode, ZONE_COLOR_PRESET);
	assert_string_equal(color_presets(NULL)[command.color.preset].name, "warm_white");
	/* the original's list: warm_white (255,200,150) */
	assert_int_equal(command.color.rgb.r, 255);
	assert_int_equal(command.color.rgb.g, 200);
	assert_int_equal(command.color.rgb.b, 150);
	taken("color", "{'color':{'mode':'PRESET','preset_name':'Off'}}", &command);
	assert_int_equal(command.color.rgb.r, 0);
	refused("color", "{'color':{'mode':'PRESET','preset_name':'warmwhite'}}",
		"/color/preset_name", "did you mean \"warm_white\"?");
	refused("color", "{'color':{'mode':'PRESET','preset_name':'beige'}}", "/color/preset_name",
		"one of \"red\", \"orange\"");
	refused("color", "{'color':{'mode':'PRESET','preset_name':3}}", "/color/preset_name",
		"one of \"red\"");
	refused("color", "{'color':{'mode':'PRESET'}}", "/color/preset_name", "one of \"red\"");
}

static void a_colour_by_rgb_is_three_integers_to_255(void **state)
{
	struct command command;

	(void)state;
	taken("color", "{'color':{'mode':'RGB','rgb':[1,0,255]}}", &command);
	assert_int_equal(command.color.mode, ZONE_COLOR_RGB);
	assert_int_equal(command.color.rgb.r, 1);
	assert_int_equal(command.color.rgb.g, 0);
	assert_int_equal(command.color.rgb.b, 255);
	assert_int_equal(command.color.rgb.w, 0);
	refused("color", "{'color':{'mode':'RGB','rgb':[0,0]}}", "/color/rgb",
		"an array of 3 integers from 0 to 255");
	refused("color", "{'color':{'mode':'RGB','rgb':[0,0,0,0]}}", "/color/rgb", "an array of 3");
	refused("color", "{'color':{'mode':'RGB','rgb':'#ff0000'}}", "/color/rgb", "an array of 3");
	refused("color", "{'color':{'mode':'RGB'}}", "/color/rgb", "an array of 3");
	refused("color", "{'color':{'mode':'RGB','rgb':[0,256,0]}}", "/color/rgb/1",
		"a whole number from 0 to 255");
	refused("color", "{'color':{'mode':'RGB','rgb':[0,0,-1]}}", "/color/rgb/2",
		"a whole number from 0 to 255");
	refused("color", "{'color':{'mode':'RGB','rgb':[0.0,0,0]}}", "/color/rgb/0",
		"a whole number from 0 to 255");
	refused("color", "{'color':{'mode':'RGB','rgb':[null,0,0]}}", "/color/rgb/0",
		"a whole number from 0 to 255");
}

static void a_colour_by_hsv_is_degrees_and_percent(void **state)
{
	struct command command;

	(void)state;
	taken("color", "{'color':{'mode':'HSV','hsv':[120,50,100]}}", &command);
	assert_int_equal(command.color.mode, ZONE_COLOR_HSV);
	assert_int_equal(command.color.hsv.hue, 120);
	assert_int_equal(command.color.hsv.saturation, 50);
	assert_int_equal(command.color.hsv.value, 100);
	/* full green, the others at 255 x (1 - 0.5) = 127.5 */
	assert_int_equal(command.color.rgb.r, 128);
	assert_int_equal(command.color.rgb.g, 255);
	refused("color", "{'color':{'mode':'HSV','hsv':[361,0,0]}}", "/color/hsv/0",
		"a whole number from 0 to 360");
	refused("color", "{'color':{'mode':'HSV','hsv':[0,101,0]}}", "/color/hsv/1",
		"a whole number from 0 to 100");
	refused("color", "{'color':{'mode':'HSV','hsv':[0,0,-1]}}", "/color/hsv/2",
		"a whole number from 0 to 100");
	refused("color", "{'color':{'mode':'HSV','hsv':[0,0]}}", "/color/hsv",
		"an array of a hue from 0 to 360");
	refused("color", "{'color':{'mode':'HSV'}}", "/color/hsv", "an array of a hue");
}

static void a_colour_by_kelvin_is_1000_to_15000(void **state)
{
	struct command command;

	(void)state;
	taken("color", "{'color':{'mode':'KELVIN','kelvin':1000}}", &command);
	assert_int_equal(command.color.kelvin, 1000);
	/* too red for any blue */
	assert_int_equal(command.color.rgb.r, 255);
	assert_int_equal(command.color.rgb.b, 0);
	taken("color", "{'color':{'mode':'KELVIN','kelvin':15000}}", &command);
	assert_int_equal(command.color.rgb.b, 255);
	refused("color", "{'color':{'mode':'KELVIN','kelvin':999}}", "/color/kelvin",
		"a whole number from 1000 to 15000");
	refused("color", "{'color':{'mode':'KELVIN','kelvin':15001}}", "/color/kelvin",
		"a whole number from 1000 to 15000");
	refused("color", "{'color':{'mode':'KELVIN','kelvin':'warm'}}", "/color/kelvin",
		"a whole number from 1000 to 15000");
}

static void a_colour_by_hex_is_six_digits(void **state)
{
	struct command command;

	(void)state;
	taken("color", "{'color':{'mode':'HEX','hex':'#FF8000'}}", &command);
	assert_int_equal(command.color.mode, ZONE_COLOR_HEX);
	assert_int_equal(command.color.rgb.r, 255);
	assert_int_equal(command.color.rgb.g, 128);
	assert_int_equal(command.color.rgb.b, 0);
	refused("color", "{'color':{'mode':'HEX','hex':'ff8000'}}", "/color/hex",
		"a text of # and six hexadecimal digits");
	refused("color", "{'color':{'mode':'HEX','hex':3}}", "/color/hex", "a text of #");
	refused("color", "{'color':{'mode':'HEX','hsv':[0,0,0]}}", "/color/hsv",
		"a member named one of \"mode\", \"hex\"");
}

static void a_colour_has_a_mode_and_nothing_of_another_mode(void **state)
{
	(void)state;
	refused("color", "{}", "/color", "an object with \"mode\"");
	refused("color", "{'color':'red'}", "/color", "an object with \"mode\"");
	refused("color", "{'color':[]}", "/color", "an object with \"mode\"");
	refused("color", "{'color':{}}", "/color/mode", "one of \"HUE\", \"PRESET\", \"RGB\"");
	refused("color", "{'color':{'hue':1}}", "/color/mode",
		"one of \"HUE\", \"PRESET\", \"RGB\"");
	refused("color", "{'color':{'mode':'CMYK','hue':1}}", "/color/mode",
		"one of \"HUE\", \"PRESET\", \"RGB\"");
	refused("color", "{'color':{'mode':0,'hue':1}}", "/color/mode", "one of \"HUE\"");
	refused("color", "{'color':{'mode':'HUE','hue':1,'rgb':[0,0,0]}}", "/color/rgb",
		"a member named one of \"mode\", \"hue\"");
	refused("color", "{'color':{'mode':'RGB','rgb':[0,0,0],'w':1}}", "/color/w",
		"a member named one of \"mode\", \"rgb\"");
	refused("color", "{'mode':'HUE','hue':1}", "/mode", "a member named \"color\"");
}

static void the_render_mode_is_one_of_two(void **state)
{
	struct command command;

	(void)state;
	taken("render_mode", "{'render_mode':'STATIC'}", &command);
	assert_int_equal(command.mode, ZONE_STATIC);
	taken("render_mode", "{'render_mode':'animation'}", &command);
	assert_int_equal(command.mode, ZONE_ANIMATION);
	refused("render_mode", "{'render_mode':'ANIMATED'}", "/render_mode",
		"one of \"STATIC\", \"ANIMATION\"");
	refused("render_mode", "{'render_mode':1}", "/render_mode", "one of \"STATIC\"");
	refused("render_mode", "{}", "/render_mode", "one of \"STATIC\"");
}

static void an_animation_is_one_of_the_table(void **state)
{
	struct command command;

	(void)state;
	taken("animation_id", "{'animation_id':'rainbow'}", &command);
	assert_string_equal(effect_at(command.animation)->id, "RAINBOW");
	taken("animation_id", "{'animation_id':'BREATHE'}", &command);
	assert_string_equal(effect_at(command.animation)->id, "BREATHE");
	refused("animation_id", "{'animation_id':'BREATH'}", "/animation_id",
		"did you mean \"BREATHE\"?");
	refused("animation_id", "{'animation_id':null}", "/animation_id", "\"RAINBOW\"");
	refused("animation_id", "{'id':'RAINBOW'}", "/id", "a member named \"animation_id\"");
}

static void parameters_are_those_of_the_zones_animation(void **state)
{
	const struct effect *breathe = effect_find("BREATHE");
	int speed = effect_param_find(breathe, "speed");
	int hue = effect_param_find(breathe, "primary_color_hue");
	struct command command;

	(void)state;
	taken("parameters", "{'parameters':{'speed':80,'primary_color_hue':360}}", &command);
	assert_int_equal(command.params.animation, effect_index(breathe));
	assert_int_equal(command.params.mask, 1 << speed | 1 << hue);
	assert_int_equal(command.params.params[speed], 80);
	assert_int_equal(command.params.params[hue], 360);
	/* speed 1–100 % and hues 0–360 are the original's */
	refused("parameters", "{'parameters':{'speed':0}}", "/parameters/speed",
		"a whole number from 1 to 100");
	refused("parameters", "{'parameters':{'speed':101}}", "/parameters/speed",
		"a whole number from 1 to 100");
	refused("parameters", "{'parameters':{'speed':'80'}}", "/parameters/speed",
		"a whole number from 1 to 100");
	refused("parameters", "{'parameters':{'primary_color_hue':361}}",
		"/parameters/primary_color_hue", "a whole number from 0 to 360");
	refused("parameters", "{'parameters':{'sped':1}}", "/parameters/sped",
		"a member named one of \"speed\"");
	refused("parameters", "{'parameters':{}}", "/parameters",
		"at least one parameter of BREATHE");
	refused("parameters", "{'parameters':[1]}", "/parameters", "at least one parameter");
	refused("parameters", "{}", "/parameters", "at least one parameter");
}

static void truth_values_among_parameters_are_json_booleans(void **state)
{
	const struct effect *rainbow = effect_find("RAINBOW");
	int reverse = effect_param_find(rainbow, "reverse");
	struct command command;

	(void)state;
	snapshot.zone[0].state.animation = (uint16_t)effect_index(rainbow);
	taken("parameters", "{'parameters':{'reverse':true}}", &command);
	assert_int_equal(command.params.mask, 1 << reverse);
	assert_int_equal(command.params.params[reverse], 1);
	refused("parameters", "{'parameters':{'reverse':1}}", "/parameters/reverse",
		"true or false");
}

static void all_wrong_parameters_are_named_at_once(void **state)
{
	struct problem problem;
	struct command command;

	(void)state;
	assert_int_equal(command_of("parameters",
				    "{'parameters':{'speed':0,'nothing':1,'intensity':101}}",
				    &command, &problem),
			 422);
	assert_int_equal(problem.error_count, 3);
}

static void a_zone_without_an_animation_has_no_parameters(void **state)
{
	struct problem problem;
	struct command command;

	(void)state;
	snapshot.zone[0].state.animation = UINT16_MAX;
	assert_int_equal(command_of("parameters", "{'parameters':{'speed':1}}", &command, &problem),
			 409);
}

static void stopping_takes_no_body_or_an_empty_object(void **state)
{
	struct command command;

	(void)state;
	taken(NULL, "", &command);
	taken(NULL, "{}", &command);
	refused(NULL, "{'now':true}", "/now", "none");
	refused(NULL, "[]", "", "an object");
}

static void a_body_that_is_no_json_is_a_bad_request(void **state)
{
	struct problem problem;
	struct command command;

	(void)state;
	assert_int_equal(command_of("is_on", "", &command, &problem), 400);
	assert_int_equal(command_of("is_on", "is_on=true", &command, &problem), 400);
	assert_int_equal(command_of("is_on", "{'is_on':true,'is_on':true}", &command, &problem),
			 400);
	assert_int_equal(command_of(NULL, "{", &command, &problem), 400);
}

static void a_zone_is_told_as_clients_know_it(void **state)
{
	const struct route_get get = { .view = &view, .item = 0 };
	struct writer writer = { 0 };

	(void)state;
	zones_get(&get, &writer);
	/* BREATHE's parameters are put in below, from its table */
	json_t *zone = fake_json(&writer);
	json_t *animation = json_object_get(zone, "animation");

	assert_string_equal(json_string_value(json_object_get(animation, "id")), "BREATHE");
	for (size_t i = 0; i < effect_find("BREATHE")->param_count; i++) {
		const struct effect_param *param = &effect_find("BREATHE")->params[i];
		json_t *parameters = json_object_get(animation, "parameters");

		assert_int_equal(json_integer_value(json_object_get(parameters, param->name)),
				 param->def);
	}
	json_object_del(zone, "animation");
	fake_expect(zone, "{'id':'FLOOR','display_name':'Floor','output':'main','channel':1,'first'"
			  ":0,'pixel_count':18,'width':18,'height':1,'group':null,"
			  "'enabled':true,'fits':true,'fault':null,'is_on':true,'brightness':80,"
			  "'color':{'mode':'HUE','hue':240,'rgb':[0,0,255]},"
			  "'render_mode':'STATIC'}");
}

static void every_colour_mode_is_told_with_its_rgb(void **state)
{
	const struct route_get get = { .view = &view, .item = 0 };
	struct zone_color *color = &snapshot.zone[0].state.color;
	struct writer writer = { 0 };
	json_t *zone;

	(void)state;
	color->mode = ZONE_COLOR_PRESET;
	color->preset = (uint16_t)color_preset_find("cool_white");
	color->rgb = color_presets(NULL)[color->preset].color;
	zones_get(&get, &writer);
	zone = fake_json(&writer);
	/* the original's list: cool_white (200,220,255) */
	fake_expect(json_incref(json_object_get(zone, "color")),
		    "{'mode':'PRESET','preset_name':'cool_white','rgb':[200,220,255]}");
	json_decref(zone);

	color->mode = ZONE_COLOR_RGB;
	color->rgb = (struct pixel){ 1, 2, 3, 0 };
	zones_get(&get, &writer);
	zone = fake_json(&writer);
	fake_expect(json_incref(json_object_get(zone, "color")), "{'mode':'RGB','rgb':[1,2,3]}");
	json_decref(zone);

	color->mode = ZONE_COLOR_HEX;
	zones_get(&get, &writer);
	zone = fake_json(&writer);
	fake_expect(json_incref(json_object_get(zone, "color")),
		    "{'mode':'HEX','hex':'#010203','rgb':[1,2,3]}");
	json_decref(zone);

	color->mode = ZONE_COLOR_KELVIN;
	color->kelvin = 2700;
	zones_get(&get, &writer);
	zone = fake_json(&writer);
	fake_expect(json_incref(json_object_get(zone, "color")),
		    "{'mode':'KELVIN','kelvin':2700,'rgb':[1,2,3]}");
	json_decref(zone);

	color->mode = ZONE_COLOR_HSV;
	color->hsv.hue = 359;
	color->hsv.saturation = 98;
	color->hsv.value = 7;
	zones_get(&get, &writer);
	zone = fake_json(&writer);
	fake_expect(json_incref(json_object_get(zone, "color")),
		    "{'mode':'HSV','hsv':[359,98,7],'rgb':[1,2,3]}");
	json_decref(zone);
}

/* The presets of a moment later: they are published before the zones that lost one. */
static void a_preset_that_is_gone_already_is_told_by_its_colour(void **state)
{
	const struct route_get get = { .view = &view, .item = 0 };
	struct zone_color *color = &snapshot.zone[0].state.color;
	struct writer writer = { 0 };
	json_t *zone;

	(void)state;
	color->mode = ZONE_COLOR_PRESET;
	color->preset = (uint16_t)(presets_end() - 1);
	color->rgb = (struct pixel){ 4, 5, 6, 0 };
	assert_null(presets_name(&library.presets, color->preset));
	zones_get(&get, &writer);
	zone = fake_json(&writer);
	fake_expect(json_incref(json_object_get(zone, "color")), "{'mode':'RGB','rgb':[4,5,6]}");
	json_decref(zone);
}

static void a_name_may_hold_any_character(void **state)
{
	const struct route_get get = { .view = &view, .item = 0 };
	struct writer writer = { 0 };
	json_t *zone;

	(void)state;
	strcpy(snapshot.zone[0].config.display_name, "Küche \"oben\" \\ 厨房 💡");
	zones_get(&get, &writer);
	zone = fake_json(&writer);
	assert_string_equal(json_string_value(json_object_get(zone, "display_name")),
			    "Küche \"oben\" \\ 厨房 💡");
	json_decref(zone);
}

static void all_zones_are_listed_in_their_order(void **state)
{
	const struct query query = { 0 };
	const struct route_get get = { .view = &view, .query = &query };
	struct writer writer = { 0 };
	json_t *json, *zones;

	(void)state;
	zones_get_all(&get, &writer);
	json = fake_json(&writer);
	zones = json_object_get(json, "zones");
	assert_int_equal(json_integer_value(json_object_get(json, "count")), 2);
	assert_int_equal(json_array_size(zones), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(zones, 0), "id")),
			    "FLOOR");
	assert_string_equal(
		json_string_value(json_object_get(json_array_get(zones, 1), "render_mode")),
		"ANIMATION");
	json_decref(json);
}

/* Ids of the zones that one parameter leaves, as "FLOOR CIRCLE ". */
static void expect_ids(const char *name, const char *value, const char *wanted)
{
	struct problem problem = { 0 };
	struct writer writer = { 0 };
	struct query query;
	const struct route_get get = { .view = &view, .query = &query };
	json_t *json, *zone;
	char ids[64] = "";
	size_t i;

	query_begin(&query, 0);
	assert_true(query_take(&query, QUERY_ZONES, 0, name, value, &problem));
	zones_get_all(&get, &writer);
	json = fake_json(&writer);
	json_array_foreach (json_object_get(json, "zones"), i, zone) {
		strcat(ids, json_string_value(json_object_get(zone, "id")));
		strcat(ids, " ");
	}
	assert_string_equal(ids, wanted);
	assert_int_equal(json_integer_value(json_object_get(json, "count")), i);
	json_decref(json);
}

static void zones_are_filtered_and_what_is_neither_true_nor_false_is_refused(void **state)
{
	struct problem problem = { 0 };
	struct query query;

	(void)state;
	snapshot.zone[0].state.is_on = false;
	snapshot.zone[1].config.enabled = false;
	snapshot.zone[1].config.member_count = 1;
	expect_ids("is_on", "true", "CIRCLE ");
	expect_ids("is_on", "false", "FLOOR ");
	expect_ids("enabled", "true", "FLOOR ");
	expect_ids("enabled", "FALSE", "CIRCLE ");
	expect_ids("group", "true", "CIRCLE ");
	expect_ids("group", "false", "FLOOR ");
	query_begin(&query, 0);
	assert_false(query_take(&query, QUERY_ZONES, 0, "group", "1", &problem));
	assert_int_equal(problem.status, 400);
}

static void no_animation_is_told_as_null(void **state)
{
	const struct route_get get = { .view = &view, .item = 0 };
	struct writer writer = { 0 };
	json_t *zone;

	(void)state;
	snapshot.zone[0].state.animation = UINT16_MAX;
	zones_get(&get, &writer);
	zone = fake_json(&writer);
	assert_true(json_is_null(json_object_get(zone, "animation")));
	json_decref(zone);
}

static void animations_are_told_from_their_tables(void **state)
{
	const struct route_get get = { .view = &view };
	struct writer writer = { 0 };
	json_t *json, *list;

	(void)state;
	animations_get_all(&get, &writer);
	json = fake_json(&writer);
	list = json_object_get(json, "animations");
	assert_int_equal(json_array_size(list), json_integer_value(json_object_get(json, "count")));
	for (size_t i = 0; effect_at(i); i++) {
		const struct effect *effect = effect_at(i);
		const struct route_get one = { .view = &view, .item = i };
		json_t *params, *animation;

		animations_get(&one, &writer);
		animation = fake_json(&writer);
		assert_true(json_equal(animation, json_array_get(list, i)));
		assert_string_equal(json_string_value(json_object_get(animation, "id")),
				    effect->id);
		params = json_object_get(animation, "parameters");
		assert_int_equal(json_array_size(params), effect->param_count);
		for (size_t k = 0; k < effect->param_count; k++) {
			json_t *param = json_array_get(params, k);
			enum effect_param_type type = effect->params[k].type;
			bool is_bool = type == EFFECT_PARAM_BOOL;
			bool is_palette = type == EFFECT_PARAM_PALETTE;

			assert_string_equal(json_string_value(json_object_get(param, "name")),
					    effect->params[k].name);
			assert_int_equal(json_is_boolean(json_object_get(param, "default")),
					 is_bool);
			assert_int_equal(json_is_integer(json_object_get(param, "max")),
					 !is_bool && !is_palette);
			assert_int_equal(json_is_string(json_object_get(param, "default")),
					 is_palette);
			/* as many to choose from as palette.h says diuna has */
			assert_int_equal(json_array_size(json_object_get(param, "options")),
					 is_palette ? 24 : 0);
		}
		json_decref(animation);
	}
	json_decref(json);
}

static void animations_are_found_in_any_case_and_unknown_ones_named(void **state)
{
	struct problem problem = { 0 };

	(void)state;
	assert_string_equal(effect_at((size_t)animations_find("snake", &problem))->id, "SNAKE");
	assert_int_equal(problem.status, 0);
	assert_true(animations_find("SNAK", &problem) < 0);
	assert_int_equal(problem.status, 404);
	assert_string_equal(problem.detail,
			    "there is no animation \"SNAK\"; did you mean \"SNAKE\"?");
	assert_string_equal(problem.error[0].in, "path");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(zones_are_found_in_any_case, setup),
		cmocka_unit_test_setup(an_unknown_zone_is_named_with_what_there_is, setup),
		cmocka_unit_test_setup(is_on_takes_true_and_false, setup),
		cmocka_unit_test_setup(brightness_is_0_to_100, setup),
		cmocka_unit_test_setup(a_colour_by_hue_is_0_to_360_degrees, setup),
		cmocka_unit_test_setup(a_colour_by_preset_is_one_of_the_names, setup),
		cmocka_unit_test_setup(a_colour_by_rgb_is_three_integers_to_255, setup),
		cmocka_unit_test_setup(a_colour_by_hsv_is_degrees_and_percent, setup),
		cmocka_unit_test_setup(a_colour_by_kelvin_is_1000_to_15000, setup),
		cmocka_unit_test_setup(a_colour_by_hex_is_six_digits, setup),
		cmocka_unit_test_setup(a_colour_has_a_mode_and_nothing_of_another_mode, setup),
		cmocka_unit_test_setup(the_render_mode_is_one_of_two, setup),
		cmocka_unit_test_setup(an_animation_is_one_of_the_table, setup),
		cmocka_unit_test_setup(parameters_are_those_of_the_zones_animation, setup),
		cmocka_unit_test_setup(truth_values_among_parameters_are_json_booleans, setup),
		cmocka_unit_test_setup(all_wrong_parameters_are_named_at_once, setup),
		cmocka_unit_test_setup(a_zone_without_an_animation_has_no_parameters, setup),
		cmocka_unit_test_setup(stopping_takes_no_body_or_an_empty_object, setup),
		cmocka_unit_test_setup(a_body_that_is_no_json_is_a_bad_request, setup),
		cmocka_unit_test_setup(a_zone_is_told_as_clients_know_it, setup),
		cmocka_unit_test_setup(every_colour_mode_is_told_with_its_rgb, setup),
		cmocka_unit_test_setup(a_preset_that_is_gone_already_is_told_by_its_colour, setup),
		cmocka_unit_test_setup(a_name_may_hold_any_character, setup),
		cmocka_unit_test_setup(all_zones_are_listed_in_their_order, setup),
		cmocka_unit_test_setup(
			zones_are_filtered_and_what_is_neither_true_nor_false_is_refused, setup),
		cmocka_unit_test_setup(no_animation_is_told_as_null, setup),
		cmocka_unit_test_setup(animations_are_told_from_their_tables, setup),
		cmocka_unit_test_setup(animations_are_found_in_any_case_and_unknown_ones_named,
				       setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
