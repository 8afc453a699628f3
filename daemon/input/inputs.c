// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/inputs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "control/sound.h"
#include "input/evdev.h"
#include "input/input.h"

/* For what is being opened or closed at the end; then it is left behind. */
#define END_NS (1 * NSEC_PER_SEC)
/* From the first sign of a new device until udev has named it and given it its group. */
#define NEWS_NS (50 * NSEC_PER_MSEC)
#define DEVICES "/dev"
#define DEVICES_INPUT "input"
#define GPIO_PREFIX "gpiochip"

const char *const input_type_names[INPUT_TYPES + 1] = {
	[INPUT_ENCODER] = "encoder",   [INPUT_BUTTON] = "button", [INPUT_KEYBOARD] = "keyboard",
	[INPUT_TERMINAL] = "terminal", [INPUT_BUZZER] = "buzzer", [INPUT_TYPES] = NULL,
};

const char *input_kind(const struct input_config *config)
{
	if (config->type == INPUT_ENCODER && !config->contact.line_count)
		return "knob";
	return input_type_names[config->type];
}

struct input {
	struct inputs *inputs;
	const struct input_config *config;
	const struct input_driver *driver;
	void *state;
	unsigned int index; /* at the desk */
	uint32_t task;
	struct loop_source *timer; /* to open it again */
	struct loop_source *own_timer;
	bool started;
	uint64_t wait_ns;    /* the next wait for it */
	bool busy;	     /* a job runs */
	bool again;	     /* it is to be opened at the timer, or after the job */
	bool known, present; /* what was told */
};

struct inputs {
	struct inputs_config config;
	struct worker *worker;
	int notify_fd;
	bool watches_input; /* /dev/input */
	bool input_untold; /* it is there and cannot be watched; if it is not, /dev tells that it comes */
	struct loop_source *notify;
	unsigned int count;
	bool stopped;
	struct input input[INPUTS_MAX];
};

/* ---- for drivers ---- */

void *input_state(struct input *input)
{
	return input->state;
}

const struct input_config *input_get_config(const struct input *input)
{
	return input->config;
}

struct loop *input_loop(struct input *input)
{
	return input->inputs->config.loop;
}

bool input_stopped(const struct input *input)
{
	return input->inputs->stopped;
}

int input_submit(struct input *input, worker_job_fn fn, void *job, worker_done_fn done)
{
	int ret = worker_submit(input->inputs->worker, fn, job, done, input);

	if (ret < 0) {
		input_missing(input, ret, "the worker has too much to do");
		return ret;
	}
	input->busy = true;
	return 0;
}

void input_open_with(struct input *input, size_t bytes, worker_job_fn fn, worker_done_fn done,
		     void (*prepare)(struct input *input, void *job))
{
	struct input_opening *opening = calloc(1, bytes);

	if (!opening) {
		input_missing(input, -ENOMEM, "no memory");
		return;
	}
	opening->config = *input->config;
	if (prepare)
		prepare(input, opening);
	if (input_submit(input, fn, opening, done) < 0)
		free(opening);
}

void input_not_opened(struct input *input, int error, const struct input_opening *opening)
{
	input_missing(input, error, opening->error[0] ? opening->error : strerrordesc_np(-error));
}

int input_set_timer(struct input *input, uint64_t time_ns)
{
	return loop_timer_set(input->own_timer, time_ns);
}

static void open_input(struct input *input)
{
	if (input->inputs->stopped)
		return;
	input->again = input->busy;
	if (!input->busy)
		input->driver->open(input);
}

void input_done(struct input *input)
{
	input->busy = false;
	if (input->again && !input->inputs->stopped)
		loop_timer_set(input->timer, clock_now_ns() + NEWS_NS);
}

struct release {
	int (*close)(void *handle);
	void *handle;
};

static int do_release(void *job)
{
	struct release *release = job;

	return release->close(release->handle);
}

static void on_released(void *job, int result, void *data)
{
	(void)data;
	/* cancelled: the thread has ended */
	if (result == -ECANCELED)
		do_release(job);
	free(job);
}

void input_release(struct input *input, int (*close)(void *handle), void *handle)
{
	struct release *release = malloc(sizeof(*release));

	if (release) {
		*release = (struct release){ close, handle };
		if (worker_submit(input->inputs->worker, do_release, release, on_released, NULL) >=
		    0)
			return;
		free(release);
	}
	close(handle);
}

/* One task stands for an input that works, another for one that is waited for. */
static void register_task(struct input *input)
{
	input->task = tasks_add(input->inputs->config.tasks, TASK_INPUT, 0, TASK_FAIL_RECORD,
				"%s %s%s", input_type_names[input->config->type],
				input->config->name, input->present ? "" : ": waits for it");
}

static void tell(struct input *input, int error, const char *detail)
{
	struct inputs *inputs = input->inputs;

	desk_set_input(inputs->config.desk, input->index, error, detail);
	inputs->config.on_change(inputs->config.data);
}

void input_present(struct input *input, const char *detail)
{
	const struct input_status *status =
		desk_get_input(input->inputs->config.desk, input->index);
	bool was_present = input->present;

	/* what it was opened with may be older than the news */
	if (!input->again)
		loop_timer_set(input->timer, 0);
	input->wait_ns = INPUT_RETRY_NS;
	if (was_present && !strcmp(status->detail, detail))
		return;
	log_info(LOG_INPUT, "%s %s: %s", input_type_names[input->config->type], input->config->name,
		 detail);
	input->present = input->known = true;
	if (!was_present) {
		tasks_complete(input->inputs->config.tasks, input->task);
		register_task(input);
	}
	tell(input, 0, detail);
}

/*
 * What somebody will tell does not have to be asked for again and again: a new
 * file under /dev, or that it may be opened now, and keys of a terminal.
 */
static bool is_watched(const struct input *input, int error)
{
	if (input->config->type == INPUT_TERMINAL)
		return true;
	if (input->inputs->notify_fd < 0 ||
	    (error != -ENOENT && error != -EACCES && error != -EPERM))
		return false;
	/* sysfs tells nobody */
	if (input->config->type == INPUT_BUZZER && input->config->pwm >= 0)
		return false;
	return input->config->type != INPUT_KEYBOARD || !input->inputs->input_untold;
}

static void miss(struct input *input, int error, const char *detail, bool for_good)
{
	struct inputs *inputs = input->inputs;
	const struct input_status *status = desk_get_input(inputs->config.desk, input->index);
	bool was_present = input->present;

	if (inputs->stopped)
		return;
	if (for_good)
		loop_timer_set(input->timer, 0);
	else if (input->wait_ns < INPUT_RETRY_MAX_NS || !is_watched(input, error))
		loop_timer_set(input->timer, clock_now_ns() + input->wait_ns);
	input->wait_ns *= 2;
	if (input->wait_ns > INPUT_RETRY_MAX_NS)
		input->wait_ns = INPUT_RETRY_MAX_NS;
	/* the same as before is not worth a line */
	if (input->known && !was_present && status->error == error &&
	    !strcmp(status->detail, detail))
		return;
	input->known = true;
	input->present = false;
	if (was_present) {
		tasks_fail(inputs->config.tasks, input->task, error, "%s", detail);
		register_task(input);
	} else {
		log_warning(LOG_INPUT, 0, "%s %s is missing%s: %s",
			    input_type_names[input->config->type], input->config->name,
			    for_good ? " and is not waited for" : "", detail);
	}
	tell(input, error, detail);
}

void input_missing(struct input *input, int error, const char *detail)
{
	miss(input, error, detail, false);
}

void input_given_up(struct input *input, int error, const char *detail)
{
	miss(input, error, detail, true);
}

void input_news(struct input *input)
{
	input->wait_ns = INPUT_RETRY_NS;
	input->again = true;
	loop_timer_set(input->timer, clock_now_ns() + NEWS_NS);
}

void input_publish(struct input *input, struct event *event)
{
	event->source = input->config->name;
	event->key = input->index;
	event->input.input = (uint8_t)input->index;
	bus_publish(input->inputs->config.bus, event);
}

uint64_t input_budget(struct input_budget *budget, unsigned int events, uint64_t now_ns)
{
	if (now_ns - budget->since_ns >= INPUT_BURST_NS) {
		budget->since_ns = now_ns;
		budget->used = 0;
	}
	budget->used += events;
	return budget->used < INPUT_BURST ? 0 : budget->since_ns + INPUT_BURST_NS;
}

/* ---- devices that come and go ---- */

static bool concerns(const struct input *input, const char *name, bool in_input)
{
	switch (input->config->type) {
	case INPUT_KEYBOARD:
		return in_input;
	case INPUT_BUZZER:
		return in_input || !strncmp(name, GPIO_PREFIX, strlen(GPIO_PREFIX));
	case INPUT_ENCODER:
	case INPUT_BUTTON:
		return !strncmp(name, GPIO_PREFIX, strlen(GPIO_PREFIX));
	default:
		return false;
	}
}

static void watch_input_folder(struct inputs *inputs)
{
	if (inputs->watches_input)
		return;
	inputs->watches_input = inotify_add_watch(inputs->notify_fd, DEVICES "/" DEVICES_INPUT,
						  IN_CREATE | IN_ATTRIB) >= 0;
	inputs->input_untold = !inputs->watches_input && errno != ENOENT;
}

static void on_news(struct inputs *inputs, const char *name)
{
	bool in_input = !strncmp(name, "event", strlen("event")) || !strcmp(name, DEVICES_INPUT);
	struct input *input;
	unsigned int i;

	if (!strcmp(name, DEVICES_INPUT))
		watch_input_folder(inputs);
	for (i = 0; i < inputs->count; i++) {
		input = &inputs->input[i];
		if (concerns(input, name, in_input))
			input_news(input);
	}
}

/* More happened than the kernel keeps: all that it could have told is looked at. */
static void on_overflow(struct inputs *inputs)
{
	log_info(LOG_INPUT, "too many changes in " DEVICES " at once: inputs are looked for again");
	on_news(inputs, DEVICES_INPUT);
	on_news(inputs, GPIO_PREFIX);
}

static int on_notify(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	_Alignas(struct inotify_event) char buffer[4096];
	const struct inotify_event *event;
	struct inputs *inputs = data;
	ssize_t length = read(fd, buffer, sizeof(buffer)), at;

	(void)source;
	(void)revents;
	if (length < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	for (at = 0; at < length; at += (ssize_t)(sizeof(*event) + event->len)) {
		event = (const struct inotify_event *)(const void *)(buffer + at);
		if (event->mask & IN_Q_OVERFLOW)
			on_overflow(inputs);
		else if (event->len)
			on_news(inputs, event->name);
		/* the folder went: it is watched again when it comes */
		if (event->mask & IN_IGNORED)
			inputs->watches_input = false;
	}
	return 0;
}

static int on_timer(struct loop_source *source, uint64_t now_ns, void *data)
{
	(void)source;
	(void)now_ns;
	open_input(data);
	return 0;
}

static int on_own_timer(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct input *input = data;

	(void)source;
	(void)now_ns;
	return input->driver->on_timer(input);
}

/* Without it inputs are asked for from time to time. */
static int watch(struct inputs *inputs)
{
	inputs->notify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (inputs->notify_fd < 0 ||
	    inotify_add_watch(inputs->notify_fd, DEVICES, IN_CREATE | IN_ATTRIB | IN_DELETE) < 0) {
		log_warning(LOG_INPUT, errno, "new devices are not told");
		return 0;
	}
	watch_input_folder(inputs);
	return loop_add_io(inputs->config.loop, &inputs->notify, "devices", LOOP_HOUSEKEEPING,
			   inputs->notify_fd, EPOLLIN, on_notify, inputs);
}

/* ---- the whole ---- */

static const struct input_driver *driver_of(enum input_type type)
{
	switch (type) {
	case INPUT_KEYBOARD:
		return &input_keyboard_driver;
	case INPUT_TERMINAL:
		return &input_terminal_driver;
	case INPUT_BUZZER:
		return &input_buzzer_driver;
	default:
		return &input_gpio_driver;
	}
}

int inputs_add(struct inputs *inputs, const struct input_config *config)
{
	struct input *input = &inputs->input[inputs->count];
	int ret;

	ret = desk_add_input(inputs->config.desk, config->name, input_type_names[config->type],
			     input_kind(config));
	if (ret < 0)
		return ret;
	*input = (struct input){ .inputs = inputs,
				 .config = config,
				 .driver = driver_of(config->type),
				 .index = (unsigned int)ret,
				 .wait_ns = INPUT_RETRY_NS };
	input->state = calloc(1, input->driver->state_bytes);
	if (!input->state)
		return -ENOMEM;
	inputs->count++;
	ret = loop_add_timer(inputs->config.loop, &input->timer, config->name, LOOP_HOUSEKEEPING,
			     on_timer, input);
	if (ret >= 0)
		ret = loop_add_timer(inputs->config.loop, &input->own_timer, config->name,
				     LOOP_INPUT, on_own_timer, input);
	if (ret < 0)
		return ret;
	register_task(input);
	if (input->driver->start)
		input->driver->start(input);
	input->started = true;
	return 0;
}

int inputs_start(struct inputs *inputs)
{
	unsigned int i;
	int ret;

	if (!inputs->count)
		return 0;
	ret = worker_create(&inputs->worker, inputs->config.loop, "diuna-inputs");
	if (ret >= 0)
		ret = watch(inputs);
	for (i = 0; i < inputs->count && ret >= 0; i++)
		open_input(&inputs->input[i]);
	return ret;
}

void inputs_stop(struct inputs *inputs)
{
	unsigned int i;

	inputs->stopped = true;
	inputs->notify = loop_source_remove(inputs->notify);
	for (i = 0; i < inputs->count; i++) {
		struct input *input = &inputs->input[i];

		input->timer = loop_source_remove(input->timer);
		input->own_timer = loop_source_remove(input->own_timer);
		if (input->started)
			input->driver->stop(input);
	}
}

int inputs_play(struct inputs *inputs, const char *name)
{
	const struct sound *sound = sound_find(name);
	int ret = -ENODEV;
	unsigned int i;

	if (!sound)
		return -ENOENT;
	for (i = 0; i < inputs->count; i++)
		if (inputs->input[i].config->type == INPUT_BUZZER &&
		    input_buzzer_play(&inputs->input[i], sound) >= 0)
			ret = 0;
	return ret;
}

static void list_lines(const struct gpio_chip_about *chip)
{
	char name[GPIO_NAME_MAX];
	unsigned int i, named = 0;

	for (i = 0; i < chip->lines; i++) {
		if (!gpio_line_name(chip->name, i, name))
			continue;
		printf("%s%u %s", named % 6 ? ", " : named ? ",\n      " : "      ", i, name);
		named++;
	}
	if (named)
		printf("\n");
}

void inputs_list(void)
{
	struct gpio_chip_about chips[16];
	size_t count = gpio_list(chips, 16), i;
	const struct action *action;
	const char *key;
	char keys[64];

	printf("GPIO chips (\"chip\"), and the names of their lines (\"lines\"):\n");
	for (i = 0; i < count; i++) {
		if (chips[i].error < 0) {
			printf("  %-20s %s\n", chips[i].name, strerrordesc_np(-chips[i].error));
			continue;
		}
		printf("  %-20s \"%s\", %u lines\n", chips[i].name, chips[i].label, chips[i].lines);
		list_lines(&chips[i]);
	}
	if (!count)
		printf("  none\n");
	printf("Keyboards and what else has keys (\"device\": path, name or a key):\n");
	evdev_list();
	printf("Actions (\"action\"), and the keys that go with each:\n");
	for (i = 0; (action = action_at(i)); i++) {
		key = action_value_key(action->value);
		snprintf(keys, sizeof(keys), "%s%s%s", action->zone ? "zone " : "",
			 action->parameter ? "parameter " : "", key ? key : "");
		printf("  %-20s %-21s %s\n", action->name, keys, action->about);
	}
}

int inputs_create(struct inputs **ret_inputs, const struct inputs_config *config)
{
	struct inputs *inputs = calloc(1, sizeof(*inputs));

	if (!inputs)
		return -ENOMEM;
	inputs->config = *config;
	inputs->notify_fd = -1;
	*ret_inputs = inputs;
	return 0;
}

struct inputs *inputs_destroy(struct inputs *inputs)
{
	unsigned int i;

	if (!inputs)
		return NULL;
	inputs_stop(inputs);
	/* done functions see that all has stopped */
	worker_destroy(inputs->worker, END_NS);
	for (i = 0; i < inputs->count; i++)
		free(inputs->input[i].state);
	if (inputs->notify_fd >= 0)
		close(inputs->notify_fd);
	free(inputs);
	return NULL;
}
