/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "input/inputs.h"

/*
 * What makes a tone: a line for a buzzer that has its own, a PWM of sysfs for
 * one that has not, or a beeper of the kernel. All of it may block and is for
 * a worker.
 */
struct buzzer;

/** buzzer_open() - silent at first; @error: INPUT_DETAIL_MAX bytes; 0 or -errno */
int buzzer_open(struct buzzer **ret_buzzer, const struct input_config *config, char *error);

/** buzzer_close() - silent; NULL is fine; returns NULL */
struct buzzer *buzzer_close(struct buzzer *buzzer);

/** buzzer_tone() - a tone of @hz until told otherwise; 0: silence; 0 or -errno */
int buzzer_tone(struct buzzer *buzzer, uint16_t hz);
