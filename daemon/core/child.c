// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/child.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/chatter.h"

/* The worker has it while it starts the program, the loop else. */
struct spawn {
	struct child *child; /* loop only; NULL: nobody waits for it any more */
	char *argv[CHILD_ARGS_MAX + 1], *envp[CHILD_ARGS_MAX + 1];
	pid_t pid;
	int pidfd, output_fd, text_fd;
};

struct child {
	struct child_config config;
	struct spawn *spawn; /* while it is being started */
	pid_t pid;	     /* 0: not started yet, or reaped */
	int pidfd, output_fd, text_fd;
	struct loop_source *on_exit, *on_output, *on_text, *resume_text, *grace;
	bool stopping, terminated, killed;
	struct chatter chatter;
};

/* ---- on the worker's thread ---- */

/* Neither our signal mask nor what we ignore, and nothing of ours open but the two pipes. */
static int spawn_with(struct spawn *spawn, int output_fd, int text_fd)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t signals;
	int r;

	r = posix_spawn_file_actions_init(&actions);
	if (r)
		return -r;
	r = posix_spawnattr_init(&attr);
	if (r) {
		posix_spawn_file_actions_destroy(&actions);
		return -r;
	}
	sigemptyset(&signals);
	posix_spawnattr_setsigmask(&attr, &signals);
	sigfillset(&signals);
	posix_spawnattr_setsigdefault(&attr, &signals);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF);
	r = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!r)
		r = posix_spawn_file_actions_adddup2(&actions, output_fd, STDOUT_FILENO);
	if (!r)
		r = posix_spawn_file_actions_adddup2(&actions, text_fd, STDERR_FILENO);
	if (!r)
		r = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	if (!r)
		r = posix_spawn_file_actions_addchdir_np(&actions, "/");
	if (!r)
		r = posix_spawn(&spawn->pid, spawn->argv[0], &actions, &attr, spawn->argv,
				spawn->envp);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return -r;
}

static int make_pipe(int *ret_read_end, int *ret_write_end)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	*ret_read_end = fds[0];
	*ret_write_end = fds[1];
	/* only our end: the program's may block */
	return fcntl(fds[0], F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

static int spawn_job(void *job)
{
	_cleanup_close_ int output_write = -1, text_write = -1, output_read = -1, text_read = -1;
	struct spawn *spawn = job;
	int r;

	r = make_pipe(&output_read, &output_write);
	if (r >= 0)
		r = make_pipe(&text_read, &text_write);
	if (r >= 0)
		r = spawn_with(spawn, output_write, text_write);
	if (r < 0)
		return r;
	/* it cannot be anybody else's: we have not reaped it */
	spawn->pidfd = (int)syscall(SYS_pidfd_open, spawn->pid, 0);
	if (spawn->pidfd < 0) {
		r = -errno;
		kill(-spawn->pid, SIGKILL);
		waitpid(spawn->pid, NULL, 0);
		return r;
	}
	spawn->output_fd = steal_fd(&output_read);
	spawn->text_fd = steal_fd(&text_read);
	return 0;
}

/* ---- what it says ---- */

static void say(const char *line, uint64_t left_out, void *data)
{
	const struct child *child = data;

	if (line)
		log_info(LOG_ANIMATION, "%s says: %s", child->config.name, line);
	else
		log_info(LOG_ANIMATION, "%s said %" PRIu64 " lines more", child->config.name,
			 left_out);
}

/* Return: how many bytes were read; less than it may means that there are no more now. */
static size_t read_text(struct child *child, bool *ret_ended)
{
	uint64_t now_ns = clock_now_ns();
	char buffer[4096];
	size_t total = 0;
	ssize_t n = 1;

	while (total < CHILD_TEXT_BYTES && n > 0) {
		n = read(child->text_fd, buffer, sizeof(buffer));
		if (n > 0) {
			chatter_add(&child->chatter, buffer, (size_t)n, now_ns, say, child);
			total += (size_t)n;
		}
	}
	*ret_ended = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
	return total;
}

static int on_text(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct child *child = data;
	bool ended;

	(void)fd;
	(void)revents;
	if (read_text(child, &ended) >= CHILD_TEXT_BYTES) {
		/* a flood has to wait, which slows it down */
		loop_io_set_events(source, 0);
		loop_timer_set(child->resume_text, clock_now_ns() + CHILD_TEXT_PAUSE_NS);
	} else if (ended) {
		loop_io_set_events(source, 0);
	}
	return 0;
}

static int on_resume_text(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct child *child = data;

	(void)source;
	(void)now_ns;
	if (child->on_text)
		loop_io_set_events(child->on_text, EPOLLIN);
	return 0;
}

/* What is in the pipe at its end; a process that left the group may hold it open for ever. */
static void end_text(struct child *child)
{
	bool ended;

	read_text(child, &ended);
	chatter_end(&child->chatter, clock_now_ns(), say, child);
	child->on_text = loop_source_remove(child->on_text);
	child->resume_text = loop_source_remove(child->resume_text);
}

/* ---- its end ---- */

static void terminate(struct child *child)
{
	child->terminated = true;
	kill(-child->pid, SIGTERM);
	loop_timer_set(child->grace, clock_now_ns() + CHILD_GRACE_NS);
}

static int on_end_of_orphan(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	siginfo_t info = { 0 };

	(void)revents;
	(void)data;
	/* one that a debugger keeps as a zombie is reaped by init, when we end */
	waitid(P_PIDFD, (id_t)fd, &info, WEXITED | WNOHANG);
	log_info(LOG_ANIMATION, "a program that was left behind has ended");
	loop_source_remove(source);
	close(fd);
	return 0;
}

/* Nobody waits for it any more, but it is to be reaped if it ever ends. */
static void leave_behind(struct child *child)
{
	struct loop_source *source;

	/* its number may become another's once it is gone */
	child->pid = 0;
	child->on_exit = loop_source_remove(child->on_exit);
	if (loop_add_io(child->config.loop, &source, "end of a program", LOOP_HOUSEKEEPING,
			child->pidfd, EPOLLIN, on_end_of_orphan, NULL) >= 0)
		child->pidfd = -1;
	end_text(child);
	child->config.on_exit(CHILD_LEFT_BEHIND, child->config.data);
}

static int on_grace(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct child *child = data;

	(void)source;
	if (!child->pid)
		return 0;
	if (!child->terminated) {
		terminate(child);
	} else if (!child->killed) {
		log_warning(LOG_ANIMATION, 0, "%s does not heed SIGTERM and is killed",
			    child->config.name);
		child->killed = true;
		kill(-child->pid, SIGKILL);
		loop_timer_set(child->grace, now_ns + CHILD_GRACE_NS);
	} else {
		log_error(LOG_ANIMATION, 0, "%s was killed and does not end; it is left behind",
			  child->config.name);
		leave_behind(child);
	}
	return 0;
}

static int on_exit_event(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct child *child = data;
	siginfo_t info = { 0 };

	(void)fd;
	(void)revents;
	/* While it is a zombie its number, and its group's, is nobody else's. */
	if (waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
		return -errno;
	/* a debugger keeps it as a zombie: told once is enough, and grace gives it up */
	if (!info.si_pid) {
		loop_io_set_events(source, 0);
		child->terminated = child->killed = true;
		return loop_timer_set(child->grace, clock_now_ns() + CHILD_GRACE_NS);
	}
	kill(-child->pid, SIGKILL);
	waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG);
	child->pid = 0;
	loop_io_set_events(source, 0);
	loop_timer_set(child->grace, 0);
	end_text(child);
	child->config.on_exit(info.si_code == CLD_EXITED ? info.si_status : -info.si_status,
			      child->config.data);
	return 0;
}

/* ---- its output ---- */

static int on_output_event(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct child *child = data;

	(void)fd;
	(void)revents;
	loop_io_set_events(source, 0);
	child->config.on_output(child->config.data);
	return 0;
}

void child_want_output(struct child *child)
{
	if (child->on_output)
		loop_io_set_events(child->on_output, EPOLLIN);
}

ssize_t child_read(struct child *child, void *buffer, size_t length)
{
	ssize_t n = read(child->output_fd, buffer, length);

	if (n >= 0)
		return n;
	return errno == EINTR ? -EAGAIN : -errno;
}

void child_set_room(struct child *child, size_t bytes)
{
	fcntl(child->output_fd, F_SETPIPE_SZ, bytes < INT32_MAX ? (int)bytes : INT32_MAX);
}

/* ---- its beginning ---- */

static void spawn_free(struct spawn *spawn)
{
	size_t i;

	for (i = 0; i < CHILD_ARGS_MAX; i++) {
		free(spawn->argv[i]);
		free(spawn->envp[i]);
	}
	free(spawn);
}

static int copy_words(char **ret_words, const char *const *words)
{
	size_t i;

	for (i = 0; words[i]; i++) {
		if (i == CHILD_ARGS_MAX)
			return -E2BIG;
		ret_words[i] = strdup(words[i]);
		if (!ret_words[i])
			return -ENOMEM;
	}
	return i ? 0 : -EINVAL;
}

static int watch(struct child *child)
{
	struct loop *loop = child->config.loop;
	int r;

	r = loop_add_io(loop, &child->on_exit, "end of a program", LOOP_HOUSEKEEPING, child->pidfd,
			EPOLLIN, on_exit_event, child);
	if (r >= 0)
		r = loop_add_io(loop, &child->on_output, "output of a program", LOOP_HOUSEKEEPING,
				child->output_fd, 0, on_output_event, child);
	if (r >= 0)
		r = loop_add_io(loop, &child->on_text, "text of a program", LOOP_HOUSEKEEPING,
				child->text_fd, EPOLLIN, on_text, child);
	if (r >= 0)
		r = loop_add_timer(loop, &child->resume_text, "text of a program",
				   LOOP_HOUSEKEEPING, on_resume_text, child);
	if (r >= 0)
		r = loop_add_timer(loop, &child->grace, "grace of a program", LOOP_HOUSEKEEPING,
				   on_grace, child);
	return r;
}

/* It has nobody any more. If it cannot be reaped at once, init does that when the daemon ends. */
static void get_rid_of(pid_t pid)
{
	kill(-pid, SIGKILL);
	waitpid(pid, NULL, WNOHANG);
}

static void on_spawned(void *job, int result, void *data)
{
	struct spawn *spawn = job;
	struct child *child = spawn->child;

	(void)data;
	if (!child) {
		if (result >= 0) {
			get_rid_of(spawn->pid);
			close(spawn->pidfd);
			close(spawn->output_fd);
			close(spawn->text_fd);
		}
		spawn_free(spawn);
		return;
	}
	child->spawn = NULL;
	if (result >= 0) {
		child->pid = spawn->pid;
		child->pidfd = spawn->pidfd;
		child->output_fd = spawn->output_fd;
		child->text_fd = spawn->text_fd;
		result = watch(child);
		if (result < 0) {
			get_rid_of(child->pid);
			child->pid = 0;
		}
	}
	spawn_free(spawn);
	if (result >= 0 && child->stopping)
		terminate(child);
	child->config.on_start(result, child->config.data);
}

int child_start(struct child **ret_child, const struct child_config *config)
{
	struct child *child = calloc(1, sizeof(*child));
	struct spawn *spawn = calloc(1, sizeof(*spawn));
	int r = -ENOMEM;

	if (child && spawn) {
		child->config = *config;
		child->pidfd = child->output_fd = child->text_fd = -1;
		child->spawn = spawn;
		spawn->child = child;
		r = copy_words(spawn->argv, config->argv);
		if (r >= 0)
			r = copy_words(spawn->envp, config->envp);
		if (r >= 0)
			r = worker_submit(config->worker, spawn_job, spawn, on_spawned, NULL);
	}
	if (r < 0) {
		if (spawn)
			spawn_free(spawn);
		free(child);
		return r;
	}
	*ret_child = child;
	return 0;
}

void child_expect_end(struct child *child)
{
	if (child->pid && !child->terminated)
		loop_timer_set(child->grace, clock_now_ns() + CHILD_GRACE_NS);
}

void child_stop(struct child *child)
{
	if (child->stopping)
		return;
	child->stopping = true;
	if (child->pid && !child->terminated)
		terminate(child);
}

pid_t child_pid(const struct child *child)
{
	return child->pid;
}

struct child *child_destroy(struct child *child)
{
	if (!child)
		return NULL;
	if (child->spawn)
		child->spawn->child = NULL;
	if (child->pid)
		get_rid_of(child->pid);
	loop_source_remove(child->grace);
	loop_source_remove(child->resume_text);
	loop_source_remove(child->on_text);
	loop_source_remove(child->on_output);
	loop_source_remove(child->on_exit);
	if (child->text_fd >= 0)
		close(child->text_fd);
	if (child->output_fd >= 0)
		close(child->output_fd);
	if (child->pidfd >= 0)
		close(child->pidfd);
	free(child);
	return NULL;
}
