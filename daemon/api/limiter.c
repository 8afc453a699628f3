// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/limiter.h"

#include <netinet/in.h>
#include <stddef.h>

#include "base/clock.h"

#define REQUEST_NS (NSEC_PER_SEC / LIMITER_PER_S)
#define CREDIT_NS (LIMITER_AT_ONCE * REQUEST_NS)

static bool is_loopback(const struct sockaddr *address)
{
	const struct sockaddr_in *in = (const void *)address;
	const struct sockaddr_in6 *in6 = (const void *)address;

	if (address->sa_family == AF_INET)
		return ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	if (address->sa_family != AF_INET6)
		return true;
	return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr) ||
	       (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr) &&
		in6->sin6_addr.s6_addr[12] == IN_LOOPBACKNET);
}

/* FNV-1a, 32 bits. Of IPv6 the network only: one host may have all the rest. */
static uint32_t place(const struct sockaddr *address)
{
	const struct sockaddr_in *in = (const void *)address;
	const struct sockaddr_in6 *in6 = (const void *)address;
	const uint8_t *bytes = address->sa_family == AF_INET ? (const uint8_t *)&in->sin_addr
							     : in6->sin6_addr.s6_addr;
	size_t length = address->sa_family == AF_INET ? 4 : 8, i;
	uint32_t hash = 2166136261U;

	for (i = 0; i < length; i++)
		hash = (hash ^ bytes[i]) * 16777619U;
	return (hash ^ hash >> 16) % LIMITER_PLACES;
}

bool limiter_take(struct limiter *limiter, const struct sockaddr *address, uint64_t now_ns)
{
	uint64_t *credit_ns;

	if (!address || is_loopback(address))
		return true;
	credit_ns = &limiter->credit_ns[place(address)];
	if (now_ns > CREDIT_NS && *credit_ns < now_ns - CREDIT_NS)
		*credit_ns = now_ns - CREDIT_NS;
	if (*credit_ns >= now_ns)
		return false;
	*credit_ns += REQUEST_NS;
	return true;
}
