// SPDX-License-Identifier: GPL-2.0-or-later
/* core/bus.h: handlers write a letter each into a trace, which shows who was called in what order. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/bus.h"

static const struct bus_config small = { .history = 4, .queue = 4 };

/* what handlers and middleware get as their data: a letter that is not constant */
#define LETTER(letter) ((char[]){ letter })

static struct bus *bus;
static char trace[256];

static int setup(void **state)
{
	(void)state;
	trace[0] = '\0';
	log_set_level(LOG_EVENT, LOG_LEVEL_ERROR);
	return bus_create(&bus, &small);
}

static int teardown(void **state)
{
	(void)state;
	bus = bus_destroy(bus);
	return 0;
}

static void note(char letter)
{
	size_t length = strlen(trace);

	if (length + 1 < sizeof(trace)) {
		trace[length] = letter;
		trace[length + 1] = '\0';
	}
}

static void assert_trace(const char *expected)
{
	assert_string_equal(trace, expected);
	trace[0] = '\0';
}

static int publish(enum event_type type, uint32_t key)
{
	struct event event = { .type = type, .key = key, .source = "test" };

	return bus_publish(bus, &event);
}

/* @data: the letter to note */
static int on_note(const struct event *event, void *data)
{
	(void)event;
	note(*(const char *)data);
	return 0;
}

static struct bus_subscription *subscribe(enum event_type type, int priority, bus_handler_fn fn,
					  const void *data)
{
	struct bus_subscription *subscription;

	assert_int_equal(bus_subscribe(bus, &subscription, "test", type, priority, NULL, fn,
				       (void *)data),
			 0);
	return subscription;
}

struct bus_stats {
	uint64_t published, delivered, coalesced, dropped_by_middleware, dropped_queue_full,
		dropped_cascade, handler_failures;
};

static struct bus_stats stats(void)
{
	const struct bus_figures *figures = bus_figures(bus);

	return (struct bus_stats){
		.published = metrics_get(&figures->published),
		.delivered = metrics_get(&figures->delivered),
		.coalesced = metrics_get(&figures->coalesced),
		.dropped_by_middleware = metrics_get(&figures->dropped_by_middleware),
		.dropped_queue_full = metrics_get(&figures->dropped_queue_full),
		.dropped_cascade = metrics_get(&figures->dropped_cascade),
		.handler_failures = metrics_get(&figures->handler_failures),
	};
}

static void sizes_out_of_range_are_refused(void **state)
{
	static const struct bus_config bad[] = { { 0, 4 }, { 4, 0 },	  { 3, 4 },
						 { 4, 6 }, { 131072, 4 }, { 4, 8192 } };
	struct bus *none = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(bus_create(&none, &bad[i]), -EINVAL);
	assert_null(none);
	assert_int_equal(bus_create(&none, &(struct bus_config){ 65536, 4096 }), 0);
	assert_null(bus_destroy(none));
	assert_null(bus_destroy(NULL));
}

static void subscribers_get_their_type_only_and_those_of_none_get_all(void **state)
{
	(void)state;
	subscribe(EVENT_KEY_PRESS, 0, on_note, "k");
	subscribe(EVENT_BUTTON_PRESS, 0, on_note, "b");
	subscribe(EVENT_NONE, 0, on_note, "*");
	publish(EVENT_KEY_PRESS, 0);
	assert_trace("k*");
	publish(EVENT_BUTTON_PRESS, 0);
	assert_trace("b*");
	publish(EVENT_SYSTEM, 0);
	assert_trace("*");
}

static void higher_priority_comes_first_and_equal_ones_in_order_of_subscription(void **state)
{
	(void)state;
	subscribe(EVENT_KEY_PRESS, 0, on_note, "c");
	subscribe(EVENT_NONE, 0, on_note, "d");
	subscribe(EVENT_KEY_PRESS, -5, on_note, "g");
	subscribe(EVENT_KEY_PRESS, 0, on_note, "e");
	subscribe(EVENT_NONE, 10, on_note, "a");
	subscribe(EVENT_KEY_PRESS, 5, on_note, "b");
	subscribe(EVENT_NONE, 0, on_note, "f");
	subscribe(EVENT_NONE, -10, on_note, "h");
	publish(EVENT_KEY_PRESS, 0);
	assert_trace("abcdefgh");
}

static bool wants_key_7(const struct event *event, void *data)
{
	assert_string_equal((const char *)data, "x");
	return event->key == 7;
}

static void a_filter_decides_by_event_and_gets_the_handlers_data(void **state)
{
	struct bus_subscription *subscription;

	(void)state;
	assert_int_equal(bus_subscribe(bus, &subscription, "test", EVENT_KEY_PRESS, 0, wants_key_7,
				       on_note, LETTER("x")),
			 0);
	publish(EVENT_KEY_PRESS, 6);
	assert_trace("");
	publish(EVENT_KEY_PRESS, 7);
	assert_trace("x");
	assert_int_equal(stats().delivered, 1);
}

static int on_fail(const struct event *event, void *data)
{
	on_note(event, data);
	return -EIO;
}

static void a_failing_handler_is_counted_and_stops_nobody(void **state)
{
	(void)state;
	subscribe(EVENT_KEY_PRESS, 1, on_fail, "f");
	subscribe(EVENT_KEY_PRESS, 0, on_note, "n");
	assert_int_equal(publish(EVENT_KEY_PRESS, 0), 0);
	assert_trace("fn");
	assert_int_equal(stats().handler_failures, 1);
	assert_int_equal(stats().delivered, 2);
}

static bool add_one(struct event *event, void *data)
{
	note(*(const char *)data);
	event->key++;
	return true;
}

static bool drop_odd(struct event *event, void *data)
{
	note(*(const char *)data);
	return event->key % 2 == 0;
}

static uint32_t seen_key;

static int on_key(const struct event *event, void *data)
{
	(void)data;
	seen_key = event->key;
	note('h');
	return 0;
}

static void middleware_runs_first_in_order_and_may_change_or_drop(void **state)
{
	struct event past[4];

	(void)state;
	assert_int_equal(bus_add_middleware(bus, "one", add_one, LETTER("1")), 0);
	assert_int_equal(bus_add_middleware(bus, "two", drop_odd, LETTER("2")), 0);
	assert_int_equal(bus_add_middleware(bus, "three", add_one, LETTER("3")), 0);
	subscribe(EVENT_KEY_PRESS, 100, on_key, NULL);
	publish(EVENT_KEY_PRESS, 1);
	assert_trace("123h");
	assert_int_equal(seen_key, 3); /* 1 + 1, even, + 1 */
	publish(EVENT_KEY_PRESS, 2);
	assert_trace("12"); /* 3 is odd */
	assert_int_equal(stats().dropped_by_middleware, 1);
	/* the history has what was delivered, as it was delivered */
	assert_int_equal(bus_history(bus, past, 4), 1);
	assert_int_equal(past[0].key, 3);
}

static bool key_to_button(struct event *event, void *data)
{
	(void)data;
	if (event->type == EVENT_KEY_PRESS)
		event->type = event->key == 9 ? EVENT_TYPES : EVENT_BUTTON_PRESS;
	return true;
}

static void middleware_may_change_the_type_but_not_to_one_that_does_not_exist(void **state)
{
	(void)state;
	assert_int_equal(bus_add_middleware(bus, "map", key_to_button, NULL), 0);
	subscribe(EVENT_KEY_PRESS, 0, on_note, "k");
	subscribe(EVENT_BUTTON_PRESS, 0, on_note, "b");
	publish(EVENT_KEY_PRESS, 1);
	assert_trace("b");
	publish(EVENT_KEY_PRESS, 9);
	assert_trace("");
	assert_int_equal(stats().dropped_by_middleware, 1);
}

static void types_that_cannot_be_published_are_refused(void **state)
{
	struct bus_subscription *subscription;

	(void)state;
	subscribe(EVENT_NONE, 0, on_note, "*");
	assert_int_equal(publish(EVENT_NONE, 0), -EINVAL);
	assert_int_equal(publish(EVENT_TYPES, 0), -EINVAL);
	assert_int_equal(bus_subscribe(bus, &subscription, "x", EVENT_TYPES, 0, NULL, on_note,
				       LETTER("x")),
			 -EINVAL);
	assert_int_equal(bus_subscribe(bus, &subscription, "x", EVENT_SYSTEM, 0, NULL, NULL,
				       LETTER("x")),
			 -EINVAL);
	assert_trace("");
	assert_int_equal(stats().published, 0);
}

static void events_are_numbered_and_stamped_in_the_order_of_delivery(void **state)
{
	uint64_t before_ns = clock_now_ns();
	struct event past[4];
	uint32_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		publish(EVENT_KEY_PRESS, 10 + i);
	assert_int_equal(bus_history(bus, past, 4), 3);
	for (i = 0; i < 3; i++) {
		assert_int_equal(past[i].seq, i + 1);
		assert_int_equal(past[i].key, 10 + i);
		assert_string_equal(past[i].source, "test");
		assert_true(past[i].time_ns >= before_ns);
		before_ns = past[i].time_ns;
	}
	assert_true(before_ns <= clock_now_ns());
}

static void history_keeps_the_newest_oldest_first(void **state)
{
	struct event past[5];
	uint32_t i;

	(void)state;
	assert_int_equal(bus_history(bus, past, 5), 0);
	for (i = 1; i <= 10; i++)
		publish(EVENT_KEY_PRESS, i);
	assert_int_equal(bus_history(bus, past, 5), 4);
	for (i = 0; i < 4; i++)
		assert_int_equal(past[i].key, 7 + i);
	assert_int_equal(bus_history(bus, past, 2), 2);
	assert_int_equal(past[0].key, 9);
	assert_int_equal(past[1].key, 10);
	assert_int_equal(bus_history(bus, past, 0), 0);
}

/* Answers a key press by publishing what @reply says, once. */
static struct {
	enum event_type type;
	uint32_t keys[8];
	int count;
	int results[8];
} reply;

static int on_reply(const struct event *event, void *data)
{
	int i, count = reply.count;

	on_note(event, data);
	reply.count = 0;
	for (i = 0; i < count; i++)
		reply.results[i] = publish(reply.type, reply.keys[i]);
	return 0;
}

static void what_a_handler_publishes_is_delivered_after_the_present_event(void **state)
{
	(void)state;
	subscribe(EVENT_KEY_PRESS, 1, on_reply, "r");
	subscribe(EVENT_KEY_PRESS, 0, on_note, "k");
	subscribe(EVENT_BUTTON_PRESS, 0, on_note, "b");
	reply.type = EVENT_BUTTON_PRESS;
	reply.count = 2;
	publish(EVENT_KEY_PRESS, 0);
	/* the outermost publish returns when all is delivered */
	assert_trace("rkbb");
}

static uint32_t keys_seen[8];
static int keys_count;

static int on_collect(const struct event *event, void *data)
{
	(void)data;
	if (keys_count < 8)
		keys_seen[keys_count++] = event->key;
	return 0;
}

static void waiting_state_events_coalesce_to_the_newest_per_key(void **state)
{
	(void)state;
	keys_count = 0;
	subscribe(EVENT_KEY_PRESS, 0, on_reply, "r");
	subscribe(EVENT_OUTPUT_CHANGED, 0, on_collect, NULL);
	/* three about key 1 and two about 2: one of each is left, 1 before 2 */
	reply.type = EVENT_OUTPUT_CHANGED;
	memcpy(reply.keys, (uint32_t[]){ 1, 2, 1, 2, 1 }, 5 * sizeof(uint32_t));
	reply.count = 5;
	publish(EVENT_KEY_PRESS, 0);
	assert_int_equal(keys_count, 2);
	assert_int_equal(keys_seen[0], 1);
	assert_int_equal(keys_seen[1], 2);
	assert_int_equal(stats().coalesced, 3);
}

static void keys_that_share_a_place_coalesce_each_for_itself(void **state)
{
	unsigned int round;

	(void)state;
	subscribe(EVENT_KEY_PRESS, 0, on_reply, "r");
	subscribe(EVENT_OUTPUT_CHANGED, 0, on_collect, NULL);
	reply.type = EVENT_OUTPUT_CHANGED;
	/* numbers that differ by any power of two up to 4096, so whatever the size of a table is */
	memcpy(reply.keys, (uint32_t[]){ 7, 4103, 7, 4103 }, 4 * sizeof(uint32_t));
	/* more rounds than there are places, so that each is used again */
	for (round = 1; round <= 20; round++) {
		keys_count = 0;
		reply.count = 4;
		publish(EVENT_KEY_PRESS, 0);
		assert_int_equal(keys_count, 2);
		assert_int_equal(keys_seen[0], 7);
		assert_int_equal(keys_seen[1], 4103);
		assert_int_equal(stats().coalesced, 2 * round);
	}
}

static int32_t last_error;

static int on_output(const struct event *event, void *data)
{
	(void)data;
	last_error = event->output.error;
	note('o');
	return 0;
}

static int on_key_say_outputs(const struct event *event, void *data)
{
	struct event output = { .type = EVENT_OUTPUT_CHANGED, .key = 1 };
	int i;

	(void)event;
	(void)data;
	for (i = 1; i <= 3; i++) {
		output.output.error = -i;
		bus_publish(bus, &output);
	}
	return 0;
}

static void the_newest_content_is_what_remains(void **state)
{
	(void)state;
	subscribe(EVENT_KEY_PRESS, 0, on_key_say_outputs, NULL);
	subscribe(EVENT_OUTPUT_CHANGED, 0, on_output, NULL);
	publish(EVENT_KEY_PRESS, 0);
	assert_trace("o");
	assert_int_equal(last_error, -3);
}

static void state_events_that_do_not_wait_are_all_delivered(void **state)
{
	(void)state;
	subscribe(EVENT_OUTPUT_CHANGED, 0, on_note, "o");
	publish(EVENT_OUTPUT_CHANGED, 1);
	publish(EVENT_OUTPUT_CHANGED, 1);
	assert_trace("oo");
	assert_int_equal(stats().coalesced, 0);
}

static void things_that_happened_never_coalesce(void **state)
{
	(void)state;
	keys_count = 0;
	subscribe(EVENT_KEY_PRESS, 0, on_reply, "r");
	subscribe(EVENT_ENCODER_ROTATE, 0, on_collect, NULL);
	reply.type = EVENT_ENCODER_ROTATE;
	memcpy(reply.keys, (uint32_t[]){ 1, 1, 1 }, 3 * sizeof(uint32_t));
	reply.count = 3;
	publish(EVENT_KEY_PRESS, 0);
	assert_int_equal(keys_count, 3);
}

static void a_full_queue_refuses_and_counts(void **state)
{
	int i;

	(void)state;
	subscribe(EVENT_KEY_PRESS, 0, on_reply, "r");
	subscribe(EVENT_BUTTON_PRESS, 0, on_note, "b");
	reply.type = EVENT_BUTTON_PRESS;
	reply.count = 6;
	publish(EVENT_KEY_PRESS, 0);
	/* four places */
	for (i = 0; i < 4; i++)
		assert_int_equal(reply.results[i], 0);
	assert_int_equal(reply.results[4], -ENOSPC);
	assert_int_equal(reply.results[5], -ENOSPC);
	assert_trace("rbbbb");
	assert_int_equal(stats().dropped_queue_full, 2);
	/* one outermost and six nested ones were asked for */
	assert_int_equal(stats().published, 7);
}

/* How often @text was logged, whether folded or not. */
static unsigned int count_logged(const char *text)
{
	static struct log_line lines[LOG_RECENT];
	size_t i, n = log_recent(lines, LOG_RECENT);
	unsigned int count = 0;

	for (i = 0; i < n; i++)
		if (strstr(lines[i].text, text))
			count += 1 + lines[i].repeated;
	return count;
}

static void what_goes_wrong_is_logged_once_where_it_is_decided(void **state)
{
	(void)state;
	subscribe(EVENT_KEY_PRESS, 0, on_reply, "r");
	subscribe(EVENT_BUTTON_PRESS, 0, on_note, "b");
	subscribe(EVENT_SYSTEM, 0, on_fail, "f");
	reply.type = EVENT_BUTTON_PRESS;
	assert_int_equal(log_start(false), 0);
	reply.count = 8; /* four places: four are refused */
	publish(EVENT_KEY_PRESS, 0);
	reply.count = 8; /* the queue was empty in between */
	publish(EVENT_KEY_PRESS, 0);
	publish(EVENT_SYSTEM, 0);
	log_stop();
	assert_int_equal(count_logged("queue full, button_press from test lost"), 2);
	assert_int_equal(count_logged("test failed on system from test: Input/output error"), 1);
}

static void a_state_event_finds_its_place_even_in_a_full_queue(void **state)
{
	int i;

	(void)state;
	keys_count = 0;
	subscribe(EVENT_KEY_PRESS, 0, on_reply, "r");
	subscribe(EVENT_TASK_CHANGED, 0, on_collect, NULL);
	reply.type = EVENT_TASK_CHANGED;
	memcpy(reply.keys, (uint32_t[]){ 1, 2, 3, 4, 2 }, 5 * sizeof(uint32_t));
	reply.count = 5;
	publish(EVENT_KEY_PRESS, 0);
	for (i = 0; i < 5; i++)
		assert_int_equal(reply.results[i], 0);
	assert_int_equal(keys_count, 4);
}

static int on_ping(const struct event *event, void *data)
{
	(void)data;
	publish(event->type == EVENT_KEY_PRESS ? EVENT_BUTTON_PRESS : EVENT_KEY_PRESS, 0);
	return 0;
}

static void handlers_that_answer_each_other_for_ever_are_cut_off(void **state)
{
	(void)state;
	subscribe(EVENT_KEY_PRESS, 0, on_ping, NULL);
	subscribe(EVENT_BUTTON_PRESS, 0, on_ping, NULL);
	publish(EVENT_KEY_PRESS, 0);
	assert_int_equal(stats().delivered, BUS_MAX_CASCADE);
	assert_int_equal(stats().dropped_cascade, 1);
	/* and the bus works on */
	publish(EVENT_KEY_PRESS, 0);
	assert_int_equal(stats().delivered, 2 * BUS_MAX_CASCADE);
}

static struct bus_subscription *victim;

static int on_unsubscribe(const struct event *event, void *data)
{
	on_note(event, data);
	victim = bus_unsubscribe(victim);
	return 0;
}

static void leaving_takes_effect_at_once_for_one_that_was_still_to_be_called(void **state)
{
	(void)state;
	subscribe(EVENT_KEY_PRESS, 2, on_unsubscribe, "u");
	victim = subscribe(EVENT_KEY_PRESS, 1, on_note, "v");
	subscribe(EVENT_KEY_PRESS, 0, on_note, "w");
	publish(EVENT_KEY_PRESS, 0);
	assert_null(victim);
	assert_trace("uw");
	publish(EVENT_KEY_PRESS, 0);
	assert_trace("uw");
}

static void a_handler_may_leave_itself_and_one_that_was_called_before(void **state)
{
	struct bus_subscription *before;

	(void)state;
	before = subscribe(EVENT_NONE, 2, on_note, "b");
	victim = subscribe(EVENT_KEY_PRESS, 1, on_unsubscribe, "s");
	subscribe(EVENT_KEY_PRESS, 0, on_note, "n");
	publish(EVENT_KEY_PRESS, 0);
	assert_trace("bsn");
	publish(EVENT_KEY_PRESS, 0);
	assert_trace("bn");
	victim = before;
	subscribe(EVENT_KEY_PRESS, 1, on_unsubscribe, "u");
	publish(EVENT_KEY_PRESS, 0);
	assert_trace("bun");
	publish(EVENT_KEY_PRESS, 0);
	assert_trace("un");
}

static void leaving_outside_of_a_delivery_is_fine_and_so_is_nothing(void **state)
{
	struct bus_subscription *first, *last;

	(void)state;
	first = subscribe(EVENT_KEY_PRESS, 1, on_note, "1");
	subscribe(EVENT_KEY_PRESS, 0, on_note, "2");
	last = subscribe(EVENT_KEY_PRESS, -1, on_note, "3");
	assert_null(bus_unsubscribe(NULL));
	assert_null(bus_unsubscribe(first));
	publish(EVENT_KEY_PRESS, 0);
	assert_trace("23");
	bus_unsubscribe(last);
	publish(EVENT_KEY_PRESS, 0);
	assert_trace("2");
}

static int on_subscribe(const struct event *event, void *data)
{
	on_note(event, data);
	subscribe(EVENT_KEY_PRESS, -1, on_note, "n");
	subscribe(EVENT_NONE, 100, on_note, "N");
	victim = bus_unsubscribe(victim);
	return 0;
}

static void one_that_subscribes_in_a_handler_sees_the_next_event_not_this_one(void **state)
{
	(void)state;
	victim = subscribe(EVENT_KEY_PRESS, 1, on_subscribe, "s");
	publish(EVENT_KEY_PRESS, 0);
	assert_trace("s");
	publish(EVENT_KEY_PRESS, 0);
	assert_trace("Nn");
}

static int on_fleeting(const struct event *event, void *data)
{
	struct bus_subscription *subscription;

	on_note(event, data);
	subscription = subscribe(EVENT_KEY_PRESS, -1, on_note, "x");
	bus_unsubscribe(subscription);
	return 0;
}

static void one_that_subscribes_and_leaves_within_a_handler_is_never_called(void **state)
{
	(void)state;
	subscribe(EVENT_KEY_PRESS, 0, on_fleeting, "f");
	publish(EVENT_KEY_PRESS, 0);
	publish(EVENT_KEY_PRESS, 0);
	assert_trace("ff");
}

static void subscriptions_and_middleware_have_a_limit(void **state)
{
	struct bus_subscription *subscription, *extra = NULL;
	int i;

	(void)state;
	for (i = 0; i < BUS_MAX_SUBSCRIPTIONS; i++)
		subscription = subscribe(EVENT_KEY_PRESS, 0, on_note, "x");
	assert_int_equal(bus_subscribe(bus, &extra, "x", EVENT_NONE, 0, NULL, on_note, LETTER("x")),
			 -ENOSPC);
	assert_null(extra);
	bus_unsubscribe(subscription);
	subscribe(EVENT_KEY_PRESS, 0, on_note, "x");

	for (i = 0; i < BUS_MAX_MIDDLEWARE; i++)
		assert_int_equal(bus_add_middleware(bus, "m", add_one, LETTER("m")), 0);
	assert_int_equal(bus_add_middleware(bus, "m", add_one, LETTER("m")), -ENOSPC);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sizes_out_of_range_are_refused),
		TEST(subscribers_get_their_type_only_and_those_of_none_get_all),
		TEST(higher_priority_comes_first_and_equal_ones_in_order_of_subscription),
		TEST(a_filter_decides_by_event_and_gets_the_handlers_data),
		TEST(a_failing_handler_is_counted_and_stops_nobody),
		TEST(middleware_runs_first_in_order_and_may_change_or_drop),
		TEST(middleware_may_change_the_type_but_not_to_one_that_does_not_exist),
		TEST(types_that_cannot_be_published_are_refused),
		TEST(events_are_numbered_and_stamped_in_the_order_of_delivery),
		TEST(history_keeps_the_newest_oldest_first),
		TEST(what_a_handler_publishes_is_delivered_after_the_present_event),
		TEST(waiting_state_events_coalesce_to_the_newest_per_key),
		TEST(keys_that_share_a_place_coalesce_each_for_itself),
		TEST(the_newest_content_is_what_remains),
		TEST(state_events_that_do_not_wait_are_all_delivered),
		TEST(things_that_happened_never_coalesce),
		TEST(a_full_queue_refuses_and_counts),
		TEST(what_goes_wrong_is_logged_once_where_it_is_decided),
		TEST(a_state_event_finds_its_place_even_in_a_full_queue),
		TEST(handlers_that_answer_each_other_for_ever_are_cut_off),
		TEST(leaving_takes_effect_at_once_for_one_that_was_still_to_be_called),
		TEST(a_handler_may_leave_itself_and_one_that_was_called_before),
		TEST(leaving_outside_of_a_delivery_is_fine_and_so_is_nothing),
		TEST(one_that_subscribes_in_a_handler_sees_the_next_event_not_this_one),
		TEST(one_that_subscribes_and_leaves_within_a_handler_is_never_called),
		TEST(subscriptions_and_middleware_have_a_limit),
	};

	return cmocka_run_group_tests_name("bus", tests, NULL, NULL);
}
