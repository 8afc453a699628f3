// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * engine/engine.h and player.h with a real frame manager on a loop whose time
 * the test moves. At 100 fps a period is 10 ms; instants, counts and colours are
 * worked out from that and from the definitions in pixel/.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../frames/fake_loop.h"

#include "../frames/fake_output.h"
#include "count_malloc.h"
#include "engine/engine.h"
#include "engine/player.h"
#include "pixel/blend.h"

#define FPS 100
#define PERIOD_MS 10
#define PIXELS 10

static const struct pixel red = { 255, 0, 0, 0 }, green = { 0, 255, 0, 0 };
static const struct engine_transition linear_400 = { 400, EASE_LINEAR, ENGINE_CROSSFADE };

struct fixture {
	struct frames *frames;
	struct engine *engine;
	struct fake_output out;
	unsigned int done;
	bool stop_when_done;
};

/* Two zones of 10 pixels on one strip, and for a test a third one over the first. */
static void begin_zones(struct fixture *f, unsigned int zones)
{
	struct frames_config config = { .loop = &fake.loop, .fps = FPS };
	struct engine_config engine_config;

	memset(f, 0, sizeof(*f));
	fake_reset();
	fake_output_init(&f->out, 2 * PIXELS, 4);
	assert_int_equal(frames_create(&f->frames, &config), 0);
	assert_int_equal(frames_add_output(f->frames, &f->out.output), 0);
	engine_config = (struct engine_config){ f->frames, 1 };
	assert_int_equal(engine_create(&f->engine, &engine_config), 0);
	for (unsigned int i = 0; i < zones; i++) {
		struct frames_zone_config zone = {
			.part_count = 1, .part = { { .first = i % 2 * PIXELS, .count = PIXELS } }
		};

		assert_int_equal(frames_add_zone(f->frames, &zone), i);
		assert_int_equal(engine_add_zone(f->engine, i, PIXELS, PIXELS, 1), 0);
	}
	assert_int_equal(engine_start(f->engine), 0);
	assert_int_equal(frames_start(f->frames), 0);
	fake_run_ms(1000);
	fake.wakeups = f->out.frames = 0;
}

static void begin(struct fixture *f)
{
	begin_zones(f, 2);
}

static void begin_covered(struct fixture *f)
{
	begin_zones(f, 3);
}

static void end(struct fixture *f)
{
	frames_destroy(f->frames);
	assert_null(engine_destroy(f->engine));
}

static struct pixel shown(const struct fixture *f, unsigned int zone)
{
	const uint8_t *at = f->out.frame + (size_t)zone * PIXELS * 4;

	return (struct pixel){ at[0], at[1], at[2], at[3] };
}

static void assert_pixel(struct pixel is, struct pixel want)
{
	assert_memory_equal(&is, &want, sizeof(is));
}

static int show_effect(struct fixture *f, unsigned int zone, const char *id,
		       const struct engine_transition *transition)
{
	const struct effect *effect = effect_find(id);
	int32_t params[EFFECT_MAX_PARAMS];

	for (size_t i = 0; i < effect->param_count; i++)
		params[i] = effect->params[i].def;
	return engine_show_effect(f->engine, zone, effect, params, transition);
}

static void zones_are_dark_and_asleep_before_anything_is_shown(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	assert_pixel(shown(&f, 0), PIXEL_BLACK);
	assert_int_equal(fake_run_ms(10000), 0);
	assert_false(engine_moving(f.engine, 0));
	end(&f);
}

static void a_colour_without_transition_shows_in_the_next_frame(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	assert_int_equal(engine_show_color(f.engine, 1, (struct pixel){ 1, 2, 3, 4 }, NULL), 0);
	assert_int_equal(fake_run_ms(0), 1);
	assert_pixel(shown(&f, 1), ((struct pixel){ 1, 2, 3, 4 }));
	assert_pixel(shown(&f, 0), PIXEL_BLACK);
	assert_false(engine_moving(f.engine, 1));
	assert_int_equal(fake_run_ms(100000), 0);
	/* a transition of no duration is a cut */
	assert_int_equal(engine_show_color(f.engine, 1, red, &(struct engine_transition){ 0 }), 0);
	fake_run_ms(PERIOD_MS);
	assert_pixel(shown(&f, 1), red);
	assert_int_equal(f.out.frames, 2);
	end(&f);
}

static void a_crossfade_mixes_light_and_ends_exactly(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	engine_show_color(f.engine, 0, red, NULL);
	fake_run_ms(1000);
	engine_show_color(f.engine, 0, green, &linear_400);
	assert_true(engine_moving(f.engine, 0));
	fake_run_ms(100);
	assert_pixel(shown(&f, 0), blend(red, green, 65535 / 4));
	fake_run_ms(100);
	assert_pixel(shown(&f, 0), blend(red, green, 65535 / 2));
	fake_run_ms(190);
	assert_pixel(shown(&f, 0), blend(red, green, 65535 * 39 / 40));
	fake_run_ms(10);
	assert_pixel(shown(&f, 0), green);
	assert_false(engine_moving(f.engine, 0));
	assert_int_equal(fake_run_ms(100000), 0);
	end(&f);
}

static void a_crossfade_follows_its_curve(void **state)
{
	const struct engine_transition transition = { 400, EASE_CUBIC_IN, ENGINE_CROSSFADE };
	struct fixture f;

	(void)state;
	begin(&f);
	engine_show_color(f.engine, 0, red, &transition);
	fake_run_ms(200);
	assert_pixel(shown(&f, 0), blend(PIXEL_BLACK, red, ease(EASE_CUBIC_IN, 32767)));
	end(&f);
}

static void a_fade_goes_through_black_in_the_middle(void **state)
{
	const struct engine_transition fade = { 400, EASE_LINEAR, ENGINE_FADE };
	struct fixture f;

	(void)state;
	begin(&f);
	engine_show_color(f.engine, 0, red, NULL);
	fake_run_ms(1000);
	engine_show_color(f.engine, 0, green, &fade);
	fake_run_ms(100);
	assert_pixel(shown(&f, 0), blend(red, PIXEL_BLACK, 65535 / 2));
	fake_run_ms(100);
	assert_pixel(shown(&f, 0), PIXEL_BLACK);
	fake_run_ms(100);
	assert_pixel(shown(&f, 0), blend(PIXEL_BLACK, green, 65535 / 2));
	fake_run_ms(100);
	assert_pixel(shown(&f, 0), green);
	assert_int_equal(fake_run_ms(100000), 0);
	end(&f);
}

static void a_cut_comes_in_the_middle_of_its_time_and_none_at_once(void **state)
{
	const struct engine_transition cut = { 400, EASE_LINEAR, ENGINE_CUT };
	const struct engine_transition none = { 400, EASE_LINEAR, ENGINE_NONE };
	struct fixture f;

	(void)state;
	begin(&f);
	engine_show_color(f.engine, 0, red, &none);
	fake_run_ms(PERIOD_MS);
	assert_pixel(shown(&f, 0), red);
	fake_run_ms(1000);
	engine_show_color(f.engine, 0, green, &cut);
	fake_run_ms(200 - PERIOD_MS);
	assert_pixel(shown(&f, 0), red);
	fake_run_ms(2 * PERIOD_MS);
	assert_pixel(shown(&f, 0), green);
	assert_int_equal(fake_run_ms(1000) <= 200 / PERIOD_MS, 1);
	end(&f);
}

static void a_zone_that_is_dark_covers_nothing(void **state)
{
	struct fixture f;
	const uint8_t *first;

	(void)state;
	/* a third zone, in a layer above the first one's pixels */
	begin_covered(&f);
	first = f.out.frame;
	engine_show_color(f.engine, 0, red, NULL);
	engine_show_color(f.engine, 2, green, NULL);
	fake_run_ms(100);
	assert_int_equal(first[1], 255);
	engine_set_level(f.engine, 2, 0, &linear_400);
	fake_run_ms(200);
	assert_int_equal(first[0], 0);
	fake_run_ms(300);
	assert_int_equal(first[0], 255);
	assert_int_equal(first[1], 0);
	assert_int_equal(fake_run_ms(10000), 0);
	engine_set_level(f.engine, 2, 255, NULL);
	fake_run_ms(100);
	assert_int_equal(first[0], 0);
	assert_int_equal(first[1], 255);
	end(&f);
}

/* The largest step that a component makes from one frame to the next while @ms pass. */
static int largest_step(struct fixture *f, unsigned int ms)
{
	struct pixel before = shown(f, 0);
	int largest = 0;

	for (unsigned int i = 0; i < ms; i++) {
		struct pixel now;
		int steps[3];

		fake_run_ms(1);
		now = shown(f, 0);
		steps[0] = abs(now.r - before.r);
		steps[1] = abs(now.g - before.g);
		steps[2] = abs(now.b - before.b);
		for (int c = 0; c < 3; c++)
			largest = steps[c] > largest ? steps[c] : largest;
		before = now;
	}
	return largest;
}

static void a_transition_that_is_interrupted_goes_on_from_what_shows(void **state)
{
	struct engine_transition slow = { 4000, EASE_LINEAR, ENGINE_CROSSFADE };
	int steady, interrupted = 0;
	struct fixture f;

	(void)state;
	begin(&f);
	engine_show_color(f.engine, 0, (struct pixel){ 200, 60, 30, 0 }, NULL);
	fake_run_ms(1000);
	engine_show_color(f.engine, 0, (struct pixel){ 40, 180, 90, 0 }, &slow);
	steady = largest_step(&f, 5000);
	for (int i = 0; i < 12; i++) {
		const struct pixel to = { (uint8_t)(40 + i * 15), (uint8_t)(180 - i * 9), 90, 0 };
		int step;

		if (i % 3 == 2)
			engine_set_level(f.engine, 0, (uint8_t)(255 - i), &slow);
		else if (i % 3 == 1)
			show_effect(&f, 0, "BREATHE", &slow);
		else
			engine_show_color(f.engine, 0, to, &slow);
		step = largest_step(&f, 330 + (unsigned int)i * 7);
		interrupted = step > interrupted ? step : interrupted;
	}
	/* one frame of 400: no larger than a few steps of one in an uninterrupted fade */
	assert_in_range(interrupted, 1, 4 * (steady + 1));
	end(&f);
}

static void a_cut_ends_a_transition(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	engine_show_color(f.engine, 0, red, &linear_400);
	fake_run_ms(100);
	engine_show_color(f.engine, 0, green, NULL);
	fake_run_ms(PERIOD_MS);
	assert_pixel(shown(&f, 0), green);
	assert_int_equal(fake_run_ms(100000), 0);
	end(&f);
}

static void an_effect_takes_the_place_of_a_colour_and_back_without_a_dark_frame(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	engine_show_color(f.engine, 0, red, NULL);
	fake_run_ms(50);
	for (int i = 0; i < 20; i++) {
		if (i % 2)
			engine_show_color(f.engine, 0, red, NULL);
		else
			show_effect(&f, 0, "RAINBOW", NULL);
		for (int ms = 0; ms < 35; ms++) {
			struct pixel now;

			fake_run_ms(1);
			now = shown(&f, 0);
			assert_true(now.r + now.g + now.b > 0);
		}
		assert_int_equal(engine_moving(f.engine, 0), i % 2 == 0);
	}
	assert_pixel(shown(&f, 0), red);
	assert_int_equal(fake_run_ms(100000), 0);
	end(&f);
}

static void what_was_asked_last_before_a_frame_is_what_shows(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	show_effect(&f, 0, "RAINBOW", &linear_400);
	engine_show_color(f.engine, 0, red, &linear_400);
	show_effect(&f, 0, "SNAKE", &linear_400);
	engine_show_color(f.engine, 0, green, NULL);
	assert_int_equal(fake_run_ms(0), 1);
	assert_pixel(shown(&f, 0), green);
	assert_int_equal(fake_run_ms(100000), 0);
	end(&f);
}

static void an_effect_animates_at_the_rate_of_the_frames(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	show_effect(&f, 0, "RAINBOW", NULL);
	/* at 0, 10, … 1000 ms */
	assert_int_equal(fake_run_ms(1000), 101);
	end(&f);
}

static void bad_zones_and_values_are_refused_and_change_nothing(void **state)
{
	const struct effect *rainbow = effect_find("RAINBOW");
	int32_t params[EFFECT_MAX_PARAMS];
	struct fixture f;

	(void)state;
	begin(&f);
	engine_show_color(f.engine, 0, red, NULL);
	fake_run_ms(50);
	for (size_t i = 0; i < rainbow->param_count; i++)
		params[i] = rainbow->params[i].def;
	assert_int_equal(engine_show_effect(f.engine, 2, rainbow, params, NULL), -EINVAL);
	assert_int_equal(engine_show_effect(f.engine, 99999, rainbow, params, NULL), -EINVAL);
	for (size_t i = 0; i < rainbow->param_count; i++) {
		params[i] = rainbow->params[i].min - 1;
		assert_int_equal(engine_show_effect(f.engine, 0, rainbow, params, NULL), -EINVAL);
		params[i] = rainbow->params[i].max + 1;
		assert_int_equal(engine_show_effect(f.engine, 0, rainbow, params, NULL), -EINVAL);
		params[i] = rainbow->params[i].def;
	}
	assert_int_equal(engine_show_color(f.engine, 2, green, NULL), -EINVAL);
	assert_int_equal(engine_set_level(f.engine, 2, 0, NULL), -EINVAL);
	assert_int_equal(engine_set_param(f.engine, 2, 0, 1), -EINVAL);
	/* zone 1 shows nothing that had parameters */
	assert_int_equal(engine_set_param(f.engine, 1, 0, 1), -EINVAL);
	assert_int_equal(engine_set_param(f.engine, 0, 4, 1), -EINVAL);
	assert_int_equal(engine_set_param(f.engine, 0, EFFECT_SOLID_RED, 256), -EINVAL);
	assert_int_equal(engine_set_param(f.engine, 0, EFFECT_SOLID_RED, -1), -EINVAL);
	assert_int_equal(engine_add_zone(f.engine, 5, 1, 1, 1), -EINVAL);
	assert_int_equal(engine_start(f.engine), -EALREADY);
	assert_int_equal(fake_run_ms(1000), 0);
	assert_pixel(shown(&f, 0), red);
	end(&f);
}

static void nothing_is_taken_before_the_start(void **state)
{
	struct engine_config config = { NULL, 1 };
	struct engine *engine;

	(void)state;
	assert_int_equal(engine_create(&engine, &config), 0);
	assert_int_equal(engine_add_zone(engine, 0, 5, 5, 1), 0);
	assert_int_equal(engine_add_zone(engine, 0, 5, 5, 1), -EINVAL);
	assert_int_equal(engine_add_zone(engine, FRAMES_MAX_ZONES, 5, 5, 1), -EINVAL);
	assert_int_equal(engine_show_color(engine, 0, red, NULL), -EINVAL);
	assert_int_equal(engine_set_level(engine, 0, 1, NULL), -EINVAL);
	assert_false(engine_moving(engine, 0));
	assert_null(engine_destroy(engine));
	assert_null(engine_destroy(NULL));
}

static void a_parameter_changes_a_running_effect(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	engine_show_color(f.engine, 0, red, NULL);
	fake_run_ms(50);
	assert_int_equal(engine_set_param(f.engine, 0, EFFECT_SOLID_BLUE, 77), 0);
	fake_run_ms(PERIOD_MS);
	assert_pixel(shown(&f, 0), ((struct pixel){ 255, 0, 77, 0 }));
	assert_int_equal(fake_run_ms(100000), 0);
	end(&f);
}

static void brightness_scales_colours_and_effects(void **state)
{
	struct fixture f;
	struct pixel now;

	(void)state;
	begin(&f);
	engine_show_color(f.engine, 0, (struct pixel){ 200, 100, 50, 10 }, NULL);
	engine_set_level(f.engine, 0, 51, NULL);
	fake_run_ms(50);
	/* 51 / 255 = 1 / 5 */
	assert_pixel(shown(&f, 0), ((struct pixel){ 40, 20, 10, 2 }));
	show_effect(&f, 0, "RAINBOW", NULL);
	for (int i = 0; i < 100; i++) {
		fake_run_ms(PERIOD_MS);
		now = shown(&f, 0);
		assert_in_range(now.r > now.g ? now.r : now.g, 0, 51);
	}
	end(&f);
}

static void brightness_glides_while_the_effect_goes_on(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	engine_show_color(f.engine, 0, (struct pixel){ 255, 255, 255, 255 }, NULL);
	fake_run_ms(1000);
	engine_set_level(f.engine, 0, 55, &linear_400);
	assert_true(engine_moving(f.engine, 0));
	fake_run_ms(200);
	/* 255 - 200 / 2, within one by rounding */
	assert_in_range(shown(&f, 0).r, 154, 156);
	/* turned round half way: from where it is */
	engine_set_level(f.engine, 0, 255, &linear_400);
	fake_run_ms(PERIOD_MS);
	assert_in_range(shown(&f, 0).r, 154, 160);
	fake_run_ms(400);
	assert_int_equal(shown(&f, 0).r, 255);
	assert_false(engine_moving(f.engine, 0));
	assert_int_equal(fake_run_ms(100000), 0);
	end(&f);
}

static void brightness_in_a_crossfade_arrives_in_its_own_time(void **state)
{
	const struct engine_transition slow = { 5000, EASE_LINEAR, ENGINE_CROSSFADE };
	struct fixture f;

	(void)state;
	begin(&f);
	engine_show_color(f.engine, 0, red, NULL);
	fake_run_ms(50);
	engine_show_color(f.engine, 0, green, &slow);
	fake_run_ms(1000);
	engine_set_level(f.engine, 0, 0, &linear_400);
	fake_run_ms(390);
	assert_true(shown(&f, 0).r > 0);
	fake_run_ms(10);
	assert_pixel(shown(&f, 0), PIXEL_BLACK);
	assert_int_equal(fake_run_ms(100000), 0);
	end(&f);
}

static void a_dark_zone_sleeps_and_its_effect_goes_on_where_it_was(void **state)
{
	struct fixture f, never_dark;
	uint8_t want[FAKE_OUTPUT_BYTES];

	(void)state;
	begin(&never_dark);
	show_effect(&never_dark, 0, "RAINBOW", NULL);
	fake_run_ms(500);
	memcpy(want, never_dark.out.frame, sizeof(want));
	end(&never_dark);

	begin(&f);
	show_effect(&f, 0, "RAINBOW", NULL);
	fake_run_ms(500);
	assert_memory_equal(f.out.frame, want, sizeof(want));
	engine_set_level(f.engine, 0, 0, NULL);
	fake_run_ms(PERIOD_MS);
	assert_pixel(shown(&f, 0), PIXEL_BLACK);
	assert_false(engine_moving(f.engine, 0));
	fake.wakeups = 0;
	assert_int_equal(fake_run_ms(3600000), 0);
	engine_set_level(f.engine, 0, 255, NULL);
	fake_run_ms(0);
	assert_memory_equal(f.out.frame, want, sizeof(want));
	assert_true(engine_moving(f.engine, 0));
	end(&f);
}

static void an_effect_begun_in_a_dark_zone_shows_when_it_gets_bright(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	engine_set_level(f.engine, 0, 0, NULL);
	show_effect(&f, 0, "RAINBOW", &linear_400);
	fake_run_ms(1000);
	assert_pixel(shown(&f, 0), PIXEL_BLACK);
	assert_int_equal(fake_run_ms(10000), 0);
	engine_set_level(f.engine, 0, 255, &linear_400);
	fake_run_ms(400);
	assert_true(shown(&f, 0).r + shown(&f, 0).g + shown(&f, 0).b >= 255);
	end(&f);
}

static void on_done(void *data)
{
	struct fixture *f = data;

	f->done++;
	if (f->stop_when_done)
		frames_stop(f->frames);
}

static const struct engine_transition fade_out = { 600, EASE_QUAD_OUT, ENGINE_CROSSFADE };

static void a_fade_out_ends_in_black_and_tells_once_it_is_taken(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	show_effect(&f, 0, "RAINBOW", NULL);
	engine_show_color(f.engine, 1, red, NULL);
	fake_run_ms(1000);
	f.stop_when_done = true;
	assert_int_equal(engine_fade_out(f.engine, &fade_out, on_done, &f), 0);
	assert_int_equal(engine_fade_out(f.engine, &fade_out, on_done, &f), -EALREADY);
	fake_run_ms(590);
	assert_true(shown(&f, 1).r > 0);
	assert_int_equal(f.done, 0);
	fake_run_ms(10);
	assert_pixel(shown(&f, 0), PIXEL_BLACK);
	assert_pixel(shown(&f, 1), PIXEL_BLACK);
	assert_int_equal(f.done, 0);
	fake_run_ms(PERIOD_MS);
	assert_int_equal(f.done, 1);
	fake_run_ms(10000);
	assert_int_equal(f.done, 1);
	assert_int_equal(fake_deadline(), 0);
	end(&f);
}

static void a_fade_out_waits_for_a_busy_output_but_not_longer_than_a_second(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	engine_show_color(f.engine, 1, red, NULL);
	fake_run_ms(1000);
	engine_fade_out(f.engine, &fade_out, on_done, &f);
	fake_run_ms(300);
	f.out.busy = true;
	fake_run_ms(1000);
	assert_int_equal(f.done, 0);
	fake_run_ms(290);
	assert_int_equal(f.done, 0);
	fake_run_ms(10);
	assert_int_equal(f.done, 1);
	end(&f);

	begin(&f);
	engine_show_color(f.engine, 1, red, NULL);
	fake_run_ms(1000);
	engine_fade_out(f.engine, NULL, on_done, &f);
	f.out.busy = true;
	fake_run_ms(500);
	assert_int_equal(f.done, 0);
	fake_output_ready(&f.out);
	assert_pixel(shown(&f, 1), PIXEL_BLACK);
	fake_run_ms(PERIOD_MS);
	assert_int_equal(f.done, 1);
	assert_int_equal(fake_run_ms(10000), 0);
	end(&f);
}

static void no_frame_allocates_memory(void **state)
{
	static const char *const ids[] = { "BREATHE", "RAINBOW", "SNAKE" };
	unsigned long before;
	void *volatile memory;
	struct fixture f;

	(void)state;
	begin(&f);
	before = allocations;
	/* the counter counts; volatile, lest the compiler leaves out what is not used */
	memory = malloc(1);
	free(memory);
	assert_int_equal(allocations, before + 1);
	for (unsigned int i = 0; i < 30; i++) {
		before = allocations;
		show_effect(&f, 0, ids[i % 3], &linear_400);
		engine_show_color(f.engine, 1, i % 2 ? red : green, &linear_400);
		fake_run_ms(150);
		engine_set_level(f.engine, 0, (uint8_t)(i * 8), &linear_400);
		if (i % 7 == 3)
			f.out.busy = true;
		fake_run_ms(500);
		if (f.out.busy)
			fake_output_ready(&f.out);
		assert_int_equal(allocations, before);
	}
	assert_true(f.out.frames > 1000);
	end(&f);
}

static unsigned int advances;

static void count_advance(void *effect_state, const struct effect_context *ctx)
{
	(void)effect_state;
	assert_int_equal(ctx->tick, advances);
	advances++;
}

static struct effect_context drawn;

static void keep_context(const void *effect_state, const struct effect_context *ctx,
			 struct pixel *out)
{
	(void)effect_state;
	(void)out;
	drawn = *ctx;
}

static const struct effect counting = {
	.id = "COUNTING",
	.advance = count_advance,
	.render = keep_context,
};

static struct player counting_player(uint64_t now_ns)
{
	static int32_t no_params[EFFECT_MAX_PARAMS];
	static long long nothing;
	struct player player = { .state = &nothing, .level = 255, .level_to = 255 };

	advances = 0;
	player_show(&player, now_ns, &counting, no_params);
	return player;
}

static void ticks_come_at_120_a_second_with_the_part_of_the_next(void **state)
{
	struct player player = counting_player(5000);
	struct pixel none;

	(void)state;
	player_render(&player, 5000, &none);
	assert_int_equal(advances, 0);
	assert_int_equal(drawn.fraction, 0);
	/* 12.5 ms are one and a half ticks of 8.33 ms */
	player_render(&player, 5000 + 12500000, &none);
	assert_int_equal(advances, 1);
	assert_int_equal(drawn.tick, 1);
	assert_int_equal(drawn.fraction, 32768);
	player_render(&player, 5000 + 1000000000, &none);
	assert_int_equal(advances, 120);
	assert_int_equal(drawn.fraction, 0);
	/* a frame for an instant before */
	player_render(&player, 5000 + 999000000, &none);
	assert_int_equal(advances, 120);
}

static void what_is_longer_ago_than_two_seconds_is_not_made_up_for(void **state)
{
	struct player player = counting_player(0);
	struct pixel none;

	(void)state;
	player_render(&player, 3600 * NSEC_PER_SEC, &none);
	assert_int_equal(advances, PLAYER_CATCH_UP);
	player_render(&player, 3601 * NSEC_PER_SEC, &none);
	assert_int_equal(advances, PLAYER_CATCH_UP + 120);
}

static void a_glide_reaches_its_end_and_stops(void **state)
{
	struct glide glide;

	(void)state;
	glide_start(&glide, 1000, NULL);
	assert_false(glide.active);
	glide_start(&glide, 1000, &(struct engine_transition){ 1, EASE_LINEAR, ENGINE_CROSSFADE });
	assert_true(glide.active);
	assert_int_equal(glide_at(&glide, 0), 0);
	assert_int_equal(glide_at(&glide, 1000), 0);
	/* within 256 ns of a half */
	assert_in_range(glide_at(&glide, 1000 + 500000), 32767 - 34, 32767 + 34);
	assert_true(glide.active);
	assert_int_equal(glide_at(&glide, 1000 + 1000000), 65535);
	assert_false(glide.active);
	/* the longest there is: 49.7 days */
	glide_start(&glide, 0,
		    &(struct engine_transition){ UINT32_MAX, EASE_LINEAR, ENGINE_CROSSFADE });
	assert_in_range(glide_at(&glide, UINT32_MAX / 2 * 1000000ULL), 32766, 32768);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_are_dark_and_asleep_before_anything_is_shown),
		cmocka_unit_test(a_colour_without_transition_shows_in_the_next_frame),
		cmocka_unit_test(a_crossfade_mixes_light_and_ends_exactly),
		cmocka_unit_test(a_crossfade_follows_its_curve),
		cmocka_unit_test(a_fade_goes_through_black_in_the_middle),
		cmocka_unit_test(a_cut_comes_in_the_middle_of_its_time_and_none_at_once),
		cmocka_unit_test(a_zone_that_is_dark_covers_nothing),
		cmocka_unit_test(a_transition_that_is_interrupted_goes_on_from_what_shows),
		cmocka_unit_test(a_cut_ends_a_transition),
		cmocka_unit_test(
			an_effect_takes_the_place_of_a_colour_and_back_without_a_dark_frame),
		cmocka_unit_test(what_was_asked_last_before_a_frame_is_what_shows),
		cmocka_unit_test(an_effect_animates_at_the_rate_of_the_frames),
		cmocka_unit_test(bad_zones_and_values_are_refused_and_change_nothing),
		cmocka_unit_test(nothing_is_taken_before_the_start),
		cmocka_unit_test(a_parameter_changes_a_running_effect),
		cmocka_unit_test(brightness_scales_colours_and_effects),
		cmocka_unit_test(brightness_glides_while_the_effect_goes_on),
		cmocka_unit_test(brightness_in_a_crossfade_arrives_in_its_own_time),
		cmocka_unit_test(a_dark_zone_sleeps_and_its_effect_goes_on_where_it_was),
		cmocka_unit_test(an_effect_begun_in_a_dark_zone_shows_when_it_gets_bright),
		cmocka_unit_test(a_fade_out_ends_in_black_and_tells_once_it_is_taken),
		cmocka_unit_test(a_fade_out_waits_for_a_busy_output_but_not_longer_than_a_second),
		cmocka_unit_test(no_frame_allocates_memory),
		cmocka_unit_test(ticks_come_at_120_a_second_with_the_part_of_the_next),
		cmocka_unit_test(what_is_longer_ago_than_two_seconds_is_not_made_up_for),
		cmocka_unit_test(a_glide_reaches_its_end_and_stops),
	};

	return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
