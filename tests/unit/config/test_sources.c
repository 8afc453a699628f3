// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A configuration in several files, printed again, and described in README.md.
 * The limits (16 included files, 4 deep) are those that README.md tells.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/config.h"

#define OUTPUTS                                                            \
	"\"outputs\":[{\"name\":\"a\",\"type\":\"virtual\",\"channels\":[" \
	"{\"pixels\":9}]}]"
#define ZONES "\"zones\":[{\"id\":\"Z\",\"output\":\"a\",\"first\":0,\"count\":9}]"

static char folder[] = "/tmp/test_sources.XXXXXX";
static char made[64][128];
static unsigned int made_count;

static int setup(void **state)
{
	(void)state;
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	while (made_count)
		remove(made[--made_count]);
	return rmdir(folder);
}

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(path_of(name), "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	strcpy(made[made_count++], path_of(name));
}

static struct config *load(const char *name)
{
	char error[CONFIG_ERROR_MAX] = "";
	struct config *config = NULL;

	if (config_load(path_of(name), &config, error) < 0)
		fail_msg("%s", error);
	return config;
}

/* @expected follows the folder's name. */
static void expect_error(const char *name, int result, const char *expected)
{
	char error[CONFIG_ERROR_MAX] = "", wanted[CONFIG_ERROR_MAX];
	struct config *config = NULL;

	assert_int_equal(config_load(path_of(name), &config, error), result);
	snprintf(wanted, sizeof(wanted), "%s/%s", folder, expected);
	assert_string_equal(error, wanted);
	assert_null(config);
}

static void topics_may_stand_in_files_of_their_own(void **state)
{
	struct config *config;

	(void)state;
	assert_int_equal(mkdir(path_of("sub"), 0700), 0);
	strcpy(made[made_count++], path_of("sub"));
	write_file("main.json",
		   "{\"version\":1,\"include\":[\"sub/zones.json\",\"http.json\"]," OUTPUTS "}");
	/* what a file names is looked for beside it */
	write_file("sub/zones.json", "{\"include\":[\"frames.json\"]," ZONES "}");
	write_file("sub/frames.json", "{\"frames\":{\"fps\":33}}");
	write_file("http.json", "{\"version\":1,\"http\":{\"port\":1}}");
	config = load("main.json");
	assert_int_equal(config->zone_count, 1);
	assert_int_equal(config->fps, 33);
	assert_int_equal(config->api.port, 1);
	config_free(config);
}

static void an_error_names_the_file_it_is_in(void **state)
{
	(void)state;
	write_file("main.json", "{\"include\":[\"a.json\",\"b.json\"]," OUTPUTS "," ZONES "}");
	write_file("a.json", "{\"log\":{\"level\":\"info\"}}");
	write_file("b.json", "{\"frames\":{\"fps\":0}}");
	expect_error("main.json", -EINVAL,
		     "b.json: /frames/fps: 0 is not allowed, only a whole number from 1 to 240");
	write_file("b.json", "{\"frame\":{}}");
	expect_error("main.json", -EINVAL, "b.json: /frame: unknown key, did you mean \"frames\"?");
	write_file("b.json", "{\n}}");
	expect_error("main.json", -EINVAL, "b.json:2:2: end of file expected near '}'");
	write_file("b.json", "[]");
	expect_error("main.json", -EINVAL, "b.json: [] is not allowed, only an object");
	write_file("b.json", "{\"version\":2}");
	expect_error("main.json", -EINVAL, "b.json: /version: 2 is not allowed, only 1");
	assert_int_equal(unlink(path_of("b.json")), 0);
	expect_error("main.json", -ENOENT, "b.json: No such file or directory");
}

static void a_topic_stands_in_one_file_only(void **state)
{
	char expected[256];

	(void)state;
	write_file("main.json", "{\"include\":[\"a.json\"]," OUTPUTS "," ZONES "}");
	write_file("a.json", "{" ZONES "}");
	snprintf(expected, sizeof(expected), "a.json: /zones: this stands in %s/main.json already",
		 folder);
	expect_error("main.json", -EINVAL, expected);
}

static void files_that_include_each_other_are_refused(void **state)
{
	char expected[256];

	(void)state;
	write_file("main.json", "{\"include\":[\"a.json\"]," OUTPUTS "," ZONES "}");
	write_file("a.json", "{\"include\":[\"main.json\"]}");
	snprintf(expected, sizeof(expected), "a.json: /include/0: %s/main.json is read already",
		 folder);
	expect_error("main.json", -EINVAL, expected);
}

static void what_is_included_is_bounded(void **state)
{
	char text[1024], name[32];
	size_t used;
	int i;

	(void)state;
	/* 4 deep is allowed, 5 is not */
	write_file("0.json", "{\"include\":[\"1.json\"]," OUTPUTS "," ZONES "}");
	for (i = 1; i <= 4; i++) {
		snprintf(text, sizeof(text), "{\"include\":[\"%d.json\"]}", i + 1);
		snprintf(name, sizeof(name), "%d.json", i);
		write_file(name, i < 4 ? text : "{}");
	}
	config_free(load("0.json"));
	write_file("4.json", "{\"include\":[\"5.json\"]}");
	write_file("5.json", "{}");
	expect_error("0.json", -EINVAL, "4.json: /include/0: files include files more than 4 deep");

	/* 16 are allowed, 17 are not, not even from two files */
	used = (size_t)sprintf(text, "{\"include\":[");
	for (i = 0; i < 15; i++) {
		snprintf(name, sizeof(name), "x%d.json", i);
		write_file(name, "{}");
		used += (size_t)sprintf(text + used, "\"x%d.json\",", i);
	}
	sprintf(text + used, "\"more.json\"]," OUTPUTS "," ZONES "}");
	write_file("main.json", text);
	write_file("more.json", "{}");
	config_free(load("main.json"));
	write_file("more.json", "{\"include\":[\"5.json\"]}");
	expect_error("main.json", -EINVAL,
		     "more.json: /include/0: more than 16 files are included");
}

static void a_list_of_files_that_is_none_is_refused(void **state)
{
	(void)state;
	write_file("main.json", "{\"include\":\"a.json\"}");
	expect_error("main.json", -EINVAL,
		     "main.json: /include: \"a.json\" is not allowed, only an array of 0 to 16 "
		     "entries");
	write_file("main.json", "{\"include\":[7]}");
	expect_error("main.json", -EINVAL,
		     "main.json: /include/0: 7 is not allowed, only the path of a file");
}

/* ---- printed ---- */

static void what_is_printed_is_the_same_configuration(void **state)
{
	char error[CONFIG_ERROR_MAX] = "";
	struct config *config, *again = NULL;
	char *text;

	(void)state;
	write_file(
		"main.json",
		"{\"outputs\":[{\"name\":\"a\",\"type\":\"virtual\",\"channels\":[{\"pixels\":9,"
		"\"label\":\"x\"},{\"pixels\":8,\"components\":4}]},{\"name\":\"b\","
		"\"type\":\"device\",\"path\":\"/dev/diuna\"}],"
		"\"zones\":[{\"id\":\"A\",\"output\":\"a\",\"first\":1,\"count\":2,"
		"\"start\":{\"color\":{\"mode\":\"HUE\",\"hue\":7}}},"
		"{\"id\":\"B\",\"output\":\"a\",\"channel\":1,\"first\":0,\"count\":8,"
		"\"reversed\":true,\"start\":{\"is_on\":false,\"brightness\":3,\"color\":"
		"{\"mode\":\"RGB\",\"rgb\":[1,2,3]},\"animation\":{\"id\":\"SNAKE\","
		"\"parameters\":{\"speed\":9}}}},"
		"{\"id\":\"C\",\"output\":\"b\",\"first\":0,\"count\":1,\"enabled\":false},"
		"{\"id\":\"D\",\"output\":\"a\",\"layer\":3,\"parts\":[{\"first\":0,\"count\":2},"
		"{\"first\":4,\"count\":2}],\"matrix\":{\"width\":2,\"height\":2,"
		"\"serpentine\":true,\"rotation\":270}},"
		"{\"id\":\"E\",\"members\":[\"B\",\"A\"]}],"
		"\"frames\":{\"fps\":7},\"transitions\":{\"startup\":{\"ms\":1},"
		"\"scene\":{\"ms\":2,\"kind\":\"cut\",\"easing\":\"bounce_out\"},"
		"\"shutdown\":{\"ms\":4}},\"http\":{\"address\":\"::1\",\"port\":5,"
		"\"hosts\":[\"lamp\"]},\"log\":{\"level\":\"error\"},"
		"\"state\":{\"path\":\"/x\"}}");
	config = load("main.json");
	text = config_text(config);
	assert_non_null(text);
	if (config_parse(text, strlen(text), "again", &again, error) < 0)
		fail_msg("%s", error);
	assert_memory_equal(again, config, sizeof(*config));
	free(text);
	config_free(again);
	config_free(config);
}

static void the_defaults_are_what_a_file_without_them_gets(void **state)
{
	char error[CONFIG_ERROR_MAX] = "", *defaults = config_text(NULL), *text;
	struct config *config, *again = NULL;

	(void)state;
	write_file("main.json", "{" OUTPUTS "," ZONES "}");
	config = load("main.json");
	/* the same with the defaults said: what they print begins and ends with a brace */
	assert_true(asprintf(&text, "{" OUTPUTS "," ZONES ",%s", defaults + 1) > 0);
	if (config_parse(text, strlen(text), "again", &again, error) < 0)
		fail_msg("%s", error);
	assert_memory_equal(again, config, sizeof(*config));
	free(text);
	free(defaults);
	config_free(again);
	config_free(config);
}

/* ---- described ---- */

static char *read_readme(void)
{
	char *text = calloc(1, 65536);
	FILE *file = fopen("daemon/config/README.md", "r");

	if (!file)
		fail_msg("run this from the top of the tree");
	assert_true(fread(text, 1, 65535, file) > 0);
	fclose(file);
	return text;
}

/* Each key's row begins with "| `key` | allowed |"; returns how many keys there are. */
static unsigned int expect_rows(const char *readme, const struct schema_field *field,
				const char *prefix)
{
	char path[256], row[1024], words[SCHEMA_ALLOWED_MAX];
	unsigned int count = 0;

	for (; field->key; field++) {
		snprintf(path, sizeof(path), "%s%s%s%s", prefix, *prefix ? "." : "", field->key,
			 field->array ? "[]" : "");
		snprintf(row, sizeof(row), "\n| `%s` | %s | %s", path, schema_allowed(field, words),
			 field->required ? "required |" : "");
		if (!strstr(readme, row))
			fail_msg("daemon/config/README.md wants the row%s …", row);
		count++;
		if (field->fields)
			count += expect_rows(readme, field->fields, path);
	}
	return count;
}

static void readme_lists_every_key_and_no_other(void **state)
{
	char *readme = read_readme(), *at;
	unsigned int rows = 0;

	(void)state;
	for (at = readme; (at = strstr(at, "\n| `")); at++)
		rows++;
	assert_int_equal(expect_rows(readme, config_schema(), ""), rows);
	free(readme);
}

#define FILES(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FILES(topics_may_stand_in_files_of_their_own),
		FILES(an_error_names_the_file_it_is_in),
		FILES(a_topic_stands_in_one_file_only),
		FILES(files_that_include_each_other_are_refused),
		FILES(what_is_included_is_bounded),
		FILES(a_list_of_files_that_is_none_is_refused),
		FILES(what_is_printed_is_the_same_configuration),
		FILES(the_defaults_are_what_a_file_without_them_gets),
		cmocka_unit_test(readme_lists_every_key_and_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
