// SPDX-License-Identifier: GPL-2.0-or-later
/* What a configuration that is read again changes at once, and what waits for the next start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/reload.h"
#include "parse.h"

#define OUTPUT(pixels)                                                     \
	"\"outputs\":[{\"name\":\"a\",\"type\":\"virtual\",\"channels\":[" \
	"{\"pixels\":" #pixels "}]}]"
#define A(more) "{\"id\":\"A\",\"output\":\"a\",\"first\":0,\"count\":4" more "}"
#define B(more) "{\"id\":\"B\",\"output\":\"a\",\"first\":4,\"count\":4" more "}"
#define C "{\"id\":\"C\",\"output\":\"a\",\"first\":8,\"count\":1}"
#define WHOLE(zones, more) "{" OUTPUT(9) ",\"zones\":[" zones "]" more "}"

/* From two zones and the defaults to @text; the caller frees what runs then. */
static struct config *reload(const char *text, struct reload *ret_reload)
{
	struct config *live = parse(WHOLE(A("") "," B(""), "")), *next = parse(text);

	reload_take(live, next, ret_reload);
	config_free(next);
	return live;
}

static void the_same_changes_nothing(void **unused)
{
	struct reload changes;

	(void)unused;
	config_free(reload(WHOLE(A("") "," B(""), ""), &changes));
	assert_false(changes.fps || changes.transitions || changes.log || changes.zone[0] ||
		     changes.zone[1]);
	assert_string_equal(changes.waiting, "");
}

static void rate_transitions_and_log_change_at_once(void **unused)
{
	struct reload changes;
	struct config *live = reload(
		WHOLE(A("") "," B(""), ",\"frames\":{\"fps\":9},\"log\":{\"level\":\"debug\"},"
				       "\"transitions\":{\"mode\":{\"ms\":1},\"power\":{\"ms\":2},"
				       "\"shutdown\":{\"ms\":3}}"),
		&changes);

	(void)unused;
	assert_true(changes.fps && changes.transitions && changes.log);
	assert_int_equal(live->fps, 9);
	assert_int_equal(live->log_level, LOG_LEVEL_DEBUG);
	assert_int_equal(live->transitions.of[TRANSITION_MODE].duration_ms, 1);
	assert_int_equal(live->transitions.of[TRANSITION_POWER].duration_ms, 2);
	assert_int_equal(live->transitions.of[TRANSITION_SHUTDOWN].duration_ms, 3);
	assert_string_equal(changes.waiting, "");
	config_free(live);
}

static void zones_change_their_names_and_whether_they_are_enabled_whatever_their_order(void **unused)
{
	struct reload changes;
	struct config *live = reload(
		WHOLE(B(",\"enabled\":false") "," A(",\"display_name\":\"New\""), ""), &changes);

	(void)unused;
	assert_true(changes.zone[0] && changes.zone[1]);
	assert_string_equal(live->zone[0].config.display_name, "New");
	assert_true(live->zone[0].config.enabled);
	assert_false(live->zone[1].config.enabled);
	assert_string_equal(changes.waiting, "");
	config_free(live);
}

static void what_waits_for_the_next_start_is_named_and_stays(void **unused)
{
	struct reload changes;
	struct config *live;

	(void)unused;
	live = reload("{" OUTPUT(10) ",\"zones\":[" A("") "],\"http\":{\"port\":1},"
							  "\"state\":{\"path\":\"/x\"}}",
		      &changes);
	assert_string_equal(changes.waiting, "outputs, zones, http, state");
	assert_int_equal(live->output[0].geometry.channel[0].pixels, 9);
	assert_int_equal(live->zone_count, 2);
	assert_int_equal(live->api.port, 8080);
	assert_string_equal(live->state_path, "");
	config_free(live);

	/* of the frames' two keys one changes at once; README.md says that the other waits */
	live = reload(WHOLE(A("") "," B(""), ",\"frames\":{\"fps\":9,\"repaint_ms\":7}"), &changes);
	assert_string_equal(changes.waiting, "frames");
	assert_int_equal(live->fps, 9);
	assert_int_equal(live->repaint_ms, 1000);
	config_free(live);

	/* README.md: zones[].start is read at the next start; what is moved moves all the same */
	live = reload(WHOLE(A(",\"start\":{\"color\":{\"mode\":\"HUE\",\"hue\":7}}") "," B(
				    ",\"reversed\":true"),
			    ""),
		      &changes);
	assert_string_equal(changes.waiting, "zones");
	assert_false(changes.zone[0] || changes.place[0]);
	assert_true(changes.place[1]);
	config_free(live);

	/* another number of pixels: a place that would be free waits as well */
	live = reload(WHOLE(A(",\"reversed\":true") ",{\"id\":\"B\",\"output\":\"a\",\"first\":4,"
						    "\"count\":3}",
			    ""),
		      &changes);
	assert_string_equal(changes.waiting, "zones");
	assert_false(live->zone[0].config.reversed || changes.place[0] || changes.place[1]);
	assert_int_equal(live->zone[1].config.count, 4);
	config_free(live);

	live = reload(WHOLE(A("") "," B("") "," C, ""), &changes);
	assert_string_equal(changes.waiting, "zones");
	assert_int_equal(live->zone_count, 2);
	config_free(live);
}

static void places_and_layers_change_if_all_keep_their_pixels(void **unused)
{
	struct reload changes;
	struct config *live;

	(void)unused;
	live = reload(WHOLE("{\"id\":\"A\",\"output\":\"a\",\"first\":5,\"count\":4,"
			    "\"reversed\":true},{\"id\":\"B\",\"output\":\"a\",\"layer\":2,"
			    "\"parts\":[{\"first\":0,\"count\":1},{\"first\":2,\"count\":3}]}",
			    ""),
		      &changes);
	assert_string_equal(changes.waiting, "");
	assert_true(changes.place[0] && changes.place[1]);
	assert_false(changes.zone[0] || changes.zone[1]);
	assert_int_equal(live->zone[0].config.first, 5);
	assert_true(live->zone[0].config.reversed);
	assert_int_equal(live->zone[1].config.layer, 2);
	assert_int_equal(live->zone[1].config.part[1].first, 2);
	config_free(live);

	/* the other order: numbers of zones would mean others */
	live = reload(WHOLE(B(",\"layer\":1") "," A(""), ""), &changes);
	assert_string_equal(changes.waiting, "zones");
	assert_false(changes.place[0] || changes.place[1]);
	assert_int_equal(live->zone[1].config.layer, 0);
	config_free(live);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_changes_nothing),
		cmocka_unit_test(rate_transitions_and_log_change_at_once),
		cmocka_unit_test(
			zones_change_their_names_and_whether_they_are_enabled_whatever_their_order),
		cmocka_unit_test(places_and_layers_change_if_all_keep_their_pixels),
		cmocka_unit_test(what_waits_for_the_next_start_is_named_and_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
