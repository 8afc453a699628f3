/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>
#include <stddef.h>

/*
 * The files of a configuration: one names others by "include", each with
 * topics of its own, and together they are read as one object.
 */

/** SOURCES_MAX - files in all, the first one included */
#define SOURCES_MAX 17
/** SOURCES_DEPTH_MAX - how far a file that includes may be from the first one */
#define SOURCES_DEPTH_MAX 4
/** SOURCES_PATH_MAX - bytes of a path, the closing zero included */
#define SOURCES_PATH_MAX 1024
/** SOURCES_FILE_MAX - bytes of one file */
#define SOURCES_FILE_MAX (1024 * 1024)
/** SOURCES_VERSION - of the configuration's form, what "version" may say */
#define SOURCES_VERSION 1

/** struct sources - zeroed at first, ended by sources_fini() */
struct sources {
	json_t *merged; /* all topics; neither "include" nor "version" */
	/* borrowed: topics from elsewhere that stand in @merged instead, and a name for it; or NULL */
	json_t *over;
	const char *over_name;
	unsigned int count;
	struct {
		char path[SOURCES_PATH_MAX];
		json_t *root;
	} source[SOURCES_MAX];
};

/**
 * sources_read() - read a file and all that it includes
 * @path: of the first file; where others are named relative to it, and in errors
 * @text: its content of @length bytes; NULL: it is read too
 * @error: @room bytes: on failure the first error in words
 *
 * Return: 0, -EINVAL (content), or -errno of reading a file.
 */
int sources_read(struct sources *sources, const char *path, const char *text, size_t length,
		 char *error, size_t room);

/**
 * sources_read_text() - a whole file of at most SOURCES_FILE_MAX bytes
 * @ret_text: heap
 *
 * Return: 0, -EFBIG, or -errno of reading it.
 */
int sources_read_text(const char *path, char **ret_text, size_t *ret_length);

/** sources_name() - the file that has a topic, or the first one; NULL: the first one */
const char *sources_name(const char *topic, const void *sources);

/** sources_fini() - free what it holds */
void sources_fini(struct sources *sources);
