// SPDX-License-Identifier: GPL-2.0-or-later
/* base/str.h. Well-formed UTF-8: Unicode 15.0, table 3-7; the samples are written out from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

static void what_fits_is_copied_whole(void **state)
{
	char text[6];

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_true(str_copy(text, sizeof(text), "abcde"));
	assert_string_equal(text, "abcde");
	assert_true(str_copy(text, sizeof(text), ""));
	assert_string_equal(text, "");
	assert_true(str_copy(text, 1, ""));
	assert_string_equal(text, "");
}

static void what_does_not_fit_is_cut_and_closed(void **state)
{
	char text[6] = "......";

	(void)state;
	assert_false(str_copy(text, 4, "abcdef"));
	assert_string_equal(text, "abc");
	assert_int_equal(text[4], '.');
	assert_false(str_copy(text, 1, "a"));
	assert_string_equal(text, "");
}

static void a_cut_never_leaves_half_a_character(void **state)
{
	char text[8];

	(void)state;
	/* "aé€😀": 1 + 2 + 3 + 4 bytes; a cut inside a character goes back to its start */
	static const struct {
		size_t room;
		const char *expected;
	} cases[] = {
		{ 2, "a" },
		{ 3, "a" },
		{ 4, "a\u00e9" },
		{ 5, "a\u00e9" },
		{ 6, "a\u00e9" },
		{ 7, "a\u00e9\u20ac" },
		{ 8, "a\u00e9\u20ac" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_false(str_copy(text, cases[i].room, "a\u00e9\u20ac\U0001f600"));
		assert_string_equal(text, cases[i].expected);
	}
}

static void check_clean(const char *in, const char *expected)
{
	char text[64];

	assert_true(str_copy(text, sizeof(text), in));
	str_clean(text);
	assert_string_equal(text, expected);
}

static void plain_text_stays(void **state)
{
	(void)state;
	check_clean("", "");
	check_clean("zone 1: 50 % ~", "zone 1: 50 % ~");
	/* the first and last of each length: U+00A0, U+07FF, U+0800, U+D7FF, U+E000, U+FFFD,
	 * U+10000, U+10FFFF */
	check_clean("\xc2\xa0\xdf\xbf", "\xc2\xa0\xdf\xbf");
	check_clean("\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbd",
		    "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbd");
	check_clean("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
}

static void control_characters_become_question_marks(void **state)
{
	(void)state;
	check_clean("a\nb\tc\x1b[31m", "a?b?c?[31m");
	check_clean("\x01\x1f\x7f", "???");
	/* U+0080, U+009B (a terminal's CSI in one byte) and U+009F */
	check_clean("\xc2\x80\xc2\x9b\xc2\x9f", "??????");
}

static void what_turns_the_direction_of_writing_becomes_question_marks(void **state)
{
	(void)state;
	/* U+202E, right-to-left override, as in the trick with "exe.txt" */
	check_clean("txt\xe2\x80\xae"
		    "exe",
		    "txt???exe");
	/* U+061C, U+200E, U+200F, U+2028, U+202A, U+2066, U+2069 */
	check_clean(
		"\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xa8\xe2\x80\xaa\xe2\x81\xa6\xe2\x81\xa9",
		"????????????????????");
	/* their neighbours, and scripts that go from right to left: U+061B, U+200D, U+2010, U+2027,
	 * U+202F, U+2065, U+206A, U+05D0, U+0627 */
	check_clean(
		"\xd8\x9b\xe2\x80\x8d\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa"
		"\xd7\x90\xd8\xa7",
		"\xd8\x9b\xe2\x80\x8d\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa"
		"\xd7\x90\xd8\xa7");
}

static void bytes_that_are_not_utf8_become_question_marks(void **state)
{
	(void)state;
	check_clean("a\x80z", "a?z");		 /* continuation alone */
	check_clean("\xc3", "?");		 /* cut off */
	check_clean("\xe2\x82", "??");		 /* cut off */
	check_clean("\xe2\x82z", "??z");	 /* third byte missing */
	check_clean("\xc0\xaf", "??");		 /* long form of '/' */
	check_clean("\xe0\x9f\xbf", "???");	 /* long form of U+07FF */
	check_clean("\xed\xa0\x80", "???");	 /* surrogate U+D800 */
	check_clean("\xf0\x8f\xbf\xbf", "????"); /* long form of U+FFFF */
	check_clean("\xf4\x90\x80\x80", "????"); /* U+110000 */
	check_clean("\xff\xfe", "??");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_is_copied_whole),
		cmocka_unit_test(what_does_not_fit_is_cut_and_closed),
		cmocka_unit_test(a_cut_never_leaves_half_a_character),
		cmocka_unit_test(plain_text_stays),
		cmocka_unit_test(control_characters_become_question_marks),
		cmocka_unit_test(what_turns_the_direction_of_writing_becomes_question_marks),
		cmocka_unit_test(bytes_that_are_not_utf8_become_question_marks),
	};

	return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
