// SPDX-License-Identifier: GPL-2.0-or-later
#include "app_parts.h"

#include <stdio.h>
#include <systemd/sd-daemon.h>

#include "output/device.h"
#include "output/virtual.h"

void app_tell_status(struct app *app)
{
	char text[256] = "";
	size_t used = 0, i;

	for (i = 0; i < app->config->output_count && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s %s, ",
					 app->output[i]->name,
					 app->output[i]->present ? "shows" : "is missing");
	sd_notifyf(0, "STATUS=%sAPI on %s port %u", text, app->config->api.address, app->api_port);
}

/*
 * One task stands for an output that shows, another for one that is waited for.
 * The output opens its device again by itself, later each time: the task that
 * failed is started again when it has done so.
 */
static void register_output(struct app *app, unsigned int index)
{
	const struct output *output = app->output[index];
	uint32_t task = 0;

	if (output->present)
		task = tasks_restart(app->tasks, app->output_lost_task[index]);
	if (!task)
		task = tasks_add(app->tasks, TASK_HARDWARE, app->light_task,
				 output->present ? TASK_FAIL_RESTART : TASK_FAIL_RECORD,
				 "output %s: %s", output->name,
				 output->present ? "shows frames" : "waits for the device");
	app->output_task[index] = task;
}

void app_on_output(unsigned int index, bool present, int error, void *data)
{
	struct app *app = data;
	bool was_present = app->output_present[index];

	app->output_present[index] = present;
	controller_on_output(app->controller, index, present, error);
	/* still waited for, only for another reason */
	if (!present && !was_present)
		return;
	if (present) {
		tasks_complete(app->tasks, app->output_task[index]);
	} else {
		app->output_lost_task[index] = app->output_task[index];
		tasks_fail(app->tasks, app->output_task[index], error, "the device is gone");
	}
	register_output(app, index);
	if (!app->ready)
		return;
	app_tell(app, present ? EVENT_SYSTEM_DEVICE_BACK : EVENT_SYSTEM_DEVICE_LOST,
		 app->output[index]->name);
	app_tell_status(app);
}

void app_on_output_news(unsigned int index, enum output_news news, int error, void *data)
{
	struct app *app = data;
	const char *name = app->output[index]->name;

	if (news == OUTPUT_FOREIGN_WRITER)
		app_tell(app, EVENT_SYSTEM_FOREIGN_WRITER, name);
	else
		app_tell_error(app, error, "output %s: a frame failed", name);
}

static int create_output(struct app *app, const struct config_output *config,
			 struct output **ret_output)
{
	struct device_config device = { .name = config->name,
					.path = config->label[0] ? DEVICE_FIRST : config->path,
					.label = config->label,
					.colors = config->colors };
	struct virtual_config virtual = { .name = config->name,
					  .geometry = config->geometry,
					  .colors = config->colors,
					  .preview_fd = app->preview_fd };
	int ret;

	if (config->type == CONFIG_OUTPUT_DEVICE)
		return device_create(ret_output, app->loop, &device);
	ret = virtual_create(ret_output, app->loop, &virtual);
	if (ret >= 0)
		app->preview_fd = -1;
	return ret;
}

int app_create_outputs(struct app *app)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < app->config->output_count && ret >= 0; i++)
		ret = create_output(app, &app->config->output[i], &app->output[i]);
	return ret;
}

void app_register_outputs(struct app *app)
{
	size_t i;

	for (i = 0; i < app->config->output_count; i++)
		register_output(app, (unsigned int)i);
}
