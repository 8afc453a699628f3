// SPDX-License-Identifier: GPL-2.0-or-later
/* gpio_backend.h with libgpiod 1.6, which has a descriptor for each line and no debounce */
#include "input/gpio_backend.h"

#include <errno.h>
#include <fcntl.h>
#include <gpiod.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "input/edges.h"

/* What the kernel keeps for a line (KFIFO of struct lineevent_state); then newer ones are lost. */
#define KERNEL_EDGES 16

struct gpio_request {
	unsigned int count;
	bool output;
	struct gpiod_line_bulk lines;
	int fd[GPIO_LINES_MAX];
	struct edges edges; /* of several lines */
};

void gpio_chip_about(struct gpiod_chip *chip, struct gpio_chip_about *ret_about)
{
	str_copy(ret_about->label, sizeof(ret_about->label), gpiod_chip_label(chip));
	ret_about->lines = gpiod_chip_num_lines(chip);
}

int gpio_chip_find(struct gpiod_chip *chip, const char *name)
{
	struct gpiod_line *line = gpiod_chip_find_line(chip, name);

	return line ? (int)gpiod_line_offset(line) : -ENOENT;
}

int gpio_chip_line(struct gpiod_chip *chip, unsigned int offset, char ret_name[GPIO_NAME_MAX],
		   char ret_consumer[GPIO_NAME_MAX])
{
	struct gpiod_line *line = gpiod_chip_get_line(chip, offset);
	const char *name, *consumer;

	if (!line || gpiod_line_update(line) < 0)
		return errno ? -errno : -EIO;
	name = gpiod_line_name(line);
	consumer = gpiod_line_consumer(line);
	str_copy(ret_name, GPIO_NAME_MAX, name ? name : "");
	str_copy(ret_consumer, GPIO_NAME_MAX, consumer ? consumer : "");
	return 0;
}

static int flags_of(const struct gpio_config *config)
{
	static const int bias[] = {
		[GPIO_BIAS_AS_IS] = 0,
		[GPIO_BIAS_DISABLED] = GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE,
		[GPIO_BIAS_PULL_UP] = GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP,
		[GPIO_BIAS_PULL_DOWN] = GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN,
	};

	return bias[config->bias] | (config->active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0);
}

static int watch(struct gpio_request *request)
{
	unsigned int i;

	for (i = 0; i < request->count; i++) {
		request->fd[i] =
			gpiod_line_event_get_fd(gpiod_line_bulk_get_line(&request->lines, i));
		if (request->fd[i] < 0 || fcntl(request->fd[i], F_SETFL, O_NONBLOCK) < 0)
			return -errno;
	}
	return 0;
}

int gpio_request_open(struct gpio_request **ret_request, struct gpiod_chip *chip,
		      const struct gpio_config *config, const unsigned int *offsets)
{
	struct gpiod_line_request_config gpiod = { .consumer = GPIO_CONSUMER,
						   .flags = flags_of(config) };
	struct gpio_request *request = calloc(1, sizeof(*request));
	static const int inactive[GPIO_LINES_MAX];
	struct gpiod_line *line;
	int ret = 0;

	if (!request)
		return -ENOMEM;
	gpiod_line_bulk_init(&request->lines);
	while (request->count < config->line_count) {
		line = gpiod_chip_get_line(chip, offsets[request->count]);
		if (!line) {
			ret = errno ? -errno : -EIO;
			goto err_free;
		}
		gpiod_line_bulk_add(&request->lines, line);
		request->count++;
	}
	request->output = config->output;
	gpiod.request_type = config->output ? GPIOD_LINE_REQUEST_DIRECTION_OUTPUT
					    : GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES;
	if (gpiod_line_request_bulk(&request->lines, &gpiod, inactive) < 0) {
		ret = errno ? -errno : -EIO;
		goto err_free;
	}
	if (!config->output)
		ret = watch(request);
	if (ret < 0)
		goto err_release;
	*ret_request = request;
	return 0;

err_release:
	gpiod_line_release_bulk(&request->lines);
err_free:
	free(request);
	return ret;
}

struct gpio_request *gpio_request_close(struct gpio_request *request)
{
	if (!request)
		return NULL;
	gpiod_line_release_bulk(&request->lines);
	free(request);
	return NULL;
}

unsigned int gpio_request_fds(const struct gpio_request *request, int ret_fds[GPIO_LINES_MAX])
{
	if (request->output)
		return 0;
	memcpy(ret_fds, request->fd, request->count * sizeof(ret_fds[0]));
	return request->count;
}

bool gpio_backend_debounces(void)
{
	return false;
}

static void add(struct gpio_request *request, unsigned int line,
		const struct gpiod_line_event *event)
{
	struct gpio_edge edge = {
		.time_ns = (uint64_t)event->ts.tv_sec * NSEC_PER_SEC + (uint64_t)event->ts.tv_nsec,
		.line = (uint8_t)line,
		.level = event->event_type == GPIOD_LINE_EVENT_RISING_EDGE,
	};

	edges_add(&request->edges, &edge);
}

int gpio_request_read(struct gpio_request *request, uint64_t now_ns,
		      struct gpio_edge ret_edges[GPIO_EDGES_MAX], bool *ret_lost)
{
	struct gpiod_line_event events[KERNEL_EDGES];
	unsigned int i;
	int count, k;

	*ret_lost = false;
	for (i = 0; i < request->count; i++) {
		if (edges_room(&request->edges) < KERNEL_EDGES)
			break;
		count = gpiod_line_event_read_fd_multiple(request->fd[i], events, KERNEL_EDGES);
		if (count < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		/* a full store may have overflowed */
		*ret_lost |= count == KERNEL_EDGES;
		for (k = 0; k < count; k++)
			add(request, i, &events[k]);
	}
	/* the edges of one line are in order already */
	return (int)edges_take(&request->edges, request->count > 1 ? now_ns : UINT64_MAX, ret_edges,
			       GPIO_EDGES_MAX);
}

uint64_t gpio_request_deadline_ns(const struct gpio_request *request)
{
	return edges_deadline_ns(&request->edges);
}

int gpio_request_levels(struct gpio_request *request, bool ret_levels[GPIO_LINES_MAX])
{
	int values[GPIO_LINES_MAX];
	unsigned int i;

	/* lines with edges are requested one by one, and read so */
	for (i = 0; i < request->count; i++) {
		values[i] = gpiod_line_get_value(gpiod_line_bulk_get_line(&request->lines, i));
		if (values[i] < 0)
			return -errno;
	}
	for (i = 0; i < request->count; i++)
		ret_levels[i] = values[i];
	return 0;
}

int gpio_request_set(struct gpio_request *request, bool active)
{
	struct gpiod_line *line = gpiod_line_bulk_get_line(&request->lines, 0);

	return gpiod_line_set_value(line, active) < 0 ? -errno : 0;
}
