/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/loop.h"
#include "core/worker.h"

/*
 * Another program, run beside the daemon: in a session and process group of its
 * own, with nothing of ours open but a pipe for what it writes and one for what
 * it says. It is started by a worker, because that may block, and all else comes
 * as events of the loop. What it says goes to the log, as far as the rate allows,
 * and is read whether anybody wants it or not. It is always reaped, whenever it ends.
 */
struct child;

/** CHILD_GRACE_NS - from SIGTERM to SIGKILL; also from the end of its output to SIGTERM */
#define CHILD_GRACE_NS (2ULL * 1000000000ULL)
/** CHILD_LEFT_BEHIND - not even SIGKILL ended it in CHILD_GRACE_NS: a driver holds it, or a debugger */
#define CHILD_LEFT_BEHIND INT32_MIN
/** CHILD_TEXT_BYTES - of what it says, read in one callback */
#define CHILD_TEXT_BYTES 32768
/** CHILD_TEXT_PAUSE_NS - no more of that is read for so long after a callback that read all it may */
#define CHILD_TEXT_PAUSE_NS 5000000ULL
/** CHILD_ARGS_MAX - words of the command, and of the environment */
#define CHILD_ARGS_MAX 16

struct child_config {
	struct loop *loop;
	struct worker *worker; /* starts it; ends after it */
	const char *name;      /* for the log, lives as long as the child */
	/*
	 * The program's absolute path and its arguments, and its whole
	 * environment, closed by NULL; copied, CHILD_ARGS_MAX of each at most.
	 */
	const char *const *argv, *const *envp;
	/* it runs, 0, or could not be started, -errno; nothing else follows then */
	void (*on_start)(int result, void *data);
	/* there is something for child_read(); after each child_want_output(), once */
	void (*on_output)(void *data);
	/*
	 * It is gone, with its whole group, and reaped; what it wrote before can
	 * still be read. @status: its exit code, or the signal that ended it,
	 * negative; or CHILD_LEFT_BEHIND: it is still there, said in the log.
	 */
	void (*on_exit)(int status, void *data);
	void *data;
};

/** child_start() - on_start follows; 0, -E2BIG, -ENOMEM, or -EAGAIN if the worker has too much to do */
int child_start(struct child **ret_child, const struct child_config *config);

/** child_want_output() - wake up for what it writes; else it waits in the pipe, and so does the child */
void child_want_output(struct child *child);

/**
 * child_read() - take what it wrote; after on_start
 *
 * Return: how many bytes, 0 when its output has ended, -EAGAIN, or -errno.
 */
ssize_t child_read(struct child *child, void *buffer, size_t length);

/**
 * child_set_room() - how much it may write before anybody reads; 64 KiB if not said
 *
 * Rounded up as the kernel wants it; a limit of the kernel is no failure.
 */
void child_set_room(struct child *child, size_t bytes);

/** child_expect_end() - its output has ended: unless it ends by itself in CHILD_GRACE_NS it is stopped */
void child_expect_end(struct child *child);

/** child_stop() - SIGTERM to its group, and SIGKILL if that does not end it in CHILD_GRACE_NS */
void child_stop(struct child *child);

/** child_pid() - 0 before it was started and after it was reaped */
pid_t child_pid(const struct child *child);

/**
 * child_destroy() - forget it; one that is not gone yet is killed
 *
 * Also from on_start and on_exit. NULL is fine. Returns NULL.
 */
struct child *child_destroy(struct child *child);
