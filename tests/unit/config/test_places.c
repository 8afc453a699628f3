// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where the configuration says things are: devices by path or label, and the
 * parts of zones. The texts expected are written by hand from the rules in
 * daemon/config/README.md.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/config.h"
#include "parse.h"

#define OUTPUT(more) "{\"outputs\":[{\"name\":\"main\",\"type\":" more "}],\"zones\":[" ZONE "]}"
#define ZONE "{\"id\":\"A\",\"output\":\"main\",\"first\":0,\"count\":1}"
#define MAIN \
	"{\"outputs\":[{\"name\":\"main\",\"type\":\"virtual\",\"channels\":[{\"pixels\":20}]}],"
#define PARTS(parts) MAIN "\"zones\":[{\"id\":\"A\",\"output\":\"main\",\"parts\":[" parts "]}]}"

static void a_device_may_be_named_by_the_label_of_a_strip(void **state)
{
	struct config *config = parse(OUTPUT("\"device\",\"label\":\"Hall 12 V\""));
	char *text;

	(void)state;
	assert_int_equal(config->output[0].type, CONFIG_OUTPUT_DEVICE);
	assert_string_equal(config->output[0].label, "Hall 12 V");
	assert_string_equal(config->output[0].path, "");
	text = config_text(config);
	assert_non_null(strstr(text, "\"label\": \"Hall 12 V\""));
	assert_null(strstr(text, "/dev"));
	free(text);
	config_free(config);
}

static void a_device_has_a_path_or_a_label_and_no_other_output_has_it(void **state)
{
	(void)state;
	expect_error(OUTPUT("\"device\""),
		     "file: /outputs/0: \"path\" or \"label\" is missing: a device needs one, such "
		     "as the path \"/dev/diuna\"");
	expect_error(OUTPUT("\"device\",\"label\":\"HALL\",\"path\":\"/dev/diuna\""),
		     "file: /outputs/0: \"path\" does not go with \"label\", which says which "
		     "device it is");
	expect_error(OUTPUT("\"virtual\",\"channels\":[{\"pixels\":1}],\"label\":\"HALL\""),
		     "file: /outputs/0: \"label\" belongs to a device");
	expect_error(OUTPUT("\"device\",\"label\":\"\""),
		     "file: /outputs/0/label: \"\" is not allowed, only a text of 1 to 31 bytes "
		     "without control characters");
	expect_error(OUTPUT("\"device\",\"label\":\"a\\tb\""),
		     "file: /outputs/0/label: \"a\\tb\" is not allowed, only a text of 1 to 31 "
		     "bytes without control characters");
	expect_error(OUTPUT("\"device\",\"label\":\"HALL\"},{\"name\":\"b\",\"type\":\"device\","
			    "\"label\":\"HALL\""),
		     "file: /outputs/1/label: \"HALL\" is the label of output main already");
}

static void parts_of_a_zone_lie_beside_each_other(void **state)
{
	struct config *config;

	(void)state;
	config = parse(PARTS("{\"first\":4,\"count\":2},{\"first\":0,\"count\":4},"
			     "{\"first\":6,\"count\":14}"));
	assert_int_equal(config->zone[0].config.count, 20);
	config_free(config);
	expect_error(PARTS("{\"first\":0,\"count\":4},{\"first\":3,\"count\":2}"),
		     "file: /zones/0/parts/1: pixels 3 to 4 overlap part 0 (0 to 3); only parts "
		     "that lie beside each other are allowed");
	expect_error(PARTS("{\"first\":5,\"count\":1},{\"first\":0,\"count\":2},"
			   "{\"first\":4,\"count\":9}"),
		     "file: /zones/0/parts/2: pixels 4 to 12 overlap part 0 (5 to 5); only parts "
		     "that lie beside each other are allowed");
}

static void a_zone_is_a_member_of_a_group_once(void **state)
{
	(void)state;
	expect_error(MAIN "\"zones\":[" ZONE ",{\"id\":\"G\",\"members\":[\"A\",\"a\"]}]}",
		     "file: /zones/1/members/1: A is a member already");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_may_be_named_by_the_label_of_a_strip),
		cmocka_unit_test(a_device_has_a_path_or_a_label_and_no_other_output_has_it),
		cmocka_unit_test(parts_of_a_zone_lie_beside_each_other),
		cmocka_unit_test(a_zone_is_a_member_of_a_group_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
