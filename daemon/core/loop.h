/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One thread's event loop: sd-event with what the house asks of every source
 * added: a name, a priority, and a count of the callbacks that took too long.
 */
struct loop;
struct loop_source;

/** enum loop_priority - who is served first when several sources are ready */
enum loop_priority {
	LOOP_FRAME,
	LOOP_DEVICE,
	LOOP_INPUT,
	LOOP_COMMAND,
	LOOP_NETWORK,
	LOOP_HOUSEKEEPING,
};

/** LOOP_STALL_NS - a callback that takes longer is counted as a stall */
#define LOOP_STALL_NS 1000000ULL

/** LOOP_MAX_SOURCES - the most sources that one loop has at a time */
#define LOOP_MAX_SOURCES 512

/** struct loop_source_stats - what a source has cost; times in ns of CLOCK_MONOTONIC */
struct loop_source_stats {
	const char *name;
	uint64_t calls;
	uint64_t stalls;
	uint64_t longest_ns;
};

/*
 * A callback that returns < 0 is logged with the source's name and its source is switched off;
 * then the function of loop_set_on_failure() is called.
 */
typedef int (*loop_io_fn)(struct loop_source *source, int fd, uint32_t revents, void *data);
typedef int (*loop_timer_fn)(struct loop_source *source, uint64_t now_ns, void *data);
typedef int (*loop_signal_fn)(struct loop_source *source, int signo, void *data);
typedef int (*loop_defer_fn)(struct loop_source *source, void *data);

/** loop_create() - make a loop for the calling thread; @name lives as long as the loop */
int loop_create(struct loop **ret_loop, const char *name);

/** loop_destroy() - free the loop and what is left in it; NULL is fine; returns NULL */
struct loop *loop_destroy(struct loop *loop);

/**
 * loop_set_on_failure() - tell @fn of each callback that failed: the source's name and -errno
 *
 * Called when the source was switched off; it may add and remove sources and
 * end the loop. NULL: nobody is told.
 */
void loop_set_on_failure(struct loop *loop, void (*fn)(const char *source, int error, void *data),
			 void *data);

/**
 * loop_run() - serve sources until loop_exit(); returns its code or -errno
 *
 * After an exit the loop may be run again. Not from a callback.
 */
int loop_run(struct loop *loop);

/** loop_exit() - make loop_run() return @code after this callback, or at once if it was not running
 * yet; own thread only */
void loop_exit(struct loop *loop, int code);

/**
 * loop_add_io() - watch @fd, which stays the caller's and must outlive the source
 * @events: as epoll's; EPOLLET is refused, so that a callback may leave work to
 *	its next turn and a source may be switched off and on without losing any
 *
 * All loop_add_*() return 0, -ENOSPC above LOOP_MAX_SOURCES, -ENOMEM or what
 * the kernel said; @ret_source is untouched on failure. @name lives as long as
 * the source.
 */
int loop_add_io(struct loop *loop, struct loop_source **ret_source, const char *name,
		enum loop_priority priority, int fd, uint32_t events, loop_io_fn fn, void *data);

/** loop_io_set_events() - change what is waited for; 0 switches the source off */
int loop_io_set_events(struct loop_source *source, uint32_t events);

/**
 * loop_add_timer() - a timer made of a timerfd, not armed yet
 *
 * sd-event's own timers round by up to 250 ms, which light cannot use.
 */
int loop_add_timer(struct loop *loop, struct loop_source **ret_source, const char *name,
		   enum loop_priority priority, loop_timer_fn fn, void *data);

/**
 * loop_timer_set() - fire once at @deadline_ns of CLOCK_MONOTONIC; 0 disarms
 *
 * A deadline in the past fires at once. Cheapest from the timer's own callback,
 * which needs no other system call then.
 */
int loop_timer_set(struct loop_source *source, uint64_t deadline_ns);

/** loop_add_signal() - the signal is blocked in the calling thread and given to @fn, as urgent as
 * LOOP_INPUT */
int loop_add_signal(struct loop *loop, struct loop_source **ret_source, const char *name, int signo,
		    loop_signal_fn fn, void *data);

/** loop_add_defer() - a source that runs once per loop_defer(), after the current callback */
int loop_add_defer(struct loop *loop, struct loop_source **ret_source, const char *name,
		   enum loop_priority priority, loop_defer_fn fn, void *data);

/** loop_defer() - let a defer source run once more */
int loop_defer(struct loop_source *source);

/** loop_source_remove() - take a source away, also from its own callback; NULL is fine; returns NULL */
struct loop_source *loop_source_remove(struct loop_source *source);

/** loop_watchdog() - feed systemd's watchdog while @alive(@data) is true; nothing without WATCHDOG_USEC */
int loop_watchdog(struct loop *loop, bool (*alive)(void *data), void *data);

/** loop_stats() - copy up to @n sources' figures, oldest source first; returns how many there are */
size_t loop_stats(const struct loop *loop, struct loop_source_stats *ret_stats, size_t n);

/** loop_stalls() - callbacks over LOOP_STALL_NS so far; any thread */
uint64_t loop_stalls(const struct loop *loop);

/** LOOP_STALLED_MAX - names of sources whose stalls are counted one by one; the last is for all others */
#define LOOP_STALLED_MAX 32

/** LOOP_STALLED_NAME_MAX - bytes of such a name, the closing zero included */
#define LOOP_STALLED_NAME_MAX 32

/** struct loop_stalled - a source, or several of one name, also those that are gone */
struct loop_stalled {
	char name[LOOP_STALLED_NAME_MAX]; /* cut if longer */
	uint64_t stalls;
	uint64_t longest_ns;
};

/** loop_stalled() - copy up to @n that ever stalled, oldest first; any thread; returns how many were copied */
size_t loop_stalled(const struct loop *loop, struct loop_stalled *ret_stalled, size_t n);
