// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frames/frames.h: another rate, stop, kick, pause and step; instants and counts are worked out from
 * the rate. At 50 fps a period is 20 ms.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fixture.h"

static void the_rate_can_be_changed_while_frames_run(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	f.moves = true;
	frames_kick(f.frames);
	fake_run_ms(1000);
	f.calls = 0;
	frames_set_fps(f.frames, 200);
	assert_int_equal(frames_get_fps(f.frames), 200);
	fake_run_ms(1000);
	assert_in_range(f.calls, 199, 201);
	frames_set_fps(f.frames, 10000);
	assert_int_equal(frames_get_fps(f.frames), FRAMES_FPS_MAX);
	frames_set_fps(f.frames, 0);
	assert_int_equal(frames_get_fps(f.frames), FRAMES_FPS_MIN);
	f.calls = 0;
	fake_run_ms(10000);
	assert_in_range(f.calls, 10, 11);
	end(&f);
}

static void a_limit_goes_before_the_rate_that_is_set(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 100);
	f.moves = true;
	frames_kick(f.frames);
	frames_limit_fps(f.frames, 30);
	assert_int_equal(frames_get_fps(f.frames), 100);
	fake_run_ms(1000);
	f.calls = 0;
	fake_run_ms(1000);
	assert_in_range(f.calls, 29, 31);
	/* above the limit a rate waits, below it it counts */
	frames_set_fps(f.frames, 200);
	f.calls = 0;
	fake_run_ms(1000);
	assert_in_range(f.calls, 29, 31);
	frames_set_fps(f.frames, 10);
	f.calls = 0;
	fake_run_ms(1000);
	assert_in_range(f.calls, 9, 11);
	frames_set_fps(f.frames, 200);
	frames_limit_fps(f.frames, FRAMES_FPS_MAX);
	f.calls = 0;
	fake_run_ms(1000);
	assert_in_range(f.calls, 199, 201);
	end(&f);
}

static void stop_from_producer(struct fixture *f)
{
	frames_stop(f->frames);
}

static void it_can_be_stopped_from_a_producer(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	f.produce = stop_from_producer;
	f.moves = true;
	frames_kick(f.frames);
	fake_run_ms(1000);
	assert_int_equal(f.calls, 1);
	assert_false(f.out.output.present);
	/* what is asked of it afterwards is nothing */
	show(&f, 0, FRAMES_MANUAL, 6, 0);
	frames_kick(f.frames);
	assert_int_equal(fake_deadline(), 0);
	end(&f);
}

static void kick_from_producer(struct fixture *f)
{
	if (f->calls < 4)
		frames_kick(f->frames);
}

static void a_kick_from_a_producer_makes_one_more_frame(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	f.produce = kick_from_producer;
	frames_kick(f.frames);
	assert_int_equal(fake_run_ms(1000), 4);
	assert_int_equal(f.calls, 4);
	end(&f);
}

/* ---- pause ---- */

static void in_a_pause_nothing_moves_and_nothing_wakes_up(void **state)
{
	struct fixture f;
	uint64_t paused_ns;

	(void)state;
	begin_shown(&f, 50);
	f.moves = true;
	frames_kick(f.frames);
	fake_run_ms(100);
	frames_pause(f.frames);
	assert_true(frames_paused(f.frames));
	paused_ns = frames_now(f.frames);
	fake_run_ms(100);
	f.calls = fake.wakeups = 0;
	show(&f, 0, FRAMES_MANUAL, 5, 0);
	assert_int_equal(fake_run_ms(60000), 0);
	assert_int_equal(f.calls, 0);
	assert_shown(&f, 0, 0);
	assert_int_equal(frames_now(f.frames), paused_ns);
	/* what was given meanwhile shows at the end, and time goes on where it stood */
	frames_resume(f.frames);
	fake_run_ms(0);
	assert_shown(&f, 5, 0);
	assert_in_range(f.instant_ns, paused_ns - PERIOD_MS * FAKE_MS, paused_ns);
	fake_run_ms(1000);
	assert_int_equal(f.calls, 51);
	end(&f);
}

static void a_step_is_one_frame_one_period_later(void **state)
{
	struct fixture f;
	uint64_t paused_ns;

	(void)state;
	begin_shown(&f, 50);
	assert_int_equal(frames_step(f.frames), -EINVAL);
	frames_pause(f.frames);
	paused_ns = frames_now(f.frames);
	for (unsigned int i = 1; i <= 3; i++) {
		show(&f, 0, FRAMES_MANUAL, (uint8_t)i, 0);
		assert_int_equal(frames_step(f.frames), 0);
		assert_int_equal(f.calls, i);
		assert_int_equal(f.instant_ns, paused_ns + i * PERIOD_MS * FAKE_MS);
		assert_shown(&f, (int)i, 0);
		assert_int_equal(fake_run_ms(500), 0);
	}
	end(&f);
}

static void time_to_live_stands_still_in_a_pause(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	show(&f, 0, FRAMES_MANUAL, 5, 100 * FAKE_MS);
	fake_run_ms(40);
	frames_pause(f.frames);
	fake_run_ms(5000);
	frames_resume(f.frames);
	fake_run_ms(59);
	assert_shown(&f, 5, 0);
	fake_run_ms(1);
	assert_shown(&f, 0, 0);
	end(&f);
}

static void an_output_that_comes_in_a_pause_shows_what_stands_still(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	show(&f, 0, FRAMES_MANUAL, 5, 0);
	fake_run_ms(50);
	frames_pause(f.frames);
	show(&f, 0, FRAMES_MANUAL, 6, 0);
	output_went(&f.out.output, -ENODEV);
	memset(f.out.frame, 0, sizeof(f.out.frame));
	fake_run_ms(50);
	output_came(&f.out.output);
	fake_run_ms(50);
	assert_shown(&f, 5, 0);
	assert_int_equal(fake_run_ms(5000), 0);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rate_can_be_changed_while_frames_run),
		cmocka_unit_test(a_limit_goes_before_the_rate_that_is_set),
		cmocka_unit_test(it_can_be_stopped_from_a_producer),
		cmocka_unit_test(a_kick_from_a_producer_makes_one_more_frame),
		cmocka_unit_test(in_a_pause_nothing_moves_and_nothing_wakes_up),
		cmocka_unit_test(a_step_is_one_frame_one_period_later),
		cmocka_unit_test(time_to_live_stands_still_in_a_pause),
		cmocka_unit_test(an_output_that_comes_in_a_pause_shows_what_stands_still),
	};

	return cmocka_run_group_tests_name("frames", tests, NULL, NULL);
}
