// SPDX-License-Identifier: GPL-2.0-or-later
/* frames/layers.h and grid.h: instants are worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frames/grid.h"
#include "frames/layers.h"

static void nothing_shows_at_first(void **state)
{
	struct layers layers = { 0 };

	(void)state;
	assert_int_equal(layers_top(&layers), -1);
	assert_true(layers_next_expiry(&layers) == LAYERS_NEVER);
	assert_false(layers_expire(&layers, UINT64_MAX - 1));
}

static void the_highest_that_is_alive_shows_whatever_the_order(void **state)
{
	struct layers layers = { 0 };

	(void)state;
	layers_set(&layers, FRAMES_PULSE, "a", LAYERS_NEVER);
	layers_set(&layers, FRAMES_IDLE, "b", LAYERS_NEVER);
	layers_set(&layers, FRAMES_ANIMATION, "c", LAYERS_NEVER);
	assert_int_equal(layers_top(&layers), FRAMES_PULSE);
	assert_true(layers_clear(&layers, FRAMES_PULSE));
	assert_int_equal(layers_top(&layers), FRAMES_ANIMATION);
	assert_false(layers_clear(&layers, FRAMES_PULSE));
	assert_true(layers_clear(&layers, FRAMES_ANIMATION));
	assert_int_equal(layers_top(&layers), FRAMES_IDLE);
	assert_true(layers_clear(&layers, FRAMES_IDLE));
	assert_int_equal(layers_top(&layers), -1);
}

static void a_picture_dies_at_its_instant_and_not_before(void **state)
{
	struct layers layers = { 0 };

	(void)state;
	layers_set(&layers, FRAMES_MANUAL, "a", LAYERS_NEVER);
	layers_set(&layers, FRAMES_DEBUG, "b", 500);
	layers_set(&layers, FRAMES_PULSE, "c", 400);
	assert_int_equal(layers_next_expiry(&layers), 400);
	assert_false(layers_expire(&layers, 399));
	assert_true(layers_expire(&layers, 400));
	assert_int_equal(layers_top(&layers), FRAMES_DEBUG);
	assert_int_equal(layers_next_expiry(&layers), 500);
	assert_true(layers_expire(&layers, 12345));
	assert_int_equal(layers_top(&layers), FRAMES_MANUAL);
	assert_true(layers_next_expiry(&layers) == LAYERS_NEVER);
}

static void a_picture_that_is_renewed_lives_on(void **state)
{
	struct layers layers = { 0 };

	(void)state;
	layers_set(&layers, FRAMES_PULSE, "a", 100);
	layers_set(&layers, FRAMES_PULSE, "b", 200);
	assert_false(layers_expire(&layers, 150));
	assert_string_equal(layers.layer[FRAMES_PULSE].source, "b");
	layers_set(&layers, FRAMES_PULSE, "b", LAYERS_NEVER);
	assert_false(layers_expire(&layers, 250));
	assert_int_equal(layers_top(&layers), FRAMES_PULSE);
}

static void instants_never_drift_from_the_anchor(void **state)
{
	struct grid grid = { .anchor_ns = 777, .fps = 60 };

	(void)state;
	/* 1 / 60 s = 16 666 666.67 ns */
	assert_int_equal(grid_instant(&grid, 0), 777);
	assert_int_equal(grid_instant(&grid, 1), 777 + 16666666);
	assert_int_equal(grid_instant(&grid, 2), 777 + 33333333);
	assert_int_equal(grid_instant(&grid, 60), 777 + 1000000000);
	/* a year of frames later: 31 536 000 s exactly */
	assert_true(grid_instant(&grid, 60ULL * 31536000) == 777 + 31536000ULL * 1000000000);
}

static void the_index_of_an_instant_is_its_number(void **state)
{
	static const unsigned int rates[] = { 1, 7, 24, 30, 60, 144, 239, 240 };

	(void)state;
	for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); r++) {
		struct grid grid = { .anchor_ns = 123456789, .fps = rates[r] };

		for (uint64_t n = 0; n < 2000; n++) {
			uint64_t at = grid_instant(&grid, n);

			assert_int_equal(grid_index(&grid, at), n);
			if (n)
				assert_int_equal(grid_index(&grid, at - 1), n - 1);
			assert_int_equal(grid_next(&grid, at), grid_instant(&grid, n + 1));
			assert_int_equal(grid_next(&grid, at + 1), grid_instant(&grid, n + 1));
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_shows_at_first),
		cmocka_unit_test(the_highest_that_is_alive_shows_whatever_the_order),
		cmocka_unit_test(a_picture_dies_at_its_instant_and_not_before),
		cmocka_unit_test(a_picture_that_is_renewed_lives_on),
		cmocka_unit_test(instants_never_drift_from_the_anchor),
		cmocka_unit_test(the_index_of_an_instant_is_its_number),
	};

	return cmocka_run_group_tests_name("layers", tests, NULL, NULL);
}
