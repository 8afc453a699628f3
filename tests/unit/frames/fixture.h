/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * A frame manager with an output and two zones, on a loop whose time the test moves.
 * Include it after cmocka.h.
 */
#include "fake_loop.h"

#include "fake_output.h"
#include "frames/frames.h"

#define PERIOD_MS 20

#define STRIP(first_, count_) .part_count = 1, .part = { { .first = (first_), .count = (count_) } }

struct fixture {
	struct frames *frames;
	struct fake_output out;
	unsigned int told_present, told_lost;
	int told_error;

	/* the producer */
	bool moves;
	unsigned int calls;
	uint64_t instant_ns;
	void (*produce)(struct fixture *f);
	uint8_t value;
};

static inline bool produce(uint64_t now_ns, void *data)
{
	struct fixture *f = data;

	f->calls++;
	f->instant_ns = now_ns;
	if (f->produce)
		f->produce(f);
	return f->moves;
}

static inline void on_output(unsigned int output, bool present, int error, void *data)
{
	struct fixture *f = data;

	assert_int_equal(output, 0);
	if (present)
		f->told_present++;
	else
		f->told_lost++;
	f->told_error = error;
}

/* 8 pixels RGB; zone 0: pixels 0 to 3, zone 1: pixels 4 to 7 */
static inline void begin(struct fixture *f, unsigned int fps)
{
	struct frames_config config = {
		.loop = &fake.loop, .fps = fps, .on_output = on_output, .data = f
	};
	static const struct frames_zone_config zones[] = {
		{ STRIP(0, 4) },
		{ STRIP(4, 4), .reversed = true },
	};

	memset(f, 0, sizeof(*f));
	fake_reset();
	fake_output_init(&f->out, 8, 3);
	assert_int_equal(frames_create(&f->frames, &config), 0);
	assert_int_equal(frames_add_output(f->frames, &f->out.output), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(frames_add_zone(f->frames, &zones[i]), i);
	assert_int_equal(frames_add_producer(f->frames, produce, f), 0);
}

/* Started, and the first frame, all black, is out. */
static inline void begin_shown(struct fixture *f, unsigned int fps)
{
	begin(f, fps);
	assert_int_equal(frames_start(f->frames), 0);
	fake_run_ms(1000);
	assert_int_equal(f->out.frames, 1);
	assert_int_equal(fake_deadline(), 0);
	f->out.frames = f->out.asked = f->calls = fake.wakeups = 0;
}

static inline void end(struct fixture *f)
{
	assert_null(frames_destroy(f->frames));
	assert_int_equal(fake_deadline(), 0);
}

static inline void fill(struct frames *frames, unsigned int zone, enum frames_priority priority,
			uint8_t value, unsigned int count)
{
	struct pixel *pixels = frames_begin(frames, zone, priority);

	for (unsigned int i = 0; i < count; i++)
		pixels[i] = (struct pixel){ value, value, value, 0 };
}

static inline void show(struct fixture *f, unsigned int zone, enum frames_priority priority,
			uint8_t value, uint64_t ttl_ns)
{
	fill(f->frames, zone, priority, value, 4);
	frames_commit(f->frames, zone, priority, "test", ttl_ns);
}

/* the red of the first pixel of each half */
static inline void assert_shown(struct fixture *f, int left, int right)
{
	assert_int_equal(f->out.frame[0], left);
	assert_int_equal(f->out.frame[23], right);
}
