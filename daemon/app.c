// SPDX-License-Identifier: GPL-2.0-or-later
#include "app.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "api/api.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "config/reload.h"
#include "control/controller.h"
#include "control/panel.h"
#include "control/keeper.h"
#include "control/store.h"
#include "control/store_file.h"
#include "core/bus.h"
#include "core/loop.h"
#include "core/mailbox.h"
#include "core/port.h"
#include "core/shutdown.h"
#include "core/tasks.h"
#include "core/worker.h"
#include "engine/engine.h"
#include "frames/frames.h"
#include "output/device.h"
#include "output/virtual.h"

#define SOURCE "app"
#define EVENTS_REMEMBERED 1024
#define EVENTS_WAITING 256
#define TASKS_REMEMBERED 256
/* Commands done in one go; then other sources of the loop have their turn. */
#define COMMANDS_AT_ONCE 32
/* For a file that is being written or read at the end; what takes longer is left behind. */
#define FILES_END_NS (1 * NSEC_PER_SEC)

/* Order of the end: nothing new comes in, the light goes, then what carried it. */
enum shutdown_order {
	SHUTDOWN_API = 10,
	SHUTDOWN_STATE = 15,
	SHUTDOWN_FRAMES = 20,
	SHUTDOWN_FADE = 30,
	SHUTDOWN_COMMANDS = 40,
};

/* The light loop's world, in the order of creation. */
struct app {
	const struct app_options *options;
	struct config *config;
	int preview_fd;

	struct loop *loop;
	struct loop_source *on_term, *on_int, *on_hup;
	struct bus *bus;
	struct bus_subscription *event_log, *state_changes;
	struct tasks *tasks;
	struct shutdown *shutdown;
	struct mailbox *state_mailbox, *tasks_mailbox, *library_mailbox;
	struct port *commands, *results;
	struct loop_source *commands_source, *commands_more;
	struct output *output[CONFIG_MAX_OUTPUTS];
	struct frames *frames;
	struct engine *engine;
	struct controller *controller;
	struct panel *panel;
	struct keeper *keeper;
	struct worker *files;
	struct store *store; /* NULL: the state is not kept */
	int api_end_fd;
	struct loop_source *api_end;
	struct api *api;

	uint32_t light_task, output_task[CONFIG_MAX_OUTPUTS];
	struct shutdown_handler *fading, *stopping_api, *saving;
	bool ready, ending;
	bool reloading, reload_again;
	bool refusing; /* commands, since the end has begun */
	bool api_ended;
	int exit_code;
};

/* ---- what the parts tell ---- */

static void tell_system(struct app *app, enum event_system_kind kind, const char *text)
{
	struct event event = { .type = EVENT_SYSTEM, .source = SOURCE, .system.kind = kind };

	str_copy(event.system.text, sizeof(event.system.text), text);
	bus_publish(app->bus, &event);
}

static int on_event(const struct event *event, void *data)
{
	(void)data;
	log_debug(LOG_EVENT, "%s %u by %s", event_type_name(event->type), event->key,
		  event->source);
	return 0;
}

static void tell_status(struct app *app)
{
	char text[256] = "";
	size_t used = 0, i;

	for (i = 0; i < app->config->output_count && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s %s, ",
					 app->output[i]->name,
					 app->output[i]->present ? "shows" : "is missing");
	sd_notifyf(0, "STATUS=%sAPI on %s port %u", text, app->config->api.address,
		   api_port(app->api));
}

static void begin_end(struct app *app, const char *reason)
{
	if (app->ending)
		return;
	app->ending = true;
	sd_notify(0, "STOPPING=1");
	tell_system(app, EVENT_SYSTEM_SHUTDOWN, reason);
	shutdown_start(app->shutdown, reason);
}

static int on_signal(struct loop_source *source, int signo, void *data)
{
	struct app *app = data;

	(void)source;
	/* Whoever asks twice does not want to wait. */
	if (app->ending)
		_exit(128 + signo);
	begin_end(app, signo == SIGINT ? "interrupted" : "told to end");
	return 0;
}

/* ---- another configuration ---- */

/* The worker has it while it reads, the loop else. */
struct reloaded {
	const struct app_options *options;
	struct config *config;
	struct reload changes;
	char error[CONFIG_ERROR_MAX];
};

static void reload(struct app *app);

static int read_config(void *data)
{
	struct reloaded *reloaded = data;

	return reloaded->options->load(reloaded->options->load_data, &reloaded->config,
				       reloaded->error);
}

static void set_log_level(enum log_level level)
{
	unsigned int i;

	for (i = 0; i < LOG_CATEGORIES; i++)
		log_set_level(i, level);
}

/* Between two frames: callbacks of the loop are never in the middle of one. */
static void swap_config(struct app *app, struct reloaded *reloaded)
{
	struct reload *changes = &reloaded->changes;
	const struct config *config = app->config;
	size_t i;

	reload_take(app->config, reloaded->config, changes);
	if (changes->fps)
		frames_set_fps(app->frames, config->fps);
	if (changes->transitions)
		controller_set_transitions(app->controller, config->switch_ms, config->power_ms,
					   config->transition_kind, config->transition_easing);
	if (changes->log)
		set_log_level(config->log_level);
	for (i = 0; i < config->zone_count; i++) {
		if (changes->zone[i])
			controller_set_zone(app->controller, (unsigned int)i,
					    config->zone[i].config.display_name,
					    config->zone[i].config.enabled);
	}
	controller_sync(app->controller);
	log_info(LOG_CONFIG, "the configuration was read again%s%s",
		 changes->waiting[0] ? "; what changed waits for the next start in: " : "",
		 changes->waiting);
}

static void on_reloaded(void *job, int result, void *data)
{
	struct reloaded *reloaded = job;
	struct app *app = data;

	app->reloading = false;
	if (result >= 0 && !app->ending)
		swap_config(app, reloaded);
	else if (result < 0 && result != -ECANCELED)
		log_error(LOG_CONFIG, 0, "the old configuration stays: %s", reloaded->error);
	config_free(reloaded->config);
	free(reloaded);
	if (app->ending)
		return;
	sd_notify(0, "READY=1");
	tell_status(app);
	if (app->reload_again)
		reload(app);
}

static void reload(struct app *app)
{
	struct reloaded *reloaded;
	int ret = -ENOMEM;

	/* What is read at this moment may be older than what is asked for. */
	app->reload_again = app->reloading;
	if (app->reloading)
		return;
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		   (uint64_t)(clock_now_ns() / NSEC_PER_USEC));
	reloaded = calloc(1, sizeof(*reloaded));
	if (reloaded) {
		reloaded->options = app->options;
		app->reloading = true;
		ret = worker_submit(app->files, read_config, reloaded, on_reloaded, app);
	}
	if (ret >= 0)
		return;
	app->reloading = false;
	free(reloaded);
	log_error(LOG_CONFIG, ret, "the configuration cannot be read again");
	sd_notify(0, "READY=1");
}

static int on_hangup(struct loop_source *source, int signo, void *data)
{
	struct app *app = data;

	(void)source;
	(void)signo;
	if (!app->ending)
		reload(app);
	return 0;
}

/* ---- tasks and outputs ---- */

static void on_task_change(const struct task_info *task, void *data)
{
	struct app *app = data;

	bus_publish(app->bus, &(struct event){ .type = EVENT_TASK_CHANGED,
					       .key = task->id,
					       .source = SOURCE,
					       .task.task = task->id,
					       .task.status = task->status });
	if (app->controller)
		controller_on_task(app->controller);
}

static void on_task_critical(const struct task_info *task, void *data)
{
	struct app *app = data;

	app->exit_code = EXIT_FAILURE;
	begin_end(app, task->description);
}

/* What a callback stands for does not happen any more: no light loop is better than half of one. */
static void on_loop_failure(const char *source, int error, void *data)
{
	struct app *app = data;

	tasks_fail(app->tasks, app->light_task, error, "its %s failed", source);
}

/* One task stands for an output that shows, another for one that is waited for. */
static void register_output(struct app *app, unsigned int index)
{
	const struct output *output = app->output[index];

	app->output_task[index] =
		tasks_add(app->tasks, TASK_HARDWARE, app->light_task, TASK_FAIL_RECORD,
			  "output %s: %s", output->name,
			  output->present ? "shows frames" : "waits for the device");
}

static void on_output(unsigned int index, bool present, int error, void *data)
{
	struct app *app = data;

	if (present)
		tasks_complete(app->tasks, app->output_task[index]);
	else
		tasks_fail(app->tasks, app->output_task[index], error, "the device is gone");
	register_output(app, index);
	controller_on_output(app->controller, index, present, error);
	if (!app->ready)
		return;
	tell_system(app, present ? EVENT_SYSTEM_DEVICE_BACK : EVENT_SYSTEM_DEVICE_LOST,
		    app->output[index]->name);
	tell_status(app);
}

/* ---- being ready ---- */

static void become_ready(struct app *app)
{
	app->ready = true;
	tell_system(app, EVENT_SYSTEM_READY, "ready");
	log_info(LOG_SYSTEM, "ready: http://%s%s%s:%u",
		 strchr(app->config->api.address, ':') ? "[" : "", app->config->api.address,
		 strchr(app->config->api.address, ':') ? "]" : "", api_port(app->api));
	sd_notify(0, "READY=1");
	tell_status(app);
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
		become_ready(app);
	return !app->ready;
}

static bool is_alive(void *data)
{
	return frames_alive(data);
}

/* ---- commands ---- */

static int apply(struct app *app, const struct command *command)
{
	if (app->refusing && command->type != COMMAND_TASK_ENDED) {
		if (command->type == COMMAND_LIBRARY_IMPORT)
			free(command->library.import);
		return -ESHUTDOWN;
	}
	if (panel_takes(command->type))
		return panel_apply(app->panel, command);
	return keeper_takes(command) ? keeper_apply(app->keeper, command)
				     : controller_apply(app->controller, command);
}

static int do_commands(struct app *app)
{
	struct command_result results[COMMANDS_AT_ONCE];
	struct command command;
	size_t count = 0, done = 0, i;

	while (done < COMMANDS_AT_ONCE && port_receive(app->commands, &command)) {
		done++;
		results[count].ticket = command.ticket;
		results[count].result = apply(app, &command);
		if (!command.ticket)
			continue;
		count++;
		bus_publish(app->bus, &(struct event){ .type = EVENT_WEB_COMMAND,
						       .key = command.zone,
						       .source = "api",
						       .zone.zone = command.zone });
	}
	/* Published before the results are known, so that a client reads what it wrote. */
	keeper_sync(app->keeper);
	controller_sync(app->controller);
	for (i = 0; i < count; i++) {
		if (!port_send(app->results, &results[i]))
			log_error(LOG_API, ENOBUFS, "a command's result is lost");
	}
	return done == COMMANDS_AT_ONCE ? loop_defer(app->commands_more) : 0;
}

static int on_commands(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct app *app = data;

	(void)source;
	(void)fd;
	(void)revents;
	port_clear(app->commands);
	return do_commands(app);
}

static int on_commands_more(struct loop_source *source, void *data)
{
	(void)source;
	return do_commands(data);
}

/* ---- the end, step by step ---- */

static int end_commands(struct shutdown_handler *handler, void *data)
{
	struct app *app = data;

	app->refusing = true;
	shutdown_done(handler, 0);
	return 0;
}

static void on_dark(void *data)
{
	struct app *app = data;

	shutdown_done(app->fading, 0);
}

static int end_fade(struct shutdown_handler *handler, void *data)
{
	struct app *app = data;

	app->fading = handler;
	panel_end(app->panel);
	return engine_fade_out(app->engine, app->config->shutdown_ms, on_dark, app);
}

static int end_frames(struct shutdown_handler *handler, void *data)
{
	struct app *app = data;

	frames_stop(app->frames);
	shutdown_done(handler, 0);
	return 0;
}

static void on_last_saved(int result, void *data)
{
	struct app *app = data;

	shutdown_done(app->saving, result);
}

static int end_state(struct shutdown_handler *handler, void *data)
{
	struct app *app = data;

	app->saving = handler;
	if (app->store)
		store_flush(app->store, on_last_saved, app);
	else
		shutdown_done(handler, 0);
	return 0;
}

static int on_api_end(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct app *app = data;

	(void)fd;
	(void)revents;
	loop_io_set_events(source, 0);
	app->api_ended = true;
	shutdown_done(app->stopping_api, 0);
	return 0;
}

static int end_api(struct shutdown_handler *handler, void *data)
{
	struct app *app = data;

	app->stopping_api = handler;
	return api_stop(app->api, app->api_end_fd);
}

static void on_end(unsigned int failures, void *data)
{
	struct app *app = data;

	if (failures)
		app->exit_code = EXIT_FAILURE;
	loop_exit(app->loop, app->exit_code);
}

static int add_shutdown(struct app *app)
{
	static const struct {
		const char *name;
		int priority;
		shutdown_fn fn;
	} steps[] = {
		{ "commands", SHUTDOWN_COMMANDS, end_commands },
		{ "fade", SHUTDOWN_FADE, end_fade },
		{ "frames", SHUTDOWN_FRAMES, end_frames },
		{ "state", SHUTDOWN_STATE, end_state },
		{ "api", SHUTDOWN_API, end_api },
	};
	size_t i;
	int ret = 0;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]) && ret >= 0; i++)
		ret = shutdown_add(app->shutdown, steps[i].name, steps[i].priority, steps[i].fn,
				   app);
	return ret;
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
	tasks_add(app->tasks, TASK_BACKGROUND, 0, TASK_FAIL_RECORD, "log writer");
	ret = shutdown_create(&app->shutdown, app->loop, 0, 0, on_end, app);
	if (ret < 0)
		return ret;
	return add_shutdown(app);
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
	ret = port_create(&app->commands, sizeof(struct command), COMMANDS_MAX);
	if (ret < 0)
		return ret;
	ret = port_create(&app->results, sizeof(struct command_result), COMMANDS_MAX);
	if (ret < 0)
		return ret;
	ret = loop_add_io(app->loop, &app->commands_source, "commands", LOOP_COMMAND,
			  port_fd(app->commands), EPOLLIN, on_commands, app);
	if (ret < 0)
		return ret;
	return loop_add_defer(app->loop, &app->commands_more, "more commands", LOOP_COMMAND,
			      on_commands_more, app);
}

static int create_output(struct app *app, const struct config_output *config,
			 struct output **ret_output)
{
	struct device_config device = { .name = config->name, .path = config->path };
	struct virtual_config virtual = { .name = config->name,
					  .geometry = config->geometry,
					  .preview_fd = app->preview_fd };
	int ret;

	if (config->type == CONFIG_OUTPUT_DEVICE)
		return device_create(ret_output, app->loop, &device);
	ret = virtual_create(ret_output, app->loop, &virtual);
	if (ret >= 0)
		app->preview_fd = -1;
	return ret;
}

/* The state as it was left, or NULL if there is none that can be used. */
static struct saved *load_state(const struct app *app)
{
	struct saved *saved;

	if (!app->config->state_path[0]) {
		log_info(LOG_STATE, "the state is not kept: no path is given");
		return NULL;
	}
	saved = calloc(1, sizeof(*saved));
	if (saved && store_file_load(app->config->state_path, saved) < 0) {
		free(saved);
		saved = NULL;
	}
	return saved;
}

static int add_zones(struct app *app)
{
	const struct config *config = app->config;
	const struct zone_state *state;
	struct saved *saved = load_state(app);
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
	free(saved);
	return ret;
}

static void on_library_change(void *data)
{
	struct app *app = data;

	if (app->store)
		store_changed(app->store);
}

static int create_light(struct app *app)
{
	const struct config *config = app->config;
	struct frames_config frames = { .loop = app->loop,
					.repaint_ns = config->repaint_ms * NSEC_PER_MSEC,
					.fps = config->fps,
					.on_output = on_output,
					.data = app };
	struct engine_config engine = { .seed = (uint32_t)clock_now_ns() };
	struct controller_config controller = { .bus = app->bus,
						.tasks = app->tasks,
						.loop = app->loop,
						.state_mailbox = app->state_mailbox,
						.tasks_mailbox = app->tasks_mailbox,
						.startup_ms = config->startup_ms,
						.switch_ms = config->switch_ms,
						.kind = config->transition_kind,
						.easing = config->transition_easing,
						.power_ms = config->power_ms };
	struct keeper_config keeper = { .mailbox = app->library_mailbox,
					.on_change = on_library_change,
					.data = app };
	size_t i;
	int ret;

	for (i = 0; i < config->output_count; i++) {
		ret = create_output(app, &config->output[i], &app->output[i]);
		if (ret < 0)
			return ret;
	}
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
	ret = add_zones(app);
	if (ret < 0)
		return ret;
	ret = panel_create(&app->panel, &(struct panel_config){ .controller = app->controller,
								.frames = app->frames,
								.bus = app->bus });
	if (ret < 0)
		return ret;
	return frames_add_producer(app->frames, on_frame, app);
}

static void fill_saved(struct saved *saved, void *data)
{
	const struct library *library;
	const struct app *app = data;
	size_t i;

	library = keeper_library(app->keeper);
	if (saved->library.version != library->version)
		library_copy(&saved->library, library);
	saved->zone_count = (uint32_t)app->config->zone_count;
	for (i = 0; i < app->config->zone_count; i++) {
		memcpy(saved->zone[i].id, app->config->zone[i].config.id,
		       sizeof(saved->zone[i].id));
		saved->zone[i].state = *controller_get(app->controller, (unsigned int)i);
	}
}

static void on_state_error(int error, void *data)
{
	struct app *app = data;

	controller_on_store(app->controller, error);
}

/* Told before a change is acknowledged, see do_commands(). */
static int on_state_change(const struct event *event, void *data)
{
	struct app *app = data;

	(void)event;
	store_changed(app->store);
	return 0;
}

static int create_store(struct app *app)
{
	struct store_config config = { .loop = app->loop,
				       .path = app->config->state_path,
				       .fill = fill_saved,
				       .on_error = on_state_error,
				       .data = app };
	int ret;

	ret = worker_create(&app->files, app->loop, "diuna-files");
	if (ret < 0)
		return ret;
	tasks_add(app->tasks, TASK_BACKGROUND, 0, TASK_FAIL_RECORD, "reading and writing files");
	if (!config.path[0])
		return 0;
	config.worker = app->files;
	ret = store_create(&app->store, &config);
	if (ret < 0)
		return ret;
	return bus_subscribe(app->bus, &app->state_changes, "state", EVENT_ZONE_SNAPSHOT_UPDATED, 0,
			     NULL, on_state_change, app);
}

static int create_api(struct app *app)
{
	struct api_links links = { .commands = app->commands,
				   .results = app->results,
				   .state_mailbox = app->state_mailbox,
				   .tasks_mailbox = app->tasks_mailbox,
				   .library_mailbox = app->library_mailbox,
				   .figures = frames_figures(app->frames),
				   .light_loop = app->loop };
	int ret;

	links.task = tasks_add(app->tasks, TASK_API, 0, TASK_FAIL_SHUTDOWN, "HTTP API on %s",
			       app->config->api.address);
	app->api_end_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (app->api_end_fd < 0)
		return -errno;
	ret = loop_add_io(app->loop, &app->api_end, "end of api", LOOP_HOUSEKEEPING,
			  app->api_end_fd, EPOLLIN, on_api_end, app);
	if (ret < 0)
		return ret;
	return api_start(&app->api, &app->config->api, &links);
}

static int start(struct app *app)
{
	bool present = false;
	size_t i;
	int ret;

	for (i = 0; i < app->config->output_count; i++)
		register_output(app, (unsigned int)i);

	ret = engine_start(app->engine);
	if (ret < 0)
		return ret;
	keeper_sync(app->keeper);
	ret = controller_start(app->controller);
	if (ret < 0)
		return ret;
	/* From here on changes are a user's. */
	ret = create_store(app);
	if (ret < 0)
		return ret;
	/* It has something to answer from now, and a port in use stops us before anything shows. */
	ret = create_api(app);
	if (ret < 0)
		return ret;
	ret = frames_start(app->frames);
	if (ret < 0)
		return ret;
	for (i = 0; i < app->config->output_count; i++)
		present |= app->output[i]->present;
	/* Without any output there will be no first frame to wait for. */
	if (!present)
		become_ready(app);
	return loop_watchdog(app->loop, is_alive, app->frames);
}

/* Commands that came too late: one may hold memory. */
static void drop_commands(struct app *app)
{
	struct command command;

	while (app->commands && port_receive(app->commands, &command))
		if (command.type == COMMAND_LIBRARY_IMPORT)
			free(command.library.import);
}

static void destroy(struct app *app)
{
	size_t i;

	app->api = api_destroy(app->api);
	loop_source_remove(app->api_end);
	if (app->api_end_fd >= 0)
		close(app->api_end_fd);
	bus_unsubscribe(app->state_changes);
	worker_destroy(app->files, FILES_END_NS);
	store_destroy(app->store);
	app->panel = panel_destroy(app->panel);
	app->controller = controller_destroy(app->controller);
	app->keeper = keeper_destroy(app->keeper);
	engine_destroy(app->engine);
	frames_destroy(app->frames);
	for (i = 0; i < app->config->output_count; i++)
		output_destroy(app->output[i]);
	loop_source_remove(app->commands_more);
	loop_source_remove(app->commands_source);
	port_destroy(app->results);
	drop_commands(app);
	port_destroy(app->commands);
	mailbox_destroy(app->library_mailbox);
	mailbox_destroy(app->tasks_mailbox);
	mailbox_destroy(app->state_mailbox);
	shutdown_destroy(app->shutdown);
	tasks_destroy(app->tasks);
	bus_unsubscribe(app->event_log);
	bus_destroy(app->bus);
	loop_source_remove(app->on_hup);
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
