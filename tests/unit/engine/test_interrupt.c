// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A transition may be interrupted at any moment without a jump: random ones
 * follow each other, and from frame to frame the light changes by no more than
 * the time that passed allows. At 100 frames a second one of 400 ms has 40
 * frames. With linear easing a frame of it is 1/40 of the light, twice that on
 * the way through black. A level is a part of the components, whose light is
 * its power of 2.2: at most 2.2/40 in a frame. Both together, and the rounding
 * to 8 bits, are below 0.15; a jump from one colour to another is 1.
 */
#include <math.h>
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
#define FADE_MS 400
#define MOST 0.15

struct fixture {
	struct frames *frames;
	struct engine *engine;
	struct fake_output out;
	double light[3];
	double largest;
};

static void begin(struct fixture *f)
{
	struct frames_config config = { .loop = &fake.loop, .fps = FPS };
	struct frames_zone_config zone = { .part_count = 1, .part = { { .count = 1 } } };
	struct engine_config engine_config;

	memset(f, 0, sizeof(*f));
	fake_reset();
	fake_output_init(&f->out, 1, 3);
	assert_int_equal(frames_create(&f->frames, &config), 0);
	assert_int_equal(frames_add_output(f->frames, &f->out.output), 0);
	engine_config = (struct engine_config){ f->frames, 1 };
	assert_int_equal(engine_create(&f->engine, &engine_config), 0);
	assert_int_equal(frames_add_zone(f->frames, &zone), 0);
	assert_int_equal(engine_add_zone(f->engine, 0, 1, 1, 1), 0);
	assert_int_equal(engine_start(f->engine), 0);
	assert_int_equal(frames_start(f->frames), 0);
	fake_run_ms(1000);
}

static void end(struct fixture *f)
{
	frames_destroy(f->frames);
	engine_destroy(f->engine);
}

/* The next frames, each compared with the one before it. */
static void run(struct fixture *f, unsigned int frames)
{
	while (frames--) {
		fake_run_ms(PERIOD_MS);
		for (int i = 0; i < 3; i++) {
			double light = pow(f->out.frame[i] / 255.0, 2.2);

			f->largest = fmax(f->largest, fabs(light - f->light[i]));
			f->light[i] = light;
		}
	}
}

static unsigned int random_below(unsigned int n)
{
	static uint32_t state = 1;

	/* Numerical Recipes' generator: the same run each time */
	state = state * 1664525U + 1013904223U;
	return (state >> 16) % n;
}

static void another_color(struct fixture *f, const struct engine_transition *how)
{
	struct pixel color = { 0 };

	color.r = random_below(2) ? 255 : 0;
	color.g = random_below(2) ? 255 : 0;
	color.b = random_below(2) ? 255 : 0;
	assert_int_equal(engine_show_color(f->engine, 0, color, how), 0);
}

static void run_random(struct fixture *f, bool colors, bool levels)
{
	static const enum engine_kind kinds[] = { ENGINE_CROSSFADE, ENGINE_FADE };

	for (int i = 0; i < 400; i++) {
		struct engine_transition how = { .duration_ms = FADE_MS,
						 .curve = EASE_LINEAR,
						 .kind = kinds[random_below(2)] };

		if (colors && (!levels || random_below(2)))
			another_color(f, &how);
		else
			assert_int_equal(
				engine_set_level(f->engine, 0, random_below(2) ? 255 : 0, &how), 0);
		/* now and then to its end, at times two in one frame */
		run(f, random_below(60));
	}
}

static void colours_that_interrupt_each_other_never_jump(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	run_random(&f, true, false);
	assert_true(f.largest > 0.02);
	assert_true(f.largest < MOST);
	end(&f);
}

static void levels_that_interrupt_each_other_never_jump(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	another_color(&f, NULL);
	engine_show_color(f.engine, 0, (struct pixel){ 255, 255, 255, 0 }, NULL);
	run(&f, 2);
	f.largest = 0;
	run_random(&f, false, true);
	assert_true(f.largest > 0.02);
	assert_true(f.largest < MOST);
	end(&f);
}

static void colours_and_levels_that_interrupt_each_other_never_jump(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	run_random(&f, true, true);
	assert_true(f.largest > 0.02);
	assert_true(f.largest < MOST);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(colours_that_interrupt_each_other_never_jump),
		cmocka_unit_test(levels_that_interrupt_each_other_never_jump),
		cmocka_unit_test(colours_and_levels_that_interrupt_each_other_never_jump),
	};

	return cmocka_run_group_tests_name("interrupt", tests, NULL, NULL);
}
