// SPDX-License-Identifier: GPL-2.0-or-later
#include "app_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "config/reload.h"

/* A disk that hangs: whoever asked is answered by then, and what is read later is not taken. */
#define RELOAD_NS (5 * NSEC_PER_SEC)

/* The worker has it while it reads, the loop else. */
struct reloaded {
	const struct app_options *options;
	struct config_change *change; /* NULL: only the files are read again */
	struct config *config;
	struct config_document *document;
	struct reload changes;
	char error[CONFIG_ERROR_MAX];
};

static int read_config(void *data)
{
	struct reloaded *reloaded = data;
	const struct app_options *options = reloaded->options;

	if (reloaded->change)
		return options->change(options->load_data, reloaded->change, &reloaded->config,
				       &reloaded->document);
	return options->load(options->load_data, &reloaded->config, &reloaded->document,
			     reloaded->error);
}

static void set_log_level(enum log_level level)
{
	unsigned int i;

	for (i = 0; i < LOG_CATEGORIES; i++)
		log_set_level(i, level);
}

/* Between two frames: callbacks of the loop are never in the middle of one. */
static void swap_config(struct app *app, struct reloaded *reloaded)
{
	struct reload *changes = &reloaded->changes;
	const struct config *config = app->config;
	size_t i;

	reload_take(app->config, reloaded->config, changes);
	if (changes->fps)
		frames_set_fps(app->frames, config->fps);
	if (changes->transitions)
		controller_set_transitions(app->controller, &config->transitions);
	if (changes->log)
		set_log_level(config->log_level);
	for (i = 0; i < config->zone_count; i++) {
		if (changes->zone[i])
			controller_set_zone(app->controller, (unsigned int)i,
					    config->zone[i].config.display_name,
					    config->zone[i].config.enabled);
	}
	for (i = 0; i < config->zone_count; i++) {
		int ret = changes->place[i]
				  ? controller_place_zone(app->controller, (unsigned int)i,
							  config->zone[i].output,
							  &config->zone[i].config)
				  : 0;

		if (ret < 0)
			log_error(LOG_CONFIG, ret, "zone %s stays where it is",
				  config->zone[i].config.id);
	}
	panel_refresh(app->panel);
	if (changes->bindings)
		desk_configure(app->desk, &config->bindings);
	desk_sync(app->desk);
	controller_sync(app->controller);
	str_copy(reloaded->document->waiting, CONFIG_DOCUMENT_WAITING_MAX, changes->waiting);
	app_tell_config(app, steal_ptr(reloaded->document));
	log_info(LOG_CONFIG, "the configuration was %s%s%s",
		 reloaded->change ? "changed over HTTP" : "read again",
		 changes->waiting[0] ? "; what changed waits for the next start in: " : "",
		 changes->waiting);
}

static void tell_over(struct app *app)
{
	sd_notify(0, "READY=1");
	app_tell_status(app);
}

/* What becomes of a change is known to who asked for it; of a signal's, to the log alone. */
static void tell_result(struct app *app, const struct reloaded *reloaded, int result)
{
	struct command_result told = { .result = result };

	if (!reloaded->change) {
		if (result < 0 && result != -ECANCELED) {
			log_error(LOG_CONFIG, 0, "the old configuration stays: %s",
				  reloaded->error);
			app_tell_error(app, 0, "the old configuration stays: %s", reloaded->error);
		}
		return;
	}
	told.ticket = reloaded->change->ticket;
	if (told.ticket && !port_send(app->results, &told))
		log_error(LOG_API, ENOBUFS, "a command's result is lost");
}

static void free_reloaded(struct reloaded *reloaded)
{
	config_change_unref(reloaded->change);
	config_document_free(reloaded->document);
	config_free(reloaded->config);
	free(reloaded);
}

static bool is_check(const struct config_change *change)
{
	return change && change->kind == CONFIG_CHANGE_CHECK;
}

/* What was checked is kept nowhere; what was kept is taken, however long that took. */
static bool is_to_be_taken(const struct app *app, const struct reloaded *reloaded, bool late)
{
	if (app->ending)
		return false;
	return reloaded->change ? !is_check(reloaded->change) : !late;
}

static void on_reloaded(void *job, int result, void *data)
{
	struct reloaded *reloaded = job;
	struct app *app = data;
	bool late = app->reload_late, check = is_check(reloaded->change);

	app->reloading = app->reload_late = false;
	loop_timer_set(app->reload_limit, 0);
	if (result >= 0 && is_to_be_taken(app, reloaded, late))
		swap_config(app, reloaded);
	else if (late && !reloaded->change)
		log_info(LOG_CONFIG,
			 "the configuration could be read at last, too late to be taken");
	if (!late || reloaded->change)
		tell_result(app, reloaded, result);
	free_reloaded(reloaded);
	if (app->ending)
		return;
	if (!late && !check)
		tell_over(app);
	if (app->reload_again)
		app_reload(app);
}

static int on_limit(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct app *app = data;

	(void)source;
	(void)now_ns;
	if (!app->reloading || app->ending)
		return 0;
	app->reload_late = true;
	log_error(LOG_CONFIG, ETIMEDOUT, "the old configuration stays: the files cannot be read");
	tell_over(app);
	return 0;
}

int app_create_reload(struct app *app)
{
	return loop_add_timer(app->loop, &app->reload_limit, "time of a reload", LOOP_HOUSEKEEPING,
			      on_limit, app);
}

/* @change: one reference, which is taken if this goes well; or NULL. */
static int begin(struct app *app, struct config_change *change)
{
	struct reloaded *reloaded = calloc(1, sizeof(*reloaded));
	int ret;

	if (!reloaded)
		return -ENOMEM;
	reloaded->options = app->options;
	reloaded->change = change;
	ret = worker_submit(app->files, read_config, reloaded, on_reloaded, app);
	if (ret < 0) {
		free(reloaded);
		return ret;
	}
	app->reloading = true;
	loop_timer_set(app->reload_limit, clock_now_ns() + RELOAD_NS);
	/* what is only checked changes nothing, and anybody may ask for it at any rate */
	if (!is_check(change))
		sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
			   (uint64_t)(clock_now_ns() / NSEC_PER_USEC));
	return 0;
}

void app_reload(struct app *app)
{
	int ret;

	/* What is read at this moment may be older than what is asked for. */
	app->reload_again = app->reloading;
	if (app->reload_late)
		log_error(LOG_CONFIG, ETIMEDOUT,
			  "the old configuration stays until files can be read");
	if (app->reloading)
		return;
	ret = begin(app, NULL);
	if (ret < 0)
		log_error(LOG_CONFIG, ret, "the configuration cannot be read again");
}

int app_change_config(struct app *app, const struct command *command)
{
	struct config_change *change = command->config;
	int ret;

	change->ticket = command->ticket;
	if (change->expected && change->expected != app->config_version)
		ret = -ESTALE;
	else if (app->reloading)
		ret = -EBUSY;
	else
		ret = begin(app, change);
	if (ret >= 0)
		return -EINPROGRESS;
	command_discard(command);
	return ret;
}

void app_tell_config(struct app *app, struct config_document *document)
{
	document->version = ++app->config_version;
	config_shelf_put(&app->shelf, document);
}
