// SPDX-License-Identifier: GPL-2.0-only
/*
 * output_pwm.c - the PWM block of BCM2835 to BCM2711, its serialiser fed by DMA
 *
 * "BCM2835 ARM Peripherals", chapter 9, with the published errata. Each word of
 * the FIFO is shifted out highest bit first, 32 symbols, by the channels that use
 * the FIFO in turn. The block is enabled all the time: with an empty FIFO a
 * channel sends zeros, or its last word again and again (channel 1 does so
 * whatever RPTL1 says), so the last words of every transfer are zero, and the
 * line idles as an inverted one should as well, which SBIT does not ensure.
 */

#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/pinctrl/consumer.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "output.h"
#include "pwm_clock.h"

#define PWM_CTL			0x00
#define PWM_STA			0x04
#define PWM_DMAC		0x08
#define PWM_RNG1		0x10
#define PWM_FIF1		0x18
#define PWM_RNG2		0x20
#define PWM_DAT2		0x24

/* CTL: those of channel 1; channel 2's are 8 bits higher */
#define PWM_CTL_PWEN		BIT(0)
#define PWM_CTL_MODE		BIT(1)	/* serialiser */
#define PWM_CTL_POLA		BIT(4)
#define PWM_CTL_USEF		BIT(5)
#define PWM_CTL_CLRF		BIT(6)	/* of both, and only here */
#define PWM_CTL_SHIFT		8
#define PWM_CTL_ENABLED		(PWM_CTL_PWEN | PWM_CTL_PWEN << PWM_CTL_SHIFT)

#define PWM_STA_WERR1		BIT(2)	/* written while full */
#define PWM_STA_BERR		BIT(8)	/* CTL written twice in a row */

#define PWM_DMAC_ENAB		BIT(31)
#define PWM_DMAC_PANIC_SHIFT	8

#define PWM_CHANNELS		2
#define PWM_FIFO_WORDS		16

/*
 * DMA is asked for words while the FIFO holds fewer than this. Above 9 that
 * overflows the FIFO if the DMA engine does not wait for the response to each
 * write, which bcm2835-dma makes it do. 15 words last 75 us with two channels,
 * and the GPU can keep the engine off its bus for 16 us.
 */
#define PWM_DREQ_DEFAULT	15
#define PWM_DREQ_MAX		15
#define PWM_PANIC_DEFAULT	7

/* The clock stops when nothing was sent for this long */
#define PWM_IDLE_MS		1000
#define PWM_PROOF_MS		100

enum pwm_address {
	PWM_ADDRESS_AUTO,
	PWM_ADDRESS_BUS,
	PWM_ADDRESS_PHYSICAL,
};

static const char * const pwm_address_names[] = { "auto", "bus", "physical" };

static char *pwm_address = "auto";
module_param(pwm_address, charp, 0444);
MODULE_PARM_DESC(pwm_address, "address of the FIFO that the DMA driver wants: auto (find out), bus or physical");

/**
 * struct pwm_buffer - a transfer's memory
 * @dma: address for the DMA engine
 * @desc: descriptors, submitted by turns
 * @turn: which of them is next
 * @awake: holds a reference that keeps the clock running
 *
 * A descriptor may be submitted again only when its callback has returned: until
 * then it is on no list of the DMA driver's. But the callback is what tells the
 * queue that the transfer is free, and another CPU may be quick to use it. So
 * there are two. The second one's callback cannot run before the first one's has
 * returned, both are of one tasklet, and terminating waits for this as well.
 */
struct pwm_buffer {
	dma_addr_t dma;
	struct dma_async_tx_descriptor *desc[2];
	u32 turn;
	bool awake;
};

/**
 * struct pwm_output - a controller
 * @dev: the platform device
 * @regs: registers
 * @clock: makes one symbol a period
 * @forgotten: the registers may have lost what was written to them
 * @pinctrl: the pins
 * @idle: their state in which pulls keep the lines idle, or NULL
 * @chan: fills the FIFO
 * @output: PWM channel of each strip, from 0
 * @dmac: value for PWM_DMAC
 * @dreq: threshold that is part of it
 * @address: how the FIFO's address is told to the DMA driver
 * @ctl: value for PWM_CTL while enabled; written by configure, as all below
 * @wire_ns: time of a transfer
 * @slow_ns: a transfer that took longer was late, or the FIFO ran dry
 * @fifo_ns: time of the words in the FIFO when DMA has written the last one
 * @reset_us: time after which a strip forgets half a pixel
 * @transfer: what is on the wire; written by start() and by who ends it
 * @transfers: ended by DMA; this and the rest belong to the completion
 * @slow: those of them that took longer than @slow_ns
 * @overflows: those that overflowed the FIFO
 * @longest_ns: the longest of them
 * @shortest_ns: the shortest of them
 */
struct pwm_output {
	struct device *dev;
	void __iomem *regs;
	struct diuna_pwm_clock clock;
	bool forgotten;
	struct pinctrl *pinctrl;
	struct pinctrl_state *idle;
	struct dma_chan *chan;
	u32 output[DIUNA_STRIPS_MAX];
	u32 dmac;
	u32 dreq;
	enum pwm_address address;
	u32 ctl;
	u64 wire_ns;
	u64 slow_ns;
	u64 fifo_ns;
	u32 reset_us;
	struct diuna_transfer *transfer;
	u64 transfers;
	u64 slow;
	u64 overflows;
	u64 longest_ns;
	u64 shortest_ns;
};

static void pwm_write_ctl(struct pwm_output *p, u32 value)
{
	writel(value, p->regs + PWM_CTL);
	/* a second write before the first has crossed to the PWM's clock is lost: BERR */
	readl(p->regs + PWM_CTL);
	usleep_range(10, 100);
}

/* From any state to idle lines; the clock runs */
static void pwm_reset(struct pwm_output *p)
{
	/* channel 2 may not start unless the FIFO is cleared while it is off */
	pwm_write_ctl(p, (p->ctl & ~PWM_CTL_ENABLED) | PWM_CTL_CLRF);
	writel(DIUNA_SYMBOLS_PER_WORD, p->regs + PWM_RNG1);
	writel(DIUNA_SYMBOLS_PER_WORD, p->regs + PWM_RNG2);
	writel(p->dmac, p->regs + PWM_DMAC);
	pwm_write_ctl(p, p->ctl);
	/* an edge that this made on a line must not count as the next frame's first bit */
	fsleep(p->reset_us);
}

/* Off, the polarity kept: as near to idle as a disabled channel gets */
static void pwm_off(struct pwm_output *p)
{
	pwm_write_ctl(p, p->ctl & (PWM_CTL_POLA | PWM_CTL_POLA << PWM_CTL_SHIFT));
	writel(0, p->regs + PWM_DMAC);
}

static void pwm_sleepy(struct pwm_output *p, struct pwm_buffer *b)
{
	if (!b->awake)
		return;
	b->awake = false;
	pm_runtime_mark_last_busy(p->dev);
	pm_runtime_put_autosuspend(p->dev);
}

/* With a reference that keeps the clock running */
static int pwm_wake(struct pwm_output *p)
{
	int err = pm_runtime_resume_and_get(p->dev);

	/* one failure must not be for ever, as runtime PM would have it */
	if (err)
		pm_runtime_set_suspended(p->dev);
	return err;
}

static int pwm_configure(void *output, const struct diuna_layout *layout)
{
	struct pwm_output *p = output;
	u32 ctl = 0;
	int err;

	for (u32 i = 0; i < layout->channels; i++) {
		u32 bits = PWM_CTL_PWEN | PWM_CTL_MODE | PWM_CTL_USEF;

		if (layout->inverted & BIT(i))
			bits |= PWM_CTL_POLA;
		ctl |= bits << (PWM_CTL_SHIFT * p->output[i]);
	}

	err = pwm_wake(p);
	if (err)
		return err;
	err = diuna_pwm_clock_set_rate(&p->clock, layout);
	if (!err) {
		u32 fifo = DIV_ROUND_UP(p->dreq, layout->channels) + 1;

		p->ctl = ctl;
		p->wire_ns = layout->wire_ns;
		p->fifo_ns = diuna_words_ns(fifo, layout->symbol_ps);
		p->slow_ns = layout->wire_ns + layout->reset_ns / 2;
		p->reset_us = DIV_ROUND_UP((u32)layout->reset_ns, NSEC_PER_USEC);
		pwm_reset(p);
		/* from "init", where the pins idle by their pulls, if there is such a state */
		err = pinctrl_select_default_state(p->dev);
	}
	if (!p->clock.running) {
		/* the next one tries again */
		pm_runtime_put_sync_suspend(p->dev);
		return err;
	}
	pm_runtime_mark_last_busy(p->dev);
	pm_runtime_put_autosuspend(p->dev);
	return err;
}

static void pwm_done(void *output)
{
	struct pwm_output *p = output;
	struct diuna_transfer *t = p->transfer;
	u64 now = ktime_get_ns(), took = now - t->started_ns;
	u32 sta = readl(p->regs + PWM_STA) & (PWM_STA_WERR1 | PWM_STA_BERR);
	int status = 0;

	/* the block has no sign of an empty FIFO that works: only the time tells */
	p->transfers++;
	p->slow += took > p->slow_ns;
	p->longest_ns = max(p->longest_ns, took);
	p->shortest_ns = min(p->shortest_ns, took);
	if (sta) {
		writel(sta, p->regs + PWM_STA);
		if (sta & PWM_STA_WERR1) {
			p->overflows++;
			dev_warn_ratelimited(p->dev, "the FIFO overflows: set diuna,dreq-threshold below %u\n",
					     p->dreq);
			status = -EIO;
		}
	}
	p->transfer = NULL;
	pwm_sleepy(p, t->priv);
	/* the last words, zeros all of them, are still in the FIFO */
	diuna_transfer_done(t, status, now + p->fifo_ns);
}

static void pwm_free(void *output, struct diuna_transfer *t)
{
	struct pwm_output *p = output;
	struct pwm_buffer *b = t->priv;

	if (!b)
		return;
	pwm_sleepy(p, b);
	/* the last callback has returned after this */
	dmaengine_synchronize(p->chan);
	for (u32 i = 0; i < ARRAY_SIZE(b->desc); i++)
		if (b->desc[i])
			dmaengine_desc_free(b->desc[i]);
	dma_free_wc(dmaengine_get_dma_device(p->chan), t->count * sizeof(*t->words), t->words,
		    b->dma);
	kfree(b);
	t->words = NULL;
	t->priv = NULL;
}

static int pwm_alloc(void *output, struct diuna_transfer *t)
{
	struct pwm_output *p = output;
	size_t size = t->count * sizeof(*t->words);
	struct pwm_buffer *b;

	b = kzalloc(sizeof(*b), GFP_KERNEL);
	if (!b)
		return -ENOMEM;
	t->words = dma_alloc_wc(dmaengine_get_dma_device(p->chan), size, &b->dma, GFP_KERNEL);
	if (!t->words) {
		kfree(b);
		return -ENOMEM;
	}
	t->priv = b;
	for (u32 i = 0; i < ARRAY_SIZE(b->desc); i++) {
		struct dma_async_tx_descriptor *desc;

		desc = dmaengine_prep_slave_single(p->chan, b->dma, size, DMA_MEM_TO_DEV,
						   DMA_PREP_INTERRUPT);
		if (!desc) {
			pwm_free(p, t);
			return -ENOMEM;
		}
		desc->callback = pwm_done;
		desc->callback_param = p;
		dmaengine_desc_set_reuse(desc);
		b->desc[i] = desc;
	}
	return 0;
}

static int pwm_prepare(void *output, struct diuna_transfer *t)
{
	struct pwm_output *p = output;
	struct pwm_buffer *b = t->priv;
	int err;

	if (b->awake)
		return 0;
	err = pwm_wake(p);
	b->awake = !err;
	return err;
}

static void pwm_unprepare(void *output, struct diuna_transfer *t)
{
	pwm_sleepy(output, t->priv);
}

static int pwm_start(void *output, struct diuna_transfer *t)
{
	struct pwm_output *p = output;
	struct pwm_buffer *b = t->priv;
	dma_cookie_t cookie;

	p->transfer = t;
	cookie = dmaengine_submit(b->desc[b->turn]);
	b->turn ^= 1;
	if (dma_submit_error(cookie))
		return -EIO;
	dma_async_issue_pending(p->chan);
	return 0;
}

static void pwm_stop(void *output)
{
	struct pwm_output *p = output;
	struct diuna_transfer *t;

	dmaengine_terminate_sync(p->chan);
	t = p->transfer;
	if (!t)
		return;
	p->transfer = NULL;
	pwm_reset(p);
	pwm_sleepy(p, t->priv);
}

static int pwm_show(struct seq_file *m, void *v)
{
	struct pwm_output *p = m->private;
	int err = pwm_wake(p);

	if (err)
		return err;
	seq_printf(m, "clock_hz %lu\n", clk_get_rate(p->clock.clk));
	seq_printf(m, "address %s\n", pwm_address_names[p->address]);
	seq_printf(m, "ctl %#x\nsta %#x\ndmac %#x\nrng1 %u\nrng2 %u\n",
		   readl(p->regs + PWM_CTL), readl(p->regs + PWM_STA), readl(p->regs + PWM_DMAC),
		   readl(p->regs + PWM_RNG1), readl(p->regs + PWM_RNG2));
	seq_printf(m, "wire_ns %llu\nfifo_ns %llu\n", p->wire_ns, p->fifo_ns);
	seq_printf(m, "transfers %llu\nshortest_ns %llu\nlongest_ns %llu\n", p->transfers,
		   p->transfers ? p->shortest_ns : 0, p->longest_ns);
	seq_printf(m, "slow %llu\noverflows %llu\n", p->slow, p->overflows);
	pm_runtime_mark_last_busy(p->dev);
	pm_runtime_put_autosuspend(p->dev);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(pwm);

static void pwm_debugfs(void *output, struct dentry *dir)
{
	debugfs_create_file("pwm", 0400, dir, output, &pwm_fops);
}

static const struct diuna_output_ops pwm_ops = {
	.name = "pwm",
	.backend = DIUNA_BACKEND_PWM,
	.limits = {
		.channels = PWM_CHANNELS,
		/* without it the first pixel shows green now and then */
		.lead_words = 1,
		/* the callback comes with these, and no pixel, in FIFO and shift register */
		.drain_words = PWM_FIFO_WORDS + 1,
		.done_accuracy_words = 2,
	},
	.configure = pwm_configure,
	.alloc = pwm_alloc,
	.free = pwm_free,
	.prepare = pwm_prepare,
	.unprepare = pwm_unprepare,
	.start = pwm_start,
	.stop = pwm_stop,
	.debugfs = pwm_debugfs,
};

static int pwm_set_address(struct pwm_output *p, phys_addr_t base, u32 reg)
{
	struct dma_slave_config config = {
		.direction = DMA_MEM_TO_DEV,
		.dst_addr = base + reg,
		.dst_addr_width = DMA_SLAVE_BUSWIDTH_4_BYTES,
		.dst_maxburst = 1,
	};

	return dmaengine_slave_config(p->chan, &config);
}

static void pwm_proof_done(void *completion)
{
	complete(completion);
}

/*
 * Does a word that DMA writes to DAT2, which nobody looks at, arrive there? 1 if it
 * does, 0 if it does not, -ETIMEDOUT if DMA does not come to an end.
 */
static int pwm_prove_address(struct pwm_output *p, phys_addr_t base, u32 *words, dma_addr_t dma)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct dma_async_tx_descriptor *desc;
	int proven = 0;

	writel(0, p->regs + PWM_DAT2);
	words[0] = 0x64697561;
	if (pwm_set_address(p, base, PWM_DAT2))
		return 0;
	desc = dmaengine_prep_slave_single(p->chan, dma, sizeof(*words), DMA_MEM_TO_DEV,
					   DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	if (!desc)
		return 0;
	desc->callback = pwm_proof_done;
	desc->callback_param = &done;
	if (!dma_submit_error(dmaengine_submit(desc))) {
		dma_async_issue_pending(p->chan);
		if (!wait_for_completion_timeout(&done, msecs_to_jiffies(PWM_PROOF_MS)))
			proven = -ETIMEDOUT;
		else
			proven = readl(p->regs + PWM_DAT2) == words[0];
	}
	dmaengine_terminate_sync(p->chan);
	writel(0, p->regs + PWM_DAT2);
	return proven;
}

/*
 * Linux 6.1's bcm2835-dma wants the address of the FIFO as the DMA engine sees
 * it, 0x7e20c018, which is what "reg" says. Newer Raspberry Pi kernels map the
 * physical address with dma_map_resource(), as the DMA engine API means it.
 * There is no telling these apart but to try, the former first: those that want
 * the latter cannot map it and refuse, or know it for what it is, while the
 * physical address taken for a bus address is somewhere in memory. So the latter
 * is only tried when the word went elsewhere: when DMA did not end, it may be the
 * former that is right, and who knows what the engine would do next.
 */
static int pwm_find_address(struct pwm_output *p, phys_addr_t bus, phys_addr_t physical)
{
	struct device *dma_dev = dmaengine_get_dma_device(p->chan);
	dma_addr_t dma;
	u32 *words;
	int wanted, proven;

	wanted = match_string(pwm_address_names, ARRAY_SIZE(pwm_address_names), pwm_address);
	if (wanted < 0)
		return dev_err_probe(p->dev, wanted, "pwm_address must be auto, bus or physical\n");
	p->address = wanted;
	if (p->address == PWM_ADDRESS_AUTO) {
		words = dma_alloc_coherent(dma_dev, sizeof(*words), &dma, GFP_KERNEL);
		if (!words)
			return -ENOMEM;
		writel(p->dmac, p->regs + PWM_DMAC);
		p->address = PWM_ADDRESS_BUS;
		proven = pwm_prove_address(p, bus, words, dma);
		if (!proven) {
			p->address = PWM_ADDRESS_PHYSICAL;
			proven = pwm_prove_address(p, physical, words, dma);
		}
		writel(0, p->regs + PWM_DMAC);
		dma_free_coherent(dma_dev, sizeof(*words), words, dma);
		if (proven < 0)
			return dev_err_probe(p->dev, proven, "DMA to the %s address of the PWM does not end: check dmas, its cell must be the PWM's request line\n",
					     pwm_address_names[p->address]);
		if (!proven)
			return dev_err_probe(p->dev, -EIO, "a word sent to the PWM by DMA does not arrive: check dmas, or set the module's parameter pwm_address\n");
	}
	return pwm_set_address(p, p->address == PWM_ADDRESS_BUS ? bus : physical, PWM_FIF1);
}

/*
 * Does the VideoCore play the audio jack's sound? It does so with this block,
 * and neither it nor its clock are Linux's to refuse then. dtparam=audio sets a
 * parameter of snd_bcm2835, of which the last one counts; before that it
 * enabled a node.
 */
static bool pwm_has_audio(void)
{
	static const char name[] = "snd_bcm2835.enable_headphones=";
	const char *args = NULL, *value = NULL;
	struct device_node *np;
	bool enabled = false;

	of_property_read_string(of_chosen, "bootargs", &args);
	while (args && (args = strstr(args, name))) {
		args += strlen(name);
		value = args;
	}
	if (value)
		return *value != '0';
	for_each_compatible_node(np, NULL, "brcm,bcm2835-audio")
		enabled |= of_device_is_available(np);
	return enabled;
}

/* Is anything else using the PWM, that would not be seen otherwise? */
static int pwm_check_unused(struct pwm_output *p)
{
	if (pwm_has_audio())
		return dev_err_probe(p->dev, -EBUSY, "the audio jack uses the PWM: put dtparam=audio=off into config.txt\n");
	if (readl(p->regs + PWM_CTL) & PWM_CTL_ENABLED)
		return dev_err_probe(p->dev, -EBUSY, "something else has the PWM running: audio jack, or another overlay with pwm in its name\n");
	return 0;
}

static void pwm_release_channel(void *chan)
{
	dma_release_channel(chan);
}

static int pwm_request_channel(struct pwm_output *p)
{
	struct dma_slave_caps caps;
	int err;

	p->chan = dma_request_chan(p->dev, "tx");
	if (IS_ERR(p->chan))
		return dev_err_probe(p->dev, PTR_ERR(p->chan), "no DMA channel: dmas must name one, and one must be free\n");
	err = devm_add_action_or_reset(p->dev, pwm_release_channel, p->chan);
	if (err)
		return err;
	err = dma_get_slave_caps(p->chan, &caps);
	if (err || !caps.descriptor_reuse)
		return dev_err_probe(p->dev, err ?: -EOPNOTSUPP, "the DMA driver cannot use a descriptor again\n");
	return 0;
}

static int pwm_read_thresholds(struct pwm_output *p)
{
	u32 panic = PWM_PANIC_DEFAULT;

	p->dreq = PWM_DREQ_DEFAULT;
	device_property_read_u32(p->dev, "diuna,dreq-threshold", &p->dreq);
	device_property_read_u32(p->dev, "diuna,panic-threshold", &panic);
	if (!p->dreq || p->dreq > PWM_DREQ_MAX || panic > PWM_DREQ_MAX)
		return dev_err_probe(p->dev, -EINVAL, "diuna,dreq-threshold must be 1 to %u, diuna,panic-threshold 0 to %u\n",
				     PWM_DREQ_MAX, PWM_DREQ_MAX);
	p->dmac = PWM_DMAC_ENAB | panic << PWM_DMAC_PANIC_SHIFT | p->dreq;
	return 0;
}

static void pwm_disable_pm(void *output)
{
	struct pwm_output *p = output;

	/* leaves it with the clock running, whose end comes after this, unless it cannot start */
	pm_runtime_get_sync(p->dev);
	pm_runtime_disable(p->dev);
	pm_runtime_dont_use_autosuspend(p->dev);
	pm_runtime_set_suspended(p->dev);
	pm_runtime_put_noidle(p->dev);
	if (!p->clock.running)
		return;
	/* the reset of the last frame is still on its way */
	fsleep(p->reset_us);
	/* a disabled channel may not keep an inverted line high, a pull does */
	if (p->idle)
		pinctrl_select_state(p->pinctrl, p->idle);
	pwm_off(p);
}

static int pwm_get_pins(struct pwm_output *p)
{
	if (!device_property_present(p->dev, "pinctrl-0"))
		return dev_err_probe(p->dev, -EINVAL, "no pins: set pinctrl-0 to those of the strips\n");
	p->pinctrl = devm_pinctrl_get(p->dev);
	if (IS_ERR(p->pinctrl))
		return dev_err_probe(p->dev, PTR_ERR(p->pinctrl), "the pins cannot be had\n");
	p->idle = pinctrl_lookup_state(p->pinctrl, PINCTRL_STATE_INIT);
	if (IS_ERR(p->idle))
		p->idle = NULL;
	return 0;
}

static int pwm_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct diuna_strips strips;
	struct resource *res;
	struct pwm_output *p;
	const __be32 *bus;
	int err;

	p = devm_kzalloc(dev, sizeof(*p), GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	p->dev = dev;
	p->shortest_ns = U64_MAX;
	platform_set_drvdata(pdev, p);
	p->regs = devm_platform_get_and_ioremap_resource(pdev, 0, &res);
	if (IS_ERR(p->regs))
		return dev_err_probe(dev, PTR_ERR(p->regs), "no registers, or they are in use: remove other overlays with pwm in their name\n");
	bus = of_get_address(dev->of_node, 0, NULL, NULL);
	if (!bus)
		return -EINVAL;
	err = pwm_get_pins(p);
	if (err)
		return err;
	err = diuna_strips_read(dev, PWM_CHANNELS, &strips);
	if (err)
		return err;
	memcpy(p->output, strips.output, sizeof(p->output));
	err = pwm_read_thresholds(p);
	if (err)
		return err;
	err = pwm_request_channel(p);
	if (err)
		return err;
	err = diuna_pwm_clock_get(dev, &p->clock);
	if (err)
		return err;
	err = pwm_check_unused(p);
	if (err)
		return err;
	/* of as many cells as the bus has; no SoC with this block has it above 4 GiB */
	err = pwm_find_address(p, be32_to_cpup(bus + of_n_addr_cells(dev->of_node) - 1),
			       res->start);
	if (err)
		return err;

	pm_runtime_set_autosuspend_delay(dev, PWM_IDLE_MS);
	pm_runtime_use_autosuspend(dev);
	pm_runtime_set_active(dev);
	pm_runtime_enable(dev);
	err = devm_add_action_or_reset(dev, pwm_disable_pm, p);
	if (err)
		return err;
	return diuna_strips_register(dev, &pwm_ops, p, &strips);
}

/* The strips are black by now */
static void pwm_shutdown(struct platform_device *pdev)
{
	struct pwm_output *p = platform_get_drvdata(pdev);

	/* a disabled channel may not keep an inverted line high, silence does */
	if (p->ctl & (PWM_CTL_POLA | PWM_CTL_POLA << PWM_CTL_SHIFT))
		return;
	if (pwm_wake(p))
		return;
	fsleep(p->reset_us);
	pwm_off(p);
}

static int pwm_runtime_suspend(struct device *dev)
{
	struct pwm_output *p = dev_get_drvdata(dev);

	/* enabled, without a clock: the line stays as it is, idle */
	diuna_pwm_clock_stop(&p->clock);
	return 0;
}

/*
 * Before the first frame after a rest, for who does not want to wait as well: the
 * block goes on where its clock stopped, with an empty FIFO, and nothing here sleeps
 * but the clock framework, if somebody else is changing a clock.
 */
static int pwm_runtime_resume(struct device *dev)
{
	struct pwm_output *p = dev_get_drvdata(dev);
	int err;

	err = diuna_pwm_clock_start(&p->clock);
	if (err)
		return err;
	if (p->forgotten)
		pwm_reset(p);
	p->forgotten = false;
	return 0;
}

/* The registers may be as after power-on. The frame that the device shows again is first */
static int pwm_resume(struct device *dev)
{
	struct pwm_output *p = dev_get_drvdata(dev);

	p->forgotten = true;
	return pm_runtime_force_resume(dev);
}

static const struct dev_pm_ops pwm_pm_ops = {
	RUNTIME_PM_OPS(pwm_runtime_suspend, pwm_runtime_resume, NULL)
	SYSTEM_SLEEP_PM_OPS(pm_runtime_force_suspend, pwm_resume)
};

static const struct of_device_id pwm_of_match[] = {
	{ .compatible = "diuna,pwm-ws281x" },
	{}
};
MODULE_DEVICE_TABLE(of, pwm_of_match);

static struct platform_driver pwm_driver = {
	.probe = pwm_probe,
	.shutdown = pwm_shutdown,
	.driver = {
		.name = "diuna-pwm",
		.of_match_table = pwm_of_match,
		.pm = pm_ptr(&pwm_pm_ops),
	},
};

int diuna_pwm_init(void)
{
	return platform_driver_register(&pwm_driver);
}

void diuna_pwm_exit(void)
{
	platform_driver_unregister(&pwm_driver);
}
