/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/* Counts the allocations of the whole program that includes it, once. */
#include <stddef.h>

static unsigned long allocations;

#ifdef __SANITIZE_ADDRESS__
void __sanitizer_malloc_hook(const volatile void *memory, size_t bytes);
void __sanitizer_malloc_hook(const volatile void *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	allocations++;
}
#else
/* glibc's own, of which these take the place */
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t n, size_t bytes);
void *__libc_realloc(void *memory, size_t bytes);

void *malloc(size_t bytes)
{
	allocations++;
	return __libc_malloc(bytes);
}

void *calloc(size_t n, size_t bytes)
{
	allocations++;
	return __libc_calloc(n, bytes);
}

void *realloc(void *memory, size_t bytes)
{
	allocations++;
	return __libc_realloc(memory, bytes);
}
#endif
