// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clock-fails.c - makes a clock of the SoC fail to start, the nth one that tries to
 */

#include <linux/kprobes.h>
#include <linux/module.h>

static unsigned int nth;
module_param(nth, uint, 0444);
MODULE_PARM_DESC(nth, "which start fails, from 1");

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

static int __init clock_fails_init(void)
{
	return register_kretprobe(&probe);
}

static void __exit clock_fails_exit(void)
{
	unregister_kretprobe(&probe);
	pr_info("clock-fails: failed %u\n", failed);
}

module_init(clock_fails_init);
module_exit(clock_fails_exit);

MODULE_DESCRIPTION("Makes a clock fail");
MODULE_LICENSE("GPL");
