// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/str.h"

#include <string.h>

bool str_copy(char *ret_text, size_t room, const char *text)
{
	size_t length = strnlen(text, room);
	bool fits = length < room;

	if (!fits) {
		length = room - 1;
		/* never leave half a UTF-8 character: go back over its continuation bytes */
		while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
			length--;
	}
	memcpy(ret_text, text, length);
	ret_text[length] = '\0';
	return fits;
}

/* Bytes of the well-formed character at @s (Unicode 15, table 3-7), 0 if there is none. */
static size_t utf8_length(const unsigned char *s)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t length, i;

	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		length = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		length = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		length = 4;
	else
		return 0;

	/* the second byte's range shuts out long forms, surrogates and what is above U+10FFFF */
	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed)
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	if (s[1] < low || s[1] > high)
		return 0;
	for (i = 2; i < length; i++)
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	return length;
}

/* C0, DEL and C1: a terminal may obey each of them. */
static bool is_control(const unsigned char *s)
{
	return s[0] < 0x20 || s[0] == 0x7f || (s[0] == 0xc2 && s[1] <= 0x9f);
}

/*
 * What turns the order of a line around or breaks it, so that it is read as another one than it
 * is: U+061C, U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069 (Unicode TR 36, 9).
 */
static bool is_misleading(const unsigned char *s)
{
	if (s[0] == 0xd8)
		return s[1] == 0x9c;
	if (s[0] != 0xe2)
		return false;
	if (s[1] == 0x80)
		return s[2] == 0x8e || s[2] == 0x8f || (s[2] >= 0xa8 && s[2] <= 0xae);
	return s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9;
}

void str_clean(char *text)
{
	unsigned char *s = (unsigned char *)text;

	while (*s) {
		size_t length = utf8_length(s);

		if (!length || is_control(s) || is_misleading(s)) {
			memset(s, '?', length ? length : 1);
			s += length ? length : 1;
		} else {
			s += length;
		}
	}
}
