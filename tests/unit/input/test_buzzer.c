// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * input/buzzer.h, with a folder in place of a PWM of sysfs (Documentation/driver-api/pwm.rst of the
 * kernel: export, pwmN/period, duty_cycle, enable; times in ns) and a file in place of a beeper
 * (EV_SND, SND_TONE with the frequency: Documentation/input/event-codes.rst).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
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

#include "input/buzzer.h"

static char folder[64];
static struct input_config config;
static char error[INPUT_DETAIL_MAX];

static void path_of(char *text, size_t room, const char *name)
{
	snprintf(text, room, "%s/%s", folder, name);
}

static void make(const char *name)
{
	char path[128];
	int fd;

	path_of(path, sizeof(path), name);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
}

/* The number that was written last. */
static long last(const char *name)
{
	char path[128];
	long number = -1;
	FILE *file;

	path_of(path, sizeof(path), name);
	file = fopen(path, "r");
	assert_non_null(file);
	if (fscanf(file, "%ld", &number) != 1)
		number = -1;
	fclose(file);
	return number;
}

static int setup(void **state)
{
	char path[128];

	(void)state;
	strcpy(folder, "/tmp/test-buzzer-XXXXXX");
	assert_non_null(mkdtemp(folder));
	config = (struct input_config){ .type = INPUT_BUZZER, .pwm = -1 };
	error[0] = '\0';
	path_of(path, sizeof(path), "pwm2");
	assert_int_equal(mkdir(path, 0700), 0);
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = { "pwm2/period", "pwm2/duty_cycle", "pwm2/enable",
					     "pwm2",	    "export",	       "beeper" };
	char path[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		path_of(path, sizeof(path), names[i]);
		remove(path);
	}
	return rmdir(folder);
}

static void use_pwm(void)
{
	make("export");
	make("pwm2/period");
	make("pwm2/duty_cycle");
	make("pwm2/enable");
	snprintf(config.device, sizeof(config.device), "%s", folder);
	config.pwm = 2;
}

static void a_pwm_is_exported_and_gives_half_a_period_of_the_tone(void **state)
{
	struct buzzer *buzzer = NULL;

	(void)state;
	use_pwm();
	assert_int_equal(buzzer_open(&buzzer, &config, error), 0);
	assert_int_equal(last("export"), 2);
	assert_int_equal(last("pwm2/enable"), 0);
	assert_int_equal(buzzer_tone(buzzer, 2000), 0);
	/* 1 s / 2000 Hz = 500,000 ns */
	assert_int_equal(last("pwm2/period"), 500000);
	assert_int_equal(last("pwm2/duty_cycle"), 250000);
	assert_int_equal(last("pwm2/enable"), 1);
	assert_int_equal(buzzer_tone(buzzer, 0), 0);
	assert_int_equal(last("pwm2/enable"), 0);
	assert_null(buzzer_close(buzzer));
}

static void a_buzzer_is_silent_at_the_end(void **state)
{
	struct buzzer *buzzer = NULL;

	(void)state;
	use_pwm();
	assert_int_equal(buzzer_open(&buzzer, &config, error), 0);
	assert_int_equal(buzzer_tone(buzzer, 440), 0);
	assert_int_equal(last("pwm2/enable"), 1);
	buzzer_close(buzzer);
	assert_int_equal(last("pwm2/enable"), 0);
}

static void a_beeper_is_told_the_tone(void **state)
{
	struct input_event events[8];
	struct buzzer *buzzer = NULL;
	int fd;

	(void)state;
	make("beeper");
	path_of(config.device, sizeof(config.device), "beeper");
	assert_int_equal(buzzer_open(&buzzer, &config, error), 0);
	assert_int_equal(buzzer_tone(buzzer, 880), 0);
	assert_null(buzzer_close(buzzer));
	fd = open(config.device, O_RDONLY);
	/* silence at first, the tone, silence at the end: each with its report */
	assert_int_equal(read(fd, events, sizeof(events)), 6 * (ssize_t)sizeof(events[0]));
	close(fd);
	assert_int_equal(events[0].type, EV_SND);
	assert_int_equal(events[0].code, SND_TONE);
	assert_int_equal(events[0].value, 0);
	assert_int_equal(events[1].type, EV_SYN);
	assert_int_equal(events[2].value, 880);
	assert_int_equal(events[4].value, 0);
}

static void what_is_not_there_is_told(void **state)
{
	struct buzzer *buzzer = NULL;

	(void)state;
	path_of(config.device, sizeof(config.device), "beeper");
	assert_int_equal(buzzer_open(&buzzer, &config, error), -ENOENT);
	assert_non_null(strstr(error, "beeper: No such file or directory"));
	assert_null(buzzer);
	assert_null(buzzer_close(NULL));
	/* a folder that exports nothing */
	snprintf(config.device, sizeof(config.device), "%s", folder);
	config.pwm = 2;
	assert_int_equal(buzzer_open(&buzzer, &config, error), -ENOENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_pwm_is_exported_and_gives_half_a_period_of_the_tone),
		TEST(a_buzzer_is_silent_at_the_end),
		TEST(a_beeper_is_told_the_tone),
		TEST(what_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
