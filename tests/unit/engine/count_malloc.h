/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/* Counts the allocations of the whole program that includes it, once. */
#include <stddef.h>

/* volatile: the compiler believes that malloc() changes nothing that it can see */
static volatile unsigned long allocations;

#ifdef __SANITIZE_ADDRESS__
/* of sanitizer/allocator_interface.h, which not every compiler package has */
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
					      void (*on_free)(const volatile void *));

static void count_allocation(const volatile void *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	allocations++;
}

static void ignore_free(const volatile void *memory)
{
	(void)memory;
}

/* the address sanitizer has an allocator of its own, which calls these */
__attribute__((constructor)) static void count_allocations(void)
{
	__sanitizer_install_malloc_and_free_hooks(count_allocation, ignore_free);
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
