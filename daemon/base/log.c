// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/log.h"

#define SD_JOURNAL_SUPPRESS_LOCATION

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <systemd/sd-journal.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log_fold.h"
#include "base/str.h"
#include "base/thread.h"

/* LOG_RING - lines that may wait for the writer, a power of two */
#define LOG_RING 1024
#define LOG_STOP_NS NSEC_PER_SEC
/* a time, two names and "repeated 4294967295 times: " before the text */
#define LOG_OUTPUT_MAX (LOG_TEXT_MAX + 96)

/*
 * A bounded queue of many producers and one consumer after Dmitry Vyukov
 * (1024cores.net, "Bounded MPMC queue"). turn says whose a slot is: position n
 * may be filled when turn == n, and emptied when turn == n + 1.
 */
struct log_slot {
	_Atomic size_t turn;
	struct log_line line;
};

enum log_state {
	LOG_DIRECT,  /* no writer: lines go to standard error at once */
	LOG_RUNNING, /* the writer takes them from the ring */
	LOG_LOST,    /* the writer hangs and was left behind: lines are only counted */
};

static struct log_slot slots[LOG_RING];
static _Atomic size_t tail; /* next position to fill */
static size_t head;	    /* next position to empty; the writer's */
static _Atomic uint64_t dropped;
static _Atomic int state = LOG_DIRECT;
static _Atomic int levels[LOG_CATEGORIES] = { [0 ... LOG_CATEGORIES - 1] = LOG_LEVEL_INFO };

static struct {
	struct thread *thread;
	int wake_fd;
	bool to_journal;
	_Atomic bool asleep; /* wants wake_fd written */
	_Atomic bool stopping;
	struct log_fold fold;
	uint64_t dropped_told;
} writer = { .wake_fd = -1 };

/* Shared by the writer and log_recent(), never by log_write(). */
static pthread_mutex_t recent_lock = PTHREAD_MUTEX_INITIALIZER;
static struct log_line recent[LOG_RECENT];
static int watch_fd = -1;     /* told of new lines */
static uint64_t recent_count; /* line n (from 1) is at (n - 1) % LOG_RECENT */

static bool ring_fill(const struct log_line *line)
{
	size_t position = atomic_load_explicit(&tail, memory_order_relaxed);
	struct log_slot *slot;

	for (;;) {
		size_t turn;

		slot = &slots[position % LOG_RING];
		turn = atomic_load_explicit(&slot->turn, memory_order_acquire);
		if (turn == position) {
			if (atomic_compare_exchange_weak_explicit(&tail, &position, position + 1,
								  memory_order_relaxed,
								  memory_order_relaxed))
				break;
		} else if ((ptrdiff_t)(turn - position) < 0) {
			return false;
		} else {
			position = atomic_load_explicit(&tail, memory_order_relaxed);
		}
	}
	slot->line = *line;
	/*
	 * Sequentially consistent, like the load of asleep after it: either the writer sees this
	 * line before it sleeps, or this thread sees that it sleeps.
	 */
	atomic_store(&slot->turn, position + 1);
	return true;
}

static bool ring_is_empty(void)
{
	return atomic_load(&slots[head % LOG_RING].turn) != head + 1;
}

static bool ring_empty_one(struct log_line *ret_line)
{
	struct log_slot *slot = &slots[head % LOG_RING];

	if (atomic_load_explicit(&slot->turn, memory_order_acquire) != head + 1)
		return false;
	*ret_line = slot->line;
	atomic_store_explicit(&slot->turn, head + LOG_RING, memory_order_release);
	head++;
	return true;
}

static void wake_writer(void)
{
	const uint64_t one = 1;

	/* the counter cannot overflow; nothing else can go wrong with an eventfd */
	(void)!write(writer.wake_fd, &one, sizeof(one));
}

static void write_stderr(const struct log_line *line, uint32_t repeats)
{
	time_t seconds = (time_t)(line->wall_ms / 1000);
	char text[LOG_OUTPUT_MAX], count[32] = "";
	struct tm tm;
	int length;

	localtime_r(&seconds, &tm);
	if (repeats)
		snprintf(count, sizeof(count), "repeated %u times: ", repeats);
	length = snprintf(text, sizeof(text), "%02d:%02d:%02d.%03u %s %s: %s%s\n", tm.tm_hour,
			  tm.tm_min, tm.tm_sec, (unsigned int)(line->wall_ms % 1000),
			  log_level_name(line->level), log_category_name(line->category), count,
			  line->text);
	/* one write a line, so that lines never mix; nobody is left to tell if it fails */
	(void)!write(STDERR_FILENO, text, (size_t)length);
}

bool log_can_retry(int error)
{
	static const uint8_t for_good[] = {
		EPERM,		 ENOEXEC,      EACCES,	 EFAULT, EXDEV,	  ENOTDIR, EISDIR,
		EINVAL,		 ENOTTY,       EFBIG,	 ESPIPE, EDOM,	  ERANGE,  ENAMETOOLONG,
		ENOSYS,		 ELOOP,	       EILSEQ,	 EPROTO, EBADMSG, ENOTSUP, EAFNOSUPPORT,
		EPROTONOSUPPORT, EDESTADDRREQ, EMSGSIZE, E2BIG,	 EBADF,
	};
	int number = error < 0 ? -error : error;
	size_t i;

	for (i = 0; i < sizeof(for_good); i++)
		if (for_good[i] == number)
			return false;
	return true;
}

static int write_journal(const struct log_line *line, uint32_t repeats)
{
	static const int priorities[LOG_LEVELS] = {
		[LOG_LEVEL_ERROR] = LOG_ERR,
		[LOG_LEVEL_WARNING] = LOG_WARNING,
		[LOG_LEVEL_INFO] = LOG_INFO,
		[LOG_LEVEL_DEBUG] = LOG_DEBUG,
	};
	char error[32] = "", message[LOG_OUTPUT_MAX], count[32];
	struct iovec fields[6];
	char priority[16], category[48];
	const char *retry;
	int n = 0;

	if (repeats)
		snprintf(message, sizeof(message), "MESSAGE=repeated %u times: %s", repeats,
			 line->text);
	else
		snprintf(message, sizeof(message), "MESSAGE=%s", line->text);
	snprintf(priority, sizeof(priority), "PRIORITY=%d", priorities[line->level]);
	snprintf(category, sizeof(category), "DIUNA_CATEGORY=%s",
		 log_category_name(line->category));
	fields[n++] = (struct iovec){ message, strlen(message) };
	fields[n++] = (struct iovec){ priority, strlen(priority) };
	fields[n++] = (struct iovec){ category, strlen(category) };
	if (line->error) {
		snprintf(error, sizeof(error), "ERRNO=%d", line->error);
		fields[n++] = (struct iovec){ error, strlen(error) };
		retry = log_can_retry(line->error) ? "DIUNA_RETRY=yes" : "DIUNA_RETRY=no";
		fields[n++] = (struct iovec){ (char *)(uintptr_t)retry, strlen(retry) };
	}
	if (repeats) {
		snprintf(count, sizeof(count), "DIUNA_REPEATED=%u", repeats);
		fields[n++] = (struct iovec){ count, strlen(count) };
	}
	return sd_journal_sendv(fields, n);
}

/* Give a line away; @repeats: not the line itself, but that it came so often again. */
static void output(const struct log_line *line, uint32_t repeats)
{
	if (!writer.to_journal || write_journal(line, repeats) < 0)
		write_stderr(line, repeats);
}

static void tell_repeats(uint32_t repeats)
{
	struct log_line line = writer.fold.last;

	line.wall_ms = clock_wall_ms();
	output(&line, repeats);
}

static void take_line(const struct log_line *line)
{
	struct log_line before = writer.fold.last;
	bool repeat;
	uint32_t told;

	repeat = log_fold_add(&writer.fold, line, clock_now_ns(), &told);
	if (told) {
		before.wall_ms = line->wall_ms;
		output(&before, told);
	}
	if (!repeat)
		output(line, 0);

	pthread_mutex_lock(&recent_lock);
	if (repeat) {
		recent[(recent_count - 1) % LOG_RECENT].repeated++;
	} else {
		struct log_line *at = &recent[recent_count++ % LOG_RECENT];

		*at = *line;
		at->seq = recent_count;
	}
	if (watch_fd >= 0)
		eventfd_write(watch_fd, 1);
	pthread_mutex_unlock(&recent_lock);
}

static void take_all(void)
{
	struct log_line line;
	uint64_t lost;
	uint32_t told;

	while (ring_empty_one(&line))
		take_line(&line);

	lost = atomic_load_explicit(&dropped, memory_order_relaxed);
	if (lost != writer.dropped_told) {
		line = (struct log_line){
			.wall_ms = clock_wall_ms(),
			.level = LOG_LEVEL_WARNING,
			.category = LOG_SYSTEM,
		};
		snprintf(line.text, sizeof(line.text), "log: %llu lines lost, the ring was full",
			 (unsigned long long)(lost - writer.dropped_told));
		writer.dropped_told = lost;
		take_line(&line);
	}

	told = log_fold_expire(&writer.fold, clock_now_ns());
	if (told)
		tell_repeats(told);
}

/* Sleep until a line comes, or until repeats are to be told. */
static void writer_sleep(void)
{
	struct pollfd pollfd = { .fd = writer.wake_fd, .events = POLLIN };
	uint64_t deadline_ns = log_fold_deadline_ns(&writer.fold);
	struct timespec timeout = { 0 };
	uint64_t count;

	atomic_store(&writer.asleep, true);
	if (ring_is_empty() && !atomic_load(&writer.stopping)) {
		if (deadline_ns) {
			uint64_t now_ns = clock_now_ns();
			uint64_t wait_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;

			timeout.tv_sec = (time_t)(wait_ns / NSEC_PER_SEC);
			timeout.tv_nsec = (long)(wait_ns % NSEC_PER_SEC);
		}
		if (ppoll(&pollfd, 1, deadline_ns ? &timeout : NULL, NULL) > 0)
			(void)!read(writer.wake_fd, &count, sizeof(count));
	}
	atomic_store(&writer.asleep, false);
}

static void *writer_main(void *data)
{
	(void)data;
	for (;;) {
		/* looked at first: what came before the stop is still written */
		bool stopping = atomic_load(&writer.stopping);

		take_all();
		if (stopping)
			break;
		writer_sleep();
	}
	if (writer.fold.count)
		tell_repeats(writer.fold.count);
	return NULL;
}

int log_start(bool to_journal)
{
	static bool once;
	size_t i;
	int r;

	if (atomic_load(&state) != LOG_DIRECT)
		return -EALREADY;
	if (!once) {
		for (i = 0; i < LOG_RING; i++)
			atomic_init(&slots[i].turn, i);
		once = true;
	}
	/* kept for good: a thread that logs during log_stop() may still write to it */
	if (writer.wake_fd < 0)
		writer.wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (writer.wake_fd < 0)
		return -errno;
	writer.to_journal = to_journal;
	writer.fold = (struct log_fold){ 0 };
	atomic_store(&writer.asleep, false);
	atomic_store(&writer.stopping, false);
	r = thread_start(&writer.thread, "diuna-log", writer_main, NULL);
	if (r < 0)
		return r;
	atomic_store(&state, LOG_RUNNING);
	return 0;
}

void log_stop(void)
{
	struct log_line line;

	if (atomic_load(&state) != LOG_RUNNING)
		return;
	/* a terminal that was stopped by Ctrl-S must not hold up the exit: nothing more goes there */
	atomic_store(&writer.stopping, true);
	wake_writer();
	if (thread_join(writer.thread, LOG_STOP_NS) < 0) {
		atomic_store(&state, LOG_LOST);
		return;
	}
	writer.thread = NULL;
	atomic_store(&state, LOG_DIRECT);
	/* what others pushed while the writer ended */
	while (ring_empty_one(&line))
		output(&line, 0);
}

void log_set_level(enum log_category category, enum log_level level)
{
	if ((unsigned int)category < LOG_CATEGORIES && (unsigned int)level < LOG_LEVELS)
		atomic_store_explicit(&levels[category], (int)level, memory_order_relaxed);
}

enum log_level log_get_level(enum log_category category)
{
	if ((unsigned int)category >= LOG_CATEGORIES)
		return LOG_LEVEL_ERROR;
	return (enum log_level)atomic_load_explicit(&levels[category], memory_order_relaxed);
}

static void fill_line(struct log_line *line, int error, const char *format, va_list args)
{
	const char *text;
	int length;

	line->wall_ms = clock_wall_ms();
	line->error = error < 0 ? -error : error;
	length = vsnprintf(line->text, sizeof(line->text), format, args);
	if (length < 0)
		str_copy(line->text, sizeof(line->text), "(a line that cannot be formatted)");
	if (line->error && length >= 0 && (size_t)length < sizeof(line->text)) {
		/* neither locale nor lock, unlike strerror() */
		text = strerrordesc_np(line->error);
		if (text)
			snprintf(line->text + length, sizeof(line->text) - (size_t)length, ": %s",
				 text);
		else
			snprintf(line->text + length, sizeof(line->text) - (size_t)length,
				 ": error %d", line->error);
	}
	str_clean(line->text);
}

void log_write(enum log_level level, enum log_category category, int error, const char *format, ...)
{
	struct log_line line = { .level = level, .category = category };
	int now;
	va_list args;

	if ((unsigned int)category >= LOG_CATEGORIES || level > log_get_level(category))
		return;
	va_start(args, format);
	fill_line(&line, error, format, args);
	va_end(args);

	now = atomic_load_explicit(&state, memory_order_acquire);
	if (now == LOG_DIRECT) {
		write_stderr(&line, 0);
	} else if (now == LOG_LOST || !ring_fill(&line)) {
		atomic_fetch_add_explicit(&dropped, 1, memory_order_relaxed);
	} else if (atomic_load(&writer.asleep) && atomic_exchange(&writer.asleep, false)) {
		wake_writer();
	}
}

size_t log_recent(struct log_line *ret_lines, size_t n)
{
	return log_since(0, ret_lines, n);
}

size_t log_since(uint64_t seq, struct log_line *ret_lines, size_t n)
{
	uint64_t i;

	pthread_mutex_lock(&recent_lock);
	if (n > LOG_RECENT)
		n = LOG_RECENT;
	/* numbers begin with 1: the newest line has recent_count */
	if (seq >= recent_count)
		n = 0;
	else if (n > recent_count - seq)
		n = (size_t)(recent_count - seq);
	for (i = 0; i < n; i++)
		ret_lines[i] = recent[(recent_count - n + i) % LOG_RECENT];
	pthread_mutex_unlock(&recent_lock);
	return n;
}

void log_watch(int fd)
{
	pthread_mutex_lock(&recent_lock);
	watch_fd = fd;
	pthread_mutex_unlock(&recent_lock);
}

uint64_t log_dropped(void)
{
	return atomic_load_explicit(&dropped, memory_order_relaxed);
}

const char *log_level_name(enum log_level level)
{
	static const char *const names[LOG_LEVELS] = {
		[LOG_LEVEL_ERROR] = "ERROR",
		[LOG_LEVEL_WARNING] = "WARNING",
		[LOG_LEVEL_INFO] = "INFO",
		[LOG_LEVEL_DEBUG] = "DEBUG",
	};

	return (unsigned int)level < LOG_LEVELS ? names[level] : "UNKNOWN";
}

const char *log_category_name(enum log_category category)
{
	static const char *const names[LOG_CATEGORIES] = {
		[LOG_SYSTEM] = "SYSTEM",       [LOG_CONFIG] = "CONFIG", [LOG_TASK] = "TASK",
		[LOG_EVENT] = "EVENT",	       [LOG_FRAME] = "FRAME",	[LOG_OUTPUT] = "OUTPUT",
		[LOG_ANIMATION] = "ANIMATION", [LOG_ZONE] = "ZONE",	[LOG_INPUT] = "INPUT",
		[LOG_NETWORK] = "NETWORK",     [LOG_API] = "API",	[LOG_STATE] = "STATE",
	};

	return (unsigned int)category < LOG_CATEGORIES ? names[category] : "UNKNOWN";
}
