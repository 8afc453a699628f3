/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The register of everything that goes on. It belongs to the light loop;
 * other threads see copies in the state snapshot.
 */
struct tasks;

enum task_category {
	TASK_API,
	TASK_HARDWARE,
	TASK_RENDER,
	TASK_ANIMATION,
	TASK_INPUT,
	TASK_EVENTBUS,
	TASK_TRANSITION,
	TASK_SYSTEM,
	TASK_BACKGROUND,
	TASK_GENERAL,
	TASK_CATEGORIES,
};

enum task_status {
	TASK_RUNNING,
	TASK_COMPLETED,
	TASK_FAILED,
	TASK_CANCELLED,
	TASK_STATUSES,
};

/** enum task_on_failure - what follows when a task fails */
enum task_on_failure {
	TASK_FAIL_RECORD,   /* nothing but the record */
	TASK_FAIL_RESTART,  /* its owner starts it again, with a back-off, see tasks_restart() */
	TASK_FAIL_SHUTDOWN, /* on_critical: the daemon shuts down */
};

#define TASK_TEXT_MAX 96
/** TASKS_WELL_NS - what ran for so long before it failed counts as never restarted */
#define TASKS_WELL_NS (60ULL * 1000000000ULL)
/** TASKS_MAX_RUNNING - an animation and a transition in each of 256 zones, and what is besides */
#define TASKS_MAX_RUNNING 576

/** struct task_info - a task as others see it; a plain value */
struct task_info {
	uint32_t id;	 /* from 1, each used once */
	uint32_t parent; /* 0: none */
	enum task_category category;
	enum task_status status;
	enum task_on_failure on_failure;
	uint32_t restarts;	  /* in a row, none of which ran for TASKS_WELL_NS */
	int error;		  /* -errno of a failed one, else 0 */
	uint64_t created_ns;	  /* CLOCK_MONOTONIC */
	uint64_t created_wall_ms; /* CLOCK_REALTIME since 1970 */
	uint64_t ended_ns;	  /* 0 while running */
	char description[TASK_TEXT_MAX];
	char error_text[TASK_TEXT_MAX];
};

struct tasks_config {
	size_t finished; /* ended tasks remembered, 1 to 4096 */
	/* called after each change, from the call that made it; may be NULL; may add and end tasks */
	void (*on_change)(const struct task_info *task, void *data);
	/* called after on_change when a task failed that asks for more than the record; may be NULL */
	void (*on_critical)(const struct task_info *task, void *data);
	void *data;
};

struct tasks_summary {
	uint64_t created;
	uint32_t running;
	uint64_t completed;
	uint64_t failed;
	uint64_t cancelled;
	uint32_t running_by_category[TASK_CATEGORIES];
};

/** tasks_create() - make the register; 0, -EINVAL or -ENOMEM */
int tasks_create(struct tasks **ret_tasks, const struct tasks_config *config);

/** tasks_destroy() - free it, telling nobody; NULL is fine; returns NULL */
struct tasks *tasks_destroy(struct tasks *tasks);

/**
 * tasks_add() - register something that starts now
 * @parent: id of a running task or 0; one that has ended counts as 0
 *
 * Return: the id, or 0 if TASKS_MAX_RUNNING are running (logged once); all
 * calls take id 0 and do nothing then, so callers need not check.
 */
uint32_t tasks_add(struct tasks *tasks, enum task_category category, uint32_t parent,
		   enum task_on_failure on_failure, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/** tasks_complete() - it ended well */
void tasks_complete(struct tasks *tasks, uint32_t id);

/** tasks_fail() - it ended badly: @error is -errno, the text says what and where; logged here */
void tasks_fail(struct tasks *tasks, uint32_t id, int error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** tasks_cancel() - it was ended on purpose */
void tasks_cancel(struct tasks *tasks, uint32_t id);

/**
 * tasks_restart() - register a failed task again, under a new id and with one restart more
 *
 * Return: the new id, or 0 if @id is not a failed task that is still
 * remembered, or TASKS_MAX_RUNNING are running.
 */
uint32_t tasks_restart(struct tasks *tasks, uint32_t id);

/**
 * tasks_restart_delay_ns() - how long to wait before a failed task is started again
 *
 * 100 ms, doubled by each restart before, 10 s at most; 100 ms again for one
 * that had run for TASKS_WELL_NS.
 */
uint64_t tasks_restart_delay_ns(const struct task_info *task);

/** tasks_get() - copy one, running or finished; false if not known */
bool tasks_get(const struct tasks *tasks, uint32_t id, struct task_info *ret_info);

/** tasks_list() - copy up to @n, running ones first by id, then finished ones, newest first; returns
 * how many were copied */
size_t tasks_list(const struct tasks *tasks, struct task_info *ret_infos, size_t n);

/** tasks_get_summary() - how many there are and were */
void tasks_get_summary(const struct tasks *tasks, struct tasks_summary *ret_summary);

/** task_category_name() - upper-case name as in the API, such as "RENDER" */
const char *task_category_name(enum task_category category);

/** task_status_name() - lower-case name as in the API, such as "running" */
const char *task_status_name(enum task_status status);
