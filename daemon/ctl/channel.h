/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "ctl/ctl.h"

/*
 * The daemon's live channel, see daemon/api/README.md: a WebSocket over a
 * connection of libcurl, so that https and tokens work as they do for requests.
 */
struct channel;

/**
 * struct channel_events - who is told what comes
 * @on_text: a JSON object; the reference stays the channel's
 * @on_bytes: a binary message
 */
struct channel_events {
	void (*on_text)(void *data, const json_t *message);
	void (*on_bytes)(void *data, const uint8_t *bytes, size_t length);
	void *data;
};

/** CHANNEL_MESSAGE_MAX - bytes of a message; more is an error */
#define CHANNEL_MESSAGE_MAX ((size_t)8 * 1024 * 1024)

/**
 * channel_open() - connect; what went wrong is told on standard error
 * @path: after /api/v1
 *
 * Return: an exit code; @ret_channel is set only with CTL_OK.
 */
int channel_open(const struct ctl *ctl, const char *path, const struct channel_events *events,
		 struct channel **ret_channel);

/** channel_close() - NULL is fine */
void channel_close(struct channel *channel);

/** channel_fd() - to wait for what channel_wants() says */
int channel_fd(const struct channel *channel);

/** channel_wants() - POLLIN, POLLOUT or both */
short channel_wants(const struct channel *channel);

/** channel_say() - queue a text; the reference is taken; -ENOMEM */
int channel_say(struct channel *channel, json_t *message);

/**
 * channel_run() - read and write what goes without waiting, and tell the events
 *
 * Return: 1 if it goes on, 0 if the daemon closed it in order, or
 * -ECONNRESET if it broke off.
 */
int channel_run(struct channel *channel);
