// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * base/log.h. The texts of errno values are those of errno(3). Standard error
 * is a file or a pipe here, the journal a function of this file.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <regex.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"

static int saved_stderr = -1;
static int captured = -1;
static char output[1 << 20];

static void capture_start(void)
{
	saved_stderr = dup(STDERR_FILENO);
	captured = memfd_create("stderr", MFD_CLOEXEC);
	assert_true(captured >= 0);
	dup2(captured, STDERR_FILENO);
}

/* Standard error again as it was; what was written is in output. */
static void capture_stop(void)
{
	ssize_t n = pread(captured, output, sizeof(output) - 1, 0);

	dup2(saved_stderr, STDERR_FILENO);
	close(saved_stderr);
	close(captured);
	assert_true(n >= 0);
	output[n] = '\0';
}

static void assert_output_matches(const char *pattern)
{
	regex_t regex;
	int r;

	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	r = regexec(&regex, output, 0, NULL, 0);
	regfree(&regex);
	if (r)
		fail_msg("output does not match %s:\n%s", pattern, output);
}

#define STAMP "^[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\\.[0-9]{3} "

static struct log_line newest(void)
{
	struct log_line line;

	assert_int_equal(log_recent(&line, 1), 1);
	return line;
}

static void without_a_writer_lines_go_to_standard_error_at_once(void **state)
{
	(void)state;
	capture_start();
	log_warning(LOG_OUTPUT, 0, "no %s", "device");
	capture_stop();
	assert_output_matches(STAMP "WARNING OUTPUT: no device\n$");
}

static void an_errno_of_either_sign_is_appended_as_text(void **state)
{
	(void)state;
	capture_start();
	log_error(LOG_CONFIG, -ENOENT, "open");
	capture_stop();
	assert_output_matches("ERROR CONFIG: open: No such file or directory\n$");
	capture_start();
	log_error(LOG_CONFIG, EACCES, "open");
	capture_stop();
	assert_output_matches("ERROR CONFIG: open: Permission denied\n$");
	capture_start();
	log_error(LOG_CONFIG, 4095, "open");
	capture_stop();
	assert_output_matches("ERROR CONFIG: open: error 4095\n$");
}

static void what_is_less_important_than_the_level_is_not_recorded(void **state)
{
	(void)state;
	assert_int_equal(log_get_level(LOG_FRAME), LOG_LEVEL_INFO);
	capture_start();
	log_debug(LOG_FRAME, "hidden");
	log_set_level(LOG_FRAME, LOG_LEVEL_DEBUG);
	log_debug(LOG_FRAME, "shown");
	log_debug(LOG_ZONE, "of another category");
	log_set_level(LOG_FRAME, LOG_LEVEL_ERROR);
	log_warning(LOG_FRAME, 0, "hidden too");
	log_set_level(LOG_FRAME, LOG_LEVEL_INFO);
	capture_stop();
	assert_output_matches(STAMP "DEBUG FRAME: shown\n$");
}

static void levels_out_of_range_change_nothing(void **state)
{
	(void)state;
	log_set_level(LOG_CATEGORIES, LOG_LEVEL_DEBUG);
	log_set_level(LOG_ZONE, LOG_LEVELS);
	assert_int_equal(log_get_level(LOG_ZONE), LOG_LEVEL_INFO);
	assert_int_equal(log_get_level(LOG_CATEGORIES), LOG_LEVEL_ERROR);
}

static void a_long_line_is_cut_and_control_characters_cannot_get_out(void **state)
{
	char text[LOG_TEXT_MAX * 2];
	struct log_line line;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	capture_start();
	assert_int_equal(log_start(false), 0);
	log_error(LOG_API, ENOENT, "%s", text);
	log_error(LOG_API, 0, "one\ntwo\x1b[2J");
	log_stop();
	capture_stop();
	/* the closing zero is within LOG_TEXT_MAX; the errno has no room any more */
	assert_output_matches(STAMP "ERROR API: x{239}\n");
	assert_output_matches("ERROR API: one\\?two\\?\\[2J\n$");
	line = newest();
	assert_string_equal(line.text, "one?two?[2J");
}

static void the_writer_gives_lines_to_standard_error_in_order(void **state)
{
	const char *at = output;
	char expected[64];
	int i;

	(void)state;
	capture_start();
	assert_int_equal(log_start(false), 0);
	for (i = 0; i < 500; i++)
		log_info(LOG_ZONE, "line %d", i);
	log_stop();
	capture_stop();
	for (i = 0; i < 500; i++) {
		snprintf(expected, sizeof(expected), "INFO ZONE: line %d\n", i);
		at = strstr(at, expected);
		assert_non_null(at);
		at += strlen(expected);
	}
	assert_string_equal(at, "");
}

static void starting_twice_is_refused_and_stopping_twice_is_fine(void **state)
{
	(void)state;
	log_stop();
	assert_int_equal(log_start(false), 0);
	assert_int_equal(log_start(true), -EALREADY);
	log_stop();
	log_stop();
	assert_int_equal(log_start(false), 0);
	log_stop();
}

static void repeated_lines_are_folded_into_one_with_a_count(void **state)
{
	struct log_line lines[2];
	int i;

	(void)state;
	capture_start();
	assert_int_equal(log_start(false), 0);
	for (i = 0; i < 5; i++)
		log_warning(LOG_INPUT, EIO, "keyboard");
	log_info(LOG_INPUT, "other");
	log_info(LOG_INPUT, "other");
	log_stop();
	capture_stop();
	assert_int_equal(log_recent(lines, 2), 2);
	/* five: the first and four repeats */
	assert_string_equal(lines[0].text, "keyboard: Input/output error");
	assert_int_equal(lines[0].repeated, 4);
	assert_string_equal(lines[1].text, "other");
	assert_int_equal(lines[1].repeated, 1);
	assert_output_matches(STAMP "WARNING INPUT: keyboard: Input/output error\n"
				    "[0-9:.]{12} WARNING INPUT: repeated 4 times: keyboard: "
				    "Input/output error\n"
				    "[0-9:.]{12} INFO INPUT: other\n"
				    "[0-9:.]{12} INFO INPUT: repeated 1 times: other\n$");
}

static void recent_has_the_newest_lines_oldest_first_with_all_their_fields(void **state)
{
	static struct log_line lines[LOG_RECENT + 10];
	uint64_t first;
	size_t i;

	(void)state;
	capture_start();
	assert_int_equal(log_start(false), 0);
	/* in two parts, so that the ring takes them all */
	for (i = 0; i < LOG_RECENT + 50; i++) {
		if (i == 600) {
			log_stop();
			assert_int_equal(log_start(false), 0);
		}
		log_warning(LOG_STATE, EAGAIN, "%zu", i);
	}
	log_stop();
	capture_stop();

	assert_int_equal(log_recent(lines, LOG_RECENT + 10), LOG_RECENT);
	first = lines[0].seq;
	for (i = 0; i < LOG_RECENT; i++) {
		assert_int_equal(strtoul(lines[i].text, NULL, 10), 50 + i);
		assert_int_equal(lines[i].seq, first + i);
		assert_int_equal(lines[i].level, LOG_LEVEL_WARNING);
		assert_int_equal(lines[i].category, LOG_STATE);
		assert_int_equal(lines[i].error, EAGAIN);
		assert_int_equal(lines[i].repeated, 0);
		assert_true(lines[i].wall_ms > 1600000000000); /* after 2020, so not monotonic */
	}
	assert_int_equal(log_recent(lines, 3), 3);
	assert_int_equal(strtoul(lines[0].text, NULL, 10), LOG_RECENT + 47);
	assert_int_equal(log_recent(lines, 0), 0);
}

/* Stands in for the journal's: a program's own symbol comes before a library's. */
static char journal[4096];
static _Atomic int journal_result;

int sd_journal_sendv(const struct iovec *fields, int n)
{
	size_t length = strlen(journal);
	int i;

	for (i = 0; i < n; i++)
		length += (size_t)snprintf(journal + length, sizeof(journal) - length, "%.*s|",
					   (int)fields[i].iov_len, (char *)fields[i].iov_base);
	snprintf(journal + length, sizeof(journal) - length, "\n");
	return journal_result;
}

static void the_journal_gets_fields(void **state)
{
	(void)state;
	journal[0] = '\0';
	capture_start();
	assert_int_equal(log_start(true), 0);
	log_set_level(LOG_OUTPUT, LOG_LEVEL_DEBUG);
	log_error(LOG_OUTPUT, -ENODEV, "device");
	log_error(LOG_CONFIG, EINVAL, "wrong");
	log_warning(LOG_OUTPUT, 0, "w");
	log_info(LOG_OUTPUT, "i");
	log_info(LOG_OUTPUT, "i");
	log_info(LOG_OUTPUT, "i");
	log_debug(LOG_OUTPUT, "d");
	log_set_level(LOG_OUTPUT, LOG_LEVEL_INFO);
	log_stop();
	capture_stop();
	assert_string_equal(output, "");
	/* priorities: syslog(3), err 3, warning 4, info 6, debug 7; ENODEV is 19 in errno-base.h */
	assert_string_equal(
		journal,
		"MESSAGE=device: No such "
		"device|PRIORITY=3|DIUNA_CATEGORY=OUTPUT|ERRNO=19|DIUNA_RETRY=yes|\n"
		"MESSAGE=wrong: Invalid argument|PRIORITY=3|DIUNA_CATEGORY=CONFIG|ERRNO=22|"
		"DIUNA_RETRY=no|\n"
		"MESSAGE=w|PRIORITY=4|DIUNA_CATEGORY=OUTPUT|\n"
		"MESSAGE=i|PRIORITY=6|DIUNA_CATEGORY=OUTPUT|\n"
		"MESSAGE=repeated 2 times: i|PRIORITY=6|DIUNA_CATEGORY=OUTPUT|DIUNA_REPEATED=2|\n"
		"MESSAGE=d|PRIORITY=7|DIUNA_CATEGORY=OUTPUT|\n");
}

static void errors_that_somebody_has_to_mend_are_told_from_those_that_pass(void **state)
{
	/* by what errno(3) says of each */
	static const int passing[] = { EAGAIN, EINTR,  EIO,	  ENODEV,     ENOENT,	    EBUSY,
				       ENOMEM, ENOSPC, ETIMEDOUT, EADDRINUSE, ECONNREFUSED, EROFS };
	static const int lasting[] = { EINVAL,	EACCES,	      EPERM,	  ENOTTY,
				       ENOTDIR, ENAMETOOLONG, EOPNOTSUPP, EILSEQ };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(passing) / sizeof(passing[0]); i++) {
		assert_true(log_can_retry(passing[i]));
		assert_true(log_can_retry(-passing[i]));
	}
	for (i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++) {
		assert_false(log_can_retry(lasting[i]));
		assert_false(log_can_retry(-lasting[i]));
	}
}

static void a_line_that_the_journal_refuses_goes_to_standard_error(void **state)
{
	(void)state;
	journal_result = -ECONNREFUSED;
	capture_start();
	assert_int_equal(log_start(true), 0);
	log_info(LOG_SYSTEM, "no journal");
	log_stop();
	capture_stop();
	journal_result = 0;
	assert_output_matches(STAMP "INFO SYSTEM: no journal\n$");
}

static void every_line_wakes_the_writer_when_it_sleeps(void **state)
{
	char text[32];
	int i;

	(void)state;
	capture_start();
	assert_int_equal(log_start(false), 0);
	/* each waits for the one before: a lost wake-up would stop here for ever */
	for (i = 0; i < 1000; i++) {
		log_info(LOG_EVENT, "wake %d", i);
		snprintf(text, sizeof(text), "wake %d", i);
		while (strcmp(newest().text, text))
			sched_yield();
	}
	log_stop();
	capture_stop();
}

#define SLIPS 20
static bool slipping;
static pthread_t test_thread;
static int writer_readings;
static _Atomic int slips;

/*
 * Stands in for the C library's. The writer reads CLOCK_MONOTONIC once for a
 * line and once more as the last thing before it goes to sleep: a line that
 * comes just then is the one whose wake-up could be lost.
 */
int clock_gettime(clockid_t id, struct timespec *ret_time)
{
	if (slipping && id == CLOCK_MONOTONIC && !pthread_equal(pthread_self(), test_thread) &&
	    ++writer_readings % 2 == 0 && slips < SLIPS)
		log_info(LOG_EVENT, "slip %d", ++slips);
	return (int)syscall(SYS_clock_gettime, id, ret_time);
}

static void a_line_that_comes_while_the_writer_goes_to_sleep_is_written(void **state)
{
	char text[32];

	(void)state;
	capture_start();
	test_thread = pthread_self();
	slipping = true;
	assert_int_equal(log_start(false), 0);
	log_info(LOG_EVENT, "first");
	snprintf(text, sizeof(text), "slip %d", SLIPS);
	/* if one stays behind, none comes after it, and this waits for ever */
	while (strcmp(newest().text, text))
		sched_yield();
	log_stop();
	slipping = false;
	capture_stop();
}

#define PRODUCERS 4
#define LINES_EACH 3000

static void *produce(void *data)
{
	int producer = (int)(intptr_t)data, i;

	for (i = 0; i < LINES_EACH; i++)
		log_info(LOG_NETWORK, "producer %d line %d", producer, i);
	return NULL;
}

static void many_threads_lose_only_what_is_counted_and_keep_their_order(void **state)
{
	uint64_t dropped = log_dropped();
	int last[PRODUCERS], written = 0, i;
	pthread_t threads[PRODUCERS];
	char *line, *rest = output;

	(void)state;
	capture_start();
	assert_int_equal(log_start(false), 0);
	for (i = 0; i < PRODUCERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, produce, (void *)(intptr_t)i),
				 0);
	for (i = 0; i < PRODUCERS; i++) {
		pthread_join(threads[i], NULL);
		last[i] = -1;
	}
	log_stop();
	capture_stop();
	dropped = log_dropped() - dropped;

	while ((line = strsep(&rest, "\n")) && *line) {
		const char *text = strstr(line, "NETWORK: ");
		int producer, number;

		if (!text) {
			assert_non_null(strstr(line, "lines lost, the ring was full"));
			continue;
		}
		assert_int_equal(sscanf(text, "NETWORK: producer %d line %d", &producer, &number),
				 2);
		assert_in_range(producer, 0, PRODUCERS - 1);
		assert_true(number > last[producer]);
		last[producer] = number;
		written++;
	}
	assert_int_equal(written + (int)dropped, PRODUCERS * LINES_EACH);
}

/* A pipe that takes nothing more stands for a terminal that was stopped. */
static void stop_terminal(int fds[2])
{
	char page[4096] = { 0 };

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(fcntl(fds[1], F_SETPIPE_SZ, 4096), 4096);
	assert_int_equal(write(fds[1], page, sizeof(page)), sizeof(page));
	saved_stderr = dup(STDERR_FILENO);
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
}

static void *read_all(void *data)
{
	size_t length = 0;
	ssize_t n;

	while ((n = read(*(int *)data, output + length, sizeof(output) - 1 - length)) > 0)
		length += (size_t)n;
	output[length] = '\0';
	return NULL;
}

static void a_terminal_that_is_stopped_costs_lines_but_never_stops_a_caller(void **state)
{
	uint64_t dropped = log_dropped();
	unsigned long long lost;
	pthread_t reader;
	int fds[2], i, lines = 0;
	const char *at;

	(void)state;
	stop_terminal(fds);
	assert_int_equal(log_start(false), 0);
	/* 1024 wait, one may be in the writer's hands, all others are lost */
	for (i = 0; i < 1024 + 1 + 20; i++)
		log_info(LOG_ANIMATION, "line %d", i);
	dropped = log_dropped() - dropped;
	assert_in_range(dropped, 20, 21);

	/* the terminal goes on: what waited comes, and that some were lost */
	assert_int_equal(pthread_create(&reader, NULL, read_all, &fds[0]), 0);
	log_stop();
	dup2(saved_stderr, STDERR_FILENO);
	close(saved_stderr);
	pthread_join(reader, NULL);
	close(fds[0]);

	/* the page of zeros comes first */
	for (at = output + 4096; (at = strstr(at, "ANIMATION: line ")); at++)
		lines++;
	assert_int_equal(lines + (int)dropped, 1045);
	at = strstr(output + 4096, "SYSTEM: log: ");
	assert_non_null(at);
	assert_int_equal(sscanf(at, "SYSTEM: log: %llu lines lost", &lost), 1);
	assert_int_equal(lost, dropped);
}

static void a_writer_that_hangs_is_left_behind_by_stop(void **state)
{
	uint64_t dropped;
	char page[8192];
	int fds[2];

	(void)state;
	stop_terminal(fds);
	assert_int_equal(log_start(false), 0);
	log_info(LOG_SYSTEM, "never to be seen in time");
	log_stop();
	/* neither blocks nor writes */
	dropped = log_dropped();
	log_info(LOG_SYSTEM, "only counted");
	assert_int_equal(log_dropped(), dropped + 1);
	assert_int_equal(log_start(false), -EALREADY);
	dup2(saved_stderr, STDERR_FILENO);
	close(saved_stderr);
	/* let it go, so that it does not run into the end of the process */
	while (read(fds[0], page, sizeof(page)) > 0)
		;
	close(fds[0]);
}

static void names_are_those_of_the_api(void **state)
{
	(void)state;
	assert_string_equal(log_level_name(LOG_LEVEL_ERROR), "ERROR");
	assert_string_equal(log_level_name(LOG_LEVEL_DEBUG), "DEBUG");
	assert_string_equal(log_level_name(LOG_LEVELS), "UNKNOWN");
	assert_string_equal(log_category_name(LOG_SYSTEM), "SYSTEM");
	assert_string_equal(log_category_name(LOG_STATE), "STATE");
	assert_string_equal(log_category_name(LOG_CATEGORIES), "UNKNOWN");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_writer_lines_go_to_standard_error_at_once),
		cmocka_unit_test(an_errno_of_either_sign_is_appended_as_text),
		cmocka_unit_test(what_is_less_important_than_the_level_is_not_recorded),
		cmocka_unit_test(levels_out_of_range_change_nothing),
		cmocka_unit_test(a_long_line_is_cut_and_control_characters_cannot_get_out),
		cmocka_unit_test(the_writer_gives_lines_to_standard_error_in_order),
		cmocka_unit_test(starting_twice_is_refused_and_stopping_twice_is_fine),
		cmocka_unit_test(repeated_lines_are_folded_into_one_with_a_count),
		cmocka_unit_test(recent_has_the_newest_lines_oldest_first_with_all_their_fields),
		cmocka_unit_test(the_journal_gets_fields),
		cmocka_unit_test(errors_that_somebody_has_to_mend_are_told_from_those_that_pass),
		cmocka_unit_test(a_line_that_the_journal_refuses_goes_to_standard_error),
		cmocka_unit_test(every_line_wakes_the_writer_when_it_sleeps),
		cmocka_unit_test(a_line_that_comes_while_the_writer_goes_to_sleep_is_written),
		cmocka_unit_test(many_threads_lose_only_what_is_counted_and_keep_their_order),
		cmocka_unit_test(a_terminal_that_is_stopped_costs_lines_but_never_stops_a_caller),
		cmocka_unit_test(names_are_those_of_the_api),
		/* last: there is no log after it */
		cmocka_unit_test(a_writer_that_hangs_is_left_behind_by_stop),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
