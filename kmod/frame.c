// SPDX-License-Identifier: GPL-2.0-only
/*
 * frame.c - the frame: where everything lies, how it looks, its encoding
 */

#include <linux/capability.h>
#include <linux/string.h>

#include "diuna.h"

/* Narrow the range of symbol times to what one level of a bit allows */
static void diuna_layout_narrow(struct diuna_layout *l, const struct diuna_window *window,
				u32 symbols)
{
	l->symbol_min_ps = max(l->symbol_min_ps, DIV_ROUND_UP(window->min_ns * 1000, symbols));
	l->symbol_max_ps = min(l->symbol_max_ps, window->max_ns * 1000 / symbols);
}

int diuna_layout_compute(const struct diuna_wiring *const *wiring, u32 channels,
			 const struct diuna_limits *limits, struct diuna_layout *ret_layout)
{
	struct diuna_layout l = {
		.channels = channels,
		.lead_words = limits->lead_words,
		.symbol_ps = wiring[0]->timing.symbol_ps,
		.symbol_max_ps = U32_MAX,
		.margin_ps = U32_MAX,
	};
	u32 data_words = 0, reset_ns = 0, zero_words;

	if (!channels || channels > min_t(u32, limits->channels, DIUNA_MAX_CHANNELS))
		return -EINVAL;
	for (u32 i = 0; i < channels; i++) {
		const struct diuna_wiring *w = wiring[i];
		const struct diuna_timing *t = &w->timing;
		u32 high_0 = hweight8(t->symbols.zero), high_1 = hweight8(t->symbols.one);
		u32 bytes = w->pixels * w->order.components;

		if (!w->pixels || w->pixels > DIUNA_MAX_PIXELS)
			return -EINVAL;
		/* the outputs of a controller share one clock */
		if (t->symbol_ps != l.symbol_ps)
			return -EINVAL;
		diuna_layout_narrow(&l, &t->t0h, high_0);
		diuna_layout_narrow(&l, &t->t0l, DIUNA_SYMBOLS_PER_BIT - high_0);
		diuna_layout_narrow(&l, &t->t1h, high_1);
		diuna_layout_narrow(&l, &t->t1l, DIUNA_SYMBOLS_PER_BIT - high_1);
		/* not negative: all profiles are inside their limits */
		l.margin_ps = min_t(u64, l.margin_ps, diuna_timing_margin_ps(t, t->symbol_ps));
		l.offset[i] = l.frame_bytes;
		l.frame_bytes += bytes;
		/* a byte is a word */
		data_words = max(data_words, bytes);
		reset_ns = max(reset_ns, t->reset_ns);
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

static u64 diuna_frame_limit_ua(u32 limit_ma)
{
	return limit_ma ? (u64)limit_ma * 1000 : U64_MAX;
}

/* Make what the encoder uses as new as the appearance */
static void diuna_frame_refresh(struct diuna_device *dd)
{
	spin_lock(&dd->look_lock);
	if (dd->look_changed) {
		dd->look_changed = false;
		dd->shown = dd->look;
		dd->limited = dd->look.limit_ma;
		for (u32 i = 0; i < dd->layout.channels; i++) {
			struct diuna_strip *s = &dd->strips[i];

			diuna_table_build(&s->table, &s->wiring.order,
					  &s->wiring.timing.symbols, s->lut, dd->look.brightness,
					  DIUNA_SCALE_ONE, s->power.ua,
					  dd->ops->limits.big_endian);
			s->scale = DIUNA_SCALE_ONE;
			s->idle_ua = (u64)s->wiring.pixels * s->power.idle_ua;
			s->limit_ua = diuna_frame_limit_ua(s->power.limit_ma);
			if (s->power.limit_ma)
				dd->limited = true;
		}
	}
	spin_unlock(&dd->look_lock);
}

/* 65536 without a limit, as no current is above U64_MAX */
static u32 diuna_frame_scale(u64 idle_ua, u64 sum, u64 limit_ua)
{
	return limit_ua == U64_MAX ? DIUNA_SCALE_ONE : diuna_power_scale(idle_ua, sum, limit_ua);
}

static void diuna_frame_encode_scaled(struct diuna_device *dd, struct diuna_slot *slot,
				      u32 channel, u32 scale)
{
	struct diuna_strip *s = &dd->strips[channel];

	if (s->scale != scale) {
		/* from the levels that the sum was made of: the LUT may be a newer one */
		diuna_table_build(&s->scaled, &s->wiring.order, &s->wiring.timing.symbols,
				  s->table.level, DIUNA_MAX_BRIGHTNESS, scale, s->table.ua,
				  dd->ops->limits.big_endian);
		s->scale = scale;
	}
	diuna_encode(&s->scaled, &s->wiring.order, dd->last + dd->layout.offset[channel],
		     s->wiring.pixels, diuna_frame_first_word(dd, slot, channel),
		     dd->layout.channels);
}

/* A limit that the strips reach even when black: no frame will ever show */
static void diuna_frame_log_black(struct diuna_device *dd)
{
	bool logged;

	spin_lock(&dd->look_lock);
	logged = dd->black_logged;
	dd->black_logged = true;
	spin_unlock(&dd->look_lock);
	if (!logged)
		dev_warn(dd->dev.parent, "the power limit leaves nothing for light: the strips stay black\n");
}

static void diuna_frame_encode_limited(struct diuna_device *dd, struct diuna_slot *slot)
{
	u64 idle_ua = 0, sum = 0;
	u32 device_scale;

	for (u32 i = 0; i < dd->layout.channels; i++) {
		struct diuna_strip *s = &dd->strips[i];

		s->sum = diuna_encode_sum(&s->table, &s->wiring.order,
					  dd->last + dd->layout.offset[i], s->wiring.pixels,
					  diuna_frame_first_word(dd, slot, i),
					  dd->layout.channels);
		sum += s->sum;
		idle_ua += s->idle_ua;
	}
	device_scale = diuna_frame_scale(idle_ua, sum, diuna_frame_limit_ua(dd->shown.limit_ma));
	for (u32 i = 0; i < dd->layout.channels; i++) {
		struct diuna_strip *s = &dd->strips[i];
		u32 scale = min(device_scale, diuna_frame_scale(s->idle_ua, s->sum, s->limit_ua));

		slot->scale = min(slot->scale, scale);
		if (scale < DIUNA_SCALE_ONE)
			diuna_frame_encode_scaled(dd, slot, i, scale);
	}
	if (slot->scale < DIUNA_SCALE_ONE)
		slot->flags |= DIUNA_COMPLETION_POWER;
	if (!slot->scale)
		diuna_frame_log_black(dd);
}

void diuna_frame_encode(struct diuna_device *dd, struct diuna_slot *slot)
{
	diuna_frame_refresh(dd);
	if (dd->shown.blank) {
		diuna_frame_encode_black(dd, slot);
		return;
	}
	if (dd->limited) {
		diuna_frame_encode_limited(dd, slot);
		return;
	}
	for (u32 i = 0; i < dd->layout.channels; i++) {
		const struct diuna_strip *s = &dd->strips[i];

		diuna_encode(&s->table, &s->wiring.order, dd->last + dd->layout.offset[i],
			     s->wiring.pixels, diuna_frame_first_word(dd, slot, i),
			     dd->layout.channels);
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

/* The appearance was changed: drop the lock and show it */
static void diuna_frame_look_changed(struct diuna_device *dd) __releases(&dd->look_lock)
{
	dd->look_changed = true;
	dd->black_logged = false;
	spin_unlock(&dd->look_lock);
	diuna_queue_look_changed(dd);
}

void diuna_frame_wiring_changed(struct diuna_device *dd)
{
	spin_lock(&dd->look_lock);
	dd->look_changed = true;
	spin_unlock(&dd->look_lock);
}

void diuna_frame_look(struct diuna_device *dd, struct diuna_look *ret_look)
{
	spin_lock(&dd->look_lock);
	*ret_look = dd->look;
	spin_unlock(&dd->look_lock);
}

void diuna_frame_set_brightness(struct diuna_device *dd, u32 brightness)
{
	spin_lock(&dd->look_lock);
	dd->look.brightness = brightness;
	diuna_frame_look_changed(dd);
}

void diuna_frame_set_blank(struct diuna_device *dd, bool blank)
{
	spin_lock(&dd->look_lock);
	dd->look.blank = blank;
	diuna_frame_look_changed(dd);
}

void diuna_frame_set_lut(struct diuna_device *dd, u32 channel,
			 const u8 lut[DIUNA_COLORS][DIUNA_LUT_SIZE])
{
	spin_lock(&dd->look_lock);
	for (u32 i = 0; i < dd->layout.channels; i++)
		if (channel == i || channel == DIUNA_ALL_CHANNELS)
			memcpy(dd->strips[i].lut, lut, sizeof(dd->strips[i].lut));
	diuna_frame_look_changed(dd);
}

static bool diuna_frame_raises(u32 old_ma, u32 new_ma)
{
	return old_ma && (!new_ma || new_ma > old_ma);
}

int diuna_frame_set_limit(struct diuna_device *dd, u32 limit_ma)
{
	bool privileged = capable(CAP_SYS_ADMIN);

	spin_lock(&dd->look_lock);
	if (diuna_frame_raises(dd->look.limit_ma, limit_ma) && !privileged) {
		spin_unlock(&dd->look_lock);
		return -EPERM;
	}
	dd->look.limit_ma = limit_ma;
	diuna_frame_look_changed(dd);
	return 0;
}

void diuna_frame_power(struct diuna_device *dd, u32 channel, struct diuna_power *ret_power)
{
	spin_lock(&dd->look_lock);
	*ret_power = dd->strips[channel].power;
	spin_unlock(&dd->look_lock);
}

int diuna_frame_set_power(struct diuna_device *dd, u32 channel, const struct diuna_power *power)
{
	struct diuna_power *p = &dd->strips[channel].power;
	bool privileged = capable(CAP_SYS_ADMIN);

	spin_lock(&dd->look_lock);
	/* lower currents raise the limit as well as a higher limit does */
	if (!privileged && (diuna_frame_raises(p->limit_ma, power->limit_ma) ||
			    p->idle_ua != power->idle_ua ||
			    memcmp(p->ua, power->ua, sizeof(p->ua)))) {
		spin_unlock(&dd->look_lock);
		return -EPERM;
	}
	*p = *power;
	diuna_frame_look_changed(dd);
	return 0;
}
