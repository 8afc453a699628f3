// SPDX-License-Identifier: GPL-2.0
/*
 * spi-recorder.c - an SPI controller that keeps what it was given to send
 *
 * It has one device, a strip as the parameters describe it, and divides its
 * clock as real ones do. debugfs spi-recorder/history has the messages in the
 * form that tests/lib/wiredecode.py reads, a bit of SPI a symbol.
 */

#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/property.h>
#include <linux/seq_file.h>
#include <linux/spi/spi.h>
#include <linux/vmalloc.h>

#define RECORDER_BYTES		(32 << 20)
#define RECORDER_MESSAGES	65536

static unsigned int clock_hz = 16000000;
module_param(clock_hz, uint, 0444);
MODULE_PARM_DESC(clock_hz, "clock that is divided");

static unsigned int divisor_step = 1;
module_param(divisor_step, uint, 0444);
MODULE_PARM_DESC(divisor_step, "divisors are multiples of this");

static unsigned int min_hz;
module_param(min_hz, uint, 0444);
MODULE_PARM_DESC(min_hz, "the slowest that it can do");

static bool declares_min;
module_param(declares_min, bool, 0444);
MODULE_PARM_DESC(declares_min, "tell of min_hz: what is slower is refused before it gets here");

static bool tells_rate = true;
module_param(tells_rate, bool, 0444);
MODULE_PARM_DESC(tells_rate, "say what became of the rate asked for");

static unsigned int max_bytes;
module_param(max_bytes, uint, 0444);
MODULE_PARM_DESC(max_bytes, "longest transfer, 0 for any");

static unsigned int fail;
module_param(fail, uint, 0644);
MODULE_PARM_DESC(fail, "so many transfers to come fail");

static unsigned int short_by;
module_param(short_by, uint, 0644);
MODULE_PARM_DESC(short_by, "the next transfer lacks so many bytes, and says so");

static unsigned int delay_ms;
module_param(delay_ms, uint, 0644);
MODULE_PARM_DESC(delay_ms, "the next transfer takes so much longer");

static unsigned int late_ms;
module_param(late_ms, uint, 0644);
MODULE_PARM_DESC(late_ms, "the next completion is on its way to the queue for so long");

static unsigned int device_max_hz;
module_param(device_max_hz, uint, 0444);
MODULE_PARM_DESC(device_max_hz, "spi-max-frequency of the device");

static unsigned int pixels[2] = { 3 };
static unsigned int strips = 1;
module_param_array(pixels, uint, &strips, 0444);
MODULE_PARM_DESC(pixels, "diuna,pixels of the strip; of two, to be refused");

static char *chip = "ws2812b";
module_param(chip, charp, 0444);
MODULE_PARM_DESC(chip, "diuna,chip");

static char *order = "GRB";
module_param(order, charp, 0444);
MODULE_PARM_DESC(order, "diuna,color-order");

static bool inverted;
module_param(inverted, bool, 0444);
MODULE_PARM_DESC(inverted, "diuna,inverted");

static unsigned int brightness = 255;
module_param(brightness, uint, 0444);
MODULE_PARM_DESC(brightness, "diuna,brightness");

static unsigned int limit_ma;
module_param(limit_ma, uint, 0444);
MODULE_PARM_DESC(limit_ma, "diuna,limit-milliamp of the controller");

struct recorder_message {
	u32 offset;
	u32 length;
	u32 rate_hz;
};

static DEFINE_MUTEX(recorder_lock);
static u8 *recorder_bytes;
static struct recorder_message *recorder_messages;
static u32 recorder_used, recorder_count;
static struct dentry *recorder_dir;
static struct platform_device *recorder_device;

static void recorder_keep(const struct spi_transfer *xfer, u32 length, u32 rate_hz)
{
	mutex_lock(&recorder_lock);
	if (recorder_count < RECORDER_MESSAGES && length <= RECORDER_BYTES - recorder_used) {
		recorder_messages[recorder_count++] = (struct recorder_message) {
			.offset = recorder_used,
			.length = length,
			.rate_hz = rate_hz,
		};
		memcpy(recorder_bytes + recorder_used, xfer->tx_buf, length);
		recorder_used += length;
	}
	mutex_unlock(&recorder_lock);
}

static int recorder_send(struct spi_controller *ctlr, struct spi_message *m)
{
	struct spi_transfer *xfer;
	int err = 0;

	m->actual_length = 0;
	list_for_each_entry(xfer, &m->transfers, transfer_list) {
		u32 divisor = roundup(DIV_ROUND_UP(clock_hz, xfer->speed_hz), divisor_step);
		u32 rate_hz = max(clock_hz / divisor, min_hz);
		u32 length = xfer->len - min(short_by, xfer->len);

		short_by = 0;
		if (delay_ms)
			msleep(xchg(&delay_ms, 0));
		usleep_range(div_u64(length * 8ULL * USEC_PER_SEC, rate_hz),
			     div_u64(length * 8ULL * USEC_PER_SEC, rate_hz) + 50);
		if (fail) {
			fail--;
			err = -EREMOTEIO;
			break;
		}
		if (tells_rate)
			xfer->effective_speed_hz = rate_hz;
		recorder_keep(xfer, length, rate_hz);
		m->actual_length += length;
	}
	m->status = err;
	spi_finalize_current_message(ctlr);
	return 0;
}

static size_t recorder_max_size(struct spi_device *spi)
{
	return max_bytes ?: SIZE_MAX;
}

static int history_show(struct seq_file *s, void *unused)
{
	/* a period in ps is not whole: 16 MHz / 5 is, 250 MHz / 76 is 304000 */
	u32 rate_hz = recorder_count ? recorder_messages[recorder_count - 1].rate_hz : 1;

	mutex_lock(&recorder_lock);
	seq_printf(s, "# diuna-sim 1 channels=1 symbol_ps=%llu lost=0\n",
		   DIV_ROUND_CLOSEST_ULL(1000000000000ULL, rate_hz));
	for (u32 i = 0; i < recorder_count; i++) {
		const struct recorder_message *m = &recorder_messages[i];

		seq_printf(s, "seq=%u started=0 done=0 words=%u", i, m->length / 4);
		for (u32 n = 0; n + 4 <= m->length; n += 4)
			seq_printf(s, " %*phN", 4, recorder_bytes + m->offset + n);
		seq_putc(s, '\n');
	}
	mutex_unlock(&recorder_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(history);

static int rates_show(struct seq_file *s, void *unused)
{
	mutex_lock(&recorder_lock);
	for (u32 i = 0; i < recorder_count; i++)
		seq_printf(s, "%u\n", recorder_messages[i].rate_hz);
	mutex_unlock(&recorder_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(rates);

static struct property_entry device_properties[3];
static struct property_entry strip_properties[2][6];
static struct software_node device_node = { .properties = device_properties };
static struct software_node strip_node[2];
static const struct software_node *nodes[4] = { &device_node };

static void recorder_describe(void)
{
	device_properties[0] = PROPERTY_ENTRY_U32("diuna,brightness", brightness);
	device_properties[1] = PROPERTY_ENTRY_U32("diuna,limit-milliamp", limit_ma);
	for (u32 i = 0; i < strips; i++) {
		struct property_entry *p = strip_properties[i];

		*p++ = PROPERTY_ENTRY_U32("reg", i);
		*p++ = PROPERTY_ENTRY_U32("diuna,pixels", pixels[i]);
		*p++ = PROPERTY_ENTRY_STRING("diuna,chip", chip);
		*p++ = PROPERTY_ENTRY_STRING("diuna,color-order", order);
		if (inverted)
			*p++ = PROPERTY_ENTRY_BOOL("diuna,inverted");
		strip_node[i].name = i ? "led-strip-1" : "led-strip-0";
		strip_node[i].parent = &device_node;
		strip_node[i].properties = strip_properties[i];
		nodes[1 + i] = &strip_node[i];
	}
}

static int recorder_probe(struct platform_device *pdev)
{
	struct spi_board_info info = {
		.modalias = "spi-ws281x",
		.max_speed_hz = device_max_hz,
		.swnode = &device_node,
	};
	struct spi_controller *ctlr;
	int err;

	ctlr = devm_spi_alloc_master(&pdev->dev, 0);
	if (!ctlr)
		return -ENOMEM;
	ctlr->bus_num = -1;
	ctlr->num_chipselect = 1;
	ctlr->transfer_one_message = recorder_send;
	ctlr->max_transfer_size = recorder_max_size;
	if (declares_min)
		ctlr->min_speed_hz = min_hz;
	err = devm_spi_register_controller(&pdev->dev, ctlr);
	if (err)
		return err;
	return spi_new_device(ctlr, &info) ? 0 : -ENODEV;
}

static struct platform_driver recorder_driver = {
	.probe = recorder_probe,
	.driver = {
		.name = "spi-recorder",
	},
};

/* Between the end of a transfer and the queue's knowledge of it */
static int recorder_late(struct kprobe *probe, struct pt_regs *regs)
{
	/* by the clock: mdelay() counts, and an emulated CPU counts as slowly as it likes */
	u64 until = ktime_get_ns() + (u64)xchg(&late_ms, 0) * NSEC_PER_MSEC;

	while (ktime_get_ns() < until)
		cpu_relax();
	return 0;
}

static struct kprobe recorder_probe_done = {
	.symbol_name = "diuna_transfer_done",
	.pre_handler = recorder_late,
};

static int __init recorder_init(void)
{
	int err = -ENOMEM;

	recorder_bytes = vmalloc(RECORDER_BYTES);
	recorder_messages = vcalloc(RECORDER_MESSAGES, sizeof(*recorder_messages));
	if (!recorder_bytes || !recorder_messages)
		goto err_memory;
	recorder_describe();
	err = register_kprobe(&recorder_probe_done);
	if (err)
		goto err_memory;
	err = software_node_register_node_group(nodes);
	if (err)
		goto err_probe;
	err = platform_driver_register(&recorder_driver);
	if (err)
		goto err_nodes;
	recorder_device = platform_device_register_simple("spi-recorder", -1, NULL, 0);
	if (IS_ERR(recorder_device)) {
		err = PTR_ERR(recorder_device);
		goto err_driver;
	}
	recorder_dir = debugfs_create_dir("spi-recorder", NULL);
	debugfs_create_file("history", 0400, recorder_dir, NULL, &history_fops);
	debugfs_create_file("rates", 0400, recorder_dir, NULL, &rates_fops);
	return 0;

err_driver:
	platform_driver_unregister(&recorder_driver);
err_nodes:
	software_node_unregister_node_group(nodes);
err_probe:
	unregister_kprobe(&recorder_probe_done);
err_memory:
	vfree(recorder_messages);
	vfree(recorder_bytes);
	return err;
}

static void __exit recorder_exit(void)
{
	platform_device_unregister(recorder_device);
	platform_driver_unregister(&recorder_driver);
	software_node_unregister_node_group(nodes);
	unregister_kprobe(&recorder_probe_done);
	debugfs_remove(recorder_dir);
	vfree(recorder_messages);
	vfree(recorder_bytes);
}

module_init(recorder_init);
module_exit(recorder_exit);

MODULE_DESCRIPTION("SPI controller that keeps what it sends");
MODULE_LICENSE("GPL");
