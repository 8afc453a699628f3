/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Keys by name: modifiers and a key, such as "CTRL+SHIFT+Z", "SPACE" or
 * "VOLUMEUP". The names are those of linux/input-event-codes.h, of which KEY_
 * may be left out.
 */

/** KEY_TEXT_MAX - bytes of a key with all modifiers, the closing zero included */
#define KEY_TEXT_MAX 64

/** key_parse() - case is ignored; false if @text is not a key, the results are untouched then */
bool key_parse(const char *text, uint32_t *ret_code, uint32_t *ret_modifiers);

/** key_write() - what key_parse() reads: upper case, without KEY_; the number of a key without a name */
void key_write(char ret_text[KEY_TEXT_MAX], uint32_t code, uint32_t modifiers);

/** key_name_at() - names of keys, for suggestions; a nearest_name_fn */
const char *key_name_at(size_t index, const void *data);

/** key_modifier() - the bit of EVENT_SHIFT and so on that a key is; 0: it is none */
uint32_t key_modifier(uint32_t code);
