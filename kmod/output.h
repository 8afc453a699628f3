/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * output.h - the backends' drivers, and what those of real hardware share
 */

#ifndef DIUNA_OUTPUT_H
#define DIUNA_OUTPUT_H

#include "diuna.h"

/* Of any controller that is described by the firmware */
#define DIUNA_STRIPS_MAX	2

/**
 * struct diuna_strips - what the firmware says of a controller's strips
 * @count: number of strips, at least 1
 * @wiring: in the order of the outputs
 * @output: the output of the controller that each is on, from 0
 * @limit_ma: what all of them together may draw, 0 for no limit
 * @brightness: to begin with
 */
struct diuna_strips {
	u32 count;
	struct diuna_wiring wiring[DIUNA_STRIPS_MAX];
	u32 output[DIUNA_STRIPS_MAX];
	u32 limit_ma;
	u32 brightness;
};

/* strips.c */

/**
 * diuna_strips_read() - read the strips' wiring from a controller's child nodes
 * @dev: the controller
 * @outputs: how many outputs it has, at most DIUNA_STRIPS_MAX
 * @ret_strips: filled on success
 *
 * The binding is dts/bindings/diuna.yaml. What is wrong is told in one line.
 *
 * Return: 0 or an error.
 */
int diuna_strips_read(struct device *dev, u32 outputs, struct diuna_strips *ret_strips);

/**
 * diuna_strips_register() - diuna_register() until @dev is unbound
 * @dev: the controller, being probed
 * @ops: backend
 * @output: argument of @ops
 * @strips: from diuna_strips_read()
 *
 * Return: 0 or an error.
 */
int diuna_strips_register(struct device *dev, const struct diuna_output_ops *ops, void *output,
			  const struct diuna_strips *strips);

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
