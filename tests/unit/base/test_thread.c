// SPDX-License-Identifier: GPL-2.0-or-later
/* base/thread.h */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/thread.h"

#define LONG_NS (60ULL * 1000000000ULL)

struct seen {
	sigset_t mask;
	char name[16];
	sem_t go;
};

static void *look_around(void *data)
{
	struct seen *seen = data;

	pthread_sigmask(SIG_SETMASK, NULL, &seen->mask);
	/* the name is given after the start */
	while (sem_wait(&seen->go))
		;
	pthread_getname_np(pthread_self(), seen->name, sizeof(seen->name));
	return NULL;
}

static void a_helper_thread_has_its_name_and_all_signals_blocked(void **state)
{
	struct seen seen;
	struct thread *thread;
	sigset_t before, after;
	int signo;

	(void)state;
	memset(&seen, 0, sizeof(seen));
	sem_init(&seen.go, 0, 0);
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	assert_int_equal(thread_start(&thread, "fifteen-letters", look_around, &seen), 0);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	sem_post(&seen.go);
	assert_int_equal(thread_join(thread, LONG_NS), 0);

	assert_string_equal(seen.name, "fifteen-letters");
	for (signo = 1; signo < SIGRTMIN; signo++) {
		/* two cannot be blocked, and two belong to the C library: signal(7), nptl(7) */
		if (signo == SIGKILL || signo == SIGSTOP || signo == 32 || signo == 33)
			continue;
		assert_int_equal(sigismember(&seen.mask, signo), 1);
		assert_int_equal(sigismember(&after, signo), sigismember(&before, signo));
	}
	sem_destroy(&seen.go);
}

/* proc(5): one folder for each thread of the process */
static int count_threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	int n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static sem_t hang;

static void *hang_until_told(void *data)
{
	(void)data;
	while (sem_wait(&hang))
		;
	return NULL;
}

static void a_thread_that_hangs_is_left_behind(void **state)
{
	struct thread *thread;
	int threads = count_threads();

	(void)state;
	sem_init(&hang, 0, 0);
	assert_int_equal(thread_start(&thread, "hangs", hang_until_told, NULL), 0);
	assert_int_equal(thread_join(thread, 1), -ETIMEDOUT);
	thread = NULL;
	/* it runs on unharmed, and when it ends nothing is left of it: the leak checker looks */
	assert_int_equal(count_threads(), threads + 1);
	sem_post(&hang);
	while (count_threads() != threads)
		sched_yield();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_helper_thread_has_its_name_and_all_signals_blocked),
		cmocka_unit_test(a_thread_that_hangs_is_left_behind),
	};

	return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
