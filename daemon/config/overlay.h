/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "config/config.h"
#include "control/config_change.h"

/*
 * The configuration as it is read by a daemon that runs: the files, and over
 * them the topics that were changed over HTTP, which are kept beside the state.
 * What says which files, programs, lines and sockets the daemon touches is the
 * files' alone. All of this may block: not for the light loop.
 */

/**
 * overlay_load() - read the files and what was changed over HTTP
 * @path: of the first file
 * @state: where the state is kept: a path, "none", or NULL: as configured, or
 *	in systemd's STATE_DIRECTORY; @ret_config has what came out
 * @forgiving: what was changed over HTTP and does not fit the files is told in
 *	the document and left out; else it is an error
 * @ret_config: heap, free with config_free()
 * @ret_document: heap, free with config_document_free()
 *
 * Return: 0, or as config_load(), and then nothing is returned but @error.
 */
int overlay_load(const char *path, const char *state, bool forgiving, struct config **ret_config,
		 struct config_document **ret_document, char error[CONFIG_ERROR_MAX]);

/**
 * overlay_change() - check what is asked for, keep it, and read as overlay_load() would
 * @change: CHECK keeps nothing; what is wrong is written into it
 *
 * Return: 0; -EPERM: a value is the files' alone; -EINVAL: a value is wrong;
 * -EBADMSG: the files are; -ENOTSUP: it can be kept nowhere; or -errno of
 * writing it. On failure nothing was changed.
 */
int overlay_change(const char *path, const char *state, struct config_change *change,
		   struct config **ret_config, struct config_document **ret_document);
