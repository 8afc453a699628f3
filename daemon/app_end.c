// SPDX-License-Identifier: GPL-2.0-or-later
#include "app_parts.h"

#include <stdlib.h>
#include <systemd/sd-daemon.h>

/* Order of the end: nothing new comes in, the light goes, then what carried it. */
enum shutdown_order {
	SHUTDOWN_API = 10,
	SHUTDOWN_STATE = 15,
	SHUTDOWN_PROGRAMS = 18,
	SHUTDOWN_FRAMES = 20,
	SHUTDOWN_FADE = 30,
	SHUTDOWN_COMMANDS = 40,
};

void app_end(struct app *app, const char *reason)
{
	if (app->ending)
		return;
	app->ending = true;
	sd_notify(0, "STOPPING=1");
	tasks_add(app->tasks, TASK_SYSTEM, 0, TASK_FAIL_RECORD, "shutdown: %s", reason);
	app_tell(app, EVENT_SYSTEM_SHUTDOWN, reason);
	shutdown_start(app->shutdown, reason);
}

static int end_commands(struct shutdown_handler *handler, void *data)
{
	struct app *app = data;

	inputs_stop(app->inputs);
	controller_finish(app->controller);
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
	/* they have the time of the fade to end in order */
	programs_end(app->programs, NULL, NULL);
	panel_end(app->panel);
	return engine_fade_out(app->engine,
			       &controller_transitions(app->controller)->of[TRANSITION_SHUTDOWN],
			       on_dark, app);
}

static void on_programs_end(void *data)
{
	struct app *app = data;

	shutdown_done(app->ending_programs, 0);
}

static int end_programs(struct shutdown_handler *handler, void *data)
{
	struct app *app = data;

	app->ending_programs = handler;
	programs_end(app->programs, on_programs_end, app);
	return 0;
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
		shutdown_done(handler, app->state_error);
	return 0;
}

static int end_api(struct shutdown_handler *handler, void *data)
{
	struct app *app = data;

	app->stopping_api = handler;
	return app_stop_api(app);
}

static void on_end(unsigned int failures, void *data)
{
	struct app *app = data;

	if (failures)
		app->exit_code = EXIT_FAILURE;
	loop_exit(app->loop, app->exit_code);
}

int app_create_end(struct app *app)
{
	static const struct {
		const char *name;
		int priority;
		shutdown_fn fn;
	} steps[] = {
		{ "commands", SHUTDOWN_COMMANDS, end_commands },
		{ "fade", SHUTDOWN_FADE, end_fade },
		{ "frames", SHUTDOWN_FRAMES, end_frames },
		{ "programs", SHUTDOWN_PROGRAMS, end_programs },
		{ "state", SHUTDOWN_STATE, end_state },
		{ "api", SHUTDOWN_API, end_api },
	};
	size_t i;
	int ret;

	ret = shutdown_create(&app->shutdown, app->loop, 0, 0, on_end, app);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]) && ret >= 0; i++)
		ret = shutdown_add(app->shutdown, steps[i].name, steps[i].priority, steps[i].fn,
				   app);
	return ret;
}
