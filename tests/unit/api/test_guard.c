// SPDX-License-Identifier: GPL-2.0-or-later
/* api/guard.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/guard.h"

static const struct api_config config = {
	.address = "127.0.0.3",
	.host_count = 2,
	.hosts = { "lights.example", "diuna" },
};

static unsigned int host_status(const struct api_config *of, const char *host)
{
	struct problem problem = { 0 };
	bool fine = guard_host(of, host, &problem);

	assert_int_equal(fine, !problem.status);
	if (!fine) {
		assert_int_equal(problem.error_count, 1);
		assert_string_equal(problem.error[0].in, "header");
		assert_string_equal(problem.error[0].field, "Host");
	}
	return problem.status;
}

static void names_of_this_machine_are_let_in_with_any_port(void **state)
{
	static const char *const hosts[] = {
		"localhost",	   "localhost:8080", "LOCALHOST:1",	   "127.0.0.1",
		"127.0.0.1:65535", "[::1]",	     "[::1]:80",	   "127.0.0.3",
		"127.0.0.3:8080",  "lights.example", "Lights.Example:443", "diuna",
		"localhost:",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		assert_int_equal(host_status(&config, hosts[i]), 0);
}

static void an_ipv6_address_listened_on_is_let_in_with_brackets_only(void **state)
{
	const struct api_config six = { .address = "fd00::1" };

	(void)state;
	assert_int_equal(host_status(&six, "[fd00::1]:8080"), 0);
	assert_int_equal(host_status(&six, "[FD00::1]"), 0);
	assert_int_equal(host_status(&six, "fd00::1"), 421);
	assert_int_equal(host_status(&six, "[fd00::2]"), 421);
}

static void any_other_name_is_misdirected(void **state)
{
	static const char *const hosts[] = {
		"",
		":",
		":80",
		"evil.example",
		"localhost.evil.example",
		"evil.localhost",
		"localhost:80:80",
		"localhost:80x",
		"localhost:123456",
		"localhost ",
		" localhost",
		"localhost/",
		"127.0.0.11",
		"127.0.0.1.evil.example",
		"[::1",
		"[::1]x",
		"[",
		"[]",
		"::1",
		"[::1]:x",
		"user@localhost",
		"lights.example.",
		"127.1",
		"localhost,evil",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		if (host_status(&config, hosts[i]) != 421)
			print_error("let in: '%s'\n", hosts[i]);
		assert_int_equal(host_status(&config, hosts[i]), 421);
	}
}

static void no_host_at_all_is_a_bad_request(void **state)
{
	(void)state;
	assert_int_equal(host_status(&config, NULL), 400);
}

static unsigned int origin_status(const char *origin, const char *host)
{
	struct problem problem = { 0 };
	bool fine = guard_origin(&config, origin, host, &problem);

	assert_int_equal(fine, !problem.status);
	return problem.status;
}

static void programs_and_our_own_pages_may_change_things(void **state)
{
	(void)state;
	assert_int_equal(origin_status(NULL, "localhost:8080"), 0);
	assert_int_equal(origin_status("http://localhost:8080", "localhost:8080"), 0);
	assert_int_equal(origin_status("http://LOCALHOST:8080", "localhost:8080"), 0);
	assert_int_equal(origin_status("http://[::1]:8080", "[::1]:8080"), 0);
	/* ports that a scheme means when none is told: 80 and 443 (RFC 9110, 4.2) */
	assert_int_equal(origin_status("http://diuna", "diuna:80"), 0);
	assert_int_equal(origin_status("http://diuna", "diuna"), 0);
	assert_int_equal(origin_status("https://diuna", "diuna:443"), 0);
	assert_int_equal(origin_status("https://diuna", "diuna"), 0);
}

static void pages_of_others_may_not(void **state)
{
	(void)state;
	assert_int_equal(origin_status("http://evil.example", "localhost:8080"), 403);
	assert_int_equal(origin_status("http://localhost:3000", "localhost:8080"), 403);
	assert_int_equal(origin_status("http://localhost", "localhost:8080"), 403);
	assert_int_equal(origin_status("http://127.0.0.1:8080", "localhost:8080"), 403);
	assert_int_equal(origin_status("http://localhost:8080.evil.example", "localhost:8080"),
			 403);
	assert_int_equal(origin_status("http://localhost:8080/", "localhost:8080"), 403);
	assert_int_equal(origin_status("null", "localhost:8080"), 403);
	assert_int_equal(origin_status("", "localhost:8080"), 403);
	assert_int_equal(origin_status("file://", "localhost:8080"), 403);
	assert_int_equal(origin_status("ftp://localhost:8080", "localhost:8080"), 403);
	assert_int_equal(origin_status("localhost:8080", "localhost:8080"), 403);
	assert_int_equal(origin_status("https://diuna", "diuna:80"), 403);
	assert_int_equal(origin_status("http://", ""), 403);
}

static unsigned int type_status(const char *type)
{
	struct problem problem = { 0 };
	bool fine = guard_content_type(type, false, &problem);

	assert_int_equal(fine, !problem.status);
	return problem.status;
}

static void json_in_utf8_is_taken(void **state)
{
	(void)state;
	assert_int_equal(type_status("application/json"), 0);
	assert_int_equal(type_status("Application/JSON"), 0);
	assert_int_equal(type_status("application/json; charset=utf-8"), 0);
	assert_int_equal(type_status("application/json;charset=UTF-8"), 0);
	assert_int_equal(type_status("application/json ; charset=\"utf-8\""), 0);
}

static void what_a_form_can_send_and_other_charsets_are_not(void **state)
{
	static const char *const types[] = {
		NULL,
		"",
		"text/plain",
		"application/x-www-form-urlencoded",
		"multipart/form-data",
		"application/jsonp",
		"application/json-seq",
		"application/json+x",
		"application/json; charset=latin1",
		"application/json; x=y",
		"json",
		"text/plain; application/json",
		"application/json, text/plain",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		assert_int_equal(type_status(types[i]), 415);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_this_machine_are_let_in_with_any_port),
		cmocka_unit_test(an_ipv6_address_listened_on_is_let_in_with_brackets_only),
		cmocka_unit_test(any_other_name_is_misdirected),
		cmocka_unit_test(no_host_at_all_is_a_bad_request),
		cmocka_unit_test(programs_and_our_own_pages_may_change_things),
		cmocka_unit_test(pages_of_others_may_not),
		cmocka_unit_test(json_in_utf8_is_taken),
		cmocka_unit_test(what_a_form_can_send_and_other_charsets_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
