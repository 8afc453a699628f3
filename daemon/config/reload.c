// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/reload.h"

#include <stdio.h>
#include <string.h>

#include "config/palettes.h"

static void wait_for_start(struct reload *reload, const char *topic)
{
	size_t used = strlen(reload->waiting);

	snprintf(reload->waiting + used, RELOAD_TEXT_MAX - used, "%s%s", used ? ", " : "", topic);
}

/* Mostly they stand where they stood: that place is looked at first. */
static const struct config_zone *find_zone(const struct config *config, size_t place,
					   const char *id)
{
	size_t i;

	if (place < config->zone_count && strcmp(config->zone[place].config.id, id) == 0)
		return &config->zone[place];
	for (i = 0; i < config->zone_count; i++) {
		if (strcmp(config->zone[i].config.id, id) == 0)
			return &config->zone[i];
	}
	return NULL;
}

static bool outputs_equal(const struct config *live, const struct config *next)
{
	/* made from zeroes, so what is unused is equal */
	return live->output_count == next->output_count &&
	       memcmp(live->output, next->output, sizeof(live->output)) == 0;
}

/* Places are told by numbers of outputs and of members, and a picture cannot change its size. */
static bool places_may_change(const struct config *live, const struct config *next)
{
	size_t i;

	if (live->zone_count != next->zone_count || !outputs_equal(live, next))
		return false;
	for (i = 0; i < live->zone_count; i++) {
		const struct zone_config *was = &live->zone[i].config;
		const struct zone_config *is = &next->zone[i].config;

		if (strcmp(was->id, is->id) != 0 || was->count != is->count ||
		    zone_picture_width(was) != zone_picture_width(is) ||
		    zone_picture_height(was) != zone_picture_height(is) ||
		    was->member_count != is->member_count ||
		    memcmp(was->member, is->member, sizeof(was->member)) != 0)
			return false;
	}
	return true;
}

/* Takes what may change; true if something else differs. */
static bool take_zone(struct config_zone *live, const struct config_zone *next, bool *ret_changed)
{
	struct zone_config *config = &live->config;

	*ret_changed = config->enabled != next->config.enabled ||
		       strcmp(config->display_name, next->config.display_name) != 0;
	config->enabled = next->config.enabled;
	memcpy(config->display_name, next->config.display_name, sizeof(config->display_name));
	return live->output != next->output || memcmp(config, &next->config, sizeof(*config)) != 0;
}

static void take_zones(struct config *live, const struct config *next, struct reload *reload)
{
	bool others = live->zone_count != next->zone_count;
	bool places = places_may_change(live, next);
	const struct config_zone *zone;
	size_t i;

	for (i = 0; i < live->zone_count; i++) {
		zone = find_zone(next, i, live->zone[i].config.id);
		/* how it is at start, made from zeroes, too */
		others |= zone &&
			  memcmp(&live->zone[i].state, &zone->state, sizeof(zone->state)) != 0;
		if (!zone || !take_zone(&live->zone[i], zone, &reload->zone[i])) {
			others |= !zone;
			continue;
		}
		if (places) {
			reload->place[i] = true;
			live->zone[i].config = zone->config;
			live->zone[i].output = zone->output;
		}
		others |= !places;
	}
	if (others)
		wait_for_start(reload, "zones");
}

void reload_take(struct config *live, const struct config *next, struct reload *ret_reload)
{
	memset(ret_reload, 0, sizeof(*ret_reload));
	ret_reload->fps = live->fps != next->fps;
	live->fps = next->fps;
	ret_reload->transitions =
		memcmp(&live->transitions, &next->transitions, sizeof(live->transitions)) != 0;
	live->transitions = next->transitions;
	ret_reload->log = live->log_level != next->log_level;
	live->log_level = next->log_level;

	ret_reload->bindings = memcmp(&live->bindings, &next->bindings, sizeof(live->bindings));
	live->bindings = next->bindings;

	if (live->repaint_ms != next->repaint_ms)
		wait_for_start(ret_reload, "frames");
	if (!outputs_equal(live, next))
		wait_for_start(ret_reload, "outputs");
	if (!palettes_equal(live, next))
		wait_for_start(ret_reload, "palettes");
	if (live->program_count != next->program_count ||
	    memcmp(live->program, next->program, sizeof(live->program)) != 0)
		wait_for_start(ret_reload, "programs");
	take_zones(live, next, ret_reload);
	if (live->input_count != next->input_count ||
	    memcmp(live->input, next->input, sizeof(live->input)) != 0)
		wait_for_start(ret_reload, "inputs");
	if (memcmp(&live->api, &next->api, sizeof(live->api)) != 0)
		wait_for_start(ret_reload, "http");
	if (memcmp(&live->thermal, &next->thermal, sizeof(live->thermal)) != 0)
		wait_for_start(ret_reload, "thermal");
	if (strcmp(live->state_path, next->state_path) != 0)
		wait_for_start(ret_reload, "state");
}
