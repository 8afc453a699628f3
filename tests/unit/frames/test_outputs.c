// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frames/frames.h: an output that is busy, comes, goes, or is written by others; instants and counts
 * are worked out from the rate. At 50 fps a period is 20 ms.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fixture.h"

static void a_busy_output_is_not_asked_again_until_it_is_ready(void **state)
{
	struct frames_stats stats;
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	f.out.busy = true;
	for (uint8_t i = 1; i <= 5; i++) {
		show(&f, 0, FRAMES_MANUAL, i, 0);
		fake_run_ms(50);
	}
	assert_int_equal(f.out.asked, 1);
	assert_int_equal(f.out.frames, 0);
	assert_false(frames_settled(f.frames));
	fake_output_ready(&f.out);
	assert_int_equal(f.out.asked, 2);
	assert_int_equal(f.out.frames, 1);
	assert_shown(&f, 5, 0);
	assert_true(frames_settled(f.frames));
	frames_get_stats(f.frames, &stats);
	/* of five that were due the newest was sent */
	assert_int_equal(stats.dropped, 4);
	end(&f);
}

static void an_output_that_is_ready_for_nothing_is_not_given_anything(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	f.out.busy = true;
	show(&f, 0, FRAMES_MANUAL, 3, 0);
	fake_run_ms(50);
	/* back to what it shows */
	frames_clear(f.frames, 0, FRAMES_MANUAL);
	fake_run_ms(50);
	fake_output_ready(&f.out);
	assert_int_equal(f.out.frames, 0);
	fake_output_ready(&f.out);
	assert_int_equal(f.out.asked, 1);
	end(&f);
}

static void an_output_that_comes_later_gets_the_whole_frame_at_once(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, 50);
	f.out.absent = true;
	assert_int_equal(frames_start(f.frames), 0);
	show(&f, 0, FRAMES_MANUAL, 6, 0);
	fake_run_ms(1000);
	assert_int_equal(f.out.asked, 0);
	assert_int_equal(f.told_present, 0);
	assert_true(frames_settled(f.frames));
	output_came(&f.out.output);
	assert_int_equal(f.told_present, 1);
	fake_run_ms(0);
	assert_int_equal(f.out.frames, 1);
	assert_shown(&f, 6, 0);
	end(&f);
}

static void an_output_that_was_lost_is_told_and_repainted_when_it_is_back(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	show(&f, 0, FRAMES_MANUAL, 6, 0);
	fake_run_ms(50);
	f.out.vanish = true;
	show(&f, 0, FRAMES_MANUAL, 7, 0);
	fake_run_ms(50);
	assert_int_equal(f.told_lost, 1);
	assert_int_equal(f.told_error, -ENODEV);
	assert_int_equal(f.out.frames, 1);
	fake_run_ms(5000);
	/* back, and longer than before */
	f.out.output.geometry.channel[0].pixels = 20;
	output_layout(&f.out.output.geometry);
	output_came(&f.out.output);
	fake_run_ms(50);
	assert_int_equal(f.told_present, 2);
	assert_int_equal(f.told_error, 0);
	assert_int_equal(f.out.frames, 2);
	assert_shown(&f, 7, 0);
	assert_int_equal(f.out.frame[59], 0);
	end(&f);
}

static void an_output_lost_while_busy_begins_anew(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	f.out.busy = true;
	show(&f, 0, FRAMES_MANUAL, 6, 0);
	fake_run_ms(50);
	output_went(&f.out.output, -ENODEV);
	f.out.busy = false;
	assert_true(frames_settled(f.frames));
	output_came(&f.out.output);
	fake_run_ms(50);
	assert_int_equal(f.out.frames, 1);
	assert_shown(&f, 6, 0);
	end(&f);
}

static void our_frame_comes_back_one_second_after_the_last_foreign_one(void **state)
{
	struct fixture f;
	uint64_t last_ns;

	(void)state;
	begin_shown(&f, 50);
	show(&f, 0, FRAMES_MANUAL, 6, 0);
	fake_run_ms(500);
	for (int i = 0; i < 3; i++) {
		fake_output_foreign(&f.out);
		last_ns = fake.now_ns;
		fake_run_ms(700);
	}
	assert_int_equal(f.out.frames, 1);
	fake_run_ms(5000);
	assert_int_equal(f.out.frames, 2);
	assert_int_equal(f.out.taken_ns, last_ns + FRAMES_REPAINT_NS);
	assert_int_equal(fake_run_ms(100000), 0);
	end(&f);
}

static void after_a_foreign_frame_even_an_equal_one_is_sent(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	show(&f, 0, FRAMES_MANUAL, 6, 0);
	fake_run_ms(50);
	fake_output_foreign(&f.out);
	show(&f, 0, FRAMES_MANUAL, 6, 0);
	fake_run_ms(50);
	assert_int_equal(f.out.frames, 2);
	end(&f);
}

static void our_frame_comes_back_even_if_one_of_ours_was_shown_in_between(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	fake_output_foreign(&f.out);
	fake_run_ms(300);
	show(&f, 0, FRAMES_MANUAL, 6, 0);
	fake_run_ms(699);
	assert_int_equal(f.out.frames, 1);
	/* the foreign one may have been the last of the two all the same */
	fake_run_ms(1);
	assert_int_equal(f.out.frames, 2);
	assert_int_equal(fake_run_ms(100000), 0);
	end(&f);
}

static void an_output_that_comes_back_is_painted_black_as_well(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	output_went(&f.out.output, -ENODEV);
	fake_run_ms(50);
	output_came(&f.out.output);
	fake_run_ms(50);
	assert_int_equal(f.out.frames, 1);
	end(&f);
}

static void the_time_until_another_writer_is_painted_over_can_be_chosen(void **state)
{
	struct frames_config config = { .loop = &fake.loop,
					.fps = 50,
					.repaint_ns = 300 * FAKE_MS };
	struct fake_output out;
	struct frames *frames;

	(void)state;
	fake_reset();
	fake_output_init(&out, 2, 3);
	assert_int_equal(frames_create(&frames, &config), 0);
	assert_int_equal(frames_add_output(frames, &out.output), 0);
	assert_int_equal(frames_start(frames), 0);
	fake_run_ms(100);
	assert_int_equal(out.frames, 1);
	fake_output_foreign(&out);
	fake_run_ms(299);
	assert_int_equal(out.frames, 1);
	fake_run_ms(1);
	assert_int_equal(out.frames, 2);
	frames_destroy(frames);
}

struct told {
	unsigned int index, calls;
	enum output_news news;
	int error;
};

static void on_news(unsigned int output, enum output_news news, int error, void *data)
{
	struct told *told = data;

	*told = (struct told){ output, told->calls + 1, news, error };
}

static void news_of_an_output_come_with_its_number(void **state)
{
	struct told told = { .index = 99 };
	const struct frames_config config = {
		.loop = &fake.loop, .fps = 50, .on_news = on_news, .data = &told
	};
	struct fake_output out[2];
	struct frames *frames;

	(void)state;
	fake_reset();
	assert_int_equal(frames_create(&frames, &config), 0);
	for (int i = 0; i < 2; i++) {
		fake_output_init(&out[i], 8, 3);
		assert_int_equal(frames_add_output(frames, &out[i].output), i);
	}
	assert_int_equal(frames_start(frames), 0);
	out[1].output.callbacks.on_news(&out[1].output, OUTPUT_FRAME_FAILED, -EIO,
					out[1].output.callbacks.data);
	assert_int_equal(told.calls, 1);
	assert_int_equal(told.index, 1);
	assert_int_equal(told.news, OUTPUT_FRAME_FAILED);
	assert_int_equal(told.error, -EIO);
	assert_null(frames_destroy(frames));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_busy_output_is_not_asked_again_until_it_is_ready),
		cmocka_unit_test(an_output_that_is_ready_for_nothing_is_not_given_anything),
		cmocka_unit_test(an_output_that_comes_later_gets_the_whole_frame_at_once),
		cmocka_unit_test(an_output_that_was_lost_is_told_and_repainted_when_it_is_back),
		cmocka_unit_test(an_output_lost_while_busy_begins_anew),
		cmocka_unit_test(our_frame_comes_back_one_second_after_the_last_foreign_one),
		cmocka_unit_test(after_a_foreign_frame_even_an_equal_one_is_sent),
		cmocka_unit_test(our_frame_comes_back_even_if_one_of_ours_was_shown_in_between),
		cmocka_unit_test(an_output_that_comes_back_is_painted_black_as_well),
		cmocka_unit_test(the_time_until_another_writer_is_painted_over_can_be_chosen),
		cmocka_unit_test(news_of_an_output_come_with_its_number),
	};

	return cmocka_run_group_tests_name("frames", tests, NULL, NULL);
}
