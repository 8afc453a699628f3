// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frames/frames.h, on a loop whose time the test moves: instants and counts are
 * worked out from the rate. At 50 fps a period is 20 ms.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fake_loop.h"

#include "fake_output.h"
#include "frames/frames.h"

#define PERIOD_MS 20

#define STRIP(first_, count_) .part_count = 1, .part = { { .first = (first_), .count = (count_) } }

struct fixture {
	struct frames *frames;
	struct fake_output out;
	unsigned int told_present, told_lost;
	int told_error;

	/* the producer */
	bool moves;
	unsigned int calls;
	uint64_t instant_ns;
	void (*produce)(struct fixture *f);
	uint8_t value;
};

static bool produce(uint64_t now_ns, void *data)
{
	struct fixture *f = data;

	f->calls++;
	f->instant_ns = now_ns;
	if (f->produce)
		f->produce(f);
	return f->moves;
}

static void on_output(unsigned int output, bool present, int error, void *data)
{
	struct fixture *f = data;

	assert_int_equal(output, 0);
	if (present)
		f->told_present++;
	else
		f->told_lost++;
	f->told_error = error;
}

/* 8 pixels RGB; zone 0: pixels 0 to 3, zone 1: pixels 4 to 7 */
static void begin(struct fixture *f, unsigned int fps)
{
	struct frames_config config = { &fake.loop, fps, on_output, f, 0 };
	static const struct frames_zone_config zones[] = {
		{ STRIP(0, 4) },
		{ STRIP(4, 4), .reversed = true },
	};

	memset(f, 0, sizeof(*f));
	fake_reset();
	fake_output_init(&f->out, 8, 3);
	assert_int_equal(frames_create(&f->frames, &config), 0);
	assert_int_equal(frames_add_output(f->frames, &f->out.output), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(frames_add_zone(f->frames, &zones[i]), i);
	assert_int_equal(frames_add_producer(f->frames, produce, f), 0);
}

/* Started, and the first frame, all black, is out. */
static void begin_shown(struct fixture *f, unsigned int fps)
{
	begin(f, fps);
	assert_int_equal(frames_start(f->frames), 0);
	fake_run_ms(1000);
	assert_int_equal(f->out.frames, 1);
	assert_int_equal(fake_deadline(), 0);
	f->out.frames = f->out.asked = f->calls = fake.wakeups = 0;
}

static void end(struct fixture *f)
{
	assert_null(frames_destroy(f->frames));
	assert_int_equal(fake_deadline(), 0);
}

static void fill(struct frames *frames, unsigned int zone, enum frames_priority priority,
		 uint8_t value, unsigned int count)
{
	struct pixel *pixels = frames_begin(frames, zone, priority);

	for (unsigned int i = 0; i < count; i++)
		pixels[i] = (struct pixel){ value, value, value, 0 };
}

static void show(struct fixture *f, unsigned int zone, enum frames_priority priority, uint8_t value,
		 uint64_t ttl_ns)
{
	fill(f->frames, zone, priority, value, 4);
	frames_commit(f->frames, zone, priority, "test", ttl_ns);
}

/* the red of the first pixel of each half */
static void assert_shown(struct fixture *f, int left, int right)
{
	assert_int_equal(f->out.frame[0], left);
	assert_int_equal(f->out.frame[23], right);
}

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

static void later_zones_cover_earlier_ones(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, 50);
	assert_int_equal(frames_add_zone(f.frames, &(struct frames_zone_config){ STRIP(3, 2) }), 2);
	assert_int_equal(frames_start(f.frames), 0);
	fill(f.frames, 2, FRAMES_MANUAL, 99, 2);
	frames_commit(f.frames, 2, FRAMES_MANUAL, "test", 0);
	show(&f, 0, FRAMES_MANUAL, 1, 0);
	show(&f, 1, FRAMES_MANUAL, 2, 0);
	fake_run_ms(50);
	show(&f, 0, FRAMES_MANUAL, 5, 0);
	fake_run_ms(50);
	assert_int_equal(f.out.frame[2 * 3], 5);
	assert_int_equal(f.out.frame[3 * 3], 99);
	assert_int_equal(f.out.frame[4 * 3], 99);
	assert_int_equal(f.out.frame[5 * 3], 2);
	end(&f);
}

static void a_zone_that_does_not_fit_stays_dark_and_the_others_show(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, 50);
	assert_int_equal(frames_add_zone(f.frames, &(struct frames_zone_config){ STRIP(6, 3) }), 2);
	assert_false(frames_zone_fits(f.frames, 0));
	assert_int_equal(frames_start(f.frames), 0);
	assert_true(frames_zone_fits(f.frames, 0));
	assert_false(frames_zone_fits(f.frames, 2));
	fill(f.frames, 2, FRAMES_MANUAL, 99, 3);
	frames_commit(f.frames, 2, FRAMES_MANUAL, "test", 0);
	show(&f, 0, FRAMES_MANUAL, 4, 0);
	fake_run_ms(50);
	assert_shown(&f, 4, 0);
	assert_int_equal(f.out.frame[7 * 3], 0);
	end(&f);
}

static void what_is_shown_can_be_asked_for_before_mapping(void **state)
{
	struct pixel shown[4];
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	for (uint8_t i = 0; i < 4; i++)
		frames_begin(f.frames, 1, FRAMES_MANUAL)[i] = (struct pixel){ i, 0, 0, 7 };
	frames_commit(f.frames, 1, FRAMES_MANUAL, "test", 0);
	frames_shown(f.frames, 1, shown);
	assert_int_equal(shown[3].r, 0);
	fake_run_ms(50);
	frames_shown(f.frames, 1, shown);
	for (uint8_t i = 0; i < 4; i++) {
		assert_int_equal(shown[i].r, i);
		assert_int_equal(shown[i].w, 7);
		/* the zone is reversed */
		assert_int_equal(f.out.frame[(7 - i) * 3], i);
	}
	frames_clear(f.frames, 1, FRAMES_MANUAL);
	fake_run_ms(50);
	frames_shown(f.frames, 1, shown);
	assert_int_equal(shown[3].w, 0);
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

static void a_zone_without_a_picture_covers_nothing(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, 50);
	assert_int_equal(frames_add_zone(f.frames, &(struct frames_zone_config){ STRIP(3, 2) }), 2);
	assert_int_equal(frames_start(f.frames), 0);
	show(&f, 0, FRAMES_MANUAL, 1, 0);
	show(&f, 1, FRAMES_MANUAL, 2, 0);
	fill(f.frames, 2, FRAMES_PULSE, 99, 2);
	frames_commit(f.frames, 2, FRAMES_PULSE, "test", 0);
	fake_run_ms(50);
	assert_int_equal(f.out.frame[3 * 3], 99);
	frames_clear(f.frames, 2, FRAMES_PULSE);
	fake_run_ms(50);
	assert_int_equal(f.out.frame[3 * 3], 1);
	assert_int_equal(f.out.frame[4 * 3], 2);
	/* and where nothing else is it is black again */
	frames_clear(f.frames, 0, FRAMES_MANUAL);
	fake_run_ms(50);
	assert_int_equal(f.out.frame[3 * 3], 0);
	end(&f);
}

static void a_higher_layer_covers_a_lower_one_whatever_the_order_of_adding(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, 50);
	/* over all, then between, then below: pixel 0 has all three, 1 the last two, 7 the last */
	assert_int_equal(frames_add_zone(f.frames,
					 &(struct frames_zone_config){ STRIP(0, 1), .layer = 9 }),
			 2);
	assert_int_equal(frames_add_zone(f.frames,
					 &(struct frames_zone_config){ STRIP(0, 2), .layer = 3 }),
			 3);
	assert_int_equal(frames_add_zone(f.frames,
					 &(struct frames_zone_config){ STRIP(0, 8), .layer = 1 }),
			 4);
	assert_int_equal(frames_start(f.frames), 0);
	for (unsigned int i = 2; i < 5; i++) {
		fill(f.frames, i, FRAMES_MANUAL, (uint8_t)(i * 10),
		     frames_zone_pixels(f.frames, i));
		frames_commit(f.frames, i, FRAMES_MANUAL, "test", 0);
	}
	show(&f, 0, FRAMES_MANUAL, 1, 0);
	fake_run_ms(50);
	assert_int_equal(f.out.frame[0], 20);
	assert_int_equal(f.out.frame[1 * 3], 30);
	assert_int_equal(f.out.frame[2 * 3], 40);
	assert_int_equal(f.out.frame[7 * 3], 40);
	end(&f);
}

static void a_matrix_or_a_part_that_cannot_be_is_refused(void **state)
{
	struct frames_zone_config zone = { STRIP(0, 6), .width = 3, .height = 2 };
	struct fixture f;

	(void)state;
	begin(&f, 50);
	assert_int_equal(frames_add_zone(f.frames, &zone), 2);
	zone.height = 3;
	assert_int_equal(frames_add_zone(f.frames, &zone), -EINVAL);
	zone.height = 0;
	assert_int_equal(frames_add_zone(f.frames, &zone), -EINVAL);
	zone.width = 0;
	zone.part[0].output = 1;
	assert_int_equal(frames_add_zone(f.frames, &zone), -EINVAL);
	zone.part[0].output = 0;
	zone.part_count = FRAMES_MAX_PARTS + 1;
	assert_int_equal(frames_add_zone(f.frames, &zone), -EINVAL);
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

/* ---- several outputs and a renderer ---- */

struct pair {
	struct frames *frames;
	struct fake_output out[2];
	unsigned int rendered[3];
	uint64_t cost_ns; /* of rendering a zone */
	unsigned int between;
	bool moves;
	bool due;
};

static struct pair *pair_now;

static bool render(unsigned int zone, uint64_t now_ns, void *data)
{
	struct pair *p = data;

	(void)now_ns;
	p->rendered[zone]++;
	fill(p->frames, zone, FRAMES_ANIMATION, (uint8_t)p->rendered[zone],
	     frames_zone_pixels(p->frames, zone));
	frames_commit(p->frames, zone, FRAMES_ANIMATION, "test", 0);
	fake.now_ns += p->cost_ns;
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
	struct frames_config config = { &fake.loop, 50, tell_pair, p, 0 };
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
	frames_set_renderer(p->frames, &(struct frames_renderer){ render, due, p });
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

static void the_time_until_another_writer_is_painted_over_can_be_chosen(void **state)
{
	struct frames_config config = { &fake.loop, 50, NULL, NULL, 300 * FAKE_MS };
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

int main(void)
{
	static const struct CMUnitTest tests[] = {
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
		cmocka_unit_test(a_busy_output_is_not_asked_again_until_it_is_ready),
		cmocka_unit_test(an_output_that_is_ready_for_nothing_is_not_given_anything),
		cmocka_unit_test(later_zones_cover_earlier_ones),
		cmocka_unit_test(a_zone_that_does_not_fit_stays_dark_and_the_others_show),
		cmocka_unit_test(what_is_shown_can_be_asked_for_before_mapping),
		cmocka_unit_test(an_output_that_comes_later_gets_the_whole_frame_at_once),
		cmocka_unit_test(an_output_that_was_lost_is_told_and_repainted_when_it_is_back),
		cmocka_unit_test(an_output_lost_while_busy_begins_anew),
		cmocka_unit_test(our_frame_comes_back_one_second_after_the_last_foreign_one),
		cmocka_unit_test(after_a_foreign_frame_even_an_equal_one_is_sent),
		cmocka_unit_test(our_frame_comes_back_even_if_one_of_ours_was_shown_in_between),
		cmocka_unit_test(an_output_that_comes_back_is_painted_black_as_well),
		cmocka_unit_test(it_is_alive_unless_a_frame_is_due_for_more_than_two_seconds),
		cmocka_unit_test(the_rate_can_be_changed_while_frames_run),
		cmocka_unit_test(it_can_be_stopped_from_a_producer),
		cmocka_unit_test(a_kick_from_a_producer_makes_one_more_frame),
		cmocka_unit_test(a_zone_without_a_picture_covers_nothing),
		cmocka_unit_test(a_higher_layer_covers_a_lower_one_whatever_the_order_of_adding),
		cmocka_unit_test(a_matrix_or_a_part_that_cannot_be_is_refused),
		cmocka_unit_test(in_a_pause_nothing_moves_and_nothing_wakes_up),
		cmocka_unit_test(a_step_is_one_frame_one_period_later),
		cmocka_unit_test(time_to_live_stands_still_in_a_pause),
		cmocka_unit_test(an_output_that_comes_in_a_pause_shows_what_stands_still),
		cmocka_unit_test(a_slow_output_does_not_hold_up_another),
		cmocka_unit_test(
			while_all_outputs_are_busy_nothing_is_rendered_and_nothing_wakes_up),
		cmocka_unit_test(what_became_due_while_its_output_was_busy_is_rendered_afterwards),
		cmocka_unit_test(nothing_is_rendered_for_outputs_that_are_not_there),
		cmocka_unit_test(a_frame_that_takes_long_is_made_in_slices),
		cmocka_unit_test(what_is_given_between_slices_is_in_the_next_frame),
		cmocka_unit_test(an_output_that_returns_between_slices_gets_a_whole_frame),
		cmocka_unit_test(the_time_until_another_writer_is_painted_over_can_be_chosen),
	};

	return cmocka_run_group_tests_name("frames", tests, NULL, NULL);
}
