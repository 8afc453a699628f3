// SPDX-License-Identifier: GPL-2.0-only
/*
 * pwm_clock.c - the clock of which the PWM backend makes symbols
 */

#include <linux/device.h>
#include <linux/err.h>
#include <linux/math64.h>
#include <linux/property.h>
#include <linux/time64.h>

#include "pwm_clock.h"

/* A clock that leaves its parent is asked for so much more, a part of the rate, so often at most */
#define PWM_CLOCK_STEP		160000
#define PWM_CLOCK_STEPS		3

int diuna_pwm_clock_start(struct diuna_pwm_clock *c)
{
	int err;

	if (c->running)
		return 0;
	err = clk_prepare_enable(c->clk);
	c->running = !err;
	return err;
}

void diuna_pwm_clock_stop(struct diuna_pwm_clock *c)
{
	if (!c->running)
		return;
	c->running = false;
	clk_disable_unprepare(c->clk);
}

/*
 * The clock takes the parent that comes nearest, and the first of equals. Of a Pi
 * 4's, 54 MHz / 16.875 and 750 MHz / 234.375 both are 3.2 MHz on average; the
 * former is divided by 16 and 17 in turns, which moves edges by 18.5 ns, so the
 * device tree says to use the latter. That is lost here unless the rate is one
 * that the chosen parent comes nearer to. A step of the divider is
 * rate^2 / (4096 * parent): 46 Hz of 54 MHz, 3.3 Hz of 750 MHz. So 20 Hz more,
 * 1/160000, do; at other rates, at worst, three times that, 19 ppm.
 */
static int pwm_clock_ask(struct diuna_pwm_clock *c, unsigned long want)
{
	struct clk *got;
	int err;

	for (u32 i = 0; i <= PWM_CLOCK_STEPS; i++) {
		err = clk_set_rate(c->clk, want + want * i / PWM_CLOCK_STEP);
		if (!err && (!c->parent || clk_is_match(clk_get_parent(c->clk), c->parent)))
			return 0;
	}
	if (err)
		return err;
	err = clk_set_rate(c->clk, want);
	got = clk_get_parent(c->clk);
	dev_warn(c->dev, "the PWM clock takes %lu Hz from %lu Hz, not from the %lu Hz of assigned-clock-parents\n",
		 want, got ? clk_get_rate(got) : 0, clk_get_rate(c->parent));
	return err;
}

/* Is what the clock gives now good for the strips? */
static int pwm_clock_check(struct diuna_pwm_clock *c, const struct diuna_layout *layout)
{
	unsigned long want = DIV_ROUND_CLOSEST_ULL(PSEC_PER_SEC, layout->symbol_ps);
	unsigned long rate = clk_get_rate(c->clk);
	struct clk *parent = clk_get_parent(c->clk);
	u64 symbol_ps = rate ? DIV_ROUND_CLOSEST_ULL(PSEC_PER_SEC, rate) : 0;
	u32 jitter_ps;

	if (symbol_ps < layout->symbol_min_ps || symbol_ps > layout->symbol_max_ps) {
		dev_err(c->dev, "the PWM clock runs at %lu Hz, not %lu, which the strips' chips do not accept: set assigned-clock-parents to another clock\n",
			rate, want);
		return -ERANGE;
	}
	jitter_ps = diuna_clock_jitter_ps(parent ? clk_get_rate(parent) : 0, rate);
	if (jitter_ps > layout->margin_ps) {
		dev_err(c->dev, "edges of the PWM clock are up to %u ps off, of which the strips' chips accept %u: set assigned-clock-parents to a faster clock; on a Pi 4 use the overlay diuna-pi4\n",
			jitter_ps, layout->margin_ps);
		return -ERANGE;
	}
	return 0;
}

int diuna_pwm_clock_set_rate(struct diuna_pwm_clock *c, const struct diuna_layout *layout)
{
	unsigned long before = clk_get_rate(c->clk);
	unsigned long want = DIV_ROUND_CLOSEST_ULL(PSEC_PER_SEC, layout->symbol_ps);
	int err;

	/* it does not change its rate while it runs */
	diuna_pwm_clock_stop(c);
	err = pwm_clock_ask(c, want);
	if (err == -EBUSY)
		dev_err(c->dev, "the PWM clock is in use at another rate: of two controllers all chips must have the same bit rate\n");
	else if (err)
		dev_err(c->dev, "the PWM clock cannot run at %lu Hz: error %d\n", want, err);
	else
		err = pwm_clock_check(c, layout);
	if (err == -ERANGE)
		clk_set_rate(c->clk, before);
	return diuna_pwm_clock_start(c) ?: err;
}

static void pwm_clock_put(void *clock)
{
	struct diuna_pwm_clock *c = clock;

	diuna_pwm_clock_stop(c);
	clk_rate_exclusive_put(c->clk);
}

int diuna_pwm_clock_get(struct device *dev, struct diuna_pwm_clock *c)
{
	int err;

	c->dev = dev;
	c->clk = devm_clk_get(dev, NULL);
	if (IS_ERR(c->clk))
		return dev_err_probe(dev, PTR_ERR(c->clk), "no clock\n");
	/* set by now */
	if (device_property_present(dev, "assigned-clock-parents"))
		c->parent = clk_get_parent(c->clk);
	err = diuna_pwm_clock_start(c);
	if (err)
		return dev_err_probe(dev, err, "the PWM clock does not start\n");
	/* also while it stands, or another controller might take it to a rate of its own then */
	err = clk_rate_exclusive_get(c->clk);
	if (err) {
		diuna_pwm_clock_stop(c);
		return dev_err_probe(dev, err, "the PWM clock's rate cannot be kept\n");
	}
	return devm_add_action_or_reset(dev, pwm_clock_put, c);
}
