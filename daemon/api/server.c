// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/server.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/cache.h"
#include "api/call.h"
#include "api/commands.h"
#include "api/feed.h"
#include "api/handshake.h"
#include "api/limiter.h"
#include "api/live.h"
#include "api/outputs.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/stream.h"
#include "api/token.h"
#include "api/validate.h"
#include "base/clock.h"
#include "control/config_change.h"

#define RETRY_AFTER_S 1
/* rounds of libmicrohttpd in which the last answers leave */
#define END_ROUNDS 4

/*
 * struct connection - a socket that libmicrohttpd accepted
 *
 * They stand in the order of their deadlines, as all get the same time. Its
 * own idle time-out would be renewed by each byte of a slow client.
 */
struct connection {
	TAILQ_ENTRY(connection) entry;
	int fd;
	bool endless; /* it is not in the list */
	uint64_t deadline_ns;
};

TAILQ_HEAD(connections, connection);

struct server {
	struct loop *loop;
	const struct api_config *config;
	const struct api_links *links;
	struct MHD_Daemon *mhd;
	struct loop_source *mhd_source, *again, *connection_timer;
	struct commands *commands;
	struct feed *feed;
	struct live *live;
	struct streams *streams;
	struct cache *cache;
	struct tokens tokens;
	struct limiter limiter;
	struct view view;
	struct connections connections;
	uint64_t request_ns, command_ns;
	size_t bodies; /* bytes that bodies under way take */
	bool connection_timer_set;
	bool ending;
};

/* Let libmicrohttpd work; it may ask for more at once, and then others are served between. */
static void run(struct server *server)
{
	MHD_UNSIGNED_LONG_LONG timeout_ms;

	MHD_run(server->mhd);
	if (MHD_get_timeout(server->mhd, &timeout_ms) == MHD_YES && !timeout_ms)
		loop_defer(server->again);
}

static int on_mhd(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	(void)source;
	(void)fd;
	(void)revents;
	run(data);
	return 0;
}

static int on_again(struct loop_source *source, void *data)
{
	(void)source;
	run(data);
	return 0;
}

/* What the light loop said, or that it said nothing: the request goes on. */
static void on_command_done(struct commands_waiter *waiter, const struct problem *problem)
{
	struct request *request =
		(struct request *)((char *)waiter - offsetof(struct request, waiter));

	if (problem->status) {
		request_refuse(request, problem);
	} else if (request->match.route->get_by_command) {
		struct writer writer = { 0 };

		writer_object(&writer, NULL);
		writer_string(&writer, "status", "ready");
		writer_object_end(&writer);
		request->status = MHD_HTTP_OK;
		request->reply = reply_json(&writer);
	} else {
		request->status = MHD_HTTP_NO_CONTENT;
		request->reply = reply_empty(NULL);
	}
	MHD_resume_connection(request->connection);
}

static bool send_command(struct server *server, struct request *request, struct command *command,
			 struct problem *problem)
{
	request->waiter.done = on_command_done;
	if (!commands_send(server->commands, &request->waiter, command, problem))
		return false;
	MHD_suspend_connection(request->connection);
	return true;
}

/* It stays as long as it likes: what else limits it is in live.c and stream.c. */
static void make_endless(struct server *server, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct connection *client = info ? info->socket_context : NULL;

	if (!client || client->endless)
		return;
	client->endless = true;
	TAILQ_REMOVE(&server->connections, client, entry);
}

static unsigned int topics(const struct request *request)
{
	return request->query.given & QUERY_TOPICS ? request->query.topics : FEED_DEFAULT;
}

static enum MHD_Result refuse(struct request *request, const struct problem *problem)
{
	request_refuse(request, problem);
	return request_answer(request);
}

static enum MHD_Result refuse_full(struct request *request)
{
	struct problem problem = { .retry_after_s = RETRY_AFTER_S };

	problem_set(&problem, MHD_HTTP_SERVICE_UNAVAILABLE, "too many clients listen already");
	return refuse(request, &problem);
}

static bool add_upgrade_headers(struct MHD_Response *response, const char *accept,
				const char *protocols)
{
	return MHD_add_response_header(response, MHD_HTTP_HEADER_UPGRADE, "websocket") &&
	       MHD_add_response_header(response, "Sec-WebSocket-Accept", accept) &&
	       (!handshake_offers(protocols, HANDSHAKE_PROTOCOL) ||
		MHD_add_response_header(response, "Sec-WebSocket-Protocol", HANDSHAKE_PROTOCOL));
}

static enum MHD_Result open_live(struct server *server, struct request *request)
{
	const struct handshake handshake = {
		.connection = request_header(request, MHD_HTTP_HEADER_CONNECTION),
		.upgrade = request_header(request, MHD_HTTP_HEADER_UPGRADE),
		.version = request_header(request, "Sec-WebSocket-Version"),
		.key = request_header(request, "Sec-WebSocket-Key"),
		.protocols = request_header(request, "Sec-WebSocket-Protocol"),
	};
	char accept[HANDSHAKE_ACCEPT_MAX];
	struct problem problem = { 0 };

	if (request->head)
		handshake_check(&(struct handshake){ 0 }, accept, &problem);
	else
		handshake_check(&handshake, accept, &problem);
	if (problem.status)
		return refuse(request, &problem);
	if (live_is_full(server->live))
		return refuse_full(request);
	request->opening.topics = topics(request);
	request->opening.may_control = request->scope == TOKEN_CONTROL;
	request->reply = live_respond(server->live, &request->opening);
	if (!request->reply || !add_upgrade_headers(request->reply, accept, handshake.protocols))
		return MHD_NO;
	request->status = MHD_HTTP_SWITCHING_PROTOCOLS;
	make_endless(server, request->connection);
	return request_answer(request);
}

static enum MHD_Result open_stream(struct server *server, struct request *request)
{
	if (streams_are_full(server->streams))
		return refuse_full(request);
	request->status = MHD_HTTP_OK;
	if (request->head) {
		request->reply = reply_headers(
			MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT),
			"text/event-stream");
		return request_answer(request);
	}
	request->reply = reply_headers(streams_respond(server->streams, request->connection,
						       topics(request)),
				       "text/event-stream");
	if (request->reply)
		make_endless(server, request->connection);
	return request_answer(request);
}

/* The body becomes the command's, since it may be large. */
static bool take_frame(struct server *server, struct request *request, struct command *command,
		       struct problem *problem)
{
	if (!outputs_take_frame(&server->view, &request->query, (uint8_t *)request->body,
				request->body_length, command, problem)) {
		/* nothing of it may be freed with the command */
		command->type = COMMAND_OUTPUT_FRAME_CLEAR;
		return false;
	}
	request->body = NULL;
	return true;
}

static enum MHD_Result apply(struct server *server, struct request *request)
{
	struct problem problem = { 0 };
	json_t *body =
		validate_parse(request->body ? request->body : "", request->body_length, &problem);

	if (body && request->match.route->apply(&server->view, body, &problem)) {
		request->status = MHD_HTTP_NO_CONTENT;
		request->reply = reply_empty(NULL);
	} else {
		request_refuse(request, &problem);
	}
	json_decref(body);
	return request_answer(request);
}

/* Whether one of the tags in a header is this one; "*" is any. */
static bool has_tag(const struct request *request, const char *name, const char *etag)
{
	const char *list = request_header(request, name);
	size_t length = strlen(etag);

	if (!list || !etag[0])
		return false;
	while (*list) {
		list += strspn(list, " \t,");
		if (!strncmp(list, "W/", 2))
			list += 2;
		if (*list == '*' || !strncmp(list, etag, length))
			return true;
		list += strcspn(list, ",");
	}
	return false;
}

/* With headers of its own, or with a part of what there is: not the one that is kept for all. */
static enum MHD_Result answer_anew(struct request *request, const struct route_get *get)
{
	char etag[CACHE_ETAG_MAX];

	request->reply = cache_make(request->match.route, get, etag);
	request->status = *get->ret_status;
	if (request->reply && has_tag(request, "If-None-Match", etag)) {
		MHD_destroy_response(request->reply);
		request->status = MHD_HTTP_NOT_MODIFIED;
		request->reply = reply_unchanged(etag);
	}
	return request_answer(request);
}

/* The GET of what a change is about: "/zones/{zone}" for "/zones/{zone}/color". */
static const struct route *find_whole(const struct route *changed)
{
	const char *end = strchr(changed->path, '}');
	size_t length = end ? (size_t)(end + 1 - changed->path) : strlen(changed->path);
	const struct route *route;

	for (route = route_table; route->path; route++)
		if (route->get && strlen(route->path) == length &&
		    !strncmp(route->path, changed->path, length))
			return route;
	return NULL;
}

/*
 * If-Match: two people who edit the same do not overwrite each other. What the
 * light loop does between this and the command is not seen.
 */
static bool is_as_expected(struct server *server, struct request *request, size_t item,
			   struct problem *problem)
{
	const struct route *whole = find_whole(request->match.route);
	unsigned int status = MHD_HTTP_OK;
	struct route_get get = { &server->view, item, &request->query, &status };
	const char *etag = "";

	if (!request_header(request, MHD_HTTP_HEADER_IF_MATCH))
		return true;
	/* what is made by this request is nothing yet that could match */
	if (whole && !request->match.route->new_item &&
	    !cache_get(server->cache, whole, &get, &etag))
		return problem_set(problem, MHD_HTTP_INTERNAL_SERVER_ERROR, "no memory");
	if (has_tag(request, MHD_HTTP_HEADER_IF_MATCH, etag))
		return true;
	return problem_set(problem, MHD_HTTP_PRECONDITION_FAILED,
			   "it was changed since it was read: read it again");
}

/* If-Match of the configuration holds on the light loop, too. */
static bool expect_version(const struct server *server, const struct request *request,
			   const struct command *command)
{
	if (command->type == COMMAND_CONFIG_CHANGE && server->view.config &&
	    request_header(request, MHD_HTTP_HEADER_IF_MATCH))
		command->config->expected = server->view.config->version;
	return true;
}

/* The whole request is there. */
static enum MHD_Result handle(struct server *server, struct request *request)
{
	const struct route *route = request->match.route;
	struct problem problem;
	struct command command = { 0 };
	struct route_get get;
	size_t item;

	problem_begin(&problem);
	if (server->ending || !feed_update(server->feed)) {
		request_refuse_text(request, MHD_HTTP_SERVICE_UNAVAILABLE, RETRY_AFTER_S,
				    server->ending ? "the daemon ends" : "the daemon starts");
		return request_answer(request);
	}
	if (!call_find_item(route, request->match.item, &server->view, &item, &problem)) {
		request_refuse(request, &problem);
		return request_answer(request);
	}
	if (route->way != ROUTE_PLAIN)
		return route->way == ROUTE_LIVE ? open_live(server, request)
						: open_stream(server, request);
	if (route->get) {
		struct MHD_Response *response;

		unsigned int status = MHD_HTTP_OK;
		const char *etag;

		get = (struct route_get){ &server->view, item, &request->query, &status };
		if (request->cors || request->query.given)
			return answer_anew(request, &get);
		response = cache_get(server->cache, route, &get, &etag);
		if (response && has_tag(request, "If-None-Match", etag)) {
			request->status = MHD_HTTP_NOT_MODIFIED;
			request->reply = reply_unchanged(etag);
			return request_answer(request);
		}
		return response ? MHD_queue_response(request->connection, status, response)
				: MHD_NO;
	}

	if (!is_as_expected(server, request, item, &problem))
		return refuse(request, &problem);
	if (route->apply)
		return apply(server, request);
	command.type = route->command;
	command.zone = (uint16_t)item;
	command.each = route->each;
	if ((route->raw ? take_frame(server, request, &command, &problem)
			: request_read_command(request, &server->view, &command, &problem)) &&
	    expect_version(server, request, &command) &&
	    send_command(server, request, &command, &problem))
		return MHD_YES;
	call_drop(&command);
	request_refuse(request, &problem);
	return request_answer(request);
}

/* One address may not ask too much; it is answered before the body, and closed. */
static bool may_ask(struct server *server, struct request *request)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	if (!info || limiter_take(&server->limiter, info->client_addr, clock_now_ns()))
		return true;
	request_refuse_text(request, MHD_HTTP_TOO_MANY_REQUESTS, RETRY_AFTER_S,
			    "too many requests of this address");
	return false;
}

/* libmicrohttpd calls this for the head, for each piece of the body, and when all is there. */
static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *body,
				  size_t *body_length, void **request_data)
{
	struct server *server = data;
	struct request *request = *request_data;

	(void)version;
	if (!request) {
		request = calloc(1, sizeof(*request));
		if (!request)
			return MHD_NO;
		*request_data = request;
		request->connection = connection;
		request->bodies = &server->bodies;
		request->path = url;
		request->head = !strcmp(method, "HEAD");
		request->files = server->links->files;
		request->file_count = server->links->file_count;
		if (!may_ask(server, request))
			return request_answer(request);
		return request_begin(request, server->config, &server->tokens, method)
			       ? MHD_YES
			       : request_answer(request);
	}
	if (*body_length) {
		size_t length = *body_length;

		*body_length = 0;
		return request_take_body(request, body, length) ? MHD_YES : MHD_NO;
	}
	if (request->status)
		return request_answer(request);
	if (request->file)
		return files_answer(connection, request->file);
	return handle(server, request);
}

/* From now to the end of the next answer; the timer runs for the first of them at least. */
static void give_time(struct server *server, struct connection *client)
{
	client->deadline_ns = clock_now_ns() + server->request_ns;
	TAILQ_INSERT_TAIL(&server->connections, client, entry);
	if (!server->connection_timer_set)
		loop_timer_set(server->connection_timer, client->deadline_ns);
	server->connection_timer_set = true;
}

static void on_completed(void *data, struct MHD_Connection *connection, void **request_data,
			 enum MHD_RequestTerminationCode code)
{
	const union MHD_ConnectionInfo *info;
	struct server *server = data;
	struct request *request = *request_data;
	struct connection *client;

	(void)code;
	if (request) {
		commands_forget(server->commands, &request->waiter);
		request_free(request);
		*request_data = NULL;
	}
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	client = info ? info->socket_context : NULL;
	if (client) {
		if (!client->endless)
			TAILQ_REMOVE(&server->connections, client, entry);
		client->endless = false;
		give_time(server, client);
	}
}

static void on_connection(void *data, struct MHD_Connection *connection, void **socket_data,
			  enum MHD_ConnectionNotificationCode code)
{
	const union MHD_ConnectionInfo *info;
	struct server *server = data;
	struct connection *client = *socket_data;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		client = calloc(1, sizeof(*client));
		info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
		if (!client || !info) {
			/* without a deadline of its own it must not stay */
			if (info)
				shutdown(info->connect_fd, SHUT_RDWR);
			free(client);
			return;
		}
		client->fd = info->connect_fd;
		give_time(server, client);
		*socket_data = client;
	} else {
		/* at a limit it stopped listening, and only its next round begins again */
		loop_defer(server->again);
		if (!client)
			return;
		if (!client->endless)
			TAILQ_REMOVE(&server->connections, client, entry);
		if (TAILQ_EMPTY(&server->connections)) {
			loop_timer_set(server->connection_timer, 0);
			server->connection_timer_set = false;
		}
		free(client);
		*socket_data = NULL;
	}
}

/* A client that is too slow: libmicrohttpd sees its socket end, and closes it. */
static int on_connection_timer(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct server *server = data;
	struct connection *client;

	/* those that are told now leave the list a little later: whoever comes next sets it again */
	server->connection_timer_set = false;
	TAILQ_FOREACH(client, &server->connections, entry)
	{
		if (client->deadline_ns > now_ns) {
			loop_timer_set(source, client->deadline_ns);
			server->connection_timer_set = true;
			break;
		}
		shutdown(client->fd, SHUT_RDWR);
	}
	return 0;
}

static void before_answers(void *data)
{
	struct server *server = data;

	feed_update(server->feed);
}

static void after_answers(void *data)
{
	run(data);
}

/* A client went, or one that waited goes on: also while others are served. */
static void on_more(void *data)
{
	struct server *server = data;

	loop_defer(server->again);
}

/* Paths are decoded by the router, segment by segment; the query is digits only. */
static size_t leave_escapes(void *data, struct MHD_Connection *connection, char *text)
{
	(void)data;
	(void)connection;
	return strlen(text);
}

static void on_mhd_log(void *data, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* What clients do wrong can come often: only for those who look for it. */
static void on_mhd_log(void *data, const char *format, va_list args)
{
	struct server *server = data;
	char text[LOG_TEXT_MAX];

	vsnprintf(text, sizeof(text), format, args);
	text[strcspn(text, "\n")] = '\0';
	log_debug(LOG_API, "libmicrohttpd: %s", text);
	/* a connection that it gives up is only closed in its next round */
	loop_defer(server->again);
}

static int start_mhd(struct server *server, int listen_fd)
{
	const union MHD_DaemonInfo *info;
	int r;

	server->mhd = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE | MHD_USE_ERROR_LOG, 0,
		NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_mhd_log, server,
		MHD_OPTION_LISTEN_SOCKET, listen_fd, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned int)API_CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
		(unsigned int)API_CONNECTIONS_PER_IP, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)API_CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT, 0U,
		MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED,
		on_completed, server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
		MHD_OPTION_END);
	if (!server->mhd)
		return -EIO;
	info = MHD_get_daemon_info(server->mhd, MHD_DAEMON_INFO_EPOLL_FD);
	r = info ? loop_add_io(server->loop, &server->mhd_source, "http", LOOP_NETWORK,
			       info->epoll_fd, EPOLLIN, on_mhd, server)
		 : -EIO;
	if (r < 0) {
		/* the caller keeps its socket after a failure */
		MHD_quiesce_daemon(server->mhd);
		MHD_stop_daemon(server->mhd);
		server->mhd = NULL;
	}
	return r;
}

static int add_sources(struct server *server)
{
	struct loop *loop = server->loop;
	int r;

	r = loop_add_defer(loop, &server->again, "http again", LOOP_NETWORK, on_again, server);
	if (r < 0)
		return r;
	r = feed_create(&server->feed, loop, server->links, &server->view);
	if (r < 0)
		return r;
	r = commands_create(&server->commands, loop, server->links, server->command_ns,
			    before_answers, after_answers, server);
	if (r < 0)
		return r;
	r = live_create(&server->live, &(struct live_config){ .loop = loop,
							      .links = server->links,
							      .view = &server->view,
							      .feed = server->feed,
							      .commands = server->commands,
							      .on_gone = on_more,
							      .data = server });
	if (r < 0)
		return r;
	r = streams_create(&server->streams, loop, server->feed, on_more, server);
	if (r < 0)
		return r;
	return loop_add_timer(loop, &server->connection_timer, "connection time", LOOP_HOUSEKEEPING,
			      on_connection_timer, server);
}

static int load_tokens(struct server *server)
{
	char error[TOKENS_ERROR_MAX];
	int r = tokens_load(&server->tokens, server->config->token_file, error);

	if (r < 0)
		log_error(LOG_API, r, "%s: %s", server->config->token_file, error);
	return r;
}

int server_create(struct server **ret_server, struct loop *loop, int listen_fd,
		  const struct api_config *config, const struct api_links *links)
{
	struct server *server = calloc(1, sizeof(*server));
	int r;

	if (!server)
		return -ENOMEM;
	server->loop = loop;
	server->config = config;
	server->links = links;
	server->request_ns = config->request_ns ? config->request_ns : API_REQUEST_NS;
	server->command_ns = config->command_ns ? config->command_ns : API_COMMAND_NS;
	TAILQ_INIT(&server->connections);
	r = config->token_file[0] ? load_tokens(server) : 0;
	if (r < 0) {
		free(server);
		return r;
	}
	server->view.started_ns = clock_now_ns();
	server->view.figures = links->figures;
	server->view.desk_figures = links->desk_figures;
	server->view.bus_figures = links->bus_figures;
	server->view.light_loop = links->light_loop;
	server->view.log_room = API_LOG_LINES_MAX;
	server->view.log = calloc(API_LOG_LINES_MAX, sizeof(server->view.log[0]));
	r = server->view.log ? cache_create(&server->cache, route_table) : -ENOMEM;
	if (r >= 0)
		r = add_sources(server);
	if (r >= 0)
		r = start_mhd(server, listen_fd);
	if (r < 0) {
		server_destroy(server);
		return r;
	}
	*ret_server = server;
	return 0;
}

void server_end(struct server *server)
{
	unsigned int i;
	int fd;

	if (server->ending || !server->mhd)
		return;
	server->ending = true;
	fd = MHD_quiesce_daemon(server->mhd);
	if (fd >= 0)
		close(fd);
	/* libmicrohttpd panics when it is stopped while a request is suspended */
	commands_end(server->commands);
	streams_end(server->streams);
	live_end(server->live);
	for (i = 0; i < END_ROUNDS; i++)
		MHD_run(server->mhd);
}

struct server *server_destroy(struct server *server)
{
	if (!server)
		return NULL;
	server_end(server);
	server->mhd_source = loop_source_remove(server->mhd_source);
	if (server->mhd)
		MHD_stop_daemon(server->mhd);
	loop_source_remove(server->again);
	live_destroy(server->live);
	streams_destroy(server->streams);
	commands_destroy(server->commands);
	feed_destroy(server->feed);
	loop_source_remove(server->connection_timer);
	cache_destroy(server->cache);
	free(server->view.log);
	free(server);
	return NULL;
}
