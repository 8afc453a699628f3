// SPDX-License-Identifier: GPL-2.0-or-later
/* input/encoder.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "input/encoder.h"

/*
 * Expected figures are counted by hand or by the knob below, which is a model of its own: it knows a
 * position in quarters of a period and what the contacts then are, by the drawing in the data sheets of
 * incremental encoders (Alps EC11): turned clockwise, A closes first, then B, then A opens, then B.
 */
static const bool drawing[4][2] = {
	{ false, false }, { true, false }, { true, true }, { false, true }
};

static struct encoder encoder;
static uint64_t now_ns;

static void init(uint8_t quarters)
{
	const struct encoder_config config = { .quarters = quarters, .acceleration = 1 };

	encoder_init(&encoder, &config, false, false);
	now_ns = NSEC_PER_SEC;
}

static int edge(enum encoder_line line, bool level)
{
	now_ns += NSEC_PER_MSEC;
	return encoder_edge(&encoder, line, level, now_ns);
}

struct knob {
	int position; /* in quarters */
};

/* One quarter on or back: the edge of the one contact that changes. */
static int turn(struct knob *knob, int direction)
{
	const bool *before = drawing[knob->position & 3], *after;

	knob->position += direction;
	after = drawing[knob->position & 3];
	if (before[0] != after[0])
		return edge(ENCODER_A, after[0]);
	return edge(ENCODER_B, after[1]);
}

static int turn_by(struct knob *knob, int quarters)
{
	int steps = 0, i;

	for (i = 0; i < abs(quarters); i++)
		steps += turn(knob, quarters < 0 ? -1 : 1);
	return steps;
}

static void a_detent_clockwise_is_a_before_b_closing_and_opening(void **state)
{
	(void)state;
	init(4);
	assert_int_equal(edge(ENCODER_A, true), 0);
	assert_int_equal(edge(ENCODER_B, true), 0);
	assert_int_equal(edge(ENCODER_A, false), 0);
	assert_int_equal(edge(ENCODER_B, false), 1);
}

static void a_detent_the_other_way_is_b_before_a(void **state)
{
	(void)state;
	init(4);
	assert_int_equal(edge(ENCODER_B, true), 0);
	assert_int_equal(edge(ENCODER_A, true), 0);
	assert_int_equal(edge(ENCODER_B, false), 0);
	assert_int_equal(edge(ENCODER_A, false), -1);
}

static void each_kind_of_encoder_counts_its_detents(void **state)
{
	static const uint8_t kinds[] = { 4, 2, 1 };
	struct knob knob = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		init(kinds[i]);
		knob.position = 0;
		/* 40 quarters are 10, 20 and 40 detents */
		assert_int_equal(turn_by(&knob, 40), 40 / kinds[i]);
		assert_int_equal(turn_by(&knob, -80), -80 / kinds[i]);
	}
}

static void a_reversed_encoder_counts_the_other_way(void **state)
{
	const struct encoder_config config = { .quarters = 4, .reversed = true, .acceleration = 1 };
	struct knob knob = { 0 };

	(void)state;
	encoder_init(&encoder, &config, false, false);
	assert_int_equal(turn_by(&knob, 8), -2);
}

static void turning_back_before_the_detent_tells_nothing(void **state)
{
	struct knob knob = { 0 };
	int quarters;

	(void)state;
	init(4);
	for (quarters = 1; quarters < 4; quarters++) {
		assert_int_equal(turn_by(&knob, quarters), 0);
		assert_int_equal(turn_by(&knob, -quarters), 0);
		assert_int_equal(turn_by(&knob, -quarters), 0);
		assert_int_equal(turn_by(&knob, quarters), 0);
	}
}

static void trembling_on_a_detent_tells_nothing(void **state)
{
	struct knob knob = { 0 };
	int i;

	(void)state;
	init(4);
	assert_int_equal(turn_by(&knob, 4), 1);
	for (i = 0; i < 100; i++)
		assert_int_equal(turn_by(&knob, i & 1 ? -1 : 1), 0);
}

static void an_edge_to_the_same_level_changes_nothing(void **state)
{
	(void)state;
	init(4);
	assert_int_equal(edge(ENCODER_A, false), 0);
	assert_int_equal(edge(ENCODER_A, true), 0);
	assert_int_equal(edge(ENCODER_A, true), 0);
	assert_int_equal(edge(ENCODER_B, true), 0);
	assert_int_equal(edge(ENCODER_A, true), 0);
	assert_int_equal(edge(ENCODER_A, false), 0);
	assert_int_equal(edge(ENCODER_B, false), 1);
}

static void a_knob_that_rests_with_both_closed_counts_from_there(void **state)
{
	const struct encoder_config config = { .quarters = 4, .acceleration = 1 };
	struct knob knob = { 2 };

	(void)state;
	encoder_init(&encoder, &config, true, true);
	assert_int_equal(turn_by(&knob, 3), 0);
	assert_int_equal(turn_by(&knob, 1), 1);
}

static void a_knob_found_between_detents_counts_from_the_nearest(void **state)
{
	const struct encoder_config config = { .quarters = 4, .acceleration = 1 };
	struct knob knob = { 1 };

	(void)state;
	encoder_init(&encoder, &config, true, false);
	assert_int_equal(turn_by(&knob, -1), 0);
	assert_int_equal(turn_by(&knob, 4), 1);
	knob.position = 3;
	encoder_init(&encoder, &config, false, true);
	assert_int_equal(turn_by(&knob, 1), 0);
	assert_int_equal(turn_by(&knob, -4), -1);
}

/* A knob turned at random; at each edge the contact bounces: closes and opens some times more. */
static void bounce_neither_adds_nor_loses_a_detent(void **state)
{
	static const uint8_t kinds[] = { 4, 2, 1 };
	unsigned int seed, kind, i, bounces;

	(void)state;
	for (seed = 1; seed <= 300; seed++) {
		struct knob knob = { 0 };
		int counted = 0, way = 1;

		srandom(seed);
		kind = kinds[seed % 3];
		init((uint8_t)kind);
		for (i = 0; i < 400; i++) {
			if (random() % 7 == 0)
				way = -way;
			counted += turn(&knob, way);
			for (bounces = random() % 4; bounces; bounces--) {
				counted += turn(&knob, -way);
				counted += turn(&knob, way);
			}
		}
		/* to a detent, from the nearest below */
		while (knob.position & 3)
			counted += turn(&knob, 1);
		assert_int_equal(counted, knob.position / (int)kind);
	}
}

/* Lost edges cost detents, never more than they were, and counting is right again afterwards. */
static void a_lost_edge_costs_at_most_its_detent(void **state)
{
	int lost, way, i;

	(void)state;
	for (way = -1; way <= 1; way += 2) {
		for (lost = 0; lost < 12; lost++) {
			struct knob knob = { 0 };
			int counted = 0;

			init(4);
			for (i = 0; i < 12; i++) {
				if (i == lost)
					knob.position += way;
				else
					counted += turn(&knob, way);
			}
			assert_in_range(counted * way, 2, 3);
			/* the detents after it are whole again */
			counted = turn_by(&knob, way * 40);
			assert_in_range(counted * way, 10, 11);
			assert_int_equal(turn_by(&knob, way * 40), way * 10);
		}
	}
}

static void what_was_lost_is_made_up_for_by_the_levels(void **state)
{
	int lost, way;

	(void)state;
	for (way = -1; way <= 1; way += 2) {
		/* of a detent, the first is seen and 1 to 3 are lost: it went on, so it is one */
		for (lost = 1; lost <= 3; lost++) {
			struct knob knob = { 0 };

			init(4);
			assert_int_equal(turn_by(&knob, way * (4 - lost)), 0);
			assert_int_equal(encoder_resync(&encoder, false, false, now_ns), way);
			knob.position = 0;
			assert_int_equal(turn_by(&knob, 4), 1);
			assert_int_equal(turn_by(&knob, -4), -1);
		}
	}
}

static void several_lost_detents_are_made_up_for_at_once(void **state)
{
	struct knob knob = { 0 };

	(void)state;
	init(1);
	assert_int_equal(turn_by(&knob, 1), 1);
	/* from A closed on to both open: three quarters, each a detent of this kind */
	assert_int_equal(encoder_resync(&encoder, false, false, now_ns), 3);
	assert_int_equal(encoder_resync(&encoder, false, false, now_ns), 0);
}

static void levels_as_they_are_known_change_nothing(void **state)
{
	struct knob knob = { 0 };

	(void)state;
	init(4);
	assert_int_equal(turn_by(&knob, 2), 0);
	assert_int_equal(encoder_resync(&encoder, true, true, now_ns), 0);
	assert_int_equal(turn_by(&knob, 2), 1);
}

static void levels_of_a_knob_that_was_still_tell_no_detent(void **state)
{
	static const uint8_t kinds[] = { 4, 2, 1 };
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		init(kinds[i]);
		/* half a period, either way */
		assert_int_equal(encoder_resync(&encoder, true, true, now_ns), 0);
	}
	/* whichever way that was, the way to the next detent tells */
	init(4);
	encoder_resync(&encoder, true, true, now_ns);
	assert_int_equal(edge(ENCODER_A, false), 0);
	assert_int_equal(edge(ENCODER_B, false), 1);
	init(4);
	assert_int_equal(encoder_resync(&encoder, false, true, now_ns), 0);
	/* three quarters back from there */
	assert_int_equal(edge(ENCODER_A, true), 0);
	assert_int_equal(edge(ENCODER_B, false), 0);
	assert_int_equal(edge(ENCODER_A, false), -1);
}

static int detent_after(uint64_t pause_ns)
{
	encoder_edge(&encoder, ENCODER_A, true, now_ns);
	encoder_edge(&encoder, ENCODER_B, true, now_ns);
	encoder_edge(&encoder, ENCODER_A, false, now_ns);
	now_ns += pause_ns;
	return encoder_edge(&encoder, ENCODER_B, false, now_ns);
}

static void quick_detents_count_for_more(void **state)
{
	const struct encoder_config config = { .quarters = 4, .acceleration = 11 };
	uint64_t middle = (ENCODER_QUICK_NS + ENCODER_SLOW_NS) / 2;

	(void)state;
	now_ns = NSEC_PER_SEC;
	encoder_init(&encoder, &config, false, false);
	/* the first has none before it */
	assert_int_equal(detent_after(1), 1);
	assert_int_equal(detent_after(ENCODER_SLOW_NS), 1);
	assert_int_equal(detent_after(ENCODER_SLOW_NS + ENCODER_QUICK_NS), 1);
	/* 1 + (11 - 1) / 2 half way between */
	assert_int_equal(detent_after(middle), 6);
	assert_int_equal(detent_after(ENCODER_QUICK_NS), 11);
	assert_int_equal(detent_after(1), 11);
	/* a clock that was set back, or edges out of order: no more than all */
	now_ns -= NSEC_PER_SEC / 2;
	assert_int_equal(detent_after(0), 11);
}

static void turning_back_starts_slowly(void **state)
{
	const struct encoder_config config = { .quarters = 1, .acceleration = 20 };

	(void)state;
	encoder_init(&encoder, &config, false, false);
	assert_int_equal(encoder_edge(&encoder, ENCODER_A, true, 1), 1);
	assert_int_equal(encoder_edge(&encoder, ENCODER_B, true, 2), 20);
	assert_int_equal(encoder_edge(&encoder, ENCODER_B, false, 3), -1);
	assert_int_equal(encoder_edge(&encoder, ENCODER_A, false, 4), -20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_detent_clockwise_is_a_before_b_closing_and_opening),
		cmocka_unit_test(a_detent_the_other_way_is_b_before_a),
		cmocka_unit_test(each_kind_of_encoder_counts_its_detents),
		cmocka_unit_test(a_reversed_encoder_counts_the_other_way),
		cmocka_unit_test(turning_back_before_the_detent_tells_nothing),
		cmocka_unit_test(trembling_on_a_detent_tells_nothing),
		cmocka_unit_test(an_edge_to_the_same_level_changes_nothing),
		cmocka_unit_test(a_knob_that_rests_with_both_closed_counts_from_there),
		cmocka_unit_test(a_knob_found_between_detents_counts_from_the_nearest),
		cmocka_unit_test(bounce_neither_adds_nor_loses_a_detent),
		cmocka_unit_test(a_lost_edge_costs_at_most_its_detent),
		cmocka_unit_test(what_was_lost_is_made_up_for_by_the_levels),
		cmocka_unit_test(several_lost_detents_are_made_up_for_at_once),
		cmocka_unit_test(levels_as_they_are_known_change_nothing),
		cmocka_unit_test(levels_of_a_knob_that_was_still_tell_no_detent),
		cmocka_unit_test(quick_detents_count_for_more),
		cmocka_unit_test(turning_back_starts_slowly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
