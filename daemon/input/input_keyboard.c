// SPDX-License-Identifier: GPL-2.0-or-later
/* Keyboards, by evdev: any device that has keys */
#include <errno.h>
#include <fcntl.h>
#include <libevdev/libevdev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "control/key.h"
#include "input/evdev.h"
#include "input/input.h"

/* Devices of one input: a keyboard with media keys is two or three. */
#define DEVICES_MAX 8
/* Events of a device that one callback handles; others of the loop have their turn then. */
#define EVENTS_AT_ONCE 64

struct state;

struct device {
	struct state *state;
	struct evdev_device *evdev; /* NULL: this place is free */
	struct loop_source *source;
	bool syncing; /* after the kernel dropped events */
	bool held;    /* its share is used up, or it has more in its own store */
};

struct state {
	struct input *input;
	struct device device[DEVICES_MAX];
	struct input_budget budget;
};

struct opening {
	struct input_opening base;
	struct evdev_search search;
	struct evdev_device *found[DEVICES_MAX];
	unsigned int count;
};

/* ---- devices ---- */

static unsigned int connected(const struct state *state, const struct device **ret_first)
{
	unsigned int count = 0, i;

	for (i = DEVICES_MAX; i--;) {
		if (!state->device[i].evdev)
			continue;
		*ret_first = &state->device[i];
		count++;
	}
	return count;
}

static void tell(struct state *state, int error, const char *reason)
{
	const struct device *first = NULL;
	unsigned int count = connected(state, &first);
	char text[INPUT_DETAIL_MAX];

	if (!count) {
		input_missing(state->input, error, reason);
		return;
	}
	snprintf(text, sizeof(text), "%s", evdev_describe(first->evdev));
	if (count > 1)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), " and %u more",
			 count - 1);
	input_present(state->input, text);
}

static int close_device(void *handle)
{
	evdev_close(handle);
	return 0;
}

static void drop(struct device *device)
{
	device->source = loop_source_remove(device->source);
	if (device->evdev)
		input_release(device->state->input, close_device, device->evdev);
	*device = (struct device){ .state = device->state };
}

/* ---- events ---- */

static void on_key(struct device *device, const struct input_event *key)
{
	static const enum event_gesture gestures[] = { EVENT_RELEASE, EVENT_PRESS, EVENT_REPEAT };
	struct event event = { .type = EVENT_KEY_PRESS };

	if (key->type != EV_KEY || key->value < 0 || key->value > 2)
		return;
	event.input.gesture = gestures[key->value];
	event.input.code = key->code;
	/* a modifier is not its own */
	event.input.modifiers = evdev_modifiers(device->evdev) & ~key_modifier(key->code);
	input_publish(device->state->input, &event);
}

/* Returns 0, or when to go on; -errno by @ret_error: it is gone. */
static uint64_t serve(struct device *device, uint64_t now_ns, int *ret_error)
{
	struct input_event event;
	unsigned int count;
	uint64_t wait_ns;
	int ret = 0;

	*ret_error = 0;
	for (count = 0; count < EVENTS_AT_ONCE; count++) {
		ret = evdev_next(device->evdev, &device->syncing, &event);
		if (ret <= 0)
			break;
		on_key(device, &event);
	}
	if (ret < 0) {
		*ret_error = ret;
		return 0;
	}
	wait_ns = input_budget(&device->state->budget, count, now_ns);
	if (wait_ns)
		return wait_ns;
	/* libevdev has a store of its own, of which the descriptor knows nothing */
	return count == EVENTS_AT_ONCE ? now_ns : 0;
}

static int serve_device(struct device *device)
{
	struct state *state = device->state;
	uint64_t wait_ns;
	int error;

	wait_ns = serve(device, clock_now_ns(), &error);
	if (error < 0) {
		drop(device);
		tell(state, error, "it was unplugged");
		return 0;
	}
	if (device->held != (wait_ns > 0)) {
		device->held = wait_ns > 0;
		loop_io_set_events(device->source, device->held ? 0 : EPOLLIN);
	}
	return wait_ns ? input_set_timer(state->input, wait_ns) : 0;
}

static int on_events(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	(void)source;
	(void)fd;
	(void)revents;
	return serve_device(data);
}

static int on_timer(struct input *input)
{
	struct state *state = input_state(input);
	unsigned int i;
	int ret = 0;

	for (i = 0; i < DEVICES_MAX && ret >= 0; i++)
		if (state->device[i].held)
			ret = serve_device(&state->device[i]);
	return ret;
}

/* ---- opening ---- */

static int do_search(void *data)
{
	struct opening *opening = data;
	int ret = evdev_search(&opening->search, opening->found, DEVICES_MAX, opening->base.error);

	opening->count = ret > 0 ? (unsigned int)ret : 0;
	return ret < 0 ? ret : 0;
}

static void attach(struct state *state, struct evdev_device *evdev)
{
	struct device *device = NULL;
	unsigned int i;

	for (i = 0; i < DEVICES_MAX && !device; i++)
		if (!state->device[i].evdev)
			device = &state->device[i];
	if (!device || loop_add_io(input_loop(state->input), &device->source,
				   input_get_config(state->input)->name, LOOP_INPUT,
				   evdev_fd(evdev), EPOLLIN, on_events, device) < 0) {
		input_release(state->input, close_device, evdev);
		return;
	}
	device->state = state;
	device->evdev = evdev;
}

static void on_found(void *data, int result, void *input)
{
	struct state *state = input_state(input);
	struct opening *opening = data;
	unsigned int i;

	input_done(input);
	for (i = 0; i < opening->count; i++) {
		if (input_stopped(input))
			evdev_close(opening->found[i]);
		else
			attach(state, opening->found[i]);
	}
	tell(state, result < 0 ? result : -ENOENT,
	     opening->base.error[0] ? opening->base.error : "no such keyboard is connected");
	free(opening);
}

static void prepare(struct input *input, void *job)
{
	struct state *state = input_state(input);
	struct opening *opening = job;
	struct evdev_search *search = &opening->search;
	unsigned int i;

	str_copy(search->device, sizeof(search->device), opening->base.config.device);
	search->grab = opening->base.config.grab;
	for (i = 0; i < DEVICES_MAX; i++)
		if (state->device[i].evdev)
			search->known[search->known_count++] = evdev_number(state->device[i].evdev);
}

static void search(struct input *input)
{
	input_open_with(input, sizeof(struct opening), do_search, on_found, prepare);
}

static void start(struct input *input)
{
	struct state *state = input_state(input);
	unsigned int i;

	state->input = input;
	for (i = 0; i < DEVICES_MAX; i++)
		state->device[i].state = state;
}

static void stop(struct input *input)
{
	struct state *state = input_state(input);
	unsigned int i;

	for (i = 0; i < DEVICES_MAX; i++)
		drop(&state->device[i]);
}

const struct input_driver input_keyboard_driver = {
	.state_bytes = sizeof(struct state),
	.start = start,
	.open = search,
	.on_timer = on_timer,
	.stop = stop,
};
