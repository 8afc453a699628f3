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

int worker_create(struct worker **ret_worker, struct loop *loop, const char *name);

/**
 * worker_destroy() - end the thread if it ends in @wait_ns, else leave it behind
 *
 * Never joins a stuck thread: it is detached and what it uses is leaked, with
 * a log line. Jobs that did not start end with -ECANCELED. Returns NULL.
 */
struct worker *worker_destroy(struct worker *worker, uint64_t wait_ns);

/** worker_submit() - queue @job; -EAGAIN when WORKER_MAX_JOBS wait */
int worker_submit(struct worker *worker, worker_job_fn fn, void *job, worker_done_fn done,
		  void *data);
