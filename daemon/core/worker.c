// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/worker.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "base/log.h"
#include "base/thread.h"
#include "core/port.h"

/* Who may touch a job: it passes from the loop to the thread and back once. */
enum job_state {
	JOB_UNUSED,    /* loop */
	JOB_QUEUED,    /* whoever takes it out of this state */
	JOB_STARTED,   /* thread */
	JOB_CANCELLED, /* loop: the thread has to skip it */
};

struct worker_job {
	_Atomic int state;
	worker_job_fn fn;
	void *job;
	int result;
	worker_done_fn done;
	void *data;
};

struct worker {
	const char *name;
	struct loop_source *source;
	struct thread *thread;
	struct port *to_thread, *to_loop; /* indices into jobs */
	_Atomic bool stopping;
	_Atomic int owners; /* the loop and the thread: whoever lets go last frees it */
	struct worker_job jobs[WORKER_MAX_JOBS];
};

static void run_job(struct worker *worker, uint8_t index)
{
	struct worker_job *job = &worker->jobs[index];
	int queued = JOB_QUEUED;

	if (!atomic_compare_exchange_strong(&job->state, &queued, JOB_STARTED))
		return;
	job->result = job->fn(job->job);
	/* as many places as jobs: never full */
	port_send(worker->to_loop, &index);
}

static void worker_free(struct worker *worker)
{
	port_destroy(worker->to_thread);
	port_destroy(worker->to_loop);
	free(worker);
}

static void let_go(struct worker *worker)
{
	if (atomic_fetch_sub(&worker->owners, 1) == 1)
		worker_free(worker);
}

static void *worker_main(void *data)
{
	struct worker *worker = data;
	struct pollfd pollfd = { .fd = port_fd(worker->to_thread), .events = POLLIN };
	uint8_t index;

	while (!atomic_load(&worker->stopping)) {
		poll(&pollfd, 1, -1);
		port_clear(worker->to_thread);
		while (!atomic_load(&worker->stopping) && port_receive(worker->to_thread, &index))
			if (index < WORKER_MAX_JOBS)
				run_job(worker, index);
	}
	let_go(worker);
	return NULL;
}

static void take_results(struct worker *worker)
{
	uint8_t index;

	while (port_receive(worker->to_loop, &index)) {
		struct worker_job job = worker->jobs[index];

		/* free first: @done may submit the next one */
		atomic_store_explicit(&worker->jobs[index].state, JOB_UNUSED, memory_order_relaxed);
		job.done(job.job, job.result, job.data);
	}
}

static int on_results(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct worker *worker = data;

	(void)source;
	(void)fd;
	(void)revents;
	port_clear(worker->to_loop);
	take_results(worker);
	return 0;
}

int worker_create(struct worker **ret_worker, struct loop *loop, const char *name)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	int r;

	if (!worker)
		return -ENOMEM;
	worker->name = name;
	atomic_init(&worker->owners, 2);
	/* the next power of two above the jobs: there is a place for the index that only wakes */
	r = port_create(&worker->to_thread, sizeof(uint8_t), WORKER_MAX_JOBS * 2);
	if (r >= 0)
		r = port_create(&worker->to_loop, sizeof(uint8_t), WORKER_MAX_JOBS);
	if (r >= 0)
		r = loop_add_io(loop, &worker->source, name, LOOP_HOUSEKEEPING,
				port_fd(worker->to_loop), EPOLLIN, on_results, worker);
	if (r >= 0)
		r = thread_start(&worker->thread, name, worker_main, worker);
	if (r < 0) {
		loop_source_remove(worker->source);
		worker_free(worker);
		return r;
	}
	*ret_worker = worker;
	return 0;
}

int worker_submit(struct worker *worker, worker_job_fn fn, void *job, worker_done_fn done,
		  void *data)
{
	uint8_t index;

	if (atomic_load_explicit(&worker->stopping, memory_order_relaxed))
		return -ECANCELED;
	for (index = 0; index < WORKER_MAX_JOBS; index++) {
		struct worker_job *slot = &worker->jobs[index];

		if (atomic_load_explicit(&slot->state, memory_order_relaxed) != JOB_UNUSED)
			continue;
		slot->fn = fn;
		slot->job = job;
		slot->done = done;
		slot->data = data;
		atomic_store(&slot->state, JOB_QUEUED);
		port_send(worker->to_thread, &index);
		return 0;
	}
	return -EAGAIN;
}

struct worker *worker_destroy(struct worker *worker, uint64_t wait_ns)
{
	const uint8_t wake = WORKER_MAX_JOBS;
	unsigned int i;
	bool stuck;

	if (!worker)
		return NULL;
	atomic_store(&worker->stopping, true);
	port_send(worker->to_thread, &wake);
	stuck = thread_join(worker->thread, wait_ns) < 0;

	take_results(worker);
	for (i = 0; i < WORKER_MAX_JOBS; i++) {
		struct worker_job *job = &worker->jobs[i];
		int queued = JOB_QUEUED;

		if (atomic_compare_exchange_strong(&job->state, &queued, JOB_CANCELLED))
			job->done(job->job, -ECANCELED, job->data);
	}

	if (stuck)
		log_error(LOG_SYSTEM, ETIMEDOUT, "the job of worker %s hangs and is left behind",
			  worker->name);
	loop_source_remove(worker->source);
	let_go(worker);
	return NULL;
}
