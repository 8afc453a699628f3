// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration of a running daemon. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"

static int read_change(const char *path, json_t **ret_body)
{
	bool from_input = !strcmp(path, "-");
	FILE *file = from_input ? stdin : fopen(path, "re");
	json_error_t error;
	json_t *json;

	if (!file)
		return ctl_fail(CTL_NO_INPUT, "%s: %m", path);
	json = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
	if (!from_input)
		fclose(file);
	if (!json)
		return ctl_fail(CTL_NO_INPUT, "%s:%d: %s", path, error.line, ctl_text(error.text));
	*ret_body = json_pack("{s:o}", "config", json);
	return *ret_body ? CTL_OK : ctl_fail(CTL_OS, "out of memory");
}

/* What the daemon took but does not do yet. */
static int tell_waiting(const struct ctl *ctl)
{
	json_t *answer = NULL, *topic;
	size_t i;
	int ret = ctl_ask(ctl, "GET", "/config", NULL, &answer);

	if (ret != CTL_OK)
		return ret;
	json_array_foreach (json_object_get(answer, "waiting"), i, topic)
		printf("%s at the daemon's next start\n",
		       ctl_text(json_string_value(topic) ?: "?"));
	json_decref(answer);
	return CTL_OK;
}

static int print(const struct ctl *ctl)
{
	json_t *answer = NULL;
	int ret = ctl_ask(ctl, "GET", "/config", NULL, &answer);

	if (ret != CTL_OK)
		return ret;
	ctl_print_json(ctl->json ? answer : json_object_get(answer, "config"));
	json_decref(answer);
	return CTL_OK;
}

int ctl_config(const struct ctl *ctl, int argc, char **argv)
{
	static const struct {
		const char *word, *method, *path;
	} ways[] = {
		{ "check", "POST", "/config/validate" },
		{ "set", "PUT", "/config" },
		{ "merge", "PATCH", "/config" },
	};
	json_t *body = NULL;
	size_t i;
	int ret;

	if (argc == 1)
		return print(ctl);
	if (argc == 2 && !strcmp(argv[1], "reset")) {
		ret = ctl_ask(ctl, "DELETE", "/config", NULL, NULL);
		return ret == CTL_OK ? tell_waiting(ctl) : ret;
	}
	for (i = 0; argc == 3 && i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(argv[1], ways[i].word) != 0)
			continue;
		ret = read_change(argv[2], &body);
		if (ret == CTL_OK)
			ret = ctl_ask(ctl, ways[i].method, ways[i].path, body, NULL);
		return ret == CTL_OK && i > 0 ? tell_waiting(ctl) : ret;
	}
	return ctl_fail(CTL_USAGE, "diunactl config [check FILE | set FILE | merge FILE | reset]; "
				   "FILE - is standard input");
}
