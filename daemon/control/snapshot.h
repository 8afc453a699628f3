/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "control/transitions.h"
#include "control/zone.h"
#include "core/tasks.h"
#include "output/output.h"

/*
 * What other threads see of the light loop: immutable copies, published by
 * core/mailbox.h after each change and before the result of the command that
 * made it is sent, so that a client reads what it wrote.
 */

/** SNAPSHOT_BUFFERS - snapshots of a kind: being filled, waiting, and two at the reader */
#define SNAPSHOT_BUFFERS 4

/** CONTROLLER_FAULT_MAX - bytes of the reason why an animation was given up, the closing zero included */
#define CONTROLLER_FAULT_MAX 96

struct snapshot_zone {
	struct zone_config config;
	struct zone_state state;
	bool fits;			  /* the output has these pixels */
	char fault[CONTROLLER_FAULT_MAX]; /* why its animation was given up, "" if none was */
};

struct snapshot_output {
	char name[OUTPUT_NAME_MAX];
	char type[16];
	bool present;
	int error; /* -errno of why it is not there, 0 while it is */
	struct output_geometry geometry;
};

enum panel_target {
	PANEL_BRIGHTNESS,
	PANEL_HUE,
	PANEL_PRESET,
	PANEL_TARGETS,
};

/** struct panel_state - the control panel and the flow of frames, as control/panel.h has them */
struct panel_state {
	bool editing;
	bool lamp_white;
	bool power_off;
	uint16_t selected, lamp;  /* zones */
	enum panel_target target; /* of a static zone */
	uint8_t parameter;	  /* of an animated one */
	bool stepping, playing;	  /* frame by frame */
	uint16_t frame, frame_count;
	bool paused;
	uint16_t fps;
};

/** struct thermal_state - how the board is; a plain value without gaps */
struct thermal_state {
	int32_t temperature_c;
	bool known;	  /* there is a sensor, and what it says */
	bool hot;	  /* so that there are fewer frames a second */
	bool low_voltage; /* the supply's */
	bool unused;
};

/** struct state_snapshot - all zones and outputs */
struct state_snapshot {
	uint64_t version; /* grows by 1 with each one */
	uint32_t zone_count;
	uint32_t output_count;
	int store_error; /* -errno: the state is not saved, so a restart would lose it */
	struct thermal_state thermal;
	struct panel_state panel;
	struct transitions transitions;
	struct snapshot_zone zone[ZONE_MAX];
	struct snapshot_output output[16];
};

#define SNAPSHOT_TASKS_MAX (TASKS_MAX_RUNNING + 256)

/** struct tasks_snapshot - all tasks known */
struct tasks_snapshot {
	uint64_t version;
	struct tasks_summary summary;
	uint32_t count;
	struct task_info task[SNAPSHOT_TASKS_MAX];
};
