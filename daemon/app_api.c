// SPDX-License-Identifier: GPL-2.0-or-later
#include "app_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "web/web.h"

/*
 * The API's thread: its start, its end, and its next start when it has failed,
 * which the light does not notice. Its clients have to connect again; what they
 * find there is what they knew, as the snapshots go over from one to the next.
 */

/* To the next attempt of one that is not in the list of tasks, which is full. */
#define UNREGISTERED_RETRY_NS (10 * NSEC_PER_SEC)

/* The worker has it while it starts the next thread, the loop else. */
struct next_api {
	struct api *failed; /* NULL: it was freed before an attempt that failed */
	struct api *started;
	struct api_config config;
	struct api_links links;
};

static struct api_links links_of(struct app *app)
{
	return (struct api_links){ .commands = app->commands,
				   .results = app->results,
				   .state_mailbox = app->state_mailbox,
				   .tasks_mailbox = app->tasks_mailbox,
				   .library_mailbox = app->library_mailbox,
				   .desk_mailbox = app->desk_mailbox,
				   .desk_figures = desk_figures(app->desk),
				   .config = &app->shelf,
				   .figures = frames_figures(app->frames),
				   .bus_figures = bus_figures(app->bus),
				   .light_loop = app->loop,
				   .events = app->events,
				   .preview = app->preview,
				   .files = web_files,
				   .file_count = web_file_count };
}

/* ---- its next start ---- */

static void register_api(struct app *app)
{
	app->api_task = tasks_add(app->tasks, TASK_API, 0, TASK_FAIL_RESTART, "HTTP API on %s",
				  app->config->api.address);
}

static void fail(struct app *app, int error, const char *reason)
{
	/* app_restart_api() follows, unless there are too many tasks for this one */
	tasks_fail(app->tasks, app->api_task, error, "%s", reason);
	if (!app->api_task)
		loop_timer_set(app->api_retry, clock_now_ns() + UNREGISTERED_RETRY_NS);
}

/* Answers to calls of the one that failed: its successor counts from one again. */
static void forget_answers(const struct api_links *links)
{
	struct command_result result;

	while (port_receive(links->results, &result))
		;
}

static int start_next(void *data)
{
	struct next_api *next = data;

	next->failed = api_destroy(next->failed);
	forget_answers(&next->links);
	return api_start(&next->started, &next->config, &next->links);
}

static void on_started(void *job, int result, void *data)
{
	struct next_api *next = job;
	struct app *app = data;

	app->api_starting = false;
	/* cancelled: the worker ends, before it came to this */
	app->api = result >= 0 ? next->started : next->failed;
	free(next);
	if (app->api)
		api_watch(app->api, app->api_end_fd);
	if (app->ending) {
		if (app->stopping_api)
			app_stop_api(app);
		return;
	}
	if (result < 0)
		fail(app, result, "it cannot be started again");
	else
		app_tell_status(app);
}

static int on_retry(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct app *app = data;
	struct next_api *next;
	int ret = -ENOMEM;

	(void)source;
	(void)now_ns;
	if (app->ending)
		return 0;
	app->api_task = tasks_restart(app->tasks, app->api_task);
	/* many others may have ended since, so that it is forgotten */
	if (!app->api_task)
		register_api(app);
	next = calloc(1, sizeof(*next));
	if (next) {
		next->failed = app->api;
		next->config = app->config->api;
		next->config.port = app->api_port;
		next->links = links_of(app);
		ret = worker_submit(app->files, start_next, next, on_started, app);
	}
	if (ret >= 0) {
		app->api = NULL;
		app->api_starting = true;
		return 0;
	}
	free(next);
	fail(app, ret, "it cannot be started again");
	return 0;
}

void app_restart_api(struct app *app, const struct task_info *failed)
{
	uint64_t delay_ns = tasks_restart_delay_ns(failed);

	if (app->ending)
		return;
	log_warning(LOG_API, 0, "the HTTP server is started again in %u ms",
		    (unsigned int)(delay_ns / NSEC_PER_MSEC));
	loop_timer_set(app->api_retry, clock_now_ns() + delay_ns);
}

/* ---- its end ---- */

static void has_ended(struct app *app)
{
	app->api_ended = true;
	shutdown_done(app->stopping_api, 0);
}

static int on_api_end(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct app *app = data;
	eventfd_t count;
	int result = 0;

	(void)source;
	(void)revents;
	eventfd_read(fd, &count);
	if (!app->api || !api_ended(app->api, &result))
		return 0;
	if (app->stopping_api)
		has_ended(app);
	else if (!app->ending)
		fail(app, result, "its thread ended");
	return 0;
}

int app_stop_api(struct app *app)
{
	int result;

	/* told when the start that is under way has come to its end */
	if (app->api_starting)
		return 0;
	/* one that has failed waits for its next start */
	if (app->api && !api_ended(app->api, &result))
		return api_stop(app->api);
	has_ended(app);
	return 0;
}

int app_create_api(struct app *app)
{
	struct api_links links = links_of(app);
	int ret;

	app->api_end_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (app->api_end_fd < 0)
		return -errno;
	ret = loop_add_io(app->loop, &app->api_end, "end of api", LOOP_HOUSEKEEPING,
			  app->api_end_fd, EPOLLIN, on_api_end, app);
	if (ret < 0)
		return ret;
	ret = loop_add_timer(app->loop, &app->api_retry, "restart of api", LOOP_HOUSEKEEPING,
			     on_retry, app);
	if (ret < 0)
		return ret;
	register_api(app);
	ret = api_start(&app->api, &app->config->api, &links);
	if (ret < 0)
		return ret;
	app->api_port = api_port(app->api);
	api_watch(app->api, app->api_end_fd);
	return 0;
}

void app_destroy_api(struct app *app)
{
	app->api = api_destroy(app->api);
	loop_source_remove(app->api_retry);
	loop_source_remove(app->api_end);
	if (app->api_end_fd >= 0)
		close(app->api_end_fd);
}
