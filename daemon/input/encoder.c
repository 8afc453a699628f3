// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/encoder.h"

/* The phases of a period, clockwise: both open, A closed, both, B. */
#define PHASES 4

static int phase_of(bool a, bool b)
{
	if (b)
		return a ? 2 : 3;
	return a;
}

void encoder_init(struct encoder *encoder, const struct encoder_config *config, bool a, bool b)
{
	*encoder = (struct encoder){ .config = *config, .level = { a, b } };
	if (a != b && config->quarters > 1)
		encoder->quarter = a ? 1 : -1;
}

static int steps_of(struct encoder *encoder, int direction, uint64_t time_ns)
{
	unsigned int more = encoder->config.acceleration - 1U;
	uint64_t passed = ENCODER_SLOW_NS;

	/* a knob that turns back is being set exactly */
	if (direction == encoder->direction)
		passed = time_ns > encoder->detent_ns ? time_ns - encoder->detent_ns : 0;
	encoder->detent_ns = time_ns;
	encoder->direction = (int8_t)direction;
	if (passed >= ENCODER_SLOW_NS)
		more = 0;
	else if (passed > ENCODER_QUICK_NS)
		more = (unsigned int)(more * (ENCODER_SLOW_NS - passed) /
				      (ENCODER_SLOW_NS - ENCODER_QUICK_NS));
	return direction * (int)(1 + more) * (encoder->config.reversed ? -1 : 1);
}

static int go(struct encoder *encoder, int quarters, uint64_t time_ns)
{
	int detent = encoder->config.quarters, quarter = encoder->quarter + quarters, steps = 0;

	for (; quarter >= detent; quarter -= detent)
		steps += steps_of(encoder, 1, time_ns);
	for (; quarter <= -detent; quarter += detent)
		steps += steps_of(encoder, -1, time_ns);
	encoder->quarter = (int8_t)quarter;
	return steps;
}

/* Quarters clockwise to other levels, 0 to 3. */
static int turned(struct encoder *encoder, bool a, bool b)
{
	int before = phase_of(encoder->level[ENCODER_A], encoder->level[ENCODER_B]);

	encoder->level[ENCODER_A] = a;
	encoder->level[ENCODER_B] = b;
	return (phase_of(a, b) - before + PHASES) % PHASES;
}

int encoder_edge(struct encoder *encoder, enum encoder_line line, bool level, uint64_t time_ns)
{
	bool a = line == ENCODER_A ? level : encoder->level[ENCODER_A];
	bool b = line == ENCODER_B ? level : encoder->level[ENCODER_B];
	int quarters = turned(encoder, a, b);

	/* one line has changed: a quarter, there or back */
	return quarters ? go(encoder, quarters == 1 ? 1 : -1, time_ns) : 0;
}

int encoder_resync(struct encoder *encoder, bool a, bool b, uint64_t time_ns)
{
	int quarters = turned(encoder, a, b), direction = encoder->direction;

	if (encoder->quarter)
		direction = encoder->quarter > 0 ? 1 : -1;
	if (!direction && quarters == 2) {
		/* half a period, nobody knows which way: only a whole one is a detent for sure */
		encoder->quarter = encoder->config.quarters == PHASES ? 2 : 0;
		return 0;
	}
	if (direction < 0 || (!direction && quarters == PHASES - 1))
		quarters -= quarters ? PHASES : 0;
	return go(encoder, quarters, time_ns);
}
