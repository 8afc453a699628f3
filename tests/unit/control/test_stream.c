// SPDX-License-Identifier: GPL-2.0-or-later
/* control/stream.h: the bytes of a program as pictures; what is expected is what was put in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "control/stream.h"

#define PIXELS 2
#define BYTES 6

static struct stream stream;
static struct pixel picture[PIXELS];

static int begin(void **state, bool live)
{
	(void)state;
	memset(picture, 0, sizeof(picture));
	return stream_init(&stream, PIXELS, live);
}

static int begin_paced(void **state)
{
	return begin(state, false);
}

static int begin_live(void **state)
{
	return begin(state, true);
}

static int end(void **state)
{
	(void)state;
	stream_fini(&stream);
	stream_fini(&stream);
	return 0;
}

/* As many bytes as there is room for; returns what stream_added() says. */
static size_t put(const char *bytes, size_t length)
{
	assert_true(length <= stream_room(&stream));
	memcpy(stream_at(&stream), bytes, length);
	return stream_added(&stream, length, picture);
}

static void expect(const struct pixel *pixel, uint8_t r, uint8_t g, uint8_t b)
{
	assert_int_equal(pixel->r, r);
	assert_int_equal(pixel->g, g);
	assert_int_equal(pixel->b, b);
	assert_int_equal(pixel->w, 0);
}

static void three_bytes_are_a_pixel(void **state)
{
	(void)state;
	assert_int_equal(put("\1\2\3\4\5\6", BYTES), 1);
	expect(&picture[0], 1, 2, 3);
	expect(&picture[1], 4, 5, 6);
}

static void a_paced_stream_takes_one_picture_at_a_time(void **state)
{
	(void)state;
	assert_int_equal(stream_room(&stream), BYTES);
	assert_int_equal(put("\1\2", 2), 0);
	assert_int_equal(stream_room(&stream), BYTES - 2);
	assert_int_equal(stream_partial(&stream), 2);
	expect(&picture[0], 0, 0, 0);
	assert_int_equal(put("\3\4\5\6", 4), 1);
	expect(&picture[1], 4, 5, 6);
	assert_int_equal(stream_partial(&stream), 0);
	assert_int_equal(stream_room(&stream), BYTES);
}

static void of_a_live_stream_the_newest_picture_counts(void **state)
{
	(void)state;
	assert_true(stream_room(&stream) >= STREAM_LIVE_BYTES);
	assert_int_equal(put("\1\1\1\1\1\1\2\2\2\2\2\2\3\3\3", 15), 2);
	expect(&picture[0], 2, 2, 2);
	assert_int_equal(stream_partial(&stream), 3);
	/* behind half a picture there is still room for as much */
	assert_true(stream_room(&stream) >= STREAM_LIVE_BYTES);
	assert_int_equal(put("\3\3\4", 3), 1);
	expect(&picture[1], 3, 3, 4);
	assert_int_equal(stream_partial(&stream), 0);
}

static void bytes_may_come_one_by_one(void **state)
{
	char byte;
	int i;

	(void)state;
	for (i = 1; i <= 10 * BYTES; i++) {
		byte = (char)i;
		assert_int_equal(put(&byte, 1), i % BYTES == 0);
	}
	/* the last of ten pictures has the bytes 55 to 60 */
	expect(&picture[0], 55, 56, 57);
	expect(&picture[1], 58, 59, 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(three_bytes_are_a_pixel, begin_paced, end),
		cmocka_unit_test_setup_teardown(a_paced_stream_takes_one_picture_at_a_time,
						begin_paced, end),
		cmocka_unit_test_setup_teardown(of_a_live_stream_the_newest_picture_counts,
						begin_live, end),
		cmocka_unit_test_setup_teardown(bytes_may_come_one_by_one, begin_paced, end),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
