// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clock-fails.c - makes a clock of the SoC fail to start, the nth one that tries to,
 * or every one that is set run at another rate
 */

#include <linux/kprobes.h>
#include <linux/module.h>

static unsigned int nth;
module_param(nth, uint, 0444);
MODULE_PARM_DESC(nth, "which start fails, from 1");

static unsigned long rate_hz;
module_param(rate_hz, ulong, 0444);
MODULE_PARM_DESC(rate_hz, "at which clocks run, 0 for their own");

static unsigned int starts, failed;

static int clock_fails(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	if (++starts == nth) {
		failed++;
		regs_set_return_value(regs, -EIO);
	}
	return 0;
}

/* what clk_prepare() calls of the clocks of BCM2835 */
static struct kretprobe probe = {
	.kp.symbol_name = "bcm2835_clock_on",
	.handler = clock_fails,
};

static int clock_lies(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	if (rate_hz)
		regs_set_return_value(regs, rate_hz);
	return 0;
}

/* what clk_set_rate() asks when it has set one */
static struct kretprobe rate_probe = {
	.kp.symbol_name = "bcm2835_clock_get_rate",
	.handler = clock_lies,
};

static struct kretprobe *probes[] = { &probe, &rate_probe };

static int __init clock_fails_init(void)
{
	return register_kretprobes(probes, ARRAY_SIZE(probes));
}

static void __exit clock_fails_exit(void)
{
	unregister_kretprobes(probes, ARRAY_SIZE(probes));
	pr_info("clock-fails: failed %u\n", failed);
}

module_init(clock_fails_init);
module_exit(clock_fails_exit);

MODULE_DESCRIPTION("Makes a clock fail");
MODULE_LICENSE("GPL");
