// SPDX-License-Identifier: GPL-2.0-or-later
/* Scenes and presets. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "ctl/ctl.h"

/* recall's options fade=MS and zone=ID into the body; NULL with the reason told */
static json_t *read_recall(int argc, char **argv, bool zones)
{
	json_t *body = json_object();
	long ms;
	int i;

	for (i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "fade=", 5) && ctl_number(argv[i] + 5, -1, 1000000000, &ms)) {
			json_object_set_new(body, "transition_ms", json_integer(ms));
		} else if (zones && !strncmp(argv[i], "zone=", 5)) {
			json_object_set_new(body, "zone", json_string(argv[i] + 5));
		} else {
			ctl_fail(CTL_USAGE, "recall takes fade=MILLISECONDS%s, not \"%s\"",
				 zones ? " and zone=ID" : "", argv[i]);
			json_decref(body);
			return NULL;
		}
	}
	return body;
}

static void print_preset(const json_t *preset)
{
	const json_t *rgb = json_object_get(preset, "rgb");
	unsigned int c[3], i;

	for (i = 0; i < 3; i++)
		c[i] = (unsigned int)json_integer_value(json_array_get(rgb, i)) & 255;
	printf("%-20s #%02x%02x%02x%s\n", ctl_string(preset, "name"), c[0], c[1], c[2],
	       json_is_true(json_object_get(preset, "own")) ? "  own" : "");
}

static int list(const struct ctl *ctl, const char *kind)
{
	json_t *answer = NULL, *item;
	char path[32];
	size_t i;
	int ret;

	snprintf(path, sizeof(path), "/%s", kind);
	ret = ctl_ask(ctl, "GET", path, NULL, &answer);
	if (ret != CTL_OK)
		return ret;
	if (ctl->json) {
		ctl_print_json(answer);
	} else {
		json_array_foreach (json_object_get(answer, kind), i, item) {
			if (json_object_get(item, "rgb"))
				print_preset(item);
			else
				printf("%-32s %lld zones\n", ctl_string(item, "name"),
				       (long long)ctl_int(item, "zone_count"));
		}
	}
	json_decref(answer);
	return CTL_OK;
}

/* What scenes and presets have in common: list, recall, rename, delete. */
static int common(const struct ctl *ctl, const char *kind, int argc, char **argv)
{
	bool presets = !strcmp(kind, "presets");
	const char *verb = argc > 1 ? argv[1] : "list";
	_cleanup_free_ char *path = NULL;
	json_t *body;
	char format[32];

	if (!strcmp(verb, "list") && argc <= 2)
		return list(ctl, kind);
	if (argc < 3)
		return ctl_fail(CTL_USAGE, "%s %s which? diunactl %s list names them", argv[0],
				verb, argv[0]);
	snprintf(format, sizeof(format), "/%s/%%s%s", kind,
		 !strcmp(verb, "recall") ? "/recall" : "");
	path = ctl_path(format, argv[2]);
	if (!path)
		return ctl_fail(CTL_OS, "out of memory");
	if (!strcmp(verb, "recall")) {
		body = read_recall(argc - 3, argv + 3, presets);
		return body ? ctl_ask(ctl, "POST", path, body, NULL) : CTL_USAGE;
	}
	if (!strcmp(verb, "delete") && argc == 3)
		return ctl_ask(ctl, "DELETE", path, NULL, NULL);
	if (!strcmp(verb, "rename") && argc == 4)
		return ctl_ask(ctl, "PATCH", path, json_pack("{s:s}", "name", argv[3]), NULL);
	return ctl_fail(CTL_USAGE,
			"diunactl %s list | save NAME%s | recall NAME | "
			"rename NAME NEW | delete NAME",
			argv[0], presets ? " '#RRGGBB'" : "");
}

int ctl_scene(const struct ctl *ctl, int argc, char **argv)
{
	_cleanup_free_ char *path = NULL;

	if (argc != 3 || strcmp(argv[1], "save"))
		return common(ctl, "scenes", argc, argv);
	path = ctl_path("/scenes/%s", argv[2]);
	return path ? ctl_ask(ctl, "PUT", path, NULL, NULL) : ctl_fail(CTL_OS, "out of memory");
}

int ctl_preset(const struct ctl *ctl, int argc, char **argv)
{
	_cleanup_free_ char *path = NULL;
	unsigned int rgb;
	char rest;

	if (argc < 2 || strcmp(argv[1], "save"))
		return common(ctl, "presets", argc, argv);
	if (argc != 4 || strlen(argv[3]) != 7 || sscanf(argv[3], "#%6x%c", &rgb, &rest) != 1)
		return ctl_fail(CTL_USAGE, "diunactl preset save NAME '#RRGGBB'");
	path = ctl_path("/presets/%s", argv[2]);
	if (!path)
		return ctl_fail(CTL_OS, "out of memory");
	return ctl_ask(ctl, "PUT", path,
		       json_pack("{s:[i,i,i]}", "rgb", (int)(rgb >> 16), (int)(rgb >> 8 & 255),
				 (int)(rgb & 255)),
		       NULL);
}
