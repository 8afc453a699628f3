// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frames/frames.h: priorities, times to live and the grid of instants, on a loop whose time the test
 * moves: instants and counts are worked out from the rate. At 50 fps a period is 20 ms.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fixture.h"

static void rates_out_of_range_are_refused(void **state)
{
	struct frames_config config = { .loop = &fake.loop, .fps = 0 };
	struct frames *frames = NULL;

	(void)state;
	assert_int_equal(frames_create(&frames, &config), -EINVAL);
	config.fps = FRAMES_FPS_MAX + 1;
	assert_int_equal(frames_create(&frames, &config), -EINVAL);
	assert_null(frames);
	assert_null(frames_destroy(NULL));
}

static void limits_of_outputs_zones_and_producers_hold(void **state)
{
	struct frames_config config = { .loop = &fake.loop, .fps = 50 };
	struct frames_zone_config zone = { STRIP(0, 1) };
	struct fake_output out;
	struct frames *frames;

	(void)state;
	fake_reset();
	fake_output_init(&out, 8, 3);
	assert_int_equal(frames_create(&frames, &config), 0);
	assert_int_equal(frames_add_zone(frames, &zone), -EINVAL);
	for (int i = 0; i < FRAMES_MAX_OUTPUTS; i++)
		assert_int_equal(frames_add_output(frames, &out.output), i);
	assert_int_equal(frames_add_output(frames, &out.output), -ENOSPC);
	for (int i = 0; i < FRAMES_MAX_ZONES; i++)
		assert_int_equal(frames_add_zone(frames, &zone), i);
	assert_int_equal(frames_add_zone(frames, &zone), -ENOSPC);
	zone.part[0].count = OUTPUT_MAX_PIXELS + 1;
	assert_int_equal(frames_add_zone(frames, &zone), -EINVAL);
	for (int i = 0; i < FRAMES_MAX_PRODUCERS; i++)
		assert_int_equal(frames_add_producer(frames, produce, NULL), 0);
	assert_int_equal(frames_add_producer(frames, produce, NULL), -ENOSPC);
	frames_destroy(frames);
}

static void the_first_frame_goes_out_at_once_and_then_nothing_wakes_up(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, 50);
	assert_int_equal(frames_start(f.frames), 0);
	assert_int_equal(f.told_present, 1);
	assert_int_equal(fake_run_ms(0), 1);
	assert_int_equal(f.out.frames, 1);
	assert_shown(&f, 0, 0);
	assert_int_equal(fake_run_ms(100000), 0);
	assert_int_equal(f.calls, 1);
	end(&f);
}

static void a_picture_given_while_all_rests_shows_at_once(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	show(&f, 0, FRAMES_MANUAL, 9, 0);
	show(&f, 1, FRAMES_MANUAL, 7, 0);
	assert_int_equal(fake_run_ms(0), 1);
	assert_int_equal(f.out.frames, 1);
	assert_shown(&f, 9, 7);
	assert_int_equal(fake_run_ms(100000), 0);
	end(&f);
}

static void a_picture_given_too_soon_waits_for_the_next_instant(void **state)
{
	struct fixture f;
	uint64_t first_ns;

	(void)state;
	begin_shown(&f, 50);
	show(&f, 0, FRAMES_MANUAL, 1, 0);
	fake_run_ms(0);
	first_ns = f.out.taken_ns;
	fake_run_ms(5);
	show(&f, 0, FRAMES_MANUAL, 2, 0);
	assert_int_equal(fake_run_ms(14), 0);
	show(&f, 0, FRAMES_MANUAL, 3, 0);
	assert_int_equal(fake_run_ms(PERIOD_MS), 1);
	assert_int_equal(f.out.frames, 2);
	assert_int_equal(f.out.taken_ns, first_ns + PERIOD_MS * FAKE_MS);
	assert_shown(&f, 3, 0);
	end(&f);
}

static void the_highest_priority_shows_and_the_next_one_when_it_is_cleared(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	show(&f, 0, FRAMES_PULSE, 30, 0);
	show(&f, 0, FRAMES_IDLE, 1, 0);
	show(&f, 0, FRAMES_ANIMATION, 20, 0);
	fake_run_ms(50);
	assert_shown(&f, 30, 0);
	/* beneath another one: nothing to do */
	f.out.asked = 0;
	show(&f, 0, FRAMES_ANIMATION, 21, 0);
	assert_int_equal(fake_run_ms(50), 0);
	assert_int_equal(f.out.asked, 0);
	frames_clear(f.frames, 0, FRAMES_PULSE);
	fake_run_ms(50);
	assert_shown(&f, 21, 0);
	frames_clear(f.frames, 0, FRAMES_ANIMATION);
	fake_run_ms(50);
	assert_shown(&f, 1, 0);
	frames_clear(f.frames, 0, FRAMES_IDLE);
	fake_run_ms(50);
	assert_shown(&f, 0, 0);
	/* not there: nothing happens */
	frames_clear(f.frames, 0, FRAMES_IDLE);
	assert_int_equal(fake_run_ms(50), 0);
	end(&f);
}

static void a_buffer_keeps_its_old_content(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	show(&f, 0, FRAMES_MANUAL, 42, 0);
	fake_run_ms(50);
	assert_int_equal(frames_begin(f.frames, 0, FRAMES_MANUAL)[3].g, 42);
	frames_begin(f.frames, 0, FRAMES_MANUAL)[3].g = 43;
	/* not committed: what shows stays, whatever else is drawn */
	show(&f, 1, FRAMES_MANUAL, 5, 0);
	fake_run_ms(50);
	assert_int_equal(f.out.frame[3 * 3 + 1], 42);
	frames_commit(f.frames, 0, FRAMES_MANUAL, "test", 0);
	fake_run_ms(50);
	assert_int_equal(f.out.frame[3 * 3 + 1], 43);
	end(&f);
}

static void a_picture_dies_at_the_exact_end_of_its_time(void **state)
{
	struct fixture f;
	uint64_t begin_ns;

	(void)state;
	begin_shown(&f, 50);
	begin_ns = fake.now_ns;
	show(&f, 0, FRAMES_MANUAL, 1, 0);
	show(&f, 0, FRAMES_PULSE, 2, 333 * FAKE_MS);
	assert_int_equal(fake_run_until(begin_ns + 333 * FAKE_MS - 1), 1);
	assert_shown(&f, 2, 0);
	assert_int_equal(fake_run_until(begin_ns + 333 * FAKE_MS), 1);
	assert_shown(&f, 1, 0);
	assert_int_equal(f.out.taken_ns, begin_ns + 333 * FAKE_MS);
	assert_int_equal(fake_run_ms(100000), 0);
	end(&f);
}

static void a_picture_that_is_renewed_in_time_lives_on(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	for (int i = 0; i < 10; i++) {
		show(&f, 0, FRAMES_PULSE, 2, 100 * FAKE_MS);
		fake_run_ms(90);
		assert_shown(&f, 2, 0);
	}
	fake_run_ms(10);
	assert_shown(&f, 0, 0);
	end(&f);
}

static void a_hidden_picture_that_dies_changes_nothing(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	show(&f, 0, FRAMES_DEBUG, 3, 0);
	fake_run_ms(50);
	show(&f, 0, FRAMES_PULSE, 2, 100 * FAKE_MS);
	fake_run_ms(500);
	assert_shown(&f, 3, 0);
	assert_int_equal(f.out.frames, 1);
	frames_clear(f.frames, 0, FRAMES_DEBUG);
	fake_run_ms(50);
	assert_shown(&f, 0, 0);
	assert_int_equal(fake_deadline(), 0);
	end(&f);
}

static void frames_that_are_equal_are_not_sent_again(void **state)
{
	struct frames_stats stats;
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	for (int i = 0; i < 5; i++) {
		show(&f, 0, FRAMES_MANUAL, 8, 0);
		fake_run_ms(50);
	}
	assert_int_equal(f.out.asked, 1);
	frames_get_stats(f.frames, &stats);
	assert_int_equal(stats.skipped, 4);
	assert_int_equal(stats.rendered, 2);
	assert_int_equal(stats.dropped, 0);
	end(&f);
}

static void change(struct fixture *f)
{
	show(f, 0, FRAMES_ANIMATION, ++f->value, 0);
}

static void frames_keep_to_the_grid_and_do_not_drift(void **state)
{
	struct frames_stats stats;
	struct fixture f;
	uint64_t begin_ns;

	(void)state;
	begin_shown(&f, 60);
	f.produce = change;
	f.moves = true;
	fake.late_ns = 300000;
	begin_ns = fake.now_ns;
	frames_kick(f.frames);
	fake_run_until(begin_ns + 10 * NSEC_PER_SEC);
	/* at 0, 1/60, … and the one at 10 s is late and still to come */
	assert_int_equal(f.calls, 600);
	assert_int_equal(f.out.frames, 600);
	assert_int_equal(f.instant_ns, begin_ns + 599 * NSEC_PER_SEC / 60);
	frames_get_stats(f.frames, &stats);
	assert_int_equal(stats.missed, 0);
	end(&f);
}

static void instants_that_were_missed_are_skipped_and_counted(void **state)
{
	struct frames_stats stats;
	struct fixture f;
	uint64_t begin_ns;

	(void)state;
	begin_shown(&f, 50);
	f.produce = change;
	f.moves = true;
	begin_ns = fake.now_ns;
	frames_kick(f.frames);
	fake_run_ms(100);
	assert_int_equal(f.calls, 6);
	/* the loop was away: at 175 ms those of 120, 140 and 160 ms have passed */
	fake.now_ns = begin_ns + 175 * FAKE_MS;
	fake_run_until(begin_ns + 179 * FAKE_MS);
	assert_int_equal(f.calls, 7);
	assert_int_equal(f.instant_ns, begin_ns + 160 * FAKE_MS);
	frames_get_stats(f.frames, &stats);
	assert_int_equal(stats.missed, 2);
	fake_run_until(begin_ns + 180 * FAKE_MS);
	assert_int_equal(f.instant_ns, begin_ns + 180 * FAKE_MS);
	end(&f);
}

static void lateness_is_recorded_for_every_tick(void **state)
{
	struct metrics_summary summary;
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	f.produce = change;
	f.moves = true;
	fake.late_ns = 12345;
	frames_kick(f.frames);
	fake_run_ms(1000);
	metrics_summarize(&frames_figures(f.frames)->lateness, &summary);
	assert_int_equal(summary.count, 1 + f.calls);
	assert_int_equal(summary.max, 12345);
	end(&f);
}

static void the_timer_stops_when_no_producer_moves(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	f.moves = true;
	frames_kick(f.frames);
	fake_run_ms(200);
	assert_int_equal(f.calls, 11);
	f.moves = false;
	assert_int_equal(fake_run_ms(100000), 1);
	assert_int_equal(f.calls, 12);
	end(&f);
}

static void kicks_do_not_make_frames_come_faster(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	for (int ms = 0; ms < 1000; ms++) {
		frames_kick(f.frames);
		fake_run_ms(1);
	}
	/* at 0, 20, … 1000 ms */
	assert_int_equal(f.calls, 51);
	end(&f);
}

static void it_is_alive_unless_a_frame_is_due_for_more_than_two_seconds(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	fake_run_ms(60000);
	assert_true(frames_alive(f.frames));
	f.out.busy = true;
	show(&f, 0, FRAMES_MANUAL, 6, 0);
	fake_run_ms(1999);
	assert_true(frames_alive(f.frames));
	/* newer ones do not make it younger, nor does a device that says ready and is not */
	show(&f, 0, FRAMES_MANUAL, 7, 0);
	f.out.output.callbacks.on_ready(&f.out.output, f.out.output.callbacks.data);
	fake_run_ms(2);
	assert_false(frames_alive(f.frames));
	fake_output_ready(&f.out);
	assert_true(frames_alive(f.frames));
	/* a timer that is not served */
	frames_kick(f.frames);
	fake.now_ns += FRAMES_ALIVE_NS + 100 * FAKE_MS;
	assert_false(frames_alive(f.frames));
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_out_of_range_are_refused),
		cmocka_unit_test(limits_of_outputs_zones_and_producers_hold),
		cmocka_unit_test(the_first_frame_goes_out_at_once_and_then_nothing_wakes_up),
		cmocka_unit_test(a_picture_given_while_all_rests_shows_at_once),
		cmocka_unit_test(a_picture_given_too_soon_waits_for_the_next_instant),
		cmocka_unit_test(the_highest_priority_shows_and_the_next_one_when_it_is_cleared),
		cmocka_unit_test(a_buffer_keeps_its_old_content),
		cmocka_unit_test(a_picture_dies_at_the_exact_end_of_its_time),
		cmocka_unit_test(a_picture_that_is_renewed_in_time_lives_on),
		cmocka_unit_test(a_hidden_picture_that_dies_changes_nothing),
		cmocka_unit_test(frames_that_are_equal_are_not_sent_again),
		cmocka_unit_test(frames_keep_to_the_grid_and_do_not_drift),
		cmocka_unit_test(instants_that_were_missed_are_skipped_and_counted),
		cmocka_unit_test(lateness_is_recorded_for_every_tick),
		cmocka_unit_test(the_timer_stops_when_no_producer_moves),
		cmocka_unit_test(kicks_do_not_make_frames_come_faster),
		cmocka_unit_test(it_is_alive_unless_a_frame_is_due_for_more_than_two_seconds),
	};

	return cmocka_run_group_tests_name("frames", tests, NULL, NULL);
}
