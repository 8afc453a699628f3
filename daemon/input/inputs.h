/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/desk.h"
#include "core/bus.h"
#include "core/loop.h"
#include "core/tasks.h"
#include "input/button.h"
#include "input/encoder.h"
#include "input/gpio.h"

/*
 * All inputs of the configuration. Each is a task and publishes its events
 * under its name; one that is missing is told once and waited for. Light loop;
 * what may block is done by a worker.
 */
struct inputs;

enum input_type {
	INPUT_ENCODER,
	INPUT_BUTTON,
	INPUT_KEYBOARD,
	INPUT_TERMINAL,
	INPUT_BUZZER,
	INPUT_TYPES,
};

/** input_type_names - in order of enum input_type, closed by NULL */
extern const char *const input_type_names[INPUT_TYPES + 1];

#define INPUT_PATH_MAX 256
/** INPUT_DEBOUNCE_US - of switches, unless configured */
#define INPUT_DEBOUNCE_US 5000
/** INPUT_LONG_MS - a press of this length is long, unless configured */
#define INPUT_LONG_MS 500
/** INPUT_DOUBLE_MS - presses this near are a double one, unless configured */
#define INPUT_DOUBLE_MS 300
/** INPUT_RETRY_NS - first wait for an input that is missing; doubled up to INPUT_RETRY_MAX_NS */
#define INPUT_RETRY_NS 250000000ULL
#define INPUT_RETRY_MAX_NS 10000000000ULL
/** INPUT_BURST - events of one input in INPUT_BURST_NS; more wait, so that a flood costs no light */
#define INPUT_BURST 256
#define INPUT_BURST_NS 10000000ULL

/**
 * struct input_config - an input
 * @gpio: of ENCODER: lines A and B; of BUTTON: its line; of BUZZER: an active
 *	one's, if line_count is not 0
 * @contact: of ENCODER: the line of its switch, if line_count is not 0
 * @encoder: of ENCODER
 * @debounce_us: of BUTTON and ENCODER's switch
 * @debounce: of the same; a steady level is the kernel's to tell where it can
 * @long_ms, @double_ms: of BUTTON and ENCODER's switch
 * @device: of KEYBOARD: path, name, or empty for all that have keys; of BUZZER:
 *	a beeper's path, or the folder of a PWM in sysfs
 * @pwm: of BUZZER: the channel of the PWM in @device; -1: it is a beeper
 * @grab: of KEYBOARD: others do not get its keys
 */
struct input_config {
	char name[INPUT_NAME_MAX];
	enum input_type type;
	struct gpio_config gpio, contact;
	struct encoder_config encoder;
	uint32_t debounce_us, long_ms, double_ms;
	enum button_debounce debounce;
	char device[INPUT_PATH_MAX];
	int32_t pwm;
	bool grab;
};

/** input_kind() - what can be done to it, as struct bindings_known has it */
const char *input_kind(const struct input_config *config);

struct inputs_config {
	struct loop *loop;
	struct bus *bus;
	struct tasks *tasks;
	struct desk *desk;
	/* after an input came or went, for the desk's snapshot */
	void (*on_change)(void *data);
	void *data;
};

/** inputs_create() - none yet; 0 or -errno */
int inputs_create(struct inputs **ret_inputs, const struct inputs_config *config);

/** inputs_destroy() - what a worker is stuck with is left behind; NULL is fine; returns NULL */
struct inputs *inputs_destroy(struct inputs *inputs);

/** inputs_add() - before inputs_start(); @config outlives it; 0 or -errno */
int inputs_add(struct inputs *inputs, const struct input_config *config);

/** inputs_start() - begin to open them; never fails because one is missing; 0 or -errno */
int inputs_start(struct inputs *inputs);

/** inputs_stop() - no more events; a terminal is as it was */
void inputs_stop(struct inputs *inputs);

/** inputs_play() - let all buzzers play; 0, -ENOENT (no such sound) or -ENODEV (no buzzer) */
int inputs_play(struct inputs *inputs, const char *sound);

/** inputs_list() - print what could be an input of this machine, for people; may block */
void inputs_list(void);
