// SPDX-License-Identifier: GPL-2.0-or-later
/* input/button.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "input/button.h"

#define MS 1000000ULL
#define DEBOUNCE_MS 5
#define LONG_MS 500
#define DOUBLE_MS 300

static struct button button;
static char told[256]; /* events with the ms at which they were told */

static const char *const names[] = { "press", "release", "click", "double", "long" };

static void init(uint64_t debounce_ms, uint64_t long_ms, uint64_t double_ms)
{
	button_init(&button,
		    &(struct button_config){ .debounce_ns = debounce_ms * MS,
					     .long_ns = long_ms * MS,
					     .double_ns = double_ms * MS },
		    false);
	told[0] = '\0';
}

static void init_steady(uint64_t debounce_ms, uint64_t long_ms)
{
	init(debounce_ms, long_ms, 0);
	button.config.debounce = BUTTON_STEADY;
}

static void note(const struct button_result *result, uint64_t ms)
{
	unsigned int i;

	for (i = 0; i < result->count; i++)
		snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s%s@%u",
			 told[0] ? " " : "", names[result->event[i]], (unsigned int)ms);
}

/* Time goes on: all deadlines up to then are kept, each at its instant. */
static void until(uint64_t ms)
{
	struct button_result result;
	uint64_t next;

	while ((next = button_deadline_ns(&button)) && next <= ms * MS) {
		button_pass(&button, next, &result);
		note(&result, next / MS);
	}
}

static void edge(uint64_t ms, bool level)
{
	struct button_result result;

	until(ms);
	button_edge(&button, level, ms * MS, &result);
	note(&result, ms);
}

static void a_press_is_told_at_once_and_a_click_when_it_is_over(void **state)
{
	(void)state;
	init(DEBOUNCE_MS, 0, 0);
	edge(100, true);
	assert_string_equal(told, "press@100");
	edge(180, false);
	assert_string_equal(told, "press@100 release@180 click@180");
	assert_int_equal(button_deadline_ns(&button), 0);
}

static void bounce_is_one_press_and_one_release(void **state)
{
	(void)state;
	init(DEBOUNCE_MS, 0, 0);
	edge(100, true);
	edge(101, false);
	edge(102, true);
	edge(103, false);
	edge(104, true);
	edge(200, false);
	edge(201, true);
	edge(202, false);
	until(10000);
	assert_string_equal(told, "press@100 release@200 click@200");
}

static void a_contact_open_again_when_the_bounce_is_over_is_released_then(void **state)
{
	(void)state;
	init(DEBOUNCE_MS, 0, 0);
	edge(100, true);
	edge(103, false);
	assert_int_equal(button_deadline_ns(&button), 105 * MS);
	until(10000);
	assert_string_equal(told, "press@100 release@105 click@105");
}

static void a_steady_level_counts_when_it_has_lasted(void **state)
{
	(void)state;
	init_steady(DEBOUNCE_MS, 0);
	edge(100, true);
	edge(101, false);
	edge(102, true);
	assert_string_equal(told, "");
	assert_int_equal(button_deadline_ns(&button), 107 * MS);
	edge(200, false);
	edge(201, true);
	edge(202, false);
	until(10000);
	assert_string_equal(told, "press@107 release@207 click@207");
	assert_int_equal(button_deadline_ns(&button), 0);
}

static void a_spike_is_no_press_of_a_steady_button(void **state)
{
	(void)state;
	init_steady(DEBOUNCE_MS, 0);
	edge(100, true);
	edge(104, false);
	/* and an edge that was lost: the same level again is no new beginning */
	edge(200, true);
	edge(203, true);
	assert_int_equal(button_deadline_ns(&button), 205 * MS);
	edge(204, false);
	until(10000);
	assert_string_equal(told, "");
}

static void a_steady_press_is_long_from_when_it_counted(void **state)
{
	(void)state;
	init_steady(DEBOUNCE_MS, LONG_MS);
	edge(100, true);
	until(10000);
	assert_string_equal(told, "press@105 long@605");
}

static void without_debounce_every_edge_counts(void **state)
{
	(void)state;
	init(0, 0, 0);
	edge(100, true);
	edge(101, false);
	edge(102, true);
	edge(103, false);
	assert_string_equal(told,
			    "press@100 release@101 click@101 press@102 release@103 click@103");
}

static void a_long_press_is_told_while_it_is_held_and_is_no_click(void **state)
{
	(void)state;
	init(DEBOUNCE_MS, LONG_MS, DOUBLE_MS);
	edge(100, true);
	until(599);
	assert_string_equal(told, "press@100");
	until(10000);
	edge(11000, false);
	until(20000);
	assert_string_equal(told, "press@100 long@600 release@11000");
}

static void a_press_longer_than_long_is_long_though_it_bounces(void **state)
{
	(void)state;
	/* long is due at 102, the level is held until 105 */
	init(DEBOUNCE_MS, 2, 0);
	edge(100, true);
	edge(101, false);
	assert_int_equal(button_deadline_ns(&button), 102 * MS);
	until(10000);
	assert_string_equal(told, "press@100 long@102 release@105");
}

static void a_click_waits_only_where_a_second_press_may_follow(void **state)
{
	(void)state;
	init(DEBOUNCE_MS, LONG_MS, DOUBLE_MS);
	edge(100, true);
	edge(150, false);
	assert_int_equal(button_deadline_ns(&button), 450 * MS);
	until(10000);
	assert_string_equal(told, "press@100 release@150 click@450");
}

static void a_double_press_is_no_click(void **state)
{
	(void)state;
	init(DEBOUNCE_MS, LONG_MS, DOUBLE_MS);
	edge(100, true);
	edge(150, false);
	edge(250, true);
	edge(300, false);
	until(10000);
	assert_string_equal(told, "press@100 release@150 press@250 double@250 release@300");
}

static void the_second_press_of_a_double_one_is_not_long(void **state)
{
	(void)state;
	init(DEBOUNCE_MS, LONG_MS, DOUBLE_MS);
	edge(100, true);
	edge(150, false);
	edge(250, true);
	until(5000);
	edge(6000, false);
	until(10000);
	assert_string_equal(told, "press@100 release@150 press@250 double@250 release@6000");
}

static void three_presses_are_a_double_one_and_a_click(void **state)
{
	(void)state;
	init(DEBOUNCE_MS, 0, DOUBLE_MS);
	edge(100, true);
	edge(150, false);
	edge(250, true);
	edge(300, false);
	edge(400, true);
	edge(450, false);
	until(10000);
	assert_string_equal(told, "press@100 release@150 press@250 double@250 release@300 "
				  "press@400 release@450 click@750");
}

static void two_presses_far_apart_are_two_clicks(void **state)
{
	(void)state;
	init(DEBOUNCE_MS, 0, DOUBLE_MS);
	edge(100, true);
	edge(150, false);
	edge(450, true);
	edge(500, false);
	until(10000);
	assert_string_equal(told,
			    "press@100 release@150 click@450 press@450 release@500 click@800");
}

static void a_button_found_down_tells_only_its_release(void **state)
{
	const struct button_config config = { .debounce_ns = DEBOUNCE_MS * MS,
					      .long_ns = LONG_MS * MS,
					      .double_ns = DOUBLE_MS * MS };

	(void)state;
	told[0] = '\0';
	button_init(&button, &config, true);
	assert_int_equal(button_deadline_ns(&button), 0);
	edge(100, false);
	until(10000);
	assert_string_equal(told, "release@100");
	edge(20000, true);
	assert_string_equal(told, "release@100 press@20000");
}

static void an_edge_after_a_deadline_that_nobody_kept_finds_it_kept(void **state)
{
	struct button_result result;

	(void)state;
	init(DEBOUNCE_MS, LONG_MS, DOUBLE_MS);
	button_edge(&button, true, 100 * MS, &result);
	button_edge(&button, false, 2000 * MS, &result);
	/* long was due at 600 */
	assert_int_equal(result.count, 2);
	assert_int_equal(result.event[0], BUTTON_LONG);
	assert_int_equal(result.event[1], BUTTON_RELEASE);
}

static void a_button_that_nobody_touches_has_no_deadline(void **state)
{
	(void)state;
	init(DEBOUNCE_MS, LONG_MS, DOUBLE_MS);
	assert_int_equal(button_deadline_ns(&button), 0);
	edge(100, true);
	edge(150, false);
	until(10000);
	assert_int_equal(button_deadline_ns(&button), 0);
}

/*
 * Rules that hold whatever happens: presses and releases alternate; clicks, doubles and longs are as
 * many as presses can make; no call tells more than it can; the end is as the contact is.
 */
static void any_edges_keep_the_rules(void **state)
{
	unsigned int seed, i, k;

	(void)state;
	for (seed = 1; seed <= 500; seed++) {
		unsigned int count[BUTTON_EVENT_TYPES] = { 0 };
		bool down = false, level = false;
		uint64_t now = 1000;
		struct button_result result;

		srandom(seed);
		init(seed % 3 ? DEBOUNCE_MS : 0, seed % 2 ? LONG_MS : 0, seed % 5 ? DOUBLE_MS : 0);
		for (i = 0; i < 400; i++) {
			now += (uint64_t)random() % (random() % 10 ? 8 : 700);
			if (random() % 3) {
				level = random() % 2;
				button_edge(&button, level, now * MS, &result);
			} else {
				button_pass(&button, now * MS, &result);
			}
			assert_in_range(result.count, 0, BUTTON_EVENTS);
			for (k = 0; k < result.count; k++) {
				count[result.event[k]]++;
				if (result.event[k] > BUTTON_RELEASE)
					continue;
				assert_int_equal(result.event[k],
						 down ? BUTTON_RELEASE : BUTTON_PRESS);
				down = !down;
			}
		}
		assert_true(count[BUTTON_CLICK] + 2 * count[BUTTON_DOUBLE] + count[BUTTON_LONG] <=
			    count[BUTTON_PRESS] + 1);
		button_pass(&button, (now + 100000) * MS, &result);
		for (k = 0; k < result.count; k++)
			if (result.event[k] <= BUTTON_RELEASE)
				down = !down;
		assert_int_equal(down, level);
		assert_int_equal(button_deadline_ns(&button), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_press_is_told_at_once_and_a_click_when_it_is_over),
		cmocka_unit_test(bounce_is_one_press_and_one_release),
		cmocka_unit_test(a_contact_open_again_when_the_bounce_is_over_is_released_then),
		cmocka_unit_test(a_steady_level_counts_when_it_has_lasted),
		cmocka_unit_test(a_spike_is_no_press_of_a_steady_button),
		cmocka_unit_test(a_steady_press_is_long_from_when_it_counted),
		cmocka_unit_test(without_debounce_every_edge_counts),
		cmocka_unit_test(a_long_press_is_told_while_it_is_held_and_is_no_click),
		cmocka_unit_test(a_press_longer_than_long_is_long_though_it_bounces),
		cmocka_unit_test(a_click_waits_only_where_a_second_press_may_follow),
		cmocka_unit_test(a_double_press_is_no_click),
		cmocka_unit_test(the_second_press_of_a_double_one_is_not_long),
		cmocka_unit_test(three_presses_are_a_double_one_and_a_click),
		cmocka_unit_test(two_presses_far_apart_are_two_clicks),
		cmocka_unit_test(a_button_found_down_tells_only_its_release),
		cmocka_unit_test(an_edge_after_a_deadline_that_nobody_kept_finds_it_kept),
		cmocka_unit_test(a_button_that_nobody_touches_has_no_deadline),
		cmocka_unit_test(any_edges_keep_the_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
