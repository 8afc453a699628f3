// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * diunactl - the command line of diuna
 *
 * A table of commands; each is told where the daemon is and asks it by HTTP.
 */

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "ctl/ctl.h"

#define URL_DEFAULT "http://127.0.0.1:8080"
#define TOKEN_MAX 1024

struct command {
	const char *name;
	int (*run)(const struct ctl *ctl, int argc, char **argv);
	const char *usage; /* what follows the name; lines of their own for more forms */
	const char *what;
};

static const struct command commands[] = {
	{ "zones", ctl_zones, "", "list the zones and what they show" },
	{ "zone", ctl_zone,
	  "ID [on | off | brightness PERCENT | color COLOUR | effect NAME [PARAM=VALUE...] | stop]",
	  "show or change a zone" },
	{ "group", ctl_zone, "ID [on | off | brightness N | color COLOUR | effect NAME | stop]",
	  "the same for each member of a group" },
	{ "effect", ctl_effect, "ZONE NAME [PARAM=VALUE...]",
	  "start an effect, or change parameters" },
	{ "effects", ctl_effects, "[NAME]", "list the effects, or the parameters of one" },
	{ "palettes", ctl_palettes, "", "list the palettes" },
	{ "scene", ctl_scene,
	  "[list | save NAME | recall NAME [fade=MS] | rename NAME NEW | delete NAME]",
	  "the state of all zones, by name" },
	{ "preset", ctl_preset,
	  "[list | save NAME '#RRGGBB' | recall NAME [zone=ID] [fade=MS] | rename NAME NEW | "
	  "delete NAME]",
	  "colours, by name" },
	{ "panel", ctl_panel,
	  "[edit | white | power | animation | next | previous | target | adjust STEPS]",
	  "what the control panel's buttons and knobs do" },
	{ "tasks", ctl_tasks, "[active | failed | cancel ID]", "what goes on in the daemon" },
	{ "log", ctl_log, "[-f | LINES]", "the newest lines of the log; -f follows it" },
	{ "health", ctl_health, "", "how the daemon is; exit code 1 if it is not well" },
	{ "config", ctl_config, "[check FILE | set FILE | merge FILE | reset]",
	  "the daemon's configuration, or what is to be otherwise in it" },
	{ "identify", ctl_identify,
	  "[[OUTPUT[:STRIP]] walk | ruler | colors | white [SECONDS] | order CONFIGURED SEEN]",
	  "find out what a strip is, by light" },
	{ "raw", ctl_raw, "FILE [--fps N] [--loop] [--device PATH | --output NAME]",
	  "play frames on a device, or through the daemon over what it shows" },
	{ "watch", ctl_watch, "[--fps N] [--title TEXT] [--config FILE --frames FILE]",
	  "show the zones live in the terminal" },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_help(FILE *to)
{
	size_t i;

	fputs("Usage: diunactl [OPTION...] COMMAND...\n\n", to);
	for (i = 0; i < COMMANDS; i++)
		fprintf(to, "  %s %s\n      %s\n", commands[i].name, commands[i].usage,
			commands[i].what);
	fputs("\nCOLOUR: a preset's name, '#ff8000', hue 240, kelvin 2700, rgb 255 128 0 or "
	      "hsv 30 100 100\n\n"
	      "  --url URL          where diunad is (default: $DIUNA_URL or " URL_DEFAULT ")\n"
	      "  --token-file FILE  the token, if it wants one (default: $DIUNA_TOKEN_FILE)\n"
	      "  --json             answers as the daemon gave them\n"
	      "  --help             this\n\n"
	      "Exit codes: 0 done, 1 refused or not well, 64 wrong command line, 66 no input,\n"
	      "69 the daemon or device cannot be reached, 71 out of memory, 74 broken off,\n"
	      "78 wrong configuration. See diunactl(1).\n",
	      to);
}

static const char *command_name(size_t index, const void *data)
{
	(void)data;
	return index < COMMANDS ? commands[index].name : NULL;
}

/* The first line of the file, in a buffer of the caller; the daemon's own file has a scope before it. */
static int read_token(const char *path, char token[TOKEN_MAX])
{
	static const char *const scopes[] = { "control ", "read " };
	FILE *file = fopen(path, "re");
	size_t i;

	if (!file)
		return ctl_fail(CTL_NO_INPUT, "%s: %m", path);
	if (!fgets(token, TOKEN_MAX, file))
		token[0] = '\0';
	fclose(file);
	for (i = 0; i < 2; i++)
		if (!strncmp(token, scopes[i], strlen(scopes[i])))
			memmove(token, token + strlen(scopes[i]),
				strlen(token + strlen(scopes[i])) + 1);
	token[strcspn(token, " \t\r\n")] = '\0';
	return token[0] ? CTL_OK : ctl_fail(CTL_NO_INPUT, "%s: there is no token in it", path);
}

struct options {
	const char *url, *token_file;
	bool json, help;
};

/*
 * Options may stand anywhere, since people add --json at the end; what is
 * left are the command's words. After "--" nothing is an option.
 */
static int take_options(int argc, char **argv, struct options *options)
{
	static const char *const names[] = { "--url", "--token-file" };
	int left = 1, i;
	size_t k;

	for (i = 1; i < argc; i++) {
		const char **value = NULL;

		if (!strcmp(argv[i], "--")) {
			while (++i < argc)
				argv[left++] = argv[i];
			break;
		}
		for (k = 0; k < 2; k++) {
			size_t length = strlen(names[k]);

			if (strncmp(argv[i], names[k], length))
				continue;
			value = k ? &options->token_file : &options->url;
			if (argv[i][length] == '=') {
				*value = argv[i] + length + 1;
			} else if (!argv[i][length]) {
				if (++i == argc) {
					ctl_fail(CTL_USAGE, "%s wants a value", names[k]);
					return -1;
				}
				*value = argv[i];
			} else {
				value = NULL;
			}
		}
		if (value)
			continue;
		if (!strcmp(argv[i], "--json"))
			options->json = true;
		else if (left == 1 && (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")))
			options->help = true;
		else
			argv[left++] = argv[i];
	}
	argv[left] = NULL;
	return left;
}

static int run(struct options *options, int argc, char **argv)
{
	struct ctl ctl = { .url = options->url, .json = options->json };
	char token[TOKEN_MAX];
	const char *nearest;
	size_t length, i;
	char *url;
	int ret;

	for (i = 0; i < COMMANDS && strcmp(argv[1], commands[i].name); i++)
		;
	if (i == COMMANDS) {
		nearest = nearest_find(argv[1], command_name, NULL);
		return ctl_fail(CTL_USAGE,
				"there is no command \"%s\"%s%s%s; diunactl --help lists them",
				ctl_text(argv[1]), nearest ? "; did you mean \"" : "",
				nearest ? nearest : "", nearest ? "\"" : "");
	}
	if (argc == 3 && !strcmp(argv[2], "--help") && commands[i].run != ctl_watch) {
		printf("Usage: diunactl %s %s\n\n%s\n", commands[i].name, commands[i].usage,
		       commands[i].what);
		return CTL_OK;
	}
	if (options->token_file && *options->token_file) {
		ret = read_token(options->token_file, token);
		if (ret != CTL_OK)
			return ret;
		ctl.token = token;
	}
	url = strdup(ctl.url);
	if (!url)
		return ctl_fail(CTL_OS, "out of memory");
	for (length = strlen(url); length && url[length - 1] == '/'; length--)
		url[length - 1] = '\0';
	ctl.url = url;
	ret = commands[i].run(&ctl, argc - 1, argv + 1);
	free(url);
	if (ret == CTL_OK && (fflush(stdout) || ferror(stdout)))
		return ctl_fail(CTL_IO, "standard output: %m");
	return ret;
}

int main(int argc, char **argv)
{
	struct options options = { .url = getenv("DIUNA_URL"),
				   .token_file = getenv("DIUNA_TOKEN_FILE") };
	int ret;

	argc = take_options(argc, argv, &options);
	if (argc < 0)
		return CTL_USAGE;
	if (options.help) {
		print_help(stdout);
		return CTL_OK;
	}
	if (argc < 2) {
		print_help(stderr);
		return CTL_USAGE;
	}
	if (!options.url || !*options.url)
		options.url = URL_DEFAULT;
	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return ctl_fail(CTL_OS, "libcurl does not start");
	ret = run(&options, argc, argv);
	ctl_end();
	curl_global_cleanup();
	return ret;
}
