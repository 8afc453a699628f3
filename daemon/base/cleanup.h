/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdlib.h>
#include <unistd.h>

/*
 * Leaving a scope frees what it holds. A variable declared with one of these
 * must be initialised where it is declared. steal_*() gives ownership away.
 * A function uses either these or goto err_<undo>, never both.
 */

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/** _cleanup_free_ - free() the pointer at the end of its scope */
#define _cleanup_free_ __attribute__((cleanup(cleanup_free)))

/** _cleanup_close_ - close() the file descriptor at the end of its scope */
#define _cleanup_close_ __attribute__((cleanup(cleanup_close)))

/** steal_fd() - take the descriptor out of @fd, which becomes -1 */
static inline int steal_fd(int *fd)
{
	int ret = *fd;

	*fd = -1;
	return ret;
}

/** steal_ptr() - take the pointer out of @p, which becomes NULL */
#define steal_ptr(p)                         \
	({                                   \
		__typeof__(p) _stolen = (p); \
		(p) = NULL;                  \
		_stolen;                     \
	})
