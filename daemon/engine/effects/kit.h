/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>
#include <string.h>

#include "engine/effect.h"
#include "engine/effects/motion.h"
#include "pixel/fixed.h"
#include "pixel/noise.h"
#include "pixel/palette.h"
#include "pixel/quick.h"

/*
 * What most effects need: common parameters, palettes, and shapes drawn with soft edges.
 *
 * An effect for strips works out one row; on a matrix all rows show the same.
 * Places are pixels with 16 binary digits: pixel i covers i to i + 1.
 */

/* parameters with the same name mean the same in all effects */
#define KIT_PERCENT(id, text, low, value)                                             \
	{                                                                             \
		.name = (id), .label = (text), .unit = "%", .type = EFFECT_PARAM_INT, \
		.min = (low), .max = 100, .step = 5, .def = (value)                   \
	}
#define KIT_NUMBER(id, text, of, low, high, by, value)                                 \
	{                                                                              \
		.name = (id), .label = (text), .unit = (of), .type = EFFECT_PARAM_INT, \
		.min = (low), .max = (high), .step = (by), .def = (value)              \
	}
#define KIT_HUE(id, text, value)                                                      \
	{                                                                             \
		.name = (id), .label = (text), .unit = "°", .type = EFFECT_PARAM_HUE, \
		.wrap = true, .min = 0, .max = 360, .step = 10, .def = (value)        \
	}
#define KIT_SWITCH(id, text, value)                                                             \
	{                                                                                       \
		.name = (id), .label = (text), .unit = "", .type = EFFECT_PARAM_BOOL, .min = 0, \
		.max = 1, .step = 1, .def = (value)                                             \
	}
#define KIT_SPEED(value) KIT_PERCENT("speed", "Speed", 1, value)
#define KIT_INTENSITY(value) KIT_PERCENT("intensity", "Intensity", 0, value)
#define KIT_PRIMARY(value) KIT_HUE("primary_color_hue", "Primary hue", value)
#define KIT_SECONDARY(value) KIT_HUE("secondary_color_hue", "Secondary hue", value)
#define KIT_TERTIARY(value) KIT_HUE("tertiary_color_hue", "Tertiary hue", value)
#define KIT_PALETTE(value)                                                                       \
	{                                                                                        \
		.name = "palette", .label = "Palette", .unit = "", .type = EFFECT_PARAM_PALETTE, \
		.wrap = true, .min = 0, .max = PALETTE_COUNT - 1, .step = 1, .def = (value)      \
	}
#define KIT_PARAMS(array) .params = (array), .param_count = sizeof(array) / sizeof((array)[0])

/* palettes by name, for defaults: the order of palette_at() */
enum kit_palette {
	KIT_SPECTRUM,
	KIT_SUNSET,
	KIT_EMBER,
	KIT_OCEAN,
	KIT_FOREST,
	KIT_LAGOON,
	KIT_AURORA,
	KIT_TWILIGHT,
	KIT_BLOSSOM,
	KIT_LAVENDER,
	KIT_CITRUS,
	KIT_MEADOW,
	KIT_ICE,
	KIT_CANDY,
	KIT_NEON,
	KIT_AUTUMN,
	KIT_COPPER,
	KIT_CORAL,
	KIT_MINT,
	KIT_GALAXY,
	KIT_TOXIC,
	KIT_BUNSEN,
	KIT_FESTIVE,
	KIT_CANDLELIGHT,
};

/** kit_turn() - the part of a turn that has passed, 0 to 65535 */
static inline uint32_t kit_turn(uint64_t now)
{
	return (uint32_t)(now >> 16) & 65535;
}

/** kit_along() - the place that is as far along @length pixels as @now is in its turn */
static inline uint32_t kit_along(uint64_t now, uint32_t length)
{
	return (uint32_t)((now & 0xffffffffU) * length >> 16);
}

/** kit_level() - 0 to QUICK_ONE for 0 to 100 % */
static inline uint32_t kit_level(int32_t percent)
{
	return (uint32_t)percent * QUICK_ONE / 100;
}

/** kit_is_matrix() - whether the pixels are @ctx->width × @ctx->height; else they are a strip */
static inline bool kit_is_matrix(const struct effect_context *ctx)
{
	return ctx->pixels && (uint64_t)ctx->width * ctx->height == ctx->pixels;
}

/** kit_width(), kit_height() - of a matrix; a strip is one row, no pixels are none of either */
static inline uint32_t kit_width(const struct effect_context *ctx)
{
	return kit_is_matrix(ctx) ? ctx->width : ctx->pixels;
}

static inline uint32_t kit_height(const struct effect_context *ctx)
{
	return kit_is_matrix(ctx) ? ctx->height : ctx->pixels ? 1 : 0;
}

/** kit_part() - @percent of @pixels as a place, at least @low pixels */
uint32_t kit_part(uint32_t pixels, int32_t percent, uint32_t low);

/**
 * kit_distance() - from one of several things of @length pixels to the next, a place
 *
 * Long strips have several, at least 100 pixels and three lengths apart, so that
 * there always is one to be seen; they divide the strip evenly.
 */
uint32_t kit_distance(uint32_t pixels, uint32_t length);

/** kit_fill() - @n pixels of one colour */
void kit_fill(struct pixel *out, size_t n, struct pixel color);

/** kit_rows() - copy the first row to all others */
void kit_rows(const struct effect_context *ctx, struct pixel *out);

/** struct kit_paint - a palette laid out for an effect; part of its state */
struct kit_paint {
	uint64_t key;	/* what is laid out; 0: nothing yet */
	uint32_t picks; /* colours of the palette itself, once round */
	struct palette_table table;
};

/** kit_paint() - lay out palette @index unless it is already */
void kit_paint(struct kit_paint *paint, int32_t index, enum palette_layout layout);

/** struct kit_flow - the state of most effects: a motion and a palette */
struct kit_flow {
	struct motion motion;
	struct kit_paint paint;
};

/** kit_flow_start(), kit_flow_advance() - for init and advance; @step as of motion_speed() */
void kit_flow_start(struct kit_flow *flow, uint32_t step, int32_t palette,
		    enum palette_layout layout);
void kit_flow_advance(struct kit_flow *flow, uint32_t step, int32_t palette,
		      enum palette_layout layout);

/** kit_paint_hues() - lay out a ring of up to three hues */
void kit_paint_hues(struct kit_paint *paint, const int32_t *hues, unsigned int count);

/** struct kit_canvas - what shapes are drawn on; a strip has one row */
struct kit_canvas {
	struct pixel *out;
	uint32_t width, height;
};

/** kit_canvas() - @out, which must hold the zone, made black */
struct kit_canvas kit_canvas(const struct effect_context *ctx, struct pixel *out);

/**
 * kit_disc() - a round light, added with quick_lighten()
 * @x, @y: places of its middle, may lie outside; y is FIXED_ONE / 2 on a strip
 * @radius: place where the light ends, softly
 * @level: of the middle, 0 to QUICK_ONE
 */
void kit_disc(const struct kit_canvas *canvas, int64_t x, int64_t y, uint32_t radius,
	      struct pixel color, uint32_t level);

/**
 * struct kit_trail - something that moves and draws a fading tail behind it
 * @head: how far it has come along its path, a place
 * @length: of the tail, a place
 * @path: what becomes of a place on the path
 * @front, @back: colours of the head and, from an eighth of it on, of the tail
 */
struct kit_trail {
	uint64_t head;
	uint32_t length;
	enum kit_path {
		KIT_PATH_RING,	/* round and round */
		KIT_PATH_FOLD,	/* there and back; the path is 2n long */
		KIT_PATH_CROSS, /* in at one end and out at the other; begins at 0 */
	} path;
	struct pixel front, back;
};

/** kit_trail() - draw it, added with quick_lighten() */
void kit_trail(struct pixel *out, uint32_t n, const struct kit_trail *trail);

/**
 * kit_streak() - a line from @from to @to, lit by quick_lighten()
 * @from, @to: places; pixels whose middle lies between them are lit
 * @level_from, @level_to: 0 to QUICK_ONE
 */
void kit_streak(struct pixel *out, uint32_t n, int64_t from, int64_t to, struct pixel color,
		uint32_t level_from, uint32_t level_to);

/**
 * kit_dither() - @color at @share of 65536, rounded up or down by chance @own of 65536
 *
 * Where a fade is so slow that steps of 8 bits would show, each pixel takes
 * them at another time.
 */
static inline struct pixel kit_dither(struct pixel color, uint32_t share, uint32_t own)
{
	return (struct pixel){ (uint8_t)((color.r * share + own) >> 16),
			       (uint8_t)((color.g * share + own) >> 16),
			       (uint8_t)((color.b * share + own) >> 16),
			       (uint8_t)((color.w * share + own) >> 16) };
}

/**
 * struct kit_glint - how a pixel lights up now and then
 * @attack: part of its turn in which it comes, of 65536; the rest of the turn it goes
 * @chance: of lighting up in a turn, of 65536
 */
struct kit_glint {
	uint32_t attack, attack_scale, decay_scale;
	uint32_t chance;
};

/** kit_glint() - @density in % is the chance */
static inline struct kit_glint kit_glint(uint32_t attack, int32_t density)
{
	return (struct kit_glint){
		.attack = attack,
		.attack_scale = 0xffffffffU / attack,
		.decay_scale = 0xffffffffU / (65536 - attack),
		.chance = (uint32_t)density * 65536 / 100,
	};
}

/**
 * kit_glint_at() - light of a pixel, 0 to 65535
 * @own: number of the pixel, from noise_pixel()
 * @time: its time, turns with 16 binary digits
 * @ret_draw: a number that is another one for each turn; good in its upper 16 bits
 */
static inline uint32_t kit_glint_at(const struct kit_glint *glint, uint32_t own, uint32_t time,
				    uint32_t *ret_draw)
{
	uint32_t draw = noise_pixel(time >> 16, own), turn = time & 65535;

	*ret_draw = draw;
	if (draw >> 16 >= glint->chance)
		return 0;
	if (turn < glint->attack)
		return fixed_smooth((uint32_t)((uint64_t)turn * glint->attack_scale >> 16));
	return fixed_smooth((uint32_t)((uint64_t)(65535 - turn) * glint->decay_scale >> 16));
}

/** kit_own_time() - each pixel's time runs by itself, 3/4 to 5/4 as fast as @now */
static inline uint32_t kit_own_time(uint32_t own, uint64_t now)
{
	return own + (uint32_t)((now >> 16) * (49152 + (own >> 17)) >> 16);
}

/** kit_pick() - one of the palette's own colours for turn or thing number @n; neighbours differ */
static inline struct pixel kit_pick(const struct kit_paint *paint, uint32_t n)
{
	/* of many colours the next but some, so that they differ well */
	uint32_t stride = paint->picks > 6 && paint->picks % 5 ? 5 : 1;

	n = n % paint->picks * stride % paint->picks;
	return paint->table.colors[(n * PALETTE_STEPS + paint->picks / 2) / paint->picks];
}
