// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/events.h"

#include "base/clock.h"
#include "control/key.h"

void events_add(struct events *events, const struct event *event)
{
	uint64_t now_ns = clock_now_ns();
	uint64_t age_ns = now_ns > event->time_ns ? now_ns - event->time_ns : 0;
	size_t at = events->count++ % API_EVENTS_MAX;

	events->entry[at].event = *event;
	events->entry[at].wall_ms = clock_wall_ms() - age_ns / NSEC_PER_MSEC;
}

uint64_t events_first(const struct events *events, uint64_t n)
{
	if (n > API_EVENTS_MAX)
		n = API_EVENTS_MAX;
	return events->count > n ? events->count - n : 0;
}

static void write_zone(const struct view *view, uint16_t zone, struct writer *writer)
{
	if (zone < view->state->zone_count)
		writer_string(writer, "zone", view->state->zone[zone].config.id);
	else
		writer_null(writer, "zone");
}

static const char *system_kind(enum event_system_kind kind)
{
	switch (kind) {
	case EVENT_SYSTEM_READY:
		return "ready";
	case EVENT_SYSTEM_SHUTDOWN:
		return "shutdown";
	case EVENT_SYSTEM_DEVICE_LOST:
		return "device_lost";
	case EVENT_SYSTEM_DEVICE_BACK:
		return "device_back";
	case EVENT_SYSTEM_FOREIGN_WRITER:
		return "foreign_writer";
	case EVENT_SYSTEM_ERROR:
		return "error";
	case EVENT_SYSTEM_HOT:
		return "hot";
	case EVENT_SYSTEM_COOL:
		return "cool";
	case EVENT_SYSTEM_LOW_VOLTAGE:
		return "low_voltage";
	case EVENT_SYSTEM_VOLTAGE_BACK:
		return "voltage_back";
	default:
		return "other";
	}
}

static void write_members(const struct view *view, const struct event *event, struct writer *writer)
{
	char key[KEY_TEXT_MAX];

	switch (event->type) {
	case EVENT_ENCODER_ROTATE:
		writer_string(writer, "input", event->source);
		writer_int(writer, "delta", event->input.delta);
		break;
	case EVENT_ENCODER_CLICK:
	case EVENT_BUTTON_PRESS:
		writer_string(writer, "input", event->source);
		writer_string(writer, "gesture", event_gesture_name(event->input.gesture));
		break;
	case EVENT_KEY_PRESS:
		key_write(key, event->input.code, event->input.modifiers);
		writer_string(writer, "input", event->source);
		writer_string(writer, "gesture", event_gesture_name(event->input.gesture));
		if (event->input.code)
			writer_string(writer, "key", key);
		else
			writer_null(writer, "key");
		break;
	case EVENT_ZONE_STATIC_STATE_CHANGED:
	case EVENT_ZONE_RENDER_MODE_CHANGED:
	case EVENT_ZONE_SNAPSHOT_UPDATED:
	case EVENT_WEB_COMMAND:
		write_zone(view, event->zone.zone, writer);
		break;
	case EVENT_ZONE_ANIMATION_CHANGED:
	case EVENT_ANIMATION_STARTED:
	case EVENT_ANIMATION_STOPPED:
		write_zone(view, event->animation.zone, writer);
		writer_string(writer, "animation", event->animation.id);
		break;
	case EVENT_ANIMATION_PARAMETER_CHANGED:
		write_zone(view, event->parameter.zone, writer);
		writer_string(writer, "parameter", event->parameter.parameter);
		writer_int(writer, "value", event->parameter.value);
		break;
	case EVENT_TASK_CHANGED:
		writer_int(writer, "task", event->task.task);
		writer_string(writer, "status",
			      task_status_name((enum task_status)event->task.status));
		break;
	case EVENT_OUTPUT_CHANGED:
		writer_int(writer, "output", event->output.output);
		writer_int(writer, "error", event->output.error);
		break;
	case EVENT_SYSTEM:
		writer_string(writer, "kind", system_kind(event->system.kind));
		writer_string(writer, "text", event->system.text);
		break;
	default:
		break;
	}
}

void events_write(const struct view *view, uint64_t n, struct writer *writer)
{
	size_t at = n % API_EVENTS_MAX;
	const struct event *event = &view->events->entry[at].event;

	writer_object(writer, NULL);
	writer_int(writer, "seq", (int64_t)event->seq);
	writer_time(writer, "timestamp", view->events->entry[at].wall_ms);
	writer_string(writer, "type", event_type_name(event->type));
	writer_string(writer, "source", event->source ? event->source : "");
	write_members(view, event, writer);
	writer_object_end(writer);
}

static bool is_wanted(const struct query *query, const struct events *events, uint64_t n)
{
	const struct event *event = &events->entry[n % API_EVENTS_MAX].event;

	return event->seq > query->since &&
	       (!(query->given & QUERY_TYPE) || event->type == query->type);
}

void events_get(const struct route_get *get, struct writer *writer)
{
	const struct events *events = get->view->events;
	uint64_t oldest = events_first(events, API_EVENTS_MAX), first, n;
	size_t count = 0;

	/* the newest of those that are wanted */
	for (first = events->count; first > oldest && count < get->query->limit; first--)
		count += is_wanted(get->query, events, first - 1);
	writer_object(writer, NULL);
	writer_int(writer, "count", (int64_t)count);
	writer_array(writer, "events");
	for (n = first; n < events->count; n++)
		if (is_wanted(get->query, events, n))
			events_write(get->view, n, writer);
	writer_array_end(writer);
	writer_object_end(writer);
}
