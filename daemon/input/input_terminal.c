// SPDX-License-Identifier: GPL-2.0-or-later
/* The keys of the terminal that the daemon was started in */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "input/input.h"
#include "input/typed.h"

/* To the guard: the terminal is as it was. */
#define RESTORED 'r'
#define GONE "the terminal is gone"
#define ELSEWHERE "another program has the terminal: diunad runs in the background"

struct state {
	struct input *input;
	struct loop_source *source; /* of keys, or of @typed_fd */
	struct loop_source *continued;
	struct input_budget budget;
	struct termios before;
	bool known;   /* @before is set */
	int guard_fd; /* its other end is the guard's */
	int typed_fd; /* in the background: readable when somebody types; -1 */
	bool raw;
};

struct opening {
	struct input_opening base;
	struct termios before;
	bool known; /* @before is that of an earlier opening */
	int guard_fd;
};

/*
 * A process of its own that sees us end, however that happens, and makes the
 * terminal what it was. Only what is safe after fork() in a program with
 * threads.
 */
static void guard(int fd, const struct termios *before)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTTOU, SIGTSTP };
	char byte = 0;
	ssize_t got;
	size_t i;

	for (i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	/* sockets and devices of the daemon must not outlive it here */
	if (fd != STDIN_FILENO + 1)
		dup2(fd, STDIN_FILENO + 1);
	close_range(STDIN_FILENO + 2, ~0U, 0);
	do
		got = read(STDIN_FILENO + 1, &byte, 1);
	while (got < 0 && errno == EINTR);
	if (got <= 0 || byte != RESTORED)
		tcsetattr(STDIN_FILENO, TCSANOW, before);
	_exit(0);
}

/* Forked twice, so that nobody has to wait for it. */
static int start_guard(const struct termios *before, int *ret_fd)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		close(fds[1]);
		if (fork() == 0)
			guard(fds[0], before);
		_exit(0);
	}
	close(fds[0]);
	if (pid < 0) {
		close(fds[1]);
		return -EAGAIN;
	}
	waitpid(pid, NULL, 0);
	*ret_fd = fds[1];
	return 0;
}

static int do_open(void *data)
{
	struct opening *opening = data;
	struct termios raw;
	int ret;

	if (tcgetattr(STDIN_FILENO, &raw) < 0) {
		ret = -errno;
		snprintf(opening->base.error, sizeof(opening->base.error),
			 "standard input is not a terminal");
		return ret;
	}
	if (tcgetpgrp(STDIN_FILENO) != getpgrp()) {
		snprintf(opening->base.error, sizeof(opening->base.error), ELSEWHERE);
		return -EBUSY;
	}
	/* a shell may give it back as it was taken from us: as we had made it */
	if (!opening->known || raw.c_lflag & ICANON)
		opening->before = raw;
	ret = start_guard(&opening->before, &opening->guard_fd);
	if (ret < 0)
		return ret;
	/* Ctrl-C and output stay as they are; a read gives what is there and never waits. */
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	return tcsetattr(STDIN_FILENO, TCSANOW, &raw) < 0 ? -errno : 0;
}

static void restore(struct state *state)
{
	const char byte = RESTORED;

	if (!state->raw)
		return;
	state->raw = false;
	/* If this fails the guard does it, which sees nothing but the end of its pipe. */
	if (tcsetattr(STDIN_FILENO, TCSANOW, &state->before) == 0)
		(void)!write(state->guard_fd, &byte, 1);
	close(state->guard_fd);
}

static void unwatch(struct state *state)
{
	state->source = loop_source_remove(state->source);
	if (state->typed_fd >= 0)
		close(state->typed_fd);
	state->typed_fd = -1;
}

static void drop(struct state *state)
{
	unwatch(state);
	restore(state);
}

/* The shell gave the terminal to another program: its settings are that one's now. */
static void leave(struct state *state)
{
	const char byte = RESTORED;

	(void)!write(state->guard_fd, &byte, 1);
	close(state->guard_fd);
	state->raw = false;
	state->source = loop_source_remove(state->source);
	input_missing(state->input, -EBUSY, ELSEWHERE);
}

/* Stopped by Ctrl-Z, and told to go on: the shell had the terminal meanwhile, and set it. */
static int on_continued(struct loop_source *source, int signo, void *data)
{
	struct state *state = data;

	(void)source;
	(void)signo;
	if (!state->source)
		return 0;
	if (state->raw && tcgetpgrp(STDIN_FILENO) != getpgrp())
		leave(state);
	else if (state->raw)
		drop(state);
	input_news(state->input);
	return 0;
}

static int on_keys(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct event event = { .type = EVENT_KEY_PRESS };
	struct typed keys[TYPED_MAX];
	struct state *state = data;
	char bytes[TYPED_MAX];
	uint64_t wait_ns;
	ssize_t length;
	size_t count, i;
	int ret;

	if (tcgetpgrp(fd) != getpgrp()) {
		leave(state);
		return 0;
	}
	length = read(fd, bytes, sizeof(bytes));
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (length < 0 || (length == 0 && revents & (EPOLLHUP | EPOLLERR))) {
		ret = length < 0 ? -errno : -EIO;
		drop(state);
		input_given_up(state->input, ret, GONE);
		return 0;
	}
	count = typed_keys(bytes, (size_t)length, keys);
	event.input.gesture = EVENT_PRESS;
	for (i = 0; i < count; i++) {
		event.input.code = keys[i].code;
		event.input.modifiers = keys[i].modifiers;
		input_publish(state->input, &event);
	}
	wait_ns = input_budget(&state->budget, (unsigned int)length, clock_now_ns());
	if (!wait_ns)
		return 0;
	loop_io_set_events(source, 0);
	return input_set_timer(state->input, wait_ns);
}

static int on_timer(struct input *input)
{
	struct state *state = input_state(input);

	return state->raw ? loop_io_set_events(state->source, EPOLLIN) : 0;
}

/*
 * Nobody tells that the terminal is ours again. But it is given to us by somebody
 * who types, so that only then there is something to look for.
 */
static int on_typed(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct epoll_event event = { .events = 0 };
	struct state *state = data;

	(void)source;
	(void)revents;
	if (epoll_wait(fd, &event, 1, 0) < 1)
		return 0;
	if (event.events & (EPOLLHUP | EPOLLERR)) {
		unwatch(state);
		input_given_up(state->input, -EIO, GONE);
	} else {
		input_news(state->input);
	}
	return 0;
}

static int watch(struct state *state, int fd, loop_io_fn fn)
{
	return loop_add_io(input_loop(state->input), &state->source,
			   input_get_config(state->input)->name, LOOP_INPUT, fd, EPOLLIN, fn,
			   state);
}

/* What is typed is not read, so that only its coming can be told: by an epoll of its own. */
static void watch_typed(struct state *state)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };

	state->typed_fd = epoll_create1(EPOLL_CLOEXEC);
	if (state->typed_fd < 0 ||
	    epoll_ctl(state->typed_fd, EPOLL_CTL_ADD, STDIN_FILENO, &event) < 0 ||
	    watch(state, state->typed_fd, on_typed) < 0) {
		log_warning(LOG_INPUT, errno, "%s: its return is not told",
			    input_get_config(state->input)->name);
		unwatch(state);
	}
}

static void on_opened(void *data, int result, void *input)
{
	struct state *state = input_state(input);
	struct opening *opening = data;

	input_done(input);
	if (opening->guard_fd >= 0) {
		state->before = opening->before;
		state->known = true;
		state->guard_fd = opening->guard_fd;
		state->raw = true;
	}
	if (result >= 0 && !input_stopped(input)) {
		unwatch(state);
		result = watch(state, STDIN_FILENO, on_keys);
	}
	if (result >= 0 && !input_stopped(input)) {
		input_present(input, "the terminal of standard input");
	} else if (result == -EBUSY && !input_stopped(input)) {
		if (!state->source)
			watch_typed(state);
		input_not_opened(input, result, &opening->base);
	} else {
		drop(state);
		/* no terminal, or one that is gone: standard input stays what it is */
		if (opening->base.error[0])
			input_given_up(input, result, opening->base.error);
		else
			input_not_opened(input, result, &opening->base);
	}
	free(opening);
}

static void prepare(struct input *input, void *job)
{
	struct state *state = input_state(input);
	struct opening *opening = job;

	opening->before = state->before;
	opening->known = state->known;
	opening->guard_fd = -1;
}

static void open_terminal(struct input *input)
{
	struct state *state = input_state(input);

	if (!state->raw)
		input_open_with(input, sizeof(struct opening), do_open, on_opened, prepare);
}

static void start(struct input *input)
{
	struct state *state = input_state(input);

	state->input = input;
	state->typed_fd = -1;
	/* what a shell stops in the background would be the light */
	signal(SIGTTIN, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	if (loop_add_signal(input_loop(input), &state->continued, "SIGCONT", SIGCONT, on_continued,
			    state) < 0)
		log_warning(LOG_INPUT, 0, "%s: what Ctrl-Z did to it is not told",
			    input_get_config(input)->name);
}

static void stop(struct input *input)
{
	struct state *state = input_state(input);

	state->continued = loop_source_remove(state->continued);
	drop(state);
}

const struct input_driver input_terminal_driver = {
	.state_bytes = sizeof(struct state),
	.start = start,
	.open = open_terminal,
	.on_timer = on_timer,
	.stop = stop,
};
