// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/player.h"
#include "pixel/blend.h"

/* how long after its time a fade-out waits for outputs that do not take black */
#define ENGINE_FADE_OUT_WAIT_NS NSEC_PER_SEC

/* any odd number with well-mixed bits: zones differ in all bits of their seeds */
#define ENGINE_SEED_STEP 0x9e3779b9U

const char *const engine_kind_names[ENGINE_KINDS + 1] = {
	[ENGINE_CROSSFADE] = "crossfade",
	[ENGINE_FADE] = "fade",
	[ENGINE_CUT] = "cut",
	[ENGINE_NONE] = "none",
};

struct engine_zone {
	bool used;
	struct player player;
	int layer; /* priority at which the effect was committed, -1: none yet */
	struct glide crossfade;
	struct pixel *from; /* what the crossfade begins with */
	bool covered;	    /* there is a picture at TRANSITION priority */
	/* of an external effect: no picture was there yet, so @from shows and @held waits */
	bool holding;
	struct engine_transition held;
	bool fetch; /* there may be another picture */
};

struct engine {
	struct engine_config config;
	bool started;
	struct engine_zone zones[FRAMES_MAX_ZONES];
	struct pixel *black; /* as many as the largest zone has */
	engine_fetch_fn fetch;
	void *fetch_data;
	void (*on_transition_end)(unsigned int zone, void *data);
	void *on_transition_end_data;
	struct {
		bool active;
		bool black; /* the frame before was the last one of the fade */
		uint64_t end_ns;
		void (*on_done)(void *data);
		void *data;
	} fade_out;
};

int engine_create(struct engine **ret_engine, const struct engine_config *config)
{
	struct engine *engine = calloc(1, sizeof(*engine));

	if (!engine)
		return -ENOMEM;
	engine->config = *config;
	*ret_engine = engine;
	return 0;
}

struct engine *engine_destroy(struct engine *engine)
{
	if (!engine)
		return NULL;
	for (unsigned int i = 0; i < FRAMES_MAX_ZONES; i++) {
		free(engine->zones[i].player.state);
		free(engine->zones[i].from);
	}
	free(engine->black);
	free(engine);
	return NULL;
}

int engine_add_zone(struct engine *engine, unsigned int zone, uint32_t pixels, uint32_t width,
		    uint32_t height)
{
	struct engine_zone *entry;

	if (zone >= FRAMES_MAX_ZONES || engine->started || engine->zones[zone].used)
		return -EINVAL;
	entry = &engine->zones[zone];
	entry->used = true;
	entry->layer = -1;
	entry->player = (struct player){
		.pixels = pixels,
		.width = width,
		.height = height,
		.seed = engine->config.seed ^ (zone + 1) * ENGINE_SEED_STEP,
		.level = 255,
		.level_from = 255,
		.level_to = 255,
	};
	return 0;
}

void engine_set_source(struct engine *engine, engine_fetch_fn fetch, void *data)
{
	engine->fetch = fetch;
	engine->fetch_data = data;
}

static enum frames_priority priority_of(const struct effect *effect)
{
	return effect == &effect_solid ? FRAMES_MANUAL : FRAMES_ANIMATION;
}

static void render_effect(struct engine *engine, unsigned int index, uint64_t now_ns)
{
	struct engine_zone *zone = &engine->zones[index];
	struct frames *frames = engine->config.frames;
	enum frames_priority priority = priority_of(zone->player.effect);

	player_render(&zone->player, now_ns, frames_begin(frames, index, priority));
	if (zone->layer >= 0 && zone->layer != (int)priority)
		frames_clear(frames, index, (enum frames_priority)zone->layer);
	/* a zone that is dark covers nothing */
	if (player_dark(&zone->player))
		frames_clear(frames, index, priority);
	else
		frames_commit(frames, index, priority, zone->player.effect->id, 0);
	zone->layer = (int)priority;
}

/* What the zone shows stays until there is a first picture; a dark zone covers nothing. */
static void hold(struct engine *engine, unsigned int index,
		 const struct engine_transition *transition)
{
	struct engine_zone *zone = &engine->zones[index];
	struct frames *frames = engine->config.frames;

	zone->holding = true;
	zone->held = transition ? *transition : (struct engine_transition){ 0 };
	zone->crossfade.active = false;
	if (player_dark(&zone->player))
		return;
	memcpy(frames_begin(frames, index, FRAMES_TRANSITION), zone->from,
	       zone->player.pixels * sizeof(*zone->from));
	frames_commit(frames, index, FRAMES_TRANSITION, "transition", 0);
	zone->covered = true;
}

static bool wants_picture(const struct engine_zone *zone)
{
	return zone->fetch && zone->player.effect->external && !player_dark(&zone->player);
}

static void fetch_picture(struct engine *engine, unsigned int index, uint64_t now_ns)
{
	struct engine_zone *zone = &engine->zones[index];

	zone->fetch = engine->fetch && engine->fetch(index, zone->player.state, engine->fetch_data);
	if (!zone->fetch)
		return;
	zone->player.changed = true;
	if (zone->holding)
		glide_start(&zone->crossfade, now_ns, &zone->held);
	zone->holding = false;
}

static void render_crossfade(struct engine *engine, unsigned int index, uint64_t now_ns)
{
	struct engine_zone *zone = &engine->zones[index];
	struct frames *frames = engine->config.frames;
	uint32_t pixels = zone->player.pixels;
	uint16_t amount = glide_within(&zone->crossfade, now_ns);
	const struct pixel *to;
	struct pixel *out;

	if (!zone->crossfade.active) {
		if (zone->covered)
			frames_clear(frames, index, FRAMES_TRANSITION);
		zone->covered = false;
		return;
	}
	to = frames_begin(frames, index, (enum frames_priority)zone->layer);
	out = frames_begin(frames, index, FRAMES_TRANSITION);
	if (zone->crossfade.kind == ENGINE_CUT)
		blend_all(out, zone->from, to, pixels, amount < 32768 ? 0 : 65535);
	else if (zone->crossfade.kind == ENGINE_CROSSFADE)
		blend_all(out, zone->from, to, pixels, amount);
	else if (amount < 32768)
		blend_all(out, zone->from, engine->black, pixels, (uint16_t)(2 * amount + 1));
	else
		blend_all(out, engine->black, to, pixels, (uint16_t)(2 * amount - 65535));
	frames_commit(frames, index, FRAMES_TRANSITION, "transition", 0);
	zone->covered = true;
}

static bool zone_moving(const struct engine_zone *zone)
{
	return zone->used && zone->player.effect &&
	       (zone->crossfade.active || zone->player.level_glide.active ||
		player_animated(&zone->player));
}

/* Returns true while the frame manager has to go on because of the fade-out. */
static bool watch_fade_out(struct engine *engine, uint64_t now_ns)
{
	bool late = now_ns >= engine->fade_out.end_ns + ENGINE_FADE_OUT_WAIT_NS;

	if (!engine->fade_out.active)
		return false;
	if (!engine->fade_out.black || (!frames_settled(engine->config.frames) && !late)) {
		engine->fade_out.black = now_ns >= engine->fade_out.end_ns;
		return true;
	}
	engine->fade_out.active = false;
	if (engine->fade_out.on_done)
		engine->fade_out.on_done(engine->fade_out.data);
	return false;
}

static bool produce(uint64_t now_ns, void *data)
{
	return watch_fade_out(data, now_ns);
}

static bool due(unsigned int zone, void *data)
{
	const struct engine *engine = data;
	const struct engine_zone *entry = &engine->zones[zone];

	return entry->used && entry->player.effect &&
	       (player_due(&entry->player) || entry->crossfade.active ||
		(entry->covered && !entry->holding) || wants_picture(entry));
}

/* One that waits for an external effect's first picture is under way as well. */
static inline bool is_in_transition(const struct engine_zone *zone)
{
	return zone->crossfade.active || zone->player.level_glide.active ||
	       (zone->holding && zone->held.duration_ms && zone->held.kind != ENGINE_NONE);
}

static bool render(unsigned int zone, uint64_t now_ns, void *data)
{
	struct engine *engine = data;
	struct engine_zone *entry = &engine->zones[zone];
	bool in_transition = is_in_transition(entry);

	if (!entry->used || !entry->player.effect)
		return false;
	if (wants_picture(entry))
		fetch_picture(engine, zone, now_ns);
	if (player_due(&entry->player))
		render_effect(engine, zone, now_ns);
	if (entry->holding ? player_dark(&entry->player) && entry->covered
			   : entry->crossfade.active || entry->covered)
		render_crossfade(engine, zone, now_ns);
	if (in_transition && !is_in_transition(entry) && engine->on_transition_end)
		engine->on_transition_end(zone, engine->on_transition_end_data);
	return entry->crossfade.active || entry->player.level_glide.active ||
	       player_animated(&entry->player) || wants_picture(entry);
}

static bool advance(unsigned int zone, uint64_t now_ns, void *data)
{
	struct engine *engine = data;
	struct engine_zone *entry = &engine->zones[zone];

	return entry->used && player_advance(&entry->player, now_ns);
}

int engine_start(struct engine *engine)
{
	uint32_t most = 0;
	int r;

	if (engine->started)
		return -EALREADY;
	for (unsigned int i = 0; i < FRAMES_MAX_ZONES; i++) {
		struct engine_zone *zone = &engine->zones[i];

		if (!zone->used)
			continue;
		zone->player.state = calloc(1, player_state_bytes(zone->player.pixels));
		zone->from = calloc(zone->player.pixels + 1, sizeof(*zone->from));
		if (!zone->player.state || !zone->from)
			return -ENOMEM;
		if (zone->player.pixels > most)
			most = zone->player.pixels;
	}
	engine->black = calloc(most + 1, sizeof(*engine->black));
	if (!engine->black)
		return -ENOMEM;
	r = frames_add_producer(engine->config.frames, produce, engine);
	if (r < 0)
		return r;
	frames_set_renderer(engine->config.frames, &(struct frames_renderer){ .render = render,
									      .due = due,
									      .advance = advance,
									      .data = engine });
	engine->started = true;
	return 0;
}

static struct engine_zone *zone_of(struct engine *engine, unsigned int zone)
{
	if (!engine->started || zone >= FRAMES_MAX_ZONES || !engine->zones[zone].used)
		return NULL;
	return &engine->zones[zone];
}

/* From what shows now to what the zone will show. */
static void begin_crossfade(struct engine *engine, unsigned int index, uint64_t now_ns,
			    const struct engine_transition *transition)
{
	struct engine_zone *zone = &engine->zones[index];

	frames_shown(engine->config.frames, index, zone->from);
	glide_start(&zone->crossfade, now_ns, transition);
}

int engine_show_effect(struct engine *engine, unsigned int zone, const struct effect *effect,
		       const int32_t *params, const struct engine_transition *transition)
{
	struct engine_zone *entry = zone_of(engine, zone);
	uint64_t now_ns;

	if (!entry || !player_params_valid(effect, params))
		return -EINVAL;
	now_ns = frames_now(engine->config.frames);
	begin_crossfade(engine, zone, now_ns, transition);
	entry->holding = false;
	entry->fetch = false;
	player_show(&entry->player, now_ns, effect, params);
	if (effect->external)
		hold(engine, zone, transition);
	frames_kick(engine->config.frames);
	return 0;
}

int engine_show_color(struct engine *engine, unsigned int zone, struct pixel color,
		      const struct engine_transition *transition)
{
	int32_t params[EFFECT_MAX_PARAMS] = {
		[EFFECT_SOLID_RED] = color.r,
		[EFFECT_SOLID_GREEN] = color.g,
		[EFFECT_SOLID_BLUE] = color.b,
		[EFFECT_SOLID_WHITE] = color.w,
	};

	return engine_show_effect(engine, zone, &effect_solid, params, transition);
}

int engine_set_param(struct engine *engine, unsigned int zone, unsigned int param, int32_t value)
{
	struct engine_zone *entry = zone_of(engine, zone);
	const struct effect *effect = entry ? entry->player.effect : NULL;

	if (!effect || param >= effect->param_count || value < effect->params[param].min ||
	    value > effect_param_max(&effect->params[param]))
		return -EINVAL;
	entry->player.params[param] = value;
	entry->player.changed = true;
	frames_kick(engine->config.frames);
	return 0;
}

int engine_set_level(struct engine *engine, unsigned int zone, uint8_t level,
		     const struct engine_transition *transition)
{
	struct engine_zone *entry = zone_of(engine, zone);
	uint64_t now_ns;

	if (!entry)
		return -EINVAL;
	now_ns = frames_now(engine->config.frames);
	if ((entry->crossfade.active || entry->holding) && transition && transition->duration_ms) {
		/* what fades out has no level of its own: one crossfade takes it all along */
		entry->holding = false;
		begin_crossfade(engine, zone, now_ns, transition);
		player_set_level(&entry->player, now_ns, level, NULL);
	} else {
		player_set_level(&entry->player, now_ns, level, transition);
	}
	frames_kick(engine->config.frames);
	return 0;
}

void engine_fetch_again(struct engine *engine, unsigned int zone)
{
	struct engine_zone *entry = zone_of(engine, zone);

	if (!entry)
		return;
	entry->fetch = true;
	frames_kick(engine->config.frames);
}

bool engine_moving(const struct engine *engine, unsigned int zone)
{
	return zone < FRAMES_MAX_ZONES && zone_moving(&engine->zones[zone]);
}

bool engine_in_transition(const struct engine *engine, unsigned int zone)
{
	return zone < FRAMES_MAX_ZONES && is_in_transition(&engine->zones[zone]);
}

void engine_settle(struct engine *engine, unsigned int zone)
{
	struct engine_zone *entry = zone_of(engine, zone);

	if (!entry || !engine_in_transition(engine, zone))
		return;
	entry->crossfade.active = false;
	entry->held = (struct engine_transition){ 0 };
	entry->player.level_glide.active = false;
	entry->player.changed = true;
	frames_kick(engine->config.frames);
}

void engine_on_transition_end(struct engine *engine, void (*fn)(unsigned int zone, void *data),
			      void *data)
{
	engine->on_transition_end = fn;
	engine->on_transition_end_data = data;
}

int engine_fade_out(struct engine *engine, const struct engine_transition *transition,
		    void (*on_done)(void *data), void *data)
{
	bool timed = transition && transition->kind != ENGINE_NONE;

	if (engine->fade_out.active)
		return -EALREADY;
	frames_resume(engine->config.frames);
	for (unsigned int i = 0; i < FRAMES_MAX_ZONES; i++)
		if (engine->zones[i].used)
			engine_show_color(engine, i, PIXEL_BLACK, transition);
	engine->fade_out.active = true;
	engine->fade_out.black = false;
	engine->fade_out.end_ns = frames_now(engine->config.frames) +
				  (timed ? transition->duration_ms : 0) * NSEC_PER_MSEC;
	engine->fade_out.on_done = on_done;
	engine->fade_out.data = data;
	frames_kick(engine->config.frames);
	return 0;
}
