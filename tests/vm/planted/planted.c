// SPDX-License-Identifier: GPL-2.0-only
/*
 * planted.c - one bug of each kind that the debug kernel has to see: proof that a
 * test run in it without a report means something
 *
 * Loading it with bug=NAME commits the bug. Nobody loads it outside the lane.
 */

#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>

static char *bug = "";
module_param(bug, charp, 0444);
MODULE_PARM_DESC(bug, "which one: use-after-free, overflow, inversion, sleep, leak, object, shift");

static DEFINE_SPINLOCK(first);
static DEFINE_SPINLOCK(second);

/* not constant for the compiler, which would complain before the kernel does */
static volatile int hidden = 40;

static void use_after_free(void)
{
	int *p = kmalloc(64, GFP_KERNEL);

	kfree(p);
	OPTIMIZER_HIDE_VAR(p);
	WRITE_ONCE(*p, 1);
}

static void overflow(void)
{
	char *p = kmalloc(64, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	p[64 + hidden % 8] = 1;
	kfree(p);
}

/* Taken in both orders, though never at once */
static void inversion(void)
{
	spin_lock(&first);
	spin_lock(&second);
	spin_unlock(&second);
	spin_unlock(&first);
	spin_lock(&second);
	spin_lock(&first);
	spin_unlock(&first);
	spin_unlock(&second);
}

/* A mutex would do, but lockdep has a report of its own for that and is off then. */
static void sleep_in_atomic(void)
{
	spin_lock(&first);
	kfree(kmalloc(64, GFP_KERNEL));
	spin_unlock(&first);
}

static void leak(void)
{
	char *p = kmalloc(4096, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
}

static void on_timer(struct timer_list *timer)
{
}

/* Memory of a timer that still runs is freed */
static void object(void)
{
	struct timer_list *timer = kmalloc(sizeof(*timer), GFP_KERNEL);

	timer_setup(timer, on_timer, 0);
	mod_timer(timer, jiffies + 1000 * HZ);
	kfree(timer);
}

static void shift(void)
{
	hidden = 1 << hidden;
}

static const struct {
	const char *name;
	void (*commit)(void);
} bugs[] = {
	{ "use-after-free", use_after_free },
	{ "overflow", overflow },
	{ "inversion", inversion },
	{ "sleep", sleep_in_atomic },
	{ "leak", leak },
	{ "object", object },
	{ "shift", shift },
};

static int __init planted_init(void)
{
	for (int i = 0; i < ARRAY_SIZE(bugs); i++) {
		if (!strcmp(bugs[i].name, bug)) {
			bugs[i].commit();
			return 0;
		}
	}
	return -EINVAL;
}
module_init(planted_init);

static void __exit planted_exit(void)
{
}
module_exit(planted_exit);

MODULE_DESCRIPTION("Bugs that a debug kernel has to see");
MODULE_LICENSE("GPL");
