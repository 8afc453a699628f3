// SPDX-License-Identifier: GPL-2.0-or-later
/* watch: the zones live in the terminal */
#include "ctl/watch.h"

#include <getopt.h>
#include <stdio.h>

#include "base/cleanup.h"

static const char watch_help[] =
	"Usage: diunactl watch [--fps N] [--title TEXT] [--config FILE --frames FILE]\n"
	"\n"
	"Shows the zones of the daemon in the terminal until Ctrl-C or until it ends;\n"
	"with --json a line for each picture, in any output. In letters instead of\n"
	"colours if NO_COLOR is set.\n"
	"\n"
	"  --fps N        pictures a second at most, 1 to 60 (default: 25)\n"
	"  --title TEXT   first line\n"
	"  --frames FILE  without the daemon: this file always holds the last frame, such\n"
	"                 as last_frame of the simulated strip in debugfs\n"
	"  --config FILE  the daemon's configuration, for the zones in it\n";

int ctl_watch(const struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "frames", required_argument, NULL, 'f' },
		{ "title", required_argument, NULL, 't' },
		{ "fps", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const char *config = NULL, *frames = NULL, *title = NULL;
	_cleanup_free_ char *own = NULL;
	long fps = WATCH_FPS;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			config = optarg;
			break;
		case 'f':
			frames = optarg;
			break;
		case 't':
			title = optarg;
			break;
		case 'r':
			if (!ctl_number(optarg, 1, WATCH_FPS_MAX, &fps))
				return ctl_fail(CTL_USAGE,
						"--fps wants a whole number from 1 to %d",
						WATCH_FPS_MAX);
			break;
		case 'h':
			fputs(watch_help, stdout);
			return CTL_OK;
		default:
			return CTL_USAGE;
		}
	}
	if (optind != argc || !config != !frames) {
		fputs(watch_help, stderr);
		return CTL_USAGE;
	}
	if (!title) {
		if (asprintf(&own, "diuna  %s  (Ctrl-C ends)", frames ? frames : ctl->url) < 0)
			return ctl_fail(CTL_OS, "out of memory");
		title = own;
	}
	return frames ? watch_file(config, frames, title, (int)fps)
		      : watch_live(ctl, title, (int)fps);
}
