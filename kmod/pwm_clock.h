/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pwm_clock.h - the clock of which the PWM backend makes symbols
 */

#ifndef DIUNA_PWM_CLOCK_H
#define DIUNA_PWM_CLOCK_H

#include <linux/clk.h>

#include "diuna.h"

/**
 * struct diuna_pwm_clock - a clock that is not always there
 * @dev: whose it is
 * @clk: one symbol a period
 * @parent: what it has to be made of, NULL if nobody said
 * @running: it is enabled; starting and stopping it again does nothing
 */
struct diuna_pwm_clock {
	struct device *dev;
	struct clk *clk;
	struct clk *parent;
	bool running;
};

/**
 * diuna_pwm_clock_get() - get the clock of a controller and start it
 * @dev: the controller, being probed; the clock stops when it is unbound
 * @c: to be filled
 *
 * From now on nobody else can change its rate, whether it runs or not.
 *
 * Return: 0 or an error, which is told in one line.
 */
int diuna_pwm_clock_get(struct device *dev, struct diuna_pwm_clock *c);

/** diuna_pwm_clock_start() - let it run; does not sleep but in the clock framework */
int diuna_pwm_clock_start(struct diuna_pwm_clock *c);

/** diuna_pwm_clock_stop() - stop it, if it runs */
void diuna_pwm_clock_stop(struct diuna_pwm_clock *c);

/**
 * diuna_pwm_clock_set_rate() - make it as fast as a layout needs it
 * @c: the clock; nothing uses it, it is stopped meanwhile
 * @layout: what is wanted, and how far from it is still good
 *
 * The clock runs after this in any case, unless it cannot be started.
 *
 * Return: 0 or an error, which is told in one line; the rate is the one before then.
 */
int diuna_pwm_clock_set_rate(struct diuna_pwm_clock *c, const struct diuna_layout *layout);

#endif /* DIUNA_PWM_CLOCK_H */
