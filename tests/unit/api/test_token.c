// SPDX-License-Identifier: GPL-2.0-or-later
/* api/token.h and api/limiter.h: who may do what, and how often. The rules are those of the headers. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/limiter.h"
#include "api/token.h"

#define READER "abcdefghijklmnop"	   /* 16 characters, the fewest */
#define OWNER "AZaz09-._~+/AZaz09-._~+/==" /* all kinds of characters of RFC 6750 */

static struct tokens tokens;
static char error[TOKENS_ERROR_MAX];

static enum token_scope find(const char *text)
{
	return tokens_find(&tokens, text, strlen(text));
}

static void tokens_are_read_with_what_they_allow(void **state)
{
	(void)state;
	assert_true(tokens_parse(
		&tokens, "# who may\n\n  read " READER "\r\n\tcontrol\t" OWNER "  \n", error));
	assert_int_equal(tokens.count, 2);
	assert_int_equal(find(READER), TOKEN_READ);
	assert_int_equal(find(OWNER), TOKEN_CONTROL);
	/* begins, continuations and other cases of tokens are none */
	assert_int_equal(find(""), TOKEN_NONE);
	assert_int_equal(find("abcdefghijklmno"), TOKEN_NONE);
	assert_int_equal(find(READER "x"), TOKEN_NONE);
	assert_int_equal(find("ABCDEFGHIJKLMNOP"), TOKEN_NONE);
	assert_int_equal(tokens_find(&tokens, READER "\0", sizeof(READER)), TOKEN_READ);
}

static void a_token_in_two_lines_may_do_the_most(void **state)
{
	(void)state;
	assert_true(tokens_parse(&tokens, "read " READER "\ncontrol " READER, error));
	assert_int_equal(find(READER), TOKEN_CONTROL);
}

static void the_longest_token_is_found_and_longer_ones_are_none(void **state)
{
	char line[200] = "control ", longest[TOKEN_MAX];

	(void)state;
	memset(longest, 'x', TOKEN_MAX - 1);
	longest[TOKEN_MAX - 1] = '\0';
	strcat(line, longest);
	assert_true(tokens_parse(&tokens, line, error));
	assert_int_equal(find(longest), TOKEN_CONTROL);
	strcat(line, "x");
	assert_int_equal(tokens_find(&tokens, line + 8, TOKEN_MAX), TOKEN_NONE);
	assert_false(tokens_parse(&tokens, line, error));
}

static void files_that_are_wrong_are_told_by_line_and_never_by_token(void **state)
{
	static const char *const texts[] = {
		"",
		"# nothing\n",
		"read short-secret\n",
		"write " READER "\n",
		"\n" READER "\n",
		"read " READER " more\n",
		"read\n" READER "\n",
		"control secret,with,commas,in,it\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_false(tokens_parse(&tokens, texts[i], error));
		assert_memory_equal(error, "line ", 5);
		assert_null(strstr(error, "secret"));
		assert_null(strstr(error, READER));
	}
}

static void more_tokens_than_fit_are_refused(void **state)
{
	char text[TOKENS_MAX * 40] = "";

	(void)state;
	for (unsigned int i = 0; i < TOKENS_MAX; i++)
		sprintf(text + strlen(text), "read token-number-%04u\n", i);
	assert_true(tokens_parse(&tokens, text, error));
	assert_int_equal(find("token-number-0031"), TOKEN_READ);
	strcat(text, "read token-number-9999\n");
	assert_false(tokens_parse(&tokens, text, error));
}

static struct sockaddr_storage address_of(const char *text)
{
	struct sockaddr_storage storage = { 0 };
	struct sockaddr_in *in = (struct sockaddr_in *)&storage;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&storage;

	if (inet_pton(AF_INET, text, &in->sin_addr) == 1) {
		storage.ss_family = AF_INET;
	} else {
		assert_int_equal(inet_pton(AF_INET6, text, &in6->sin6_addr), 1);
		storage.ss_family = AF_INET6;
	}
	return storage;
}

/* Requests at @now_ns until one is refused, at most 1000. */
static unsigned int taken(struct limiter *limiter, const char *text, uint64_t now_ns)
{
	struct sockaddr_storage address = address_of(text);
	unsigned int count = 0;

	while (count < 1000 && limiter_take(limiter, (struct sockaddr *)&address, now_ns))
		count++;
	return count;
}

static void an_address_may_ask_four_hundred_times_and_then_two_hundred_a_second(void **state)
{
	struct limiter limiter = { 0 };
	uint64_t now_ns = 5000000000000ULL;

	(void)state;
	assert_int_equal(taken(&limiter, "192.0.2.1", now_ns), 400);
	/* another one is another one */
	assert_int_equal(taken(&limiter, "198.51.100.7", now_ns), 400);
	/* 0.1 s of 200 a second */
	assert_int_equal(taken(&limiter, "192.0.2.1", now_ns + 100000000), 20);
	/* after a long rest no more than at first */
	assert_int_equal(taken(&limiter, "192.0.2.1", now_ns + 3600000000000ULL), 400);
}

static void addresses_of_one_network_of_ipv6_are_one(void **state)
{
	struct limiter limiter = { 0 };
	uint64_t now_ns = 5000000000000ULL;

	(void)state;
	assert_int_equal(taken(&limiter, "2001:db8:1:2::1", now_ns), 400);
	assert_int_equal(taken(&limiter, "2001:db8:1:2:ffff::9", now_ns), 0);
	assert_int_equal(taken(&limiter, "2001:db8:1:3::1", now_ns), 400);
}

static void the_loopback_is_not_limited(void **state)
{
	struct limiter limiter = { 0 };

	(void)state;
	assert_int_equal(taken(&limiter, "127.0.0.1", 1), 1000);
	assert_int_equal(taken(&limiter, "127.3.2.1", 1), 1000);
	assert_int_equal(taken(&limiter, "::1", 1), 1000);
	assert_int_equal(taken(&limiter, "::ffff:127.0.0.1", 1), 1000);
	/* young machines: the clock has not yet come as far as the credit */
	assert_int_equal(taken(&limiter, "192.0.2.1", 1000000000), 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_read_with_what_they_allow),
		cmocka_unit_test(a_token_in_two_lines_may_do_the_most),
		cmocka_unit_test(the_longest_token_is_found_and_longer_ones_are_none),
		cmocka_unit_test(files_that_are_wrong_are_told_by_line_and_never_by_token),
		cmocka_unit_test(more_tokens_than_fit_are_refused),
		cmocka_unit_test(
			an_address_may_ask_four_hundred_times_and_then_two_hundred_a_second),
		cmocka_unit_test(addresses_of_one_network_of_ipv6_are_one),
		cmocka_unit_test(the_loopback_is_not_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
