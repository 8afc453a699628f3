/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/controller.h"
#include "control/zone.h"
#include "core/bus.h"
#include "core/loop.h"
#include "core/tasks.h"
#include "core/worker.h"
#include "engine/engine.h"
#include "frames/frames.h"

/*
 * External animations: programs whose standard output is a stream of pictures
 * of the zone, see README.md of scripts/animations. Which there are is said by
 * the configuration only; to everybody else each is an animation like others,
 * known by its id. A zone has at most one program at a time. One that fails is
 * started again, later each time, then given up: the zone shows its colour, and
 * health says why. Light loop only.
 */
struct programs;

/** PROGRAMS_MAX - programs of a configuration */
#define PROGRAMS_MAX EFFECT_MAX_ADDED
/** PROGRAMS_RUNNING_MAX - programs that run at a time; a zone beyond shows its colour */
#define PROGRAMS_RUNNING_MAX 16
/** PROGRAMS_COMMAND_MAX - bytes of a command, all its closing zeroes included */
#define PROGRAMS_COMMAND_MAX 1024
/** PROGRAMS_ATTEMPTS - it is given up when it failed so often in a row */
#define PROGRAMS_ATTEMPTS 5
/** PROGRAMS_WELL_NS - one that ran so long, and made pictures, has not failed in a row */
#define PROGRAMS_WELL_NS (10ULL * 1000000000ULL)
/** PROGRAMS_DELAY_NS - between two starts on a zone; doubled with each failure in a row but the first */
#define PROGRAMS_DELAY_NS 100000000ULL
/** PROGRAMS_LEFT_DELAY_NS - to the next start on a zone whose last one could not be ended */
#define PROGRAMS_LEFT_DELAY_NS (10ULL * 1000000000ULL)
/** PROGRAMS_BYTES_A_TURN - read of all programs in one frame */
#define PROGRAMS_BYTES_A_TURN (512 * 1024)

/**
 * struct program_config - one program
 * @id: upper case, no effect's
 * @command: words one after the other, each closed by a zero; the first is an
 *	absolute path
 * @live: only its newest picture is of interest; else each is shown, and it is
 *	held back while it makes more than the frame rate takes
 * @start_ms: the first picture is there in this time
 * @silence_ms: and each further one in this; 0: it may take as long as it likes
 */
struct program_config {
	char id[ZONE_ID_MAX];
	char label[ZONE_NAME_MAX];
	char description[128];
	char command[PROGRAMS_COMMAND_MAX];
	unsigned int words;
	bool live;
	uint32_t start_ms, silence_ms;
};

struct programs_config {
	const struct program_config *program; /* outlive it */
	unsigned int count;
	struct loop *loop;
	struct bus *bus;
	struct tasks *tasks;
	struct frames *frames;
	struct engine *engine;
	struct controller *controller;
};

/**
 * programs_create() - make effects of the programs; before zones are added and other threads run
 *
 * Return: 0, -ENOSPC, -EEXIST or -ENOMEM.
 */
int programs_create(struct programs **ret_programs, const struct programs_config *config);

/** programs_start() - begin to do what the zones' states ask; before controller_start(); 0 or -errno */
int programs_start(struct programs *programs);

/**
 * programs_cancel() - the zone of the program that is this task becomes static
 *
 * The program gets its time to end, see core/child.h; one that does not is a
 * task that failed. Of one that is ending already, as the zone shows something
 * else by now, nothing is changed. Return: 0, -ENOENT: it is no program's task.
 */
int programs_cancel(struct programs *programs, uint32_t task);

/**
 * programs_end() - stop them all
 * @on_end: called when the last one is gone, perhaps at once; may be NULL, and given by a second call
 */
void programs_end(struct programs *programs, void (*on_end)(void *data), void *data);

/** programs_kill() - at once, without waiting: for the last moment of a process; NULL is fine */
void programs_kill(const struct programs *programs);

/** programs_destroy() - what still runs is killed; NULL is fine; returns NULL */
struct programs *programs_destroy(struct programs *programs);
