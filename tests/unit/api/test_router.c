// SPDX-License-Identifier: GPL-2.0-or-later
/* api/router.h, on a table of its own and on the API's */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/router.h"

static const struct route routes[] = {
	{ .method = "GET", .path = "/v/things" },
	{ .method = "GET", .path = "/v/things/{thing}" },
	{ .method = "PUT", .path = "/v/things/{thing}" },
	{ .method = "PUT", .path = "/v/things/{thing}/size" },
	{ .path = NULL },
};

static struct router_match match;
static char allow[64];

static enum router_result find(const char *method, const char *path)
{
	memset(&match, 0, sizeof(match));
	memset(allow, 0, sizeof(allow));
	return router_find(routes, method, path, &match, allow);
}

static void a_path_and_its_method_are_found(void **state)
{
	(void)state;
	assert_int_equal(find("GET", "/v/things"), ROUTER_FOUND);
	assert_ptr_equal(match.route, &routes[0]);
	assert_string_equal(match.item, "");
	assert_int_equal(find("PUT", "/v/things/LAMP/size"), ROUTER_FOUND);
	assert_ptr_equal(match.route, &routes[3]);
	assert_string_equal(match.item, "LAMP");
	assert_int_equal(find("PUT", "/v/things/lamp"), ROUTER_FOUND);
	assert_ptr_equal(match.route, &routes[2]);
	assert_string_equal(match.item, "lamp");
}

static void head_is_wherever_get_is(void **state)
{
	(void)state;
	assert_int_equal(find("HEAD", "/v/things/x"), ROUTER_FOUND);
	assert_ptr_equal(match.route, &routes[1]);
	assert_int_equal(find("HEAD", "/v/things/x/size"), ROUTER_NO_METHOD);
}

static void a_wrong_method_tells_the_right_ones(void **state)
{
	(void)state;
	assert_int_equal(find("DELETE", "/v/things"), ROUTER_NO_METHOD);
	assert_string_equal(allow, "GET, HEAD, OPTIONS");
	assert_int_equal(find("POST", "/v/things/x"), ROUTER_NO_METHOD);
	assert_string_equal(allow, "GET, HEAD, PUT, OPTIONS");
	assert_int_equal(find("OPTIONS", "/v/things/x/size"), ROUTER_NO_METHOD);
	assert_string_equal(allow, "PUT, OPTIONS");
	/* methods are told apart by case (RFC 9110, 9.1) */
	assert_int_equal(find("get", "/v/things"), ROUTER_NO_METHOD);
}

static void other_paths_are_not_found(void **state)
{
	static const char *const paths[] = {
		"",
		"/",
		"/v",
		"/v/thing",
		"/v/things/",
		"/v/thingsx",
		"v/things",
		"//v/things",
		"/v//things",
		"/v/things/x/",
		"/v/things/x/size/",
		"/v/things/x/sizes",
		"/v/things/x/siz",
		"/v/things//size",
		"/V/things",
		"*",
		"http://h/v/things",
		"/v/./things",
		"/v/../v/things",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (find("GET", paths[i]) != ROUTER_NO_PATH ||
		    find("PUT", paths[i]) != ROUTER_NO_PATH)
			print_error("found: %s\n", paths[i]);
		assert_int_equal(find("GET", paths[i]), ROUTER_NO_PATH);
		assert_int_equal(find("PUT", paths[i]), ROUTER_NO_PATH);
	}
}

static void escapes_are_decoded_inside_a_segment(void **state)
{
	(void)state;
	/* %74 is t, %C3%A4 is ä in UTF-8, %2F is a slash, which ends no segment when escaped */
	assert_int_equal(find("GET", "/v/%74hings/%4c%41mp"), ROUTER_FOUND);
	assert_string_equal(match.item, "LAmp");
	assert_int_equal(find("GET", "/v/things/%C3%A4"), ROUTER_FOUND);
	assert_string_equal(match.item, "ä");
	assert_int_equal(find("PUT", "/v/things/x%2Fsize"), ROUTER_FOUND);
	assert_ptr_equal(match.route, &routes[2]);
	assert_string_equal(match.item, "x/size");
	assert_int_equal(find("GET", "/v%2Fthings"), ROUTER_NO_PATH);
}

static void broken_escapes_and_zeroes_are_not_found(void **state)
{
	(void)state;
	assert_int_equal(find("GET", "/v/things/%"), ROUTER_NO_PATH);
	assert_int_equal(find("GET", "/v/things/%4"), ROUTER_NO_PATH);
	assert_int_equal(find("GET", "/v/things/%4g"), ROUTER_NO_PATH);
	assert_int_equal(find("GET", "/v/things/%g4"), ROUTER_NO_PATH);
	assert_int_equal(find("GET", "/v/things%00"), ROUTER_NO_PATH);
	assert_int_equal(find("GET", "/v/things/a%00b"), ROUTER_NO_PATH);
}

static void an_id_has_a_longest(void **state)
{
	char path[128] = "/v/things/";
	size_t start = strlen(path);

	(void)state;
	memset(path + start, 'a', ROUTE_ITEM_MAX - 1);
	assert_int_equal(find("GET", path), ROUTER_FOUND);
	assert_int_equal(strlen(match.item), ROUTE_ITEM_MAX - 1);
	path[start + ROUTE_ITEM_MAX - 1] = 'a';
	assert_int_equal(find("GET", path), ROUTER_NO_PATH);
}

/* The list of reference: "Its HTTP interface, as clients use it". */
static void every_route_of_the_original_is_there(void **state)
{
	static const char *const wanted[][2] = {
		{ "GET", "/api/v1/zones" },
		{ "GET", "/api/v1/zones/FLOOR" },
		{ "PUT", "/api/v1/zones/FLOOR/is-on" },
		{ "PUT", "/api/v1/zones/FLOOR/brightness" },
		{ "PUT", "/api/v1/zones/FLOOR/color" },
		{ "PUT", "/api/v1/zones/FLOOR/render-mode" },
		{ "PUT", "/api/v1/zones/FLOOR/animation" },
		{ "PUT", "/api/v1/zones/FLOOR/animation/parameters" },
		{ "POST", "/api/v1/zones/FLOOR/animation/stop" },
		{ "GET", "/api/v1/animations" },
		{ "GET", "/api/v1/animations/BREATHE" },
		{ "GET", "/api/v1/system/tasks" },
		{ "GET", "/api/v1/system/tasks/active" },
		{ "GET", "/api/v1/system/tasks/failed" },
		{ "GET", "/api/v1/system/tasks/summary" },
		{ "GET", "/api/v1/system/health" },
		{ "GET", "/api/v1/logger/levels" },
		{ "GET", "/api/v1/logger/categories" },
		{ "GET", "/api/v1/logger/recent" },
		{ "GET", "/healthz" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		assert_int_equal(router_find(route_table, wanted[i][0], wanted[i][1], &match,
					     allow),
				 ROUTER_FOUND);
}

static void every_route_is_whole_and_gets_change_nothing(void **state)
{
	const struct route *route;

	(void)state;
	for (route = route_table; route->path; route++) {
		/* a route either answers or commands; a member of the body has a reader */
		assert_int_equal(!strcmp(route->method, "GET"), route_reads(route));
		if (route->member)
			assert_non_null(route->parse);
		if (route->each)
			assert_non_null(strstr(route->path, "{zone}"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_and_its_method_are_found),
		cmocka_unit_test(head_is_wherever_get_is),
		cmocka_unit_test(a_wrong_method_tells_the_right_ones),
		cmocka_unit_test(other_paths_are_not_found),
		cmocka_unit_test(escapes_are_decoded_inside_a_segment),
		cmocka_unit_test(broken_escapes_and_zeroes_are_not_found),
		cmocka_unit_test(an_id_has_a_longest),
		cmocka_unit_test(every_route_of_the_original_is_there),
		cmocka_unit_test(every_route_is_whole_and_gets_change_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
