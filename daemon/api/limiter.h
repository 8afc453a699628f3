/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/*
 * How much one address may ask: so many requests a second on average, and as
 * many as two seconds' at once. The loopback is not limited. Pure but for the
 * address.
 */

#define LIMITER_PER_S 200
#define LIMITER_AT_ONCE 400
/* LIMITER_PLACES - addresses that are told apart; those that meet in one place share it */
#define LIMITER_PLACES 256

/** struct limiter - zeroed: nobody has asked */
struct limiter {
	uint64_t credit_ns[LIMITER_PLACES];
};

/** limiter_take() - whether a request from @address may be done at @now_ns; it counts if so */
bool limiter_take(struct limiter *limiter, const struct sockaddr *address, uint64_t now_ns);
