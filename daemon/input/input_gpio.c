// SPDX-License-Identifier: GPL-2.0-or-later
/* Encoders and buttons on GPIO lines */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/clock.h"
#include "input/input.h"

/* Of the knob's lines and the switch. */
#define SOURCES_MAX (GPIO_LINES_MAX + 1)

/* What the worker opens, and the loop has from then on. */
struct lines {
	struct gpio *knob, *contact; /* NULL: has none */
	bool level[GPIO_LINES_MAX], pressed;
};

struct opening {
	struct input_opening base;
	struct lines lines;
};

static_assert(INPUT_DETAIL_MAX >= GPIO_ERROR_MAX, "an error fits into what is told of an input");

struct state {
	struct input *input;
	struct lines lines;
	struct loop_source *source[SOURCES_MAX];
	unsigned int source_count;
	struct encoder encoder;
	struct button button;
	struct input_budget budget;
	uint64_t held_until_ns; /* a flood is left to wait until then; 0: none is */
};

/* ---- events ---- */

static void tell_steps(struct input *input, int steps)
{
	struct event event = { .type = EVENT_ENCODER_ROTATE };

	if (!steps)
		return;
	event.input.gesture = EVENT_ROTATE;
	event.input.delta = steps;
	input_publish(input, &event);
}

static void tell_gestures(struct input *input, const struct button_result *result)
{
	static const enum event_gesture gestures[BUTTON_EVENT_TYPES] = {
		[BUTTON_PRESS] = EVENT_PRESS, [BUTTON_RELEASE] = EVENT_RELEASE,
		[BUTTON_CLICK] = EVENT_CLICK, [BUTTON_DOUBLE] = EVENT_DOUBLE,
		[BUTTON_LONG] = EVENT_LONG,
	};
	struct event event = { .type = input_get_config(input)->type == INPUT_ENCODER
					       ? EVENT_ENCODER_CLICK
					       : EVENT_BUTTON_PRESS };
	unsigned int i;

	for (i = 0; i < result->count; i++) {
		event.input.gesture = gestures[result->event[i]];
		input_publish(input, &event);
	}
}

/* Steps one way are told together; on and back are not the same as nothing. */
static int add_steps(struct input *input, int sum, int steps)
{
	if ((sum < 0) != (steps < 0) && sum && steps) {
		tell_steps(input, sum);
		sum = 0;
	}
	return sum + steps;
}

static int read_knob(struct state *state, uint64_t now_ns)
{
	struct gpio_edge edges[GPIO_EDGES_MAX];
	bool lost, level[GPIO_LINES_MAX];
	int count, steps = 0, i;

	if (!state->lines.knob)
		return 0;
	count = gpio_read(state->lines.knob, now_ns, edges, &lost);
	for (i = 0; i < count; i++)
		steps = add_steps(state->input, steps,
				  encoder_edge(&state->encoder, edges[i].line, edges[i].level,
					       edges[i].time_ns));
	if (count >= 0 && lost && gpio_levels(state->lines.knob, level) >= 0)
		steps = add_steps(state->input, steps,
				  encoder_resync(&state->encoder, level[0], level[1], now_ns));
	tell_steps(state->input, steps);
	return count;
}

static int read_contact(struct state *state, uint64_t now_ns)
{
	struct gpio_edge edges[GPIO_EDGES_MAX];
	bool lost, level[GPIO_LINES_MAX];
	struct button_result result;
	int count, i;

	if (!state->lines.contact)
		return 0;
	count = gpio_read(state->lines.contact, now_ns, edges, &lost);
	for (i = 0; i < count; i++) {
		button_edge(&state->button, edges[i].level, edges[i].time_ns, &result);
		tell_gestures(state->input, &result);
	}
	if (count >= 0 && lost && gpio_levels(state->lines.contact, level) >= 0) {
		button_edge(&state->button, level[0], now_ns, &result);
		tell_gestures(state->input, &result);
	}
	return count;
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
	return !a || (b && b < a) ? b : a;
}

static void set_sources(struct state *state, uint32_t events)
{
	unsigned int i;

	for (i = 0; i < state->source_count; i++)
		loop_io_set_events(state->source[i], events);
}

static int close_lines(void *handle)
{
	struct lines *lines = handle;

	gpio_close(lines->knob);
	gpio_close(lines->contact);
	free(lines);
	return 0;
}

static void drop(struct state *state)
{
	struct lines *lines;
	unsigned int i;

	for (i = 0; i < state->source_count; i++)
		loop_source_remove(state->source[i]);
	state->source_count = 0;
	state->held_until_ns = 0;
	if (!state->lines.knob && !state->lines.contact)
		return;
	lines = malloc(sizeof(*lines));
	if (lines) {
		*lines = state->lines;
		input_release(state->input, close_lines, lines);
	} else {
		gpio_close(state->lines.knob);
		gpio_close(state->lines.contact);
	}
	state->lines = (struct lines){ .knob = NULL };
}

static void lose(struct state *state, int error)
{
	drop(state);
	input_set_timer(state->input, 0);
	input_missing(state->input, error, "the GPIO lines are gone");
}

/* Everything that is there or due, in the order of time; then sleep until there is more. */
static int serve(struct state *state)
{
	uint64_t now_ns = clock_now_ns(), next = 0;
	struct button_result result;
	int knob, contact;

	knob = read_knob(state, now_ns);
	contact = read_contact(state, now_ns);
	if (knob < 0 || contact < 0) {
		lose(state, knob < 0 ? knob : contact);
		return 0;
	}
	if (state->lines.contact) {
		button_pass(&state->button, now_ns, &result);
		tell_gestures(state->input, &result);
		next = button_deadline_ns(&state->button);
	}
	if (state->lines.knob)
		next = sooner(next, gpio_deadline_ns(state->lines.knob));
	if (state->held_until_ns && state->held_until_ns <= now_ns) {
		state->held_until_ns = 0;
		set_sources(state, EPOLLIN);
	}
	if (!state->held_until_ns) {
		state->held_until_ns =
			input_budget(&state->budget, (unsigned int)(knob + contact), now_ns);
		if (state->held_until_ns)
			set_sources(state, 0);
	}
	return input_set_timer(state->input, sooner(next, state->held_until_ns));
}

static int on_edges(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct state *state = data;

	(void)source;
	(void)fd;
	if (revents & (EPOLLERR | EPOLLHUP)) {
		lose(state, -ENODEV);
		return 0;
	}
	return serve(state);
}

static int on_timer(struct input *input)
{
	return serve(input_state(input));
}

/* ---- opening ---- */

static int do_open(void *data)
{
	struct opening *opening = data;
	const struct input_config *config = &opening->base.config;
	struct lines *lines = &opening->lines;
	bool level[GPIO_LINES_MAX];
	int ret = 0;

	if (config->type == INPUT_ENCODER)
		ret = gpio_open(&lines->knob, &config->gpio, opening->base.error);
	else
		ret = gpio_open(&lines->contact, &config->gpio, opening->base.error);
	if (ret >= 0 && config->contact.line_count)
		ret = gpio_open(&lines->contact, &config->contact, opening->base.error);
	if (ret >= 0 && lines->contact) {
		ret = gpio_levels(lines->contact, level);
		lines->pressed = level[0];
	}
	if (ret >= 0 && lines->knob)
		ret = gpio_levels(lines->knob, lines->level);
	return ret;
}

static int watch(struct state *state, const struct gpio *gpio)
{
	int fds[GPIO_LINES_MAX], ret = 0;
	unsigned int count = gpio ? gpio_fds(gpio, fds) : 0, i;

	for (i = 0; i < count && ret >= 0; i++) {
		ret = loop_add_io(input_loop(state->input), &state->source[state->source_count],
				  input_get_config(state->input)->name, LOOP_INPUT, fds[i], EPOLLIN,
				  on_edges, state);
		state->source_count += ret >= 0;
	}
	return ret;
}

static int attach(struct state *state)
{
	const struct input_config *config = input_get_config(state->input);
	struct button_config button = { .debounce = config->debounce,
					.long_ns = config->long_ms * NSEC_PER_MSEC,
					.double_ns = config->double_ms * NSEC_PER_MSEC };
	int ret;

	if (state->lines.knob)
		encoder_init(&state->encoder, &config->encoder, state->lines.level[0],
			     state->lines.level[1]);
	if (state->lines.contact) {
		if (!gpio_debounces(state->lines.contact))
			button.debounce_ns = config->debounce_us * NSEC_PER_USEC;
		button_init(&state->button, &button, state->lines.pressed);
	}
	ret = watch(state, state->lines.knob);
	return ret < 0 ? ret : watch(state, state->lines.contact);
}

static void describe(const struct gpio_config *gpio, char *text, size_t room)
{
	size_t used = (size_t)snprintf(text, room, "%s", gpio->chip[0] ? gpio->chip : "GPIO");
	unsigned int i;

	for (i = 0; i < gpio->line_count && used < room; i++)
		used += gpio->line[i].name[0]
				? (size_t)snprintf(text + used, room - used, "%s%s",
						   i ? ", " : " line ", gpio->line[i].name)
				: (size_t)snprintf(text + used, room - used, "%s%u",
						   i ? ", " : " line ", gpio->line[i].offset);
}

static void on_opened(void *data, int result, void *input)
{
	struct state *state = input_state(input);
	char text[INPUT_DETAIL_MAX];
	struct opening *opening = data;

	input_done(input);
	/* a job that never began has nothing */
	state->lines = opening->lines;
	if (result >= 0 && !input_stopped(input))
		result = attach(state);
	if (result < 0 || input_stopped(input)) {
		drop(state);
		input_not_opened(input, result, &opening->base);
	} else {
		describe(&opening->base.config.gpio, text, sizeof(text));
		input_present(input, text);
		/* what came since the levels were read */
		serve(state);
	}
	free(opening);
}

/* Before Linux 6.6 nobody who waits for edges is told that the chip has gone. */
static void check(struct state *state)
{
	bool level[GPIO_LINES_MAX];
	int ret = 0;

	if (state->lines.knob)
		ret = gpio_levels(state->lines.knob, level);
	if (ret >= 0 && state->lines.contact)
		ret = gpio_levels(state->lines.contact, level);
	if (ret < 0)
		lose(state, ret);
}

static void open_lines(struct input *input)
{
	struct state *state = input_state(input);

	if (state->lines.knob || state->lines.contact)
		check(state);
	else
		input_open_with(input, sizeof(struct opening), do_open, on_opened, NULL);
}

static void start(struct input *input)
{
	struct state *state = input_state(input);

	state->input = input;
}

static void stop(struct input *input)
{
	drop(input_state(input));
}

const struct input_driver input_gpio_driver = {
	.state_bytes = sizeof(struct state),
	.start = start,
	.open = open_lines,
	.on_timer = on_timer,
	.stop = stop,
};
