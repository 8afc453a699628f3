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
	struct loop_source *timer;
};

struct job {
	struct input_config config;
	struct buzzer *buzzer;
	uint16_t hz;
	char error[INPUT_DETAIL_MAX];
};

static int do_open(void *data)
{
	struct job *job = data;

	return buzzer_open(&job->buzzer, &job->config, job->error);
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
		return loop_timer_set(state->timer, state->next_ns);
	note = state->note < SOUND_NOTES_MAX ? &state->sound->note[state->note] : NULL;
	if (!note || !note->ms) {
		state->sound = NULL;
		return state->sounding ? set_tone(state, 0) : 0;
	}
	state->note++;
	state->next_ns = now_ns + note->ms * NSEC_PER_MSEC;
	return set_tone(state, note->hz);
}

static int on_timer(struct loop_source *source, uint64_t now_ns, void *data)
{
	(void)source;
	(void)now_ns;
	play_on(data);
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
	struct job *job = data;

	input_done(input);
	state->buzzer = job->buzzer;
	if (result < 0 || input_stopped(input)) {
		drop(state);
		input_missing(input, result, job->error[0] ? job->error : strerrordesc_np(-result));
	} else {
		tell_present(input);
	}
	free(job);
}

static void open_buzzer(struct input *input)
{
	struct state *state = input_state(input);
	struct job *job;

	if (state->buzzer) {
		/* only a tone tells whether it is still there, and silence is one */
		if (!state->sound)
			set_tone(state, 0);
		return;
	}
	job = calloc(1, sizeof(*job));
	if (!job) {
		input_missing(input, -ENOMEM, "no memory");
		return;
	}
	job->config = *input_get_config(input);
	if (input_submit(input, do_open, job, on_opened) < 0)
		free(job);
}

static int start(struct input *input)
{
	struct state *state = input_state(input);

	state->input = input;
	return loop_add_timer(input_loop(input), &state->timer, input_get_config(input)->name,
			      LOOP_HOUSEKEEPING, on_timer, state);
}

static void stop(struct input *input)
{
	struct state *state = input_state(input);

	state->timer = loop_source_remove(state->timer);
	if (state->input)
		drop(state);
}

const struct input_driver input_buzzer_driver = {
	.state_bytes = sizeof(struct state),
	.start = start,
	.open = open_buzzer,
	.stop = stop,
};
