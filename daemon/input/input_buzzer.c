// SPDX-License-Identifier: GPL-2.0-or-later
/* Buzzers: patterns go note by note, and a worker makes the tones */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "control/sound.h"
#include "input/buzzer.h"
#include "input/input.h"

struct state {
	struct input *input;
	struct buzzer *buzzer;	   /* the worker's while a job runs */
	const struct sound *sound; /* that plays, or will when the job is done; NULL: none */
	unsigned int note;	   /* the next one */
	bool sounding;
	uint64_t next_ns; /* when that is due */
	bool working;
};

struct opening {
	struct input_opening base;
	struct buzzer *buzzer;
};

struct job {
	struct buzzer *buzzer;
	uint16_t hz;
};

static int do_open(void *data)
{
	struct opening *opening = data;

	return buzzer_open(&opening->buzzer, &opening->base.config, opening->base.error);
}

static int do_tone(void *data)
{
	struct job *job = data;

	return buzzer_tone(job->buzzer, job->hz);
}

static int do_close(void *handle)
{
	buzzer_close(handle);
	return 0;
}

static void drop(struct state *state)
{
	state->sound = NULL;
	if (state->buzzer && !state->working)
		input_release(state->input, do_close, state->buzzer);
	if (!state->working)
		state->buzzer = NULL;
}

static void tell_present(struct input *input)
{
	const struct input_config *config = input_get_config(input);

	input_present(input, config->gpio.line_count ? "a GPIO line" : config->device);
}

static int play_on(struct state *state);

static void on_tone(void *data, int result, void *input)
{
	struct state *state = input_state(input);
	struct job *job = data;

	input_done(input);
	free(job);
	state->working = false;
	if (input_stopped(input)) {
		drop(state);
	} else if (result < 0) {
		drop(state);
		input_missing(input, result, strerrordesc_np(-result));
	} else {
		tell_present(input);
		play_on(state);
	}
}

static int set_tone(struct state *state, uint16_t hz)
{
	struct job *job = calloc(1, sizeof(*job));

	if (!job)
		return -ENOMEM;
	job->buzzer = state->buzzer;
	job->hz = hz;
	state->working = true;
	state->sounding = hz;
	if (input_submit(state->input, do_tone, job, on_tone) >= 0)
		return 0;
	state->working = false;
	state->sound = NULL;
	free(job);
	return -EAGAIN;
}

/* The note that is due, or the silence after the last one. */
static int play_on(struct state *state)
{
	uint64_t now_ns = clock_now_ns();
	const struct sound_note *note;

	if (state->working || !state->buzzer)
		return 0;
	if (!state->sound)
		return state->sounding ? set_tone(state, 0) : 0;
	if (state->next_ns > now_ns)
		return input_set_timer(state->input, state->next_ns);
	note = state->note < SOUND_NOTES_MAX ? &state->sound->note[state->note] : NULL;
	if (!note || !note->ms) {
		state->sound = NULL;
		return state->sounding ? set_tone(state, 0) : 0;
	}
	state->note++;
	state->next_ns = now_ns + note->ms * NSEC_PER_MSEC;
	return set_tone(state, note->hz);
}

static int on_timer(struct input *input)
{
	play_on(input_state(input));
	return 0;
}

int input_buzzer_play(struct input *input, const struct sound *sound)
{
	struct state *state = input_state(input);

	if (!state->buzzer)
		return -ENODEV;
	state->sound = sound;
	state->note = 0;
	state->next_ns = 0;
	play_on(state);
	return 0;
}

static void on_opened(void *data, int result, void *input)
{
	struct state *state = input_state(input);
	struct opening *opening = data;

	input_done(input);
	state->buzzer = opening->buzzer;
	if (result < 0 || input_stopped(input)) {
		drop(state);
		/* a service's view of sysfs is what it was at its start */
		if (result == -EROFS)
			input_given_up(input, result, opening->base.error);
		else
			input_not_opened(input, result, &opening->base);
	} else {
		tell_present(input);
	}
	free(opening);
}

static void open_buzzer(struct input *input)
{
	struct state *state = input_state(input);

	if (!state->buzzer)
		input_open_with(input, sizeof(struct opening), do_open, on_opened, NULL);
	else if (!state->sound)
		/* only a tone tells whether it is still there, and silence is one */
		set_tone(state, 0);
}

static void start(struct input *input)
{
	struct state *state = input_state(input);

	state->input = input;
}

static void stop(struct input *input)
{
	drop(input_state(input));
}

const struct input_driver input_buzzer_driver = {
	.state_bytes = sizeof(struct state),
	.start = start,
	.open = open_buzzer,
	.on_timer = on_timer,
	.stop = stop,
};
