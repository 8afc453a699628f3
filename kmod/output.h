/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * output.h - the backends' drivers, and what those of real hardware share
 */

#ifndef DIUNA_OUTPUT_H
#define DIUNA_OUTPUT_H

#include "diuna.h"

/* strips.c */

/**
 * diuna_strips_read() - read the strips' wiring from a controller's child nodes
 * @dev: the controller
 * @outputs: how many outputs it has; a strip's "reg" is below this
 * @ret_wiring: filled in the order of the outputs, at most @outputs of them
 * @ret_output: the output of each of these
 *
 * The binding is dts/bindings/diuna.yaml. What is wrong is told in one line.
 *
 * Return: the number of strips, at least 1, or an error.
 */
int diuna_strips_read(struct device *dev, u32 outputs, struct diuna_wiring *ret_wiring,
		      u32 *ret_output);

/**
 * diuna_strips_check_rate() - is a symbol time within the windows of all strips?
 * @wiring: the strips
 * @count: how many
 * @symbol_ps: as the hardware makes it
 *
 * Return: the name of the first strip's timing that it does not suit, or NULL.
 */
const char *diuna_strips_check_rate(const struct diuna_wiring *wiring, u32 count, u32 symbol_ps);

/* output_pwm.c */

/** diuna_pwm_init() - register the driver of the PWM of BCM2835 to BCM2711 */
int diuna_pwm_init(void);

/** diuna_pwm_exit() - unregister it */
void diuna_pwm_exit(void);

#endif /* DIUNA_OUTPUT_H */
