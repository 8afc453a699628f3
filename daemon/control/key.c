// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/key.h"

#include <ctype.h>
#include <libevdev/libevdev.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "core/event.h"

#define PREFIX "KEY_"

static const struct {
	const char *name;
	uint32_t bit;
	uint32_t codes[2];
} modifiers[] = {
	{ "CTRL", EVENT_CTRL, { KEY_LEFTCTRL, KEY_RIGHTCTRL } },
	{ "ALT", EVENT_ALT, { KEY_LEFTALT, KEY_RIGHTALT } },
	{ "SHIFT", EVENT_SHIFT, { KEY_LEFTSHIFT, KEY_RIGHTSHIFT } },
	{ "META", EVENT_META, { KEY_LEFTMETA, KEY_RIGHTMETA } },
};

#define MODIFIERS (sizeof(modifiers) / sizeof(modifiers[0]))

uint32_t key_modifier(uint32_t code)
{
	size_t i;

	for (i = 0; i < MODIFIERS; i++)
		if (code == modifiers[i].codes[0] || code == modifiers[i].codes[1])
			return modifiers[i].bit;
	return 0;
}

const char *key_name_at(size_t index, const void *data)
{
	const char *name;

	(void)data;
	if (index > KEY_MAX)
		return NULL;
	name = libevdev_event_code_get_name(EV_KEY, (unsigned int)index);
	/* codes without a name are like no word */
	if (!name)
		return "";
	return strncmp(name, PREFIX, strlen(PREFIX)) ? name : name + strlen(PREFIX);
}

static int code_of(const char *text)
{
	char name[KEY_TEXT_MAX];
	int code;
	size_t i;

	if (snprintf(name, sizeof(name), "%s%s", PREFIX, text) >= (int)sizeof(name))
		return -1;
	for (i = 0; name[i]; i++)
		name[i] = (char)toupper((unsigned char)name[i]);
	code = libevdev_event_code_from_name(EV_KEY, name);
	/* as given, with its own KEY_ or BTN_ */
	if (code < 0)
		code = libevdev_event_code_from_name(EV_KEY, name + strlen(PREFIX));
	return code;
}

bool key_parse(const char *text, uint32_t *ret_code, uint32_t *ret_modifiers)
{
	uint32_t bits = 0;
	size_t length, i;
	int code;

	while ((length = strcspn(text, "+")), text[length]) {
		for (i = 0; i < MODIFIERS; i++)
			if (strlen(modifiers[i].name) == length &&
			    !strncasecmp(modifiers[i].name, text, length))
				break;
		if (i == MODIFIERS)
			return false;
		bits |= modifiers[i].bit;
		text += length + 1;
	}
	code = code_of(text);
	if (code < 0)
		return false;
	*ret_code = (uint32_t)code;
	*ret_modifiers = bits;
	return true;
}

void key_write(char ret_text[KEY_TEXT_MAX], uint32_t code, uint32_t bits)
{
	const char *name = key_name_at(code, NULL);
	size_t used = 0, i;

	for (i = 0; i < MODIFIERS; i++)
		if (bits & modifiers[i].bit)
			used += (size_t)snprintf(ret_text + used, KEY_TEXT_MAX - used, "%s+",
						 modifiers[i].name);
	if (name && *name)
		str_copy(ret_text + used, KEY_TEXT_MAX - used, name);
	else
		snprintf(ret_text + used, KEY_TEXT_MAX - used, "%u", code);
}
