/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include "core/loop.h"

/*
 * A thread for what can block (files), with a bounded queue. Jobs run one
 * after the other; the result comes back on the loop that owns the worker.
 */
struct worker;

#define WORKER_MAX_JOBS 64

/* Runs on the worker's thread and may block; returns 0 or -errno. */
typedef int (*worker_job_fn)(void *job);
/* Runs on the loop afterwards and owns @job again. */
typedef void (*worker_done_fn)(void *job, int result, void *data);

/**
 * worker_create() - start the thread
 * @name: at most 15 bytes, lives as long as the worker
 *
 * Return: 0 or -errno; @ret_worker is untouched on failure.
 */
int worker_create(struct worker **ret_worker, struct loop *loop, const char *name);

/**
 * worker_destroy() - end the thread if it ends in @wait_ns, else leave it behind
 *
 * Blocks for up to @wait_ns while a job runs. Never joins a stuck thread: it is
 * left behind with what it uses, with a log line; the done function of the job
 * it hangs in is never called. Jobs that did not start end with -ECANCELED.
 * All done functions run inside this call, from none of which it may be called.
 * NULL is fine. Returns NULL.
 */
struct worker *worker_destroy(struct worker *worker, uint64_t wait_ns);

/**
 * worker_submit() - queue @job, which is the worker's until @done gets it back
 *
 * From the loop's thread, also from a done function. Return: 0, -EAGAIN when
 * WORKER_MAX_JOBS wait, run or have results to be taken, -ECANCELED while the
 * worker is being destroyed.
 */
int worker_submit(struct worker *worker, worker_job_fn fn, void *job, worker_done_fn done,
		  void *data);
