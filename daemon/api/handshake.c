// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/handshake.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/sha1.h"

/* RFC 6455, section 1.3 */
#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
/* 16 bytes in base64, section 4.1 */
#define KEY_LENGTH 24

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Whether @wanted is one of the names between commas. */
static bool lists(const char *list, const char *wanted, bool any_case)
{
	size_t length = strlen(wanted);

	while (list && *list) {
		size_t begin = strspn(list, " \t,"), end;

		list += begin;
		end = strcspn(list, " \t,");
		if (end == length &&
		    !(any_case ? strncasecmp(list, wanted, length) : strncmp(list, wanted, length)))
			return true;
		list += end;
	}
	return false;
}

bool handshake_offers(const char *protocols, const char *protocol)
{
	return lists(protocols, protocol, false);
}

/* 20 bytes are six groups of three and two bytes more: RFC 4648, section 4. */
static void encode(const uint8_t bytes[SHA1_BYTES], char ret_text[HANDSHAKE_ACCEPT_MAX])
{
	unsigned int i;
	uint32_t group;

	for (i = 0; i < SHA1_BYTES; i += 3) {
		group = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 |
			(i + 2 < SHA1_BYTES ? bytes[i + 2] : 0);
		*ret_text++ = digits[group >> 18];
		*ret_text++ = digits[group >> 12 & 63];
		*ret_text++ = digits[group >> 6 & 63];
		*ret_text++ = i + 2 < SHA1_BYTES ? digits[group & 63] : '=';
	}
	*ret_text = '\0';
}

bool handshake_check(const struct handshake *handshake, char ret_accept[HANDSHAKE_ACCEPT_MAX],
		     struct problem *problem)
{
	char text[KEY_LENGTH + sizeof(GUID)];
	const char *key = handshake->key;
	uint8_t digest[SHA1_BYTES];

	if (!lists(handshake->connection, "upgrade", true) ||
	    !lists(handshake->upgrade, "websocket", true)) {
		problem_set(problem, MHD_HTTP_UPGRADE_REQUIRED,
			    "this path speaks WebSocket; events/stream gives the same to others");
		return problem_add_text(problem, "header", "Upgrade", handshake->upgrade,
					"websocket");
	}
	if (!handshake->version || strcmp(handshake->version, "13")) {
		problem_set(problem, MHD_HTTP_UPGRADE_REQUIRED, "another version of WebSocket");
		return problem_add_text(problem, "header", "Sec-WebSocket-Version",
					handshake->version, "13");
	}
	if (!key || strlen(key) != KEY_LENGTH || strspn(key, digits) != KEY_LENGTH - 2 ||
	    strcmp(key + KEY_LENGTH - 2, "==")) {
		problem_set(problem, MHD_HTTP_BAD_REQUEST, "the key of the WebSocket is no key");
		return problem_add_text(problem, "header", "Sec-WebSocket-Key", key,
					"16 bytes in base64");
	}
	memcpy(text, key, KEY_LENGTH);
	memcpy(text + KEY_LENGTH, GUID, sizeof(GUID));
	sha1(text, KEY_LENGTH + sizeof(GUID) - 1, digest);
	encode(digest, ret_accept);
	return true;
}
