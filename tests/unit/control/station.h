/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * Three zones and a group with the real controller, panel, engine and frame
 * manager, on a loop whose time the test moves. Include it after cmocka.h.
 */
#include "../frames/fake_loop.h"

#include "../frames/fake_output.h"
#include "control/panel.h"
#include "pixel/color.h"

#define FPS 40
#define PERIOD_MS 25

enum {
	A,
	B,
	LAMP,
	GROUP
};

static const struct presets no_presets;

struct station {
	struct bus *bus;
	struct tasks *tasks;
	struct mailbox *state_mailbox, *tasks_mailbox;
	struct fake_output out;
	struct frames *frames;
	struct engine *engine;
	struct controller *controller;
	struct panel *panel;
	struct bus_subscription *subscription;
	const struct state_snapshot *snapshot; /* taken last */
	unsigned int told;
	unsigned int idle; /* times the controller had done all that waited */
};

static inline void on_idle(void *data)
{
	((struct station *)data)->idle++;
}

static inline int on_event(const struct event *event, void *data)
{
	struct station *station = data;

	(void)event;
	station->told++;
	return 0;
}

static inline struct zone_state red(void)
{
	struct zone_state state = { .is_on = true,
				    .brightness = 100,
				    .color = { .mode = ZONE_COLOR_HUE },
				    .animation = (uint16_t)effect_index(effect_find("BREATHE")) };
	const struct effect *effect = effect_at(state.animation);

	state.color.rgb = color_from_hue(0);
	for (size_t i = 0; i < effect->param_count; i++)
		state.params[i] = effect->params[i].def;
	return state;
}

/* A: pixels 0 and 1, B: 2 and 3, LAMP: 4 and 5, and a group of LAMP and A, off. */
static inline void add_zones(struct station *station)
{
	static const char *const ids[] = { "A", "B", "LAMP" };
	struct zone_config config = { .output = "fake", .count = 2, .enabled = true };
	struct zone_state state = red();

	for (unsigned int i = 0; i < 3; i++) {
		strcpy(config.id, ids[i]);
		config.first = 2 * i;
		assert_int_equal(controller_add_zone(station->controller, 0, &config, &state), i);
	}
	config = (struct zone_config){ .id = "GROUP",
				       .output = "fake",
				       .count = 4,
				       .enabled = true,
				       .layer = 1,
				       .member_count = 2,
				       .member = { LAMP, A } };
	state.is_on = false;
	assert_int_equal(controller_add_zone(station->controller, 0, &config, &state), GROUP);
}

static inline void on_output(unsigned int output, bool present, int error, void *data)
{
	controller_on_output(((struct station *)data)->controller, output, present, error);
}

static inline int setup(void **state)
{
	struct station *station = calloc(1, sizeof(*station));
	struct frames_config frames = {
		.loop = &fake.loop, .fps = FPS, .on_output = on_output, .data = station
	};
	struct tasks_config tasks = { .finished = 16 };
	struct controller_config controller = {
		.loop = &fake.loop, .presets = &no_presets, .on_idle = on_idle, .data = station
	};

	assert_non_null(station);
	fake_reset();
	fake_output_init(&station->out, 6, 3);
	assert_int_equal(
		bus_create(&station->bus, &(struct bus_config){ .history = 64, .queue = 64 }), 0);
	assert_int_equal(bus_subscribe(station->bus, &station->subscription, "test",
				       EVENT_PANEL_CHANGED, 0, NULL, on_event, station),
			 0);
	assert_int_equal(tasks_create(&station->tasks, &tasks), 0);
	assert_int_equal(mailbox_create(&station->state_mailbox, sizeof(struct state_snapshot),
					SNAPSHOT_BUFFERS),
			 0);
	assert_int_equal(mailbox_create(&station->tasks_mailbox, sizeof(struct tasks_snapshot),
					SNAPSHOT_BUFFERS),
			 0);
	assert_int_equal(frames_create(&station->frames, &frames), 0);
	assert_int_equal(
		engine_create(&station->engine, &(struct engine_config){ station->frames, 1 }), 0);
	controller.engine = station->engine;
	controller.frames = station->frames;
	controller.bus = station->bus;
	controller.tasks = station->tasks;
	controller.state_mailbox = station->state_mailbox;
	controller.tasks_mailbox = station->tasks_mailbox;
	assert_int_equal(controller_create(&station->controller, &controller), 0);
	assert_int_equal(frames_add_output(station->frames, &station->out.output), 0);
	assert_int_equal(controller_add_output(station->controller, &station->out.output), 0);
	add_zones(station);
	assert_int_equal(panel_create(&station->panel,
				      &(struct panel_config){ .controller = station->controller,
							      .frames = station->frames,
							      .bus = station->bus,
							      .presets = &no_presets }),
			 0);
	assert_int_equal(engine_start(station->engine), 0);
	assert_int_equal(controller_start(station->controller), 0);
	assert_int_equal(frames_start(station->frames), 0);
	fake_run_ms(1000);
	*state = station;
	return 0;
}

static inline int teardown(void **state)
{
	struct station *station = *state;

	frames_stop(station->frames);
	panel_destroy(station->panel);
	controller_destroy(station->controller);
	engine_destroy(station->engine);
	frames_destroy(station->frames);
	mailbox_destroy(station->state_mailbox);
	mailbox_destroy(station->tasks_mailbox);
	tasks_destroy(station->tasks);
	bus_unsubscribe(station->subscription);
	bus_destroy(station->bus);
	free(station);
	return 0;
}

static inline struct pixel shown(const struct station *station, unsigned int zone)
{
	const uint8_t *at = station->out.frame + 6UL * zone;

	return (struct pixel){ at[0], at[1], at[2], 0 };
}
