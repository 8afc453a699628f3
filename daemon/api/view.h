/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "control/scenes.h"
#include "control/snapshot.h"
#include "core/bus.h"
#include "core/loop.h"
#include "frames/frames.h"

struct config_document;
struct desk_figures;
struct desk_snapshot;
struct events;

/**
 * struct view - what answers are made from
 * @state, @tasks, @library: the newest snapshots; never NULL while requests are answered
 * @desk, @desk_figures: inputs and bindings; may be NULL
 * @config: the configuration as it is told; may be NULL
 * @figures: of the frame manager; may be NULL
 * @bus_figures: of the event bus; may be NULL
 * @light_loop: for loop_stalls() and loop_stalled() only; may be NULL
 * @events: those remembered
 * @log: room for log lines to be copied to, @log_room lines
 */
struct view {
	const struct state_snapshot *state;
	const struct tasks_snapshot *tasks;
	const struct library *library;
	uint64_t started_ns; /* of CLOCK_MONOTONIC */
	const struct desk_snapshot *desk;
	const struct desk_figures *desk_figures;
	struct config_document *config;
	const struct frames_figures *figures;
	const struct bus_figures *bus_figures;
	const struct loop *light_loop;
	const struct events *events;
	struct log_line *log;
	size_t log_room;
};
