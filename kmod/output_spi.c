// SPDX-License-Identifier: GPL-2.0-only
/*
 * output_spi.c - the data line of any SPI controller
 *
 * A byte of a pixel is 4 bytes at 3.2 MHz, or, if the controller does not get
 * near this, 8 bytes at twice the rate, each symbol sent twice. Between messages
 * the line stays as the last bit left it: low, which is all the idle level there
 * is, so that inverted strips are refused. Nothing else may be on the same bus:
 * the strip would take the data for its own.
 */

#include <linux/dev_printk.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/property.h>
#include <linux/slab.h>
#include <linux/spi/spi.h>
#include <linux/time64.h>
#include <linux/wait.h>

#include "output.h"

/* A message that was given up cannot be taken back, only waited for */
#define SPI_STUCK_MS		1000
/* Sent to learn the real rate, low all of it: no strip notices */
#define SPI_PROBE_BYTES		16

/**
 * struct spi_buffer - a transfer's message
 * @output: the controller
 * @node: in spi_output.buffers
 * @message: to be submitted as often as one likes
 * @xfer: all of it
 * @bytes: what is sent, NULL until configure knows how much that is
 * @size: how many
 */
struct spi_buffer {
	struct spi_output *output;
	struct list_head node;
	struct spi_message message;
	struct spi_transfer xfer;
	u8 *bytes;
	u32 size;
};

/**
 * struct spi_output - a controller
 * @spi: the device
 * @speed_hz: what the controller is asked for; this and the next two are
 *	written by configure
 * @repeat: how often a symbol is sent, 1 or 2
 * @symbol_ps: time of a symbol by the controller's word, or as asked
 * @buffers: of all transfers that there are; used by alloc, configure and free
 * @lock: guards the next three
 * @sent: the transfer whose message is with the controller, or NULL
 * @given_up: its end interests nobody
 * @ending: completions that are about to call diuna_transfer_done(), or in it
 * @idle_wait: for the end of such a one
 */
struct spi_output {
	struct spi_device *spi;
	u32 speed_hz;
	u32 repeat;
	u32 symbol_ps;
	struct list_head buffers;
	spinlock_t lock; /* sent, given_up, ending */
	struct diuna_transfer *sent;
	bool given_up;
	u32 ending;
	wait_queue_head_t idle_wait;
};

/* The rate that the controller makes of another, 0 if it does not say */
static int spi_real_rate(struct spi_output *s, u32 speed_hz, u32 *ret_real_hz)
{
	struct spi_transfer xfer = {
		.len = SPI_PROBE_BYTES,
		.speed_hz = speed_hz,
		.bits_per_word = 8,
	};
	u8 *zeros;
	int err;

	zeros = kzalloc(SPI_PROBE_BYTES, GFP_KERNEL);
	if (!zeros)
		return -ENOMEM;
	xfer.tx_buf = zeros;
	err = spi_sync_transfer(s->spi, &xfer, 1);
	*ret_real_hz = xfer.effective_speed_hz;
	kfree(zeros);
	return err;
}

/* Is this rate good for the strips? Takes it over if so. 1 if it is, 0 if not */
static int spi_try_rate(struct spi_output *s, const struct diuna_layout *layout, u32 symbol_ps,
			u32 repeat, u32 *ret_real_hz)
{
	u32 speed_hz = div_u64(PSEC_PER_SEC * repeat, symbol_ps);
	u32 real_ps;
	int err;

	*ret_real_hz = 0;
	if (s->spi->max_speed_hz && speed_hz > s->spi->max_speed_hz)
		return 0;
	/* EINVAL if it were asked; twice the rate may be good */
	if (speed_hz < s->spi->controller->min_speed_hz) {
		*ret_real_hz = s->spi->controller->min_speed_hz;
		return 0;
	}
	err = spi_real_rate(s, speed_hz, ret_real_hz);
	if (err)
		return err;
	real_ps = symbol_ps;
	if (*ret_real_hz)
		real_ps = DIV_ROUND_CLOSEST_ULL(PSEC_PER_SEC * repeat, *ret_real_hz);
	if (real_ps < layout->symbol_min_ps || real_ps > layout->symbol_max_ps)
		return 0;
	s->speed_hz = speed_hz;
	s->repeat = repeat;
	s->symbol_ps = real_ps;
	return 1;
}

/*
 * Controllers divide a clock down to at most what they are asked for: if the
 * nominal rate comes out too slow, asking for the fastest that the strips accept
 * may not. Of a Pi's 250 MHz, 3.2 MHz becomes 3.125, which WS2812B does not
 * accept, 3.33 becomes 3.29, which it does.
 */
static int spi_find_rate(struct spi_output *s, const struct diuna_layout *layout)
{
	u32 real_hz = 0;

	for (u32 repeat = 1; repeat <= 2; repeat++) {
		u32 asked[] = { layout->symbol_ps, layout->symbol_min_ps };

		for (u32 i = 0; i < ARRAY_SIZE(asked); i++) {
			u32 this_hz;
			int found = spi_try_rate(s, layout, asked[i], repeat, &this_hz);

			if (found > 0)
				return 0;
			if (found < 0) {
				dev_err(&s->spi->dev, "the SPI controller refuses to send: error %d\n",
					found);
				return found;
			}
			real_hz = real_hz ?: this_hz;
		}
	}
	if (real_hz)
		dev_err(&s->spi->dev, "the SPI clock would run at %u Hz, the strip needs %llu to %llu: on a Raspberry Pi set core_freq and core_freq_min to 250 in config.txt\n",
			real_hz, div_u64(PSEC_PER_SEC, layout->symbol_max_ps),
			div_u64(PSEC_PER_SEC, layout->symbol_min_ps));
	else
		dev_err(&s->spi->dev, "the strip needs %llu Hz: set spi-max-frequency to at least this\n",
			div_u64(PSEC_PER_SEC, layout->symbol_ps));
	return -ERANGE;
}

/*
 * Memory for what is sent in a transfer: how much depends on the rate. Those that
 * have some already are of the layout before, which stays if this fails.
 */
static int spi_size_buffers(struct spi_output *s, u32 size)
{
	struct spi_buffer *b;

	list_for_each_entry(b, &s->buffers, node) {
		if (b->bytes)
			continue;
		/* not of vmalloc(): controllers map it themselves, and some know no other */
		b->bytes = kzalloc(size, GFP_KERNEL);
		if (!b->bytes)
			return -ENOMEM;
		b->size = size;
	}
	return 0;
}

static int spi_configure(void *output, const struct diuna_layout *layout)
{
	struct spi_output *s = output;
	u32 speed_hz = s->speed_hz, repeat = s->repeat, symbol_ps = s->symbol_ps;
	u64 wire_ps = (u64)layout->words * DIUNA_SYMBOLS_PER_WORD * layout->symbol_ps;
	size_t most;
	u64 size;
	int err;

	if (layout->inverted) {
		dev_err(&s->spi->dev, "an SPI line idles low: remove diuna,inverted and use a level shifter that does not invert\n");
		return -EINVAL;
	}
	err = spi_find_rate(s, layout);
	if (err)
		return err;

	/* a faster clock shortens the reset, too: send more of it */
	size = max_t(u64, layout->words,
		     DIV64_U64_ROUND_UP(wire_ps, (u64)DIUNA_SYMBOLS_PER_WORD * s->symbol_ps));
	size *= sizeof(u32) * s->repeat;
	most = min(spi_max_transfer_size(s->spi), spi_max_message_size(s->spi));
	if (size > most) {
		dev_err(&s->spi->dev, "the SPI controller sends at most %zu bytes at once, not %llu: the strip is too long for it\n",
			most, size);
		err = -EMSGSIZE;
	} else {
		err = spi_size_buffers(s, size);
	}
	if (err) {
		s->speed_hz = speed_hz;
		s->repeat = repeat;
		s->symbol_ps = symbol_ps;
	}
	return err;
}

static void spi_done(void *context)
{
	struct spi_buffer *b = context;
	struct spi_output *s = b->output;
	struct diuna_transfer *t;
	u64 now = ktime_get_ns();
	unsigned long flags;
	bool given_up;
	int status = b->message.status;

	if (!status && b->message.actual_length != b->xfer.len)
		status = -EIO;
	spin_lock_irqsave(&s->lock, flags);
	given_up = s->given_up;
	t = s->sent;
	s->sent = NULL;
	s->given_up = false;
	s->ending++;
	spin_unlock_irqrestore(&s->lock, flags);
	if (!given_up)
		diuna_transfer_done(t, status ? -EIO : 0, now);
	/* only now may stop() say that this will not be called any more */
	spin_lock_irqsave(&s->lock, flags);
	s->ending--;
	wake_up_all(&s->idle_wait);
	spin_unlock_irqrestore(&s->lock, flags);
}

static bool spi_idle(struct spi_output *s)
{
	bool idle;

	spin_lock_irq(&s->lock);
	idle = !s->sent && !s->ending;
	spin_unlock_irq(&s->lock);
	return idle;
}

static void spi_free(void *output, struct diuna_transfer *t)
{
	struct spi_output *s = output;
	struct spi_buffer *b = t->priv;

	if (!b)
		return;
	/* the controller reads this memory until it says that it has done so */
	wait_event(s->idle_wait, spi_idle(s));
	list_del(&b->node);
	kfree(b->bytes);
	kfree(b);
	kvfree(t->words);
	t->words = NULL;
	t->priv = NULL;
}

static int spi_alloc(void *output, struct diuna_transfer *t)
{
	struct spi_output *s = output;
	struct spi_buffer *b;

	b = kzalloc(sizeof(*b), GFP_KERNEL);
	if (!b)
		return -ENOMEM;
	t->words = kvcalloc(t->count, sizeof(*t->words), GFP_KERNEL);
	if (!t->words) {
		kfree(b);
		return -ENOMEM;
	}
	b->output = s;
	list_add_tail(&b->node, &s->buffers);
	t->priv = b;
	return 0;
}

/* 8 symbols, each of them twice: bit n goes to bits 2n and 2n + 1 */
static u16 spi_repeat(u8 symbols)
{
	u16 x = symbols;

	x = (x | x << 4) & 0x0f0f;
	x = (x | x << 2) & 0x3333;
	x = (x | x << 1) & 0x5555;
	return x | x << 1;
}

static int spi_prepare(void *output, struct diuna_transfer *t)
{
	struct spi_output *s = output;
	struct spi_buffer *b = t->priv;
	const u8 *from = (const u8 *)t->words;
	u32 size = t->count * sizeof(*t->words);

	if (s->repeat == 1) {
		memcpy(b->bytes, from, size);
		return 0;
	}
	for (u32 i = 0; i < size; i++) {
		u16 twice = spi_repeat(from[i]);

		b->bytes[2 * i] = twice >> 8;
		b->bytes[2 * i + 1] = twice;
	}
	return 0;
}

static int spi_start(void *output, struct diuna_transfer *t)
{
	struct spi_output *s = output;
	struct spi_buffer *b = t->priv;
	int err = 0;

	spin_lock(&s->lock);
	if (s->sent)
		err = -EBUSY;
	else
		s->sent = t;
	spin_unlock(&s->lock);
	if (err)
		return err;
	b->xfer = (struct spi_transfer) {
		.tx_buf = b->bytes,
		.len = b->size,
		.speed_hz = s->speed_hz,
		.bits_per_word = 8,
	};
	spi_message_init_with_transfers(&b->message, &b->xfer, 1);
	b->message.complete = spi_done;
	b->message.context = b;
	err = spi_async(s->spi, &b->message);
	if (err) {
		spin_lock(&s->lock);
		s->sent = NULL;
		spin_unlock(&s->lock);
	}
	return err;
}

static void spi_stop(void *output)
{
	struct spi_output *s = output;

	spin_lock_irq(&s->lock);
	s->given_up = s->sent;
	spin_unlock_irq(&s->lock);
	/* start() refuses as long as this lasts */
	if (!wait_event_timeout(s->idle_wait, spi_idle(s), msecs_to_jiffies(SPI_STUCK_MS)))
		dev_err_ratelimited(&s->spi->dev, "the SPI controller does not end a message\n");
}

static const struct diuna_output_ops spi_ops = {
	.name = "spi",
	.backend = DIUNA_BACKEND_SPI,
	.limits = {
		.channels = 1,
		/* the line may be anything before the first bit of a message */
		.lead_words = 1,
		.drain_words = 1,
		.done_accuracy_words = 1,
		.big_endian = true,
	},
	.configure = spi_configure,
	.alloc = spi_alloc,
	.free = spi_free,
	.prepare = spi_prepare,
	.start = spi_start,
	.stop = spi_stop,
};

static int spi_probe(struct spi_device *spi)
{
	struct device *dev = &spi->dev;
	struct diuna_strips strips;
	struct spi_output *s;
	int err;

	s = devm_kzalloc(dev, sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	s->spi = spi;
	INIT_LIST_HEAD(&s->buffers);
	spin_lock_init(&s->lock);
	init_waitqueue_head(&s->idle_wait);
	err = diuna_strips_read(dev, 1, &strips);
	if (err)
		return err;
	spi->bits_per_word = 8;
	err = spi_setup(spi);
	if (err)
		return dev_err_probe(dev, err, "the SPI controller does not take 8 bits a word\n");
	return diuna_strips_register(dev, &spi_ops, s, &strips);
}

static const struct of_device_id spi_of_match[] = {
	{ .compatible = "diuna,spi-ws281x" },
	{}
};
MODULE_DEVICE_TABLE(of, spi_of_match);

static const struct spi_device_id spi_ids[] = {
	{ "spi-ws281x" },
	{}
};
MODULE_DEVICE_TABLE(spi, spi_ids);

static struct spi_driver spi_driver = {
	.probe = spi_probe,
	.id_table = spi_ids,
	.driver = {
		.name = "diuna-spi",
		.of_match_table = spi_of_match,
	},
};

int diuna_spi_init(void)
{
	return spi_register_driver(&spi_driver);
}

void diuna_spi_exit(void)
{
	spi_unregister_driver(&spi_driver);
}
