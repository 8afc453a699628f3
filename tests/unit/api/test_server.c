// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * api/api.h with real sockets: the test is client and light loop in one. Time
 * limits of the server are short or very long here, and nothing is asserted of
 * how long anything takes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/api.h"
#include "base/clock.h"
#include "fake.h"

#define LIMIT_MS 60000 /* what should come and does not come for so long is missing */
#define SHORT_NS 50000000ULL
#define LONG_NS 3600000000000ULL
#define COMMANDS 2 /* that fit the port */

static struct port *commands, *results;
static struct mailbox *state_mailbox, *tasks_mailbox, *library_mailbox;
static struct state_snapshot current;
static struct api *api;

static void publish_state(void)
{
	struct state_snapshot *state = mailbox_begin(state_mailbox);

	assert_non_null(state);
	current.version++;
	*state = current;
	mailbox_publish(state_mailbox, state);
}

static void publish_tasks(void)
{
	struct tasks_snapshot *tasks = mailbox_begin(tasks_mailbox);

	assert_non_null(tasks);
	memset(tasks, 0, sizeof(*tasks));
	tasks->version = 1;
	mailbox_publish(tasks_mailbox, tasks);
	mailbox_publish(library_mailbox, mailbox_begin(library_mailbox));
}

static void start(uint64_t request_ns, uint64_t command_ns)
{
	const struct api_config config = {
		.address = "127.0.0.1",
		.request_ns = request_ns,
		.command_ns = command_ns,
	};
	const struct api_links links = {
		.commands = commands,
		.results = results,
		.state_mailbox = state_mailbox,
		.tasks_mailbox = tasks_mailbox,
		.library_mailbox = library_mailbox,
	};

	assert_int_equal(api_start(&api, &config, &links), 0);
	assert_int_not_equal(api_port(api), 0);
}

static int setup(void **state)
{
	(void)state;
	assert_int_equal(port_create(&commands, sizeof(struct command), COMMANDS), 0);
	assert_int_equal(port_create(&results, sizeof(struct command_result), 256), 0);
	assert_int_equal(
		mailbox_create(&state_mailbox, sizeof(struct state_snapshot), SNAPSHOT_BUFFERS), 0);
	assert_int_equal(
		mailbox_create(&tasks_mailbox, sizeof(struct tasks_snapshot), SNAPSHOT_BUFFERS), 0);
	assert_int_equal(mailbox_create(&library_mailbox, sizeof(struct library), SNAPSHOT_BUFFERS),
			 0);
	fake_state(&current);
	publish_state();
	publish_tasks();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	api = api_destroy(api);
	mailbox_destroy(state_mailbox);
	mailbox_destroy(tasks_mailbox);
	mailbox_destroy(library_mailbox);
	port_destroy(commands);
	port_destroy(results);
	return 0;
}

/* From 127.0.0.@last: all of 127.0.0.0/8 is this machine. */
static int dial_from(uint32_t last)
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(api_port(api)) };
	const struct timeval limit = { .tv_sec = LIMIT_MS / 1000 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	from.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + last);
	assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static int dial(void)
{
	return dial_from(1);
}

static void say(int fd, const char *text)
{
	size_t length = strlen(text);

	assert_int_equal(send(fd, text, length, MSG_NOSIGNAL), (ssize_t)length);
}

static void put(int fd, const char *zone, const char *what, const char *body)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 "PUT /api/v1/zones/%s/%s HTTP/1.1\r\nHost: localhost\r\n"
		 "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
		 zone, what, strlen(body), body);
	say(fd, text);
}

static void get(int fd, const char *path)
{
	char text[256];

	snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
	say(fd, text);
}

/* Read one answer; returns its status, 0 if the connection ended without one. */
static int answer(int fd, char *ret_head, size_t head_room, char *ret_body, size_t body_room)
{
	size_t length = 0, wanted = 0;
	char *field;
	int status;

	while (length < 4 || memcmp(ret_head + length - 4, "\r\n\r\n", 4)) {
		ssize_t n = recv(fd, ret_head + length, 1, 0);

		if (n < 0)
			assert_int_equal(errno, ECONNRESET);
		if (n <= 0)
			return 0;
		length++;
		assert_true(length < head_room);
	}
	ret_head[length] = '\0';
	assert_int_equal(sscanf(ret_head, "HTTP/1.1 %d", &status), 1);
	field = strcasestr(ret_head, "\r\nContent-Length: ");
	if (field)
		wanted = strtoul(field + 18, NULL, 10);
	assert_true(wanted < body_room);
	for (length = 0; length < wanted;) {
		ssize_t n = recv(fd, ret_body + length, wanted - length, 0);

		assert_true(n > 0);
		length += (size_t)n;
	}
	ret_body[length] = '\0';
	return status;
}

static char head[4096], body[65536];

static int status_of(int fd)
{
	return answer(fd, head, sizeof(head), body, sizeof(body));
}

static bool is_closed(int fd)
{
	char byte;
	ssize_t n = recv(fd, &byte, 1, 0);

	return !n || (n < 0 && errno == ECONNRESET);
}

/* The light loop's side: the next command. */
static struct command next_command(void)
{
	struct pollfd pollfd = { .fd = port_fd(commands), .events = POLLIN };
	struct command command;

	while (!port_receive(commands, &command)) {
		assert_int_equal(poll(&pollfd, 1, LIMIT_MS), 1);
		port_clear(commands);
	}
	return command;
}

static void give_result(uint64_t ticket, int result)
{
	const struct command_result message = { .ticket = ticket, .result = result };

	assert_true(port_send(results, &message));
}

static void a_change_is_answered_when_the_light_has_made_it(void **state)
{
	struct command command;
	int fd;

	(void)state;
	start(LONG_NS, LONG_NS);
	fd = dial();
	put(fd, "circle", "brightness", "{\"brightness\":42}");
	command = next_command();
	assert_int_equal(command.type, COMMAND_ZONE_SET_BRIGHTNESS);
	assert_int_equal(command.zone, 1);
	assert_int_equal(command.brightness, 42);
	assert_int_not_equal(command.ticket, 0);
	/* no answer yet, and others are served meanwhile */
	int other = dial();

	get(other, "/api/v1/zones/CIRCLE");
	assert_int_equal(status_of(other), 200);
	assert_non_null(strstr(body, "\"brightness\":80"));
	assert_int_equal(recv(fd, head, 1, MSG_DONTWAIT), -1);

	/* as the controller does: the snapshot first, then the result */
	current.zone[1].state.brightness = 42;
	publish_state();
	give_result(command.ticket, 0);
	assert_int_equal(status_of(fd), 204);
	get(fd, "/api/v1/zones/CIRCLE");
	assert_int_equal(status_of(fd), 200);
	assert_non_null(strstr(body, "\"brightness\":42"));
	close(other);
	close(fd);
}

static void results_go_to_whom_they_belong(void **state)
{
	struct command first, second;
	int a, b;

	(void)state;
	start(LONG_NS, LONG_NS);
	a = dial();
	b = dial();
	put(a, "FLOOR", "is-on", "{\"is_on\":true}");
	first = next_command();
	put(b, "FLOOR", "is-on", "{\"is_on\":false}");
	second = next_command();
	assert_int_not_equal(first.ticket, second.ticket);
	/* nobody waits for this one */
	give_result(first.ticket + second.ticket + 1, -EIO);
	give_result(second.ticket, -EIO);
	give_result(first.ticket, 0);
	assert_int_equal(status_of(b), 500);
	assert_int_equal(status_of(a), 204);
	close(a);
	close(b);
}

static void what_the_light_refuses_is_told(void **state)
{
	static const struct {
		int result, status;
	} cases[] = { { -ESTALE, 409 },
		      { -ENOENT, 404 },
		      { -EINVAL, 422 },
		      { -ESHUTDOWN, 503 },
		      { -ENOMEM, 500 } };
	int fd;

	(void)state;
	start(LONG_NS, LONG_NS);
	fd = dial();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put(fd, "FLOOR", "is-on", "{\"is_on\":true}");
		give_result(next_command().ticket, cases[i].result);
		assert_int_equal(status_of(fd), cases[i].status);
		assert_non_null(strstr(head, "application/problem+json"));
	}
	close(fd);
}

static void when_the_light_has_too_much_to_do_clients_are_told_to_come_again(void **state)
{
	struct pollfd fds[COMMANDS + 1];
	int i, refused = 0;

	(void)state;
	start(LONG_NS, LONG_NS);
	for (i = 0; i <= COMMANDS; i++) {
		fds[i].fd = dial();
		fds[i].events = POLLIN;
		put(fds[i].fd, "FLOOR", "is-on", "{\"is_on\":true}");
	}
	/* one of them, whichever came last, is answered although the light does nothing */
	assert_int_equal(poll(fds, COMMANDS + 1, LIMIT_MS), 1);
	for (i = 0; i < COMMANDS; i++)
		give_result(next_command().ticket, 0);
	for (i = 0; i <= COMMANDS; i++) {
		bool first = fds[i].revents;

		assert_int_equal(status_of(fds[i].fd), first ? 503 : 204);
		if (first)
			assert_non_null(strcasestr(head, "\r\nRetry-After: 1\r\n"));
		refused += first;
	}
	assert_int_equal(refused, 1);
	/* and then there is room again */
	for (i = 0; i <= COMMANDS; i++) {
		put(fds[i].fd, "FLOOR", "is-on", "{\"is_on\":true}");
		give_result(next_command().ticket, 0);
		assert_int_equal(status_of(fds[i].fd), 204);
		close(fds[i].fd);
	}
}

static void a_light_that_does_not_answer_ends_in_504(void **state)
{
	uint64_t ticket;
	int fd;

	(void)state;
	start(LONG_NS, SHORT_NS);
	fd = dial();
	put(fd, "FLOOR", "is-on", "{\"is_on\":true}");
	ticket = next_command().ticket;
	assert_int_equal(status_of(fd), 504);
	/* its answer comes too late and is not taken for another's */
	get(fd, "/healthz");
	give_result(ticket, 0);
	assert_int_equal(status_of(fd), 200);
	put(fd, "FLOOR", "is-on", "{\"is_on\":true}");
	ticket = next_command().ticket;
	assert_int_equal(status_of(fd), 504);
	close(fd);
}

static void a_client_that_leaves_while_it_waits_harms_nobody(void **state)
{
	uint64_t ticket;
	int fd;

	(void)state;
	start(LONG_NS, LONG_NS);
	fd = dial();
	put(fd, "FLOOR", "is-on", "{\"is_on\":true}");
	ticket = next_command().ticket;
	close(fd);
	give_result(ticket, 0);
	fd = dial();
	put(fd, "FLOOR", "is-on", "{\"is_on\":true}");
	give_result(next_command().ticket, 0);
	assert_int_equal(status_of(fd), 204);
	close(fd);
}

static void nothing_wrong_reaches_the_light(void **state)
{
	struct command command;
	int fd;

	(void)state;
	start(LONG_NS, LONG_NS);
	fd = dial();
	put(fd, "FLOOR", "brightness", "{\"brightness\":101}");
	assert_int_equal(status_of(fd), 422);
	put(fd, "NOWHERE", "brightness", "{\"brightness\":1}");
	assert_int_equal(status_of(fd), 404);
	put(fd, "FLOOR", "brightness", "{\"brightness\":");
	assert_int_equal(status_of(fd), 400);
	assert_false(port_receive(commands, &command));
	close(fd);
}

static void before_the_first_snapshot_clients_are_told_to_come_again(void **state)
{
	int fd;

	(void)state;
	mailbox_unref(state_mailbox, mailbox_take(state_mailbox));
	start(LONG_NS, LONG_NS);
	fd = dial();
	get(fd, "/api/v1/zones");
	assert_int_equal(status_of(fd), 503);
	assert_non_null(strcasestr(head, "\r\nRetry-After: "));
	publish_state();
	get(fd, "/api/v1/zones");
	assert_int_equal(status_of(fd), 200);
	close(fd);
}

static void the_end_answers_those_who_wait_and_closes_all(void **state)
{
	struct pollfd end = { .fd = eventfd(0, EFD_CLOEXEC), .events = POLLIN };
	struct sockaddr_in to = { .sin_family = AF_INET };
	int waiting, idle, half, fd, result = -1;

	(void)state;
	start(LONG_NS, LONG_NS);
	to.sin_port = htons(api_port(api));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	waiting = dial();
	idle = dial();
	half = dial();
	get(idle, "/healthz");
	assert_int_equal(status_of(idle), 200);
	say(half, "GET /healthz HTT");
	put(waiting, "FLOOR", "is-on", "{\"is_on\":true}");
	next_command();

	assert_false(api_ended(api, &result));
	api_watch(api, end.fd);
	assert_int_equal(api_stop(api), 0);
	assert_int_equal(api_stop(api), 0);
	assert_int_equal(status_of(waiting), 503);
	assert_true(is_closed(waiting));
	assert_true(is_closed(idle));
	assert_true(is_closed(half));
	assert_int_equal(poll(&end, 1, LIMIT_MS), 1);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), -1);
	assert_int_equal(errno, ECONNREFUSED);

	/* asked after the end, it is told at once */
	eventfd_t count;

	assert_int_equal(eventfd_read(end.fd, &count), 0);
	api_watch(api, end.fd);
	assert_int_equal(poll(&end, 1, LIMIT_MS), 1);
	assert_true(api_ended(api, &result));
	assert_int_equal(result, 0);
	close(fd);
	close(waiting);
	close(idle);
	close(half);
	close(end.fd);
}

static void it_can_be_destroyed_without_being_stopped(void **state)
{
	int fd;

	(void)state;
	start(LONG_NS, LONG_NS);
	fd = dial();
	put(fd, "FLOOR", "is-on", "{\"is_on\":true}");
	next_command();
	api = api_destroy(api);
	assert_null(api);
	assert_int_equal(status_of(fd), 503);
	close(fd);
	assert_null(api_destroy(NULL));
}

static void slow_clients_are_closed_however_busy_they_look(void **state)
{
	const char *request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
	int idle, slow, fd, status = 0;
	bool closed = false;

	(void)state;
	start(SHORT_NS, LONG_NS);
	idle = dial();
	slow = dial();
	assert_true(is_closed(idle));
	/* a byte now and then does not help */
	say(slow, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ");
	for (int i = 0; i < LIMIT_MS && !closed; i++) {
		closed = send(slow, "a", 1, MSG_NOSIGNAL) < 0;
		if (!closed) {
			struct pollfd pollfd = { .fd = slow, .events = POLLIN };

			closed = poll(&pollfd, 1, 1) == 1 && is_closed(slow);
		}
	}
	assert_true(closed);
	/* later ones have a time of their own; this machine may be too slow for it, now and then */
	do {
		fd = dial();
		if (send(fd, request, strlen(request), MSG_NOSIGNAL) > 0)
			status = status_of(fd);
		close(fd);
	} while (!status);
	assert_int_equal(status, 200);
	close(slow);
	close(idle);
}

/*
 * The timer runs for the first of them only: it has to be set for the next one,
 * for one that came while it ran, and again after nobody was left.
 */
static void slow_clients_are_closed_one_after_the_other(void **state)
{
	int first, later[4];
	size_t i;

	(void)state;
	start(SHORT_NS, LONG_NS);
	for (int round = 0; round < 3; round++) {
		first = dial();
		for (i = 0; i < 4; i++) {
			struct pollfd none = { .fd = -1 };

			/* a fraction of the time of the one before */
			poll(&none, 1, (int)(SHORT_NS / NSEC_PER_MSEC / 8));
			later[i] = dial();
		}
		assert_true(is_closed(first));
		for (i = 0; i < 4; i++)
			assert_true(is_closed(later[i]));
		for (i = 0; i < 4; i++)
			close(later[i]);
		close(first);
	}
}

static void a_client_that_goes_on_asking_is_not_closed(void **state)
{
	const char *request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
	uint64_t began = 0, give_up;
	int fd = -1;

	(void)state;
	start(SHORT_NS, LONG_NS);
	give_up = clock_now_ns() + LIMIT_MS * NSEC_PER_MSEC;
	/* one connection has to outlive its first time by far; a slow machine may take some tries */
	for (;;) {
		assert_true(clock_now_ns() < give_up);
		if (fd < 0) {
			fd = dial();
			began = clock_now_ns();
		}
		if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0 || status_of(fd) != 200) {
			close(fd);
			fd = -1;
		} else if (clock_now_ns() - began > 4 * SHORT_NS) {
			break;
		}
	}
	close(fd);
}

static void one_address_cannot_take_all_connections(void **state)
{
	int fds[API_CONNECTIONS_PER_IP + 1], i;

	(void)state;
	start(LONG_NS, LONG_NS);
	for (i = 0; i < API_CONNECTIONS_PER_IP; i++) {
		fds[i] = dial();
		get(fds[i], "/healthz");
		assert_int_equal(status_of(fds[i]), 200);
	}
	fds[i] = dial();
	assert_true(is_closed(fds[i]));
	close(fds[i]);
	/* one that leaves makes room: its end is seen before the next one is taken */
	close(fds[0]);
	do {
		fds[0] = dial();
		get(fds[0], "/healthz");
		i = status_of(fds[0]);
		if (!i)
			close(fds[0]);
	} while (!i);
	assert_int_equal(i, 200);
	for (i = 0; i < API_CONNECTIONS_PER_IP; i++)
		close(fds[i]);
}

/* libmicrohttpd stops listening at its limit, and begins again in its next round only. */
static void it_listens_again_when_one_of_a_full_house_has_left(void **state)
{
	int fds[API_CONNECTIONS_MAX], i;

	(void)state;
	start(LONG_NS, LONG_NS);
	for (i = 0; i < API_CONNECTIONS_MAX; i++) {
		fds[i] = dial_from(2 + (uint32_t)i / API_CONNECTIONS_PER_IP);
		get(fds[i], "/healthz");
		assert_int_equal(status_of(fds[i]), 200);
	}
	close(fds[0]);
	fds[0] = dial();
	get(fds[0], "/healthz");
	assert_int_equal(status_of(fds[0]), 200);
	for (i = 0; i < API_CONNECTIONS_MAX; i++)
		close(fds[i]);
}

/* What libmicrohttpd gives up it closes in its next round only; its deadline is an hour away here. */
static void more_parameters_than_there_is_room_for_end_the_connection(void **state)
{
	char text[API_CONNECTION_BYTES];
	size_t length;
	int fd, i, n;

	(void)state;
	start(LONG_NS, LONG_NS);
	for (n = 400; n <= 1600; n += 400) {
		length = (size_t)sprintf(text, "GET /api/v1/zones?");
		for (i = 0; i < n; i++)
			length += (size_t)sprintf(text + length, "a%d=1&", i);
		strcpy(text + length, " HTTP/1.1\r\nHost: localhost\r\n\r\n");
		fd = dial();
		say(fd, text);
		assert_true(is_closed(fd));
		close(fd);
	}
}

static void a_port_in_use_and_a_bad_address_are_known_at_start(void **state)
{
	struct api_config config = { .address = "127.0.0.1" };
	const struct api_links links = {
		.commands = commands,
		.results = results,
		.state_mailbox = state_mailbox,
		.tasks_mailbox = tasks_mailbox,
		.library_mailbox = library_mailbox,
	};
	struct api *second = NULL;

	(void)state;
	start(LONG_NS, LONG_NS);
	config.port = api_port(api);
	assert_int_equal(api_start(&second, &config, &links), -EADDRINUSE);
	strcpy(config.address, "localhost");
	assert_int_equal(api_start(&second, &config, &links), -EINVAL);
	/* TEST-NET-1 of RFC 5737: nobody has this address */
	strcpy(config.address, "192.0.2.1");
	assert_int_equal(api_start(&second, &config, &links), -EADDRNOTAVAIL);
	assert_null(second);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_change_is_answered_when_the_light_has_made_it),
		TEST(results_go_to_whom_they_belong),
		TEST(what_the_light_refuses_is_told),
		TEST(when_the_light_has_too_much_to_do_clients_are_told_to_come_again),
		TEST(a_light_that_does_not_answer_ends_in_504),
		TEST(a_client_that_leaves_while_it_waits_harms_nobody),
		TEST(nothing_wrong_reaches_the_light),
		TEST(before_the_first_snapshot_clients_are_told_to_come_again),
		TEST(the_end_answers_those_who_wait_and_closes_all),
		TEST(it_can_be_destroyed_without_being_stopped),
		TEST(slow_clients_are_closed_however_busy_they_look),
		TEST(slow_clients_are_closed_one_after_the_other),
		TEST(a_client_that_goes_on_asking_is_not_closed),
		TEST(one_address_cannot_take_all_connections),
		TEST(it_listens_again_when_one_of_a_full_house_has_left),
		TEST(more_parameters_than_there_is_room_for_end_the_connection),
		TEST(a_port_in_use_and_a_bad_address_are_known_at_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
