/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The configuration between those who ask for it over HTTP and those who read
 * and write its files: what is asked for, and what there is.
 */

#define CONFIG_CHANGE_FIELD_MAX 160
#define CONFIG_CHANGE_VALUE_MAX 512
#define CONFIG_CHANGE_TEXT_MAX 512

enum config_change_kind {
	CONFIG_CHANGE_CHECK,   /* only say whether it is right */
	CONFIG_CHANGE_REPLACE, /* topics that are not told are as in the files */
	CONFIG_CHANGE_MERGE,   /* RFC 7396 into what there is */
	CONFIG_CHANGE_CLEAR,   /* all is as in the files */
};

/**
 * struct config_change - a change on its way: the API, the light loop, the thread for files, back
 * @text: topics as JSON; NULL for CLEAR
 * @expected: version of the document that it was made from; 0: any
 * @ticket: of the command
 * @field, @value, @allowed: what is wrong: JSON pointer, JSON, words; "": not told
 * @detail: why it was refused, in words
 *
 * Shared by who waits for it and who does it: the last of them frees it. What
 * it answers is written before the result of its command is sent.
 */
struct config_change {
	atomic_uint refs;
	enum config_change_kind kind;
	char *text;
	uint64_t expected;
	uint64_t ticket;

	char field[CONFIG_CHANGE_FIELD_MAX];
	char value[CONFIG_CHANGE_VALUE_MAX];
	char allowed[CONFIG_CHANGE_TEXT_MAX];
	char detail[CONFIG_CHANGE_TEXT_MAX];
};

/** config_change_create() - with one reference; @text is taken; NULL, and @text freed, without memory */
struct config_change *config_change_create(enum config_change_kind kind, char *text);

/** config_change_ref() - one more reference; returns @change; from any thread */
struct config_change *config_change_ref(struct config_change *change);

/** config_change_unref() - from any thread; NULL is fine; returns NULL */
struct config_change *config_change_unref(struct config_change *change);

/** CONFIG_DOCUMENT_WAITING_MAX - bytes of the list of topics that wait for a start */
#define CONFIG_DOCUMENT_WAITING_MAX 160

/**
 * struct config_document - the configuration as it is told
 * @version: grows with each one, from 1
 * @config: an object of all topics, as JSON
 * @own: an array of the topics that were changed over HTTP, as JSON
 * @waiting: topics that wait for the next start, parted by ", "
 * @ignored: why what was changed over HTTP is not used, in words; "": it is
 */
struct config_document {
	uint64_t version;
	char *config;
	char *own;
	char waiting[CONFIG_DOCUMENT_WAITING_MAX];
	char ignored[CONFIG_CHANGE_TEXT_MAX];
};

/** config_document_free() - NULL is fine; returns NULL */
struct config_document *config_document_free(struct config_document *document);

/**
 * struct config_shelf - where one thread puts the newest document and another takes it
 *
 * Zeroed at first. Nobody waits.
 */
struct config_shelf {
	_Atomic(struct config_document *) newest;
};

/** config_shelf_put() - @document is the shelf's; one that nobody took is freed */
void config_shelf_put(struct config_shelf *shelf, struct config_document *document);

/** config_shelf_put_back() - what was taken, for who takes over; freed if a newer one is there */
void config_shelf_put_back(struct config_shelf *shelf, struct config_document *document);

/** config_shelf_take() - the newest, the caller's then; NULL if there is no newer one */
struct config_document *config_shelf_take(struct config_shelf *shelf);
