// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/loop.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

/*
 * System calls, counted by strace with libsystemd 252: one epoll_wait for each
 * callback served, and for a timer that its callback sets again one
 * timerfd_settime, else one read. The time stamps come from the vDSO. A
 * 60 Hz timer that writes a frame thus makes three a frame.
 */

enum loop_kind {
	LOOP_IO,
	LOOP_TIMER,
	LOOP_SIGNAL,
	LOOP_DEFER,
};

struct loop_source {
	struct loop *loop;
	struct loop_source *next, *previous; /* in the order of creation */
	sd_event_source *event_source;
	enum loop_kind kind;
	bool running; /* its callback is on the stack */
	bool removed; /* to be freed when the callback has returned */
	int fd;	      /* timer: its own; io: the caller's */
	uint32_t events;
	uint64_t deadline_ns;
	bool set; /* timer: set since its callback was entered */
	union {
		loop_io_fn io;
		loop_timer_fn timer;
		loop_signal_fn signal;
		loop_defer_fn defer;
	} fn;
	void *data;
	struct loop_source_stats stats;
};

struct loop {
	const char *name;
	sd_event *event;
	struct loop_source *first, *last;
	size_t sources;
	bool exiting;
	int exit_code;
	_Atomic uint64_t stalls;
	/* written by the loop's thread; those below the count have their names for good */
	struct {
		char name[LOOP_STALLED_NAME_MAX]; /* a source's may end with it */
		_Atomic uint64_t stalls, longest_ns;
	} stalled[LOOP_STALLED_MAX];
	_Atomic size_t stalled_count;

	void (*on_failure)(const char *source, int error, void *data);
	void *on_failure_data;

	uint64_t watchdog_period_ns;
	bool watchdog_starved;
	bool (*alive)(void *data);
	void *alive_data;
};

int loop_create(struct loop **ret_loop, const char *name)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	int r;

	if (!loop)
		return -ENOMEM;
	loop->name = name;
	r = sd_event_new(&loop->event);
	if (r < 0) {
		free(loop);
		return r;
	}
	*ret_loop = loop;
	return 0;
}

struct loop *loop_destroy(struct loop *loop)
{
	if (!loop)
		return NULL;
	while (loop->last)
		loop_source_remove(loop->last);
	sd_event_unref(loop->event);
	free(loop);
	return NULL;
}

void loop_set_on_failure(struct loop *loop, void (*fn)(const char *source, int error, void *data),
			 void *data)
{
	loop->on_failure = fn;
	loop->on_failure_data = data;
}

int loop_run(struct loop *loop)
{
	while (!loop->exiting) {
		int r = sd_event_run(loop->event, UINT64_MAX);

		if (r < 0)
			return r;
	}
	loop->exiting = false;
	return loop->exit_code;
}

void loop_exit(struct loop *loop, int code)
{
	loop->exiting = true;
	loop->exit_code = code;
}

static void source_free(struct loop_source *source)
{
	if (source->kind == LOOP_TIMER && source->fd >= 0)
		close(source->fd);
	free(source);
}

static struct loop_source *source_new(struct loop *loop, enum loop_kind kind, const char *name,
				      void *data)
{
	struct loop_source *source = calloc(1, sizeof(*source));

	if (!source)
		return NULL;
	source->loop = loop;
	source->kind = kind;
	source->fd = -1;
	source->data = data;
	source->stats.name = name;
	return source;
}

/* The last step of every loop_add_*(): cannot fail any more except for want of memory. */
static int source_add(struct loop_source *source, enum loop_priority priority,
		      struct loop_source **ret_source)
{
	struct loop *loop = source->loop;
	int r;

	r = sd_event_source_set_priority(source->event_source, (int64_t)priority);
	if (r < 0)
		return r;
	r = sd_event_source_set_description(source->event_source, source->stats.name);
	if (r < 0)
		return r;

	source->previous = loop->last;
	if (loop->last)
		loop->last->next = source;
	else
		loop->first = source;
	loop->last = source;
	loop->sources++;
	*ret_source = source;
	return 0;
}

static int source_add_failed(struct loop_source *source, int r)
{
	sd_event_source_disable_unref(source->event_source);
	source_free(source);
	return r;
}

struct loop_source *loop_source_remove(struct loop_source *source)
{
	struct loop *loop;

	if (!source || source->removed)
		return NULL;
	loop = source->loop;

	if (source->previous)
		source->previous->next = source->next;
	else
		loop->first = source->next;
	if (source->next)
		source->next->previous = source->previous;
	else
		loop->last = source->previous;
	loop->sources--;

	source->event_source = sd_event_source_disable_unref(source->event_source);
	source->removed = true;
	if (!source->running)
		source_free(source);
	return NULL;
}

static int timer_arm(struct loop_source *source, uint64_t deadline_ns)
{
	struct itimerspec when = {
		.it_value.tv_sec = (time_t)(deadline_ns / NSEC_PER_SEC),
		.it_value.tv_nsec = (long)(deadline_ns % NSEC_PER_SEC),
	};

	if (timerfd_settime(source->fd, TFD_TIMER_ABSTIME, &when, NULL) < 0)
		return -errno;
	source->deadline_ns = deadline_ns;
	source->set = true;
	return 0;
}

static void source_switch_off(struct loop_source *source)
{
	switch (source->kind) {
	case LOOP_IO:
		loop_io_set_events(source, 0);
		break;
	case LOOP_TIMER:
		loop_timer_set(source, 0);
		break;
	case LOOP_SIGNAL:
	case LOOP_DEFER:
		sd_event_source_set_enabled(source->event_source, SD_EVENT_OFF);
		break;
	}
}

static void callback_enter(struct loop_source *source)
{
	source->running = true;
	source->stats.calls++;
}

static void note_stall(struct loop *loop, const char *name, uint64_t took_ns)
{
	size_t count = atomic_load_explicit(&loop->stalled_count, memory_order_relaxed);
	size_t i = 0;

	while (i < count && i < LOOP_STALLED_MAX - 1 &&
	       strncmp(loop->stalled[i].name, name, LOOP_STALLED_NAME_MAX - 1) != 0)
		i++;
	if (i == count)
		str_copy(loop->stalled[i].name, LOOP_STALLED_NAME_MAX,
			 i < LOOP_STALLED_MAX - 1 ? name : "others");
	atomic_fetch_add_explicit(&loop->stalled[i].stalls, 1, memory_order_relaxed);
	if (took_ns > atomic_load_explicit(&loop->stalled[i].longest_ns, memory_order_relaxed))
		atomic_store_explicit(&loop->stalled[i].longest_ns, took_ns, memory_order_relaxed);
	if (i == count)
		atomic_store_explicit(&loop->stalled_count, count + 1, memory_order_release);
	atomic_fetch_add_explicit(&loop->stalls, 1, memory_order_relaxed);
}

/*
 * What every callback ends with. Only wall time is measured: CPU time would
 * take two system calls per callback, a quarter of what a frame may spend. On
 * a busy machine a stall may therefore mean that the thread was preempted.
 */
static void callback_leave(struct loop_source *source, uint64_t entered_ns, int r)
{
	struct loop_source_stats *stats = &source->stats;
	uint64_t took_ns = clock_now_ns() - entered_ns;

	if (took_ns > stats->longest_ns)
		stats->longest_ns = took_ns;
	if (took_ns > LOOP_STALL_NS) {
		stats->stalls++;
		note_stall(source->loop, stats->name, took_ns);
	}
	if (r < 0) {
		log_error(LOG_SYSTEM, r, "%s loop: %s failed and is switched off",
			  source->loop->name, stats->name);
		if (!source->removed)
			source_switch_off(source);
		if (source->loop->on_failure)
			source->loop->on_failure(stats->name, r, source->loop->on_failure_data);
	}
	source->running = false;
	if (source->removed)
		source_free(source);
}

static int on_io(sd_event_source *event_source, int fd, uint32_t revents, void *data)
{
	struct loop_source *source = data;
	uint64_t now_ns = clock_now_ns();

	(void)event_source;
	callback_enter(source);
	callback_leave(source, now_ns, source->fn.io(source, fd, revents, source->data));
	return 0;
}

static int on_timer(sd_event_source *event_source, int fd, uint32_t revents, void *data)
{
	struct loop_source *source = data;
	uint64_t now_ns = clock_now_ns();
	uint64_t expirations;
	int r;

	(void)event_source;
	(void)revents;
	/* expired, and then set anew or disarmed by a callback that was served before */
	if (!source->deadline_ns)
		return 0;
	if (now_ns < source->deadline_ns) {
		timer_arm(source, source->deadline_ns);
		return 0;
	}

	callback_enter(source);
	source->deadline_ns = 0;
	source->set = false;
	r = source->fn.timer(source, now_ns, source->data);
	/* setting it clears the expiration too: only if that did not happen it must be read */
	if (!source->set && !source->removed)
		(void)!read(fd, &expirations, sizeof(expirations));
	callback_leave(source, now_ns, r);
	return 0;
}

static int on_signal(sd_event_source *event_source, const struct signalfd_siginfo *info, void *data)
{
	struct loop_source *source = data;
	uint64_t now_ns = clock_now_ns();

	(void)event_source;
	callback_enter(source);
	callback_leave(source, now_ns,
		       source->fn.signal(source, (int)info->ssi_signo, source->data));
	return 0;
}

static int on_defer(sd_event_source *event_source, void *data)
{
	struct loop_source *source = data;
	uint64_t now_ns = clock_now_ns();

	(void)event_source;
	callback_enter(source);
	callback_leave(source, now_ns, source->fn.defer(source, source->data));
	return 0;
}

int loop_add_io(struct loop *loop, struct loop_source **ret_source, const char *name,
		enum loop_priority priority, int fd, uint32_t events, loop_io_fn fn, void *data)
{
	struct loop_source *source;
	int r;

	if (events & EPOLLET)
		return -EINVAL;
	if (loop->sources >= LOOP_MAX_SOURCES)
		return -ENOSPC;
	source = source_new(loop, LOOP_IO, name, data);
	if (!source)
		return -ENOMEM;
	source->fd = fd;
	source->events = events;
	source->fn.io = fn;
	r = sd_event_add_io(loop->event, &source->event_source, fd, events, on_io, source);
	if (r >= 0 && !events)
		r = sd_event_source_set_enabled(source->event_source, SD_EVENT_OFF);
	if (r >= 0)
		r = source_add(source, priority, ret_source);
	return r < 0 ? source_add_failed(source, r) : 0;
}

int loop_io_set_events(struct loop_source *source, uint32_t events)
{
	int r = 0;

	if (events & EPOLLET)
		return -EINVAL;
	if (source->removed || events == source->events)
		return 0;

	/*
	 * Without events epoll would still report errors and hang-ups, so 0 takes the descriptor
	 * out. It is put back with its new events at once.
	 */
	if (!events) {
		r = sd_event_source_set_enabled(source->event_source, SD_EVENT_OFF);
	} else {
		r = sd_event_source_set_io_events(source->event_source, events);
		if (r >= 0 && !source->events)
			r = sd_event_source_set_enabled(source->event_source, SD_EVENT_ON);
	}
	if (r < 0)
		return r;
	source->events = events;
	return 0;
}

int loop_add_timer(struct loop *loop, struct loop_source **ret_source, const char *name,
		   enum loop_priority priority, loop_timer_fn fn, void *data)
{
	struct loop_source *source;
	int r;

	if (loop->sources >= LOOP_MAX_SOURCES)
		return -ENOSPC;
	source = source_new(loop, LOOP_TIMER, name, data);
	if (!source)
		return -ENOMEM;
	source->fn.timer = fn;
	source->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (source->fd < 0)
		return source_add_failed(source, -errno);
	r = sd_event_add_io(loop->event, &source->event_source, source->fd, EPOLLIN, on_timer,
			    source);
	if (r >= 0)
		r = source_add(source, priority, ret_source);
	return r < 0 ? source_add_failed(source, r) : 0;
}

int loop_timer_set(struct loop_source *source, uint64_t deadline_ns)
{
	if (source->removed || deadline_ns == source->deadline_ns)
		return 0;
	return timer_arm(source, deadline_ns);
}

int loop_add_signal(struct loop *loop, struct loop_source **ret_source, const char *name, int signo,
		    loop_signal_fn fn, void *data)
{
	struct loop_source *source;
	sigset_t set;
	int r;

	if (loop->sources >= LOOP_MAX_SOURCES)
		return -ENOSPC;
	source = source_new(loop, LOOP_SIGNAL, name, data);
	if (!source)
		return -ENOMEM;
	source->fn.signal = fn;
	sigemptyset(&set);
	sigaddset(&set, signo);
	r = -pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (r >= 0)
		r = sd_event_add_signal(loop->event, &source->event_source, signo, on_signal,
					source);
	if (r >= 0)
		r = source_add(source, LOOP_INPUT, ret_source);
	return r < 0 ? source_add_failed(source, r) : 0;
}

int loop_add_defer(struct loop *loop, struct loop_source **ret_source, const char *name,
		   enum loop_priority priority, loop_defer_fn fn, void *data)
{
	struct loop_source *source;
	int r;

	if (loop->sources >= LOOP_MAX_SOURCES)
		return -ENOSPC;
	source = source_new(loop, LOOP_DEFER, name, data);
	if (!source)
		return -ENOMEM;
	source->fn.defer = fn;
	r = sd_event_add_defer(loop->event, &source->event_source, on_defer, source);
	if (r >= 0)
		r = sd_event_source_set_enabled(source->event_source, SD_EVENT_OFF);
	if (r >= 0)
		r = source_add(source, priority, ret_source);
	return r < 0 ? source_add_failed(source, r) : 0;
}

int loop_defer(struct loop_source *source)
{
	if (source->removed)
		return 0;
	return sd_event_source_set_enabled(source->event_source, SD_EVENT_ONESHOT);
}

static int on_watchdog(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct loop *loop = data;
	bool alive = loop->alive(loop->alive_data);

	if (alive)
		sd_notify(0, "WATCHDOG=1");
	else if (!loop->watchdog_starved)
		log_error(LOG_SYSTEM, 0, "%s loop: not alive, the watchdog is not fed", loop->name);
	loop->watchdog_starved = !alive;
	return loop_timer_set(source, now_ns + loop->watchdog_period_ns);
}

int loop_watchdog(struct loop *loop, bool (*alive)(void *data), void *data)
{
	struct loop_source *timer;
	uint64_t timeout_us;
	int r;

	r = sd_watchdog_enabled(0, &timeout_us);
	if (r <= 0)
		return r;
	/* most urgent: a flood on another source must not look like a loop that hangs */
	r = loop_add_timer(loop, &timer, "watchdog", LOOP_FRAME, on_watchdog, loop);
	if (r < 0)
		return r;
	loop->alive = alive;
	loop->alive_data = data;
	loop->watchdog_period_ns = timeout_us * NSEC_PER_USEC / 2;
	return loop_timer_set(timer, clock_now_ns() + loop->watchdog_period_ns);
}

size_t loop_stats(const struct loop *loop, struct loop_source_stats *ret_stats, size_t n)
{
	const struct loop_source *source;
	size_t i = 0;

	for (source = loop->first; source && i < n; source = source->next)
		ret_stats[i++] = source->stats;
	return loop->sources;
}

size_t loop_stalled(const struct loop *loop, struct loop_stalled *ret_stalled, size_t n)
{
	size_t count = atomic_load_explicit(&loop->stalled_count, memory_order_acquire), i;

	for (i = 0; i < count && i < n; i++) {
		memcpy(ret_stalled[i].name, loop->stalled[i].name, LOOP_STALLED_NAME_MAX);
		ret_stalled[i].stalls =
			atomic_load_explicit(&loop->stalled[i].stalls, memory_order_relaxed);
		ret_stalled[i].longest_ns =
			atomic_load_explicit(&loop->stalled[i].longest_ns, memory_order_relaxed);
	}
	return i;
}

uint64_t loop_stalls(const struct loop *loop)
{
	return atomic_load_explicit(&loop->stalls, memory_order_relaxed);
}
