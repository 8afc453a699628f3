// SPDX-License-Identifier: GPL-2.0-or-later
/* core/chatter.h: which lines are told, at instants that the test gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/chatter.h"

#define START_NS 1000000000000ULL

static struct chatter chatter;
static char told[4096]; /* "line|line|", "+3|" for what was left out */
static unsigned int lines;

static int begin(void **state)
{
	(void)state;
	memset(&chatter, 0, sizeof(chatter));
	told[0] = '\0';
	lines = 0;
	return 0;
}

static void note(const char *line, uint64_t left_out, void *data)
{
	size_t used = strlen(told);

	assert_ptr_equal(data, &chatter);
	if (line)
		snprintf(told + used, sizeof(told) - used, "%s|", line);
	else
		snprintf(told + used, sizeof(told) - used, "+%u|", (unsigned int)left_out);
	lines += line != NULL;
}

static void say(const char *text, uint64_t now_ns)
{
	chatter_add(&chatter, text, strlen(text), now_ns, note, &chatter);
}

static void bytes_become_lines(void **state)
{
	(void)state;
	say("one\ntw", START_NS);
	say("o\n\n\nthree", START_NS);
	assert_string_equal(told, "one|two|");
	chatter_end(&chatter, START_NS, note, &chatter);
	assert_string_equal(told, "one|two|three|");
}

static void the_rest_of_a_long_line_is_left_out(void **state)
{
	char line[1000];

	(void)state;
	memset(line, 'x', sizeof(line));
	line[999] = '\0';
	say(line, START_NS);
	say(line, START_NS);
	say("\nshort\n", START_NS);
	assert_int_equal(lines, 2);
	assert_int_equal(strcspn(told, "|"), CHATTER_LINE_MAX - 1);
	assert_string_equal(strchr(told, '|'), "|short|");
}

static void a_burst_is_told_and_then_one_line_for_each_period(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		say("x\n", START_NS);
	assert_int_equal(lines, CHATTER_BURST);
	say("y\n", START_NS + CHATTER_PERIOD_NS - 1);
	assert_int_equal(lines, CHATTER_BURST);
	say("z\n", START_NS + CHATTER_PERIOD_NS);
	assert_int_equal(lines, CHATTER_BURST + 1);
	/* 90 of the hundred, and the y */
	assert_non_null(strstr(told, "+91|z|"));
	say("z\n", START_NS + CHATTER_PERIOD_NS);
	assert_int_equal(lines, CHATTER_BURST + 1);
}

static void silence_brings_the_burst_back_and_no_more(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		say("x\n", START_NS);
	for (i = 0; i < 100; i++)
		say("x\n", START_NS + 1000 * CHATTER_PERIOD_NS);
	assert_int_equal(lines, 2 * CHATTER_BURST);
}

static void what_was_left_out_is_told_at_the_end(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < CHATTER_BURST + 5; i++)
		say("x\n", START_NS);
	chatter_end(&chatter, START_NS, note, &chatter);
	assert_non_null(strstr(told, "x|+5|"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(bytes_become_lines, begin),
		cmocka_unit_test_setup(the_rest_of_a_long_line_is_left_out, begin),
		cmocka_unit_test_setup(a_burst_is_told_and_then_one_line_for_each_period, begin),
		cmocka_unit_test_setup(silence_brings_the_burst_back_and_no_more, begin),
		cmocka_unit_test_setup(what_was_left_out_is_told_at_the_end, begin),
	};

	return cmocka_run_group_tests_name("chatter", tests, NULL, NULL);
}
