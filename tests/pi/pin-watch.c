// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pin-watch.c - tells what the PWM's CTL is while a pin is taken from it
 */

#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/module.h>

/* BCM2835 ARM Peripherals, 9.6, as the CPU of a Pi 3 sees it */
#define PWM_CTL 0x3f20c000

static void __iomem *ctl;

/* bcm2835_pmx_free(pctldev, offset), after which the pin is an input */
static int pin_watch(struct kprobe *kp, struct pt_regs *regs)
{
	pr_info("pin-watch: %lu ctl %#x\n", regs_get_kernel_argument(regs, 1), readl(ctl));
	return 0;
}

static struct kprobe probe = {
	.symbol_name = "bcm2835_pmx_free",
	.pre_handler = pin_watch,
};

static int __init pin_watch_init(void)
{
	int err;

	ctl = ioremap(PWM_CTL, 4);
	if (!ctl)
		return -ENOMEM;
	err = register_kprobe(&probe);
	if (err)
		iounmap(ctl);
	return err;
}

static void __exit pin_watch_exit(void)
{
	unregister_kprobe(&probe);
	iounmap(ctl);
}

module_init(pin_watch_init);
module_exit(pin_watch_exit);

MODULE_DESCRIPTION("Watches pins");
MODULE_LICENSE("GPL");
