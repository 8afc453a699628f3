/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "api/api.h"
#include "app.h"
#include "control/controller.h"
#include "control/desk.h"
#include "control/keeper.h"
#include "control/panel.h"
#include "control/programs.h"
#include "control/store.h"
#include "control/thermal.h"
#include "core/bus.h"
#include "core/loop.h"
#include "core/mailbox.h"
#include "core/port.h"
#include "core/shutdown.h"
#include "core/tasks.h"
#include "core/worker.h"
#include "engine/engine.h"
#include "frames/frames.h"
#include "input/inputs.h"
#include "frames/preview.h"

/*
 * What the app_*.c files share: app.c puts the parts together and takes them
 * apart, each of the others is the glue of one matter between parts. All of it
 * is of the light loop.
 */

/** APP_SOURCE - who publishes what these files tell */
#define APP_SOURCE "app"

/** APP_COMMANDS_AT_ONCE - commands whose results are told together */
#define APP_COMMANDS_AT_ONCE 32

/** struct app - the light loop's world, in the order of creation */
struct app {
	const struct app_options *options;
	struct config *config;
	struct config_document *document; /* of @config, until the shelf has it */
	struct saved *saved;		  /* the state as it was left, while the parts are made */
	int preview_fd;

	struct loop *loop;
	struct loop_source *on_term, *on_int, *on_quit, *on_hup, *on_usr2;
	struct bus *bus;
	struct bus_subscription *event_log, *event_watch, *state_changes;
	struct tasks *tasks;
	struct shutdown *shutdown;
	struct mailbox *state_mailbox, *tasks_mailbox, *library_mailbox, *desk_mailbox;
	struct port *commands, *results, *events;
	struct loop_source *commands_source, *commands_more;
	struct command_result result[APP_COMMANDS_AT_ONCE]; /* to be told when all are done */
	size_t result_count;
	struct output *output[CONFIG_MAX_OUTPUTS];
	bool output_present[CONFIG_MAX_OUTPUTS];
	struct frames *frames;
	struct preview *preview;
	struct engine *engine;
	struct controller *controller;
	struct programs *programs;
	struct panel *panel;
	struct keeper *keeper;
	struct desk *desk;
	struct inputs *inputs;
	struct loop_source *input_changes;
	struct worker *files;
	struct thermal *thermal;
	struct store *store; /* NULL: the state is not kept */
	int state_error;     /* -errno: there is a file that could not be read and is left alone */
	int api_end_fd;
	struct loop_source *api_end, *api_retry;
	struct api *api; /* NULL while it is started again */
	uint16_t api_port;

	uint32_t light_task, api_task, output_task[CONFIG_MAX_OUTPUTS];
	uint32_t output_lost_task[CONFIG_MAX_OUTPUTS]; /* that failed last; 0: none */
	struct shutdown_handler *fading, *stopping_api, *saving, *ending_programs;
	bool ready, ending;
	bool reloading, reload_again, reload_late;
	struct loop_source *reload_limit;
	struct config_shelf shelf;
	uint64_t config_version; /* of the newest document on the shelf */
	bool hanging;		 /* for ever, by --debug-hang */
	bool refusing;		 /* commands, since the end has begun */
	bool api_starting, api_ended;
	int exit_code;
};

/* ---- app.c ---- */

/** app_tell() - publish a system event; @text is cut to what an event holds */
void app_tell(struct app *app, enum event_system_kind kind, const char *text);

/** app_tell_error() - publish an error that was logged; @error is -errno */
void app_tell_error(struct app *app, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** app_become_ready() - once, when the first frame shows or no output is there */
void app_become_ready(struct app *app);

/* ---- app_api.c: the API's thread ---- */

/** app_create_api() - start it; 0 or -errno, as when its port is in use */
int app_create_api(struct app *app);

/** app_restart_api() - its task has failed: the next start after a while */
void app_restart_api(struct app *app, const struct task_info *failed);

/** app_stop_api() - as a step of the shutdown, which is told when it has ended */
int app_stop_api(struct app *app);

/** app_destroy_api() - one that still runs is ended */
void app_destroy_api(struct app *app);

/* ---- app_commands.c: what the API asks for ---- */

/** app_apply() - do a command, whoever sent it; -ESHUTDOWN at the end */
int app_apply(struct app *app, const struct command *command);

/** app_on_controller_idle() - the controller's on_idle; @data is the app */
void app_on_controller_idle(void *data);

/** app_create_commands() - the rings to and from the API's thread; 0 or -errno */
int app_create_commands(struct app *app);

/** app_destroy_commands() - also those that came too late */
void app_destroy_commands(struct app *app);

/* ---- app_debug.c ---- */

/** app_create_debug() - SIGUSR2 makes frames hang if the command line allows it; 0 or -errno */
int app_create_debug(struct app *app);

/* ---- app_end.c: the end, step by step ---- */

/** app_end() - fade out and end; asking again changes nothing */
void app_end(struct app *app, const char *reason);

/** app_create_end() - the shutdown and its handlers; 0 or -errno */
int app_create_end(struct app *app);

/* ---- app_inputs.c ---- */

/** app_create_desk() - bindings, after controller and panel; 0 or -errno */
int app_create_desk(struct app *app);

/** app_create_inputs() - those of the configuration, not started; 0 or -errno */
int app_create_inputs(struct app *app);

/** app_destroy_inputs() - with the desk */
void app_destroy_inputs(struct app *app);

/* ---- app_outputs.c ---- */

/** app_create_outputs() - those of the configuration, not started; 0 or -errno */
int app_create_outputs(struct app *app);

/** app_register_outputs() - as tasks */
void app_register_outputs(struct app *app);

/** app_on_output() - the frame manager's on_output; @data is the app */
void app_on_output(unsigned int index, bool present, int error, void *data);

/** app_on_output_news() - the frame manager's on_news; @data is the app */
void app_on_output_news(unsigned int index, enum output_news news, int error, void *data);

/** app_tell_status() - one line for systemd */
void app_tell_status(struct app *app);

/* ---- app_reload.c ---- */

/** app_create_reload() - before the first app_reload(); 0 or -errno */
int app_create_reload(struct app *app);

/** app_reload() - read the configuration again, then take what can change while it runs */
void app_reload(struct app *app);

/**
 * app_change_config() - check, keep and take over what COMMAND_CONFIG_CHANGE asks for
 *
 * Return: -EINPROGRESS: its result is sent later; -EBUSY while files are read
 * already; -ESTALE: the configuration is another by now; or what went wrong.
 */
int app_change_config(struct app *app, const struct command *command);

/** app_tell_config() - give the API what is told of a configuration; @document is taken */
void app_tell_config(struct app *app, struct config_document *document);

/* ---- app_state.c ---- */

/** app_load_state() - as it was left, free with free(); NULL if there is none that can be used */
struct saved *app_load_state(struct app *app);

/** app_create_store() - the worker for files, and the store if a path is given; 0 or -errno */
int app_create_store(struct app *app);

/* ---- app_watch.c: what the API's thread is told besides snapshots ---- */

/** app_create_watch() - events and the picture of the outputs; after bus and frames; 0 or -errno */
int app_create_watch(struct app *app);

/** app_destroy_watch() - after api_destroy(), before frames_destroy() and bus_destroy() */
void app_destroy_watch(struct app *app);
