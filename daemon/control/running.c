// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "control/private.h"

void running_begin_animation(struct controller *controller, unsigned int index)
{
	struct controller_zone *zone = &controller->zone[index];

	zone->fault[0] = '\0';
	zone->task = tasks_add(controller->config.tasks, TASK_ANIMATION,
			       controller->config.parent_task, TASK_FAIL_RECORD, "%s on %s",
			       effect_at(zone->state.animation)->id, zone->config.id);
	publish_animation(controller, index, EVENT_ANIMATION_STARTED);
}

void running_end_animation(struct controller *controller, unsigned int index)
{
	struct controller_zone *zone = &controller->zone[index];

	tasks_cancel(controller->config.tasks, zone->task);
	zone->task = 0;
	publish_animation(controller, index, EVENT_ANIMATION_STOPPED);
}

/* No frame is made for a zone without pixels, so that its transition would never end. */
static bool unseen(const struct controller *controller, unsigned int index)
{
	return !frames_zone_fits(controller->config.frames, index);
}

void running_on_output(struct controller *controller, unsigned int output)
{
	unsigned int i;

	for (i = 0; i < controller->zone_count; i++) {
		struct controller_zone *zone = &controller->zone[i];

		if (!frames_zone_on(controller->config.frames, i, output) || !unseen(controller, i))
			continue;
		engine_settle(controller->config.engine, i);
		tasks_complete(controller->config.tasks, zone->transition);
		zone->transition = 0;
	}
}

/* A new one takes the place of the one under way, and a cut ends it. */
void running_transition(struct controller *controller, unsigned int index,
			enum transition_cause cause, const struct engine_transition *how)
{
	struct controller_zone *zone = &controller->zone[index];
	bool goes_on;

	/* at the start outputs are only about to come; running_on_output() tells of those that do not */
	if (cause != TRANSITION_STARTUP && unseen(controller, index))
		engine_settle(controller->config.engine, index);
	goes_on = engine_in_transition(controller->config.engine, index);

	/* what came at once may leave the other of picture and level on its way */
	if (goes_on && (!how->duration_ms || how->kind == ENGINE_NONE))
		return;
	tasks_cancel(controller->config.tasks, zone->transition);
	zone->transition = 0;
	if (!goes_on)
		return;
	zone->transition =
		tasks_add(controller->config.tasks, TASK_TRANSITION, controller->config.parent_task,
			  TASK_FAIL_RECORD, "%s transition of %s", transitions_names[cause],
			  zone->config.id);
}

void running_on_transition_end(unsigned int index, void *data)
{
	struct controller *controller = data;
	struct controller_zone *zone = &controller->zone[index];

	tasks_complete(controller->config.tasks, zone->transition);
	zone->transition = 0;
}

int running_cancel(struct controller *controller, uint32_t task)
{
	struct command stop = { .type = COMMAND_ZONE_STOP_ANIMATION };
	struct task_info info;
	unsigned int i;

	for (i = 0; task && i < controller->zone_count; i++) {
		struct controller_zone *zone = &controller->zone[i];

		if (zone->transition == task) {
			engine_settle(controller->config.engine, i);
			tasks_cancel(controller->config.tasks, task);
			zone->transition = 0;
			return 0;
		}
		if (zone->task == task) {
			stop.zone = (uint16_t)i;
			return controller_apply(controller, &stop);
		}
	}
	if (!tasks_get(controller->config.tasks, task, &info))
		return -ENOENT;
	return info.status == TASK_RUNNING ? -EPERM : -EALREADY;
}
