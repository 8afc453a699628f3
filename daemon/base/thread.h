/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

/* A helper thread: all signals are blocked in it, and nobody waits for it without a limit. */
struct thread;

/**
 * thread_start() - start a helper thread
 * @ret_thread: the thread, untouched on failure; ends with thread_join()
 * @name: at most 15 bytes, as ps -L and gdb show it
 *
 * Signals are for the thread that has the loop with the signal sources.
 * Return: 0 or -errno.
 */
int thread_start(struct thread **ret_thread, const char *name, void *(*fn)(void *), void *data);

/**
 * thread_join() - wait at most @wait_ns until the thread has ended, then forget it
 *
 * Return: 0, or -ETIMEDOUT: the thread was left behind, and all that it may
 * still use has to be left to it.
 */
int thread_join(struct thread *thread, uint64_t wait_ns);
