/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/**
 * str_copy() - copy @text into @ret_text of @room bytes, always closed by a zero
 *
 * What does not fit is cut off before the first character that would be
 * broken. @room is at least 1. Return: true if all of it fitted.
 */
bool str_copy(char *ret_text, size_t room, const char *text);

/**
 * str_clean() - make @text fit for a log, a terminal and JSON, in place
 *
 * Control characters, those that turn the direction of writing or break lines,
 * and bytes that are not UTF-8 become '?'. The length stays.
 */
void str_clean(char *text);
