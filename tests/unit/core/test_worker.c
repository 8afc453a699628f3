// SPDX-License-Identifier: GPL-2.0-or-later
/* core/worker.h: semaphores hold jobs where a test wants them, never sleeps. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/worker.h"

#define LONG_NS (60 * NSEC_PER_SEC)

struct job {
	int number;
	int result;	  /* what it is to return */
	pthread_t ran_on; /* by the job */
	int done_result;
	int done_calls;
	pthread_t done_on;
};

static struct loop *loop;
static struct worker *worker;
static struct job jobs[WORKER_MAX_JOBS + 1];
static int order[WORKER_MAX_JOBS + 1];
static int done_count, expected_count;
static sem_t started, release, ended;

static int setup(void **state)
{
	int i;

	(void)state;
	memset(jobs, 0, sizeof(jobs));
	for (i = 0; i <= WORKER_MAX_JOBS; i++)
		jobs[i].number = i;
	done_count = 0;
	sem_init(&started, 0, 0);
	sem_init(&release, 0, 0);
	sem_init(&ended, 0, 0);
	assert_int_equal(loop_create(&loop, "test"), 0);
	return worker_create(&worker, loop, "test-worker");
}

static int teardown(void **state)
{
	(void)state;
	worker = worker_destroy(worker, LONG_NS);
	loop = loop_destroy(loop);
	sem_destroy(&started);
	sem_destroy(&release);
	sem_destroy(&ended);
	return 0;
}

static void wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore))
		;
}

static int run(void *data)
{
	struct job *job = data;

	job->ran_on = pthread_self();
	return job->result;
}

/* Runs until the test lets it go. */
static int run_held(void *data)
{
	int result;

	sem_post(&started);
	wait_for(&release);
	result = run(data);
	sem_post(&ended);
	return result;
}

static void on_done(void *data, int result, void *user)
{
	struct job *job = data;

	assert_ptr_equal(user, &jobs);
	job->done_result = result;
	job->done_calls++;
	job->done_on = pthread_self();
	order[done_count++] = job->number;
	if (done_count == expected_count)
		loop_exit(loop, 0);
}

static int submit(worker_job_fn fn, int number)
{
	return worker_submit(worker, fn, &jobs[number], on_done, &jobs);
}

static void run_until(int count)
{
	expected_count = count;
	if (done_count < count)
		loop_run(loop);
}

static void a_job_runs_on_the_thread_and_its_result_comes_back_on_the_loop(void **state)
{
	(void)state;
	jobs[0].result = -EIO;
	assert_int_equal(submit(run, 0), 0);
	run_until(1);
	assert_int_equal(jobs[0].done_result, -EIO);
	assert_int_equal(jobs[0].done_calls, 1);
	assert_false(pthread_equal(jobs[0].ran_on, pthread_self()));
	assert_true(pthread_equal(jobs[0].done_on, pthread_self()));
}

static void jobs_run_one_after_the_other_in_order(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 40; i++)
		assert_int_equal(submit(run, i), 0);
	run_until(40);
	for (i = 0; i < 40; i++)
		assert_int_equal(order[i], i);
}

static void the_queue_is_full_at_its_limit_and_free_again_when_results_were_taken(void **state)
{
	int i;

	(void)state;
	assert_int_equal(submit(run_held, 0), 0);
	for (i = 1; i < WORKER_MAX_JOBS; i++)
		assert_int_equal(submit(run, i), 0);
	assert_int_equal(submit(run, WORKER_MAX_JOBS), -EAGAIN);
	sem_post(&release);
	run_until(WORKER_MAX_JOBS);
	assert_int_equal(jobs[WORKER_MAX_JOBS].done_calls, 0);
	assert_int_equal(submit(run, WORKER_MAX_JOBS), 0);
	run_until(WORKER_MAX_JOBS + 1);
	assert_int_equal(jobs[WORKER_MAX_JOBS].done_calls, 1);
}

static int chain;

static void on_done_submit(void *data, int result, void *user)
{
	(void)result;
	(void)user;
	if (++chain < 200)
		assert_int_equal(worker_submit(worker, run, data, on_done_submit, NULL), 0);
	else
		loop_exit(loop, 0);
}

static void a_done_function_may_submit_the_next_job(void **state)
{
	(void)state;
	chain = 0;
	assert_int_equal(worker_submit(worker, run, &jobs[0], on_done_submit, NULL), 0);
	loop_run(loop);
	assert_int_equal(chain, 200);
}

static void *release_it(void *data)
{
	(void)data;
	sem_post(&release);
	return NULL;
}

static void destroying_lets_the_running_job_end_and_cancels_those_that_wait(void **state)
{
	pthread_t thread;
	int i, cancelled = 0;

	(void)state;
	assert_int_equal(submit(run_held, 0), 0);
	for (i = 1; i < 10; i++)
		assert_int_equal(submit(run, i), 0);
	wait_for(&started);
	pthread_create(&thread, NULL, release_it, NULL);
	worker = worker_destroy(worker, LONG_NS);
	pthread_join(thread, NULL);
	assert_null(worker);
	/* all came back, none twice; the first ended by itself */
	assert_int_equal(done_count, 10);
	assert_int_equal(jobs[0].done_result, 0);
	for (i = 0; i < 10; i++) {
		assert_int_equal(jobs[i].done_calls, 1);
		cancelled += jobs[i].done_result == -ECANCELED;
	}
	/* those behind the first may have run before the stop was seen, or not */
	assert_in_range(cancelled, 0, 9);
	assert_int_equal(loop_stats(loop, NULL, 0), 0);
}

static void a_stuck_thread_is_left_behind_and_its_job_not_given_back(void **state)
{
	int i;

	(void)state;
	assert_int_equal(submit(run_held, 0), 0);
	assert_int_equal(submit(run, 1), 0);
	assert_int_equal(submit(run, 2), 0);
	wait_for(&started);
	worker = worker_destroy(worker, 1);
	assert_null(worker);
	assert_int_equal(done_count, 2);
	assert_int_equal(jobs[0].done_calls, 0);
	for (i = 1; i <= 2; i++)
		assert_int_equal(jobs[i].done_result, -ECANCELED);
	assert_int_equal(loop_stats(loop, NULL, 0), 0);
	/* what it was given stays its own until it ends, and then nothing is left of it */
	sem_post(&release);
	wait_for(&ended);
}

static void on_done_refuse(void *data, int result, void *user)
{
	(void)data;
	(void)user;
	assert_int_equal(result, -ECANCELED);
	assert_int_equal(worker_submit(worker, run, &jobs[5], on_done, &jobs), -ECANCELED);
	done_count++;
}

static void nothing_is_taken_while_it_is_destroyed(void **state)
{
	(void)state;
	assert_int_equal(submit(run_held, 0), 0);
	assert_int_equal(worker_submit(worker, run, &jobs[1], on_done_refuse, NULL), 0);
	wait_for(&started);
	worker = worker_destroy(worker, 1);
	assert_int_equal(done_count, 1);
	sem_post(&release);
	wait_for(&ended);
}

static int look_at_signals(void *data)
{
	sigset_t mask;

	(void)data;
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	return sigismember(&mask, SIGTERM) && sigismember(&mask, SIGINT);
}

static void signals_are_blocked_on_the_thread(void **state)
{
	(void)state;
	assert_int_equal(submit(look_at_signals, 0), 0);
	run_until(1);
	assert_int_equal(jobs[0].done_result, 1);
}

static void destroying_nothing_or_an_idle_worker_is_fine(void **state)
{
	(void)state;
	assert_null(worker_destroy(NULL, 1));
	worker = worker_destroy(worker, LONG_NS);
	assert_null(worker);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_job_runs_on_the_thread_and_its_result_comes_back_on_the_loop),
		TEST(jobs_run_one_after_the_other_in_order),
		TEST(the_queue_is_full_at_its_limit_and_free_again_when_results_were_taken),
		TEST(a_done_function_may_submit_the_next_job),
		TEST(destroying_lets_the_running_job_end_and_cancels_those_that_wait),
		TEST(signals_are_blocked_on_the_thread),
		TEST(destroying_nothing_or_an_idle_worker_is_fine),
		TEST(nothing_is_taken_while_it_is_destroyed),
		TEST(a_stuck_thread_is_left_behind_and_its_job_not_given_back),
	};

	return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
