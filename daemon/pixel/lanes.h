/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

/*
 * Several pixels at once, in vectors as GCC has them for every machine: four
 * pixels are 8 words of two components each. What it has no operator for is
 * named here, with the machine's instruction where there is one.
 */

/** LANES_PIXELS - pixels in a vector */
#define LANES_PIXELS 4

typedef uint16_t lanes16 __attribute__((vector_size(16)));
typedef uint32_t lanes32 __attribute__((vector_size(16)));
typedef int32_t lanes_int __attribute__((vector_size(16)));
typedef float lanes_float __attribute__((vector_size(16)));

/** lanes_share() - the high half of each product: @a × @share / 65536, rounded down */
static inline lanes16 lanes_share(lanes16 a, uint16_t share)
{
	lanes16 shares = { share, share, share, share, share, share, share, share };

#if defined(__SSE2__)
	return (lanes16)_mm_mulhi_epu16((__m128i)a, (__m128i)shares);
#else
	lanes32 even = ((lanes32)a & 0xffff) * ((lanes32)shares & 0xffff);
	lanes32 odd = ((lanes32)a >> 16) * ((lanes32)shares & 0xffff);

	return (lanes16)(even >> 16 | (odd & 0xffff0000));
#endif
}

/** lanes_root_of() - square root, rounded to the nearest, of numbers from 0 to below 2^24 */
static inline lanes32 lanes_root_of(lanes_float f)
{
#if defined(__SSE2__)
	return (lanes32)_mm_cvtps_epi32(_mm_sqrt_ps((__m128)f));
#elif defined(__aarch64__)
	return (lanes32)vcvtnq_u32_f32(vsqrtq_f32((float32x4_t)f));
#else
	for (int i = 0; i < 4; i++)
		f[i] = __builtin_sqrtf(f[i]) + 0.5F;
	return (lanes32) __builtin_convertvector(f, lanes_int);
#endif
}

/** lanes_root() - lanes_root_of() of whole numbers */
static inline lanes32 lanes_root(lanes32 n)
{
	return lanes_root_of(__builtin_convertvector((lanes_int)n, lanes_float));
}

/** lanes_least() - the smaller of each two */
static inline lanes_float lanes_least(lanes_float a, lanes_float b)
{
#if defined(__SSE2__)
	return (lanes_float)_mm_min_ps((__m128)a, (__m128)b);
#elif defined(__aarch64__)
	return (lanes_float)vminq_f32((float32x4_t)a, (float32x4_t)b);
#else
	for (int i = 0; i < 4; i++)
		a[i] = a[i] < b[i] ? a[i] : b[i];
	return a;
#endif
}

/** lanes_most() - the larger of each two */
static inline lanes_float lanes_most(lanes_float a, lanes_float b)
{
#if defined(__SSE2__)
	return (lanes_float)_mm_max_ps((__m128)a, (__m128)b);
#elif defined(__aarch64__)
	return (lanes_float)vmaxq_f32((float32x4_t)a, (float32x4_t)b);
#else
	for (int i = 0; i < 4; i++)
		a[i] = a[i] > b[i] ? a[i] : b[i];
	return a;
#endif
}
