// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/exposition.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"

/* docs/instrumenting/exposition_formats of Prometheus: one HELP and one TYPE before a name's samples. */
static void family(struct writer *writer, const char *name, const char *type, const char *help)
{
	writer_text(writer, "# HELP diuna_%s %s\n# TYPE diuna_%s %s\n", name, help, name, type);
}

static void sample(struct writer *writer, const char *name, uint64_t value)
{
	writer_text(writer, "diuna_%s %" PRIu64 "\n", name, value);
}

/* A label's value: the three characters that would end it are escaped; the rest is UTF-8. */
static void escape(const char *text, char *ret_text, size_t room)
{
	size_t used = 0;

	for (; *text && used + 3 < room; text++) {
		if (*text == '"' || *text == '\\')
			ret_text[used++] = '\\';
		ret_text[used++] = *text;
	}
	ret_text[used] = '\0';
}

struct counter {
	const char *name, *help;
	size_t offset; /* in the output's part of struct frames_figures */
};

#define OUTPUT_FIGURES sizeof(((struct frames_figures *)NULL)->output[0])
#define OUTPUT_FIGURE(member)                                \
	(offsetof(struct frames_figures, output[0].member) - \
	 offsetof(struct frames_figures, output[0]))

static const struct counter counters[] = {
	{ "output_frames_total", "Frames given to the output.", OUTPUT_FIGURE(rendered) },
	{ "output_frames_skipped_total", "Frames equal to what shows.", OUTPUT_FIGURE(skipped) },
	{ "output_frames_dropped_total", "Frames due while the output was busy.",
	  OUTPUT_FIGURE(dropped) },
	{ "output_foreign_total", "Times that another writer was seen.", OUTPUT_FIGURE(foreign) },
};

static void write_counters(const struct view *view, struct writer *writer)
{
	const char *base = (const char *)view->figures->output;
	char name[2 * OUTPUT_NAME_MAX];
	size_t c;
	uint32_t i;

	for (c = 0; c < sizeof(counters) / sizeof(counters[0]); c++) {
		family(writer, counters[c].name, "counter", counters[c].help);
		for (i = 0; i < view->state->output_count; i++) {
			const void *at = base + i * OUTPUT_FIGURES + counters[c].offset;

			escape(view->state->output[i].name, name, sizeof(name));
			writer_text(writer, "diuna_%s{output=\"%s\"} %" PRIu64 "\n",
				    counters[c].name, name,
				    metrics_get((const struct metrics_counter *)at));
		}
	}
}

static void write_outputs(const struct view *view, struct writer *writer)
{
	char name[2 * OUTPUT_NAME_MAX];
	uint32_t i;

	family(writer, "output_present", "gauge", "Whether the output is there.");
	for (i = 0; i < view->state->output_count; i++) {
		escape(view->state->output[i].name, name, sizeof(name));
		writer_text(writer, "diuna_output_present{output=\"%s\"} %d\n", name,
			    view->state->output[i].present);
	}
	if (view->figures)
		write_counters(view, writer);
}

static void write_seconds(struct writer *writer, uint64_t ns)
{
	writer_text(writer, " %" PRIu64 ".%09" PRIu64 "\n", (uint64_t)(ns / NSEC_PER_SEC),
		    (uint64_t)(ns % NSEC_PER_SEC));
}

static void write_quantile(struct writer *writer, const char *name, const char *quantile,
			   uint64_t ns)
{
	writer_text(writer, "diuna_%s{quantile=\"%s\"}", name, quantile);
	write_seconds(writer, ns);
}

static void write_summary(struct writer *writer, const char *name, const char *help,
			  const struct metrics_histogram *histogram)
{
	struct metrics_summary summary;

	metrics_summarize(histogram, &summary);
	family(writer, name, "summary", help);
	write_quantile(writer, name, "0.5", summary.p50);
	write_quantile(writer, name, "0.99", summary.p99);
	write_quantile(writer, name, "0.999", summary.p999);
	writer_text(writer, "diuna_%s_sum", name);
	write_seconds(writer, summary.sum);
	writer_text(writer, "diuna_%s_count %" PRIu64 "\n", name, summary.count);
}

static void write_tasks(const struct tasks_summary *tasks, struct writer *writer)
{
	unsigned int i;

	family(writer, "tasks_running", "gauge", "Tasks that run, by category.");
	for (i = 0; i < TASK_CATEGORIES; i++)
		writer_text(writer, "diuna_tasks_running{category=\"%s\"} %" PRIu32 "\n",
			    task_category_name((enum task_category)i),
			    tasks->running_by_category[i]);
	family(writer, "tasks_ended_total", "counter", "Tasks that ended, by how they ended.");
	writer_text(writer, "diuna_tasks_ended_total{status=\"completed\"} %" PRIu64 "\n",
		    tasks->completed);
	writer_text(writer, "diuna_tasks_ended_total{status=\"failed\"} %" PRIu64 "\n",
		    tasks->failed);
	writer_text(writer, "diuna_tasks_ended_total{status=\"cancelled\"} %" PRIu64 "\n",
		    tasks->cancelled);
}

static void write_events(const struct bus_figures *bus, struct writer *writer)
{
	family(writer, "events_published_total", "counter", "Events given to the bus.");
	sample(writer, "events_published_total", metrics_get(&bus->published));
	family(writer, "events_delivered_total", "counter", "Calls of handlers with an event.");
	sample(writer, "events_delivered_total", metrics_get(&bus->delivered));
	family(writer, "events_coalesced_total", "counter",
	       "Events that took the place of an older one about the same thing.");
	sample(writer, "events_coalesced_total", metrics_get(&bus->coalesced));
	family(writer, "events_dropped_total", "counter", "Events dropped, by why.");
	writer_text(writer, "diuna_events_dropped_total{why=\"middleware\"} %" PRIu64 "\n",
		    metrics_get(&bus->dropped_by_middleware));
	writer_text(writer, "diuna_events_dropped_total{why=\"queue\"} %" PRIu64 "\n",
		    metrics_get(&bus->dropped_queue_full));
	writer_text(writer, "diuna_events_dropped_total{why=\"cascade\"} %" PRIu64 "\n",
		    metrics_get(&bus->dropped_cascade));
	family(writer, "event_handler_failures_total", "counter",
	       "Handlers that failed on an event.");
	sample(writer, "event_handler_failures_total", metrics_get(&bus->handler_failures));
}

static void write_zones(const struct state_snapshot *state, struct writer *writer)
{
	uint32_t on = 0, moving = 0, i;

	for (i = 0; i < state->zone_count; i++) {
		on += state->zone[i].state.is_on;
		moving += state->zone[i].state.is_on && state->zone[i].state.mode == ZONE_ANIMATION;
	}
	family(writer, "zones", "gauge", "Zones of the configuration.");
	sample(writer, "zones", state->zone_count);
	family(writer, "zones_on", "gauge", "Zones that are on.");
	sample(writer, "zones_on", on);
	family(writer, "zones_animated", "gauge", "Zones that are on and play an animation.");
	sample(writer, "zones_animated", moving);
}

void exposition_get(const struct route_get *get, struct writer *writer)
{
	const struct view *view = get->view;

	write_outputs(view, writer);
	if (view->figures) {
		write_summary(writer, "frame_lateness_seconds",
			      "From the instant at which a frame was due to its start.",
			      &view->figures->lateness);
		write_summary(writer, "frame_time_seconds",
			      "From the start of a frame until its last output has it.",
			      &view->figures->time);
	}
	if (view->light_loop) {
		family(writer, "loop_stalls_total", "counter",
		       "Callbacks of the light loop that took longer than a millisecond.");
		sample(writer, "loop_stalls_total", loop_stalls(view->light_loop));
	}
	write_zones(view->state, writer);
	write_tasks(&view->tasks->summary, writer);
	if (view->bus_figures)
		write_events(view->bus_figures, writer);
	family(writer, "log_lines_dropped_total", "counter", "Lines lost as the ring was full.");
	sample(writer, "log_lines_dropped_total", log_dropped());
	family(writer, "state_saved", "gauge", "Whether changes are saved.");
	sample(writer, "state_saved", !view->state->store_error);
}
