// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <sys/epoll.h>

#include "api/live_private.h"
#include "base/clock.h"

static uint64_t interval_ns(const struct live_client *client)
{
	return NSEC_PER_SEC / client->fps;
}

/* A quarter of a period early is in time: the light loop's instants wander a little. */
static uint64_t due_ns(const struct live_client *client)
{
	return client->next_ns - interval_ns(client) / 4;
}

static void keep_rate(struct live_client *client, uint64_t now_ns)
{
	client->next_ns += interval_ns(client);
	if (client->next_ns < now_ns + interval_ns(client) / 2)
		client->next_ns = now_ns + interval_ns(client);
}

/* All that changed since the last time; left out as a whole while anything waits to be sent. */
static void send_pictures(struct live_client *client, uint64_t now_ns)
{
	struct live *live = client->live;
	size_t i;

	client->due = true;
	if (client->dead || client->closing || !client->fps || !live->picture ||
	    client->feed.outbox.count || now_ns < due_ns(client))
		return;
	client->due = false;
	for (i = 0; i < client->sight_count; i++) {
		struct live_sight *sight = &client->sight[i];
		struct message *message;
		uint64_t version;

		message = pictures_get(live->pictures, live->config.view, live->picture,
				       sight->source, &version);
		if (!message || version == sight->version)
			continue;
		sight->version = version;
		if (!outbox_put(&client->feed.outbox, message)) {
			sight->version = 0;
			client->due = true;
		}
	}
	if (!client->feed.outbox.count)
		return;
	keep_rate(client, now_ns);
	client->feed.on_queued(&client->feed);
}

void live_preview_again(struct live *live)
{
	uint64_t now_ns = clock_now_ns(), next_ns = UINT64_MAX;
	struct live_client *client;

	LIST_FOREACH(client, &live->clients, entry)
	{
		if (!client->fps)
			continue;
		send_pictures(client, now_ns);
		/* one that has something waiting goes on when it was taken */
		if (client->due && !client->feed.outbox.count && due_ns(client) < next_ns)
			next_ns = due_ns(client);
	}
	loop_timer_set(live->picture_timer, next_ns == UINT64_MAX ? 0 : next_ns);
}

static int on_picture(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct live *live = data;
	struct mailbox *mailbox = preview_mailbox(live->config.links->preview);
	const struct preview_picture *newest = mailbox_take(mailbox);

	(void)source;
	(void)fd;
	(void)revents;
	if (!newest)
		return 0;
	/* it may be of a device that is another one now */
	feed_update(live->config.feed);
	mailbox_unref(mailbox, live->picture);
	live->picture = newest;
	live_preview_again(live);
	return 0;
}

static int on_picture_timer(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct live *live = data;

	(void)source;
	(void)now_ns;
	live_preview_again(live);
	return 0;
}

/* The light loop copies pictures as often as the one who asks for most, and not at all for nobody. */
static void ask_light(struct live *live)
{
	const struct live_client *client;
	unsigned int fps = 0;

	LIST_FOREACH(client, &live->clients, entry)
	{
		if (client->fps > fps)
			fps = client->fps;
	}
	if (fps == live->fps)
		return;
	live->fps = fps;
	preview_set_fps(live->config.links->preview, fps);
}

void live_preview_set(struct live_client *client, unsigned int fps, struct live_sight *sight,
		      size_t count)
{
	bool sees = client->fps || fps;

	if (!client->live->config.links->preview) {
		free(sight);
		return;
	}
	free(client->sight);
	client->sight = sight;
	client->sight_count = count;
	client->fps = fps;
	if (!sees)
		return;
	ask_light(client->live);
	/* what is there already; else the light loop gives it at once */
	client->next_ns = clock_now_ns();
	live_preview_again(client->live);
}

int live_preview_create(struct live *live)
{
	const struct live_config *config = &live->config;
	int r;

	r = pictures_create(&live->pictures);
	if (r < 0 || !config->links->preview)
		return r;
	r = loop_add_io(config->loop, &live->picture_source, "pictures", LOOP_HOUSEKEEPING,
			mailbox_fd(preview_mailbox(config->links->preview)), EPOLLIN, on_picture,
			live);
	if (r < 0)
		return r;
	return loop_add_timer(config->loop, &live->picture_timer, "picture time", LOOP_HOUSEKEEPING,
			      on_picture_timer, live);
}

void live_preview_destroy(struct live *live)
{
	if (live->picture)
		mailbox_unref(preview_mailbox(live->config.links->preview), live->picture);
	loop_source_remove(live->picture_source);
	loop_source_remove(live->picture_timer);
	pictures_destroy(live->pictures);
}
