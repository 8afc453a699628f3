// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The station's rules, with the real engine, frame manager and a strip in
 * memory. All transitions are cuts, so the next frame is the final picture.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "control/controller.h"
#include "core/loop.h"
#include "frames/frames.h"
#include "output/virtual.h"

#define EVENTS_MAX 64
#define A 0
#define B 1
/* Zone A is the first two pixels, zone B the next three. */
#define PIXELS 5

/* besides the original's */
static const struct presets no_presets;

struct station {
	struct loop *loop;
	struct bus *bus;
	struct tasks *tasks;
	struct mailbox *state_mailbox, *tasks_mailbox;
	struct output *output;
	struct frames *frames;
	struct engine *engine;
	struct controller *controller;
	struct bus_subscription *subscription;
	unsigned int frames_begun;
	size_t event_count;
	struct event event[EVENTS_MAX];
};

static int on_event(const struct event *event, void *data)
{
	struct station *station = data;

	assert_true(station->event_count < EVENTS_MAX);
	station->event[station->event_count++] = *event;
	return 0;
}

static void on_task_change(const struct task_info *task, void *data)
{
	struct station *station = data;

	(void)task;
	if (station->controller)
		controller_on_task(station->controller);
}

/* The second frame begins when the first has been given to the strip. */
static bool on_frame(uint64_t now_ns, void *data)
{
	struct station *station = data;

	(void)now_ns;
	if (++station->frames_begun < 2)
		return true;
	loop_exit(station->loop, 0);
	return false;
}

static uint16_t find_effect(const char *id)
{
	return (uint16_t)effect_index(effect_find(id));
}

static struct zone_state white(void)
{
	struct zone_state state = { .is_on = true,
				    .brightness = 100,
				    .color = { .mode = ZONE_COLOR_RGB,
					       .rgb = { 255, 255, 255, 0 } },
				    .animation = find_effect("BREATHE") };
	const struct effect *effect = effect_at(state.animation);
	size_t i;

	for (i = 0; i < effect->param_count; i++)
		state.params[i] = effect->params[i].def;
	return state;
}

static int add_zone(struct station *station, const char *id, uint32_t first, uint32_t count,
		    const struct zone_state *state)
{
	struct zone_config config = {
		.output = "main", .first = first, .count = count, .enabled = true
	};

	strcpy(config.id, id);
	return controller_add_zone(station->controller, 0, &config, state);
}

/* All but controller_start(), so that tests may give zones of their own. */
static struct station *create(void)
{
	struct station *station = calloc(1, sizeof(*station));
	struct tasks_config tasks = { .finished = 16,
				      .on_change = on_task_change,
				      .data = station };
	struct virtual_config virtual = {
		.name = "main",
		.geometry = { .channels = 1, .channel[0] = { .pixels = PIXELS, .components = 3 } },
		.preview_fd = -1
	};
	struct frames_config frames = { .fps = FRAMES_FPS_MAX };
	struct engine_config engine = { .seed = 1 };
	struct controller_config controller = { 0 };

	assert_int_equal(loop_create(&station->loop, "test"), 0);
	assert_int_equal(
		bus_create(&station->bus, &(struct bus_config){ .history = 64, .queue = 64 }), 0);
	assert_int_equal(bus_subscribe(station->bus, &station->subscription, "test", EVENT_NONE, 0,
				       NULL, on_event, station),
			 0);
	assert_int_equal(tasks_create(&station->tasks, &tasks), 0);
	assert_int_equal(mailbox_create(&station->state_mailbox, sizeof(struct state_snapshot),
					SNAPSHOT_BUFFERS),
			 0);
	assert_int_equal(mailbox_create(&station->tasks_mailbox, sizeof(struct tasks_snapshot),
					SNAPSHOT_BUFFERS),
			 0);
	assert_int_equal(virtual_create(&station->output, station->loop, &virtual), 0);
	frames.loop = station->loop;
	assert_int_equal(frames_create(&station->frames, &frames), 0);
	engine.frames = station->frames;
	assert_int_equal(engine_create(&station->engine, &engine), 0);
	controller.engine = station->engine;
	controller.frames = station->frames;
	controller.bus = station->bus;
	controller.tasks = station->tasks;
	controller.loop = station->loop;
	controller.state_mailbox = station->state_mailbox;
	controller.tasks_mailbox = station->tasks_mailbox;
	controller.presets = &no_presets;
	assert_int_equal(controller_create(&station->controller, &controller), 0);
	assert_true(frames_add_output(station->frames, station->output) >= 0);
	assert_true(controller_add_output(station->controller, station->output) >= 0);
	return station;
}

static void start(struct station *station)
{
	assert_int_equal(engine_start(station->engine), 0);
	assert_int_equal(frames_add_producer(station->frames, on_frame, station), 0);
	assert_int_equal(controller_start(station->controller), 0);
	assert_int_equal(frames_start(station->frames), 0);
}

static int setup(void **state)
{
	struct station *station = create();
	struct zone_state zone = white();

	assert_int_equal(add_zone(station, "A", 0, 2, &zone), A);
	assert_int_equal(add_zone(station, "B", 2, 3, &zone), B);
	start(station);
	station->event_count = 0;
	*state = station;
	return 0;
}

static int teardown(void **state)
{
	struct station *station = *state;

	controller_destroy(station->controller);
	engine_destroy(station->engine);
	frames_destroy(station->frames);
	output_destroy(station->output);
	mailbox_destroy(station->tasks_mailbox);
	mailbox_destroy(station->state_mailbox);
	tasks_destroy(station->tasks);
	bus_unsubscribe(station->subscription);
	bus_destroy(station->bus);
	loop_destroy(station->loop);
	free(station);
	return 0;
}

/* Run the loop until what was asked shows; returns the strip's bytes. */
static const uint8_t *shown(struct station *station)
{
	station->frames_begun = 0;
	frames_kick(station->frames);
	assert_int_equal(loop_run(station->loop), 0);
	return virtual_frame(station->output);
}

static void expect_shown(struct station *station, struct pixel a, struct pixel b)
{
	const uint8_t *frame = shown(station);
	unsigned int i;

	for (i = 0; i < PIXELS; i++) {
		struct pixel want = i < 2 ? a : b;
		uint8_t bytes[] = { want.r, want.g, want.b };

		assert_memory_equal(&frame[i * 3], bytes, 3);
	}
}

static bool told(const struct station *station, enum event_type type, uint32_t key)
{
	size_t i;

	for (i = 0; i < station->event_count; i++) {
		if (station->event[i].type == type && station->event[i].key == key)
			return true;
	}
	return false;
}

static int apply(struct station *station, struct command command)
{
	return controller_apply(station->controller, &command);
}

#define APPLY(station, ...) apply(station, (struct command){ __VA_ARGS__ })
#define RGB(red, green, blue) \
	((struct zone_color){ .mode = ZONE_COLOR_RGB, .rgb = { .r = red, .g = green, .b = blue } })
static const struct pixel WHITE = { 255, 255, 255, 0 };

static void the_given_state_shows_from_the_start(void **state)
{
	expect_shown(*state, WHITE, WHITE);
}

static void a_colour_shows_in_its_zone_only(void **state)
{
	struct station *station = *state;

	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_COLOR, .zone = B,
			       .color = RGB(1, 2, 3)),
			 0);
	expect_shown(station, WHITE, (struct pixel){ 1, 2, 3, 0 });
	assert_true(told(station, EVENT_ZONE_STATIC_STATE_CHANGED, B));
	assert_false(told(station, EVENT_ZONE_STATIC_STATE_CHANGED, A));
}

static void hues_and_presets_become_their_colours_whatever_rgb_came_with_them(void **state)
{
	struct station *station = *state;
	struct zone_color hue = { .mode = ZONE_COLOR_HUE, .hue = 240, .rgb = { 9, 9, 9, 9 } };
	struct zone_color preset = { .mode = ZONE_COLOR_PRESET, .rgb = { 9, 9, 9, 9 } };

	preset.preset = (uint16_t)color_preset_find("cool_white");
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_COLOR, .color = hue), 0);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_COLOR, .zone = B, .color = preset),
			 0);
	/* 240 degrees is blue; the preset is of the origin's list */
	expect_shown(station, (struct pixel){ 0, 0, 255, 0 }, (struct pixel){ 200, 220, 255, 0 });
}

static void brightness_in_percent_becomes_a_level_of_255(void **state)
{
	/* rounded: 1 % of 255 is 2.55, 50 % is 127.5, 20 % is 51 */
	static const uint8_t cases[][2] = { { 0, 0 },	 { 1, 3 },    { 20, 51 },
					    { 50, 128 }, { 99, 252 }, { 100, 255 } };
	struct station *station = *state;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t v = cases[i][1];

		assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_BRIGHTNESS,
				       .brightness = cases[i][0]),
				 0);
		expect_shown(station, (struct pixel){ v, v, v, 0 }, WHITE);
	}
}

static void off_is_dark_and_on_brings_all_back(void **state)
{
	struct station *station = *state;

	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_BRIGHTNESS, .brightness = 20), 0);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_ON, .is_on = false), 0);
	expect_shown(station, PIXEL_BLACK, WHITE);
	assert_int_equal(controller_get(station->controller, A)->brightness, 20);
	/* asked for in the dark, shown with the light */
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_BRIGHTNESS, .brightness = 40), 0);
	expect_shown(station, PIXEL_BLACK, WHITE);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_ON, .is_on = true), 0);
	expect_shown(station, (struct pixel){ 102, 102, 102, 0 }, WHITE);
}

static void a_disabled_zone_stays_dark(void **unused)
{
	struct station *station = create();
	struct zone_config config = { .id = "A", .output = "main", .count = 2 };
	struct zone_state zone = white();

	(void)unused;
	assert_int_equal(controller_add_zone(station->controller, 0, &config, &zone), A);
	assert_int_equal(add_zone(station, "B", 2, 3, &zone), B);
	start(station);
	expect_shown(station, PIXEL_BLACK, WHITE);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_BRIGHTNESS, .brightness = 50), 0);
	expect_shown(station, PIXEL_BLACK, WHITE);
	teardown((void **)&station);
}

static void an_animation_starts_with_its_defaults(void **state)
{
	struct station *station = *state;
	const struct effect *snake = effect_find("SNAKE");
	const struct zone_state *zone = controller_get(station->controller, A);
	size_t i;

	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_ANIMATION,
			       .animation = find_effect("SNAKE")),
			 0);
	assert_int_equal(zone->mode, ZONE_ANIMATION);
	assert_ptr_equal(effect_at(zone->animation), snake);
	for (i = 0; i < snake->param_count; i++)
		assert_int_equal(zone->params[i], snake->params[i].def);
	assert_true(engine_moving(station->engine, A));
	assert_true(told(station, EVENT_ANIMATION_STARTED, A));
	assert_true(told(station, EVENT_ZONE_ANIMATION_CHANGED, A));
	assert_true(told(station, EVENT_ZONE_RENDER_MODE_CHANGED, A));
}

static int set_speed(struct station *station, const char *id, int32_t speed)
{
	struct command command = { .type = COMMAND_ZONE_SET_PARAMS };
	int param = effect_param_find(effect_find(id), "speed");

	command.params.animation = find_effect(id);
	command.params.mask = (uint16_t)(1U << param);
	command.params.params[param] = speed;
	return apply(station, command);
}

static int32_t speed_of(struct station *station)
{
	const struct zone_state *zone = controller_get(station->controller, A);

	return zone->params[effect_param_find(effect_at(zone->animation), "speed")];
}

static void the_same_animation_again_keeps_its_parameters(void **state)
{
	struct station *station = *state;
	struct command snake = { .type = COMMAND_ZONE_SET_ANIMATION,
				 .animation = find_effect("SNAKE") };

	assert_int_equal(apply(station, snake), 0);
	assert_int_equal(set_speed(station, "SNAKE", 7), 0);
	assert_int_equal(apply(station, snake), 0);
	assert_int_equal(speed_of(station), 7);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_STOP_ANIMATION), 0);
	assert_int_equal(apply(station, snake), 0);
	assert_int_equal(speed_of(station), 7);
	/* another one in between, and it begins anew */
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_ANIMATION,
			       .animation = find_effect("BREATHE")),
			 0);
	assert_int_equal(apply(station, snake), 0);
	assert_int_not_equal(speed_of(station), 7);
}

static void parameters_are_told_and_only_changed_ones(void **state)
{
	struct station *station = *state;
	size_t i, told_count = 0;

	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_ANIMATION,
			       .animation = find_effect("SNAKE")),
			 0);
	station->event_count = 0;
	assert_int_equal(set_speed(station, "SNAKE", 7), 0);
	assert_int_equal(set_speed(station, "SNAKE", 7), 0);
	for (i = 0; i < station->event_count; i++) {
		if (station->event[i].type != EVENT_ANIMATION_PARAMETER_CHANGED)
			continue;
		told_count++;
		assert_int_equal(station->event[i].parameter.zone, A);
		assert_string_equal(station->event[i].parameter.parameter, "speed");
		assert_int_equal(station->event[i].parameter.value, 7);
	}
	assert_int_equal(told_count, 1);
}

static void stopping_gives_the_colour_back_that_was_set_meanwhile(void **state)
{
	struct station *station = *state;

	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_ANIMATION,
			       .animation = find_effect("RAINBOW")),
			 0);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_COLOR, .color = RGB(4, 5, 6)), 0);
	assert_int_equal(controller_get(station->controller, A)->mode, ZONE_ANIMATION);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_STOP_ANIMATION), 0);
	expect_shown(station, (struct pixel){ 4, 5, 6, 0 }, WHITE);
	assert_false(engine_moving(station->engine, A));
	assert_true(told(station, EVENT_ANIMATION_STOPPED, A));
}

static void count_tasks(struct station *station, unsigned int *ret_running,
			unsigned int *ret_cancelled)
{
	struct tasks_summary summary;

	tasks_get_summary(station->tasks, &summary);
	*ret_running = summary.running_by_category[TASK_ANIMATION];
	*ret_cancelled = (unsigned int)summary.cancelled;
}

static void each_running_animation_is_a_task(void **state)
{
	struct station *station = *state;
	unsigned int running, cancelled;
	struct task_info task;

	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_ANIMATION, .zone = B,
			       .animation = find_effect("SNAKE")),
			 0);
	count_tasks(station, &running, &cancelled);
	assert_int_equal(running, 1);
	assert_int_equal(tasks_list(station->tasks, &task, 1), 1);
	assert_string_equal(task.description, "SNAKE on B");

	/* replaced: the old one is cancelled, the new one runs */
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_ANIMATION, .zone = B,
			       .animation = find_effect("RAINBOW")),
			 0);
	count_tasks(station, &running, &cancelled);
	assert_int_equal(running, 1);
	assert_int_equal(cancelled, 1);

	assert_int_equal(
		APPLY(station, .type = COMMAND_ZONE_SET_MODE, .zone = B, .mode = ZONE_STATIC), 0);
	count_tasks(station, &running, &cancelled);
	assert_int_equal(running, 0);
	assert_int_equal(cancelled, 2);
}

static void what_is_so_already_changes_and_tells_nothing(void **state)
{
	struct station *station = *state;

	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_ON, .is_on = true), 0);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_BRIGHTNESS, .brightness = 100), 0);
	assert_int_equal(
		APPLY(station, .type = COMMAND_ZONE_SET_COLOR, .color = RGB(255, 255, 255)), 0);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_MODE, .mode = ZONE_STATIC), 0);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_STOP_ANIMATION), 0);
	controller_sync(station->controller);
	assert_int_equal(station->event_count, 0);
}

static void a_refused_command_changes_nothing(void **state)
{
	struct station *station = *state;
	struct zone_state before = *controller_get(station->controller, A);
	struct command params = { .type = COMMAND_ZONE_SET_PARAMS };

	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = 2), -ENOENT);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_ON, .zone = UINT16_MAX), -ENOENT);
	assert_int_equal(APPLY(station, .type = COMMAND_TYPES), -EINVAL);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_BRIGHTNESS, .brightness = 101),
			 -EINVAL);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_COLOR,
			       .color = { .mode = ZONE_COLOR_HUE, .hue = 361 }),
			 -EINVAL);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_COLOR,
			       .color = { .mode = ZONE_COLOR_PRESET, .preset = 21 }),
			 -EINVAL);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_COLOR,
			       .color = { .mode = ZONE_COLOR_MODES }),
			 -EINVAL);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_MODE, .mode = (enum zone_mode)2),
			 -EINVAL);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_ANIMATION, .animation = 999),
			 -ENOENT);
	/* speed is 1 to 100 */
	assert_int_equal(set_speed(station, "BREATHE", 0), -EINVAL);
	assert_int_equal(set_speed(station, "BREATHE", 101), -EINVAL);
	assert_int_equal(set_speed(station, "SNAKE", 50), -ESTALE);
	params.params.animation = before.animation;
	params.params.mask = (uint16_t)(1U << effect_at(before.animation)->param_count);
	assert_int_equal(apply(station, params), -EINVAL);

	assert_memory_equal(&before, controller_get(station->controller, A), sizeof(before));
	controller_sync(station->controller);
	assert_int_equal(station->event_count, 0);
}

static void a_bad_parameter_spoils_the_good_ones_beside_it(void **state)
{
	struct station *station = *state;
	struct command command = { .type = COMMAND_ZONE_SET_PARAMS };
	const struct effect *effect = effect_find("BREATHE");
	struct zone_state before = *controller_get(station->controller, A);
	size_t i;

	command.params.animation = find_effect("BREATHE");
	for (i = 0; i < effect->param_count; i++) {
		command.params.mask |= (uint16_t)(1U << i);
		command.params.params[i] = effect->params[i].min;
	}
	command.params.params[effect->param_count - 1] =
		effect->params[effect->param_count - 1].max + 1;
	assert_int_equal(apply(station, command), -EINVAL);
	assert_memory_equal(&before, controller_get(station->controller, A), sizeof(before));
}

static void a_snapshot_shows_what_was_applied_before_the_sync(void **state)
{
	struct station *station = *state;
	const struct state_snapshot *snapshot;
	uint64_t version;

	snapshot = mailbox_take(station->state_mailbox);
	assert_non_null(snapshot);
	assert_int_equal(snapshot->zone_count, 2);
	assert_string_equal(snapshot->zone[B].config.id, "B");
	assert_int_equal(snapshot->output_count, 1);
	assert_string_equal(snapshot->output[0].name, "main");
	assert_string_equal(snapshot->output[0].type, "virtual");
	version = snapshot->version;
	mailbox_unref(station->state_mailbox, snapshot);

	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_BRIGHTNESS, .brightness = 1), 0);
	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_BRIGHTNESS, .brightness = 2), 0);
	assert_null(mailbox_take(station->state_mailbox));
	controller_sync(station->controller);
	snapshot = mailbox_take(station->state_mailbox);
	assert_non_null(snapshot);
	assert_int_equal(snapshot->version, version + 1);
	assert_int_equal(snapshot->zone[A].state.brightness, 2);
	mailbox_unref(station->state_mailbox, snapshot);
	assert_true(told(station, EVENT_ZONE_SNAPSHOT_UPDATED, A));
	assert_false(told(station, EVENT_ZONE_SNAPSHOT_UPDATED, B));

	controller_sync(station->controller);
	assert_null(mailbox_take(station->state_mailbox));
}

static void without_a_sync_the_loop_publishes_by_itself(void **state)
{
	struct station *station = *state;
	const struct state_snapshot *snapshot;
	uint64_t version;

	snapshot = mailbox_take(station->state_mailbox);
	version = snapshot->version;
	mailbox_unref(station->state_mailbox, snapshot);
	shown(station);
	/* the strip came at the start, that was told */
	snapshot = mailbox_take(station->state_mailbox);
	if (snapshot)
		version = snapshot->version;
	mailbox_unref(station->state_mailbox, snapshot);
	APPLY(station, .type = COMMAND_ZONE_SET_BRIGHTNESS, .brightness = 1);
	APPLY(station, .type = COMMAND_ZONE_SET_BRIGHTNESS, .zone = B, .brightness = 2);
	shown(station);
	snapshot = mailbox_take(station->state_mailbox);
	assert_non_null(snapshot);
	/* both changes in one */
	assert_int_equal(snapshot->version, version + 1);
	assert_int_equal(snapshot->zone[A].state.brightness, 1);
	assert_int_equal(snapshot->zone[B].state.brightness, 2);
	mailbox_unref(station->state_mailbox, snapshot);
}

static void a_reader_that_keeps_everything_is_told_later(void **state)
{
	struct station *station = *state;
	const struct state_snapshot *kept[SNAPSHOT_BUFFERS], *snapshot;
	unsigned int i;

	for (i = 0; i < SNAPSHOT_BUFFERS; i++) {
		kept[i] = mailbox_take(station->state_mailbox);
		assert_non_null(kept[i]);
		APPLY(station, .type = COMMAND_ZONE_SET_BRIGHTNESS, .brightness = (uint8_t)i);
		controller_sync(station->controller);
	}
	assert_null(mailbox_take(station->state_mailbox));
	for (i = 0; i < SNAPSHOT_BUFFERS; i++)
		mailbox_unref(station->state_mailbox, kept[i]);
	controller_sync(station->controller);
	snapshot = mailbox_take(station->state_mailbox);
	assert_non_null(snapshot);
	assert_int_equal(snapshot->zone[A].state.brightness, SNAPSHOT_BUFFERS - 1);
	mailbox_unref(station->state_mailbox, snapshot);
}

static void tasks_are_in_their_snapshot(void **state)
{
	struct station *station = *state;
	const struct tasks_snapshot *snapshot;

	assert_int_equal(APPLY(station, .type = COMMAND_ZONE_SET_ANIMATION,
			       .animation = find_effect("SNAKE")),
			 0);
	controller_sync(station->controller);
	snapshot = mailbox_take(station->tasks_mailbox);
	assert_non_null(snapshot);
	assert_int_equal(snapshot->count, 1);
	assert_int_equal(snapshot->summary.running, 1);
	assert_string_equal(snapshot->task[0].description, "SNAKE on A");
	mailbox_unref(station->tasks_mailbox, snapshot);
}

static void a_lost_output_is_in_the_snapshot_until_it_is_back(void **state)
{
	struct station *station = *state;
	const struct state_snapshot *snapshot;

	controller_on_output(station->controller, 0, false, -ENODEV);
	controller_sync(station->controller);
	snapshot = mailbox_take(station->state_mailbox);
	assert_int_equal(snapshot->output[0].error, -ENODEV);
	mailbox_unref(station->state_mailbox, snapshot);
	assert_true(told(station, EVENT_OUTPUT_CHANGED, 0));
	controller_on_output(station->controller, 0, true, -EIO);
	controller_sync(station->controller);
	snapshot = mailbox_take(station->state_mailbox);
	assert_int_equal(snapshot->output[0].error, 0);
	mailbox_unref(station->state_mailbox, snapshot);
}

static void zones_that_cannot_be_are_refused(void **unused)
{
	struct station *station = create();
	struct zone_state zone = white();

	(void)unused;
	assert_int_equal(add_zone(station, "A", 0, 2, &zone), A);
	assert_int_equal(add_zone(station, "A", 2, 2, &zone), -EEXIST);
	zone.brightness = 101;
	assert_int_equal(add_zone(station, "B", 2, 2, &zone), -EINVAL);
	zone = white();
	zone.params[effect_param_find(effect_find("BREATHE"), "speed")] = 0;
	assert_int_equal(add_zone(station, "B", 2, 2, &zone), -EINVAL);
	zone = white();
	zone.animation = 999;
	assert_int_equal(add_zone(station, "B", 2, 2, &zone), -EINVAL);
	zone = white();
	zone.color = (struct zone_color){ .mode = ZONE_COLOR_HUE, .hue = 361 };
	assert_int_equal(add_zone(station, "B", 2, 2, &zone), -EINVAL);
	zone = white();
	start(station);
	assert_int_equal(add_zone(station, "C", 2, 2, &zone), -EINVAL);
	assert_null(controller_get(station->controller, 1));
	teardown((void **)&station);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_given_state_shows_from_the_start),
		TEST(a_colour_shows_in_its_zone_only),
		TEST(hues_and_presets_become_their_colours_whatever_rgb_came_with_them),
		TEST(brightness_in_percent_becomes_a_level_of_255),
		TEST(off_is_dark_and_on_brings_all_back),
		cmocka_unit_test(a_disabled_zone_stays_dark),
		TEST(an_animation_starts_with_its_defaults),
		TEST(the_same_animation_again_keeps_its_parameters),
		TEST(parameters_are_told_and_only_changed_ones),
		TEST(stopping_gives_the_colour_back_that_was_set_meanwhile),
		TEST(each_running_animation_is_a_task),
		TEST(what_is_so_already_changes_and_tells_nothing),
		TEST(a_refused_command_changes_nothing),
		TEST(a_bad_parameter_spoils_the_good_ones_beside_it),
		TEST(a_snapshot_shows_what_was_applied_before_the_sync),
		TEST(without_a_sync_the_loop_publishes_by_itself),
		TEST(a_reader_that_keeps_everything_is_told_later),
		TEST(tasks_are_in_their_snapshot),
		TEST(a_lost_output_is_in_the_snapshot_until_it_is_back),
		cmocka_unit_test(zones_that_cannot_be_are_refused),
	};

	/* What is refused on purpose is not worth a line. */
	for (unsigned int i = 0; i < LOG_CATEGORIES; i++)
		log_set_level(i, LOG_LEVEL_ERROR);
	return cmocka_run_group_tests_name("controller", tests, NULL, NULL);
}
