// SPDX-License-Identifier: GPL-2.0-or-later
/* The zones as the daemon shows them, by its live channel. Draws when something moved, and only then. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "ctl/channel.h"
#include "ctl/screen.h"
#include "ctl/watch.h"

/* of a zone, and of all: what a configuration may have, with room for groups */
#define ZONE_PIXELS_MAX 131072
#define PIXELS_MAX ((size_t)4 * 1024 * 1024)
#define ZONES_MAX 1000
/* of the name of a zone */
#define ID_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
/* the header of a picture, see daemon/api/README.md */
#define HEADER_BYTES 12
/* without a picture, a message or a ping: the daemon asks a silent client every 20 s whether it lives */
#define SILENCE_S 60

struct zones {
	struct screen_row *rows;
	uint8_t *rgb; /* of all rows, one after the other */
	unsigned int count;
};

struct watch {
	struct channel *channel;
	bool json;
	int fps;
	struct zones zones;
	bool fresh; /* something is to be drawn */
	int failed; /* an exit code */
};

static void forget(struct zones *zones)
{
	free(zones->rows);
	free(zones->rgb);
	memset(zones, 0, sizeof(*zones));
}

static bool take_row(const json_t *zone, struct screen_row *row)
{
	const char *id = ctl_string(zone, "id");
	json_int_t width = ctl_int(zone, "width"), height = ctl_int(zone, "height");

	snprintf(row->name, sizeof(row->name), "%s", id);
	if (!*id || strspn(id, ID_LETTERS) != strlen(id))
		return false;
	if (width < 1 || width > ZONE_PIXELS_MAX || height < 1 || height > ZONE_PIXELS_MAX / width)
		return false;
	row->width = (uint32_t)width;
	row->height = (uint32_t)height;
	return true;
}

/* @list: all of them, so that a picture's number is a place in it */
static int take_zones(struct zones *zones, const json_t *list)
{
	size_t count = json_array_size(list), pixels = 0, i;

	if (count > ZONES_MAX)
		return CTL_UNAVAILABLE;
	zones->rows = calloc(count + 1, sizeof(*zones->rows));
	if (!zones->rows)
		return CTL_OS;
	for (i = 0; i < count; i++) {
		struct screen_row *row = &zones->rows[i];

		if (!take_row(json_array_get(list, i), row))
			return CTL_UNAVAILABLE;
		pixels += (size_t)row->width * row->height;
		if (pixels > PIXELS_MAX)
			return CTL_UNAVAILABLE;
	}
	zones->rgb = calloc(pixels + 1, 3);
	if (!zones->rgb)
		return CTL_OS;
	for (i = 0, pixels = 0; i < count; i++) {
		struct screen_row *row = &zones->rows[i];

		row->rgb = zones->rgb + pixels * 3;
		pixels += (size_t)row->width * row->height;
	}
	zones->count = (unsigned int)count;
	return CTL_OK;
}

static void on_text(void *data, const json_t *message)
{
	const json_t *problem = json_object_get(message, "problem");
	struct watch *watch = data;

	if (problem)
		watch->failed = ctl_fail(CTL_REFUSED, "%s", ctl_string(problem, "detail"));
}

static void print(const struct screen_row *row, uint32_t number)
{
	size_t bytes = (size_t)row->width * row->height * 3, i;

	printf("{\"zone\":\"%s\",\"picture\":%u,\"width\":%u,\"height\":%u,\"rgb\":\"", row->name,
	       number, row->width, row->height);
	for (i = 0; i < bytes; i++)
		printf("%02x", row->rgb[i]);
	puts("\"}");
}

static uint32_t little(const uint8_t *bytes, unsigned int count)
{
	uint32_t value = 0;

	while (count--)
		value = value << 8 | bytes[count];
	return value;
}

static void on_bytes(void *data, const uint8_t *bytes, size_t length)
{
	struct watch *watch = data;
	const struct screen_row *row;
	size_t pixels, index;

	if (length < HEADER_BYTES || bytes[0] != 1 || bytes[1] != 1)
		return;
	index = little(bytes + 2, 2);
	if (index >= watch->zones.count)
		return;
	row = &watch->zones.rows[index];
	pixels = (size_t)row->width * row->height;
	/* of a configuration that has just gone */
	if (length - HEADER_BYTES != pixels * 3)
		return;
	memcpy(watch->zones.rgb + (row->rgb - watch->zones.rgb), bytes + HEADER_BYTES, pixels * 3);
	watch->fresh = true;
	if (watch->json)
		print(row, little(bytes + 4, 4));
}

/* Return: an exit code */
static int run(struct watch *watch, struct screen *screen)
{
	struct pollfd fds[] = {
		{ .fd = screen ? screen_fd(screen) : -1, .events = POLLIN },
		{ .fd = channel_fd(watch->channel) },
	};
	int ret, drawn, ready;

	for (;;) {
		ret = channel_run(watch->channel);
		if (watch->failed)
			return watch->failed;
		drawn = 0;
		if (watch->fresh && screen)
			drawn = screen_draw(screen, watch->zones.rows, watch->zones.count);
		else if (watch->fresh && (fflush(stdout) || ferror(stdout)))
			drawn = -errno;
		watch->fresh = false;
		if (drawn < 0)
			return ctl_fail(CTL_IO, "standard output: %s", strerror(-drawn));
		if (ret == 0)
			return CTL_OK;
		if (ret < 0)
			return ctl_fail(CTL_UNAVAILABLE, "the connection broke off");
		fds[1].events = channel_wants(watch->channel);
		ready = poll(fds, 2, SILENCE_S * 1000);
		if (ready < 0 && errno != EINTR)
			return ctl_fail(CTL_OS, "%m");
		if (ready == 0)
			return ctl_fail(CTL_UNAVAILABLE, "nothing was heard for %d s", SILENCE_S);
		if (ready > 0 && fds[0].revents) {
			ret = screen_take(screen);
			if (ret <= 0)
				return ret < 0 ? CTL_IO : CTL_OK;
			watch->fresh = true;
		}
	}
}

/* Which zones there are, which a running daemon does not change; who may not is told so. */
static int ask_zones(const struct ctl *ctl, struct zones *zones)
{
	json_t *answer = NULL;
	int ret = ctl_ask(ctl, "GET", "/zones", NULL, &answer);

	if (ret != CTL_OK)
		return ret;
	ret = take_zones(zones, json_object_get(answer, "zones"));
	json_decref(answer);
	return ret == CTL_OK
		       ? ret
		       : ctl_fail(ret, "%s: zones that cannot be shown: is it diunad?", ctl->url);
}

static int ask_pictures(struct watch *watch)
{
	json_t *names = json_array();
	unsigned int i;
	int ret;

	for (i = 0; i < watch->zones.count; i++)
		json_array_append_new(names, json_string(watch->zones.rows[i].name));
	ret = channel_say(watch->channel,
			  json_pack("{s:s, s:i, s:i, s:o, s:[]}", "type", "preview", "id", 1, "fps",
				    watch->fps, "zones", names, "outputs"));
	return ret < 0 ? ctl_fail(CTL_OS, "out of memory") : CTL_OK;
}

static int watch_zones(const struct ctl *ctl, struct watch *watch, const char *title)
{
	struct screen *screen = NULL;
	int ret = ctl->json ? 0 : screen_open(&screen, title);

	if (ret == -ENOTTY)
		return ctl_fail(CTL_USAGE, "watch wants a terminal as standard output, or --json");
	if (ret < 0)
		return ctl_fail(CTL_IO, "terminal: %s", strerror(-ret));
	ret = ask_pictures(watch);
	if (ret == CTL_OK)
		ret = run(watch, screen);
	screen_close(screen);
	return ret;
}

int watch_live(const struct ctl *ctl, const char *title, int fps)
{
	struct watch watch = { .json = ctl->json, .fps = fps, .fresh = true };
	const struct channel_events events = { on_text, on_bytes, &watch };
	int ret;

	ret = ask_zones(ctl, &watch.zones);
	if (ret == CTL_OK)
		ret = channel_open(ctl, "/live?topics=", &events, &watch.channel);
	if (ret == CTL_OK)
		ret = watch_zones(ctl, &watch, title);
	channel_close(watch.channel);
	forget(&watch.zones);
	return ret;
}
