/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "api/api.h"
#include "api/problem.h"
#include "control/command.h"
#include "core/loop.h"

/*
 * Commands on their way to the light loop, and who waits for what becomes of
 * them. Of the API's thread.
 */
struct commands;

/**
 * struct commands_waiter - embedded in what waits; zeroed at first
 * @done: called once, with a problem whose status is 0 if all went well
 * @ticket: 0: it does not wait
 * @change: of COMMAND_CONFIG_CHANGE: one reference, for what it answers
 */
struct commands_waiter {
	void (*done)(struct commands_waiter *waiter, const struct problem *problem);
	uint64_t ticket;
	enum command_type type;
	struct config_change *change;
	uint64_t deadline_ns;
	TAILQ_ENTRY(commands_waiter) entry;
};

/**
 * commands_create() - 0, -ENOMEM or what adding a source gave
 * @wait_ns: for the light loop to answer
 * @before, @after: called around the answers of a batch; may be NULL
 */
int commands_create(struct commands **ret_commands, struct loop *loop,
		    const struct api_links *links, uint64_t wait_ns, void (*before)(void *data),
		    void (*after)(void *data), void *data);

/** commands_destroy() - none may wait; NULL is fine; returns NULL */
struct commands *commands_destroy(struct commands *commands);

/**
 * commands_send() - send @command, and call @waiter's done later
 *
 * Return: false with the problem set if too many wait; the command is the
 * caller's then.
 */
bool commands_send(struct commands *commands, struct commands_waiter *waiter,
		   struct command *command, struct problem *problem);

/** commands_forget() - whoever waited is gone; the command may still be done */
void commands_forget(struct commands *commands, struct commands_waiter *waiter);

/** commands_end() - tell all who wait that the daemon ends */
void commands_end(struct commands *commands);

/** commands_refuse_end() - the problem that commands_end() tells; returns false */
bool commands_refuse_end(struct problem *problem);
