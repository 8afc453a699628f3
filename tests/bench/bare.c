// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A bare libmicrohttpd handler for tests/bench/http_rate.py: in the same
 * configuration as diunad's, it answers GET with the bytes of standard input,
 * and PUT, after the body, with 204. Prints its port.
 */
#include <microhttpd.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct MHD_Response *get, *put;
static int seen;

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *body,
				  size_t *body_length, void **request)
{
	(void)data;
	(void)url;
	(void)version;
	(void)body;
	if (!*request) {
		*request = &seen;
		return MHD_YES;
	}
	if (*body_length) {
		*body_length = 0;
		return MHD_YES;
	}
	if (method[0] == 'G')
		return MHD_queue_response(connection, MHD_HTTP_OK, get);
	return MHD_queue_response(connection, MHD_HTTP_NO_CONTENT, put);
}

static void add_headers(struct MHD_Response *response)
{
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
	MHD_add_response_header(response, "Cross-Origin-Resource-Policy", "same-origin");
	MHD_add_response_header(response, "Cache-Control", "no-store");
	MHD_add_response_header(response, "Content-Security-Policy",
				"default-src 'none'; frame-ancestors 'none'");
}

int main(void)
{
	static char text[1 << 20];
	size_t length = fread(text, 1, sizeof(text), stdin);
	struct MHD_Daemon *mhd;
	struct pollfd pollfd = { .events = POLLIN };

	mhd = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE, 0,
			       NULL, NULL, on_request, NULL, MHD_OPTION_CONNECTION_LIMIT, 448U,
			       MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)16384, MHD_OPTION_END);
	if (!mhd)
		return 1;
	get = MHD_create_response_from_buffer(length, text, MHD_RESPMEM_PERSISTENT);
	put = MHD_create_response_from_buffer(0, text, MHD_RESPMEM_PERSISTENT);
	add_headers(get);
	add_headers(put);
	MHD_add_response_header(get, "Content-Type", "application/json");
	MHD_add_response_header(get, "ETag", "\"0123456789abcdef\"");
	printf("%u\n", MHD_get_daemon_info(mhd, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	pollfd.fd = MHD_get_daemon_info(mhd, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	for (;;) {
		MHD_UNSIGNED_LONG_LONG wait_ms;
		int r = MHD_get_timeout(mhd, &wait_ms) == MHD_YES ? (int)wait_ms : -1;

		poll(&pollfd, 1, r);
		MHD_run(mhd);
	}
}
