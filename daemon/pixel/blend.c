// SPDX-License-Identifier: GPL-2.0-or-later
#include "pixel/blend.h"

#include "pixel/gamma.h"

/* weights of 0 to WEIGHT_ONE: the product with 18 bits of light stays within 32 bits */
#define WEIGHT_BITS 14
#define WEIGHT_ONE (1U << WEIGHT_BITS)

static uint8_t mix(uint8_t from, uint8_t to, uint32_t weight)
{
	uint32_t sum = gamma_linear[from] * (WEIGHT_ONE - weight) + gamma_linear[to] * weight;

	return gamma_component(sum >> WEIGHT_BITS);
}

static struct pixel mix_pixel(struct pixel from, struct pixel to, uint32_t weight)
{
	return (struct pixel){ mix(from.r, to.r, weight), mix(from.g, to.g, weight),
			       mix(from.b, to.b, weight), mix(from.w, to.w, weight) };
}

/* 65535 and what rounds to it becomes WEIGHT_ONE, so that both ends are exact */
static uint32_t weight_of(uint16_t amount)
{
	return (amount + 2U) >> (16 - WEIGHT_BITS);
}

void blend_all(struct pixel *out, const struct pixel *from, const struct pixel *to, size_t n,
	       uint16_t amount)
{
	uint32_t weight = weight_of(amount);

	for (size_t i = 0; i < n; i++)
		out[i] = mix_pixel(from[i], to[i], weight);
}

struct pixel blend(struct pixel from, struct pixel to, uint16_t amount)
{
	return mix_pixel(from, to, weight_of(amount));
}
