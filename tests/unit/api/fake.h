/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "api/problem.h"
#include "api/view.h"
#include "api/writer.h"
#include "engine/effect.h"
#include "pixel/color.h"

/* Snapshots for the tests: zones FLOOR (static, blue by hue) and CIRCLE (breathing), output main. */

static inline void fake_params(int32_t *params, const struct effect *effect)
{
	for (size_t i = 0; i < effect->param_count; i++)
		params[i] = effect->params[i].def;
}

static inline void fake_state(struct state_snapshot *state)
{
	struct snapshot_zone *floor = &state->zone[0], *circle = &state->zone[1];

	memset(state, 0, sizeof(*state));
	state->version = 1;
	state->zone_count = 2;
	state->output_count = 1;
	strcpy(state->output[0].name, "main");
	strcpy(state->output[0].type, "virtual");
	state->output[0].present = true;

	strcpy(floor->config.id, "FLOOR");
	strcpy(floor->config.display_name, "Floor");
	strcpy(floor->config.output, "main");
	floor->config.count = 18;
	floor->config.enabled = true;
	floor->fits = true;
	floor->state.is_on = true;
	floor->state.brightness = 80;
	floor->state.color.mode = ZONE_COLOR_HUE;
	floor->state.color.hue = 240;
	floor->state.color.rgb = (struct pixel){ .b = 255 };
	floor->state.animation = (uint16_t)effect_index(effect_find("BREATHE"));
	fake_params(floor->state.params, effect_find("BREATHE"));

	*circle = *floor;
	strcpy(circle->config.id, "CIRCLE");
	strcpy(circle->config.display_name, "Circle");
	circle->config.count = 14;
	circle->state.mode = ZONE_ANIMATION;
}

/* The JSON that was written, which has to be well-formed; the caller drops it. */
static inline json_t *fake_json(struct writer *writer)
{
	size_t length;
	char *text = writer_steal(writer, &length);
	json_t *json;

	assert_non_null(text);
	json = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
	if (!json)
		print_error("not JSON: %s\n", text);
	free(text);
	assert_non_null(json);
	return json;
}

/* JSON from a text with ' for ", as tests are easier to read so. */
static inline json_t *fake_parse(const char *text)
{
	char *copy = strdup(text), *c;
	json_t *json;

	for (c = copy; *c; c++)
		if (*c == '\'')
			*c = '"';
	json = json_loads(copy, JSON_DECODE_ANY, NULL);
	if (!json)
		print_error("not JSON: %s\n", copy);
	free(copy);
	assert_non_null(json);
	return json;
}

/* Whether @json is what @text says. */
static inline void fake_expect(json_t *json, const char *text)
{
	json_t *wanted = fake_parse(text);

	if (!json_equal(json, wanted)) {
		char *dump = json_dumps(json, JSON_ENCODE_ANY);

		print_error("wanted %s\nfound  %s\n", text, dump);
		free(dump);
	}
	assert_true(json_equal(json, wanted));
	json_decref(wanted);
	json_decref(json);
}
