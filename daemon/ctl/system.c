// SPDX-License-Identifier: GPL-2.0-or-later
/* The daemon itself: panel, tasks, log, health. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "ctl/ctl.h"

static void print_panel(const json_t *panel)
{
	static const char *const flags[] = { "edit_mode", "lamp_white", "power_off" };
	size_t i;

	printf("zone %s, turning changes %s\n", ctl_string(panel, "zone"),
	       *ctl_string(panel, "target") ? ctl_string(panel, "target") : "nothing");
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		printf("%-12s %s\n", flags[i],
		       json_is_true(json_object_get(panel, flags[i])) ? "yes" : "no");
}

int ctl_panel(const struct ctl *ctl, int argc, char **argv)
{
	static const char *const buttons[][2] = {
		{ "edit", "/panel/edit-mode" },	    { "white", "/panel/lamp-white" },
		{ "power", "/panel/power-toggle" }, { "animation", "/panel/animation-toggle" },
		{ "next", "/panel/select-next" },   { "previous", "/panel/select-previous" },
		{ "target", "/panel/target-next" },
	};
	json_t *panel = NULL;
	long steps;
	size_t i;
	int ret;

	if (argc == 1) {
		ret = ctl_ask(ctl, "GET", "/panel", NULL, &panel);
		if (ret != CTL_OK)
			return ret;
		if (ctl->json)
			ctl_print_json(panel);
		else
			print_panel(panel);
		json_decref(panel);
		return CTL_OK;
	}
	for (i = 0; argc == 2 && i < sizeof(buttons) / sizeof(buttons[0]); i++)
		if (!strcmp(argv[1], buttons[i][0]))
			return ctl_ask(ctl, "POST", buttons[i][1], NULL, NULL);
	if (argc == 3 && !strcmp(argv[1], "adjust") &&
	    ctl_number(argv[2], -1000000, 1000000, &steps))
		return ctl_ask(ctl, "POST", "/panel/adjust",
			       json_pack("{s:I}", "steps", (json_int_t)steps), NULL);
	return ctl_fail(CTL_USAGE, "diunactl panel [edit | white | power | animation | next | "
				   "previous | target | adjust STEPS]");
}

static void print_task(const json_t *task)
{
	printf("%6lld  %-10s %-11s %s%s%s\n", (long long)ctl_int(task, "id"),
	       ctl_string(task, "status"), ctl_string(task, "category"),
	       ctl_string(task, "description"), *ctl_string(task, "error") ? ": " : "",
	       ctl_string(task, "error"));
}

int ctl_tasks(const struct ctl *ctl, int argc, char **argv)
{
	const char *path = "/system/tasks";
	_cleanup_free_ char *cancel = NULL;
	json_t *answer = NULL, *task;
	size_t i;
	int ret;

	if (argc == 3 && !strcmp(argv[1], "cancel")) {
		cancel = ctl_path("/system/tasks/%s/cancel", argv[2]);
		return cancel ? ctl_ask(ctl, "POST", cancel, NULL, NULL)
			      : ctl_fail(CTL_OS, "out of memory");
	}
	if (argc == 2 && !strcmp(argv[1], "active"))
		path = "/system/tasks/active";
	else if (argc == 2 && !strcmp(argv[1], "failed"))
		path = "/system/tasks/failed";
	else if (argc != 1)
		return ctl_fail(CTL_USAGE, "diunactl tasks [active | failed | cancel ID]");
	ret = ctl_ask(ctl, "GET", path, NULL, &answer);
	if (ret != CTL_OK)
		return ret;
	if (ctl->json)
		ctl_print_json(answer);
	else
		json_array_foreach (json_object_get(answer, "tasks"), i, task)
			print_task(task);
	json_decref(answer);
	return CTL_OK;
}

static void print_lines(const struct ctl *ctl, const json_t *lines)
{
	json_t *line;
	size_t i;

	json_array_foreach (lines, i, line) {
		if (ctl->json) {
			json_dumpf(line, stdout, JSON_COMPACT);
			putchar('\n');
			continue;
		}
		printf("%s %-7s %s: %s", ctl_string(line, "timestamp"), ctl_string(line, "level"),
		       ctl_string(line, "category"), ctl_string(line, "message"));
		if (*ctl_string(line, "error"))
			printf(" (%s)", ctl_string(line, "error"));
		if (ctl_int(line, "repeated") > 1)
			printf(" (%lld times)", (long long)ctl_int(line, "repeated"));
		putchar('\n');
	}
	/* who reads a pipe wants each line when it comes */
	fflush(stdout);
}

static bool on_message(const struct ctl *ctl, json_t *message)
{
	print_lines(ctl, json_object_get(message, "logs"));
	return !ferror(stdout);
}

int ctl_log(const struct ctl *ctl, int argc, char **argv)
{
	json_t *answer = NULL;
	char path[64];
	long count = 100;
	int ret;

	if (argc == 2 && !strcmp(argv[1], "-f"))
		return ctl_follow(ctl, "/events/stream?topics=log", on_message);
	if (argc > 2 || (argc == 2 && !ctl_number(argv[1], 1, 1000, &count)))
		return ctl_fail(CTL_USAGE, "diunactl log [-f | LINES], at most 1000 lines");
	snprintf(path, sizeof(path), "/logger/recent?limit=%ld", count);
	ret = ctl_ask(ctl, "GET", path, NULL, &answer);
	if (ret != CTL_OK)
		return ret;
	print_lines(ctl, json_object_get(answer, "logs"));
	json_decref(answer);
	return CTL_OK;
}

int ctl_health(const struct ctl *ctl, int argc, char **argv)
{
	json_t *health = NULL, *output;
	bool healthy;
	size_t i;
	int ret;

	(void)argv;
	if (argc != 1)
		return ctl_fail(CTL_USAGE, "health takes nothing more");
	ret = ctl_ask(ctl, "GET", "/system/health", NULL, &health);
	if (ret != CTL_OK)
		return ret;
	healthy = !strcmp(ctl_string(health, "status"), "healthy");
	if (ctl->json) {
		ctl_print_json(health);
	} else {
		printf("%s%s%s\n", ctl_string(health, "status"), healthy ? "" : ": ",
		       ctl_string(health, "reason"));
		json_array_foreach (json_object_get(health, "outputs"), i, output)
			printf("output %-16s %-8s %s%s\n", ctl_string(output, "name"),
			       ctl_string(output, "type"),
			       json_is_true(json_object_get(output, "present")) ? "present"
										: "missing ",
			       ctl_string(output, "error"));
	}
	json_decref(health);
	/* for scripts: not well is an answer too, and no success */
	return healthy ? CTL_OK : CTL_REFUSED;
}
