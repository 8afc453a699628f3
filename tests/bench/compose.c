// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes frames of 1024 pixels in 8 zones, one of them a serpentine matrix and one
 * reversed, on a strip of 3 components: standing still while one zone changes, with
 * brightness going up, and in a transition of all zones; and what white LEDs cost
 * besides. compose.sh runs it under
 * callgrind and reads what each piece cost; the pieces are marked by dumps with
 * a name. All that is done for a frame counts, also the drawing of the plain
 * colour that every zone shows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <valgrind/callgrind.h>

#include "../unit/frames/fake_loop.h"

#include "../unit/frames/fake_output.h"
#include "engine/engine.h"
#include "frames/compose.h"
#include "frames/frames.h"

#define ZONES 8
#define PIXELS 128
#define FRAMES 60

static struct frames *frames;
static struct engine *engine;
static struct fake_output out;

static void check(int r)
{
	if (r >= 0)
		return;
	fprintf(stderr, "compose: error %d\n", r);
	exit(1);
}

static void begin(void)
{
	struct frames_config config = { .loop = &fake.loop, .fps = 60 };

	fake_reset();
	fake_output_init(&out, ZONES * PIXELS, 3);
	check(frames_create(&frames, &config));
	check(frames_add_output(frames, &out.output));
	check(engine_create(&engine, &(struct engine_config){ frames, 1 }));
	for (unsigned int i = 0; i < ZONES; i++) {
		struct frames_zone_config zone = {
			.part_count = 1,
			.part = { { .first = i * PIXELS, .count = PIXELS } },
			.reversed = i == 1,
			.width = i == 2 ? 16 : 0,
			.height = i == 2 ? 8 : 0,
			.serpentine = i == 2,
		};

		check(frames_add_zone(frames, &zone));
		check(engine_add_zone(engine, i, PIXELS, PIXELS, 1));
	}
	check(engine_start(engine));
	check(frames_start(frames));
	fake_run_ms(1000);
}

static void show(uint8_t seed, const struct engine_transition *transition)
{
	for (unsigned int i = 0; i < ZONES; i++)
		check(engine_show_color(engine, i,
					(struct pixel){ (uint8_t)(seed + i * 30), seed, 255, 0 },
					transition));
}

/* One second from now on, which is FRAMES frames. */
static void measure(const char *name)
{
	char text[64];

	CALLGRIND_ZERO_STATS;
	fake_run_ms(1000);
	snprintf(text, sizeof(text), "%s %u", name, FRAMES * ZONES * PIXELS);
	CALLGRIND_DUMP_STATS_AT(text);
}

/* Into a strip with white LEDs of a temperature; every pixel has another colour. */
static void measure_white(void)
{
	struct frames_zone_config zone = { .part_count = 1, .part = { { .count = PIXELS } } };
	static struct pixel pixels[PIXELS];
	static uint8_t frame[PIXELS * 4];
	struct output_geometry geometry = {
		.channels = 1,
		.channel = { { .pixels = PIXELS, .components = 4 } },
	};
	char text[64];

	white_init(&geometry.channel[0].white, 2700);
	for (unsigned int i = 0; i < PIXELS; i++)
		pixels[i] =
			(struct pixel){ (uint8_t)(i * 7), (uint8_t)(i * 5), (uint8_t)(255 - i), 0 };
	CALLGRIND_ZERO_STATS;
	for (unsigned int i = 0; i < FRAMES; i++)
		compose_zone(frame, &geometry, 0, &zone, NULL, pixels);
	snprintf(text, sizeof(text), "white %u", FRAMES * PIXELS);
	CALLGRIND_DUMP_STATS_AT(text);
}

int main(void)
{
	struct engine_transition long_one = { 2000, EASE_CUBIC_IN_OUT, ENGINE_CROSSFADE };

	begin();
	show(40, NULL);
	fake_run_ms(100);
	for (unsigned int i = 0; i < ZONES; i++)
		check(engine_set_level(engine, i, 100, &long_one));
	fake_run_ms(100);
	measure("level");
	fake_run_ms(3000);
	show(200, &long_one);
	fake_run_ms(100);
	measure("transition");
	measure_white();
	frames_destroy(frames);
	engine_destroy(engine);
	return 0;
}
