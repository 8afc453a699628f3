// SPDX-License-Identifier: GPL-2.0-or-later
#include "app_parts.h"

#include "input/inputs.h"

static int apply(const struct command *command, void *data)
{
	struct app *app = data;
	int ret = app_apply(app, command);

	/* all that a turn or a flood of keys changes is published once */
	loop_defer(app->input_changes);
	return ret;
}

static int play(const char *sound, void *data)
{
	struct app *app = data;

	return inputs_play(app->inputs, sound);
}

static void on_bindings_change(void *data)
{
	struct app *app = data;

	if (app->store)
		store_changed(app->store);
}

static void on_input_change(void *data)
{
	struct app *app = data;

	loop_defer(app->input_changes);
}

static int publish(struct loop_source *source, void *data)
{
	struct app *app = data;

	(void)source;
	keeper_sync(app->keeper);
	controller_sync(app->controller);
	desk_sync(app->desk);
	return 0;
}

int app_create_desk(struct app *app)
{
	struct desk_config config = { .bus = app->bus,
				      .controller = app->controller,
				      .panel = app->panel,
				      .mailbox = app->desk_mailbox,
				      .bindings = &app->config->bindings,
				      .apply = apply,
				      .play = play,
				      .on_change = on_bindings_change,
				      .data = app };
	int ret;

	ret = loop_add_defer(app->loop, &app->input_changes, "changes by inputs", LOOP_INPUT,
			     publish, app);
	return ret < 0 ? ret : desk_create(&app->desk, &config);
}

int app_create_inputs(struct app *app)
{
	struct inputs_config config = { .loop = app->loop,
					.bus = app->bus,
					.tasks = app->tasks,
					.desk = app->desk,
					.on_change = on_input_change,
					.data = app };
	size_t i;
	int ret;

	ret = inputs_create(&app->inputs, &config);
	for (i = 0; i < app->config->input_count && ret >= 0; i++)
		ret = inputs_add(app->inputs, &app->config->input[i]);
	return ret;
}

void app_destroy_inputs(struct app *app)
{
	app->inputs = inputs_destroy(app->inputs);
	app->desk = desk_destroy(app->desk);
	app->input_changes = loop_source_remove(app->input_changes);
}
