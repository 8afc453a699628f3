/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "control/saved.h"
#include "core/loop.h"
#include "core/worker.h"

/*
 * Saves the state while the light goes on: the loop copies it as a plain value
 * into a buffer made at the start, a worker writes it down. When that is, says
 * control/store_plan.h. Light loop only.
 */
struct store;

struct store_config {
	struct loop *loop;
	struct worker *worker;
	const char *path;
	/* copies what is to be saved into @saved, which has what was copied last; on the loop */
	void (*fill)(struct saved *saved, void *data);
	/* the state can no longer be saved, -errno, or can again, 0; may be NULL; logged here */
	void (*on_error)(int error, void *data);
	/* on the worker; NULL: store_file_save() */
	int (*save)(const char *path, const struct saved *saved);
	void *data;
};

/** store_create() - 0, -ENAMETOOLONG or -errno; @ret_store is untouched on failure */
int store_create(struct store **ret_store, const struct store_config *config);

/**
 * store_destroy() - after the worker was destroyed; NULL is fine; returns NULL
 *
 * What a worker that hangs still uses is left to it.
 */
struct store *store_destroy(struct store *store);

/** store_changed() - something that is to be saved was changed */
void store_changed(struct store *store);

/**
 * store_flush() - save at once what is unsaved
 * @on_done: called once, perhaps at once, when all changes so far are saved (0)
 *	or the attempt failed (-errno); it goes on being tried
 */
void store_flush(struct store *store, void (*on_done)(int result, void *data), void *data);
