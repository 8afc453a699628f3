// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/programs.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "control/stream.h"
#include "core/child.h"

/* For a program that is just being started at the end. */
#define PROGRAMS_WORKER_END_NS (1 * NSEC_PER_SEC)
#define NONE UINT16_MAX

/* A zone, and what goes on there. */
struct slot {
	struct programs *programs;
	unsigned int zone;
	uint16_t wanted;  /* program, or NONE */
	uint16_t running; /* of child */
	struct child *child;
	struct stream stream;
	uint32_t task;
	bool started, stopping; /* child runs; it was asked to end */
	bool silent;		/* because it kept us waiting */
	bool ended, exited;	/* its output; itself */
	bool done;		/* it ended well: its last picture stays */
	int status;		/* of an exited one */
	uint64_t pictures;
	uint64_t started_ns;
	uint64_t not_before_ns;
	unsigned int failures; /* in a row */
	/* How long it kept us waiting for its next picture, and since when it does again, 0: it does not. */
	uint64_t waited_ns, waiting_since_ns;
};

struct programs {
	struct programs_config config;
	struct effect effect[PROGRAMS_MAX];
	struct worker *worker;
	struct bus_subscription *on_start, *on_stop;
	struct loop_source *timer, *later;
	uint64_t timer_ns; /* 0: not set */
	struct slot *slot; /* one for each zone */
	unsigned int slots, children;
	size_t turn_bytes; /* read in the frame of turn_ns */
	uint64_t turn_ns;
	bool ending;
	void (*on_end)(void *data);
	void *on_end_data;
};

static const struct program_config *program_of(const struct slot *slot)
{
	return &slot->programs->config.program[slot->running];
}

/* ---- time ---- */

static void wake_at(struct programs *programs, uint64_t deadline_ns)
{
	if (programs->timer_ns && programs->timer_ns <= deadline_ns)
		return;
	programs->timer_ns = deadline_ns;
	loop_timer_set(programs->timer, deadline_ns);
}

/* How long it may keep us waiting; 0: as long as it likes. */
static uint64_t patience_ns(const struct slot *slot)
{
	const struct program_config *program = program_of(slot);

	return (slot->pictures ? program->silence_ms : program->start_ms) * NSEC_PER_MSEC;
}

static void begin_to_wait(struct slot *slot)
{
	uint64_t patience = patience_ns(slot);

	child_want_output(slot->child);
	slot->waiting_since_ns = clock_now_ns();
	if (patience && !slot->ended)
		wake_at(slot->programs,
			slot->waiting_since_ns +
				(patience > slot->waited_ns ? patience - slot->waited_ns : 0));
}

static void end_to_wait(struct slot *slot)
{
	if (slot->waiting_since_ns)
		slot->waited_ns += clock_now_ns() - slot->waiting_since_ns;
	slot->waiting_since_ns = 0;
}

/* ---- how it ends ---- */

static void give_up(struct slot *slot, const char *reason)
{
	struct programs *programs = slot->programs;
	const struct zone_config *zone =
		controller_get_config(programs->config.controller, slot->zone);
	char text[CONTROLLER_FAULT_MAX];

	snprintf(text, sizeof(text), "%s %s", program_of(slot)->id, reason);
	log_error(LOG_ANIMATION, 0, "zone %s: %s; given up", zone->id, text);
	slot->failures = 0;
	controller_set_fault(programs->config.controller, slot->zone, text);
	controller_apply(programs->config.controller,
			 &(struct command){ .type = COMMAND_ZONE_STOP_ANIMATION,
					    .zone = (uint16_t)slot->zone });
}

/* Why one has failed that nobody told to end; NULL if it has not. */
static const char *find_failure(const struct slot *slot, int result, char text[TASK_TEXT_MAX])
{
	if (result < 0)
		snprintf(text, TASK_TEXT_MAX, "cannot be started: %s", strerrordesc_np(-result));
	else if (slot->silent)
		snprintf(text, TASK_TEXT_MAX, "%s",
			 slot->pictures ? "made no picture for too long"
					: "made no picture in time");
	else if (slot->status < 0)
		snprintf(text, TASK_TEXT_MAX, "was ended by signal %d", -slot->status);
	else if (slot->status)
		snprintf(text, TASK_TEXT_MAX, "ended with code %d", slot->status);
	else if (stream_partial(&slot->stream))
		snprintf(text, TASK_TEXT_MAX, "ended in the middle of a picture");
	else if (!slot->pictures)
		snprintf(text, TASK_TEXT_MAX, "ended without a picture");
	else
		return NULL;
	return text;
}

static void fail(struct slot *slot, int result, const char *reason)
{
	struct programs *programs = slot->programs;
	uint64_t now_ns = clock_now_ns();
	unsigned int failures;

	tasks_fail(programs->config.tasks, slot->task, result, "%s", reason);
	if (slot->pictures && now_ns - slot->started_ns >= PROGRAMS_WELL_NS)
		slot->failures = 0;
	failures = ++slot->failures;
	slot->not_before_ns = now_ns + (PROGRAMS_DELAY_NS << (failures - 1));
	if (failures >= PROGRAMS_ATTEMPTS)
		give_up(slot, reason);
}

/* The zone shows something else by now, or the same program anew: this one is only to end. */
static bool is_unwanted(const struct slot *slot)
{
	return slot->wanted != slot->running || (slot->stopping && !slot->silent);
}

/* The child is no more, and what it wrote has been shown. @result: of its start. */
static void finish(struct slot *slot, int result)
{
	struct programs *programs = slot->programs;
	bool unwanted = is_unwanted(slot);
	const char *reason;
	char text[TASK_TEXT_MAX];

	slot->child = child_destroy(slot->child);
	programs->children--;
	reason = unwanted ? NULL : find_failure(slot, result, text);
	stream_fini(&slot->stream);
	if (slot->status == CHILD_LEFT_BEHIND) {
		tasks_fail(programs->config.tasks, slot->task, -ETIMEDOUT, "%s",
			   "does not end, not even by SIGKILL, and is left behind");
		slot->not_before_ns = clock_now_ns() + PROGRAMS_LEFT_DELAY_NS;
	} else if (unwanted) {
		tasks_cancel(programs->config.tasks, slot->task);
	} else if (reason) {
		fail(slot, result, reason);
	} else {
		slot->done = true;
		tasks_complete(programs->config.tasks, slot->task);
	}
	loop_defer(programs->later);
	if (programs->ending && !programs->children && programs->on_end) {
		programs->on_end(programs->on_end_data);
		programs->on_end = NULL;
	}
}

static void on_exit_of_child(int status, void *data)
{
	struct slot *slot = data;

	slot->exited = true;
	slot->status = status;
	end_to_wait(slot);
	/* what one wrote that ended well is shown first, at the pace of frames */
	if (slot->stopping || slot->ended || status)
		finish(slot, 0);
	else
		engine_fetch_again(slot->programs->config.engine, slot->zone);
}

/* ---- pictures ---- */

/* Its output has ended, or there is nothing in it of one that is gone. */
static void end_output(struct slot *slot)
{
	slot->ended = true;
	/* the engine is in the middle of a frame */
	if (slot->exited)
		loop_defer(slot->programs->later);
	else
		child_expect_end(slot->child);
}

/* All zones of a frame together get so much, so that no frame takes long. */
static bool may_read(struct programs *programs)
{
	uint64_t now_ns = clock_now_ns();

	if (now_ns - programs->turn_ns >= NSEC_PER_SEC / FRAMES_FPS_MAX / 2) {
		programs->turn_ns = now_ns;
		programs->turn_bytes = 0;
	}
	return programs->turn_bytes < PROGRAMS_BYTES_A_TURN;
}

static bool fetch(unsigned int zone, struct pixel *picture, void *data)
{
	struct programs *programs = data;
	struct slot *slot = &programs->slot[zone];
	size_t whole = 0;
	ssize_t n;

	if (!slot->child || !slot->started || slot->ended || slot->stopping)
		return false;
	while (!whole && may_read(programs)) {
		n = child_read(slot->child, stream_at(&slot->stream), stream_room(&slot->stream));
		if (n == -EAGAIN && !slot->exited) {
			begin_to_wait(slot);
			return false;
		}
		if (n <= 0) {
			end_output(slot);
			return false;
		}
		programs->turn_bytes += (size_t)n;
		whole = stream_added(&slot->stream, (size_t)n, picture);
	}
	if (whole)
		slot->waited_ns = 0;
	slot->pictures += whole;
	return true;
}

static void on_output_of_child(void *data)
{
	struct slot *slot = data;

	end_to_wait(slot);
	engine_fetch_again(slot->programs->config.engine, slot->zone);
}

/* ---- how it begins ---- */

static void on_start_of_child(int result, void *data)
{
	struct slot *slot = data;
	const struct zone_config *zone;

	if (result < 0) {
		finish(slot, result);
		return;
	}
	slot->started = true;
	slot->started_ns = clock_now_ns();
	zone = controller_get_config(slot->programs->config.controller, slot->zone);
	log_debug(LOG_ANIMATION, "zone %s: %s runs as process %d", zone->id, program_of(slot)->id,
		  (int)child_pid(slot->child));
	/* one is shown, one waits: what is further ahead would only be late */
	if (!program_of(slot)->live || 2 * slot->stream.picture_bytes > STREAM_LIVE_BYTES)
		child_set_room(slot->child, 2 * slot->stream.picture_bytes);
	begin_to_wait(slot);
}

#define ENV_TEXT_MAX 64

static int spawn(struct slot *slot)
{
	struct programs *programs = slot->programs;
	const struct program_config *program = program_of(slot);
	const struct zone_config *zone =
		controller_get_config(programs->config.controller, slot->zone);
	const char *argv[CHILD_ARGS_MAX + 1] = { 0 }, *word = program->command;
	char pixels[ENV_TEXT_MAX], width[ENV_TEXT_MAX], height[ENV_TEXT_MAX], fps[ENV_TEXT_MAX],
		name[ENV_TEXT_MAX];
	const char *envp[] = {
		"PATH=/usr/local/bin:/usr/bin:/bin",
		"LANG=C.UTF-8",
		pixels,
		width,
		height,
		fps,
		name,
		NULL,
	};
	struct child_config child = { .loop = programs->config.loop,
				      .worker = programs->worker,
				      .name = program->id,
				      .argv = argv,
				      .envp = envp,
				      .on_start = on_start_of_child,
				      .on_output = on_output_of_child,
				      .on_exit = on_exit_of_child,
				      .data = slot };
	unsigned int i;
	int ret;

	for (i = 0; i < program->words && i < CHILD_ARGS_MAX; i++, word += strlen(word) + 1)
		argv[i] = word;
	snprintf(pixels, sizeof(pixels), "DIUNA_PIXELS=%u", zone->count);
	snprintf(width, sizeof(width), "DIUNA_WIDTH=%u", zone_picture_width(zone));
	snprintf(height, sizeof(height), "DIUNA_HEIGHT=%u", zone_picture_height(zone));
	snprintf(fps, sizeof(fps), "DIUNA_FPS=%u", frames_get_fps(programs->config.frames));
	snprintf(name, sizeof(name), "DIUNA_ZONE=%s", zone->id);
	ret = stream_init(&slot->stream, zone->count, program->live);
	if (ret < 0)
		return ret;
	ret = child_start(&slot->child, &child);
	if (ret < 0)
		stream_fini(&slot->stream);
	return ret;
}

/* One that is started again after it failed is the same task, with a restart more. */
static void register_task(struct slot *slot, const struct zone_config *zone)
{
	struct tasks *tasks = slot->programs->config.tasks;
	uint32_t task = slot->failures ? tasks_restart(tasks, slot->task) : 0;

	if (!task)
		task = tasks_add(tasks, TASK_ANIMATION, 0, TASK_FAIL_RECORD, "program %s on %s",
				 program_of(slot)->id, zone->id);
	slot->task = task;
}

static void begin(struct slot *slot)
{
	struct programs *programs = slot->programs;
	const struct zone_config *zone =
		controller_get_config(programs->config.controller, slot->zone);
	uint64_t now_ns = clock_now_ns();
	int ret;

	slot->running = slot->wanted;
	if (programs->children == PROGRAMS_RUNNING_MAX) {
		give_up(slot, "is one program too many");
		return;
	}
	slot->status = 0;
	slot->started = slot->stopping = slot->silent = slot->ended = slot->exited = false;
	slot->pictures = slot->waited_ns = slot->waiting_since_ns = 0;
	slot->started_ns = now_ns;
	slot->not_before_ns = now_ns + PROGRAMS_DELAY_NS;
	register_task(slot, zone);
	ret = spawn(slot);
	if (ret >= 0) {
		programs->children++;
		return;
	}
	fail(slot, ret, "cannot be started");
	loop_defer(programs->later);
}

/* ---- what is wanted ---- */

/* Brings what runs nearer to what is wanted. */
static void look_at(struct slot *slot)
{
	uint64_t now_ns;

	if (slot->child) {
		if (slot->wanted == slot->running || slot->stopping)
			return;
		slot->stopping = true;
		child_stop(slot->child);
		/* nobody wants to see the rest of what it wrote */
		if (slot->exited)
			finish(slot, 0);
		return;
	}
	if (slot->wanted == NONE || slot->done)
		return;
	now_ns = clock_now_ns();
	if (now_ns < slot->not_before_ns)
		wake_at(slot->programs, slot->not_before_ns);
	else
		begin(slot);
}

static int on_later(struct loop_source *source, void *data)
{
	struct programs *programs = data;
	unsigned int i;

	(void)source;
	for (i = 0; i < programs->slots; i++) {
		struct slot *slot = &programs->slot[i];

		if (slot->child && slot->ended && slot->exited)
			finish(slot, 0);
		look_at(slot);
	}
	return 0;
}

static uint16_t wanted_of(const struct programs *programs, unsigned int zone)
{
	const struct zone_state *state = controller_get(programs->config.controller, zone);
	const struct effect *effect;

	if (programs->ending || !state || state->mode != ZONE_ANIMATION)
		return NONE;
	effect = effect_at(state->animation);
	return effect && effect->external ? (uint16_t)(effect - programs->effect) : NONE;
}

static void want(struct slot *slot, uint16_t program)
{
	if (slot->wanted == program)
		return;
	slot->wanted = program;
	slot->done = false;
	slot->failures = 0;
	/* the controller is in the middle of a command */
	loop_defer(slot->programs->later);
}

static int on_animation(const struct event *event, void *data)
{
	struct programs *programs = data;
	unsigned int zone = event->animation.zone;

	if (zone >= programs->slots)
		return -EINVAL;
	/* what the zone's state says now counts, not what was told of an earlier one */
	want(&programs->slot[zone], wanted_of(programs, zone));
	return 0;
}

static void check_patience(struct slot *slot, uint64_t now_ns)
{
	uint64_t patience = patience_ns(slot), waited_ns;

	if (!slot->started || slot->stopping || slot->ended || !slot->waiting_since_ns || !patience)
		return;
	waited_ns = slot->waited_ns + now_ns - slot->waiting_since_ns;
	if (waited_ns >= patience) {
		slot->stopping = slot->silent = true;
		child_stop(slot->child);
	} else {
		wake_at(slot->programs, now_ns + patience - waited_ns);
	}
}

static int on_timer(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct programs *programs = data;
	unsigned int i;

	(void)source;
	programs->timer_ns = 0;
	for (i = 0; i < programs->slots; i++) {
		struct slot *slot = &programs->slot[i];

		if (slot->child)
			check_patience(slot, now_ns);
		else
			look_at(slot);
	}
	return 0;
}

/* ---- beginning and end of it all ---- */

int programs_create(struct programs **ret_programs, const struct programs_config *config)
{
	struct programs *programs;
	unsigned int i;
	int ret = 0;

	if (config->count > PROGRAMS_MAX)
		return -ENOSPC;
	programs = calloc(1, sizeof(*programs));
	if (!programs)
		return -ENOMEM;
	programs->config = *config;
	for (i = 0; i < config->count && ret >= 0; i++) {
		const struct program_config *program = &config->program[i];

		programs->effect[i] =
			effect_make_external(program->id, program->label, program->description);
		ret = effect_add(&programs->effect[i]);
	}
	if (ret < 0) {
		effect_drop_added();
		free(programs);
		return ret;
	}
	*ret_programs = programs;
	return 0;
}

int programs_start(struct programs *programs)
{
	const struct programs_config *config = &programs->config;
	unsigned int i;
	int ret;

	if (!config->count)
		return 0;
	programs->slots = controller_zone_count(config->controller);
	programs->slot = calloc(programs->slots + 1, sizeof(*programs->slot));
	if (!programs->slot)
		return -ENOMEM;
	for (i = 0; i < programs->slots; i++) {
		programs->slot[i].programs = programs;
		programs->slot[i].zone = i;
		programs->slot[i].wanted = NONE;
	}
	ret = worker_create(&programs->worker, config->loop, "programs");
	if (ret < 0)
		return ret;
	ret = loop_add_timer(config->loop, &programs->timer, "programs", LOOP_HOUSEKEEPING,
			     on_timer, programs);
	if (ret < 0)
		return ret;
	ret = loop_add_defer(config->loop, &programs->later, "programs", LOOP_COMMAND, on_later,
			     programs);
	if (ret < 0)
		return ret;
	ret = bus_subscribe(config->bus, &programs->on_start, "programs", EVENT_ANIMATION_STARTED,
			    0, NULL, on_animation, programs);
	if (ret < 0)
		return ret;
	engine_set_source(config->engine, fetch, programs);
	return bus_subscribe(config->bus, &programs->on_stop, "programs", EVENT_ANIMATION_STOPPED,
			     0, NULL, on_animation, programs);
}

int programs_cancel(struct programs *programs, uint32_t task)
{
	unsigned int i;

	for (i = 0; task && i < programs->slots; i++) {
		const struct slot *slot = &programs->slot[i];

		if (!slot->child || slot->task != task)
			continue;
		if (is_unwanted(slot))
			return 0;
		return controller_apply(programs->config.controller,
					&(struct command){ .type = COMMAND_ZONE_STOP_ANIMATION,
							   .zone = (uint16_t)i });
	}
	return -ENOENT;
}

void programs_end(struct programs *programs, void (*on_end)(void *data), void *data)
{
	unsigned int i;

	programs->ending = true;
	for (i = 0; i < programs->slots; i++)
		want(&programs->slot[i], NONE);
	if (!programs->children) {
		if (on_end)
			on_end(data);
		return;
	}
	programs->on_end = on_end;
	programs->on_end_data = data;
}

void programs_kill(const struct programs *programs)
{
	unsigned int i;

	for (i = 0; programs && i < programs->slots; i++) {
		pid_t pid = programs->slot[i].child ? child_pid(programs->slot[i].child) : 0;

		if (pid)
			kill(-pid, SIGKILL);
	}
}

struct programs *programs_destroy(struct programs *programs)
{
	unsigned int i;

	if (!programs)
		return NULL;
	bus_unsubscribe(programs->on_stop);
	bus_unsubscribe(programs->on_start);
	if (programs->config.count)
		engine_set_source(programs->config.engine, NULL, NULL);
	for (i = 0; i < programs->slots; i++) {
		child_destroy(programs->slot[i].child);
		stream_fini(&programs->slot[i].stream);
	}
	/* with those that it had not started yet */
	worker_destroy(programs->worker, PROGRAMS_WORKER_END_NS);
	loop_source_remove(programs->later);
	loop_source_remove(programs->timer);
	effect_drop_added();
	free(programs->slot);
	free(programs);
	return NULL;
}
