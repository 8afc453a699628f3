// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/token.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

#define BLANKS " \t\r"

static bool is_token(const char *text, size_t length)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789-._~+/";
	size_t begin = strspn(text, allowed);

	begin = begin > length ? length : begin;
	while (begin < length && text[begin] == '=')
		begin++;
	return begin == length && length >= TOKEN_MIN && length < TOKEN_MAX;
}

static bool refuse(char error[TOKENS_ERROR_MAX], unsigned int line, const char *what)
{
	snprintf(error, TOKENS_ERROR_MAX, "line %u: %s", line, what);
	return false;
}

static bool parse_line(struct tokens *tokens, const char *line, size_t length, unsigned int number,
		       char error[TOKENS_ERROR_MAX])
{
	size_t word, gap, end;
	enum token_scope scope = TOKEN_NONE;

	word = strcspn(line, BLANKS "\n");
	if (word == 4 && !memcmp(line, "read", 4))
		scope = TOKEN_READ;
	else if (word == 7 && !memcmp(line, "control", 7))
		scope = TOKEN_CONTROL;
	if (scope == TOKEN_NONE)
		return refuse(error, number, "it begins with \"read\" or \"control\"");
	gap = strspn(line + word, BLANKS);
	line += word + gap;
	length -= word + gap;
	for (end = length; end > 0 && strchr(BLANKS, line[end - 1]); end--)
		;
	if (!is_token(line, end))
		return refuse(error, number,
			      "a token has 16 to 127 letters, digits and any of - . _ ~ + /");
	if (tokens->count == TOKENS_MAX)
		return refuse(error, number, "there are 32 tokens at most");
	memcpy(tokens->entry[tokens->count].text, line, end);
	tokens->entry[tokens->count++].scope = scope;
	return true;
}

bool tokens_parse(struct tokens *tokens, const char *text, char error[TOKENS_ERROR_MAX])
{
	unsigned int number = 0;

	memset(tokens, 0, sizeof(*tokens));
	while (*text) {
		size_t length = strcspn(text, "\n"), blank = strspn(text, BLANKS);

		number++;
		if (blank < length && text[blank] != '#' &&
		    !parse_line(tokens, text + blank, length - blank, number, error))
			return false;
		text += length;
		text += *text == '\n';
	}
	return tokens->count || refuse(error, number, "there is no token in it");
}

int tokens_load(struct tokens *tokens, const char *path, char error[TOKENS_ERROR_MAX])
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[TOKENS_FILE_MAX + 1];
	struct stat status;
	ssize_t length;

	snprintf(error, TOKENS_ERROR_MAX, "it cannot be read");
	if (fd < 0 || fstat(fd, &status) < 0)
		return -errno;
	/* who can read it can do what it allows */
	if (status.st_mode & (S_IRWXG | S_IRWXO) & ~S_IRGRP) {
		snprintf(error, TOKENS_ERROR_MAX, "others can read or write it: chmod 640");
		return -EPERM;
	}
	length = read(fd, text, sizeof(text));
	if (length < 0)
		return -errno;
	if ((size_t)length > TOKENS_FILE_MAX || memchr(text, '\0', (size_t)length)) {
		snprintf(error, TOKENS_ERROR_MAX, "it is no text of at most %u bytes",
			 TOKENS_FILE_MAX);
		return -EINVAL;
	}
	text[length] = '\0';
	return tokens_parse(tokens, text, error) ? 0 : -EINVAL;
}

enum token_scope tokens_find(const struct tokens *tokens, const char *text, size_t length)
{
	char padded[TOKEN_MAX] = { 0 };
	unsigned int found = TOKEN_NONE;
	size_t i, k;

	if (length >= TOKEN_MAX)
		return TOKEN_NONE;
	memcpy(padded, text, length);
	for (i = 0; i < TOKENS_MAX; i++) {
		uint32_t differs = !tokens->entry[i].scope;

		for (k = 0; k < TOKEN_MAX; k++)
			differs |= (unsigned char)(padded[k] ^ tokens->entry[i].text[k]);
		/* all ones where nothing differs: no branch tells which one it was */
		found |= (unsigned int)tokens->entry[i].scope & ((differs - 1) >> 31) * 3U;
	}
	return found & TOKEN_CONTROL ? TOKEN_CONTROL : (enum token_scope)found;
}
