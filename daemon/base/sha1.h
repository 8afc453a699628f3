/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SHA1_BYTES 20

/**
 * sha1() - SHA-1 of @length bytes (RFC 3174)
 *
 * Good for what protocols ask for, such as the opening of a WebSocket; not for secrets.
 */
void sha1(const void *data, size_t length, uint8_t ret_digest[SHA1_BYTES]);
