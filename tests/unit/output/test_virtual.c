// SPDX-License-Identifier: GPL-2.0-or-later
/* output/virtual.h and what is common to outputs: layouts are worked out by hand. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/loop.h"
#include "output/virtual.h"

static struct loop *loop;
static unsigned int presents;

static void on_present(struct output *output, void *data)
{
	assert_true(output->present);
	assert_ptr_equal(data, &presents);
	presents++;
}

static const struct output_callbacks callbacks = { .on_present = on_present, .data = &presents };

static struct output_geometry strips(uint32_t first, uint32_t second)
{
	return (struct output_geometry){
		.channels = second ? 2 : 1,
		.channel = { { .pixels = first, .components = 3 },
			     { .pixels = second, .components = 4 } },
	};
}

static struct output *create(struct output_geometry geometry, int preview_fd)
{
	struct virtual_config config = { .name = "test",
					 .geometry = geometry,
					 .preview_fd = preview_fd };
	struct output *output;

	presents = 0;
	assert_int_equal(virtual_create(&output, loop, &config), 0);
	assert_int_equal(output_start(output, &callbacks), 0);
	assert_int_equal(presents, 1);
	return output;
}

static void a_layout_puts_the_channels_one_after_the_other(void **state)
{
	struct output_geometry geometry = strips(51, 68);

	(void)state;
	assert_int_equal(output_layout(&geometry), 0);
	assert_int_equal(geometry.channel[0].offset, 0);
	assert_int_equal(geometry.channel[1].offset, 51 * 3);
	assert_int_equal(geometry.frame_bytes, 51 * 3 + 68 * 4);
}

static void a_layout_beyond_a_limit_is_refused(void **state)
{
	struct output_geometry geometry = strips(OUTPUT_MAX_PIXELS, 0);

	(void)state;
	assert_int_equal(output_layout(&geometry), 0);
	geometry.channel[0].pixels++;
	assert_int_equal(output_layout(&geometry), -EINVAL);
	geometry = strips(OUTPUT_MAX_PIXELS, 1);
	assert_int_equal(output_layout(&geometry), -EINVAL);
	geometry = strips(UINT32_MAX, UINT32_MAX);
	assert_int_equal(output_layout(&geometry), -EINVAL);
	geometry = strips(0, 0);
	assert_int_equal(output_layout(&geometry), -EINVAL);
	geometry = strips(5, 0);
	geometry.channel[0].components = 2;
	assert_int_equal(output_layout(&geometry), -EINVAL);
	geometry = strips(5, 0);
	geometry.channels = 0;
	assert_int_equal(output_layout(&geometry), -EINVAL);
	geometry.channels = OUTPUT_MAX_CHANNELS + 1;
	assert_int_equal(output_layout(&geometry), -EINVAL);
}

static void a_bad_configuration_leaves_the_result_alone(void **state)
{
	struct virtual_config config = { .name = "test",
					 .geometry = strips(0, 0),
					 .preview_fd = -1 };
	struct output *output = NULL;

	(void)state;
	assert_int_equal(virtual_create(&output, NULL, &config), -EINVAL);
	assert_null(output);
}

static void every_frame_is_taken_and_shown_at_once(void **state)
{
	struct output *output = create(strips(2, 0), -1);
	const uint8_t frames[2][6] = { { 1, 2, 3, 4, 5, 6 }, { 9, 8, 7, 6, 5, 4 } };

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(output_submit(output, frames[i], 6), 0);
		assert_memory_equal(virtual_frame(output), frames[i], 6);
	}
	assert_int_equal(output->stats.submitted, 2);
	assert_int_equal(output->stats.completed, 2);
	assert_int_equal(output->stats.busy, 0);
	output_destroy(output);
}

static void a_frame_of_another_size_is_refused_and_nothing_changes(void **state)
{
	struct output *output = create(strips(2, 0), -1);
	const uint8_t frame[7] = { 1, 2, 3, 4, 5, 6, 7 };

	(void)state;
	assert_int_equal(output_submit(output, frame, 5), -EINVAL);
	assert_int_equal(output_submit(output, frame, 7), -EINVAL);
	assert_int_equal(virtual_frame(output)[0], 0);
	assert_int_equal(output->stats.submitted, 0);
	output_destroy(output);
}

static void what_was_stopped_takes_nothing(void **state)
{
	struct output *output = create(strips(1, 0), -1);

	(void)state;
	output_stop(output);
	assert_false(output->present);
	assert_int_equal(output_submit(output, (const uint8_t[]){ 1, 2, 3 }, 3), -ENODEV);
	output_destroy(output);
	assert_null(output_destroy(NULL));
}

static void a_viewer_gets_raw_frames_one_after_the_other(void **state)
{
	const uint8_t first[] = { 1, 2, 3 }, second[] = { 4, 5, 6 };
	uint8_t seen[16];
	struct output *output;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	output = create(strips(1, 0), fds[1]);
	output_submit(output, first, 3);
	output_submit(output, second, 3);
	assert_int_equal(read(fds[0], seen, sizeof(seen)), 6);
	assert_memory_equal(seen, first, 3);
	assert_memory_equal(seen + 3, second, 3);
	output_stop(output);
	assert_int_equal(read(fds[0], seen, sizeof(seen)), 0);
	output_destroy(output);
	close(fds[0]);
}

/* Frames of @pixels, numbered in every byte, to a viewer that reads odd pieces now and then. */
static void check_slow_viewer(uint32_t pixels)
{
	size_t bytes = pixels * 3UL, have = 0;
	uint8_t *frame = malloc(bytes), *seen = malloc(bytes * 400);
	unsigned int whole = 0;
	struct output *output;
	int fds[2], last = -1;
	ssize_t n;

	assert_non_null(frame);
	assert_non_null(seen);
	assert_int_equal(pipe(fds), 0);
	output = create(strips(pixels, 0), fds[1]);
	for (int i = 0; i < 200; i++) {
		memset(frame, i, bytes);
		assert_int_equal(output_submit(output, frame, bytes), 0);
		if (i % 3 == 0) {
			n = read(fds[0], seen + have, bytes / 2 + (size_t)i % (bytes / 3 + 1) + 1);
			assert_true(n > 0);
			have += (size_t)n;
		}
	}
	output_stop(output);
	while ((n = read(fds[0], seen + have, bytes)) > 0)
		have += (size_t)n;

	/* whole frames only but for the end, in order, the first one among them */
	for (size_t at = 0; at + bytes <= have; at += bytes, whole++) {
		for (size_t i = 1; i < bytes; i++)
			assert_int_equal(seen[at + i], seen[at]);
		assert_true((int)seen[at] > last);
		last = seen[at];
	}
	assert_int_equal(seen[0], 0);
	assert_in_range(whole, 5, 199);
	assert_int_equal(output->stats.completed, 200);
	output_destroy(output);
	close(fds[0]);
	free(frame);
	free(seen);
}

static void a_slow_viewer_misses_whole_frames_and_stops_nothing(void **state)
{
	(void)state;
	/* within a page, not a divisor of it, several pages, more than a pipe holds at first */
	check_slow_viewer(1);
	check_slow_viewer(113);
	check_slow_viewer(1365);
	check_slow_viewer(1366);
	check_slow_viewer(5000);
	check_slow_viewer(30000);
}

static void a_viewer_that_stands_still_is_at_most_four_frames_behind(void **state)
{
	const uint8_t frame[30] = { 0 };
	uint8_t seen[4096];
	struct output *output;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	output = create(strips(10, 0), fds[1]);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(output_submit(output, frame, 30), 0);
	assert_int_equal(read(fds[0], seen, sizeof(seen)), VIRTUAL_PREVIEW_FRAMES * 30);
	output_destroy(output);
	close(fds[0]);
}

/* The pipe's reader, served by the loop once for each of our writes. */
struct viewer {
	int fd;
	size_t bytes, have;
	uint8_t *seen;
	unsigned int wakeups;
};

static int on_viewer(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct viewer *viewer = data;
	ssize_t n = read(fd, viewer->seen + viewer->have, viewer->bytes);

	(void)source;
	(void)revents;
	viewer->wakeups++;
	if (n > 0)
		viewer->have += (size_t)n;
	/* the newest frame is all of the value 199 */
	if (viewer->have >= viewer->bytes && viewer->have % viewer->bytes == 0 &&
	    viewer->seen[viewer->have - 1] == 199)
		loop_exit(loop, 0);
	return 0;
}

static void check_viewer_goes_on(uint32_t pixels)
{
	struct viewer viewer = { .bytes = pixels * 3UL };
	uint8_t *frame = malloc(viewer.bytes);
	struct loop_source_stats stats[8];
	struct loop_source *source;
	struct output *output;
	int fds[2];

	viewer.seen = malloc(viewer.bytes * 16);
	assert_non_null(frame);
	assert_non_null(viewer.seen);
	assert_int_equal(pipe(fds), 0);
	output = create(strips(pixels, 0), fds[1]);
	for (int i = 0; i < 200; i++) {
		memset(frame, i, viewer.bytes);
		assert_int_equal(output_submit(output, frame, viewer.bytes), 0);
	}
	viewer.fd = fds[0];
	assert_int_equal(loop_add_io(loop, &source, "viewer", LOOP_HOUSEKEEPING, fds[0], EPOLLIN,
				     on_viewer, &viewer),
			 0);
	assert_int_equal(loop_run(loop), 0);
	/* at most 4 old frames and the newest one, and nobody watches any more */
	assert_true(viewer.have <= (VIRTUAL_PREVIEW_FRAMES + 1) * viewer.bytes);
	assert_int_equal(loop_stats(loop, stats, 8), 2);
	assert_string_equal(stats[0].name, "preview");
	/* woken for a page read each time at most, not in vain */
	assert_true(stats[0].calls <= viewer.have / 4096 + 2);
	loop_source_remove(source);
	output_destroy(output);
	close(fds[0]);
	free(frame);
	free(viewer.seen);
}

static void a_viewer_that_goes_on_gets_the_newest_frame_though_none_is_submitted(void **state)
{
	(void)state;
	check_viewer_goes_on(1);
	check_viewer_goes_on(113);
	check_viewer_goes_on(1366);
	check_viewer_goes_on(30000);
}

static int on_turn(struct loop_source *source, void *data)
{
	unsigned int *left = data;

	if (--*left)
		return loop_defer(source);
	loop_exit(loop, 0);
	return 0;
}

static void a_viewer_that_keeps_up_costs_no_wake_up(void **state)
{
	const uint8_t frame[3] = { 1, 2, 3 };
	struct loop_source_stats stats;
	unsigned int left = 10;
	struct loop_source *turns;
	struct output *output;
	uint8_t seen[3];
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	output = create(strips(1, 0), fds[1]);
	for (int i = 0; i < 50; i++) {
		assert_int_equal(output_submit(output, frame, 3), 0);
		assert_int_equal(read(fds[0], seen, 3), 3);
	}
	/* turns enough for whatever else is ready */
	assert_int_equal(loop_add_defer(loop, &turns, "turns", LOOP_HOUSEKEEPING, on_turn, &left),
			 0);
	loop_defer(turns);
	assert_int_equal(loop_run(loop), 0);
	loop_source_remove(turns);
	assert_int_equal(loop_stats(loop, &stats, 1), 1);
	assert_int_equal(stats.calls, 0);
	output_destroy(output);
	close(fds[0]);
}

static void a_viewer_that_goes_ends_the_preview_only(void **state)
{
	const uint8_t frame[3] = { 1, 2, 3 };
	struct output *output;
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	output = create(strips(1, 0), fds[1]);
	close(fds[0]);
	for (int i = 0; i < 3; i++)
		assert_int_equal(output_submit(output, frame, 3), 0);
	assert_int_equal(fcntl(fds[1], F_GETFD), -1);
	assert_int_equal(output->stats.completed, 3);
	output_destroy(output);
}

static void a_preview_that_is_no_pipe_is_refused_and_stays_the_callers(void **state)
{
	struct virtual_config config = { .name = "test",
					 .geometry = strips(1, 0),
					 .preview_fd = -1 };
	struct output *output = NULL;

	(void)state;
	config.preview_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	assert_true(config.preview_fd >= 0);
	assert_int_equal(virtual_create(&output, NULL, &config), -EINVAL);
	assert_null(output);
	assert_int_equal(close(config.preview_fd), 0);
}

static int make_loop(void **state)
{
	(void)state;
	return loop_create(&loop, "test");
}

static int free_loop(void **state)
{
	(void)state;
	loop = loop_destroy(loop);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_layout_puts_the_channels_one_after_the_other),
		cmocka_unit_test(a_layout_beyond_a_limit_is_refused),
		cmocka_unit_test(a_bad_configuration_leaves_the_result_alone),
		cmocka_unit_test(every_frame_is_taken_and_shown_at_once),
		cmocka_unit_test(a_frame_of_another_size_is_refused_and_nothing_changes),
		cmocka_unit_test(what_was_stopped_takes_nothing),
		cmocka_unit_test(a_viewer_gets_raw_frames_one_after_the_other),
		cmocka_unit_test(a_slow_viewer_misses_whole_frames_and_stops_nothing),
		cmocka_unit_test(a_viewer_that_stands_still_is_at_most_four_frames_behind),
		cmocka_unit_test(
			a_viewer_that_goes_on_gets_the_newest_frame_though_none_is_submitted),
		cmocka_unit_test(a_viewer_that_keeps_up_costs_no_wake_up),
		cmocka_unit_test(a_viewer_that_goes_ends_the_preview_only),
		cmocka_unit_test(a_preview_that_is_no_pipe_is_refused_and_stays_the_callers),
	};

	return cmocka_run_group_tests_name("virtual", tests, make_loop, free_loop);
}
