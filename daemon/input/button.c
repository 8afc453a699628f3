// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/button.h"

void button_init(struct button *button, const struct button_config *config, bool level)
{
	*button = (struct button){ .config = *config,
				   .level = level,
				   .pressed = level,
				   /* nobody saw it go down: nothing follows when it comes up */
				   .spent = level };
}

static void tell(struct button_result *result, enum button_event event)
{
	if (result->count < BUTTON_EVENTS)
		result->event[result->count++] = event;
}

static bool is_steady(const struct button *button)
{
	return button->config.debounce_ns && button->config.debounce == BUTTON_STEADY;
}

static void change(struct button *button, uint64_t time_ns, struct button_result *result)
{
	button->pressed = button->level;
	button->changed_ns = time_ns;
	button->settling = button->config.debounce_ns > 0 && !is_steady(button);
	if (button->pressed) {
		tell(result, BUTTON_PRESS);
		button->spent = button->waiting;
		if (button->waiting)
			tell(result, BUTTON_DOUBLE);
		button->waiting = false;
		return;
	}
	tell(result, BUTTON_RELEASE);
	if (button->spent)
		return;
	button->waiting = button->config.double_ns > 0;
	button->released_ns = time_ns;
	if (!button->waiting)
		tell(result, BUTTON_CLICK);
}

static uint64_t settled_ns(const struct button *button)
{
	return (is_steady(button) ? button->edge_ns : button->changed_ns) +
	       button->config.debounce_ns;
}

static uint64_t long_ns(const struct button *button)
{
	return button->changed_ns + button->config.long_ns;
}

static uint64_t click_ns(const struct button *button)
{
	return button->released_ns + button->config.double_ns;
}

static bool may_be_long(const struct button *button)
{
	return button->pressed && !button->spent && button->config.long_ns;
}

/* The deadlines in the order of time, since one moves the next. */
static void pass(struct button *button, uint64_t now_ns, struct button_result *result)
{
	uint64_t next;

	while ((next = button_deadline_ns(button)) && next <= now_ns) {
		if (button->settling && next == settled_ns(button)) {
			button->settling = false;
			if (button->level != button->pressed)
				change(button, next, result);
		} else if (may_be_long(button) && next == long_ns(button)) {
			button->spent = true;
			tell(result, BUTTON_LONG);
		} else {
			button->waiting = false;
			tell(result, BUTTON_CLICK);
		}
	}
}

void button_pass(struct button *button, uint64_t now_ns, struct button_result *ret_result)
{
	ret_result->count = 0;
	pass(button, now_ns, ret_result);
}

void button_edge(struct button *button, bool level, uint64_t time_ns,
		 struct button_result *ret_result)
{
	ret_result->count = 0;
	pass(button, time_ns, ret_result);
	if (is_steady(button)) {
		if (level != button->level)
			button->edge_ns = time_ns;
		button->level = level;
		button->settling = level != button->pressed;
		return;
	}
	/* what nobody had to be woken for */
	if (button->settling && time_ns >= settled_ns(button))
		button->settling = false;
	button->level = level;
	if (!button->settling && level != button->pressed)
		change(button, time_ns, ret_result);
}

uint64_t button_deadline_ns(const struct button *button)
{
	uint64_t next = 0;

	if (button->settling && button->level != button->pressed)
		next = settled_ns(button);
	if (may_be_long(button) && (!next || long_ns(button) < next))
		next = long_ns(button);
	if (button->waiting && (!next || click_ns(button) < next))
		next = click_ns(button);
	return next;
}
