// SPDX-License-Identifier: GPL-2.0-or-later
#include "app_parts.h"

#include <signal.h>
#include <unistd.h>

#include "base/log.h"

/*
 * A render path that hangs, on demand: what a watchdog is for cannot be tried
 * out otherwise. Only a daemon that was started with --debug-hang can be asked.
 */

static bool on_frame(uint64_t now_ns, void *data)
{
	const struct app *app = data;

	(void)now_ns;
	while (app->hanging)
		pause();
	return false;
}

static int on_hang(struct loop_source *source, int signo, void *data)
{
	struct app *app = data;

	(void)source;
	(void)signo;
	if (!app->options->debug_hang) {
		log_warning(LOG_SYSTEM, 0, "SIGUSR2 is refused: not started with --debug-hang");
		return 0;
	}
	log_warning(LOG_SYSTEM, 0, "told to hang: the next frame never ends");
	app->hanging = true;
	frames_kick(app->frames);
	return 0;
}

int app_create_debug(struct app *app)
{
	int ret;

	ret = loop_add_signal(app->loop, &app->on_usr2, "SIGUSR2", SIGUSR2, on_hang, app);
	if (ret < 0 || !app->options->debug_hang)
		return ret;
	return frames_add_producer(app->frames, on_frame, app);
}
