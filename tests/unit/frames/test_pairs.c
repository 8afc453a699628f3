// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frames/frames.h: two outputs and a renderer, and frames made in slices; counts are worked out from
 * the rate. At 50 fps a period is 20 ms.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fixture.h"

struct pair {
	struct frames *frames;
	struct fake_output out[2];
	unsigned int rendered[3];
	uint64_t cost_ns; /* of rendering a zone */
	unsigned int between;
	bool moves;
	bool due;
	bool quiet; /* nothing of the renderer's has changed */
};

static struct pair *pair_now;

static bool render(unsigned int zone, uint64_t now_ns, void *data)
{
	struct pair *p = data;

	(void)now_ns;
	fake.now_ns += p->cost_ns;
	if (p->quiet)
		return false;
	p->rendered[zone]++;
	fill(p->frames, zone, FRAMES_ANIMATION, (uint8_t)p->rendered[zone],
	     frames_zone_pixels(p->frames, zone));
	frames_commit(p->frames, zone, FRAMES_ANIMATION, "test", 0);
	p->due = p->moves;
	return p->moves;
}

static bool due(unsigned int zone, void *data)
{
	struct pair *p = data;

	(void)zone;
	return p->due;
}

static void tell_pair(unsigned int output, bool present, int error, void *data)
{
	(void)output;
	(void)present;
	(void)error;
	(void)data;
}

/* so many that the clock is asked after each zone */
#define MANY FRAMES_CHECK_PIXELS

/* Zone 0 on output 0, zone 1 on output 1, zone 2 on the second half of both */
static void begin_pair(struct pair *p)
{
	struct frames_config config = {
		.loop = &fake.loop, .fps = 50, .on_output = tell_pair, .data = p
	};
	struct frames_zone_config zone[3] = { { STRIP(0, MANY) },
					      { STRIP(0, MANY) },
					      { .part_count = 2,
						.part = { { .first = MANY, .count = MANY },
							  { 1, 0, MANY, MANY, false } } } };

	memset(p, 0, sizeof(*p));
	fake_reset();
	zone[1].part[0].output = 1;
	assert_int_equal(frames_create(&p->frames, &config), 0);
	for (unsigned int i = 0; i < 2; i++) {
		fake_output_init(&p->out[i], 2 * MANY, 3);
		assert_int_equal(frames_add_output(p->frames, &p->out[i].output), i);
	}
	for (int i = 0; i < 3; i++)
		assert_int_equal(frames_add_zone(p->frames, &zone[i]), i);
	frames_set_renderer(p->frames,
			    &(struct frames_renderer){ .render = render, .due = due, .data = p });
	p->moves = p->due = true;
	assert_int_equal(frames_start(p->frames), 0);
	fake_run_ms(0);
	assert_int_equal(p->out[0].frames, 1);
	assert_int_equal(p->out[1].frames, 1);
	pair_now = p;
}

static void a_slow_output_does_not_hold_up_another(void **state)
{
	struct frames_stats stats;
	struct pair p;

	(void)state;
	begin_pair(&p);
	p.out[0].busy = true;
	fake_run_ms(1000);
	/* 50 frames in a second to the free one; the first of the busy one was refused */
	assert_int_equal(p.out[1].frames, 51);
	assert_int_equal(p.out[0].frames, 1);
	assert_int_equal(p.out[0].asked, 2);
	/* what is on the busy one alone is not rendered, what is on both is */
	assert_int_equal(p.rendered[0], 2);
	assert_int_equal(p.rendered[1], 51);
	assert_int_equal(p.rendered[2], 51);
	frames_get_stats(p.frames, &stats);
	assert_int_equal(stats.dropped, 49);
	assert_int_equal(metrics_get(&frames_figures(p.frames)->output[0].dropped), 49);
	assert_int_equal(metrics_get(&frames_figures(p.frames)->output[1].rendered), 51);
	/* the zone on both has gone on since what waits was composed: the newest is sent */
	fake_output_ready(&p.out[0]);
	assert_int_equal(p.out[0].frame[0], 2);
	assert_int_equal(p.out[0].frame[3 * MANY], 51);
	fake_run_ms(PERIOD_MS);
	assert_int_equal(p.out[0].frame[0], 3);
	frames_destroy(p.frames);
}

static void each_output_has_its_own_pace(void **state)
{
	struct pair p;

	(void)state;
	begin_pair(&p);
	p.out[0].slow = true;
	/* one takes a frame every 20 ms, the other needs 80 ms for each */
	for (int i = 1; i <= 200; i++) {
		fake_run_ms(PERIOD_MS);
		assert_int_equal(p.out[1].frames, 1 + i);
		if (i % 4 == 0)
			fake_output_ready(&p.out[0]);
	}
	assert_int_equal(p.out[0].frames, 1 + 1 + 200 / 4);
	/* what the slow one has taken is the newest picture of the zone on both */
	assert_int_equal(p.out[0].frame[3 * MANY], 201);
	assert_int_equal(p.out[1].frame[0], 201);
	frames_destroy(p.frames);
}

static unsigned int steps_left, turns_of_others;

static bool advance(unsigned int zone, uint64_t now_ns, void *data)
{
	(void)now_ns;
	(void)data;
	return !zone && steps_left && steps_left--;
}

static void count_turns(void)
{
	turns_of_others++;
}

static void time_that_was_missed_is_made_up_for_in_slices(void **state)
{
	struct frames_stats before, after;
	struct pair p;

	(void)state;
	begin_pair(&p);
	frames_set_renderer(p.frames, &(struct frames_renderer){ render, due, advance, &p });
	frames_get_stats(p.frames, &before);
	steps_left = 40;
	turns_of_others = 0;
	fake.between = count_turns;
	/* each zone has so many pixels that the clock is asked after a step: 5 fill a slice */
	fake.tick_ns = FRAMES_SLICE_NS / 5;
	fake_run_ms(PERIOD_MS);
	fake.tick_ns = 0;
	frames_get_stats(p.frames, &after);
	assert_int_equal(steps_left, 0);
	assert_int_equal(p.rendered[0], 2);
	assert_int_equal(p.out[0].frames, 2);
	assert_in_range(after.slices - before.slices, 40 / 5, 40 / 5 + 3);
	assert_in_range(turns_of_others, 40 / 5, 40 / 5 + 3);
	frames_destroy(p.frames);
}

static void while_all_outputs_are_busy_nothing_is_rendered_and_nothing_wakes_up(void **state)
{
	struct pair p;

	(void)state;
	begin_pair(&p);
	p.out[0].busy = p.out[1].busy = true;
	fake_run_ms(100);
	fake.wakeups = 0;
	for (int i = 0; i < 3; i++)
		assert_int_equal(p.rendered[i], 2);
	assert_int_equal(fake_run_ms(1000), 0);
	fake_output_ready(&p.out[1]);
	assert_int_equal(p.out[1].frame[0], 2);
	fake_run_ms(0);
	assert_int_equal(p.rendered[0], 2);
	assert_int_equal(p.rendered[1], 3);
	frames_destroy(p.frames);
}

static void what_became_due_while_its_output_was_busy_is_rendered_afterwards(void **state)
{
	struct pair p;

	(void)state;
	begin_pair(&p);
	p.out[0].busy = p.out[1].busy = true;
	fake_run_ms(PERIOD_MS);
	p.moves = false;
	fake_output_ready(&p.out[0]);
	fake_output_ready(&p.out[1]);
	fake_run_ms(1000);
	for (int i = 0; i < 3; i++)
		assert_int_equal(p.rendered[i], 3);
	assert_int_equal(p.out[0].frame[0], 3);
	assert_int_equal(p.out[1].frame[0], 3);
	frames_destroy(p.frames);
}

static void nothing_is_rendered_for_outputs_that_are_not_there(void **state)
{
	struct pair p;

	(void)state;
	begin_pair(&p);
	output_went(&p.out[0].output, -ENODEV);
	fake_run_ms(1000);
	assert_int_equal(p.rendered[0], 1);
	assert_int_equal(p.rendered[1], 51);
	output_went(&p.out[1].output, -ENODEV);
	fake_run_ms(1000);
	assert_int_equal(fake_run_ms(1000), 0);
	output_came(&p.out[0].output);
	fake_run_ms(0);
	assert_int_equal(p.rendered[0], 2);
	assert_int_equal(p.out[0].frame[0], 2);
	frames_destroy(p.frames);
}

static void between_slices(void)
{
	pair_now->between++;
}

static void a_frame_that_takes_long_is_made_in_slices(void **state)
{
	struct frames_stats stats;
	struct pair p;

	(void)state;
	begin_pair(&p);
	fake.between = between_slices;
	/* each of the three zones takes a slice of its own: two go on elsewhere */
	p.cost_ns = FRAMES_SLICE_NS;
	fake_run_ms(PERIOD_MS);
	frames_get_stats(p.frames, &stats);
	assert_int_equal(stats.slices, 3);
	assert_int_equal(p.between, 3);
	assert_int_equal(p.out[0].frames, 2);
	assert_int_equal(p.out[0].frame[0], 2);
	/* zones that need half of it: the third one is in the second slice */
	p.cost_ns = FRAMES_SLICE_NS / 2;
	fake_run_ms(PERIOD_MS);
	frames_get_stats(p.frames, &stats);
	assert_int_equal(stats.slices, 4);
	frames_destroy(p.frames);
}

static void commit_between_slices(void)
{
	fill(pair_now->frames, 0, FRAMES_PULSE, 77, 1);
	frames_commit(pair_now->frames, 0, FRAMES_PULSE, "test", 0);
	fake.between = NULL;
}

static void what_is_given_between_slices_is_in_the_next_frame(void **state)
{
	struct pair p;

	(void)state;
	begin_pair(&p);
	p.moves = false;
	fake_run_ms(100);
	p.cost_ns = FRAMES_SLICE_NS;
	fake.between = commit_between_slices;
	frames_kick(p.frames);
	fake_run_ms(0);
	assert_int_not_equal(p.out[0].frame[0], 77);
	fake_run_ms(PERIOD_MS);
	assert_int_equal(p.out[0].frame[0], 77);
	frames_destroy(p.frames);
}

static void clear_between_slices(void)
{
	frames_clear(pair_now->frames, 0, FRAMES_PULSE);
	pair_now->quiet = true;
	fake.between = NULL;
}

static void what_is_taken_away_between_slices_is_gone_from_the_next_frame(void **state)
{
	struct pair p;

	(void)state;
	begin_pair(&p);
	p.moves = false;
	fill(p.frames, 0, FRAMES_PULSE, 77, 1);
	frames_commit(p.frames, 0, FRAMES_PULSE, "test", 0);
	fake_run_ms(100);
	assert_int_equal(p.out[0].frame[0], 77);
	p.cost_ns = FRAMES_SLICE_NS;
	fake.between = clear_between_slices;
	frames_kick(p.frames);
	fake_run_ms(0);
	assert_true(p.quiet);
	fake_run_ms(1000);
	/* no renderer draws it again: what lies below it has to come forth by itself */
	assert_int_equal(p.out[0].frame[0], p.rendered[0]);
	frames_destroy(p.frames);
}

static void what_is_given_in_a_pause_shows_after_it_whatever_was_sent_meanwhile(void **state)
{
	struct pair p;

	(void)state;
	begin_pair(&p);
	p.moves = false;
	fake_run_ms(100);
	p.quiet = true;
	frames_pause(p.frames);
	fill(p.frames, 0, FRAMES_PULSE, 77, 1);
	frames_commit(p.frames, 0, FRAMES_PULSE, "test", 0);
	/* another writer was there: the old frame once more */
	p.out[0].output.callbacks.on_foreign(&p.out[0].output, fake.now_ns,
					     p.out[0].output.callbacks.data);
	fake_run_ms(2000);
	assert_int_equal(p.out[0].frame[0], p.rendered[0]);
	frames_resume(p.frames);
	fake_run_ms(1000);
	assert_int_equal(p.out[0].frame[0], 77);
	frames_destroy(p.frames);
}

static void lose_between_slices(void)
{
	output_went(&pair_now->out[1].output, -ENODEV);
	output_came(&pair_now->out[1].output);
	fake.between = NULL;
}

static void an_output_that_returns_between_slices_gets_a_whole_frame(void **state)
{
	struct pair p;

	(void)state;
	begin_pair(&p);
	p.cost_ns = FRAMES_SLICE_NS;
	fake.between = lose_between_slices;
	fake_run_ms(PERIOD_MS);
	assert_int_equal(p.out[1].frame[0], p.rendered[1]);
	assert_int_equal(p.out[1].frame[3 * MANY], p.rendered[2]);
	frames_destroy(p.frames);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slow_output_does_not_hold_up_another),
		cmocka_unit_test(each_output_has_its_own_pace),
		cmocka_unit_test(time_that_was_missed_is_made_up_for_in_slices),
		cmocka_unit_test(
			while_all_outputs_are_busy_nothing_is_rendered_and_nothing_wakes_up),
		cmocka_unit_test(what_became_due_while_its_output_was_busy_is_rendered_afterwards),
		cmocka_unit_test(nothing_is_rendered_for_outputs_that_are_not_there),
		cmocka_unit_test(a_frame_that_takes_long_is_made_in_slices),
		cmocka_unit_test(what_is_given_between_slices_is_in_the_next_frame),
		cmocka_unit_test(what_is_taken_away_between_slices_is_gone_from_the_next_frame),
		cmocka_unit_test(
			what_is_given_in_a_pause_shows_after_it_whatever_was_sent_meanwhile),
		cmocka_unit_test(an_output_that_returns_between_slices_gets_a_whole_frame),
	};

	return cmocka_run_group_tests_name("frames", tests, NULL, NULL);
}
