// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/server.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/animations.h"
#include "api/cache.h"
#include "api/guard.h"
#include "api/reply.h"
#include "api/router.h"
#include "api/validate.h"
#include "api/zones.h"
#include "base/clock.h"

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
	uint64_t deadline_ns;
};

TAILQ_HEAD(connections, connection);

/*
 * struct request - from the first header to the end of the answer
 *
 * @reply is an answer that was decided but not queued yet: libmicrohttpd closes
 * a connection that is answered before the body was read, and clients would
 * lose the answer.
 */
struct request {
	TAILQ_ENTRY(request) entry; /* while it waits for the light loop */
	struct MHD_Connection *connection;
	const char *path;
	struct router_match match;
	size_t limit;

	char *body;
	size_t body_length, body_room;
	size_t received; /* of the body, also what was thrown away */

	uint64_t ticket; /* 0: it does not wait */
	uint64_t deadline_ns;

	unsigned int status;
	struct MHD_Response *reply;
};

TAILQ_HEAD(requests, request);

struct server {
	struct loop *loop;
	const struct api_config *config;
	const struct api_links *links;
	struct MHD_Daemon *mhd;
	struct loop_source *mhd_source, *again, *results_source;
	struct loop_source *command_timer, *connection_timer;
	struct cache *cache;
	struct MHD_Response *no_content;
	struct view view;
	struct connections connections;
	struct requests waiting;
	uint64_t last_ticket;
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

static void take_newest(struct mailbox *mailbox, const void **held)
{
	const void *newest = mailbox_take(mailbox);

	if (!newest)
		return;
	mailbox_unref(mailbox, *held);
	*held = newest;
}

/* False before the first snapshots. */
static bool update_view(struct server *server)
{
	take_newest(server->links->state_mailbox, (const void **)&server->view.state);
	take_newest(server->links->tasks_mailbox, (const void **)&server->view.tasks);
	return server->view.state && server->view.tasks;
}

/* Decide the answer: a problem, as it was filled in. */
static void refuse(struct request *request, const struct problem *problem)
{
	request->status = problem->status;
	request->reply = reply_problem(problem, request->path);
}

static void refuse_text(struct request *request, unsigned int status, unsigned int retry_after_s,
			const char *text)
{
	struct problem problem = { .retry_after_s = retry_after_s };

	problem_set(&problem, status, "%s", text);
	refuse(request, &problem);
}

/* Queue what was decided; MHD_NO, which closes the connection, if there was no memory for it. */
static enum MHD_Result answer(struct request *request)
{
	return request->reply
		       ? MHD_queue_response(request->connection, request->status, request->reply)
		       : MHD_NO;
}

static const char *header(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

struct header_count {
	const char *name;
	unsigned int count;
};

static enum MHD_Result count_header(void *data, enum MHD_ValueKind kind, const char *name,
				    const char *value)
{
	struct header_count *count = data;

	(void)kind;
	(void)value;
	count->count += !strcasecmp(name, count->name);
	return MHD_YES;
}

static bool is_repeated(const struct request *request, const char *name)
{
	struct header_count count = { name, 0 };

	MHD_get_connection_values(request->connection, MHD_HEADER_KIND, count_header, &count);
	return count.count > 1;
}

/*
 * What a proxy before us could read in another way than we do: where the body
 * ends, or whom the request is for.
 */
static bool is_framed_clearly(const struct request *request, struct problem *problem)
{
	static const char *const once[] = { "Content-Length", "Transfer-Encoding", "Host",
					    "Content-Type", "Origin" };
	const char *encoding = header(request, "Transfer-Encoding");
	size_t i;

	for (i = 0; i < sizeof(once) / sizeof(once[0]); i++) {
		if (is_repeated(request, once[i])) {
			problem_set(problem, MHD_HTTP_BAD_REQUEST, "a header stands there twice");
			return problem_add_text(problem, "header", once[i], NULL, "one of it");
		}
	}
	if (!encoding)
		return true;
	if (strcasecmp(encoding, "chunked")) {
		problem_set(problem, MHD_HTTP_BAD_REQUEST, "the body cannot be decoded");
		return problem_add_text(problem, "header", "Transfer-Encoding", encoding,
					"\"chunked\"");
	}
	if (header(request, "Content-Length"))
		return problem_set(problem, MHD_HTTP_BAD_REQUEST,
				   "Content-Length and Transfer-Encoding exclude each other");
	return true;
}

struct query {
	struct request *request;
	struct problem *problem;
	bool has_limit;
};

static enum MHD_Result check_parameter(void *data, enum MHD_ValueKind kind, const char *name,
				       const char *value)
{
	struct query *query = data;
	const struct route *route = query->request->match.route;
	unsigned long limit = 0;
	char *end = NULL;

	(void)kind;
	query->problem->status = MHD_HTTP_BAD_REQUEST;
	if (!route->limit_max || strcmp(name, "limit")) {
		problem_add_text(query->problem, "query", name, value, "%s",
				 route->limit_max ? "the parameter \"limit\" only"
						  : "no parameter");
		return MHD_NO;
	}
	if (value && value[0] >= '0' && value[0] <= '9')
		limit = strtoul(value, &end, 10);
	if (query->has_limit || !end || *end || limit < 1 || limit > route->limit_max) {
		problem_add_text(query->problem, "query", name, value,
				 "an integer from 1 to %u, once", route->limit_max);
		return MHD_NO;
	}
	query->has_limit = true;
	query->request->limit = limit;
	query->problem->status = 0;
	return MHD_YES;
}

static bool check_query(struct request *request, struct problem *problem)
{
	struct query query = { .request = request, .problem = problem };

	request->limit = request->match.route->limit_default;
	MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, check_parameter,
				  &query);
	return !problem->status;
}

static bool find_route(struct request *request, const char *method, struct problem *problem)
{
	switch (router_find(route_table, method, request->path, &request->match, problem->allow)) {
	case ROUTER_FOUND:
		return true;
	case ROUTER_NO_PATH:
		return problem_set(problem, MHD_HTTP_NOT_FOUND, "there is nothing at this path");
	case ROUTER_NO_METHOD:
		break;
	}
	if (!strcmp(method, "OPTIONS")) {
		request->status = MHD_HTTP_NO_CONTENT;
		request->reply = reply_empty(problem->allow);
		return false;
	}
	problem_set(problem, MHD_HTTP_METHOD_NOT_ALLOWED, "this path does not take this method");
	return problem_add_text(problem, "header", "method", method, "%s", problem->allow);
}

static bool has_body(const struct request *request)
{
	const char *length = header(request, "Content-Length");

	return (length && strcmp(length, "0")) || header(request, "Transfer-Encoding");
}

/* All that can be known before the body comes; false if the answer is decided. */
static bool check_head(struct server *server, struct request *request, const char *method,
		       struct problem *problem)
{
	const char *host = header(request, "Host");
	const char *length = header(request, "Content-Length");
	const struct route *route;

	if (!guard_host(server->config, host, problem))
		return false;
	if (!find_route(request, method, problem))
		return false;
	if (!check_query(request, problem))
		return false;
	route = request->match.route;
	if (!route->get && !guard_origin(header(request, "Origin"), host, problem))
		return false;
	if (!route->get && (route->member || has_body(request)) &&
	    !guard_content_type(header(request, "Content-Type"), problem))
		return false;
	/* libmicrohttpd has refused what is no number */
	if (length && strtoull(length, NULL, 10) > API_BODY_MAX)
		return problem_set(problem, MHD_HTTP_CONTENT_TOO_LARGE,
				   "a body has at most %u bytes", API_BODY_MAX);
	return true;
}

/* First call for a request. An answer decided here is queued when the body has been read. */
static enum MHD_Result begin(struct server *server, struct request *request, const char *method)
{
	const char *length = header(request, "Content-Length");
	struct problem problem = { 0 };

	if (!is_framed_clearly(request, &problem)) {
		/* where the next request begins is not known: answered now, and closed */
		refuse(request, &problem);
		return answer(request);
	}
	if (!check_head(server, request, method, &problem) && problem.status)
		refuse(request, &problem);
	/* it is not worth the reading, or the client asks before it sends */
	if (request->reply && (header(request, "Expect") ||
			       (length && strtoull(length, NULL, 10) > API_BODY_DRAIN_MAX)))
		return answer(request);
	return MHD_YES;
}

/* A piece of the body. */
static enum MHD_Result take_body(struct request *request, const char *data, size_t length)
{
	request->received += length;
	if (request->received > API_BODY_DRAIN_MAX)
		return MHD_NO;
	if (request->reply || request->match.route->get)
		return MHD_YES;
	if (request->received > API_BODY_MAX) {
		struct problem problem = { 0 };

		problem_set(&problem, MHD_HTTP_CONTENT_TOO_LARGE, "a body has at most %u bytes",
			    API_BODY_MAX);
		refuse(request, &problem);
		return MHD_YES;
	}
	if (request->received > request->body_room) {
		size_t room =
			request->received * 2 < API_BODY_MAX ? request->received * 2 : API_BODY_MAX;
		char *body = realloc(request->body, room);

		if (!body)
			return MHD_NO;
		request->body = body;
		request->body_room = room;
	}
	memcpy(request->body + request->body_length, data, length);
	request->body_length += length;
	return MHD_YES;
}

/* The id in the path, if there is one. */
static bool find_item(const struct server *server, const struct request *request, size_t *ret_item,
		      struct problem *problem)
{
	const char *path = request->match.route->path;
	int item = 0;

	if (strstr(path, "{zone}"))
		item = zones_find(&server->view, request->match.item, problem);
	else if (strstr(path, "{animation}"))
		item = animations_find(request->match.item, problem);
	if (item < 0)
		return false;
	*ret_item = (size_t)item;
	return true;
}

/* The body of a change into a command. */
static bool read_command(const struct server *server, const struct request *request,
			 struct command *command, struct problem *problem)
{
	const struct route *route = request->match.route;
	const char *known[] = { route->member, NULL };
	char field[PROBLEM_FIELD_MAX] = "";
	json_t *body, *value;
	bool fine;

	if (!route->member && !request->body_length)
		return true;
	body = validate_parse(request->body ? request->body : "", request->body_length, problem);
	if (!body)
		return false;
	fine = validate_object(body, "", known, problem);
	if (fine && route->member) {
		value = json_object_get(body, route->member);
		validate_pointer(field, "", route->member);
		fine = route->parse(&server->view, value, field, command, problem);
	}
	json_decref(body);
	return fine;
}

static bool send_command(struct server *server, struct request *request, struct command *command,
			 struct problem *problem)
{
	command->ticket = ++server->last_ticket;
	if (!port_send(server->links->commands, command)) {
		problem->retry_after_s = RETRY_AFTER_S;
		return problem_set(problem, MHD_HTTP_SERVICE_UNAVAILABLE,
				   "too many changes wait for the light");
	}
	request->ticket = command->ticket;
	request->deadline_ns = clock_now_ns() + API_COMMAND_NS;
	if (TAILQ_EMPTY(&server->waiting))
		loop_timer_set(server->command_timer, request->deadline_ns);
	TAILQ_INSERT_TAIL(&server->waiting, request, entry);
	MHD_suspend_connection(request->connection);
	return true;
}

/* The whole request is there. */
static enum MHD_Result handle(struct server *server, struct request *request)
{
	const struct route *route = request->match.route;
	struct problem problem = { 0 };
	struct command command = { 0 };
	struct route_get get;
	size_t item;

	if (server->ending || !update_view(server)) {
		refuse_text(request, MHD_HTTP_SERVICE_UNAVAILABLE, RETRY_AFTER_S,
			    server->ending ? "the daemon ends" : "the daemon starts");
		return answer(request);
	}
	if (!find_item(server, request, &item, &problem)) {
		refuse(request, &problem);
		return answer(request);
	}
	if (route->get) {
		struct MHD_Response *response;

		get = (struct route_get){ &server->view, item, request->limit };
		response = cache_get(server->cache, route, &get);
		return response ? MHD_queue_response(request->connection, MHD_HTTP_OK, response)
				: MHD_NO;
	}

	command.type = route->command;
	command.zone = (uint16_t)item;
	if (read_command(server, request, &command, &problem) &&
	    send_command(server, request, &command, &problem))
		return MHD_YES;
	refuse(request, &problem);
	return answer(request);
}

/* libmicrohttpd calls this for the head, for each piece of the body, and when all is there. */
static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *body,
				  size_t *body_length, void **request_data)
{
	struct server *server = data;
	struct request *request = *request_data;
	enum MHD_Result result;

	(void)version;
	if (!request) {
		request = calloc(1, sizeof(*request));
		if (!request)
			return MHD_NO;
		*request_data = request;
		request->connection = connection;
		request->path = url;
		return begin(server, request, method);
	}
	if (*body_length) {
		result = take_body(request, body, *body_length);
		*body_length = 0;
		return result;
	}
	if (request->status)
		return answer(request);
	return handle(server, request);
}

/* The request waits no longer; its answer is decided. */
static void resume(struct server *server, struct request *request)
{
	TAILQ_REMOVE(&server->waiting, request, entry);
	request->ticket = 0;
	MHD_resume_connection(request->connection);
}

/* From now to the end of the next answer; the timer runs for the first of them at least. */
static void give_time(struct server *server, struct connection *client)
{
	client->deadline_ns = clock_now_ns() + API_REQUEST_NS;
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
		if (request->ticket)
			TAILQ_REMOVE(&server->waiting, request, entry);
		if (request->reply && request->reply != server->no_content)
			MHD_destroy_response(request->reply);
		free(request->body);
		free(request);
		*request_data = NULL;
	}
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	client = info ? info->socket_context : NULL;
	if (client) {
		TAILQ_REMOVE(&server->connections, client, entry);
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
	} else if (client) {
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

	TAILQ_FOREACH(client, &server->connections, entry)
	{
		if (client->deadline_ns > now_ns) {
			loop_timer_set(source, client->deadline_ns);
			break;
		}
		shutdown(client->fd, SHUT_RDWR);
	}
	return 0;
}

static int on_command_timer(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct server *server = data;
	struct request *request;

	while ((request = TAILQ_FIRST(&server->waiting))) {
		if (request->deadline_ns > now_ns) {
			loop_timer_set(source, request->deadline_ns);
			break;
		}
		log_warning(LOG_API, 0, "the light loop did not answer a change in time");
		refuse_text(request, MHD_HTTP_GATEWAY_TIMEOUT, 0,
			    "the light did not answer in time; the change may still be made");
		resume(server, request);
	}
	run(server);
	return 0;
}

static void answer_result(struct server *server, struct request *request, int result)
{
	switch (result) {
	case 0:
		request->status = MHD_HTTP_NO_CONTENT;
		request->reply = server->no_content;
		break;
	case -ESTALE:
		refuse_text(request, MHD_HTTP_CONFLICT, 0,
			    "the zone plays another animation by now");
		break;
	case -ENOENT:
		refuse_text(request, MHD_HTTP_NOT_FOUND, 0, "it is not there any more");
		break;
	case -EINVAL:
		refuse_text(request, MHD_HTTP_UNPROCESSABLE_CONTENT, 0, "the light refused it");
		break;
	default:
		log_error(LOG_API, result, "a change failed");
		refuse_text(request, MHD_HTTP_INTERNAL_SERVER_ERROR, 0, "the change failed");
		break;
	}
}

static int on_results(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct server *server = data;
	struct command_result result;
	struct request *request;

	(void)source;
	(void)fd;
	(void)revents;
	port_clear(server->links->results);
	while (port_receive(server->links->results, &result)) {
		TAILQ_FOREACH(request, &server->waiting, entry)
		if (request->ticket == result.ticket)
			break;
		/* none: it came too late */
		if (!request)
			continue;
		answer_result(server, request, result.result);
		resume(server, request);
	}
	if (TAILQ_EMPTY(&server->waiting))
		loop_timer_set(server->command_timer, 0);
	run(server);
	return 0;
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
	char text[LOG_TEXT_MAX];

	(void)data;
	vsnprintf(text, sizeof(text), format, args);
	text[strcspn(text, "\n")] = '\0';
	log_debug(LOG_API, "libmicrohttpd: %s", text);
}

static int start_mhd(struct server *server, int listen_fd)
{
	const union MHD_DaemonInfo *info;
	int r;

	server->mhd = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
		on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_mhd_log, NULL,
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
	r = loop_add_io(loop, &server->results_source, "results", LOOP_COMMAND,
			port_fd(server->links->results), EPOLLIN, on_results, server);
	if (r < 0)
		return r;
	r = loop_add_timer(loop, &server->command_timer, "command time", LOOP_HOUSEKEEPING,
			   on_command_timer, server);
	if (r < 0)
		return r;
	return loop_add_timer(loop, &server->connection_timer, "connection time", LOOP_HOUSEKEEPING,
			      on_connection_timer, server);
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
	TAILQ_INIT(&server->connections);
	TAILQ_INIT(&server->waiting);
	server->view.lateness = links->lateness;
	server->view.light_loop = links->light_loop;
	server->view.log_room = API_LOG_LINES_MAX;
	server->view.log = calloc(API_LOG_LINES_MAX, sizeof(server->view.log[0]));
	server->no_content = reply_empty(NULL);
	r = server->view.log && server->no_content ? cache_create(&server->cache, route_table)
						   : -ENOMEM;
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
	struct request *request;
	unsigned int i;
	int fd;

	if (server->ending || !server->mhd)
		return;
	server->ending = true;
	fd = MHD_quiesce_daemon(server->mhd);
	if (fd >= 0)
		close(fd);
	/* libmicrohttpd panics when it is stopped while a request is suspended */
	while ((request = TAILQ_FIRST(&server->waiting))) {
		refuse_text(request, MHD_HTTP_SERVICE_UNAVAILABLE, RETRY_AFTER_S,
			    "the daemon ends; the change may still be made");
		resume(server, request);
	}
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
	loop_source_remove(server->results_source);
	loop_source_remove(server->command_timer);
	loop_source_remove(server->connection_timer);
	cache_destroy(server->cache);
	if (server->no_content)
		MHD_destroy_response(server->no_content);
	mailbox_unref(server->links->state_mailbox, server->view.state);
	mailbox_unref(server->links->tasks_mailbox, server->view.tasks);
	free(server->view.log);
	free(server);
	return NULL;
}
