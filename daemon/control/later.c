// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What changes all zones at once is done some zones at a time: with two hundred
 * of them it would hold up the loop for longer than a frame may wait.
 */
#include <errno.h>

#include "base/clock.h"
#include "control/private.h"
#include "control/zone_color.h"

static void do_change(struct controller *controller, unsigned int index)
{
	struct controller_change *change = &controller->change[index];

	if (!change->waiting)
		return;
	change->waiting = false;
	controller->changes--;
	if (change->whole)
		controller_set_state(controller, index, &change->state, change->cause,
				     change->transition_ms);
	else
		controller_switch(controller, index, change->state.is_on);
}

static void done(struct controller *controller)
{
	controller_sync(controller);
	if (controller->config.on_idle)
		controller->config.on_idle(controller->config.data);
}

static int on_changes(struct loop_source *source, void *data)
{
	struct controller *controller = data;

	(void)source;
	if (!controller->changes)
		return 0;
	controller_go_on(controller);
	if (!controller->changes)
		done(controller);
	return 0;
}

void controller_go_on(struct controller *controller)
{
	uint64_t end_ns = clock_now_ns() + CONTROLLER_SLICE_NS;
	unsigned int i;

	for (i = 0; i < controller->zone_count && controller->changes; i++) {
		if (!controller->change[i].waiting)
			continue;
		do_change(controller, i);
		if (controller->changes && clock_now_ns() >= end_ns) {
			loop_defer(controller->later);
			return;
		}
	}
}

void controller_finish(struct controller *controller)
{
	unsigned int i;

	if (!controller->changes)
		return;
	for (i = 0; i < controller->zone_count; i++)
		do_change(controller, i);
	done(controller);
}

bool controller_busy(const struct controller *controller)
{
	return controller->changes;
}

static void put(struct controller *controller, unsigned int index,
		const struct controller_change *change)
{
	do_change(controller, index);
	controller->change[index] = *change;
	controller->change[index].waiting = true;
	controller->changes++;
}

int controller_set_state_later(struct controller *controller, unsigned int index,
			       const struct zone_state *state, enum transition_cause cause,
			       uint32_t transition_ms)
{
	struct zone_color color = state->color;

	if (index >= controller->zone_count)
		return -ENOENT;
	if (!controller_valid_state(state) ||
	    zone_color_complete(&color, controller->config.presets) < 0)
		return -EINVAL;
	put(controller, index,
	    &(struct controller_change){ .whole = true,
					 .state = *state,
					 .cause = cause,
					 .transition_ms = transition_ms });
	return 0;
}

int controller_switch_later(struct controller *controller, unsigned int index, bool is_on)
{
	if (index >= controller->zone_count)
		return -ENOENT;
	put(controller, index, &(struct controller_change){ .state = { .is_on = is_on } });
	return 0;
}

int later_create(struct controller *controller)
{
	return loop_add_defer(controller->config.loop, &controller->later, "changes of zones",
			      LOOP_COMMAND, on_changes, controller);
}
