// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * input/typed.h. What terminals send is written here by hand from console_codes(4) and xterm's
 * ctlseqs ("PC-Style Function Keys"); what is on which key is a US keyboard's.
 */
#include <linux/input-event-codes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/event.h"
#include "input/typed.h"

static struct typed keys[TYPED_MAX];

static size_t type(const char *text)
{
	return typed_keys(text, strlen(text), keys);
}

static void expect(size_t index, uint32_t code, uint32_t modifiers)
{
	assert_int_equal(keys[index].code, code);
	assert_int_equal(keys[index].modifiers, modifiers);
}

static void letters_are_their_keys_and_capitals_with_shift(void **state)
{
	(void)state;
	assert_int_equal(type("zXq"), 3);
	expect(0, KEY_Z, 0);
	expect(1, KEY_X, EVENT_SHIFT);
	expect(2, KEY_Q, 0);
}

static void digits_signs_and_blanks_are_keys(void **state)
{
	(void)state;
	assert_int_equal(type("1! \n\t\x7f/?"), 8);
	expect(0, KEY_1, 0);
	expect(1, KEY_1, EVENT_SHIFT);
	expect(2, KEY_SPACE, 0);
	expect(3, KEY_ENTER, 0);
	expect(4, KEY_TAB, 0);
	expect(5, KEY_BACKSPACE, 0);
	expect(6, KEY_SLASH, 0);
	expect(7, KEY_SLASH, EVENT_SHIFT);
}

static void control_characters_are_letters_with_ctrl(void **state)
{
	(void)state;
	/* ^A is 1, ^X is 24 */
	assert_int_equal(type("\x01\x18"), 2);
	expect(0, KEY_A, EVENT_CTRL);
	expect(1, KEY_X, EVENT_CTRL);
}

static void escape_before_a_character_is_alt(void **state)
{
	(void)state;
	assert_int_equal(type("\x1bz\x1bZ"), 2);
	expect(0, KEY_Z, EVENT_ALT);
	expect(1, KEY_Z, EVENT_ALT | EVENT_SHIFT);
}

static void escape_alone_is_escape(void **state)
{
	(void)state;
	assert_int_equal(type("\x1b"), 1);
	expect(0, KEY_ESC, 0);
	assert_int_equal(type("\x1b\x1b"), 2);
	expect(1, KEY_ESC, 0);
}

static void arrows_and_function_keys_come_as_sequences(void **state)
{
	(void)state;
	assert_int_equal(type("\x1b[A\x1bOB\x1b[5~\x1b[24~\x1bOP\x1b[[E"
			      "a"),
			 7);
	expect(0, KEY_UP, 0);
	expect(1, KEY_DOWN, 0);
	expect(2, KEY_PAGEUP, 0);
	expect(3, KEY_F12, 0);
	expect(4, KEY_F1, 0);
	expect(5, KEY_F5, 0);
	expect(6, KEY_A, 0);
}

static void what_is_no_key_is_left_out(void **state)
{
	(void)state;
	/* an unknown sequence, UTF-8 of a letter that is on no such key, a zero byte, one cut off */
	assert_int_equal(type("\x1b[99x\xc3\xa4z"), 1);
	expect(0, KEY_Z, 0);
	assert_int_equal(typed_keys("\0z", 2, keys), 1);
	assert_int_equal(type("z\x1b[12"), 1);
	assert_int_equal(typed_keys("", 0, keys), 0);
}

static void any_bytes_give_keys_within_bounds(void **state)
{
	char bytes[TYPED_MAX * 2];
	unsigned int seed;
	size_t i, n;

	(void)state;
	for (seed = 1; seed <= 2000; seed++) {
		char *exact;

		srandom(seed);
		n = (size_t)random() % sizeof(bytes);
		for (i = 0; i < n; i++)
			bytes[i] = (char)(random() % 3 ? "\x1b[O;~A1"[random() % 7] : random());
		/* of exactly this size, so that a look beyond its end is seen */
		exact = malloc(n + !n);
		memcpy(exact, bytes, n);
		assert_in_range(typed_keys(exact, n, keys), 0, n < TYPED_MAX ? n : TYPED_MAX);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_are_their_keys_and_capitals_with_shift),
		cmocka_unit_test(digits_signs_and_blanks_are_keys),
		cmocka_unit_test(control_characters_are_letters_with_ctrl),
		cmocka_unit_test(escape_before_a_character_is_alt),
		cmocka_unit_test(escape_alone_is_escape),
		cmocka_unit_test(arrows_and_function_keys_come_as_sequences),
		cmocka_unit_test(what_is_no_key_is_left_out),
		cmocka_unit_test(any_bytes_give_keys_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
