// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a user has given names to: presets and scenes with their order and
 * limits, and how they go from one station to another. The original has 20
 * colours and "off", so the user's begin with index 21.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "control/saved.h"

#define FIRST_OWN 21
#define RED ((struct pixel){ .r = 255 })
#define BLUE ((struct pixel){ .b = 255 })

static int setup(void **state)
{
	*state = calloc(3, sizeof(struct library));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

/* ---- names ---- */

static void names_are_short_clean_texts(void **unused)
{
	(void)unused;
	assert_true(slots_name_valid("a"));
	assert_true(slots_name_valid("Film night"));
	assert_true(slots_name_valid("Gr\xc3\xbcn"));
	/* 31 bytes are allowed */
	assert_true(slots_name_valid("0123456789012345678901234567890"));
	assert_false(slots_name_valid("01234567890123456789012345678901"));
	assert_false(slots_name_valid(""));
	assert_false(slots_name_valid(" a"));
	assert_false(slots_name_valid("a "));
	assert_false(slots_name_valid("a\nb"));
	assert_false(slots_name_valid("a\x7f"));
	assert_false(slots_name_valid("\xff"));
}

/* ---- presets ---- */

static void the_originals_presets_are_there_and_stay(void **state)
{
	struct presets *presets = &((struct library *)*state)->presets;
	int mint = presets_find(presets, "Mint");
	struct pixel color;

	assert_int_equal(presets_at(presets, FIRST_OWN), -ENOENT);
	assert_string_equal(presets_name(presets, 0), "red");
	assert_true(mint > 0 && mint < FIRST_OWN);
	assert_true(presets_color(presets, (size_t)mint, &color));
	assert_int_equal(presets_put(presets, "MINT", RED), -EPERM);
	assert_int_equal(presets_remove(presets, (size_t)mint), -EPERM);
	assert_int_equal(presets_rename(presets, (size_t)mint, "x"), -EPERM);
	assert_int_equal(presets_move(presets, (size_t)mint, 0), -EPERM);
	assert_null(presets_name(presets, FIRST_OWN));
	assert_false(presets_color(presets, FIRST_OWN, &color));
	assert_null(presets_name(presets, 1000000));
}

static void a_preset_keeps_its_index_whatever_happens_to_others(void **state)
{
	struct presets *presets = &((struct library *)*state)->presets;
	struct pixel color;

	assert_int_equal(presets_put(presets, "a", RED), FIRST_OWN);
	assert_int_equal(presets_put(presets, "b", BLUE), FIRST_OWN + 1);
	assert_int_equal(presets_put(presets, "c", RED), FIRST_OWN + 2);
	assert_int_equal(presets_move(presets, FIRST_OWN + 1, 0), 0);
	assert_int_equal(presets_at(presets, FIRST_OWN), FIRST_OWN + 1);
	assert_int_equal(presets_at(presets, FIRST_OWN + 1), FIRST_OWN);
	assert_int_equal(presets_remove(presets, FIRST_OWN), 0);
	assert_string_equal(presets_name(presets, FIRST_OWN + 1), "b");
	assert_true(presets_color(presets, FIRST_OWN + 1, &color));
	assert_int_equal(color.b, 255);
	assert_null(presets_name(presets, FIRST_OWN));
	assert_int_equal(presets_remove(presets, FIRST_OWN), -ENOENT);
	/* the place that is free is used again */
	assert_int_equal(presets_put(presets, "d", RED), FIRST_OWN);
	assert_int_equal(presets_at(presets, FIRST_OWN + 2), FIRST_OWN);
}

static void a_preset_of_the_same_name_gets_the_new_colour(void **state)
{
	struct presets *presets = &((struct library *)*state)->presets;
	struct pixel color;

	presets_put(presets, "Mine", RED);
	assert_int_equal(presets_put(presets, "mINE", BLUE), FIRST_OWN);
	assert_string_equal(presets_name(presets, FIRST_OWN), "Mine");
	assert_true(presets_color(presets, FIRST_OWN, &color));
	assert_int_equal(color.b, 255);
	assert_int_equal(presets->slots.count, 1);
}

static void names_of_presets_are_unique(void **state)
{
	struct presets *presets = &((struct library *)*state)->presets;

	presets_put(presets, "a", RED);
	presets_put(presets, "b", RED);
	assert_int_equal(presets_rename(presets, FIRST_OWN, "B"), -EEXIST);
	assert_int_equal(presets_rename(presets, FIRST_OWN, "red"), -EEXIST);
	assert_int_equal(presets_rename(presets, FIRST_OWN, ""), -EINVAL);
	assert_int_equal(presets_rename(presets, FIRST_OWN + 2, "x"), -ENOENT);
	assert_int_equal(presets_rename(presets, FIRST_OWN, "A"), 0);
	assert_string_equal(presets_name(presets, FIRST_OWN), "A");
	assert_int_equal(presets_put(presets, " x", RED), -EINVAL);
}

static void there_are_at_most_64_own_presets(void **state)
{
	struct presets *presets = &((struct library *)*state)->presets;
	char name[SLOTS_NAME_MAX];
	int i;

	for (i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "p%d", i);
		assert_int_equal(presets_put(presets, name, RED), FIRST_OWN + i);
	}
	assert_int_equal(presets_put(presets, "more", RED), -ENOSPC);
	assert_int_equal(presets_put(presets, "p7", BLUE), FIRST_OWN + 7);
	assert_int_equal(presets_move(presets, FIRST_OWN, 64), -EINVAL);
	assert_int_equal(presets_move(presets, FIRST_OWN, 63), 0);
	assert_int_equal(presets_at(presets, FIRST_OWN + 63), FIRST_OWN);
	assert_int_equal(presets_at(presets, FIRST_OWN), FIRST_OWN + 1);
}

/* ---- scenes ---- */

static struct scene *add_scene(struct library *library, const char *name, const char *zone)
{
	int slot = scenes_put(&library->scenes, name);
	struct scene *scene;

	assert_true(slot >= 0);
	scene = &library->scenes.scene[slot];
	strcpy(scene->zone[0].id, zone);
	scene->zone[0].state = (struct zone_state){ .color.mode = ZONE_COLOR_RGB };
	scene->zone_count = 1;
	return scene;
}

static void scenes_are_found_renamed_moved_and_removed(void **state)
{
	struct library *library = *state;
	struct scenes *scenes = &library->scenes;

	add_scene(library, "Morning", "A");
	add_scene(library, "Evening", "A");
	add_scene(library, "Night", "A");
	assert_true(scenes_find(scenes, "eVENING") >= 0);
	assert_int_equal(scenes_find(scenes, "Noon"), -ENOENT);
	assert_int_equal(scenes_rename(scenes, "night", "EVENING"), -EEXIST);
	assert_int_equal(scenes_rename(scenes, "noon", "x"), -ENOENT);
	assert_int_equal(scenes_rename(scenes, "night", "x\n"), -EINVAL);
	assert_int_equal(scenes_rename(scenes, "night", "Late"), 0);
	assert_int_equal(scenes_move(scenes, "Late", 0), 0);
	assert_int_equal(scenes_move(scenes, "Late", 3), -EINVAL);
	assert_int_equal(scenes_move(scenes, "Noon", 0), -ENOENT);
	assert_string_equal(scenes_at(scenes, 0)->name, "Late");
	assert_string_equal(scenes_at(scenes, 1)->name, "Morning");
	assert_string_equal(scenes_at(scenes, 2)->name, "Evening");
	assert_null(scenes_at(scenes, 3));
	assert_int_equal(scenes_remove(scenes, "morning"), 0);
	assert_int_equal(scenes_remove(scenes, "morning"), -ENOENT);
	assert_string_equal(scenes_at(scenes, 1)->name, "Evening");
}

static void there_are_at_most_32_scenes(void **state)
{
	struct library *library = *state;
	char name[SLOTS_NAME_MAX];
	int i;

	for (i = 0; i < 32; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		add_scene(library, name, "A");
	}
	assert_int_equal(scenes_put(&library->scenes, "more"), -ENOSPC);
	assert_true(scenes_put(&library->scenes, "S3") >= 0);
	assert_int_equal(scenes_put(&library->scenes, ""), -EINVAL);
}

static void a_preset_that_is_forgotten_leaves_its_colour_in_scenes(void **state)
{
	struct library *library = *state;
	struct scene *scene = add_scene(library, "x", "A");

	presets_put(&library->presets, "a", BLUE);
	scene->zone[0].state.color =
		(struct zone_color){ .mode = ZONE_COLOR_PRESET, .preset = FIRST_OWN, .rgb = BLUE };
	library_forget_preset(library, FIRST_OWN + 1);
	assert_int_equal(scene->zone[0].state.color.mode, ZONE_COLOR_PRESET);
	library_forget_preset(library, FIRST_OWN);
	assert_int_equal(scene->zone[0].state.color.mode, ZONE_COLOR_RGB);
	assert_int_equal(scene->zone[0].state.color.rgb.b, 255);
}

/* ---- from one station to another ---- */

static void an_export_is_imported_as_it_was(void **state)
{
	struct library *library = *state, *again = library + 1;
	char error[SAVED_ERROR_MAX] = "";
	size_t length;
	char *text;

	presets_put(&library->presets, "a", RED);
	presets_put(&library->presets, "b", BLUE);
	presets_move(&library->presets, FIRST_OWN + 1, 0);
	add_scene(library, "One", "A");
	add_scene(library, "Two", "B")->zone[0].state.color =
		(struct zone_color){ .mode = ZONE_COLOR_PRESET, .preset = FIRST_OWN, .rgb = RED };
	assert_int_equal(saved_write_library(library, &text, &length), 0);
	if (saved_read_library(text, length, again, error) < 0)
		fail_msg("%s", error);
	free(text);
	assert_int_equal(presets_at(&again->presets, FIRST_OWN),
			 presets_find(&again->presets, "b"));
	assert_string_equal(scenes_at(&again->scenes, 1)->name, "Two");
	assert_string_equal(scenes_at(&again->scenes, 1)->zone[0].id, "B");
	/* by its name, whatever its index is here */
	assert_int_equal(scenes_at(&again->scenes, 1)->zone[0].state.color.preset,
			 presets_find(&again->presets, "a"));
}

static void importing_keeps_what_is_there_and_replaces_the_same_names(void **state)
{
	struct library *library = *state, *from = library + 1;
	struct pixel color;

	presets_put(&library->presets, "mine", RED);
	presets_put(&library->presets, "both", RED);
	add_scene(library, "mine", "A");
	add_scene(library, "both", "A");
	presets_put(&from->presets, "BOTH", BLUE);
	presets_put(&from->presets, "new", BLUE);
	add_scene(from, "both", "B")->zone[0].state.color =
		(struct zone_color){ .mode = ZONE_COLOR_PRESET, .preset = FIRST_OWN, .rgb = BLUE };
	add_scene(from, "new", "B");

	assert_int_equal(library_merge(library, from), 0);
	assert_int_equal(library->presets.slots.count, 3);
	assert_int_equal(library->scenes.slots.count, 3);
	assert_true(presets_color(&library->presets, FIRST_OWN + 1, &color));
	assert_int_equal(color.b, 255);
	assert_string_equal(scenes_at(&library->scenes, 1)->zone[0].id, "B");
	/* "both" is the second here and was the first there */
	assert_int_equal(scenes_at(&library->scenes, 1)->zone[0].state.color.preset, FIRST_OWN + 1);
}

static void an_import_that_does_not_fit_changes_nothing(void **state)
{
	struct library *library = *state, *from = library + 1, *before = library + 2;
	char name[SLOTS_NAME_MAX];
	int i;

	for (i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "a%d", i);
		add_scene(library, name, "A");
		name[0] = 'b';
		add_scene(from, name, "A");
	}
	library_copy(before, library);
	assert_int_equal(library_merge(library, from), -ENOSPC);
	assert_memory_equal(library, before, sizeof(*library));
}

static void a_state_of_version_1_is_one_without_names(void **unused)
{
	static const char text[] = "{\"version\":1,\"zones\":[]}";
	struct saved *saved = calloc(1, sizeof(*saved));
	char error[SAVED_ERROR_MAX] = "";

	(void)unused;
	if (saved_read(text, strlen(text), saved, error) < 0)
		fail_msg("%s", error);
	assert_int_equal(saved->library.presets.slots.count, 0);
	assert_int_equal(saved->library.scenes.slots.count, 0);
	free(saved);
}

static void expect_refused(const char *text, const char *expected)
{
	struct library *library = calloc(1, sizeof(*library));
	char error[SAVED_ERROR_MAX] = "";

	assert_int_equal(saved_read_library(text, strlen(text), library, error), -EINVAL);
	assert_string_equal(error, expected);
	free(library);
}

static void what_is_no_export_is_refused_with_its_place(void **unused)
{
	(void)unused;
	expect_refused("{\"version\":2,\"scenes\":[]}",
		       "/presets: an array of at most 64 presets belongs here");
	expect_refused("{\"version\":2,\"presets\":[]}",
		       "/scenes: an array of at most 32 scenes belongs here");
	expect_refused("{\"version\":2,\"presets\":[{\"name\":\"a\"}],\"scenes\":[]}",
		       "/presets/0/rgb: three whole numbers from 0 to 255 belong here");
	expect_refused("{\"version\":2,\"presets\":[{\"name\":\"red\",\"rgb\":[1,2,3]}],"
		       "\"scenes\":[]}",
		       "/presets/0/name: another preset has this name");
	expect_refused("{\"version\":2,\"presets\":[],\"scenes\":[{\"name\":\"a\",\"zones\":[]},"
		       "{\"name\":\"A\",\"zones\":[]}]}",
		       "/scenes/1/name: another scene has this name");
	expect_refused("{\"version\":2,\"presets\":[],\"scenes\":[{\"name\":\" \",\"zones\":[]}]}",
		       "/scenes/0/name: " SLOTS_NAME_RULE " belong here");
}

#define LIBRARY(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_short_clean_texts),
		LIBRARY(the_originals_presets_are_there_and_stay),
		LIBRARY(a_preset_keeps_its_index_whatever_happens_to_others),
		LIBRARY(a_preset_of_the_same_name_gets_the_new_colour),
		LIBRARY(names_of_presets_are_unique),
		LIBRARY(there_are_at_most_64_own_presets),
		LIBRARY(scenes_are_found_renamed_moved_and_removed),
		LIBRARY(there_are_at_most_32_scenes),
		LIBRARY(a_preset_that_is_forgotten_leaves_its_colour_in_scenes),
		LIBRARY(an_export_is_imported_as_it_was),
		LIBRARY(importing_keeps_what_is_there_and_replaces_the_same_names),
		LIBRARY(an_import_that_does_not_fit_changes_nothing),
		cmocka_unit_test(a_state_of_version_1_is_one_without_names),
		cmocka_unit_test(what_is_no_export_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
