/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>

#include "control/saved.h"

/* The file that the state is kept in. All of this may block: not for the light loop. */

/** STORE_PATH_MAX - bytes of the file's path, the closing zero included */
#define STORE_PATH_MAX 1024

/**
 * store_file_write() - replace the file by @text, as a whole or not at all
 *
 * A temporary file beside it, fsync, rename, fsync of the directory: after 0 it
 * outlives a power cut. Return: 0 or -errno.
 */
int store_file_write(const char *path, const char *text, size_t length);

/** store_file_save() - store_file_write() of @saved as text; 0 or -errno */
int store_file_save(const char *path, const struct saved *saved);

/**
 * store_file_load() - read the file
 *
 * One that cannot be understood is renamed to PATH.damaged-TIME, with one log
 * line that says why. Return: 0; -ENOENT: there is none; -EINVAL: it was
 * damaged and is out of the way; or, logged as well, -errno of reading or moving
 * it: it is still there, and nobody knows that it is worth less than what would
 * be saved over it.
 */
int store_file_load(const char *path, struct saved *ret_saved);
