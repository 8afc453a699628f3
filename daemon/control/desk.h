/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "control/bindings.h"
#include "control/command.h"
#include "control/controller.h"
#include "control/panel.h"
#include "core/bus.h"
#include "core/mailbox.h"
#include "core/metrics.h"

/*
 * The desk that people stand at: which inputs there are and whether they are
 * there, and the bindings. Events of inputs on the bus become the commands
 * that they are bound to. Light loop only.
 */
struct desk;

/** INPUTS_MAX - buttons, knobs, keyboards and buzzers of one daemon */
#define INPUTS_MAX 32
/** INPUT_DETAIL_MAX - bytes of what is told about an input, the closing zero included */
#define INPUT_DETAIL_MAX 160

/**
 * struct input_status - an input as others see it; a plain value
 * @kind: as struct bindings_known has them: of what can be done to it
 * @detail: what it is connected to, or why it is missing
 */
struct input_status {
	char name[INPUT_NAME_MAX];
	char type[16], kind[16];
	bool present;
	int error; /* -errno while it is missing */
	char detail[INPUT_DETAIL_MAX];
};

/** struct desk_snapshot - what other threads see */
struct desk_snapshot {
	uint64_t version; /* grows by 1 with each one */
	bool own;	  /* the bindings were changed, and are not those of the configuration */
	uint32_t input_count;
	struct input_status input[INPUTS_MAX];
	struct bindings bindings;
};

/** struct desk_figures - what any thread may read: events, and steps of a knob each way */
struct desk_figures {
	struct {
		struct metrics_counter events, right, left;
	} input[INPUTS_MAX];
};

/**
 * struct desk_config - @mailbox: buffers of struct desk_snapshot
 * @apply: does a command, as if the API had sent it
 * @play: lets the buzzers play; 0, or -ENODEV without any
 * @on_change: the bindings were changed, which is to be saved
 */
struct desk_config {
	struct bus *bus;
	struct controller *controller;
	struct panel *panel;
	struct mailbox *mailbox;
	const struct bindings *bindings; /* of the configuration; copied */
	int (*apply)(const struct command *command, void *data);
	int (*play)(const char *sound, void *data);
	void (*on_change)(void *data);
	void *data;
};

/** desk_create() - 0 or -errno */
int desk_create(struct desk **ret_desk, const struct desk_config *config);

/** desk_destroy() - NULL is fine; returns NULL */
struct desk *desk_destroy(struct desk *desk);

/** desk_add_input() - missing at first; returns its index, or -ENOSPC above INPUTS_MAX */
int desk_add_input(struct desk *desk, const char *name, const char *type, const char *kind);

/**
 * desk_set_input() - it is there (0) or is missing (-errno), and @detail says more
 *
 * The snapshot follows with desk_sync().
 */
void desk_set_input(struct desk *desk, unsigned int input, int error, const char *detail);

/** desk_get_input() - borrowed; NULL if there is none */
const struct input_status *desk_get_input(const struct desk *desk, unsigned int input);

/** desk_configure() - another configuration's bindings; in use unless desk_has_own() */
void desk_configure(struct desk *desk, const struct bindings *bindings);

/** desk_figures() - borrowed, as long as the desk */
const struct desk_figures *desk_figures(const struct desk *desk);

/** desk_restore() - bindings that were set before the restart */
void desk_restore(struct desk *desk, const struct bindings *bindings);

/** desk_get_bindings() - those in use, borrowed */
const struct bindings *desk_get_bindings(const struct desk *desk);

/** desk_has_own() - they were set by desk_apply() or desk_restore() */
bool desk_has_own(const struct desk *desk);

/** desk_takes() - whether desk_apply() is for this command */
bool desk_takes(const struct command *command);

/** desk_apply() - do a command and free what it has; 0 or -EINVAL */
int desk_apply(struct desk *desk, const struct command *command);

/** desk_sync() - publish now what has changed */
void desk_sync(struct desk *desk);
