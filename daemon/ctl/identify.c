// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * identify: finds out by light what a strip is: its end, its length, the order
 * of its colours
 *
 * The daemon shows the picture over all zones of the output for a while and
 * goes on by itself when that is over, also if this program is killed.
 */
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "ctl/ctl.h"

#define SECONDS_MAX 600
#define STEP_MS 200 /* of the walking pixel */
#define LIGHT 96    /* of 255: seen well, and gentle to the supply */

struct strip {
	long pixels, components;
	size_t offset;
};

#define STRIPS_MAX 16

struct test {
	char output[64];
	struct strip strip[STRIPS_MAX];
	size_t strips, bytes;
	long only; /* 1: the first strip only, and so on; 0: all */
	long longest;
};

struct color {
	uint8_t part[4];
};

/* What pixel @i of a strip shows; @place is the pixel that walks. */
typedef struct color (*paint_fn)(const struct strip *strip, long i, long place);

static struct color paint_walk(const struct strip *strip, long i, long place)
{
	(void)strip;
	return i == place ? (struct color){ { LIGHT, LIGHT, LIGHT, 0 } } : (struct color){ { 0 } };
}

/* every tenth red, every fiftieth blue, both ends green: what is missing is seen at once */
static struct color paint_ruler(const struct strip *strip, long i, long place)
{
	(void)place;
	if (i == 0 || i == strip->pixels - 1)
		return (struct color){ { 0, LIGHT, 0, 0 } };
	if ((i + 1) % 50 == 0)
		return (struct color){ { 0, 0, LIGHT, 0 } };
	if ((i + 1) % 10 == 0)
		return (struct color){ { LIGHT, 0, 0, 0 } };
	return (struct color){ { 6, 6, 6, 0 } };
}

/* a third each of red, green and blue */
static struct color paint_colors(const struct strip *strip, long i, long place)
{
	struct color color = { { 0 } };

	(void)place;
	color.part[i * 3 / strip->pixels] = LIGHT;
	return color;
}

static struct color paint_white(const struct strip *strip, long i, long place)
{
	(void)i;
	(void)place;
	return strip->components == 4 ? (struct color){ { 0, 0, 0, LIGHT } }
				      : (struct color){ { LIGHT, LIGHT, LIGHT, 0 } };
}

static int find_output(const struct ctl *ctl, struct test *test, const char *name)
{
	json_t *answer = NULL, *output, *channel;
	bool found = false;
	size_t i, k;
	int ret;

	ret = ctl_ask(ctl, "GET", "/outputs", NULL, &answer);
	if (ret != CTL_OK)
		return ret;
	json_array_foreach (json_object_get(answer, "outputs"), i, output) {
		const char *is = json_string_value(json_object_get(output, "name"));

		if (found || !is || (name && strcmp(is, name) != 0))
			continue;
		found = true;
		snprintf(test->output, sizeof(test->output), "%s", is);
		json_array_foreach (json_object_get(output, "channels"), k, channel) {
			struct strip *strip = &test->strip[test->strips];

			if (test->strips == STRIPS_MAX)
				break;
			strip->pixels = (long)ctl_int(channel, "pixels");
			strip->components = (long)ctl_int(channel, "components");
			if (strip->pixels < 1 || strip->pixels > 1000000 || strip->components < 3 ||
			    strip->components > 4)
				break;
			strip->offset = test->bytes;
			test->bytes += (size_t)(strip->pixels * strip->components);
			test->strips++;
			if ((!test->only || test->only == (long)test->strips) &&
			    strip->pixels > test->longest)
				test->longest = strip->pixels;
		}
	}
	json_decref(answer);
	if (!found)
		return ctl_fail(CTL_REFUSED,
				"there is no output \"%s\"; diunactl health lists them",
				ctl_text(name ? name : ""));
	if (!test->longest)
		return ctl_fail(CTL_REFUSED, "output %s has no such strip", ctl_text(test->output));
	return CTL_OK;
}

static int show(const struct ctl *ctl, const struct test *test, paint_fn paint, long place, long ms)
{
	_cleanup_free_ uint8_t *frame = calloc(1, test->bytes);
	_cleanup_free_ char *path = ctl_path("/outputs/%s/frame", test->output);
	_cleanup_free_ char *whole = NULL;
	size_t s;
	long i;

	if (!frame || !path || asprintf(&whole, "%s?ttl_ms=%ld", path, ms) < 0)
		return ctl_fail(CTL_OS, "out of memory");
	for (s = 0; s < test->strips; s++) {
		const struct strip *strip = &test->strip[s];

		if (test->only && test->only != (long)s + 1)
			continue;
		for (i = 0; i < strip->pixels; i++) {
			struct color color = paint(strip, i, place);

			memcpy(frame + strip->offset + i * strip->components, color.part,
			       (size_t)strip->components);
		}
	}
	return ctl_send_bytes(ctl, "PUT", whole, frame, test->bytes);
}

static int walk(const struct ctl *ctl, const struct test *test)
{
	const struct timespec step = { .tv_nsec = STEP_MS * 1000000L };
	long place;
	int ret;

	for (place = 0; place < test->longest; place++) {
		/* longer than a step, so that nothing else shows between */
		ret = show(ctl, test, paint_walk, place, 2000);
		if (ret != CTL_OK)
			return ret;
		printf("\rpixel %ld", place + 1);
		fflush(stdout);
		nanosleep(&step, NULL);
	}
	putchar('\n');
	return CTL_OK;
}

/* @letters, each once, in any order; a copy in upper case, of 5 bytes at most */
static bool take_order(const char *text, const char *letters, char ret_order[5])
{
	size_t length = strlen(letters), i;

	if (strlen(text) != length)
		return false;
	for (i = 0; i < length; i++)
		ret_order[i] = (char)toupper((unsigned char)text[i]);
	ret_order[length] = '\0';
	for (i = 0; i < length; i++)
		if (!strchr(ret_order, letters[i]))
			return false;
	return true;
}

/* What is sent as a colour lights another one: so the place of the first carries the second. */
static int tell_order(const char *configured, const char *seen)
{
	static const char sent[] = "RGB";
	char was[5], shown[5], is[5];
	size_t i;

	if (!take_order(configured, "RGB", was) && !take_order(configured, "RGBW", was))
		return ctl_fail(CTL_USAGE,
				"an order has R, G and B once each, and perhaps W, "
				"not \"%s\"",
				ctl_text(configured));
	if (!take_order(seen, "RGB", shown))
		return ctl_fail(CTL_USAGE,
				"the three thirds look like R, G and B in some order, "
				"not \"%s\"",
				ctl_text(seen));
	strcpy(is, was);
	for (i = 0; i < 3; i++)
		is[strchr(was, sent[i]) - was] = shown[i];
	printf("order=%s\n", is);
	return CTL_OK;
}

int ctl_identify(const struct ctl *ctl, int argc, char **argv)
{
	static const struct {
		const char *word;
		paint_fn paint;
		const char *tell;
	} tests[] = {
		{ "ruler", paint_ruler,
		  "every tenth pixel is red, every fiftieth blue, the first and the last green" },
		{ "colors", paint_colors,
		  "a third is red, a third green, a third blue: if not, \"diunactl identify "
		  "order\" "
		  "says which order it is" },
		{ "white", paint_white, "all is white" },
	};
	struct test test = { .only = 0 };
	const char *name = NULL, *word;
	long seconds = 10;
	char *strip;
	size_t i;
	int ret;

	if (argc == 4 && !strcmp(argv[1], "order"))
		return tell_order(argv[2], argv[3]);
	/* the words from behind: [OUTPUT[:STRIP]] TEST [SECONDS] */
	if (argc > 2 && ctl_number(argv[argc - 1], 1, SECONDS_MAX, &seconds))
		argc--;
	if (argc < 2 || argc > 3)
		return ctl_fail(CTL_USAGE, "diunactl identify [OUTPUT[:STRIP]] "
					   "walk | ruler | colors | white [SECONDS], or "
					   "diunactl identify order CONFIGURED SEEN");
	word = argv[argc - 1];
	if (argc == 3) {
		name = argv[1];
		strip = strchr(argv[1], ':');
		if (strip) {
			*strip++ = '\0';
			if (!ctl_number(strip, 1, STRIPS_MAX, &test.only))
				return ctl_fail(CTL_USAGE, "a strip is a number from 1 to %d",
						STRIPS_MAX);
		}
	}
	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		if (!strcmp(word, tests[i].word))
			break;
	if (i == sizeof(tests) / sizeof(tests[0]) && strcmp(word, "walk") != 0)
		return ctl_fail(CTL_USAGE,
				"identify by what? walk, ruler, colors or white, not \"%s\"",
				ctl_text(word));
	ret = find_output(ctl, &test, name);
	if (ret != CTL_OK)
		return ret;
	if (i == sizeof(tests) / sizeof(tests[0]))
		return walk(ctl, &test);
	ret = show(ctl, &test, tests[i].paint, 0, seconds * 1000);
	if (ret == CTL_OK)
		printf("for %ld seconds: %s\n", seconds, tests[i].tell);
	return ret;
}
