// SPDX-License-Identifier: GPL-2.0-or-later
/* api/problem.h and api/writer.h: what they write is read back with jansson */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/api.h"
#include "fake.h"

static json_t *document(const struct problem *problem)
{
	struct writer writer = { 0 };

	problem_write(problem, "/api/v1/zones/x", &writer);
	return fake_json(&writer);
}

static void a_problem_names_field_value_and_what_is_allowed(void **state)
{
	struct problem problem = { 0 };
	json_t *value = json_integer(101);

	(void)state;
	assert_false(problem_add(&problem, "body", "/brightness", value,
				 "a whole number from %d to %d", 0, 100));
	json_decref(value);
	fake_expect(document(&problem),
		    "{'type':'about:blank','title':'Unprocessable Content','status':422,"
		    "'detail':'/brightness is 101, allowed is a whole number from 0 to 100',"
		    "'instance':'/api/v1/zones/x','errors':[{'in':'body','field':'/brightness',"
		    "'value':101,'allowed':'a whole number from 0 to 100'}]}");
}

static void a_missing_value_is_told_as_missing(void **state)
{
	struct problem problem = { 0 };

	(void)state;
	problem_add(&problem, "body", "/is_on", NULL, "true or false");
	fake_expect(document(&problem),
		    "{'type':'about:blank','title':'Unprocessable Content','status':422,"
		    "'detail':'/is_on is missing, allowed is true or false',"
		    "'instance':'/api/v1/zones/x','errors':[{'in':'body','field':'/is_on',"
		    "'allowed':'true or false'}]}");
}

static void status_and_words_can_be_set_alone(void **state)
{
	struct problem problem = { 0 };

	(void)state;
	assert_false(problem_set(&problem, 404, "there is no \"%s\"", "x\ny"));
	fake_expect(document(&problem),
		    "{'type':'about:blank','title':'Not Found','status':404,"
		    "'detail':'there is no \\'x?y\\'','instance':'/api/v1/zones/x'}");
}

static void long_values_are_cut_and_big_ones_told_in_words(void **state)
{
	char text[2000];
	struct problem problem = { 0 };
	json_t *value, *errors, *json;
	const char *shown;
	int i;

	(void)state;
	/* each of these is six bytes when escaped: \u0001 */
	memset(text, 1, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	value = json_string(text);
	problem_add(&problem, "body", "/a", value, "less");
	json_decref(value);

	value = json_array();
	for (i = 0; i < 1000; i++)
		json_array_append_new(value, json_integer(i));
	problem_add(&problem, "body", "/b", value, "less");
	json_decref(value);

	value = json_object();
	for (i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "member%d", i);
		json_object_set_new(value, text, json_integer(i));
	}
	problem_add(&problem, "body", "/c", value, "less");
	json_decref(value);

	memset(text, 0, sizeof(text));
	for (i = 0; i < 100; i++)
		strcat(text, "ä");
	value = json_string(text);
	problem_add(&problem, "body", "/d", value, "less");
	json_decref(value);

	json = document(&problem);
	errors = json_object_get(json, "errors");
	shown = json_string_value(json_object_get(json_array_get(errors, 0), "value"));
	assert_non_null(shown);
	assert_int_equal(shown[0], 1);
	assert_non_null(strstr(shown, "…"));
	assert_string_equal(json_string_value(json_object_get(json_array_get(errors, 1), "value")),
			    "an array of 1000 values");
	assert_string_equal(json_string_value(json_object_get(json_array_get(errors, 2), "value")),
			    "an object of 100 members");
	shown = json_string_value(json_object_get(json_array_get(errors, 3), "value"));
	assert_non_null(shown);
	assert_true(!strncmp(shown, "ää", 4) && strstr(shown, "ä…"));
	json_decref(json);
}

static void no_more_errors_are_named_than_there_is_room_for(void **state)
{
	struct problem problem = { 0 };
	json_t *json;

	(void)state;
	for (int i = 0; i < PROBLEM_ERRORS_MAX + 5; i++)
		problem_add(&problem, "body", "/a", NULL, "nothing");
	json = document(&problem);
	assert_int_equal(json_array_size(json_object_get(json, "errors")), PROBLEM_ERRORS_MAX);
	json_decref(json);
}

static void texts_that_are_too_long_are_cut(void **state)
{
	struct problem problem = { 0 };
	char text[4096];
	json_t *json;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	problem_add_text(&problem, "header", text, text, "%s", text);
	problem_set(&problem, 400, "%s", text);
	json = document(&problem);
	assert_int_equal(json_string_length(json_object_get(json, "detail")), PROBLEM_TEXT_MAX - 1);
	json_decref(json);
}

static void a_value_that_is_not_utf8_is_cleaned(void **state)
{
	struct problem problem = { 0 };
	json_t *json, *error;

	(void)state;
	problem_add_text(&problem, "header", "Host", "a\xff\x80z", "this");
	json = document(&problem);
	error = json_array_get(json_object_get(json, "errors"), 0);
	assert_string_equal(json_string_value(json_object_get(error, "value")), "a??z");
	json_decref(json);
}

static void a_value_cannot_turn_the_line_it_is_quoted_in(void **state)
{
	/* U+202E, right-to-left override */
	json_t *value = json_string("a\xe2\x80\xaez"), *json, *error;
	struct problem problem = { 0 };

	(void)state;
	problem_add(&problem, "body", "/color", value, "a colour");
	json_decref(value);
	json = document(&problem);
	error = json_array_get(json_object_get(json, "errors"), 0);
	assert_string_equal(json_string_value(json_object_get(error, "value")), "a???z");
	json_decref(json);
}

static void the_writer_puts_commas_where_they_belong(void **state)
{
	struct writer writer = { 0 };
	size_t length;
	char *text;

	(void)state;
	writer_object(&writer, NULL);
	writer_int(&writer, "a", -5);
	writer_array(&writer, "b");
	writer_array_end(&writer);
	writer_array(&writer, "c");
	writer_bool(&writer, NULL, true);
	writer_null(&writer, NULL);
	writer_object(&writer, NULL);
	writer_object_end(&writer);
	writer_array_end(&writer);
	writer_string(&writer, "d", "");
	writer_json(&writer, "e", "1.5");
	writer_object_end(&writer);
	text = writer_steal(&writer, &length);
	assert_string_equal(text, "{\"a\":-5,\"b\":[],\"c\":[true,null,{}],\"d\":\"\",\"e\":1.5}");
	assert_int_equal(length, strlen(text));
	free(text);
}

static void any_text_is_written_so_that_json_gives_it_back(void **state)
{
	static const char *const texts[][2] = {
		{ "plain", "plain" },
		{ "\"quoted\" and \\ back\\\\", "\"quoted\" and \\ back\\\\" },
		{ "Küche 厨房 💡", "Küche 厨房 💡" },
		{ "a\tb\nc\x01\x7f", "a?b?c??" }, /* control characters */
		{ "\xff\xc3", "??" },		  /* not UTF-8 */
		{ "\xe2\x82\"", "??\"" },	  /* cut inside a character */
		{ "\\", "\\" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct writer writer = { 0 };
		json_t *json;

		writer_string(&writer, NULL, texts[i][0]);
		json = fake_json(&writer);
		assert_string_equal(json_string_value(json), texts[i][1]);
		json_decref(json);
	}
}

static void times_are_iso_8601_in_utc(void **state)
{
	struct writer writer = { 0 };

	(void)state;
	/* date -u -d @951782400 says 2000-02-29 00:00:00: a leap day */
	writer_time(&writer, NULL, 951782400ULL * 1000 + 7);
	fake_expect(fake_json(&writer), "'2000-02-29T00:00:00.007Z'");
	writer_time(&writer, NULL, 0);
	fake_expect(fake_json(&writer), "'1970-01-01T00:00:00.000Z'");
	/* a year of more digits than there are bytes for is told as none */
	writer_time(&writer, NULL, UINT64_MAX);
	json_decref(fake_json(&writer));
}

static void an_answer_that_is_too_long_fails_as_a_whole(void **state)
{
	struct writer writer = { 0 };
	size_t length, i;

	(void)state;
	writer_array(&writer, NULL);
	for (i = 0; i < API_REPLY_MAX / 8; i++)
		writer_string(&writer, NULL, "eight by");
	writer_array_end(&writer);
	assert_null(writer_steal(&writer, &length));
	/* and can be used anew */
	writer_null(&writer, NULL);
	fake_expect(fake_json(&writer), "null");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_problem_names_field_value_and_what_is_allowed),
		cmocka_unit_test(a_missing_value_is_told_as_missing),
		cmocka_unit_test(status_and_words_can_be_set_alone),
		cmocka_unit_test(long_values_are_cut_and_big_ones_told_in_words),
		cmocka_unit_test(no_more_errors_are_named_than_there_is_room_for),
		cmocka_unit_test(texts_that_are_too_long_are_cut),
		cmocka_unit_test(a_value_that_is_not_utf8_is_cleaned),
		cmocka_unit_test(a_value_cannot_turn_the_line_it_is_quoted_in),
		cmocka_unit_test(the_writer_puts_commas_where_they_belong),
		cmocka_unit_test(any_text_is_written_so_that_json_gives_it_back),
		cmocka_unit_test(times_are_iso_8601_in_utc),
		cmocka_unit_test(an_answer_that_is_too_long_fails_as_a_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
