/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "control/command.h"
#include "control/controller.h"
#include "control/scenes.h"
#include "core/mailbox.h"

/*
 * Keeps the user's presets and scenes: does their commands and makes their
 * snapshot. Light loop only.
 */
struct keeper;

struct keeper_config {
	struct mailbox *mailbox; /* buffers of struct library, zeroed at first */
	/* something was changed that is to be saved; may be NULL */
	void (*on_change)(void *data);
	/* a preset has another colour or name, or is gone: after the zones followed; may be NULL */
	void (*on_preset)(unsigned int preset, void *data);
	void *data;
};

/** keeper_create() - 0 or -ENOMEM */
int keeper_create(struct keeper **ret_keeper, const struct keeper_config *config);

/** keeper_destroy() - NULL is fine; returns NULL */
struct keeper *keeper_destroy(struct keeper *keeper);

/** keeper_set_controller() - whose zones it saves and sets; before the first command */
void keeper_set_controller(struct keeper *keeper, struct controller *controller);

/** keeper_restore() - what was remembered; before the first command */
void keeper_restore(struct keeper *keeper, const struct library *library);

/** keeper_library() - borrowed, stays where it is as long as the keeper */
const struct library *keeper_library(const struct keeper *keeper);

/**
 * keeper_takes() - whether keeper_apply() is for this command, and not
 * controller_apply()
 */
bool keeper_takes(const struct command *command);

/**
 * keeper_apply() - do a command
 *
 * Return: 0; -ENOENT (no such scene, preset or zone), -EEXIST (the name is
 * taken), -ENOSPC (PRESETS_MAX, SCENES_MAX), -EPERM (a preset of the
 * original's), -EINVAL; nothing is changed then. Takes command->library.import.
 */
int keeper_apply(struct keeper *keeper, const struct command *command);

/** keeper_sync() - publish now what has changed; call before controller_sync() */
void keeper_sync(struct keeper *keeper);
