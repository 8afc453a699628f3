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

static bool is_bound(const struct bindings *bindings, uint32_t code, uint32_t modifiers)
{
	uint32_t i;

	for (i = 0; i < bindings->count; i++)
		if (bindings->binding[i].code == code &&
		    bindings->binding[i].modifiers == modifiers)
			return true;
	return false;
}

/*
 * Middleware of the bus. A keyboard that is not ours alone is typed on for
 * others too, and what was typed is nobody's business: of a key that nothing is
 * bound to only that there was one is told, in the history, the API and the log.
 */
static bool hide_key(struct event *event, void *data)
{
	const struct app *app = data;
	const struct input_config *input = &app->config->input[event->input.input % INPUTS_MAX];

	if (event->type != EVENT_KEY_PRESS || input->type != INPUT_KEYBOARD || input->grab ||
	    is_bound(desk_get_bindings(app->desk), event->input.code, event->input.modifiers))
		return true;
	event->input.code = 0;
	event->input.modifiers = 0;
	return true;
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

	ret = bus_add_middleware(app->bus, "keys of others", hide_key, app);
	if (ret < 0)
		return ret;
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
