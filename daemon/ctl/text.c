// SPDX-License-Identifier: GPL-2.0-or-later
/* What commands say and read. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"

#define TEXTS 8
#define TEXT_MAX 1200

void ctl_print_json(const json_t *value)
{
	json_dumpf(value, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
	putchar('\n');
}

const char *ctl_text(const char *text)
{
	static char texts[TEXTS][TEXT_MAX];
	static unsigned int next;
	char *to = texts[next++ % TEXTS];
	size_t i;

	for (i = 0; text[i] && i < TEXT_MAX - 1; i++) {
		unsigned char c = (unsigned char)text[i];
		bool second = i && (unsigned char)text[i - 1] == 0xc2;

		/* C0, DEL, and C1 as UTF-8 (0xc2 0x80 to 0x9f) */
		to[i] = c < 0x20 || c == 0x7f || (second && c >= 0x80 && c < 0xa0) ? '?' : (char)c;
	}
	to[i] = '\0';
	return to;
}

const char *ctl_string(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? ctl_text(text) : "";
}

json_int_t ctl_int(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

int ctl_fail(int code, const char *format, ...)
{
	va_list args;

	fputs("diunactl: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return code;
}

bool ctl_number(const char *text, long min, long max, long *ret_number)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (errno || end == text || *end || number < min || number > max)
		return false;
	*ret_number = number;
	return true;
}
