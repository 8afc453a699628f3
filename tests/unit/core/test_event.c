// SPDX-License-Identifier: GPL-2.0-or-later
/* core/event.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/event.h"

static void every_type_has_a_name_of_its_own_in_lower_case(void **state)
{
	int a, b;

	(void)state;
	assert_string_equal(event_type_name(EVENT_ZONE_STATIC_STATE_CHANGED),
			    "zone_static_state_changed");
	assert_string_equal(event_type_name(EVENT_SYSTEM), "system");
	for (a = 0; a < EVENT_TYPES; a++) {
		const char *name = event_type_name((enum event_type)a);

		assert_non_null(name);
		assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name));
		for (b = 0; b < a; b++)
			assert_string_not_equal(name, event_type_name((enum event_type)b));
	}
	assert_string_equal(event_type_name(EVENT_TYPES), "unknown");
	assert_string_equal(event_type_name((enum event_type) - 1), "unknown");
}

static void a_state_event_replaces_one_of_the_same_type_and_key_only(void **state)
{
	/* as the names say: …_changed and …_updated are states, all others happened */
	static const enum event_type states[] = {
		EVENT_ZONE_STATIC_STATE_CHANGED,
		EVENT_ZONE_RENDER_MODE_CHANGED,
		EVENT_ZONE_ANIMATION_CHANGED,
		EVENT_ANIMATION_PARAMETER_CHANGED,
		EVENT_ZONE_SNAPSHOT_UPDATED,
		EVENT_TASK_CHANGED,
		EVENT_OUTPUT_CHANGED,
		EVENT_PANEL_CHANGED,
	};
	int type;

	(void)state;
	for (type = 0; type < EVENT_TYPES; type++) {
		struct event a = { .type = (enum event_type)type, .key = 3 };
		struct event b = a;
		size_t i;
		int is_state = 0;

		for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
			is_state |= states[i] == a.type;
		assert_int_equal(event_replaces(&b, &a), is_state);
		b.key = 4;
		assert_false(event_replaces(&b, &a));
		b = a;
		b.type = a.type == EVENT_TASK_CHANGED ? EVENT_OUTPUT_CHANGED : EVENT_TASK_CHANGED;
		assert_false(event_replaces(&b, &a));
	}
}

static void two_parameters_of_one_animation_do_not_replace_each_other(void **state)
{
	struct event a = { .type = EVENT_ANIMATION_PARAMETER_CHANGED,
			   .parameter = { .zone = 1, .parameter = "speed", .value = 1 } };
	struct event b = a;

	(void)state;
	b.parameter.value = 2;
	assert_true(event_replaces(&b, &a));
	strcpy(b.parameter.parameter, "length");
	assert_false(event_replaces(&b, &a));
	b = a;
	b.parameter.zone = 2;
	assert_false(event_replaces(&b, &a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_has_a_name_of_its_own_in_lower_case),
		cmocka_unit_test(a_state_event_replaces_one_of_the_same_type_and_key_only),
		cmocka_unit_test(two_parameters_of_one_animation_do_not_replace_each_other),
	};

	return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
