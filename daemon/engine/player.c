// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/player.h"

#include <string.h>

#include "base/clock.h"

void glide_start(struct glide *glide, uint64_t now_ns, const struct engine_transition *transition)
{
	*glide = (struct glide){ 0 };
	if (!transition || !transition->duration_ms || transition->kind == ENGINE_NONE)
		return;
	glide->active = true;
	glide->start_ns = now_ns;
	glide->duration_ns = transition->duration_ms * NSEC_PER_MSEC;
	glide->curve = transition->curve;
	glide->kind = transition->kind;
}

/* A late frame is drawn for the instant it was due, which may be before what was asked since. */
static uint64_t since(uint64_t start_ns, uint64_t now_ns)
{
	return now_ns > start_ns ? now_ns - start_ns : 0;
}

int32_t glide_at(struct glide *glide, uint64_t now_ns)
{
	uint64_t passed_ns = since(glide->start_ns, now_ns);

	if (passed_ns >= glide->duration_ns) {
		glide->active = false;
		return 65535;
	}
	/* at most 2^32 ms, so 2^52 ns: no overflow after the shift */
	return ease(glide->curve,
		    (uint16_t)((passed_ns >> 8) * 65535 / ((glide->duration_ns + 255) >> 8)));
}

uint16_t glide_within(struct glide *glide, uint64_t now_ns)
{
	int32_t position = glide_at(glide, now_ns);

	if (position < 0)
		return 0;
	return position > 65535 ? 65535 : (uint16_t)position;
}

size_t player_state_bytes(uint32_t pixels)
{
	const struct effect *effect;
	size_t most = 1;

	for (size_t i = 0; (effect = effect_at(i)); i++) {
		size_t bytes = effect->state_bytes + effect->pixel_state_bytes * pixels;

		if (bytes > most)
			most = bytes;
	}
	return most;
}

bool player_params_valid(const struct effect *effect, const int32_t *params)
{
	for (size_t i = 0; i < effect->param_count; i++)
		if (params[i] < effect->params[i].min ||
		    params[i] > effect_param_max(&effect->params[i]))
			return false;
	return true;
}

static struct effect_context context_of(const struct player *player, uint32_t fraction)
{
	return (struct effect_context){
		.pixels = player->pixels,
		.width = player->width,
		.height = player->height,
		.seed = player->seed,
		.params = player->params,
		.tick = player->tick,
		.fraction = fraction,
	};
}

void player_show(struct player *player, uint64_t now_ns, const struct effect *effect,
		 const int32_t *params)
{
	struct effect_context ctx;

	player->effect = effect;
	memcpy(player->params, params, effect->param_count * sizeof(*params));
	memset(player->state, 0, effect->state_bytes + effect->pixel_state_bytes * player->pixels);
	player->start_ns = now_ns;
	player->elapsed_ns = 0;
	player->tick = 0;
	player->changed = true;
	ctx = context_of(player, 0);
	if (effect->init)
		effect->init(player->state, &ctx);
}

bool player_dark(const struct player *player)
{
	return player->level_to == 0 && player->level == 0 && !player->level_glide.active;
}

void player_set_level(struct player *player, uint64_t now_ns, uint8_t level,
		      const struct engine_transition *transition)
{
	/* it stood still while it was dark */
	if (player_dark(player))
		player->start_ns = now_ns - player->elapsed_ns;
	player->level_from = player->level;
	player->level_to = level;
	glide_start(&player->level_glide, now_ns, transition);
	player->changed = true;
}

bool player_animated(const struct player *player)
{
	return player->effect && player->effect->advance && !player_dark(player);
}

bool player_due(const struct player *player)
{
	return player->changed || player->level_glide.active || player_animated(player);
}

static uint64_t ticks_of(uint64_t elapsed_ns)
{
	return elapsed_ns / NSEC_PER_SEC * EFFECT_TICK_HZ +
	       elapsed_ns % NSEC_PER_SEC * EFFECT_TICK_HZ / NSEC_PER_SEC;
}

/* Part of the tick under way at @elapsed_ns, of 65536. */
static uint32_t fraction_of(uint64_t elapsed_ns)
{
	uint64_t part = elapsed_ns % NSEC_PER_SEC * EFFECT_TICK_HZ % NSEC_PER_SEC;

	return (uint32_t)(part * 65536 / NSEC_PER_SEC);
}

/* By at most @most ticks; true if there are more. */
static bool advance_to(struct player *player, uint64_t now_ns, uint64_t most)
{
	uint64_t elapsed_ns = since(player->start_ns, now_ns);
	uint64_t ticks = ticks_of(elapsed_ns);

	if (ticks > player->tick + PLAYER_CATCH_UP) {
		uint64_t skipped = ticks - player->tick - PLAYER_CATCH_UP;
		uint64_t skipped_ns = skipped / EFFECT_TICK_HZ * NSEC_PER_SEC +
				      skipped % EFFECT_TICK_HZ * NSEC_PER_SEC / EFFECT_TICK_HZ;

		player->start_ns += skipped_ns;
		elapsed_ns -= skipped_ns;
		ticks = ticks_of(elapsed_ns);
	}
	player->elapsed_ns = elapsed_ns;
	for (; player->tick < ticks && most; most--) {
		struct effect_context ctx = context_of(player, 0);

		player->effect->advance(player->state, &ctx);
		player->tick++;
	}
	return player->tick < ticks;
}

bool player_advance(struct player *player, uint64_t now_ns)
{
	uint64_t ticks = PLAYER_STEP_PIXELS / (player->pixels + 1) + 1;
	const struct glide *glide = &player->level_glide;
	bool fading = glide->active && since(glide->start_ns, now_ns) < glide->duration_ns;

	/* from the frame on that is dark its time stands still */
	if (!player_animated(player) || (!player->level_to && !fading))
		return false;
	return advance_to(player, now_ns, ticks);
}

static uint8_t level_at(struct player *player, uint64_t now_ns)
{
	int32_t from = player->level_from, to = player->level_to, level, amount;

	if (!player->level_glide.active)
		return player->level_to;
	amount = glide_at(&player->level_glide, now_ns);
	if (player->level_glide.kind == ENGINE_CUT)
		return (uint8_t)(amount < 32768 ? from : to);
	/* some curves go beyond their ends for a while */
	level = from + (to - from) * amount / 65535;
	if (level < 0)
		return 0;
	return level > 255 ? 255 : (uint8_t)level;
}

void player_render(struct player *player, uint64_t now_ns, struct pixel *out)
{
	struct effect_context ctx;

	player->changed = false;
	player->level = level_at(player, now_ns);
	if (!player->effect) {
		memset(out, 0, player->pixels * sizeof(*out));
		return;
	}
	if (player->effect->advance && !player_dark(player))
		advance_to(player, now_ns, PLAYER_CATCH_UP);
	ctx = context_of(player, fraction_of(player->elapsed_ns));
	player->effect->render(player->state, &ctx, out);
	color_scale_all(out, player->pixels, player->level);
}
