// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * engine/engine.h: effects whose pictures come from elsewhere. At 100 fps a period
 * is 10 ms; colours are what the test gives as the next picture.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../frames/fake_loop.h"

#include "../frames/fake_output.h"
#include "engine/engine.h"

#define FPS 100
#define PERIOD_MS 10
#define PIXELS 10

static const struct pixel red = { 255, 0, 0, 0 }, green = { 0, 255, 0, 0 };
static const struct engine_transition linear_400 = { 400, EASE_LINEAR, ENGINE_CROSSFADE };

static struct {
	struct frames *frames;
	struct engine *engine;
	struct effect effect;
	struct fake_output out;
	unsigned int fetched; /* times it was asked */
	unsigned int ready;   /* pictures that wait */
	uint8_t number;	      /* green of the last one given */
} f;

/* The next picture is one step of green brighter than the one before. */
static bool fetch(unsigned int zone, struct pixel *picture, void *data)
{
	assert_int_equal(zone, 0);
	assert_ptr_equal(data, &f);
	f.fetched++;
	if (!f.ready)
		return false;
	f.ready--;
	f.number++;
	for (unsigned int i = 0; i < PIXELS; i++)
		picture[i] = (struct pixel){ .g = f.number };
	return true;
}

static int begin(void **state)
{
	struct frames_config config = { .loop = &fake.loop, .fps = FPS };
	struct frames_zone_config zone = { .part_count = 1, .part = { { .count = PIXELS } } };
	struct engine_config engine = { .seed = 1 };

	(void)state;
	memset(&f, 0, sizeof(f));
	fake_reset();
	f.effect = effect_make_external("MINE", "Mine", "");
	assert_int_equal(effect_add(&f.effect), 0);
	fake_output_init(&f.out, PIXELS, 4);
	assert_int_equal(frames_create(&f.frames, &config), 0);
	assert_int_equal(frames_add_output(f.frames, &f.out.output), 0);
	engine.frames = f.frames;
	assert_int_equal(engine_create(&f.engine, &engine), 0);
	assert_int_equal(frames_add_zone(f.frames, &zone), 0);
	assert_int_equal(engine_add_zone(f.engine, 0, PIXELS, PIXELS, 1), 0);
	engine_set_source(f.engine, fetch, &f);
	assert_int_equal(engine_start(f.engine), 0);
	assert_int_equal(frames_start(f.frames), 0);
	assert_int_equal(engine_show_color(f.engine, 0, red, NULL), 0);
	fake_run_ms(1000);
	return 0;
}

static int end(void **state)
{
	(void)state;
	frames_destroy(f.frames);
	engine_destroy(f.engine);
	effect_drop_added();
	return 0;
}

static void show(const struct engine_transition *transition)
{
	int32_t none[EFFECT_MAX_PARAMS] = { 0 };

	assert_int_equal(engine_show_effect(f.engine, 0, &f.effect, none, transition), 0);
}

static struct pixel shown(void)
{
	return (struct pixel){ f.out.frame[0], f.out.frame[1], f.out.frame[2], f.out.frame[3] };
}

static void assert_pixel(struct pixel is, struct pixel want)
{
	assert_memory_equal(&is, &want, sizeof(is));
}

static void the_table_has_what_was_added_behind_its_own(void **state)
{
	struct effect again = effect_make_external("mine", "", "");
	size_t index = effect_index(&f.effect);

	(void)state;
	assert_ptr_equal(effect_find("mine"), &f.effect);
	assert_ptr_equal(effect_at(index), &f.effect);
	assert_null(effect_at(index + 1));
	assert_false(effect_at(index - 1)->external);
	assert_int_equal(effect_add(&again), -EEXIST);
	again.id = "SOLID";
	assert_int_equal(effect_add(&again), -EEXIST);
	effect_drop_added();
	assert_null(effect_find("mine"));
	assert_null(effect_at(index));
}

static void each_picture_shows_for_one_frame(void **state)
{
	(void)state;
	show(NULL);
	f.ready = 3;
	engine_fetch_again(f.engine, 0);
	fake_run_ms(0);
	assert_pixel(shown(), (struct pixel){ .g = 1 });
	fake_run_ms(PERIOD_MS);
	assert_pixel(shown(), (struct pixel){ .g = 2 });
	fake_run_ms(PERIOD_MS);
	assert_pixel(shown(), (struct pixel){ .g = 3 });
	assert_true(f.fetched <= 4);
}

static void nobody_wakes_up_while_there_is_no_picture(void **state)
{
	(void)state;
	show(NULL);
	fake_run_ms(1000);
	/* nobody said that there is one */
	assert_int_equal(f.fetched, 0);
	assert_int_equal(fake_run_ms(100000), 0);
	engine_fetch_again(f.engine, 0);
	fake_run_ms(1000);
	assert_int_equal(f.fetched, 1);
	assert_int_equal(fake_run_ms(100000), 0);
}

static void what_showed_stays_until_the_first_picture(void **state)
{
	(void)state;
	show(&linear_400);
	fake_run_ms(5000);
	assert_pixel(shown(), red);
	f.ready = 1;
	f.number = 254;
	engine_fetch_again(f.engine, 0);
	fake_run_ms(200);
	/* in the middle of 400 ms there is something of both */
	assert_true(shown().r > 0 && shown().g > 0);
	fake_run_ms(400);
	assert_pixel(shown(), green);
	assert_int_equal(fake_run_ms(100000), 0);
}

static void a_dark_zone_asks_for_nothing(void **state)
{
	unsigned int asked;

	(void)state;
	show(NULL);
	f.ready = 100;
	engine_fetch_again(f.engine, 0);
	fake_run_ms(10 * PERIOD_MS);
	engine_set_level(f.engine, 0, 0, NULL);
	fake_run_ms(2 * PERIOD_MS);
	assert_pixel(shown(), PIXEL_BLACK);
	asked = f.fetched;
	assert_int_equal(fake_run_ms(100000), 0);
	assert_int_equal(f.fetched, asked);
	engine_set_level(f.engine, 0, 255, NULL);
	fake_run_ms(5 * PERIOD_MS);
	assert_true(f.fetched >= asked + 4);
	assert_int_equal(shown().g, f.number);
}

static void a_zone_that_goes_dark_before_the_first_picture_is_dark(void **state)
{
	(void)state;
	show(&linear_400);
	fake_run_ms(100);
	engine_set_level(f.engine, 0, 0, NULL);
	fake_run_ms(100);
	assert_pixel(shown(), PIXEL_BLACK);
	engine_set_level(f.engine, 0, 255, &linear_400);
	fake_run_ms(1000);
	assert_pixel(shown(), PIXEL_BLACK);
	f.ready = 1;
	engine_fetch_again(f.engine, 0);
	fake_run_ms(1000);
	assert_pixel(shown(), (struct pixel){ .g = 1 });
}

static void the_level_holds_for_its_pictures(void **state)
{
	(void)state;
	show(NULL);
	engine_set_level(f.engine, 0, 51, NULL);
	f.ready = 1;
	f.number = 254;
	engine_fetch_again(f.engine, 0);
	fake_run_ms(100);
	/* 255 times 51 / 255 */
	assert_pixel(shown(), (struct pixel){ .g = 51 });
}

static void another_effect_ends_the_asking(void **state)
{
	unsigned int asked;

	(void)state;
	show(NULL);
	f.ready = 1000;
	engine_fetch_again(f.engine, 0);
	fake_run_ms(10 * PERIOD_MS);
	assert_int_equal(engine_show_color(f.engine, 0, red, &linear_400), 0);
	asked = f.fetched;
	fake_run_ms(1000);
	assert_int_equal(f.fetched, asked);
	assert_pixel(shown(), red);
	/* a late word of it is no matter */
	engine_fetch_again(f.engine, 0);
	fake_run_ms(1000);
	assert_int_equal(f.fetched, asked);
	assert_pixel(shown(), red);
}

static void an_output_that_is_busy_takes_no_picture_away(void **state)
{
	(void)state;
	show(NULL);
	f.ready = 100;
	engine_fetch_again(f.engine, 0);
	fake_run_ms(5 * PERIOD_MS);
	f.out.busy = true;
	fake_run_ms(100 * PERIOD_MS);
	/* one may have been made before the output said so */
	assert_in_range(f.number, 5, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_table_has_what_was_added_behind_its_own, begin,
						end),
		cmocka_unit_test_setup_teardown(each_picture_shows_for_one_frame, begin, end),
		cmocka_unit_test_setup_teardown(nobody_wakes_up_while_there_is_no_picture, begin,
						end),
		cmocka_unit_test_setup_teardown(what_showed_stays_until_the_first_picture, begin,
						end),
		cmocka_unit_test_setup_teardown(a_dark_zone_asks_for_nothing, begin, end),
		cmocka_unit_test_setup_teardown(
			a_zone_that_goes_dark_before_the_first_picture_is_dark, begin, end),
		cmocka_unit_test_setup_teardown(the_level_holds_for_its_pictures, begin, end),
		cmocka_unit_test_setup_teardown(another_effect_ends_the_asking, begin, end),
		cmocka_unit_test_setup_teardown(an_output_that_is_busy_takes_no_picture_away, begin,
						end),
	};

	return cmocka_run_group_tests_name("external", tests, NULL, NULL);
}
