// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * base/sha1.h. Expected digests are those of RFC 3174, section 7.3, and of
 * coreutils' sha1sum for the lengths around the ends of blocks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/sha1.h"

static void expect(const void *data, size_t length, const char *hex)
{
	uint8_t digest[SHA1_BYTES];
	char text[2 * SHA1_BYTES + 1];

	sha1(data, length, digest);
	for (size_t i = 0; i < SHA1_BYTES; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(text, hex);
}

static void the_examples_of_the_standard_have_their_digests(void **state)
{
	static const char eighty[] = "0123456701234567012345670123456701234567"
				     "0123456701234567012345670123456701234567";
	char *text;

	(void)state;
	expect("abc", 3, "a9993e364706816aba3e25717850c26c9cd0d89d");
	expect("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
	       "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
	/* a million times "a", and ten times the 64 digits of the last example */
	text = malloc(1000000);
	assert_non_null(text);
	memset(text, 'a', 1000000);
	expect(text, 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
	for (size_t i = 0; i < 10; i++)
		memcpy(text + i * 64, eighty, 64);
	expect(text, 640, "dea356a2cddd90c7a7ecedc5ebb563934f460452");
	free(text);
}

static void every_length_around_the_end_of_a_block_is_padded_right(void **state)
{
	/* head -c N /dev/zero | sha1sum */
	static const struct {
		size_t length;
		const char *hex;
	} known[] = {
		{ 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
		{ 55, "8e8832c642a6a38c74c17fc92ccedc266c108e6c" },
		{ 56, "9438e360f578e12c0e0e8ed28e2c125c1cefee16" },
		{ 63, "0b8bf9fc37ad802cefa6733ec62b09d5f43a1b75" },
		{ 64, "c8d7d0ef0eedfa82d2ea1aa592845b9a6d4b02b7" },
		{ 65, "f0fa45906bd0f4c3668fcd0d8f68d4b298b30e5b" },
	};
	static const uint8_t zeroes[128];

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		expect(zeroes, known[i].length, known[i].hex);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_the_standard_have_their_digests),
		cmocka_unit_test(every_length_around_the_end_of_a_block_is_padded_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
