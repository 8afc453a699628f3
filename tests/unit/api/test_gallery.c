// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Miniatures of animations and the list of palettes.
 *
 * Base64 is that of RFC 4648, section 4; coreutils' base64 gave the same text
 * for the bytes named here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "api/gallery.h"
#include "engine/effect.h"
#include "pixel/palette.h"

#define FRAME_TEXT (GALLERY_PIXELS * 4) /* 3 bytes are 4 letters */

static json_t *ask(void (*get)(const struct route_get *, struct writer *), size_t item)
{
	struct route_get request = { .item = item };
	struct writer writer = { 0 };
	json_t *answer;
	size_t length;
	char *text;

	get(&request, &writer);
	text = writer_steal(&writer, &length);
	assert_non_null(text);
	answer = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	free(text);
	assert_non_null(answer);
	return answer;
}

static const char *film(const json_t *answer)
{
	return json_string_value(json_object_get(answer, "rgb"));
}

static void every_animation_has_a_film_of_its_size(void **state)
{
	const struct effect *effect;
	size_t i;

	(void)state;
	for (i = 0; (effect = effect_at(i)); i++) {
		json_t *answer = ask(gallery_get_miniature, i);

		assert_int_equal(json_integer_value(json_object_get(answer, "width")),
				 GALLERY_PIXELS);
		assert_int_equal(json_integer_value(json_object_get(answer, "height")), 1);
		assert_int_equal(json_integer_value(json_object_get(answer, "frames")),
				 GALLERY_FRAMES);
		assert_int_equal(json_integer_value(json_object_get(answer, "fps")), GALLERY_FPS);
		assert_int_equal(strlen(film(answer)), GALLERY_FRAMES * FRAME_TEXT);
		assert_int_equal(strspn(film(answer), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
						      "abcdefghijklmnopqrstuvwxyz0123456789+/"),
				 GALLERY_FRAMES * FRAME_TEXT);
		json_decref(answer);
	}
}

static void the_film_of_one_colour_is_this_colour_all_over(void **state)
{
	const struct effect *solid = effect_find("SOLID");
	json_t *answer = ask(gallery_get_miniature, effect_index(solid));
	const char *text = film(answer);
	size_t i;

	(void)state;
	/* the defaults of SOLID: 255, 200, 150, in base64 "/8iW" */
	assert_int_equal(solid->params[EFFECT_SOLID_RED].def, 255);
	assert_int_equal(solid->params[EFFECT_SOLID_GREEN].def, 200);
	assert_int_equal(solid->params[EFFECT_SOLID_BLUE].def, 150);
	for (i = 0; text[i]; i += 4)
		assert_memory_equal(text + i, "/8iW", 4);
	json_decref(answer);
}

static void films_of_what_moves_move(void **state)
{
	static const char *const moving[] = { "RAINBOW", "FIRE", "SNAKE", "LARSON" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(moving) / sizeof(moving[0]); i++) {
		json_t *answer = ask(gallery_get_miniature, effect_index(effect_find(moving[i])));
		const char *text = film(answer);

		assert_memory_not_equal(text, text + GALLERY_FRAMES / 2 * FRAME_TEXT, FRAME_TEXT);
		json_decref(answer);
	}
}

static void a_film_is_the_same_each_time(void **state)
{
	size_t fire = effect_index(effect_find("FIRE"));
	json_t *first = ask(gallery_get_miniature, fire);
	json_t *second = ask(gallery_get_miniature, fire);

	(void)state;
	assert_true(json_equal(first, second));
	json_decref(first);
	json_decref(second);
}

static void palettes_are_told_with_their_colours(void **state)
{
	json_t *answer = ask(gallery_get_palettes, 0), *list, *sunset, *stop;
	size_t index;
	json_t *entry;

	(void)state;
	list = json_object_get(answer, "palettes");
	assert_int_equal(json_integer_value(json_object_get(answer, "count")),
			 json_array_size(list));
	assert_true(json_array_size(list) >= PALETTE_COUNT);
	json_array_foreach (list, index, entry) {
		assert_int_equal(json_integer_value(json_object_get(entry, "index")), index);
		assert_string_equal(json_string_value(json_object_get(entry, "name")),
				    palette_at(index)->name);
		assert_int_equal(json_array_size(json_object_get(entry, "stops")),
				 palette_at(index)->count);
	}
	/* the last colour of sunset in palette_list.c: #ffa63c at 255 */
	sunset = json_array_get(list, (size_t)palette_find("sunset"));
	assert_true(json_is_false(json_object_get(sunset, "ring")));
	stop = json_array_get(json_object_get(sunset, "stops"), 4);
	assert_int_equal(json_integer_value(json_array_get(stop, 0)), 255);
	assert_int_equal(json_integer_value(json_array_get(stop, 1)), 0xff);
	assert_int_equal(json_integer_value(json_array_get(stop, 2)), 0xa6);
	assert_int_equal(json_integer_value(json_array_get(stop, 3)), 0x3c);
	json_decref(answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_animation_has_a_film_of_its_size),
		cmocka_unit_test(the_film_of_one_colour_is_this_colour_all_over),
		cmocka_unit_test(films_of_what_moves_move),
		cmocka_unit_test(a_film_is_the_same_each_time),
		cmocka_unit_test(palettes_are_told_with_their_colours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
