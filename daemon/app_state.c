// SPDX-License-Identifier: GPL-2.0-or-later
#include "app_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "control/store_file.h"

struct saved *app_load_state(struct app *app)
{
	struct saved *saved;
	int ret = -ENOMEM;

	if (!app->config->state_path[0]) {
		log_info(LOG_STATE, "the state is not kept: no path is given");
		return NULL;
	}
	saved = calloc(1, sizeof(*saved));
	if (saved)
		ret = store_file_load(app->config->state_path, saved);
	else
		log_error(LOG_STATE, ret, "the state cannot be read, so it is not saved either");
	if (ret < 0) {
		free(saved);
		saved = NULL;
	}
	/* a file that could not be read is not ours to replace */
	if (ret < 0 && ret != -ENOENT && ret != -EINVAL)
		app->state_error = ret;
	return saved;
}

static void fill_saved(struct saved *saved, void *data)
{
	const struct library *library;
	const struct app *app = data;
	size_t i;

	library = keeper_library(app->keeper);
	if (saved->library.version != library->version)
		library_copy(&saved->library, library);
	saved->own_bindings = desk_has_own(app->desk);
	saved->bindings = *desk_get_bindings(app->desk);
	panel_remember(app->panel, &saved->panel);
	saved->own_transitions = controller_own_transitions(app->controller);
	saved->transitions = *controller_transitions(app->controller);
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
	if (error < 0)
		app_tell_error(app, error, "the state is not saved");
}

/* Told before a change is acknowledged, see do_commands(). */
static int on_state_change(const struct event *event, void *data)
{
	struct app *app = data;

	(void)event;
	store_changed(app->store);
	return 0;
}

int app_create_store(struct app *app)
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
	if (app->state_error < 0) {
		on_state_error(app->state_error, app);
		return 0;
	}
	config.worker = app->files;
	ret = store_create(&app->store, &config);
	if (ret < 0)
		return ret;
	return bus_subscribe(app->bus, &app->state_changes, "state", EVENT_ZONE_SNAPSHOT_UPDATED, 0,
			     NULL, on_state_change, app);
}
