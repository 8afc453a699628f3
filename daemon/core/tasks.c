// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

#define TASKS_MAX_FINISHED 4096
#define TASKS_BUCKETS (TASKS_MAX_RUNNING * 2)
#define TASKS_RESTART_MIN_NS (100 * NSEC_PER_MSEC)
#define TASKS_RESTART_MAX_NS (10 * NSEC_PER_SEC)

/* A running task: in its bucket by id, and in the list in order of creation. */
struct task {
	struct task_info info;
	struct task *bucket_next; /* also the list of free ones */
	struct task *next, *previous;
};

struct tasks {
	struct tasks_config config;
	struct tasks_summary summary;
	uint32_t last_id;
	bool full_logged;
	struct task slots[TASKS_MAX_RUNNING];
	struct task *unused;
	struct task *buckets[TASKS_BUCKETS];
	struct task *first, *last;
	uint64_t ended; /* ended so far; the n-th is at (n - 1) % config.finished */
	struct task_info finished[];
};

int tasks_create(struct tasks **ret_tasks, const struct tasks_config *config)
{
	struct tasks *tasks;
	size_t i;

	if (!config->finished || config->finished > TASKS_MAX_FINISHED)
		return -EINVAL;
	tasks = calloc(1, sizeof(*tasks) + config->finished * sizeof(tasks->finished[0]));
	if (!tasks)
		return -ENOMEM;
	tasks->config = *config;
	for (i = TASKS_MAX_RUNNING; i--;) {
		tasks->slots[i].bucket_next = tasks->unused;
		tasks->unused = &tasks->slots[i];
	}
	*ret_tasks = tasks;
	return 0;
}

struct tasks *tasks_destroy(struct tasks *tasks)
{
	free(tasks);
	return NULL;
}

/* The link that leads to the running task @id, or to NULL. */
static struct task **find_running(struct tasks *tasks, uint32_t id)
{
	struct task **at = &tasks->buckets[id % TASKS_BUCKETS];

	while (*at && (*at)->info.id != id)
		at = &(*at)->bucket_next;
	return at;
}

static const struct task_info *find(const struct tasks *tasks, uint32_t id)
{
	size_t i, known = tasks->config.finished;
	const struct task *task;

	if (!id)
		return NULL;
	for (task = tasks->buckets[id % TASKS_BUCKETS]; task; task = task->bucket_next)
		if (task->info.id == id)
			return &task->info;
	if (known > tasks->ended)
		known = tasks->ended;
	for (i = 0; i < known; i++)
		if (tasks->finished[i].id == id)
			return &tasks->finished[i];
	return NULL;
}

static void tell(const struct tasks *tasks, const struct task_info *info)
{
	if (tasks->config.on_change)
		tasks->config.on_change(info, tasks->config.data);
}

/* Take a slot for a copy of @template, which has all but id and times. */
static uint32_t add(struct tasks *tasks, const struct task_info *template)
{
	struct task *task = tasks->unused;
	struct task_info info = *template;
	struct task **bucket;

	if (!task) {
		if (!tasks->full_logged)
			log_error(LOG_TASK, ENOSPC, "%d tasks run already, not registered: %s",
				  TASKS_MAX_RUNNING, info.description);
		tasks->full_logged = true;
		return 0;
	}
	tasks->unused = task->bucket_next;

	info.id = ++tasks->last_id;
	info.status = TASK_RUNNING;
	info.error = 0;
	info.error_text[0] = '\0';
	info.created_ns = clock_now_ns();
	info.created_wall_ms = clock_wall_ms();
	info.ended_ns = 0;
	task->info = info;

	bucket = &tasks->buckets[info.id % TASKS_BUCKETS];
	task->bucket_next = *bucket;
	*bucket = task;
	task->next = NULL;
	task->previous = tasks->last;
	if (tasks->last)
		tasks->last->next = task;
	else
		tasks->first = task;
	tasks->last = task;

	tasks->summary.created++;
	tasks->summary.running++;
	tasks->summary.running_by_category[info.category]++;
	/* a copy is told, so that the callback may add and end tasks itself */
	tell(tasks, &info);
	return info.id;
}

uint32_t tasks_add(struct tasks *tasks, enum task_category category, uint32_t parent,
		   enum task_on_failure on_failure, const char *format, ...)
{
	struct task_info info = {
		.category = (unsigned int)category < TASK_CATEGORIES ? category : TASK_GENERAL,
		.on_failure = on_failure,
	};
	va_list args;

	if (parent && *find_running(tasks, parent))
		info.parent = parent;
	va_start(args, format);
	vsnprintf(info.description, sizeof(info.description), format, args);
	va_end(args);
	str_clean(info.description);
	return add(tasks, &info);
}

static bool ran_well(const struct task_info *failed)
{
	return failed->ended_ns - failed->created_ns >= TASKS_WELL_NS;
}

uint32_t tasks_restart(struct tasks *tasks, uint32_t id)
{
	const struct task_info *failed = find(tasks, id);
	struct task_info info;

	if (!failed || failed->status != TASK_FAILED)
		return 0;
	info = *failed;
	info.restarts = ran_well(failed) ? 1 : info.restarts + 1;
	if (!*find_running(tasks, info.parent))
		info.parent = 0;
	return add(tasks, &info);
}

uint64_t tasks_restart_delay_ns(const struct task_info *task)
{
	uint64_t delay_ns = TASKS_RESTART_MIN_NS;
	uint32_t restarts = ran_well(task) ? 0 : task->restarts, i;

	for (i = 0; i < restarts && delay_ns < TASKS_RESTART_MAX_NS; i++)
		delay_ns *= 2;
	return delay_ns < TASKS_RESTART_MAX_NS ? delay_ns : TASKS_RESTART_MAX_NS;
}

/* Move a running task to the finished ones; false if it does not run. */
static bool end(struct tasks *tasks, uint32_t id, enum task_status status, int error,
		const char *error_text, struct task_info *ret_info)
{
	struct task **at = find_running(tasks, id);
	struct task *task = *at;

	if (!task)
		return false;
	*at = task->bucket_next;
	if (task->previous)
		task->previous->next = task->next;
	else
		tasks->first = task->next;
	if (task->next)
		task->next->previous = task->previous;
	else
		tasks->last = task->previous;

	task->info.status = status;
	task->info.error = error;
	str_copy(task->info.error_text, sizeof(task->info.error_text), error_text);
	task->info.ended_ns = clock_now_ns();
	*ret_info = task->info;
	tasks->finished[tasks->ended++ % tasks->config.finished] = task->info;
	tasks->summary.running--;
	tasks->summary.running_by_category[task->info.category]--;

	task->bucket_next = tasks->unused;
	tasks->unused = task;
	tasks->full_logged = false;
	return true;
}

void tasks_complete(struct tasks *tasks, uint32_t id)
{
	struct task_info info;

	if (!end(tasks, id, TASK_COMPLETED, 0, "", &info))
		return;
	tasks->summary.completed++;
	tell(tasks, &info);
}

void tasks_fail(struct tasks *tasks, uint32_t id, int error, const char *format, ...)
{
	char text[TASK_TEXT_MAX];
	struct task_info info;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	str_clean(text);
	if (!end(tasks, id, TASK_FAILED, error, text, &info))
		return;
	tasks->summary.failed++;
	log_error(LOG_TASK, error, "%s failed: %s", info.description, text);
	tell(tasks, &info);
	if (info.on_failure != TASK_FAIL_RECORD && tasks->config.on_critical)
		tasks->config.on_critical(&info, tasks->config.data);
}

void tasks_cancel(struct tasks *tasks, uint32_t id)
{
	struct task_info info;

	if (!end(tasks, id, TASK_CANCELLED, 0, "", &info))
		return;
	tasks->summary.cancelled++;
	tell(tasks, &info);
}

bool tasks_get(const struct tasks *tasks, uint32_t id, struct task_info *ret_info)
{
	const struct task_info *info = find(tasks, id);

	if (!info)
		return false;
	*ret_info = *info;
	return true;
}

size_t tasks_list(const struct tasks *tasks, struct task_info *ret_infos, size_t n)
{
	const struct task *task;
	uint64_t i, known = tasks->config.finished;
	size_t count = 0;

	for (task = tasks->first; task && count < n; task = task->next)
		ret_infos[count++] = task->info;
	if (known > tasks->ended)
		known = tasks->ended;
	for (i = 1; i <= known && count < n; i++)
		ret_infos[count++] = tasks->finished[(tasks->ended - i) % tasks->config.finished];
	return count;
}

void tasks_get_summary(const struct tasks *tasks, struct tasks_summary *ret_summary)
{
	*ret_summary = tasks->summary;
}

const char *task_category_name(enum task_category category)
{
	static const char *const names[TASK_CATEGORIES] = {
		[TASK_API] = "API",
		[TASK_HARDWARE] = "HARDWARE",
		[TASK_RENDER] = "RENDER",
		[TASK_ANIMATION] = "ANIMATION",
		[TASK_INPUT] = "INPUT",
		[TASK_EVENTBUS] = "EVENTBUS",
		[TASK_TRANSITION] = "TRANSITION",
		[TASK_SYSTEM] = "SYSTEM",
		[TASK_BACKGROUND] = "BACKGROUND",
		[TASK_GENERAL] = "GENERAL",
	};

	return (unsigned int)category < TASK_CATEGORIES ? names[category] : "UNKNOWN";
}

const char *task_status_name(enum task_status status)
{
	static const char *const names[TASK_STATUSES] = {
		[TASK_RUNNING] = "running",
		[TASK_COMPLETED] = "completed",
		[TASK_FAILED] = "failed",
		[TASK_CANCELLED] = "cancelled",
	};

	return (unsigned int)status < TASK_STATUSES ? names[status] : "unknown";
}
