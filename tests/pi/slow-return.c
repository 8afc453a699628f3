// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * slow-return.c - makes the PWM backend's DMA callback take its time to return
 *
 * What it told the queue is true by then, so another CPU may use the transfer
 * again, while for the DMA driver its descriptor is still in the callback's hands.
 */

#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/module.h>

static unsigned long returns;

static int slow_return(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	returns++;
	/* longer than QEMU lets one CPU run before it is another one's turn */
	mdelay(15);
	return 0;
}

static struct kretprobe probe = {
	.kp.symbol_name = "pwm_done",
	.handler = slow_return,
};

static int __init slow_return_init(void)
{
	return register_kretprobe(&probe);
}

static void __exit slow_return_exit(void)
{
	unregister_kretprobe(&probe);
	pr_info("slow-return: %lu returns, missed %d\n", returns, probe.nmissed);
}

module_init(slow_return_init);
module_exit(slow_return_exit);

MODULE_DESCRIPTION("Makes a callback slow");
MODULE_LICENSE("GPL");
