// SPDX-License-Identifier: GPL-2.0-or-later
/* The strip as a file shows it, which cannot tell when it changes: it is read anew for each picture. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "config/config.h"
#include "ctl/screen.h"
#include "ctl/watch.h"

struct strip {
	const struct config *config;
	const struct config_output *output;
	int fd, ticks;
	size_t bytes;
	uint8_t *frame, *rgb; /* as it is in the file, and upright for each row */
	struct screen_row *rows;
	unsigned int count;
	struct screen *screen;
};

/* The first output with pixels that the configuration knows: a virtual one. */
static const struct config_output *find_output(const struct config *config)
{
	size_t i;

	for (i = 0; i < config->output_count; i++) {
		if (config->output[i].geometry.frame_bytes > 0)
			return &config->output[i];
	}
	return NULL;
}

/* A group has no pixels but those of its members. */
static bool is_shown(const struct strip *strip, const struct config_zone *zone)
{
	return &strip->config->output[zone->output] == strip->output && zone->config.enabled &&
	       !zone->config.member_count;
}

/* Where pixel @i of a zone is on its channel. */
static uint32_t place(const struct zone_config *zone, uint32_t i)
{
	uint32_t part;

	if (zone->reversed)
		i = zone->count - 1 - i;
	for (part = 0; part < zone->part_count; part++) {
		if (i < zone->part[part].count)
			return zone->part[part].first + i;
		i -= zone->part[part].count;
	}
	return zone->first + i;
}

/* W is light of every colour. */
static void take_zone(const struct strip *strip, const struct zone_config *zone, uint8_t *rgb)
{
	const struct output_channel *channel = &strip->output->geometry.channel[zone->channel];
	uint32_t i, c;

	for (i = 0; i < zone->count; i++) {
		const uint8_t *p = strip->frame + channel->offset +
				   (size_t)place(zone, i) * channel->components;

		for (c = 0; c < 3; c++) {
			uint32_t v = p[c] + (channel->components == 4 ? p[3] : 0u);

			*rgb++ = v < 255 ? (uint8_t)v : 255;
		}
	}
}

static int draw(struct strip *strip)
{
	uint8_t *rgb = strip->rgb;
	size_t i;

	for (i = 0; i < strip->config->zone_count; i++) {
		const struct config_zone *zone = &strip->config->zone[i];

		if (!is_shown(strip, zone))
			continue;
		take_zone(strip, &zone->config, rgb);
		rgb += (size_t)zone->config.count * 3;
	}
	return screen_draw(strip->screen, strip->rows, strip->count);
}

static int make_rows(struct strip *strip)
{
	size_t pixels = 0, i;
	uint8_t *rgb;

	for (i = 0; i < strip->config->zone_count; i++)
		pixels += strip->config->zone[i].config.count;
	strip->bytes = strip->output->geometry.frame_bytes;
	strip->rows = calloc(strip->config->zone_count + 1, sizeof(*strip->rows));
	strip->rgb = calloc(pixels + 1, 3);
	strip->frame = calloc(2, strip->bytes);
	if (!strip->rows || !strip->rgb || !strip->frame)
		return ctl_fail(CTL_OS, "out of memory");
	rgb = strip->rgb;
	for (i = 0; i < strip->config->zone_count; i++) {
		const struct config_zone *zone = &strip->config->zone[i];
		struct screen_row *row = &strip->rows[strip->count];

		if (!is_shown(strip, zone))
			continue;
		snprintf(row->name, sizeof(row->name), "%s", zone->config.id);
		row->width = zone->config.count;
		row->height = 1;
		row->rgb = rgb;
		rgb += (size_t)zone->config.count * 3;
		strip->count++;
	}
	return CTL_OK;
}

/* Whether there is another frame than before; a file that is empty has none. */
static int look(struct strip *strip)
{
	uint8_t *newer = strip->frame + strip->bytes;
	ssize_t n = pread(strip->fd, newer, strip->bytes, 0);

	if (n < 0)
		return -errno;
	if ((size_t)n != strip->bytes || !memcmp(strip->frame, newer, strip->bytes))
		return 0;
	memcpy(strip->frame, newer, strip->bytes);
	return 1;
}

static int run(struct strip *strip)
{
	struct pollfd fds[] = {
		{ .fd = screen_fd(strip->screen), .events = POLLIN },
		{ .fd = strip->ticks, .events = POLLIN },
	};
	uint64_t count;
	int ret = draw(strip);

	while (ret >= 0) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return -errno;
		if (fds[0].revents) {
			ret = screen_take(strip->screen);
			if (ret <= 0)
				return ret;
			ret = draw(strip);
		}
		if (ret >= 0 && fds[1].revents) {
			if (read(strip->ticks, &count, sizeof(count)) != sizeof(count))
				return -EIO;
			ret = look(strip);
			if (ret == -ENODEV)
				return 0; /* the strip was taken away */
			if (ret > 0)
				ret = draw(strip);
		}
	}
	return ret;
}

static int watch(struct strip *strip, const char *frames_path, const char *title, int fps)
{
	const struct timespec interval = { .tv_sec = fps == 1,
					   .tv_nsec = fps == 1 ? 0 : 1000000000 / fps };
	const struct itimerspec every = { .it_interval = interval, .it_value = interval };
	int ret;

	strip->fd = open(frames_path, O_RDONLY | O_CLOEXEC);
	if (strip->fd < 0)
		return ctl_fail(CTL_NO_INPUT, "%s: %m", frames_path);
	ret = make_rows(strip);
	if (ret != CTL_OK)
		return ret;
	strip->ticks = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (strip->ticks < 0 || timerfd_settime(strip->ticks, 0, &every, NULL) < 0)
		return ctl_fail(CTL_OS, "timer: %m");
	ret = screen_open(&strip->screen, title);
	if (ret == -ENOTTY)
		return ctl_fail(CTL_USAGE, "watch wants a terminal as standard output");
	if (ret == 0)
		ret = run(strip);
	screen_close(strip->screen);
	return ret < 0 ? ctl_fail(CTL_IO, "watch: %s", strerror(-ret)) : CTL_OK;
}

int watch_file(const char *config_path, const char *frames_path, const char *title, int fps)
{
	struct strip strip = { .fd = -1, .ticks = -1 };
	char error[CONFIG_ERROR_MAX];
	struct config *config = NULL;
	int ret;

	if (config_load(config_path, &config, error) < 0)
		return ctl_fail(CTL_CONFIG, "%s", error);
	strip.config = config;
	strip.output = find_output(config);
	if (strip.output)
		ret = watch(&strip, frames_path, title, fps);
	else
		ret = ctl_fail(CTL_CONFIG, "%s: no virtual output to watch", config_path);
	if (strip.ticks >= 0)
		close(strip.ticks);
	if (strip.fd >= 0)
		close(strip.fd);
	free(strip.frame);
	free(strip.rgb);
	free(strip.rows);
	config_free(config);
	return ret;
}
