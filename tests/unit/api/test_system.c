// SPDX-License-Identifier: GPL-2.0-or-later
/* api/system.h, api/logger.h and api/cache.h */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/cache.h"
#include "api/logger.h"
#include "api/system.h"
#include "api/zones.h"
#include "base/clock.h"
#include "fake.h"

static struct state_snapshot state_snapshot;
static struct tasks_snapshot tasks_snapshot;
static struct library library;
static struct frames_figures figures;
static struct log_line lines[8];
static const struct view view = {
	.state = &state_snapshot,
	.library = &library,
	.tasks = &tasks_snapshot,
	.figures = &figures,
	.log = lines,
	.log_room = 8,
};

static struct task_info *add_task(const char *description, enum task_status status,
				  enum task_on_failure on_failure)
{
	struct task_info *task = &tasks_snapshot.task[tasks_snapshot.count++];

	task->id = tasks_snapshot.count;
	task->category = TASK_RENDER;
	task->status = status;
	task->on_failure = on_failure;
	task->created_ns = 5 * NSEC_PER_SEC;
	task->created_wall_ms = 1000;
	strcpy(task->description, description);
	return task;
}

static int setup(void **state)
{
	(void)state;
	fake_state(&state_snapshot);
	memset(&tasks_snapshot, 0, sizeof(tasks_snapshot));
	memset(&figures, 0, sizeof(figures));
	tasks_snapshot.version = 1;
	return 0;
}

static json_t *answer(void (*fn)(const struct route_get *get, struct writer *writer), size_t limit)
{
	const struct query query = { .limit = limit };
	const struct route_get get = { .view = &view, .query = &query };
	struct writer writer = { 0 };

	fn(&get, &writer);
	return fake_json(&writer);
}

/* Health is @status for @reason, NULL for none. */
static void health_is(const char *status, const char *reason)
{
	json_t *health = answer(system_get_health, 0);

	assert_string_equal(json_string_value(json_object_get(health, "status")), status);
	if (reason)
		assert_string_equal(json_string_value(json_object_get(health, "reason")), reason);
	else
		assert_true(json_is_null(json_object_get(health, "reason")));
	json_decref(health);
}

static void all_well_is_healthy_without_a_reason(void **state)
{
	(void)state;
	add_task("light loop", TASK_RUNNING, TASK_FAIL_SHUTDOWN);
	health_is("healthy", NULL);
}

static void a_missing_output_degrades(void **state)
{
	json_t *health;

	(void)state;
	state_snapshot.output[0].present = false;
	health_is("degraded", "output main is missing");
	state_snapshot.output[0].error = -ENODEV;
	health_is("degraded", "output main is missing: No such device");
	health = answer(system_get_health, 0);
	fake_expect(json_incref(json_object_get(health, "outputs")),
		    "[{'name':'main','type':'virtual','present':false,'error':'ENODEV',"
		    "'frames':{'rendered':0,'skipped':0,'dropped':0,'foreign':0}}]");
	json_decref(health);
}

static void a_state_that_is_not_saved_degrades(void **state)
{
	(void)state;
	state_snapshot.store_error = -ENOSPC;
	health_is("degraded", "the state is not saved: No space left on device");
	state_snapshot.store_error = 0;
	health_is("healthy", NULL);
}

static void a_zone_that_does_not_fit_degrades_while_its_output_is_there(void **state)
{
	(void)state;
	state_snapshot.zone[1].fits = false;
	health_is("degraded", "zone CIRCLE does not fit output main");
	state_snapshot.zone[1].config.enabled = false;
	health_is("healthy", NULL);
	state_snapshot.zone[1].config.enabled = true;
	state_snapshot.output[0].present = false;
	health_is("degraded", "output main is missing");
}

static void a_critical_task_that_failed_degrades_until_it_runs_again(void **state)
{
	struct task_info *task;

	(void)state;
	add_task("seldom needed", TASK_FAILED, TASK_FAIL_RECORD);
	health_is("healthy", NULL);
	task = add_task("network", TASK_FAILED, TASK_FAIL_RESTART);
	strcpy(task->error_text, "port in use");
	health_is("degraded", "task network failed: port in use");
	add_task("network", TASK_RUNNING, TASK_FAIL_RESTART);
	health_is("healthy", NULL);
}

static void reasons_that_do_not_fit_are_counted(void **state)
{
	unsigned int told = 0, more = 0;
	const char *reason, *at;
	json_t *health;

	(void)state;
	state_snapshot.zone[0].fits = false;
	state_snapshot.zone[1].fits = false;
	health_is("degraded",
		  "zone FLOOR does not fit output main; zone CIRCLE does not fit output main");
	for (int i = 0; i < 200; i++)
		add_task("a task", TASK_FAILED, TASK_FAIL_SHUTDOWN);
	health = answer(system_get_health, 0);
	reason = json_string_value(json_object_get(health, "reason"));
	for (at = reason; (at = strstr(at, "task a task failed: ")); at++)
		told++;
	at = strstr(reason, "; and ");
	assert_non_null(at);
	assert_int_equal(sscanf(at, "; and %u more", &more), 1);
	/* the two zones came before, and fit; a reason is 22 bytes with what is between */
	assert_int_equal(told + more, 200);
	assert_in_range(told, 80, 95);
	json_decref(health);
}

static void health_tells_how_late_frames_were(void **state)
{
	json_t *health, *frames;

	(void)state;
	/* values below 8 ns have buckets of their own: exact. 1000 frames, one of them 7 ns late:
	 * the 500th, 990th and 999th smallest are 3 */
	for (int i = 0; i < 999; i++)
		metrics_record(&figures.lateness, 3);
	metrics_record(&figures.lateness, 7);
	health = answer(system_get_health, 0);
	frames = json_object_get(health, "frames");
	fake_expect(json_incref(frames),
		    "{'started':1000,'late_p50_ns':3,'late_p99_ns':3,"
		    "'late_p999_ns':3,'late_max_ns':7,'time_p50_ns':0,"
		    "'time_p99_ns':0,'time_max_ns':0,'loop_stalls':0,'stalled':[]}");
	json_decref(health);
}

static void health_counts_the_frames_of_each_output(void **state)
{
	json_t *health, *outputs;

	(void)state;
	metrics_add(&figures.output[0].rendered, 5);
	metrics_add(&figures.output[0].skipped, 2);
	metrics_add(&figures.output[0].dropped, 1);
	metrics_add(&figures.output[0].foreign, 3);
	health = answer(system_get_health, 0);
	outputs = json_object_get(health, "outputs");
	fake_expect(json_incref(json_object_get(json_array_get(outputs, 0), "frames")),
		    "{'rendered':5,'skipped':2,'dropped':1,'foreign':3}");
	json_decref(health);
}

static void health_counts_tasks(void **state)
{
	json_t *health;

	(void)state;
	tasks_snapshot.summary = (struct tasks_summary){
		.created = 10,
		.running = 4,
		.completed = 3,
		.failed = 2,
		.cancelled = 1,
	};
	health = answer(system_get_health, 0);
	fake_expect(json_incref(json_object_get(health, "tasks")),
		    "{'total':10,'active':4,'completed':3,'failed':2,'cancelled':1}");
	assert_true(json_is_string(json_object_get(health, "timestamp")));
	json_decref(health);
}

static void tasks_are_listed_whole_active_and_failed(void **state)
{
	struct task_info *task;
	json_t *json;

	(void)state;
	add_task("light loop", TASK_RUNNING, TASK_FAIL_SHUTDOWN);
	task = add_task("fade", TASK_COMPLETED, TASK_FAIL_RECORD);
	task->parent = 1;
	/* created at 5 s, 1.25 s before its end */
	task->ended_ns = 6250 * NSEC_PER_MSEC;
	task = add_task("net", TASK_FAILED, TASK_FAIL_RESTART);
	task->ended_ns = 5 * NSEC_PER_SEC;
	task->restarts = 2;
	strcpy(task->error_text, "it \"broke\"");
	add_task("old", TASK_CANCELLED, TASK_FAIL_RECORD)->ended_ns = 5 * NSEC_PER_SEC;

	json = answer(system_get_tasks, 0);
	assert_int_equal(json_integer_value(json_object_get(json, "count")), 4);
	fake_expect(json_incref(json_array_get(json_object_get(json, "tasks"), 1)),
		    "{'id':2,'parent':1,'category':'RENDER','description':'fade',"
		    "'status':'completed','created_at':'1970-01-01T00:00:01.000Z',"
		    "'duration':1.25,'error':null,'critical':false,'restarts':0}");
	json_decref(json);
	fake_expect(answer(system_get_active_tasks, 0),
		    "{'count':1,'tasks':[{'id':1,'parent':null,'category':'RENDER',"
		    "'description':'light loop','status':'running',"
		    "'created_at':'1970-01-01T00:00:01.000Z','duration':null,'error':null,"
		    "'critical':true,'restarts':0}]}");
	fake_expect(answer(system_get_failed_tasks, 0),
		    "{'count':1,'tasks':[{'id':3,'parent':null,'category':'RENDER',"
		    "'description':'net','status':'failed',"
		    "'created_at':'1970-01-01T00:00:01.000Z','duration':0.0,"
		    "'error':'it \\'broke\\'','critical':true,'restarts':2}]}");
}

static void the_summary_counts_each_category(void **state)
{
	json_t *json, *categories;

	(void)state;
	tasks_snapshot.summary.running = 3;
	tasks_snapshot.summary.running_by_category[TASK_RENDER] = 1;
	tasks_snapshot.summary.running_by_category[TASK_ANIMATION] = 2;
	json = answer(system_get_tasks_summary, 0);
	categories = json_object_get(json, "active_by_category");
	assert_int_equal(json_integer_value(json_object_get(json, "active")), 3);
	/* the original's ten categories */
	assert_int_equal(json_object_size(categories), 10);
	assert_int_equal(json_integer_value(json_object_get(categories, "RENDER")), 1);
	assert_int_equal(json_integer_value(json_object_get(categories, "ANIMATION")), 2);
	assert_int_equal(json_integer_value(json_object_get(categories, "GENERAL")), 0);
	json_decref(json);
}

static void being_alive_says_nothing_of_the_light(void **state)
{
	(void)state;
	state_snapshot.output[0].present = false;
	fake_expect(answer(system_get_alive, 0), "{'status':'alive'}");
}

static void levels_and_categories_of_the_log_are_told(void **state)
{
	json_t *json;

	(void)state;
	json = answer(logger_get_levels, 0);
	fake_expect(json_incref(json_object_get(json, "levels")),
		    "['ERROR','WARNING','INFO','DEBUG']");
	assert_int_equal(json_object_size(json_object_get(json, "recorded")), LOG_CATEGORIES);
	json_decref(json);
	json = answer(logger_get_categories, 0);
	assert_int_equal(json_array_size(json_object_get(json, "categories")), LOG_CATEGORIES);
	json_decref(json);
}

static void the_newest_lines_of_the_log_are_given_oldest_first(void **state)
{
	json_t *json, *logs;

	(void)state;
	assert_int_equal(log_start(false), 0);
	for (int i = 0; i < 5; i++)
		log_info(LOG_API, "line %d", i);
	log_error(LOG_API, -ENOSPC, "no \"room\"");
	/* the writer puts them where they are read from; the end of it waits for that */
	log_stop();
	json = answer(logger_get_recent, 2);
	logs = json_object_get(json, "logs");
	assert_int_equal(json_integer_value(json_object_get(json, "count")), 2);
	assert_int_equal(json_array_size(logs), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(logs, 0), "message")),
			    "line 4");
	assert_string_equal(json_string_value(json_object_get(json_array_get(logs, 1), "level")),
			    "ERROR");
	assert_string_equal(json_string_value(json_object_get(json_array_get(logs, 1), "error")),
			    "ENOSPC");
	json_decref(json);
	/* never more than there is room for */
	json = answer(logger_get_recent, 1000);
	assert_true(json_array_size(json_object_get(json, "logs")) <= view.log_room);
	json_decref(json);
}

static void an_answer_is_made_once_for_each_snapshot(void **state)
{
	const struct route_get floor = { .view = &view, .item = 0 };
	const struct route_get circle = { .view = &view, .item = 1 };
	const struct route *route = route_table;
	struct MHD_Response *first, *other;
	const char *etag;
	struct cache *cache;

	(void)state;
	while (route->get != zones_get)
		route++;
	assert_int_equal(cache_create(&cache, route_table), 0);
	first = cache_get(cache, route, &floor, &etag);
	assert_non_null(first);
	other = cache_get(cache, route, &circle, &etag);
	assert_ptr_not_equal(first, other);
	assert_ptr_equal(cache_get(cache, route, &floor, &etag), first);
	assert_ptr_equal(cache_get(cache, route, &circle, &etag), other);

	/* kept by somebody who is still sending it, so that the address is not used again */
	assert_int_equal(MHD_add_response_header(first, "X-Mark", "old"), MHD_YES);
	state_snapshot.version++;
	assert_null(MHD_get_response_header(cache_get(cache, route, &floor, &etag), "X-Mark"));
	/* tasks changed: nothing to zones */
	first = cache_get(cache, route, &floor, &etag);
	tasks_snapshot.version++;
	assert_ptr_equal(cache_get(cache, route, &floor, &etag), first);
	cache_destroy(cache);
	assert_null(cache_destroy(NULL));
}

static void health_is_made_anew_each_time(void **state)
{
	const struct route_get get = { .view = &view };
	const struct route *route = route_table;
	struct MHD_Response *response;
	const char *etag;
	struct cache *cache;

	(void)state;
	while (route->get != system_get_health)
		route++;
	assert_int_equal(cache_create(&cache, route_table), 0);
	response = cache_get(cache, route, &get, &etag);
	/* nothing to be known by: the next one may differ */
	assert_string_equal(etag, "");
	assert_int_equal(MHD_add_response_header(response, "X-Mark", "old"), MHD_YES);
	assert_null(MHD_get_response_header(cache_get(cache, route, &get, &etag), "X-Mark"));
	cache_destroy(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(all_well_is_healthy_without_a_reason, setup),
		cmocka_unit_test_setup(a_missing_output_degrades, setup),
		cmocka_unit_test_setup(a_state_that_is_not_saved_degrades, setup),
		cmocka_unit_test_setup(a_zone_that_does_not_fit_degrades_while_its_output_is_there,
				       setup),
		cmocka_unit_test_setup(a_critical_task_that_failed_degrades_until_it_runs_again,
				       setup),
		cmocka_unit_test_setup(reasons_that_do_not_fit_are_counted, setup),
		cmocka_unit_test_setup(health_tells_how_late_frames_were, setup),
		cmocka_unit_test_setup(health_counts_the_frames_of_each_output, setup),
		cmocka_unit_test_setup(health_counts_tasks, setup),
		cmocka_unit_test_setup(tasks_are_listed_whole_active_and_failed, setup),
		cmocka_unit_test_setup(the_summary_counts_each_category, setup),
		cmocka_unit_test_setup(being_alive_says_nothing_of_the_light, setup),
		cmocka_unit_test_setup(levels_and_categories_of_the_log_are_told, setup),
		cmocka_unit_test_setup(the_newest_lines_of_the_log_are_given_oldest_first, setup),
		cmocka_unit_test_setup(an_answer_is_made_once_for_each_snapshot, setup),
		cmocka_unit_test_setup(health_is_made_anew_each_time, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
