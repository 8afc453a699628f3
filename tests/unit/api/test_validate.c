// SPDX-License-Identifier: GPL-2.0-or-later
/* api/validate.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/api.h"
#include "api/validate.h"
#include "fake.h"

static unsigned int parse(const char *text, size_t length, struct problem *problem)
{
	json_t *json;

	memset(problem, 0, sizeof(*problem));
	json = validate_parse(text, length, problem);
	assert_int_equal(!json, !!problem->status);
	json_decref(json);
	return problem->status;
}

static void json_of_every_kind_is_parsed(void **state)
{
	static const char *const texts[] = {
		"{}",
		"[]",
		"null",
		"1",
		"-1.5e3",
		"\"x\"",
		" \t\r\n{\"a\" : [1, {\"b\":null}]}\n",
		"{\"\\u00e4\":\"\\ud83d\\udca1\"}",
	};
	struct problem problem;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(parse(texts[i], strlen(texts[i]), &problem), 0);
}

static void what_is_not_json_is_refused_with_line_and_column(void **state)
{
	static const char *const texts[] = {
		"",
		" ",
		"{",
		"}",
		"{\"a\":}",
		"{\"a\":1,}",
		"{'a':1}",
		"{a:1}",
		"[1 2]",
		"nul",
		"{\"a\":NaN}",
		"{\"a\":Infinity}",
		"{\"a\":-Infinity}",
		"{\"a\":01}",
		"{\"a\":+1}",
		"{\"a\":.5}",
		"{\"a\":1.}",
		"{\"a\":0x10}",
		"{\"a\":1} x",
		"{} {}",
		"\"\xff\"",
		"\"\\u0000\"",
		"\"\\ud800\"",
		"\"a\nb\"",
		"{\"a\":1e999}",
		"{\"a\":99999999999999999999}",
		"/* c */ 1",
		"\xef\xbb\xbf{}",
	};
	struct problem problem;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (parse(texts[i], strlen(texts[i]), &problem) != 400)
			print_error("taken: %s\n", texts[i]);
		assert_int_equal(parse(texts[i], strlen(texts[i]), &problem), 400);
		assert_non_null(strstr(problem.detail, "line "));
	}
	/* the third line, and the fifth byte in it is the first that cannot be */
	assert_int_equal(parse("{\n\"a\":1,\n\"b\":x}", 16, &problem), 400);
	assert_non_null(strstr(problem.detail, "line 3, column 5"));
}

static void zero_bytes_are_refused(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(parse("{}\0", 3, &problem), 400);
	assert_int_equal(parse("{\"a\0b\":1}", 9, &problem), 400);
	assert_int_equal(parse("\0{}", 3, &problem), 400);
}

static void a_name_twice_in_an_object_is_refused(void **state)
{
	const char *text = "{\"a\":1,\"a\":1}";
	struct problem problem;

	(void)state;
	assert_int_equal(parse(text, strlen(text), &problem), 400);
	assert_non_null(strstr(problem.detail, "\"a\""));
}

static void nesting_has_a_limit_and_brackets_in_strings_do_not_count(void **state)
{
	char text[API_DEPTH_MAX * 2 + 16];
	struct problem problem;

	(void)state;
	memset(text, '[', API_DEPTH_MAX);
	memset(text + API_DEPTH_MAX, ']', API_DEPTH_MAX);
	assert_int_equal(parse(text, API_DEPTH_MAX * 2, &problem), 0);

	memset(text, '[', API_DEPTH_MAX + 1);
	memset(text + API_DEPTH_MAX + 1, ']', API_DEPTH_MAX + 1);
	assert_int_equal(parse(text, API_DEPTH_MAX * 2 + 2, &problem), 400);
	assert_non_null(strstr(problem.detail, "16"));

	/* side by side is not deep; neither is a string, also after an escaped quote */
	assert_int_equal(
		parse("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]", 55, &problem), 0);
	assert_int_equal(parse("\"\\\"[[[[[[[[[[[[[[[[[[[[\\\\\"", 26, &problem), 0);
}

static void pointers_escape_what_means_something_in_them(void **state)
{
	char pointer[PROBLEM_FIELD_MAX], key[PROBLEM_FIELD_MAX * 2];

	(void)state;
	validate_pointer(pointer, "", "a");
	assert_string_equal(pointer, "/a");
	/* RFC 6901, 3: ~ is ~0 and / is ~1 */
	validate_pointer(pointer, "/a", "b/c~d");
	assert_string_equal(pointer, "/a/b~1c~0d");
	validate_pointer(pointer, pointer, "");
	assert_string_equal(pointer, "/a/b~1c~0d/");
	memset(key, '/', sizeof(key) - 1);
	key[sizeof(key) - 1] = '\0';
	validate_pointer(pointer, key, key);
	assert_true(strlen(pointer) < PROBLEM_FIELD_MAX);
	validate_pointer(pointer, "/x", key);
	assert_true(strlen(pointer) < PROBLEM_FIELD_MAX);
}

static bool is_int(const char *text, int64_t min, int64_t max, int64_t *ret_value,
		   struct problem *problem)
{
	json_t *json = fake_parse(text);
	bool fine;

	memset(problem, 0, sizeof(*problem));
	fine = validate_int(json, "/n", min, max, ret_value, problem);
	json_decref(json);
	return fine;
}

static void integers_are_taken_to_their_limits_and_not_beyond(void **state)
{
	static const char *const others[] = { "-1",   "101",  "9223372036854775807",
					      "50.0", "1e1",  "'50'",
					      "true", "null", "[50]",
					      "{}" };
	struct problem problem;
	int64_t value = 7;

	(void)state;
	assert_true(is_int("0", 0, 100, &value, &problem));
	assert_int_equal(value, 0);
	assert_true(is_int("100", 0, 100, &value, &problem));
	assert_int_equal(value, 100);
	assert_true(is_int("-5", -5, -5, &value, &problem));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		value = 7;
		assert_false(is_int(others[i], 0, 100, &value, &problem));
		assert_int_equal(value, 7);
		assert_int_equal(problem.status, 422);
		assert_string_equal(problem.error[0].field, "/n");
		assert_string_equal(problem.error[0].allowed, "a whole number from 0 to 100");
	}
	/* not there at all */
	memset(&problem, 0, sizeof(problem));
	assert_false(validate_int(NULL, "/n", 0, 1, &value, &problem));
	assert_string_equal(problem.error[0].value, "");
}

static void booleans_are_true_and_false_only(void **state)
{
	static const char *const others[] = { "0", "1", "'true'", "null", "[]", "{}", "1.0" };
	bool value = false;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct problem problem = { 0 };
		json_t *json = fake_parse(others[i]);

		assert_false(validate_bool(json, "/b", &value, &problem));
		assert_string_equal(problem.error[0].allowed, "true or false");
		json_decref(json);
	}
	for (int i = 0; i < 2; i++) {
		struct problem problem = { 0 };
		json_t *json = fake_parse(i ? "true" : "false");

		assert_true(validate_bool(json, "/b", &value, &problem));
		assert_int_equal(value, i);
		json_decref(json);
	}
}

static const char *const fruits[] = { "apple", "pear", "cherry", NULL };

static void names_are_taken_in_any_case_and_the_nearest_is_suggested(void **state)
{
	static const char *const others[] = { "'plum'", "'aple'", "1", "null", "['pear']", "''" };
	struct problem problem = { 0 };
	size_t index = 9;
	json_t *json;

	(void)state;
	json = fake_parse("'PEAR'");
	assert_true(validate_name(json, "/f", validate_table_name, fruits, &index, &problem));
	assert_int_equal(index, 1);
	json_decref(json);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		memset(&problem, 0, sizeof(problem));
		json = fake_parse(others[i]);
		assert_false(
			validate_name(json, "/f", validate_table_name, fruits, &index, &problem));
		assert_int_equal(problem.status, 422);
		assert_string_equal(problem.error[0].allowed,
				    i == 1 ? "did you mean \"apple\"? one of \"apple\", "
					     "\"pear\", \"cherry\""
					   : "one of \"apple\", \"pear\", \"cherry\"");
		json_decref(json);
	}
	assert_int_equal(index, 1);
}

static const char *long_name(size_t index, const void *data)
{
	(void)data;
	return index < 1000 ? "a name of twenty bytes" : NULL;
}

static const char *no_name(size_t index, const void *data)
{
	(void)index;
	(void)data;
	return NULL;
}

static void lists_of_names_are_cut_where_they_get_too_long(void **state)
{
	char list[PROBLEM_TEXT_MAX];

	(void)state;
	validate_list(list, long_name, NULL);
	assert_true(strlen(list) < PROBLEM_TEXT_MAX);
	assert_non_null(strstr(list, "\", …"));
	validate_list(list, no_name, NULL);
	assert_string_equal(list, "none");
	validate_list(list, validate_table_name, (const char *const[]){ "one", NULL });
	assert_string_equal(list, "\"one\"");
}

static void members_that_are_not_known_are_each_named(void **state)
{
	json_t *json = fake_parse("{'aple':1,'pear':2,'x/y':3}");
	struct problem problem = { 0 };

	(void)state;
	assert_false(validate_object(json, "/basket", fruits, &problem));
	assert_int_equal(problem.status, 422);
	assert_int_equal(problem.error_count, 2);
	assert_string_equal(problem.detail,
			    "the body has no member /basket/aple; did you mean \"apple\"?");
	assert_string_equal(problem.error[0].field, "/basket/aple");
	assert_string_equal(problem.error[0].value, "1");
	assert_string_equal(problem.error[0].allowed,
			    "a member named one of \"apple\", \"pear\", \"cherry\"");
	assert_string_equal(problem.error[1].field, "/basket/x~1y");
	json_decref(json);

	memset(&problem, 0, sizeof(problem));
	json = fake_parse("{'pear':2,'apple':{}}");
	assert_true(validate_object(json, "", fruits, &problem));
	json_decref(json);
	json = fake_parse("['pear']");
	assert_false(validate_object(json, "", fruits, &problem));
	assert_string_equal(problem.error[0].allowed, "an object");
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_of_every_kind_is_parsed),
		cmocka_unit_test(what_is_not_json_is_refused_with_line_and_column),
		cmocka_unit_test(zero_bytes_are_refused),
		cmocka_unit_test(a_name_twice_in_an_object_is_refused),
		cmocka_unit_test(nesting_has_a_limit_and_brackets_in_strings_do_not_count),
		cmocka_unit_test(pointers_escape_what_means_something_in_them),
		cmocka_unit_test(integers_are_taken_to_their_limits_and_not_beyond),
		cmocka_unit_test(booleans_are_true_and_false_only),
		cmocka_unit_test(names_are_taken_in_any_case_and_the_nearest_is_suggested),
		cmocka_unit_test(lists_of_names_are_cut_where_they_get_too_long),
		cmocka_unit_test(members_that_are_not_known_are_each_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
