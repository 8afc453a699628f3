// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "control/store_file.h"
#include "control/store_plan.h"

/* What the worker has while it saves, the loop else. */
struct job {
	char path[STORE_PATH_MAX];
	int (*save)(const char *path, const struct saved *saved);
	struct saved saved;
};

struct store {
	struct store_config config;
	struct loop_source *timer;
	struct store_plan plan;
	struct job *job;
	int error; /* told to the owner: 0 or -errno */
	void (*on_flushed)(int result, void *data);
	void *flush_data;
};

static int run_job(void *data)
{
	struct job *job = data;

	return job->save(job->path, &job->saved);
}

/* Said once when it begins and once when it is over. */
static void tell(struct store *store, int error)
{
	if (!error == !store->error)
		return;
	store->error = error;
	if (error)
		log_error(LOG_STATE, error, "%s cannot be saved; it is tried again",
			  store->job->path);
	else
		log_info(LOG_STATE, "%s is saved again", store->job->path);
	if (store->config.on_error)
		store->config.on_error(error, store->config.data);
}

static void flushed(struct store *store, int result)
{
	void (*on_flushed)(int result, void *data) = store->on_flushed;

	store->on_flushed = NULL;
	if (on_flushed)
		on_flushed(result, store->flush_data);
}

static void proceed(struct store *store, uint64_t now_ns);

static void on_saved(void *job, int result, void *data)
{
	struct store *store = data;
	uint64_t now_ns = clock_now_ns();

	(void)job;
	store_plan_end(&store->plan, result, now_ns);
	/* The worker ends and nothing is tried again. */
	if (result == -ECANCELED) {
		flushed(store, result);
		return;
	}
	tell(store, result);
	if (result < 0 || !store->plan.dirty)
		flushed(store, result);
	proceed(store, now_ns);
}

static void begin(struct store *store, uint64_t now_ns)
{
	int ret;

	store_plan_begin(&store->plan, now_ns);
	loop_timer_set(store->timer, now_ns + STORE_SLOW_NS);
	store->config.fill(&store->job->saved, store->config.data);
	ret = worker_submit(store->config.worker, run_job, store->job, on_saved, store);
	if (ret < 0)
		on_saved(store->job, ret, store);
}

/* Do what is due, then wait for what is not: the next attempt, or the end of the running one. */
static void proceed(struct store *store, uint64_t now_ns)
{
	uint64_t due = store_plan_due(&store->plan);

	if (due && due <= now_ns) {
		begin(store, now_ns);
		return;
	}
	loop_timer_set(store->timer, due);
}

static int on_timer(struct loop_source *source, uint64_t now_ns, void *data)
{
	struct store *store = data;

	(void)source;
	if (store->plan.running) {
		tell(store, -ETIMEDOUT);
		return 0;
	}
	proceed(store, now_ns);
	return 0;
}

void store_changed(struct store *store)
{
	uint64_t now_ns = clock_now_ns();

	store_plan_change(&store->plan, now_ns);
	if (!store->plan.running)
		proceed(store, now_ns);
}

void store_flush(struct store *store, void (*on_done)(int result, void *data), void *data)
{
	store->on_flushed = on_done;
	store->flush_data = data;
	store_plan_hurry(&store->plan);
	if (!store->plan.dirty && !store->plan.running)
		flushed(store, 0);
	else if (!store->plan.running)
		proceed(store, clock_now_ns());
}

int store_create(struct store **ret_store, const struct store_config *config)
{
	struct store *store;
	int ret;

	if (strlen(config->path) >= STORE_PATH_MAX)
		return -ENAMETOOLONG;
	store = calloc(1, sizeof(*store));
	if (!store)
		return -ENOMEM;
	store->config = *config;
	store->job = calloc(1, sizeof(*store->job));
	if (!store->job) {
		free(store);
		return -ENOMEM;
	}
	memcpy(store->job->path, config->path, strlen(config->path) + 1);
	store->job->save = config->save ? config->save : store_file_save;
	ret = loop_add_timer(config->loop, &store->timer, "state", LOOP_HOUSEKEEPING, on_timer,
			     store);
	if (ret < 0) {
		store_destroy(store);
		return ret;
	}
	*ret_store = store;
	return 0;
}

struct store *store_destroy(struct store *store)
{
	if (!store)
		return NULL;
	loop_source_remove(store->timer);
	if (!store->plan.running)
		free(store->job);
	free(store);
	return NULL;
}
