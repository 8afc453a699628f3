// SPDX-License-Identifier: GPL-2.0-or-later
/* base/nearest.h: slips are counted by hand beside each word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/nearest.h"

static const char *name_at(size_t index, const void *data)
{
	const char *const *names = data;

	return names[index];
}

static const char *find(const char *word)
{
	static const char *const names[] = { "brightness", "color", "render_mode", "on", NULL };

	return nearest_find(word, name_at, names);
}

static void one_slip_of_each_kind_is_forgiven(void **state)
{
	(void)state;
	assert_string_equal(find("colour"), "color"); /* one added */
	assert_string_equal(find("colr"), "color");   /* one left out */
	assert_string_equal(find("colar"), "color");  /* one changed */
	assert_string_equal(find("cloor"), "color");  /* two swapped */
	assert_string_equal(find("COLOR"), "color");  /* case is none */
}

static void longer_words_may_have_more_slips_but_not_more_than_a_third(void **state)
{
	(void)state;
	assert_string_equal(find("brigtnes"), "brightness");  /* 2 of 10 */
	assert_string_equal(find("brihgtnes"), "brightness"); /* 2: a swap, one left out */
	assert_string_equal(find("brgtnes"), "brightness");   /* 3 of 10 */
	assert_null(find("brgtne"));			      /* 4 of 10 */
	assert_null(find("clr"));			      /* 2 of 5 */
}

static void a_name_of_two_letters_has_to_be_right(void **state)
{
	(void)state;
	assert_null(find("an"));
	assert_null(find("o"));
	assert_string_equal(find("ON"), "on");
}

static void the_fewest_slips_win_and_of_equals_the_first(void **state)
{
	static const char *const names[] = { "zone12", "zone1", "zone2", NULL };

	(void)state;
	/* one slip from each of zone12 (left out), zone1 and zone2 (changed or added) */
	assert_string_equal(nearest_find("zone3", name_at, names), "zone1");
	assert_string_equal(nearest_find("zone2", name_at, names), "zone2");
	assert_string_equal(nearest_find("zone1x", name_at, names), "zone12");
}

static void nothing_and_what_is_too_long_get_no_suggestion(void **state)
{
	char word[NEAREST_WORD_MAX + 2];
	const char *names[] = { word, NULL };

	(void)state;
	assert_null(find(""));
	word[0] = '\0';
	assert_null(nearest_find("", name_at, names));
	memset(word, 'a', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_null(nearest_find(word, name_at, names));
	word[NEAREST_WORD_MAX] = '\0';
	assert_ptr_equal(nearest_find(word, name_at, names), word);
	names[0] = NULL;
	assert_null(nearest_find("a", name_at, names));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_slip_of_each_kind_is_forgiven),
		cmocka_unit_test(longer_words_may_have_more_slips_but_not_more_than_a_third),
		cmocka_unit_test(a_name_of_two_letters_has_to_be_right),
		cmocka_unit_test(the_fewest_slips_win_and_of_equals_the_first),
		cmocka_unit_test(nothing_and_what_is_too_long_get_no_suggestion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
