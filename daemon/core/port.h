/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * A bounded queue of equal-sized messages from one thread to the loop of
 * another: base/ring.h with an eventfd that wakes the receiver.
 */
struct port;

/** port_create() - as ring_create(), and an eventfd; 0 or -errno */
int port_create(struct port **ret_port, size_t message_bytes, size_t messages);

/** port_destroy() - NULL is fine; returns NULL */
struct port *port_destroy(struct port *port);

/** port_send() - sender: false if the queue is full; never blocks */
bool port_send(struct port *port, const void *message);

/** port_receive() - receiver: the oldest message; false if there is none */
bool port_receive(struct port *port, void *ret_message);

/** port_fd() - receiver: readable when messages wait; belongs to the port */
int port_fd(const struct port *port);

/** port_clear() - receiver: make the fd wait again; call before receiving, then empty the queue */
void port_clear(struct port *port);
