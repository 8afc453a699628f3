// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded into a program, counts its calls of the allocator in the first 8
 * bytes of the file named by ALLOC_COUNT, which the reader maps too.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* glibc's own names for what is counted here. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static _Atomic unsigned long long unmapped, *count = &unmapped;

__attribute__((constructor)) static void map_count(void)
{
	const char *path = getenv("ALLOC_COUNT");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *map;

	if (fd < 0)
		abort();
	map = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		abort();
	close(fd);
	count = map;
}

void *malloc(size_t size)
{
	atomic_fetch_add(count, 1);
	return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	atomic_fetch_add(count, 1);
	return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	atomic_fetch_add(count, 1);
	return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size)
{
	atomic_fetch_add(count, 1);
	return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	atomic_fetch_add(count, 1);
	return __libc_memalign(alignment, size);
}
