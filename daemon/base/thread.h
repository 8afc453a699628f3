/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <pthread.h>
#include <stdint.h>

/**
 * thread_start() - start a helper thread with all signals blocked
 * @ret_thread: the thread, untouched on failure
 * @name: at most 15 bytes, as ps -L and gdb show it
 *
 * Signals are for the thread that has the loop with the signal sources.
 * Return: 0 or -errno.
 */
int thread_start(pthread_t *ret_thread, const char *name, void *(*fn)(void *), void *data);

/**
 * thread_join() - wait at most @wait_ns until the thread has ended
 *
 * Return: 0, or -ETIMEDOUT: the thread was detached then, and all that it may
 * still use has to be left to it.
 */
int thread_join(pthread_t thread, uint64_t wait_ns);
