// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/system.h"

#include <errno.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "api/inputs.h"
#include "base/clock.h"
#include "base/version.h"
#include "control/config_change.h"
#include "control/desk.h"

/* All reasons together, each of which is at most that of an input and its name. */
#define REASON_MAX 2048
#define REASON_ONE_MAX 256
/* "; and 4294967295 more" is kept free for those that do not fit. */
#define REASON_MORE_MAX 24
/* Tasks inside one another that are told. */
#define TREE_DEPTH_MAX 8

/* A frame that is due for so long will not come: the light loop hangs. */
static bool is_stuck(const struct frames_figures *figures)
{
	uint64_t due_ns = figures ? atomic_load(&figures->due_ns) : 0;

	return due_ns && clock_now_ns() > due_ns + FRAMES_ALIVE_NS;
}

void system_get_alive(const struct route_get *get, struct writer *writer)
{
	bool stuck = is_stuck(get->view->figures);

	writer_object(writer, NULL);
	writer_string(writer, "status", stuck ? "frames are stuck" : "alive");
	writer_object_end(writer);
	if (stuck)
		*get->ret_status = MHD_HTTP_SERVICE_UNAVAILABLE;
}

/* struct reason - why the daemon is degraded, in words; what does not fit is counted */
struct reason {
	char text[REASON_MAX];
	size_t used;
	unsigned int more;
};

static void reason_add(struct reason *reason, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void reason_add(struct reason *reason, const char *format, ...)
{
	const char *between = reason->used ? "; " : "";
	char text[REASON_ONE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* none after one that does not fit: they are told in order */
	if (reason->more ||
	    reason->used + strlen(between) + strlen(text) + REASON_MORE_MAX > REASON_MAX)
		reason->more++;
	else
		reason->used += (size_t)sprintf(reason->text + reason->used, "%s%s", between, text);
}

/* A task that was registered anew after it failed is running again under another id. */
static bool runs_again(const struct tasks_snapshot *tasks, const struct task_info *failed)
{
	uint32_t i;

	for (i = 0; i < tasks->count; i++) {
		const struct task_info *task = &tasks->task[i];

		if (task->status == TASK_RUNNING && task->category == failed->category &&
		    !strcmp(task->description, failed->description))
			return true;
	}
	return false;
}

static void find_reasons(const struct view *view, struct reason *reason)
{
	const struct state_snapshot *state = view->state;
	const struct tasks_snapshot *tasks = view->tasks;
	uint32_t i;

	for (i = 0; i < state->output_count; i++) {
		const struct snapshot_output *output = &state->output[i];

		if (!output->present)
			reason_add(reason, "output %s is missing%s%s", output->name,
				   output->error ? ": " : "",
				   output->error ? strerrordesc_np(-output->error) : "");
	}
	for (i = 0; view->desk && i < view->desk->input_count; i++) {
		const struct input_status *input = &view->desk->input[i];

		if (!input->present)
			reason_add(reason, "input %s is missing: %s", input->name,
				   input->detail[0] ? input->detail : "not opened yet");
	}
	/* whether a zone fits is known only while its output is there */
	for (i = 0; i < state->zone_count; i++) {
		const struct snapshot_zone *zone = &state->zone[i];
		bool present = false;
		uint32_t k;

		for (k = 0; k < state->output_count; k++)
			if (!strcmp(state->output[k].name, zone->config.output))
				present = state->output[k].present;
		if (zone->config.enabled && present && !zone->fits)
			reason_add(reason, "zone %s does not fit output %s", zone->config.id,
				   zone->config.output);
	}
	for (i = 0; i < state->zone_count; i++)
		if (state->zone[i].fault[0])
			reason_add(reason, "zone %s: %s", state->zone[i].config.id,
				   state->zone[i].fault);
	if (state->thermal.hot)
		reason_add(reason, "hot: %d degrees, so fewer frames a second",
			   state->thermal.temperature_c);
	if (state->thermal.low_voltage)
		reason_add(reason, "the supply's voltage is too low");
	if (view->config && view->config->ignored[0])
		reason_add(reason, "what was changed of the configuration is not used: %s",
			   view->config->ignored);
	if (state->store_error)
		reason_add(reason, "the state is not saved: %s",
			   strerrordesc_np(-state->store_error));
	for (i = 0; i < tasks->count; i++) {
		const struct task_info *task = &tasks->task[i];

		/* outputs are told above, with more */
		if (task->status == TASK_FAILED && task->on_failure != TASK_FAIL_RECORD &&
		    task->category != TASK_HARDWARE && !runs_again(tasks, task))
			reason_add(reason, "task %s failed: %s", task->description,
				   task->error_text);
	}
}

static void write_output_frames(const struct view *view, uint32_t index, struct writer *writer)
{
	writer_object(writer, "frames");
	writer_int(writer, "rendered",
		   (int64_t)metrics_get(&view->figures->output[index].rendered));
	writer_int(writer, "skipped", (int64_t)metrics_get(&view->figures->output[index].skipped));
	writer_int(writer, "dropped", (int64_t)metrics_get(&view->figures->output[index].dropped));
	writer_int(writer, "foreign", (int64_t)metrics_get(&view->figures->output[index].foreign));
	writer_object_end(writer);
}

static void write_outputs(const struct view *view, bool figures, struct writer *writer)
{
	const struct state_snapshot *state = view->state;
	uint32_t i;

	writer_array(writer, "outputs");
	for (i = 0; i < state->output_count; i++) {
		const struct snapshot_output *output = &state->output[i];
		const char *error = output->error ? strerrorname_np(-output->error) : NULL;

		writer_object(writer, NULL);
		writer_string(writer, "name", output->name);
		writer_string(writer, "type", output->type);
		writer_bool(writer, "present", output->present);
		if (error)
			writer_string(writer, "error", error);
		else
			writer_null(writer, "error");
		if (figures && view->figures)
			write_output_frames(view, i, writer);
		writer_object_end(writer);
	}
	writer_array_end(writer);
}

/* Which callbacks of the light loop were too long, and how long at most. */
static void write_stalled(const struct view *view, struct writer *writer)
{
	struct loop_stalled stalled[LOOP_STALLED_MAX];
	size_t count, i;

	count = view->light_loop ? loop_stalled(view->light_loop, stalled, LOOP_STALLED_MAX) : 0;
	writer_array(writer, "stalled");
	for (i = 0; i < count; i++) {
		writer_object(writer, NULL);
		writer_string(writer, "source", stalled[i].name);
		writer_int(writer, "count", (int64_t)stalled[i].stalls);
		writer_int(writer, "longest_ns", (int64_t)stalled[i].longest_ns);
		writer_object_end(writer);
	}
	writer_array_end(writer);
}

static void write_frames(const struct view *view, struct writer *writer)
{
	struct metrics_summary late = { 0 }, time = { 0 };

	if (view->figures) {
		metrics_summarize(&view->figures->lateness, &late);
		metrics_summarize(&view->figures->time, &time);
	}
	writer_object(writer, "frames");
	writer_int(writer, "started", (int64_t)late.count);
	writer_int(writer, "late_p50_ns", (int64_t)late.p50);
	writer_int(writer, "late_p99_ns", (int64_t)late.p99);
	writer_int(writer, "late_p999_ns", (int64_t)late.p999);
	writer_int(writer, "late_max_ns", (int64_t)late.max);
	writer_int(writer, "time_p50_ns", (int64_t)time.p50);
	writer_int(writer, "time_p99_ns", (int64_t)time.p99);
	writer_int(writer, "time_max_ns", (int64_t)time.max);
	writer_int(writer, "loop_stalls",
		   view->light_loop ? (int64_t)loop_stalls(view->light_loop) : 0);
	write_stalled(view, writer);
	writer_object_end(writer);
}

static void write_heat(const struct thermal_state *thermal, struct writer *writer)
{
	if (thermal->known)
		writer_int(writer, "temperature_c", thermal->temperature_c);
	else
		writer_null(writer, "temperature_c");
	writer_bool(writer, "hot", thermal->hot);
}

static void write_thermal(const struct thermal_state *thermal, struct writer *writer)
{
	writer_object(writer, "thermal");
	write_heat(thermal, writer);
	writer_bool(writer, "low_voltage", thermal->low_voltage);
	writer_object_end(writer);
}

void system_get_thermal(const struct route_get *get, struct writer *writer)
{
	writer_object(writer, NULL);
	write_heat(&get->view->state->thermal, writer);
	writer_object_end(writer);
}

void system_get_power(const struct route_get *get, struct writer *writer)
{
	writer_object(writer, NULL);
	writer_bool(writer, "low_voltage", get->view->state->thermal.low_voltage);
	writer_bool(writer, "power_off", get->view->state->panel.power_off);
	writer_object_end(writer);
}

static void write_counts(const struct tasks_summary *summary, struct writer *writer)
{
	writer_int(writer, "total", (int64_t)summary->created);
	writer_int(writer, "active", summary->running);
	writer_int(writer, "completed", (int64_t)summary->completed);
	writer_int(writer, "failed", (int64_t)summary->failed);
	writer_int(writer, "cancelled", (int64_t)summary->cancelled);
}

static void write_status(const struct view *view, struct writer *writer)
{
	struct reason reason = { "", 0, 0 };

	find_reasons(view, &reason);
	if (reason.more)
		sprintf(reason.text + reason.used, "; and %u more", reason.more);
	writer_string(writer, "status", reason.used ? "degraded" : "healthy");
	if (reason.used)
		writer_string(writer, "reason", reason.text);
	else
		writer_null(writer, "reason");
}

void system_write_health(const struct view *view, const char *key, struct writer *writer)
{
	writer_object(writer, key);
	write_status(view, writer);
	write_outputs(view, false, writer);
	inputs_write(view, false, writer);
	writer_object_end(writer);
}

void system_get_health(const struct route_get *get, struct writer *writer)
{
	writer_object(writer, NULL);
	write_status(get->view, writer);
	writer_object(writer, "tasks");
	write_counts(&get->view->tasks->summary, writer);
	writer_object_end(writer);
	write_outputs(get->view, true, writer);
	inputs_write(get->view, true, writer);
	write_frames(get->view, writer);
	write_thermal(&get->view->state->thermal, writer);
	writer_time(writer, "timestamp", clock_wall_ms());
	writer_object_end(writer);
}

static void write_task_begin(const struct task_info *task, struct writer *writer)
{
	char duration[32];
	uint64_t ms;

	writer_object(writer, NULL);
	writer_int(writer, "id", task->id);
	if (task->parent)
		writer_int(writer, "parent", task->parent);
	else
		writer_null(writer, "parent");
	writer_string(writer, "category", task_category_name(task->category));
	writer_string(writer, "description", task->description);
	writer_string(writer, "status", task_status_name(task->status));
	writer_time(writer, "created_at", task->created_wall_ms);
	/* in seconds; not told while it runs, or the answer would be old at once */
	if (task->status == TASK_RUNNING) {
		writer_null(writer, "duration");
	} else {
		ms = (task->ended_ns - task->created_ns) / NSEC_PER_MSEC;
		snprintf(duration, sizeof(duration), "%" PRIu64 ".%03u", ms / 1000,
			 (unsigned int)(ms % 1000));
		writer_json(writer, "duration", duration);
	}
	if (task->status == TASK_FAILED)
		writer_string(writer, "error", task->error_text);
	else
		writer_null(writer, "error");
	writer_bool(writer, "critical", task->on_failure != TASK_FAIL_RECORD);
	writer_int(writer, "restarts", task->restarts);
}

void system_write_task(const struct task_info *task, struct writer *writer)
{
	write_task_begin(task, writer);
	writer_object_end(writer);
}

/* The tasks of one status, or all of them for TASK_STATUSES. */
static void write_tasks(const struct tasks_snapshot *tasks, enum task_status status,
			struct writer *writer)
{
	uint32_t i, count = 0;

	for (i = 0; i < tasks->count; i++)
		count += status == TASK_STATUSES || tasks->task[i].status == status;
	writer_object(writer, NULL);
	writer_int(writer, "count", count);
	writer_array(writer, "tasks");
	for (i = 0; i < tasks->count; i++)
		if (status == TASK_STATUSES || tasks->task[i].status == status)
			system_write_task(&tasks->task[i], writer);
	writer_array_end(writer);
	writer_object_end(writer);
}

static bool is_wanted(const struct query *query, const struct task_info *task)
{
	return (!(query->given & QUERY_STATUS) || task->status == query->status) &&
	       (!(query->given & QUERY_TASK_CATEGORY) || task->category == query->task_category);
}

void system_get_tasks(const struct route_get *get, struct writer *writer)
{
	const struct tasks_snapshot *tasks = get->view->tasks;
	uint32_t i, count = 0;

	for (i = 0; i < tasks->count; i++)
		count += is_wanted(get->query, &tasks->task[i]);
	writer_object(writer, NULL);
	writer_int(writer, "count", count);
	writer_array(writer, "tasks");
	for (i = 0; i < tasks->count; i++)
		if (is_wanted(get->query, &tasks->task[i]))
			system_write_task(&tasks->task[i], writer);
	writer_array_end(writer);
	writer_object_end(writer);
}

int system_find_task(const struct view *view, const char *id, struct problem *problem)
{
	const struct tasks_snapshot *tasks = view->tasks;
	char number[16];
	uint32_t i;

	for (i = 0; i < tasks->count; i++) {
		snprintf(number, sizeof(number), "%" PRIu32, tasks->task[i].id);
		if (!strcmp(number, id))
			return (int)i;
	}
	problem_set(problem, MHD_HTTP_NOT_FOUND, "there is no task %s, or it is forgotten", id);
	problem_add_text(problem, "path", "task", id, "the id of a task");
	return -ENOENT;
}

void system_get_task(const struct route_get *get, struct writer *writer)
{
	system_write_task(&get->view->tasks->task[get->item], writer);
}

static bool is_known(const struct tasks_snapshot *tasks, uint32_t id)
{
	uint32_t i;

	for (i = 0; i < tasks->count; i++)
		if (tasks->task[i].id == id)
			return true;
	return false;
}

/* Children of a task; of 0: those without a parent, or with one that is forgotten. */
static void write_children(const struct tasks_snapshot *tasks, uint32_t parent, unsigned int depth,
			   struct writer *writer)
{
	uint32_t i;

	writer_array(writer, parent ? "children" : "tasks");
	for (i = 0; i < tasks->count && depth < TREE_DEPTH_MAX; i++) {
		const struct task_info *task = &tasks->task[i];
		bool root = !task->parent || !is_known(tasks, task->parent);

		if (parent ? task->parent != parent : !root)
			continue;
		write_task_begin(task, writer);
		write_children(tasks, task->id, depth + 1, writer);
		writer_object_end(writer);
	}
	writer_array_end(writer);
}

void system_get_tasks_tree(const struct route_get *get, struct writer *writer)
{
	writer_object(writer, NULL);
	write_children(get->view->tasks, 0, 0, writer);
	writer_object_end(writer);
}

void system_get_info(const struct route_get *get, struct writer *writer)
{
	static const char *const features[] = { "live", "events", "preview", "frame" };
	uint64_t up_ns = clock_now_ns() - get->view->started_ns;
	struct utsname uts;
	size_t i;

	writer_object(writer, NULL);
	writer_string(writer, "name", "diuna");
	writer_string(writer, "version", DIUNA_VERSION);
	writer_string(writer, "api", "v1");
	writer_int(writer, "pid", getpid());
	writer_int(writer, "uptime", (int64_t)(up_ns / NSEC_PER_SEC));
	if (uname(&uts) == 0) {
		writer_string(writer, "host", uts.nodename);
		writer_string(writer, "kernel", uts.release);
		writer_string(writer, "machine", uts.machine);
	}
	writer_array(writer, "features");
	for (i = 0; i < sizeof(features) / sizeof(features[0]); i++)
		writer_string(writer, NULL, features[i]);
	writer_array_end(writer);
	writer_time(writer, "time", clock_wall_ms());
	writer_object_end(writer);
}

void system_get_active_tasks(const struct route_get *get, struct writer *writer)
{
	write_tasks(get->view->tasks, TASK_RUNNING, writer);
}

void system_get_failed_tasks(const struct route_get *get, struct writer *writer)
{
	write_tasks(get->view->tasks, TASK_FAILED, writer);
}

void system_get_tasks_summary(const struct route_get *get, struct writer *writer)
{
	const struct tasks_summary *summary = &get->view->tasks->summary;
	unsigned int i;

	writer_object(writer, NULL);
	write_counts(summary, writer);
	writer_object(writer, "active_by_category");
	for (i = 0; i < TASK_CATEGORIES; i++)
		writer_int(writer, task_category_name((enum task_category)i),
			   summary->running_by_category[i]);
	writer_object_end(writer);
	writer_object_end(writer);
}
