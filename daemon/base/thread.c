// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

/*
 * The end is told by a condition on CLOCK_MONOTONIC: pthread_timedjoin_np()
 * would wait by the wall clock, which jumps when a Pi first hears of the time.
 */
struct thread {
	pthread_t id;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool ended, left_behind; /* under lock */
	void *(*fn)(void *);
	void *data;
};

static void thread_free(struct thread *thread)
{
	pthread_cond_destroy(&thread->changed);
	pthread_mutex_destroy(&thread->lock);
	free(thread);
}

static void *thread_main(void *data)
{
	struct thread *thread = data;
	bool left_behind;

	thread->fn(thread->data);
	pthread_mutex_lock(&thread->lock);
	thread->ended = true;
	left_behind = thread->left_behind;
	pthread_cond_signal(&thread->changed);
	pthread_mutex_unlock(&thread->lock);
	if (left_behind)
		thread_free(thread);
	return NULL;
}

int thread_start(struct thread **ret_thread, const char *name, void *(*fn)(void *), void *data)
{
	struct thread *thread = calloc(1, sizeof(*thread));
	pthread_condattr_t attr;
	sigset_t all, before;
	int r;

	if (!thread)
		return -ENOMEM;
	thread->fn = fn;
	thread->data = data;
	pthread_mutex_init(&thread->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&thread->changed, &attr);
	pthread_condattr_destroy(&attr);

	/* the mask is inherited: blocked before, so that there is no moment without it */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&thread->id, NULL, thread_main, thread);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r) {
		thread_free(thread);
		return -r;
	}
	pthread_setname_np(thread->id, name);
	*ret_thread = thread;
	return 0;
}

int thread_join(struct thread *thread, uint64_t wait_ns)
{
	uint64_t deadline_ns = clock_now_ns() + wait_ns;
	struct timespec deadline = {
		.tv_sec = (time_t)(deadline_ns / NSEC_PER_SEC),
		.tv_nsec = (long)(deadline_ns % NSEC_PER_SEC),
	};
	int r = 0;

	pthread_mutex_lock(&thread->lock);
	while (!thread->ended && r != ETIMEDOUT)
		r = pthread_cond_timedwait(&thread->changed, &thread->lock, &deadline);
	if (!thread->ended) {
		/* from here on the structure is the thread's, which frees it if it ever ends */
		thread->left_behind = true;
		pthread_detach(thread->id);
		pthread_mutex_unlock(&thread->lock);
		return -ETIMEDOUT;
	}
	pthread_mutex_unlock(&thread->lock);
	pthread_join(thread->id, NULL);
	thread_free(thread);
	return 0;
}
