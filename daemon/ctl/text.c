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

/* C0, DEL, and C1 as UTF-8 (0xc2 0x80 to 0x9f) */
static bool is_command(const unsigned char *c)
{
	return c[0] < 0x20 || c[0] == 0x7f || (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0);
}

/* Unicode's marks that turn the direction of a text: U+200E, F, 202A to 202E, 2066 to 2069 */
static bool is_turn(const unsigned char *c)
{
	if (c[0] != 0xe2)
		return false;
	if (c[1] == 0x80)
		return c[2] == 0x8e || c[2] == 0x8f || (c[2] >= 0xaa && c[2] <= 0xae);
	return c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9;
}

const char *ctl_text(const char *text)
{
	static char texts[TEXTS][TEXT_MAX];
	static unsigned int next;
	char *to = texts[next++ % TEXTS];
	const unsigned char *c = (const unsigned char *)text;
	size_t i = 0;

	while (*c && i < TEXT_MAX - 1) {
		if (is_turn(c)) {
			to[i++] = '?';
			c += 3;
		} else if (is_command(c)) {
			to[i++] = '?';
			c += c[0] == 0xc2 ? 2 : 1;
		} else {
			to[i++] = (char)*c++;
		}
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
