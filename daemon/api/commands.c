// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/commands.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "api/configuration.h"
#include "base/clock.h"
#include "base/log.h"

#define RETRY_AFTER_S 1

TAILQ_HEAD(waiters, commands_waiter);

struct commands {
	const struct api_links *links;
	struct loop_source *results, *timer;
	struct waiters waiters; /* in the order of their deadlines, as all get the same time */
	uint64_t wait_ns;
	uint64_t last_ticket;
	void (*before)(void *data);
	void (*after)(void *data);
	void *data;
};

static void finish(struct commands *commands, struct commands_waiter *waiter,
		   const struct problem *problem)
{
	struct config_change *change = waiter->change;

	TAILQ_REMOVE(&commands->waiters, waiter, entry);
	waiter->ticket = 0;
	waiter->change = NULL;
	/* whoever waits may be gone after this */
	waiter->done(waiter, problem);
	config_change_unref(change);
}

static int on_timer(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct commands *commands = data;
	struct commands_waiter *waiter;
	struct problem problem = { 0 };

	problem_set(&problem, MHD_HTTP_GATEWAY_TIMEOUT,
		    "the light did not answer in time; the change may still be made");
	while ((waiter = TAILQ_FIRST(&commands->waiters))) {
		if (waiter->deadline_ns > now_ns) {
			loop_timer_set(source, waiter->deadline_ns);
			break;
		}
		log_warning(LOG_API, 0, "the light loop did not answer a change in time");
		finish(commands, waiter, &problem);
	}
	if (commands->after)
		commands->after(commands->data);
	return 0;
}

struct meaning {
	int result;
	unsigned int status;
	const char *text;
};

static const struct meaning meanings[] = {
	{ -ESTALE, MHD_HTTP_CONFLICT, "the zone plays another animation by now" },
	{ -ENOENT, MHD_HTTP_NOT_FOUND, "it is not there any more" },
	{ -EEXIST, MHD_HTTP_CONFLICT, "another one has this name" },
	{ -ENOSPC, MHD_HTTP_CONFLICT, "there is no room for more: remove one first" },
	{ -EPERM, MHD_HTTP_CONFLICT, "the presets that are always there cannot be changed" },
	{ -EALREADY, MHD_HTTP_CONFLICT, "it is so already" },
	{ -ENOTCONN, MHD_HTTP_CONFLICT, "frame by frame is not on: enter it first" },
	{ -EBUSY, MHD_HTTP_CONFLICT, "the frame before is still being made" },
	{ -E2BIG, MHD_HTTP_CONFLICT, "the zone is too large to be captured" },
	{ -EMSGSIZE, MHD_HTTP_CONFLICT, "the output has another geometry by now" },
	{ -ENODEV, MHD_HTTP_CONFLICT, "the output is missing" },
	{ -EAGAIN, MHD_HTTP_SERVICE_UNAVAILABLE, "no frame was shown yet" },
	{ -ETIME, MHD_HTTP_SERVICE_UNAVAILABLE, "frames do not flow" },
	{ -EINVAL, MHD_HTTP_UNPROCESSABLE_CONTENT, "the light refused it" },
};

/* The same number means another thing there. */
static bool explain_task(int result, struct problem *problem)
{
	if (result == -EALREADY)
		return !problem_set(problem, MHD_HTTP_CONFLICT, "the task has ended already");
	if (result == -EPERM)
		return !problem_set(problem, MHD_HTTP_CONFLICT,
				    "the task goes on as long as the station does");
	return false;
}

bool commands_refuse_end(struct problem *problem)
{
	problem->retry_after_s = RETRY_AFTER_S;
	return problem_set(problem, MHD_HTTP_SERVICE_UNAVAILABLE, "the daemon ends");
}

static void explain(const struct commands_waiter *waiter, int result, struct problem *problem)
{
	enum command_type type = waiter->type;
	size_t i;

	if (!result)
		return;
	if (type == COMMAND_TASK_CANCEL && explain_task(result, problem))
		return;
	if (result == -ESHUTDOWN) {
		commands_refuse_end(problem);
		return;
	}
	if (waiter->change) {
		configuration_explain(waiter->change, result, problem);
		return;
	}
	for (i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (meanings[i].result == result) {
			problem_set(problem, meanings[i].status, "%s", meanings[i].text);
			return;
		}
	}
	log_error(LOG_API, result, "a change failed");
	problem_set(problem, MHD_HTTP_INTERNAL_SERVER_ERROR, "the change failed");
}

static struct commands_waiter *find(const struct commands *commands, uint64_t ticket)
{
	struct commands_waiter *waiter;

	TAILQ_FOREACH(waiter, &commands->waiters, entry)
	{
		if (waiter->ticket == ticket)
			return waiter;
	}
	return NULL;
}

static int on_results(struct loop_source *source, int fd, uint32_t revents, void *data)
{
	struct commands *commands = data;
	struct command_result result;

	(void)source;
	(void)fd;
	(void)revents;
	port_clear(commands->links->results);
	if (commands->before)
		commands->before(commands->data);
	while (port_receive(commands->links->results, &result)) {
		struct commands_waiter *waiter = find(commands, result.ticket);
		struct problem problem;

		problem_begin(&problem);
		/* else it came too late */
		if (!waiter)
			continue;
		explain(waiter, result.result, &problem);
		finish(commands, waiter, &problem);
	}
	if (TAILQ_EMPTY(&commands->waiters))
		loop_timer_set(commands->timer, 0);
	if (commands->after)
		commands->after(commands->data);
	return 0;
}

int commands_create(struct commands **ret_commands, struct loop *loop,
		    const struct api_links *links, uint64_t wait_ns, void (*before)(void *data),
		    void (*after)(void *data), void *data)
{
	struct commands *commands = calloc(1, sizeof(*commands));
	int r;

	if (!commands)
		return -ENOMEM;
	commands->links = links;
	commands->wait_ns = wait_ns;
	/* results for a thread that failed and was started again as this one are nobody's */
	commands->last_ticket = clock_now_ns();
	commands->before = before;
	commands->after = after;
	commands->data = data;
	TAILQ_INIT(&commands->waiters);
	r = loop_add_io(loop, &commands->results, "results", LOOP_COMMAND, port_fd(links->results),
			EPOLLIN, on_results, commands);
	if (r >= 0)
		r = loop_add_timer(loop, &commands->timer, "command time", LOOP_HOUSEKEEPING,
				   on_timer, commands);
	if (r < 0) {
		commands_destroy(commands);
		return r;
	}
	*ret_commands = commands;
	return 0;
}

struct commands *commands_destroy(struct commands *commands)
{
	if (!commands)
		return NULL;
	loop_source_remove(commands->results);
	loop_source_remove(commands->timer);
	free(commands);
	return NULL;
}

bool commands_send(struct commands *commands, struct commands_waiter *waiter,
		   struct command *command, struct problem *problem)
{
	struct config_change *change = NULL;

	/* as soon as it is sent it is another's */
	if (command->type == COMMAND_CONFIG_CHANGE)
		change = config_change_ref(command->config);
	command->ticket = ++commands->last_ticket;
	if (!port_send(commands->links->commands, command)) {
		config_change_unref(change);
		problem->retry_after_s = RETRY_AFTER_S;
		return problem_set(problem, MHD_HTTP_SERVICE_UNAVAILABLE,
				   "too many changes wait for the light");
	}
	waiter->ticket = command->ticket;
	waiter->type = command->type;
	waiter->change = change;
	waiter->deadline_ns = clock_now_ns() + commands->wait_ns;
	if (TAILQ_EMPTY(&commands->waiters))
		loop_timer_set(commands->timer, waiter->deadline_ns);
	TAILQ_INSERT_TAIL(&commands->waiters, waiter, entry);
	return true;
}

void commands_forget(struct commands *commands, struct commands_waiter *waiter)
{
	if (!waiter->ticket)
		return;
	TAILQ_REMOVE(&commands->waiters, waiter, entry);
	waiter->ticket = 0;
	waiter->change = config_change_unref(waiter->change);
}

void commands_end(struct commands *commands)
{
	struct commands_waiter *waiter;
	struct problem problem = { .retry_after_s = RETRY_AFTER_S };

	problem_set(&problem, MHD_HTTP_SERVICE_UNAVAILABLE,
		    "the daemon ends; the change may still be made");
	while ((waiter = TAILQ_FIRST(&commands->waiters)))
		finish(commands, waiter, &problem);
}
