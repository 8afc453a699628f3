// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files of a configuration and what is changed over HTTP over them. What is the
 * files' alone, and where changes are kept, is what README.md says.
 */
#include <errno.h>
#include <fcntl.h>
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

#include "config/overlay.h"

static const char files[] =
	"{\"outputs\":[{\"name\":\"a\",\"type\":\"virtual\",\"channels\":[{\"pixels\":9}]},"
	"{\"name\":\"d\",\"type\":\"device\",\"path\":\"/dev/some\"}],"
	"\"zones\":[{\"id\":\"Z\",\"output\":\"a\",\"first\":0,\"count\":9}],"
	"\"frames\":{\"fps\":20},\"http\":{\"port\":81},"
	"\"thermal\":{\"sensor\":\"/sys/some\",\"hot_c\":77},"
	"\"inputs\":[{\"name\":\"K\",\"type\":\"keyboard\",\"device\":\"/dev/k\"},"
	"{\"name\":\"B\",\"type\":\"button\",\"chip\":\"c\",\"line\":3}],"
	"\"programs\":[{\"id\":\"P\",\"command\":[\"/bin/true\"]}]}";

static char folder[] = "/tmp/test_overlay.XXXXXX";
static char path[64], state_path[64], own_path[64];

static struct config *config;
static struct config_document *document;
static struct config_change *change;
static char error[CONFIG_ERROR_MAX];

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int setup(void **state)
{
	(void)state;
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/diuna.json", folder);
	snprintf(state_path, sizeof(state_path), "%s/state.json", folder);
	snprintf(own_path, sizeof(own_path), "%s/state-config.json", folder);
	write_file(path, files);
	return 0;
}

static void drop(void)
{
	config = config_free(config);
	document = config_document_free(document);
	change = config_change_unref(change);
}

static int teardown(void **state)
{
	(void)state;
	drop();
	unlink(path);
	unlink(own_path);
	return rmdir(folder);
}

static int load(bool forgiving)
{
	drop();
	return overlay_load(path, state_path, forgiving, &config, &document, error);
}

static int ask_at(const char *kept_at, enum config_change_kind kind, const char *text)
{
	drop();
	change = config_change_create(kind, text ? strdup(text) : NULL);
	assert_non_null(change);
	return overlay_change(path, kept_at, change, &config, &document);
}

static int ask(enum config_change_kind kind, const char *text)
{
	return ask_at(state_path, kind, text);
}

static void refused(int result, const char *text, const char *field, const char *value)
{
	enum config_change_kind kind;

	for (kind = CONFIG_CHANGE_CHECK; kind <= CONFIG_CHANGE_MERGE; kind++) {
		if (ask(kind, text) != result)
			fail_msg("kind %d: %s: %s", kind, text, change->detail);
		assert_string_equal(change->field, field);
		assert_string_equal(change->value, value);
		assert_true(change->allowed[0]);
		assert_null(config);
		assert_int_equal(access(own_path, F_OK), -1);
	}
}

static void without_changes_it_is_the_files(void **state)
{
	struct config *alone = NULL;
	json_t *told, *whole;

	(void)state;
	assert_int_equal(load(false), 0);
	assert_int_equal(config_load(path, &alone, error), 0);
	assert_string_equal(config->state_path, state_path);
	alone->state_path[0] = config->state_path[0] = '\0';
	whole = config_json(alone);
	told = json_loads(document->config, 0, NULL);
	assert_true(json_equal(told, whole));
	assert_string_equal(document->own, "[]");
	assert_string_equal(document->ignored, "");
	json_decref(told);
	json_decref(whole);
	config_free(alone);
}

static void a_change_is_kept_and_read_again(void **state)
{
	(void)state;
	assert_int_equal(ask(CONFIG_CHANGE_REPLACE, "{\"frames\":{\"fps\":33}}"), 0);
	assert_int_equal(config->fps, 33);
	assert_string_equal(document->own, "[\"frames\"]");
	assert_int_equal(load(false), 0);
	assert_int_equal(config->fps, 33);
	/* to check keeps nothing */
	assert_int_equal(ask(CONFIG_CHANGE_CHECK, "{\"frames\":{\"fps\":34}}"), 0);
	assert_int_equal(config->fps, 34);
	assert_int_equal(load(false), 0);
	assert_int_equal(config->fps, 33);
	/* what is as in the files is theirs again */
	assert_int_equal(ask(CONFIG_CHANGE_MERGE, "{\"frames\":{\"fps\":20}}"), 0);
	assert_string_equal(document->own, "[]");
	assert_int_equal(ask(CONFIG_CHANGE_REPLACE, "{\"frames\":{\"fps\":33}}"), 0);
	assert_int_equal(ask(CONFIG_CHANGE_CLEAR, NULL), 0);
	assert_int_equal(config->fps, 20);
}

/* The example of RFC 7396, section 3, in members that there are. */
static void a_merge_goes_into_objects_and_takes_away(void **state)
{
	(void)state;
	assert_int_equal(ask(CONFIG_CHANGE_MERGE, "{\"transitions\":{\"scene\":{\"ms\":7}}}"), 0);
	assert_int_equal(
		ask(CONFIG_CHANGE_MERGE, "{\"transitions\":{\"scene\":{\"kind\":\"fade\"}}}"), 0);
	assert_int_equal(config->transitions.of[TRANSITION_SCENE].duration_ms, 7);
	assert_int_equal(ask(CONFIG_CHANGE_MERGE, "{\"transitions\":{\"scene\":{\"ms\":null}}}"),
			 0);
	/* README.md's default */
	assert_int_equal(config->transitions.of[TRANSITION_SCENE].duration_ms, 400);
	assert_string_equal(document->own, "[\"transitions\"]");
	assert_int_equal(ask(CONFIG_CHANGE_MERGE, "{\"transitions\":null}"), 0);
	assert_string_equal(document->own, "[]");
}

static void what_is_the_files_alone_cannot_be_changed(void **state)
{
	(void)state;
	refused(-EPERM, "{\"http\":{\"port\":82}}", "/http/port", "82");
	refused(-EPERM, "{\"http\":{\"port\":81,\"token_file\":\"/x\"}}", "/http/token_file",
		"\"/x\"");
	refused(-EPERM, "{\"http\":7}", "/http", "7");
	refused(-EPERM, "{\"state\":{}}", "/state", "{}");
	refused(-EPERM, "{\"include\":[]}", "/include", "[]");
	refused(-EPERM, "{\"programs\":[]}", "/programs", "[]");
	refused(-EPERM, "{\"programs\":[{\"id\":\"P\",\"command\":[\"/bin/sh\"]}]}",
		"/programs/0/command/0", "\"/bin/sh\"");
	refused(-EPERM, "{\"programs\":[{\"id\":\"P\",\"command\":[\"/bin/true\",\"-x\"]}]}",
		"/programs/0/command", "[\"/bin/true\",\"-x\"]");
	refused(-EPERM, "{\"thermal\":{\"sensor\":\"/etc/shadow\"}}", "/thermal/sensor",
		"\"/etc/shadow\"");
	refused(-EPERM, "{\"outputs\":[{\"name\":\"a\",\"path\":\"/dev/mem\"}]}", "/outputs/0/path",
		"\"/dev/mem\"");
	refused(-EPERM, "{\"outputs\":[{\"name\":\"d\",\"label\":\"other\"}]}", "/outputs/0/label",
		"\"other\"");
	/* under another name it is no output of the files */
	refused(-EPERM,
		"{\"outputs\":[{\"name\":\"e\",\"type\":\"device\",\"path\":\"/dev/some\"}]}",
		"/outputs/0/path", "\"/dev/some\"");
	refused(-EPERM, "{\"inputs\":[{\"name\":\"K\",\"device\":\"/dev/other\"}]}",
		"/inputs/0/device", "\"/dev/other\"");
	refused(-EPERM, "{\"inputs\":[{\"name\":\"L\",\"type\":\"keyboard\"}]}", "/inputs/0/type",
		"\"keyboard\"");
	refused(-EPERM, "{\"inputs\":[{\"name\":\"K\",\"grab\":true}]}", "/inputs/0/grab", "true");
}

static void told_as_it_is_it_does_no_harm(void **state)
{
	char *whole;

	(void)state;
	assert_int_equal(load(false), 0);
	whole = strdup(document->config);
	assert_int_equal(ask(CONFIG_CHANGE_REPLACE, whole), 0);
	assert_string_equal(document->own, "[]");
	assert_string_equal(document->config, whole);
	free(whole);
}

static void what_is_the_files_alone_stays_theirs_in_a_topic_that_is_changed(void **state)
{
	(void)state;
	assert_int_equal(ask(CONFIG_CHANGE_REPLACE, "{\"thermal\":{\"hot_c\":75},\"inputs\":["
						    "{\"name\":\"B\",\"double_ms\":0}]}"),
			 0);
	assert_int_equal(config->thermal.hot_c, 75);
	assert_string_equal(config->thermal.sensor, "/sys/some");
	assert_int_equal(config->input_count, 1);
	assert_int_equal(config->input[0].type, INPUT_BUTTON);
	assert_int_equal(config->input[0].double_ms, 0);
	/* also when the files say another thing later */
	write_file(path, "{\"outputs\":[{\"name\":\"a\",\"type\":\"virtual\",\"channels\":[{"
			 "\"pixels\":9}]}],\"zones\":[{\"id\":\"Z\",\"output\":\"a\",\"first\":0,"
			 "\"count\":9}],\"thermal\":{\"sensor\":\"/sys/new\"},"
			 "\"inputs\":[{\"name\":\"B\",\"type\":\"encoder\",\"chip\":\"c\",\"a\":3,"
			 "\"b\":4}]}");
	if (load(true) < 0)
		fail_msg("%s", error);
	assert_string_equal(document->ignored, "");
	assert_string_equal(config->thermal.sensor, "/sys/new");
	assert_int_equal(config->thermal.hot_c, 75);
	assert_int_equal(config->input[0].type, INPUT_ENCODER);
	assert_int_equal(config->input[0].double_ms, 0);
}

/* A device of the files becomes a strip in memory, so that its path is nobody's. */
static void an_output_may_become_another_kind(void **state)
{
	(void)state;
	if (ask(CONFIG_CHANGE_REPLACE,
		"{\"outputs\":[{\"name\":\"a\",\"type\":\"virtual\",\"channels\":[{\"pixels\":9}"
		"]},{\"name\":\"d\",\"type\":\"virtual\",\"channels\":[{\"pixels\":5}]}]}") < 0)
		fail_msg("%s", change->detail);
	assert_int_equal(config->output[1].type, CONFIG_OUTPUT_VIRTUAL);
	assert_string_equal(config->output[1].path, "");
	assert_int_equal(load(false), 0);
	assert_int_equal(config->output[1].type, CONFIG_OUTPUT_VIRTUAL);
}

/* Names of types are read in any case, and told in small letters. */
static void a_type_in_another_case_is_the_same_kind(void **state)
{
	char text[sizeof(files)];
	char *type;

	(void)state;
	memcpy(text, files, sizeof(files));
	type = strstr(text, "device");
	memcpy(type, "DEVICE", 6);
	write_file(path, text);
	if (ask(CONFIG_CHANGE_MERGE,
		"{\"outputs\":[{\"name\":\"a\",\"type\":\"virtual\",\"channels\":[{\"pixels\":9}"
		"]},{\"name\":\"d\",\"type\":\"device\",\"path\":\"/dev/some\","
		"\"colors\":[{\"gamma\":2}]}]}") < 0)
		fail_msg("%s", change->detail);
	assert_string_equal(config->output[1].path, "/dev/some");
	assert_int_equal(config->output[1].colors[0].gamma, 200);
	/* the gamma that nobody gave is 2.2, which no binary number is */
	assert_non_null(strstr(document->config, "\"gamma\":2.2,"));
}

static void what_is_wrong_is_named(void **state)
{
	(void)state;
	refused(-EINVAL, "{\"frames\":{\"fps\":0}}", "/frames/fps", "0");
	refused(-EINVAL, "{\"frame\":{}}", "/frame", "");
	refused(-EINVAL, "{\"version\":2}", "/version", "2");
	refused(-EINVAL, "{\"outputs\":{}}", "/outputs", "{}");
	refused(-EINVAL, "{\"inputs\":[null]}", "/inputs/0", "null");
	/* a zone of the files lies on an output that is not there any more */
	refused(-EINVAL,
		"{\"outputs\":[{\"name\":\"b\",\"type\":\"virtual\",\"channels\":[{\"pixels\":9}]}"
		"]}",
		"/zones/0/output", "\"a\"");
	assert_int_equal(ask(CONFIG_CHANGE_REPLACE, "[]"), -EINVAL);
	assert_int_equal(ask(CONFIG_CHANGE_REPLACE, "7"), -EINVAL);
}

static void without_a_state_nothing_is_kept(void **state)
{
	(void)state;
	assert_int_equal(ask_at("none", CONFIG_CHANGE_REPLACE, "{}"), -ENOTSUP);
	assert_int_equal(ask_at("none", CONFIG_CHANGE_CHECK, "{}"), 0);
}

static void while_the_files_are_wrong_nothing_is_changed(void **state)
{
	(void)state;
	write_file(path, "{");
	assert_int_equal(ask(CONFIG_CHANGE_REPLACE, "{}"), -EBADMSG);
	assert_non_null(strstr(change->detail, "diuna.json:1:1"));
	assert_int_equal(load(true), -EINVAL);
}

static void what_cannot_be_written_changes_nothing(void **state)
{
	char nowhere[80];

	(void)state;
	snprintf(nowhere, sizeof(nowhere), "%s/gone/state.json", folder);
	assert_int_equal(ask_at(nowhere, CONFIG_CHANGE_REPLACE, "{\"frames\":{\"fps\":33}}"),
			 -ENOENT);
	assert_null(config);
}

/* A folder in place of the file: read(2) says EISDIR, as a disk would say EIO. */
static void what_cannot_be_read_is_not_lost_by_a_change_of_something_else(void **state)
{
	(void)state;
	assert_int_equal(mkdir(own_path, 0700), 0);
	assert_int_equal(load(true), 0);
	assert_non_null(strstr(document->ignored, "state-config.json"));
	assert_int_equal(ask(CONFIG_CHANGE_MERGE, "{\"frames\":{\"fps\":33}}"), -EISDIR);
	assert_non_null(strstr(change->detail, "state-config.json"));
	assert_int_equal(rmdir(own_path), 0);
}

/* Cut at each byte it is damaged, whole it counts; nothing of it may harm a start. */
static void a_file_that_is_cut_keeps_nothing_from_starting(void **state)
{
	static const char kept[] = "{\"frames\":{\"fps\":33},\"inputs\":[{\"name\":\"K\"}]}";
	size_t length;
	char cut[sizeof(kept)];

	(void)state;
	for (length = 0; length < sizeof(kept); length++) {
		snprintf(cut, length + 1, "%s", kept);
		write_file(own_path, cut);
		assert_int_equal(load(true), 0);
		assert_int_equal(config->fps, length == sizeof(kept) - 1 ? 33 : 20);
		assert_int_equal(!document->ignored[0], length == sizeof(kept) - 1);
		assert_int_equal(load(false), length == sizeof(kept) - 1 ? 0 : -EINVAL);
	}
}

static void what_is_the_files_alone_cannot_be_planted(void **state)
{
	(void)state;
	write_file(own_path, "{\"programs\":[{\"id\":\"P\",\"command\":[\"/bin/sh\"]}]}");
	assert_int_equal(load(false), -EPERM);
	assert_int_equal(load(true), 0);
	assert_non_null(strstr(document->ignored, "/programs/0/command/0"));
	assert_string_equal(config->program[0].command, "/bin/true");
	/* and a merge does not go into it */
	assert_int_equal(ask(CONFIG_CHANGE_MERGE, "{\"frames\":{\"fps\":33}}"), 0);
	assert_string_equal(document->own, "[\"frames\"]");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_changes_it_is_the_files),
		TEST(a_change_is_kept_and_read_again),
		TEST(a_merge_goes_into_objects_and_takes_away),
		TEST(what_is_the_files_alone_cannot_be_changed),
		TEST(told_as_it_is_it_does_no_harm),
		TEST(what_is_the_files_alone_stays_theirs_in_a_topic_that_is_changed),
		TEST(an_output_may_become_another_kind),
		TEST(a_type_in_another_case_is_the_same_kind),
		TEST(what_is_wrong_is_named),
		TEST(without_a_state_nothing_is_kept),
		TEST(while_the_files_are_wrong_nothing_is_changed),
		TEST(what_cannot_be_written_changes_nothing),
		TEST(what_cannot_be_read_is_not_lost_by_a_change_of_something_else),
		TEST(a_file_that_is_cut_keeps_nothing_from_starting),
		TEST(what_is_the_files_alone_cannot_be_planted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
