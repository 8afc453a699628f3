// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/picture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frames/compose.h"

#define FORMAT 1

/*
 * @number: of the preview_picture that it was last compared with
 * @made: versions of the outputs that it shows, added up: none of them ever shrinks
 */
struct entry {
	struct message *message;
	uint64_t number, made;
	uint64_t version;
};

/* Where a zone's pixels are, as of the state that has @state_version. */
struct place {
	uint64_t state_version;
	struct frames_zone_config config; /* outputs are indices of the state snapshot */
	uint32_t pixels;
};

struct pictures {
	struct entry output[FRAMES_MAX_OUTPUTS];
	struct entry zone[ZONE_MAX];
	struct place place[ZONE_MAX];
};

int pictures_create(struct pictures **ret_pictures)
{
	*ret_pictures = calloc(1, sizeof(**ret_pictures));
	return *ret_pictures ? 0 : -ENOMEM;
}

struct pictures *pictures_destroy(struct pictures *pictures)
{
	size_t i;

	if (!pictures)
		return NULL;
	for (i = 0; i < FRAMES_MAX_OUTPUTS; i++)
		message_unref(pictures->output[i].message);
	for (i = 0; i < ZONE_MAX; i++)
		message_unref(pictures->zone[i].message);
	free(pictures);
	return NULL;
}

static void put_le(uint8_t *at, uint32_t value, unsigned int bytes)
{
	for (; bytes--; value >>= 8)
		*at++ = (uint8_t)value;
}

static struct message *begin(struct entry *entry, struct picture_source source, uint32_t pixels)
{
	struct message *message = message_new(MESSAGE_BINARY, PICTURE_HEAD + 3 * (size_t)pixels);

	if (!message)
		return NULL;
	entry->version++;
	message->data[0] = FORMAT;
	message->data[1] = (uint8_t)source.kind;
	put_le(message->data + 2, source.index, 2);
	put_le(message->data + 4, (uint32_t)entry->version, 4);
	put_le(message->data + 8, pixels, 4);
	message_unref(entry->message);
	entry->message = message;
	return message;
}

/* What an eye sees: white is added to the three. */
static void put_pixel(uint8_t *to, const uint8_t *from, uint32_t components)
{
	unsigned int white = components == 4 ? from[3] : 0, i, value;

	for (i = 0; i < 3; i++) {
		value = from[i] + white;
		to[i] = (uint8_t)(value > 255 ? 255 : value);
	}
}

static bool matches(const struct snapshot_output *output, uint32_t bytes)
{
	return bytes && output->present && output->geometry.frame_bytes == bytes;
}

static void make_output(struct entry *entry, const struct view *view,
			const struct preview_picture *picture, struct picture_source source)
{
	const struct snapshot_output *output = &view->state->output[source.index];
	const struct output_geometry *geometry = &output->geometry;
	struct message *message;
	uint32_t pixels = 0, c, i;
	uint8_t *to;

	for (c = 0; c < geometry->channels; c++)
		pixels += geometry->channel[c].pixels;
	message = begin(entry, source, pixels);
	if (!message)
		return;
	to = message->data + PICTURE_HEAD;
	for (c = 0; c < geometry->channels; c++) {
		const struct output_channel *channel = &geometry->channel[c];
		const uint8_t *from =
			picture->data + picture->output[source.index].at + channel->offset;

		for (i = 0; i < channel->pixels; i++, to += 3, from += channel->components)
			put_pixel(to, from, channel->components);
	}
}

static unsigned int find_output(const struct state_snapshot *state, const char *name)
{
	unsigned int i;

	for (i = 0; i < state->output_count; i++)
		if (!strcmp(state->output[i].name, name))
			break;
	return i;
}

static bool add_part(struct place *place, const struct zone_config *zone, unsigned int output,
		     uint32_t first, uint32_t count)
{
	if (place->config.part_count == FRAMES_MAX_PARTS)
		return false;
	place->config.part[place->config.part_count++] = (struct frames_part){
		.output = output, .channel = zone->channel, .first = first, .count = count
	};
	place->pixels += count;
	return true;
}

/* The parts in the order of the zone's pixels, as control/places.c lays them out for frames. */
static bool add_parts(struct place *place, const struct state_snapshot *state,
		      const struct zone_config *zone, bool member)
{
	unsigned int output = find_output(state, zone->output), i, n;
	bool reversed = member && zone->reversed;

	if (zone->member_count) {
		for (i = 0; i < zone->member_count; i++)
			if (!add_parts(place, state, &state->zone[zone->member[i]].config, true))
				return false;
		return true;
	}
	n = zone->part_count ? zone->part_count : 1;
	for (i = 0; i < n; i++) {
		unsigned int at = reversed ? n - 1 - i : i;
		uint32_t first = zone->part_count ? zone->part[at].first : zone->first;
		uint32_t count = zone->part_count ? zone->part[at].count : zone->count;

		if (!add_part(place, zone, output, first, count))
			return false;
		place->config.part[place->config.part_count - 1].reversed = reversed;
	}
	return true;
}

static const struct place *find_place(struct pictures *pictures, const struct state_snapshot *state,
				      unsigned int index)
{
	const struct zone_config *zone = &state->zone[index].config;
	struct place *place = &pictures->place[index];

	if (place->state_version == state->version)
		return place;
	*place = (struct place){
		.state_version = state->version,
		.config = { .reversed = zone->reversed,
			    .width = zone->width,
			    .height = zone->height,
			    .serpentine = zone->serpentine,
			    .rotation = zone->rotation },
	};
	if (!add_parts(place, state, zone, false))
		place->pixels = 0;
	return place;
}

static void make_zone(struct entry *entry, const struct view *view,
		      const struct preview_picture *picture, const struct place *place,
		      struct picture_source source)
{
	struct message *message = begin(entry, source, place->pixels);
	uint32_t at = 0, p, i;

	if (!message)
		return;
	for (p = 0; p < place->config.part_count; p++) {
		const struct frames_part *part = &place->config.part[p];
		const struct output_channel *channel =
			&view->state->output[part->output].geometry.channel[part->channel];
		const uint8_t *from = picture->data + picture->output[part->output].at +
				      channel->offset + (size_t)part->first * channel->components;

		for (i = 0; i < part->count; i++, at++, from += channel->components)
			put_pixel(message->data + PICTURE_HEAD +
					  3 * (size_t)compose_source(&place->config, at),
				  from, channel->components);
	}
}

/* All its outputs are there and have its pixels; the sum of their versions. */
static bool zone_version(const struct view *view, const struct preview_picture *picture,
			 const struct place *place, uint64_t *ret_made)
{
	uint32_t p;

	*ret_made = 0;
	for (p = 0; p < place->config.part_count; p++) {
		const struct frames_part *part = &place->config.part[p];
		const struct snapshot_output *output = &view->state->output[part->output];

		if (part->output >= view->state->output_count ||
		    !matches(output, picture->output[part->output].bytes) ||
		    !compose_fits(part, &output->geometry))
			return false;
		*ret_made += picture->output[part->output].version;
	}
	return place->pixels > 0;
}

struct message *pictures_get(struct pictures *pictures, const struct view *view,
			     const struct preview_picture *picture, struct picture_source source,
			     uint64_t *ret_version)
{
	bool is_zone = source.kind == PICTURE_ZONE;
	struct entry *entry =
		is_zone ? &pictures->zone[source.index] : &pictures->output[source.index];
	const struct place *place = NULL;
	uint64_t made = 0;
	bool there;

	*ret_version = entry->version;
	if (entry->number == picture->number)
		return entry->message;
	entry->number = picture->number;
	if (is_zone) {
		place = find_place(pictures, view->state, source.index);
		there = zone_version(view, picture, place, &made);
	} else {
		there = matches(&view->state->output[source.index],
				picture->output[source.index].bytes);
		made = picture->output[source.index].version;
	}
	if (!there) {
		entry->message = message_unref(entry->message);
		entry->made = 0;
	} else if (!entry->message || entry->made != made) {
		entry->made = made;
		if (is_zone)
			make_zone(entry, view, picture, place, source);
		else
			make_output(entry, view, picture, source);
	}
	*ret_version = entry->version;
	return entry->message;
}
