/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What a buzzer can play: short patterns of tones and rests. */

/** SOUND_NOTES_MAX - tones and rests of one pattern */
#define SOUND_NOTES_MAX 8

/** struct sound_note - @hz for @ms; 0 Hz: silence */
struct sound_note {
	uint16_t hz, ms;
};

/** struct sound - a pattern; a note of 0 ms ends it early */
struct sound {
	const char *name;
	struct sound_note note[SOUND_NOTES_MAX];
};

/** sound_at() - NULL at the end */
const struct sound *sound_at(size_t index);

/** sound_find() - by name in any case; NULL if there is none */
const struct sound *sound_find(const char *name);

/** sound_name_at() - a nearest_name_fn of all */
const char *sound_name_at(size_t index, const void *data);
