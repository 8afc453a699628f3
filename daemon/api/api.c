// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/api.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/server.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"

#define LISTEN_BACKLOG 128
/* for the thread to end in api_destroy() */
#define JOIN_NS (2 * NSEC_PER_SEC)

struct api {
	struct api_config config;
	struct api_links links;
	uint16_t port;
	struct loop *loop;
	struct server *server;
	struct loop_source *stop_source;
	struct thread *thread;
	int stop_fd; /* readable: the thread is to end */

	pthread_mutex_t lock;
	bool ended; /* under lock, as the next ones */
	int result;
	int end_fd; /* told when the thread has ended; -1: nobody asked */
};

static int on_stop(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct api *api = data;

	(void)fd;
	(void)revents;
	loop_source_remove(source);
	api->stop_source = NULL;
	loop_exit(api->loop, 0);
	return 0;
}

/* An API of which a part has stopped would keep its clients waiting. */
static void on_failure(const char *source, int error, void *data)
{
	struct api *api = data;

	(void)source;
	loop_exit(api->loop, error);
}

static void *run(void *data)
{
	struct api *api = data;
	int r;

	loop_set_on_failure(api->loop, on_failure, api);
	r = loop_run(api->loop);
	api->server = server_destroy(api->server);
	api->loop = loop_destroy(api->loop);

	pthread_mutex_lock(&api->lock);
	api->ended = true;
	api->result = r < 0 ? r : 0;
	if (api->end_fd >= 0)
		eventfd_write(api->end_fd, 1);
	pthread_mutex_unlock(&api->lock);
	return NULL;
}

static int open_socket(const struct api_config *config, uint16_t *ret_port)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(config->port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(config->port) };
	const int on = 1;
	struct sockaddr_storage bound;
	struct sockaddr *address;
	socklen_t length;
	int fd, r;

	if (inet_pton(AF_INET, config->address, &in.sin_addr) == 1) {
		address = (struct sockaddr *)&in;
		length = sizeof(in);
	} else if (inet_pton(AF_INET6, config->address, &in6.sin6_addr) == 1) {
		address = (struct sockaddr *)&in6;
		length = sizeof(in6);
	} else {
		return -EINVAL;
	}
	fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	/* a port whose last connections linger is free; one that is listened on is not */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(fd, address, length) < 0 || listen(fd, LISTEN_BACKLOG) < 0)
		goto err_close;
	length = sizeof(bound);
	if (getsockname(fd, (struct sockaddr *)&bound, &length) < 0)
		goto err_close;
	*ret_port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
						      : ((struct sockaddr_in *)&bound)->sin_port);
	return fd;

err_close:
	r = -errno;
	close(fd);
	return r;
}

static void free_api(struct api *api)
{
	server_destroy(api->server);
	loop_destroy(api->loop);
	if (api->stop_fd >= 0)
		close(api->stop_fd);
	pthread_mutex_destroy(&api->lock);
	free(api);
}

/* The loop is made here and handed over to the thread as a whole, so that errors are known now. */
static int start(struct api *api, int *listen_fd)
{
	int r;

	api->stop_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (api->stop_fd < 0)
		return -errno;
	r = loop_create(&api->loop, "api");
	if (r < 0)
		return r;
	r = loop_add_io(api->loop, &api->stop_source, "stop", LOOP_COMMAND, api->stop_fd, EPOLLIN,
			on_stop, api);
	if (r < 0)
		return r;
	r = server_create(&api->server, api->loop, *listen_fd, &api->config, &api->links);
	if (r < 0)
		return r;
	*listen_fd = -1; /* the server's now */
	return thread_start(&api->thread, "diuna-api", run, api);
}

int api_start(struct api **ret_api, const struct api_config *config, const struct api_links *links)
{
	struct api *api;
	int listen_fd, r;

	api = calloc(1, sizeof(*api));
	if (!api)
		return -ENOMEM;
	api->config = *config;
	api->links = *links;
	api->stop_fd = -1;
	api->end_fd = -1;
	pthread_mutex_init(&api->lock, NULL);

	listen_fd = open_socket(config, &api->port);
	r = listen_fd < 0 ? listen_fd : start(api, &listen_fd);
	if (r < 0) {
		log_error(LOG_API, r, "cannot listen on %s port %u", config->address, config->port);
		if (listen_fd >= 0)
			close(listen_fd);
		free_api(api);
		return r;
	}
	log_info(LOG_API, "listening on http://%s%s%s:%u", strchr(config->address, ':') ? "[" : "",
		 config->address, strchr(config->address, ':') ? "]" : "", api->port);
	*ret_api = api;
	return 0;
}

uint16_t api_port(const struct api *api)
{
	return api->port;
}

void api_watch(struct api *api, int fd)
{
	pthread_mutex_lock(&api->lock);
	api->end_fd = fd;
	if (api->ended && fd >= 0)
		eventfd_write(fd, 1);
	pthread_mutex_unlock(&api->lock);
}

bool api_ended(struct api *api, int *ret_result)
{
	bool ended;

	pthread_mutex_lock(&api->lock);
	ended = api->ended;
	if (ended)
		*ret_result = api->result;
	pthread_mutex_unlock(&api->lock);
	return ended;
}

int api_stop(struct api *api)
{
	return eventfd_write(api->stop_fd, 1) < 0 ? -errno : 0;
}

struct api *api_destroy(struct api *api)
{
	if (!api)
		return NULL;
	api_watch(api, -1);
	api_stop(api);
	if (thread_join(api->thread, JOIN_NS) < 0) {
		log_error(LOG_API, 0, "the HTTP server's thread does not end and is left behind");
		return NULL;
	}
	free_api(api);
	return NULL;
}
