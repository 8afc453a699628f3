// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "base/log.h"
#include "base/str.h"
#include "control/private.h"

#define SOURCE "controller"

void publish_later(struct controller *controller)
{
	if (controller->started)
		loop_defer(controller->publish);
}

static void *take_buffer(struct controller *controller, struct mailbox *mailbox)
{
	void *buffer = mailbox_begin(mailbox);

	if (!buffer && !controller->starved)
		log_warning(LOG_STATE, 0,
			    "the reader keeps all snapshots; the next change is told instead");
	controller->starved = !buffer;
	return buffer;
}

static void publish_state(struct controller *controller)
{
	struct state_snapshot *snapshot;
	const struct output *output;
	unsigned int i;

	/* Without a buffer the change stays noted and goes out with the next one. */
	snapshot = take_buffer(controller, controller->config.state_mailbox);
	if (!snapshot)
		return;
	snapshot->version = ++controller->state_version;
	snapshot->zone_count = controller->zone_count;
	snapshot->panel = controller->panel;
	snapshot->transitions = controller->transitions;
	for (i = 0; i < controller->zone_count; i++) {
		snapshot->zone[i].config = controller->zone[i].config;
		snapshot->zone[i].state = controller->zone[i].state;
		str_copy(snapshot->zone[i].fault, CONTROLLER_FAULT_MAX, controller->zone[i].fault);
		snapshot->zone[i].fits = frames_zone_fits(controller->config.frames, i);
	}
	snapshot->output_count = controller->output_count;
	for (i = 0; i < controller->output_count; i++) {
		output = controller->output[i];
		str_copy(snapshot->output[i].name, sizeof(snapshot->output[i].name), output->name);
		str_copy(snapshot->output[i].type, sizeof(snapshot->output[i].type),
			 output->ops->type);
		snapshot->output[i].present = output->present;
		snapshot->output[i].error = controller->output_error[i];
		snapshot->output[i].geometry = output->geometry;
	}
	snapshot->store_error = controller->store_error;
	snapshot->thermal = controller->thermal;
	mailbox_publish(controller->config.state_mailbox, snapshot);
	controller->state_changed = false;
}

static void publish_tasks(struct controller *controller)
{
	struct tasks_snapshot *snapshot;

	snapshot = take_buffer(controller, controller->config.tasks_mailbox);
	if (!snapshot)
		return;
	snapshot->version = ++controller->tasks_version;
	tasks_get_summary(controller->config.tasks, &snapshot->summary);
	snapshot->count =
		(uint32_t)tasks_list(controller->config.tasks, snapshot->task, SNAPSHOT_TASKS_MAX);
	mailbox_publish(controller->config.tasks_mailbox, snapshot);
	controller->tasks_changed = false;
}

void controller_sync(struct controller *controller)
{
	unsigned int i;

	/* half of a change is nobody's business */
	if (controller->changes)
		return;
	if (controller->state_changed)
		publish_state(controller);
	if (controller->tasks_changed)
		publish_tasks(controller);
	for (i = 0; i < controller->zone_count; i++) {
		if (!controller->zone_changed[i])
			continue;
		controller->zone_changed[i] = false;
		bus_publish(controller->config.bus,
			    &(struct event){ .type = EVENT_ZONE_SNAPSHOT_UPDATED,
					     .key = i,
					     .source = SOURCE,
					     .zone.zone = (uint16_t)i });
	}
}

static int on_publish(struct loop_source *source, void *data)
{
	(void)source;
	controller_sync(data);
	return 0;
}

void publish_zone(struct controller *controller, unsigned int zone, enum event_type type)
{
	bus_publish(controller->config.bus, &(struct event){ .type = type,
							     .key = zone,
							     .source = SOURCE,
							     .zone.zone = (uint16_t)zone });
}

void publish_animation(struct controller *controller, unsigned int zone, enum event_type type)
{
	const struct effect *effect = effect_at(controller->zone[zone].state.animation);
	struct event event = {
		.type = type, .key = zone, .source = SOURCE, .animation.zone = (uint16_t)zone
	};

	str_copy(event.animation.id, sizeof(event.animation.id), effect->id);
	bus_publish(controller->config.bus, &event);
}

void publish_parameter(struct controller *controller, unsigned int zone, unsigned int param)
{
	const struct zone_state *state = &controller->zone[zone].state;
	const struct effect *effect = effect_at(state->animation);
	struct event event = { .type = EVENT_ANIMATION_PARAMETER_CHANGED,
			       .key = zone * EFFECT_MAX_PARAMS + param,
			       .source = SOURCE,
			       .parameter.zone = (uint16_t)zone,
			       .parameter.value = state->params[param] };

	str_copy(event.parameter.parameter, sizeof(event.parameter.parameter),
		 effect->params[param].name);
	bus_publish(controller->config.bus, &event);
}

void publish_changed(struct controller *controller, unsigned int zone)
{
	controller->zone_changed[zone] = true;
	controller->state_changed = true;
	publish_later(controller);
}

void controller_on_output(struct controller *controller, unsigned int output, bool present,
			  int error)
{
	if (output >= controller->output_count)
		return;
	controller->output_error[output] = present ? 0 : error;
	running_on_output(controller, output);
	controller->state_changed = true;
	publish_later(controller);
	bus_publish(controller->config.bus, &(struct event){ .type = EVENT_OUTPUT_CHANGED,
							     .key = output,
							     .source = SOURCE,
							     .output.output = (uint16_t)output,
							     .output.error = error });
}

void controller_on_store(struct controller *controller, int error)
{
	controller->store_error = error;
	controller->state_changed = true;
	publish_later(controller);
}

void controller_on_task(struct controller *controller)
{
	controller->tasks_changed = true;
	publish_later(controller);
}

void controller_set_panel(struct controller *controller, const struct panel_state *panel)
{
	controller->panel = *panel;
	controller->state_changed = true;
	publish_later(controller);
}

int controller_add_output(struct controller *controller, const struct output *output)
{
	if (controller->output_count >= FRAMES_MAX_OUTPUTS)
		return -ENOSPC;
	controller->output[controller->output_count++] = output;
	return 0;
}

int publish_create(struct controller *controller)
{
	return loop_add_defer(controller->config.loop, &controller->publish, "publish",
			      LOOP_COMMAND, on_publish, controller);
}
