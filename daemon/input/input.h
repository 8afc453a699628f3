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
 * @start: before the first open; may be NULL; 0 or -errno
 * @open: open the device; if it is open, see whether it is still there or
 *	whether there are more; not called while a job of the input runs
 * @stop: end all but the job; may be called more than once
 */
struct input_driver {
	size_t state_bytes;
	int (*start)(struct input *input);
	void (*open)(struct input *input);
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

/** input_done() - first call of a done function: the next job may follow */
void input_done(struct input *input);

/** input_release() - let the worker call @close(@handle), which may block; at the end it is called here */
void input_release(struct input *input, int (*close)(void *handle), void *handle);

/** input_present() - it works; @detail: what it is connected to */
void input_present(struct input *input, const char *detail);

/** input_missing() - it does not, -errno, and why; opened again later */
void input_missing(struct input *input, int error, const char *detail);

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
