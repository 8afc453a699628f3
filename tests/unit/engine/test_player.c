// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * engine/player.h: time that was missed is made up for in steps. A second has
 * EFFECT_TICK_HZ, 120, ticks; a step is PLAYER_STEP_PIXELS, 1024, pixels times
 * ticks, or one tick of a longer zone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "engine/player.h"

#define PIXELS 1500

struct fixture {
	struct player player;
	struct pixel out[PIXELS];
};

static struct fixture *begin(const char *id)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const struct effect *effect = effect_find(id);
	int32_t params[EFFECT_MAX_PARAMS] = { 0 };

	assert_non_null(fixture);
	for (size_t i = 0; i < effect->param_count; i++)
		params[i] = effect->params[i].def;
	fixture->player = (struct player){ .pixels = PIXELS,
					   .width = PIXELS,
					   .height = 1,
					   .seed = 1,
					   .level = 255,
					   .level_to = 255 };
	fixture->player.state = calloc(1, player_state_bytes(PIXELS));
	assert_non_null(fixture->player.state);
	player_show(&fixture->player, 0, effect, params);
	return fixture;
}

static void end(struct fixture *fixture)
{
	free(fixture->player.state);
	free(fixture);
}

static unsigned int advance_all(struct player *player, uint64_t now_ns)
{
	unsigned int steps = 1;

	while (player_advance(player, now_ns))
		steps++;
	return steps;
}

static void a_second_that_was_missed_is_made_up_for_tick_by_tick(void **state)
{
	struct fixture *fixture = begin("FIRE");

	(void)state;
	assert_int_equal(advance_all(&fixture->player, NSEC_PER_SEC), 120);
	assert_int_equal(fixture->player.tick, 120);
	/* nothing is left to do */
	assert_int_equal(advance_all(&fixture->player, NSEC_PER_SEC), 1);
	/* a minute: two seconds of it happen */
	assert_int_equal(advance_all(&fixture->player, 61 * NSEC_PER_SEC), 240);
	fixture->player.pixels = 100;
	/* 1024 / 101 and one are 11 ticks a step: 120 ticks are 11 steps */
	assert_int_equal(advance_all(&fixture->player, 62 * NSEC_PER_SEC), 11);
	fixture->player.pixels = PIXELS;
	end(fixture);
}

static void steps_change_nothing_about_the_picture(void **state)
{
	struct fixture *steps = begin("FIRE"), *at_once = begin("FIRE");

	(void)state;
	advance_all(&steps->player, NSEC_PER_SEC);
	player_render(&steps->player, NSEC_PER_SEC, steps->out);
	player_render(&at_once->player, NSEC_PER_SEC, at_once->out);
	assert_int_equal(at_once->player.tick, 120);
	assert_memory_equal(steps->out, at_once->out, sizeof(steps->out));
	end(steps);
	end(at_once);
}

static void a_dark_or_still_zone_takes_no_steps(void **state)
{
	struct fixture *fixture = begin("FIRE");

	(void)state;
	player_set_level(&fixture->player, 0, 0, NULL);
	assert_int_equal(advance_all(&fixture->player, NSEC_PER_SEC), 1);
	assert_int_equal(fixture->player.tick, 0);
	end(fixture);
	fixture = begin("SOLID");
	assert_int_equal(advance_all(&fixture->player, NSEC_PER_SEC), 1);
	end(fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_second_that_was_missed_is_made_up_for_tick_by_tick),
		cmocka_unit_test(steps_change_nothing_about_the_picture),
		cmocka_unit_test(a_dark_or_still_zone_takes_no_steps),
	};

	return cmocka_run_group_tests_name("player", tests, NULL, NULL);
}
