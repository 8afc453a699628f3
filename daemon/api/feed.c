// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/feed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "api/events.h"
#include "api/inputs.h"
#include "api/library.h"
#include "api/logger.h"
#include "api/station.h"
#include "api/system.h"
#include "api/transitions.h"
#include "api/zones.h"
#include "base/str.h"
#include "control/config_change.h"

static const char *const names[FEED_TOPICS + 1] = {
	[FEED_ZONES] = "zones", [FEED_PANEL] = "panel",	  [FEED_LIBRARY] = "library",
	[FEED_TASKS] = "tasks", [FEED_HEALTH] = "health", [FEED_INPUTS] = "inputs",
	[FEED_LOG] = "log",	[FEED_EVENTS] = "events",
};

#define STATE_TOPICS ((1U << FEED_TOPICS) - 1 - (1U << FEED_LOG) - (1U << FEED_EVENTS))

LIST_HEAD(feed_clients, feed_client);

struct feed {
	const struct api_links *links;
	struct view *view;
	struct loop_source *state, *tasks, *library, *desk, *log, *events_source;
	struct events *events;
	int log_fd;
	struct feed_clients clients;
	unsigned int topics; /* that anybody listens to */
	uint64_t seq[FEED_TOPICS];
	uint64_t log_seq;	/* of the newest line that was told */
	struct message *health; /* as it was told last */
	/* what the presets of zones were called then; "": they have none */
	char preset[ZONE_MAX][SLOTS_NAME_MAX];
};

const char *feed_topic_name(size_t index, const void *data)
{
	(void)data;
	return index < FEED_TOPICS ? names[index] : NULL;
}

enum feed_topic feed_find_topic(const char *name, size_t length)
{
	unsigned int i;

	for (i = 0; i < FEED_TOPICS; i++)
		if (strlen(names[i]) == length && !memcmp(names[i], name, length))
			break;
	return (enum feed_topic)i;
}

/* ---- to clients ---- */

/* One message as server-sent event, in the lines of the HTML standard, section 9.2. */
static bool put_event(struct feed_client *client, const char *type, struct message *message)
{
	struct message *begin, *end;
	char line[64];
	bool fine;

	snprintf(line, sizeof(line), "event: %s\ndata: ", type);
	begin = message_raw(line, strlen(line));
	end = message_raw("\n\n", 2);
	fine = begin && end && outbox_put(&client->outbox, begin) &&
	       outbox_put(&client->outbox, message) && outbox_put(&client->outbox, end);
	message_unref(begin);
	message_unref(end);
	return fine;
}

static void put(struct feed_client *client, const char *type, struct message *message)
{
	if (client->lost)
		return;
	if (!message)
		client->lost = true;
	else if (client->stream)
		client->lost = !put_event(client, type, message);
	else
		client->lost = !outbox_put(&client->outbox, message);
	client->on_queued(client);
}

void feed_put(struct feed_client *client, const char *type, struct message *message)
{
	put(client, type, message);
	message_unref(message);
}

static void begin(struct feed *feed, enum feed_topic topic, struct writer *writer)
{
	writer_object(writer, NULL);
	writer_string(writer, "type", names[topic]);
	writer_int(writer, "seq", (int64_t)++feed->seq[topic]);
}

/* Without memory the message is missing, which its number tells with the next one. */
static void tell(struct feed *feed, enum feed_topic topic, struct writer *writer)
{
	struct feed_client *client;
	struct message *message;

	writer_object_end(writer);
	message = message_from(writer);
	LIST_FOREACH(client, &feed->clients, entry)
	{
		if (message && client->topics & 1U << topic)
			put(client, names[topic], message);
	}
	message_unref(message);
}

static bool wanted(const struct feed *feed, enum feed_topic topic)
{
	return feed->topics & 1U << topic;
}

/* ---- what changed ---- */

static bool zone_differs(const struct snapshot_zone *a, const struct snapshot_zone *b)
{
	return a->fits != b->fits || strcmp(a->fault, b->fault) != 0 ||
	       memcmp(&a->state, &b->state, sizeof(a->state)) != 0 ||
	       memcmp(&a->config, &b->config, sizeof(a->config)) != 0;
}

/* A zone knows its preset by number, so a new name of it is no change of the zone. */
static bool preset_differs(struct feed *feed, size_t zone)
{
	const struct zone_color *color = &feed->view->state->zone[zone].state.color;
	const char *name = NULL;

	if (color->mode == ZONE_COLOR_PRESET)
		name = presets_name(&feed->view->library->presets, color->preset);
	if (!strcmp(feed->preset[zone], name ? name : ""))
		return false;
	str_copy(feed->preset[zone], sizeof(feed->preset[zone]), name ? name : "");
	return true;
}

static void tell_zones(struct feed *feed, const struct state_snapshot *before)
{
	const struct state_snapshot *state = feed->view->state;
	struct writer writer = { 0 };
	bool any = false;
	size_t i;

	for (i = 0; i < state->zone_count; i++) {
		bool renamed = preset_differs(feed, i);

		if (i < before->zone_count && !renamed &&
		    !zone_differs(&state->zone[i], &before->zone[i]))
			continue;
		if (!any) {
			begin(feed, FEED_ZONES, &writer);
			writer_array(&writer, "zones");
		}
		any = true;
		zones_write_zone(feed->view, i, &writer);
	}
	if (!any)
		return;
	writer_array_end(&writer);
	tell(feed, FEED_ZONES, &writer);
}

static void tell_panel(struct feed *feed, const struct state_snapshot *before)
{
	const struct state_snapshot *state = feed->view->state;
	struct writer writer = { 0 };

	if (!memcmp(&state->panel, &before->panel, sizeof(state->panel)) &&
	    !memcmp(&state->transitions, &before->transitions, sizeof(state->transitions)))
		return;
	begin(feed, FEED_PANEL, &writer);
	station_write_panel(state, "panel", &writer);
	station_write_frames(state, "frames", &writer);
	transitions_write(feed->view, "transitions", &writer);
	tell(feed, FEED_PANEL, &writer);
}

/* Both lists have much the same order, so the search begins at the same place. */
static const struct task_info *find_task(const struct tasks_snapshot *tasks, uint32_t id,
					 uint32_t from)
{
	uint32_t i;

	for (i = 0; i < tasks->count; i++) {
		const struct task_info *task = &tasks->task[(from + i) % tasks->count];

		if (task->id == id)
			return task;
	}
	return NULL;
}

static void tell_tasks(struct feed *feed, const struct tasks_snapshot *before)
{
	const struct tasks_snapshot *tasks = feed->view->tasks;
	struct writer writer = { 0 };
	bool any = false;
	uint32_t i;

	for (i = 0; i < tasks->count; i++) {
		const struct task_info *task = &tasks->task[i];
		const struct task_info *old = find_task(before, task->id, i);

		if (old && old->status == task->status &&
		    !strcmp(old->description, task->description))
			continue;
		if (!any) {
			begin(feed, FEED_TASKS, &writer);
			writer_array(&writer, "tasks");
		}
		any = true;
		system_write_task(task, &writer);
	}
	if (!any)
		return;
	writer_array_end(&writer);
	tell(feed, FEED_TASKS, &writer);
}

static void tell_library(struct feed *feed)
{
	const struct library *library = feed->view->library;
	struct writer writer = { 0 };

	begin(feed, FEED_LIBRARY, &writer);
	library_write_presets(&library->presets, &writer);
	library_write_scenes(&library->scenes, &writer);
	tell(feed, FEED_LIBRARY, &writer);
}

/* Told when it reads otherwise than before: it is made of several snapshots. */
static void tell_health(struct feed *feed)
{
	struct writer writer = { 0 };
	struct message *health;

	system_write_health(feed->view, NULL, &writer);
	health = message_from(&writer);
	if (!health || (feed->health && health->length == feed->health->length &&
			!memcmp(health->data, feed->health->data, health->length))) {
		message_unref(health);
		return;
	}
	message_unref(feed->health);
	feed->health = health;
	begin(feed, FEED_HEALTH, &writer);
	system_write_health(feed->view, "health", &writer);
	tell(feed, FEED_HEALTH, &writer);
}

/* Asked for each request: without news it costs no call of the system. */
static const void *take(struct mailbox *mailbox)
{
	return mailbox_has_news(mailbox) ? mailbox_take(mailbox) : NULL;
}

static void update_library(struct feed *feed)
{
	const struct library *before = feed->view->library;
	const struct library *library = take(feed->links->library_mailbox);

	if (!library)
		return;
	feed->view->library = library;
	if (before && wanted(feed, FEED_LIBRARY))
		tell_library(feed);
	mailbox_unref(feed->links->library_mailbox, before);
}

/* A snapshot is let go when its changes were told: no more than two of a kind are held. */
static bool update_state(struct feed *feed)
{
	const struct state_snapshot *before = feed->view->state;
	const struct state_snapshot *state = take(feed->links->state_mailbox);

	/* published before the state that names its presets, so taken after it */
	update_library(feed);
	if (!state)
		return false;
	feed->view->state = state;
	if (before && feed->view->library) {
		if (wanted(feed, FEED_ZONES))
			tell_zones(feed, before);
		if (wanted(feed, FEED_PANEL))
			tell_panel(feed, before);
	}
	mailbox_unref(feed->links->state_mailbox, before);
	return true;
}

static bool update_tasks(struct feed *feed)
{
	const struct tasks_snapshot *before = feed->view->tasks;
	const struct tasks_snapshot *tasks = take(feed->links->tasks_mailbox);

	if (!tasks)
		return false;
	feed->view->tasks = tasks;
	if (before && wanted(feed, FEED_TASKS))
		tell_tasks(feed, before);
	mailbox_unref(feed->links->tasks_mailbox, before);
	return true;
}

static void tell_inputs(struct feed *feed)
{
	struct writer writer = { 0 };

	begin(feed, FEED_INPUTS, &writer);
	inputs_write(feed->view, false, &writer);
	inputs_write_bindings(feed->view, &writer);
	tell(feed, FEED_INPUTS, &writer);
}

static bool update_desk(struct feed *feed)
{
	const struct desk_snapshot *before = feed->view->desk, *desk;

	if (!feed->links->desk_mailbox)
		return false;
	desk = take(feed->links->desk_mailbox);
	if (!desk)
		return false;
	feed->view->desk = desk;
	if (before && wanted(feed, FEED_INPUTS))
		tell_inputs(feed);
	mailbox_unref(feed->links->desk_mailbox, before);
	return true;
}

static bool update_config(struct feed *feed)
{
	struct config_document *document =
		feed->links->config ? config_shelf_take(feed->links->config) : NULL;

	if (!document)
		return false;
	config_document_free(feed->view->config);
	feed->view->config = document;
	return true;
}

bool feed_update(struct feed *feed)
{
	const struct view *view = feed->view;
	bool changed;

	changed = update_config(feed);
	if (update_tasks(feed))
		changed = true;
	if (update_desk(feed))
		changed = true;
	if (update_state(feed))
		changed = true;
	if (!view->state || !view->tasks || !view->library)
		return false;
	if (changed && wanted(feed, FEED_HEALTH))
		tell_health(feed);
	return true;
}

static void tell_log(struct feed *feed)
{
	struct writer writer = { 0 };
	size_t count, i;

	count = log_since(feed->log_seq, feed->view->log, feed->view->log_room);
	if (!count)
		return;
	feed->log_seq = feed->view->log[count - 1].seq;
	begin(feed, FEED_LOG, &writer);
	writer_array(&writer, "logs");
	for (i = 0; i < count; i++)
		logger_write_line(&feed->view->log[i], &writer);
	writer_array_end(&writer);
	tell(feed, FEED_LOG, &writer);
}

/* ---- sources ---- */

static int on_snapshot(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	eventfd_t count;

	(void)source;
	(void)revents;
	/* what it was set for may have been taken by a request meanwhile */
	eventfd_read(fd, &count);
	feed_update(data);
	return 0;
}

static int on_log(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct feed *feed = data;
	eventfd_t count;

	(void)source;
	(void)revents;
	eventfd_read(fd, &count);
	if (wanted(feed, FEED_LOG))
		tell_log(feed);
	return 0;
}

static int on_events(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct feed *feed = data;
	uint64_t first = feed->events->count, n;
	struct writer writer = { 0 };
	struct event event;

	(void)source;
	(void)fd;
	(void)revents;
	port_clear(feed->links->events);
	while (port_receive(feed->links->events, &event))
		events_add(feed->events, &event);
	if (!wanted(feed, FEED_EVENTS) || first == feed->events->count || !feed_update(feed))
		return 0;
	if (feed->events->count - first > API_EVENTS_MAX)
		first = events_first(feed->events, API_EVENTS_MAX);
	begin(feed, FEED_EVENTS, &writer);
	writer_array(&writer, "events");
	for (n = first; n < feed->events->count; n++)
		events_write(feed->view, n, &writer);
	writer_array_end(&writer);
	tell(feed, FEED_EVENTS, &writer);
	return 0;
}

/* Wakes only for what somebody listens to. */
static void listen_to(struct feed *feed)
{
	struct feed_client *client;
	unsigned int before = feed->topics;
	uint32_t events;
	size_t i;

	feed->topics = 0;
	LIST_FOREACH(client, &feed->clients, entry)
	feed->topics |= client->topics;

	events = feed->topics & STATE_TOPICS ? EPOLLIN : 0;
	if (!(before & STATE_TOPICS) != !events) {
		loop_io_set_events(feed->state, events);
		loop_io_set_events(feed->tasks, events);
		loop_io_set_events(feed->library, events);
		if (feed->desk)
			loop_io_set_events(feed->desk, events);
	}
	/* what presets are called now goes into a snapshot */
	if (wanted(feed, FEED_ZONES) && !(before & 1U << FEED_ZONES) && feed->view->library)
		for (i = 0; feed->view->state && i < feed->view->state->zone_count; i++)
			preset_differs(feed, i);
	if (wanted(feed, FEED_HEALTH) && !(before & 1U << FEED_HEALTH)) {
		/* what it is now goes into a snapshot */
		message_unref(feed->health);
		feed->health = NULL;
	}
	if ((feed->topics ^ before) & 1U << FEED_LOG) {
		log_watch(wanted(feed, FEED_LOG) ? feed->log_fd : -1);
		/* what was written until now goes into a snapshot */
		if (wanted(feed, FEED_LOG) && log_recent(feed->view->log, 1))
			feed->log_seq = feed->view->log[0].seq;
	}
}

static int add_sources(struct feed *feed, struct loop *loop)
{
	const struct api_links *links = feed->links;
	int r;

	r = loop_add_io(loop, &feed->state, "state", LOOP_COMMAND, mailbox_fd(links->state_mailbox),
			0, on_snapshot, feed);
	if (r < 0)
		return r;
	r = loop_add_io(loop, &feed->tasks, "tasks", LOOP_COMMAND, mailbox_fd(links->tasks_mailbox),
			0, on_snapshot, feed);
	if (r < 0)
		return r;
	r = loop_add_io(loop, &feed->library, "library", LOOP_COMMAND,
			mailbox_fd(links->library_mailbox), 0, on_snapshot, feed);
	if (r < 0)
		return r;
	if (links->desk_mailbox) {
		r = loop_add_io(loop, &feed->desk, "inputs", LOOP_COMMAND,
				mailbox_fd(links->desk_mailbox), 0, on_snapshot, feed);
		if (r < 0)
			return r;
	}
	if (links->events) {
		r = loop_add_io(loop, &feed->events_source, "events", LOOP_COMMAND,
				port_fd(links->events), EPOLLIN, on_events, feed);
		if (r < 0)
			return r;
	}
	feed->log_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (feed->log_fd < 0)
		return -errno;
	return loop_add_io(loop, &feed->log, "log", LOOP_HOUSEKEEPING, feed->log_fd, EPOLLIN,
			   on_log, feed);
}

int feed_create(struct feed **ret_feed, struct loop *loop, const struct api_links *links,
		struct view *view)
{
	struct feed *feed = calloc(1, sizeof(*feed));
	int r;

	if (!feed)
		return -ENOMEM;
	feed->links = links;
	feed->view = view;
	feed->log_fd = -1;
	LIST_INIT(&feed->clients);
	feed->events = calloc(1, sizeof(*feed->events));
	view->events = feed->events;
	r = feed->events ? add_sources(feed, loop) : -ENOMEM;
	if (r < 0) {
		feed_destroy(feed);
		return r;
	}
	*ret_feed = feed;
	return 0;
}

struct feed *feed_destroy(struct feed *feed)
{
	if (!feed)
		return NULL;
	if (wanted(feed, FEED_LOG))
		log_watch(-1);
	loop_source_remove(feed->state);
	loop_source_remove(feed->tasks);
	loop_source_remove(feed->library);
	loop_source_remove(feed->desk);
	loop_source_remove(feed->events_source);
	loop_source_remove(feed->log);
	if (feed->log_fd >= 0)
		close(feed->log_fd);
	/* for the next one, should the thread be started again */
	mailbox_put_back(feed->links->state_mailbox, feed->view->state);
	mailbox_put_back(feed->links->tasks_mailbox, feed->view->tasks);
	mailbox_put_back(feed->links->library_mailbox, feed->view->library);
	if (feed->view->desk)
		mailbox_put_back(feed->links->desk_mailbox, feed->view->desk);
	if (feed->links->config)
		config_shelf_put_back(feed->links->config, feed->view->config);
	feed->view->config = NULL;
	message_unref(feed->health);
	free(feed->events);
	free(feed);
	return NULL;
}

void feed_add(struct feed *feed, struct feed_client *client, unsigned int topics)
{
	LIST_INSERT_HEAD(&feed->clients, client, entry);
	feed_set_topics(feed, client, topics);
}

void feed_remove(struct feed *feed, struct feed_client *client)
{
	LIST_REMOVE(client, entry);
	outbox_fini(&client->outbox);
	listen_to(feed);
}

void feed_set_topics(struct feed *feed, struct feed_client *client, unsigned int topics)
{
	client->topics = topics;
	listen_to(feed);
}

/* ---- all at once ---- */

static void write_seq(const struct feed *feed, unsigned int topics, struct writer *writer)
{
	unsigned int i;

	writer_object(writer, "seq");
	for (i = 0; i < FEED_TOPICS; i++)
		if (topics & 1U << i)
			writer_int(writer, names[i], (int64_t)feed->seq[i]);
	writer_object_end(writer);
}

static void write_zones(const struct view *view, struct writer *writer)
{
	size_t i;

	writer_array(writer, "zones");
	for (i = 0; i < view->state->zone_count; i++)
		zones_write_zone(view, i, writer);
	writer_array_end(writer);
}

static void write_tasks(const struct tasks_snapshot *tasks, struct writer *writer)
{
	uint32_t i;

	writer_array(writer, "tasks");
	for (i = 0; i < tasks->count; i++)
		system_write_task(&tasks->task[i], writer);
	writer_array_end(writer);
}

static void write_logs(const struct view *view, uint64_t newest, struct writer *writer)
{
	size_t count = log_recent(view->log, FEED_LINES), i;

	writer_array(writer, "logs");
	for (i = 0; i < count; i++)
		if (view->log[i].seq <= newest)
			logger_write_line(&view->log[i], writer);
	writer_array_end(writer);
}

static void write_events(const struct view *view, struct writer *writer)
{
	uint64_t n;

	writer_array(writer, "events");
	for (n = events_first(view->events, FEED_LINES); n < view->events->count; n++)
		events_write(view, n, writer);
	writer_array_end(writer);
}

void feed_snapshot(struct feed *feed, struct feed_client *client, const char *id)
{
	const struct view *view = feed->view;
	unsigned int topics = client->topics;
	struct writer writer = { 0 };

	writer_object(&writer, NULL);
	writer_string(&writer, "type", "snapshot");
	if (id)
		writer_json(&writer, "id", id);
	write_seq(feed, topics, &writer);
	if (topics & 1U << FEED_ZONES)
		write_zones(view, &writer);
	if (topics & 1U << FEED_PANEL) {
		station_write_panel(view->state, "panel", &writer);
		station_write_frames(view->state, "frames", &writer);
		transitions_write(feed->view, "transitions", &writer);
	}
	if (topics & 1U << FEED_LIBRARY) {
		library_write_presets(&view->library->presets, &writer);
		library_write_scenes(&view->library->scenes, &writer);
	}
	if (topics & 1U << FEED_TASKS)
		write_tasks(view->tasks, &writer);
	if (topics & 1U << FEED_HEALTH)
		system_write_health(view, "health", &writer);
	if (topics & 1U << FEED_INPUTS) {
		inputs_write(view, false, &writer);
		inputs_write_bindings(view, &writer);
	}
	if (topics & 1U << FEED_LOG)
		write_logs(view, feed->log_seq, &writer);
	if (topics & 1U << FEED_EVENTS)
		write_events(view, &writer);
	writer_object_end(&writer);
	feed_put(client, "snapshot", message_from(&writer));
}
