// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/call.h"

#include <microhttpd.h>
#include <string.h>

#include "api/animations.h"
#include "api/configuration.h"
#include "api/library.h"
#include "api/outputs.h"
#include "api/system.h"
#include "api/transitions.h"
#include "api/validate.h"
#include "api/zones.h"
#include "control/keeper.h"

bool call_find_item(const struct route *route, const char *name, const struct view *view,
		    size_t *ret_item, struct problem *problem)
{
	const char *path = route->path;
	int item = 0;

	if (strstr(path, "{zone}"))
		item = zones_find(view, name, problem);
	else if (strstr(path, "{animation}"))
		item = animations_find(name, problem);
	else if (strstr(path, "{output}"))
		item = outputs_find(view, name, problem);
	else if (strstr(path, "{cause}"))
		item = transitions_find(name, problem);
	else if (strstr(path, "{task}"))
		item = system_find_task(view, name, problem);
	else if (strstr(path, "{preset}") && !route->new_item)
		item = library_find_preset(view, name, problem);
	else if (strstr(path, "{scene}") && !route->new_item)
		item = library_find_scene(view, name, problem);
	if (item < 0)
		return false;
	*ret_item = (size_t)item;
	return true;
}

/* A body that is an object with one member, or none at all. */
static bool read_member(const struct route *route, const struct view *view, const json_t *body,
			struct command *command, struct problem *problem)
{
	const char *known[] = { route->member, NULL };
	char field[PROBLEM_FIELD_MAX] = "";

	if (!validate_object(body, "", known, problem))
		return false;
	if (!route->member)
		return true;
	validate_pointer(field, "", route->member);
	return route->parse(view, json_object_get(body, route->member), field, command, problem);
}

/* What else goes on is part of the station. */
static bool may_cancel(const struct task_info *task, struct problem *problem)
{
	if (task->status != TASK_RUNNING || task->category == TASK_ANIMATION ||
	    task->category == TASK_TRANSITION)
		return true;
	return problem_set(problem, MHD_HTTP_CONFLICT,
			   "task %u is a task of category %s, which goes on as long as the station "
			   "does; only those of ANIMATION and TRANSITION can be cancelled",
			   task->id, task_category_name(task->category));
}

bool call_read(const struct route *route, const char *name, const json_t *body,
	       const struct view *view, struct command *command, struct problem *problem)
{
	if (command->type == COMMAND_TASK_CANCEL) {
		if (!may_cancel(&view->tasks->task[command->zone], problem))
			return false;
		command->task.id = view->tasks->task[command->zone].id;
	} else if (command->type == COMMAND_TRANSITION_SET) {
		command->transition.cause = (enum transition_cause)command->zone;
	} else if (command->type == COMMAND_CONFIG_CHANGE && !route->parse &&
		   !configuration_clear(command, problem)) {
		return false;
	}
	if (keeper_takes(command) && name[0] && !library_parse_name(name, command, problem))
		return false;
	if (route->parse && !route->member)
		return route->parse(view, body, "", command, problem);
	return (!body && !route->member) || read_member(route, view, body, command, problem);
}

void call_drop(struct command *command)
{
	command_discard(command);
}
