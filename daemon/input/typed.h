/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * What a terminal sends when a key is hit, back into keys. Pure. Letters,
 * digits and signs are those of a US keyboard; control characters are with
 * CTRL, and ESC before a character is ALT; the sequences of arrows and
 * function keys are those of xterm and the Linux console (console_codes(4)).
 */

/** TYPED_MAX - keys that one typed_keys() tells */
#define TYPED_MAX 64

/** struct typed - a key that was hit; @code of linux/input-event-codes.h */
struct typed {
	uint32_t code, modifiers;
};

/**
 * typed_keys() - keys of @length bytes, which one read gave
 *
 * What is no key is left out. Return: how many, at most TYPED_MAX.
 */
size_t typed_keys(const char *bytes, size_t length, struct typed ret_keys[TYPED_MAX]);
