// SPDX-License-Identifier: GPL-2.0-or-later
/* daemon/api/openapi.json against the table of routes: each is in the other. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>
#include <jansson.h>

#include "api/route.h"

static json_t *document;

static int setup(void **state)
{
	(void)state;
	document = json_load_file("daemon/api/openapi.json", JSON_REJECT_DUPLICATES, NULL);
	return document ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	json_decref(document);
	return 0;
}

static const struct route *find(const char *method, const char *path)
{
	const struct route *route;

	for (route = route_table; route->path; route++)
		if (!strcasecmp(route->method, method) && !strcmp(route->path, path))
			return route;
	return NULL;
}

static void every_route_is_described(void **state)
{
	const json_t *paths = json_object_get(document, "paths");
	unsigned int missing = 0;

	(void)state;
	for (const struct route *route = route_table; route->path; route++) {
		char method[16] = "";

		for (size_t i = 0; route->method[i]; i++)
			method[i] = (char)tolower((unsigned char)route->method[i]);
		if (json_object_get(json_object_get(paths, route->path), method))
			continue;
		print_error("not in openapi.json: %s %s\n", route->method, route->path);
		missing++;
	}
	assert_int_equal(missing, 0);
}

static void everything_described_is_a_route(void **state)
{
	json_t *path, *operation;
	const char *name, *method;
	unsigned int unknown = 0;

	(void)state;
	json_object_foreach (json_object_get(document, "paths"), name, path) {
		json_object_foreach (path, method, operation) {
			if (find(method, name))
				continue;
			print_error("no route: %s %s\n", method, name);
			unknown++;
		}
	}
	assert_int_equal(unknown, 0);
}

static void parameters_and_bodies_are_those_of_the_routes(void **state)
{
	json_t *path, *operation, *parameter;
	const char *name, *method;
	size_t i;

	(void)state;
	json_object_foreach (json_object_get(document, "paths"), name, path) {
		json_object_foreach (path, method, operation) {
			const struct route *route = find(method, name);
			const json_t *body = json_object_get(operation, "requestBody");
			unsigned int queries = 0;

			assert_non_null(route);
			json_array_foreach (json_object_get(operation, "parameters"), i, parameter)
				queries +=
					!strcmp(json_string_value(json_object_get(parameter, "in")),
						"query");
			/* one bit for each parameter */
			assert_int_equal(queries, __builtin_popcount(route->query));
			if (!body != !(route->member || route->parse || route->raw || route->apply))
				print_error("body: %s %s\n", method, name);
			assert_int_equal(!body, !(route->member || route->parse || route->raw ||
						  route->apply));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_is_described),
		cmocka_unit_test(everything_described_is_a_route),
		cmocka_unit_test(parameters_and_bodies_are_those_of_the_routes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
