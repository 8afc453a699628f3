// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "inputs" and "bindings" of a configuration. The texts expected are written here by hand from the
 * rules in daemon/config/README.md.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/config.h"
#include "config/reload.h"
#include "parse.h"

#define BEFORE                                                                 \
	"{\"outputs\":[{\"name\":\"main\",\"type\":\"virtual\",\"channels\":[" \
	"{\"pixels\":51}]}],\"zones\":[{\"id\":\"floor\",\"output\":\"main\"," \
	"\"first\":0,\"count\":18}],"
#define INPUTS(text) BEFORE "\"inputs\":[" text "]}"
#define BINDINGS(text)                                                                          \
	BEFORE "\"inputs\":[{\"name\":\"knob\",\"type\":\"encoder\",\"a\":\"A\",\"b\":\"B\"}]," \
	       "\"bindings\":[" text "]}"

static void refuse(const char *text, const char *expected)
{
	char error[CONFIG_ERROR_MAX] = "";
	struct config *config = NULL;

	assert_int_equal(config_parse(text, strlen(text), "file", &config, error), -EINVAL);
	if (strncmp(error, expected, strlen(expected)) != 0)
		fail_msg("\"%s\" is not \"%s\"", error, expected);
	assert_null(config);
}

static void without_inputs_there_are_none_and_the_originals_bindings(void **state)
{
	struct config *config = parse(BEFORE "\"log\":{}}");

	(void)state;
	assert_int_equal(config->input_count, 0);
	assert_memory_equal(&config->bindings, bindings_default(), sizeof(config->bindings));
	config_free(config);
}

static void contacts_are_wired_to_ground_unless_told(void **state)
{
	struct config *config =
		parse(INPUTS("{\"name\":\"k\",\"type\":\"encoder\",\"chip\":\"gpiochip0\",\"a\":5,"
			     "\"b\":6,\"switch\":13},"
			     "{\"name\":\"b\",\"type\":\"button\",\"line\":\"GPIO22\"},"
			     "{\"name\":\"z\",\"type\":\"buzzer\",\"line\":\"GPIO12\"}"));
	const struct input_config *knob = &config->input[0], *button = &config->input[1],
				  *buzzer = &config->input[2];

	(void)state;
	assert_int_equal(config->input_count, 3);
	assert_int_equal(knob->gpio.line_count, 2);
	assert_int_equal(knob->gpio.line[0].offset, 5);
	assert_int_equal(knob->gpio.line[1].offset, 6);
	assert_int_equal(knob->gpio.bias, GPIO_BIAS_PULL_UP);
	assert_true(knob->gpio.active_low);
	/* an encoder's own lines need none: bounce comes to nothing there */
	assert_int_equal(knob->gpio.debounce_us, 0);
	assert_int_equal(knob->contact.line_count, 1);
	assert_int_equal(knob->contact.line[0].offset, 13);
	assert_string_equal(knob->contact.chip, "gpiochip0");
	assert_true(knob->contact.active_low);
	/* the press counts at its first edge, which the kernel's debounce would hold back */
	assert_int_equal(knob->contact.debounce_us, 0);
	assert_int_equal(knob->debounce_us, 5000);
	assert_int_equal(knob->debounce, BUTTON_FIRST_EDGE);
	assert_int_equal(knob->encoder.quarters, 4);
	assert_int_equal(knob->encoder.acceleration, 1);
	assert_string_equal(button->gpio.line[0].name, "GPIO22");
	assert_int_equal(button->gpio.debounce_us, 0);
	assert_int_equal(button->debounce_us, 5000);
	assert_int_equal(button->long_ms, 500);
	assert_int_equal(button->double_ms, 300);
	assert_true(buzzer->gpio.output);
	assert_false(buzzer->gpio.active_low);
	config_free(config);
}

static void what_is_printed_is_read_as_the_same(void **state)
{
	char error[CONFIG_ERROR_MAX] = "", *text;
	struct config
		*again = NULL,
		*config = parse(INPUTS(
			"{\"name\":\"k\",\"type\":\"encoder\",\"chip\":\"soc\",\"a\":5,\"b\":"
			"\"GPIO6\",\"switch\":13,"
			"\"bias\":\"disabled\",\"active_low\":false,\"debounce_us\":0,\"edges_per_"
			"detent\":2,"
			"\"reversed\":true,\"acceleration\":20,\"long_ms\":0,\"double_ms\":1},"
			"{\"name\":\"b\",\"type\":\"button\",\"line\":\"GPIO22\",\"debounce_us\":"
			"100000,\"debounce\":\"steady\"},"
			"{\"name\":\"d\",\"type\":\"keyboard\",\"device\":\"KEY_VOLUMEUP\","
			"\"grab\":true},"
			"{\"name\":\"t\",\"type\":\"terminal\"},"
			"{\"name\":\"p\",\"type\":\"buzzer\",\"device\":\"/sys/class/pwm/"
			"pwmchip0\",\"pwm\":1},"
			"{\"name\":\"z\",\"type\":\"buzzer\",\"line\":\"GPIO12\",\"active_low\":"
			"true}"));

	(void)state;
	text = config_text(config);
	assert_non_null(text);
	if (config_parse(text, strlen(text), "again", &again, error) < 0)
		fail_msg("%s", error);
	assert_memory_equal(again, config, sizeof(*config));
	free(text);
	config_free(again);
	config_free(config);
}

static void only_a_steady_level_is_the_kernels_to_tell(void **state)
{
	struct config *config = parse(INPUTS(
		"{\"name\":\"k\",\"type\":\"encoder\",\"a\":\"A\",\"b\":\"B\",\"switch\":\"C\","
		"\"debounce\":\"steady\",\"debounce_us\":7000},"
		"{\"name\":\"b\",\"type\":\"button\",\"line\":\"L\",\"debounce\":\"STEADY\"}"));

	(void)state;
	assert_int_equal(config->input[0].gpio.debounce_us, 0);
	assert_int_equal(config->input[0].contact.debounce_us, 7000);
	assert_int_equal(config->input[1].gpio.debounce_us, 5000);
	config_free(config);
	refuse(INPUTS("{\"name\":\"b\",\"type\":\"button\",\"line\":\"L\",\"debounce\":\"first\"}"),
	       "file: /inputs/0/debounce: \"first\" is not allowed, only one of \"first_edge\"");
}

static void what_is_written_with_other_inputs_under_the_defaults_names_is_read(void **state)
{
	struct config *config = parse(
		INPUTS("{\"name\":\"selector\",\"type\":\"button\",\"line\":\"L\"},"
		       "{\"name\":\"modulator\",\"type\":\"encoder\",\"a\":\"A\",\"b\":\"B\"},"
		       "{\"name\":\"button1\",\"type\":\"terminal\"}"));
	char error[CONFIG_ERROR_MAX] = "", *text = config_text(config);
	struct config *again = NULL;

	(void)state;
	assert_non_null(strstr(text, "SELECT_ZONE"));
	if (config_parse(text, strlen(text), "again", &again, error) < 0)
		fail_msg("%s", error);
	assert_memory_equal(&again->bindings, bindings_default(), sizeof(again->bindings));
	free(text);
	config_free(again);
	config_free(config);
}

static void mistakes_in_inputs_are_told_with_their_place(void **state)
{
	(void)state;
	refuse(INPUTS("{\"name\":\"k\",\"type\":\"encodr\"}"),
	       "file: /inputs/0/type: \"encodr\" is not allowed, only one of \"encoder\"");
	refuse(INPUTS("{\"name\":\"a b\",\"type\":\"terminal\"}"),
	       "file: /inputs/0/name: \"a b\" is not allowed, only 1 to 31 letters");
	refuse(INPUTS("{\"name\":\"k\",\"type\":\"encoder\",\"chip\":\"c\",\"a\":5}"),
	       "file: /inputs/0: \"b\" is missing: a line's name");
	refuse(INPUTS("{\"name\":\"k\",\"type\":\"button\",\"line\":5}"),
	       "file: /inputs/0: \"chip\" is missing: a line's number is of a chip");
	refuse(INPUTS("{\"name\":\"k\",\"type\":\"button\",\"chip\":\"c\",\"line\":1024}"),
	       "file: /inputs/0/line: 1024 is not allowed, only a line's name, or its number");
	refuse(INPUTS("{\"name\":\"k\",\"type\":\"button\",\"line\":\"L\",\"grab\":true}"),
	       "file: /inputs/0/grab: no key of type \"button\"");
	refuse(INPUTS("{\"name\":\"k\",\"type\":\"encoder\",\"a\":\"A\",\"b\":\"B\","
		      "\"edges_per_detent\":3}"),
	       "file: /inputs/0/edges_per_detent: 3 is not allowed, only 1, 2 or 4");
	refuse(INPUTS("{\"name\":\"k\",\"type\":\"buzzer\"}"),
	       "file: /inputs/0: a buzzer has either \"line\" or \"device\"");
	refuse(INPUTS("{\"name\":\"k\",\"type\":\"buzzer\",\"device\":\"beep\"}"),
	       "file: /inputs/0: \"beep\" is not allowed, only a path");
	refuse(INPUTS("{\"name\":\"k\",\"type\":\"terminal\"},{\"name\":\"k\",\"type\":"
		      "\"keyboard\"}"),
	       "file: /inputs/1/name: \"k\" is the name of another input already");
	refuse(INPUTS("{\"name\":\"k\",\"type\":\"terminal\"},{\"name\":\"l\",\"type\":"
		      "\"terminal\"}"),
	       "file: /inputs/1/type: there is one terminal, and \"k\" has it");
}

static void mistakes_in_bindings_are_told_with_their_place(void **state)
{
	(void)state;
	refuse(BINDINGS("{\"input\":\"knbo\",\"action\":\"POWER\"}"),
	       "file: /bindings/0/input: \"knbo\" is not allowed, only one of \"knob\", ");
	/* each name once, also one that the default bindings have */
	refuse(BEFORE "\"inputs\":[{\"name\":\"button1\",\"type\":"
		      "\"terminal\"}],"
		      "\"bindings\":[{\"input\":\"x\",\"action\":\"POWER\"}]}",
	       "file: /bindings/0/input: \"x\" is not allowed, only one of \"button1\", "
	       "\"selector\", "
	       "\"modulator\", \"button2\", \"button3\", \"button4\"");
	refuse(BINDINGS("{\"input\":\"knob\"}"), "file: /bindings/0/action: is missing: one of");
	refuse(BINDINGS("{\"key\":\"Z\",\"action\":\"TOGGLE\",\"zone\":\"FLOR\"}"),
	       "file: /bindings/0/zone: \"FLOR\" is not allowed, only one of \"FLOOR\"; did you "
	       "mean \"FLOOR\"?");
	/* nobody can press a knob that has no switch */
	refuse(BINDINGS("{\"input\":\"knob\",\"action\":\"POWER\"}"),
	       "file: /bindings/0/gesture: is missing: of an encoder without a switch one of "
	       "\"rotate\", \"right\", \"left\"");
	refuse(BINDINGS("{\"input\":\"knob\",\"gesture\":\"long\",\"action\":\"POWER\"}"),
	       "file: /bindings/0/gesture: \"long\" is not allowed, only of an encoder without a "
	       "switch one of \"rotate\"");
	/* a button of the default bindings, though no input is configured with that name */
	refuse(BINDINGS("{\"input\":\"button4\",\"gesture\":\"rotate\",\"action\":\"POWER\"}"),
	       "file: /bindings/0/gesture: \"rotate\" is not allowed, only of a button one of "
	       "\"press\", ");
}

static void bindings_of_inputs_that_the_default_names_are_fine(void **state)
{
	struct config *config = parse(BINDINGS("{\"input\":\"button4\",\"action\":\"POWER\"}"));

	(void)state;
	assert_int_equal(config->bindings.count, 1);
	config_free(config);
}

static void a_reload_takes_bindings_and_leaves_inputs(void **state)
{
	struct config *live = parse(BEFORE "\"log\":{}}"),
		      *next = parse(BINDINGS("{\"key\":\"Z\",\"action\":\"POWER\"}"));
	struct reload reload;

	(void)state;
	reload_take(live, next, &reload);
	assert_true(reload.bindings);
	assert_int_equal(live->bindings.count, 1);
	assert_int_equal(live->input_count, 0);
	assert_string_equal(reload.waiting, "inputs");
	config_free(live);
	config_free(next);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_inputs_there_are_none_and_the_originals_bindings),
		cmocka_unit_test(contacts_are_wired_to_ground_unless_told),
		cmocka_unit_test(what_is_printed_is_read_as_the_same),
		cmocka_unit_test(only_a_steady_level_is_the_kernels_to_tell),
		cmocka_unit_test(
			what_is_written_with_other_inputs_under_the_defaults_names_is_read),
		cmocka_unit_test(mistakes_in_inputs_are_told_with_their_place),
		cmocka_unit_test(mistakes_in_bindings_are_told_with_their_place),
		cmocka_unit_test(bindings_of_inputs_that_the_default_names_are_fine),
		cmocka_unit_test(a_reload_takes_bindings_and_leaves_inputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
