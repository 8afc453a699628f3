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
 * @ret_limit_ma: what all strips together may draw, 0 for no limit
 *
 * The binding is dts/bindings/diuna.yaml. What is wrong is told in one line.
 *
 * Return: the number of strips, at least 1, or an error.
 */
int diuna_strips_read(struct device *dev, u32 outputs, struct diuna_wiring *ret_wiring,
		      u32 *ret_output, u32 *ret_limit_ma);

/* output_pwm.c */

/** diuna_pwm_init() - register the driver of the PWM of BCM2835 to BCM2711 */
int diuna_pwm_init(void);

/** diuna_pwm_exit() - unregister it */
void diuna_pwm_exit(void);

/* output_spi.c, where the kernel knows of SPI */
#if IS_ENABLED(CONFIG_SPI_MASTER)

/** diuna_spi_init() - register the driver of strips on an SPI bus */
int diuna_spi_init(void);

/** diuna_spi_exit() - unregister it */
void diuna_spi_exit(void);

#else

static inline int diuna_spi_init(void)
{
	return 0;
}

static inline void diuna_spi_exit(void)
{
}

#endif

#endif /* DIUNA_OUTPUT_H */
