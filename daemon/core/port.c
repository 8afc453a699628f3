// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/port.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/ring.h"

struct port {
	struct ring *ring;
	int fd;
};

int port_create(struct port **ret_port, size_t message_bytes, size_t messages)
{
	struct port *port;
	int ret;

	port = calloc(1, sizeof(*port));
	if (!port)
		return -ENOMEM;
	port->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (port->fd < 0) {
		ret = -errno;
		goto err_free;
	}
	ret = ring_create(&port->ring, message_bytes, messages);
	if (ret < 0)
		goto err_close;
	*ret_port = port;
	return 0;

err_close:
	close(port->fd);
err_free:
	free(port);
	return ret;
}

struct port *port_destroy(struct port *port)
{
	if (!port)
		return NULL;
	ring_destroy(port->ring);
	close(port->fd);
	free(port);
	return NULL;
}

bool port_send(struct port *port, const void *message)
{
	if (!ring_push(port->ring, message))
		return false;
	/* Fails only when the counter is at its end, and then the fd is readable anyway. */
	eventfd_write(port->fd, 1);
	return true;
}

bool port_receive(struct port *port, void *ret_message)
{
	return ring_pop(port->ring, ret_message);
}

int port_fd(const struct port *port)
{
	return port->fd;
}

void port_clear(struct port *port)
{
	eventfd_t count;

	eventfd_read(port->fd, &count);
}
