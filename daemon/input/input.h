/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "core/worker.h"
#include "input/inputs.h"

/*
 * What inputs.c and its drivers share. A driver opens its device with a worker,
 * tells by input_present() or input_missing() how that went, and is asked to
 * open again when that may have changed.
 */
struct input;
struct sound;

/**
 * struct input_driver - a kind of input
 * @state_bytes: of input_state()
 * @start: before all else; may be NULL
 * @open: open the device; if it is open, see whether it is still there or
 *	whether there are more; not called while a job of the input runs
 * @on_timer: it is the time of input_set_timer(); 0, or -errno ends the daemon
 * @stop: end all but the job; after @start; may be called more than once
 */
struct input_driver {
	size_t state_bytes;
	void (*start)(struct input *input);
	void (*open)(struct input *input);
	int (*on_timer)(struct input *input);
	void (*stop)(struct input *input);
};

extern const struct input_driver input_gpio_driver, input_keyboard_driver, input_terminal_driver,
	input_buzzer_driver;

/** input_buzzer_play() - of an input that is a buzzer; what it plays ends; 0, or -ENODEV while it is missing */
int input_buzzer_play(struct input *input, const struct sound *sound);

/** input_state() - the driver's own, zeroed at first */
void *input_state(struct input *input);

const struct input_config *input_get_config(const struct input *input);
struct loop *input_loop(struct input *input);

/** input_stopped() - nothing is to be opened any more */
bool input_stopped(const struct input *input);

/**
 * input_submit() - let the worker do a job for the input, one at a time
 * @job: heap; @done frees it
 *
 * Return: 0; or -errno, and the input is told to be missing.
 */
int input_submit(struct input *input, worker_job_fn fn, void *job, worker_done_fn done);

/**
 * struct input_opening - first member of a job that opens the device
 * @error: by the worker: what is wrong, in words; empty: the result says it
 */
struct input_opening {
	struct input_config config;
	char error[INPUT_DETAIL_MAX];
};

/**
 * input_open_with() - let the worker open the device, by input_submit()
 * @prepare: fills in more of the job, of @bytes, zeroed; may be NULL
 *
 * If there is no memory the input is told to be missing.
 */
void input_open_with(struct input *input, size_t bytes, worker_job_fn fn, worker_done_fn done,
		     void (*prepare)(struct input *input, void *job));

/** input_not_opened() - input_missing() with what a job of opening says */
void input_not_opened(struct input *input, int error, const struct input_opening *opening);

/** input_set_timer() - input_driver.on_timer at @time_ns; 0: never; 0 or -errno */
int input_set_timer(struct input *input, uint64_t time_ns);

/** input_done() - first call of a done function: the next job may follow */
void input_done(struct input *input);

/** input_release() - let the worker call @close(@handle), which may block; at the end it is called here */
void input_release(struct input *input, int (*close)(void *handle), void *handle);

/** input_present() - it works; @detail: what it is connected to */
void input_present(struct input *input, const char *detail);

/** input_missing() - it does not, -errno, and why; opened again later */
void input_missing(struct input *input, int error, const char *detail);

/** input_given_up() - input_missing(), and it is not opened again: it cannot come */
void input_given_up(struct input *input, int error, const char *detail);

/** input_news() - it may be there now, or soon: open it a little later */
void input_news(struct input *input);

/** input_publish() - an event under the input's name; its source and input are set here */
void input_publish(struct input *input, struct event *event);

/** struct input_budget - how many events an input may still have for now; zeroed at first */
struct input_budget {
	uint64_t since_ns;
	unsigned int used;
};

/**
 * input_budget() - take @events from the budget at @now_ns
 *
 * Return: 0, or when to go on: the input has had its share.
 */
uint64_t input_budget(struct input_budget *budget, unsigned int events, uint64_t now_ns);
