// SPDX-License-Identifier: GPL-2.0-or-later
/* core/child.h with real programs of /bin/sh, on a real loop; what is waited for comes as events. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "core/child.h"

#define LONG_NS (60 * NSEC_PER_SEC)
#define DEATHS 1000

static struct loop *loop;
static struct worker *worker;
static struct child *child;
static struct loop_source *too_long;

static bool started, exited, ended;
static int start_result, status;
static char output[256];
static size_t used;
static unsigned int deaths;
static bool again; /* start another one when it is gone */

static int on_too_long(struct loop_source *source, uint64_t now_ns, void *data)
{
	(void)source;
	(void)now_ns;
	(void)data;
	fail_msg("nothing came");
	return 0;
}

static int begin(void **state)
{
	(void)state;
	started = exited = ended = again = false;
	used = 0;
	deaths = 0;
	memset(output, 0, sizeof(output));
	assert_int_equal(loop_create(&loop, "test"), 0);
	assert_int_equal(
		loop_add_timer(loop, &too_long, "too long", LOOP_COMMAND, on_too_long, NULL), 0);
	loop_timer_set(too_long, clock_now_ns() + LONG_NS);
	return worker_create(&worker, loop, "test-worker");
}

static int end(void **state)
{
	(void)state;
	child = child_destroy(child);
	worker = worker_destroy(worker, LONG_NS);
	loop = loop_destroy(loop);
	return 0;
}

static void run_shell(const char *script);

static void on_start(int result, void *data)
{
	(void)data;
	started = true;
	start_result = result;
	if (result < 0)
		loop_exit(loop, 0);
	else
		child_want_output(child);
}

static void on_output(void *data)
{
	ssize_t n;

	(void)data;
	n = child_read(child, output + used, sizeof(output) - 1 - used);
	if (n > 0)
		used += (size_t)n;
	ended = n == 0;
	if (!ended)
		child_want_output(child);
	/* whoever waits for its words only */
	if (strchr(output, '!'))
		loop_exit(loop, 0);
}

static void on_exit_of_child(int result, void *data)
{
	(void)data;
	exited = true;
	status = result;
	deaths++;
	child = child_destroy(child);
	if (again && deaths < DEATHS)
		run_shell("exit 7");
	else
		loop_exit(loop, 0);
}

static const struct child_config *config_of(const char *const *argv)
{
	static const char *const envp[] = { "PATH=/usr/bin:/bin", "WORD=from us", NULL };
	static struct child_config config;

	config = (struct child_config){ .loop = loop,
					.worker = worker,
					.name = "TEST",
					.argv = argv,
					.envp = envp,
					.on_start = on_start,
					.on_output = on_output,
					.on_exit = on_exit_of_child };
	return &config;
}

static void run_shell(const char *script)
{
	const char *argv[] = { "/bin/sh", "-c", script, NULL };

	assert_int_equal(child_start(&child, config_of(argv)), 0);
}

/* Its output may end before it does, which ends the loop as well. */
static void wait_gone(void)
{
	while (!exited)
		loop_run(loop);
}

static unsigned int open_files(void)
{
	unsigned int count = 0;
	int fd;

	for (fd = 0; fd < 200; fd++)
		count += dup2(fd, fd) == fd;
	return count;
}

static void its_code_and_its_words_come(void **state)
{
	(void)state;
	run_shell("echo \"$WORD\"; exit 3");
	assert_int_equal(loop_run(loop), 0);
	assert_true(started);
	assert_true(exited);
	assert_int_equal(status, 3);
	/* which of the two is known first is nobody's to say */
	assert_true(used == 0 || !strcmp(output, "from us\n"));
}

static void a_signal_is_told_as_such(void **state)
{
	(void)state;
	run_shell("kill -9 $$");
	loop_run(loop);
	assert_int_equal(status, -SIGKILL);
}

static void what_cannot_be_started_is_told_and_nothing_else_follows(void **state)
{
	const char *argv[] = { "/nonexistent", NULL };

	(void)state;
	assert_int_equal(child_start(&child, config_of(argv)), 0);
	loop_run(loop);
	assert_true(started);
	assert_int_equal(start_result, -ENOENT);
	assert_false(exited);
	assert_int_equal(child_pid(child), 0);
}

static void too_many_words_are_refused(void **state)
{
	const char *argv[CHILD_ARGS_MAX + 2] = { "/bin/true" };
	int i;

	(void)state;
	for (i = 1; i <= CHILD_ARGS_MAX; i++)
		argv[i] = "word";
	assert_int_equal(child_start(&child, config_of(argv)), -E2BIG);
	assert_null(child);
}

static void asked_to_stop_it_stops(void **state)
{
	(void)state;
	run_shell("echo '!'; sleep 600");
	loop_run(loop);
	child_stop(child);
	child_stop(child);
	wait_gone();
	assert_int_equal(status, -SIGTERM);
}

static void asked_to_stop_before_it_runs_it_stops(void **state)
{
	(void)state;
	run_shell("sleep 600");
	child_stop(child);
	wait_gone();
	assert_int_equal(status, -SIGTERM);
}

static void deaf_to_sigterm_it_is_killed(void **state)
{
	(void)state;
	run_shell("trap '' TERM; echo '!'; while :; do sleep 600; done");
	loop_run(loop);
	child_stop(child);
	wait_gone();
	assert_int_equal(status, -SIGKILL);
}

static void its_family_goes_with_it(void **state)
{
	pid_t pid;
	int i;

	(void)state;
	run_shell("sleep 600 & sleep 600 & echo '!'; exec sleep 600");
	loop_run(loop);
	pid = child_pid(child);
	assert_int_equal(kill(-pid, 0), 0);
	kill(pid, SIGINT);
	wait_gone();
	assert_int_equal(status, -SIGINT);
	/* they have been sent SIGKILL; whoever is init reaps them, or leaves zombies in the group */
	for (i = 0; i < 600; i++) {
		char command[160];

		/* fields of proc(5): state and process group */
		snprintf(command, sizeof(command),
			 "cat /proc/[0-9]*/stat 2>/dev/null | awk '$5 == %d && $3 != \"Z\"' | "
			 "grep -q .",
			 (int)pid);
		if (system(command) != 0)
			break;
		usleep(100000);
	}
	assert_true(i < 600);
}

static void words_without_end_do_not_hold_it_up(void **state)
{
	(void)state;
	/* 10 MB, where a pipe nobody reads holds 64 KiB */
	run_shell("yes | head -c 10000000 >&2; exit 5");
	wait_gone();
	assert_int_equal(status, 5);
}

static void dead_a_thousand_times_it_leaves_nothing(void **state)
{
	unsigned int before = open_files();

	(void)state;
	again = true;
	run_shell("exit 7");
	while (deaths < DEATHS)
		loop_run(loop);
	assert_int_equal(deaths, DEATHS);
	assert_int_equal(status, 7);
	assert_int_equal(open_files(), before);
	/* no child is left, dead or alive */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void forgotten_while_it_runs_it_is_killed(void **state)
{
	pid_t pid;

	(void)state;
	run_shell("echo '!'; sleep 600");
	loop_run(loop);
	pid = child_pid(child);
	child = child_destroy(child);
	/* killed; reaped here if that was too quick for it */
	waitpid(pid, NULL, 0);
	assert_int_equal(kill(pid, 0), -1);
}

static void forgotten_before_it_runs_it_never_bothers(void **state)
{
	(void)state;
	run_shell("sleep 600");
	child = child_destroy(child);
	worker = worker_destroy(worker, LONG_NS);
	assert_false(started);
	while (waitpid(-1, NULL, 0) > 0)
		;
	assert_int_equal(errno, ECHILD);
	assert_int_equal(worker_create(&worker, loop, "test-worker"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(its_code_and_its_words_come, begin, end),
		cmocka_unit_test_setup_teardown(a_signal_is_told_as_such, begin, end),
		cmocka_unit_test_setup_teardown(
			what_cannot_be_started_is_told_and_nothing_else_follows, begin, end),
		cmocka_unit_test_setup_teardown(too_many_words_are_refused, begin, end),
		cmocka_unit_test_setup_teardown(asked_to_stop_it_stops, begin, end),
		cmocka_unit_test_setup_teardown(asked_to_stop_before_it_runs_it_stops, begin, end),
		cmocka_unit_test_setup_teardown(deaf_to_sigterm_it_is_killed, begin, end),
		cmocka_unit_test_setup_teardown(its_family_goes_with_it, begin, end),
		cmocka_unit_test_setup_teardown(words_without_end_do_not_hold_it_up, begin, end),
		cmocka_unit_test_setup_teardown(dead_a_thousand_times_it_leaves_nothing, begin,
						end),
		cmocka_unit_test_setup_teardown(forgotten_while_it_runs_it_is_killed, begin, end),
		cmocka_unit_test_setup_teardown(forgotten_before_it_runs_it_never_bothers, begin,
						end),
	};

	return cmocka_run_group_tests_name("child", tests, NULL, NULL);
}
