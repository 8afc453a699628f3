// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frames/frames.h: zones on an output, which covers which, and those that do not fit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fixture.h"

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

static void a_zone_that_is_moved_shows_at_its_new_place_and_leaves_the_old_one(void **state)
{
	const struct frames_zone_config moved = { STRIP(4, 4), .layer = 1 };
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	show(&f, 0, FRAMES_MANUAL, 5, 0);
	show(&f, 1, FRAMES_MANUAL, 6, 0);
	fake_run_ms(50);
	assert_shown(&f, 5, 6);
	/* over the other one, which is uncovered again when it goes back */
	assert_int_equal(frames_place_zone(f.frames, 0, &moved), 0);
	fake_run_ms(50);
	assert_shown(&f, 0, 5);
	assert_int_equal(
		frames_place_zone(f.frames, 0, &(struct frames_zone_config){ STRIP(0, 4) }), 0);
	fake_run_ms(50);
	assert_shown(&f, 5, 6);
	/* and then nothing wakes up */
	assert_int_equal(fake_run_ms(5000), 0);
	end(&f);
}

static void a_zone_can_be_moved_where_it_is_turned_and_where_it_does_not_fit(void **state)
{
	const struct frames_zone_config turned = { STRIP(2, 4), .reversed = true };
	struct pixel *pixels;
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	pixels = frames_begin(f.frames, 0, FRAMES_MANUAL);
	for (uint8_t i = 0; i < 4; i++)
		pixels[i] = (struct pixel){ (uint8_t)(i + 1), 0, 0, 0 };
	frames_commit(f.frames, 0, FRAMES_MANUAL, "test", 0);
	fake_run_ms(50);
	assert_int_equal(frames_place_zone(f.frames, 0, &turned), 0);
	fake_run_ms(50);
	for (uint8_t i = 0; i < 4; i++)
		assert_int_equal(f.out.frame[3 * (2 + i)], 4 - i);
	assert_int_equal(
		frames_place_zone(f.frames, 0, &(struct frames_zone_config){ STRIP(6, 4) }), 0);
	assert_false(frames_zone_fits(f.frames, 0));
	fake_run_ms(50);
	assert_shown(&f, 0, 0);
	end(&f);
}

static void a_zone_keeps_its_number_of_pixels_when_it_is_moved(void **state)
{
	struct fixture f;

	(void)state;
	begin_shown(&f, 50);
	show(&f, 0, FRAMES_MANUAL, 5, 0);
	fake_run_ms(50);
	assert_int_equal(frames_place_zone(f.frames, 0,
					   &(struct frames_zone_config){ STRIP(0, 3) }),
			 -EINVAL);
	assert_int_equal(frames_place_zone(f.frames, 2,
					   &(struct frames_zone_config){ STRIP(0, 4) }),
			 -EINVAL);
	assert_int_equal(fake_run_ms(5000), 0);
	assert_shown(&f, 5, 0);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_zone_that_is_moved_shows_at_its_new_place_and_leaves_the_old_one),
		cmocka_unit_test(a_zone_can_be_moved_where_it_is_turned_and_where_it_does_not_fit),
		cmocka_unit_test(a_zone_keeps_its_number_of_pixels_when_it_is_moved),
		cmocka_unit_test(later_zones_cover_earlier_ones),
		cmocka_unit_test(a_zone_that_does_not_fit_stays_dark_and_the_others_show),
		cmocka_unit_test(what_is_shown_can_be_asked_for_before_mapping),
		cmocka_unit_test(a_zone_without_a_picture_covers_nothing),
		cmocka_unit_test(a_higher_layer_covers_a_lower_one_whatever_the_order_of_adding),
		cmocka_unit_test(a_matrix_or_a_part_that_cannot_be_is_refused),
	};

	return cmocka_run_group_tests_name("frames", tests, NULL, NULL);
}
