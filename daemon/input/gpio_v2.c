// SPDX-License-Identifier: GPL-2.0-or-later
/* gpio_backend.h with libgpiod 2: one descriptor with the edges of all lines, in order and numbered */
#include "input/gpio_backend.h"

#include <errno.h>
#include <fcntl.h>
#include <gpiod.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

/* What the kernel is to keep for the lines of a request. */
#define KERNEL_EDGES 512

struct gpio_request {
	struct gpiod_line_request *lines;
	struct gpiod_edge_event_buffer *buffer;
	unsigned int count;
	unsigned int offsets[GPIO_LINES_MAX];
	unsigned long seq; /* of the newest edge; 0: none yet */
	bool output;
};

void gpio_chip_about(struct gpiod_chip *chip, struct gpio_chip_about *ret_about)
{
	struct gpiod_chip_info *info = gpiod_chip_get_info(chip);

	if (!info)
		return;
	str_copy(ret_about->label, sizeof(ret_about->label), gpiod_chip_info_get_label(info));
	ret_about->lines = (unsigned int)gpiod_chip_info_get_num_lines(info);
	gpiod_chip_info_free(info);
}

int gpio_chip_find(struct gpiod_chip *chip, const char *name)
{
	int offset = gpiod_chip_get_line_offset_from_name(chip, name);

	return offset < 0 ? -ENOENT : offset;
}

int gpio_chip_line(struct gpiod_chip *chip, unsigned int offset, char ret_name[GPIO_NAME_MAX],
		   char ret_consumer[GPIO_NAME_MAX])
{
	struct gpiod_line_info *info = gpiod_chip_get_line_info(chip, offset);
	const char *name, *consumer;

	if (!info)
		return errno ? -errno : -EIO;
	name = gpiod_line_info_get_name(info);
	consumer = gpiod_line_info_get_consumer(info);
	str_copy(ret_name, GPIO_NAME_MAX, name ? name : "");
	str_copy(ret_consumer, GPIO_NAME_MAX, consumer ? consumer : "");
	gpiod_line_info_free(info);
	return 0;
}

static void set(struct gpiod_line_settings *settings, const struct gpio_config *config)
{
	static const enum gpiod_line_bias bias[] = {
		[GPIO_BIAS_AS_IS] = GPIOD_LINE_BIAS_AS_IS,
		[GPIO_BIAS_DISABLED] = GPIOD_LINE_BIAS_DISABLED,
		[GPIO_BIAS_PULL_UP] = GPIOD_LINE_BIAS_PULL_UP,
		[GPIO_BIAS_PULL_DOWN] = GPIOD_LINE_BIAS_PULL_DOWN,
	};

	gpiod_line_settings_set_bias(settings, bias[config->bias]);
	gpiod_line_settings_set_active_low(settings, config->active_low);
	if (config->output) {
		gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT);
		gpiod_line_settings_set_output_value(settings, GPIOD_LINE_VALUE_INACTIVE);
		return;
	}
	gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT);
	gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
	gpiod_line_settings_set_event_clock(settings, GPIOD_LINE_CLOCK_MONOTONIC);
	gpiod_line_settings_set_debounce_period_us(settings, config->debounce_us);
}

static struct gpiod_line_request *request_lines(struct gpiod_chip *chip,
						const struct gpio_config *config,
						const unsigned int *offsets)
{
	struct gpiod_line_settings *settings = gpiod_line_settings_new();
	struct gpiod_line_config *lines = gpiod_line_config_new();
	struct gpiod_request_config *request = gpiod_request_config_new();
	struct gpiod_line_request *ret = NULL;
	int error = ENOMEM;

	if (settings && lines && request) {
		set(settings, config);
		gpiod_request_config_set_consumer(request, GPIO_CONSUMER);
		gpiod_request_config_set_event_buffer_size(request, KERNEL_EDGES);
		if (gpiod_line_config_add_line_settings(lines, offsets, config->line_count,
							settings) == 0)
			ret = gpiod_chip_request_lines(chip, request, lines);
		error = errno;
	}
	gpiod_request_config_free(request);
	gpiod_line_config_free(lines);
	gpiod_line_settings_free(settings);
	errno = error;
	return ret;
}

int gpio_request_open(struct gpio_request **ret_request, struct gpiod_chip *chip,
		      const struct gpio_config *config, const unsigned int *offsets)
{
	struct gpio_request *request = calloc(1, sizeof(*request));
	int ret;

	if (!request)
		return -ENOMEM;
	request->output = config->output;
	request->count = config->line_count;
	memcpy(request->offsets, offsets, request->count * sizeof(offsets[0]));
	request->buffer = gpiod_edge_event_buffer_new(GPIO_EDGES_MAX);
	if (request->buffer)
		request->lines = request_lines(chip, config, offsets);
	if (!request->lines ||
	    fcntl(gpiod_line_request_get_fd(request->lines), F_SETFL, O_NONBLOCK) < 0) {
		ret = errno ? -errno : -EIO;
		gpio_request_close(request);
		return ret;
	}
	*ret_request = request;
	return 0;
}

struct gpio_request *gpio_request_close(struct gpio_request *request)
{
	if (!request)
		return NULL;
	if (request->lines)
		gpiod_line_request_release(request->lines);
	gpiod_edge_event_buffer_free(request->buffer);
	free(request);
	return NULL;
}

unsigned int gpio_request_fds(const struct gpio_request *request, int ret_fds[GPIO_LINES_MAX])
{
	if (request->output)
		return 0;
	ret_fds[0] = gpiod_line_request_get_fd(request->lines);
	return 1;
}

bool gpio_backend_debounces(void)
{
	return true;
}

static uint8_t line_of(const struct gpio_request *request, unsigned int offset)
{
	uint8_t i = 0;

	while (i + 1U < request->count && request->offsets[i] != offset)
		i++;
	return i;
}

int gpio_request_read(struct gpio_request *request, uint64_t now_ns,
		      struct gpio_edge ret_edges[GPIO_EDGES_MAX], bool *ret_lost)
{
	struct gpiod_edge_event *event;
	unsigned long seq;
	int count, i;

	(void)now_ns;
	*ret_lost = false;
	count = gpiod_line_request_read_edge_events(request->lines, request->buffer,
						    GPIO_EDGES_MAX);
	if (count < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	for (i = 0; i < count; i++) {
		event = gpiod_edge_event_buffer_get_event(request->buffer, (unsigned long)i);
		seq = gpiod_edge_event_get_global_seqno(event);
		*ret_lost |= seq != request->seq + 1;
		request->seq = seq;
		ret_edges[i] = (struct gpio_edge){
			.time_ns = gpiod_edge_event_get_timestamp_ns(event),
			.line = line_of(request, gpiod_edge_event_get_line_offset(event)),
			.level = gpiod_edge_event_get_event_type(event) ==
				 GPIOD_EDGE_EVENT_RISING_EDGE,
		};
	}
	return count;
}

uint64_t gpio_request_deadline_ns(const struct gpio_request *request)
{
	(void)request;
	return 0;
}

int gpio_request_levels(struct gpio_request *request, bool ret_levels[GPIO_LINES_MAX])
{
	enum gpiod_line_value values[GPIO_LINES_MAX];
	unsigned int i;

	if (gpiod_line_request_get_values_subset(request->lines, request->count, request->offsets,
						 values) < 0)
		return -errno;
	for (i = 0; i < request->count; i++)
		ret_levels[i] = values[i] == GPIOD_LINE_VALUE_ACTIVE;
	return 0;
}

int gpio_request_set(struct gpio_request *request, bool active)
{
	enum gpiod_line_value value = active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;

	return gpiod_line_request_set_value(request->lines, request->offsets[0], value) < 0 ? -errno
											    : 0;
}
