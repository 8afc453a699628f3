/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The page: files that are part of the program, given as they are. */

/**
 * struct web_file - one file; all of it lives as long as the program
 * @path: of the request, such as "/" or "/app.js"
 * @type: its Content-Type
 * @etag: with the quotes; another one whenever the bytes are others
 * @data, @gzip: the bytes, and the same packed; packed ones are always there
 */
struct web_file {
	const char *path;
	const char *type;
	const char *etag;
	const uint8_t *data;
	size_t size;
	const uint8_t *gzip;
	size_t gzip_size;
};

/** files_find() - the file at @path, or NULL */
const struct web_file *files_find(const struct web_file *files, size_t count, const char *path);

/**
 * files_answer() - queue the file: packed for those who take that, 304 for those who have it
 *
 * Return: what libmicrohttpd's access handler has to; MHD_NO, which closes, without memory.
 */
enum MHD_Result files_answer(struct MHD_Connection *connection, const struct web_file *file);
