/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Who may do what: a file with a line "read TOKEN" or "control TOKEN" for each
 * who may, blank lines and comments from "#" on. A token has 16 to 127 of the
 * characters that RFC 6750 allows, A-Z a-z 0-9 - . _ ~ + and /, and "=" at its end.
 */

#define TOKEN_MAX 128
#define TOKEN_MIN 16
#define TOKENS_MAX 32
/* TOKENS_FILE_MAX - bytes of a file */
#define TOKENS_FILE_MAX 8192
#define TOKENS_ERROR_MAX 160

enum token_scope {
	TOKEN_NONE, /* it is none of them */
	TOKEN_READ,
	TOKEN_CONTROL,
};

/** struct tokens - all of them; zeroed: none */
struct tokens {
	size_t count;
	struct {
		char text[TOKEN_MAX]; /* zeroes behind it */
		enum token_scope scope;
	} entry[TOKENS_MAX];
};

/**
 * tokens_parse() - read the text of a file; false with the error in words, which never has a token in it
 *
 * None at all is an error too.
 */
bool tokens_parse(struct tokens *tokens, const char *text, char error[TOKENS_ERROR_MAX]);

/** tokens_load() - tokens_parse() of a file; 0 or -errno, with the error told in words */
int tokens_load(struct tokens *tokens, const char *path, char error[TOKENS_ERROR_MAX]);

/**
 * tokens_find() - what a token of @length bytes may do
 *
 * Takes the same time for any of them: each byte of each token is looked at.
 */
enum token_scope tokens_find(const struct tokens *tokens, const char *text, size_t length);
