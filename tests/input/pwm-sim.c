// SPDX-License-Identifier: GPL-2.0-only
/* A PWM of one channel that only remembers what it was told, for the buzzer's tests */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pwm.h>

static int pwm_sim_apply(struct pwm_chip *chip, struct pwm_device *pwm,
			 const struct pwm_state *state)
{
	return 0;
}

static const struct pwm_ops pwm_sim_ops = {
	.apply = pwm_sim_apply,
	.owner = THIS_MODULE,
};

static struct platform_device *device;
static struct pwm_chip chip;

static int __init pwm_sim_init(void)
{
	int ret;

	device = platform_device_register_simple("pwm-sim", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	chip.dev = &device->dev;
	chip.ops = &pwm_sim_ops;
	chip.npwm = 1;
	ret = pwmchip_add(&chip);
	if (ret)
		platform_device_unregister(device);
	return ret;
}
module_init(pwm_sim_init);

static void __exit pwm_sim_exit(void)
{
	pwmchip_remove(&chip);
	platform_device_unregister(device);
}
module_exit(pwm_sim_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A simulated PWM");
