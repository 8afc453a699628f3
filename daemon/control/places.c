// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "control/private.h"

static int add_part(struct frames_zone_config *place, const struct frames_part *part)
{
	if (place->part_count >= FRAMES_MAX_PARTS)
		return -ENOSPC;
	place->part[place->part_count++] = *part;
	return 0;
}

/* The parts of a zone of its own, or of a member of a group: turned each if that runs backwards. */
int places_add(const struct controller *controller, struct frames_zone_config *place,
	       unsigned int output, const struct zone_config *config, bool reversed)
{
	struct frames_part part = { .output = output,
				    .channel = config->channel,
				    .first = config->first,
				    .count = config->count,
				    .reversed = reversed };
	unsigned int i, from;
	int ret = 0;

	if (config->member_count) {
		for (i = 0; i < config->member_count && ret >= 0; i++) {
			if (config->member[i] >= controller->zone_count)
				return -EINVAL;
			ret = places_add(controller, place,
					 controller->zone_output[config->member[i]],
					 &controller->zone[config->member[i]].config,
					 controller->zone[config->member[i]].config.reversed);
		}
		return ret;
	}
	if (!config->part_count)
		return add_part(place, &part);
	for (i = 0; i < config->part_count && ret >= 0; i++) {
		from = reversed ? config->part_count - 1U - i : i;
		part.first = config->part[from].first;
		part.count = config->part[from].count;
		ret = add_part(place, &part);
	}
	return ret;
}
