// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/outputs.h"

#include <errno.h>
#include <microhttpd.h>
#include <string.h>
#include <strings.h>

#include "api/validate.h"

const char *outputs_name(size_t index, const void *data)
{
	const struct state_snapshot *state = data;

	return index < state->output_count ? state->output[index].name : NULL;
}

int outputs_find(const struct view *view, const char *name, struct problem *problem)
{
	const struct state_snapshot *state = view->state;
	char list[PROBLEM_TEXT_MAX];
	uint32_t i;

	for (i = 0; i < state->output_count; i++)
		if (!strcasecmp(state->output[i].name, name))
			return (int)i;
	validate_list(list, outputs_name, state);
	problem_set(problem, MHD_HTTP_NOT_FOUND, "there is no output \"%s\"", name);
	problem_add_text(problem, "path", "output", name, "%s", list);
	return -ENOENT;
}

static void write_channel(const struct output_channel *channel, uint32_t first,
			  struct writer *writer)
{
	writer_object(writer, NULL);
	writer_string(writer, "label", channel->label);
	writer_int(writer, "first", first);
	writer_int(writer, "pixels", channel->pixels);
	writer_int(writer, "components", channel->components);
	writer_object_end(writer);
}

static void write_figures(const struct frames_figures *figures, size_t index, struct writer *writer)
{
	writer_object(writer, "frames");
	writer_int(writer, "rendered", (int64_t)metrics_get(&figures->output[index].rendered));
	writer_int(writer, "skipped", (int64_t)metrics_get(&figures->output[index].skipped));
	writer_int(writer, "dropped", (int64_t)metrics_get(&figures->output[index].dropped));
	writer_int(writer, "foreign", (int64_t)metrics_get(&figures->output[index].foreign));
	writer_object_end(writer);
}

static void write_output(const struct view *view, size_t index, struct writer *writer)
{
	const struct snapshot_output *output = &view->state->output[index];
	const struct output_geometry *geometry = &output->geometry;
	uint32_t first = 0, c;

	writer_object(writer, NULL);
	writer_string(writer, "name", output->name);
	writer_string(writer, "type", output->type);
	writer_bool(writer, "present", output->present);
	if (output->error)
		writer_string(writer, "error", strerrorname_np(-output->error));
	else
		writer_null(writer, "error");
	writer_int(writer, "frame_bytes", geometry->frame_bytes);
	writer_array(writer, "channels");
	for (c = 0; c < geometry->channels; c++) {
		write_channel(&geometry->channel[c], first, writer);
		first += geometry->channel[c].pixels;
	}
	writer_array_end(writer);
	writer_int(writer, "pixels", first);
	if (view->figures)
		write_figures(view->figures, index, writer);
	writer_object_end(writer);
}

void outputs_get(const struct route_get *get, struct writer *writer)
{
	write_output(get->view, get->item, writer);
}

void outputs_get_all(const struct route_get *get, struct writer *writer)
{
	size_t i;

	writer_object(writer, NULL);
	writer_int(writer, "count", get->view->state->output_count);
	writer_array(writer, "outputs");
	for (i = 0; i < get->view->state->output_count; i++)
		write_output(get->view, i, writer);
	writer_array_end(writer);
	writer_object_end(writer);
}

bool outputs_take_frame(const struct view *view, const struct query *query, uint8_t *data,
			size_t bytes, struct command *command, struct problem *problem)
{
	const struct snapshot_output *output = &view->state->output[command->zone];

	if (!output->present)
		return problem_set(problem, MHD_HTTP_CONFLICT, "output %s is missing",
				   output->name);
	if (!data || bytes != output->geometry.frame_bytes) {
		problem_set(problem, MHD_HTTP_UNPROCESSABLE_CONTENT,
			    "a frame of output %s has %u bytes, and not %zu", output->name,
			    output->geometry.frame_bytes, bytes);
		return problem_add(problem, "body", "", NULL,
				   "%u bytes: the channels' pixels one after the other, R, G, B "
				   "or R, G, B, W each",
				   output->geometry.frame_bytes);
	}
	command->frame.data = data;
	command->frame.bytes = (uint32_t)bytes;
	command->frame.ttl_ms = query->given & QUERY_TTL ? query->ttl_ms : OUTPUTS_TTL_MS;
	return true;
}
