// SPDX-License-Identifier: GPL-2.0-or-later
/* Zones and groups, colours and effects. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "ctl/ctl.h"

static const char *what(const json_t *zone)
{
	const json_t *color = json_object_get(zone, "color");
	const json_t *rgb = json_object_get(color, "rgb");
	static char text[8];

	if (json_is_false(json_object_get(zone, "is_on")))
		return "off";
	if (!strcmp(ctl_string(zone, "render_mode"), "ANIMATION"))
		return ctl_string(json_object_get(zone, "animation"), "id");
	if (!strcmp(ctl_string(color, "mode"), "PRESET"))
		return ctl_string(color, "preset_name");
	snprintf(text, sizeof(text), "#%02x%02x%02x",
		 (unsigned int)json_integer_value(json_array_get(rgb, 0)) & 255,
		 (unsigned int)json_integer_value(json_array_get(rgb, 1)) & 255,
		 (unsigned int)json_integer_value(json_array_get(rgb, 2)) & 255);
	return text;
}

static void print_zone(const json_t *zone)
{
	printf("%-16s %-20s %3lld %%  %5lld px  %s%s\n", ctl_string(zone, "id"),
	       ctl_string(zone, "display_name"), (long long)ctl_int(zone, "brightness"),
	       (long long)ctl_int(zone, "pixel_count"), what(zone),
	       json_is_true(json_object_get(zone, "fits")) ? "" : "  (does not fit its output)");
}

static void print_params(const json_t *zone)
{
	json_t *value;
	const char *key;

	json_object_foreach (json_object_get(json_object_get(zone, "animation"), "parameters"), key,
			     value) {
		_cleanup_free_ char *text = json_dumps(value, JSON_ENCODE_ANY);

		printf("  %s=%s\n", ctl_text(key), text ? ctl_text(text) : "?");
	}
}

int ctl_zones(const struct ctl *ctl, int argc, char **argv)
{
	json_t *answer = NULL, *zone;
	size_t i;
	int ret;

	(void)argv;
	if (argc != 1)
		return ctl_fail(CTL_USAGE, "zones takes nothing more; one zone: diunactl zone ID");
	ret = ctl_ask(ctl, "GET", "/zones", NULL, &answer);
	if (ret != CTL_OK)
		return ret;
	if (ctl->json)
		ctl_print_json(answer);
	else
		json_array_foreach (json_object_get(answer, "zones"), i, zone)
			print_zone(zone);
	json_decref(answer);
	return CTL_OK;
}

static int put(const struct ctl *ctl, const char *format, const char *name, json_t *body)
{
	_cleanup_free_ char *path = ctl_path(format, name);

	return path && body ? ctl_ask(ctl, "PUT", path, body, NULL)
			    : ctl_fail(CTL_OS, "out of memory");
}

static int get_zone(const struct ctl *ctl, const char *id, json_t **ret_zone)
{
	_cleanup_free_ char *path = ctl_path("/zones/%s", id);

	return path ? ctl_ask(ctl, "GET", path, NULL, ret_zone) : ctl_fail(CTL_OS, "out of memory");
}

static int show_zone(const struct ctl *ctl, const char *id)
{
	json_t *zone = NULL;
	int ret;

	ret = get_zone(ctl, id, &zone);
	if (ret != CTL_OK)
		return ret;
	if (ctl->json) {
		ctl_print_json(zone);
	} else {
		print_zone(zone);
		if (!strcmp(ctl_string(zone, "render_mode"), "ANIMATION"))
			print_params(zone);
	}
	json_decref(zone);
	return CTL_OK;
}

/* Words of a colour, as diunactl(1) has them, into the API's; NULL with the reason told. */
static json_t *read_color(int argc, char **argv)
{
	static const struct {
		const char *word, *mode, *member;
		int count;
	} forms[] = {
		{ "hue", "HUE", "hue", 1 },
		{ "kelvin", "KELVIN", "kelvin", 1 },
		{ "rgb", "RGB", "rgb", 3 },
		{ "hsv", "HSV", "hsv", 3 },
	};
	json_t *numbers;
	long number;
	size_t i;
	int k;

	if (argc == 1 && argv[0][0] == '#')
		return json_pack("{s:s, s:s}", "mode", "HEX", "hex", argv[0]);
	for (i = 0; argc && i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (strcasecmp(argv[0], forms[i].word))
			continue;
		if (argc != forms[i].count + 1) {
			ctl_fail(CTL_USAGE, "color %s wants %d number%s", forms[i].word,
				 forms[i].count, forms[i].count > 1 ? "s" : "");
			return NULL;
		}
		numbers = json_array();
		for (k = 1; k < argc; k++) {
			/* ranges are the daemon's to tell */
			if (!ctl_number(argv[k], -1000000, 1000000, &number)) {
				ctl_fail(CTL_USAGE, "color %s: \"%s\" is no whole number",
					 forms[i].word, argv[k]);
				json_decref(numbers);
				return NULL;
			}
			json_array_append_new(numbers, json_integer(number));
		}
		if (forms[i].count > 1)
			return json_pack("{s:s, s:o}", "mode", forms[i].mode, forms[i].member,
					 numbers);
		json_decref(numbers);
		return json_pack("{s:s, s:I}", "mode", forms[i].mode, forms[i].member,
				 (json_int_t)number);
	}
	if (argc == 1)
		return json_pack("{s:s, s:s}", "mode", "PRESET", "preset_name", argv[0]);
	ctl_fail(CTL_USAGE, "a colour is a preset's name, '#ff8000', hue 240, kelvin 2700, "
			    "rgb 255 128 0 or hsv 30 100 100");
	return NULL;
}

/* A colour is seen only when no animation covers it. */
static int set_color(const struct ctl *ctl, const char *kind, const char *id, int argc, char **argv)
{
	json_t *color = read_color(argc, argv);
	char format[64];
	int ret;

	if (!color)
		return CTL_USAGE;
	snprintf(format, sizeof(format), "/%s/%%s/color", kind);
	ret = put(ctl, format, id, json_pack("{s:o}", "color", color));
	if (ret != CTL_OK)
		return ret;
	snprintf(format, sizeof(format), "/%s/%%s/render-mode", kind);
	return put(ctl, format, id, json_pack("{s:s}", "render_mode", "STATIC"));
}

static json_t *read_value(const char *text)
{
	long number;

	if (ctl_number(text, -2147483647L, 2147483647L, &number))
		return json_integer(number);
	if (!strcasecmp(text, "true") || !strcasecmp(text, "on"))
		return json_true();
	if (!strcasecmp(text, "false") || !strcasecmp(text, "off"))
		return json_false();
	return json_string(text);
}

static json_t *read_params(int argc, char **argv)
{
	json_t *params = json_object();
	int i;

	for (i = 0; i < argc; i++) {
		char *equals = strchr(argv[i], '=');

		if (!equals || equals == argv[i]) {
			ctl_fail(CTL_USAGE, "\"%s\" is no parameter: they look like speed=70",
				 argv[i]);
			json_decref(params);
			return NULL;
		}
		*equals = '\0';
		json_object_set_new(params, argv[i], read_value(equals + 1));
	}
	return params;
}

/* A group has no parameters of its own: each of its members gets them. */
static int set_member_params(const struct ctl *ctl, const char *id, json_t *params)
{
	json_t *zone = NULL, *members, *member;
	int ret, first = CTL_OK;
	size_t i;

	ret = get_zone(ctl, id, &zone);
	if (ret != CTL_OK)
		return ret;
	members = json_object_get(zone, "group");
	if (!json_is_array(members))
		first = ctl_fail(CTL_REFUSED, "%s is a zone, and no group", ctl_text(id));
	json_array_foreach (members, i, member) {
		ret = put(ctl, "/zones/%s/animation/parameters", json_string_value(member) ?: "",
			  json_pack("{s:O}", "parameters", params));
		first = first == CTL_OK ? ret : first;
	}
	json_decref(zone);
	return first;
}

static int set_effect(const struct ctl *ctl, const char *kind, const char *id, int argc,
		      char **argv)
{
	bool named = argc && !strchr(argv[0], '=');
	json_t *params;
	char format[64];
	int ret = CTL_OK;

	if (!argc)
		return ctl_fail(CTL_USAGE, "which effect? diunactl effects lists them; "
					   "parameters alone are those of the one that runs");
	/* read all of it before anything is changed */
	params = read_params(argc - named, argv + named);
	if (!params)
		return CTL_USAGE;
	if (named) {
		snprintf(format, sizeof(format), "/%s/%%s/animation", kind);
		ret = put(ctl, format, id, json_pack("{s:s}", "animation_id", argv[0]));
	}
	if (ret == CTL_OK && json_object_size(params))
		ret = strcmp(kind, "groups") ? put(ctl, "/zones/%s/animation/parameters", id,
						   json_pack("{s:O}", "parameters", params))
					     : set_member_params(ctl, id, params);
	json_decref(params);
	return ret;
}

static int set_brightness(const struct ctl *ctl, const char *format, const char *id, int argc,
			  char **argv)
{
	long number;

	if (argc != 1 || !ctl_number(argv[0], -1000000, 1000000, &number))
		return ctl_fail(CTL_USAGE, "brightness wants a whole number of percent");
	return put(ctl, format, id, json_pack("{s:I}", "brightness", (json_int_t)number));
}

/* zone ID … and group ID …, which differ by the path */
int ctl_zone(const struct ctl *ctl, int argc, char **argv)
{
	bool group = !strcmp(argv[0], "group");
	const char *kind = group ? "groups" : "zones";
	_cleanup_free_ char *path = NULL;
	const char *id, *verb;
	char format[64];

	if (argc < 2)
		return ctl_fail(CTL_USAGE, "which %s? diunactl zones lists them", argv[0]);
	id = argv[1];
	if (argc == 2)
		return show_zone(ctl, id);
	verb = argv[2];
	if ((!strcmp(verb, "on") || !strcmp(verb, "off")) && argc == 3) {
		snprintf(format, sizeof(format), "/%s/%%s/is-on", kind);
		return put(ctl, format, id, json_pack("{s:b}", "is_on", !strcmp(verb, "on")));
	}
	if (!strcmp(verb, "brightness")) {
		snprintf(format, sizeof(format), "/%s/%%s/brightness", kind);
		return set_brightness(ctl, format, id, argc - 3, argv + 3);
	}
	if (!strcmp(verb, "color") || !strcmp(verb, "colour"))
		return set_color(ctl, kind, id, argc - 3, argv + 3);
	if (!strcmp(verb, "effect"))
		return set_effect(ctl, kind, id, argc - 3, argv + 3);
	if (!strcmp(verb, "stop") && argc == 3) {
		snprintf(format, sizeof(format), "/%s/%%s/animation/stop", kind);
		path = ctl_path(format, id);
		return path ? ctl_ask(ctl, "POST", path, NULL, NULL)
			    : ctl_fail(CTL_OS, "out of memory");
	}
	return ctl_fail(CTL_USAGE,
			"%s %s what? on, off, brightness N, color C, effect E or stop, not \"%s\"",
			argv[0], id, verb);
}

int ctl_effect(const struct ctl *ctl, int argc, char **argv)
{
	if (argc < 3)
		return ctl_fail(CTL_USAGE, "diunactl effect ZONE NAME [PARAMETER=VALUE…]");
	return set_effect(ctl, "zones", argv[1], argc - 2, argv + 2);
}

static void print_effect(const json_t *effect)
{
	json_t *param, *option;
	size_t i, k;

	printf("%-16s %s\n", ctl_string(effect, "id"), ctl_string(effect, "description"));
	json_array_foreach (json_object_get(effect, "parameters"), i, param) {
		json_t *options = json_object_get(param, "options");
		json_t *def = json_object_get(param, "default");
		_cleanup_free_ char *text = json_dumps(def, JSON_ENCODE_ANY);

		printf("  %-18s %s; ", ctl_string(param, "name"), ctl_string(param, "label"));
		if (json_array_size(options)) {
			json_array_foreach (options, k, option)
				printf("%s%s", k ? ", " : "",
				       ctl_text(json_string_value(option) ?: "?"));
		} else if (json_object_get(param, "min")) {
			printf("%lld to %lld%s%s", (long long)ctl_int(param, "min"),
			       (long long)ctl_int(param, "max"),
			       *ctl_string(param, "unit") ? " " : "", ctl_string(param, "unit"));
		} else {
			printf("on or off");
		}
		printf("; %s\n", text ? ctl_text(text) : "?");
	}
}

int ctl_effects(const struct ctl *ctl, int argc, char **argv)
{
	_cleanup_free_ char *path = argc == 2 ? ctl_path("/animations/%s", argv[1]) : NULL;
	json_t *answer = NULL, *effect;
	size_t i;
	int ret;

	if (argc > 2)
		return ctl_fail(CTL_USAGE, "diunactl effects [NAME]");
	ret = ctl_ask(ctl, "GET", path ? path : "/animations", NULL, &answer);
	if (ret != CTL_OK)
		return ret;
	if (ctl->json)
		ctl_print_json(answer);
	else if (path)
		print_effect(answer);
	else
		json_array_foreach (json_object_get(answer, "animations"), i, effect)
			printf("%-16s %s\n", ctl_string(effect, "id"),
			       ctl_string(effect, "description"));
	json_decref(answer);
	return CTL_OK;
}

int ctl_palettes(const struct ctl *ctl, int argc, char **argv)
{
	json_t *answer = NULL, *palette, *stop;
	size_t i, k;
	int ret;

	(void)argv;
	if (argc != 1)
		return ctl_fail(CTL_USAGE, "palettes takes nothing more");
	ret = ctl_ask(ctl, "GET", "/palettes", NULL, &answer);
	if (ret != CTL_OK)
		return ret;
	if (ctl->json)
		ctl_print_json(answer);
	else
		json_array_foreach (json_object_get(answer, "palettes"), i, palette) {
			printf("%-16s", ctl_string(palette, "name"));
			json_array_foreach (json_object_get(palette, "stops"), k, stop)
				printf(" #%02x%02x%02x",
				       (unsigned int)json_integer_value(json_array_get(stop, 1)) &
					       255,
				       (unsigned int)json_integer_value(json_array_get(stop, 2)) &
					       255,
				       (unsigned int)json_integer_value(json_array_get(stop, 3)) &
					       255);
			putchar('\n');
		}
	json_decref(answer);
	return CTL_OK;
}
