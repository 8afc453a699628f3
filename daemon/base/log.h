/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The log: any thread formats a line into a bounded ring without ever
 * blocking; a writer thread gives it to the journal with fields or to standard
 * error as text. When the ring is full lines are dropped and counted; a line
 * that repeats is folded into one with a count.
 */

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
	LOG_LEVELS,
};

/** enum log_category - what a line is about; of an error: what failed */
enum log_category {
	LOG_SYSTEM,
	LOG_CONFIG,
	LOG_TASK,
	LOG_EVENT,
	LOG_FRAME,
	LOG_OUTPUT,
	LOG_ANIMATION,
	LOG_ZONE,
	LOG_INPUT,
	LOG_NETWORK,
	LOG_API,
	LOG_STATE,
	LOG_CATEGORIES,
};

#define LOG_TEXT_MAX 240
/** LOG_RECENT - lines kept in memory for log_recent() */
#define LOG_RECENT 1000

/** struct log_line - one line; a plain value */
struct log_line {
	uint64_t seq;
	uint64_t wall_ms; /* CLOCK_REALTIME since 1970 */
	enum log_level level;
	enum log_category category;
	uint32_t repeated; /* times the same line came again after this one */
	int error;	   /* errno, 0 if none */
	char text[LOG_TEXT_MAX];
};

/**
 * log_start() - start the writer; before it, and after log_stop(), lines go to stderr directly
 * @to_journal: with fields to the journal; else, or where that fails, as text to stderr
 *
 * Return: 0, -EALREADY or what the kernel said.
 */
int log_start(bool to_journal);

/**
 * log_stop() - write what waits, at most for 1 s, and stop the writer
 *
 * A writer that hangs, such as on a stopped terminal, is left behind; later
 * lines are only counted then, and log_start() stays refused.
 */
void log_stop(void);

/** log_set_level() - what is less important than @level is not recorded */
void log_set_level(enum log_category category, enum log_level level);
enum log_level log_get_level(enum log_category category);

/**
 * log_write() - write a line; @error is an errno (either sign) or 0, its text is appended
 *
 * Never blocks while the writer runs, allocates nothing. Any thread. What does
 * not fit LOG_TEXT_MAX is cut off; control characters and bytes that are not
 * UTF-8 become '?'.
 */
void log_write(enum log_level level, enum log_category category, int error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#define log_error(category, error, ...) log_write(LOG_LEVEL_ERROR, category, error, __VA_ARGS__)
#define log_warning(category, error, ...) log_write(LOG_LEVEL_WARNING, category, error, __VA_ARGS__)
#define log_info(category, ...) log_write(LOG_LEVEL_INFO, category, 0, __VA_ARGS__)
#define log_debug(category, ...) log_write(LOG_LEVEL_DEBUG, category, 0, __VA_ARGS__)

/**
 * log_recent() - copy up to @n of the newest lines that the writer took, oldest first
 *
 * Takes a lock: not for the light loop. Return: how many.
 */
size_t log_recent(struct log_line *ret_lines, size_t n);

/**
 * log_since() - copy up to @n of the newest lines after number @seq, oldest first
 *
 * As log_recent(); a gap after @seq tells that lines are not remembered any more.
 */
size_t log_since(uint64_t seq, struct log_line *ret_lines, size_t n);

/**
 * log_watch() - write to the eventfd @fd whenever lines were taken; -1: nobody watches
 *
 * One watcher at a time. When it returns the one before is not told any more.
 */
void log_watch(int fd);

/** log_dropped() - lines lost because the ring was full */
uint64_t log_dropped(void);

/**
 * log_can_retry() - whether what ended with this errno (either sign) may go well the next time
 *
 * False where somebody has to change something first: a wrong value, a right
 * that is missing, a thing that cannot be had. The journal's field DIUNA_RETRY
 * of lines with an error.
 */
bool log_can_retry(int error);

const char *log_level_name(enum log_level level);	   /* "ERROR" … */
const char *log_category_name(enum log_category category); /* "SYSTEM" … */
