// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/sound.h"

#include <strings.h>

static const struct sound sounds[] = {
	{ "TICK", { { 2000, 15 } } },
	{ "OK", { { 1500, 60 }, { 0, 40 }, { 2200, 90 } } },
	{ "ERROR", { { 600, 150 }, { 0, 60 }, { 400, 250 } } },
	{ "UP", { { 1000, 60 }, { 1400, 60 }, { 1900, 90 } } },
	{ "DOWN", { { 1900, 60 }, { 1400, 60 }, { 1000, 90 } } },
	{ "ALARM",
	  { { 2400, 200 },
	    { 1200, 200 },
	    { 2400, 200 },
	    { 1200, 200 },
	    { 2400, 200 },
	    { 1200, 200 } } },
};

const struct sound *sound_at(size_t index)
{
	return index < sizeof(sounds) / sizeof(sounds[0]) ? &sounds[index] : NULL;
}

const struct sound *sound_find(const char *name)
{
	const struct sound *sound;
	size_t i;

	for (i = 0; (sound = sound_at(i)); i++)
		if (!strcasecmp(sound->name, name))
			return sound;
	return NULL;
}

const char *sound_name_at(size_t index, const void *data)
{
	const struct sound *sound = sound_at(index);

	(void)data;
	return sound ? sound->name : NULL;
}
