// SPDX-License-Identifier: GPL-2.0-or-later
#include "app_parts.h"

#include <errno.h>
#include <sys/epoll.h>

#include "base/clock.h"
#include "base/log.h"

/* For how long commands are done in one go; then other sources of the loop have their turn. */
#define COMMANDS_NS (300 * NSEC_PER_USEC)

static int set_frame(struct app *app, const struct command *command)
{
	int ret = frames_set_overlay(app->frames, command->zone, command->frame.data,
				     command->frame.bytes,
				     command->frame.ttl_ms * (uint64_t)NSEC_PER_MSEC);

	if (ret < 0)
		command_discard(command);
	return ret;
}

int app_apply(struct app *app, const struct command *command)
{
	int ret;

	if (app->refusing) {
		command_discard(command);
		return -ESHUTDOWN;
	}
	switch (command->type) {
	case COMMAND_OUTPUT_FRAME:
		return set_frame(app, command);
	case COMMAND_OUTPUT_FRAME_CLEAR:
		return frames_clear_overlay(app->frames, command->zone);
	case COMMAND_TASK_CANCEL:
		ret = programs_cancel(app->programs, command->task.id);
		return ret == -ENOENT ? controller_apply(app->controller, command) : ret;
	case COMMAND_SYSTEM_READY:
		if (!app->ready)
			return -EAGAIN;
		return frames_alive(app->frames) ? 0 : -ETIME;
	case COMMAND_SYSTEM_RELOAD:
		app_reload(app);
		return 0;
	case COMMAND_CONFIG_CHANGE:
		return app_change_config(app, command);
	case COMMAND_SYSTEM_SHUTDOWN:
		app_end(app, "asked for by the API");
		return 0;
	default:
		break;
	}
	if (panel_takes(command->type))
		return panel_apply(app->panel, command);
	if (desk_takes(command))
		return desk_apply(app->desk, command);
	if (keeper_takes(command))
		return keeper_apply(app->keeper, command);
	ret = controller_apply(app->controller, command);
	/* no event tells of it, as of a zone's state */
	if (ret >= 0 && command->type == COMMAND_TRANSITION_SET && app->store)
		store_changed(app->store);
	return ret;
}

/* Published before the results are known, so that a client reads what it wrote. */
static void send_results(struct app *app)
{
	size_t i;

	keeper_sync(app->keeper);
	desk_sync(app->desk);
	controller_sync(app->controller);
	for (i = 0; i < app->result_count; i++) {
		if (!port_send(app->results, &app->result[i]))
			log_error(LOG_API, ENOBUFS, "a command's result is lost");
	}
	app->result_count = 0;
}

/* Of all others it is the number of something else, or of nothing. */
static bool is_of_zone(const struct command *command)
{
	return command->type <= COMMAND_ZONE_PATCH ||
	       (command->type == COMMAND_PRESET_RECALL && !command->library.all_zones);
}

static void do_command(struct app *app, const struct command *command)
{
	uint16_t zone = is_of_zone(command) ? command->zone : UINT16_MAX;
	int ret = app_apply(app, command);

	if (!command->ticket)
		return;
	if (ret != -EINPROGRESS)
		app->result[app->result_count++] =
			(struct command_result){ .ticket = command->ticket, .result = ret };
	/* who only asks commands nothing, and may ask every second */
	if (command->type == COMMAND_SYSTEM_READY)
		return;
	bus_publish(app->bus, &(struct event){ .type = EVENT_WEB_COMMAND,
					       .key = zone,
					       .source = "api",
					       .zone.zone = zone });
}

/* What is done for all zones, some at a time, is done before its result is told or the next begins. */
static int do_commands(struct app *app)
{
	uint64_t end_ns = clock_now_ns() + COMMANDS_NS;
	struct command command;
	bool more = true;

	while (more && !controller_busy(app->controller)) {
		if (app->result_count == APP_COMMANDS_AT_ONCE || clock_now_ns() >= end_ns)
			break;
		more = port_receive(app->commands, &command);
		if (more)
			do_command(app, &command);
	}
	if (controller_busy(app->controller))
		return 0; /* app_on_controller_idle() goes on */
	send_results(app);
	return more ? loop_defer(app->commands_more) : 0;
}

void app_on_controller_idle(void *data)
{
	struct app *app = data;

	loop_defer(app->commands_more);
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

int app_create_commands(struct app *app)
{
	int ret;

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

/* Commands that came too late: one may hold memory. */
static void drop_commands(struct app *app)
{
	struct command command;

	while (app->commands && port_receive(app->commands, &command))
		command_discard(&command);
}

void app_destroy_commands(struct app *app)
{
	loop_source_remove(app->commands_more);
	loop_source_remove(app->commands_source);
	port_destroy(app->results);
	drop_commands(app);
	port_destroy(app->commands);
}
