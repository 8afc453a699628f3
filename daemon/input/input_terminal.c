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
#include "input/input.h"
#include "input/typed.h"

/* To the guard: the terminal is as it was. */
#define RESTORED 'r'
#define ELSEWHERE "another program has the terminal: diunad runs in the background"

struct state {
	struct input *input;
	struct loop_source *source, *timer;
	struct input_budget budget;
	struct termios before;
	int guard_fd; /* its other end is the guard's */
	bool raw;
};

struct job {
	struct termios before;
	int guard_fd;
	char error[INPUT_DETAIL_MAX];
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
	struct job *job = data;
	struct termios raw;
	int ret;

	if (tcgetattr(STDIN_FILENO, &job->before) < 0) {
		ret = -errno;
		snprintf(job->error, sizeof(job->error), "standard input is not a terminal");
		return ret;
	}
	if (tcgetpgrp(STDIN_FILENO) != getpgrp()) {
		snprintf(job->error, sizeof(job->error), ELSEWHERE);
		return -EBUSY;
	}
	ret = start_guard(&job->before, &job->guard_fd);
	if (ret < 0)
		return ret;
	raw = job->before;
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

static void drop(struct state *state)
{
	state->source = loop_source_remove(state->source);
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

static int on_keys(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct event event = { .type = EVENT_KEY_PRESS };
	struct typed keys[TYPED_MAX];
	struct state *state = data;
	char bytes[TYPED_MAX];
	uint64_t wait_ns;
	ssize_t length;
	size_t count, i;

	if (tcgetpgrp(fd) != getpgrp()) {
		leave(state);
		return 0;
	}
	length = read(fd, bytes, sizeof(bytes));
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (length < 0 || (length == 0 && revents & (EPOLLHUP | EPOLLERR))) {
		drop(state);
		input_missing(state->input, length < 0 ? -errno : -EIO, "the terminal is gone");
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
	return loop_timer_set(state->timer, wait_ns);
}

static int on_timer(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct state *state = data;

	(void)source;
	(void)now_ns;
	return state->source ? loop_io_set_events(state->source, EPOLLIN) : 0;
}

static void on_opened(void *data, int result, void *input)
{
	struct state *state = input_state(input);
	struct job *job = data;

	input_done(input);
	if (job->guard_fd >= 0) {
		state->before = job->before;
		state->guard_fd = job->guard_fd;
		state->raw = true;
	}
	if (result >= 0 && !input_stopped(input))
		result = loop_add_io(input_loop(input), &state->source,
				     input_get_config(input)->name, LOOP_INPUT, STDIN_FILENO,
				     EPOLLIN, on_keys, state);
	if (result < 0 || input_stopped(input)) {
		drop(state);
		input_missing(input, result, job->error[0] ? job->error : strerrordesc_np(-result));
	} else {
		input_present(input, "the terminal of standard input");
	}
	free(job);
}

static void open_terminal(struct input *input)
{
	struct state *state = input_state(input);
	struct job *job;

	if (state->raw)
		return;
	job = calloc(1, sizeof(*job));
	if (!job) {
		input_missing(input, -ENOMEM, "no memory");
		return;
	}
	job->guard_fd = -1;
	if (input_submit(input, do_open, job, on_opened) < 0)
		free(job);
}

static int start(struct input *input)
{
	struct state *state = input_state(input);

	state->input = input;
	/* what a shell stops in the background would be the light */
	signal(SIGTTIN, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	return loop_add_timer(input_loop(input), &state->timer, input_get_config(input)->name,
			      LOOP_INPUT, on_timer, state);
}

static void stop(struct input *input)
{
	struct state *state = input_state(input);

	state->timer = loop_source_remove(state->timer);
	drop(state);
}

const struct input_driver input_terminal_driver = {
	.state_bytes = sizeof(struct state),
	.start = start,
	.open = open_terminal,
	.stop = stop,
};
