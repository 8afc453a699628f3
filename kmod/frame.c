// SPDX-License-Identifier: GPL-2.0-only
/*
 * frame.c - the frame: where everything lies, how it looks, its encoding
 */

#include <linux/string.h>

#include "diuna.h"

int diuna_layout_compute(struct diuna_strip *strips, u32 channels,
			 const struct diuna_limits *limits, struct diuna_layout *ret_layout)
{
	struct diuna_layout l = {
		.channels = channels,
		.lead_words = limits->lead_words,
		.symbol_ps = strips[0].wiring.timing.symbol_ps,
	};
	u32 data_words = 0, reset_ns = 0, zero_words;

	if (!channels || channels > min_t(u32, limits->channels, DIUNA_MAX_CHANNELS))
		return -EINVAL;
	for (u32 i = 0; i < channels; i++) {
		const struct diuna_wiring *w = &strips[i].wiring;
		u32 bytes = w->pixels * w->order.components;

		if (!w->pixels || w->pixels > DIUNA_MAX_PIXELS)
			return -EINVAL;
		/* the outputs of a controller share one clock */
		if (w->timing.symbol_ps != l.symbol_ps)
			return -EINVAL;
		strips[i].offset = l.frame_bytes;
		l.frame_bytes += bytes;
		/* a byte is a word */
		data_words = max(data_words, bytes);
		reset_ns = max(reset_ns, w->timing.reset_ns);
		if (w->inverted)
			l.inverted |= BIT(i);
	}
	/* the leading words of the next frame are part of the reset */
	zero_words = max(diuna_words_for_ns(reset_ns, l.symbol_ps),
			 l.lead_words + max(limits->drain_words, 1U));
	l.words = data_words + zero_words;
	l.data_ns = diuna_words_ns(data_words, l.symbol_ps);
	l.reset_ns = diuna_words_ns(zero_words, l.symbol_ps);
	l.wire_ns = diuna_words_ns(l.words, l.symbol_ps);
	l.timeout_ns = 2 * l.wire_ns + DIUNA_TIMEOUT_EXTRA_NS;
	*ret_layout = l;
	return 0;
}

static u32 *diuna_frame_first_word(struct diuna_device *dd, struct diuna_slot *slot, u32 channel)
{
	return slot->transfer.words + dd->layout.lead_words * dd->layout.channels + channel;
}

/* Make the tables as new as the appearance */
static void diuna_frame_refresh_tables(struct diuna_device *dd)
{
	spin_lock(&dd->look_lock);
	if (dd->look_changed) {
		dd->look_changed = false;
		for (u32 i = 0; i < dd->layout.channels; i++) {
			struct diuna_strip *s = &dd->strips[i];

			diuna_table_build(&s->table, &s->wiring.order, &s->wiring.timing.symbols,
					  s->lut, dd->brightness, DIUNA_SCALE_ONE, NULL,
					  dd->ops->limits.big_endian);
		}
	}
	spin_unlock(&dd->look_lock);
}

void diuna_frame_encode(struct diuna_device *dd, struct diuna_slot *slot)
{
	diuna_frame_refresh_tables(dd);
	for (u32 i = 0; i < dd->layout.channels; i++) {
		const struct diuna_strip *s = &dd->strips[i];

		diuna_encode(&s->table, &s->wiring.order, dd->last + s->offset, s->wiring.pixels,
			     diuna_frame_first_word(dd, slot, i), dd->layout.channels);
	}
}

void diuna_frame_encode_black(struct diuna_device *dd, struct diuna_slot *slot)
{
	for (u32 i = 0; i < dd->layout.channels; i++) {
		const struct diuna_wiring *w = &dd->strips[i].wiring;
		u32 *dst = diuna_frame_first_word(dd, slot, i);
		/* eight equal bits: the same in either byte order */
		u32 word = w->timing.symbols.zero * 0x11111111U;

		for (u32 n = w->pixels * w->order.components; n; n--) {
			*dst = word;
			dst += dd->layout.channels;
		}
	}
}

void diuna_frame_set_brightness(struct diuna_device *dd, u32 brightness)
{
	spin_lock(&dd->look_lock);
	dd->brightness = brightness;
	dd->look_changed = true;
	spin_unlock(&dd->look_lock);
	diuna_queue_resend(dd);
}

u32 diuna_frame_brightness(struct diuna_device *dd)
{
	return READ_ONCE(dd->brightness);
}
