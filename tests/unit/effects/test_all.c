// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What holds for every effect there is. Light and movement are told in parts of
 * a thousand of what the zone can give: all components of all pixels at 255.
 * The bounds are what a person would call black, frozen or a jump.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/effect.h"
#include "engine/effects/kit.h"
#include "engine/player.h"

#define MAX_PIXELS 10000
#define GUARD 0xa5

/* the lit components of a pixel; no effect here uses the fourth */
#define COMPONENTS 3

static struct pixel buffer[MAX_PIXELS + 2];

/* all that is wrong is told before a test fails, not only the first */
static int complaints;

#define complain(...) (print_error(__VA_ARGS__), print_error("\n"), complaints++)

struct run {
	const struct effect *effect;
	struct effect_context ctx;
	int32_t params[EFFECT_MAX_PARAMS];
	void *state;
};

static void defaults(struct run *run, const struct effect *effect)
{
	*run = (struct run){ .effect = effect };
	for (size_t i = 0; i < effect->param_count; i++)
		run->params[i] = effect->params[i].def;
}

static void begin(struct run *run, uint32_t width, uint32_t height, uint32_t seed)
{
	const struct effect *effect = run->effect;
	size_t bytes = effect->state_bytes + effect->pixel_state_bytes * width * height;

	run->ctx = (struct effect_context){ .pixels = width * height,
					    .width = width,
					    .height = height,
					    .seed = seed,
					    .params = run->params };
	run->state = calloc(1, bytes ? bytes : 1);
	assert_non_null(run->state);
	if (effect->init)
		effect->init(run->state, &run->ctx);
}

static void end(struct run *run)
{
	free(run->state);
	run->state = NULL;
}

static void ticks(struct run *run, uint32_t count)
{
	run->ctx.fraction = 0;
	while (count--) {
		if (run->effect->advance)
			run->effect->advance(run->state, &run->ctx);
		run->ctx.tick++;
	}
}

/* The picture; what lies around it must not be touched. */
static const struct pixel *draw(struct run *run, uint32_t fraction)
{
	uint32_t n = run->ctx.pixels;
	const uint8_t *after = (const uint8_t *)(buffer + n + 1);

	memset(buffer, GUARD, (n + 2) * sizeof(buffer[0]));
	run->ctx.fraction = fraction;
	run->effect->render(run->state, &run->ctx, buffer + 1);
	for (size_t i = 0; i < sizeof(buffer[0]); i++)
		if (((const uint8_t *)buffer)[i] != GUARD || after[i] != GUARD)
			fail_msg("%s writes beside its %u pixels", run->effect->id, n);
	return buffer + 1;
}

/* light in thousandths of all there could be */
static uint32_t light_of(const struct pixel *pixels, uint32_t n)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += (uint64_t)pixels[i].r + pixels[i].g + pixels[i].b;
	return (uint32_t)(sum * 1000 / (n * 255ULL * COMPONENTS));
}

/* the sum of all differences, in thousandths of the largest there could be, times @gain */
static uint32_t difference(const struct pixel *a, const struct pixel *b, uint32_t n, uint32_t gain)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += (uint64_t)(abs(a[i].r - b[i].r) + abs(a[i].g - b[i].g) +
				  abs(a[i].b - b[i].b) + abs(a[i].w - b[i].w));
	return (uint32_t)(sum * 1000 * gain / (n * 255ULL * COMPONENTS));
}

#define EACH_EFFECT(effect)          \
	const struct effect *effect; \
	for (size_t each = 0; (effect = effect_at(each)); each++)

static bool is_one_of(const struct effect *effect, const char *const *ids)
{
	for (; *ids; ids++)
		if (strcmp(effect->id, *ids) == 0)
			return true;
	return false;
}

/* seconds in which an effect shows all it has; most do in ten */
static uint32_t seconds_of(const struct effect *effect)
{
	if (strcmp(effect->id, "SUNRISE") == 0)
		return 600;
	if (strcmp(effect->id, "GRADIENT") == 0 || strcmp(effect->id, "AURORA") == 0)
		return 60;
	return 10;
}

static void every_effect_draws_any_length_and_nothing_beside_it(void **state)
{
	static const uint32_t sizes[][2] = {
		{ 0, 0 }, { 0, 7 },  { 7, 0 },	 { 1, 1 },   { 2, 1 },	   { 3, 1 },   { 5, 1 },
		{ 8, 1 }, { 61, 1 }, { 300, 1 }, { 997, 1 }, { 10000, 1 }, { 1, 2 },   { 1, 60 },
		{ 2, 2 }, { 3, 5 },  { 8, 8 },	 { 16, 9 },  { 1, 999 },   { 500, 2 }, { 100, 100 }
	};

	(void)state;
	EACH_EFFECT(effect)
	{
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			struct run run;

			defaults(&run, effect);
			begin(&run, sizes[i][0], sizes[i][1], 1);
			draw(&run, 0);
			ticks(&run, 37);
			draw(&run, 65535);
			ticks(&run, 400);
			draw(&run, 12345);
			end(&run);
		}
	}
}

static void a_size_that_is_not_width_times_height_is_a_strip(void **state)
{
	(void)state;
	EACH_EFFECT(effect)
	{
		struct run run;

		defaults(&run, effect);
		begin(&run, 50, 1, 1);
		run.ctx.width = 7;
		run.ctx.height = 7;
		ticks(&run, 20);
		draw(&run, 0);
		run.ctx.width = 0xffffffff;
		run.ctx.height = 0xffffffff;
		draw(&run, 0);
		end(&run);
	}
}

static void every_parameter_may_be_at_its_ends_alone_and_together(void **state)
{
	static const uint32_t sizes[][2] = { { 1, 1 }, { 8, 1 }, { 61, 1 }, { 7, 5 }, { 1, 30 } };

	(void)state;
	EACH_EFFECT(effect)
	{
		for (uint32_t draw_of = 0; draw_of < 32; draw_of++) {
			struct run run;

			/* by chance: low, high, default for each of them */
			defaults(&run, effect);
			for (size_t p = 0; p < effect->param_count; p++) {
				uint32_t pick = noise_pair(draw_of, (uint32_t)p) >> 16;

				if (pick % 5 < 2 || draw_of == 0)
					run.params[p] = effect->params[p].min;
				else if (pick % 5 < 4 || draw_of == 1)
					run.params[p] = effect->params[p].max;
			}
			begin(&run, sizes[draw_of % 5][0], sizes[draw_of % 5][1], draw_of);
			for (int i = 0; i < 12; i++) {
				draw(&run, noise_hash((uint32_t)i) >> 16);
				ticks(&run, 1U << i);
			}
			end(&run);
		}
	}
}

static void parameters_may_change_at_any_time(void **state)
{
	(void)state;
	EACH_EFFECT(effect)
	{
		struct run run;

		defaults(&run, effect);
		begin(&run, 40, 1, 5);
		for (uint32_t i = 0; i < 60; i++) {
			for (size_t p = 0; p < effect->param_count; p++) {
				const struct effect_param *param = &effect->params[p];
				uint32_t span = (uint32_t)(param->max - param->min) + 1;

				run.params[p] =
					param->min + (int32_t)(noise_pair(i, (uint32_t)p) % span);
			}
			draw(&run, 30000);
			ticks(&run, i % 7);
			draw(&run, 0);
		}
		end(&run);
	}
}

static void any_time_may_be_asked_for(void **state)
{
	static const uint64_t times[] = { 0,	      1,	  1ULL << 31, (1ULL << 32) - 1,
					  1ULL << 40, UINT64_MAX, 3 };

	(void)state;
	EACH_EFFECT(effect)
	{
		for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
			struct run run;

			defaults(&run, effect);
			begin(&run, 33, 1, 9);
			run.ctx.tick = times[i];
			draw(&run, 65535);
			ticks(&run, 3);
			/* and back again */
			run.ctx.tick = times[0];
			draw(&run, 0);
			end(&run);
		}
	}
}

static void the_same_instant_gives_the_same_pixels_whatever_came_between(void **state)
{
	static const uint64_t steps_ns[] = { 1000000000 / 240, 1000000000 / 30, 1000000000,
					     7654321 };
	static struct pixel want[72], got[72];
	const uint64_t end_ns = 3700000000;

	(void)state;
	EACH_EFFECT(effect)
	{
		for (size_t s = 0; s < sizeof(steps_ns) / sizeof(steps_ns[0]); s++) {
			int32_t params[EFFECT_MAX_PARAMS];
			struct player player = { .pixels = 72,
						 .width = 9,
						 .height = 8,
						 .seed = 3,
						 .level = 255,
						 .level_from = 255,
						 .level_to = 255 };

			for (size_t i = 0; i < effect->param_count; i++)
				params[i] = effect->params[i].def;
			player.state = calloc(1, player_state_bytes(72));
			assert_non_null(player.state);
			player_show(&player, 0, effect, params);
			for (uint64_t t = 0; t < end_ns; t += steps_ns[s])
				player_render(&player, t, got);
			player_render(&player, end_ns, got);
			if (s == 0)
				memcpy(want, got, sizeof(want));
			assert_memory_equal(got, want, sizeof(want));
			free(player.state);
		}
	}
}

static void all_move_and_none_is_black_or_glaring(void **state)
{
	static const uint32_t sizes[][2] = { { 8, 1 }, { 60, 1 }, { 1000, 1 }, { 12, 12 } };
	static struct pixel before[1000];

	(void)state;
	complaints = 0;
	EACH_EFFECT(effect)
	{
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			uint32_t frames = 200, changes = 0, peak = 0, n;
			uint64_t light = 0, moved = 0;
			struct run run;

			defaults(&run, effect);
			begin(&run, sizes[i][0], sizes[i][1], 2);
			n = run.ctx.pixels;
			for (uint32_t f = 0; f < frames; f++) {
				const struct pixel *now = draw(&run, 0);
				uint32_t change = f ? difference(now, before, n, 1000) : 0;

				changes += change > 0;
				moved += change;
				light += light_of(now, n);
				for (uint32_t x = 0; x < n; x++) {
					peak = now[x].r > peak ? now[x].r : peak;
					peak = now[x].g > peak ? now[x].g : peak;
					peak = now[x].b > peak ? now[x].b : peak;
				}
				memcpy(before, now, n * sizeof(*now));
				ticks(&run, seconds_of(effect) * EFFECT_TICK_HZ / frames);
			}
			end(&run);
			/* what stands still is as its parameters say */
			if (!effect->advance)
				continue;
			/* 1 % to 75 % of all light on average, and bright at its brightest */
			if (light < 10 * frames || light > 750 * frames || peak < 150)
				complain("%s on %u x %u: light %llu of 1000, peak %u of 255",
					 effect->id, sizes[i][0], sizes[i][1],
					 (unsigned long long)light / frames, peak);
			/* something changes in a fifth of the frames, 0.1 % of all light a frame */
			if (changes < frames / 5 || moved < 1000 * frames)
				complain("%s on %u x %u: %u of %u frames changed, by %llu in 10^6",
					 effect->id, sizes[i][0], sizes[i][1], changes, frames,
					 (unsigned long long)moved / frames);
		}
	}
	assert_int_equal(complaints, 0);
}

/* how much the pictures of ten seconds differ when parameter @p has another value */
static uint32_t effect_of(const struct effect *effect, size_t p, int32_t value)
{
	static struct pixel want[60];
	struct run plain, changed;
	uint32_t most = 0;

	defaults(&plain, effect);
	defaults(&changed, effect);
	changed.params[p] = value;
	begin(&plain, 60, 1, 4);
	begin(&changed, 60, 1, 4);
	for (int f = 0; f < 100; f++) {
		uint32_t differs;

		memcpy(want, draw(&plain, 0), sizeof(want));
		differs = difference(draw(&changed, 0), want, 60, 1);
		most = differs > most ? differs : most;
		ticks(&plain, seconds_of(effect) * EFFECT_TICK_HZ / 100);
		ticks(&changed, seconds_of(effect) * EFFECT_TICK_HZ / 100);
	}
	end(&plain);
	end(&changed);
	return most;
}

static void every_parameter_visibly_does_something(void **state)
{
	complaints = 0;
	(void)state;
	EACH_EFFECT(effect)
	{
		for (size_t p = 0; p < effect->param_count; p++) {
			const struct effect_param *param = &effect->params[p];
			uint32_t low = 0, high = 0;

			/* the other side of the circle; both its ends are red */
			if (param->type == EFFECT_PARAM_HUE)
				low = effect_of(effect, p, (param->def + 180) % 360);
			else if (param->min != param->def)
				low = effect_of(effect, p, param->min);
			if (param->max != param->def)
				high = effect_of(effect, p, param->max);
			/* 1.5 % of all light is one pixel of 60 at full white */
			if (low < 15 && high < 15)
				complain("%s: %s does nothing (%u, %u of 1000)", effect->id,
					 param->name, low, high);
		}
	}
	assert_int_equal(complaints, 0);
}

static void faster_is_faster(void **state)
{
	static const int32_t speeds[] = { 10, 90 };
	static struct pixel before[60];

	(void)state;
	complaints = 0;
	EACH_EFFECT(effect)
	{
		int p = effect_param_find(effect, "speed");
		uint64_t moved[2] = { 0 };

		for (int i = 0; p >= 0 && i < 2; i++) {
			struct run run;

			defaults(&run, effect);
			run.params[p] = speeds[i];
			begin(&run, 60, 1, 6);
			for (int f = 0; f < 500; f++) {
				const struct pixel *now = draw(&run, 0);

				if (f)
					moved[i] += difference(now, before, 60, 1000);
				memcpy(before, now, sizeof(before));
				ticks(&run, 2);
			}
			end(&run);
		}
		if (p >= 0 && moved[1] < moved[0] * 2)
			complain("%s moves %llu at 90 %% and %llu at 10 %%", effect->id,
				 (unsigned long long)moved[1], (unsigned long long)moved[0]);
	}
	assert_int_equal(complaints, 0);
}

/* these are meant to flash */
static const char *const flashing[] = {
	"STROBE", "BLINK", "POLICE", "LIGHTNING", "FIREWORKS", NULL
};

static void nothing_jumps_at_240_frames_a_second(void **state)
{
	static struct pixel before[60];

	(void)state;
	complaints = 0;
	EACH_EFFECT(effect)
	{
		uint32_t most = 0, at = 0;
		struct run run;

		if (is_one_of(effect, flashing))
			continue;
		defaults(&run, effect);
		begin(&run, 60, 1, 7);
		for (uint32_t f = 0; f < 20 * 240; f++) {
			const struct pixel *now = draw(&run, f % 2 * 32768);
			uint32_t change = f ? difference(now, before, 60, 1) : 0;

			if (change > most) {
				most = change;
				at = f;
			}
			memcpy(before, now, sizeof(before));
			if (f % 2)
				ticks(&run, 1);
		}
		end(&run);
		/* 4 % of all light in 1/240 s would be all of it in a tenth of a second */
		if (most > 40)
			complain("%s jumps by %u of 1000 at frame %u", effect->id, most, at);
	}
	assert_int_equal(complaints, 0);
}

static void the_end_of_a_tick_is_the_start_of_the_next(void **state)
{
	static struct pixel last[60];

	(void)state;
	complaints = 0;
	EACH_EFFECT(effect)
	{
		uint32_t most = 0;
		struct run run;

		defaults(&run, effect);
		begin(&run, 60, 1, 8);
		for (int i = 0; i < 1200; i++) {
			uint32_t change;

			memcpy(last, draw(&run, 65535), sizeof(last));
			ticks(&run, 1);
			change = difference(draw(&run, 0), last, 60, 1);
			/* a stroke of lightning begins with a tick */
			if (change > most && strcmp(effect->id, "LIGHTNING") != 0)
				most = change;
		}
		end(&run);
		if (most > 5)
			complain("%s jumps by %u of 1000 from tick to tick", effect->id, most);
	}
	assert_int_equal(complaints, 0);
}

/* a state that begins with a motion, and has nothing else that moves */
static struct motion *motion_of(struct run *run)
{
	if (run->effect->state_bytes != sizeof(struct motion) &&
	    run->effect->state_bytes != sizeof(struct kit_flow))
		return NULL;
	return run->state;
}

static void nothing_jumps_when_a_count_of_turns_runs_over(void **state)
{
	/* turns are counted in 32 bits, chance and noise repeat after 16 */
	static const uint64_t places[] = { 1ULL << 32, 1ULL << 48, 1ULL << 49, 3ULL << 48 };
	static struct pixel before[60];

	(void)state;
	complaints = 0;
	EACH_EFFECT(effect)
	{
		for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
			struct run run;

			if (is_one_of(effect, flashing))
				continue;
			defaults(&run, effect);
			begin(&run, 60, 1, 10);
			if (motion_of(&run)) {
				motion_of(&run)->position =
					places[i] - 20ULL * motion_of(&run)->step;
				for (int f = 0; f < 80; f++) {
					const struct pixel *now = draw(&run, f % 2 * 32768);
					uint32_t change = f ? difference(now, before, 60, 1) : 0;

					if (change > 40)
						complain("%s jumps by %u of 1000 near turn %llx",
							 effect->id, change,
							 (unsigned long long)places[i]);
					memcpy(before, now, sizeof(before));
					if (f % 2)
						ticks(&run, 1);
				}
			}
			end(&run);
		}
	}
	assert_int_equal(complaints, 0);
}

static void what_is_left_to_chance_comes_from_the_seed(void **state)
{
	static const char *const random[] = {
		"MATRIX", "TWINKLE",   "TWINKLEFOX", "SPARKLE", "GLITTER", "DISSOLVE",
		"FIRE",	  "CANDLE",    "METEOR",     "COMET",	"RIPPLE",  "BOUNCING_BALLS",
		"NOISE",  "FIREWORKS", "LIGHTNING",  "AURORA",	"OCEAN",   NULL
	};
	static struct pixel first[60];

	(void)state;
	complaints = 0;
	EACH_EFFECT(effect)
	{
		uint32_t most = 0;
		struct run a, b, again;

		defaults(&a, effect);
		defaults(&b, effect);
		defaults(&again, effect);
		begin(&a, 60, 1, 1);
		begin(&b, 60, 1, 2);
		begin(&again, 60, 1, 1);
		for (int f = 0; f < 50; f++) {
			uint32_t other;

			memcpy(first, draw(&a, 0), sizeof(first));
			assert_memory_equal(draw(&again, 0), first, sizeof(first));
			other = difference(draw(&b, 0), first, 60, 1);
			most = other > most ? other : most;
			ticks(&a, 24);
			ticks(&b, 24);
			ticks(&again, 24);
		}
		end(&a);
		end(&b);
		end(&again);
		if (is_one_of(effect, random) && most < 15)
			complain("%s is the same for two seeds", effect->id);
	}
	assert_int_equal(complaints, 0);
}

/* the light of a row over ten seconds, in thousandths */
static uint64_t row_light(const struct effect *effect, uint32_t width, uint32_t height,
			  uint32_t row)
{
	uint64_t light = 0;
	struct run run;

	defaults(&run, effect);
	begin(&run, width, height, 3);
	for (int f = 0; f < 100; f++) {
		light += light_of(draw(&run, 0) + row * width, width);
		ticks(&run, 12);
	}
	end(&run);
	return light;
}

static void fire_burns_upwards(void **state)
{
	const struct effect *fire = effect_find("FIRE");

	(void)state;
	/* from the last row, which is the lowest, to the first; along a strip from its start */
	assert_true(row_light(fire, 8, 16, 15) > 4 * row_light(fire, 8, 16, 0));
	assert_true(row_light(fire, 1, 16, 15) > 4 * row_light(fire, 1, 16, 0));
}

static void balls_are_near_the_floor_more_often_than_at_the_top(void **state)
{
	const struct effect *balls = effect_find("BOUNCING_BALLS");

	(void)state;
	assert_true(row_light(balls, 12, 12, 11) > row_light(balls, 12, 12, 0));
}

static void effects_for_strips_show_the_same_in_all_rows(void **state)
{
	static const char *const rows[] = { "WIPE",    "SWEEP",	 "SCAN",   "LARSON",
					    "COMET",   "METEOR", "JUGGLE", "THEATER_CHASE",
					    "RUNNING", "PRIDE",	 "BPM",	   NULL };
	struct run run;

	(void)state;
	EACH_EFFECT(effect)
	{
		const struct pixel *out;

		if (!is_one_of(effect, rows))
			continue;
		defaults(&run, effect);
		begin(&run, 20, 4, 1);
		ticks(&run, 100);
		out = draw(&run, 0);
		for (int y = 1; y < 4; y++)
			assert_memory_equal(out + y * 20, out, 20 * sizeof(*out));
		end(&run);
	}
}

static void a_sunrise_ends_in_day_and_stays_and_a_sunset_in_night(void **state)
{
	const struct effect *effect = effect_find("SUNRISE");
	int duration = effect_param_find(effect, "duration");
	int sunset = effect_param_find(effect, "sunset");

	(void)state;
	for (int down = 0; down < 2; down++) {
		struct run run;

		defaults(&run, effect);
		run.params[duration] = 1;
		run.params[sunset] = down;
		begin(&run, 30, 1, 1);
		/* a minute, a tick more for what a step loses by rounding, and then a minute more */
		for (int minute = 0; minute < 2; minute++) {
			uint32_t light;

			assert_true(light_of(draw(&run, 0), 30) > 800 || minute == down);
			ticks(&run, 60 * EFFECT_TICK_HZ + 1);
			light = light_of(draw(&run, 0), 30);
			if (down)
				assert_int_equal(light, 0);
			else
				assert_in_range(light, 850, 1000);
			if (down)
				break;
		}
		end(&run);
	}
}

static void a_beat_comes_as_often_as_bpm_says(void **state)
{
	const struct effect *effect = effect_find("BPM");
	int bpm = effect_param_find(effect, "bpm");
	uint32_t beats = 0, before = 0;
	bool up = false;
	struct run run;

	(void)state;
	defaults(&run, effect);
	run.params[bpm] = 120;
	begin(&run, 1, 1, 1);
	/* 10 s; light goes up once for each of 20 beats */
	for (int t = 0; t < 10 * EFFECT_TICK_HZ; t++) {
		const struct pixel *out = draw(&run, 0);
		uint32_t now = (uint32_t)out->r + out->g + out->b;

		if (now > before + 10) {
			beats += !up;
			up = true;
		} else if (now < before) {
			up = false;
		}
		before = now;
		ticks(&run, 1);
	}
	end(&run);
	assert_in_range(beats, 19, 21);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_effect_draws_any_length_and_nothing_beside_it),
		cmocka_unit_test(a_size_that_is_not_width_times_height_is_a_strip),
		cmocka_unit_test(every_parameter_may_be_at_its_ends_alone_and_together),
		cmocka_unit_test(parameters_may_change_at_any_time),
		cmocka_unit_test(any_time_may_be_asked_for),
		cmocka_unit_test(the_same_instant_gives_the_same_pixels_whatever_came_between),
		cmocka_unit_test(all_move_and_none_is_black_or_glaring),
		cmocka_unit_test(every_parameter_visibly_does_something),
		cmocka_unit_test(faster_is_faster),
		cmocka_unit_test(nothing_jumps_at_240_frames_a_second),
		cmocka_unit_test(the_end_of_a_tick_is_the_start_of_the_next),
		cmocka_unit_test(nothing_jumps_when_a_count_of_turns_runs_over),
		cmocka_unit_test(what_is_left_to_chance_comes_from_the_seed),
		cmocka_unit_test(fire_burns_upwards),
		cmocka_unit_test(balls_are_near_the_floor_more_often_than_at_the_top),
		cmocka_unit_test(effects_for_strips_show_the_same_in_all_rows),
		cmocka_unit_test(a_sunrise_ends_in_day_and_stays_and_a_sunset_in_night),
		cmocka_unit_test(a_beat_comes_as_often_as_bpm_says),
	};

	return cmocka_run_group_tests_name("all effects", tests, NULL, NULL);
}
