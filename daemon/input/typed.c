// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/typed.h"

#include <linux/input-event-codes.h>
#include <stdbool.h>
#include <string.h>

#include "core/event.h"

#define ESCAPE 0x1b

/* Order of ASCII from 'a'. */
static const uint8_t letters[26] = {
	KEY_A, KEY_B, KEY_C, KEY_D, KEY_E, KEY_F, KEY_G, KEY_H, KEY_I, KEY_J, KEY_K, KEY_L, KEY_M,
	KEY_N, KEY_O, KEY_P, KEY_Q, KEY_R, KEY_S, KEY_T, KEY_U, KEY_V, KEY_W, KEY_X, KEY_Y, KEY_Z,
};

static const struct {
	char plain, shifted;
	uint8_t code;
} signs[] = {
	{ '1', '!', KEY_1 },	       { '2', '@', KEY_2 },	     { '3', '#', KEY_3 },
	{ '4', '$', KEY_4 },	       { '5', '%', KEY_5 },	     { '6', '^', KEY_6 },
	{ '7', '&', KEY_7 },	       { '8', '*', KEY_8 },	     { '9', '(', KEY_9 },
	{ '0', ')', KEY_0 },	       { '-', '_', KEY_MINUS },	     { '=', '+', KEY_EQUAL },
	{ '[', '{', KEY_LEFTBRACE },   { ']', '}', KEY_RIGHTBRACE }, { ';', ':', KEY_SEMICOLON },
	{ '\'', '"', KEY_APOSTROPHE }, { '`', '~', KEY_GRAVE },	     { '\\', '|', KEY_BACKSLASH },
	{ ',', '<', KEY_COMMA },       { '.', '>', KEY_DOT },	     { '/', '?', KEY_SLASH },
};

/* After ESC [ or ESC O */
static const struct {
	const char *text;
	uint8_t code;
} sequences[] = {
	{ "A", KEY_UP },	{ "B", KEY_DOWN },    { "C", KEY_RIGHT }, { "D", KEY_LEFT },
	{ "H", KEY_HOME },	{ "F", KEY_END },     { "P", KEY_F1 },	  { "Q", KEY_F2 },
	{ "R", KEY_F3 },	{ "S", KEY_F4 },      { "[A", KEY_F1 },	  { "[B", KEY_F2 },
	{ "[C", KEY_F3 },	{ "[D", KEY_F4 },     { "[E", KEY_F5 },	  { "1~", KEY_HOME },
	{ "2~", KEY_INSERT },	{ "3~", KEY_DELETE }, { "4~", KEY_END },  { "5~", KEY_PAGEUP },
	{ "6~", KEY_PAGEDOWN }, { "15~", KEY_F5 },    { "17~", KEY_F6 },  { "18~", KEY_F7 },
	{ "19~", KEY_F8 },	{ "20~", KEY_F9 },    { "21~", KEY_F10 }, { "23~", KEY_F11 },
	{ "24~", KEY_F12 },
};

static bool plain_key(unsigned char byte, struct typed *key)
{
	size_t i;

	*key = (struct typed){ .code = 0 };
	if (byte >= 'a' && byte <= 'z') {
		key->code = letters[byte - 'a'];
	} else if (byte >= 'A' && byte <= 'Z') {
		key->code = letters[byte - 'A'];
		key->modifiers = EVENT_SHIFT;
	} else if (byte == ' ') {
		key->code = KEY_SPACE;
	} else if (byte == '\n' || byte == '\r') {
		key->code = KEY_ENTER;
	} else if (byte == '\t') {
		key->code = KEY_TAB;
	} else if (byte == 0x7f || byte == '\b') {
		key->code = KEY_BACKSPACE;
	} else if (byte >= 1 && byte <= 26) {
		key->code = letters[byte - 1];
		key->modifiers = EVENT_CTRL;
	}
	for (i = 0; !key->code && i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (byte != signs[i].plain && byte != signs[i].shifted)
			continue;
		key->code = signs[i].code;
		key->modifiers = byte == signs[i].shifted ? EVENT_SHIFT : 0;
	}
	return key->code;
}

/* The bytes of a sequence after ESC [ or ESC O, its last one included; 0: it has none. */
static size_t sequence_length(const char *bytes, size_t length)
{
	size_t i = 0;

	/* ESC [ [ A is the Linux console's F1 */
	if (length && bytes[0] == '[')
		i++;
	/* ECMA-48 5.4: parameters 0x30-0x3f, intermediate bytes 0x20-0x2f, the final one 0x40-0x7e */
	while (i < length && bytes[i] >= 0x20 && bytes[i] < 0x40)
		i++;
	return i < length ? i + 1 : 0;
}

static bool sequence_key(const char *bytes, size_t length, struct typed *key)
{
	size_t i;

	for (i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		if (strlen(sequences[i].text) == length &&
		    !memcmp(sequences[i].text, bytes, length)) {
			*key = (struct typed){ .code = sequences[i].code };
			return true;
		}
	}
	return false;
}

size_t typed_keys(const char *bytes, size_t length, struct typed ret_keys[TYPED_MAX])
{
	size_t count = 0, at = 0, n;

	while (at < length && count < TYPED_MAX) {
		if (bytes[at] != ESCAPE) {
			count += plain_key((unsigned char)bytes[at++], &ret_keys[count]);
			continue;
		}
		at++;
		if (at == length) {
			ret_keys[count++] = (struct typed){ .code = KEY_ESC };
		} else if (bytes[at] == '[' || bytes[at] == 'O') {
			n = sequence_length(bytes + at + 1, length - at - 1);
			count += sequence_key(bytes + at + 1, n, &ret_keys[count]);
			/* cut off: the rest of it is no key either */
			at = n ? at + 1 + n : length;
		} else if (bytes[at] != ESCAPE &&
			   plain_key((unsigned char)bytes[at], &ret_keys[count])) {
			ret_keys[count++].modifiers |= EVENT_ALT;
			at++;
		} else {
			ret_keys[count++] = (struct typed){ .code = KEY_ESC };
		}
	}
	return count;
}
