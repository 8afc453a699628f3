// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * engine/effect.h and the four effects that everything started with; the others
 * have tests of their own. Speeds, lengths and colours are worked out from the
 * parameters' meaning.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/effect.h"
#include "engine/player.h"

#define MAX_PIXELS 10000
#define TICK_NS (1000000000ULL / EFFECT_TICK_HZ)
#define GUARD 0x5a

static struct pixel buffer[MAX_PIXELS + 2];

enum {
	SOLID,
	BREATHE,
	RAINBOW,
	SNAKE,
	EFFECTS
};

static const struct effect *effects[EFFECTS + 1];

static int find_effects(void **state)
{
	(void)state;
	effects[SOLID] = effect_find("SOLID");
	effects[BREATHE] = effect_find("BREATHE");
	effects[RAINBOW] = effect_find("RAINBOW");
	effects[SNAKE] = effect_find("SNAKE");
	for (int i = 0; i < EFFECTS; i++)
		if (!effects[i])
			return -1;
	return 0;
}

#define EACH(effect) for (const struct effect **each = effects, *effect; (effect = *each); each++)

struct rig {
	struct player player;
	int32_t params[EFFECT_MAX_PARAMS];
};

static void defaults(struct rig *rig, const struct effect *effect)
{
	for (size_t i = 0; i < effect->param_count; i++)
		rig->params[i] = effect->params[i].def;
}

static void set(struct rig *rig, const struct effect *effect, const char *name, int32_t value)
{
	int i = effect_param_find(effect, name);

	assert_true(i >= 0);
	rig->params[i] = value;
}

static void begin(struct rig *rig, const struct effect *effect, uint32_t pixels)
{
	rig->player = (struct player){
		.pixels = pixels,
		.width = pixels,
		.height = 1,
		.seed = 4711,
		.level = 255,
		.level_from = 255,
		.level_to = 255,
	};
	rig->player.state = calloc(1, player_state_bytes(pixels));
	assert_non_null(rig->player.state);
	player_show(&rig->player, 0, effect, rig->params);
}

static void end(struct rig *rig)
{
	free(rig->player.state);
}

/* The picture at @now_ns; what lies around it must not be touched. */
static const struct pixel *draw(struct rig *rig, uint64_t now_ns)
{
	uint32_t n = rig->player.pixels;

	memset(buffer, GUARD, (n + 2) * sizeof(buffer[0]));
	player_render(&rig->player, now_ns, buffer + 1);
	for (size_t i = 0; i < sizeof(buffer[0]); i++) {
		assert_int_equal(((uint8_t *)buffer)[i], GUARD);
		assert_int_equal(((uint8_t *)(buffer + n + 1))[i], GUARD);
	}
	return buffer + 1;
}

static uint64_t light_of(const struct pixel *pixels, uint32_t n)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += (uint64_t)pixels[i].r + pixels[i].g + pixels[i].b + pixels[i].w;
	return sum;
}

static void the_table_has_ids_in_upper_case_and_each_once(void **state)
{
	const struct effect *effect;

	(void)state;
	for (size_t i = 0; (effect = effect_at(i)); i++) {
		assert_int_equal(effect_index(effect), i);
		assert_ptr_equal(effect_find(effect->id), effect);
		assert_int_equal(strspn(effect->id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"),
				 strlen(effect->id));
		assert_true(strlen(effect->label) > 0 && strlen(effect->description) > 0);
	}
	assert_null(effect_at(1000000));
}

static void effects_are_found_in_any_case_and_unknown_ones_are_not(void **state)
{
	(void)state;
	assert_string_equal(effect_find("breathe")->id, "BREATHE");
	assert_string_equal(effect_find("RainBow")->id, "RAINBOW");
	assert_string_equal(effect_find("SNAKE")->id, "SNAKE");
	assert_ptr_equal(effect_find("solid"), &effect_solid);
	assert_null(effect_find("SNAK"));
	assert_null(effect_find(""));
}

static void parameters_have_sane_tables(void **state)
{
	const struct effect *effect;

	(void)state;
	for (size_t i = 0; (effect = effect_at(i)); i++) {
		assert_in_range(effect->param_count, 0, EFFECT_MAX_PARAMS);
		for (size_t p = 0; p < effect->param_count; p++) {
			const struct effect_param *param = &effect->params[p];

			assert_int_equal(effect_param_find(effect, param->name), p);
			assert_true(param->min < param->max);
			assert_true(param->def >= param->min && param->def <= param->max);
			assert_true(param->step >= 1 && param->step <= param->max - param->min);
			assert_true(strlen(param->label) > 0);
			assert_non_null(param->unit);
			if (param->type == EFFECT_PARAM_HUE)
				assert_true(param->min == 0 && param->max == COLOR_HUE_MAX);
			if (param->type == EFFECT_PARAM_BOOL)
				assert_true(param->min == 0 && param->max == 1);
			if (strcmp(param->name, "speed") == 0)
				assert_true(param->min <= 1 && param->max == 100);
		}
		assert_int_equal(effect_param_find(effect, "nonsense"), -ENOENT);
	}
	assert_string_equal(effect_param_type_name(EFFECT_PARAM_INT), "int");
	assert_string_equal(effect_param_type_name(EFFECT_PARAM_HUE), "hue");
	assert_string_equal(effect_param_type_name(EFFECT_PARAM_BOOL), "bool");
}

static void every_effect_draws_any_length_and_nothing_beside_it(void **state)
{
	static const uint32_t lengths[] = { 0, 1, 2, 3, 7, 8, 60, 99, 100, 101, 299, 1000, 10000 };

	(void)state;
	EACH(effect)
	for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++) {
		struct rig rig;

		defaults(&rig, effect);
		begin(&rig, effect, lengths[l]);
		for (uint64_t tick = 0; tick < 5; tick++)
			draw(&rig, tick * TICK_NS * 7 / 3);
		end(&rig);
	}
}

static void every_parameter_may_be_at_either_end(void **state)
{
	static const uint32_t lengths[] = { 0, 1, 5, 68, 333 };

	(void)state;
	EACH(effect)
	for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++)
		for (size_t p = 0; p < effect->param_count * 2; p++) {
			const struct effect_param *param = &effect->params[p / 2];
			struct rig rig;

			defaults(&rig, effect);
			rig.params[p / 2] = p % 2 ? param->max : param->min;
			begin(&rig, effect, lengths[l]);
			for (uint64_t t = 0; t < 10; t++)
				draw(&rig, t * t * TICK_NS * 5 / 4);
			end(&rig);
		}
}

static void all_parameters_may_be_at_the_ends_together(void **state)
{

	(void)state;
	EACH(effect)
	for (int high = 0; high < 2; high++) {
		struct rig rig;

		for (size_t p = 0; p < effect->param_count; p++)
			rig.params[p] = high ? effect->params[p].max : effect->params[p].min;
		begin(&rig, effect, 150);
		for (uint64_t t = 0; t < 50; t++)
			draw(&rig, t * TICK_NS * 9 / 5);
		end(&rig);
	}
}

static void the_same_instant_gives_the_same_pixels_whatever_came_between(void **state)
{
	static const uint64_t steps_ns[] = { 1000000000 / 240, 1000000000 / 30, 1000000000,
					     123457 };
	static struct pixel want[68];
	const uint64_t end_ns = 4000000000;

	(void)state;
	EACH(effect)
	for (size_t s = 0; s < sizeof(steps_ns) / sizeof(steps_ns[0]); s++) {
		uint64_t start_ns = s == 3 ? end_ns - steps_ns[s] * 100 : 0;
		struct rig rig;

		defaults(&rig, effect);
		begin(&rig, effect, 68);
		/* within what is made up for: frames at most 2 s apart */
		draw(&rig, start_ns / 2);
		for (uint64_t t = start_ns; t < end_ns; t += steps_ns[s])
			draw(&rig, t);
		draw(&rig, end_ns);
		if (s == 0)
			memcpy(want, buffer + 1, sizeof(want));
		assert_memory_equal(buffer + 1, want, sizeof(want));
		end(&rig);
	}
}

static void effects_that_move_do_and_are_never_black_for_long(void **state)
{
	static const uint32_t lengths[] = { 1, 8, 68, 8000 };
	static struct pixel before[8000];

	(void)state;
	EACH(effect)
	for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++) {
		unsigned int changes = 0, dark = 0;
		struct rig rig;

		defaults(&rig, effect);
		begin(&rig, effect, lengths[l]);
		for (uint64_t t = 0; t < 100; t++) {
			const struct pixel *now = draw(&rig, t * 50000000);

			if (t && memcmp(now, before, lengths[l] * sizeof(*now)))
				changes++;
			if (light_of(now, lengths[l]) == 0)
				dark++;
			memcpy(before, now, lengths[l] * sizeof(*now));
		}
		if (effect->advance)
			assert_true(changes >= 25);
		else
			assert_int_equal(changes, 0);
		assert_in_range(dark, 0, 50);
		end(&rig);
	}
}

static void solid_is_its_four_components_everywhere(void **state)
{
	struct rig rig = { .params = { 1, 22, 133, 255 } };
	const struct pixel *out;

	(void)state;
	begin(&rig, &effect_solid, 9);
	out = draw(&rig, 12345);
	for (int i = 0; i < 9; i++) {
		assert_int_equal(out[i].r, 1);
		assert_int_equal(out[i].g, 22);
		assert_int_equal(out[i].b, 133);
		assert_int_equal(out[i].w, 255);
	}
	assert_false(player_animated(&rig.player));
	end(&rig);
}

static void breathe_takes_from_one_to_twenty_seconds_a_breath(void **state)
{
	static const struct {
		int32_t speed;
		uint64_t period_ns;
	} speeds[] = {
		/* 0.05 + 0.95 × (speed / 100)² Hz: 1 Hz, 0.2875 Hz, 0.050095 Hz */
		{ 100, 1000000000 },
		{ 50, 3478260870 },
		{ 1, 19962071930 },
	};

	(void)state;
	for (size_t s = 0; s < sizeof(speeds) / sizeof(speeds[0]); s++) {
		unsigned int peaks = 0;
		bool up = false;
		struct rig rig;

		defaults(&rig, effects[BREATHE]);
		set(&rig, effects[BREATHE], "speed", speeds[s].speed);
		set(&rig, effects[BREATHE], "primary_color_hue", 0);
		begin(&rig, effects[BREATHE], 1);
		for (uint64_t part = 0; part < 1000; part++) {
			int red = draw(&rig, speeds[s].period_ns * part / 100)->r;

			if (!up && red == 255)
				peaks++;
			up = red == 255 || (up && red > 128);
		}
		assert_int_equal(peaks, 10);
		end(&rig);
	}
}

static void breathe_goes_down_by_its_intensity(void **state)
{
	static const struct {
		int32_t intensity;
		int lowest;
	} depths[] = {
		/* 96 % of the depth is taken away: 255 × (1 - 0.96 × depth), rounded */
		{ 100, 10 },
		{ 50, 133 },
		{ 0, 255 },
	};

	(void)state;
	for (size_t d = 0; d < sizeof(depths) / sizeof(depths[0]); d++) {
		int lowest = 255, highest = 0;
		struct rig rig;

		defaults(&rig, effects[BREATHE]);
		set(&rig, effects[BREATHE], "speed", 100);
		set(&rig, effects[BREATHE], "intensity", depths[d].intensity);
		set(&rig, effects[BREATHE], "primary_color_hue", 0);
		begin(&rig, effects[BREATHE], 1);
		for (uint64_t t = 0; t < 1000; t++) {
			int red = draw(&rig, t * 2000000)->r;

			lowest = red < lowest ? red : lowest;
			highest = red > highest ? red : highest;
		}
		assert_int_equal(lowest, depths[d].lowest);
		assert_int_equal(highest, 255);
		end(&rig);
	}
}

static void breathe_never_jumps_at_240_frames_a_second(void **state)
{
	struct rig rig;
	int before;

	(void)state;
	defaults(&rig, effects[BREATHE]);
	set(&rig, effects[BREATHE], "speed", 100);
	set(&rig, effects[BREATHE], "primary_color_hue", 0);
	begin(&rig, effects[BREATHE], 1);
	before = draw(&rig, 0)->r;
	for (uint64_t t = 1; t < 1000; t++) {
		int red = draw(&rig, t * 1000000000 / 240)->r;

		/* steepest: 245 × 1.5 in 0.4 s, so 3.9 in 1/240 s */
		assert_in_range(red - before + 4, 0, 8);
		before = red;
	}
	end(&rig);
}

static void rainbow_spans_its_length_or_the_whole_zone(void **state)
{
	const struct pixel *out;
	struct rig rig;

	(void)state;
	defaults(&rig, effects[RAINBOW]);
	begin(&rig, effects[RAINBOW], 6);
	out = draw(&rig, 0);
	/* a sixth of a turn a pixel: the six corners of the circle */
	for (uint32_t i = 0; i < 6; i++) {
		struct pixel want = color_from_hue(i * 60);

		assert_in_range(out[i].r - want.r + 1, 0, 2);
		assert_in_range(out[i].g - want.g + 1, 0, 2);
		assert_in_range(out[i].b - want.b + 1, 0, 2);
	}
	end(&rig);

	set(&rig, effects[RAINBOW], "length", 100);
	set(&rig, effects[RAINBOW], "primary_color_hue", 120);
	begin(&rig, effects[RAINBOW], 250);
	out = draw(&rig, 0);
	assert_int_equal(out[0].g, 255);
	assert_int_equal(out[0].r, 0);
	for (uint32_t i = 0; i < 150; i++) {
		assert_in_range(out[i].r - out[i + 100].r + 1, 0, 2);
		assert_in_range(out[i].g - out[i + 100].g + 1, 0, 2);
		assert_in_range(out[i].b - out[i + 100].b + 1, 0, 2);
	}
	end(&rig);
}

static void rainbow_moves_towards_higher_pixels_unless_reversed(void **state)
{
	(void)state;
	for (int reverse = 0; reverse < 2; reverse++) {
		/* 1 Hz at speed 100 on 100 px: 10 px in 0.1 s */
		int shift = reverse ? -10 : 10;
		struct pixel before[100];
		const struct pixel *out;
		struct rig rig;

		defaults(&rig, effects[RAINBOW]);
		set(&rig, effects[RAINBOW], "speed", 100);
		set(&rig, effects[RAINBOW], "reverse", reverse);
		begin(&rig, effects[RAINBOW], 100);
		memcpy(before, draw(&rig, 0), sizeof(before));
		out = draw(&rig, 100000000);
		for (int i = 0; i < 100; i++) {
			const struct pixel *then = &before[(i - shift + 100) % 100];

			assert_in_range(out[i].r - then->r + 1, 0, 2);
			assert_in_range(out[i].g - then->g + 1, 0, 2);
			assert_in_range(out[i].b - then->b + 1, 0, 2);
		}
		end(&rig);
	}
}

static void rainbow_without_intensity_is_white(void **state)
{
	const struct pixel *out;
	struct rig rig;

	(void)state;
	defaults(&rig, effects[RAINBOW]);
	set(&rig, effects[RAINBOW], "intensity", 0);
	begin(&rig, effects[RAINBOW], 10);
	out = draw(&rig, 777777777);
	for (int i = 0; i < 10; i++)
		assert_int_equal(out[i].r + out[i].g + out[i].b, 3 * 255);
	end(&rig);
}

/* Place of the brightest pixel of a snake on its own, hue 0. */
static int head_of(const struct pixel *out, int n)
{
	int head = 0;

	for (int i = 1; i < n; i++)
		if (out[i].r > out[head].r)
			head = i;
	return head;
}

static void begin_snake(struct rig *rig, uint32_t pixels, int32_t length, int32_t reverse)
{
	defaults(rig, effects[SNAKE]);
	set(rig, effects[SNAKE], "speed", 100);
	set(rig, effects[SNAKE], "primary_color_hue", 0);
	set(rig, effects[SNAKE], "hue_offset", 0);
	set(rig, effects[SNAKE], "length", length);
	set(rig, effects[SNAKE], "reverse", reverse);
	begin(rig, effects[SNAKE], pixels);
}

static void snake_runs_150_pixels_in_a_second_and_comes_back_at_the_start(void **state)
{
	struct rig rig;

	(void)state;
	/* 100 px: one snake; 150 px/s is 1.5 turns a second, which is the limit too */
	begin_snake(&rig, 100, 10, 0);
	for (uint64_t t = 0; t < 20; t++)
		assert_int_equal(head_of(draw(&rig, t * 100000000), 100), t * 15 % 100);
	end(&rig);
}

static void snake_runs_the_other_way_when_reversed_and_its_tail_with_it(void **state)
{
	const struct pixel *out;
	struct rig rig;

	(void)state;
	begin_snake(&rig, 100, 10, 1);
	out = draw(&rig, 200000000);
	assert_int_equal(head_of(out, 100), 70);
	assert_true(out[72].r > 0);
	assert_int_equal(out[68].r, 0);
	end(&rig);

	begin_snake(&rig, 100, 10, 0);
	out = draw(&rig, 200000000);
	assert_int_equal(head_of(out, 100), 30);
	assert_true(out[28].r > 0);
	assert_int_equal(out[32].r, 0);
	end(&rig);
}

static void snake_has_its_length_and_fades_towards_the_tail(void **state)
{
	const struct pixel *out;
	unsigned int lit = 0;
	struct rig rig;

	(void)state;
	begin_snake(&rig, 100, 10, 0);
	out = draw(&rig, 400000000);
	for (int i = 0; i < 100; i++)
		lit += out[i].r > 0;
	/* the head at 60, then nine that get darker; a head between pixels lights one more */
	assert_in_range(lit, 9, 11);
	assert_int_equal(out[60].r, 255);
	for (int i = 51; i <= 60; i++)
		assert_true(out[i].r > out[i - 1].r);
	end(&rig);
}

static void snake_takes_long_strips_in_company(void **state)
{
	const struct pixel *out;
	unsigned int heads = 0;
	struct rig rig;

	(void)state;
	/* at least 100 px each: 8 of them on 850 px */
	begin_snake(&rig, 850, 10, 0);
	out = draw(&rig, 1234567890);
	for (int i = 1; i < 849; i++)
		heads += out[i].r > out[i - 1].r && out[i].r >= out[i + 1].r;
	assert_int_equal(heads, 8);
	end(&rig);
}

/* Light by the definition of gamma.h, of 255^2.2 without its root: v squared is near enough */
static long snake_light(const struct pixel *out, int n)
{
	long sum = 0;

	for (int i = 0; i < n; i++)
		sum += (long)out[i].r * out[i].r;
	return sum;
}

static void snake_gives_even_light_between_pixels(void **state)
{
	long lowest = -1, highest = 0;
	struct rig rig;

	(void)state;
	begin_snake(&rig, 100, 1, 0);
	/* 500 places of the head, a ninth of a pixel apart on average */
	for (uint64_t t = 0; t < 500; t++) {
		long light = snake_light(draw(&rig, t * 739139), 100);

		lowest = lowest < 0 || light < lowest ? light : lowest;
		highest = light > highest ? light : highest;
	}
	assert_true(lowest * 2 > highest);
	end(&rig);
}

static void motion_never_jumps_when_speed_changes(void **state)
{
	struct rig rig;
	int before = 0;

	(void)state;
	/* 3000 px with a snake of 1000: the head is the only steep place */
	begin_snake(&rig, 1000, 300, 0);
	for (uint64_t t = 1; t < 3000; t++) {
		int head, moved;

		rig.player.params[0] = t / 7 % 2 ? 1 : 100;
		head = head_of(draw(&rig, t * 1100000), 1000);
		moved = (head - before + 1000) % 1000;
		/* 150 px/s × 1.1 ms = 0.17 px, so never back and never by more than a pixel */
		assert_in_range(moved, 0, 1);
		before = head;
	}
	end(&rig);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_has_ids_in_upper_case_and_each_once),
		cmocka_unit_test(effects_are_found_in_any_case_and_unknown_ones_are_not),
		cmocka_unit_test(parameters_have_sane_tables),
		cmocka_unit_test(every_effect_draws_any_length_and_nothing_beside_it),
		cmocka_unit_test(every_parameter_may_be_at_either_end),
		cmocka_unit_test(all_parameters_may_be_at_the_ends_together),
		cmocka_unit_test(the_same_instant_gives_the_same_pixels_whatever_came_between),
		cmocka_unit_test(effects_that_move_do_and_are_never_black_for_long),
		cmocka_unit_test(solid_is_its_four_components_everywhere),
		cmocka_unit_test(breathe_takes_from_one_to_twenty_seconds_a_breath),
		cmocka_unit_test(breathe_goes_down_by_its_intensity),
		cmocka_unit_test(breathe_never_jumps_at_240_frames_a_second),
		cmocka_unit_test(rainbow_spans_its_length_or_the_whole_zone),
		cmocka_unit_test(rainbow_moves_towards_higher_pixels_unless_reversed),
		cmocka_unit_test(rainbow_without_intensity_is_white),
		cmocka_unit_test(snake_runs_150_pixels_in_a_second_and_comes_back_at_the_start),
		cmocka_unit_test(snake_runs_the_other_way_when_reversed_and_its_tail_with_it),
		cmocka_unit_test(snake_has_its_length_and_fades_towards_the_tail),
		cmocka_unit_test(snake_takes_long_strips_in_company),
		cmocka_unit_test(snake_gives_even_light_between_pixels),
		cmocka_unit_test(motion_never_jumps_when_speed_changes),
	};

	return cmocka_run_group_tests_name("effects", tests, find_effects, NULL);
}
