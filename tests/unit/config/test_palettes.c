// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Palettes of the user's in the configuration, and palettes as the values of
 * effects' parameters. Expected are the texts and colours that stand in the
 * configurations written here.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/config.h"
#include "config/reload.h"
#include "control/params.h"
#include "parse.h"

#define HEAD                                                                                \
	"{\"outputs\":[{\"name\":\"main\",\"type\":\"virtual\",\"channels\":[{\"pixels\":8" \
	"}]}],"
#define CAMP(place)                                                                    \
	"{\"name\":\"camp\",\"label\":\"Camp fire\",\"stops\":[{\"place\":0,\"rgb\":[" \
	"32,0,0]},{\"place\":" place ",\"rgb\":[255,160,64]}]}"
#define ZONE(palette)                                                                        \
	"\"zones\":[{\"id\":\"floor\",\"output\":\"main\",\"first\":0,\"count\":8,"          \
	"\"start\":{\"animation\":{\"id\":\"GRADIENT\",\"parameters\":{\"palette\":" palette \
	"}}}}]}"
#define WITH(palettes, palette) HEAD "\"palettes\":[" palettes "]," ZONE(palette)

static int32_t start_palette(const struct config *config)
{
	const struct effect *effect = effect_find("GRADIENT");

	return config->zone[0].state.params[effect_param_find(effect, "palette")];
}

static void a_palette_of_ones_own_is_what_effects_paint_with(void **unused)
{
	struct config *config = parse(WITH(CAMP("255"), "\"CAMP\""));
	struct palette_table table;
	const struct palette *camp;

	(void)unused;
	assert_int_equal(config->palette_count, 1);
	assert_int_equal(start_palette(config), PALETTE_COUNT);
	assert_null(palette_at(PALETTE_COUNT));
	palettes_install(config);
	config_free(config);
	camp = palette_at(PALETTE_COUNT);
	assert_non_null(camp);
	assert_string_equal(camp->name, "camp");
	assert_string_equal(camp->label, "Camp fire");
	assert_int_equal(palette_find("Camp"), PALETTE_COUNT);
	assert_int_equal(palette_count(), PALETTE_COUNT + 1);
	palette_layout(&table, camp, PALETTE_LINE);
	assert_int_equal(palette_color(&table, 0).r, 32);
	assert_int_equal(palette_color(&table, 65535).r, 255);
	assert_int_equal(palette_color(&table, 65535).g, 160);
	palette_install(NULL, 0);
	assert_null(palette_at(PALETTE_COUNT));
}

static void a_written_configuration_names_its_palettes(void **unused)
{
	struct config *config = parse(WITH(CAMP("255"), "\"camp\"")), *again;
	char *text = config_text(config);

	(void)unused;
	assert_non_null(strstr(text, "\"palette\": \"camp\""));
	again = parse(text);
	assert_int_equal(start_palette(again), PALETTE_COUNT);
	assert_true(palettes_equal(config, again));
	free(text);
	config_free(config);
	config_free(again);
}

static void palettes_are_checked(void **unused)
{
	(void)unused;
	expect_error(WITH(CAMP("0"), "0"),
		     "file: /palettes/0/stops/1/place: 0 is not above 0, the place before it");
	expect_error(WITH(CAMP("256"), "0"), "file: /palettes/0/stops/1/place: 256 is not "
					     "allowed, only a whole number from 0 to 255");
	expect_error(WITH(CAMP("9") "," CAMP("9"), "0"),
		     "file: /palettes/1/name: \"camp\" is the name of another palette already");
	expect_error(WITH("{\"name\":\"ocean\",\"stops\":[{\"place\":0,\"rgb\":[0,0,0]}]}", "0"),
		     "file: /palettes/0/name: \"ocean\" is the name of another palette already");
	expect_error(WITH("{\"name\":\"x\",\"stops\":[]}", "0"),
		     "file: /palettes/0/stops: 0 entries are not allowed, only 1 to 12");
	expect_error(WITH(CAMP("9"), "\"cmp\""),
		     "file: /zones/0/start/animation/parameters/palette: \"cmp\" is not allowed, "
		     "only the name of a palette; did you mean \"camp\"?");
	expect_error(WITH(CAMP("9"), "25"),
		     "file: /zones/0/start/animation/parameters/palette: 25 is not allowed, only "
		     "the name of a palette, such as \"sunset\"");
}

static void another_list_of_palettes_waits_for_the_next_start(void **unused)
{
	struct config *live = parse(WITH(CAMP("255"), "0"));
	struct config *next = parse(WITH(CAMP("254"), "0"));
	struct reload reload;

	(void)unused;
	reload_take(live, next, &reload);
	assert_string_equal(reload.waiting, "palettes");
	reload_take(live, live, &reload);
	assert_string_equal(reload.waiting, "");
	config_free(live);
	config_free(next);
}

static void a_parameter_takes_a_palette_by_name_or_number(void **unused)
{
	const struct effect *effect = effect_find("GRADIENT");
	const struct effect_param *param = &effect->params[effect_param_find(effect, "palette")];
	json_t *name = json_string("Ocean"), *number = json_integer(PALETTE_COUNT), *json;
	int32_t value = -1;

	(void)unused;
	assert_int_equal(params_read(param, name, &value), 0);
	assert_string_equal(palette_at((size_t)value)->name, "ocean");
	json = params_json(param, value);
	assert_string_equal(json_string_value(json), "ocean");
	assert_int_equal(params_read(param, number, &value), -EINVAL);
	assert_int_equal(params_read(param, json_true(), &value), -EINVAL);
	json_decref(json);
	json_decref(name);
	json_decref(number);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_palette_of_ones_own_is_what_effects_paint_with),
		cmocka_unit_test(a_written_configuration_names_its_palettes),
		cmocka_unit_test(palettes_are_checked),
		cmocka_unit_test(another_list_of_palettes_waits_for_the_next_start),
		cmocka_unit_test(a_parameter_takes_a_palette_by_name_or_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
