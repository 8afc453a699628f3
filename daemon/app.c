// SPDX-License-Identifier: GPL-2.0-or-later
#include "app_parts.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "config/palettes.h"
#include "control/saved.h"

#define EVENTS_REMEMBERED 1024
/* An input is an event, and it may change each of the 256 zones: that is some five events a zone. */
#define EVENTS_WAITING 2048
#define TASKS_REMEMBERED 256
/* For a file that is being written or read at the end; what takes longer is left behind. */
#define FILES_END_NS (1 * NSEC_PER_SEC)

/* ---- what the parts tell ---- */

void app_tell(struct app *app, enum event_system_kind kind, const char *text)
{
	struct event event = { .type = EVENT_SYSTEM, .source = APP_SOURCE, .system.kind = kind };

	str_copy(event.system.text, sizeof(event.system.text), text);
	bus_publish(app->bus, &event);
}

void app_tell_error(struct app *app, int error, const char *format, ...)
{
	char text[EVENT_TEXT_MAX];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (error && length >= 0 && (size_t)length < sizeof(text))
		snprintf(text + length, sizeof(text) - (size_t)length, ": %s",
			 strerrordesc_np(-error));
	app_tell(app, EVENT_SYSTEM_ERROR, text);
}

static int on_event(const struct event *event, void *data)
{
	(void)data;
	log_debug(LOG_EVENT, "%s %u by %s", event_type_name(event->type), event->key,
		  event->source);
	return 0;
}

static void on_task_change(const struct task_info *task, void *data)
{
	struct app *app = data;

	bus_publish(app->bus, &(struct event){ .type = EVENT_TASK_CHANGED,
					       .key = task->id,
					       .source = APP_SOURCE,
					       .task.task = task->id,
					       .task.status = task->status });
	if (app->controller)
		controller_on_task(app->controller);
}

static void on_task_critical(const struct task_info *task, void *data)
{
	struct app *app = data;

	app_tell_error(app, 0, "%s failed: %s", task->description, task->error_text);
	/* the others that are started again have their owners for it, as outputs do */
	if (task->id == app->api_task)
		app_restart_api(app, task);
	if (task->on_failure != TASK_FAIL_SHUTDOWN)
		return;
	app->exit_code = EXIT_FAILURE;
	app_end(app, task->description);
}

/* What a callback stands for does not happen any more: no light loop is better than half of one. */
static void on_loop_failure(const char *source, int error, void *data)
{
	struct app *app = data;

	tasks_fail(app->tasks, app->light_task, error, "its %s failed", source);
}

/* ---- signals ---- */

static int on_signal(struct loop_source *source, int signo, void *data)
{
	struct app *app = data;

	(void)source;
	/* Whoever asks twice does not want to wait. */
	if (app->ending) {
		programs_kill(app->programs);
		_exit(128 + signo);
	}
	app_end(app, signo == SIGINT ? "interrupted" : "told to end");
	return 0;
}

static int on_hangup(struct loop_source *source, int signo, void *data)
{
	struct app *app = data;

	(void)source;
	(void)signo;
	if (!app->ending)
		app_reload(app);
	return 0;
}

/* ---- being ready ---- */

void app_become_ready(struct app *app)
{
	app->ready = true;
	app_tell(app, EVENT_SYSTEM_READY, "ready");
	log_info(LOG_SYSTEM, "ready: http://%s%s%s:%u",
		 strchr(app->config->api.address, ':') ? "[" : "", app->config->api.address,
		 strchr(app->config->api.address, ':') ? "]" : "", app->api_port);
	sd_notify(0, "READY=1");
	app_tell_status(app);
}

/* A producer that makes nothing: it sees the second frame begin, when the first was shown. */
static bool on_frame(uint64_t now_ns, void *data)
{
	struct frames_stats stats;
	struct app *app = data;

	(void)now_ns;
	if (app->ready)
		return false;
	frames_get_stats(app->frames, &stats);
	if (stats.rendered)
		app_become_ready(app);
	return !app->ready;
}

static bool is_alive(void *data)
{
	return frames_alive(data);
}

/* ---- putting it together ---- */

static int create_core(struct app *app)
{
	struct bus_config bus = { .history = EVENTS_REMEMBERED, .queue = EVENTS_WAITING };
	struct tasks_config tasks = { .finished = TASKS_REMEMBERED,
				      .on_change = on_task_change,
				      .on_critical = on_task_critical,
				      .data = app };
	int ret;

	ret = loop_create(&app->loop, "light");
	if (ret < 0)
		return ret;
	ret = loop_add_signal(app->loop, &app->on_term, "SIGTERM", SIGTERM, on_signal, app);
	if (ret < 0)
		return ret;
	ret = loop_add_signal(app->loop, &app->on_int, "SIGINT", SIGINT, on_signal, app);
	if (ret < 0)
		return ret;
	ret = loop_add_signal(app->loop, &app->on_quit, "SIGQUIT", SIGQUIT, on_signal, app);
	if (ret < 0)
		return ret;
	ret = loop_add_signal(app->loop, &app->on_hup, "SIGHUP", SIGHUP, on_hangup, app);
	if (ret < 0)
		return ret;
	ret = bus_create(&app->bus, &bus);
	if (ret < 0)
		return ret;
	ret = bus_subscribe(app->bus, &app->event_log, "log", EVENT_NONE, 0, NULL, on_event, app);
	if (ret < 0)
		return ret;
	ret = tasks_create(&app->tasks, &tasks);
	if (ret < 0)
		return ret;
	app->light_task = tasks_add(app->tasks, TASK_RENDER, 0, TASK_FAIL_SHUTDOWN, "light loop");
	loop_set_on_failure(app->loop, on_loop_failure, app);
	tasks_add(app->tasks, TASK_EVENTBUS, app->light_task, TASK_FAIL_RECORD, "event bus");
	tasks_add(app->tasks, TASK_BACKGROUND, 0, TASK_FAIL_RECORD, "log writer");
	return app_create_end(app);
}

static int create_links(struct app *app)
{
	int ret;

	ret = mailbox_create(&app->state_mailbox, sizeof(struct state_snapshot), SNAPSHOT_BUFFERS);
	if (ret < 0)
		return ret;
	ret = mailbox_create(&app->tasks_mailbox, sizeof(struct tasks_snapshot), SNAPSHOT_BUFFERS);
	if (ret < 0)
		return ret;
	ret = mailbox_create(&app->library_mailbox, sizeof(struct library), SNAPSHOT_BUFFERS);
	if (ret < 0)
		return ret;
	ret = mailbox_create(&app->desk_mailbox, sizeof(struct desk_snapshot), SNAPSHOT_BUFFERS);
	if (ret < 0)
		return ret;
	return app_create_commands(app);
}

static int add_zones(struct app *app)
{
	const struct config *config = app->config;
	const struct zone_state *state;
	const struct saved *saved = app->saved;
	int ret = 0;
	size_t i;

	if (saved)
		keeper_restore(app->keeper, &saved->library);
	for (i = 0; i < config->zone_count && ret >= 0; i++) {
		state = saved ? saved_find(saved, config->zone[i].config.id) : NULL;
		ret = controller_add_zone(app->controller, config->zone[i].output,
					  &config->zone[i].config,
					  state ? state : &config->zone[i].state);
	}
	return ret;
}

static void on_change(void *data)
{
	struct app *app = data;

	if (app->store)
		store_changed(app->store);
}

static void on_preset(unsigned int preset, void *data)
{
	struct app *app = data;

	panel_on_preset(app->panel, preset);
}

static int create_panel(struct app *app)
{
	struct panel_config config = { .controller = app->controller,
				       .frames = app->frames,
				       .bus = app->bus,
				       .presets = &keeper_library(app->keeper)->presets,
				       .on_change = on_change,
				       .data = app };
	const struct saved *saved = app->saved;
	int ret;

	ret = panel_create(&app->panel, &config);
	if (ret < 0 || !saved)
		return ret;
	panel_restore(app->panel, &saved->panel);
	controller_restore_transitions(app->controller, saved->own_transitions,
				       &saved->transitions);
	return 0;
}

static int create_light(struct app *app)
{
	const struct config *config = app->config;
	struct frames_config frames = { .loop = app->loop,
					.repaint_ns = config->repaint_ms * NSEC_PER_MSEC,
					.fps = config->fps,
					.on_output = app_on_output,
					.on_news = app_on_output_news,
					.data = app };
	struct engine_config engine = { .seed = (uint32_t)clock_now_ns() };
	struct controller_config controller = { .bus = app->bus,
						.tasks = app->tasks,
						.loop = app->loop,
						.state_mailbox = app->state_mailbox,
						.tasks_mailbox = app->tasks_mailbox,
						.transitions = config->transitions,
						.parent_task = app->light_task,
						.on_idle = app_on_controller_idle,
						.data = app };
	struct programs_config programs = { .program = config->program,
					    .count = (unsigned int)config->program_count,
					    .loop = app->loop,
					    .bus = app->bus,
					    .tasks = app->tasks };
	struct keeper_config keeper = { .mailbox = app->library_mailbox,
					.on_change = on_change,
					.on_preset = on_preset,
					.data = app };
	size_t i;
	int ret;

	palettes_install(config);
	ret = app_create_outputs(app);
	if (ret < 0)
		return ret;
	ret = frames_create(&app->frames, &frames);
	if (ret < 0)
		return ret;
	engine.frames = app->frames;
	ret = engine_create(&app->engine, &engine);
	if (ret < 0)
		return ret;
	controller.frames = app->frames;
	controller.engine = app->engine;
	ret = keeper_create(&app->keeper, &keeper);
	if (ret < 0)
		return ret;
	controller.presets = &keeper_library(app->keeper)->presets;
	ret = controller_create(&app->controller, &controller);
	if (ret < 0)
		return ret;
	keeper_set_controller(app->keeper, app->controller);
	for (i = 0; i < config->output_count; i++) {
		ret = frames_add_output(app->frames, app->output[i]);
		if (ret < 0)
			return ret;
		ret = controller_add_output(app->controller, app->output[i]);
		if (ret < 0)
			return ret;
	}
	/* a zone may be in one, as it starts or was left */
	programs.controller = app->controller;
	programs.frames = app->frames;
	programs.engine = app->engine;
	ret = programs_create(&app->programs, &programs);
	if (ret < 0)
		return ret;
	app->saved = app_load_state(app);
	ret = add_zones(app);
	if (ret < 0)
		return ret;
	ret = create_panel(app);
	if (ret < 0)
		return ret;
	ret = app_create_reload(app);
	if (ret < 0)
		return ret;
	ret = app_create_debug(app);
	if (ret < 0)
		return ret;
	ret = app_create_watch(app);
	if (ret < 0)
		return ret;
	ret = app_create_desk(app);
	if (ret < 0)
		return ret;
	if (app->saved && app->saved->own_bindings)
		desk_restore(app->desk, &app->saved->bindings);
	free(app->saved);
	app->saved = NULL;
	ret = app_create_inputs(app);
	if (ret < 0)
		return ret;
	return frames_add_producer(app->frames, on_frame, app);
}

/* What goes on beside the light loop for parts that have no task of their own for it. */
static void register_helpers(struct app *app)
{
	if (app->config->program_count)
		tasks_add(app->tasks, TASK_BACKGROUND, 0, TASK_FAIL_RECORD, "starting programs");
	if (app->config->input_count)
		tasks_add(app->tasks, TASK_BACKGROUND, 0, TASK_FAIL_RECORD, "opening inputs");
	tasks_add(app->tasks, TASK_SYSTEM, app->light_task, TASK_FAIL_RECORD, "thermal watch of %s",
		  app->config->thermal.sensor);
}

static int start(struct app *app)
{
	bool present = false;
	size_t i;
	int ret;

	app_register_outputs(app);

	ret = engine_start(app->engine);
	if (ret < 0)
		return ret;
	keeper_sync(app->keeper);
	desk_sync(app->desk);
	ret = programs_start(app->programs);
	if (ret < 0)
		return ret;
	register_helpers(app);
	ret = controller_start(app->controller);
	if (ret < 0)
		return ret;
	/* From here on changes are a user's. */
	ret = app_create_store(app);
	if (ret < 0)
		return ret;
	ret = thermal_create(&app->thermal,
			     &(struct thermal_config){ .limits = &app->config->thermal,
						       .worker = app->files,
						       .bus = app->bus,
						       .frames = app->frames,
						       .controller = app->controller });
	if (ret < 0)
		return ret;
	/* It has something to answer from now, and a port in use stops us before anything shows. */
	app_tell_config(app, steal_ptr(app->document));
	ret = app_create_api(app);
	if (ret < 0)
		return ret;
	ret = frames_start(app->frames);
	if (ret < 0)
		return ret;
	ret = inputs_start(app->inputs);
	if (ret < 0)
		return ret;
	for (i = 0; i < app->config->output_count; i++)
		present |= app->output[i]->present;
	/* Without any output there will be no first frame to wait for. */
	if (!present) {
		/* whoever is told can ask why */
		controller_sync(app->controller);
		app_become_ready(app);
	}
	return loop_watchdog(app->loop, is_alive, app->frames);
}

static void destroy(struct app *app)
{
	size_t i;

	app_destroy_api(app);
	bus_unsubscribe(app->state_changes);
	worker_destroy(app->files, FILES_END_NS);
	thermal_destroy(app->thermal);
	store_destroy(app->store);
	app_destroy_inputs(app);
	free(app->saved);
	config_document_free(app->document);
	config_document_free(config_shelf_take(&app->shelf));
	app->panel = panel_destroy(app->panel);
	app->programs = programs_destroy(app->programs);
	app->controller = controller_destroy(app->controller);
	app->keeper = keeper_destroy(app->keeper);
	engine_destroy(app->engine);
	app_destroy_watch(app);
	frames_destroy(app->frames);
	for (i = 0; i < app->config->output_count; i++)
		output_destroy(app->output[i]);
	app_destroy_commands(app);
	mailbox_destroy(app->desk_mailbox);
	mailbox_destroy(app->library_mailbox);
	mailbox_destroy(app->tasks_mailbox);
	mailbox_destroy(app->state_mailbox);
	shutdown_destroy(app->shutdown);
	tasks_destroy(app->tasks);
	bus_unsubscribe(app->event_log);
	bus_destroy(app->bus);
	loop_source_remove(app->reload_limit);
	loop_source_remove(app->on_usr2);
	loop_source_remove(app->on_hup);
	loop_source_remove(app->on_quit);
	loop_source_remove(app->on_int);
	loop_source_remove(app->on_term);
	loop_destroy(app->loop);
	if (app->preview_fd >= 0)
		close(app->preview_fd);
}

int app_run(const struct app_options *options)
{
	struct app app = { .options = options,
			   .config = options->config,
			   .document = options->document,
			   .preview_fd = options->preview_fd,
			   .api_end_fd = -1 };
	int ret;

	ret = create_core(&app);
	if (ret >= 0)
		ret = create_links(&app);
	if (ret >= 0)
		ret = create_light(&app);
	if (ret >= 0)
		ret = start(&app);
	if (ret < 0) {
		log_error(LOG_SYSTEM, ret, "cannot start");
		app.exit_code = EXIT_FAILURE;
	} else {
		ret = loop_run(app.loop);
		if (ret < 0) {
			log_error(LOG_SYSTEM, ret, "the light loop failed");
			app.exit_code = EXIT_FAILURE;
		}
		/* A thread that hangs is not waited for, and keeps what it may still use. */
		if (!app.api_ended)
			return app.exit_code;
	}
	destroy(&app);
	return app.exit_code;
}
