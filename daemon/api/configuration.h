/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "api/route.h"
#include "control/config_change.h"

/* GET /config, and what is asked to be changed in it. */

/** configuration_get() - all of it, with what was changed over HTTP and what waits for a start */
void configuration_get(const struct route_get *get, struct writer *writer);

/** configuration_parse_check() - of POST /config/validate; as parse of struct route, like the next two */
bool configuration_parse_check(const struct view *view, const json_t *value, const char *field,
			       struct command *command, struct problem *problem);

bool configuration_parse_replace(const struct view *view, const json_t *value, const char *field,
				 struct command *command, struct problem *problem);

bool configuration_parse_merge(const struct view *view, const json_t *value, const char *field,
			       struct command *command, struct problem *problem);

/** configuration_clear() - the command of DELETE /config; false with the problem set */
bool configuration_clear(struct command *command, struct problem *problem);

/** configuration_explain() - what became of a change: @result of its command, not 0 */
void configuration_explain(const struct config_change *change, int result, struct problem *problem);
